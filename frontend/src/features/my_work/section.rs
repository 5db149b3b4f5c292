//! A section of the list and its rows.

use kpi_api::{
    checkin::CheckedIn,
    kpi::{Act, Status},
    my_work::{WorkRow, WorkSection},
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    core::{browser, format, i18n, live::use_hold, query::Params, session::use_me},
    route::Route,
    t,
    ui::{Button, ButtonKind, ButtonSize, Icon, IconName, LinkKind, Note, RouteLink},
    widgets::{CheckInById, KpiLine, WaitingMark},
};

#[derive(Properties, PartialEq)]
pub struct SectionProps {
    pub id: AttrValue,
    pub title: AttrValue,
    pub lead: AttrValue,
    pub section: WorkSection,
    pub reload: Callback<()>,
}

#[component]
pub fn Section(props: &SectionProps) -> Html {
    let section = &props.section;
    let heading = format!("work-{}", props.id);
    html! {
        <section aria-labelledby={heading.clone()}>
            <div class="mb-2 flex items-baseline gap-2">
                <h2 id={heading} class="font-semibold">{ props.title.clone() }</h2>
                <span class="count">{ section.count }</span>
                <span class="hidden text-sm text-muted sm:inline">{ props.lead.clone() }</span>
            </div>
            <ul class="surface divide-y divide-base-300">
                { for section.rows.iter().map(|row| html! {
                    <Row key={row.kpi.id.0} row={row.clone()} reload={props.reload.clone()} />
                }) }
            </ul>
            if section.count > section.rows.len() as u64 {
                <p class="mt-2 text-sm text-muted">
                    { t!("my_work.more", shown = section.rows.len(), count = section.count) }
                </p>
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    row: WorkRow,
    reload: Callback<()>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let me = use_me();
    let row = &props.row;
    let open = use_state(|| false);
    use_hold(*open);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    // The form takes the focus with it when it goes: it returns to where the form was opened.
    let button_id = format!("act-{}", row.kpi.id);
    let close = {
        let (open, button_id) = (open.clone(), button_id.clone());
        Callback::from(move |()| {
            open.set(false);
            browser::focus_soon(button_id.clone());
        })
    };
    let done = {
        let (close, reload) = (close.clone(), props.reload.clone());
        Callback::from(move |_: CheckedIn| {
            close.emit(());
            reload.emit(());
        })
    };
    let label = i18n::word("act", row.act.as_str());
    let actions = if row.act == Act::CheckIn {
        html! {
            <Button
                id={button_id}
                {label}
                icon={if *open { IconName::X } else { IconName::Pencil }}
                size={ButtonSize::Small}
                kind={if *open { ButtonKind::Ghost } else { ButtonKind::Secondary }}
                pressed={*open}
                onclick={toggle}
            />
        }
    } else {
        let (to, query) = target(row);
        html! { <RouteLink {to} {query} kind={LinkKind::Secondary} class="btn-sm">{ label }<Icon name={IconName::ChevronRight} /></RouteLink> }
    };
    let is_late = row.due_on.is_some_and(|due| due < me.today);
    let note = html! {
        <>
            <span>{ i18n::word("work_reason", row.reason.as_str()) }</span>
            if let Some(due) = row.due_on {
                <span class={classes!(is_late.then_some("font-medium text-error"))}>{ t!("my_work.due", when = format::from_today(due, me.today)) }</span>
            }
            <WaitingMark kpi={row.kpi.id} />
        </>
    };
    html! {
        <li>
            <KpiLine kpi={row.kpi.clone()} with_owner={row.kpi.user_id != me.user.id} with_status={row.kpi.status != Status::Approved} {note} {actions} />
            if let Some(comment) = &row.comment {
                <div class="px-4 pb-3"><Note><span class="whitespace-pre-line">{ comment.clone() }</span></Note></div>
            }
            if *open {
                <div class="border-t border-base-300 p-4"><CheckInById id={row.kpi.id} ondone={done} oncancel={close} /></div>
            }
        </li>
    }
}

/// Where a row leads: the link the server names, if it is a page of this app, else the KPI.
fn target(row: &WorkRow) -> (Route, Params) {
    let (path, query) = row.link.split_once('?').unwrap_or((&row.link, ""));
    let route = Route::recognize(path).filter(|route| *route != Route::NotFound);
    (route.unwrap_or(Route::Kpi { id: row.kpi.id }), Params::parse(query))
}
