//! Numbers of one's own over a sample: what if the value were another one?

use serde_json::{Map, Value};
use yew::prelude::*;

use super::samples::TypedKpi;
use crate::{
    core::i18n,
    t,
    ui::{
        Badge, Button, ButtonKind, ButtonSize, IconName, NumberInput, Segmented, Tone, number_input::Typed,
    },
};

#[derive(Properties, PartialEq)]
pub struct TypedFactsProps {
    /// Key of the sample.
    pub sample: String,
    /// The facts that were run.
    pub kpi: Map<String, Value>,
    pub ctx: Map<String, Value>,
    pub typed: Option<TypedKpi>,
    pub onchange: Callback<Option<TypedKpi>>,
}

/// The numbers that matter for a KPI of that sort.
fn fields(kpi: &Map<String, Value>) -> &'static [&'static str] {
    let word = |name: &str| kpi.get(name).and_then(Value::as_str).unwrap_or_default();
    match (word("kind"), word("direction")) {
        ("milestones", _) => &["cap", "weight"],
        ("boolean", _) => &[],
        (_, "in_range") => &["current", "lower", "upper", "cap", "weight"],
        _ => &["current", "target", "baseline", "cap", "weight"],
    }
}

#[component]
pub fn TypedFacts(props: &TypedFactsProps) -> Html {
    let change = {
        let (sample, kpi, ctx, typed, onchange) = (
            props.sample.clone(),
            props.kpi.clone(),
            props.ctx.clone(),
            props.typed.clone(),
            props.onchange.clone(),
        );
        Callback::from(move |(name, value): (&'static str, Value)| {
            let mut next = typed.clone().unwrap_or_else(|| TypedKpi {
                key: sample.clone(),
                base: kpi.clone(),
                ctx: ctx.clone(),
                over: Map::new(),
            });
            next.over.insert(name.to_owned(), value);
            onchange.emit(Some(next));
        })
    };
    let shown = props.typed.as_ref().map_or_else(|| props.kpi.clone(), TypedKpi::kpi);
    let number = |name: &'static str| {
        let onchange =
            change.reform(move |value: Option<f64>| (name, value.map_or(Value::Null, Value::from)));
        let onchange = Callback::from(move |typed: Typed| {
            if let Ok(value) = typed {
                onchange.emit(value);
            }
        });
        html! { <NumberInput key={name} id={format!("typed-{name}")} label={i18n::field_name(name)} value={shown.get(name).and_then(Value::as_f64)} {onchange} /> }
    };
    let is_boolean = shown.get("kind").and_then(Value::as_str) == Some("boolean");
    let onreset = props.onchange.reform(|_: MouseEvent| None);
    html! {
        <details class="text-sm" open={props.typed.is_some()}>
            <summary class="cursor-pointer font-medium">{ t!("studio.what_if") }</summary>
            if props.typed.is_some() { <p class="mt-2"><Badge label={t!("studio.sample_changed")} tone={Tone::Accent} /></p> }
            <div class="mt-3 grid gap-3 sm:grid-cols-2">
                if is_boolean {
                    <Segmented name="typed-current" label={i18n::field_name("current")} value={shown.get("current").and_then(Value::as_f64).map(|value| format!("{value:.0}")).unwrap_or_default()}
                        options={vec![("1".into(), t!("measure.yes")), ("0".into(), t!("measure.no"))]}
                        onchange={change.reform(|text: String| ("current", text.parse::<f64>().map_or(Value::Null, Value::from)))} />
                }
                { for fields(&shown).iter().map(|name| number(name)) }
            </div>
            if props.typed.is_some() {
                <div class="mt-3"><Button label={t!("studio.what_if_reset")} icon={IconName::Undo} kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={onreset} /></div>
            }
        </details>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_range_has_bounds_and_no_target() {
        let kpi = |value: Value| value.as_object().cloned().unwrap();
        assert!(fields(&kpi(json!({ "direction": "in_range" }))).contains(&"upper"));
        assert!(!fields(&kpi(json!({ "direction": "in_range" }))).contains(&"target"));
        assert!(fields(&kpi(json!({}))).contains(&"target"));
    }
}
