//! The recorded values: as a chart beside the expected line, and one by one with their corrections.

use std::rc::Rc;

use kpi_api::{
    checkin::{CheckInView, CheckedIn},
    kpi::{Act, KpiView},
    scoring::Kind,
};
use yew::prelude::*;

use super::correct::CorrectDialog;
use crate::{
    core::{api, format, i18n, remote::use_remote},
    t,
    ui::{
        Button, ButtonKind, ButtonSize, Card, Column, EmptyState, IconName, SkeletonRows, SortableTable,
        remote,
    },
    widgets::{CheckInForm, CourseChart, WaitingMark, measure::Measure},
};

#[derive(Properties, PartialEq)]
pub struct CheckInsTabProps {
    pub kpi: Rc<KpiView>,
    /// Whether a value is being recorded.
    pub checking: bool,
    /// Opens or closes the form.
    pub oncheck: Callback<bool>,
    pub onchange: Callback<KpiView>,
}

#[component]
pub fn CheckInsTab(props: &CheckInsTabProps) -> Html {
    let kpi = &props.kpi;
    let rows = use_remote((kpi.id, kpi.version), |(id, _)| async move { api::kpis::check_ins(id).await });
    let correcting = use_state(|| None::<CheckInView>);
    let may = kpi.may(Act::CheckIn);
    let open = props.oncheck.reform(|_: MouseEvent| true);
    let cancel = props.oncheck.reform(|()| false);
    let recorded = props.onchange.reform(|done: CheckedIn| done.kpi);
    let correct = {
        let correcting = correcting.clone();
        Callback::from(move |row: CheckInView| correcting.set(Some(row)))
    };
    let close = {
        let correcting = correcting.clone();
        Callback::from(move |()| correcting.set(None))
    };
    let corrected = {
        let (correcting, onchange) = (correcting.clone(), props.onchange.clone());
        Callback::from(move |done: CheckedIn| {
            correcting.set(None);
            onchange.emit(done.kpi);
        })
    };
    html! {
        <div class="space-y-5">
            <div class="flex flex-wrap gap-2 empty:hidden"><WaitingMark kpi={kpi.id} /></div>
            if may && props.checking {
                <Card title={i18n::word("act", Act::CheckIn.as_str())}>
                    <CheckInForm key={kpi.version.0} kpi={Rc::clone(kpi)} ondone={recorded} oncancel={cancel} />
                </Card>
            }
            { remote::show(&rows, html! { <SkeletonRows rows={4} /> }, |list| if list.items.is_empty() {
                html! {
                    <div class="surface">
                        <EmptyState icon={IconName::Gauge} title={t!("kpi.check_ins.none")} text={if may { t!("kpi.check_ins.none_text") } else { t!("kpi.check_ins.none_yet") }}>
                            if may && !props.checking { <Button label={i18n::word("act", Act::CheckIn.as_str())} kind={ButtonKind::Primary} onclick={open} /> }
                        </EmptyState>
                    </div>
                }
            } else { html! {
                <div class="space-y-5">
                    if kpi.kind != Kind::Boolean {
                        <Card title={t!("kpi.check_ins.chart")}><CourseChart kpi={Rc::clone(kpi)} check_ins={list.items.clone()} /></Card>
                    }
                    { table(kpi, &list.items, may.then_some(&correct)) }
                </div>
            } }) }
            <CorrectDialog kpi={Rc::clone(kpi)} row={(*correcting).clone()} onclose={close} ondone={corrected} />
        </div>
    }
}

fn table(kpi: &KpiView, rows: &[CheckInView], correct: Option<&Callback<CheckInView>>) -> Html {
    let measure = Measure::from(kpi);
    let mut columns = vec![
        Column::new(t!("kpi.course.day")),
        Column::new(i18n::field_name("value")),
        Column::new(i18n::field_name("note")),
        Column::new(i18n::field_name("confidence")),
        Column::new(t!("kpi.check_ins.by")),
    ];
    if correct.is_some() {
        columns.push(Column::new(t!("kpi.check_ins.act")));
    }
    let rows: Vec<(String, Vec<Html>)> = rows
        .iter()
        .map(|row| {
            let shown = measure.value(Some(row.value));
            let old = row.corrected_by_id.is_some();
            let value = if old {
                html! { <><s class="text-muted">{ shown.clone() }</s>{ " " }<span class="text-xs text-muted">{ t!("kpi.check_ins.corrected") }</span></> }
            } else {
                html! { <span class="font-medium tabular-nums">{ shown.clone() }</span> }
            };
            let value = html! {
                <div>
                    { value }
                    if let (Some(_), Some(reason)) = (row.corrects_id, &row.reason) {
                        <div class="text-xs break-words text-muted">{ t!("kpi.check_ins.because", reason = reason) }</div>
                    }
                </div>
            };
            let by = html! {
                <div>
                    <div>{ row.by_name.clone() }</div>
                    <div class="text-xs text-muted">
                        { format::date_time(row.created_at) }
                        if row.for_owner { { " · " }{ t!("kpi.check_ins.for_owner", name = kpi.user_name) } }
                    </div>
                </div>
            };
            let note = if row.note.is_empty() { html! { <span class="text-muted">{ "–" }</span> } } else { html! { <span class="break-words whitespace-pre-line">{ row.note.clone() }</span> } };
            let mut cells = vec![
                html! { <span class="whitespace-nowrap">{ format::date(row.on) }</span> },
                value,
                note,
                html! { <span class="tabular-nums">{ row.confidence.map_or_else(|| "–".to_owned(), |level| format!("{level}/10")) }</span> },
                by,
            ];
            if let Some(correct) = correct {
                cells.push(if old {
                    Html::default()
                } else {
                    let onclick = { let row = row.clone(); correct.reform(move |_: MouseEvent| row.clone()) };
                    html! { <Button label={t!("kpi.check_ins.correct")} icon={IconName::Pencil} kind={ButtonKind::Ghost} size={ButtonSize::Small} {onclick} /> }
                });
            }
            (row.id.to_string(), cells)
        })
        .collect();
    html! { <SortableTable caption={t!("kpi.tab.check_ins")} {columns} {rows} /> }
}
