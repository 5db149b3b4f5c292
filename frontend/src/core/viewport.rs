//! Whether the window is as narrow as a phone; follows while it is turned or resized.

use gloo_events::EventListener;
use web_sys::MediaQueryList;
use yew::prelude::*;

use crate::core::browser;

/// Below the width at which tables stand side by side with navigation; the same bound as `md:` in the styles.
const NARROW: &str = "(max-width: 47.99rem)";

fn query() -> Option<MediaQueryList> {
    browser::window()?.match_media(NARROW).ok().flatten()
}

#[hook]
pub fn use_narrow() -> bool {
    let narrow = use_state(|| query().is_some_and(|query| query.matches()));
    use_effect_with((), {
        let narrow = narrow.clone();
        move |()| {
            let listener = query().map(|query| {
                let now = query.clone();
                EventListener::new(&query, "change", move |_| narrow.set(now.matches()))
            });
            move || drop(listener)
        }
    });
    *narrow
}
