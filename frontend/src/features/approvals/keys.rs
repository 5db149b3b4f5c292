//! The keys of the queue, and the list of them.

use yew::prelude::*;

use crate::{t, ui::Dialog};

#[derive(Properties, PartialEq)]
pub struct KeysDialogProps {
    pub open: bool,
    pub onclose: Callback<()>,
}

#[component]
pub fn KeysDialog(props: &KeysDialogProps) -> Html {
    let keys = [
        (vec!["j", "k"], t!("approvals.key_walk")),
        (vec!["x"], t!("approvals.key_choose")),
        (vec!["a"], t!("approvals.key_good")),
        (vec!["r"], t!("approvals.key_bad")),
        (vec!["u"], t!("approvals.key_undo")),
        (vec!["Enter", "o"], t!("approvals.key_open")),
        (vec!["Esc"], t!("approvals.key_none")),
        (vec!["?"], t!("approvals.key_help")),
    ];
    html! {
        <Dialog id="queue-keys" title={t!("approvals.keys")} open={props.open} onclose={props.onclose.clone()}>
            <dl class="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2.5 text-sm">
                { for keys.into_iter().map(|(names, act)| html! {
                    <>
                        <dt class="flex gap-1">{ for names.into_iter().map(|name| html! { <kbd class="kbd kbd-sm">{ name }</kbd> }) }</dt>
                        <dd>{ act }</dd>
                    </>
                }) }
            </dl>
        </Dialog>
    }
}
