//! Putting another value in place of a recorded one, with the reason.

use std::rc::Rc;

use kpi_api::{
    checkin::{CheckInView, CheckedIn, Correction},
    kpi::KpiView,
    scoring::Kind,
};
use yew::prelude::*;

use crate::{
    core::{api, error, format, submit::use_submit, toast::use_toaster},
    t,
    ui::{
        Button, ButtonKind, Checkbox, Dialog, FormError, NumberInput, Segmented, TextArea,
        number_input::Typed,
    },
    widgets::measure::Measure,
};

#[derive(Properties, PartialEq)]
pub struct CorrectDialogProps {
    pub kpi: Rc<KpiView>,
    /// The check-in to correct; closed without one.
    pub row: Option<CheckInView>,
    pub onclose: Callback<()>,
    pub ondone: Callback<CheckedIn>,
}

#[component]
pub fn CorrectDialog(props: &CorrectDialogProps) -> Html {
    let title =
        props.row.as_ref().map(|row| t!("kpi.correct.title", day = format::date(row.on))).unwrap_or_default();
    html! {
        <Dialog id="correct" {title} open={props.row.is_some()} onclose={props.onclose.clone()}>
            if let Some(row) = &props.row {
                <CorrectForm kpi={Rc::clone(&props.kpi)} row={row.clone()} onclose={props.onclose.clone()} ondone={props.ondone.clone()} />
            }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct CorrectFormProps {
    kpi: Rc<KpiView>,
    row: CheckInView,
    onclose: Callback<()>,
    ondone: Callback<CheckedIn>,
}

#[component]
fn CorrectForm(props: &CorrectFormProps) -> Html {
    let (kpi, row) = (&props.kpi, &props.row);
    let measure = Measure::from(&**kpi);
    let toaster = use_toaster();
    let value = use_state(|| Some(row.value));
    let junk = use_state(|| false);
    let done = use_state(|| {
        row.milestones
            .clone()
            .unwrap_or_else(|| kpi.milestones.iter().map(|milestone| milestone.done).collect())
    });
    let reason = use_state(String::new);
    let tried = use_state(|| false);
    let send = {
        let (id, ondone) = (row.id, props.ondone.clone());
        use_submit(
            move |body: Correction, key| async move { api::kpis::correct(id, &body, &key).await },
            Callback::from(move |done: CheckedIn| {
                toaster.success(t!("kpi.correct.done"));
                ondone.emit(done);
            }),
        )
    };
    let is_list = kpi.kind == Kind::Milestones;
    let no_reason = reason.trim().is_empty();
    let no_value = !is_list && (value.is_none() || *junk);
    let onsubmit = {
        let (value, done, reason, tried, run) =
            (value.clone(), done.clone(), reason.clone(), tried.clone(), send.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if !no_reason && !no_value {
                run.emit(Correction {
                    value: (*value).filter(|_| !is_list),
                    milestones: is_list.then(|| (*done).clone()),
                    reason: reason.trim().to_owned(),
                });
            }
        })
    };
    let errors = send.error.as_ref().map_or(&[][..], |error| error.fields());
    let close = props.onclose.reform(|_: MouseEvent| ());
    let onreason = {
        let reason = reason.clone();
        Callback::from(move |text: String| reason.set(text))
    };
    html! {
        <form {onsubmit} novalidate=true class="space-y-4">
            <p class="text-sm text-muted">{ t!("kpi.correct.text", value = measure.value(Some(row.value))) }</p>
            <FormError error={send.error.clone()} />
            { match kpi.kind {
                Kind::Number | Kind::Percentage => {
                    let (value, junk) = (value.clone(), junk.clone());
                    let shown = *value;
                    let onchange = Callback::from(move |typed: Typed| {
                        junk.set(typed.is_err());
                        value.set(typed.ok().flatten());
                    });
                    html! { <NumberInput id="correct-value" label={t!("kpi.correct.value")} value={shown} unit={measure.shown_unit()} {onchange}
                        error={error::of_field(errors, "value").or_else(|| (*tried && no_value).then(|| t!("ui.required")))} /> }
                }
                Kind::Boolean => {
                    let value = value.clone();
                    let shown = value.map(|value| format!("{value:.0}")).unwrap_or_default();
                    let onchange = Callback::from(move |text: String| value.set(text.parse().ok()));
                    html! { <Segmented name="correct-value" label={t!("kpi.correct.value")} value={shown} options={vec![("1".into(), t!("measure.yes")), ("0".into(), t!("measure.no"))]} {onchange} /> }
                }
                Kind::Milestones => html! {
                    <fieldset class="space-y-2">
                        <legend class="mb-1.5 text-sm font-medium">{ t!("check_in.milestones") }</legend>
                        { for kpi.milestones.iter().enumerate().map(|(index, milestone)| {
                            let done = done.clone();
                            let checked = done.get(index).copied().unwrap_or(false);
                            let onchange = Callback::from(move |on| {
                                let mut next = (*done).clone();
                                if let Some(slot) = next.get_mut(index) {
                                    *slot = on;
                                }
                                done.set(next);
                            });
                            html! { <Checkbox key={index} id={format!("correct-milestone-{index}")} label={milestone.title.clone()} {checked} {onchange} /> }
                        }) }
                    </fieldset>
                },
            } }
            <TextArea id="correct-reason" label={t!("kpi.correct.reason")} rows={2} value={(*reason).clone()} oninput={onreason}
                error={error::of_field(errors, "reason").or_else(|| (*tried && no_reason).then(|| t!("ui.required")))} />
            <div class="flex flex-wrap justify-end gap-2">
                <Button label={t!("ui.cancel")} onclick={close} />
                <Button label={t!("kpi.correct.submit")} kind={ButtonKind::Primary} submit=true busy={send.busy} />
            </div>
        </form>
    }
}
