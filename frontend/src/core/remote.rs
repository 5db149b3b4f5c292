//! Data that lives on the server: one type for loading, ready and failed, one hook that fetches it.

use std::{future::Future, rc::Rc};

use yew::prelude::*;

use crate::core::{client::Answer, error::ApiError};

/// Data on its way, here, or refused.
#[derive(Debug)]
pub enum Remote<T> {
    Loading,
    Ready(Rc<T>),
    Failed(ApiError),
}

impl<T> Clone for Remote<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Loading => Self::Loading,
            Self::Ready(data) => Self::Ready(Rc::clone(data)),
            Self::Failed(error) => Self::Failed(error.clone()),
        }
    }
}

impl<T> PartialEq for Remote<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Loading, Self::Loading) => true,
            (Self::Ready(one), Self::Ready(two)) => Rc::ptr_eq(one, two),
            (Self::Failed(one), Self::Failed(two)) => one == two,
            _ => false,
        }
    }
}

impl<T> Remote<T> {
    pub fn ready(&self) -> Option<&Rc<T>> {
        match self {
            Self::Ready(data) => Some(data),
            Self::Loading | Self::Failed(_) => None,
        }
    }
}

/// State of one fetch. Rows that are there stay visible while newer ones are fetched.
struct State<T> {
    remote: Remote<T>,
    busy: bool,
    /// Number of the latest request; answers to earlier ones are dropped.
    latest: u32,
}

enum Step<T> {
    Started(u32),
    Ended(u32, Answer<T>),
    Replaced(T),
}

impl<T> State<T> {
    fn step(&self, step: Step<T>) -> Self {
        match step {
            Step::Started(run) => {
                let remote = match &self.remote {
                    Remote::Failed(_) => Remote::Loading,
                    other => other.clone(),
                };
                Self { remote, busy: true, latest: run }
            }
            Step::Ended(run, _) if run != self.latest => {
                Self { remote: self.remote.clone(), busy: self.busy, latest: self.latest }
            }
            Step::Ended(run, answer) => {
                let remote = match answer {
                    Ok(data) => Remote::Ready(Rc::new(data)),
                    Err(error) => Remote::Failed(error),
                };
                Self { remote, busy: false, latest: run }
            }
            Step::Replaced(data) => {
                // What was asked for before this is older than what the caller knows.
                Self {
                    remote: Remote::Ready(Rc::new(data)),
                    busy: false,
                    latest: self.latest.wrapping_add(1),
                }
            }
        }
    }
}

impl<T: 'static> Reducible for State<T> {
    type Action = Step<T>;

    fn reduce(self: Rc<Self>, step: Step<T>) -> Rc<Self> {
        Rc::new(self.step(step))
    }
}

/// What [`use_remote`] gives.
pub struct UseRemote<T> {
    pub remote: Remote<T>,
    /// Whether a request is under way, also behind data that is already there.
    pub busy: bool,
    /// Fetches again; what is there stays until the answer comes.
    pub reload: Callback<()>,
    /// Puts in data known from elsewhere, e.g. the answer of a change.
    pub set: Callback<T>,
}

impl<T> Clone for UseRemote<T> {
    fn clone(&self) -> Self {
        Self {
            remote: self.remote.clone(),
            busy: self.busy,
            reload: self.reload.clone(),
            set: self.set.clone(),
        }
    }
}

impl<T> PartialEq for UseRemote<T> {
    fn eq(&self, other: &Self) -> bool {
        self.remote == other.remote && self.busy == other.busy
    }
}

/// Fetches when the component appears and whenever `deps` change.
#[hook]
pub fn use_remote<D, T, F, Fut>(deps: D, load: F) -> UseRemote<T>
where
    D: PartialEq + Clone + 'static,
    T: 'static,
    F: Fn(D) -> Fut + 'static,
    Fut: Future<Output = Answer<T>> + 'static,
{
    let state = use_reducer(|| State { remote: Remote::Loading, busy: true, latest: 0 });
    let turn = use_state(|| 0_u32);
    let dispatch = state.dispatcher();
    let latest = state.latest;
    use_effect_with((deps, *turn), {
        let dispatch = dispatch.clone();
        move |(deps, _)| {
            let run = latest.wrapping_add(1);
            let answer = load(deps.clone());
            dispatch.dispatch(Step::Started(run));
            yew::platform::spawn_local(async move {
                dispatch.dispatch(Step::Ended(run, answer.await));
            });
        }
    });
    UseRemote {
        remote: state.remote.clone(),
        busy: state.busy,
        reload: {
            let turn = turn.clone();
            Callback::from(move |()| turn.set(turn.wrapping_add(1)))
        },
        set: Callback::from(move |data| dispatch.dispatch(Step::Replaced(data))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh() -> State<i32> {
        State { remote: Remote::Loading, busy: true, latest: 0 }
    }

    #[test]
    fn a_late_answer_of_an_earlier_request_is_dropped() {
        let state = fresh().step(Step::Started(1)).step(Step::Started(2)).step(Step::Ended(2, Ok(20)));
        let after = state.step(Step::Ended(1, Ok(10)));
        assert_eq!(after.remote.ready().map(|data| **data), Some(20));
        assert!(!after.busy);
    }

    #[test]
    fn data_stays_while_newer_data_is_fetched() {
        let state = fresh().step(Step::Started(1)).step(Step::Ended(1, Ok(1))).step(Step::Started(2));
        assert!(state.busy);
        assert_eq!(state.remote.ready().map(|data| **data), Some(1));
    }

    #[test]
    fn a_retry_after_a_failure_shows_loading() {
        let state = fresh().step(Step::Started(1)).step(Step::Ended(1, Err(ApiError::Unreachable)));
        assert_eq!(state.remote, Remote::Failed(ApiError::Unreachable));
        assert_eq!(state.step(Step::Started(2)).remote, Remote::Loading);
    }

    #[test]
    fn what_was_put_in_outlives_an_answer_on_its_way() {
        let state = fresh().step(Step::Started(1)).step(Step::Replaced(7)).step(Step::Ended(1, Ok(1)));
        assert_eq!(state.remote.ready().map(|data| **data), Some(7));
    }
}
