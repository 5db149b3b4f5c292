//! Where a rule changes most, each with what was said before and what would be said after.

use std::rc::Rc;

use kpi_api::rule_effects::{Impact, Mover, ReminderSaid};
use yew::prelude::*;

use super::outcome::reminder_card;
use crate::{
    t,
    widgets::{
        FindingsList,
        receipt_pair::{ReceiptPair, side_by_side},
    },
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
                { for props.impact.movers.iter().map(|mover| html! {
                    <li key={mover.kpi.id.0}>
                        <ReceiptPair kpi={mover.kpi.clone()} before={mover.before} after={mover.after} receipts={mover.receipts.clone()}
                            names={names()} sentences={mover.sentences.clone()} more={more(mover)} />
                    </li>
                }) }
            </ul>
        </section>
    }
}

fn names() -> (AttrValue, AttrValue) {
    (t!("studio.before"), t!("studio.after"))
}

/// What rules say that do not score.
fn more(mover: &Mover) -> Html {
    let said = |list: &[ReminderSaid]| {
        if list.is_empty() {
            return html! { <p class="text-sm text-muted">{ t!("studio.no_reminders") }</p> };
        }
        let card = |said: &ReminderSaid| reminder_card(&said.to, &said.title, &said.text, None);
        html! { <ul class="space-y-2">{ for list.iter().map(card) }</ul> }
    };
    let found = |findings| html! { <FindingsList {findings} /> };
    if let Some(findings) = &mover.findings {
        return side_by_side(&names(), found(findings.before.clone()), found(findings.after.clone()));
    }
    mover.reminders.as_ref().map_or_else(Html::default, |reminders| {
        side_by_side(&names(), said(&reminders.before), said(&reminders.after))
    })
}
