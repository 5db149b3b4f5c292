//! One setting of a plugin as a field, and what was typed into all of them so far.

use std::{collections::BTreeMap, rc::Rc};

use kpi_api::{
    error::FieldError,
    plugin::{PluginSettingKind, PluginSettingView},
};
use serde_json::{Map, Value, json};
use yew::prelude::*;

use crate::{
    t,
    ui::{
        Badge, Button, ButtonKind, ButtonSize, Checkbox, IconName, NumberInput, PasswordInput, Select,
        TextInput, Tone, number_input::Typed,
    },
    widgets::receipt::written,
};

/// What was typed, by the key of the setting; what is not here stays as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    typed: BTreeMap<String, Entry>,
}

#[derive(Debug, Clone, PartialEq)]
enum Entry {
    Value(Value),
    /// No number stands where one belongs.
    Junk,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Null takes the value away.
    Set(String, Value),
    Junk(String),
    /// As it is on the server.
    Keep(String),
    /// All of them.
    Begin,
}

impl Reducible for Draft {
    type Action = Edit;

    fn reduce(self: Rc<Self>, edit: Edit) -> Rc<Self> {
        let mut typed = self.typed.clone();
        match edit {
            Edit::Set(key, value) => drop(typed.insert(key, Entry::Value(value))),
            Edit::Junk(key) => drop(typed.insert(key, Entry::Junk)),
            Edit::Keep(key) => drop(typed.remove(&key)),
            Edit::Begin => typed.clear(),
        }
        Rc::new(Self { typed })
    }
}

impl Draft {
    /// What the field shows; nothing for a secret that nobody types.
    pub fn shown(&self, item: &PluginSettingView) -> Value {
        match self.typed.get(&item.key) {
            Some(Entry::Value(value)) => value.clone(),
            Some(Entry::Junk) => Value::Null,
            None => item.value.clone(),
        }
    }

    /// Whether a secret is being typed, or has to be as there is none.
    pub fn is_open(&self, item: &PluginSettingView) -> bool {
        !item.is_set
            || matches!(self.typed.get(&item.key), Some(Entry::Value(Value::String(_)) | Entry::Junk))
    }

    /// Whether its value is to be taken away.
    pub fn removes(&self, item: &PluginSettingView) -> bool {
        item.is_set && self.typed.get(&item.key) == Some(&Entry::Value(Value::Null))
    }

    /// What differs from the server's values. A blank text is no value; a secret that was opened and left blank stays.
    pub fn changed(&self, items: &[PluginSettingView]) -> Map<String, Value> {
        let mut changed = Map::new();
        for item in items {
            let Some(Entry::Value(typed)) = self.typed.get(&item.key) else { continue };
            let blank = typed.as_str().is_some_and(|text| text.trim().is_empty());
            let value = if blank { Value::Null } else { typed.clone() };
            let differs = match (is_secret(item), blank) {
                (true, true) => false,
                (true, false) => item.is_set || !value.is_null(),
                (false, _) => (item.is_set || !value.is_null()) && value != item.value,
            };
            if differs {
                changed.insert(item.key.clone(), value);
            }
        }
        changed
    }

    /// Whether there is anything to send, be it right or wrong.
    pub fn is_touched(&self, items: &[PluginSettingView]) -> bool {
        !self.changed(items).is_empty() || self.typed.values().any(|entry| *entry == Entry::Junk)
    }

    /// What cannot be sent: no number where one belongs, no address where one belongs.
    pub fn faults(&self, items: &[PluginSettingView]) -> Vec<FieldError> {
        let fault = |item: &PluginSettingView| {
            let code = match (self.typed.get(&item.key)?, item.kind) {
                (Entry::Junk, _) => "wrong_type",
                (Entry::Value(Value::String(text)), PluginSettingKind::Url) if !is_address(text) => {
                    "invalid_url"
                }
                _ => return None,
            };
            Some(FieldError::new(&item.key, code, ""))
        };
        items.iter().filter_map(fault).collect()
    }
}

/// Blank, or an address of the web.
fn is_address(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.starts_with("https://") || text.starts_with("http://")
}

/// Whether its value is never told.
fn is_secret(item: &PluginSettingView) -> bool {
    item.secret || item.kind == PluginSettingKind::Secret
}

pub fn input_id(key: &str) -> AttrValue {
    format!("plugin-setting-{}", key.replace(['.', '_'], "-")).into()
}

