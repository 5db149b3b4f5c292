//! A plugin's own page: what it is, its settings, its log, how it fares. The open tab stands in the address.

use kpi_api::plugin::{PluginDetail, PluginState};
use yew::prelude::*;

use super::{
    card::Trouble,
    changes::{Ask, Changes},
    health::Health,
    log::Log,
    overview::Overview,
    page::SafeMode,
    settings::SettingsForm,
    test_run::TestRun,
    words,
};
use crate::{
    core::{
        api,
        live::{About, use_fresh},
        navigate::use_navigate,
        query::use_query_params,
        remote::use_remote,
        slug::Slug,
    },
    route::Route,
    t,
    ui::{
        Button, ButtonKind, Crumb, EmptyState, IconName, LinkKind, Menu, MenuItem, PageHeader, RouteLink,
        SkeletonLines, Tab, Tabs, remote,
    },
};

#[derive(Properties, PartialEq)]
pub struct PluginPageProps {
    pub id: Slug,
}

#[component]
pub fn PluginPage(props: &PluginPageProps) -> Html {
    let plugin = use_remote(props.id, |id| async move { api::plugins::get(id.as_str()).await });
    let all = use_remote((), |()| async { api::plugins::list().await });
    use_fresh(&plugin.refresh, About::Plugins);
    let (params, set) = use_query_params();
    let asked = use_state(|| None::<Ask>);
    let testing = use_state(|| false);
    let ask = {
        let asked = asked.clone();
        Callback::from(move |ask: Option<Ask>| asked.set(ask))
    };
    let test = {
        let testing = testing.clone();
        Callback::from(move |open: bool| testing.set(open))
    };
    let onopen = {
        let params = params.clone();
        Callback::from(move |tab: &'static str| {
            set.emit(params.clone().without("page").without("level").with("tab", tab));
        })
    };
    let ongone = {
        let navigate = use_navigate();
        Callback::from(move |()| navigate.push(Route::Plugins))
    };
    let open = params.get("tab").unwrap_or("overview").to_owned();
    let known = plugin.remote.ready().cloned();
    let gone = known.as_ref().is_some_and(|detail| !words::is_installed(&detail.plugin));
    let title = known.as_ref().map_or_else(|| t!("plugins.one"), |detail| detail.plugin.name.clone().into());
    let lead = known.as_ref().map(|detail| AttrValue::from(detail.plugin.description.clone()));
    let mark = known.as_ref().map(|detail| words::mark(detail.plugin.state)).unwrap_or_default();
    let safe_mode = all.remote.ready().is_some_and(|list| list.safe_mode);
    let actions = known.as_ref().filter(|_| !gone).map(|detail| actions(detail, safe_mode, &ask, &test));
    let hooks = known.as_ref().map(|detail| detail.plugin.adds.hooks.clone()).unwrap_or_default();
    html! {
        <>
            <PageHeader {title} lead={lead.unwrap_or_default()} {mark} actions={actions.unwrap_or_default()}
                crumbs={vec![Crumb::new(t!("plugins.title"), Route::Plugins)]} />
            { remote::show(&plugin, html! { <SkeletonLines lines={6} /> }, |detail| if gone {
                html! { <NotInstalled /> }
            } else { html! {
                <div class="space-y-4">
                    if safe_mode { <SafeMode /> }
                    <Trouble plugin={detail.plugin.clone()} settings={detail.settings.clone()} />
                    <Tabs id="plugin" label={detail.plugin.name.clone()} open={open.clone()} onopen={onopen.clone()} tabs={tabs(detail)}>
                        { match open.as_str() {
                            "settings" => html! { <SettingsForm detail={(**detail).clone()} onsaved={plugin.reload.clone()} busy={plugin.busy} /> },
                            "log" => html! { <Log id={props.id} /> },
                            "health" => html! { <Health plugin={detail.plugin.clone()} /> },
                            _ => html! { <Overview detail={(**detail).clone()} /> },
                        } }
                    </Tabs>
                </div>
            } }) }
            <Changes asked={(*asked).clone()} onclose={ask.reform(|()| None)} ondone={plugin.reload.clone()} {ongone} />
            <TestRun id={props.id} {hooks} open={*testing} onclose={test.reform(|()| false)} ondone={plugin.refresh.clone()} />
        </>
    }
}

fn tabs(detail: &PluginDetail) -> Vec<Tab> {
    let mut tabs = vec![Tab::new("overview", t!("plugins.overview"))];
    if !detail.settings.is_empty() {
        tabs.push(Tab::new("settings", t!("plugins.settings")).counted(detail.settings.len() as u64));
    }
    tabs.push(Tab::new("log", t!("plugins.log")));
    tabs.push(Tab::new("health", t!("plugins.health")));
    tabs
}

fn actions(
    detail: &PluginDetail,
    safe_mode: bool,
    ask: &Callback<Option<Ask>>,
    test: &Callback<bool>,
) -> Html {
    let plugin = &detail.plugin;
    let asking = |ask_for: fn(kpi_api::plugin::PluginView) -> Ask| {
        let plugin = plugin.clone();
        ask.reform(move |_: MouseEvent| Some(ask_for(plugin.clone())))
    };
    let uninstall = {
        let plugin = plugin.clone();
        ask.reform(move |()| Some(Ask::Uninstall(plugin.clone())))
    };
    let blocked = if safe_mode {
        Some(t!("plugins.test_safe"))
    } else {
        (!plugin.granted).then(|| t!("plugins.test_off"))
    };
    let items = vec![MenuItem::new(t!("plugins.uninstall_more"), IconName::Trash, uninstall).dangerous()];
    html! {
        <>
            if !plugin.adds.hooks.is_empty() {
                <Button label={t!("plugins.test")} icon={IconName::Send} disabled={blocked} onclick={test.reform(|_: MouseEvent| true)} />
            }
            { match plugin.state {
                PluginState::Enabled => html! { <Button label={t!("plugins.disable")} onclick={asking(Ask::Disable)} /> },
                PluginState::SwitchedOff => html! { <Button label={t!("plugins.enable_again")} kind={ButtonKind::Primary} onclick={asking(Ask::Enable)} /> },
                PluginState::Disabled => html! { <Button label={t!("plugins.enable")} kind={ButtonKind::Primary} onclick={asking(Ask::Enable)} /> },
                PluginState::Available | PluginState::Broken => Html::default(),
            } }
            <Menu id="plugin-menu" label={t!("plugins.acts_of", name = plugin.name)} {items} />
        </>
    }
}

#[component]
fn NotInstalled() -> Html {
    html! {
        <div class="surface">
            <EmptyState icon={IconName::Plug} title={t!("plugins.not_installed")} text={t!("plugins.not_installed_text")}>
                <RouteLink to={Route::Plugins} kind={LinkKind::Primary}>{ t!("plugins.to_all") }</RouteLink>
            </EmptyState>
        </div>
    }
}
