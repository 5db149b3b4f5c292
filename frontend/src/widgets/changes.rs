//! Fields of a KPI as people read them, and what changed in them: before and after.

use kpi_api::{history::Change, template::EvidenceContract};
use serde_json::Value;
use yew::prelude::*;

use super::receipt::written;
use crate::{
    core::{format, i18n},
    t, tn,
    ui::{Icon, IconName, input::parse_date},
};

/// The value of a field in words; a dash where there is none.
pub fn in_words(field: &str, value: &Value) -> AttrValue {
    match (field, value) {
        ("kind" | "direction" | "category" | "rollup" | "status" | "band", Value::String(word)) => {
            i18n::word(field, word)
        }
        ("due_date", Value::String(text)) => {
            parse_date(text).map_or_else(|| text.clone().into(), format::date)
        }
        ("year", Value::Number(year)) => year.to_string().into(),
        ("parent_id" | "user_id" | "template_id", Value::Number(id)) => format!("#{id}").into(),
        ("score", Value::Number(number)) => format::points(number.as_f64()).into(),
        ("weight", Value::Number(number)) => format::percent(number.as_f64()).into(),
        ("milestones", Value::Array(items)) if !items.is_empty() => {
            items.iter().map(milestone).collect::<Vec<_>>().join(", ").into()
        }
        ("check_in_days", Value::Number(days)) => tn!("kpi.changes.days", days.as_i64().unwrap_or_default()),
        ("evidence", Value::Object(_)) => contract(value),
        // Of a template: the fields it adds.
        ("custom_fields", Value::Array(items)) if !items.is_empty() => {
            let labels = items.iter().filter_map(|item| item.get("label").and_then(Value::as_str));
            labels.collect::<Vec<_>>().join(" · ").into()
        }
        (_, Value::String(text)) if text.trim().is_empty() => "–".into(),
        ("custom_fields", Value::Object(map)) => {
            let filled: Vec<String> = map
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| format!("{name}: {}", written(value)))
                .collect();
            if filled.is_empty() { "–".into() } else { filled.join(" · ").into() }
        }
        (_, value) => written(value).into(),
    }
}

/// What has to be attached before a result is submitted.
fn contract(value: &Value) -> AttrValue {
    let contract: EvidenceContract = serde_json::from_value(value.clone()).unwrap_or_default();
    let mut parts = Vec::new();
    if contract.count > 0 {
        parts.push(tn!("kpi.changes.files", contract.count).to_string());
    }
    if !contract.kinds.is_empty() {
        parts.push(contract.kinds.join(", "));
    }
    if let Some(days) = contract.max_age_days {
        parts.push(tn!("kpi.changes.days", days).to_string());
    }
    if parts.is_empty() { "–".into() } else { parts.join(" · ").into() }
}

fn milestone(value: &Value) -> String {
    let title = value.get("title").and_then(Value::as_str).unwrap_or_default();
    let weight = value.get("weight").and_then(Value::as_f64).map(format::plain).unwrap_or_default();
    let done = value.get("done").and_then(Value::as_bool).unwrap_or(false);
    if done { format!("✓ {title} ({weight})") } else { format!("{title} ({weight})") }
}

#[derive(Properties, PartialEq)]
pub struct ChangesTableProps {
    pub caption: AttrValue,
    pub changes: Vec<Change>,
}

/// One row per field, before beside after.
#[component]
pub fn ChangesTable(props: &ChangesTableProps) -> Html {
    html! {
        <div class="overflow-x-auto">
            <table class="plain-table w-full text-sm">
                <caption class="sr-only">{ props.caption.clone() }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ t!("kpi.changes.field") }</th>
                        <th scope="col">{ t!("kpi.changes.before") }</th>
                        <th scope="col">{ t!("kpi.changes.after") }</th>
                    </tr>
                </thead>
                <tbody>
                    { for props.changes.iter().map(|change| html! {
                        <tr key={change.field.clone()}>
                            <th scope="row" class="font-medium">{ i18n::field_name(&change.field) }</th>
                            <td class="text-muted break-words"><del class="decoration-1">{ in_words(&change.field, &change.old) }</del></td>
                            <td class="font-medium break-words"><ins class="no-underline">{ in_words(&change.field, &change.new) }</ins></td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

/// Changes in lines, for narrow places: field, before, after.
#[component]
pub fn ChangesLines(props: &ChangesTableProps) -> Html {
    html! {
        <ul class="mt-1 space-y-0.5 text-sm text-muted" aria-label={props.caption.clone()}>
            { for props.changes.iter().map(|change| html! {
                <li key={change.field.clone()} class="flex flex-wrap items-center gap-x-1.5">
                    <span>{ i18n::field_name(&change.field) }{ ":" }</span>
                    <del class="break-words decoration-1">{ in_words(&change.field, &change.old) }</del>
                    <Icon name={IconName::ArrowRight} class="size-3.5" />
                    <span class="sr-only">{ t!("kpi.changes.becomes") }</span>
                    <ins class="break-words text-base-content no-underline">{ in_words(&change.field, &change.new) }</ins>
                </li>
            }) }
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::in_words;

    #[test]
    fn fields_are_said_in_words() {
        assert_eq!(in_words("direction", &json!("decrease")), "Less is better");
        assert_eq!(in_words("target", &json!(null)), "–");
        assert_eq!(in_words("unit", &json!(" ")), "–");
        assert_eq!(in_words("year", &json!(2026)), "2026");
        assert_eq!(in_words("custom_fields", &json!({ "a": null })), "–");
        let milestones =
            json!([{ "title": "Plan", "weight": 2.0, "done": true }, { "title": "Build", "weight": 3.5 }]);
        assert_eq!(in_words("milestones", &milestones), "✓ Plan (2), Build (3.5)");
    }
}
