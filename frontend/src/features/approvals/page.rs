//! The page: queue on the left, preview on the right; on a phone one after the other.

use std::rc::Rc;

use kpi_api::{
    approvals::{ApprovalRow, BulkDecisions, DecisionResults},
    id::KpiId,
    kpi::{Act, KpiView},
    page::Page,
    permission::Capability,
};
use yew::prelude::*;
use yew_router::{prelude::*, query::Raw};

use super::{
    desk::{Desk, Step, act_of, after, items, neighbour},
    filters::{Filters, active, asked, cleared},
    keys::KeysDialog,
    outcome::{self, Outcome, OutcomeNote},
    preview::Preview,
    queue::{QueueList, row_id},
    together::{ReasonDialog, TogetherBar},
};
use crate::{
    core::{
        api, browser,
        keys::use_shortcut,
        live::{About, use_fresh},
        query::{Params, use_query_params},
        remote::use_remote,
        session::use_session,
        submit::use_submit,
        toast::use_toaster,
        viewport::use_narrow,
    },
    features::problem::NotFoundPage,
    route::Route,
    t, tn,
    ui::{
        Button, ButtonKind, ButtonSize, EmptyState, IconName, LinkKind, Note, PageHeader, Pagination,
        RouteLink, SkeletonRows, Tone, remote,
    },
    widgets::{ActDialog, StandingInNote, act_dialog::is_overtaken, decided, overtaken::Overtaken},
};

/// A decision about a row, to be asked about or told of.
#[derive(Debug, Clone, PartialEq)]
struct Decision {
    row: ApprovalRow,
    act: Act,
}

