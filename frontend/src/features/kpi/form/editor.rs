//! The form itself: fields, live preview, and what becomes of them.

use std::rc::Rc;

use kpi_api::{
    error::{Code, FieldError},
    kpi::{Act, KpiNew, KpiView},
    scoring::Severity,
    template::TemplateView,
};
use yew::prelude::*;

use super::{
    custom::Custom,
    entry::{Editor, Entry, difference, sent},
    fields::Fields,
    preview::{PreviewPanel, use_preview},
    save::{Saved, Wish, save},
    wizard::WizardDialog,
};
use crate::{
    core::{
        api, browser, draft::use_draft, error::ApiError, i18n, live::use_overtaken, navigate::use_navigate,
        query::Params, submit::use_submit, toast::use_toaster,
    },
    route::Route,
    t,
    ui::{Button, ButtonKind, ButtonSize, FormError, IconName, LinkKind, Note, RouteLink, TextArea, Tone},
    widgets::{act_dialog::done_sentence, findings},
};

#[derive(Properties, PartialEq)]
pub struct KpiFormProps {
    /// What the form begins with.
    pub kpi: KpiNew,
    /// The KPI on the server, when there is one.
    #[prop_or_default]
    pub stored: Option<Rc<KpiView>>,
    #[prop_or_default]
    pub template: Option<Rc<TemplateView>>,
    /// Proposes a revision instead of storing.
    #[prop_or_default]
    pub revises: bool,
    /// Comes from an attempt to submit that was refused.
    #[prop_or_default]
    pub refused: bool,
    /// What is shown is a draft from last time.
    #[prop_or_default]
    pub restored: bool,
    pub draft: AttrValue,
}

