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
    ui::Confirm,
    widgets::Refusal,
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
    let delete = {
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
    let onconfirm = {
        let (department, run) = (props.department.clone(), delete.run.clone());
        Callback::from(move |()| {
            if let Some(department) = &department {
                run.emit((department.id, department.version));
            }
        })
    };
    let onclose = {
        let (onclose, dismiss) = (props.onclose.clone(), delete.dismiss.clone());
        Callback::from(move |()| {
            dismiss.emit(());
            onclose.emit(());
        })
    };
    // Whoever changed it meanwhile did so for a reason: look at the tree again before deleting.
    let onlatest = {
        let (onclose, onchanged) = (onclose.clone(), props.onchanged.clone());
        Callback::from(move |()| {
            onclose.emit(());
            onchanged.emit(());
        })
    };
    html! {
        <Confirm
            id="department-delete"
            title={t!("departments.delete_title", name = name)}
            text={t!("departments.delete_text")}
            act={t!("departments.delete")}
            open={props.department.is_some()}
            busy={delete.busy}
            {onconfirm}
            {onclose}
        >
            <Refusal error={delete.error.clone()} {onlatest} />
        </Confirm>
    }
}
