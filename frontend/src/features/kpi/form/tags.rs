//! Tags: words that a comma or Enter sets.

use kpi_api::check::{TAG_MAX, TAGS_MAX};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    core::i18n,
    t,
    ui::{Field, Icon, IconName},
};

#[derive(Properties, PartialEq)]
pub struct TagsInputProps {
    pub tags: Vec<String>,
    pub onchange: Callback<Vec<String>>,
    pub error: Option<AttrValue>,
    pub class: Classes,
}

#[component]
pub fn TagsInput(props: &TagsInputProps) -> Html {
    let text = use_state(String::new);
    let take = {
        let (text, tags, onchange) = (text.clone(), props.tags.clone(), props.onchange.clone());
        Callback::from(move |typed: String| {
            let next = with(&tags, &typed);
            if next != tags {
                onchange.emit(next);
            }
            text.set(String::new());
        })
    };
    let oninput = {
        let (text, take) = (text.clone(), take.clone());
        Callback::from(move |event: InputEvent| {
            let typed = event.target_unchecked_into::<HtmlInputElement>().value();
            if typed.contains(',') { take.emit(typed) } else { text.set(typed) }
        })
    };
    let onkeydown = {
        let (text, take, tags, onchange) =
            (text.clone(), take.clone(), props.tags.clone(), props.onchange.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" if !text.trim().is_empty() => {
                event.prevent_default();
                take.emit((*text).clone());
            }
            "Backspace" if text.is_empty() && !tags.is_empty() => {
                let mut next = tags.clone();
                next.pop();
                onchange.emit(next);
            }
            _ => {}
        })
    };
    let onblur = {
        let text = text.clone();
        Callback::from(move |_: FocusEvent| {
            if !text.trim().is_empty() {
                take.emit((*text).clone());
            }
        })
    };
    html! {
        <Field id="kpi-tags" label={i18n::field_name("tags")} optional=true hint={t!("kpi.form.tags_hint", count = TAGS_MAX)} error={props.error.clone()} class={props.class.clone()}>
            <div class="flex min-h-10 flex-wrap items-center gap-1.5 rounded-field border border-base-300 bg-base-100 px-2 py-1 focus-within:outline-2 focus-within:outline-primary">
                { for props.tags.iter().enumerate().map(|(index, tag)| {
                    let (tags, onchange) = (props.tags.clone(), props.onchange.clone());
                    let remove = Callback::from(move |_: MouseEvent| {
                        let mut next = tags.clone();
                        next.remove(index);
                        onchange.emit(next);
                    });
                    html! {
                        <span key={tag.clone()} class="pill tone-neutral">
                            { tag.clone() }
                            <button type="button" class="cursor-pointer" aria-label={t!("kpi.form.tag_remove", tag = tag)} onclick={remove}><Icon name={IconName::X} class="size-3.5" /></button>
                        </span>
                    }
                }) }
                <input id="kpi-tags" name="kpi-tags" type="text" class="min-w-32 flex-1 bg-transparent px-1 outline-none" value={(*text).clone()} {oninput} {onkeydown} {onblur} autocomplete="off" aria-describedby="kpi-tags-hint" />
            </div>
        </Field>
    }
}

/// The tags with what was typed: split at commas, trimmed, each once.
fn with(tags: &[String], typed: &str) -> Vec<String> {
    let mut all = tags.to_vec();
    for tag in typed.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        let tag: String = tag.chars().take(TAG_MAX).collect();
        if all.len() < TAGS_MAX && !all.contains(&tag) {
            all.push(tag);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::with;

    #[test]
    fn tags_are_trimmed_and_stand_once() {
        assert_eq!(with(&["sales".into()], " north, sales ,, q3 "), ["sales", "north", "q3"]);
        assert_eq!(with(&[], &"x".repeat(60))[0].len(), 40);
    }
}
