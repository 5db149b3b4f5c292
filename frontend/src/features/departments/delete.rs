//! Deleting a department that nothing belongs to; otherwise what still does.

use std::rc::Rc;

use kpi_api::{
    department::DepartmentView,
    id::{DepartmentId, Version},
};
use yew::prelude::*;

use crate::{
    core::{api, submit::use_submit, toast::use_toaster},
    t,
    widgets::ConfirmAct,
};

#[derive(Properties, PartialEq)]
pub struct DeleteDialogProps {
    pub department: Option<Rc<DepartmentView>>,
    pub onclose: Callback<()>,
    pub onchanged: Callback<()>,
}

#[component]
pub fn DeleteDialog(props: &DeleteDialogProps) -> Html {
    let toaster = use_toaster();
    let name = props.department.as_ref().map(|department| department.name.clone()).unwrap_or_default();
    let send = {
        let (onclose, onchanged, name) = (props.onclose.clone(), props.onchanged.clone(), name.clone());
        use_submit(
            |(id, version): (DepartmentId, Version), _| async move { api::departments::delete(id, version).await },
            Callback::from(move |()| {
                toaster.success(t!("departments.deleted", name = name));
                onclose.emit(());
                onchanged.emit(());
            }),
        )
    };
    let send = send.about(props.department.as_ref().map(|department| (department.id, department.version)));
    html! {
        <ConfirmAct id="department-delete" title={t!("departments.delete_title", name = name)} text={t!("departments.delete_text")}
            act={t!("departments.delete")} open={props.department.is_some()} {send} onclose={props.onclose.clone()} onlatest={props.onchanged.clone()} />
    }
}
