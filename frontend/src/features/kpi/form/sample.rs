//! The form as its owner would see it, to look at and to try: nothing in it is kept.

use kpi_api::kpi::KpiNew;
use yew::prelude::*;

use super::{
    custom::Custom,
    entry::{Editor, Entry, sent},
    fields::Fields,
    preview::{PreviewPanel, use_preview},
};

#[derive(Properties, PartialEq)]
pub struct SampleFormProps {
    /// What it begins with.
    pub kpi: KpiNew,
    pub custom: Custom,
}

#[component]
pub fn SampleForm(props: &SampleFormProps) -> Html {
    let state = {
        let kpi = props.kpi.clone();
        use_reducer(move || Entry::new(kpi, None))
    };
    let editor = Editor(state.dispatcher());
    let preview = use_preview(&sent(&state.kpi), None, state.what_if);
    let findings = preview.shown.as_ref().map(|shown| shown.findings.clone()).unwrap_or_default();
    html! {
        <div class="space-y-4">
            <Fields entry={(*state).clone()} editor={editor.clone()} errors={Vec::new()} {findings} tried=false custom={props.custom.clone()}
                stored={None} revises=false sample=true />
            <PreviewPanel {preview} entry={(*state).clone()} {editor} />
        </div>
    }
}
