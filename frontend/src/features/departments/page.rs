//! The page: the tree with its acts.

use std::rc::Rc;

use kpi_api::{department::DepartmentView, id::DepartmentId};
use yew::prelude::*;

use super::{
    delete::DeleteDialog,
    dialog::{DepartmentDialog, Task},
    tree::{Branch, forest, search},
};
use crate::{
    core::{
        api,
        query::{Params, use_query_params},
        remote::use_remote,
    },
    route::Route,
    t, tn,
    ui::{
        Avatar, Button, ButtonKind, EmptyState, Icon, IconName, LinkKind, Menu, MenuItem, PageHeader,
        RouteLink, SkeletonRows, remote,
    },
    widgets::SearchField,
};

#[component]
pub fn DepartmentsPage() -> Html {
    let (params, set) = use_query_params();
    let departments = use_remote((), |()| async { api::departments::list(&Params::new()).await });
    let task = use_state(|| None::<Task>);
    let doomed = use_state(|| None::<Rc<DepartmentView>>);
    let open = {
        let task = task.clone();
        Callback::from(move |next: Task| task.set(Some(next)))
    };
    let ask_delete = {
        let doomed = doomed.clone();
        Callback::from(move |department| doomed.set(Some(department)))
    };
    let close = {
        let task = task.clone();
        Callback::from(move |()| task.set(None))
    };
    let spare = {
        let doomed = doomed.clone();
        Callback::from(move |()| doomed.set(None))
    };
    let text = params.get("q").unwrap_or_default().to_owned();
    let onsearch = {
        let params = params.clone();
        Callback::from(move |text: String| set.emit(params.clone().with("q", text)))
    };
    let add = open.reform(|_: MouseEvent| Task::Add(None));
    let actions = html! { <Button label={t!("departments.add")} kind={ButtonKind::Primary} icon={IconName::Plus} onclick={add.clone()} /> };
    html! {
        <>
            <PageHeader title={t!("departments.title")} lead={t!("departments.lead")} {actions} />
            { remote::show(&departments, html! { <SkeletonRows rows={7} /> }, |page| {
                if page.items.is_empty() {
                    return html! {
                        <div class="surface">
                            <EmptyState icon={IconName::Building} title={t!("departments.none")} text={t!("departments.none_text")}>
                                <Button label={t!("departments.add")} kind={ButtonKind::Primary} icon={IconName::Plus} onclick={add.clone()} />
                            </EmptyState>
                        </div>
                    };
                }
                let trees = search(forest(&page.items), &text);
                html! {
                    <>
                        <search class="mb-3 flex flex-wrap items-center gap-2">
                            <SearchField id="departments-q" label={t!("departments.search")} value={text.clone()} {onsearch} />
                        </search>
                        <div class="surface p-2">
                            if trees.is_empty() {
                                <EmptyState icon={IconName::Search} title={t!("departments.not_found")} text={t!("departments.not_found_text")} />
                            } else {
                                <ul aria-label={t!("departments.title")}>
                                    { for trees.iter().map(|branch| html! {
                                        <BranchItem key={branch.department.id.to_string()} branch={branch.clone()} open={open.clone()} delete={ask_delete.clone()} />
                                    }) }
                                </ul>
                            }
                        </div>
                    </>
                }
            }) }
            <DepartmentDialog task={(*task).clone()} onclose={close} onchanged={departments.reload.clone()} />
            <DeleteDialog department={(*doomed).clone()} onclose={spare} onchanged={departments.reload.clone()} />
        </>
    }
}

#[derive(Properties, PartialEq)]
struct BranchItemProps {
    branch: Branch,
    open: Callback<Task>,
    delete: Callback<Rc<DepartmentView>>,
}

#[component]
fn BranchItem(props: &BranchItemProps) -> Html {
    let department = &props.branch.department;
    html! {
        <li>
            <div class="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-field px-2 py-1.5 hover:bg-base-200 sm:flex-nowrap">
                <span class="flex min-w-0 flex-1 items-center gap-2">
                    <Icon name={IconName::Building} class="size-4 text-muted" />
                    <span class="font-medium break-words">{ department.name.clone() }</span>
                </span>
                <span class="order-3 flex min-w-0 flex-1 items-center gap-2 text-sm sm:order-1 sm:w-52 sm:flex-none">
                    if let Some(name) = &department.manager_name {
                        <Avatar name={name.clone()} size="size-6 text-[0.65rem] leading-none" />
                        <span class="truncate">
                            <span class="sr-only">{ t!("departments.led_by") }{ " " }</span>
                            { name.clone() }
                        </span>
                    } else {
                        <span class="text-muted">{ t!("departments.no_manager") }</span>
                    }
                </span>
                <span class="order-3 text-sm tabular-nums sm:order-1 sm:w-24 sm:text-end">
                    <RouteLink to={Route::People} query={Params::new().with("department_id", department.id)} kind={LinkKind::Text}>
                        { tn!("departments.people", department.people) }
                    </RouteLink>
                </span>
                <span class="order-2"><Menu id={format!("department-{}", department.id)} label={t!("departments.acts", name = department.name)} items={items(props)} /></span>
                <span class="order-2 h-0 w-full sm:hidden"></span>
            </div>
            if !props.branch.below.is_empty() {
                <ul class="ms-4 border-s border-base-300 ps-1 sm:ps-3">
                    { for props.branch.below.iter().map(|branch| html! {
                        <BranchItem key={branch.department.id.to_string()} branch={branch.clone()} open={props.open.clone()} delete={props.delete.clone()} />
                    }) }
                </ul>
            }
        </li>
    }
}

fn items(props: &BranchItemProps) -> Vec<MenuItem> {
    let department = &props.branch.department;
    let id: DepartmentId = department.id;
    let edit = {
        let department = Rc::clone(department);
        props.open.reform(move |()| Task::Edit(Rc::clone(&department)))
    };
    let shift = {
        let department = Rc::clone(department);
        props.open.reform(move |()| Task::Move(Rc::clone(&department)))
    };
    let delete = {
        let department = Rc::clone(department);
        props.delete.reform(move |()| Rc::clone(&department))
    };
    let held = if !props.branch.below.is_empty() {
        Some(t!("departments.has_below"))
    } else if department.people > 0 {
        Some(t!("departments.has_people"))
    } else {
        None
    };
    vec![
        MenuItem::new(t!("departments.edit"), IconName::Pencil, edit),
        MenuItem::new(t!("departments.move"), IconName::ArrowRight, shift),
        MenuItem::new(
            t!("departments.add_below"),
            IconName::Plus,
            props.open.reform(move |()| Task::Add(Some(id))),
        ),
        MenuItem::new(t!("departments.delete"), IconName::Trash, delete).blocked(held).dangerous(),
    ]
}
