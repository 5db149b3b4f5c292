//! Starts the web app in the page.

fn main() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        kpi_web::app::show_crash();
    }));
    kpi_web::app::start();
}
