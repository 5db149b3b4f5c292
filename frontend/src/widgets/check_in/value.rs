//! The field for the value, by what is measured.

use kpi_api::{kpi::KpiView, scoring::Kind};
use yew::prelude::*;

use super::entry::Entry;
use crate::{
    t,
    ui::{Checkbox, NumberInput, Segmented},
    widgets::measure::Measure,
};

pub fn value_field(
    kpi: &KpiView,
    entry: &UseStateHandle<Entry>,
    prefix: &str,
    error: Option<AttrValue>,
) -> Html {
    let measure = Measure::from(kpi);
    match kpi.kind {
        Kind::Boolean => {
            let onchange = {
                let entry = entry.clone();
                Callback::from(move |text: String| {
                    entry.set(Entry { value: Some(if text == "1" { 1.0 } else { 0.0 }), ..(*entry).clone() });
                })
            };
            html! {
                <div>
                    <Segmented
                        name={format!("{prefix}-value")}
                        label={t!("check_in.achieved")}
                        value={entry.value.map(|value| format!("{value:.0}")).unwrap_or_default()}
                        options={vec![("1".into(), t!("measure.yes")), ("0".into(), t!("measure.no"))]}
                        {onchange}
                    />
                    if let Some(error) = error { <p class="mt-1 text-sm text-error">{ error }</p> }
                </div>
            }
        }
        Kind::Milestones => html! {
            <fieldset class="space-y-2">
                <legend class="mb-1.5 text-sm font-medium">{ t!("check_in.milestones") }</legend>
                { for kpi.milestones.iter().enumerate().map(|(index, milestone)| {
                    let entry = entry.clone();
                    let checked = entry.milestones.get(index).copied().unwrap_or(false);
                    let onchange = Callback::from(move |done| {
                        let mut next = (*entry).clone();
                        if let Some(slot) = next.milestones.get_mut(index) {
                            *slot = done;
                        }
                        entry.set(next);
                    });
                    html! { <Checkbox id={format!("{prefix}-milestone-{index}")} label={milestone.title.clone()} {checked} {onchange} /> }
                }) }
                if let Some(error) = error { <p class="text-sm text-error">{ error }</p> }
            </fieldset>
        },
        Kind::Number | Kind::Percentage => {
            let onchange = {
                let entry = entry.clone();
                Callback::from(move |typed: crate::ui::number_input::Typed| {
                    let (value, junk) = (typed.ok().flatten(), typed.is_err());
                    entry.set(Entry { value, junk, ..(*entry).clone() });
                })
            };
            let hint =
                t!("check_in.hint", last = measure.value(kpi.current_value), target = measure.target());
            let hint = match kpi.expected_value {
                Some(expected) => {
                    format!("{hint} · {}", t!("check_in.expected", value = measure.value(Some(expected))))
                        .into()
                }
                None => hint,
            };
            html! {
                <NumberInput
                    id={format!("{prefix}-value")}
                    label={t!("check_in.value")}
                    value={entry.value}
                    unit={measure.shown_unit()}
                    {hint}
                    {error}
                    autofocus=true
                    {onchange}
                />
            }
        }
    }
}
