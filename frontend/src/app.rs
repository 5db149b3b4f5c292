//! Joins everything: providers around, a page for every [`Route`].

use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    core::{
        browser,
        outbox::OutboxProvider,
        prefs::{PrefsProvider, use_prefs},
        session::SessionProvider,
        uploads::UploadsProvider,
    },
    features::{
        account, admin, approvals, dashboard, departments, help, kpi, my_work, notifications, people,
        problem, profile, templates,
    },
    route::Route,
    shell::{Frame, Guard, PublicFrame},
    t,
    ui::toasts::ToastProvider,
};

/// The page for when the app itself fails: words and a way on, in place of a dead screen.
pub fn show_crash() {
    let Some(document) = browser::document() else { return };
    let add = |parent: &web_sys::Element, tag: &str, class: &str, text: &str| {
        let element = document.create_element(tag).ok()?;
        element.set_class_name(class);
        element.set_text_content(Some(text));
        parent.append_child(&element).ok()?;
        Some(element)
    };
    let Some(body) = document.body() else { return };
    body.set_text_content(None);
    let Some(page) = add(&body, "main", "crash", "") else { return };
    add(&page, "h1", "text-2xl font-semibold", &t!("problem.crash_title"));
    add(&page, "p", "text-muted", &t!("problem.crash_text"));
    if let Some(link) = add(&page, "a", "btn btn-primary", &t!("problem.crash_reload")) {
        link.set_attribute("href", "").ok();
    }
}

/// Draws the app into `#app`, in place of the skeleton that `index.html` shows until then.
pub fn start() {
    match browser::document().and_then(|document| document.get_element_by_id("app")) {
        Some(place) => {
            yew::Renderer::<App>::with_root(place).render();
        }
        None => {
            yew::Renderer::<App>::new().render();
        }
    }
}

#[component]
fn App() -> Html {
    html! {
        <BrowserRouter>
            <PrefsProvider>
                <ToastProvider>
                    <SessionProvider>
                        <UploadsProvider>
                            <OutboxProvider>
                                <Pages />
                            </OutboxProvider>
                        </UploadsProvider>
                    </SessionProvider>
                </ToastProvider>
            </PrefsProvider>
        </BrowserRouter>
    }
}

#[component]
fn Pages() -> Html {
    // Another language draws everything anew.
    let locale = use_prefs().locale;
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    if route.is_public() {
        html! { <PublicFrame key={locale.to_string()}>{ page(route) }</PublicFrame> }
    } else {
        html! { <Guard key={locale.to_string()}><Frame {route}><problem::Allowed {route}>{ page(route) }</problem::Allowed></Frame></Guard> }
    }
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
        Route::People => html! { <people::PeoplePage /> },
        Route::PersonNew => html! { <people::PersonNewPage /> },
        Route::Person { id } => html! { <people::PersonPage key={id.0} {id} /> },
        Route::Departments => html! { <departments::DepartmentsPage /> },
        Route::Templates => html! { <templates::TemplatesPage /> },
        Route::TemplateNew => html! { <templates::TemplateNewPage /> },
        Route::Template { id } => html! { <templates::TemplatePage key={id.0} {id} /> },
        Route::TemplateAssign { id } => html! { <templates::AssignPage key={id.0} {id} /> },
        Route::Rules => html! { <admin::RulesPage /> },
        Route::Rule { id } => html! { <admin::RulePage key={id.0} {id} /> },
        Route::Plugins => html! { <admin::PluginsPage /> },
        Route::Plugin { id } => html! { <admin::PluginPage key={id.to_string()} {id} /> },
        Route::Settings => html! { <admin::SettingsPage /> },
        Route::Audit => html! { <admin::AuditPage /> },
        Route::Jobs => html! { <admin::JobsPage /> },
        Route::NotFound => html! { <problem::NotFoundPage /> },
    }
}
