//! The jobs that run by themselves, and how they went.

use kpi_api::audit::JobView;
use yew::prelude::*;

use crate::{
    core::{api, format, i18n, remote::use_remote},
    t,
    ui::{Badge, Column, EmptyState, IconName, PageHeader, SkeletonRows, SortableTable, Tone, remote},
};

#[component]
pub fn JobsPage() -> Html {
    let jobs = use_remote((), |()| async { api::admin::jobs().await });
    let columns = vec![
        Column::new(t!("admin.job")),
        Column::new(t!("admin.job_last")),
        Column::new(t!("admin.job_state")),
        Column::new(t!("admin.job_duration")).numeric(),
        Column::new(t!("admin.job_next")),
    ];
    html! {
        <>
            <PageHeader title={t!("admin.jobs")} lead={t!("admin.jobs_lead")} />
            { remote::show(&jobs, html! { <SkeletonRows rows={3} /> }, |list| if list.items.is_empty() {
                html! { <div class="surface"><EmptyState icon={IconName::Clock} title={t!("admin.jobs_none")} text={t!("admin.jobs_none_text")} /></div> }
            } else {
                html! {
                    <SortableTable caption={t!("admin.jobs")} columns={columns.clone()}
                        rows={list.items.iter().map(|job| (job.name.clone(), cells(job))).collect::<Vec<_>>()} />
                }
            }) }
        </>
    }
}

fn cells(job: &JobView) -> Vec<Html> {
    let time =
        |at: Option<kpi_api::time::Timestamp>| at.map_or_else(|| AttrValue::from("–"), format::date_time);
    vec![
        html! { i18n::word("job", &job.name) },
        html! { time(job.last_run_at) },
        job.last_state.as_deref().map_or_else(
            || html! { "–" },
            |state| html! { <Badge label={i18n::word("job_state", state)} tone={if state == "failed" { Tone::Bad } else { Tone::Neutral }} /> },
        ),
        html! { job.last_duration_ms.map_or_else(|| AttrValue::from("–"), |ms| t!("admin.milliseconds", ms = format::integer(ms))) },
        html! { time(job.next_run_at) },
    ]
}
