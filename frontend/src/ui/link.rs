//! Links to pages of the app, as text or as buttons.

use yew::prelude::*;
use yew_router::{prelude::*, query::Raw};

use super::icon::{Icon, IconName};
use crate::{core::query::Params, route::Route};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkKind {
    #[default]
    Text,
    Primary,
    Secondary,
    Ghost,
    /// No look of its own; the children decide.
    Bare,
}

#[derive(Properties, PartialEq)]
pub struct RouteLinkProps {
    pub to: Route,
    #[prop_or_default]
    pub query: Params,
    #[prop_or_default]
    pub kind: LinkKind,
    #[prop_or_default]
    pub icon: Option<IconName>,
    #[prop_or_default]
    pub class: Classes,
    /// Marks the page one is on.
    #[prop_or_default]
    pub current: bool,
    /// Called when the link is followed.
    #[prop_or_default]
    pub onfollow: Callback<()>,
    pub children: Html,
}

#[component]
pub fn RouteLink(props: &RouteLinkProps) -> Html {
    let navigator = use_navigator();
    let look = match props.kind {
        LinkKind::Text => "link link-primary link-hover",
        LinkKind::Primary => "btn btn-primary",
        LinkKind::Secondary => {
            "btn btn-outline border-base-300 bg-base-100 text-base-content hover:bg-base-200 hover:border-base-300"
        }
        LinkKind::Ghost => "btn btn-ghost",
        LinkKind::Bare => "",
    };
    let query = props.query.encoded();
    let href = if query.is_empty() { props.to.to_path() } else { format!("{}?{query}", props.to.to_path()) };
    let onclick = {
        let (to, onfollow) = (props.to, props.onfollow.clone());
        Callback::from(move |event: MouseEvent| {
            // New tabs and windows stay the browser's business.
            if event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key() {
                return;
            }
            let Some(navigator) = &navigator else { return };
            event.prevent_default();
            onfollow.emit(());
            if query.is_empty() {
                navigator.push(&to);
            } else {
                navigator.push_with_query(&to, Raw(query.clone())).ok();
            }
        })
    };
    html! {
        <a {href} {onclick} class={classes!(look, props.class.clone())} aria-current={props.current.then_some("page")}>
            { for props.icon.map(|name| html! { <Icon {name} /> }) }
            { props.children.clone() }
        </a>
    }
}

/// A link to a page of the app by its path, with query and place on the page; what leads out of the app leads to its
/// first page instead.
#[derive(Properties, PartialEq)]
pub struct PathLinkProps {
    pub to: AttrValue,
    #[prop_or_default]
    pub class: Classes,
    /// Called when the link is followed, also into another tab.
    #[prop_or_default]
    pub onfollow: Callback<()>,
    pub children: Html,
}

#[component]
pub fn PathLink(props: &PathLinkProps) -> Html {
    let navigator = use_navigator();
    let href = inside(&props.to);
    let onclick = {
        let (onfollow, href) = (props.onfollow.clone(), href.clone());
        Callback::from(move |event: MouseEvent| {
            onfollow.emit(());
            if event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key() {
                return;
            }
            let Some(navigator) = &navigator else { return };
            event.prevent_default();
            follow(navigator, &href);
        })
    };
    html! { <a {href} {onclick} class={props.class.clone()}>{ props.children.clone() }</a> }
}

/// Goes to a path of the app.
pub fn follow(navigator: &Navigator, path: &str) {
    navigator.push(&yew_router::AnyRoute::new(inside(path).to_string()));
}

fn inside(path: &str) -> AttrValue {
    let page = path.split(['?', '#']).next().unwrap_or_default();
    let known = page.starts_with('/') && Route::recognize(page).is_some_and(|route| route != Route::NotFound);
    if known { path.to_owned().into() } else { "/".into() }
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn a_path_stays_inside_the_app() {
        assert_eq!(inside("/kpis/7?tab=comments#comment-3"), "/kpis/7?tab=comments#comment-3");
        for bad in ["https://evil.example/kpis", "//evil.example", "/nowhere", "javascript:alert(1)", ""] {
            assert_eq!(inside(bad), "/", "{bad}");
        }
    }
}
