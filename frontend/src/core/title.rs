//! The window's title, and the focus, move with the page.

use std::cell::Cell;

use yew::prelude::*;

use crate::core::{browser, notices::use_notices};

/// Id of the page's heading; the focus goes there after a change of page.
pub const HEADING_ID: &str = "page-title";

thread_local! {
    /// The first page leaves the focus where the browser has put it.
    static HAS_MOVED: Cell<bool> = const { Cell::new(false) };
}

/// Sets the window's title while the page is shown; how many notifications are unread stands in front.
#[hook]
pub fn use_title(title: AttrValue) {
    let app = crate::core::session::use_session().me().map(|me| me.app_name.clone());
    let unread = use_notices().unread;
    use_effect_with((title, app, unread), |(title, app, unread)| {
        if let Some(document) = browser::document() {
            let count = if *unread > 0 { format!("({unread}) ") } else { String::new() };
            match app {
                Some(app) if !title.is_empty() => document.set_title(&format!("{count}{title} · {app}")),
                Some(app) => document.set_title(&format!("{count}{app}")),
                None => document.set_title(&format!("{count}{title}")),
            }
        }
    });
}

/// Moves the focus to the page's heading when a page appears, so that a screen reader reads it and Tab goes on from
/// there.
#[hook]
pub fn use_heading_focus() {
    use_effect_with((), |()| {
        if HAS_MOVED.replace(true) {
            browser::focus(HEADING_ID);
        }
    });
}
