//! Small marks: shape, word and colour together, never colour alone.

use yew::prelude::*;

use super::icon::{Icon, IconName};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Neutral,
    Accent,
    Good,
    Warn,
    Bad,
}

impl Tone {
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Accent => "tone-accent",
            Self::Good => "tone-good",
            Self::Warn => "tone-warn",
            Self::Bad => "tone-bad",
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct BadgeProps {
    pub label: AttrValue,
    #[prop_or_default]
    pub tone: Tone,
    #[prop_or_default]
    pub icon: Option<IconName>,
    #[prop_or_default]
    pub class: Classes,
}

#[component]
pub fn Badge(props: &BadgeProps) -> Html {
    html! {
        <span class={classes!("pill", props.tone.class(), props.class.clone())}>
            { for props.icon.map(|name| html! { <Icon {name} class="size-3.5" /> }) }
            { props.label.clone() }
        </span>
    }
}
