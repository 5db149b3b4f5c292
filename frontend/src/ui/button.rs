//! Buttons. A button that cannot be used now says why, also to the keyboard and to screen readers.

use yew::prelude::*;

use super::icon::{Icon, IconName};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// The one act of a page or dialog.
    Primary,
    #[default]
    Secondary,
    /// In rows and toolbars.
    Ghost,
    /// Destroys or refuses.
    Danger,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn btn-primary",
            Self::Secondary => {
                "btn btn-outline border-base-300 bg-base-100 text-base-content hover:bg-base-200 hover:border-base-300"
            }
            Self::Ghost => "btn btn-ghost",
            Self::Danger => "btn btn-error",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonSize {
    Small,
    #[default]
    Normal,
}

#[derive(Properties, PartialEq)]
pub struct ButtonProps {
    /// The words; also the name when only the icon is shown.
    pub label: AttrValue,
    #[prop_or_default]
    pub kind: ButtonKind,
    #[prop_or_default]
    pub size: ButtonSize,
    #[prop_or_default]
    pub icon: Option<IconName>,
    /// Shows the icon alone; the label stays as name and tooltip.
    #[prop_or_default]
    pub icon_only: bool,
    /// Submits the form it stands in.
    #[prop_or_default]
    pub submit: bool,
    /// Under way: shows a spinner and ignores clicks.
    #[prop_or_default]
    pub busy: bool,
    /// Why it cannot be used now. It stays focusable so that the reason can be read.
    #[prop_or_default]
    pub disabled: Option<AttrValue>,
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    #[prop_or_default]
    pub class: Classes,
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// For toggles.
    #[prop_or_default]
    pub pressed: Option<bool>,
    #[prop_or_default]
    pub node: NodeRef,
}

#[component]
pub fn Button(props: &ButtonProps) -> Html {
    let blocked = props.busy || props.disabled.is_some();
    let onclick = {
        let onclick = props.onclick.clone();
        Callback::from(move |event: MouseEvent| {
            if blocked {
                event.prevent_default();
            } else {
                onclick.emit(event);
            }
        })
    };
    let class = classes!(
        props.kind.class(),
        (props.size == ButtonSize::Small).then_some("btn-sm"),
        props.icon_only.then_some("btn-square"),
        // Not the attribute: a disabled button could not be focused and would keep its reason to itself.
        props.disabled.is_some().then_some("is-blocked"),
        props.class.clone(),
    );
    let picture = if props.busy {
        html! { <span class="loading loading-spinner loading-xs" aria-hidden="true"></span> }
    } else {
        props.icon.map(|name| html! { <Icon {name} /> }).unwrap_or_default()
    };
    let title = props.disabled.clone().or_else(|| props.icon_only.then(|| props.label.clone()));
    let button = html! {
        <button
            ref={props.node.clone()}
            id={props.id.clone()}
            type={if props.submit { "submit" } else { "button" }}
            {class}
            {onclick}
            aria-disabled={blocked.then_some("true")}
            aria-busy={props.busy.then_some("true")}
            aria-pressed={props.pressed.map(|pressed| if pressed { "true" } else { "false" })}
            aria-label={props.icon_only.then(|| props.label.clone())}
            aria-description={props.disabled.clone()}
        >
            { picture }
            if !props.icon_only { <span>{ props.label.clone() }</span> }
        </button>
    };
    match title {
        Some(title) => html! { <span class="tip" data-tip={title}>{ button }</span> },
        None => button,
    }
}
