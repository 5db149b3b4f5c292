//! Joins everything: providers around, a page for every [`Route`].

use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    core::{
        browser,
        prefs::{PrefsProvider, use_prefs},
        session::SessionProvider,
    },
    features::{account, help, my_work, problem, profile},
    route::Route,
    shell::{Frame, Guard, PublicFrame},
    ui::toasts::ToastProvider,
};

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
                        <Pages />
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
        html! { <Guard key={locale.to_string()}><Frame {route}>{ page(route) }</Frame></Guard> }
    }
}

/// The page of an address. The key makes a page start afresh when only its id changes.
fn page(route: Route) -> Html {
    match route {
        Route::MyWork => html! { <my_work::MyWorkPage /> },
        Route::Login => html! { <account::LoginPage /> },
        Route::ForgotPassword => html! { <account::ForgotPasswordPage /> },
        Route::ResetPassword => html! { <account::ResetPasswordPage /> },
        Route::Setup => html! { <account::SetupPage /> },
        Route::Profile => html! { <profile::ProfilePage /> },
        Route::Help => html! { <help::HelpPage /> },
        _ => html! { <problem::NotFoundPage /> },
    }
}
