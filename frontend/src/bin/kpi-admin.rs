//! The administrators' program: every page under `/admin/`, loaded when one of them is opened.

use kpi_web::{
    features::{admin, departments, people, problem, rules, studio, templates},
    route::Route,
};
use yew::prelude::*;

fn main() {
    kpi_web::app::start(page);
}

/// The page of an address. The key makes a page start afresh when only its id changes.
fn page(route: Route) -> Html {
    match route {
        Route::People => html! { <people::PeoplePage /> },
        Route::PersonNew => html! { <people::PersonNewPage /> },
        Route::Person { id } => html! { <people::PersonPage key={id.0} {id} /> },
        Route::Departments => html! { <departments::DepartmentsPage /> },
        Route::Templates => html! { <templates::TemplatesPage /> },
        Route::TemplateNew => html! { <templates::TemplateNewPage /> },
        Route::Template { id } => html! { <templates::TemplatePage key={id.0} {id} /> },
        Route::TemplateAssign { id } => html! { <templates::AssignPage key={id.0} {id} /> },
        Route::Rules => html! { <rules::RulesPage /> },
        Route::RuleNew => html! { <studio::RuleNewPage /> },
        Route::RuleReference => html! { <rules::RuleReferencePage /> },
        Route::Rule { id } => html! { <studio::RulePage key={id.0} {id} /> },
        Route::RuleShadow { id } => html! { <rules::RuleShadowPage key={id.0} {id} /> },
        Route::Plugins => html! { <admin::PluginsPage /> },
        Route::Plugin { id } => html! { <admin::PluginPage key={id.to_string()} {id} /> },
        Route::Settings => html! { <admin::SettingsPage /> },
        Route::Audit => html! { <admin::AuditPage /> },
        Route::Jobs => html! { <admin::JobsPage /> },
        _ => html! { <problem::NotFoundPage /> },
    }
}
