//! Taking a rule out of use.

use kpi_api::{
    id::{RuleId, Version},
    rules::{RuleDetail, RuleView},
};
use yew::prelude::*;

use crate::{
    core::{api, i18n, submit::use_submit, toast::use_toaster},
    t,
    widgets::ConfirmAct,
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
    let title = props.rule.as_ref().map(|rule| i18n::of_rule(&rule.title)).unwrap_or_default();
    let send = {
        let (onclose, onchanged) = (props.onclose.clone(), props.onchanged.clone());
        use_submit(
            |(id, revision): (RuleId, Version), _| async move { api::rules::retire(id, revision).await },
            Callback::from(move |detail: RuleDetail| {
                toaster.success(t!("rules.retired", title = i18n::of_rule(&detail.rule.title)));
                onclose.emit(());
                onchanged.emit(());
            }),
        )
    };
    let send = send.about(props.rule.as_ref().map(|rule| (rule.id, rule.revision)));
    html! {
        <ConfirmAct id="rule-retire" title={t!("rules.retire_title", title = title)} text={t!("rules.retire_text")} act={t!("rules.retire")}
            open={props.rule.is_some()} {send} onclose={props.onclose.clone()} onlatest={props.onchanged.clone()} />
    }
}
