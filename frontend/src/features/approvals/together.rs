//! Several rows decided at once: the bar from which one does it, and the reason that all of them get.

use kpi_api::{approvals::ApprovalRow, kpi::Act};
use yew::prelude::*;

use super::{desk::act_of, queue::lacks_evidence};
use crate::{
    core::{browser, draft::use_draft, error::ApiError, i18n, live::use_hold},
    t, tn,
    ui::{Button, ButtonKind, ButtonSize, Dialog, FormError, Icon, IconName, TextArea},
};

/// The word for a decision about these rows: that of the act where it is the same for all.
pub fn word(rows: &[ApprovalRow], good: bool) -> AttrValue {
    let mut acts: Vec<Act> = rows.iter().filter_map(|row| act_of(row, good)).collect();
    acts.dedup();
    match acts.as_slice() {
        [one] => i18n::word("act", one.as_str()),
        _ if good => t!("approvals.approve_or_accept"),
        _ => t!("approvals.reject_or_return"),
    }
}

#[derive(Properties, PartialEq)]
pub struct TogetherBarProps {
    /// The chosen rows.
    pub rows: Vec<ApprovalRow>,
    pub busy: bool,
    /// Decides: yes or no.
    pub ondecide: Callback<bool>,
    pub onnone: Callback<()>,
}

#[component]
pub fn TogetherBar(props: &TogetherBarProps) -> Html {
    let flagged = props.rows.iter().filter(|row| stands_out(row)).count();
    let decide = |good: bool| props.ondecide.reform(move |_: MouseEvent| good);
    html! {
        <div class="decision-bar together-bar order-last lg:order-none" role="group" aria-label={t!("approvals.together")}>
            <div class="flex basis-full items-center gap-2 text-sm">
                <span class="font-medium" role="status">{ tn!("kpi.list.chosen", props.rows.len()) }</span>
                if flagged > 0 {
                    <span class="inline-flex items-center gap-1 text-muted">
                        <span class="mark-text tone-warn"><Icon name={IconName::Alert} class="size-3.5" /></span>{ tn!("approvals.of_them_flagged", flagged) }
                    </span>
                }
                <span class="ms-auto">
                    <Button label={t!("kpi.list.choose_none")} icon={IconName::X} icon_only=true kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={props.onnone.reform(|_: MouseEvent| ())} />
                </span>
            </div>
            <Button label={word(&props.rows, true)} kind={ButtonKind::Primary} icon={IconName::Check} busy={props.busy} onclick={decide(true)} />
            <Button label={word(&props.rows, false)} icon={IconName::Undo} disabled={props.busy.then(|| t!("approvals.under_way"))} onclick={decide(false)} />
        </div>
    }
}

/// Whether there is something to look at before saying yes.
pub fn stands_out(row: &ApprovalRow) -> bool {
    !row.flags.is_empty() || lacks_evidence(row) || row.evidence.reused > 0
}

#[derive(Properties, PartialEq)]
pub struct ReasonDialogProps {
    /// The rows that are to be rejected or returned; closed while there are none.
    pub rows: Vec<ApprovalRow>,
    pub busy: bool,
    pub error: Option<ApiError>,
    pub onreason: Callback<String>,
    pub onclose: Callback<()>,
}

#[component]
pub fn ReasonDialog(props: &ReasonDialogProps) -> Html {
    let open = !props.rows.is_empty();
    let title = tn!("approvals.together_title", props.rows.len(), act = word(&props.rows, false));
    html! {
        <Dialog id="together" {title} {open} onclose={props.onclose.clone()}>
            if open {
                <ReasonForm rows={props.rows.clone()} busy={props.busy} error={props.error.clone()} onreason={props.onreason.clone()} onclose={props.onclose.clone()} />
            }
        </Dialog>
    }
}

#[component]
fn ReasonForm(props: &ReasonDialogProps) -> Html {
    let draft = use_draft::<String>("decide-together".into());
    let reason = use_state(|| draft.found.clone().unwrap_or_default());
    let tried = use_state(|| false);
    use_hold(!reason.is_empty());
    use_effect_with((), |()| browser::focus_soon("together-reason".into()));
    let missing = reason.trim().is_empty();
    let oninput = {
        let (reason, keep) = (reason.clone(), draft.keep.clone());
        Callback::from(move |text: String| {
            keep.emit(text.clone());
            reason.set(text);
        })
    };
    let onsubmit = {
        let (reason, tried, onreason) = (reason.clone(), tried.clone(), props.onreason.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if missing {
                browser::focus("together-reason");
            } else {
                onreason.emit(reason.trim().to_owned());
            }
        })
    };
    let close = props.onclose.reform(|_: MouseEvent| ());
    html! {
        <form {onsubmit} class="space-y-4" novalidate=true>
            <FormError error={props.error.clone()} />
            <ul class="max-h-40 list-disc overflow-y-auto ps-5 text-sm">
                { for props.rows.iter().map(|row| html! { <li key={row.kpi.id.0} class="break-words">{ row.kpi.title.clone() }<span class="text-muted">{ " · " }{ row.kpi.user_name.clone() }</span></li> }) }
            </ul>
            <TextArea id="together-reason" label={t!("kpi.act.reason")} hint={t!("approvals.together_hint")} value={(*reason).clone()} {oninput}
                error={(*tried && missing).then(|| t!("ui.required"))} />
            <div class="flex flex-wrap justify-end gap-2">
                <Button label={t!("ui.cancel")} onclick={close} />
                <Button label={word(&props.rows, false)} kind={ButtonKind::Danger} submit=true busy={props.busy} />
            </div>
        </form>
    }
}
