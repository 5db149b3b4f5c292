//! What a rule said about one KPI: a score with its receipt, findings, or reminders.

use kpi_api::{
    rules::cases::{ReminderTo, ReminderView, RunAnswer},
    scoring::{RuleKind, Said},
};
use yew::prelude::*;

use crate::{
    core::{format, i18n},
    t, tn,
    ui::{Note, Tone},
    widgets::{FindingsList, ReceiptView},
};

#[derive(Properties, PartialEq)]
pub struct OutcomeViewProps {
    pub answer: RunAnswer,
    pub kind: RuleKind,
}

#[component]
pub fn OutcomeView(props: &OutcomeViewProps) -> Html {
    let answer = &props.answer;
    html! {
        <div class="space-y-3">
            if let Some(trouble) = &answer.trouble {
                <Note tone={Tone::Bad}>
                    <p class="font-medium">{ i18n::word("trouble_kind", trouble.kind.as_str()) }</p>
                    <p>{ match trouble.line { Some(line) => t!("studio.line_says", line = line, what = trouble.message), None => trouble.message.clone().into() } }</p>
                </Note>
            }
            if let Some(receipt) = &answer.receipt { <ReceiptView receipt={receipt.clone()} /> }
            if let Some(findings) = &answer.findings {
                if findings.is_empty() {
                    <p class="text-sm text-muted">{ t!("studio.no_findings") }</p>
                } else {
                    <FindingsList findings={findings.clone()} />
                }
            }
            if let Some(reminders) = &answer.reminders {
                if reminders.is_empty() {
                    <p class="text-sm text-muted">{ t!("studio.no_reminders") }</p>
                } else {
                    <ul class="space-y-2">{ for reminders.iter().map(reminder) }</ul>
                }
            }
            if props.kind != RuleKind::Score && !answer.log.is_empty() {
                <details class="text-sm">
                    <summary class="cursor-pointer text-muted">{ tn!("studio.log", answer.log.len()) }</summary>
                    <ol class="mt-1 list-decimal ps-5">{ for answer.log.iter().map(|line| html! { <li>{ line.clone() }</li> }) }</ol>
                </details>
            }
            <p class="text-xs text-muted tabular-nums">
                { t!("studio.cost", operations = format::integer(answer.operations as i64), ms = format::number(answer.took_us as f64 / 1000.0, 1)) }
            </p>
        </div>
    }
}

fn reminder(reminder: &ReminderView) -> Html {
    reminder_card(&to(reminder.to), &reminder.title, &reminder.text, Some(reminder.every))
}

/// `every` in days.
pub fn reminder_card(to: &str, title: &Said, text: &Said, every: Option<u16>) -> Html {
    html! {
        <li class="rounded-field border border-base-300 p-3 text-sm">
            <p class="text-xs text-muted">{ to.to_owned() }</p>
            <p class="font-medium">{ i18n::said(title) }</p>
            <p>{ i18n::said(text) }</p>
            if let Some(days) = every { <p class="mt-1 text-xs text-muted">{ tn!("studio.again_after", days) }</p> }
        </li>
    }
}

/// Whom a reminder is for, in words.
pub fn to(to: ReminderTo) -> AttrValue {
    match to {
        ReminderTo::Owner => t!("studio.to_owner"),
        ReminderTo::Approver => t!("studio.to_approver"),
        ReminderTo::Manager => t!("studio.to_manager"),
        ReminderTo::User(id) => t!("studio.to_user", id = id),
    }
}
