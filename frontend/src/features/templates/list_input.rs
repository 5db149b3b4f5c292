//! A list of short texts in one field, separated by commas.

use yew::prelude::*;

use crate::ui::TextInput;

#[derive(Properties, PartialEq)]
pub struct ListInputProps {
    pub id: AttrValue,
    pub label: AttrValue,
    pub value: Vec<String>,
    pub onchange: Callback<Vec<String>>,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
}

#[component]
pub fn ListInput(props: &ListInputProps) -> Html {
    let text = use_state(|| props.value.join(", "));
    // A list set from outside replaces the text; one's own commas and blanks stay while typing.
    use_effect_with(props.value.clone(), {
        let text = text.clone();
        move |value: &Vec<String>| {
            if split(&text) != *value {
                text.set(value.join(", "));
            }
        }
    });
    let oninput = {
        let (text, onchange) = (text.clone(), props.onchange.clone());
        Callback::from(move |typed: String| {
            onchange.emit(split(&typed));
            text.set(typed);
        })
    };
    html! {
        <TextInput id={props.id.clone()} label={props.label.clone()} value={(*text).clone()} {oninput} hint={props.hint.clone()}
            error={props.error.clone()} autocomplete="off" />
    }
}

/// The texts between the commas; blank ones and repetitions are left out.
fn split(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        if !found.iter().any(|known| known == part) {
            found.push(part.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn blanks_and_repetitions_are_left_out() {
        assert_eq!(split(" a, ,b,a ,"), ["a", "b"]);
        assert_eq!(split(""), [""; 0]);
    }
}
