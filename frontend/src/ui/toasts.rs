//! Where messages appear. They are read out; those with a way back stay longer, failures stay until closed.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::{
    badge::Tone,
    button::{Button, ButtonKind, ButtonSize},
    icon::{Icon, IconName},
};
use crate::{
    core::toast::{Toast, ToastKind, ToastList, ToastStep, Toaster},
    t,
};

const SHOWN_MS: u32 = 5_000;
const SHOWN_WITH_ACTION_MS: u32 = 9_000;

#[derive(Properties, PartialEq)]
pub struct ToastProviderProps {
    pub children: Html,
}

#[component]
pub fn ToastProvider(props: &ToastProviderProps) -> Html {
    let list = use_reducer(ToastList::default);
    let close = {
        let dispatch = list.dispatcher();
        Callback::from(move |id: u32| dispatch.dispatch(ToastStep::Remove(id)))
    };
    html! {
        <ContextProvider<Toaster> context={Toaster(Some(list.dispatcher()))}>
            { props.children.clone() }
            <div class="toast-stack" role="status" aria-live="polite" aria-relevant="additions">
                { for list.toasts.iter().map(|toast| html! { <ToastCard key={toast.id} toast={toast.clone()} onclose={close.clone()} /> }) }
            </div>
        </ContextProvider<Toaster>>
    }
}

#[derive(Properties, PartialEq)]
struct ToastCardProps {
    toast: Toast,
    onclose: Callback<u32>,
}

#[component]
fn ToastCard(props: &ToastCardProps) -> Html {
    let (id, kind) = (props.toast.id, props.toast.kind);
    let has_action = props.toast.action.is_some();
    use_effect_with(id, {
        let onclose = props.onclose.clone();
        move |id| {
            let id = *id;
            let time = if has_action { SHOWN_WITH_ACTION_MS } else { SHOWN_MS };
            let timeout = (kind != ToastKind::Error).then(|| Timeout::new(time, move || onclose.emit(id)));
            move || drop(timeout)
        }
    });
    let (tone, name) = match kind {
        ToastKind::Success => (Tone::Good, IconName::CheckCircle),
        ToastKind::Info => (Tone::Neutral, IconName::Info),
        ToastKind::Error => (Tone::Bad, IconName::Alert),
    };
    let close = {
        let onclose = props.onclose.clone();
        Callback::from(move |_: MouseEvent| onclose.emit(id))
    };
    let action = props.toast.action.clone().map(|(label, act)| {
        let onclose = props.onclose.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            act.emit(());
            onclose.emit(id);
        });
        html! { <Button {label} kind={ButtonKind::Ghost} size={ButtonSize::Small} class="text-primary" {onclick} /> }
    });
    html! {
        <div class="toast-card">
            <span class={classes!("toast-mark", tone.class())}><Icon {name} /></span>
            <span class="min-w-0 flex-1 text-sm">{ props.toast.text.clone() }</span>
            { action.unwrap_or_default() }
            <Button label={t!("ui.close")} icon={IconName::X} icon_only=true kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={close} />
        </div>
    }
}