/// Decisions about several rows: which, yes or no, and why.
type Together = (Vec<ApprovalRow>, bool, Option<String>);

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
    let queue = use_remote(asked(&params), |params| async move { api::approvals::queue(&params).await });
    use_fresh(&queue.refresh, About::AnyKpi);
    let desk = use_reducer(Desk::default);
    let busy = use_state(|| false);
    let asking = use_state(|| None::<Decision>);
    let refusing = use_state(Vec::<ApprovalRow>::new);
    let overtaken = use_state(|| None::<Decision>);
    let outcome = use_state(|| None::<Outcome>);
    let helping = use_state(|| false);

    let page = queue.remote.ready().cloned();
    let rows = page.as_ref().map(|page| desk.waiting(&page.items)).unwrap_or_default();
    let hidden = page.as_ref().map_or(0, |page| page.items.len() - rows.len()) as u64;
    let explicit = params.read::<KpiId>("kpi").filter(|id| rows.iter().any(|row| row.kpi.id == *id));
    let selected = explicit.or_else(|| rows.first().map(|row| row.kpi.id));
    let row = rows.iter().find(|row| Some(row.kpi.id) == selected).cloned();
    let chosen = desk.chosen(&rows);

    let select = use_select(&params, &set);
    let returned = {
        let (dispatch, refresh) = (desk.dispatcher(), queue.refresh.clone());
        Callback::from(move |ids: Vec<KpiId>| {
            dispatch.dispatch(ids.into_iter().map(Step::Returned).collect());
            refresh.emit(());
        })
    };
    let decided = {
        let (select, toaster, rows, refresh) =
            (select.clone(), toaster.clone(), rows.clone(), queue.refresh.clone());
        let (asking, overtaken, dispatch, returned, explicit) =
            (asking.clone(), overtaken.clone(), desk.dispatcher(), returned.clone(), explicit.is_some());
        Callback::from(move |(act, kpi): (Act, KpiView)| {
            asking.set(None);
            overtaken.set(None);
            let onundone = returned.reform(|kpi: KpiView| vec![kpi.id]);
            decided::tell(&toaster, act, &kpi, &onundone);
            if let Some(row) = rows.iter().find(|row| row.kpi.id == kpi.id) {
                dispatch.dispatch(vec![Step::Decided(kpi.id, row.kpi.version)]);
            }
            let next = after(&rows, kpi.id);
            if explicit {
                select.emit((next, false));
            }
            if let Some(next) = next {
                browser::focus_soon(row_id(next));
            }
            refresh.emit(());
        })
    };
    let decide = {
        let (busy, decided, asking, overtaken, toaster, refresh) = (
            busy.clone(),
            decided.clone(),
            asking.clone(),
            overtaken.clone(),
            toaster.clone(),
            queue.refresh.clone(),
        );
        Callback::from(move |decision: Decision| {
            if *busy {
                return;
            }
            if decision.act.needs_reason() {
                asking.set(Some(decision));
                return;
            }
            busy.set(true);
            let (busy, decided, overtaken, toaster, refresh) =
                (busy.clone(), decided.clone(), overtaken.clone(), toaster.clone(), refresh.clone());
            yew::platform::spawn_local(async move {
                let Decision { row, act } = &decision;
                let answer = api::kpis::act(row.kpi.id, *act, row.kpi.version, None).await;
                busy.set(false);
                match answer {
                    Ok(kpi) => decided.emit((*act, kpi)),
                    Err(error) if is_overtaken(&error) => {
                        overtaken.set(Some(decision));
                        refresh.emit(());
                    }
                    Err(error) => toaster.error(&error),
                }
            });
        })
    };
    let together = {
        let (dispatch, toaster, refresh, returned) =
            (desk.dispatcher(), toaster.clone(), queue.refresh.clone(), returned.clone());
        let (outcome, refusing) = (outcome.clone(), refusing.clone());
        use_submit(
            |(rows, good, reason): Together, key| async move {
                let decisions = items(&rows, good, reason.as_deref());
                let answer = api::approvals::decide(&BulkDecisions { decisions }, &key).await?;
                Ok((answer, rows, good, reason))
            },
            Callback::from(
                move |(answer, rows, good, reason): (
                    DecisionResults,
                    Vec<ApprovalRow>,
                    bool,
                    Option<String>,
                )| {
                    refusing.set(Vec::new());
                    let found = Outcome::read(&rows, good, reason, answer.results);
                    let version =
                        |id: KpiId| rows.iter().find(|row| row.kpi.id == id).map(|row| row.kpi.version);
                    let steps =
                        found.done.iter().filter_map(|kpi| Some(Step::Decided(kpi.id, version(kpi.id)?)));
                    dispatch.dispatch(steps.collect());
                    if !found.done.is_empty() {
                        outcome::tell(&toaster, &found.done, &returned);
                    }
                    let missed = !found.missed.is_empty();
                    outcome.set(Some(found).filter(|_| missed));
                    if missed {
                        browser::focus_soon("queue-outcome".into());
                    }
                    refresh.emit(());
                },
            ),
        )
    };
    // The dialog for the reason shows its refusal itself.
    use_effect_with((together.error.clone(), refusing.is_empty()), {
        let toaster = toaster.clone();
        move |(error, closed)| {
            if let (Some(error), true) = (error, closed) {
                toaster.error(error);
            }
        }
    });
    let decide_chosen = {
        let (chosen, refusing, run, dismiss) =
            (chosen.clone(), refusing.clone(), together.run.clone(), together.dismiss.clone());
        Callback::from(move |good: bool| {
            if good {
                run.emit((chosen.clone(), true, None));
            } else {
                dismiss.emit(());
                refusing.set(chosen.clone());
            }
        })
    };

    let step = |forward: bool| {
        let (rows, select) = (rows.clone(), select.clone());
        Callback::from(move |()| {
            let next = neighbour(&rows, selected, forward);
            select.emit((next, false));
            if let Some(id) = next {
                browser::focus(&row_id(id));
            }
        })
    };
    let press = |good: bool| {
        let (row, decide, chosen, decide_chosen) =
            (row.clone(), decide.clone(), !chosen.is_empty(), decide_chosen.clone());
        Callback::from(move |()| {
            if chosen {
                decide_chosen.emit(good);
            } else if let Some(row) = row.clone()
                && let Some(act) = act_of(&row, good)
            {
                decide.emit(Decision { row, act });
            }
        })
    };
    let change = |steps: fn(Option<KpiId>) -> Vec<Step>| {
        let dispatch = desk.dispatcher();
        Callback::from(move |()| dispatch.dispatch(steps(selected)))
    };
    let none = change(|_| vec![Step::ChooseNone]);
    let open_whole = {
        let navigator = use_navigator();
        Callback::from(move |()| {
            if let (Some(navigator), Some(id)) = (&navigator, selected) {
                navigator.push(&Route::Kpi { id });
            }
        })
    };
    let help = |on: bool| {
        let helping = helping.clone();
        Callback::from(move |()| helping.set(on))
    };
    let there = !rows.is_empty();
    use_shortcut("j", there, step(true));
    use_shortcut("k", there, step(false));
    use_shortcut("a", there, press(true));
    use_shortcut("r", there, press(false));
    use_shortcut("x", there, change(|selected| selected.map(Step::Toggle).into_iter().collect()));
    use_shortcut("o", there, open_whole);
    use_shortcut("Escape", !chosen.is_empty(), none.clone());
    use_shortcut("?", true, help(true));

    let onpage = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |page: u32| set.emit(params.clone().with("page", page).without("kpi")))
    };
    let again = outcome.as_ref().map(|outcome| outcome.again(&rows)).unwrap_or_default();
    let onagain = {
        let (run, again, outcome) = (together.run.clone(), again.clone(), outcome.clone());
        Callback::from(move |()| {
            if let Some(outcome) = &*outcome {
                run.emit((again.clone(), outcome.good, outcome.reason.clone()));
            }
        })
    };
    let forget = |()| {
        let (outcome, overtaken) = (outcome.clone(), overtaken.clone());
        Callback::from(move |()| {
            outcome.set(None);
            overtaken.set(None);
        })
    };
    let close = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(None))
    };
    let onnot = {
        let refusing = refusing.clone();
        Callback::from(move |()| refusing.set(Vec::new()))
    };
    let lead = page.as_ref().map(|page| tn!("approvals.count", page.total.saturating_sub(hidden)));
    let actions = html! {
        <Button label={t!("approvals.keys")} kind={ButtonKind::Ghost} size={ButtonSize::Small} class="hidden lg:inline-flex" onclick={help(true).reform(|_: MouseEvent| ())} />
    };
    // On a phone there is the queue, or the one KPI that was chosen.
    let (list, side) =
        if explicit.is_some() { ("hidden lg:flex", "block") } else { ("flex", "hidden lg:block") };
    let parts = Parts { desk: &desk, rows: &rows, chosen: &chosen, selected, select: &select };
    html! {
        <>
            <PageHeader title={t!("approvals.title")} lead={lead.unwrap_or_default()} {actions} />
            <StandingInNote />
            if let Some(decision) = &*overtaken { { missed(decision, forget(())) } }
            if let Some(outcome) = &*outcome {
                <OutcomeNote outcome={outcome.clone()} again={again.clone()} busy={together.busy} {onagain} onclose={forget(())} />
            }
            <div class={classes!(explicit.map(|_| "hidden lg:block"))}><Filters params={params.clone()} set={set.clone()} /></div>
            { remote::show(&queue, html! { <SkeletonRows rows={6} /> }, |page| if rows.is_empty() {
                empty(&params, &set, desk.decided, page.total.saturating_sub(hidden))
            } else { html! {
                <div class="grid items-start gap-5 lg:grid-cols-[minmax(20rem,26rem)_minmax(0,1fr)]">
                    <div class={classes!(list, "min-w-0", "flex-col", "gap-3")}>
                        if !chosen.is_empty() {
                            <TogetherBar rows={chosen.clone()} busy={together.busy} ondecide={decide_chosen.clone()} onnone={none.clone()} />
                        }
                        { parts.list(page, onpage.clone()) }
                    </div>
                    <div class={classes!(side, "min-w-0")}>
                        <Button class="mb-3 lg:hidden" label={t!("approvals.back")} icon={IconName::ChevronLeft} kind={ButtonKind::Ghost} onclick={select.reform(|_: MouseEvent| (None, false))} />
                        if let Some(row) = &row {
                            <Preview key={row.kpi.id.0} row={row.clone()} busy={*busy} ondecide={{
                                let (decide, row) = (decide.clone(), row.clone());
                                Callback::from(move |act: Act| decide.emit(Decision { row: row.clone(), act }))
                            }} />
                        }
                    </div>
                </div>
            } }) }
            if let Some(Decision { row, act }) = (*asking).clone() {
                <ActDialog kpi={row.kpi.id} title={row.kpi.title.clone()} version={row.kpi.version} act={Some(act)} onclose={close} ondone={decided} onstale={queue.refresh.clone()} />
            }
            <ReasonDialog rows={(*refusing).clone()} busy={together.busy} error={together.error.clone()} onclose={onnot}
                onreason={{
                    let (run, refusing) = (together.run.clone(), refusing.clone());
                    Callback::from(move |reason: String| run.emit(((*refusing).clone(), false, Some(reason))))
                }} />
            <KeysDialog open={*helping} onclose={help(false)} />
        </>
    }
}

