//! A button that opens a list of acts.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};
use yew::prelude::*;

use super::icon::{Icon, IconName};

#[derive(Clone, PartialEq)]
pub struct MenuItem {
    pub label: AttrValue,
    pub icon: Option<IconName>,
    pub onclick: Callback<()>,
    /// Why it cannot be chosen now.
    pub disabled: Option<AttrValue>,
    pub danger: bool,
}

impl MenuItem {
    pub fn new(label: impl Into<AttrValue>, icon: IconName, onclick: Callback<()>) -> Self {
        Self { label: label.into(), icon: Some(icon), onclick, disabled: None, danger: false }
    }

    #[must_use]
    pub fn blocked(mut self, why: Option<AttrValue>) -> Self {
        self.disabled = why;
        self
    }

    #[must_use]
    pub fn dangerous(mut self) -> Self {
        self.danger = true;
        self
    }
}

#[derive(Properties, PartialEq)]
pub struct MenuProps {
    pub id: AttrValue,
    /// Name of the button for screen readers.
    pub label: AttrValue,
    pub items: Vec<MenuItem>,
    #[prop_or("btn btn-ghost btn-sm btn-square")]
    pub class: &'static str,
    /// What the button shows; three dots when left out.
    #[prop_or_default]
    pub children: Html,
    /// Above the items, e.g. who is logged in.
    #[prop_or_default]
    pub header: Html,
    /// Opens upwards.
    #[prop_or_default]
    pub up: bool,
}

#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let open = use_state(|| false);
    let root = use_node_ref();
    let button = use_node_ref();
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let onfocusout = {
        let (open, root) = (open.clone(), root.clone());
        Callback::from(move |event: FocusEvent| {
            let next = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
            let inside = root.cast::<Node>().is_some_and(|root| root.contains(next.as_ref()));
            if !inside {
                open.set(false);
            }
        })
    };
    let onkeydown = {
        let (open, root, button) = (open.clone(), root.clone(), button.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Escape" if *open => {
                event.prevent_default();
                open.set(false);
                if let Some(button) = button.cast::<HtmlElement>() {
                    button.focus().ok();
                }
            }
            "ArrowDown" | "ArrowUp" if *open => {
                event.prevent_default();
                step(&root, event.key() == "ArrowDown");
            }
            "ArrowDown" => {
                event.prevent_default();
                open.set(true);
            }
            _ => {}
        })
    };
    use_effect_with((*open, root.clone()), |(open, root)| {
        if *open {
            step(root, true);
        }
    });
    let list_id = format!("{}-menu", props.id);
    html! {
        <div ref={root} class="relative inline-block" {onfocusout} {onkeydown}>
            <button
                ref={button}
                id={props.id.clone()}
                type="button"
                class={props.class}
                onclick={toggle}
                aria-label={props.label.clone()}
                aria-haspopup="menu"
                aria-expanded={if *open { "true" } else { "false" }}
                aria-controls={open.then(|| list_id.clone())}
            >
                if props.children == Html::default() {
                    <Icon name={IconName::Dots} class="size-5" />
                } else {
                    { props.children.clone() }
                }
            </button>
            if *open {
                <div class={classes!("menu-sheet", if props.up { "bottom-full mb-1" } else { "top-full mt-1" })}>
                    { props.header.clone() }
                    <ul id={list_id} role="menu" aria-label={props.label.clone()}>
                        { for props.items.iter().map(|item| menu_item(item, &open)) }
                    </ul>
                </div>
            }
        </div>
    }
}

fn menu_item(item: &MenuItem, open: &UseStateHandle<bool>) -> Html {
    let onclick = {
        let (item, open) = (item.clone(), open.clone());
        Callback::from(move |_: MouseEvent| {
            if item.disabled.is_none() {
                open.set(false);
                item.onclick.emit(());
            }
        })
    };
    html! {
        <li role="none">
            <button
                type="button"
                role="menuitem"
                tabindex="-1"
                class={classes!("menu-entry", item.danger.then_some("text-error"), item.disabled.is_some().then_some("is-blocked"))}
                {onclick}
                aria-disabled={item.disabled.is_some().then_some("true")}
            >
                { for item.icon.map(|name| html! { <Icon {name} /> }) }
                <span class="flex-1">
                    { item.label.clone() }
                    if let Some(why) = &item.disabled {
                        <span class="block text-xs text-muted">{ why.clone() }</span>
                    }
                </span>
            </button>
        </li>
    }
}

/// Moves the focus to the next or previous entry, round the ends.
fn step(root: &NodeRef, forward: bool) {
    let Some(root) = root.cast::<web_sys::Element>() else { return };
    let Ok(entries) = root.query_selector_all("[role=menuitem]") else { return };
    let active = crate::core::browser::document().and_then(|document| document.active_element());
    let count = entries.length();
    if count == 0 {
        return;
    }
    let now = (0..count).find(|index| {
        let entry = entries.item(*index);
        entry.is_some() && entry.as_ref() == active.as_ref().map(AsRef::<Node>::as_ref)
    });
    let next = match (now, forward) {
        (None, true) => 0,
        (None, false) => count - 1,
        (Some(index), true) => (index + 1) % count,
        (Some(index), false) => (index + count - 1) % count,
    };
    if let Some(entry) = entries.item(next).and_then(|node| node.dyn_into::<HtmlElement>().ok()) {
        entry.focus().ok();
    }
}
