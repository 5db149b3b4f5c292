//! Check-ins that are not at the server yet. What is typed without a network is kept in the browser and sent exactly
//! once when there is one: at `online`, when the window comes to the front, and every half minute. Reading order:
//! [`waiting`] (what waits), `store` and `photos` (where), `deliver` (how it is sent), this file (when).

mod deliver;
mod photos;
mod store;
pub mod waiting;

use std::{cell::RefCell, rc::Rc};

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use kpi_api::{
    checkin::CheckInNew,
    id::{KpiId, UserId},
};
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, File, StorageEvent};
use yew::prelude::*;

pub use self::deliver::Recorded;
use self::waiting::{Photo, State, Waiting};
use crate::{
    core::{
        browser,
        client::Answer,
        error::ApiError,
        session::use_session,
        toast::{Toaster, use_toaster},
    },
    t,
};

const AGAIN_MS: u32 = 30_000;

/// What is recorded, and about what.
pub struct Typed {
    pub kpi: KpiId,
    pub title: String,
    /// The value in words.
    pub shown: String,
    /// With its day.
    pub body: CheckInNew,
    pub files: Vec<File>,
    /// The refused entry that this one puts right.
    pub instead_of: Option<String>,
}

/// The outbox of the person who is logged in. Cheap to clone.
#[derive(Clone, PartialEq)]
pub struct Outbox {
    pub items: Rc<Vec<Waiting>>,
    /// Moves each time something has arrived that had waited.
    pub arrived: u32,
    /// Whether it is being emptied right now.
    pub busy: bool,
    user: Option<UserId>,
    look: Callback<()>,
    /// Sends what waits.
    pub send: Callback<()>,
}

