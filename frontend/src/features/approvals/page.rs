//! The page: queue on the left, preview on the right; on a phone one after the other.

use std::rc::Rc;

use kpi_api::{
    approvals::ApprovalRow,
    error::Code,
    id::KpiId,
    kpi::{Act, KpiView},
    page::Page,
    permission::Capability,
};
use yew::prelude::*;

use super::{
    preview::Preview,
    queue::{QueueList, after, neighbour, row_id},
};
use crate::{
    core::{
        api, browser,
        error::ApiError,
        keys::use_shortcut,
        query::{Params, use_query_params},
        remote::use_remote,
        session::use_session,
        toast::use_toaster,
    },
    features::problem::NotFoundPage,
    route::Route,
    t, tn,
    ui::{
        Button, ButtonKind, EmptyState, IconName, LinkKind, Note, PageHeader, Pagination, RouteLink,
        Segmented, SkeletonRows, Tone, remote,
    },
    widgets::{ActDialog, act_dialog::done_sentence},
};

/// A decision about a row: which KPI at which version, what, and why.
#[derive(Debug, Clone, PartialEq)]
struct Decision {
    row: ApprovalRow,
    act: Act,
}

#[component]
pub fn ApprovalsPage() -> Html {
    if use_session().can(Capability::SeeQueue) {
        html! { <Queue /> }
    } else {
        html! { <NotFoundPage /> }
    }
}

#[component]
fn Queue() -> Html {
    let (params, set) = use_query_params();
    let toaster = use_toaster();
    let mine = params.get("mine") == Some("true");
    let asked = Params::new()
        .with("per_page", 50)
        .with_some("page", params.get("page"))
        .with_some("mine", mine.then_some("true"));
    let queue = use_remote(asked, |params| async move { api::approvals::queue(&params).await });
    let busy = use_state(|| false);
    let asking = use_state(|| None::<Decision>);
    let overtaken = use_state(|| None::<(AttrValue, AttrValue)>);

    let rows: Vec<ApprovalRow> = queue.remote.ready().map(|page| page.items.clone()).unwrap_or_default();
    let explicit = params.read::<KpiId>("kpi");
    let selected = explicit
        .filter(|id| rows.iter().any(|row| row.kpi.id == *id))
        .or_else(|| rows.first().map(|row| row.kpi.id));
    let row = rows.iter().find(|row| Some(row.kpi.id) == selected).cloned();

    let select = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |id: Option<KpiId>| {
            set.emit(match id {
                Some(id) => params.clone().with("kpi", id),
                None => params.clone().without("kpi"),
            });
        })
    };
    let decided = {
        let (select, toaster, rows, reload, asking, overtaken) = (
            select.clone(),
            toaster.clone(),
            rows.clone(),
            queue.reload.clone(),
            asking.clone(),
            overtaken.clone(),
        );
        Callback::from(move |(act, kpi): (Act, KpiView)| {
            asking.set(None);
            overtaken.set(None);
            toaster.success(done_sentence(act, &kpi.title));
            select.emit(after(&rows, kpi.id));
            reload.emit(());
        })
    };
    // Somebody else was faster: the queue as it is now, and why nothing happened.
    let missed = {
        let (reload, overtaken) = (queue.reload.clone(), overtaken.clone());
        Callback::from(move |(title, error): (String, ApiError)| {
            overtaken.set(Some((title.into(), error.sentence())));
            reload.emit(());
        })
    };
    let decide = {
        let (busy, decided, missed, asking, toaster) =
            (busy.clone(), decided.clone(), missed.clone(), asking.clone(), toaster.clone());
        Callback::from(move |Decision { row, act }: Decision| {
            if *busy {
                return;
            }
            if act.needs_reason() {
                asking.set(Some(Decision { row, act }));
                return;
            }
            busy.set(true);
            let (busy, decided, missed, toaster) =
                (busy.clone(), decided.clone(), missed.clone(), toaster.clone());
            yew::platform::spawn_local(async move {
                let answer = api::kpis::act(row.kpi.id, act, row.kpi.version, None).await;
                busy.set(false);
                match answer {
                    Ok(kpi) => decided.emit((act, kpi)),
                    Err(error)
                        if matches!(
                            error.code(),
                            Some(Code::StaleVersion | Code::WrongState | Code::NotFound)
                        ) =>
                    {
                        missed.emit((row.kpi.title, error));
                    }
                    Err(error) => toaster.error(&error),
                }
            });
        })
    };

    let step = |forward: bool| {
        let (rows, select) = (rows.clone(), select.clone());
        Callback::from(move |()| {
            let next = neighbour(&rows, selected, forward);
            select.emit(next);
            if let Some(id) = next {
                browser::focus(&row_id(id));
            }
        })
    };
    let press = |good: bool| {
        let (row, decide) = (row.clone(), decide.clone());
        Callback::from(move |()| {
            let act = row
                .as_ref()
                .and_then(|row| row.decisions.iter().copied().find(|act| act.needs_reason() != good));
            if let (Some(row), Some(act)) = (row.clone(), act) {
                decide.emit(Decision { row, act });
            }
        })
    };
    let active = !rows.is_empty();
    use_shortcut("j", active, step(true));
    use_shortcut("k", active, step(false));
    use_shortcut("a", active, press(true));
    use_shortcut("r", active, press(false));

    let onmine = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |value: String| {
            set.emit(params.clone().with("mine", value).without("kpi").without("page"))
        })
    };
    let onpage = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |page: u32| set.emit(params.clone().with("page", page).without("kpi")))
    };
    let actions = html! {
        <Segmented name="whose" label={t!("approvals.whose")} compact=true value={if mine { "true" } else { "" }}
            options={vec![("".into(), t!("approvals.all")), ("true".into(), t!("approvals.mine"))]} onchange={onmine} />
    };
    let lead = queue.remote.ready().map(|page| tn!("approvals.count", page.total)).unwrap_or_default();
    let close = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(None))
    };
    html! {
        <>
            <PageHeader title={t!("approvals.title")} {lead} {actions} />
            { missed_note(&overtaken) }
            { remote::show(&queue, html! { <SkeletonRows rows={6} /> }, |page| if page.items.is_empty() {
                empty(mine)
            } else {
                split(page, selected, explicit, &select, row.as_ref(), &decide, *busy, onpage)
            }) }
            if let Some(Decision { row, act }) = (*asking).clone() {
                <ActDialog kpi={row.kpi.id} title={row.kpi.title.clone()} version={row.kpi.version} act={Some(act)} onclose={close} ondone={decided} onstale={queue.reload.clone()} />
            }
        </>
    }
}

