//! The fields that the template adds.

use std::rc::Rc;

use kpi_api::{
    check::Check,
    error::FieldError,
    kpi::{KpiNew, KpiView},
    template::{
        CustomField, CustomKind, TemplateView,
        custom::{self, CUSTOM_TEXT_MAX, is_blank, place},
    },
};
use serde_json::Value;
use yew::prelude::*;

use super::{entry::Editor, fields::FieldsProps};
use crate::{
    t,
    ui::{Card, DateInput, NumberInput, Select, TextInput, input::parse_date, number_input::Typed},
};

/// The template's fields, with its name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Custom {
    pub template: AttrValue,
    pub fields: Rc<[CustomField]>,
}

impl Custom {
    /// Those of a stored KPI, which keeps the ones it was made with; of a new one, those of its template.
    pub fn of(stored: Option<&KpiView>, template: Option<&TemplateView>) -> Self {
        let (name, fields) = match (stored, template) {
            (Some(kpi), _) => (kpi.template_name.clone(), kpi.custom_definitions.clone()),
            (None, Some(template)) => {
                (Some(template.name.clone()), template.effective.custom_fields.clone().unwrap_or_default())
            }
            (None, None) => (None, Vec::new()),
        };
        Self { template: name.unwrap_or_default().into(), fields: fields.into() }
    }

    /// What is wrong with the values; what is still missing only where the KPI is handed in.
    pub fn faults(&self, kpi: &KpiNew, handed_in: bool) -> Vec<FieldError> {
        let mut check = Check::new();
        custom::check_values(&self.fields, &kpi.custom_fields, &mut check);
        if handed_in {
            for field in custom::missing(&self.fields, &kpi.custom_fields) {
                check.fail(&place(&field.key), "required", "Fill this in.");
            }
        }
        check.errors()
    }
}

#[component]
pub fn CustomFields(props: &FieldsProps) -> Html {
    html! {
        <Card title={t!("kpi.form.custom", template = props.custom.template)}>
            <div id="kpi-custom-fields" tabindex="-1" class="grid items-start gap-4 outline-none sm:grid-cols-2">
                { for props.custom.fields.iter().map(|field| input(field, props)) }
            </div>
            if let Some(error) = props.error("custom_fields") { <p class="mt-2 text-sm text-error" role="alert">{ error }</p> }
        </Card>
    }
}

fn input(field: &CustomField, props: &FieldsProps) -> Html {
    let value = props.entry.kpi.custom_fields.get(&field.key).cloned().unwrap_or(Value::Null);
    let id = format!("kpi-custom-fields-{}", field.key.replace('_', "-"));
    let name = place(&field.key);
    let missing = (props.tried && field.required && is_blank(&value)).then(|| t!("ui.required"));
    let error = props.error(&name).or(missing);
    let (label, optional) = (field.label.clone(), !field.required);
    let text = value.as_str().unwrap_or_default().to_owned();
    let set = setter(&props.editor, field.key.clone());
    match field.kind {
        CustomKind::Text => {
            let oninput =
                set.reform(|text: String| if text.is_empty() { Value::Null } else { Value::from(text) });
            html! { <TextInput {id} {label} {optional} {error} value={text} maxlength={CUSTOM_TEXT_MAX} {oninput} /> }
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
            entry.touched.insert(place(&key));
            entry.kpi.custom_fields.insert(key, value);
        });
    })
}

#[cfg(test)]
mod tests {
    use kpi_api::time::Quarter;

    use super::*;

    #[test]
    fn what_is_missing_counts_when_it_is_handed_in() {
        let field = |key: &str, kind| CustomField {
            key: key.into(),
            label: key.into(),
            kind,
            required: true,
            choices: Vec::new(),
        };
        let fields = [field("heads", CustomKind::Number), field("note", CustomKind::Text)];
        let custom = Custom { template: "Visits".into(), fields: fields.into() };
        let mut kpi = KpiNew::blank(2026, Quarter::Q1);
        kpi.custom_fields.insert("heads".into(), "many".into());
        let named = |handed_in| {
            let faults = custom.faults(&kpi, handed_in);
            faults.into_iter().map(|fault| format!("{} {}", fault.field, fault.code)).collect::<Vec<_>>()
        };
        assert_eq!(named(false), ["custom_fields.heads wrong_type"]);
        assert_eq!(named(true), ["custom_fields.heads wrong_type", "custom_fields.note required"]);
    }
}
