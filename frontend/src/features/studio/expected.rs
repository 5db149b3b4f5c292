//! What a case expects, and the facts it is about, in words.

use kpi_api::{
    rules::cases::{Amount, Expected, TestCase},
    scoring::{Band, Severity},
};
use serde_json::{Map, Value};
use yew::prelude::*;

use super::outcome::to;
use crate::{
    core::{format, i18n},
    t,
    ui::{Badge, Tone},
    widgets::{band_tone, receipt::written_as},
};

#[derive(Properties, PartialEq)]
pub struct ExpectedViewProps {
    pub expected: Expected,
}

#[component]
pub fn ExpectedView(props: &ExpectedViewProps) -> Html {
    let expected = &props.expected;
    let mut lines: Vec<Html> = Vec::new();
    if let Some(score) = expected.score {
        let band = expected.band.unwrap_or(Band::None);
        let words = t!("studio.expects_score", score = amount(score));
        lines.push(html! {
            <>
                { words }
                if band != Band::None { { " " }<Badge label={i18n::word("band", band.as_str())} tone={band_tone(band)} /> }
            </>
        });
    } else if let Some(band) = expected.band {
        lines.push(html! { <Badge label={i18n::word("band", band.as_str())} tone={band_tone(band)} /> });
    }
    if let Some(progress) = expected.progress {
        lines.push(html! { t!("studio.expects_progress", progress = amount(progress)) });
    }
    if let Some(findings) = &expected.findings {
        if findings.is_empty() {
            lines.push(html! { t!("studio.no_findings") });
        }
        lines.extend(findings.iter().map(|finding| {
            let tone = if finding.severity == Severity::Error { Tone::Bad } else { Tone::Warn };
            html! { <><Badge label={i18n::word("severity", finding.severity.as_str())} {tone} />{ " " }{ i18n::field_name(&finding.field) }{ quoted(&finding.text) }</> }
        }));
    }
    if let Some(reminders) = &expected.reminders {
        if reminders.is_empty() {
            lines.push(html! { t!("studio.no_reminders") });
        }
        lines.extend(
            reminders.iter().map(|reminder| html! { <>{ to(reminder.to) }{ quoted(&reminder.text) }</> }),
        );
    }
    if let Some(error) = &expected.error {
        lines.push(html! { t!("studio.expects_error", error = error) });
    }
    if !expected.steps.is_empty() {
        lines.push(html! {
            <details>
                <summary class="cursor-pointer text-muted">{ t!("studio.expects_steps", count = expected.steps.len()) }</summary>
                <ul class="list-disc ps-5">{ for expected.steps.iter().map(|step| html! { <li>{ step.clone() }</li> }) }</ul>
            </details>
        });
    }
    if lines.is_empty() {
        return html! { <span class="text-muted">{ t!("studio.expects_anything") }</span> };
    }
    html! { <span class="block min-w-0 space-y-0.5 text-sm">{ for lines.into_iter().map(|line| html! { <span class="block">{ line }</span> }) }</span> }
}

fn quoted(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": “{text}”") }
}

fn amount(amount: Amount) -> String {
    match amount {
        Amount::Is(number) => format::plain(number),
        Amount::Absent(_) => t!("studio.none").to_string(),
    }
}

/// What the case says about its KPI, field by field.
pub fn facts(case: &TestCase) -> Html {
    if case.kpi.is_empty() && case.ctx.is_empty() {
        return html! { <p class="text-sm text-muted">{ t!("studio.case_usual") }</p> };
    }
    let rows = |fields: &Map<String, Value>| {
        let rows = fields.iter().map(|(name, value)| {
            html! {
                <>
                    <dt class="text-muted">{ i18n::field_name(name) }</dt>
                    <dd class="break-words tabular-nums">{ written_as(name, value) }</dd>
                </>
            }
        });
        rows.collect::<Html>()
    };
    html! {
        <dl class="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">{ rows(&case.kpi) }{ rows(&case.ctx) }</dl>
    }
}
