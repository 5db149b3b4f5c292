//! Sending a form: busy while under way, the refusal kept for the form to show, one idempotency key until it worked.

use std::{future::Future, rc::Rc};

use yew::prelude::*;

use crate::core::{browser, client::Answer, error::ApiError};

/// What [`use_submit`] gives.
pub struct Submit<I> {
    pub busy: bool,
    /// Why the last attempt was refused; gone with the next attempt.
    pub error: Option<ApiError>,
    /// Sends. Ignored while the last attempt is under way.
    pub run: Callback<I>,
    /// Forgets the refusal.
    pub dismiss: Callback<()>,
}

impl<I> Clone for Submit<I> {
    fn clone(&self) -> Self {
        Self {
            busy: self.busy,
            error: self.error.clone(),
            run: self.run.clone(),
            dismiss: self.dismiss.clone(),
        }
    }
}

/// `act` gets the input and an idempotency key that stays the same until an attempt succeeds; `done` gets the answer.
#[hook]
pub fn use_submit<I, T, F, Fut>(act: F, done: Callback<T>) -> Submit<I>
where
    I: 'static,
    T: 'static,
    F: Fn(I, String) -> Fut + 'static,
    Fut: Future<Output = Answer<T>> + 'static,
{
    let busy = use_state(|| false);
    let error = use_state(|| None::<ApiError>);
    let under_way = use_mut_ref(|| false);
    let key = use_mut_ref(browser::random_key);
    let act = Rc::new(act);
    let run = {
        let (busy, error) = (busy.clone(), error.clone());
        Callback::from(move |input: I| {
            if std::mem::replace(&mut *under_way.borrow_mut(), true) {
                return;
            }
            busy.set(true);
            error.set(None);
            let answer = act(input, key.borrow().clone());
            let (busy, error, done) = (busy.clone(), error.clone(), done.clone());
            let (under_way, key) = (Rc::clone(&under_way), Rc::clone(&key));
            yew::platform::spawn_local(async move {
                let answer = answer.await;
                *under_way.borrow_mut() = false;
                busy.set(false);
                match answer {
                    Ok(answer) => {
                        *key.borrow_mut() = browser::random_key();
                        done.emit(answer);
                    }
                    Err(refusal) => error.set(Some(refusal)),
                }
            });
        })
    };
    let dismiss = {
        let error = error.clone();
        Callback::from(move |()| error.set(None))
    };
    Submit { busy: *busy, error: (*error).clone(), run, dismiss }
}
