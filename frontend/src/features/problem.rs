//! Pages for when there is no page.

use yew::prelude::*;

use crate::{
    core::session::use_session,
    route::Route,
    t,
    ui::{EmptyState, IconName, LinkKind, PageHeader, RouteLink},
};

#[component]
pub fn NotFoundPage() -> Html {
    html! {
        <>
            <PageHeader title={t!("problem.not_found_title")} />
            <EmptyState icon={IconName::Search} title={t!("problem.not_found")} text={t!("problem.not_found_text")}>
                <RouteLink to={Route::MyWork} kind={LinkKind::Primary}>{ t!("problem.to_my_work") }</RouteLink>
                <RouteLink to={Route::Kpis} kind={LinkKind::Secondary}>{ t!("problem.to_kpis") }</RouteLink>
            </EmptyState>
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct AllowedProps {
    pub route: Route,
    pub children: Html,
}

/// The page, or the reason why this role has no use for it.
#[component]
pub fn Allowed(props: &AllowedProps) -> Html {
    let session = use_session();
    if props.route.needs().is_none_or(|capability| session.can(capability)) {
        return props.children.clone();
    }
    html! {
        <>
            <PageHeader title={t!("problem.not_allowed_title")} />
            <EmptyState icon={IconName::Ban} title={t!("problem.not_allowed")} text={t!("problem.not_allowed_text")}>
                <RouteLink to={Route::MyWork} kind={LinkKind::Primary}>{ t!("problem.to_my_work") }</RouteLink>
            </EmptyState>
        </>
    }
}
