//! The list: templates by department, each under the one it extends.

use kpi_api::{id::DepartmentId, permission::Role, template::TemplateView};
use yew::prelude::*;

use super::{
    all::all,
    tree::{Group, Node, groups},
};
use crate::{
    core::{
        i18n,
        query::{Params, use_query_params},
        remote::use_remote,
    },
    route::Route,
    t, tn,
    ui::{
        Badge, Button, ButtonKind, ButtonSize, EmptyState, Icon, IconName, LinkKind, PageHeader, RouteLink,
        Select, SkeletonRows, remote,
    },
    widgets::{DepartmentPicker, SearchField},
};

const FILTERS: [&str; 4] = ["q", "role", "department_id", "is_active"];

#[component]
pub fn TemplatesPage() -> Html {
    let (params, set) = use_query_params();
    let templates = use_remote((), |()| all());
    let add = || {
        html! {
            <RouteLink to={Route::TemplateNew} kind={LinkKind::Primary} icon={IconName::Plus}>{ t!("templates.add") }</RouteLink>
        }
    };
    let clear = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |_: MouseEvent| {
            set.emit(FILTERS.into_iter().fold(params.clone(), Params::without))
        })
    };
    html! {
        <>
            <PageHeader title={t!("templates.title")} lead={t!("templates.lead")} actions={add()} />
            { remote::show(&templates, html! { <SkeletonRows rows={8} /> }, |every| {
                if every.is_empty() {
                    return html! {
                        <div class="surface">
                            <EmptyState icon={IconName::Layers} title={t!("templates.none")} text={t!("templates.none_text")}>{ add() }</EmptyState>
                        </div>
                    };
                }
                let wanted: Vec<TemplateView> = every.iter().filter(|template| is_wanted(template, &params)).cloned().collect();
                html! {
                    <>
                        <Filters params={params.clone()} set={set.clone()} clear={clear.clone()} />
                        if wanted.is_empty() {
                            <div class="surface">
                                <EmptyState icon={IconName::Search} title={t!("templates.not_found")} text={t!("templates.not_found_text")}>
                                    <Button label={t!("templates.clear_filters")} onclick={clear.clone()} />
                                </EmptyState>
                            </div>
                        }
                        <div class="space-y-6">{ for groups(&wanted).iter().map(section) }</div>
                    </>
                }
            }) }
        </>
    }
}

fn is_wanted(template: &TemplateView, params: &Params) -> bool {
    let text = params.get("q").unwrap_or_default().to_lowercase();
    let named =
        template.name.to_lowercase().contains(&text) || template.description.to_lowercase().contains(&text);
    named
        && params.read::<Role>("role").is_none_or(|role| template.role.is_none_or(|own| own == role))
        && params.read::<DepartmentId>("department_id").is_none_or(|id| template.department_id == Some(id))
        && params.read::<bool>("is_active").is_none_or(|active| template.is_active == active)
}

#[derive(Properties, PartialEq)]
struct FiltersProps {
    params: Params,
    set: Callback<Params>,
    clear: Callback<MouseEvent>,
}

#[component]
fn Filters(props: &FiltersProps) -> Html {
    let change = |key: &'static str| {
        let (params, set) = (props.params.clone(), props.set.clone());
        Callback::from(move |value: String| set.emit(params.clone().with(key, value)))
    };
    let value = |key: &str| props.params.get(key).unwrap_or_default().to_owned();
    let mut roles: Vec<(AttrValue, AttrValue)> = vec![(AttrValue::default(), t!("templates.any_role"))];
    roles.extend(Role::ALL.iter().map(|role| (role.as_str().into(), i18n::word("role", role.as_str()))));
    let states = vec![
        (AttrValue::default(), t!("templates.any_state")),
        ("true".into(), t!("templates.state_active")),
        ("false".into(), t!("templates.inactive")),
    ];
    let ondepartment = change("department_id")
        .reform(|id: Option<DepartmentId>| id.map(|id| id.to_string()).unwrap_or_default());
    html! {
        <search class="mb-4 flex flex-wrap items-center gap-2">
            <SearchField id="templates-q" label={t!("templates.search")} value={value("q")} onsearch={change("q")} />
            <DepartmentPicker id="templates-department" label={t!("field.department")} compact=true none={t!("templates.any_department")}
                value={props.params.read("department_id")} onchange={ondepartment} />
            <Select id="templates-role" label={t!("field.role")} compact=true value={value("role")} options={roles} onchange={change("role")} />
            <Select id="templates-state" label={t!("templates.state")} compact=true value={value("is_active")} options={states} onchange={change("is_active")} />
            if FILTERS.iter().any(|key| props.params.get(key).is_some()) {
                <Button label={t!("templates.clear_filters")} kind={ButtonKind::Ghost} size={ButtonSize::Small} icon={IconName::X} onclick={props.clear.clone()} />
            }
        </search>
    }
}

