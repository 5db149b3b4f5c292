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
    let oncount = {
        let (kinds, onchange, onjunk) = (kinds.clone(), props.onchange.clone(), props.onjunk.clone());
        Callback::from(move |typed: Typed| match typed {
            Ok(None) => onchange.emit(json!({ "count": 0, "kinds": kinds })),
            Ok(Some(number)) if number.fract() == 0.0 && (0.0..=1e6).contains(&number) => {
                onchange.emit(json!({ "count": number as u64, "kinds": kinds }));
            }
            Ok(Some(_)) | Err(_) => onjunk.emit(()),
        })
    };
    let toggle = |kind: &'static str| {
        let (kinds, count, onchange) = (kinds.clone(), count.clone(), props.onchange.clone());
        Callback::from(move |wanted: bool| {
            let chosen: Vec<&str> = KINDS
                .into_iter()
                .filter(
                    |known| if *known == kind { wanted } else { kinds.iter().any(|chosen| chosen == known) },
                )
                .collect();
            onchange.emit(json!({ "count": count, "kinds": chosen }));
        })
    };
    html! {
        <div class="space-y-4">
            <NumberInput id="own-evidence" label={t!("templates.evidence_count")} value={count.as_f64()} onchange={oncount} hint={t!("templates.evidence_hint")}
                error={error::of_field(&props.errors, "fields.evidence.count")} class="max-w-60" />
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
