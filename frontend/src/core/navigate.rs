//! Going to another page. Inside a program the router draws it; a page of the other program is loaded by the browser, as
//! any link would.

use yew::prelude::*;
use yew_router::{AnyRoute, prelude::*};

use crate::{
    core::{browser, query::Params},
    route::{Program, Route},
};

/// Moves the person to another page. Cheap to clone.
#[derive(Clone, PartialEq)]
pub struct Navigate {
    navigator: Option<Navigator>,
    here: Program,
}

impl Navigate {
    pub fn push(&self, to: Route) {
        self.push_path(&to.to_path());
    }

    pub fn push_with(&self, to: Route, query: &Params) {
        self.push_path(&address(to, query));
    }

    /// Goes there without leaving a way back to the present page.
    pub fn replace(&self, to: Route) {
        self.replace_path(&to.to_path());
    }

    pub fn replace_with(&self, to: Route, query: &Params) {
        self.replace_path(&address(to, query));
    }

    /// To a path of the app, with query and place on the page.
    pub fn push_path(&self, path: &str) {
        match &self.navigator {
            Some(navigator) if self.stays(path) => navigator.push(&AnyRoute::new(path)),
            _ => browser::load(path),
        }
    }

    fn replace_path(&self, path: &str) {
        match &self.navigator {
            Some(navigator) if self.stays(path) => navigator.replace(&AnyRoute::new(path)),
            _ => browser::load_instead(path),
        }
    }

    /// Whether this program shows the page of that path itself.
    pub fn stays(&self, path: &str) -> bool {
        Program::of(path) == self.here
    }
}

#[hook]
#[expect(clippy::disallowed_methods, reason = "here is decided which program shows a page")]
pub fn use_navigate() -> Navigate {
    let navigator = use_navigator();
    let location = use_location();
    Navigate { navigator, here: Program::of(location.as_ref().map_or("/", |location| location.path())) }
}

/// The path of a page, with its query.
pub fn address(to: Route, query: &Params) -> String {
    let (path, query) = (to.to_path(), query.encoded());
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_other_program_is_loaded() {
        let main = Navigate { navigator: None, here: Program::of("/kpis/7") };
        assert!(main.stays("/") && main.stays("/approvals?kpi=7"));
        assert!(!main.stays("/admin/people/3?tab=access"));
        let admin = Navigate { navigator: None, here: Program::of("/admin/rules") };
        assert!(admin.stays("/admin/people#top"));
        assert!(!admin.stays("/kpis/7#comment-3") && !admin.stays("/login?next=%2Fadmin%2Frules"));
    }

    #[test]
    fn a_query_stands_behind_the_path() {
        assert_eq!(address(Route::Kpis, &Params::new()), "/kpis");
        assert_eq!(address(Route::Kpis, &Params::new().with("q", "a b")), "/kpis?q=a%20b");
    }
}
