//! One plugin in the list: what it is, how it stands, what it may do and adds, and the next step.

use kpi_api::plugin::{PluginHealth, PluginSettingView, PluginState, PluginView};
use yew::prelude::*;

use super::{
    changes::Ask,
    enable::labels,
    install::Source,
    words::{self, is_installed},
};
use crate::{
    core::format,
    route::Route,
    t, tn,
    ui::{Badge, Button, ButtonKind, ButtonSize, Icon, IconName, Menu, MenuItem, Note, RouteLink, Tone},
};

#[derive(Properties, PartialEq)]
pub struct PluginCardProps {
    pub plugin: PluginView,
    pub safe_mode: bool,
    pub onask: Callback<Ask>,
    /// Opens the preview of what would be installed.
    pub onchoose: Callback<Source>,
}

#[component]
pub fn PluginCard(props: &PluginCardProps) -> Html {
    let plugin = &props.plugin;
    let installed = is_installed(plugin);
    let name = match (installed, plugin.id.parse()) {
        (true, Ok(id)) => html! { <RouteLink to={Route::Plugin { id }}>{ plugin.name.clone() }</RouteLink> },
        _ => html! { plugin.name.clone() },
    };
    html! {
        <article class="surface flex h-full flex-col gap-3 p-4 sm:p-5">
            <div class="flex items-start justify-between gap-3">
                <div class="min-w-0">
                    <h3 class="flex flex-wrap items-center gap-x-2 gap-y-1 font-semibold">
                        <span class="break-words">{ name }</span>
                        if !plugin.version.is_empty() {
                            <span class="text-sm font-normal text-muted">{ t!("plugins.version", version = plugin.version) }</span>
                        }
                        { words::mark(plugin.state) }
                    </h3>
                    <p class="mt-1 text-sm break-words text-muted">{ plugin.description.clone() }</p>
                </div>
                if installed { { menu(props) } }
            </div>
            <Trouble plugin={plugin.clone()} />
            if plugin.state != PluginState::Broken {
                <div class="grid gap-x-4 gap-y-3 sm:grid-cols-2">
                    <div class="min-w-0">
                        <h4 class="mb-1 text-xs font-medium text-muted">{ t!("plugins.may") }</h4>
                        { words::permissions(&plugin.permissions, &[], &[]) }
                    </div>
                    <div class="min-w-0">
                        <h4 class="mb-1 text-xs font-medium text-muted">{ t!("plugins.adds") }</h4>
                        <p class="text-sm">{ words::adds(&plugin.adds) }</p>
                    </div>
                </div>
            }
            <div class="mt-auto flex flex-wrap items-center justify-between gap-3 border-t border-base-300 pt-3">
                <div class="min-w-0 flex-1 text-sm text-muted">
                    { match &plugin.health {
                        Some(health) => health_line(health),
                        None => html! { words::origin(plugin.origin) },
                    } }
                </div>
                { next_step(props) }
            </div>
        </article>
    }
}

/// The one thing that is usually wanted next.
fn next_step(props: &PluginCardProps) -> Html {
    let plugin = &props.plugin;
    let ask = |ask: fn(PluginView) -> Ask| {
        let plugin = plugin.clone();
        props.onask.reform(move |_: MouseEvent| ask(plugin.clone()))
    };
    if !is_installed(plugin) && plugin.state == PluginState::Broken {
        return Html::default();
    }
    let (label, onclick, kind) = match plugin.state {
        PluginState::Available => {
            let id = plugin.id.clone();
            let preview = props.onchoose.reform(move |_: MouseEvent| Source::Available(id.clone()));
            (t!("plugins.look"), preview, ButtonKind::Secondary)
        }
        PluginState::Disabled => (t!("plugins.enable"), ask(Ask::Enable), ButtonKind::Secondary),
        PluginState::SwitchedOff => (t!("plugins.enable_again"), ask(Ask::Enable), ButtonKind::Secondary),
        PluginState::Enabled => (t!("plugins.disable"), ask(Ask::Disable), ButtonKind::Ghost),
        PluginState::Broken => (t!("plugins.uninstall"), ask(Ask::Uninstall), ButtonKind::Ghost),
    };
    html! {
        <div class="flex flex-wrap items-center gap-2">
            if let Some(version) = &plugin.update_available {
                <Button label={t!("plugins.update", version = version)} icon={IconName::Upload} size={ButtonSize::Small} onclick={
                    let id = plugin.id.clone();
                    props.onchoose.reform(move |_: MouseEvent| Source::Available(id.clone()))
                } />
            }
            <Button {label} {kind} size={ButtonSize::Small} {onclick} />
        </div>
    }
}

fn menu(props: &PluginCardProps) -> Html {
    let plugin = &props.plugin;
    let uninstall = {
        let plugin = plugin.clone();
        props.onask.reform(move |()| Ask::Uninstall(plugin.clone()))
    };
    let items = vec![MenuItem::new(t!("plugins.uninstall_more"), IconName::Trash, uninstall).dangerous()];
    html! { <Menu id={format!("plugin-{}", plugin.id)} label={t!("plugins.acts_of", name = plugin.name)} {items} /> }
}

#[derive(Properties, PartialEq)]
pub struct TroubleProps {
    pub plugin: PluginView,
    /// Where they are known, a missing one is called by its name.
    #[prop_or_default]
    pub settings: Vec<PluginSettingView>,
}

/// Why it does not run, and what makes it run again; that it lacks something.
#[component]
pub fn Trouble(props: &TroubleProps) -> Html {
    let plugin = &props.plugin;
    let trouble = plugin.trouble.clone().unwrap_or_default();
    let note = |title: AttrValue, text: AttrValue| {
        html! {
            <Note tone={Tone::Bad}>
                <p class="font-medium">{ title }</p>
                if !trouble.is_empty() { <p class="break-words" lang="en">{ trouble.clone() }</p> }
                <p class="mt-1">{ text }</p>
            </Note>
        }
    };
    html! {
        <>
            { match plugin.state {
                PluginState::SwitchedOff => note(t!("plugins.switched_off"), t!("plugins.switched_off_text")),
                PluginState::Broken if is_installed(plugin) => note(t!("plugins.broken"), t!("plugins.broken_text")),
                PluginState::Broken => note(t!("plugins.damaged"), t!("plugins.damaged_text")),
                _ => Html::default(),
            } }
            if is_installed(plugin) && !plugin.settings_missing.is_empty() {
                <Note tone={Tone::Warn}>{ t!("plugins.lacks", keys = labels(&plugin.settings_missing, &props.settings)) }</Note>
            }
        </>
    }
}

/// When it ran last, and whether it fails.
fn health_line(health: &PluginHealth) -> Html {
    let ran = health
        .last_run
        .map_or_else(|| t!("plugins.never_ran"), |at| t!("plugins.ran", when = format::date_time(at)));
    html! {
        <span class="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span class="inline-flex items-center gap-1"><Icon name={IconName::Clock} class="size-3.5" />{ ran }</span>
            if health.failures_in_a_row > 0 {
                <Badge label={tn!("plugins.in_a_row", health.failures_in_a_row)} tone={Tone::Warn} icon={IconName::Alert} />
            }
        </span>
    }
}
