//! Installing: an archive that is dropped here, or a bundle that is there already, is looked at first.

use kpi_api::plugin::{PluginCheck, PluginGrant, PluginPermission, PluginState, PluginView};
use web_sys::File;
use yew::prelude::*;

use super::preview::Preview;
use crate::{
    core::{
        api, error::ApiError, navigate::use_navigate, query::Params, submit::use_submit, toast::use_toaster,
    },
    route::Route,
    t,
    ui::{Button, ButtonKind, Dialog, FileDrop, FormError, IconName, SkeletonLines},
};

/// What is to be installed.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// An archive that is still to be chosen.
    Archive,
    /// A bundle that came with the application or lies in the operator's folder.
    Available(String),
}

#[derive(Properties, PartialEq)]
pub struct InstallDialogProps {
    /// Closed without one.
    pub source: Option<Source>,
    pub onclose: Callback<()>,
    pub ondone: Callback<()>,
}

#[component]
pub fn InstallDialog(props: &InstallDialogProps) -> Html {
    match &props.source {
        Some(source) => {
            html! { <Install source={source.clone()} onclose={props.onclose.clone()} ondone={props.ondone.clone()} /> }
        }
        None => Html::default(),
    }
}

#[derive(Properties, PartialEq)]
struct InstallProps {
    source: Source,
    onclose: Callback<()>,
    ondone: Callback<()>,
}

/// What was looked at: the archive, or the bundle's id.
#[derive(Clone, PartialEq)]
enum Bundle {
    Archive(File),
    Available(String),
}

/// A bundle, and the permissions that it gets with it.
type Installing = (Bundle, Option<Vec<PluginPermission>>);

#[component]
fn Install(props: &InstallProps) -> Html {
    let toaster = use_toaster();
    let checked = use_state(|| None::<(Bundle, PluginCheck)>);
    let check = {
        let checked = checked.clone();
        use_submit(
            |bundle: Bundle, _key| async move {
                let check = match &bundle {
                    Bundle::Archive(archive) => api::plugins::check(archive).await?,
                    Bundle::Available(id) => api::plugins::check_available(id.clone()).await?,
                };
                Ok((bundle, check))
            },
            Callback::from(move |found| checked.set(Some(found))),
        )
    };
    use_effect_with(props.source.clone(), {
        let run = check.run.clone();
        move |source: &Source| {
            if let Source::Available(id) = source {
                run.emit(Bundle::Available(id.clone()));
            }
        }
    });
    let onsettings = {
        let navigate = use_navigate();
        Callback::from(move |id: String| {
            if let Ok(id) = id.parse() {
                navigate.push_with(Route::Plugin { id }, &Params::new().with("tab", "settings"));
            }
        })
    };
    let install = {
        let (onclose, ondone) = (props.onclose.clone(), props.ondone.clone());
        use_submit(
            |(bundle, shown): Installing, key| async move {
                let plugin = match &bundle {
                    Bundle::Archive(archive) => api::plugins::install(archive, &key).await?,
                    Bundle::Available(id) => api::plugins::install_available(id.clone(), &key).await?,
                };
                match shown {
                    Some(shown) if plugin.state != PluginState::Enabled => granted(plugin, shown).await,
                    _ => Ok((plugin, None)),
                }
            },
            Callback::from(move |(plugin, refused): (PluginView, Option<ApiError>)| {
                let name = &plugin.name;
                match (plugin.state, refused) {
                    (_, Some(refusal)) => {
                        toaster.info(t!("plugins.installed_only", name = name, why = refusal.sentence()));
                    }
                    (PluginState::Enabled, None) => toaster.success(t!("plugins.enabled", name = name)),
                    (_, None) => toaster.success(t!("plugins.is_installed", name = name)),
                }
                onclose.emit(());
                ondone.emit(());
                if !plugin.settings_missing.is_empty() {
                    onsettings.emit(plugin.id);
                }
            }),
        )
    };
    let onfiles = {
        let (run, checked) = (check.run.clone(), checked.clone());
        Callback::from(move |files: Vec<File>| {
            if let Some(file) = files.into_iter().next() {
                checked.set(None);
                run.emit(Bundle::Archive(file));
            }
        })
    };
    let title = match checked.as_ref().and_then(|(_, check)| check.plugin.as_ref()) {
        Some(plugin) => t!("plugins.install_title", name = plugin.name),
        None => t!("plugins.install"),
    };
    let archive = props.source == Source::Archive;
    html! {
        <Dialog id="plugin-install" {title} open=true wide=true onclose={props.onclose.clone()} footer={footer(props, &checked, install.busy, &install.run)}>
            <div class="space-y-4">
                <FormError error={install.error.clone()} />
                if archive {
                    <FileDrop id="plugin-archive" label={t!("plugins.archive")} hint={t!("plugins.archive_hint")} accept=".zip,application/zip"
                        single=true compact={checked.is_some()} {onfiles} />
                }
                <FormError error={check.error.clone()} />
                if check.busy {
                    <div aria-busy="true"><span class="sr-only" role="status">{ t!("plugins.looking") }</span><SkeletonLines lines={4} /></div>
                } else if let Some((_, check)) = &*checked {
                    <Preview check={check.clone()} />
                }
            </div>
        </Dialog>
    }
}

/// Enables what was just installed, with the permissions that were shown: what was exchanged since wants others, and is
/// refused. That it is installed stays true then.
async fn granted(
    plugin: PluginView,
    shown: Vec<PluginPermission>,
) -> Result<(PluginView, Option<ApiError>), ApiError> {
    let grant = PluginGrant { granted: shown };
    match api::plugins::enable(&plugin.id, plugin.revision, &grant).await {
        Ok(enabled) => Ok((enabled, None)),
        Err(refusal) => Ok((plugin, Some(refusal))),
    }
}

fn footer(
    props: &InstallProps,
    checked: &Option<(Bundle, PluginCheck)>,
    busy: bool,
    run: &Callback<Installing>,
) -> Html {
    let cancel = props.onclose.reform(|_: MouseEvent| ());
    let ready = checked.as_ref().filter(|(_, check)| check.plugin.is_some() && check.problems.is_empty());
    let act = |enable: bool| {
        let shown = |check: &PluginCheck| check.plugin.as_ref().map(|plugin| plugin.permissions.clone());
        let installing = ready.map(|(bundle, check)| (bundle.clone(), shown(check).filter(|_| enable)));
        let run = run.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(installing) = &installing {
                run.emit(installing.clone());
            }
        })
    };
    html! {
        <>
            <Button label={t!("ui.cancel")} onclick={cancel} />
            if let Some((_, check)) = ready {
                if check.replaces.is_some() {
                    <Button label={t!("plugins.update_now")} kind={ButtonKind::Primary} icon={IconName::Check} {busy} onclick={act(false)} />
                } else if check.plugin.as_ref().is_some_and(|plugin| !plugin.settings_missing.is_empty()) {
                    <Button label={t!("plugins.install_and_set")} kind={ButtonKind::Primary} icon={IconName::Check} {busy} onclick={act(false)} />
                } else {
                    <Button label={t!("plugins.install_only")} {busy} onclick={act(false)} />
                    <Button label={t!("plugins.install_and_grant")} kind={ButtonKind::Primary} icon={IconName::Check} {busy} onclick={act(true)} />
                }
            }
        </>
    }
}
