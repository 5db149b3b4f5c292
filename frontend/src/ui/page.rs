//! The head of a page: where one is, what it is called, what can be done.

use yew::prelude::*;

use super::{
    icon::{Icon, IconName},
    link::{LinkKind, RouteLink},
};
use crate::{
    core::title::{HEADING_ID, use_heading_focus, use_title},
    route::Route,
    t,
};

/// One step of the way to this page.
#[derive(Clone, PartialEq)]
pub struct Crumb {
    pub label: AttrValue,
    pub to: Route,
}

impl Crumb {
    pub fn new(label: impl Into<AttrValue>, to: Route) -> Self {
        Self { label: label.into(), to }
    }
}

/// Every page has exactly one: it holds the `h1`, sets the window's title and takes the focus after a change of page.
#[derive(Properties, PartialEq)]
pub struct PageHeaderProps {
    pub title: AttrValue,
    /// A sentence below the title.
    #[prop_or_default]
    pub lead: AttrValue,
    /// Pages above this one.
    #[prop_or_default]
    pub crumbs: Vec<Crumb>,
    /// Buttons on the right.
    #[prop_or_default]
    pub actions: Html,
    /// Beside the title, e.g. a status.
    #[prop_or_default]
    pub mark: Html,
}

#[component]
pub fn PageHeader(props: &PageHeaderProps) -> Html {
    use_title(props.title.clone());
    use_heading_focus();
    html! {
        <header class="mb-5">
            if !props.crumbs.is_empty() {
                <nav aria-label={t!("ui.breadcrumbs")} class="mb-1 text-sm text-muted">
                    <ol class="flex flex-wrap items-center gap-1">
                        { for props.crumbs.iter().map(|crumb| html! {
                            <li class="flex items-center gap-1">
                                <RouteLink to={crumb.to} kind={LinkKind::Bare} class="hover:underline">{ crumb.label.clone() }</RouteLink>
                                <Icon name={IconName::ChevronRight} class="size-3.5" />
                            </li>
                        }) }
                    </ol>
                </nav>
            }
            <div class="flex flex-wrap items-start justify-between gap-3">
                <div class="min-w-0 flex-1 basis-80">
                    <div class="flex flex-wrap items-center gap-2">
                        <h1 id={HEADING_ID} tabindex="-1" class="text-2xl font-semibold tracking-tight text-balance break-words outline-none">{ props.title.clone() }</h1>
                        { props.mark.clone() }
                    </div>
                    if !props.lead.is_empty() {
                        <p class="mt-1 text-muted">{ props.lead.clone() }</p>
                    }
                </div>
                <div class="flex flex-wrap items-center gap-2">{ props.actions.clone() }</div>
            </div>
        </header>
    }
}
