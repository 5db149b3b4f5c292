//! One look for everything that is fetched.

use std::rc::Rc;

use yew::prelude::*;

use super::empty::ErrorState;
use crate::{
    core::remote::{Remote, UseRemote},
    t,
};

/// The skeleton while loading, the error with another try, or the data. Data that is being refreshed is dimmed a
/// little and stays usable.
pub fn show<T: 'static>(fetched: &UseRemote<T>, skeleton: Html, draw: impl FnOnce(&Rc<T>) -> Html) -> Html {
    match &fetched.remote {
        Remote::Loading => html! {
            <div aria-busy="true">
                <span class="sr-only" role="status">{ t!("ui.loading") }</span>
                { skeleton }
            </div>
        },
        Remote::Failed(error) => {
            html! { <ErrorState error={error.clone()} onretry={fetched.reload.clone()} /> }
        }
        Remote::Ready(data) => html! {
            <div aria-busy={fetched.busy.then_some("true")} class={classes!(fetched.busy.then_some("is-refreshing"))}>
                { draw(data) }
            </div>
        },
    }
}
