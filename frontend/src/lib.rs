//! The web app. Reading order: [`app`] (what is joined to what), [`route`] (the addresses), [`core`] (client, session,
//! remote data, language), [`ui`] (the kit, knows no data), [`widgets`] (know the API's types), [`features`] (pages),
//! [`shell`] (the frame around them).

pub mod app;
pub mod core;
pub mod features;
pub mod route;
pub mod shell;
pub mod ui;
pub mod widgets;

rust_i18n::i18n!("locales", fallback = "en");

#[cfg(test)]
mod catalogue_test;
