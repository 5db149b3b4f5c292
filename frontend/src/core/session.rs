//! Who is logged in. Pages inside the frame ask [`use_me`]; what a role may do is asked of [`Session::can`].

use std::rc::Rc;

use gloo_events::EventListener;
use kpi_api::{auth::Me, permission::Capability};
use yew::prelude::*;

use crate::core::{api, browser, client, error::ApiError, prefs::use_prefs};

#[derive(Debug, Clone, PartialEq)]
pub enum Who {
    /// Not known yet.
    Checking,
    Nobody,
    Somebody(Rc<Me>),
    /// The server could not be asked.
    Unknown(ApiError),
}

#[derive(Clone, PartialEq)]
pub struct Session {
    pub who: Who,
    set: Callback<Who>,
}

impl Session {
    pub fn me(&self) -> Option<&Rc<Me>> {
        match &self.who {
            Who::Somebody(me) => Some(me),
            Who::Checking | Who::Nobody | Who::Unknown(_) => None,
        }
    }

    /// Whether the role has the capability at all; single objects may still refuse.
    pub fn can(&self, capability: Capability) -> bool {
        self.me().is_some_and(|me| me.capabilities.contains(&capability))
    }

    /// After a log-in, or after one's own data changed.
    pub fn enter(&self, me: Me) {
        self.set.emit(Who::Somebody(Rc::new(me)));
    }

    /// Asks the server again who is logged in.
    pub fn check(&self) {
        let set = self.set.clone();
        set.emit(Who::Checking);
        yew::platform::spawn_local(async move { set.emit(who().await) });
    }

    /// Logs out. Without a connection the cookies stay, so the person stays too.
    pub fn leave(&self, failed: Callback<ApiError>) {
        let set = self.set.clone();
        yew::platform::spawn_local(async move {
            match api::auth::logout().await {
                Ok(()) => set.emit(Who::Nobody),
                Err(error) if error.code().is_some_and(|code| code.status() == 401) => set.emit(Who::Nobody),
                Err(error) => failed.emit(error),
            }
        });
    }
}

async fn who() -> Who {
    if !client::has_session_cookie() {
        return Who::Nobody;
    }
    match api::auth::me().await {
        Ok(me) => Who::Somebody(Rc::new(me)),
        Err(error) if error.code().is_some_and(|code| code.status() == 401) => Who::Nobody,
        Err(error) => Who::Unknown(error),
    }
}

#[derive(Properties, PartialEq)]
pub struct SessionProviderProps {
    pub children: Html,
}

#[component]
pub fn SessionProvider(props: &SessionProviderProps) -> Html {
    let state = use_state(|| Who::Checking);
    let prefs = use_prefs();
    let set = {
        let state = state.clone();
        Callback::from(move |who: Who| {
            if let Who::Somebody(me) = &who {
                prefs.set_locale.emit(me.user.locale.clone());
            }
            state.set(who);
        })
    };
    use_effect_with((), {
        let set = set.clone();
        move |()| {
            let ended = set.clone();
            client::on_session_end(Callback::from(move |()| ended.emit(Who::Nobody)));
            yew::platform::spawn_local(async move { set.emit(who().await) });
        }
    });
    let session = Session { who: (*state).clone(), set };
    use_new_day(&session);
    html! { <ContextProvider<Session> context={session}>{ props.children.clone() }</ContextProvider<Session>> }
}

/// A window that comes back on another day asks again: values are recorded for `today`.
#[hook]
fn use_new_day(session: &Session) {
    let day = use_mut_ref(browser::today);
    let (person, set) = (session.me().map(|me| me.user.id), session.set.clone());
    use_effect_with(person, move |person| {
        let person = *person;
        let listener = browser::window().filter(|_| person.is_some()).map(|window| {
            EventListener::new(&window, "focus", move |_| {
                let today = browser::today();
                if std::mem::replace(&mut *day.borrow_mut(), today.clone()) == today {
                    return;
                }
                let set = set.clone();
                yew::platform::spawn_local(async move {
                    if let Ok(me) = api::auth::me().await
                        && Some(me.user.id) == person
                    {
                        set.emit(Who::Somebody(Rc::new(me)));
                    }
                });
            })
        });
        move || drop(listener)
    });
}

#[hook]
pub fn use_session() -> Session {
    use_context::<Session>().unwrap_or(Session { who: Who::Checking, set: Callback::noop() })
}

/// The person who is logged in; provided by the guard to everything inside the frame.
#[derive(Clone, PartialEq)]
pub struct CurrentPerson(pub Rc<Me>);

/// The person who is logged in. Only for components inside the frame.
///
/// # Panics
/// Outside the frame, where nobody is logged in.
#[hook]
pub fn use_me() -> Rc<Me> {
    match use_context::<CurrentPerson>() {
        Some(CurrentPerson(me)) => me,
        None => unreachable!("pages that need a person are drawn inside the guard"),
    }
}
