//! Above the page: search, theme, and the person's own menu.

use yew::prelude::*;

use super::bell::Bell;
use crate::{
    core::{
        navigate::use_navigate,
        prefs::{Theme, use_prefs},
        session::{use_me, use_session},
        toast::use_toaster,
    },
    route::Route,
    t,
    ui::{Avatar, Icon, IconName, LinkKind, Menu, MenuItem, RouteLink},
    widgets::{StandingInMark, WaitingButton},
};

#[derive(Properties, PartialEq)]
pub struct HeaderProps {
    pub onsearch: Callback<()>,
}

#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let me = use_me();
    let onsearch = props.onsearch.reform(|_: MouseEvent| ());
    html! {
        <header class="topbar print:hidden">
            <RouteLink to={Route::MyWork} kind={LinkKind::Bare} class="flex min-w-0 items-center gap-2 font-semibold lg:hidden">
                <span class="brand-mark"><Icon name={IconName::Target} class="size-4" /></span>
                <span class="truncate">{ me.app_name.clone() }</span>
            </RouteLink>
            <button type="button" class="search-button" onclick={onsearch} aria-keyshortcuts="Control+K">
                <Icon name={IconName::Search} />
                <span class="hidden sm:inline">{ t!("palette.open") }</span>
                <span class="sr-only sm:hidden">{ t!("palette.open") }</span>
                <kbd class="kbd kbd-sm ms-auto hidden sm:inline-flex">{ t!("palette.keys") }</kbd>
            </button>
            <div class="flex items-center gap-1">
                <StandingInMark />
                <WaitingButton />
                <Bell />
                <ThemeMenu />
                <PersonMenu />
            </div>
        </header>
    }
}

#[component]
fn ThemeMenu() -> Html {
    let prefs = use_prefs();
    let look = |theme: Theme| match theme {
        Theme::System => (t!("theme.system"), IconName::Laptop),
        Theme::Light => (t!("theme.light"), IconName::Sun),
        Theme::Dark => (t!("theme.dark"), IconName::Moon),
    };
    let items = Theme::ALL
        .into_iter()
        .map(|theme| {
            let (label, icon) = look(theme);
            let set = prefs.set_theme.clone();
            MenuItem::new(label, icon, Callback::from(move |()| set.emit(theme)))
        })
        .collect::<Vec<_>>();
    html! {
        <Menu id="theme-menu" label={t!("theme.choose")} {items}>
            <Icon name={look(prefs.theme).1} class="size-5" />
        </Menu>
    }
}

#[component]
fn PersonMenu() -> Html {
    let me = use_me();
    let session = use_session();
    let toaster = use_toaster();
    let navigate = use_navigate();
    let go = |route: Route| {
        let navigate = navigate.clone();
        Callback::from(move |()| navigate.push(route))
    };
    let leave = Callback::from(move |()| {
        let toaster = toaster.clone();
        session.leave(Callback::from(move |error| toaster.error(&error)));
    });
    let items = vec![
        MenuItem::new(t!("nav.profile"), IconName::User, go(Route::Profile)),
        MenuItem::new(t!("nav.help"), IconName::Help, go(Route::Help)),
        MenuItem::new(t!("nav.log_out"), IconName::LogOut, leave),
    ];
    let header = html! {
        <div class="border-b border-base-300 px-3 py-2 text-sm">
            <div class="truncate font-medium">{ me.user.full_name.clone() }</div>
            <div class="truncate text-muted">{ me.user.email.clone() }</div>
        </div>
    };
    html! {
        <Menu id="person-menu" label={t!("nav.person_menu", name = me.user.full_name)} class="btn btn-ghost btn-sm btn-circle" {items} {header}>
            <Avatar name={me.user.full_name.clone()} />
        </Menu>
    }
}
