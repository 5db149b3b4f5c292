//! The receipt of a score: which rule, what went in, step by step, cap and band.

use kpi_api::{
    id::{HistoryId, KpiId, Version},
    receipt_change::ChangedSince,
    scoring::{Input, Receipt},
};
use serde_json::Value;
use yew::prelude::*;

use super::marks::{BandMark, band_tone};
use crate::{
    core::{api, format, i18n, remote::use_remote},
    t,
    ui::{Dialog, Note, ScoreRing, SkeletonLines, Tone, remote},
};

#[derive(Properties, PartialEq)]
pub struct ReceiptViewProps {
    pub receipt: Receipt,
}

#[component]
pub fn ReceiptView(props: &ReceiptViewProps) -> Html {
    let receipt = &props.receipt;
    html! {
        <div class="space-y-5">
            <div class="flex flex-wrap items-center gap-4">
                <ScoreRing score={receipt.score} tone={band_tone(receipt.band)} label={t!("receipt.score")} />
                <div class="space-y-1 text-sm">
                    <div><BandMark band={receipt.band} /></div>
                    <div>{ t!("receipt.bands", green = format::points(Some(receipt.bands.green)), amber = format::points(Some(receipt.bands.amber))) }</div>
                    <div>{ t!("receipt.cap", cap = format::points(Some(receipt.cap))) }</div>
                    if let Some(attainment) = receipt.attainment {
                        <div>{ t!("receipt.attainment", percent = format::percent(Some(attainment * 100.0))) }</div>
                    }
                </div>
            </div>
            if receipt.trouble.is_some() {
                <Note tone={Tone::Warn}>{ t!("receipt.trouble") }</Note>
            }
            <section>
                <h3 class="mb-2 font-semibold">{ t!("receipt.steps") }</h3>
                if receipt.steps.is_empty() {
                    <p class="text-sm text-muted">{ t!("receipt.no_steps") }</p>
                } else {
                    <ol class="list-decimal space-y-1 ps-5 text-sm">
                        { for receipt.steps.iter().map(|step| html! { <li>{ i18n::said(step) }</li> }) }
                    </ol>
                }
            </section>
            <section>
                <h3 class="mb-2 font-semibold">{ t!("receipt.inputs") }</h3>
                <dl class="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
                    { for receipt.inputs.iter().map(input) }
                </dl>
            </section>
            <section>
                <h3 class="mb-2 font-semibold">{ t!("receipt.rule") }</h3>
                <p class="text-sm">{ t!("receipt.rule_version", title = i18n::of_rule(&receipt.rule.title), name = receipt.rule.name, version = receipt.rule.version) }</p>
                <p class="mt-1 text-xs break-all text-muted">{ t!("receipt.checksum", checksum = receipt.rule.checksum, engine = receipt.rule.engine) }</p>
            </section>
        </div>
    }
}

/// Why the score is another one than the last time.
fn changed(since: &ChangedSince, receipt: &Receipt) -> Html {
    let at = format::date_time(since.at);
    let from = if since.version == receipt.rule.version {
        t!("receipt.changed_since", at = at)
    } else {
        t!("receipt.changed_since_version", at = at, version = since.version)
    };
    html! {
        <section>
            <h3 class="mb-2 font-semibold">{ t!("receipt.changed") }</h3>
            <p class="mb-1 text-sm text-muted">{ from }</p>
            if since.sentences.is_empty() {
                <p class="text-sm">{ t!("receipt.unchanged") }</p>
            } else {
                <ul class="list-disc space-y-1 ps-5 text-sm">
                    { for since.sentences.iter().map(|sentence| html! { <li>{ i18n::said(sentence) }</li> }) }
                </ul>
            }
        </section>
    }
}

fn input(input: &Input) -> Html {
    html! {
        <>
            <dt class="text-muted">{ i18n::field_name(&input.name) }</dt>
            <dd class="break-words tabular-nums">{ written_as(&input.name, &input.value) }</dd>
        </>
    }
}

/// The value of a field as people read it: a word of the API (`increase`) in their language.
pub fn written_as(field: &str, value: &Value) -> String {
    let word = value.as_str().and_then(|value| i18n::lookup(&format!("word.{field}.{value}")));
    word.map_or_else(|| written(value), |word| word.to_string())
}

/// A value of any shape as people read it.
pub fn written(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(true) => t!("measure.yes").to_string(),
        Value::Bool(false) => t!("measure.no").to_string(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), format::plain),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "–".to_owned(),
        Value::Array(items) => items.iter().map(written).collect::<Vec<_>>().join(", "),
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| format!("{}: {}", i18n::field_name(name), written(value)))
            .collect::<Vec<_>>()
            .join(" · "),
    }
}

/// The receipt in a dialog, fetched when it opens.
#[derive(Properties, PartialEq)]
pub struct ReceiptDialogProps {
    pub kpi: KpiId,
    /// The moment of a history row; the present score without it.
    #[prop_or_default]
    pub at: Option<HistoryId>,
    pub open: bool,
    pub onclose: Callback<()>,
}

#[component]
pub fn ReceiptDialog(props: &ReceiptDialogProps) -> Html {
    html! {
        <Dialog id="receipt" title={t!("receipt.title")} wide=true open={props.open} onclose={props.onclose.clone()}>
            <FetchedReceipt kpi={props.kpi} at={props.at} />
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
pub struct FetchedReceiptProps {
    pub kpi: KpiId,
    #[prop_or_default]
    pub at: Option<HistoryId>,
    /// The KPI's version: another one may have another score.
    #[prop_or_default]
    pub version: Option<Version>,
}

/// The receipt of a KPI, fetched when it appears.
#[component]
pub fn FetchedReceipt(props: &FetchedReceiptProps) -> Html {
    let receipt = use_remote((props.kpi, props.at, props.version), |(kpi, at, _)| async move {
        api::kpis::receipt(kpi, at).await
    });
    remote::show(&receipt, html! { <SkeletonLines /> }, |told| {
        html! {
            <div class="space-y-5">
                <ReceiptView receipt={told.receipt.clone()} />
                { for told.changed_since.as_ref().map(|since| changed(since, &told.receipt)) }
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{written, written_as};

    #[test]
    fn any_value_can_be_written() {
        assert_eq!(written(&json!(null)), "–");
        assert_eq!(written(&json!(12.50)), "12.5");
        assert_eq!(written(&json!(["a", 2])), "a, 2");
    }

    #[test]
    fn a_word_of_the_api_is_translated_and_free_text_is_not() {
        assert_eq!(written_as("direction", &json!("increase")), "More is better");
        assert_eq!(written_as("title", &json!("increase")), "increase");
    }
}