#[component]
pub fn KpiForm(props: &KpiFormProps) -> Html {
    let navigate = use_navigate();
    let toaster = use_toaster();
    let first =
        props.stored.as_ref().and_then(|kpi| kpi.current_value.map(|value| readable(value, kpi.decimals)));
    let state = {
        let kpi = props.kpi.clone();
        use_reducer(move || Entry::new(kpi, first))
    };
    let editor = Editor(state.dispatcher());
    let stored = use_state(|| props.stored.clone());
    let tried = use_state(|| props.refused);
    // Stored, but not accepted: by the rules, or for another reason.
    let kept_back = use_state(|| props.refused);
    let refusal = use_state(|| None::<ApiError>);
    let faults = use_state(Vec::<FieldError>::new);
    let reason = use_state(String::new);
    let wizard = use_state(|| false);
    let draft = use_draft::<KpiNew>(props.draft.clone());
    // What stands where nothing was typed; only more than that is worth keeping.
    let untouched = use_state(|| props.kpi.clone());
    let preview = use_preview(&sent(&state.kpi), stored.as_ref().map(|kpi| kpi.id), state.what_if);

    use_effect_with(state.kpi.clone(), {
        let (keep, untouched) = (draft.keep.clone(), untouched.clone());
        move |kpi| {
            if *kpi != *untouched {
                keep.emit(kpi.clone());
            }
        }
    });

    let saving = {
        let base = (*stored).clone();
        let (clear, stored, toaster) = (draft.clear.clone(), stored.clone(), toaster.clone());
        let (kept_back, refusal) = (kept_back.clone(), refusal.clone());
        let is_new = props.stored.is_none();
        use_submit(
            move |(kpi, wish): (KpiNew, Wish), key| save(base.clone(), kpi, wish, key),
            Callback::from(move |saved: Saved| {
                clear.emit(());
                let id = saved.kpi.id;
                if let Some(why) = saved.refused {
                    if is_new {
                        // Stored, but not accepted: go on where it can be put right, under its own address.
                        let query = Params::new().with("submitted", "refused");
                        navigate.replace_with(Route::KpiEdit { id }, &query);
                    } else {
                        stored.set(Some(Rc::new(saved.kpi)));
                        kept_back.set(is_of_rules(&why));
                        refusal.set(Some(why).filter(|why| !is_of_rules(why)));
                    }
                    return;
                }
                let text = match saved.wish {
                    Wish::Keep => t!("kpi.form.saved", title = saved.kpi.title),
                    Wish::Submit => done_sentence(Act::Submit, &saved.kpi.title),
                    Wish::Revise { .. } => done_sentence(Act::Revise, &saved.kpi.title),
                };
                toaster.success(text);
                navigate.push(Route::Kpi { id });
            }),
        )
    };

    let custom = Custom::of(stored.as_deref(), props.template.as_deref());
    let send = {
        let custom = custom.clone();
        let (state, tried, faults, run) = (state.clone(), tried.clone(), faults.clone(), saving.run.clone());
        let refusal = refusal.clone();
        Callback::from(move |wish: Wish| {
            tried.set(true);
            let kpi = sent(&state.kpi);
            let mut wrong = kpi.check().err().unwrap_or_default();
            wrong.extend(custom.faults(&kpi, wish != Wish::Keep));
            let first = wrong
                .first()
                .map(|fault| input_id(&fault.field))
                .or_else(|| state.junk.first().map(|field| input_id(field)));
            faults.set(wrong);
            refusal.set(None);
            match first {
                Some(id) => browser::focus(&id),
                None => run.emit((kpi, wish)),
            }
        })
    };
    let wishing = |wish: Wish| {
        let send = send.clone();
        Callback::from(move |_: MouseEvent| send.emit(wish.clone()))
    };
    let onsubmit = {
        let send = send.clone();
        let revises = props.revises;
        let reason = reason.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit(if revises {
                Wish::Revise { reason: Some(reason.trim().to_owned()).filter(|text| !text.is_empty()) }
            } else {
                Wish::Submit
            });
        })
    };

    let shown_error = saving.error.clone().or_else(|| (*refusal).clone());
    let by_rules = saving.error.as_ref().is_some_and(is_of_rules);
    let server: &[FieldError] = saving.error.as_ref().map_or(&[], |error| error.fields());
    // A required field of the template is settled as soon as it is filled in.
    let asked_for = custom.faults(&state.kpi, true);
    let still = |fault: &&FieldError| !fault.field.starts_with("custom_fields.") || asked_for.contains(fault);
    let mut errors = faults.iter().filter(|_| *tried).filter(still).cloned().collect::<Vec<_>>();
    // What the rules object to comes with the findings, in the person's language.
    errors.extend(server.iter().filter(|fault| fault.code != "rule").cloned());
    let stale = saving.error.as_ref().is_some_and(|error| error.code() == Some(Code::StaleVersion));
    let overtaken = use_overtaken(stored.as_ref().map(|kpi| (kpi.id, kpi.version))) && !saving.busy;
    let blocking = preview
        .shown
        .as_ref()
        .is_some_and(|preview| preview.findings.iter().any(|finding| finding.severity == Severity::Error));
    let blocking_note = blocking && (by_rules || *kept_back);
    // Why it was not saved or submitted has to be seen, however far down the button stands.
    use_effect_with((stale, blocking_note), |(stale, blocking)| {
        if *stale || *blocking {
            browser::focus("form-note");
        }
    });
    let may_submit = !props.revises && stored.as_ref().is_none_or(|kpi| kpi.may(Act::Submit));
    let unchanged = props.revises
        && stored
            .as_ref()
            .is_some_and(|kpi| difference(&kpi.definition(), &sent(&state.kpi)) == Default::default());
    let open_wizard = {
        let wizard = wizard.clone();
        Callback::from(move |_: MouseEvent| wizard.set(true))
    };
    let close_wizard = {
        let wizard = wizard.clone();
        Callback::from(move |()| wizard.set(false))
    };
    let leave = stored.as_ref().map_or(Route::Kpis, |kpi| Route::Kpi { id: kpi.id });
    html! {
        <>
        <form {onsubmit} novalidate=true class="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
            <div class="min-w-0 space-y-5">
                { left_from_last_time(props, &draft.found, &editor, &draft.clear) }
                if blocking_note {
                    <div role="alert" id="form-note" tabindex="-1" class="outline-none"><Note tone={Tone::Bad}>
                        <p class="font-medium">{ if by_rules { t!("kpi.form.not_saved") } else { t!("kpi.form.refused") } }</p>
                        if let Some(shown) = &preview.shown {
                            <div class="mt-1"><findings::FindingsList findings={shown.findings.clone()} /></div>
                        }
                    </Note></div>
                }
                if stale || overtaken {
                    <StaleNote stored={(*stored).clone()} editor={editor.clone()} form={sent(&state.kpi)} onfresh={{
                        let (stored, dismiss) = (stored.clone(), saving.dismiss.clone());
                        Callback::from(move |kpi: Rc<KpiView>| {
                            stored.set(Some(kpi));
                            dismiss.emit(());
                        })
                    }} />
                } else if !by_rules || !blocking {
                    <FormError error={shown_error} fields={labels(server)} />
                }
                if props.stored.is_none() && props.template.is_none() {
                    <Note actions={html! { <Button label={t!("kpi.wizard.open")} size={ButtonSize::Small} icon={IconName::Help} onclick={open_wizard} /> }}>
                        { t!("kpi.wizard.offer") }
                    </Note>
                }
                <Fields
                    entry={(*state).clone()}
                    editor={editor.clone()}
                    {errors}
                    findings={preview.shown.as_ref().map(|shown| shown.findings.clone()).unwrap_or_default()}
                    tried={*tried}
                    custom={custom.clone()}
                    stored={(*stored).clone()}
                    revises={props.revises}
                />
                if props.revises {
                    <div class="surface p-4 sm:p-5">
                        <TextArea id="kpi-reason" label={t!("kpi.revise.reason")} optional=true value={(*reason).clone()} hint={t!("kpi.revise.reason_hint")}
                            oninput={{ let reason = reason.clone(); Callback::from(move |text: String| reason.set(text)) }} />
                    </div>
                }
                <div class="flex flex-wrap items-center justify-end gap-2 border-t border-base-300 pt-4">
                    <span class="basis-full text-sm text-muted">{ t!("kpi.form.kept") }</span>
                    <RouteLink to={leave} kind={LinkKind::Ghost}>{ t!("ui.cancel") }</RouteLink>
                    if props.revises {
                        <Button label={t!("kpi.revise.submit")} kind={ButtonKind::Primary} icon={IconName::Send} submit=true busy={saving.busy}
                            disabled={unchanged.then(|| t!("kpi.revise.unchanged"))} />
                    } else {
                        <Button label={t!("kpi.form.save_draft")} kind={if may_submit { ButtonKind::Secondary } else { ButtonKind::Primary }} busy={saving.busy} onclick={wishing(Wish::Keep)} />
                        if may_submit {
                            <Button label={t!("kpi.form.submit")} kind={ButtonKind::Primary} icon={IconName::Send} submit=true busy={saving.busy} />
                        }
                    }
                </div>
            </div>
            <PreviewPanel {preview} entry={(*state).clone()} editor={editor.clone()} />
        </form>
        <WizardDialog open={*wizard} onclose={close_wizard} {editor} />
        </>
    }
}

