//! The page: the jobs, and the rehearsal of the reminders. What is open stands in the address.

use kpi_api::permission::Capability;
use yew::prelude::*;

use super::{rehearsal::RehearsalTab, runs::RunsDialog, table::JobsTable};
use crate::{
    core::{
        api,
        live::{About, use_fresh},
        query::use_query_params,
        remote::use_remote,
        session::use_session,
    },
    features::problem::NotFoundPage,
    t,
    ui::{EmptyState, IconName, PageHeader, SkeletonRows, Tab, Tabs, remote},
};

#[component]
pub fn JobsPage() -> Html {
    if use_session().can(Capability::SeeJobs) {
        html! { <Jobs /> }
    } else {
        html! { <NotFoundPage /> }
    }
}

#[component]
fn Jobs() -> Html {
    let (params, set) = use_query_params();
    let open = params.get("tab").unwrap_or("jobs").to_owned();
    let onopen = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |key: &'static str| set.emit(params.clone().without("job").with("tab", key)))
    };
    let tabs = vec![Tab::new("jobs", t!("jobs.tab")), Tab::new("rehearsal", t!("jobs.rehearsal"))];
    html! {
        <>
            <PageHeader title={t!("jobs.title")} lead={t!("jobs.lead")} />
            <Tabs id="jobs" label={t!("jobs.title")} {tabs} open={open.clone()} {onopen}>
                { if open == "rehearsal" { html! { <RehearsalTab /> } } else { html! { <JobsTab /> } } }
            </Tabs>
        </>
    }
}

#[component]
fn JobsTab() -> Html {
    let (params, set) = use_query_params();
    let jobs = use_remote((), |()| async { api::jobs::list().await });
    use_fresh(&jobs.refresh, About::Jobs);
    let onruns = Callback::from({
        let params = params.clone();
        move |name: Option<String>| {
            set.emit(match name {
                Some(name) => params.clone().with("job", name),
                None => params.clone().without("job"),
            });
        }
    });
    html! {
        <>
            { remote::show(&jobs, html! { <SkeletonRows rows={4} /> }, |list| if list.items.is_empty() {
                html! { <div class="surface"><EmptyState icon={IconName::Clock} title={t!("jobs.none")} text={t!("jobs.none_text")} /></div> }
            } else {
                html! { <JobsTable jobs={list.items.clone()} reload={jobs.reload.clone()} onruns={onruns.reform(Some)} /> }
            }) }
            <RunsDialog job={params.get("job").map(str::to_owned)} onclose={onruns.reform(|()| None)} />
        </>
    }
}
