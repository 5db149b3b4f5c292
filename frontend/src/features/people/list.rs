//! The list with its filters, which live in the address.

use kpi_api::{id::DepartmentId, page::Page, permission::Role, user::UserView};
use yew::prelude::*;

use super::resets::PendingResets;
use crate::{
    core::{
        api, format, i18n,
        query::{Params, use_query_params},
        remote::use_remote,
    },
    route::Route,
    t,
    ui::{
        Avatar, Badge, Button, ButtonKind, ButtonSize, Column, EmptyState, IconName, LinkKind, PageHeader,
        Pagination, RouteLink, Select, SkeletonRows, SortableTable, Tone, remote,
    },
    widgets::{DepartmentPicker, SearchField},
};

/// What the address may hold, spelled as the server spells it.
const FILTERS: [&str; 4] = ["q", "role", "department_id", "is_active"];

#[component]
pub fn PeoplePage() -> Html {
    let (params, set) = use_query_params();
    let query = FILTERS
        .into_iter()
        .chain(["sort", "page"])
        .fold(Params::new(), |query, key| query.with_some(key, params.get(key)));
    let people = use_remote(query, |query| async move { api::users::list(&query).await });
    let actions = html! {
        <RouteLink to={Route::PersonNew} kind={LinkKind::Primary} icon={IconName::Plus}>{ t!("people.add") }</RouteLink>
    };
    html! {
        <>
            <PageHeader title={t!("people.title")} lead={t!("people.lead")} {actions} />
            <PendingResets />
            <Filters params={params.clone()} set={set.clone()} />
            { remote::show(&people, html! { <SkeletonRows rows={8} /> }, |page| if page.items.is_empty() {
                nobody(&params, &set)
            } else {
                table(page, &params, &set)
            }) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct FiltersProps {
    params: Params,
    set: Callback<Params>,
}

#[component]
fn Filters(props: &FiltersProps) -> Html {
    let change = |key: &'static str| {
        let (params, set) = (props.params.clone(), props.set.clone());
        Callback::from(move |value: String| set.emit(params.clone().with(key, value).without("page")))
    };
    let value = |key: &str| props.params.get(key).unwrap_or_default().to_owned();
    let mut roles: Vec<(AttrValue, AttrValue)> = vec![(AttrValue::default(), t!("people.any_role"))];
    roles.extend(Role::ALL.iter().map(|role| (role.as_str().into(), i18n::word("role", role.as_str()))));
    let states = vec![
        (AttrValue::default(), t!("people.any_state")),
        ("true".into(), t!("people.active")),
        ("false".into(), t!("people.inactive")),
    ];
    let ondepartment = change("department_id")
        .reform(|id: Option<DepartmentId>| id.map(|id| id.to_string()).unwrap_or_default());
    let clear = {
        let (params, set) = (props.params.clone(), props.set.clone());
        Callback::from(move |_: MouseEvent| set.emit(unfiltered(&params)))
    };
    html! {
        <search class="mb-3 flex flex-wrap items-center gap-2">
            <SearchField id="people-q" label={t!("people.search")} value={value("q")} onsearch={change("q")} />
            <Select id="people-role" label={t!("field.role")} compact=true value={value("role")} options={roles} onchange={change("role")} />
            <DepartmentPicker id="people-department" label={t!("field.department")} compact=true none={t!("people.any_department")}
                value={props.params.read("department_id")} onchange={ondepartment} />
            <Select id="people-state" label={t!("people.state")} compact=true value={value("is_active")} options={states} onchange={change("is_active")} />
            if FILTERS.iter().any(|key| props.params.get(key).is_some()) {
                <Button label={t!("people.clear_filters")} kind={ButtonKind::Ghost} size={ButtonSize::Small} icon={IconName::X} onclick={clear} />
            }
        </search>
    }
}

fn unfiltered(params: &Params) -> Params {
    FILTERS.into_iter().chain(["page"]).fold(params.clone(), Params::without)
}

fn nobody(params: &Params, set: &Callback<Params>) -> Html {
    let clear = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |_: MouseEvent| set.emit(unfiltered(&params)))
    };
    html! {
        <div class="surface">
            <EmptyState icon={IconName::Users} title={t!("people.none")} text={t!("people.none_text")}>
                <Button label={t!("people.clear_filters")} onclick={clear} />
                <RouteLink to={Route::PersonNew} kind={LinkKind::Primary} icon={IconName::Plus}>{ t!("people.add") }</RouteLink>
            </EmptyState>
        </div>
    }
}

fn table(page: &Page<UserView>, params: &Params, set: &Callback<Params>) -> Html {
    let columns = vec![
        Column::new(t!("people.person")).sorted_by("full_name"),
        Column::new(t!("people.login")).sorted_by("email"),
        Column::new(t!("field.role")).sorted_by("role"),
        Column::new(t!("field.department")),
        Column::new(t!("people.state")),
        Column::new(t!("people.last_login")).sorted_by("last_login_at"),
    ];
    let onsort = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |sort: String| set.emit(params.clone().with("sort", sort).without("page")))
    };
    let onpage = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |page: u32| set.emit(params.clone().with("page", page)))
    };
    html! {
        <>
            <SortableTable
                caption={t!("people.title")}
                {columns}
                rows={page.items.iter().map(|person| (person.id.to_string(), cells(person))).collect::<Vec<_>>()}
                sort={params.get("sort").unwrap_or("full_name").to_owned()}
                {onsort}
            />
            <Pagination page={page.page} per_page={page.per_page} total={page.total} {onpage} />
        </>
    }
}

fn cells(person: &UserView) -> Vec<Html> {
    let none = || html! { <span class="text-muted">{ "–" }</span> };
    vec![
        html! {
            <span class="flex items-center gap-3">
                <Avatar name={person.full_name.clone()} />
                <span class="min-w-0">
                    <RouteLink to={Route::Person { id: person.id }} kind={LinkKind::Text} class="font-medium">{ person.full_name.clone() }</RouteLink>
                    if !person.position.is_empty() {
                        <span class="block text-sm font-normal text-muted">{ person.position.clone() }</span>
                    }
                </span>
            </span>
        },
        html! {
            <span class="block">
                { person.username.clone() }
                <span class="block text-sm [overflow-wrap:anywhere] text-muted lg:max-w-52 lg:truncate" title={person.email.clone()}>{ person.email.clone() }</span>
            </span>
        },
        html! { i18n::word("role", person.role.as_str()) },
        person.department_name.clone().map_or_else(none, |name| html! { name }),
        state_mark(person),
        person.last_login_at.map_or_else(
            || html! { <span class="text-muted">{ t!("people.never") }</span> },
            |at| html! { <time datetime={at.to_string()} class="whitespace-nowrap">{ format::date_of(at) }</time> },
        ),
    ]
}

/// Active or not, in shape and word.
pub fn state_mark(person: &UserView) -> Html {
    if person.is_active {
        html! { <Badge label={t!("people.active")} tone={Tone::Good} icon={IconName::Check} /> }
    } else {
        html! { <Badge label={t!("people.inactive")} tone={Tone::Neutral} icon={IconName::Ban} /> }
    }
}
