//! Starts the web app in the page.

fn main() {
    console_error_panic_hook::set_once();
    kpi_web::app::start();
}
