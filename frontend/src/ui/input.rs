//! Choices and dates.

use kpi_api::time::Date;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::field::{Field, described_by};

/// A labelled choice of one. Options are (value, words); an empty value is "none".
#[derive(Properties, PartialEq)]
pub struct SelectProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub value: AttrValue,
    pub options: Vec<(AttrValue, AttrValue)>,
    pub onchange: Callback<String>,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub optional: bool,
    /// Hides the label from the eye, e.g. in a filter bar whose options speak for themselves.
    #[prop_or_default]
    pub compact: bool,
    #[prop_or_default]
    pub disabled: bool,
    #[prop_or_default]
    pub class: Classes,
}

#[component]
pub fn Select(props: &SelectProps) -> Html {
    let onchange = {
        let onchange = props.onchange.clone();
        Callback::from(move |event: Event| {
            onchange.emit(event.target_unchecked_into::<HtmlSelectElement>().value())
        })
    };
    let select = html! {
        <select
            id={props.id.clone()}
            name={props.id.clone()}
            class={classes!("select", if props.compact { "select-sm w-auto max-w-full" } else { "w-full" }, props.error.is_some().then_some("select-error"))}
            {onchange}
            disabled={props.disabled}
            aria-label={props.compact.then(|| props.label.clone())}
            aria-invalid={props.error.is_some().then_some("true")}
            aria-describedby={described_by(&props.id, props.hint.is_some(), props.error.is_some())}
        >
            { for props.options.iter().map(|(value, words)| html! {
                <option key={value.to_string()} value={value.clone()} selected={*value == props.value}>{ words.clone() }</option>
            }) }
        </select>
    };
    if props.compact {
        return select;
    }
    html! {
        <Field
            id={props.id.clone()}
            label={props.label.clone()}
            hint={props.hint.clone()}
            error={props.error.clone()}
            optional={props.optional}
            class={props.class.clone()}
        >
            { select }
        </Field>
    }
}

/// A labelled date; `None` while it is blank or incomplete.
#[derive(Properties, PartialEq)]
pub struct DateInputProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub value: Option<Date>,
    pub onchange: Callback<Option<Date>>,
    #[prop_or_default]
    pub min: Option<Date>,
    #[prop_or_default]
    pub max: Option<Date>,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub optional: bool,
    #[prop_or_default]
    pub class: Classes,
}

#[component]
pub fn DateInput(props: &DateInputProps) -> Html {
    let onchange = {
        let onchange = props.onchange.clone();
        Callback::from(move |event: Event| {
            onchange.emit(parse_date(&event.target_unchecked_into::<HtmlInputElement>().value()));
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
                type="date"
                class={classes!("input", "w-full", props.error.is_some().then_some("input-error"))}
                value={props.value.map(|date| date.to_string()).unwrap_or_default()}
                min={props.min.map(|date| date.to_string())}
                max={props.max.map(|date| date.to_string())}
                {onchange}
                aria-invalid={props.error.is_some().then_some("true")}
                aria-describedby={described_by(&props.id, props.hint.is_some(), props.error.is_some())}
            />
        </Field>
    }
}

/// `YYYY-MM-DD`, as date inputs and the API write it.
pub fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    Date::from_calendar_date(year, month.try_into().ok()?, day).ok()
}

/// A few choices side by side, as a group of radio buttons. Options are (value, words).
#[derive(Properties, PartialEq)]
pub struct SegmentedProps {
    /// Name of the group; also prefix of the ids.
    pub name: AttrValue,
    pub label: AttrValue,
    pub value: AttrValue,
    pub options: Vec<(AttrValue, AttrValue)>,
    pub onchange: Callback<String>,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub compact: bool,
}

#[component]
pub fn Segmented(props: &SegmentedProps) -> Html {
    html! {
        <fieldset class="field">
            <legend class={classes!("mb-1.5", "text-sm", "font-medium", props.compact.then_some("sr-only"))}>{ props.label.clone() }</legend>
            <div class="inline-flex flex-wrap justify-self-start gap-1 rounded-field bg-base-200 p-1">
                { for props.options.iter().map(|(value, words)| {
                    let id = format!("{}-{value}", props.name);
                    let onchange = {
                        let (onchange, value) = (props.onchange.clone(), value.to_string());
                        Callback::from(move |_: Event| onchange.emit(value.clone()))
                    };
                    html! {
                        <label key={value.to_string()} for={id.clone()} class="segment">
                            <input {id} type="radio" class="sr-only" name={props.name.clone()} value={value.clone()} checked={*value == props.value} {onchange} />
                            { words.clone() }
                        </label>
                    }
                }) }
            </div>
            if let Some(hint) = &props.hint {
                <p class="text-sm text-muted">{ hint.clone() }</p>
            }
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::time::Date;

    use super::parse_date;

    #[test]
    fn a_date_input_gives_a_date_or_nothing() {
        let date = Date::from_ordinal_date(2026, 63).unwrap();
        assert_eq!(parse_date("2026-03-04"), Some(date));
        assert_eq!(date.to_string(), "2026-03-04");
        for text in ["", "2026-13-01", "2026-02-30", "04.03.2026"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
