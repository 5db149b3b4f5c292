//! The settings of a plugin as a form that its manifest describes.

use kpi_api::{
    error::FieldError,
    id::Version,
    plugin::{PluginDetail, PluginSettingsPut},
};
use serde_json::{Map, Value};
use yew::prelude::*;

use super::setting::{Draft, Edit, SettingInput, input_id};
use crate::{
    core::{
        api,
        error::{self, ApiError},
        submit::use_submit,
        toast::use_toaster,
    },
    t,
    ui::{Button, ButtonKind, Card, EmptyState, IconName},
    widgets::Refusal,
};

#[derive(Properties, PartialEq)]
pub struct SettingsFormProps {
    pub detail: PluginDetail,
    /// Fetches the plugin again: they were saved, or somebody else has changed them.
    pub onsaved: Callback<()>,
    pub busy: bool,
}

#[component]
pub fn SettingsForm(props: &SettingsFormProps) -> Html {
    let toaster = use_toaster();
    let draft = use_reducer(Draft::default);
    let (plugin, items) = (&props.detail.plugin, &props.detail.settings);
    let save = {
        let (draft, onsaved, id) = (draft.dispatcher(), props.onsaved.clone(), plugin.id.clone());
        use_submit(
            move |(version, values, faults): (Version, Map<String, Value>, Vec<FieldError>), _key| {
                let id = id.clone();
                async move {
                    if !faults.is_empty() {
                        return Err(ApiError::invalid(faults));
                    }
                    api::plugins::update_settings(&id, version, &PluginSettingsPut { values }).await
                }
            },
            Callback::from(move |_| {
                toaster.success(t!("plugins.settings_saved"));
                draft.dispatch(Edit::Begin);
                onsaved.emit(());
            }),
        )
    };
    let changed = draft.changed(items);
    let unchanged = (!draft.is_touched(items)).then(|| t!("plugins.unchanged"));
    let onsubmit = {
        let (run, version, blocked) = (save.run.clone(), plugin.revision, unchanged.is_some());
        let faults = draft.faults(items);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !blocked {
                run.emit((version, changed.clone(), faults.clone()));
            }
        })
    };
    let onedit = {
        let draft = draft.dispatcher();
        Callback::from(move |edit: Edit| draft.dispatch(edit))
    };
    let onlatest = {
        let (reload, dismiss) = (props.onsaved.clone(), save.dismiss.clone());
        Callback::from(move |()| {
            reload.emit(());
            dismiss.emit(());
        })
    };
    if items.is_empty() {
        return html! { <div class="surface"><EmptyState icon={IconName::Sliders} title={t!("plugins.no_settings")} /></div> };
    }
    let errors = save.error.as_ref().map_or(&[][..], |error| error.fields());
    let of = |key: &str| {
        error::of_field(errors, key).or_else(|| error::of_field(errors, &format!("values.{key}")))
    };
    let fields: Vec<(AttrValue, AttrValue, AttrValue)> = items
        .iter()
        .flat_map(|item| {
            let names = [item.key.clone(), format!("values.{}", item.key)];
            names.map(|name| (name.into(), input_id(&item.key), item.label.clone().into()))
        })
        .collect();
    html! {
        <form {onsubmit} novalidate=true class="max-w-2xl">
            <Card>
                <div class="space-y-5">
                    <Refusal error={save.error.clone()} {fields} {onlatest} busy={props.busy} />
                    { for items.iter().map(|item| html! {
                        <SettingInput key={item.key.clone()} item={item.clone()} shown={draft.shown(item)} open={draft.is_open(item)} removed={draft.removes(item)}
                            error={of(&item.key)} onedit={onedit.clone()} />
                    }) }
                </div>
                <div class="mt-6 flex justify-end">
                    <Button label={t!("plugins.save")} kind={ButtonKind::Primary} submit=true busy={save.busy} disabled={unchanged} />
                </div>
            </Card>
        </form>
    }
}
