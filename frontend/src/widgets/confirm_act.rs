//! Asking before something is done for good; a refusal is read where it was asked.

use yew::prelude::*;

use super::refusal::Refusal;
use crate::{core::submit::Submit, ui::Confirm};

#[derive(Properties, PartialEq)]
pub struct ConfirmActProps {
    pub id: &'static str,
    pub title: AttrValue,
    pub text: AttrValue,
    /// What the button says.
    pub act: AttrValue,
    pub open: bool,
    pub send: Submit<()>,
    pub onclose: Callback<()>,
    /// Whoever changed it meanwhile did so for a reason: shows it as it is now, to be looked at again.
    pub onlatest: Callback<()>,
}

#[component]
pub fn ConfirmAct(props: &ConfirmActProps) -> Html {
    let send = &props.send;
    let onclose = {
        let (onclose, dismiss) = (props.onclose.clone(), send.dismiss.clone());
        Callback::from(move |()| {
            dismiss.emit(());
            onclose.emit(());
        })
    };
    let onlatest = {
        let (onclose, onlatest) = (onclose.clone(), props.onlatest.clone());
        Callback::from(move |()| {
            onclose.emit(());
            onlatest.emit(());
        })
    };
    html! {
        <Confirm id={props.id} title={props.title.clone()} text={props.text.clone()} act={props.act.clone()} open={props.open} busy={send.busy}
            onconfirm={send.run.clone()} {onclose}>
            <Refusal error={send.error.clone()} {onlatest} />
        </Confirm>
    }
}
