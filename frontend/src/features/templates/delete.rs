//! Deleting a template that nothing was made from.

use std::rc::Rc;

use kpi_api::template::TemplateView;
use yew::prelude::*;

use crate::{
    core::{api, navigate::use_navigate, submit::use_submit, toast::use_toaster},
    route::Route,
    t, tn,
    ui::{Button, IconName},
    widgets::ConfirmAct,
};

#[derive(Properties, PartialEq)]
pub struct DeleteButtonProps {
    pub template: Rc<TemplateView>,
    pub onlatest: Callback<()>,
}

#[component]
pub fn DeleteButton(props: &DeleteButtonProps) -> Html {
    let template = &props.template;
    let navigate = use_navigate();
    let toaster = use_toaster();
    let open = use_state(|| false);
    let send = {
        let (template, name) = (Rc::clone(template), template.name.clone());
        use_submit(
            move |(), _| {
                let (id, version) = (template.id, template.version);
                async move { api::templates::delete(id, version).await }
            },
            Callback::from(move |()| {
                toaster.success(t!("templates.deleted", name = name));
                navigate.push(Route::Templates);
            }),
        )
    };
    let ask = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(true))
    };
    let onclose = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    let disabled = (template.used_by > 0).then(|| tn!("templates.delete_blocked", template.used_by));
    html! {
        <>
            <Button label={t!("templates.delete")} icon={IconName::Trash} onclick={ask} {disabled} />
            <ConfirmAct id="template-delete" title={t!("templates.delete_title", name = template.name)} text={t!("templates.delete_text")}
                act={t!("templates.delete")} open={*open} {send} {onclose} onlatest={props.onlatest.clone()} />
        </>
    }
}
