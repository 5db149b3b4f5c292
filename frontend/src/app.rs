//! What both programs share around their pages: providers, frame and guard. Which pages a program has is said by its own
//! `page` in `src/bin`.

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
    features::problem,
    route::Route,
    shell::{Frame, Guard, PublicFrame},
    t,
    ui::toasts::ToastProvider,
};

/// The page for when the app itself fails: words and a way on, in place of a dead screen.
fn show_crash() {
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

/// Draws a program into `#app`, in place of the skeleton that its page shows until then.
pub fn start(page: fn(Route) -> Html) {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        show_crash();
    }));
    let props = ProgramProps { page: Callback::from(page) };
    match browser::document().and_then(|document| document.get_element_by_id("app")) {
        Some(place) => {
            yew::Renderer::<App>::with_root_and_props(place, props).render();
        }
        None => {
            yew::Renderer::<App>::with_props(props).render();
        }
    }
}

#[derive(Properties, PartialEq)]
struct ProgramProps {
    /// The page of an address.
    page: Callback<Route, Html>,
}

#[component]
fn App(props: &ProgramProps) -> Html {
    html! {
        <BrowserRouter>
            <PrefsProvider>
                <ToastProvider>
                    <SessionProvider>
                        <UploadsProvider>
                            <OutboxProvider>
                                <Pages page={props.page.clone()} />
                            </OutboxProvider>
                        </UploadsProvider>
                    </SessionProvider>
                </ToastProvider>
            </PrefsProvider>
        </BrowserRouter>
    }
}

#[component]
fn Pages(props: &ProgramProps) -> Html {
    // Another language draws everything anew.
    let locale = use_prefs().locale;
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    let page = props.page.emit(route);
    if route.is_public() {
        html! { <PublicFrame key={locale.to_string()}>{ page }</PublicFrame> }
    } else {
        html! { <Guard key={locale.to_string()}><Frame {route}><problem::Allowed {route}>{ page }</problem::Allowed></Frame></Guard> }
    }
}
