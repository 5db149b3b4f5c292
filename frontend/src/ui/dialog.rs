//! Dialogs on `<dialog>`: the browser keeps the focus inside and gives it back.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::{
    button::{Button, ButtonKind, ButtonSize},
    icon::IconName,
};
use crate::t;

#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// Prefix of the ids inside; one open dialog per id.
    pub id: AttrValue,
    pub title: AttrValue,
    pub open: bool,
    /// Escape, the cross, or a click beside it.
    pub onclose: Callback<()>,
    /// A wide one, e.g. for a receipt.
    #[prop_or_default]
    pub wide: bool,
    /// Stands at the end; usually buttons.
    #[prop_or_default]
    pub footer: Html,
    pub children: Html,
}

#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    use_effect_with((props.open, node.clone()), |(open, node)| {
        if let Some(dialog) = node.cast::<HtmlDialogElement>() {
            if *open && !dialog.open() {
                dialog.show_modal().ok();
            } else if !*open && dialog.open() {
                dialog.close();
            }
        }
    });
    let oncancel = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            onclose.emit(());
        })
    };
    let onclick = {
        let (onclose, node) = (props.onclose.clone(), node.clone());
        Callback::from(move |event: MouseEvent| {
            // A click on the dialog itself is one on its backdrop; what is inside lies in the box.
            let on_backdrop = event
                .target()
                .is_some_and(|target| node.cast::<web_sys::Node>().is_some_and(|dialog| *dialog == target));
            if on_backdrop {
                onclose.emit(());
            }
        })
    };
    let close = {
        let onclose = props.onclose.clone();
        Callback::from(move |_: MouseEvent| onclose.emit(()))
    };
    let title_id = format!("{}-title", props.id);
    html! {
        <dialog ref={node} id={props.id.clone()} class="modal modal-bottom sm:modal-middle" {oncancel} {onclick} aria-labelledby={title_id.clone()}>
            // Nothing inside while it is closed: forms start fresh, ids stay unique.
            if props.open {
                <div class={classes!("modal-box", "p-5", if props.wide { "sm:max-w-3xl" } else { "sm:max-w-lg" })}>
                    <div class="mb-3 flex items-start justify-between gap-4">
                        <h2 id={title_id} class="text-lg font-semibold">{ props.title.clone() }</h2>
                        <Button label={t!("ui.close")} icon={IconName::X} icon_only=true kind={ButtonKind::Ghost} size={ButtonSize::Small} onclick={close} />
                    </div>
                    { props.children.clone() }
                    if props.footer != Html::default() {
                        <div class="mt-5 flex flex-wrap justify-end gap-2">{ props.footer.clone() }</div>
                    }
                </div>
            }
        </dialog>
    }
}

/// Asks before something that cannot be taken back.
#[derive(Properties, PartialEq)]
pub struct ConfirmProps {
    pub id: AttrValue,
    pub title: AttrValue,
    /// What will happen, in a sentence.
    pub text: AttrValue,
    /// The act as a verb; never just "OK".
    pub act: AttrValue,
    pub open: bool,
    #[prop_or(ButtonKind::Danger)]
    pub kind: ButtonKind,
    #[prop_or_default]
    pub busy: bool,
    pub onconfirm: Callback<()>,
    pub onclose: Callback<()>,
    /// Below the text, e.g. a field for the reason.
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub fn Confirm(props: &ConfirmProps) -> Html {
    let cancel = {
        let onclose = props.onclose.clone();
        Callback::from(move |_: MouseEvent| onclose.emit(()))
    };
    let confirm = {
        let onconfirm = props.onconfirm.clone();
        Callback::from(move |_: MouseEvent| onconfirm.emit(()))
    };
    let footer = html! {
        <>
            <Button label={t!("ui.cancel")} onclick={cancel} />
            <Button label={props.act.clone()} kind={props.kind} busy={props.busy} onclick={confirm} />
        </>
    };
    html! {
        <Dialog id={props.id.clone()} title={props.title.clone()} open={props.open} onclose={props.onclose.clone()} {footer}>
            <p class="mb-3">{ props.text.clone() }</p>
            { props.children.clone() }
        </Dialog>
    }
}
