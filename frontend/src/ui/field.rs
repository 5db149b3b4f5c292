//! Form fields. [`Field`] joins label, input, hint and error; the inputs take the ids from it.

use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::icon::{Icon, IconName};
use crate::t;

#[derive(Properties, PartialEq)]
pub struct FieldProps {
    /// Id of the input; hint and error derive theirs from it.
    pub id: AttrValue,
    pub label: AttrValue,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// Says "optional" beside the label.
    #[prop_or_default]
    pub optional: bool,
    /// Stands right of the label, e.g. a link.
    #[prop_or_default]
    pub aside: Html,
    #[prop_or_default]
    pub class: Classes,
    pub children: Html,
}

#[component]
pub fn Field(props: &FieldProps) -> Html {
    html! {
        <div class={classes!("field", props.class.clone())}>
            <div class="flex items-baseline justify-between gap-2">
                <label for={props.id.clone()} class="text-sm font-medium">
                    { props.label.clone() }
                    if props.optional {
                        <span class="ms-1 font-normal text-muted">{ t!("ui.optional") }</span>
                    }
                </label>
                { props.aside.clone() }
            </div>
            { props.children.clone() }
            if let Some(error) = &props.error {
                <p id={format!("{}-error", props.id)} class="flex items-start gap-1 text-sm text-error">
                    <Icon name={IconName::Alert} class="mt-0.5 size-4" />
                    <span>{ error.clone() }</span>
                </p>
            }
            if let Some(hint) = &props.hint {
                <p id={format!("{}-hint", props.id)} class="text-sm text-muted">{ hint.clone() }</p>
            }
        </div>
    }
}

/// Ids of what describes an input, for `aria-describedby`.
pub fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    match (error, hint) {
        (false, false) => None,
        (true, false) => Some(format!("{id}-error")),
        (false, true) => Some(format!("{id}-hint")),
        (true, true) => Some(format!("{id}-error {id}-hint")),
    }
}

/// A labelled line of text.
#[derive(Properties, PartialEq)]
pub struct TextInputProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub value: AttrValue,
    pub oninput: Callback<String>,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub optional: bool,
    /// `text`, `email`, `search`, `url`.
    #[prop_or("text")]
    pub kind: &'static str,
    #[prop_or_default]
    pub autocomplete: Option<&'static str>,
    #[prop_or_default]
    pub placeholder: AttrValue,
    #[prop_or_default]
    pub maxlength: Option<usize>,
    #[prop_or_default]
    pub readonly: bool,
    #[prop_or_default]
    pub autofocus: bool,
    #[prop_or_default]
    pub class: Classes,
}

#[component]
pub fn TextInput(props: &TextInputProps) -> Html {
    let oninput = {
        let oninput = props.oninput.clone();
        Callback::from(move |event: InputEvent| {
            oninput.emit(event.target_unchecked_into::<HtmlInputElement>().value())
        })
    };
    html! {
        <Field
            id={props.id.clone()}
            label={props.label.clone()}
            hint={props.hint.clone()}
            error={props.error.clone()}
            optional={props.optional}
            class={props.class.clone()}
        >
            <input
                id={props.id.clone()}
                name={props.id.clone()}
                type={props.kind}
                class={classes!("input", "w-full", props.error.is_some().then_some("input-error"))}
                value={props.value.clone()}
                {oninput}
                autocomplete={props.autocomplete}
                placeholder={props.placeholder.clone()}
                maxlength={props.maxlength.map(|max| max.to_string())}
                readonly={props.readonly}
                autofocus={props.autofocus}
                aria-invalid={props.error.is_some().then_some("true")}
                aria-describedby={described_by(&props.id, props.hint.is_some(), props.error.is_some())}
            />
        </Field>
    }
}

/// A labelled text of several lines.
#[derive(Properties, PartialEq)]
pub struct TextAreaProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub value: AttrValue,
    pub oninput: Callback<String>,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub optional: bool,
    #[prop_or(3)]
    pub rows: u32,
    #[prop_or_default]
    pub placeholder: AttrValue,
    #[prop_or_default]
    pub class: Classes,
}

#[component]
pub fn TextArea(props: &TextAreaProps) -> Html {
    let oninput = {
        let oninput = props.oninput.clone();
        Callback::from(move |event: InputEvent| {
            oninput.emit(event.target_unchecked_into::<HtmlTextAreaElement>().value());
        })
    };
    html! {
        <Field
            id={props.id.clone()}
            label={props.label.clone()}
            hint={props.hint.clone()}
            error={props.error.clone()}
            optional={props.optional}
            class={props.class.clone()}
        >
            <textarea
                id={props.id.clone()}
                name={props.id.clone()}
                class={classes!("textarea", "w-full", props.error.is_some().then_some("textarea-error"))}
                rows={props.rows.to_string()}
                value={props.value.clone()}
                {oninput}
                placeholder={props.placeholder.clone()}
                aria-invalid={props.error.is_some().then_some("true")}
                aria-describedby={described_by(&props.id, props.hint.is_some(), props.error.is_some())}
            />
        </Field>
    }
}

/// A labelled tick box.
#[derive(Properties, PartialEq)]
pub struct CheckboxProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub checked: bool,
    pub onchange: Callback<bool>,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub disabled: bool,
    /// Keeps the label for screen readers only, e.g. in a table's row.
    #[prop_or_default]
    pub bare: bool,
}

#[component]
pub fn Checkbox(props: &CheckboxProps) -> Html {
    let onchange = {
        let onchange = props.onchange.clone();
        Callback::from(move |event: Event| {
            onchange.emit(event.target_unchecked_into::<HtmlInputElement>().checked())
        })
    };
    html! {
        <div>
            <label class="flex cursor-pointer items-start gap-2 text-sm" for={props.id.clone()}>
                <input
                    id={props.id.clone()}
                    type="checkbox"
                    class="checkbox checkbox-sm checkbox-primary mt-px"
                    checked={props.checked}
                    disabled={props.disabled}
                    {onchange}
                    aria-describedby={described_by(&props.id, props.hint.is_some(), false)}
                />
                <span class={classes!(props.bare.then_some("sr-only"))}>{ props.label.clone() }</span>
            </label>
            if let Some(hint) = &props.hint {
                <p id={format!("{}-hint", props.id)} class="ms-6 text-sm text-muted">{ hint.clone() }</p>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::described_by;

    #[test]
    fn the_error_is_read_before_the_hint() {
        assert_eq!(described_by("a", true, true).as_deref(), Some("a-error a-hint"));
        assert_eq!(described_by("a", false, false), None);
    }
}
