//! Asks before an act: what it does, and the reason or comment that goes with it.

use std::rc::Rc;

use kpi_api::{
    error::Code,
    id::{KpiId, Version},
    kpi::{Act, KpiView},
};
use yew::prelude::*;

use super::overtaken::Overtaken;
use crate::{
    core::{
        api, browser,
        draft::use_draft,
        error::{self, ApiError},
        i18n,
        live::use_hold,
        submit::use_submit,
    },
    t,
    ui::{Button, ButtonKind, ButtonSize, Dialog, FormError, Note, TextArea, Tone},
    widgets::evidence::NeedOf,
};

#[derive(Properties, PartialEq)]
pub struct ActDialogProps {
    pub kpi: KpiId,
    pub title: AttrValue,
    pub version: Version,
    /// The act that is asked about; closed while there is none.
    pub act: Option<Act>,
    pub onclose: Callback<()>,
    pub ondone: Callback<(Act, KpiView)>,
    /// Somebody else was faster: fetch the KPI again.
    pub onstale: Callback<()>,
}

#[component]
pub fn ActDialog(props: &ActDialogProps) -> Html {
    let open = props.act.is_some();
    let title =
        props.act.map(|act| t!("kpi.act.title", act = i18n::word("act", act.as_str()), title = props.title));
    html! {
        <Dialog id="act" title={title.unwrap_or_default()} {open} onclose={props.onclose.clone()}>
            if let Some(act) = props.act {
                <ActForm
                    {act}
                    kpi={props.kpi}
                    version={props.version}
                    onclose={props.onclose.clone()}
                    ondone={props.ondone.clone()}
                    onstale={props.onstale.clone()}
                />
            }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct ActFormProps {
    act: Act,
    kpi: KpiId,
    version: Version,
    onclose: Callback<()>,
    ondone: Callback<(Act, KpiView)>,
    onstale: Callback<()>,
}

#[component]
fn ActForm(props: &ActFormProps) -> Html {
    let (kpi, act) = (props.kpi, props.act);
    // The version that was looked at; a later one once the person has been told what is new in it.
    let version = use_state(|| props.version);
    // A reason is thought about: it outlives the dialog until it was given.
    let draft = use_draft::<String>(format!("{}-{kpi}", act.as_str()).into());
    let reason = use_state(|| draft.found.clone().unwrap_or_default());
    let tried = use_state(|| false);
    use_hold(!reason.is_empty());
    use_effect_with(act, |act| {
        if act.needs_reason() {
            browser::focus_soon("act-reason".into());
        }
    });
    let send = {
        let (ondone, seen, clear) = (props.ondone.clone(), *version, draft.clear.clone());
        use_submit(
            move |reason: Option<String>, _key| async move { api::kpis::act(kpi, act, seen, reason).await },
            Callback::from(move |kpi: KpiView| {
                clear.emit(());
                ondone.emit((act, kpi));
            }),
        )
    };
    let missing = act.needs_reason() && reason.trim().is_empty();
    let onsubmit = {
        let (reason, tried, run) = (reason.clone(), tried.clone(), send.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if missing {
                tried.set(true);
                browser::focus("act-reason");
            } else {
                run.emit(Some(reason.trim().to_owned()).filter(|text| !text.is_empty()));
            }
        })
    };
    let oninput = {
        let (reason, keep) = (reason.clone(), draft.keep.clone());
        Callback::from(move |text: String| {
            keep.emit(text.clone());
            reason.set(text);
        })
    };
    let close = props.onclose.reform(|_: MouseEvent| ());
    let stale = send.error.as_ref().is_some_and(is_overtaken);
    let again = {
        let (version, dismiss) = (version.clone(), send.dismiss.clone());
        Callback::from(move |kpi: Rc<KpiView>| {
            version.set(kpi.version);
            dismiss.emit(());
        })
    };
    let reload = {
        let (onstale, onclose) = (props.onstale.clone(), props.onclose.clone());
        Callback::from(move |_: MouseEvent| {
            onclose.emit(());
            onstale.emit(());
        })
    };
    let errors = send.error.as_ref().map_or(&[][..], |error| error.fields());
    let label = if act.needs_reason() { t!("kpi.act.reason") } else { t!("kpi.act.comment") };
    let kind =
        if matches!(act, Act::Reject | Act::Return) { ButtonKind::Danger } else { ButtonKind::Primary };
    html! {
        <form {onsubmit} class="space-y-4" novalidate=true>
            <p class="text-sm">{ explanation(act) }</p>
            if act == Act::SubmitResult { <NeedOf {kpi} onfollow={props.onclose.clone()} /> }
            if stale {
                <div role="alert">
                    <Note tone={Tone::Warn}>
                        <p class="font-medium">{ send.error.as_ref().map(|error| error.sentence()).unwrap_or_default() }</p>
                        <Overtaken {kpi} {act} onagain={again} />
                        <Button class="mt-2" label={t!("kpi.act.reload")} size={ButtonSize::Small} onclick={reload} />
                    </Note>
                </div>
            } else {
                <FormError error={send.error.clone()} />
            }
            if act != Act::Recall {
                <TextArea
                    id="act-reason"
                    {label}
                    optional={!act.needs_reason()}
                    value={(*reason).clone()}
                    {oninput}
                    hint={act.needs_reason().then(|| t!("kpi.act.reason_hint"))}
                    error={(*tried && missing).then(|| t!("ui.required")).or_else(|| error::of_field(errors, "reason"))}
                />
            }
            <div class="flex flex-wrap justify-end gap-2">
                <Button label={t!("ui.cancel")} onclick={close} />
                <Button label={i18n::word("act", act.as_str())} {kind} submit=true busy={send.busy} disabled={stale.then(|| t!("kpi.act.look_first"))} />
            </div>
        </form>
    }
}

/// Whether the refusal says that somebody else was faster.
pub fn is_overtaken(error: &ApiError) -> bool {
    matches!(error.code(), Some(Code::StaleVersion | Code::WrongState | Code::PeriodClosed))
}

/// What the act does, in a sentence.
fn explanation(act: Act) -> AttrValue {
    match act {
        Act::Submit => t!("kpi.act.submit"),
        Act::Recall => t!("kpi.act.recall"),
        Act::Approve => t!("kpi.act.approve"),
        Act::Reject => t!("kpi.act.reject"),
        Act::SubmitResult => t!("kpi.act.submit_result"),
        Act::Accept => t!("kpi.act.accept"),
        Act::Return => t!("kpi.act.return"),
        Act::Reopen => t!("kpi.act.reopen"),
        Act::Edit | Act::CheckIn | Act::Revise | Act::Delete | Act::Copy => AttrValue::default(),
    }
}

/// What is said once it is done.
pub fn done_sentence(act: Act, title: &str) -> AttrValue {
    match act {
        Act::Submit => t!("kpi.done.submit", title = title),
        Act::Recall => t!("kpi.done.recall", title = title),
        Act::Approve => t!("kpi.done.approve", title = title),
        Act::Reject => t!("kpi.done.reject", title = title),
        Act::SubmitResult => t!("kpi.done.submit_result", title = title),
        Act::Accept => t!("kpi.done.accept", title = title),
        Act::Return => t!("kpi.done.return", title = title),
        Act::Reopen => t!("kpi.done.reopen", title = title),
        Act::Revise => t!("kpi.done.revise", title = title),
        Act::Delete => t!("kpi.done.delete", title = title),
        Act::Edit | Act::CheckIn | Act::Copy => t!("kpi.done.edit", title = title),
    }
}
