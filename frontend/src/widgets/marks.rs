//! Status, band and pace: a shape, a word and a colour each.

use kpi_api::{
    kpi::Status,
    scoring::{Band, Pace},
};
use yew::prelude::*;

use crate::{
    core::{format, i18n},
    t,
    ui::{Badge, Icon, IconName, Tone},
};

const fn status_look(status: Status) -> (Tone, IconName) {
    match status {
        Status::Draft => (Tone::Neutral, IconName::Pencil),
        Status::Submitted => (Tone::Accent, IconName::Send),
        Status::Rejected => (Tone::Bad, IconName::Undo),
        Status::Approved => (Tone::Good, IconName::Check),
        Status::InReview => (Tone::Accent, IconName::Eye),
        Status::Closed => (Tone::Neutral, IconName::CheckCircle),
    }
}

/// The tone of a band wherever a score is coloured.
pub const fn band_tone(band: Band) -> Tone {
    match band {
        Band::Green => Tone::Good,
        Band::Amber => Tone::Warn,
        Band::Red => Tone::Bad,
        Band::None => Tone::Neutral,
    }
}

const fn pace_look(pace: Pace) -> (Tone, IconName) {
    match pace {
        Pace::Ahead => (Tone::Good, IconName::ArrowUp),
        Pace::OnTrack => (Tone::Good, IconName::ArrowRight),
        Pace::Behind => (Tone::Warn, IconName::ArrowDown),
        Pace::OffTrack => (Tone::Bad, IconName::Alert),
        Pace::None => (Tone::Neutral, IconName::Minus),
    }
}

#[derive(Properties, PartialEq)]
pub struct StatusPillProps {
    pub status: Status,
}

#[component]
pub fn StatusPill(props: &StatusPillProps) -> Html {
    let (tone, icon) = status_look(props.status);
    html! { <Badge label={i18n::word("status", props.status.as_str())} {tone} {icon} /> }
}

/// The band with the score, e.g. "On target · 96.5".
#[derive(Properties, PartialEq)]
pub struct BandMarkProps {
    pub band: Band,
    #[prop_or_default]
    pub score: Option<f64>,
    /// An older version of its rule made the score, because the newest one failed.
    #[prop_or_default]
    pub is_flagged: bool,
}

#[component]
pub fn BandMark(props: &BandMarkProps) -> Html {
    let icon = match props.band {
        Band::Green => IconName::CheckCircle,
        Band::Amber => IconName::Alert,
        Band::Red => IconName::Ban,
        Band::None => IconName::Minus,
    };
    let word = i18n::word("band", props.band.as_str());
    let label = match props.score {
        Some(_) => AttrValue::from(format!("{} · {word}", format::points(props.score))),
        None => word,
    };
    let badge = html! { <Badge {label} tone={band_tone(props.band)} {icon} class="tabular-nums" /> };
    if !props.is_flagged {
        return badge;
    }
    html! {
        <span class="inline-flex flex-col items-start gap-1">
            { badge }
            <span class="mark-text tone-warn inline-flex items-center gap-1 text-xs" title={t!("kpi.flagged_why")}>
                <Icon name={IconName::History} class="size-3.5" />
                { t!("kpi.flagged") }
                <span class="sr-only">{ ". " }{ t!("kpi.flagged_why") }</span>
            </span>
        </span>
    }
}

#[derive(Properties, PartialEq)]
pub struct PaceMarkProps {
    pub pace: Pace,
}

#[component]
pub fn PaceMark(props: &PaceMarkProps) -> Html {
    let (tone, name) = pace_look(props.pace);
    html! {
        <span class={classes!("pace", tone.class())}>
            <Icon {name} class="size-3.5" />
            { i18n::word("pace", props.pace.as_str()) }
        </span>
    }
}
