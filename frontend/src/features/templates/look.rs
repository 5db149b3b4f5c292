//! The real form that an employee would fill in, begun from the template as typed.

use kpi_api::{kpi::KpiNew, template::TemplateFields};
use serde_json::{Map, Value};
use yew::prelude::*;

use crate::{
    core::session::use_me,
    features::kpi::{Custom, SampleForm},
    t,
    ui::{Note, Tone},
};

#[derive(Properties, PartialEq)]
pub struct LookProps {
    pub name: String,
    /// What a KPI would start with.
    pub effective: Map<String, Value>,
}

#[component]
pub fn Look(props: &LookProps) -> Html {
    let me = use_me();
    let Some(fields) = read(&props.effective) else {
        return html! { <Note tone={Tone::Warn}>{ t!("templates.look_incomplete") }</Note> };
    };
    let mut kpi = KpiNew::blank(me.period.year, me.period.quarter);
    fields.fill(&mut kpi);
    let custom = Custom {
        template: props.name.clone().into(),
        fields: fields.custom_fields.unwrap_or_default().into(),
    };
    html! {
        <>
            <Note class="mb-4">{ t!("templates.look_hint") }</Note>
            <SampleForm {kpi} {custom} />
        </>
    }
}

/// What is typed, as far as it can be a template already.
fn read(effective: &Map<String, Value>) -> Option<TemplateFields> {
    serde_json::from_value(Value::Object(effective.clone())).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_half_typed_is_no_template_yet() {
        let of = |fields: Value| read(fields.as_object().unwrap()).is_some();
        assert!(of(json!({ "target": 3.0, "kind": "number" })));
        assert!(!of(json!({ "milestones": [{ "title": "a", "weight": null, "done": false }] })));
    }
}