#[derive(Properties, Clone, PartialEq)]
pub struct SettingInputProps {
    pub item: PluginSettingView,
    pub shown: Value,
    /// Of a secret: whether it is being typed.
    pub open: bool,
    pub removed: bool,
    pub error: Option<AttrValue>,
    pub onedit: Callback<Edit>,
}

#[component]
pub fn SettingInput(props: &SettingInputProps) -> Html {
    let item = &props.item;
    if is_secret(item) {
        return html! { <SecretInput ..props.clone() /> };
    }
    let (id, label) = (input_id(&item.key), AttrValue::from(item.label.clone()));
    let (hint, error) = (hint(item), props.error.clone());
    let optional = !item.required && item.default.is_null();
    let key = item.key.clone();
    let set = props.onedit.reform(move |value: Value| Edit::Set(key.clone(), value));
    let text = props.shown.as_str().unwrap_or_default().to_owned();
    match item.kind {
        PluginSettingKind::Number => {
            let key = item.key.clone();
            let onchange = props.onedit.reform(move |typed: Typed| match typed {
                Ok(number) => Edit::Set(key.clone(), json!(number)),
                Err(_) => Edit::Junk(key.clone()),
            });
            html! { <NumberInput {id} {label} {hint} {error} {optional} value={props.shown.as_f64()} class="max-w-xs" {onchange} /> }
        }
        PluginSettingKind::Boolean => {
            let checked = props.shown.as_bool().or(item.default.as_bool()).unwrap_or_default();
            html! { <Checkbox {id} {label} {hint} {checked} onchange={set.reform(|on: bool| json!(on))} /> }
        }
        PluginSettingKind::Select => {
            let mut options: Vec<(AttrValue, AttrValue)> = Vec::new();
            if optional || text.is_empty() {
                options.push(("".into(), t!("plugins.no_choice")));
            }
            options.extend(
                item.options.iter().map(|option| (option.value.clone().into(), option.label.clone().into())),
            );
            html! { <Select {id} {label} {hint} {error} {optional} value={text} {options} onchange={set.reform(|value: String| json!(value))} /> }
        }
        PluginSettingKind::Url => html! {
            <TextInput {id} {label} {hint} {error} {optional} kind="url" placeholder="https://" autocomplete="off" value={text} oninput={set.reform(|value: String| json!(value))} />
        },
        PluginSettingKind::Text | PluginSettingKind::Secret => html! {
            <TextInput {id} {label} {hint} {error} {optional} autocomplete="off" value={text} oninput={set.reform(|value: String| json!(value))} />
        },
    }
}

/// What it is for, and what would hold without the value that was given.
fn hint(item: &PluginSettingView) -> Option<AttrValue> {
    let chosen = item.options.iter().find(|option| item.default.as_str() == Some(&option.value));
    let default = chosen.map_or_else(|| written(&item.default), |option| option.label.clone());
    let differs = !item.default.is_null() && item.value != item.default;
    let default = differs.then(|| t!("plugins.default", value = default));
    let parts =
        [Some(item.help.clone()).filter(|help| !help.is_empty()), default.map(|words| words.to_string())];
    let words: Vec<String> = parts.into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(" ").into())
}

