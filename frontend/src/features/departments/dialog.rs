//! Adding, changing and moving a department, in a dialog over the tree.

use std::rc::Rc;

use kpi_api::{
    department::{DepartmentNew, DepartmentPatch, DepartmentView},
    id::{DepartmentId, UserId},
    patch::Patch,
};
use yew::prelude::*;

use crate::{
    core::{
        api,
        error::{self, ApiError},
        remote::use_remote,
        submit::use_submit,
        toast::use_toaster,
    },
    t,
    ui::{Button, ButtonKind, Dialog, SkeletonLines, TextInput, remote},
    widgets::{DepartmentPicker, PersonPicker, Refusal},
};

/// What the dialog is open for.
#[derive(Clone, PartialEq)]
pub enum Task {
    /// A new one, under another where one was named.
    Add(Option<DepartmentId>),
    /// Name and manager.
    Edit(Rc<DepartmentView>),
    /// Its place in the tree.
    Move(Rc<DepartmentView>),
}

#[derive(Properties, PartialEq)]
pub struct DepartmentDialogProps {
    pub task: Option<Task>,
    pub onclose: Callback<()>,
    pub onchanged: Callback<()>,
}

#[component]
pub fn DepartmentDialog(props: &DepartmentDialogProps) -> Html {
    let title = match &props.task {
        Some(Task::Edit(department)) => t!("departments.edit_title", name = department.name),
        Some(Task::Move(department)) => t!("departments.move_title", name = department.name),
        Some(Task::Add(_)) | None => t!("departments.add"),
    };
    let ondone = {
        let (onclose, onchanged) = (props.onclose.clone(), props.onchanged.clone());
        Callback::from(move |()| {
            onclose.emit(());
            onchanged.emit(());
        })
    };
    html! {
        <Dialog id="department" {title} open={props.task.is_some()} onclose={props.onclose.clone()}>
            { match &props.task {
                Some(Task::Add(parent)) => html! { <AddForm parent={*parent} {ondone} oncancel={props.onclose.clone()} /> },
                Some(Task::Edit(department)) => html! { <Latest department={Rc::clone(department)} shift=false {ondone} oncancel={props.onclose.clone()} /> },
                Some(Task::Move(department)) => html! { <Latest department={Rc::clone(department)} shift=true {ondone} oncancel={props.onclose.clone()} /> },
                None => Html::default(),
            } }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct AddFormProps {
    parent: Option<DepartmentId>,
    ondone: Callback<()>,
    oncancel: Callback<()>,
}

#[component]
fn AddForm(props: &AddFormProps) -> Html {
    let toaster = use_toaster();
    let form = use_state(|| DepartmentNew { name: String::new(), parent_id: props.parent, manager_id: None });
    let save = {
        let ondone = props.ondone.clone();
        use_submit(
            |body: DepartmentNew, key| async move {
                body.check().map_err(ApiError::invalid)?;
                api::departments::create(&body, &key).await
            },
            Callback::from(move |made: DepartmentView| {
                toaster.success(t!("departments.added", name = made.name));
                ondone.emit(());
            }),
        )
    };
    let onsubmit = {
        let (form, run) = (form.clone(), save.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            run.emit((*form).clone());
        })
    };
    let errors = save.error.as_ref().map_or(&[][..], |error| error.fields());
    let onname = {
        let form = form.clone();
        Callback::from(move |name: String| form.set(DepartmentNew { name, ..(*form).clone() }))
    };
    let onparent = {
        let form = form.clone();
        Callback::from(move |parent_id: Option<DepartmentId>| {
            form.set(DepartmentNew { parent_id, ..(*form).clone() })
        })
    };
    let onmanager = {
        let form = form.clone();
        Callback::from(move |manager_id: Option<UserId>| {
            form.set(DepartmentNew { manager_id, ..(*form).clone() })
        })
    };
    html! {
        <form {onsubmit} class="space-y-4" novalidate=true>
            <Refusal error={save.error.clone()} fields={labels()} />
            <TextInput id="department-name" label={t!("field.name")} value={form.name.clone()} error={error::of_field(errors, "name")}
                oninput={onname} autofocus=true autocomplete="off" />
            <DepartmentPicker id="department-parent" label={t!("departments.under")} none={t!("departments.on_top")} value={form.parent_id}
                error={error::of_field(errors, "parent_id")} onchange={onparent} />
            <PersonPicker id="department-manager" label={t!("departments.manager")} none={t!("departments.no_manager")} value={form.manager_id}
                hint={t!("departments.manager_hint")} error={error::of_field(errors, "manager_id")} onchange={onmanager} />
            { buttons(t!("departments.create"), save.busy, None, &props.oncancel) }
        </form>
    }
}

#[derive(Properties, PartialEq)]
struct LatestProps {
    department: Rc<DepartmentView>,
    /// Moves it, instead of changing name and manager.
    shift: bool,
    ondone: Callback<()>,
    oncancel: Callback<()>,
}

/// Begins from the department's latest state: the tree may have been on screen for long.
#[component]
fn Latest(props: &LatestProps) -> Html {
    let latest = use_remote(props.department.id, |id| async move { api::departments::get(id).await });
    remote::show(&latest, html! { <SkeletonLines lines={2} /> }, |department| {
        html! {
            <EditForm department={Rc::clone(department)} shift={props.shift} ondone={props.ondone.clone()}
                oncancel={props.oncancel.clone()} onlatest={latest.reload.clone()} busy={latest.busy} />
        }
    })
}

#[derive(Properties, PartialEq)]
struct EditFormProps {
    department: Rc<DepartmentView>,
    shift: bool,
    ondone: Callback<()>,
    oncancel: Callback<()>,
    onlatest: Callback<()>,
    busy: bool,
}

#[component]
fn EditForm(props: &EditFormProps) -> Html {
    let department = &props.department;
    let toaster = use_toaster();
    // Only what was typed; the rest follows the department as it is now.
    let patch = use_state(DepartmentPatch::default);
    let save = {
        let (department, ondone, shift) = (Rc::clone(department), props.ondone.clone(), props.shift);
        use_submit(
            move |patch: DepartmentPatch, _| {
                let (id, version) = (department.id, department.version);
                async move {
                    patch.check().map_err(ApiError::invalid)?;
                    api::departments::update(id, version, &patch).await
                }
            },
            Callback::from(move |saved: DepartmentView| {
                toaster.success(if shift {
                    t!("departments.moved", path = saved.path.join(" › "))
                } else {
                    t!("departments.saved", name = saved.name)
                });
                ondone.emit(());
            }),
        )
    };
    use_effect_with(department.version, {
        let dismiss = save.dismiss.clone();
        move |_| dismiss.emit(())
    });
    let name = patch.name.clone().unwrap_or_else(|| department.name.clone());
    let parent = patch.parent_id.apply(department.parent_id);
    let manager = patch.manager_id.apply(department.manager_id);
    let unchanged =
        (name == department.name && parent == department.parent_id && manager == department.manager_id)
            .then(|| t!("departments.unchanged"));
    let onsubmit = {
        let (patch, run, blocked) = (patch.clone(), save.run.clone(), unchanged.is_some());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !blocked {
                run.emit((*patch).clone());
            }
        })
    };
    let onname = {
        let patch = patch.clone();
        Callback::from(move |name: String| {
            patch.set(DepartmentPatch { name: Some(name), ..(*patch).clone() })
        })
    };
    let onparent = {
        let patch = patch.clone();
        Callback::from(move |id: Option<DepartmentId>| {
            patch.set(DepartmentPatch { parent_id: id.map_or(Patch::Clear, Patch::Set), ..(*patch).clone() });
        })
    };
    let onmanager = {
        let patch = patch.clone();
        Callback::from(move |id: Option<UserId>| {
            patch
                .set(DepartmentPatch { manager_id: id.map_or(Patch::Clear, Patch::Set), ..(*patch).clone() });
        })
    };
    let errors = save.error.as_ref().map_or(&[][..], |error| error.fields());
    html! {
        <form {onsubmit} class="space-y-4" novalidate=true>
            <Refusal error={save.error.clone()} fields={labels()} onlatest={props.onlatest.clone()} busy={props.busy} />
            if props.shift {
                <DepartmentPicker id="department-parent" label={t!("departments.under")} none={t!("departments.on_top")} value={parent}
                    except={department.id} hint={t!("departments.move_hint")} error={error::of_field(errors, "parent_id")} onchange={onparent} />
            } else {
                <TextInput id="department-name" label={t!("field.name")} value={name} error={error::of_field(errors, "name")}
                    oninput={onname} autofocus=true autocomplete="off" />
                <PersonPicker id="department-manager" label={t!("departments.manager")} none={t!("departments.no_manager")} value={manager}
                    hint={t!("departments.manager_hint")} error={error::of_field(errors, "manager_id")} onchange={onmanager} />
            }
            { buttons(if props.shift { t!("departments.move_act") } else { t!("departments.save") }, save.busy, unchanged, &props.oncancel) }
        </form>
    }
}

fn labels() -> Vec<(AttrValue, AttrValue, AttrValue)> {
    vec![
        ("name".into(), "department-name".into(), t!("field.name")),
        ("parent_id".into(), "department-parent".into(), t!("departments.under")),
        ("manager_id".into(), "department-manager".into(), t!("departments.manager")),
    ]
}

fn buttons(act: AttrValue, busy: bool, disabled: Option<AttrValue>, oncancel: &Callback<()>) -> Html {
    let cancel = oncancel.reform(|_: MouseEvent| ());
    html! {
        <div class="flex flex-wrap justify-end gap-2 pt-2">
            <Button label={t!("ui.cancel")} onclick={cancel} />
            <Button label={act} kind={ButtonKind::Primary} submit=true {busy} {disabled} />
        </div>
    }
}
