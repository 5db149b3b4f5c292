//! A case file that cannot be read, as text, so that its author can repair it; the fault stands at its line.

use kpi_api::rules::cases::{Diagnostic, TestReport};
use yew::prelude::*;

use super::{asked::Asked, editor::CodeField};
use crate::{
    core::code_editor::Language,
    t,
    ui::{Note, Tone},
};

#[derive(Properties, PartialEq)]
pub struct CaseFileProps {
    pub text: AttrValue,
    /// Counts the times when the text was put in other than by typing.
    pub brought: u32,
    /// Of the text as it was saved.
    pub fault: Option<Diagnostic>,
    pub report: Asked<TestReport>,
    /// Whether the rule's own text can be run; otherwise there is no report of what is typed here.
    pub runs: bool,
    pub ontype: Callback<String>,
}

#[component]
pub fn CaseFile(props: &CaseFileProps) -> Html {
    let fault = match props.report.shown.as_ref().filter(|_| props.runs) {
        Some(report) => report.fault.clone(),
        None => props.fault.clone(),
    };
    html! {
        <div class="space-y-3">
            <Note tone={Tone::Bad}>{ t!("studio.case_file_unread") }</Note>
            <CodeField label={t!("studio.case_file")} language={Language::Plain} text={props.text.clone()} brought={props.brought} ontype={props.ontype.clone()}
                found={Some(fault.into_iter().collect::<Vec<_>>())} />
        </div>
    }
}
