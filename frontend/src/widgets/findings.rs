//! What the validation rules say, errors first.

use kpi_api::scoring::{Finding, Severity};
use yew::prelude::*;

use crate::{
    core::i18n,
    t,
    ui::{Icon, IconName, Tone},
};

#[derive(Properties, PartialEq)]
pub struct FindingsListProps {
    pub findings: Vec<Finding>,
    /// Names the field each is about.
    #[prop_or(true)]
    pub with_field: bool,
}

#[component]
pub fn FindingsList(props: &FindingsListProps) -> Html {
    let mut findings: Vec<&Finding> = props.findings.iter().collect();
    findings.sort_by_key(|finding| finding.severity);
    html! {
        <ul class="space-y-1 text-sm">
            { for findings.into_iter().map(|finding| {
                let (tone, name, word) = match finding.severity {
                    Severity::Error => (Tone::Bad, IconName::Ban, t!("findings.error")),
                    Severity::Warning => (Tone::Warn, IconName::Alert, t!("findings.warning")),
                };
                html! {
                    <li class="flex items-start gap-2">
                        <span class={classes!("mark-text", tone.class())}><Icon {name} class="mt-0.5 size-4" /><span class="sr-only">{ word }</span></span>
                        <span>
                            if props.with_field && !finding.field.is_empty() {
                                <span class="font-medium">{ i18n::field_name(&finding.field) }{ ": " }</span>
                            }
                            { i18n::said(&finding.message) }
                        </span>
                    </li>
                }
            }) }
        </ul>
    }
}

/// The first sentence about a field, to stand beside it.
pub fn about(findings: &[Finding], field: &str, severity: Severity) -> Option<AttrValue> {
    findings
        .iter()
        .find(|finding| finding.field == field && finding.severity == severity)
        .map(|finding| i18n::said(&finding.message))
}