/// Puts the row that is looked at into the address. On a phone the first look is a step of its own, so that "back" leads
/// back to the queue; `true` asks for that.
#[hook]
fn use_select(params: &Params, set: &Callback<Params>) -> Callback<(Option<KpiId>, bool)> {
    let navigator = use_navigator();
    let narrow = use_narrow();
    let (params, set) = (params.clone(), set.clone());
    Callback::from(move |(id, by_hand): (Option<KpiId>, bool)| {
        let next = match id {
            Some(id) => params.clone().with("kpi", id),
            None => params.clone().without("kpi"),
        };
        match &navigator {
            Some(navigator) if by_hand && narrow => {
                navigator.push_with_query(&Route::Approvals, Raw(next.encoded())).ok();
            }
            _ => set.emit(next),
        }
    })
}

struct Parts<'a> {
    desk: &'a UseReducerHandle<Desk>,
    rows: &'a [ApprovalRow],
    chosen: &'a [ApprovalRow],
    selected: Option<KpiId>,
    select: &'a Callback<(Option<KpiId>, bool)>,
}

impl Parts<'_> {
    fn list(&self, page: &Rc<Page<ApprovalRow>>, onpage: Callback<u32>) -> Html {
        let ids = |rows: &[ApprovalRow]| rows.iter().map(|row| row.kpi.id).collect::<Vec<_>>();
        let (one, all) = (self.desk.dispatcher(), self.desk.dispatcher());
        let everything = ids(self.rows);
        html! {
            <div>
                <QueueList
                    rows={self.rows.to_vec()}
                    selected={self.selected}
                    onselect={self.select.reform(|id| (Some(id), true))}
                    chosen={ids(self.chosen)}
                    onchoose={Callback::from(move |(id, on)| one.dispatch(vec![Step::Choose(id, on)]))}
                    onchoose_all={Callback::from(move |on: bool| all.dispatch(vec![if on { Step::ChooseAll(everything.clone()) } else { Step::ChooseNone }]))}
                />
                <Pagination page={page.page} per_page={page.per_page} total={page.total} {onpage} />
            </div>
        }
    }
}

