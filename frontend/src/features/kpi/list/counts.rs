//! The list in figures: how many, how far, and the counts by status, band and flag that filter when pressed.

use kpi_api::kpi::KpiStats;
use yew::prelude::*;

use crate::{
    core::{
        api, format, i18n,
        live::{About, use_fresh},
        query::Params,
        remote::use_remote,
    },
    t, tn,
};

#[derive(Properties, PartialEq)]
pub struct CountsProps {
    pub params: Params,
    pub set: Callback<Params>,
    /// Changes when the list has changed, so that the figures follow.
    pub turn: u32,
}

#[component]
pub fn Counts(props: &CountsProps) -> Html {
    // Counted over everything but the filters that the counts themselves set.
    let wide =
        ["status", "band", "flagged", "page", "sort"].into_iter().fold(props.params.clone(), Params::without);
    let all = use_remote((wide, props.turn), |(params, _)| async move { api::kpis::stats(&params).await });
    let narrow = props.params.clone().without("page").without("sort");
    let shown =
        use_remote((narrow, props.turn), |(params, _)| async move { api::kpis::stats(&params).await });
    let refresh = {
        let (all, shown) = (all.refresh.clone(), shown.refresh.clone());
        Callback::from(move |()| {
            all.emit(());
            shown.emit(());
        })
    };
    use_fresh(&refresh, About::AnyKpi);
    let line = shown.remote.ready().map(|stats| line(stats)).unwrap_or_default();
    let chips = all.remote.ready().map(|stats| chips(stats, props)).unwrap_or_default();
    html! {
        <div class="mb-3 min-h-14 space-y-2">
            <p class="min-h-5 text-sm text-muted" aria-live="polite">{ line }</p>
            <div class="flex min-h-7 flex-wrap gap-1.5" role="group" aria-label={t!("kpi.list.quick")}>{ chips }</div>
        </div>
    }
}

fn line(stats: &KpiStats) -> Html {
    let mut parts = vec![tn!("kpi.list.count", stats.total).to_string()];
    if stats.average_progress.is_some() {
        parts.push(
            t!("kpi.list.average_progress", value = format::percent(stats.average_progress)).to_string(),
        );
    }
    if stats.score.total > 0 {
        parts.push(
            t!(
                "kpi.list.average_score",
                score = format::points(stats.score.score),
                scored = format::integer(stats.score.scored as i64),
                total = format::integer(stats.score.total as i64)
            )
            .to_string(),
        );
    }
    html! { <span class="tabular-nums">{ parts.join(" · ") }</span> }
}

fn chips(stats: &KpiStats, props: &CountsProps) -> Html {
    let statuses = stats.by_status.iter().map(|of| ("status", of.status.as_str(), of.count));
    let bands = stats.by_band.iter().map(|of| ("band", of.band.as_str(), of.count));
    let flagged = std::iter::once(("flagged", "true", stats.flagged));
    html! {
        <>
            { for statuses.chain(bands).chain(flagged).filter(|(.., count)| *count > 0).map(|(name, value, count)| {
                let pressed = props.params.get(name) == Some(value);
                let onclick = {
                    let (params, set) = (props.params.clone(), props.set.clone());
                    let next = if pressed { "" } else { value };
                    Callback::from(move |_: MouseEvent| set.emit(params.clone().with(name, next).without("page")))
                };
                html! {
                    <button
                        key={format!("{name}-{value}")}
                        type="button"
                        class={classes!("btn", "btn-xs", "font-normal", if pressed { "btn-primary" } else { "btn-ghost border border-base-300" })}
                        aria-pressed={if pressed { "true" } else { "false" }}
                        {onclick}
                    >
                        { if name == "flagged" { t!("kpi.flagged") } else { i18n::word(name, value) } }
                        <span class="font-semibold tabular-nums">{ format::integer(count as i64) }</span>
                    </button>
                }
            }) }
        </>
    }
}
