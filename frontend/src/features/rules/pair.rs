//! What two versions of a rule say of one KPI, the one beside the other.

use kpi_api::{
    rule_effects::{KpiBrief, Receipts},
    scoring::{Band, Said},
    time::Period,
};
use yew::prelude::*;

use crate::{
    core::{format, i18n},
    route::Route,
    t,
    ui::{Badge, Button, ButtonKind, ButtonSize, Icon, IconName, RouteLink},
    widgets::{BandMark, ReceiptView},
};

#[derive(Properties, PartialEq)]
pub struct PairProps {
    pub kpi: KpiBrief,
    /// Score points.
    pub before: Option<f64>,
    pub after: Option<f64>,
    pub receipts: Option<Receipts>,
    /// The difference in words.
    #[prop_or_default]
    pub sentences: Vec<Said>,
    /// Beside the KPI's name: when, or why there is no second score.
    #[prop_or_default]
    pub aside: Html,
}

/// A KPI with both scores; both receipts open below it.
#[component]
pub fn Pair(props: &PairProps) -> Html {
    let open = use_state(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let kpi = &props.kpi;
    let period = format::period(Period::new(kpi.year, kpi.quarter)).to_string();
    let place = [Some(kpi.owner.full_name.clone()), kpi.department_name.clone(), Some(period)];
    let receipts = props.receipts.as_ref();
    let band =
        |receipt: Option<&kpi_api::scoring::Receipt>| receipt.map_or(Band::None, |receipt| receipt.band);
    html! {
        <div class="px-4 py-4 sm:px-5">
            <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
                <div class="min-w-0 flex-1 basis-56">
                    <RouteLink to={Route::Kpi { id: kpi.id }} class="font-medium">{ kpi.title.clone() }</RouteLink>
                    <p class="text-sm text-muted">{ place.into_iter().flatten().collect::<Vec<_>>().join(" · ") }</p>
                    { props.aside.clone() }
                </div>
                if let Some(receipts) = receipts {
                    <p class="flex flex-wrap items-center gap-2">
                        <BandMark band={band(receipts.before.as_ref())} score={props.before} />
                        <Icon name={IconName::ArrowRight} />
                        <BandMark band={band(receipts.after.as_ref())} score={props.after} />
                    </p>
                    <Button label={if *open { t!("rules.close_receipts") } else { t!("rules.open_receipts") }} icon={IconName::Receipt}
                        kind={ButtonKind::Ghost} size={ButtonSize::Small} pressed={*open} onclick={toggle} />
                }
            </div>
            { for receipts.filter(|_| *open).map(|receipts| both(receipts, &props.sentences)) }
        </div>
    }
}

fn both(receipts: &Receipts, sentences: &[Said]) -> Html {
    let side = |name: AttrValue, receipt: &Option<kpi_api::scoring::Receipt>| {
        html! {
            <section>
                <p class="mb-3"><Badge label={name} /></p>
                { receipt.clone().map_or_else(
                    || html! { <p class="text-sm text-muted">{ t!("rules.no_score") }</p> },
                    |receipt| html! { <ReceiptView {receipt} /> },
                ) }
            </section>
        }
    };
    html! {
        <div class="mt-4 space-y-4 border-t border-base-300 pt-4">
            if !sentences.is_empty() {
                <ul class="list-disc space-y-0.5 ps-5 text-sm">{ for sentences.iter().map(|said| html! { <li>{ i18n::said(said) }</li> }) }</ul>
            }
            <div class="grid gap-6 md:grid-cols-2">
                { side(t!("rules.published"), &receipts.before) }
                { side(t!("rules.draft"), &receipts.after) }
            </div>
        </div>
    }
}
