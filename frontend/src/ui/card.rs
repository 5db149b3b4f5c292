//! Surfaces: cards, headline figures, notes.

use yew::prelude::*;

use super::{
    badge::Tone,
    icon::{Icon, IconName},
};

#[derive(Properties, PartialEq)]
pub struct CardProps {
    /// Heading of level 2; without it the card is a plain surface.
    #[prop_or_default]
    pub title: Option<AttrValue>,
    /// Right of the heading.
    #[prop_or_default]
    pub actions: Html,
    #[prop_or_default]
    pub class: Classes,
    pub children: Html,
}

#[component]
pub fn Card(props: &CardProps) -> Html {
    html! {
        <section class={classes!("surface", "p-4", "sm:p-5", props.class.clone())}>
            if let Some(title) = &props.title {
                <div class="mb-3 flex flex-wrap items-center justify-between gap-2">
                    <h2 class="text-base font-semibold">{ title.clone() }</h2>
                    { props.actions.clone() }
                </div>
            }
            { props.children.clone() }
        </section>
    }
}

/// One figure with its name and a line of explanation.
#[derive(Properties, PartialEq)]
pub struct StatCardProps {
    pub label: AttrValue,
    pub value: AttrValue,
    #[prop_or_default]
    pub hint: AttrValue,
    #[prop_or_default]
    pub icon: Option<IconName>,
}

#[component]
pub fn StatCard(props: &StatCardProps) -> Html {
    html! {
        <div class="surface p-4">
            <div class="flex items-center justify-between gap-2 text-sm text-muted">
                <span>{ props.label.clone() }</span>
                { for props.icon.map(|name| html! { <Icon {name} /> }) }
            </div>
            <div class="mt-1 text-2xl font-semibold tabular-nums">{ props.value.clone() }</div>
            <div class="mt-0.5 min-h-5 text-sm text-muted">{ props.hint.clone() }</div>
        </div>
    }
}

/// A remark inside a page: an icon, words, maybe a button.
#[derive(Properties, PartialEq)]
pub struct NoteProps {
    #[prop_or_default]
    pub tone: Tone,
    #[prop_or_default]
    pub actions: Html,
    #[prop_or_default]
    pub class: Classes,
    pub children: Html,
}

#[component]
pub fn Note(props: &NoteProps) -> Html {
    let name = match props.tone {
        Tone::Neutral | Tone::Accent => IconName::Info,
        Tone::Good => IconName::CheckCircle,
        Tone::Warn | Tone::Bad => IconName::Alert,
    };
    html! {
        <div class={classes!("note", props.tone.class(), props.class.clone())}>
            <Icon {name} class="mt-0.5 size-4" />
            <div class="min-w-0 flex-1">{ props.children.clone() }</div>
            { props.actions.clone() }
        </div>
    }
}
