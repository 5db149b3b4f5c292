//! The settings as a form that the server describes: kind, range and default come with each.

use std::{collections::BTreeSet, rc::Rc};

use kpi_api::{
    error::FieldError,
    id::Version,
    settings::{SettingKind, SettingView, SettingsPatch, SettingsView},
};
use serde_json::{Map, Value, json};
use yew::prelude::*;

use super::mail::MailCards;
use crate::{
    core::{
        api,
        error::{self, ApiError},
        format, i18n, merge,
        remote::use_remote,
        submit::use_submit,
        toast::use_toaster,
    },
    t,
    ui::{
        Button, ButtonKind, ButtonSize, Card, Checkbox, IconName, NumberInput, PageHeader, SkeletonLines,
        TextInput, number_input::Typed, remote,
    },
    widgets::{Refusal, receipt::written},
};

#[component]
pub fn SettingsPage() -> Html {
    let settings = use_remote((), |()| async { api::admin::settings().await });
    html! {
        <>
            <PageHeader title={t!("admin.settings")} lead={t!("admin.settings_lead")} />
            <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
            { remote::show(&settings, html! { <SkeletonLines lines={5} /> }, |view| html! {
                <SettingsForm view={Rc::clone(view)} onsaved={settings.set.clone()} onlatest={settings.reload.clone()} busy={settings.busy} />
            }) }
            <MailCards />
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct SettingsFormProps {
    view: Rc<SettingsView>,
    onsaved: Callback<SettingsView>,
    onlatest: Callback<()>,
    busy: bool,
}

fn values(view: &SettingsView) -> Map<String, Value> {
    view.items.iter().map(|item| (item.key.clone(), item.value.clone())).collect()
}

#[component]
fn SettingsForm(props: &SettingsFormProps) -> Html {
    let toaster = use_toaster();
    let base = use_state(|| Rc::clone(&props.view));
    let form = use_state(|| values(&props.view));
    let junk = use_state(BTreeSet::<String>::new);
    let save = {
        let onsaved = props.onsaved.clone();
        use_submit(
            |(version, values, junk): (Version, Map<String, Value>, BTreeSet<String>), _| async move {
                let faults: Vec<FieldError> = junk
                    .into_iter()
                    .map(|key| FieldError::new(key, "wrong_type", "A number is expected."))
                    .collect();
                if !faults.is_empty() {
                    return Err(ApiError::invalid(faults));
                }
                api::admin::update_settings(version, &SettingsPatch { values }).await
            },
            Callback::from(move |saved| {
                toaster.success(t!("admin.settings_saved"));
                onsaved.emit(saved);
            }),
        )
    };
    use_effect_with(Rc::clone(&props.view), {
        let (base, form, dismiss) = (base.clone(), form.clone(), save.dismiss.clone());
        move |view: &Rc<SettingsView>| {
            if view.version != base.version {
                form.set(merge::rebase(&values(&base), &form, &values(view)));
                base.set(Rc::clone(view));
                dismiss.emit(());
            }
        }
    });
    let begun = values(&base);
    let changed: Map<String, Value> = form
        .iter()
        .filter(|(key, value)| begun.get(*key) != Some(*value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let unchanged = (changed.is_empty() && junk.is_empty()).then(|| t!("admin.unchanged"));
    let onsubmit = {
        let (version, run, junk, blocked) =
            (base.version, save.run.clone(), junk.clone(), unchanged.is_some());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !blocked {
                run.emit((version, changed.clone(), (*junk).clone()));
            }
        })
    };
    let onchange = {
        let (form, junk) = (form.clone(), junk.clone());
        Callback::from(move |(key, value): (String, Option<Value>)| {
            let mut faulty = (*junk).clone();
            match value {
                Some(value) => {
                    faulty.remove(&key);
                    let mut next = (*form).clone();
                    next.insert(key, value);
                    form.set(next);
                }
                None => {
                    faulty.insert(key);
                }
            }
            junk.set(faulty);
        })
    };
    let errors = save.error.as_ref().map_or(&[][..], |error| error.fields());
    let labels: Vec<(AttrValue, AttrValue, AttrValue)> = base
        .items
        .iter()
        .map(|item| (item.key.clone().into(), input_id(&item.key), name(&item.key)))
        .collect();
    html! {
        <form {onsubmit} novalidate=true>
            <Card>
                <div class="space-y-5">
                    <Refusal error={save.error.clone()} fields={labels} onlatest={props.onlatest.clone()} busy={props.busy} />
                    { for groups(&base.items).into_iter().map(|(group, items)| html! {
                        <section key={group.to_owned()} class="space-y-5 border-t border-base-300 pt-5 first:border-0 first:pt-0" aria-labelledby={format!("settings-{group}")}>
                            <h2 id={format!("settings-{group}")} class="text-base font-semibold">{ i18n::word("setting_group", group) }</h2>
                            { for items.into_iter().map(|item| html! {
                                <SettingField key={item.key.clone()} item={item.clone()} value={form.get(&item.key).cloned().unwrap_or_default()}
                                    error={error::of_field(errors, &item.key)} onchange={onchange.clone()} />
                            }) }
                        </section>
                    }) }
                </div>
                <div class="mt-6 flex justify-end">
                    <Button label={t!("admin.save")} kind={ButtonKind::Primary} submit=true busy={save.busy} disabled={unchanged} />
                </div>
            </Card>
        </form>
    }
}

/// Settings belong together by the first part of their key; in the order in which the server names them.
fn groups(items: &[SettingView]) -> Vec<(&str, Vec<&SettingView>)> {
    let mut groups: Vec<(&str, Vec<&SettingView>)> = Vec::new();
    for item in items {
        let group = item.key.split('.').next().unwrap_or_default();
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, of_group)) => of_group.push(item),
            None => groups.push((group, vec![item])),
        }
    }
    groups
}