/// Whether it is the rules alone that object; their findings say it in the person's language.
fn is_of_rules(error: &ApiError) -> bool {
    !error.fields().is_empty() && error.fields().iter().all(|fault| fault.code == "rule")
}

/// An older state of this form, kept by the browser: offered once.
fn left_from_last_time(
    props: &KpiFormProps,
    found: &Option<KpiNew>,
    editor: &Editor,
    clear: &Callback<()>,
) -> Html {
    let Some(found) =
        found.clone().filter(|found| *found != props.kpi && props.stored.is_some() && !props.restored)
    else {
        return Html::default();
    };
    let restore = {
        let (editor, clear) = (editor.clone(), clear.clone());
        Callback::from(move |_: MouseEvent| {
            let found = found.clone();
            clear.emit(());
            editor.change(move |entry| entry.kpi = found);
        })
    };
    let discard = clear.reform(|_: MouseEvent| ());
    html! {
        <Note tone={Tone::Accent} actions={html! {
            <div class="flex flex-wrap gap-2">
                <Button label={t!("kpi.form.restore")} size={ButtonSize::Small} kind={ButtonKind::Primary} onclick={restore} />
                <Button label={t!("kpi.form.discard")} size={ButtonSize::Small} kind={ButtonKind::Ghost} onclick={discard} />
            </div>
        }}>{ t!("kpi.form.found_changes") }</Note>
    }
}

#[derive(Properties, PartialEq)]
struct StaleNoteProps {
    stored: Option<Rc<KpiView>>,
    editor: Editor,
    /// As it would be sent.
    form: KpiNew,
    onfresh: Callback<Rc<KpiView>>,
}

/// Somebody else stored something meanwhile: takes their state and lays one's own changes over it.
#[component]
fn StaleNote(props: &StaleNoteProps) -> Html {
    let toaster = use_toaster();
    let Some(stored) = props.stored.clone() else { return Html::default() };
    let fetch = {
        let (editor, form, onfresh) = (props.editor.clone(), props.form.clone(), props.onfresh.clone());
        Callback::from(move |_: MouseEvent| {
            let (stored, editor, form, onfresh, toaster) =
                (stored.clone(), editor.clone(), form.clone(), onfresh.clone(), toaster.clone());
            yew::platform::spawn_local(async move {
                match api::kpis::get(stored.id).await {
                    Ok(fresh) => {
                        let merged = fresh.definition().patched(difference(&stored.definition(), &form));
                        editor.change(move |entry| entry.kpi = merged);
                        toaster.success(t!("kpi.form.merged"));
                        onfresh.emit(Rc::new(fresh));
                    }
                    Err(error) => toaster.error(&error),
                }
            });
        })
    };
    html! {
        <div role="alert" id="form-note" tabindex="-1" class="outline-none">
            <Note tone={Tone::Warn}>
                <p class="font-medium">{ t!("kpi.form.stale") }</p>
                <p class="text-sm">{ t!("kpi.form.stale_text") }</p>
                <Button class="mt-2" label={t!("kpi.form.merge")} icon={IconName::Refresh} onclick={fetch} />
            </Note>
        </div>
    }
}

/// Two places more than the KPI shows are enough to try values with.
fn readable(value: f64, decimals: u8) -> f64 {
    let factor = 10_f64.powi(i32::from(decimals) + 2);
    (value * factor).round() / factor
}

/// The input of a field: `kpi-` and its name, dots as dashes.
pub fn input_id(field: &str) -> String {
    format!("kpi-{}", field.replace(['.', '_'], "-"))
}

fn labels(errors: &[FieldError]) -> Vec<(AttrValue, AttrValue, AttrValue)> {
    errors
        .iter()
        .filter(|error| !error.field.is_empty())
        .map(|error| {
            (error.field.clone().into(), input_id(&error.field).into(), i18n::field_name(&error.field))
        })
        .collect()
}
