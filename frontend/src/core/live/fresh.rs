//! The hooks of the pages: data that follows what happens, and forms that are left in peace meanwhile.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use kpi_api::id::{KpiId, Version};
use yew::prelude::*;

use super::{About, Hearing, News, Signal, signal, use_news};
use crate::core::{browser, session::use_me};

/// Several things that happen at once are one change.
const GATHER_MS: u32 = 100;
/// Between two fetches of the same data, however much happens.
const PAUSE_MS: u32 = 900;

thread_local! {
    /// How many forms are open that new data could take away.
    static HOLDS: Cell<u32> = const { Cell::new(0) };
}

/// While `active`, lists and KPIs on the page stay as they are: something is being typed that they must not take away.
#[hook]
pub fn use_hold(active: bool) {
    use_effect_with(active, |active| {
        let held = *active;
        if held {
            HOLDS.set(HOLDS.get() + 1);
        }
        move || {
            if held {
                HOLDS.set(HOLDS.get().saturating_sub(1));
                if HOLDS.get() == 0 {
                    signal(&Signal::Free);
                }
            }
        }
    });
}

struct Follower {
    about: About,
    refresh: Callback<()>,
    /// Something happened that was not fetched yet.
    wanted: bool,
    timer: Option<Timeout>,
    onwait: Callback<bool>,
}

impl Follower {
    fn waits(&self) -> bool {
        self.about.may_wait() && HOLDS.get() > 0
    }
}

/// Fetches again, without showing it, when something has happened that `about` names: `use_fresh(&rows.refresh,
/// About::AnyKpi)`. True while it waits for a form to be done ([`use_hold`]) and somebody else has changed something.
#[hook]
pub fn use_fresh(refresh: &Callback<()>, about: About) -> bool {
    let me = use_me().user.id;
    let waiting = use_state_eq(|| false);
    let follower = use_mut_ref(|| Follower {
        about,
        refresh: Callback::noop(),
        wanted: false,
        timer: None,
        onwait: Callback::noop(),
    });
    {
        let mut follower = follower.borrow_mut();
        follower.about = about;
        follower.refresh = refresh.clone();
        let waiting = waiting.setter();
        follower.onwait = Callback::from(move |now| waiting.set(now));
    }
    use_effect_with((), move |()| {
        let hearing = Hearing::begin({
            let follower = Rc::clone(&follower);
            move |signal| match signal {
                Signal::News(news) => {
                    let told = follower.borrow().about.is_told_by(news);
                    if told {
                        follower.borrow_mut().wanted = true;
                        let mine = matches!(news, News::Kpi(change) if change.actor_id == Some(me));
                        let (waits, onwait) = {
                            let follower = follower.borrow();
                            (follower.waits(), follower.onwait.clone())
                        };
                        if waits && !mine && *news != News::Everything {
                            onwait.emit(true);
                        }
                        go(&follower);
                    }
                }
                Signal::Free => go(&follower),
            }
        });
        move || drop((hearing, follower.borrow_mut().timer.take()))
    });
    *waiting
}

/// Whether somebody has changed the KPI since the version that a form was begun from.
#[hook]
pub fn use_overtaken(begun: Option<(KpiId, Version)>) -> bool {
    let newest = use_state_eq(|| None::<Version>);
    use_news({
        let newest = newest.setter();
        let id = begun.map(|(id, _)| id);
        Callback::from(move |news: News| match news {
            News::Kpi(change) if Some(change.kpi_id) == id && change.version.is_some() => {
                newest.set(change.version);
            }
            _ => {}
        })
    });
    begun.zip(*newest).is_some_and(|((_, version), newest)| newest > version)
}

/// Fetches in a moment, unless it has to wait or nothing is wanted.
fn go(follower: &Rc<RefCell<Follower>>) {
    let mut now = follower.borrow_mut();
    let hidden = browser::document().is_some_and(|document| document.hidden());
    if !now.wanted || now.timer.is_some() || now.waits() || hidden {
        return;
    }
    let follower = Rc::clone(follower);
    now.timer = Some(Timeout::new(GATHER_MS, move || {
        let (refresh, onwait) = {
            let mut now = follower.borrow_mut();
            if now.waits() {
                now.timer = None;
                return;
            }
            now.wanted = false;
            let after = Rc::clone(&follower);
            now.timer = Some(Timeout::new(PAUSE_MS, move || {
                after.borrow_mut().timer = None;
                go(&after);
            }));
            (now.refresh.clone(), now.onwait.clone())
        };
        onwait.emit(false);
        refresh.emit(());
    }));
}
