//! Links to pages of the app, as text or as buttons.

use yew::prelude::*;
use yew_router::Routable;

use super::icon::{Icon, IconName};
use crate::{
    core::{
        navigate::{Navigate, address, use_navigate},
        query::Params,
    },
    route::Route,
};

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
    let navigate = use_navigate();
    let look = match props.kind {
        LinkKind::Text => "link link-primary link-hover",
        LinkKind::Primary => "btn btn-primary",
        LinkKind::Secondary => {
            "btn btn-outline border-base-300 bg-base-100 text-base-content hover:bg-base-200 hover:border-base-300"
        }
        LinkKind::Ghost => "btn btn-ghost",
        LinkKind::Bare => "",
    };
    let href = AttrValue::from(address(props.to, &props.query));
    let onclick = {
        let (href, onfollow) = (href.clone(), props.onfollow.clone());
        Callback::from(move |event: MouseEvent| {
            // New tabs and windows stay the browser's business.
            if event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key() {
                return;
            }
            onfollow.emit(());
            // So do pages of the other program.
            if navigate.stays(&href) {
                event.prevent_default();
                navigate.push_path(&href);
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
    let navigate = use_navigate();
    let href = inside(&props.to);
    let onclick = {
        let (onfollow, href) = (props.onfollow.clone(), href.clone());
        Callback::from(move |event: MouseEvent| {
            onfollow.emit(());
            if event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key() {
                return;
            }
            if navigate.stays(&href) {
                event.prevent_default();
                navigate.push_path(&href);
            }
        })
    };
    html! { <a {href} {onclick} class={props.class.clone()}>{ props.children.clone() }</a> }
}

/// Goes to a path of the app.
pub fn follow(navigate: &Navigate, path: &str) {
    navigate.push_path(&inside(path));
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
