//! Something that is shown this once: a temporary password.

use yew::prelude::*;

use crate::{
    core::{browser, toast::use_toaster},
    t,
    ui::{Button, ButtonKind, Dialog, IconName, Note, Tone},
};

#[derive(Properties, PartialEq)]
pub struct SecretDialogProps {
    pub title: AttrValue,
    /// Whose password it is.
    pub name: AttrValue,
    /// Open while there is one.
    pub secret: Option<AttrValue>,
    pub onclose: Callback<()>,
}

#[component]
pub fn SecretDialog(props: &SecretDialogProps) -> Html {
    let toaster = use_toaster();
    let done = props.onclose.reform(|_: MouseEvent| ());
    let footer =
        html! { <Button label={t!("people.secret_done")} kind={ButtonKind::Primary} onclick={done} /> };
    let secret = props.secret.clone().unwrap_or_default();
    let copy = {
        let secret = secret.clone();
        Callback::from(move |_: MouseEvent| {
            browser::copy(&secret);
            toaster.success(t!("people.copied"));
        })
    };
    html! {
        <Dialog id="secret" title={props.title.clone()} open={props.secret.is_some()} onclose={props.onclose.clone()} {footer}>
            <p>{ t!("people.secret_text", name = props.name) }</p>
            <div class="my-4 flex flex-wrap items-center gap-2 rounded-box bg-base-200 p-3">
                <code class="flex-1 text-lg break-all select-all" aria-label={t!("people.temporary_password")}>{ secret }</code>
                <Button label={t!("people.copy")} icon={IconName::Copy} onclick={copy} />
            </div>
            <Note tone={Tone::Warn}>{ t!("people.secret_once") }</Note>
        </Dialog>
    }
}
