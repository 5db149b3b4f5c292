//! How long ago something happened; the exact time beside the pointer.

use gloo_timers::callback::Interval;
use kpi_api::time::Timestamp;
use yew::prelude::*;

use crate::core::{browser, format};

const STEP_MS: u32 = 30_000;

#[derive(Properties, PartialEq)]
pub struct AgoProps {
    pub at: Timestamp,
}

#[component]
pub fn Ago(props: &AgoProps) -> Html {
    let redraw = use_force_update();
    use_effect_with((), move |()| {
        let interval = Interval::new(STEP_MS, move || redraw.force_update());
        move || drop(interval)
    });
    html! {
        <time datetime={props.at.to_string()} title={format::date_time(props.at)}>{ format::ago(props.at, browser::now()) }</time>
    }
}
