//! Letting a plugin run: what it may then do stands there before it is granted.

use kpi_api::{
    id::Version,
    plugin::{PluginGrant, PluginSettingView},
};
use yew::prelude::*;

use super::{changes::ChangeProps, overview::Occasions, words};
use crate::{
    core::{api, query::Params, remote::use_remote, submit::use_submit, toast::use_toaster},
    route::Route,
    t,
    ui::{Button, ButtonKind, Dialog, IconName, LinkKind, Note, RouteLink, Tone},
    widgets::Refusal,
};

#[component]
pub fn Enable(props: &ChangeProps) -> Html {
    let plugin = &props.plugin;
    let toaster = use_toaster();
    // What it calls its settings: a permission may name one.
    let detail = use_remote(plugin.id.clone(), |id| async move { api::plugins::get(&id).await });
    let settings: &[PluginSettingView] =
        detail.remote.ready().map_or(&[], |detail| detail.settings.as_slice());
    let enable = {
        let (ondone, name, id) = (props.ondone.clone(), plugin.name.clone(), plugin.id.clone());
        use_submit(
            move |(revision, grant): (Version, PluginGrant), _key| {
                let id = id.clone();
                async move { api::plugins::enable(&id, revision, &grant).await }
            },
            Callback::from(move |_| {
                toaster.success(t!("plugins.enabled", name = name));
                ondone.emit(());
            }),
        )
    };
    let cancel = props.onclose.reform(|_: MouseEvent| ());
    let grant = {
        let (run, revision) = (enable.run.clone(), plugin.revision);
        let granted = plugin.permissions.clone();
        Callback::from(move |_: MouseEvent| run.emit((revision, PluginGrant { granted: granted.clone() })))
    };
    let lacking = !plugin.settings_missing.is_empty();
    let footer = html! {
        <>
            <Button label={t!("ui.cancel")} onclick={cancel} />
            if lacking {
                if let Ok(id) = plugin.id.parse() {
                    <RouteLink to={Route::Plugin { id }} query={Params::new().with("tab", "settings")} kind={LinkKind::Secondary} onfollow={props.onclose.clone()}>{ t!("plugins.to_settings") }</RouteLink>
                }
            }
            <Button label={if plugin.permissions.is_empty() { t!("plugins.enable") } else { t!("plugins.grant") }} kind={ButtonKind::Primary}
                icon={IconName::Check} busy={enable.busy} disabled={lacking.then(|| t!("plugins.settings_first"))} onclick={grant} />
        </>
    };
    html! {
        <Dialog id="plugin-enable" title={t!("plugins.enable_title", name = plugin.name)} open=true onclose={props.onclose.clone()} {footer}>
            <div class="space-y-4">
                <Refusal error={enable.error.clone()} onlatest={props.ondone.clone()} />
                <section>
                    <h3 class="mb-1 text-sm font-medium">{ t!("plugins.grants") }</h3>
                    { words::permissions(&plugin.permissions, &[], settings) }
                </section>
                <Occasions adds={plugin.adds.clone()} />
                if lacking {
                    <Note tone={Tone::Warn}>{ t!("plugins.lacks", keys = labels(&plugin.settings_missing, settings)) }</Note>
                }
            </div>
        </Dialog>
    }
}

/// What the plugin calls the settings with these keys.
pub fn labels(keys: &[String], settings: &[PluginSettingView]) -> String {
    let named = |key: &String| {
        let known = settings.iter().find(|setting| setting.key == *key);
        known.map_or_else(|| key.clone(), |setting| setting.label.clone())
    };
    keys.iter().map(named).collect::<Vec<_>>().join(", ")
}
