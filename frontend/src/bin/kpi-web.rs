//! The main program: everybody's work. Pages of administrators belong to `kpi-admin`; what is not named here is not
//! loaded with the first page.

use kpi_web::{
    features::{account, approvals, dashboard, help, kpi, my_work, notifications, problem, profile},
    route::Route,
};
use yew::prelude::*;

fn main() {
    kpi_web::app::start(page);
}

/// The page of an address. The key makes a page start afresh when only its id changes.
fn page(route: Route) -> Html {
    match route {
        Route::MyWork => html! { <my_work::MyWorkPage /> },
        Route::Dashboard => html! { <dashboard::DashboardPage /> },
        Route::Kpis => html! { <kpi::KpiListPage /> },
        Route::KpiNew => html! { <kpi::KpiNewPage /> },
        Route::Kpi { id } => html! { <kpi::KpiPage key={id.0} {id} /> },
        Route::KpiEdit { id } => html! { <kpi::KpiEditPage key={id.0} {id} /> },
        Route::Approvals => html! { <approvals::ApprovalsPage /> },
        Route::Login => html! { <account::LoginPage /> },
        Route::ForgotPassword => html! { <account::ForgotPasswordPage /> },
        Route::ResetPassword => html! { <account::ResetPasswordPage /> },
        Route::Setup => html! { <account::SetupPage /> },
        Route::Notifications => html! { <notifications::NotificationsPage /> },
        Route::Profile => html! { <profile::ProfilePage /> },
        Route::Help => html! { <help::HelpPage /> },
        Route::ScoringPolicy => html! { <help::ScoringPolicyPage /> },
        _ => html! { <problem::NotFoundPage /> },
    }
}
