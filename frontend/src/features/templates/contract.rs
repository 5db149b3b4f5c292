//! What has to be attached before a result may be submitted.

use kpi_api::error::FieldError;
use serde_json::{Value, json};
use yew::prelude::*;

use crate::{
    core::error,
    t,
    ui::{Checkbox, NumberInput, number_input::Typed},
};

/// The file types that evidence may have.
const KINDS: [&str; 11] = ["pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "jpg", "jpeg", "png", "gif"];

#[derive(Properties, PartialEq)]
pub struct ContractEditorProps {
    pub value: Value,
    pub errors: Vec<FieldError>,
    pub onchange: Callback<Value>,
    pub onjunk: Callback<()>,
}

#[component]
pub fn ContractEditor(props: &ContractEditorProps) -> Html {
    let kinds: Vec<String> = props.value["kinds"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|kind| kind.as_str().map(str::to_owned))
        .collect();
    let count = props.value["count"].clone();
    let days = props.value["max_age_days"].as_f64();
    // The contract with one part changed; a part that is empty is left out.
    let with = |part: &'static str| {
        let (value, onchange, onjunk) = (props.value.clone(), props.onchange.clone(), props.onjunk.clone());
        Callback::from(move |typed: Typed| {
            let mut next = value.clone();
            match typed {
                Ok(None) => {
                    next[part] = if part == "count" { json!(0) } else { Value::Null };
                    onchange.emit(next);
                }
                Ok(Some(number)) if number.fract() == 0.0 && (0.0..=1e6).contains(&number) => {
                    next[part] = json!(number as u64);
                    onchange.emit(next);
                }
                Ok(Some(_)) | Err(_) => onjunk.emit(()),
            }
        })
    };
    let toggle = |kind: &'static str| {
        let (kinds, value, onchange) = (kinds.clone(), props.value.clone(), props.onchange.clone());
        Callback::from(move |wanted: bool| {
            let chosen: Vec<&str> = KINDS
                .into_iter()
                .filter(
                    |known| if *known == kind { wanted } else { kinds.iter().any(|chosen| chosen == known) },
                )
                .collect();
            let mut next = value.clone();
            next["kinds"] = json!(chosen);
            onchange.emit(next);
        })
    };
    html! {
        <div class="space-y-4">
            <NumberInput id="own-evidence" label={t!("templates.evidence_count")} value={count.as_f64()} onchange={with("count")} hint={t!("templates.evidence_hint")}
                error={error::of_field(&props.errors, "fields.evidence.count")} class="max-w-60" />
            <NumberInput id="own-evidence-age" label={t!("templates.evidence_age")} value={days} onchange={with("max_age_days")} hint={t!("templates.evidence_age_hint")} optional=true
                error={error::of_field(&props.errors, "fields.evidence.max_age_days")} class="max-w-60" />
            <fieldset>
                <legend class="mb-2 text-sm font-medium">{ t!("templates.evidence_kinds") }</legend>
                <div class="grid grid-cols-3 gap-2 sm:grid-cols-4">
                    { for KINDS.into_iter().map(|kind| html! {
                        <Checkbox key={kind} id={format!("evidence-{kind}")} label={kind} checked={kinds.iter().any(|chosen| chosen == kind)} onchange={toggle(kind)} />
                    }) }
                </div>
            </fieldset>
        </div>
    }
}