fn input_id(key: &str) -> AttrValue {
    format!("setting-{}", key.replace('.', "-")).into()
}

fn name(key: &str) -> AttrValue {
    i18n::word("setting", key)
}

#[derive(Properties, PartialEq)]
struct SettingFieldProps {
    item: SettingView,
    value: Value,
    error: Option<AttrValue>,
    /// The key with its new value; none while what stands there is no number.
    onchange: Callback<(String, Option<Value>)>,
}

#[component]
fn SettingField(props: &SettingFieldProps) -> Html {
    let item = &props.item;
    let (id, label) = (input_id(&item.key), name(&item.key));
    let hint = hint(item);
    let key = item.key.clone();
    let set = props.onchange.reform(move |value: Option<Value>| (key.clone(), value));
    let input = match item.kind {
        SettingKind::Number => html! {
            <NumberInput {id} {label} {hint} value={props.value.as_f64()} error={props.error.clone()} class="max-w-md"
                onchange={set.reform(|typed: Typed| typed.ok().map(|number| json!(number)))} />
        },
        SettingKind::Boolean => html! {
            <Checkbox {id} {label} {hint} checked={props.value.as_bool().unwrap_or_default()} onchange={set.reform(|on: bool| Some(json!(on)))} />
        },
        SettingKind::Text => html! {
            <TextInput {id} {label} {hint} value={props.value.as_str().unwrap_or_default().to_owned()} error={props.error.clone()}
                oninput={set.reform(|text: String| Some(json!(text)))} autocomplete="off" />
        },
    };
    let default = item.default.clone();
    let reset = set.reform(move |_: MouseEvent| Some(default.clone()));
    let differs = props.value.as_f64().is_none_or(|value| Some(value) != item.default.as_f64())
        && props.value != item.default;
    html! {
        <div>
            { input }
            if differs {
                <Button label={t!("admin.default_back", value = written(&item.default))} icon={IconName::Undo} kind={ButtonKind::Ghost}
                    size={ButtonSize::Small} onclick={reset} class="mt-1 -ms-2" />
            }
        </div>
    }
}

/// What it does, from where to where it goes, and what it is by itself.
fn hint(item: &SettingView) -> AttrValue {
    let what = i18n::lookup(&format!("word.setting_text.{}", item.key))
        .unwrap_or_else(|| item.description.clone().into());
    match (item.min, item.max) {
        (Some(min), Some(max)) => {
            t!(
                "admin.setting_range",
                what = what,
                min = format::plain(min),
                max = format::plain(max),
                default = written(&item.default)
            )
        }
        _ => t!("admin.setting_default", what = what, default = written(&item.default)),
    }
}
