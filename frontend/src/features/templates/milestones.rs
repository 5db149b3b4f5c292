//! The parts of a KPI that is done step by step.

use kpi_api::error::FieldError;
use serde_json::{Value, json};
use yew::prelude::*;

use crate::{
    core::{browser, error},
    t,
    ui::{Button, ButtonKind, ButtonSize, IconName, NumberInput, TextInput, number_input::Typed},
};

#[derive(Properties, PartialEq)]
pub struct MilestonesEditorProps {
    /// A list of milestones as the API has them; a weight is `null` while nothing is typed.
    pub value: Value,
    pub errors: Vec<FieldError>,
    pub onchange: Callback<Value>,
    pub onjunk: Callback<()>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
}

#[component]
pub fn MilestonesEditor(props: &MilestonesEditorProps) -> Html {
    let rows: Vec<Value> = props.value.as_array().cloned().unwrap_or_default();
    let with = |index: usize, field: &'static str| {
        let (rows, onchange) = (rows.clone(), props.onchange.clone());
        move |value: Value| {
            let mut rows = rows.clone();
            if let Some(row) = rows.get_mut(index).and_then(Value::as_object_mut) {
                row.insert(field.to_owned(), value);
            }
            onchange.emit(Value::Array(rows));
        }
    };
    let remove = |index: usize| {
        let (mut rows, onchange) = (rows.clone(), props.onchange.clone());
        rows.remove(index);
        Callback::from(move |_: MouseEvent| onchange.emit(Value::Array(rows.clone())))
    };
    let add = {
        let (mut rows, onchange) = (rows.clone(), props.onchange.clone());
        let id = format!("milestone-{}-title", rows.len());
        rows.push(json!({ "title": "", "weight": 1.0, "done": false }));
        Callback::from(move |_: MouseEvent| {
            onchange.emit(Value::Array(rows.clone()));
            browser::focus_soon(id.clone());
        })
    };
    let of = |index: usize, field: &str| {
        error::of_field(&props.errors, &format!("fields.milestones.{index}.{field}"))
    };
    html! {
        <fieldset class="space-y-3">
            <legend class="text-sm font-medium">{ t!("templates.milestones") }</legend>
            { for rows.iter().enumerate().map(|(index, row)| {
                let (ontitle, onweight) = (with(index, "title"), with(index, "weight"));
                let onjunk = props.onjunk.clone();
                html! {
                    <div key={index} class="grid grid-cols-[minmax(0,1fr)_6rem_auto] items-start gap-2">
                        <TextInput id={format!("milestone-{index}-title")} label={t!("templates.milestone", number = index + 1)}
                            value={row["title"].as_str().unwrap_or_default().to_owned()} error={of(index, "title")} autocomplete="off"
                            oninput={Callback::from(move |text: String| ontitle(json!(text)))} />
                        <NumberInput id={format!("milestone-{index}-weight")} label={t!("field.weight")} value={row["weight"].as_f64()} error={of(index, "weight")}
                            onchange={Callback::from(move |typed: Typed| match typed {
                                Ok(number) => onweight(json!(number)),
                                Err(_) => onjunk.emit(()),
                            })} />
                        <Button label={t!("templates.remove_milestone", number = index + 1)} icon={IconName::Trash} icon_only=true kind={ButtonKind::Ghost}
                            size={ButtonSize::Small} onclick={remove(index)} class="mt-8" />
                    </div>
                }
            }) }
            if let Some(error) = &props.error { <p class="text-sm text-error">{ error.clone() }</p> }
            <p class="text-sm text-muted">{ t!("templates.milestones_hint") }</p>
            <Button label={t!("templates.add_milestone")} icon={IconName::Plus} size={ButtonSize::Small} onclick={add} />
        </fieldset>
    }
}
