//! The audit log: filters in the address, sentences, the chain of hashes on demand.

use kpi_api::{
    audit::{AuditRow, AuditVerdict},
    id::UserId,
    page::Page,
    time::Date,
};
use yew::prelude::*;

use super::trace;
use crate::{
    core::{
        api, format, i18n,
        query::{Params, use_query_params},
        remote::use_remote,
        submit::use_submit,
    },
    t,
    ui::{
        Button, ButtonKind, ButtonSize, DateInput, EmptyState, Icon, IconName, LinkKind, Note, PageHeader,
        Pagination, RouteLink, Select, SkeletonRows, Tone, input::parse_date, remote,
    },
    widgets::{PersonPicker, Refusal, SearchField},
};

const FILTERS: [&str; 5] = ["q", "user_id", "entity", "from", "to"];
const ENTITIES: [&str; 10] = [
    "kpi",
    "comment",
    "user",
    "delegation",
    "department",
    "template",
    "rule",
    "settings",
    "session",
    "token",
];

#[component]
pub fn AuditPage() -> Html {
    let (params, set) = use_query_params();
    let query = FILTERS
        .into_iter()
        .chain(["page"])
        .fold(Params::new(), |query, key| query.with_some(key, params.get(key)));
    let rows = use_remote(query.clone(), |query| async move { api::admin::audit_log(&query).await });
    let verdict = use_state(|| None::<AuditVerdict>);
    let verify = {
        let verdict = verdict.clone();
        use_submit(
            |(), _| async { api::admin::verify_audit().await },
            Callback::from(move |found| verdict.set(Some(found))),
        )
    };
    let onpage = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |page: u32| set.emit(params.clone().with("page", page)))
    };
    let clear = {
        let (params, set) = (params.clone(), set.clone());
        Callback::from(move |_: MouseEvent| {
            set.emit(FILTERS.into_iter().chain(["page"]).fold(params.clone(), Params::without))
        })
    };
    let actions = html! {
        <>
            <Button label={t!("admin.verify")} icon={IconName::CheckCircle} busy={verify.busy} onclick={verify.run.reform(|_: MouseEvent| ())} />
            <a class="btn btn-outline border-base-300 bg-base-100 text-base-content hover:border-base-300 hover:bg-base-200" href={api::admin::audit_csv(&query)} download="">
                <Icon name={IconName::Download} />
                <span>{ t!("admin.csv") }</span>
            </a>
        </>
    };
    html! {
        <>
            <PageHeader title={t!("admin.audit")} lead={t!("admin.audit_lead")} {actions} />
            <div aria-live="polite">{ (*verdict).as_ref().map(told).unwrap_or_default() }</div>
            <Refusal error={verify.error.clone()} />
            <Filters params={params.clone()} set={set.clone()} clear={clear.clone()} />
            { remote::show(&rows, html! { <SkeletonRows rows={10} /> }, |page| if page.items.is_empty() {
                html! {
                    <div class="surface">
                        <EmptyState icon={IconName::History} title={t!("admin.audit_none")} text={t!("admin.audit_none_text")}>
                            <Button label={t!("admin.clear_filters")} onclick={clear.clone()} />
                        </EmptyState>
                    </div>
                }
            } else {
                list(page, &onpage)
            }) }
        </>
    }
}

fn told(verdict: &AuditVerdict) -> Html {
    let rows = format::integer(i64::try_from(verdict.rows).unwrap_or(i64::MAX));
    let (tone, text) = match verdict.first_bad {
        None if verdict.ok => (Tone::Good, t!("admin.chain_good", rows = rows)),
        bad => (Tone::Bad, t!("admin.chain_bad", id = bad.map(|id| id.to_string()).unwrap_or_default())),
    };
    html! { <Note {tone} class="mb-4"><p>{ text }</p><p class="text-xs break-all">{ verdict.head.clone() }</p></Note> }
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
        Callback::from(move |value: String| set.emit(params.clone().with(key, value).without("page")))
    };
    let day = |key: &'static str| {
        change(key).reform(|day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default())
    };
    let value = |key: &str| props.params.get(key).unwrap_or_default().to_owned();
    let mut entities: Vec<(AttrValue, AttrValue)> = vec![(AttrValue::default(), t!("admin.any_entity"))];
    entities.extend(ENTITIES.iter().map(|entity| (AttrValue::from(*entity), i18n::word("entity", entity))));
    let onperson =
        change("user_id").reform(|id: Option<UserId>| id.map(|id| id.to_string()).unwrap_or_default());
    html! {
        <search class="mb-3 flex flex-wrap items-end gap-2">
            <SearchField id="audit-q" label={t!("admin.audit_search")} value={value("q")} onsearch={change("q")} />
            <PersonPicker id="audit-person" label={t!("admin.who")} compact=true none={t!("admin.anybody")} value={props.params.read("user_id")} onchange={onperson} />
            <Select id="audit-entity" label={t!("admin.entity")} compact=true value={value("entity")} options={entities} onchange={change("entity")} />
            <div class="flex w-full gap-2 sm:w-auto">
            <DateInput id="audit-from" label={t!("admin.from")} value={parse_date(&value("from"))} onchange={day("from")} />
            <DateInput id="audit-to" label={t!("admin.to")} value={parse_date(&value("to"))} onchange={day("to")} />
            </div>
            if FILTERS.iter().any(|key| props.params.get(key).is_some()) {
                <Button label={t!("admin.clear_filters")} kind={ButtonKind::Ghost} size={ButtonSize::Small} icon={IconName::X} onclick={props.clear.clone()} />
            }
        </search>
    }
}

fn list(page: &Page<AuditRow>, onpage: &Callback<u32>) -> Html {
    html! {
        <>
            <ul class="surface divide-y divide-base-300" aria-label={t!("admin.audit")}>{ for page.items.iter().map(row) }</ul>
            <Pagination page={page.page} per_page={page.per_page} total={page.total} onpage={onpage.clone()} />
        </>
    }
}

fn row(row: &AuditRow) -> Html {
    let says_more = row.detail.as_object().is_some_and(|detail| !detail.is_empty());
    html! {
        <li key={row.id} class="flex flex-wrap gap-x-4 gap-y-1 px-4 py-3 text-sm">
            <time datetime={row.at.to_string()} class="w-40 text-muted tabular-nums">{ format::date_time(row.at) }</time>
            <div class="min-w-0 flex-1 basis-64">
                <p>
                    { trace::sentence(row) }
                    if let Some(to) = trace::place(row) {
                        { " " }<RouteLink {to} kind={LinkKind::Text}>{ t!("admin.open") }<span class="sr-only">{ " " }{ trace::sentence(row) }</span></RouteLink>
                    }
                </p>
                if says_more {
                    <details class="mt-1">
                        <summary class="cursor-pointer text-muted">{ t!("admin.details") }</summary>
                        <div class="mt-2">{ trace::detail(&row.detail) }</div>
                        <p class="mt-2 text-xs break-all text-muted">{ t!("admin.request", id = row.request_id) }</p>
                    </details>
                }
            </div>
        </li>
    }
}