/// A value that is never shown: whether there is one, and ways to replace and to remove it.
#[component]
fn SecretInput(props: &SettingInputProps) -> Html {
    let item = &props.item;
    let (id, label) = (input_id(&item.key), AttrValue::from(item.label.clone()));
    let edit = |edit: fn(String) -> Edit| {
        let key = item.key.clone();
        props.onedit.reform(move |_: MouseEvent| edit(key.clone()))
    };
    let keep = html! {
        if item.is_set {
            <Button label={t!("plugins.secret_keep")} icon={IconName::Undo} kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={edit(Edit::Keep)} class="-ms-2 mt-1" />
        }
    };
    if props.open {
        let key = item.key.clone();
        let oninput = props.onedit.reform(move |text: String| Edit::Set(key.clone(), json!(text)));
        let hint = hint(item).map_or_else(
            || t!("plugins.secret_hint"),
            |own| format!("{own} {}", t!("plugins.secret_hint")).into(),
        );
        return html! {
            <div>
                <PasswordInput {id} {label} {hint} error={props.error.clone()} value={props.shown.as_str().unwrap_or_default().to_owned()} {oninput} autocomplete="off" />
                { keep }
            </div>
        };
    }
    let state = if props.removed {
        html! { <Badge label={t!("plugins.secret_goes")} tone={Tone::Warn} icon={IconName::Trash} /> }
    } else {
        html! { <Badge label={t!("plugins.secret_set")} tone={Tone::Good} icon={IconName::Key} /> }
    };
    html! {
        <div id={id.clone()} class="field" role="group" tabindex="-1" aria-labelledby={format!("{id}-name")}>
            <p id={format!("{id}-name")} class="text-sm font-medium">{ label }</p>
            <div class="flex flex-wrap items-center gap-2">
                { state }
                if props.removed {
                    { keep }
                } else {
                    <Button label={t!("plugins.secret_replace")} size={ButtonSize::Small} onclick={edit(|key| Edit::Set(key, json!("")))} />
                    if !item.required {
                        <Button label={t!("plugins.secret_remove")} kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={edit(|key| Edit::Set(key, Value::Null))} />
                    }
                }
            </div>
            if let Some(error) = &props.error { <p class="text-sm text-error">{ error.clone() }</p> }
            if let Some(hint) = hint(item) { <p class="text-sm text-muted">{ hint }</p> }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(key: &str, kind: PluginSettingKind, value: Value) -> PluginSettingView {
        let secret = kind == PluginSettingKind::Secret;
        PluginSettingView {
            key: key.into(),
            kind,
            label: key.into(),
            help: String::new(),
            required: false,
            secret,
            options: Vec::new(),
            default: Value::Null,
            is_set: !value.is_null(),
            value: if secret { Value::Null } else { value },
        }
    }

    fn after(edits: Vec<Edit>) -> Rc<Draft> {
        edits.into_iter().fold(Rc::new(Draft::default()), Draft::reduce)
    }

    #[test]
    fn only_what_differs_is_sent() {
        let items = [
            item("url", PluginSettingKind::Url, json!("https://old.example")),
            item("name", PluginSettingKind::Text, Value::Null),
            item("days", PluginSettingKind::Number, json!(7.0)),
        ];
        let set = |key: &str, value: Value| Edit::Set(key.into(), value);
        assert!(after(vec![]).changed(&items).is_empty());
        let same =
            vec![set("url", json!("https://old.example")), set("name", json!(" ")), set("days", json!(7.0))];
        assert!(after(same).changed(&items).is_empty());
        let changed = after(vec![set("url", json!("")), set("days", json!(3.0))]).changed(&items);
        assert_eq!(Value::Object(changed), json!({ "url": null, "days": 3.0 }));
        assert!(after(vec![set("days", json!(3.0)), Edit::Begin]).changed(&items).is_empty());
    }

    #[test]
    fn a_secret_stays_until_another_is_typed_or_it_is_removed() {
        let items = [item("token", PluginSettingKind::Secret, json!("kept on the server"))];
        let set = |value: Value| Edit::Set("token".into(), value);
        let closed = after(vec![]);
        assert!(!closed.is_open(&items[0]) && closed.shown(&items[0]).is_null());
        let opened = after(vec![set(json!(""))]);
        assert!(opened.is_open(&items[0]) && opened.changed(&items).is_empty());
        let typed = after(vec![set(json!("new"))]).changed(&items);
        assert_eq!(Value::Object(typed), json!({ "token": "new" }));
        let removed = after(vec![set(Value::Null)]);
        assert!(removed.removes(&items[0]) && !removed.is_open(&items[0]));
        assert_eq!(Value::Object(removed.changed(&items)), json!({ "token": null }));
        assert!(after(vec![set(Value::Null), Edit::Keep("token".into())]).changed(&items).is_empty());
        let unset = [item("token", PluginSettingKind::Secret, Value::Null)];
        assert!(after(vec![]).is_open(&unset[0]));
    }

    #[test]
    fn what_is_no_number_is_neither_sent_nor_forgotten() {
        let items = [item("days", PluginSettingKind::Number, json!(7.0))];
        let draft = after(vec![Edit::Junk("days".into())]);
        assert!(draft.changed(&items).is_empty() && draft.is_touched(&items));
        assert_eq!(draft.faults(&items)[0].code, "wrong_type");
    }

    #[test]
    fn an_address_begins_as_one() {
        let items = [item("url", PluginSettingKind::Url, Value::Null)];
        let faults = |text: &str| after(vec![Edit::Set("url".into(), json!(text))]).faults(&items);
        assert_eq!(faults("chat.example.com")[0].code, "invalid_url");
        assert!(faults("https://chat.example.com/x").is_empty() && faults(" ").is_empty());
    }
}
