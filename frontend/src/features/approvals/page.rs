//! The page: queue on the left, preview on the right; on a phone one after the other.

use std::rc::Rc;

use kpi_api::{approvals::ApprovalRow, id::KpiId, kpi::Act, page::Page, permission::Capability};
use yew::prelude::*;

use super::{
    decisions::{Decision, use_decisions},
    desk::{Desk, Step, act_of, after, neighbour},
    filters::{Filters, active, asked, cleared},
    keys::KeysDialog,
    preview::Preview,
    queue::{QueueList, row_id},
    together::TogetherBar,
};
use crate::{
    core::{
        api, browser,
        keys::use_shortcut,
        live::{About, use_fresh},
        navigate::use_navigate,
        query::{Params, use_query_params},
        remote::use_remote,
        session::use_session,
        viewport::use_narrow,
    },
    features::problem::NotFoundPage,
    route::Route,
    t, tn,
    ui::{
        Button, ButtonKind, ButtonSize, EmptyState, IconName, LinkKind, PageHeader, Pagination, RouteLink,
        SkeletonRows, remote,
    },
    widgets::StandingInNote,
};

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
    let queue = use_remote(asked(&params), |params| async move { api::approvals::queue(&params).await });
    use_fresh(&queue.refresh, About::AnyKpi);
    let desk = use_reducer(Desk::default);
    let helping = use_state(|| false);

    let page = queue.remote.ready().cloned();
    let rows = page.as_ref().map(|page| desk.waiting(&page.items)).unwrap_or_default();
    let left = page.as_ref().map(|page| page.total.saturating_sub((page.items.len() - rows.len()) as u64));
    let explicit = params.read::<KpiId>("kpi").filter(|id| rows.iter().any(|row| row.kpi.id == *id));
    let selected = explicit.or_else(|| rows.first().map(|row| row.kpi.id));
    let row = rows.iter().find(|row| Some(row.kpi.id) == selected).cloned();
    let chosen = desk.chosen(&rows);
    let select = use_select(&params, &set);

    // The next row is up, also for the keyboard.
    let ondecided = {
        let (rows, select, shown) = (rows.clone(), select.clone(), explicit.is_some());
        Callback::from(move |id: KpiId| {
            let next = after(&rows, id);
            if shown {
                select.emit((next, false));
            }
            if let Some(next) = next {
                browser::focus_soon(row_id(next));
            }
        })
    };
    let decisions = use_decisions(&rows, &desk, &queue.refresh, &ondecided);

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
        let (row, chosen) = (row.clone(), chosen.clone());
        let (decide, decide_together) = (decisions.decide.clone(), decisions.decide_together.clone());
        Callback::from(move |()| {
            if !chosen.is_empty() {
                decide_together.emit((chosen.clone(), good));
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
        let navigate = use_navigate();
        Callback::from(move |()| {
            if let Some(id) = selected {
                navigate.push(Route::Kpi { id });
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
    let actions = html! {
        <span class="hidden lg:block"><Button label={t!("approvals.keys")} kind={ButtonKind::Ghost} size={ButtonSize::Small} icon={IconName::Help} onclick={help(true).reform(|_: MouseEvent| ())} /></span>
    };
    // On a phone there is the queue, or the one KPI that was chosen.
    let (list, side) =
        if explicit.is_some() { ("hidden lg:flex", "block") } else { ("flex", "hidden lg:block") };
    let ondecide = {
        let decide = decisions.decide_together.clone();
        let chosen = chosen.clone();
        Callback::from(move |good: bool| decide.emit((chosen.clone(), good)))
    };
    html! {
        <>
            <PageHeader title={t!("approvals.title")} lead={left.filter(|left| *left > 0).map(|left| tn!("approvals.count", left)).unwrap_or_default()} {actions} />
            <StandingInNote />
            { decisions.notes.clone() }
            <div class={classes!(explicit.map(|_| "hidden lg:block"))}><Filters params={params.clone()} set={set.clone()} /></div>
            { remote::show(&queue, html! { <SkeletonRows rows={6} /> }, |page| if rows.is_empty() {
                empty(&params, &set, desk.decided, left.unwrap_or_default())
            } else { html! {
                <div class="grid items-start gap-5 lg:grid-cols-[minmax(20rem,26rem)_minmax(0,1fr)]">
                    <div class={classes!(list, "min-w-0", "flex-col", "gap-3")}>
                        if !chosen.is_empty() {
                            <TogetherBar rows={chosen.clone()} busy={decisions.busy_together} {ondecide} onnone={none.clone()} />
                        }
                        { waiting(page, &rows, &chosen, selected, &desk, &select, onpage) }
                    </div>
                    // Another KPI begins at its top again.
                    <div key={selected.map_or(0, |id| id.0)} class={classes!(side, "queue-side", "min-w-0")}>
                        <Button class="mb-3 lg:hidden" label={t!("approvals.back")} icon={IconName::ChevronLeft} kind={ButtonKind::Ghost} onclick={select.reform(|_: MouseEvent| (None, false))} />
                        if let Some(row) = &row {
                            <Preview key={row.kpi.id.0} row={row.clone()} busy={decisions.busy} ondecide={{
                                let (decide, row) = (decisions.decide.clone(), row.clone());
                                Callback::from(move |act: Act| decide.emit(Decision { row: row.clone(), act }))
                            }} />
                        }
                    </div>
                </div>
            } }) }
            { decisions.dialogs.clone() }
            <KeysDialog open={*helping} onclose={help(false)} />
        </>
    }
}

/// Puts the row that is looked at into the address. On a phone the first look is a step of its own, so that "back" leads
/// back to the queue; `true` asks for that.
#[hook]
fn use_select(params: &Params, set: &Callback<Params>) -> Callback<(Option<KpiId>, bool)> {
    let navigate = use_navigate();
    let narrow = use_narrow();
    let (params, set) = (params.clone(), set.clone());
    Callback::from(move |(id, by_hand): (Option<KpiId>, bool)| {
        let next = match id {
            Some(id) => params.clone().with("kpi", id),
            None => params.clone().without("kpi"),
        };
        if by_hand && narrow {
            navigate.push_with(Route::Approvals, &next);
        } else {
            set.emit(next);
        }
    })
}

fn waiting(
    page: &Rc<Page<ApprovalRow>>,
    rows: &[ApprovalRow],
    chosen: &[ApprovalRow],
    selected: Option<KpiId>,
    desk: &UseReducerHandle<Desk>,
    select: &Callback<(Option<KpiId>, bool)>,
    onpage: Callback<u32>,
) -> Html {
    let ids = |rows: &[ApprovalRow]| rows.iter().map(|row| row.kpi.id).collect::<Vec<_>>();
    let (one, all) = (desk.dispatcher(), desk.dispatcher());
    let everything = ids(rows);
    html! {
        <div>
            <QueueList
                rows={rows.to_vec()}
                {selected}
                onselect={select.reform(|id| (Some(id), true))}
                chosen={ids(chosen)}
                onchoose={Callback::from(move |(id, on)| one.dispatch(vec![Step::Choose(id, on)]))}
                onchoose_all={Callback::from(move |on: bool| all.dispatch(vec![if on { Step::ChooseAll(everything.clone()) } else { Step::ChooseNone }]))}
            />
            <Pagination page={page.page} per_page={page.per_page} total={page.total} {onpage} />
        </div>
    }
}

/// Nothing to decide: all done, nothing fits the filters, or this page has run empty.
fn empty(params: &Params, set: &Callback<Params>, decided: usize, left: u64) -> Html {
    let reset = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |_: MouseEvent| set.emit(cleared(&params)))
    };
    let (title, text, next) = if left > 0 {
        let next =
            html! { <Button label={t!("approvals.go_on")} kind={ButtonKind::Primary} onclick={reset} /> };
        (t!("approvals.page_done"), tn!("approvals.left", left), next)
    } else if active(params) > 0 {
        let next = html! { <Button label={t!("kpi.list.clear")} onclick={reset} /> };
        (t!("approvals.no_match"), t!("kpi.list.no_match_text"), next)
    } else {
        let next = html! { <RouteLink to={Route::Kpis} kind={LinkKind::Secondary}>{ t!("approvals.to_kpis") }</RouteLink> };
        match (decided, params.get("mine").is_some()) {
            (0, true) => (t!("approvals.none"), t!("approvals.none_mine"), next),
            (0, false) => (t!("approvals.none"), t!("approvals.none_text"), next),
            (decided, _) => (t!("approvals.all_done"), tn!("approvals.all_done_text", decided), next),
        }
    };
    html! {
        <div class="surface done"><EmptyState icon={IconName::CheckCircle} {title} {text}>{ next }</EmptyState></div>
    }
}
