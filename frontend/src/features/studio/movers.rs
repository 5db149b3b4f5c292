//! Where a rule changes most, each with what was said before and what would be said after.

use std::rc::Rc;

use kpi_api::rule_effects::{Impact, Mover, ReminderSaid};
use yew::prelude::*;

use super::{figures::difference, outcome::reminder_card};
use crate::{
    core::{format, i18n},
    route::Route,
    t,
    ui::{Button, ButtonKind, ButtonSize, Icon, IconName, RouteLink},
    widgets::{BandMark, FindingsList, ReceiptView},
};

#[derive(Properties, PartialEq)]
pub struct MoversProps {
    pub impact: Rc<Impact>,
}

#[component]
pub fn Movers(props: &MoversProps) -> Html {
    html! {
        <section>
            <h3 class="mb-2 font-semibold">{ t!("studio.movers") }</h3>
            <ul class="surface divide-y divide-base-300">
                { for props.impact.movers.iter().map(|mover| html! { <li key={mover.kpi.id.0}><MoverRow mover={mover.clone()} /></li> }) }
            </ul>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct MoverRowProps {
    mover: Mover,
}

#[component]
fn MoverRow(props: &MoverRowProps) -> Html {
    let open = use_state(|| false);
    let mover = &props.mover;
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let kpi = &mover.kpi;
    let period = kpi_api::time::Period::new(kpi.year, kpi.quarter);
    let place = [
        Some(kpi.owner.full_name.clone()),
        kpi.department_name.clone(),
        Some(format::period(period).to_string()),
    ];
    html! {
        <div class="p-3 sm:px-4">
            <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
                <div class="min-w-0 flex-1 basis-56">
                    <RouteLink to={Route::Kpi { id: kpi.id }} class="font-medium">{ kpi.title.clone() }</RouteLink>
                    <p class="text-sm text-muted">{ place.into_iter().flatten().collect::<Vec<_>>().join(" · ") }</p>
                </div>
                { change(mover) }
                <Button label={if *open { t!("studio.mover_close") } else { t!("studio.mover_open") }} icon={IconName::Receipt} kind={ButtonKind::Ghost} size={ButtonSize::Small} pressed={*open} onclick={toggle} />
            </div>
            if *open { { both(mover) } }
        </div>
    }
}

fn change(mover: &Mover) -> Html {
    if mover.receipts.is_none() {
        return Html::default();
    }
    html! {
        <p class="flex flex-wrap items-center gap-2 text-sm">
            <BandMark band={mover.band_before} score={mover.before} />
            <Icon name={IconName::ArrowRight} class="size-4" />
            <BandMark band={mover.band_after} score={mover.after} />
            <span class="min-w-12 text-end tabular-nums">{ difference(mover.before, mover.after) }</span>
        </p>
    }
}

fn both(mover: &Mover) -> Html {
    let sides = |before: Html, after: Html| {
        html! {
            <div class="grid gap-6 md:grid-cols-2">
                <section><h4 class="mb-2 text-sm font-semibold text-muted">{ t!("studio.before") }</h4>{ before }</section>
                <section><h4 class="mb-2 text-sm font-semibold text-muted">{ t!("studio.after") }</h4>{ after }</section>
            </div>
        }
    };
    let none = || html! { <p class="text-sm text-muted">{ t!("studio.no_score") }</p> };
    let said = |list: &[ReminderSaid]| {
        if list.is_empty() {
            return html! { <p class="text-sm text-muted">{ t!("studio.no_reminders") }</p> };
        }
        let card = |said: &ReminderSaid| reminder_card(&said.to, &said.title, &said.text, None);
        html! { <ul class="space-y-2">{ for list.iter().map(card) }</ul> }
    };
    html! {
        <div class="mt-3 space-y-4 border-t border-base-300 pt-3">
            if !mover.sentences.is_empty() {
                <ul class="list-disc space-y-0.5 ps-5 text-sm">{ for mover.sentences.iter().map(|sentence| html! { <li>{ i18n::said(sentence) }</li> }) }</ul>
            }
            if let Some(receipts) = &mover.receipts {
                { sides(
                    receipts.before.clone().map_or_else(none, |receipt| html! { <ReceiptView {receipt} /> }),
                    receipts.after.clone().map_or_else(none, |receipt| html! { <ReceiptView {receipt} /> }),
                ) }
            }
            if let Some(findings) = &mover.findings {
                { sides(html! { <FindingsList findings={findings.before.clone()} /> }, html! { <FindingsList findings={findings.after.clone()} /> }) }
            }
            if let Some(reminders) = &mover.reminders { { sides(said(&reminders.before), said(&reminders.after)) } }
        </div>
    }
}
