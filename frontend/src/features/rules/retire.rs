//! Taking a rule out of use.

use kpi_api::{
    id::{RuleId, Version},
    rules::{RuleDetail, RuleView},
};
use yew::prelude::*;

use crate::{
    core::{api, submit::use_submit, toast::use_toaster},
    t,
    ui::Confirm,
    widgets::Refusal,
};

#[derive(Properties, PartialEq)]
pub struct RetireDialogProps {
    /// The rule it is about; closed without one.
    pub rule: Option<RuleView>,
    pub onclose: Callback<()>,
    pub onchanged: Callback<()>,
}

#[component]
pub fn RetireDialog(props: &RetireDialogProps) -> Html {
    let toaster = use_toaster();
    let title = props.rule.as_ref().map(|rule| rule.title.clone()).unwrap_or_default();
    let retire = {
        let (onclose, onchanged) = (props.onclose.clone(), props.onchanged.clone());
        use_submit(
            |(id, revision): (RuleId, Version), _| async move { api::rules::retire(id, revision).await },
            Callback::from(move |detail: RuleDetail| {
                toaster.success(t!("rules.retired", title = detail.rule.title));
                onclose.emit(());
                onchanged.emit(());
            }),
        )
    };
    let onconfirm = {
        let (rule, run) = (props.rule.clone(), retire.run.clone());
        Callback::from(move |()| {
            if let Some(rule) = &rule {
                run.emit((rule.id, rule.revision));
            }
        })
    };
    let onclose = {
        let (onclose, dismiss) = (props.onclose.clone(), retire.dismiss.clone());
        Callback::from(move |()| {
            dismiss.emit(());
            onclose.emit(());
        })
    };
    let onlatest = {
        let (onclose, onchanged) = (onclose.clone(), props.onchanged.clone());
        Callback::from(move |()| {
            onclose.emit(());
            onchanged.emit(());
        })
    };
    html! {
        <Confirm
            id="rule-retire"
            title={t!("rules.retire_title", title = title)}
            text={t!("rules.retire_text")}
            act={t!("rules.retire")}
            open={props.rule.is_some()}
            busy={retire.busy}
            {onconfirm}
            {onclose}
        >
            <Refusal error={retire.error.clone()} {onlatest} />
        </Confirm>
    }
}