fn section(group: &Group) -> Html {
    let id = format!("group-{}", group.department_id.map_or_else(|| "all".to_owned(), |id| id.to_string()));
    html! {
        <section key={id.clone()} aria-labelledby={id.clone()}>
            <h2 {id} class="mb-2 flex items-center gap-2 text-sm font-semibold">
                <Icon name={if group.department.is_some() { IconName::Building } else { IconName::Users }} class="size-4 text-muted" />
                { group.department.clone().map_or_else(|| t!("templates.every_department"), AttrValue::from) }
            </h2>
            <ul class="surface divide-y divide-base-300 px-2 py-1">{ for group.nodes.iter().map(row) }</ul>
        </section>
    }
}

fn row(node: &Node) -> Html {
    let template = &node.template;
    let own = template.own.set_fields().len();
    let inherited = template.effective.set_fields().len().saturating_sub(own);
    html! {
        <li key={template.id.to_string()} class="py-0.5">
            <div class="flex flex-wrap items-start gap-x-4 gap-y-1 rounded-field px-2 py-1.5 hover:bg-base-200">
                <div class="min-w-0 flex-1 basis-64">
                    <div class="flex flex-wrap items-center gap-x-2 gap-y-1">
                        if node.nested { <Icon name={IconName::ArrowRight} class="size-3.5 text-muted" /> }
                        <RouteLink to={Route::Template { id: template.id }} class="font-medium">{ template.name.clone() }</RouteLink>
                        if !template.is_active { <Badge label={t!("templates.inactive")} icon={IconName::Ban} /> }
                    </div>
                    if !template.description.is_empty() {
                        <p class="text-sm text-muted">{ template.description.clone() }</p>
                    }
                    if let Some(base) = template.extends_name.as_ref().filter(|_| !node.nested) {
                        <p class="text-sm text-muted">{ t!("templates.extends", base = base) }</p>
                    }
                </div>
                <span class="text-sm text-muted sm:w-44">
                    { tn!("templates.own_count", own) }
                    if template.extends_id.is_some() { { ", " }{ tn!("templates.inherited_count", inherited) } }
                </span>
                <span class="text-sm sm:w-28">
                    { template.role.map_or_else(|| t!("templates.every_role"), |role| i18n::word("role", role.as_str())) }
                </span>
                <span class="text-sm tabular-nums sm:w-20 sm:text-end">
                    if template.used_by > 0 {
                        <RouteLink to={Route::Kpis} query={Params::new().with("template_id", template.id)} kind={LinkKind::Text}>{ tn!("templates.used_by", template.used_by) }</RouteLink>
                    } else {
                        <span class="text-muted">{ tn!("templates.used_by", template.used_by) }</span>
                    }
                </span>
            </div>
            if !node.below.is_empty() {
                <ul class="ms-4 border-s border-base-300 ps-1 sm:ps-3">{ for node.below.iter().map(row) }</ul>
            }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use kpi_api::{
        id::{TemplateId, Version},
        template::TemplateFields,
        time::Timestamp,
    };

    use super::*;

    #[test]
    fn a_template_for_every_role_is_found_under_each() {
        let template = TemplateView {
            id: TemplateId(1),
            name: "Calls".into(),
            description: String::new(),
            role: None,
            department_id: None,
            department_name: None,
            extends_id: None,
            extends_name: None,
            is_active: true,
            own: TemplateFields::default(),
            effective: TemplateFields::default(),
            fields_version: 1,
            used_by: 0,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
            version: Version(1),
        };
        assert!(is_wanted(&template, &Params::parse("role=manager&q=cal")));
        assert!(!is_wanted(&template, &Params::parse("department_id=3")));
        assert!(!is_wanted(&template, &Params::parse("is_active=false")));
    }
}
