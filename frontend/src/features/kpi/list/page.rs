//! The page: what the address asks for, drawn.

use std::{collections::BTreeSet, rc::Rc};

use kpi_api::{id::KpiId, kpi::KpiRow, page::Page, permission::Capability};
use yew::prelude::*;

use super::{
    super::copy::CopyDialog,
    counts::Counts,
    filters::{Filters, active, cleared},
    table::KpiTable,
};
use crate::{
    core::{
        api,
        live::{About, use_fresh},
        query::{Params, use_query_params},
        remote::use_remote,
        session::{use_me, use_session},
    },
    route::Route,
    t, tn,
    ui::{
        Button, ButtonKind, ButtonSize, Checkbox, EmptyState, Icon, IconName, LinkKind, PageHeader,
        Pagination, RouteLink, SkeletonRows, remote,
    },
};

/// What of the address the server is asked; anything else in it belongs to somebody else.
fn asked(params: &Params) -> Params {
    let names = api::kpis::FILTERS.iter().chain(&api::kpis::ARRANGING);
    names.fold(Params::new(), |asked, name| asked.with_some(name, params.get(name)))
}

#[component]
pub fn KpiListPage() -> Html {
    let (params, set) = use_query_params();
    let params = asked(&params);
    let me = use_me();
    let leads = use_session().can(Capability::SeeTeam);
    let rows = use_remote(params.clone(), |params| async move { api::kpis::list(&params).await });
    use_fresh(&rows.refresh, About::AnyKpi);
    let chosen = use_state(BTreeSet::<KpiId>::new);
    let copying = use_state(|| false);
    let turn = use_state(|| 0_u32);

    let actions = html! {
        <>
            <a class="btn btn-outline border-base-300 bg-base-100 text-base-content hover:border-base-300 hover:bg-base-200" href={api::kpis::export_url(&params, "csv")} download="kpis.csv">
                <Icon name={IconName::Download} />{ t!("kpi.list.export") }
            </a>
            <RouteLink to={Route::KpiNew} kind={LinkKind::Primary} icon={IconName::Plus}>{ t!("kpi.new.action") }</RouteLink>
        </>
    };
    let onsort = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |sort: String| set.emit(params.clone().with("sort", sort).without("page")))
    };
    let onpage = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |page: u32| set.emit(params.clone().with("page", page)))
    };
    let onchoose = {
        let chosen = chosen.clone();
        Callback::from(move |(id, on): (KpiId, bool)| {
            let mut next = (*chosen).clone();
            if on {
                next.insert(id);
            } else {
                next.remove(&id);
            }
            chosen.set(next);
        })
    };
    let close_copy = {
        let copying = copying.clone();
        Callback::from(move |()| copying.set(false))
    };
    let copied = {
        let (chosen, turn, reload) = (chosen.clone(), turn.clone(), rows.reload.clone());
        Callback::from(move |()| {
            chosen.set(BTreeSet::new());
            turn.set(turn.wrapping_add(1));
            reload.emit(());
        })
    };
    html! {
        <>
            <PageHeader title={t!("kpi.list.title")} {actions} />
            <Filters params={params.clone()} set={set.clone()} />
            <Counts params={params.clone()} set={set.clone()} turn={*turn} />
            { remote::show(&rows, html! { <SkeletonRows rows={8} /> }, |page| if page.items.is_empty() {
                nothing(&params, &set)
            } else { html! {
                <>
                    { selection_bar(page, &chosen, &copying) }
                    <KpiTable
                        page={Rc::clone(page)}
                        with_owner={leads && params.get("mine").is_none()}
                        sort={params.get("sort").unwrap_or("-updated_at").to_owned()}
                        {onsort}
                        chosen={(*chosen).clone()}
                        {onchoose}
                        this_year={me.today.year()}
                    />
                    <Pagination page={page.page} per_page={page.per_page} total={page.total} {onpage} />
                </>
            } }) }
            <CopyDialog ids={chosen.iter().copied().collect::<Vec<_>>()} open={*copying} onclose={close_copy} ondone={copied} titles={titles(rows.remote.ready())} />
        </>
    }
}

fn titles(page: Option<&Rc<Page<KpiRow>>>) -> Vec<(KpiId, AttrValue)> {
    page.into_iter()
        .flat_map(|page| page.items.iter())
        .map(|kpi| (kpi.id, kpi.title.clone().into()))
        .collect()
}

/// Choose all of this page, and what can be done with what is chosen.
fn selection_bar(
    page: &Page<KpiRow>,
    chosen: &UseStateHandle<BTreeSet<KpiId>>,
    copying: &UseStateHandle<bool>,
) -> Html {
    let here: Vec<KpiId> = page.items.iter().map(|kpi| kpi.id).collect();
    let all = here.iter().all(|id| chosen.contains(id));
    let choose_all = {
        let chosen = chosen.clone();
        Callback::from(move |on: bool| {
            let mut next = (*chosen).clone();
            for id in &here {
                if on {
                    next.insert(*id);
                } else {
                    next.remove(id);
                }
            }
            chosen.set(next);
        })
    };
    let copy = {
        let copying = copying.clone();
        Callback::from(move |_: MouseEvent| copying.set(true))
    };
    let clear = {
        let chosen = chosen.clone();
        Callback::from(move |_: MouseEvent| chosen.set(BTreeSet::new()))
    };
    html! {
        <div class="mb-2 flex min-h-8 flex-wrap items-center gap-x-4 gap-y-2 ps-4 text-sm">
            <Checkbox id="choose-all" label={t!("kpi.list.choose_all")} checked={all} onchange={choose_all} />
            if !chosen.is_empty() {
                <span class="font-medium" aria-live="polite">{ tn!("kpi.list.chosen", chosen.len()) }</span>
                <Button label={t!("kpi.copy.action")} icon={IconName::Copy} size={ButtonSize::Small} onclick={copy} />
                <Button label={t!("kpi.list.choose_none")} kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={clear} />
            }
        </div>
    }
}

fn nothing(params: &Params, set: &Callback<Params>) -> Html {
    if active(params) == 0 {
        return html! {
            <div class="surface">
                <EmptyState icon={IconName::Gauge} title={t!("kpi.list.none")} text={t!("kpi.list.none_text")}>
                    <RouteLink to={Route::KpiNew} kind={LinkKind::Primary} icon={IconName::Plus}>{ t!("kpi.new.action") }</RouteLink>
                </EmptyState>
            </div>
        };
    }
    let clear = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |_: MouseEvent| set.emit(cleared(&params)))
    };
    html! {
        <div class="surface">
            <EmptyState icon={IconName::Search} title={t!("kpi.list.no_match")} text={t!("kpi.list.no_match_text")}>
                <Button label={t!("kpi.list.clear")} icon={IconName::X} onclick={clear} />
            </EmptyState>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_filters_reach_the_server() {
        let params = Params::parse("status=draft&utm_source=mail&page=2");
        assert_eq!(asked(&params).encoded(), "status=draft&page=2");
    }
}
