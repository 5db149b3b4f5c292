//! The frame around every page of somebody who is logged in.

use yew::prelude::*;

use super::{
    connection::Connection,
    header::Header,
    navigation::{BottomBar, Sidebar},
    palette::Palette,
};
use crate::{
    core::{keys::use_shortcut, session::use_me},
    route::Route,
    t,
    ui::{Icon, IconName, LinkKind, RouteLink},
};

#[derive(Properties, PartialEq)]
pub struct FrameProps {
    pub route: Route,
    pub children: Html,
}

#[component]
pub fn Frame(props: &FrameProps) -> Html {
    let me = use_me();
    let searching = use_state(|| false);
    let open = {
        let searching = searching.clone();
        Callback::from(move |()| searching.set(true))
    };
    let close = {
        let searching = searching.clone();
        Callback::from(move |()| searching.set(false))
    };
    use_shortcut("mod+k", true, open.clone());
    use_shortcut("/", true, open.clone());
    html! {
        <div class="frame">
            <a href="#content" class="skip-link">{ t!("shell.skip") }</a>
            <Sidebar route={props.route} />
            <div class="flex min-w-0 flex-1 flex-col">
                if me.demo {
                    <aside class="demo-banner print:hidden" aria-label={t!("shell.demo_label")}>
                        <Icon name={IconName::Info} />
                        <span>{ t!("shell.demo") }</span>
                    </aside>
                }
                if me.user.must_change_password && props.route != Route::Profile {
                    <aside class="demo-banner tone-warn print:hidden" aria-label={t!("shell.notice")}>
                        <Icon name={IconName::Key} />
                        <span>{ t!("shell.must_change_password") }</span>
                        <RouteLink to={Route::Profile} kind={LinkKind::Bare} class="font-medium underline">{ t!("shell.change_password") }</RouteLink>
                    </aside>
                }
                <Header onsearch={open.clone()} />
                <main id="content" tabindex="-1" class="page outline-none">{ props.children.clone() }</main>
            </div>
            <BottomBar route={props.route} onmore={open} />
            <Connection />
            <Palette open={*searching} onclose={close} />
        </div>
    }
}
