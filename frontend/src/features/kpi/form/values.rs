//! How the KPI is measured: kind, direction, and the numbers that go with them.

use kpi_api::{
    kpi::KpiNew,
    scoring::{Direction, Kind, Rollup},
};
use yew::prelude::*;

use super::{
    entry::Shape,
    fields::{FieldsProps, words},
    milestones::MilestonesEditor,
};
use crate::{
    core::i18n,
    t,
    ui::{Card, NumberInput, Segmented, Select, TextArea, TextInput},
    widgets::measure::Measure,
};

#[component]
pub fn Values(props: &FieldsProps) -> Html {
    let kpi = &props.entry.kpi;
    let editor = &props.editor;
    let shape = Shape::of(kpi);
    let decimals: Vec<(AttrValue, AttrValue)> =
        (0..=6_u8).map(|places| (places.to_string().into(), places.to_string().into())).collect();
    html! {
        <Card title={t!("kpi.form.how")}>
            <div class="space-y-4">
                <Segmented name="kpi-kind" label={i18n::field_name("kind")} value={kpi.kind.as_str()} options={words("kind", Kind::ALL.iter().map(|word| word.as_str()))}
                    onchange={editor.text("kind", |kpi, text| if let Ok(kind) = text.parse() { kpi.kind = kind })} hint={kind_hint(kpi.kind)} />
                if let Some(error) = props.error("kind") { <p class="text-sm text-error">{ error }</p> }
                if shape.numeric {
                    <Segmented name="kpi-direction" label={i18n::field_name("direction")} value={kpi.direction.as_str()} options={words("direction", Direction::ALL.iter().map(|word| word.as_str()))}
                        onchange={editor.text("direction", |kpi, text| if let Ok(direction) = text.parse() { kpi.direction = direction })} />
                    <div class="grid items-start gap-4 sm:grid-cols-3">
                        if shape.target {
                            { number(props, "baseline", "kpi-baseline", kpi.baseline, |kpi, value| kpi.baseline = value, true, Some(t!("kpi.form.baseline_hint"))) }
                            { number(props, "target", "kpi-target", kpi.target, |kpi, value| kpi.target = value, false, None) }
                            { number(props, "stretch", "kpi-stretch", kpi.stretch, |kpi, value| kpi.stretch = value, true, Some(t!("kpi.form.stretch_hint"))) }
                        } else {
                            { number(props, "lower", "kpi-lower", kpi.lower, |kpi, value| kpi.lower = value, false, None) }
                            { number(props, "upper", "kpi-upper", kpi.upper, |kpi, value| kpi.upper = value, false, None) }
                        }
                    </div>
                    <div class="grid items-start gap-4 sm:grid-cols-3">
                        <TextInput id="kpi-unit" label={i18n::field_name("unit")} optional=true value={kpi.unit.clone()} maxlength={kpi_api::check::UNIT_MAX} placeholder={t!("kpi.form.unit_example")}
                            oninput={editor.text("unit", |kpi, text| kpi.unit = text)} error={props.error("unit")} />
                        <Select id="kpi-decimals" label={i18n::field_name("decimals")} value={kpi.decimals.to_string()} options={decimals}
                            onchange={editor.text("decimals", |kpi, text| kpi.decimals = text.parse().unwrap_or(0))} error={props.error("decimals")} />
                        <Select id="kpi-rollup" label={i18n::field_name("rollup")} value={kpi.rollup.as_str()} options={words("rollup", Rollup::ALL.iter().map(|word| word.as_str()))}
                            onchange={editor.text("rollup", |kpi, text| if let Ok(rollup) = text.parse() { kpi.rollup = rollup })} error={props.error("rollup")} />
                    </div>
                }
                if shape.milestones {
                    <MilestonesEditor ..props.clone() />
                }
                <TextArea id="kpi-measurement-method" label={i18n::field_name("measurement_method")} optional=true rows={2} value={kpi.measurement_method.clone()} placeholder={t!("kpi.form.method_example")}
                    oninput={editor.text("measurement_method", |kpi, text| kpi.measurement_method = text)} error={props.error("measurement_method")} />
            </div>
        </Card>
    }
}

fn number(
    props: &FieldsProps,
    field: &'static str,
    id: &'static str,
    value: Option<f64>,
    apply: fn(&mut KpiNew, Option<f64>),
    optional: bool,
    hint: Option<AttrValue>,
) -> Html {
    let unit = Measure::from(&props.entry.kpi).shown_unit();
    html! {
        <NumberInput {id} label={i18n::field_name(field)} {value} {unit} {optional} onchange={props.editor.number(field, apply)} hint={props.hint(field, hint)} error={props.error(field)} />
    }
}

fn kind_hint(kind: Kind) -> AttrValue {
    match kind {
        Kind::Percentage => t!("kpi.form.kind_percentage"),
        Kind::Number => t!("kpi.form.kind_number"),
        Kind::Boolean => t!("kpi.form.kind_boolean"),
        Kind::Milestones => t!("kpi.form.kind_milestones"),
    }
}