impl Outbox {
    /// What waits, newest last; not what a form is sending this very moment.
    pub fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        self.items.iter().filter(|waiting| !matches!(waiting.state, State::Sending { .. }))
    }

    /// What waits for a KPI.
    pub fn of(&self, kpi: KpiId) -> impl Iterator<Item = &Waiting> {
        self.waiting().filter(move |waiting| waiting.kpi == kpi)
    }

    /// Sends a value, or keeps it. `key` is its idempotency key.
    pub async fn record(&self, typed: Typed, key: String) -> Answer<Recorded> {
        let Some(user) = self.user else { return Err(ApiError::Unreachable) };
        let mut kept = Vec::new();
        for file in &typed.files {
            let photo = Photo { key: browser::random_key(), name: file.name() };
            photos::put(&photo.key, file).await;
            kept.push(photo);
        }
        let old = typed.instead_of.and_then(|key| store::get(user, &key));
        let mut all = old.as_ref().map(|old| old.photos.clone()).unwrap_or_default();
        all.extend(kept.iter().cloned());
        let waiting = Waiting {
            key,
            user,
            kpi: typed.kpi,
            title: typed.title,
            shown: typed.shown,
            body: typed.body,
            photos: all,
            check_in: None,
            made_at: deliver::now(),
            tried_at: None,
            state: State::Waiting,
        };
        let answer = deliver::first(waiting).await;
        match &answer {
            Ok(_) => {
                if let Some(old) = old {
                    store::remove(user, &old.key);
                }
            }
            Err(_) => {
                for photo in kept {
                    photos::remove(&photo.key).await;
                }
            }
        }
        self.look.emit(());
        if matches!(answer, Ok(Recorded::Now(_))) {
            self.send.emit(());
        }
        answer
    }

    /// Lets a refused one be tried as it is.
    pub fn again(&self, key: &str) {
        if let Some(waiting) = self.user.and_then(|user| store::get(user, key)) {
            store::put(&Waiting { state: State::Waiting, ..waiting });
            self.look.emit(());
            self.send.emit(());
        }
    }

    pub fn discard(&self, key: &str) {
        if let Some(waiting) = self.user.and_then(|user| store::get(user, key)) {
            store::remove(waiting.user, key);
            yew::platform::spawn_local(async move {
                for photo in waiting.photos {
                    photos::remove(&photo.key).await;
                }
            });
            self.look.emit(());
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct OutboxProviderProps {
    pub children: Html,
}

#[component]
pub fn OutboxProvider(props: &OutboxProviderProps) -> Html {
    let user = use_session().me().map(|me| me.user.id);
    let toaster = use_toaster();
    let items = use_state(Vec::<Waiting>::new);
    let arrived = use_state(|| 0_u32);
    let busy = use_state(|| false);
    let under_way = use_mut_ref(|| false);
    let look = {
        let items = items.setter();
        use_callback(user, move |(), user| items.set(user.map(store::all).unwrap_or_default()))
    };
    let send = {
        let (busy, arrived, look) = (busy.setter(), arrived.clone(), look.clone());
        Callback::from(move |()| {
            let Some(user) = user else { return };
            if std::mem::replace(&mut *under_way.borrow_mut(), true) {
                return;
            }
            busy.set(true);
            let (busy, arrived, look) = (busy.clone(), arrived.clone(), look.clone());
            let (under_way, toaster) = (Rc::clone(&under_way), toaster.clone());
            yew::platform::spawn_local(async move {
                let done = deliver::all(user).await;
                *under_way.borrow_mut() = false;
                busy.set(false);
                look.emit(());
                if !done.sent.is_empty() {
                    arrived.set(arrived.wrapping_add(1));
                }
                tell(&toaster, &done);
            });
        })
    };
    let latest = use_mut_ref(Callback::noop);
    *latest.borrow_mut() = send.clone();
    use_effect_with(user, {
        let (look, latest) = (look.clone(), Rc::clone(&latest));
        move |user| {
            look.emit(());
            let start = latest.borrow().clone();
            let mut listeners = Vec::new();
            if user.is_some() {
                start.emit(());
                for name in ["online", "focus"] {
                    listeners.extend(browser::window().map(|window| on(&window, name, &latest)));
                }
                // A phone that is taken out of the pocket: its windows do not always get the focus.
                listeners
                    .extend(browser::document().map(|document| on(&document, "visibilitychange", &latest)));
                listeners.extend(on_change_elsewhere(look));
            }
            move || drop(listeners)
        }
    });
    let some_due = items.iter().any(|waiting| waiting.refusal().is_none());
    use_effect_with((user, some_due), move |(_, some_due)| {
        let timer = some_due.then(|| {
            Interval::new(AGAIN_MS, move || {
                let send = latest.borrow().clone();
                send.emit(());
            })
        });
        move || drop(timer)
    });
    let outbox =
        Outbox { items: Rc::new((*items).clone()), arrived: *arrived, busy: *busy, user, look, send };
    html! { <ContextProvider<Outbox> context={outbox}>{ props.children.clone() }</ContextProvider<Outbox>> }
}

fn on(target: &EventTarget, name: &'static str, act: &Rc<RefCell<Callback<()>>>) -> EventListener {
    let act = Rc::clone(act);
    EventListener::new(target, name, move |_| {
        let act = act.borrow().clone();
        act.emit(());
    })
}

/// Another tab has kept or sent something.
fn on_change_elsewhere(look: Callback<()>) -> Option<EventListener> {
    let window = browser::window()?;
    Some(EventListener::new(&window, "storage", move |event| {
        let key = event.dyn_ref::<StorageEvent>().and_then(StorageEvent::key);
        // Without a key everything was cleared.
        if key.is_none_or(|key| key.starts_with(store::PREFIX)) {
            look.emit(());
        }
    }))
}

fn tell(toaster: &Toaster, done: &deliver::Delivered) {
    for sent in &done.sent {
        toaster.success(t!("outbox.sent", title = sent.title, value = sent.shown));
    }
    if !done.lost.is_empty() {
        toaster.info(t!("outbox.lost", names = done.lost.join(", ")));
    }
    if done.refused > 0 {
        toaster.info(t!("outbox.refused_toast"));
    }
}

#[hook]
pub fn use_outbox() -> Outbox {
    let none = || Outbox {
        items: Rc::default(),
        arrived: 0,
        busy: false,
        user: None,
        look: Callback::noop(),
        send: Callback::noop(),
    };
    use_context::<Outbox>().unwrap_or_else(none)
}
