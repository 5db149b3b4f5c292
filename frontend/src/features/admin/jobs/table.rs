//! Every job with its schedule, how it went last, when it runs next, and a way to run it now.

use kpi_api::job::{JobRunView, JobState, JobView};
use yew::prelude::*;

use super::schedule;
use crate::{
    core::{api, format, i18n, submit::use_submit, toast::use_toaster},
    route::Route,
    t,
    ui::{
        Badge, Button, ButtonKind, ButtonSize, Column, Confirm, FormError, IconName, RouteLink,
        SortableTable, Tone,
    },
};

#[derive(Properties, PartialEq)]
pub struct JobsTableProps {
    pub jobs: Vec<JobView>,
    pub reload: Callback<()>,
    /// Shows the runs of a job.
    pub onruns: Callback<String>,
}

#[component]
pub fn JobsTable(props: &JobsTableProps) -> Html {
    let toaster = use_toaster();
    let asked = use_state(|| None::<String>);
    let run = {
        let (toaster, asked, reload) = (toaster.clone(), asked.clone(), props.reload.clone());
        use_submit(
            |name: String, _key| async move { api::jobs::run(&name).await.map(|()| name) },
            Callback::from(move |name: String| {
                toaster.info(t!("jobs.started", job = job_name(&name)));
                asked.set(None);
                reload.emit(());
            }),
        )
    };
    use_effect_with((run.error.clone(), asked.is_some()), move |(error, asked)| {
        if let (Some(error), false) = (error, asked) {
            toaster.error(error);
        }
    });
    let ask = {
        let (asked, run) = (asked.clone(), run.clone());
        Callback::from(move |name: String| {
            run.dismiss.emit(());
            if warning(&name).is_some() { asked.set(Some(name)) } else { run.run.emit(name) }
        })
    };
    let onclose = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let onconfirm = {
        let (asked, run) = (asked.clone(), run.run.clone());
        Callback::from(move |()| {
            if let Some(name) = &*asked {
                run.emit(name.clone());
            }
        })
    };
    let name = asked.as_deref().unwrap_or_default();
    let columns = vec![
        Column::new(t!("jobs.job")),
        Column::new(t!("jobs.schedule")),
        Column::new(t!("jobs.last")),
        Column::new(t!("jobs.next")),
        Column::new(t!("jobs.acts")),
    ];
    html! {
        <>
            <SortableTable caption={t!("jobs.title")} {columns}
                rows={props.jobs.iter().map(|job| (job.name.clone(), cells(job, &ask, &props.onruns))).collect::<Vec<_>>()} />
            <Confirm id="run-job" title={t!("jobs.run_title", job = job_name(name))} text={warning(name).unwrap_or_default()} act={t!("jobs.run")}
                kind={ButtonKind::Primary} open={asked.is_some()} busy={run.busy} {onconfirm} {onclose}>
                <FormError error={run.error.clone()} />
            </Confirm>
        </>
    }
}

/// What a job is called.
pub fn job_name(name: &str) -> AttrValue {
    match of_plugin(name) {
        Some((plugin, function)) => {
            t!("jobs.of_plugin", plugin = plugin, function = function.replace('_', " "))
        }
        None => i18n::word("job", name),
    }
}

/// The plugin's id and the function of `plugin:<id>:<function>`.
fn of_plugin(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix("plugin:")?.split_once(':')
}

/// What to know before a job is run by hand, where it is more than a tidy-up.
fn warning(name: &str) -> Option<AttrValue> {
    i18n::lookup(&format!("word.job_warning.{name}"))
}

fn cells(job: &JobView, ask: &Callback<String>, onruns: &Callback<String>) -> Vec<Html> {
    let what = match of_plugin(&job.name).map(|(plugin, _)| plugin.parse()) {
        Some(Ok(id)) => html! { <RouteLink to={Route::Plugin { id }}>{ t!("jobs.to_plugin") }</RouteLink> },
        _ => {
            let words = i18n::lookup(&format!("word.job_text.{}", job.name));
            html! { words.unwrap_or_else(|| job.description.clone().into()) }
        }
    };
    let with_name = |callback: &Callback<String>| {
        let name = job.name.clone();
        callback.reform(move |_: MouseEvent| name.clone())
    };
    vec![
        html! {
            <span class="block max-w-sm">
                <span class="block">{ job_name(&job.name) }</span>
                <span class="block text-sm font-normal text-muted">{ what }</span>
            </span>
        },
        html! {
            <span class="block">
                <span class="block">{ schedule::in_words(&job.schedule) }</span>
                <span class="block text-xs text-muted">{ job.zone.clone() }</span>
            </span>
        },
        match &job.last_run {
            Some(run) => outcome(run),
            None => html! { <span class="text-muted">{ t!("jobs.never") }</span> },
        },
        html! { job.next_run.map_or_else(|| AttrValue::from("–"), format::date_time) },
        html! {
            <span class="flex justify-end gap-1 md:justify-start">
                <Button label={t!("jobs.run")} size={ButtonSize::Small} disabled={job.running.then(|| t!("jobs.runs_now"))} onclick={with_name(ask)} />
                <Button label={t!("jobs.runs_of", job = job_name(&job.name))} icon={IconName::History} icon_only=true kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={with_name(onruns)} />
            </span>
        },
    ]
}

/// When, how it ended and what it did.
pub fn outcome(run: &JobRunView) -> Html {
    html! {
        <span class="block max-w-sm">
            <span class="flex flex-wrap items-center justify-end gap-x-2 gap-y-1 md:justify-start">
                <span class="whitespace-nowrap">{ format::date_time(run.started_at) }</span>
                { state(run.state) }
            </span>
            <span class="block text-sm text-muted">
                if let Some(result) = &run.result { { i18n::said(result) } }
                if let Some(ms) = run.took_ms { { " " }<span class="whitespace-nowrap">{ "(" }{ took(ms) }{ ")" }</span> }
            </span>
        </span>
    }
}

fn state(state: JobState) -> Html {
    let (tone, icon) = match state {
        JobState::Running => (Tone::Accent, IconName::Refresh),
        JobState::Done => (Tone::Good, IconName::Check),
        JobState::Failed => (Tone::Bad, IconName::Alert),
        JobState::Interrupted => (Tone::Warn, IconName::Ban),
    };
    html! { <Badge label={i18n::word("job_state", state.as_str())} {tone} {icon} /> }
}

/// How long a run took, in the unit that fits.
fn took(ms: i64) -> AttrValue {
    match ms {
        ..1_000 => t!("jobs.milliseconds", ms = ms),
        1_000..60_000 => t!("jobs.seconds", seconds = format::number(ms as f64 / 1_000.0, 1)),
        _ => t!("jobs.minutes", minutes = format::number(ms as f64 / 60_000.0, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::job_name;

    #[test]
    fn a_job_of_a_plugin_is_named_by_plugin_and_function() {
        assert_eq!(job_name("plugin:weekly-digest:send_digest"), "Plugin weekly-digest: send digest");
        assert_eq!(job_name("clean_up"), "Clean up");
    }
}
