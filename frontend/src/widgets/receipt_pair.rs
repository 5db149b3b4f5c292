//! What two versions of a rule say of one KPI, the one beside the other.

use kpi_api::{
    rule_effects::{KpiBrief, Receipts},
    scoring::{Band, Receipt, Said},
    time::Period,
};
use yew::prelude::*;

use super::{marks::BandMark, receipt::ReceiptView};
use crate::{
    core::{format, i18n},
    route::Route,
    t,
    ui::{Badge, Button, ButtonKind, ButtonSize, Icon, IconName, RouteLink},
};

#[derive(Properties, PartialEq)]
pub struct ReceiptPairProps {
    pub kpi: KpiBrief,
    /// Score points.
    pub before: Option<f64>,
    pub after: Option<f64>,
    pub receipts: Option<Receipts>,
    /// What the two sides are called.
    pub names: (AttrValue, AttrValue),
    /// The difference in words.
    #[prop_or_default]
    pub sentences: Vec<Said>,
    /// Beside the KPI's name: when, or why there is no second score.
    #[prop_or_default]
    pub aside: Html,
    /// What opens beside the receipts, or in their place.
    #[prop_or_default]
    pub more: Html,
}

/// A KPI with both scores; both receipts open below it.
#[component]
pub fn ReceiptPair(props: &ReceiptPairProps) -> Html {
    let open = use_state(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let kpi = &props.kpi;
    let period = format::period(Period::new(kpi.year, kpi.quarter)).to_string();
    let place = [Some(kpi.owner.full_name.clone()), kpi.department_name.clone(), Some(period)];
    let band = |receipt: Option<&Receipt>| receipt.map_or(Band::None, |receipt| receipt.band);
    let opens = props.receipts.is_some() || props.more != Html::default();
    html! {
        <div class="px-4 py-3 sm:px-5">
            <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
                <div class="min-w-0 flex-1 basis-56">
                    <RouteLink to={Route::Kpi { id: kpi.id }} class="font-medium">{ kpi.title.clone() }</RouteLink>
                    <p class="text-sm text-muted">{ place.into_iter().flatten().collect::<Vec<_>>().join(" · ") }</p>
                    { props.aside.clone() }
                </div>
                if let Some(receipts) = &props.receipts {
                    <p class="flex flex-wrap items-center gap-2 text-sm">
                        <BandMark band={band(receipts.before.as_ref())} score={props.before} />
                        <Icon name={IconName::ArrowRight} />
                        <BandMark band={band(receipts.after.as_ref())} score={props.after} />
                        <span class="min-w-12 text-end tabular-nums">{ format::difference(props.before, props.after) }</span>
                    </p>
                }
                if opens {
                    <Button label={if *open { t!("receipt.close_pair") } else { t!("receipt.open_pair") }} icon={IconName::Receipt}
                        kind={ButtonKind::Ghost} size={ButtonSize::Small} pressed={*open} onclick={toggle} />
                }
            </div>
            if opens && *open { { opened(props) } }
        </div>
    }
}

fn opened(props: &ReceiptPairProps) -> Html {
    let shown = |receipt: &Option<Receipt>| match receipt.clone() {
        Some(receipt) => html! { <ReceiptView {receipt} /> },
        None => html! { <p class="text-sm text-muted">{ t!("receipt.no_score") }</p> },
    };
    html! {
        <div class="mt-3 space-y-4 border-t border-base-300 pt-3">
            if !props.sentences.is_empty() {
                <ul class="list-disc space-y-0.5 ps-5 text-sm">{ for props.sentences.iter().map(|said| html! { <li>{ i18n::said(said) }</li> }) }</ul>
            }
            if let Some(receipts) = &props.receipts { { side_by_side(&props.names, shown(&receipts.before), shown(&receipts.after)) } }
            { props.more.clone() }
        </div>
    }
}

/// Before and after under their names; below one another where it is narrow.
pub fn side_by_side(names: &(AttrValue, AttrValue), before: Html, after: Html) -> Html {
    let side = |name: &AttrValue, what: Html| html! { <section class="min-w-0"><p class="mb-3"><Badge label={name.clone()} /></p>{ what }</section> };
    html! { <div class="grid gap-6 md:grid-cols-2">{ side(&names.0, before) }{ side(&names.1, after) }</div> }
}
