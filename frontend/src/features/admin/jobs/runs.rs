//! The runs of one job, newest first.

use kpi_api::job::{JobCause, JobRunView};
use yew::prelude::*;

use super::table::{job_name, outcome};
use crate::{
    core::{
        api, i18n,
        live::{About, use_fresh},
        query::Params,
        remote::use_remote,
    },
    t,
    ui::{Dialog, EmptyState, IconName, Pagination, SkeletonRows, remote},
};

/// How many at a time.
const PER_PAGE: u32 = 10;

#[derive(Properties, PartialEq)]
pub struct RunsDialogProps {
    /// The job; closed while there is none.
    pub job: Option<String>,
    pub onclose: Callback<()>,
}

#[component]
pub fn RunsDialog(props: &RunsDialogProps) -> Html {
    let title = props.job.as_deref().map(|job| t!("jobs.runs_of", job = job_name(job)));
    html! {
        <Dialog id="job-runs" title={title.unwrap_or_default()} open={props.job.is_some()} wide=true onclose={props.onclose.clone()}>
            if let Some(job) = &props.job { <Runs job={job.clone()} /> }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct RunsProps {
    job: String,
}

#[component]
fn Runs(props: &RunsProps) -> Html {
    let page = use_state(|| 1_u32);
    let runs = use_remote((props.job.clone(), *page), |(job, page)| async move {
        api::jobs::runs(&job, &Params::new().with("page", page).with("per_page", PER_PAGE)).await
    });
    use_fresh(&runs.refresh, About::Jobs);
    let onpage = {
        let page = page.clone();
        Callback::from(move |to: u32| page.set(to))
    };
    html! {
        { remote::show(&runs, html! { <SkeletonRows rows={4} /> }, |found| if found.items.is_empty() {
            html! { <EmptyState icon={IconName::Clock} title={t!("jobs.no_runs")} text={t!("jobs.no_runs_text")} /> }
        } else { html! {
            <>
                <ul class="divide-y divide-base-300">{ for found.items.iter().map(entry) }</ul>
                <Pagination page={found.page} per_page={found.per_page} total={found.total} onpage={onpage.clone()} />
            </>
        } }) }
    }
}

fn entry(run: &JobRunView) -> Html {
    let why = match (&run.by, run.cause) {
        (Some(person), JobCause::Hand) => t!("jobs.by_hand", name = person.full_name),
        (_, cause) => i18n::word("job_cause", cause.as_str()),
    };
    html! {
        <li key={run.id} class="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 py-2.5">
            { outcome(run) }
            <span class="text-sm text-muted">{ why }</span>
        </li>
    }
}
