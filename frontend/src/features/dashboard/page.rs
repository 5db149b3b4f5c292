//! The page: figures, charts, and what changed last. The quarter lives in the address.

use kpi_api::{
    dashboard::Summary,
    permission::{Capability, Role},
    time::{Period, Quarter},
};
use yew::prelude::*;

use super::{
    charts::{BandChart, ByQuarterChart, DepartmentChart, StatusChart},
    plugins::PluginCards,
};
use crate::{
    core::{
        api, format,
        live::{About, use_fresh},
        query::{Params, use_query_params},
        remote::use_remote,
        session::{use_me, use_session},
    },
    route::Route,
    t, tn,
    ui::{
        Card, EmptyState, IconName, LinkKind, PageHeader, RouteLink, SkeletonCards, SkeletonRows, StatCard,
        remote,
    },
    widgets::{KpiLine, PeriodPicker},
};

#[component]
pub fn DashboardPage() -> Html {
    let me = use_me();
    let leads = use_session().can(Capability::SeeTeam);
    let (params, set) = use_query_params();
    let period = match (params.read::<i32>("year"), params.read::<Quarter>("quarter")) {
        (Some(year), Some(quarter)) => Period::new(year, quarter),
        _ => me.period,
    };
    let asked = Params::new().with("year", period.year).with("quarter", period.quarter);
    let summary = use_remote(asked.clone(), |params| async move { api::figures::summary(&params).await });
    let quarters = use_remote(asked.clone(), |params| async move { api::figures::by_quarter(&params).await });
    let departments = use_remote((asked.clone(), leads), |(params, leads)| async move {
        if leads { api::figures::by_department(&params).await.map(Some) } else { Ok(None) }
    });
    let refresh = {
        let all = [summary.refresh.clone(), quarters.refresh.clone(), departments.refresh.clone()];
        Callback::from(move |()| all.iter().for_each(|refresh| refresh.emit(())))
    };
    use_fresh(&refresh, About::AnyKpi);
    let onperiod = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |period: Option<Period>| {
            if let Some(period) = period {
                set.emit(params.clone().with("year", period.year).with("quarter", period.quarter));
            }
        })
    };
    let lead = match me.user.role {
        Role::Employee => t!("dashboard.lead_own"),
        Role::Manager => t!("dashboard.lead_team"),
        Role::Admin => t!("dashboard.lead_all"),
    };
    let actions = html! { <PeriodPicker id="dashboard-period" label={t!("dashboard.period")} compact=true value={Some(period)} onchange={onperiod} /> };
    let skeleton = html! { <div class="space-y-5"><SkeletonCards /><SkeletonCards cards={2} height="h-72 sm:col-span-1 lg:col-span-2" /></div> };
    html! {
        <>
            <PageHeader title={t!("dashboard.title")} {lead} {actions} />
            { remote::show(&summary, skeleton, |summary| if summary.stats.total == 0 {
                empty(period)
            } else { html! {
                <div class="space-y-5">
                    { cards(summary, leads) }
                    <div class="grid items-start gap-5 lg:grid-cols-2">
                        <Card title={t!("dashboard.by_status")}><StatusChart stats={summary.stats.clone()} /></Card>
                        <Card title={t!("dashboard.by_band")}><BandChart stats={summary.stats.clone()} /></Card>
                    </div>
                </div>
            } }) }
            <div class={classes!("mt-5", "grid", "items-start", "gap-5", leads.then_some("xl:grid-cols-2"))}>
                <Card title={t!("dashboard.by_quarter")}>
                    { remote::show(&quarters, html! { <div class="skeleton h-64 w-full"></div> }, |data| html! { <ByQuarterChart data={(**data).clone()} /> }) }
                </Card>
                if leads {
                    <Card title={t!("dashboard.by_department")}>
                        { remote::show(&departments, html! { <div class="skeleton h-64 w-full"></div> }, |data| match &**data {
                            Some(data) if !data.items.is_empty() => html! { <DepartmentChart data={data.clone()} /> },
                            _ => html! { <p class="text-sm text-muted">{ t!("dashboard.nothing") }</p> },
                        }) }
                    </Card>
                }
            </div>
            <PluginCards />
            { remote::show(&summary, html! { <div class="mt-5"><SkeletonRows rows={4} /></div> }, |summary| recent(summary)) }
        </>
    }
}

fn cards(summary: &Summary, leads: bool) -> Html {
    let stats = &summary.stats;
    let coverage = t!(
        "dashboard.score_coverage",
        scored = format::integer(stats.score.scored as i64),
        total = format::integer(stats.score.total as i64)
    );
    let progress = t!("dashboard.progress_hint", value = format::percent(stats.average_progress));
    let closed =
        stats.by_status.iter().find(|of| of.status == kpi_api::kpi::Status::Closed).map_or(0, |of| of.count);
    html! {
        <div class={classes!("grid", "gap-4", "sm:grid-cols-2", if leads { "lg:grid-cols-4" } else { "lg:grid-cols-3" })}>
            <StatCard label={t!("dashboard.kpis")} value={format::integer(stats.total as i64)} hint={progress} icon={IconName::Gauge} />
            <StatCard label={t!("dashboard.average_score")} value={format::points(stats.score.score)} hint={coverage} icon={IconName::Chart} />
            <StatCard label={t!("dashboard.completion")} value={format::percent(summary.completion_rate)} hint={tn!("dashboard.closed_count", closed)} icon={IconName::CheckCircle} />
            if leads { <StatCard label={t!("dashboard.people")} value={format::integer(summary.people as i64)} hint={t!("dashboard.people_hint")} icon={IconName::Users} /> }
        </div>
    }
}

fn recent(summary: &Summary) -> Html {
    if summary.recent.is_empty() {
        return Html::default();
    }
    let query = Params::new().with("year", summary.period.year).with("quarter", summary.period.quarter);
    html! {
        <section class="mt-6" aria-labelledby="recent-title">
            <div class="mb-2 flex flex-wrap items-baseline justify-between gap-2">
                <h2 id="recent-title" class="font-semibold">{ t!("dashboard.recent") }</h2>
                <RouteLink to={Route::Kpis} {query}>{ t!("dashboard.all") }</RouteLink>
            </div>
            <ul class="surface divide-y divide-base-300">
                { for summary.recent.iter().map(|kpi| html! { <li key={kpi.id.0}><KpiLine kpi={kpi.clone()} with_owner=true /></li> }) }
            </ul>
        </section>
    }
}

fn empty(period: Period) -> Html {
    html! {
        <div class="surface">
            <EmptyState icon={IconName::Chart} title={t!("dashboard.empty", period = format::period(period))} text={t!("dashboard.empty_text")}>
                <RouteLink to={Route::KpiNew} kind={LinkKind::Primary} icon={IconName::Plus}>{ t!("kpi.new.action") }</RouteLink>
            </EmptyState>
        </div>
    }
}
