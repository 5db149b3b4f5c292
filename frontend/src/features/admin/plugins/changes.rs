//! Enabling, disabling and uninstalling, each asked about first, from the list and from a plugin's own page alike.

use kpi_api::plugin::PluginView;
use yew::prelude::*;

use super::{enable::Enable, uninstall::Uninstall};
use crate::{
    core::{api, submit::use_submit, toast::use_toaster},
    t,
    ui::{ButtonKind, Confirm},
    widgets::Refusal,
};

/// What somebody is about to do with a plugin.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    Enable(PluginView),
    Disable(PluginView),
    Uninstall(PluginView),
}

#[derive(Properties, PartialEq)]
pub struct ChangesProps {
    /// Nothing is open without it.
    pub asked: Option<Ask>,
    pub onclose: Callback<()>,
    /// It has changed, or was found changed by somebody else.
    pub ondone: Callback<()>,
    /// It is gone; the same as `ondone` where nobody says otherwise.
    #[prop_or_default]
    pub ongone: Option<Callback<()>>,
}

#[component]
pub fn Changes(props: &ChangesProps) -> Html {
    let finish = |after: &Callback<()>| {
        let (after, onclose) = (after.clone(), props.onclose.clone());
        Callback::from(move |()| {
            onclose.emit(());
            after.emit(());
        })
    };
    let ondone = finish(&props.ondone);
    let onclose = props.onclose.clone();
    match &props.asked {
        Some(Ask::Enable(plugin)) => html! { <Enable plugin={plugin.clone()} {ondone} {onclose} /> },
        Some(Ask::Disable(plugin)) => html! { <Disable plugin={plugin.clone()} {ondone} {onclose} /> },
        Some(Ask::Uninstall(plugin)) => {
            let ongone = props.ongone.as_ref().map_or_else(|| ondone.clone(), finish);
            html! { <Uninstall plugin={plugin.clone()} {ongone} onlatest={ondone} {onclose} /> }
        }
        None => Html::default(),
    }
}

#[derive(Properties, PartialEq)]
pub struct ChangeProps {
    pub plugin: PluginView,
    pub ondone: Callback<()>,
    pub onclose: Callback<()>,
}

#[component]
fn Disable(props: &ChangeProps) -> Html {
    let toaster = use_toaster();
    let name = props.plugin.name.clone();
    let (id, revision) = (props.plugin.id.clone(), props.plugin.revision);
    let disable = {
        let (ondone, name) = (props.ondone.clone(), name.clone());
        use_submit(
            move |(), _key| {
                let id = id.clone();
                async move { api::plugins::disable(&id, revision).await }
            },
            Callback::from(move |_| {
                toaster.success(t!("plugins.disabled", name = name));
                ondone.emit(());
            }),
        )
    };
    html! {
        <Confirm id="plugin-disable" title={t!("plugins.disable_title", name = name)} text={t!("plugins.disable_text")} act={t!("plugins.disable")}
            kind={ButtonKind::Primary} open=true busy={disable.busy} onconfirm={disable.run.clone()} onclose={props.onclose.clone()}>
            <Refusal error={disable.error.clone()} onlatest={props.ondone.clone()} />
        </Confirm>
    }
}
