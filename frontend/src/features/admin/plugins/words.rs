//! What a plugin may do, adds and is, in words.

use kpi_api::plugin::{
    PermissionCode, PluginAdds, PluginHook, PluginOrigin, PluginPermission, PluginSettingView, PluginState,
    PluginView,
};
use yew::prelude::*;

use crate::{
    core::i18n,
    t, tn,
    ui::{Badge, IconName, Tone},
};

/// A permission as a sentence. `settings` tell what the plugin calls the setting that holds an address; without them
/// its key stands in.
pub fn permission(permission: &PluginPermission, settings: &[PluginSettingView]) -> AttrValue {
    let value = permission.value.as_deref().unwrap_or_default();
    match permission.code {
        PermissionCode::HttpHost => t!("plugins.may_http", host = value),
        PermissionCode::HttpSetting => {
            let known = settings.iter().find(|setting| setting.key == value);
            t!("plugins.may_http_setting", setting = known.map_or(value, |setting| setting.label.as_str()))
        }
        PermissionCode::ReadKpis => t!("plugins.may_read_kpis"),
        PermissionCode::ReadUsers => t!("plugins.may_read_users"),
        PermissionCode::Notify => t!("plugins.may_notify"),
        PermissionCode::Store => t!("plugins.may_store"),
    }
}

/// All of them, one below the other; `more` are those that come with an update.
pub fn permissions(
    all: &[PluginPermission],
    more: &[PluginPermission],
    settings: &[PluginSettingView],
) -> Html {
    if all.is_empty() {
        return html! { <p class="text-sm text-muted">{ t!("plugins.may_nothing") }</p> };
    }
    html! {
        <ul class="list-disc space-y-0.5 ps-5 text-sm">
            { for all.iter().map(|one| html! {
                <li class="break-words">
                    { permission(one, settings) }
                    if more.contains(one) { { " " }<Badge label={t!("plugins.newly")} tone={Tone::Warn} icon={IconName::Plus} /> }
                </li>
            }) }
        </ul>
    }
}

/// How many of what it brings, e.g. "3 templates, 1 rule".
pub fn adds(adds: &PluginAdds) -> AttrValue {
    let counts = [
        (adds.templates.len(), tn!("plugins.templates", adds.templates.len())),
        (adds.rules.len(), tn!("plugins.rules", adds.rules.len())),
        (adds.hooks.len(), tn!("plugins.hooks", adds.hooks.len())),
        (adds.jobs.len(), tn!("plugins.jobs", adds.jobs.len())),
        (adds.widgets.len(), tn!("plugins.cards", adds.widgets.len())),
    ];
    let said: Vec<String> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words.to_string()).collect();
    if said.is_empty() { t!("plugins.adds_nothing") } else { said.join(", ").into() }
}

/// What a hook waits for, e.g. "A KPI is approved".
pub fn event(hook: &PluginHook) -> AttrValue {
    i18n::word("plugin_event", &hook.event)
}

/// Shape, word and colour of how it stands.
pub fn mark(state: PluginState) -> Html {
    let (tone, icon) = match state {
        PluginState::Available => (Tone::Neutral, IconName::Circle),
        PluginState::Enabled => (Tone::Good, IconName::CheckCircle),
        PluginState::Disabled => (Tone::Neutral, IconName::Minus),
        PluginState::SwitchedOff => (Tone::Bad, IconName::Ban),
        PluginState::Broken => (Tone::Bad, IconName::Alert),
    };
    html! { <Badge label={i18n::word("plugin_state", state.as_str())} {tone} {icon} /> }
}

pub fn origin(origin: PluginOrigin) -> AttrValue {
    i18n::word("plugin_origin", origin.as_str())
}

/// Whether it is on this server, and not only there to be installed.
pub const fn is_installed(plugin: &PluginView) -> bool {
    plugin.installed_at.is_some()
}

#[cfg(test)]
mod tests {
    use kpi_api::plugin::{PluginCard, PluginJob};

    use super::*;

    #[test]
    fn every_permission_is_a_sentence_of_its_own() {
        let mut said: Vec<AttrValue> = PermissionCode::ALL
            .iter()
            .map(|code| {
                permission(&PluginPermission { code: *code, value: Some("hooks.example.com".into()) }, &[])
            })
            .collect();
        assert!(said.iter().all(|words| !words.starts_with("plugins.") && !words.contains("%{")), "{said:?}");
        said.dedup();
        assert_eq!(said.len(), PermissionCode::ALL.len());
        let host =
            PluginPermission { code: PermissionCode::HttpHost, value: Some("hooks.example.com".into()) };
        assert!(permission(&host, &[]).contains("hooks.example.com"));
    }

    #[test]
    fn what_is_added_is_counted_by_kind_and_nothing_is_said_of_what_is_not() {
        let job = PluginJob { name: "plugin:a:b".into(), cron: "* * * * *".into(), function: "b".into() };
        let card = PluginCard { title: "Open".into(), function: "open".into() };
        let both = PluginAdds { jobs: vec![job], widgets: vec![card.clone(), card], ..PluginAdds::default() };
        assert_eq!(adds(&both), "1 job, 2 dashboard cards");
        assert!(!adds(&PluginAdds::default()).is_empty());
    }
}
