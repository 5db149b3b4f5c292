//! An impact in figures: headline numbers, scores before and after, bands crossed, departments.

use std::rc::Rc;

use kpi_api::{
    rule_effects::{BandChange, DepartmentImpact, Impact, ImpactError},
    scoring::RuleKind,
};
use serde_json::json;
use yew::prelude::*;

use super::movers::Movers;
use crate::{
    core::format,
    route::Route,
    t, tn,
    ui::{Card, Chart, Column, Icon, IconName, Note, RouteLink, SortableTable, StatCard, Tone},
    widgets::BandMark,
};

#[derive(Properties, PartialEq)]
pub struct ImpactViewProps {
    pub impact: Rc<Impact>,
}

#[component]
pub fn ImpactView(props: &ImpactViewProps) -> Html {
    let impact = &props.impact;
    html! {
        <div class="space-y-4">
            <div class="grid grid-cols-2 gap-3 lg:grid-cols-4">{ for headlines(impact) }</div>
            if impact.stopped_early { <Note tone={Tone::Bad}>{ t!("studio.impact_stopped_early") }</Note> }
            if impact.failed > 0 { { errors(impact) } }
            if impact.evaluated == 0 {
                <Note>{ t!("studio.impact_nothing_in_scope") }</Note>
            }
            if impact.kind == RuleKind::Score && impact.evaluated > 0 {
                <div class="grid items-start gap-4 lg:grid-cols-2">
                    <Card title={t!("studio.impact_scores")}>{ histogram(impact) }</Card>
                    <Card title={t!("studio.impact_bands")}>{ bands(&impact.band_changes) }</Card>
                </div>
            }
            if !impact.by_department.is_empty() {
                <section>
                    <h3 class="mb-2 font-semibold">{ t!("studio.impact_departments") }</h3>
                    { departments(impact) }
                </section>
            }
            if !impact.movers.is_empty() { <Movers impact={Rc::clone(impact)} /> }
        </div>
    }
}

fn headlines(impact: &Impact) -> Vec<Html> {
    let count = |number: u64| AttrValue::from(format::integer(number as i64));
    let card =
        |label: AttrValue, value: AttrValue, hint: AttrValue| html! { <StatCard {label} {value} {hint} /> };
    let share = if impact.evaluated == 0 {
        None
    } else {
        Some(100.0 * impact.changed as f64 / impact.evaluated as f64)
    };
    let mut cards = vec![
        card(
            t!("studio.impact_evaluated"),
            count(impact.evaluated),
            t!("studio.impact_took", ms = impact.took_ms),
        ),
        card(
            t!("studio.impact_changed"),
            count(impact.changed),
            share.map(|share| format::percent(Some(share)).into()).unwrap_or_default(),
        ),
    ];
    match (impact.kind, impact.findings, impact.reminders) {
        (RuleKind::Validate, Some(findings), _) => {
            cards.push(card(
                t!("studio.impact_errors"),
                before_after(findings.errors_before, findings.errors_after),
                t!("studio.impact_refused"),
            ));
            cards.push(card(
                t!("studio.impact_warnings"),
                before_after(findings.warnings_before, findings.warnings_after),
                AttrValue::default(),
            ));
        }
        (RuleKind::Remind, _, Some(reminders)) => {
            cards.push(card(
                t!("studio.impact_reminders"),
                before_after(reminders.before, reminders.after),
                t!("studio.impact_today"),
            ));
        }
        _ => {
            let crossed: u64 = impact.band_changes.iter().map(|change| change.count).sum();
            cards.push(card(t!("studio.impact_crossed"), count(crossed), AttrValue::default()));
            cards.push(card(
                t!("studio.impact_failed"),
                count(impact.failed),
                t!("studio.impact_failed_hint"),
            ));
        }
    }
    cards
}

fn before_after(before: u64, after: u64) -> AttrValue {
    t!("studio.before_after", before = format::integer(before as i64), after = format::integer(after as i64))
}

fn errors(impact: &Impact) -> Html {
    let line = |error: &ImpactError| {
        let words = match error.line {
            Some(line) => t!("studio.line_says", line = line, what = error.message),
            None => error.message.clone().into(),
        };
        html! { <li><RouteLink to={Route::Kpi { id: error.kpi_id }}>{ t!("studio.kpi_number", id = error.kpi_id) }</RouteLink>{ ": " }{ words }</li> }
    };
    html! {
        <Note tone={Tone::Bad}>
            <p class="font-medium">{ tn!("studio.impact_fails_for", impact.failed) }</p>
            <ul class="mt-1 list-disc ps-4">{ for impact.errors.iter().take(5).map(line) }</ul>
        </Note>
    }
}

/// `0–9`, ..., the last one open to above.
fn bucket_name(from: u32, is_last: bool) -> String {
    if is_last { format!("{from}+") } else { format!("{from}–{}", from + 9) }
}

