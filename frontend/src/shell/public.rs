//! Around the pages for people who are not logged in.

use kpi_api::user::LOCALES;
use yew::prelude::*;

use crate::{
    core::{i18n, prefs::use_prefs},
    t,
    ui::{Icon, IconName, Select},
};

#[derive(Properties, PartialEq)]
pub struct PublicFrameProps {
    pub children: Html,
}

#[component]
pub fn PublicFrame(props: &PublicFrameProps) -> Html {
    let prefs = use_prefs();
    let options = LOCALES
        .into_iter()
        .map(|locale| (AttrValue::from(locale), i18n::word("locale", locale)))
        .collect::<Vec<_>>();
    html! {
        <div class="flex min-h-dvh flex-col bg-base-200">
            <main class="flex flex-1 flex-col items-center justify-center px-4 py-10">
                <div class="mb-6 flex items-center gap-2 text-lg font-semibold">
                    <span class="brand-mark"><Icon name={IconName::Target} class="size-5" /></span>
                    { t!("shell.product") }
                </div>
                <div class="surface w-full max-w-md p-6 sm:p-8">{ props.children.clone() }</div>
            </main>
            <footer class="flex justify-center gap-2 p-4">
                <Select
                    id="language"
                    label={t!("shell.language")}
                    compact=true
                    value={prefs.locale.clone()}
                    {options}
                    onchange={prefs.set_locale.clone()}
                />
            </footer>
        </div>
    }
}

/// While it is not known yet who is there: the same calm page as before the app has loaded.
#[component]
pub fn Waiting() -> Html {
    html! {
        <div class="boot" aria-busy="true">
            <div class="boot-side"></div>
            <main class="boot-main">
                <span class="sr-only" role="status">{ t!("ui.loading") }</span>
                <div class="boot-bar boot-title"></div>
                <div class="boot-card"></div>
                <div class="boot-card"></div>
                <div class="boot-card"></div>
            </main>
        </div>
    }
}
