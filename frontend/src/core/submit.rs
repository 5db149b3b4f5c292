//! Sending a form: busy while under way, the refusal kept for the form to show, one idempotency key until it worked.

use std::{future::Future, rc::Rc};

use futures_util::{FutureExt, future::LocalBoxFuture};
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

impl<I: Clone + 'static> Submit<I> {
    /// The same for a dialog that is about one thing; nothing is sent without it.
    pub fn about(&self, what: Option<I>) -> Submit<()> {
        let run = self.run.clone();
        let run = Callback::from(move |()| {
            if let Some(what) = what.clone() {
                run.emit(what);
            }
        });
        Submit { busy: self.busy, error: self.error.clone(), run, dismiss: self.dismiss.clone() }
    }
}

impl<I> PartialEq for Submit<I> {
    fn eq(&self, other: &Self) -> bool {
        self.busy == other.busy
            && self.error == other.error
            && self.run == other.run
            && self.dismiss == other.dismiss
    }
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
    let attempts = use_attempts();
    let act = Rc::new(act);
    let run = attempts.run.reform(move |input: I| {
        let (act, done) = (Rc::clone(&act), done.clone());
        Box::new(move |key: String| {
            let answer = act(input, key);
            let then = async move {
                let answer = answer.await?;
                Ok(Box::new(move || done.emit(answer)) as Then)
            };
            then.boxed_local()
        }) as Attempt
    });
    Submit { busy: attempts.busy, error: attempts.error, run, dismiss: attempts.dismiss }
}

/// What is left to do once it worked.
type Then = Box<dyn FnOnce()>;
/// Sends under the idempotency key it is given.
type Attempt = Box<dyn FnOnce(String) -> LocalBoxFuture<'static, Answer<Then>>>;

/// The part that does not depend on what is sent: compiled once, however many forms there are.
#[hook]
fn use_attempts() -> Submit<Attempt> {
    let busy = use_state(|| false);
    let error = use_state(|| None::<ApiError>);
    let under_way = use_mut_ref(|| false);
    let key = use_mut_ref(browser::random_key);
    let run = {
        let (busy, error) = (busy.clone(), error.clone());
        Callback::from(move |attempt: Attempt| {
            if std::mem::replace(&mut *under_way.borrow_mut(), true) {
                return;
            }
            busy.set(true);
            error.set(None);
            let answer = attempt(key.borrow().clone());
            let (busy, error) = (busy.clone(), error.clone());
            let (under_way, key) = (Rc::clone(&under_way), Rc::clone(&key));
            yew::platform::spawn_local(async move {
                let answer = answer.await;
                *under_way.borrow_mut() = false;
                busy.set(false);
                match answer {
                    Ok(then) => {
                        *key.borrow_mut() = browser::random_key();
                        then();
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