fn missed_note(overtaken: &UseStateHandle<Option<(AttrValue, AttrValue)>>) -> Html {
    let Some((title, why)) = &**overtaken else { return Html::default() };
    let dismiss = {
        let overtaken = overtaken.clone();
        Callback::from(move |_: MouseEvent| overtaken.set(None))
    };
    html! {
        <div role="alert" class="mb-4">
            <Note tone={Tone::Warn} actions={html! { <Button label={t!("ui.close")} icon={IconName::X} icon_only=true kind={ButtonKind::Ghost} size={crate::ui::ButtonSize::Small} onclick={dismiss} /> }}>
                <p class="font-medium">{ t!("approvals.missed", title = title) }</p>
                <p class="text-sm">{ why.clone() }{ " " }{ t!("approvals.refreshed") }</p>
            </Note>
        </div>
    }
}

fn empty(mine: bool) -> Html {
    html! {
        <div class="surface">
            <EmptyState icon={IconName::CheckCircle} title={t!("approvals.none")} text={if mine { t!("approvals.none_mine") } else { t!("approvals.none_text") }}>
                <RouteLink to={Route::Kpis} kind={LinkKind::Secondary}>{ t!("approvals.to_kpis") }</RouteLink>
            </EmptyState>
        </div>
    }
}

#[expect(clippy::too_many_arguments, reason = "one use; the parts of one picture")]
fn split(
    page: &Rc<Page<ApprovalRow>>,
    selected: Option<KpiId>,
    explicit: Option<KpiId>,
    select: &Callback<Option<KpiId>>,
    row: Option<&ApprovalRow>,
    decide: &Callback<Decision>,
    busy: bool,
    onpage: Callback<u32>,
) -> Html {
    let back = select.reform(|_: MouseEvent| None);
    // On a phone there is the queue, or the one KPI that was chosen.
    let (list, side) =
        if explicit.is_some() { ("hidden lg:block", "block") } else { ("block", "hidden lg:block") };
    html! {
        <div class="grid items-start gap-5 lg:grid-cols-[minmax(18rem,24rem)_minmax(0,1fr)]">
            <div class={list}>
                <QueueList page={Rc::clone(page)} {selected} onselect={select.reform(Some)} />
                <Pagination page={page.page} per_page={page.per_page} total={page.total} {onpage} />
                <p class="mt-3 hidden text-xs text-muted lg:block">{ t!("approvals.keys") }</p>
            </div>
            <div class={classes!(side, "min-w-0")}>
                <Button class="mb-3 lg:hidden" label={t!("approvals.back")} icon={IconName::ChevronLeft} kind={ButtonKind::Ghost} onclick={back} />
                if let Some(row) = row {
                    <Preview key={row.kpi.id.0} row={row.clone()} {busy} ondecide={{
                        let (decide, row) = (decide.clone(), row.clone());
                        Callback::from(move |act: Act| decide.emit(Decision { row: row.clone(), act }))
                    }} />
                }
            </div>
        </div>
    }
}
