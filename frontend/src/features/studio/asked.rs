//! What is asked of the server a moment after the last key.

use std::{future::Future, rc::Rc};

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::core::{client::Answer, error::ApiError};

/// The last answer, whether a newer one is on its way, and why there is none.
#[derive(Debug)]
pub struct Asked<T> {
    pub shown: Option<Rc<T>>,
    pub busy: bool,
    pub failed: Option<ApiError>,
}

impl<T> Clone for Asked<T> {
    fn clone(&self) -> Self {
        Self { shown: self.shown.clone(), busy: self.busy, failed: self.failed.clone() }
    }
}

impl<T> PartialEq for Asked<T> {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.shown, &other.shown) {
            (Some(one), Some(two)) => Rc::ptr_eq(one, two),
            (one, two) => one.is_none() && two.is_none(),
        };
        same && self.busy == other.busy && self.failed == other.failed
    }
}

impl<T> Asked<T> {
    /// The answer, where it is the one to what is asked now.
    pub fn current(&self) -> Option<&Rc<T>> {
        self.shown.as_ref().filter(|_| !self.busy && self.failed.is_none())
    }
}

/// Asks `pause` milliseconds after `about` last changed; answers to earlier questions are dropped. While `about` is
/// `None` nothing is asked and the last answer stays, marked as busy where it is older than the question.
#[hook]
pub fn use_asked<D, T, F, Fut>(about: Option<D>, pause: u32, ask: F) -> Asked<T>
where
    D: PartialEq + Clone + 'static,
    T: 'static,
    F: FnOnce(D) -> Fut + 'static,
    Fut: Future<Output = Answer<T>> + 'static,
{
    let state = use_state(|| Asked { shown: None, busy: true, failed: None });
    let turn = use_mut_ref(|| 0_u32);
    let last = use_mut_ref(|| None::<Rc<T>>);
    use_effect_with(about, {
        let state = state.setter();
        move |about| {
            let now = {
                let mut turn = turn.borrow_mut();
                *turn = turn.wrapping_add(1);
                *turn
            };
            let waiting = last.borrow().clone();
            state.set(Asked { shown: waiting, busy: true, failed: None });
            let timeout = about.clone().map(|about| {
                Timeout::new(pause, move || {
                    yew::platform::spawn_local(async move {
                        let answer = ask(about).await;
                        if *turn.borrow() != now {
                            return;
                        }
                        match answer {
                            Ok(answer) => {
                                let answer = Rc::new(answer);
                                *last.borrow_mut() = Some(Rc::clone(&answer));
                                state.set(Asked { shown: Some(answer), busy: false, failed: None });
                            }
                            Err(error) => {
                                let shown = last.borrow().clone();
                                state.set(Asked { shown, busy: false, failed: Some(error) });
                            }
                        }
                    });
                })
            });
            move || drop(timeout)
        }
    });
    (*state).clone()
}
