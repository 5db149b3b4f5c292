//! What the KPI is: definition, method, alignment above and below, tags, the template's fields.

use std::rc::Rc;

use kpi_api::kpi::{KpiRef, KpiView};
use yew::prelude::*;

use crate::{
    core::{format, i18n},
    route::Route,
    t,
    ui::{Badge, Card, LinkKind, RouteLink, input::parse_date},
    widgets::{BandMark, DefinitionList, FindingsList, StatusPill, definition::facts, receipt::written},
};

#[derive(Properties, PartialEq)]
pub struct DefinitionTabProps {
    pub kpi: Rc<KpiView>,
}

#[component]
pub fn DefinitionTab(props: &DefinitionTabProps) -> Html {
    let kpi = &props.kpi;
    html! {
        <div class="grid items-start gap-5 lg:grid-cols-2">
            <Card title={t!("kpi.details.definition")}>
                if !kpi.description.is_empty() { <p class="mb-4 break-words whitespace-pre-line">{ kpi.description.clone() }</p> }
                <DefinitionList rows={facts(&kpi.definition())} />
                if !kpi.tags.is_empty() {
                    <p class="mt-4 flex flex-wrap gap-1.5">{ for kpi.tags.iter().map(|tag| html! { <Badge key={tag.clone()} label={tag.clone()} /> }) }</p>
                }
            </Card>
            <div class="space-y-5">
                if !kpi.findings.is_empty() {
                    <Card title={t!("kpi.details.findings")}><FindingsList findings={kpi.findings.clone()} /></Card>
                }
                <Card title={i18n::field_name("measurement_method")}>
                    if kpi.measurement_method.is_empty() {
                        <p class="text-sm text-muted">{ t!("kpi.details.no_method") }</p>
                    } else {
                        <p class="break-words whitespace-pre-line">{ kpi.measurement_method.clone() }</p>
                    }
                </Card>
                <Card title={t!("kpi.details.alignment")}>
                    if kpi.parent.is_none() && kpi.children.is_empty() {
                        <p class="text-sm text-muted">{ t!("kpi.details.no_alignment") }</p>
                    }
                    if let Some(parent) = &kpi.parent {
                        <h3 class="mb-1 text-sm text-muted">{ t!("kpi.details.above") }</h3>
                        <ul class="mb-3">{ reference(parent) }</ul>
                    }
                    if !kpi.children.is_empty() {
                        <h3 class="mb-1 text-sm text-muted">{ t!("kpi.details.below") }</h3>
                        <ul class="divide-y divide-base-300">{ for kpi.children.iter().map(reference) }</ul>
                    }
                </Card>
                if !(kpi.custom_fields.is_empty() && kpi.custom_definitions.is_empty()) {
                    <Card title={i18n::field_name("custom_fields")}><DefinitionList rows={custom(kpi)} /></Card>
                }
                <Card title={t!("kpi.details.record")}><DefinitionList rows={record(kpi)} /></Card>
            </div>
        </div>
    }
}

fn reference(kpi: &KpiRef) -> Html {
    html! {
        <li key={kpi.id.0} class="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
            <span class="min-w-0 flex-1 basis-48">
                <RouteLink to={Route::Kpi { id: kpi.id }} kind={LinkKind::Bare} class="font-medium break-words hover:underline">{ kpi.title.clone() }</RouteLink>
                <span class="block text-sm text-muted">{ kpi.user_name.clone() }</span>
            </span>
            <StatusPill status={kpi.status} />
            <BandMark band={kpi.band} score={kpi.score} is_flagged={kpi.is_flagged} />
        </li>
    }
}

/// The template's fields under their labels, the empty ones too; by its key what has no field any more.
fn custom(kpi: &KpiView) -> Vec<(AttrValue, Html)> {
    let fields = &kpi.custom_definitions;
    let of_fields = fields.iter().map(|field| (field.label.clone(), kpi.custom_fields.get(&field.key)));
    let left = kpi.custom_fields.iter().filter(|(key, _)| fields.iter().all(|field| field.key != **key));
    of_fields
        .chain(left.map(|(key, value)| (key.clone(), Some(value))))
        .map(|(label, value)| {
            let day = value.and_then(serde_json::Value::as_str).and_then(parse_date);
            let said = match (day, value) {
                (Some(day), _) => format::date(day),
                (None, Some(value)) => written(value).into(),
                (None, None) => AttrValue::from("–"),
            };
            (label.into(), html! { said })
        })
        .collect()
}

/// From what and when it came.
fn record(kpi: &KpiView) -> Vec<(AttrValue, Html)> {
    let mut rows = Vec::new();
    if let Some(template) = &kpi.template_name {
        let said = match kpi.template_version {
            Some(number) => t!("kpi.details.template_version", template = template, number = number),
            None => template.clone().into(),
        };
        rows.push((i18n::field_name("template_id"), html! { said }));
    }
    let moments = [
        (t!("kpi.details.created"), Some(kpi.created_at)),
        (t!("kpi.details.submitted"), kpi.submitted_at),
        (t!("kpi.details.approved"), kpi.approved_at),
        (t!("kpi.details.closed"), kpi.closed_at),
        (i18n::field_name("updated_at"), Some(kpi.updated_at)),
    ];
    rows.extend(
        moments.into_iter().filter_map(|(name, at)| at.map(|at| (name, html! { format::date_time(at) }))),
    );
    rows
}
