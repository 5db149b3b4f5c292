//! Fields that a template adds to its KPIs.

use kpi_api::{
    error::FieldError,
    template::{CustomField, CustomKind},
};
use serde_json::{Value, json};
use yew::prelude::*;

use super::{list_input::ListInput, words::read};
use crate::{
    core::{browser, error, i18n},
    t,
    ui::{Button, ButtonKind, ButtonSize, Checkbox, IconName, Select, TextInput},
};

#[derive(Properties, PartialEq)]
pub struct CustomFieldsEditorProps {
    pub value: Value,
    pub errors: Vec<FieldError>,
    pub onchange: Callback<Value>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
}

#[component]
pub fn CustomFieldsEditor(props: &CustomFieldsEditorProps) -> Html {
    let fields: Vec<CustomField> = read(&props.value);
    let add = {
        let (mut fields, onchange) = (fields.clone(), props.onchange.clone());
        let id = format!("custom-{}-label", fields.len());
        fields.push(CustomField {
            key: String::new(),
            label: String::new(),
            kind: CustomKind::Text,
            required: false,
            choices: Vec::new(),
        });
        Callback::from(move |_: MouseEvent| {
            onchange.emit(json!(fields));
            browser::focus_soon(id.clone());
        })
    };
    html! {
        <fieldset class="space-y-4">
            <legend class="text-sm font-medium">{ t!("templates.custom_fields") }</legend>
            <p class="text-sm text-muted">{ t!("templates.custom_hint") }</p>
            { for fields.iter().enumerate().map(|(index, field)| html! {
                <CustomFieldForm key={index} {index} field={field.clone()} errors={props.errors.clone()}
                    onchange={change(&fields, index, &props.onchange)} />
            }) }
            if let Some(error) = &props.error { <p class="text-sm text-error">{ error.clone() }</p> }
            <Button label={t!("templates.add_custom")} icon={IconName::Plus} size={ButtonSize::Small} onclick={add} />
        </fieldset>
    }
}

/// Takes one field's new state, or its removal.
fn change(fields: &[CustomField], index: usize, onchange: &Callback<Value>) -> Callback<Option<CustomField>> {
    let (fields, onchange) = (fields.to_vec(), onchange.clone());
    Callback::from(move |field: Option<CustomField>| {
        let mut fields = fields.clone();
        match field {
            Some(field) => fields[index] = field,
            None => drop(fields.remove(index)),
        }
        onchange.emit(json!(fields));
    })
}

#[derive(Properties, PartialEq)]
struct CustomFieldFormProps {
    index: usize,
    field: CustomField,
    errors: Vec<FieldError>,
    onchange: Callback<Option<CustomField>>,
}

#[component]
fn CustomFieldForm(props: &CustomFieldFormProps) -> Html {
    let (index, field) = (props.index, &props.field);
    let set = |apply: fn(&mut CustomField, String)| {
        let (field, onchange) = (field.clone(), props.onchange.clone());
        Callback::from(move |text: String| {
            let mut next = field.clone();
            apply(&mut next, text);
            onchange.emit(Some(next));
        })
    };
    let onrequired = {
        let (field, onchange) = (field.clone(), props.onchange.clone());
        Callback::from(move |required| onchange.emit(Some(CustomField { required, ..field.clone() })))
    };
    let onchoices = {
        let (field, onchange) = (field.clone(), props.onchange.clone());
        Callback::from(move |choices| onchange.emit(Some(CustomField { choices, ..field.clone() })))
    };
    let remove = props.onchange.reform(|_: MouseEvent| None);
    let kinds: Vec<_> = CustomKind::ALL
        .iter()
        .map(|kind| (AttrValue::from(kind.as_str()), i18n::word("custom_kind", kind.as_str())))
        .collect();
    let of = |name: &str| error::of_field(&props.errors, &format!("fields.custom_fields.{index}.{name}"));
    html! {
        <div class="space-y-3 rounded-box border border-base-300 p-3">
            <div class="grid items-start gap-3 sm:grid-cols-2">
                <TextInput id={format!("custom-{index}-label")} label={t!("field.label")} value={field.label.clone()} error={of("label")}
                    oninput={set(named)} autocomplete="off" />
                <TextInput id={format!("custom-{index}-key")} label={t!("field.key")} value={field.key.clone()} error={of("key")}
                    hint={t!("templates.key_hint")} oninput={set(|field, text| field.key = text)} autocomplete="off" />
            </div>
            <div class="grid items-start gap-3 sm:grid-cols-2">
                <Select id={format!("custom-{index}-kind")} label={t!("field.kind")} value={field.kind.as_str()} options={kinds} error={of("kind")}
                    onchange={set(|field, text| {
                        field.kind = text.parse().unwrap_or(field.kind);
                        if field.kind != CustomKind::Choice {
                            field.choices.clear();
                        }
                    })} />
                if field.kind == CustomKind::Choice {
                    <ListInput id={format!("custom-{index}-choices")} label={t!("field.choices")} value={field.choices.clone()} error={of("choices")}
                        hint={t!("templates.by_commas")} onchange={onchoices} />
                }
            </div>
            <div class="flex flex-wrap items-center justify-between gap-2">
                <Checkbox id={format!("custom-{index}-required")} label={t!("templates.must_be_filled")} checked={field.required} onchange={onrequired} />
                <Button label={t!("templates.remove_custom", label = field.label)} icon={IconName::Trash} kind={ButtonKind::Ghost} size={ButtonSize::Small}
                    onclick={remove} />
            </div>
        </div>
    }
}

/// A new label names the key too, as long as the key still follows the label.
fn named(field: &mut CustomField, label: String) {
    if field.key == key_of(&field.label) {
        field.key = key_of(&label);
    }
    field.label = label;
}

/// `[a-z0-9_]`, at most 40.
fn key_of(label: &str) -> String {
    let mut key = String::new();
    for letter in label.trim().to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => key.push(letter),
            'ä' => key.push_str("ae"),
            'ö' => key.push_str("oe"),
            'ü' => key.push_str("ue"),
            'ß' => key.push_str("ss"),
            _ if !key.is_empty() && !key.ends_with('_') => key.push('_'),
            _ => {}
        }
    }
    key.truncate(40);
    key.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_follows_the_label_until_it_is_typed() {
        assert_eq!(key_of("Größe (in m²)"), "groesse_in_m");
        let mut field = CustomField {
            key: "region".into(),
            label: "Region".into(),
            kind: CustomKind::Text,
            required: false,
            choices: Vec::new(),
        };
        named(&mut field, "Sales region".into());
        assert_eq!(field.key, "sales_region");
        field.key = "own".into();
        named(&mut field, "Area".into());
        assert_eq!(field.key, "own");
    }
}
