//! The input for one field's own value.

use kpi_api::error::FieldError;
use serde_json::{Map, Value, json};
use yew::prelude::*;

use super::{
    contract::ContractEditor,
    custom::CustomFieldsEditor,
    fields::{Editor, Spec, words},
    list_input::ListInput,
    milestones::MilestonesEditor,
    row::Change,
    words::{read, unit},
};
use crate::{
    core::{error, i18n},
    t,
    ui::{NumberInput, Select, TextArea, TextInput, number_input::Typed},
};

#[derive(Properties, PartialEq)]
pub struct ValueEditorProps {
    pub spec: &'static Spec,
    pub value: Value,
    pub effective: Map<String, Value>,
    pub errors: Vec<FieldError>,
    pub onchange: Callback<Change>,
}

#[component]
pub fn ValueEditor(props: &ValueEditorProps) -> Html {
    let spec = props.spec;
    let id = input_id(spec.name);
    let label = t!("templates.value_here", field = i18n::field_name(spec.name));
    let error = error::of_field(&props.errors, &format!("fields.{}", spec.name));
    let text = props.value.as_str().unwrap_or_default().to_owned();
    let set = props.onchange.reform(move |value: Value| Change::Set(spec.name, value));
    let ontext = set.reform(|text: String| json!(text));
    let onnumber = {
        let onchange = props.onchange.clone();
        Callback::from(move |typed: Typed| {
            onchange.emit(match typed {
                Ok(number) => Change::Set(spec.name, number_json(number, spec.editor == Editor::Whole)),
                Err(_) => Change::Junk(spec.name),
            });
        })
    };
    let onjunk = props.onchange.reform(move |()| Change::Junk(spec.name));
    match spec.editor {
        Editor::Line => {
            html! { <TextInput {id} {label} value={text} oninput={ontext} {error} autocomplete="off" /> }
        }
        Editor::Text => html! { <TextArea {id} {label} value={text} oninput={ontext} {error} rows={3} /> },
        Editor::Word => {
            html! { <Select {id} {label} value={text} options={words(spec.name)} onchange={ontext} {error} /> }
        }
        Editor::Measure | Editor::Number | Editor::Whole => html! {
            <NumberInput {id} {label} value={props.value.as_f64()} onchange={onnumber} unit={unit_of(spec, &props.effective)}
                hint={limits(spec.name)} {error} class="max-w-60" />
        },
        Editor::Tags => html! {
            <ListInput {id} {label} value={read::<Vec<String>>(&props.value)} onchange={set.reform(|tags: Vec<String>| json!(tags))}
                hint={t!("templates.by_commas")} {error} />
        },
        Editor::Milestones => {
            html! { <MilestonesEditor value={props.value.clone()} errors={props.errors.clone()} onchange={set} {onjunk} {error} /> }
        }
        Editor::CustomFields => {
            html! { <CustomFieldsEditor value={props.value.clone()} errors={props.errors.clone()} onchange={set} {error} /> }
        }
        Editor::Evidence => {
            html! { <ContractEditor value={props.value.clone()} errors={props.errors.clone()} onchange={set} {onjunk} /> }
        }
    }
}

pub fn input_id(name: &str) -> AttrValue {
    format!("own-{name}").into()
}

/// Whole numbers are kept as such: the API's type for them takes no other.
fn number_json(number: Option<f64>, whole: bool) -> Value {
    match number {
        None => Value::Null,
        Some(number) if whole && number.fract() == 0.0 && (0.0..=1e6).contains(&number) => {
            json!(number as u64)
        }
        Some(number) => json!(number),
    }
}

fn unit_of(spec: &Spec, all: &Map<String, Value>) -> AttrValue {
    match (spec.editor, spec.name) {
        (Editor::Measure, _) => unit(all).into(),
        (_, "weight") => "%".into(),
        (_, "cap") => t!("templates.unit_points"),
        (_, "check_in_days") => t!("templates.unit_days"),
        _ => AttrValue::default(),
    }
}

fn limits(name: &str) -> Option<AttrValue> {
    match name {
        "weight" => Some(t!("templates.weight_hint")),
        "cap" => Some(t!("templates.cap_hint")),
        "check_in_days" => Some(t!("templates.days_hint")),
        "decimals" => Some(t!("templates.decimals_hint")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_stays_whole() {
        assert_eq!(number_json(Some(2.0), true), json!(2));
        assert_eq!(number_json(Some(2.0), false), json!(2.0));
        assert_eq!(number_json(Some(2.5), true), json!(2.5));
        assert_eq!(number_json(None, true), Value::Null);
    }
}
