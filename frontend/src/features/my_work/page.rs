//! The page: the quarter at a glance, then due, returned, to decide, upcoming.

use kpi_api::{id::KpiId, kpi::Act, my_work::MyWork};
use yew::prelude::*;

use super::{glance::GlanceCard, section::Section};
use crate::{
    core::{
        api, format,
        live::{About, use_fresh},
        outbox::use_outbox,
        query::Params,
        remote::use_remote,
        session::use_me,
    },
    route::Route,
    t,
    ui::{EmptyState, IconName, LinkKind, PageHeader, RouteLink, SkeletonCards, SkeletonRows, remote},
    widgets::{ChangedNote, check_in::prepare},
};

#[component]
pub fn MyWorkPage() -> Html {
    let me = use_me();
    let work = use_remote((), |()| async { api::approvals::my_work().await });
    let arrived = use_outbox().arrived;
    let (seen, refresh) = (use_mut_ref(|| arrived), work.refresh.clone());
    // What had waited on this device has arrived: it is no longer due.
    use_effect_with(arrived, move |arrived| {
        if std::mem::replace(&mut *seen.borrow_mut(), *arrived) != *arrived {
            refresh.emit(());
        }
    });
    let due = work.remote.ready().map(|work| to_check_in(work)).unwrap_or_default();
    let user = me.user.id;
    use_effect_with(due, move |due| prepare(user, due.clone()));
    let waiting = use_fresh(&work.refresh, About::AnyKpi);
    let first_name = me.user.full_name.split_whitespace().next().unwrap_or_default().to_owned();
    let actions = html! {
        <RouteLink to={Route::KpiNew} kind={LinkKind::Primary} icon={IconName::Plus}>{ t!("my_work.new_kpi") }</RouteLink>
    };
    let skeleton = html! {
        <div class="space-y-6">
            <SkeletonCards cards={1} height="h-36 sm:col-span-2 lg:col-span-4" />
            <SkeletonRows rows={4} />
        </div>
    };
    html! {
        <>
            <PageHeader title={t!("my_work.title")} lead={t!("my_work.lead", name = first_name, date = format::date(me.today))} {actions} />
            <ChangedNote {waiting} />
            { remote::show(&work, skeleton, |data| html! {
                <div class="space-y-8">
                    <GlanceCard glance={data.glance.clone()} />
                    { sections(data, &work.reload) }
                </div>
            }) }
        </>
    }
}

/// The KPIs for which a value may be typed here, those that are due first.
fn to_check_in(work: &MyWork) -> Vec<KpiId> {
    let rows = work.due_now.rows.iter().chain(&work.returned.rows).chain(&work.upcoming.rows);
    rows.filter(|row| row.act == Act::CheckIn).map(|row| row.kpi.id).collect()
}

fn sections(work: &MyWork, reload: &Callback<()>) -> Html {
    let all = [
        ("due", t!("my_work.due_now"), t!("my_work.due_now_lead"), &work.due_now),
        ("returned", t!("my_work.returned"), t!("my_work.returned_lead"), &work.returned),
        ("decide", t!("my_work.to_decide"), t!("my_work.to_decide_lead"), &work.to_decide),
        ("upcoming", t!("my_work.upcoming"), t!("my_work.upcoming_lead"), &work.upcoming),
    ];
    let nothing_now = all[..3].iter().all(|(.., section)| section.rows.is_empty());
    html! {
        <>
            if nothing_now {
                <div class="surface">
                    <EmptyState icon={IconName::CheckCircle} title={t!("my_work.nothing")} text={t!("my_work.nothing_text")}>
                        <RouteLink to={Route::Kpis} query={Params::new().with("mine", true)} kind={LinkKind::Secondary}>{ t!("my_work.see_kpis") }</RouteLink>
                    </EmptyState>
                </div>
            }
            { for all.into_iter().filter(|(.., section)| !section.rows.is_empty()).map(|(id, title, lead, section)| html! {
                <Section key={id} {id} {title} {lead} section={section.clone()} reload={reload.clone()} />
            }) }
        </>
    }
}
