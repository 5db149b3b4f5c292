//! Keyboard shortcuts.

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::core::browser;

/// Calls back when a key is pressed anywhere on the page. `combo` is a key's name (`j`, `?`, `ArrowDown`, `Enter`) or
/// one with `mod+` in front (Ctrl, or Cmd on a Mac). Single keys keep quiet while somebody types or a dialog is open.
#[hook]
pub fn use_shortcut(combo: &'static str, active: bool, act: Callback<()>) {
    let latest = use_mut_ref(Callback::noop);
    *latest.borrow_mut() = act;
    use_effect_with((combo, active), move |(combo, active)| {
        let combo = *combo;
        let listener = browser::document().filter(|_| *active).map(|document| {
            EventListener::new_with_options(
                &document,
                "keydown",
                gloo_events::EventListenerOptions::enable_prevent_default(),
                move |event| {
                    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                    if fits(combo, event) {
                        event.prevent_default();
                        let act = latest.borrow().clone();
                        act.emit(());
                    }
                },
            )
        });
        move || drop(listener)
    });
}

fn fits(combo: &str, event: &KeyboardEvent) -> bool {
    let modified = event.ctrl_key() || event.meta_key();
    match combo.strip_prefix("mod+") {
        Some(key) => modified && !event.alt_key() && event.key().eq_ignore_ascii_case(key),
        None => {
            !modified && !event.alt_key() && event.key() == combo && !is_typing(event) && !dialog_is_open()
        }
    }
}

fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| match element.tag_name().as_str() {
        // What is ticked takes no letters.
        "INPUT" => !matches!(element.get_attribute("type").as_deref(), Some("checkbox" | "radio")),
        "TEXTAREA" | "SELECT" => true,
        _ => element.has_attribute("contenteditable"),
    })
}

fn dialog_is_open() -> bool {
    browser::document()
        .is_some_and(|document| document.query_selector("dialog[open]").ok().flatten().is_some())
}
