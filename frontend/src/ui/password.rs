//! A password field that can be shown, and warns of caps lock.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    field::{Field, described_by},
    icon::{Icon, IconName},
};
use crate::t;

#[derive(Properties, PartialEq)]
pub struct PasswordInputProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub value: AttrValue,
    pub oninput: Callback<String>,
    /// `current-password` or `new-password`.
    pub autocomplete: &'static str,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub aside: Html,
}

#[component]
pub fn PasswordInput(props: &PasswordInputProps) -> Html {
    let shown = use_state(|| false);
    let caps = use_state(|| false);
    let oninput = {
        let oninput = props.oninput.clone();
        Callback::from(move |event: InputEvent| {
            oninput.emit(event.target_unchecked_into::<HtmlInputElement>().value())
        })
    };
    let onkey = {
        let caps = caps.clone();
        Callback::from(move |event: KeyboardEvent| caps.set(event.get_modifier_state("CapsLock")))
    };
    let toggle = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(!*shown))
    };
    let hint = if *caps { Some(t!("ui.caps_lock")) } else { props.hint.clone() };
    html! {
        <Field
            id={props.id.clone()}
            label={props.label.clone()}
            hint={hint.clone()}
            error={props.error.clone()}
            aside={props.aside.clone()}
        >
            <div class={classes!("input", "w-full", "pe-1", props.error.is_some().then_some("input-error"))}>
                <input
                    id={props.id.clone()}
                    name={props.id.clone()}
                    type={if *shown { "text" } else { "password" }}
                    value={props.value.clone()}
                    {oninput}
                    onkeydown={onkey.clone()}
                    onkeyup={onkey}
                    autocomplete={props.autocomplete}
                    autocapitalize="off"
                    spellcheck="false"
                    aria-invalid={props.error.is_some().then_some("true")}
                    aria-describedby={described_by(&props.id, hint.is_some(), props.error.is_some())}
                />
                <button
                    type="button"
                    class="btn btn-ghost btn-sm btn-square"
                    onclick={toggle}
                    aria-pressed={if *shown { "true" } else { "false" }}
                    aria-label={t!("ui.show_password")}
                >
                    <Icon name={if *shown { IconName::EyeOff } else { IconName::Eye }} />
                </button>
            </div>
        </Field>
    }
}
