//! Progress and scores as pictures; the number always stands beside them in words.

use yew::prelude::*;

use super::badge::Tone;
use crate::core::format;

/// A bar from 0 to 100, with a mark where one should be by now.
#[derive(Properties, PartialEq)]
pub struct ProgressBarProps {
    /// 0 to 100; nothing is drawn while there is none.
    pub value: Option<f64>,
    /// 0 to 100.
    #[prop_or_default]
    pub expected: Option<f64>,
    #[prop_or_default]
    pub tone: Tone,
    /// What is measured, for screen readers.
    pub label: AttrValue,
    #[prop_or("h-1.5")]
    pub height: &'static str,
}

#[component]
pub fn ProgressBar(props: &ProgressBarProps) -> Html {
    let value = props.value.unwrap_or(0.0).clamp(0.0, 100.0);
    html! {
        <svg
            class={classes!("meter-bar", "w-full", props.height, props.tone.class())}
            viewBox="0 0 100 4"
            preserveAspectRatio="none"
            role="img"
            aria-label={format!("{}: {}", props.label, format::percent(props.value))}
        >
            <rect class="meter-track" width="100" height="4" />
            <rect class="meter-fill" width={format!("{value:.2}")} height="4" />
            if let Some(expected) = props.expected.map(|expected| expected.clamp(0.0, 99.0)) {
                <rect class="meter-mark" x={format!("{expected:.2}")} width="1" height="4" />
            }
        </svg>
    }
}

/// A score as a ring with the number inside.
#[derive(Properties, PartialEq)]
pub struct ScoreRingProps {
    /// Score points; a full ring is 100.
    pub score: Option<f64>,
    #[prop_or_default]
    pub tone: Tone,
    /// What the score is of, for screen readers.
    pub label: AttrValue,
    #[prop_or("size-24")]
    pub size: &'static str,
}

#[component]
pub fn ScoreRing(props: &ScoreRingProps) -> Html {
    // With this radius the circumference is 100, so that the dash is the score itself.
    const RADIUS: &str = "15.9155";
    let part = props.score.unwrap_or(0.0).clamp(0.0, 100.0);
    html! {
        <svg
            class={classes!("score-ring", props.size, props.tone.class())}
            viewBox="0 0 36 36"
            role="img"
            aria-label={format!("{}: {}", props.label, format::points(props.score))}
        >
            <circle class="ring-track" cx="18" cy="18" r={RADIUS} />
            if part > 0.0 {
                <circle class="ring-fill" cx="18" cy="18" r={RADIUS} stroke-dasharray={format!("{part:.2} 100")} transform="rotate(-90 18 18)" />
            }
            <text class="ring-text" x="18" y="18.5" text-anchor="middle" dominant-baseline="middle">{ format::points(props.score) }</text>
        </svg>
    }
}
