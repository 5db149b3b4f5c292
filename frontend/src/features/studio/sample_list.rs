//! The samples to choose from, each with what came out, as short as it goes.

use kpi_api::{
    rules::cases::{RunAnswer, Sample},
    scoring::Severity,
};
use yew::prelude::*;

use super::{asked::Asked, samples::Outcomes};
use crate::{
    core::{error::ApiError, format, i18n},
    t, tn,
    ui::{Badge, Icon, IconName, TextInput, Tone},
    widgets::BandMark,
};

/// More stored KPIs than these are found by their names.
const LISTED: usize = 6;

pub fn list(
    all: &[Sample],
    selected: Option<&Sample>,
    outcomes: &Asked<Outcomes>,
    busy: bool,
    chosen: &UseStateHandle<Option<String>>,
    search: &UseStateHandle<AttrValue>,
) -> Html {
    let wanted = search.trim().to_lowercase();
    let stored: Vec<&Sample> = all.iter().filter(|sample| !sample.is_pinned).collect();
    let found = stored.iter().filter(|sample| {
        wanted.is_empty()
            || sample.title.to_lowercase().contains(&wanted)
            || sample.owner.as_ref().is_some_and(|owner| owner.to_lowercase().contains(&wanted))
    });
    let shown = found.clone().take(LISTED);
    let row = |sample: &Sample| {
        let is_selected = selected.is_some_and(|selected| selected.key == sample.key);
        let outcome = outcomes.shown.as_ref().and_then(|outcomes| outcomes.get(&sample.key));
        let onclick = {
            let (chosen, key) = (chosen.clone(), sample.key.clone());
            Callback::from(move |_: MouseEvent| chosen.set(Some(key.clone())))
        };
        html! {
            <li key={sample.key.clone()}>
                <button type="button" class={classes!("sample-row", is_selected.then_some("is-selected"))} aria-pressed={if is_selected { "true" } else { "false" }} {onclick}>
                    <span class="min-w-0">
                        <span class="block break-words">{ title(sample) }</span>
                        if let Some(owner) = &sample.owner { <span class="block truncate text-xs text-muted">{ owner.clone() }</span> }
                    </span>
                    <span class={classes!("shrink-0", busy.then_some("is-refreshing"))}>{ brief(outcome) }</span>
                </button>
            </li>
        }
    };
    let oninput = {
        let search = search.clone();
        Callback::from(move |text: String| search.set(text.into()))
    };
    let more = found.count().saturating_sub(LISTED);
    html! {
        <>
            <ul class="sample-list" aria-label={t!("studio.samples_edge")}>{ for all.iter().filter(|sample| sample.is_pinned).map(row) }</ul>
            if !stored.is_empty() {
                <details class="mt-2" open={selected.is_some_and(|sample| !sample.is_pinned)}>
                    <summary class="cursor-pointer text-sm font-medium">{ t!("studio.samples_stored") }</summary>
                    <div class="mt-2 space-y-2">
                        if stored.len() > LISTED {
                            <TextInput id="sample-search" label={t!("studio.samples_search")} kind="search" value={(**search).clone()} {oninput} />
                        }
                        <ul class="sample-list" aria-label={t!("studio.samples_stored")}>{ for shown.map(|sample| row(sample)) }</ul>
                        if more > 0 { <p class="text-xs text-muted">{ tn!("studio.samples_more", more) }</p> }
                    </div>
                </details>
            }
        </>
    }
}

/// An edge case by its words, a stored KPI by its own title.
pub fn title(sample: &Sample) -> AttrValue {
    i18n::lookup(&format!("word.sample.{}", sample.key)).unwrap_or_else(|| sample.title.clone().into())
}

/// What came out, as short as it goes.
fn brief(outcome: Option<&Result<RunAnswer, ApiError>>) -> Html {
    let Some(Ok(answer)) = outcome else { return html! { <span class="text-muted">{ "–" }</span> } };
    if answer.trouble.is_some() || answer.diagnostics.iter().any(|fault| fault.severity == Severity::Error) {
        return html! { <Badge label={t!("studio.outcome_failed")} tone={Tone::Bad} icon={IconName::Alert} /> };
    }
    if let Some(result) = &answer.result {
        return html! { <BandMark band={result.band} score={result.score} /> };
    }
    if let Some(findings) = &answer.findings {
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        return match (errors, findings.len() - errors) {
            (0, 0) => {
                html! { <Badge label={t!("studio.outcome_fine")} tone={Tone::Good} icon={IconName::Check} /> }
            }
            (0, warnings) => {
                html! { <Badge label={tn!("studio.outcome_warnings", warnings)} tone={Tone::Warn} icon={IconName::Alert} /> }
            }
            (errors, _) => {
                html! { <Badge label={tn!("studio.outcome_errors", errors)} tone={Tone::Bad} icon={IconName::Ban} /> }
            }
        };
    }
    let count = answer.reminders.as_ref().map_or(0, Vec::len);
    html! {
        <span class="inline-flex items-center gap-1 text-sm">
            if count > 0 { <Icon name={IconName::Bell} class="size-4" /> }
            { if count == 0 { t!("studio.outcome_silent") } else { format::integer(count as i64).into() } }
        </span>
    }
}
