//! Pages for when there is no page.

use yew::prelude::*;

use crate::{
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
