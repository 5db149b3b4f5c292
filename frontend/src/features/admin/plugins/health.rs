//! How a plugin fares: what it was called for, what failed, what still waits.

use kpi_api::plugin::{PluginHealth, PluginView};
use yew::prelude::*;

use crate::{
    core::{format, query::Params},
    route::Route,
    t,
    ui::{EmptyState, IconName, Note, RouteLink, StatCard, Tone},
};

#[derive(Properties, PartialEq)]
pub struct HealthProps {
    pub plugin: PluginView,
}

#[component]
pub fn Health(props: &HealthProps) -> Html {
    let plugin = &props.plugin;
    let Some(health) = plugin.health.as_ref().filter(|health| **health != PluginHealth::default()) else {
        return html! { <div class="surface"><EmptyState icon={IconName::Clock} title={t!("plugins.never_ran")} text={t!("plugins.never_ran_text")} /></div> };
    };
    let count = |count: u64| AttrValue::from(format::integer(count as i64));
    let last = health.last_run.map_or_else(|| t!("plugins.never_ran"), format::date_time);
    html! {
        <div class="space-y-4">
            if let Some(error) = &health.last_error { { failure(plugin, health, error) } }
            <div class="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
                <StatCard label={t!("plugins.calls")} value={count(health.calls)} hint={t!("plugins.last_run", when = last)} icon={IconName::Check} />
                <StatCard label={t!("plugins.failures")} value={count(health.failures)} hint={t!("plugins.row_hint", count = health.failures_in_a_row)} icon={IconName::Alert} />
                <StatCard label={t!("plugins.waiting")} value={count(health.waiting)} hint={t!("plugins.waiting_hint")} icon={IconName::Clock} />
                <StatCard label={t!("plugins.given_up")} value={count(health.given_up)} hint={t!("plugins.given_up_hint")} icon={IconName::Ban} />
            </div>
        </div>
    }
}

/// The last error, and whether it still counts.
fn failure(plugin: &PluginView, health: &PluginHealth, error: &str) -> Html {
    let over = health.failures_in_a_row == 0;
    let title = if over { t!("plugins.last_error_over") } else { t!("plugins.last_error") };
    let at = health.last_error_at.map(format::date_time);
    let query = Params::new().with("tab", "log").with("level", "error");
    html! {
        <Note tone={if over { Tone::Neutral } else { Tone::Bad }}>
            <p class="font-medium">{ title }{ for at.map(|at| html! { <span class="font-normal">{ " · " }{ at }</span> }) }</p>
            <p class="break-words whitespace-pre-wrap" lang="en">{ error.to_owned() }</p>
            if let Ok(id) = plugin.id.parse() {
                <p class="mt-1"><RouteLink to={Route::Plugin { id }} {query} class="underline">{ t!("plugins.to_log") }</RouteLink></p>
            }
        </Note>
    }
}