/// Somebody else was faster: calmly, with who did what.
fn missed(decision: &Decision, onclose: Callback<()>) -> Html {
    let actions = html! { <Button label={t!("ui.close")} icon={IconName::X} icon_only=true kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={onclose.reform(|_: MouseEvent| ())} /> };
    html! {
        <div role="alert" class="mb-4">
            <Note tone={Tone::Warn} {actions}>
                <p class="font-medium">{ t!("approvals.missed", title = decision.row.kpi.title) }</p>
                <Overtaken key={decision.row.kpi.id.0} kpi={decision.row.kpi.id} act={decision.act} />
            </Note>
        </div>
    }
}

/// Nothing to decide: done, nothing fits the filters, or the page has run empty.
fn empty(params: &Params, set: &Callback<Params>, decided: usize, left: u64) -> Html {
    let reset = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |_: MouseEvent| set.emit(cleared(&params)))
    };
    let mine = params.get("mine").is_some();
    let (title, text, next) = if left > 0 {
        (
            t!("approvals.page_done"),
            tn!("approvals.left", left),
            html! { <Button label={t!("approvals.go_on")} kind={ButtonKind::Primary} onclick={reset} /> },
        )
    } else if active(params) > 0 {
        (
            t!("approvals.no_match"),
            t!("kpi.list.no_match_text"),
            html! { <Button label={t!("kpi.list.clear")} onclick={reset} /> },
        )
    } else {
        let text = match (decided, mine) {
            (0, true) => t!("approvals.none_mine"),
            (0, false) => t!("approvals.none_text"),
            (decided, _) => tn!("approvals.all_done_text", decided),
        };
        let title = if decided > 0 { t!("approvals.all_done") } else { t!("approvals.none") };
        (
            title,
            text,
            html! { <RouteLink to={Route::Kpis} kind={LinkKind::Secondary}>{ t!("approvals.to_kpis") }</RouteLink> },
        )
    };
    html! {
        <div class="surface tone-good"><EmptyState icon={IconName::CheckCircle} {title} {text}>{ next }</EmptyState></div>
    }
}
