//! The rows of the list.

use std::{collections::BTreeSet, rc::Rc};

use kpi_api::{id::KpiId, kpi::KpiRow, page::Page};
use yew::prelude::*;

use crate::{
    core::{format, i18n, viewport::use_narrow},
    route::Route,
    t,
    ui::{Checkbox, Column, LinkKind, ProgressBar, RouteLink, SortableTable},
    widgets::{BandMark, DirectionMark, KpiLine, PaceMark, StatusPill, band_tone, measure::Measure},
};

#[derive(Properties, PartialEq)]
pub struct KpiTableProps {
    pub page: Rc<Page<KpiRow>>,
    /// Whether other people's KPIs are among them.
    pub with_owner: bool,
    pub sort: AttrValue,
    pub onsort: Callback<String>,
    pub chosen: BTreeSet<KpiId>,
    pub onchoose: Callback<(KpiId, bool)>,
    /// Days of this year go without it.
    pub this_year: i32,
}

#[component]
pub fn KpiTable(props: &KpiTableProps) -> Html {
    if use_narrow() {
        return cards(props);
    }
    let mut columns = vec![Column::new(i18n::field_name("title")).sorted_by("title")];
    if props.with_owner {
        columns.push(Column::new(i18n::field_name("user_id")).sorted_by("user_name"));
    }
    columns.extend([
        Column::new(i18n::field_name("quarter")).sorted_by("period"),
        Column::new(t!("kpi.list.value_and_target")).sorted_by("current_value"),
        Column::new(i18n::field_name("progress_percentage")).sorted_by("progress_percentage"),
        Column::new(i18n::field_name("score")).sorted_by("score"),
        Column::new(i18n::field_name("updated_at")).sorted_by("updated_at"),
    ]);
    let rows: Vec<(String, Vec<Html>)> =
        props.page.items.iter().map(|kpi| (kpi.id.to_string(), cells(kpi, props))).collect();
    html! { <SortableTable caption={t!("kpi.list.title")} {columns} {rows} sort={props.sort.clone()} onsort={props.onsort.clone()} /> }
}

/// On a phone every KPI is a card.
fn cards(props: &KpiTableProps) -> Html {
    html! {
        <ul class="surface divide-y divide-base-300" aria-label={t!("kpi.list.title")}>
            { for props.page.items.iter().map(|kpi| html! {
                <li key={kpi.id.0} class="flex items-start">
                    <div class="ps-4 pt-3.5">{ choice(kpi, props) }</div>
                    <div class="min-w-0 flex-1"><KpiLine kpi={kpi.clone()} with_owner={props.with_owner} /></div>
                </li>
            }) }
        </ul>
    }
}

fn choice(kpi: &KpiRow, props: &KpiTableProps) -> Html {
    let choose = {
        let (onchoose, id) = (props.onchoose.clone(), kpi.id);
        Callback::from(move |chosen| onchoose.emit((id, chosen)))
    };
    html! { <Checkbox id={format!("choose-{}", kpi.id)} label={t!("kpi.list.choose", title = kpi.title)} bare=true checked={props.chosen.contains(&kpi.id)} onchange={choose} /> }
}

fn changed(kpi: &KpiRow, this_year: i32) -> AttrValue {
    let day = kpi.updated_at.date();
    if day.year() == this_year { format::day(day) } else { format::date_of(kpi.updated_at) }
}

fn cells(kpi: &KpiRow, props: &KpiTableProps) -> Vec<Html> {
    let measure = Measure::from(kpi);
    let title = html! {
        <div class="flex min-w-48 items-start gap-3 font-normal">
            { choice(kpi, props) }
            <div class="min-w-0">
                <RouteLink to={Route::Kpi { id: kpi.id }} kind={LinkKind::Bare} class="font-medium break-words hover:underline">{ kpi.title.clone() }</RouteLink>
                <div class="mt-1"><StatusPill status={kpi.status} /></div>
            </div>
        </div>
    };
    let value = match kpi.current_value {
        Some(_) => html! { <span class="font-medium">{ measure.value(kpi.current_value) }</span> },
        None => html! { <span class="text-muted">{ t!("kpi.no_value") }</span> },
    };
    let mut cells = vec![title];
    if props.with_owner {
        cells.push(html! {
            <div>
                <div>{ kpi.user_name.clone() }</div>
                if let Some(department) = &kpi.department_name { <div class="text-xs text-muted">{ department.clone() }</div> }
            </div>
        });
    }
    cells.extend([
        html! { <span class="whitespace-nowrap">{ t!("kpi.period", quarter = kpi.quarter, year = kpi.year) }</span> },
        html! {
            <div class="tabular-nums">
                <div>{ value }</div>
                <div class="flex items-center gap-1 text-xs whitespace-nowrap text-muted">
                    <DirectionMark kind={kpi.kind} direction={kpi.direction} bare=true />
                    { measure.target() }
                </div>
            </div>
        },
        html! {
            <div class="w-32 sm:w-28">
                if kpi.progress_percentage.is_some() {
                    <ProgressBar value={kpi.progress_percentage} tone={band_tone(kpi.band)} label={t!("kpi.progress")} />
                    <div class="mt-1 flex flex-wrap items-center justify-between gap-x-2 text-xs">
                        <span class="text-muted tabular-nums">{ format::percent(kpi.progress_percentage) }</span>
                        <PaceMark pace={kpi.pace} />
                    </div>
                } else {
                    <span class="text-muted">{ "–" }</span>
                }
            </div>
        },
        html! { <BandMark band={kpi.band} score={kpi.score} is_flagged={kpi.is_flagged} /> },
        html! { <span class="text-sm whitespace-nowrap text-muted">{ changed(kpi, props.this_year) }</span> },
    ]);
    cells
}
