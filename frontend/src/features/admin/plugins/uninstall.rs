//! Taking a plugin away: what goes with it, what stays, and afterwards how much of both.

use kpi_api::plugin::{PluginUninstalled, PluginView};
use yew::prelude::*;

use crate::{
    core::{api, submit::use_submit, toast::use_toaster},
    t, tn,
    ui::Confirm,
    widgets::Refusal,
};

#[derive(Properties, PartialEq)]
pub struct UninstallProps {
    pub plugin: PluginView,
    pub ongone: Callback<()>,
    /// Somebody else has changed it.
    pub onlatest: Callback<()>,
    pub onclose: Callback<()>,
}

#[component]
pub fn Uninstall(props: &UninstallProps) -> Html {
    let plugin = &props.plugin;
    let toaster = use_toaster();
    let uninstall = {
        let (ongone, name) = (props.ongone.clone(), plugin.name.clone());
        let (id, revision) = (plugin.id.clone(), plugin.revision);
        use_submit(
            move |(), _key| {
                let id = id.clone();
                async move { api::plugins::uninstall(&id, revision).await }
            },
            Callback::from(move |gone: PluginUninstalled| {
                toaster.success(told(&name, gone));
                ongone.emit(());
            }),
        )
    };
    html! {
        <Confirm id="plugin-uninstall" title={t!("plugins.uninstall_title", name = plugin.name)} text={t!("plugins.uninstall_text")}
            act={t!("plugins.uninstall")} open=true busy={uninstall.busy} onconfirm={uninstall.run.clone()} onclose={props.onclose.clone()}>
            <div class="space-y-3 text-sm">
                <Refusal error={uninstall.error.clone()} onlatest={props.onlatest.clone()} />
                <div class="grid gap-3 sm:grid-cols-2">
                    { list(t!("plugins.goes"), &removed(plugin)) }
                    { list(t!("plugins.stays"), &kept(plugin)) }
                </div>
            </div>
        </Confirm>
    }
}

fn list(title: AttrValue, lines: &[AttrValue]) -> Html {
    html! {
        <div>
            <h3 class="mb-1 font-medium">{ title }</h3>
            <ul class="list-disc space-y-0.5 ps-5">{ for lines.iter().map(|line| html! { <li>{ line.clone() }</li> }) }</ul>
        </div>
    }
}

fn removed(plugin: &PluginView) -> Vec<AttrValue> {
    let adds = &plugin.adds;
    let mut lines = Vec::new();
    if !adds.hooks.is_empty() || !adds.jobs.is_empty() || !adds.widgets.is_empty() {
        lines.push(t!("plugins.goes_script"));
    }
    if !adds.rules.is_empty() {
        lines.push(tn!("plugins.goes_rules", adds.rules.len()));
    }
    if !adds.templates.is_empty() {
        lines.push(tn!("plugins.goes_templates", adds.templates.len()));
    }
    lines.push(t!("plugins.goes_settings"));
    lines
}

fn kept(plugin: &PluginView) -> Vec<AttrValue> {
    let mut lines = vec![t!("plugins.stays_kpis")];
    if !plugin.adds.templates.is_empty() {
        lines.push(t!("plugins.stays_templates"));
    }
    if !plugin.adds.rules.is_empty() {
        lines.push(t!("plugins.stays_scores"));
    }
    lines
}

/// What became of what it had brought.
fn told(name: &str, gone: PluginUninstalled) -> AttrValue {
    let mut said = vec![t!("plugins.uninstalled", name = name)];
    if gone.templates_deleted > 0 {
        said.push(tn!("plugins.templates_deleted", gone.templates_deleted));
    }
    if gone.templates_kept > 0 {
        said.push(tn!("plugins.templates_kept", gone.templates_kept));
    }
    if gone.rules_retired > 0 {
        said.push(tn!("plugins.rules_retired", gone.rules_retired));
    }
    said.join(" ").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_happened_is_told() {
        let nothing = PluginUninstalled { templates_deleted: 0, templates_kept: 0, rules_retired: 0 };
        assert_eq!(told("Webhook", nothing.clone()), "“Webhook” is uninstalled.");
        let some = PluginUninstalled { templates_deleted: 3, templates_kept: 1, ..nothing };
        let said = told("OKR", some);
        assert!(said.contains('3') && said.contains("1 template"), "{said}");
    }
}
