//! Says that somebody else has changed something while a form is open.

use yew::prelude::*;

use crate::{
    t,
    ui::{Note, Tone},
};

#[derive(Properties, PartialEq)]
pub struct ChangedNoteProps {
    /// As [`crate::core::live::use_fresh`] says.
    pub waiting: bool,
}

#[component]
pub fn ChangedNote(props: &ChangedNoteProps) -> Html {
    html! {
        <div role="status">
            if props.waiting {
                <Note tone={Tone::Accent} class="mb-4">{ t!("live.waiting") }</Note>
            }
        </div>
    }
}