fn histogram(impact: &Impact) -> Html {
    let (before, after) = (&impact.histogram_before, &impact.histogram_after);
    let last = before.buckets.len().max(after.buckets.len()).saturating_sub(1);
    let count = |buckets: &[kpi_api::rule_effects::Bucket], index: usize| {
        buckets.get(index).map_or(0, |bucket| bucket.count)
    };
    let mut names = vec![t!("studio.no_score").to_string()];
    let mut rows = vec![(before.none, after.none)];
    for index in 0..before.buckets.len().max(after.buckets.len()) {
        let from =
            before.buckets.get(index).or_else(|| after.buckets.get(index)).map_or(0, |bucket| bucket.from);
        names.push(bucket_name(from, index == last));
        rows.push((count(&before.buckets, index), count(&after.buckets, index)));
    }
    let option = json!({
        "grid": { "left": 8, "right": 8, "top": 36, "bottom": 8, "containLabel": true },
        "legend": { "top": 0, "left": 0, "data": [t!("studio.before").as_str(), t!("studio.after").as_str()] },
        "tooltip": { "trigger": "axis" },
        "xAxis": { "type": "category", "data": names, "axisLabel": { "hideOverlap": true } },
        "yAxis": { "type": "value", "minInterval": 1 },
        "series": [
            { "name": t!("studio.before").as_str(), "type": "bar", "itemStyle": { "color": "var:2" }, "data": rows.iter().map(|row| row.0).collect::<Vec<_>>() },
            { "name": t!("studio.after").as_str(), "type": "bar", "itemStyle": { "color": "var:1" }, "data": rows.iter().map(|row| row.1).collect::<Vec<_>>() },
        ],
    });
    let number = |value: u64| AttrValue::from(format::integer(value as i64));
    let table = names
        .iter()
        .zip(&rows)
        .map(|(name, row)| vec![name.clone().into(), number(row.0), number(row.1)])
        .collect::<Vec<_>>();
    html! {
        <Chart id="impact-scores" {option} summary={summary(impact)} head={vec![t!("studio.points"), t!("studio.before"), t!("studio.after")]} rows={table} />
    }
}

fn summary(impact: &Impact) -> AttrValue {
    let mean = |pick: fn(&DepartmentImpact) -> Option<f64>| {
        let rows: Vec<(f64, u64)> =
            impact.by_department.iter().filter_map(|row| Some((pick(row)?, row.evaluated))).collect();
        let all: u64 = rows.iter().map(|row| row.1).sum();
        (all > 0).then(|| rows.iter().map(|(mean, count)| mean * *count as f64).sum::<f64>() / all as f64)
    };
    if impact.changed == 0 {
        return t!("studio.impact_same");
    }
    t!(
        "studio.impact_summary",
        changed = format::integer(impact.changed as i64),
        all = format::integer(impact.evaluated as i64),
        before = format::points(mean(|row| row.mean_before)),
        after = format::points(mean(|row| row.mean_after))
    )
}

fn bands(changes: &[BandChange]) -> Html {
    if changes.is_empty() {
        return html! { <p class="text-sm text-muted">{ t!("studio.impact_no_bands") }</p> };
    }
    let mut changes = changes.to_vec();
    changes.sort_by_key(|change| std::cmp::Reverse(change.count));
    html! {
        <table class="plain-table">
            <caption class="sr-only">{ t!("studio.impact_bands") }</caption>
            <thead><tr><th scope="col">{ t!("studio.before") }</th><th scope="col">{ t!("studio.after") }</th><th scope="col" class="is-numeric">{ t!("studio.kpis") }</th></tr></thead>
            <tbody>
                { for changes.iter().map(|change| html! {
                    <tr>
                        <td><BandMark band={change.from} /></td>
                        <td><span class="inline-flex items-center gap-2"><Icon name={IconName::ArrowRight} class="size-4" /><BandMark band={change.to} /></span></td>
                        <td class="is-numeric">{ format::integer(change.count as i64) }</td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

fn departments(impact: &Impact) -> Html {
    let scores = impact.kind == RuleKind::Score;
    let mut columns = vec![
        Column::new(t!("studio.department")),
        Column::new(t!("studio.impact_evaluated")).numeric(),
        Column::new(t!("studio.impact_changed")).numeric(),
    ];
    if scores {
        columns.extend([
            Column::new(t!("studio.mean_before")).numeric(),
            Column::new(t!("studio.mean_after")).numeric(),
            Column::new(t!("studio.difference")).numeric(),
        ]);
    }
    let rows = impact.by_department.iter().enumerate().map(|(index, row)| {
        let name = if row.id.is_none() { t!("studio.no_department") } else { row.name.clone().into() };
        let mut cells = vec![
            html! { name },
            html! { format::integer(row.evaluated as i64) },
            html! { format::integer(row.changed as i64) },
        ];
        if scores {
            cells.extend([
                html! { format::points(row.mean_before) },
                html! { format::points(row.mean_after) },
                html! { format::difference(row.mean_before, row.mean_after) },
            ]);
        }
        (index.to_string(), cells)
    });
    html! { <SortableTable caption={t!("studio.impact_departments")} {columns} rows={rows.collect::<Vec<_>>()} /> }
}

#[cfg(test)]
mod tests {
    use super::bucket_name;

    #[test]
    fn the_last_bucket_is_open() {
        assert_eq!(bucket_name(0, false), "0–9");
        assert_eq!(bucket_name(120, true), "120+");
    }
}
