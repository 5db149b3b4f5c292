//! Where messages appear. They are read out and stay while somebody looks at them or is in them; failures stay until
//! closed. What can be taken back says for how long.

use gloo_events::EventListener;
use gloo_timers::callback::{Interval, Timeout};
use yew::prelude::*;

use super::{
    badge::Tone,
    button::{Button, ButtonKind, ButtonSize},
    icon::{Icon, IconName},
};
use crate::{
    core::{
        browser,
        keys::use_shortcut,
        toast::{Toast, ToastAction, ToastKind, ToastList, ToastStep, Toaster},
    },
    t,
};

const SHOWN_MS: u32 = 5_000;
const SHOWN_WITH_ACTION_MS: u32 = 9_000;
/// How long a message stays after the time to take it back is over.
const SHOWN_TOO_LATE_MS: u32 = 1_500;

#[derive(Properties, PartialEq)]
pub struct ToastProviderProps {
    pub children: Html,
}

#[component]
pub fn ToastProvider(props: &ToastProviderProps) -> Html {
    let list = use_reducer(ToastList::taken_over);
    use_hand_over(&list);
    let close = {
        let dispatch = list.dispatcher();
        Callback::from(move |id: u32| dispatch.dispatch(ToastStep::Remove(id)))
    };
    let latest = list.latest_undo();
    use_shortcut("u", latest.is_some(), {
        let close = close.clone();
        Callback::from(move |()| {
            if let Some((id, act)) = &latest {
                act.emit(());
                close.emit(*id);
            }
        })
    });
    html! {
        <ContextProvider<Toaster> context={Toaster(Some(list.dispatcher()))}>
            { props.children.clone() }
            <div class="toast-stack" role="status" aria-live="polite" aria-relevant="additions">
                { for list.toasts.iter().map(|toast| html! { <ToastCard key={toast.id} toast={toast.clone()} onclose={close.clone()} /> }) }
            </div>
        </ContextProvider<Toaster>>
    }
}

/// A page of the other program says on what is being said when this one makes room for it.
#[hook]
fn use_hand_over(list: &UseReducerHandle<ToastList>) {
    let latest = use_mut_ref(|| list.clone());
    latest.replace(list.clone());
    use_effect_with((), move |()| {
        let listener = browser::window()
            .map(|window| EventListener::new(&window, "pagehide", move |_| latest.borrow().hand_over()));
        move || drop(listener)
    });
}

/// Seconds that are left.
#[derive(PartialEq)]
struct Left(u32);

impl Reducible for Left {
    type Action = ();

    fn reduce(self: std::rc::Rc<Self>, (): ()) -> std::rc::Rc<Self> {
        Self(self.0.saturating_sub(1)).into()
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
    let seconds = match &props.toast.action {
        Some(ToastAction::Undo { seconds, .. }) => *seconds,
        Some(ToastAction::Go { .. }) | None => None,
    };
    let (hovered, focused) = (use_state(|| false), use_state(|| false));
    let left = use_reducer(|| Left(seconds.unwrap_or_default()));
    let too_late = seconds.is_some() && left.0 == 0;
    use_effect_with(seconds.filter(|_| !too_late), {
        let left = left.dispatcher();
        move |running| {
            let clock = running.map(|_| Interval::new(1_000, move || left.dispatch(())));
            move || drop(clock)
        }
    });
    let shown = match (&props.toast.action, seconds) {
        _ if kind == ToastKind::Error || *hovered || *focused => None,
        (_, Some(_)) => too_late.then_some(SHOWN_TOO_LATE_MS),
        (Some(_), None) => Some(SHOWN_WITH_ACTION_MS),
        (None, _) => Some(SHOWN_MS),
    };
    use_effect_with((id, shown), {
        let onclose = props.onclose.clone();
        move |(id, shown)| {
            let id = *id;
            let timeout = shown.map(|time| Timeout::new(time, move || onclose.emit(id)));
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
    let set = |state: &UseStateHandle<bool>, on: bool| {
        let state = state.clone();
        Callback::from(move |()| state.set(on))
    };
    html! {
        <div
            class="toast-card"
            onmouseenter={set(&hovered, true).reform(|_: MouseEvent| ())}
            onmouseleave={set(&hovered, false).reform(|_: MouseEvent| ())}
            onfocusin={set(&focused, true).reform(|_: FocusEvent| ())}
            onfocusout={set(&focused, false).reform(|_: FocusEvent| ())}
        >
            <span class={classes!("toast-mark", tone.class())}><Icon {name} /></span>
            <span class="min-w-0 flex-1 text-sm break-words">{ props.toast.text.clone() }</span>
            { action(props, seconds.map(|all| (left.0, all))) }
            <Button label={t!("ui.close")} icon={IconName::X} icon_only=true kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={close} />
        </div>
    }
}

/// The button; with the seconds that are left of all where there is a limit.
fn action(props: &ToastCardProps, time: Option<(u32, u32)>) -> Html {
    let id = props.toast.id;
    let (label, act) = match &props.toast.action {
        None => return Html::default(),
        Some(ToastAction::Go { label, act }) => (label.clone(), act.clone()),
        Some(ToastAction::Undo { act, .. }) => (t!("ui.undo"), act.clone()),
    };
    let onclick = {
        let onclose = props.onclose.clone();
        Callback::from(move |_: MouseEvent| {
            act.emit(());
            onclose.emit(id);
        })
    };
    let disabled = time.filter(|(left, _)| *left == 0).map(|_| t!("ui.undo_over"));
    html! {
        <>
            if let Some((_, all)) = time { <span class="sr-only">{ t!("ui.undo_hint", seconds = all) }</span> }
            { for time.filter(|(left, _)| *left > 0).map(|(left, all)| countdown(left, all)) }
            <Button {label} kind={ButtonKind::Ghost} size={ButtonSize::Small} class="text-primary" {disabled} {onclick} />
        </>
    }
}

/// A ring that empties. Not for screen readers: nobody wants every second read out.
fn countdown(left: u32, all: u32) -> Html {
    let part = f64::from(left) / f64::from(all.max(1)) * 100.0;
    html! {
        <svg class="score-ring tone-accent size-7" viewBox="0 0 36 36" aria-hidden="true">
            <circle class="ring-track" cx="18" cy="18" r="15.9155" />
            <circle class="ring-fill" cx="18" cy="18" r="15.9155" stroke-dasharray={format!("{part:.0} 100")} transform="rotate(-90 18 18)" />
            <text class="ring-text countdown-text" x="18" y="18.5" text-anchor="middle" dominant-baseline="middle">{ left }</text>
        </svg>
    }
}
