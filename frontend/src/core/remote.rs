//! Data that lives on the server: one type for loading, ready and failed, one hook that fetches it.

use std::{any::Any, future::Future, rc::Rc};

use futures_util::{FutureExt, future::LocalBoxFuture};
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
    /// Whether the latest request is one that nobody sees.
    hushed: bool,
}

enum Step<T> {
    Started(u32),
    /// Started without showing it.
    Hushed(u32),
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
                Self { remote, busy: true, latest: run, hushed: false }
            }
            Step::Hushed(run) => {
                Self { remote: self.remote.clone(), busy: self.busy, latest: run, hushed: true }
            }
            Step::Ended(run, _) if run != self.latest => Self {
                remote: self.remote.clone(),
                busy: self.busy,
                latest: self.latest,
                hushed: self.hushed,
            },
            Step::Ended(run, answer) => {
                let remote = match (answer, &self.remote) {
                    (Ok(data), _) => Remote::Ready(Rc::new(data)),
                    // Nobody asked for it: what is there outlives a moment without an answer.
                    (Err(error), Remote::Ready(data)) if self.hushed && error.is_passing() => {
                        Remote::Ready(Rc::clone(data))
                    }
                    (Err(error), _) => Remote::Failed(error),
                };
                Self { remote, busy: false, latest: run, hushed: false }
            }
            Step::Replaced(data) => {
                // What was asked for before this is older than what the caller knows.
                Self {
                    remote: Remote::Ready(Rc::new(data)),
                    busy: false,
                    latest: self.latest.wrapping_add(1),
                    hushed: false,
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
    /// Fetches again without showing it: nothing is dimmed, and a server that cannot be reached changes nothing.
    pub refresh: Callback<()>,
    /// Puts in data known from elsewhere, e.g. the answer of a change.
    pub set: Callback<T>,
}

impl<T> Clone for UseRemote<T> {
    fn clone(&self) -> Self {
        Self {
            remote: self.remote.clone(),
            busy: self.busy,
            reload: self.reload.clone(),
            refresh: self.refresh.clone(),
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
    // How often the dependencies have changed.
    let last = use_mut_ref(|| (0_u32, None::<D>));
    let asked = {
        let mut last = last.borrow_mut();
        if last.1.as_ref() != Some(&deps) {
            *last = (last.0.wrapping_add(1), Some(deps.clone()));
        }
        last.0
    };
    let fetch = use_fetch(
        asked,
        Box::new(move || {
            let answer = load(deps);
            async move { answer.await.map(|data| Rc::new(data) as Erased) }.boxed_local()
        }),
    );
    let remote = match &fetch.remote {
        Remote::Loading => Remote::Loading,
        Remote::Failed(error) => Remote::Failed(error.clone()),
        Remote::Ready(data) => Rc::clone(&**data).downcast::<T>().map_or(Remote::Loading, Remote::Ready),
    };
    UseRemote {
        remote,
        busy: fetch.busy,
        reload: fetch.reload,
        refresh: fetch.refresh,
        set: fetch.set.reform(|data: T| Rc::new(data) as Erased),
    }
}

type Erased = Rc<dyn Any>;
type Load = Box<dyn FnOnce() -> LocalBoxFuture<'static, Answer<Erased>>>;

/// The part that does not depend on what is fetched: compiled once, however many kinds of data there are. It fetches
/// when `asked` changes.
#[hook]
fn use_fetch(asked: u32, load: Load) -> UseRemote<Erased> {
    let state =
        use_reducer(|| State::<Erased> { remote: Remote::Loading, busy: true, latest: 0, hushed: false });
    let turn = use_state(|| 0_u32);
    let hush = use_mut_ref(|| false);
    let seen = use_mut_ref(|| None::<u32>);
    let dispatch = state.dispatcher();
    let latest = state.latest;
    use_effect_with((asked, *turn), {
        let (dispatch, hush) = (dispatch.clone(), Rc::clone(&hush));
        move |(asked, _)| {
            let run = latest.wrapping_add(1);
            let same = seen.borrow_mut().replace(*asked) == Some(*asked);
            let hushed = hush.replace(false) && same;
            let answer = load();
            dispatch.dispatch(if hushed { Step::Hushed(run) } else { Step::Started(run) });
            yew::platform::spawn_local(async move {
                dispatch.dispatch(Step::Ended(run, answer.await));
            });
        }
    });
    let again = move |quietly: bool| {
        let (turn, hush) = (turn.clone(), Rc::clone(&hush));
        Callback::from(move |()| {
            *hush.borrow_mut() = quietly;
            turn.set(turn.wrapping_add(1));
        })
    };
    UseRemote {
        remote: state.remote.clone(),
        busy: state.busy,
        reload: again(false),
        refresh: again(true),
        set: Callback::from(move |data| dispatch.dispatch(Step::Replaced(data))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh() -> State<i32> {
        State { remote: Remote::Loading, busy: true, latest: 0, hushed: false }
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
    fn a_silent_fetch_that_finds_nobody_changes_nothing() {
        let state = fresh().step(Step::Started(1)).step(Step::Ended(1, Ok(1))).step(Step::Hushed(2));
        assert!(!state.busy);
        let after = state.step(Step::Ended(2, Err(ApiError::Unreachable)));
        assert_eq!(after.remote.ready().map(|data| **data), Some(1));
        let asked = after.step(Step::Started(3)).step(Step::Ended(3, Err(ApiError::Unreachable)));
        assert_eq!(asked.remote, Remote::Failed(ApiError::Unreachable));
    }

    #[test]
    fn what_was_put_in_outlives_an_answer_on_its_way() {
        let state = fresh().step(Step::Started(1)).step(Step::Replaced(7)).step(Step::Ended(1, Ok(1)));
        assert_eq!(state.remote.ready().map(|data| **data), Some(7));
    }
}
