//! The quarter at a glance: score with coverage, pace, days left.

use kpi_api::{my_work::Glance, scoring::Bands};
use yew::prelude::*;

use crate::{
    core::format,
    t, tn,
    ui::{ProgressBar, ScoreRing},
    widgets::{PaceMark, band_tone},
};

#[derive(Properties, PartialEq)]
pub struct GlanceCardProps {
    pub glance: Glance,
}

#[component]
pub fn GlanceCard(props: &GlanceCardProps) -> Html {
    let glance = &props.glance;
    // Only the colour of the ring; each KPI's own band comes from the server.
    let tone = band_tone(Bands::default().of(glance.score.score));
    let percent = glance.elapsed * 100.0;
    html! {
        <section class="surface flex flex-wrap items-center gap-x-8 gap-y-4 p-5" aria-labelledby="glance-title">
            <ScoreRing score={glance.score.score} {tone} label={t!("my_work.score")} />
            <div class="min-w-0 flex-1 basis-60">
                <h2 id="glance-title" class="font-semibold">{ t!("my_work.my_quarter", period = format::period(glance.period)) }</h2>
                <p class="mt-0.5 text-sm text-muted">
                    if glance.score.total == 0 {
                        { t!("my_work.no_kpis") }
                    } else {
                        { t!("my_work.coverage", scored = glance.score.scored, total = glance.score.total) }
                    }
                </p>
                <p class="mt-2"><PaceMark pace={glance.pace} /></p>
            </div>
            <div class="basis-full sm:flex-none sm:basis-60">
                <div class="mb-1 flex items-baseline justify-between gap-2 text-sm">
                    <span class="font-medium">{ days_left(glance.days_left) }</span>
                    <span class="text-muted tabular-nums">{ format::percent(Some(percent)) }</span>
                </div>
                <ProgressBar value={Some(percent)} label={t!("my_work.elapsed")} />
            </div>
        </section>
    }
}

fn days_left(days: i64) -> AttrValue {
    match days {
        0 => t!("my_work.last_day"),
        days if days > 0 => tn!("my_work.days_left", days),
        _ => t!("my_work.quarter_over"),
    }
}
