//! The fields that the template adds.

use kpi_api::template::{CustomField, CustomKind};
use serde_json::Value;
use yew::prelude::*;

use super::{entry::Editor, fields::FieldsProps};
use crate::{
    t,
    ui::{Card, DateInput, NumberInput, Select, TextInput, input::parse_date, number_input::Typed},
};

#[component]
pub fn CustomFields(props: &FieldsProps) -> Html {
    let Some(template) = &props.template else { return Html::default() };
    let fields = template.effective.custom_fields.as_deref().unwrap_or_default();
    html! {
        <Card title={t!("kpi.form.custom", template = template.name)}>
            <div id="kpi-custom-fields" tabindex="-1" class="grid items-start gap-4 outline-none sm:grid-cols-2">
                { for fields.iter().map(|field| input(field, props)) }
            </div>
            if let Some(error) = props.error("custom_fields") { <p class="mt-2 text-sm text-error" role="alert">{ error }</p> }
        </Card>
    }
}

fn input(field: &CustomField, props: &FieldsProps) -> Html {
    let value = props.entry.kpi.custom_fields.get(&field.key).cloned().unwrap_or(Value::Null);
    let id = format!("kpi-custom-fields-{}", field.key.replace('_', "-"));
    let name = format!("custom_fields.{}", field.key);
    let missing = (props.tried && field.required && is_blank(&value)).then(|| t!("ui.required"));
    let error = props.error(&name).or(missing);
    let (label, optional) = (field.label.clone(), !field.required);
    let text = value.as_str().unwrap_or_default().to_owned();
    let set = setter(&props.editor, field.key.clone());
    match field.kind {
        CustomKind::Text => {
            let oninput =
                set.reform(|text: String| if text.is_empty() { Value::Null } else { Value::from(text) });
            html! { <TextInput {id} {label} {optional} {error} value={text} {oninput} /> }
        }
        CustomKind::Choice => {
            let mut options = vec![(AttrValue::default(), t!("kpi.form.choose"))];
            options.extend(field.choices.iter().map(|choice| (choice.clone().into(), choice.clone().into())));
            let onchange =
                set.reform(|text: String| if text.is_empty() { Value::Null } else { Value::from(text) });
            html! { <Select {id} {label} {optional} {error} value={text} {options} {onchange} /> }
        }
        CustomKind::Date => {
            let onchange = set.reform(|date: Option<kpi_api::time::Date>| {
                date.map_or(Value::Null, |date| Value::from(date.to_string()))
            });
            html! { <DateInput {id} {label} {optional} {error} value={parse_date(&text)} {onchange} /> }
        }
        CustomKind::Number => {
            let editor = props.editor.clone();
            let onchange = Callback::from(move |typed: Typed| match typed {
                Ok(number) => {
                    let name = name.clone();
                    editor.change(move |entry| {
                        entry.junk.remove(&name);
                    });
                    set.emit(number.map_or(Value::Null, Value::from));
                }
                Err(_) => {
                    let name = name.clone();
                    editor.change(move |entry| {
                        entry.junk.insert(name);
                    });
                }
            });
            html! { <NumberInput {id} {label} {optional} {error} value={value.as_f64()} {onchange} /> }
        }
    }
}

fn setter(editor: &Editor, key: String) -> Callback<Value> {
    let editor = editor.clone();
    Callback::from(move |value: Value| {
        let key = key.clone();
        editor.change(move |entry| {
            entry.kpi.custom_fields.insert(key, value);
        });
    })
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}
