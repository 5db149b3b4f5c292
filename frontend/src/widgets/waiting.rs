//! Values that wait to be sent: a mark beside their KPI, and a list behind a button in the header.

use kpi_api::id::KpiId;
use yew::prelude::*;

use crate::{
    core::{
        error, format,
        outbox::{Outbox, use_outbox, waiting::Waiting},
        query::Params,
    },
    route::Route,
    t, tn,
    ui::{Badge, Button, ButtonKind, ButtonSize, Confirm, Dialog, Icon, IconName, LinkKind, RouteLink, Tone},
};
use kpi_api::time::Timestamp;

#[derive(Properties, PartialEq)]
pub struct WaitingMarkProps {
    pub kpi: KpiId,
}

/// What waits for one KPI.
#[component]
pub fn WaitingMark(props: &WaitingMarkProps) -> Html {
    let outbox = use_outbox();
    html! {
        <>
            { for outbox.of(props.kpi).map(|waiting| {
                let (tone, label) = match (waiting.refusal().is_some(), waiting.check_in.is_some()) {
                    (true, _) => (Tone::Bad, t!("outbox.mark_refused", value = waiting.shown)),
                    (false, true) => (Tone::Accent, t!("outbox.mark_photos")),
                    (false, false) => (Tone::Accent, t!("outbox.mark", value = waiting.shown)),
                };
                html! { <Badge key={waiting.key.clone()} {label} {tone} icon={IconName::Upload} /> }
            }) }
        </>
    }
}

/// In the header while something waits.
#[component]
pub fn WaitingButton() -> Html {
    let outbox = use_outbox();
    let open = use_state(|| false);
    let discarding = use_state(|| None::<Waiting>);
    let count = outbox.waiting().count();
    let set = |to: bool| {
        let open = open.clone();
        Callback::from(move |()| open.set(to))
    };
    let ask = {
        let discarding = discarding.clone();
        Callback::from(move |waiting: Waiting| discarding.set(Some(waiting)))
    };
    let keep = {
        let discarding = discarding.clone();
        Callback::from(move |()| discarding.set(None))
    };
    let discard = {
        let (discarding, outbox) = (discarding.clone(), outbox.clone());
        Callback::from(move |()| {
            if let Some(waiting) = &*discarding {
                outbox.discard(&waiting.key);
            }
            discarding.set(None);
        })
    };
    let refused = outbox.waiting().filter(|waiting| waiting.refusal().is_some()).count();
    let words = if refused > 0 { tn!("outbox.refused", refused) } else { tn!("outbox.waiting", count) };
    let send = outbox.send.reform(|_: MouseEvent| ());
    let footer = if refused == count {
        Html::default()
    } else {
        html! { <Button label={t!("outbox.send")} icon={IconName::Send} kind={ButtonKind::Primary} busy={outbox.busy} onclick={send} /> }
    };
    html! {
        <>
            <span role="status">
                if count > 0 {
                    <button type="button" class={classes!("waiting-button", if refused > 0 { Tone::Bad.class() } else { Tone::Accent.class() })} onclick={set(true).reform(|_: MouseEvent| ())}>
                        <Icon name={if refused > 0 { IconName::Alert } else { IconName::Upload }} />
                        <span class="hidden md:inline">{ words.clone() }</span>
                        <span class="md:hidden" aria-hidden="true">{ count }</span>
                        <span class="sr-only md:hidden">{ words }</span>
                    </button>
                }
            </span>
            <Dialog id="outbox" title={t!("outbox.title")} open={*open && count > 0} onclose={set(false)} {footer}>
                <p class="mb-3 text-sm text-muted">{ t!("outbox.lead") }</p>
                <ul class="divide-y divide-base-300">
                    { for outbox.waiting().map(|waiting| entry(waiting, &outbox, &ask, &set(false))) }
                </ul>
            </Dialog>
            <Confirm
                id="discard-waiting"
                title={t!("outbox.discard_title")}
                text={discarding.as_ref().map(|waiting| t!("outbox.discard_text", value = waiting.shown, title = waiting.title)).unwrap_or_default()}
                act={t!("outbox.discard")}
                open={discarding.is_some()}
                onconfirm={discard}
                onclose={keep}
            />
        </>
    }
}

fn entry(waiting: &Waiting, outbox: &Outbox, ask: &Callback<Waiting>, close: &Callback<()>) -> Html {
    let refusal = waiting.refusal();
    let again = {
        let (outbox, key) = (outbox.clone(), waiting.key.clone());
        Callback::from(move |_: MouseEvent| outbox.again(&key))
    };
    let discard = {
        let waiting = waiting.clone();
        ask.reform(move |_: MouseEvent| waiting.clone())
    };
    let at = format::date_time(Timestamp(waiting.made_at as i64));
    html! {
        <li key={waiting.key.clone()} class="space-y-1 py-3">
            <p class="font-medium break-words">{ waiting.title.clone() }</p>
            <p class="text-sm">
                { waiting.shown.clone() }
                if !waiting.body.note.is_empty() { { " · " }{ waiting.body.note.clone() } }
            </p>
            <p class="text-sm text-muted">
                { t!("outbox.typed", at = at) }
                if !waiting.photos.is_empty() { { " · " }{ tn!("outbox.photos", waiting.photos.len()) } }
            </p>
            if let Some(error) = refusal {
                <p class="flex items-start gap-1 text-sm text-error">
                    <Icon name={IconName::Alert} class="mt-0.5 size-4" />
                    <span>{ error.fields().first().map_or_else(|| error.sentence(), error::field_sentence) }</span>
                </p>
                <div class="flex flex-wrap gap-2 pt-1">
                    if waiting.check_in.is_none() {
                        <RouteLink to={Route::Kpi { id: waiting.kpi }} query={Params::new().with("act", "check_in")} kind={LinkKind::Secondary} class="btn-sm" onfollow={close.clone()}>{ t!("outbox.correct") }</RouteLink>
                    }
                    <Button label={t!("outbox.again")} size={ButtonSize::Small} onclick={again} />
                    <Button label={t!("outbox.discard")} size={ButtonSize::Small} kind={ButtonKind::Ghost} onclick={discard} />
                </div>
            }
        </li>
    }
}
