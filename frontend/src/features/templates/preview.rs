//! A KPI from this template as the employee will see it, in words.

use kpi_api::{
    kpi::defaults,
    scoring::{Direction, Kind, Milestone},
    template::{CustomField, EvidenceContract},
};
use serde_json::{Map, Value};
use yew::prelude::*;

use super::{
    form::TemplateForm,
    words::{evidence, measure, read},
};
use crate::{
    core::i18n,
    t, tn,
    ui::{Badge, Card, Tone},
    widgets::receipt::written,
};

#[derive(Properties, PartialEq)]
pub struct PreviewProps {
    pub form: TemplateForm,
    /// Where it is for one department.
    pub department: Option<AttrValue>,
    pub effective: Map<String, Value>,
}

#[component]
pub fn Preview(props: &PreviewProps) -> Html {
    let all = &props.effective;
    let text = |name: &str| {
        all.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
    };
    let milestones: Vec<Milestone> = all.get("milestones").map(read).unwrap_or_default();
    let custom: Vec<CustomField> = all.get("custom_fields").map(read).unwrap_or_default();
    let contract: EvidenceContract = all.get("evidence").map(read).unwrap_or_default();
    let tags: Vec<String> = all.get("tags").map(read).unwrap_or_default();
    let kind: Kind = word(all, "kind").unwrap_or(defaults::kind());
    html! {
        <Card title={t!("templates.preview")}>
            <p class="mb-4 text-sm text-muted">{ audience(props) }</p>
            <div class="space-y-4 rounded-box bg-base-200 p-4 text-sm">
                <div>
                    if let Some(title) = text("title") {
                        <p class="text-base font-semibold break-words">{ title }</p>
                    } else {
                        <p class="text-base text-muted italic">{ t!("templates.own_title") }</p>
                    }
                    if let Some(description) = text("description") {
                        <p class="mt-1 break-words whitespace-pre-line">{ description }</p>
                    }
                </div>
                <p>{ goal(all, kind) }</p>
                if let Some(method) = text("measurement_method") {
                    <div>
                        <p class="text-muted">{ i18n::field_name("measurement_method") }</p>
                        <p class="break-words whitespace-pre-line">{ method }</p>
                    </div>
                }
                if kind == Kind::Milestones && !milestones.is_empty() {
                    <ul class="list-disc space-y-0.5 ps-5">
                        { for milestones.iter().map(|milestone| html! { <li>{ milestone.title.clone() }</li> }) }
                    </ul>
                }
                if !custom.is_empty() {
                    <div>
                        <p class="text-muted">{ t!("templates.also_asked") }</p>
                        <ul class="list-disc space-y-0.5 ps-5">
                            { for custom.iter().map(|field| html! { <li>{ asked(field) }</li> }) }
                        </ul>
                    </div>
                }
                if !tags.is_empty() {
                    <div class="flex flex-wrap gap-1">
                        { for tags.iter().map(|tag| html! { <Badge label={tag.clone()} tone={Tone::Neutral} /> }) }
                    </div>
                }
            </div>
            <ul class="mt-4 list-disc space-y-1 ps-5 text-sm">
                <li>{ t!("templates.counts", weight = all.get("weight").map_or_else(|| written(&defaults::weight().into()), written)) }</li>
                <li>{ rhythm(all) }</li>
                <li>{ evidence(&contract) }</li>
            </ul>
        </Card>
    }
}

fn word<T: std::str::FromStr>(all: &Map<String, Value>, name: &str) -> Option<T> {
    all.get(name)?.as_str()?.parse().ok()
}

/// Who may make a KPI from it.
fn audience(props: &PreviewProps) -> AttrValue {
    let role = props.form.role.map(|role| i18n::word("role", role.as_str()));
    if !props.form.is_active {
        return t!("templates.for_nobody");
    }
    match (role, &props.department) {
        (None, None) => t!("templates.for_all"),
        (Some(role), None) => t!("templates.for_role", role = role),
        (None, Some(department)) => t!("templates.for_department", department = department),
        (Some(role), Some(department)) => t!("templates.for_both", role = role, department = department),
    }
}

/// What is to be reached, in a sentence.
fn goal(all: &Map<String, Value>, kind: Kind) -> AttrValue {
    let value = |name: &str| all.get(name).filter(|value| value.is_number()).map(|value| measure(value, all));
    let direction: Direction = word(all, "direction").unwrap_or(defaults::direction());
    match kind {
        Kind::Boolean => t!("templates.goal_boolean"),
        Kind::Milestones => t!("templates.goal_milestones"),
        Kind::Number | Kind::Percentage => match (direction, value("baseline"), value("target")) {
            (Direction::InRange, ..) => match (value("lower"), value("upper")) {
                (Some(lower), Some(upper)) => t!("templates.goal_range", lower = lower, upper = upper),
                _ => t!("templates.goal_range_open"),
            },
            (Direction::Increase, Some(from), Some(to)) => {
                t!("templates.goal_raise_from", from = from, to = to)
            }
            (Direction::Increase, None, Some(to)) => t!("templates.goal_raise", to = to),
            (Direction::Increase, _, None) => t!("templates.goal_raise_open"),
            (Direction::Decrease, Some(from), Some(to)) => {
                t!("templates.goal_lower_from", from = from, to = to)
            }
            (Direction::Decrease, None, Some(to)) => t!("templates.goal_lower", to = to),
            (Direction::Decrease, _, None) => t!("templates.goal_lower_open"),
        },
    }
}

fn asked(field: &CustomField) -> AttrValue {
    let kind = i18n::word("custom_kind", field.kind.as_str());
    if field.required {
        t!("templates.asked_required", label = field.label, kind = kind)
    } else {
        t!("templates.asked", label = field.label, kind = kind)
    }
}

fn rhythm(all: &Map<String, Value>) -> AttrValue {
    match all.get("check_in_days").and_then(Value::as_i64) {
        Some(days) => tn!("templates.check_in_every", days),
        None => t!("templates.check_in_default"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_goal_says_which_way_is_better() {
        let of = |fields: Value| {
            let Value::Object(all) = fields else { panic!("an object") };
            let kind = word(&all, "kind").unwrap_or(Kind::Number);
            goal(&all, kind).to_string()
        };
        let lower = of(json!({ "direction": "decrease", "baseline": 9, "target": 4, "unit": "h" }));
        assert!(lower.contains("9\u{a0}h") && lower.contains("4\u{a0}h"), "{lower}");
        assert_ne!(lower, of(json!({ "direction": "increase", "baseline": 9, "target": 4, "unit": "h" })));
        assert!(of(json!({ "direction": "in_range", "lower": 1, "upper": 2 })).contains('2'));
    }
}
