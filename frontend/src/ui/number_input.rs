//! A field for numbers as people write them: comma or point, with the unit beside it.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::field::{Field, described_by};
use crate::{
    core::{
        format,
        number::{self, NumberFault},
    },
    t,
};

/// What stands in the field: a number, nothing, or something that is no number.
pub type Typed = Result<Option<f64>, NumberFault>;

#[derive(Properties, PartialEq)]
pub struct NumberInputProps {
    pub id: AttrValue,
    pub label: AttrValue,
    /// Shown when it differs from what was typed last.
    pub value: Option<f64>,
    pub onchange: Callback<Typed>,
    #[prop_or_default]
    pub unit: AttrValue,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub optional: bool,
    #[prop_or_default]
    pub placeholder: AttrValue,
    #[prop_or_default]
    pub autofocus: bool,
    #[prop_or_default]
    pub class: Classes,
}

#[component]
pub fn NumberInput(props: &NumberInputProps) -> Html {
    let text = use_state(|| props.value.map(format::editable).unwrap_or_default());
    let typed = parse(&text);
    // A value set from outside (template chosen, draft restored) replaces the text; one's own typing never does.
    use_effect_with(props.value, {
        let text = text.clone();
        move |value| {
            let differs = match parse(&text) {
                Ok(now) => now != *value,
                Err(_) => value.is_some(),
            };
            if differs {
                text.set(value.map(format::editable).unwrap_or_default());
            }
        }
    });
    let oninput = {
        let (text, onchange) = (text.clone(), props.onchange.clone());
        Callback::from(move |event: InputEvent| {
            let now = event.target_unchecked_into::<HtmlInputElement>().value();
            onchange.emit(parse(&now));
            text.set(now);
        })
    };
    let error = match typed {
        Err(NumberFault::NotANumber) => Some(t!("ui.not_a_number")),
        Err(NumberFault::TooLarge) => Some(t!("ui.number_too_large")),
        Ok(_) => props.error.clone(),
    };
    let unit_id = format!("{}-unit", props.id);
    let mut described = described_by(&props.id, props.hint.is_some(), error.is_some()).unwrap_or_default();
    if !props.unit.is_empty() {
        described = format!("{unit_id} {described}");
    }
    html! {
        <Field
            id={props.id.clone()}
            label={props.label.clone()}
            hint={props.hint.clone()}
            error={error.clone()}
            optional={props.optional}
            class={props.class.clone()}
        >
            <div class={classes!("input", "w-full", error.is_some().then_some("input-error"))}>
                <input
                    id={props.id.clone()}
                    name={props.id.clone()}
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    class="tabular-nums"
                    value={(*text).clone()}
                    placeholder={props.placeholder.clone()}
                    autofocus={props.autofocus}
                    {oninput}
                    aria-invalid={error.is_some().then_some("true")}
                    aria-describedby={(!described.trim().is_empty()).then(|| described.trim().to_owned())}
                />
                if !props.unit.is_empty() {
                    <span id={unit_id} class="text-muted">{ props.unit.clone() }</span>
                }
            </div>
        </Field>
    }
}

fn parse(text: &str) -> Typed {
    number::parse(text, format::decimal_sign().chars().next().unwrap_or('.'))
}
