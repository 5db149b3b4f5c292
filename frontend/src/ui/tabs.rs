//! Tabs with a roving focus: arrows move, Home and End jump, Tab leaves.

use yew::prelude::*;

use crate::core::browser;

#[derive(Clone, PartialEq)]
pub struct Tab {
    /// Stays in the address.
    pub key: &'static str,
    pub label: AttrValue,
    pub count: Option<u64>,
}

impl Tab {
    pub fn new(key: &'static str, label: impl Into<AttrValue>) -> Self {
        Self { key, label: label.into(), count: None }
    }

    #[must_use]
    pub fn counted(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }
}

#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// Prefix of the ids.
    pub id: AttrValue,
    pub label: AttrValue,
    pub tabs: Vec<Tab>,
    /// Key of the tab that is open.
    pub open: AttrValue,
    pub onopen: Callback<&'static str>,
    /// What the open tab shows.
    pub children: Html,
}

#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let now = props.tabs.iter().position(|tab| props.open == tab.key).unwrap_or(0);
    let open_key = props.tabs.get(now).map_or("", |tab| tab.key);
    let onkeydown = {
        let keys: Vec<&'static str> = props.tabs.iter().map(|tab| tab.key).collect();
        let (onopen, id) = (props.onopen.clone(), props.id.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(next) = target(&event.key(), now, keys.len()) {
                event.prevent_default();
                browser::focus(&format!("{id}-tab-{}", keys[next]));
                onopen.emit(keys[next]);
            }
        })
    };
    // The row may be wider than a phone.
    use_effect_with(format!("{}-tab-{open_key}", props.id), |knob: &String| browser::reveal(knob));
    html! {
        <div>
            <div role="tablist" aria-label={props.label.clone()} class="tab-row" {onkeydown}>
                { for props.tabs.iter().enumerate().map(|(index, tab)| {
                    let onclick = {
                        let (onopen, key) = (props.onopen.clone(), tab.key);
                        Callback::from(move |_: MouseEvent| onopen.emit(key))
                    };
                    html! {
                        <button
                            key={tab.key}
                            type="button"
                            role="tab"
                            id={format!("{}-tab-{}", props.id, tab.key)}
                            class="tab-knob"
                            aria-selected={if index == now { "true" } else { "false" }}
                            aria-controls={format!("{}-panel", props.id)}
                            tabindex={if index == now { "0" } else { "-1" }}
                            {onclick}
                        >
                            { tab.label.clone() }
                            if let Some(count) = tab.count { <span class="count">{ count }</span> }
                        </button>
                    }
                }) }
            </div>
            <div role="tabpanel" id={format!("{}-panel", props.id)} aria-labelledby={format!("{}-tab-{open_key}", props.id)} tabindex="0" class="pt-4 outline-offset-4">
                { props.children.clone() }
            </div>
        </div>
    }
}

/// Where a key leads from tab `now` of `count`.
fn target(key: &str, now: usize, count: usize) -> Option<usize> {
    if count == 0 {
        return None;
    }
    match key {
        "ArrowRight" => Some((now + 1) % count),
        "ArrowLeft" => Some((now + count - 1) % count),
        "Home" => Some(0),
        "End" => Some(count - 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn arrows_go_round() {
        assert_eq!(target("ArrowRight", 2, 3), Some(0));
        assert_eq!(target("ArrowLeft", 0, 3), Some(2));
        assert_eq!(target("End", 0, 3), Some(2));
        assert_eq!(target("a", 0, 3), None);
        assert_eq!(target("Home", 0, 0), None);
    }
}
