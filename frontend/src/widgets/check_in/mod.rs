//! Recording a value in seconds: last and expected value beside the field, the score while typing, Enter saves.

mod entry;
mod preview;
mod value;

use std::rc::Rc;

use kpi_api::{
    checkin::{CheckInNew, CheckedIn},
    id::KpiId,
    kpi::KpiView,
};
use yew::prelude::*;

use self::{
    entry::Entry,
    preview::{preview_view, use_preview},
    value::value_field,
};
use super::measure::Measure;
use crate::{
    core::{
        api, browser, error, remote::use_remote, session::use_me, submit::use_submit, toast::use_toaster,
    },
    t,
    ui::{Button, ButtonKind, DateInput, FormError, Select, SkeletonLines, TextInput, remote},
};

/// Fetches the KPI, then shows the form.
#[derive(Properties, PartialEq)]
pub struct CheckInByIdProps {
    pub id: KpiId,
    pub ondone: Callback<CheckedIn>,
    pub oncancel: Callback<()>,
}

#[component]
pub fn CheckInById(props: &CheckInByIdProps) -> Html {
    let kpi = use_remote(props.id, |id| async move { api::kpis::get(id).await });
    remote::show(&kpi, html! { <SkeletonLines lines={2} /> }, |kpi| {
        html! { <CheckInForm kpi={Rc::clone(kpi)} ondone={props.ondone.clone()} oncancel={props.oncancel.clone()} /> }
    })
}

#[derive(Properties, PartialEq)]
pub struct CheckInFormProps {
    pub kpi: Rc<KpiView>,
    pub ondone: Callback<CheckedIn>,
    pub oncancel: Callback<()>,
}

#[component]
pub fn CheckInForm(props: &CheckInFormProps) -> Html {
    let kpi = &props.kpi;
    let me = use_me();
    let toaster = use_toaster();
    let entry = use_state(|| Entry::of(kpi));
    let tried = use_state(|| false);
    let save = {
        let (id, ondone) = (kpi.id, props.ondone.clone());
        use_submit(
            move |body: CheckInNew, key| async move { api::kpis::check_in(id, &body, &key).await },
            Callback::from(move |done: CheckedIn| {
                toaster.success(t!(
                    "check_in.saved",
                    title = done.kpi.title,
                    value = Measure::from(&done.kpi).value(Some(done.check_in.value))
                ));
                ondone.emit(done);
            }),
        )
    };
    let preview = use_preview(kpi, &entry);
    // Whoever opened the form came to type the value.
    use_effect_with(kpi.id, |id| browser::focus(&format!("check-in-{id}-value")));

    let change = |apply: fn(&mut Entry, String)| {
        let entry = entry.clone();
        Callback::from(move |text: String| {
            let mut next = (*entry).clone();
            apply(&mut next, text);
            entry.set(next);
        })
    };
    let onsubmit = {
        let (entry, run, tried, kind) = (entry.clone(), save.run.clone(), tried.clone(), kpi.kind);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match entry.body(kind) {
                Some(body) => run.emit(body),
                None => tried.set(true),
            }
        })
    };
    let cancel = props.oncancel.reform(|_: MouseEvent| ());
    let errors = save.error.as_ref().map_or(&[][..], |error| error.fields());
    let missing = (*tried && entry.body(kpi.kind).is_none()).then(|| t!("check_in.value_missing"));
    let prefix = format!("check-in-{}", kpi.id);

    html! {
        <form {onsubmit} class="space-y-4" novalidate=true aria-label={t!("check_in.form", title = kpi.title)}>
            <FormError error={save.error.clone().filter(|error| error.fields().is_empty())} />
            <div class="grid items-start gap-4 sm:grid-cols-2">
                { value_field(kpi, &entry, &prefix, error::of_field(errors, "value").or(missing)) }
                <div class="rounded-box bg-base-200 p-3 text-sm" aria-live="polite">
                    <div class="mb-1 text-muted">{ t!("check_in.score_after") }</div>
                    { preview_view(preview.as_ref()) }
                </div>
            </div>
            <TextInput
                id={format!("{prefix}-note")}
                label={t!("check_in.note")}
                optional=true
                value={entry.note.clone()}
                oninput={change(|entry, text| entry.note = text)}
                error={error::of_field(errors, "note")}
            />
            <details open={error::of_field(errors, "on").is_some()}>
                <summary class="cursor-pointer text-sm text-muted">{ t!("check_in.more") }</summary>
                <div class="mt-3 grid gap-4 sm:grid-cols-2">
                    <DateInput
                        id={format!("{prefix}-on")}
                        label={t!("check_in.on")}
                        value={entry.on.or(Some(me.today.min(kpi.ends_on)))}
                        min={kpi.starts_on}
                        max={me.today.min(kpi.ends_on)}
                        onchange={{
                            let entry = entry.clone();
                            Callback::from(move |on| entry.set(Entry { on, ..(*entry).clone() }))
                        }}
                        error={error::of_field(errors, "on")}
                    />
                    <Select
                        id={format!("{prefix}-confidence")}
                        label={t!("check_in.confidence")}
                        optional=true
                        value={entry.confidence.map(|confidence| confidence.to_string()).unwrap_or_default()}
                        options={confidence_options()}
                        onchange={change(|entry, text| entry.confidence = text.parse().ok())}
                        hint={t!("check_in.confidence_hint")}
                        error={error::of_field(errors, "confidence")}
                    />
                </div>
            </details>
            <div class="flex flex-wrap justify-end gap-2">
                <Button label={t!("ui.cancel")} kind={ButtonKind::Ghost} onclick={cancel} />
                <Button label={t!("check_in.save")} kind={ButtonKind::Primary} submit=true busy={save.busy} />
            </div>
        </form>
    }
}

fn confidence_options() -> Vec<(AttrValue, AttrValue)> {
    let mut options = vec![(AttrValue::default(), t!("check_in.no_confidence"))];
    options.extend(
        (1..=10).map(|level: u8| (AttrValue::from(level.to_string()), AttrValue::from(level.to_string()))),
    );
    options
}
