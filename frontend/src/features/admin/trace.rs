//! A row of the audit log in words: who did what, and what changed.

use kpi_api::audit::AuditRow;
use serde_json::{Map, Value};
use yew::prelude::*;

use crate::{
    core::i18n,
    route::Route,
    t,
    widgets::receipt::{written, written_as},
};

/// Who did what, in a sentence.
pub fn sentence(row: &AuditRow) -> AttrValue {
    let who = row.user_name.clone().map_or_else(|| t!("admin.system"), AttrValue::from);
    let id = row.entity_id.map(|id| id.to_string()).unwrap_or_default();
    i18n::say_if_known(&format!("word.audit.{}", row.action), &[("who", &who), ("id", &id)]).unwrap_or_else(
        || t!("admin.did_something", who = who, action = row.action, entity = row.entity, id = id),
    )
}

/// Where the thing can be looked at; deleted things cannot.
pub fn place(row: &AuditRow) -> Option<Route> {
    let id = row.entity_id?;
    if row.action.ends_with(".delete") || row.action.starts_with("auth.") {
        return None;
    }
    match row.entity.as_str() {
        "kpi" => Some(Route::Kpi { id: id.into() }),
        "user" => Some(Route::Person { id: id.into() }),
        "template" => Some(Route::Template { id: id.into() }),
        "rule" => Some(Route::Rule { id: id.into() }),
        "department" => Some(Route::Departments),
        _ => None,
    }
}

/// A field with its value before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    pub field: String,
    pub old: Value,
    pub new: Value,
}

/// What differs, in any of the ways the log tells it: per field, or as the whole before and after.
pub fn differences(detail: &Value) -> Vec<Difference> {
    let Some(map) = detail.as_object() else { return Vec::new() };
    let whole = |name: &str| map.get(name).and_then(Value::as_object);
    if map.contains_key("old") || map.contains_key("new") {
        let blank = Map::new();
        let (old, new) = (whole("old").unwrap_or(&blank), whole("new").unwrap_or(&blank));
        let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
        names.sort_unstable();
        names.dedup();
        return names
            .into_iter()
            .map(|name| Difference {
                field: name.clone(),
                old: old.get(name).cloned().unwrap_or_default(),
                new: new.get(name).cloned().unwrap_or_default(),
            })
            .filter(|difference| difference.old != difference.new)
            .collect();
    }
    map.iter()
        .filter_map(|(field, pair)| {
            let (old, new) = (pair.get("old")?, pair.get("new")?);
            Some(Difference { field: field.clone(), old: old.clone(), new: new.clone() })
        })
        .collect()
}

/// The differences as a table, or whatever else the row keeps.
pub fn detail(value: &Value) -> Html {
    let differences = differences(value);
    if differences.is_empty() {
        return html! { <p class="text-sm break-words text-muted">{ written(value) }</p> };
    }
    html! {
        <div class="overflow-x-auto" tabindex="0" role="group" aria-label={t!("admin.changes")}>
            <table class="plain-table text-sm">
                <thead>
                    <tr>
                        <th scope="col">{ t!("admin.field") }</th>
                        <th scope="col">{ t!("admin.before") }</th>
                        <th scope="col">{ t!("admin.after") }</th>
                    </tr>
                </thead>
                <tbody>
                    { for differences.iter().map(|difference| html! {
                        <tr>
                            <th scope="row">{ i18n::field_name(&difference.field) }</th>
                            <td>{ written_as(&difference.field, &difference.old) }</td>
                            <td>{ written_as(&difference.field, &difference.new) }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_ways_of_telling_a_change_are_read() {
        let fields = |detail: Value| differences(&detail).into_iter().map(|d| d.field).collect::<Vec<_>>();
        assert_eq!(fields(json!({ "role": { "old": "a", "new": "b" } })), ["role"]);
        assert_eq!(
            fields(json!({ "old": { "a": 1, "b": 2 }, "new": { "a": 1, "b": 3, "c": 4 } })),
            ["b", "c"]
        );
        assert_eq!(fields(json!({ "ip": "127.0.0.1" })), [""; 0]);
    }
}
