//! The charts of the dashboard; each says its message in a sentence and holds its numbers as a table.

use kpi_api::{
    dashboard::{ByDepartment, ByQuarter},
    kpi::KpiStats,
    scoring::Band,
};
use serde_json::{Value, json};
use yew::prelude::*;

use crate::{
    core::{format, i18n},
    t,
    ui::Chart,
};

#[derive(Properties, PartialEq)]
pub struct ByQuarterChartProps {
    pub data: ByQuarter,
}

/// Average progress and score over the quarters; a quarter without values leaves a gap.
#[component]
pub fn ByQuarterChart(props: &ByQuarterChartProps) -> Html {
    let items = &props.data.items;
    let labels: Vec<String> = items.iter().map(|item| format::period(item.period).to_string()).collect();
    let progress: Vec<Value> = items.iter().map(|item| rounded(item.average_progress)).collect();
    let score: Vec<Value> = items.iter().map(|item| rounded(item.score.score)).collect();
    let scored: Vec<_> = items.iter().filter(|item| item.score.score.is_some()).collect();
    let summary = match (scored.first(), scored.last()) {
        (Some(first), Some(last)) if first.period != last.period => t!(
            "dashboard.by_quarter_summary",
            from = format::points(first.score.score),
            first = format::period(first.period),
            to = format::points(last.score.score),
            last = format::period(last.period)
        ),
        (Some(only), _) => t!(
            "dashboard.by_quarter_one",
            score = format::points(only.score.score),
            period = format::period(only.period)
        ),
        _ => t!("dashboard.by_quarter_none"),
    };
    let (progress_name, score_name) = (t!("dashboard.average_progress"), t!("dashboard.average_score"));
    let option = json!({
        "grid": { "left": 8, "right": 12, "top": 16, "bottom": 36, "containLabel": true },
        "legend": { "bottom": 0, "itemHeight": 8, "itemWidth": 16 },
        "tooltip": { "trigger": "axis" },
        "xAxis": { "type": "category", "data": labels, "axisTick": { "show": false } },
        "yAxis": { "type": "value", "min": 0 },
        "series": [
            { "name": progress_name.as_str(), "type": "bar", "data": progress, "barMaxWidth": 28, "itemStyle": { "color": "var:1", "opacity": 0.35, "borderRadius": [3, 3, 0, 0] } },
            { "name": score_name.as_str(), "type": "line", "data": score, "symbol": "circle", "symbolSize": 7, "lineStyle": { "width": 2.5, "color": "var:1" }, "itemStyle": { "color": "var:1" } },
        ],
    });
    let head = vec![
        i18n::field_name("quarter"),
        t!("dashboard.kpis"),
        t!("dashboard.closed"),
        progress_name,
        score_name,
        t!("dashboard.coverage"),
    ];
    let rows: Vec<Vec<AttrValue>> = items
        .iter()
        .map(|item| {
            vec![
                format::period(item.period),
                format::integer(item.total as i64).into(),
                format::integer(item.closed as i64).into(),
                format::percent(item.average_progress).into(),
                format::points(item.score.score).into(),
                t!("dashboard.of", scored = item.score.scored, total = item.score.total),
            ]
        })
        .collect();
    html! { <Chart id="by-quarter" {option} {summary} {head} {rows} /> }
}

#[derive(Properties, PartialEq)]
pub struct SplitChartProps {
    pub stats: KpiStats,
}

#[component]
pub fn StatusChart(props: &SplitChartProps) -> Html {
    let parts: Vec<Part> = props
        .stats
        .by_status
        .iter()
        .map(|of| Part { label: i18n::word("status", of.status.as_str()), count: of.count, colour: None })
        .collect();
    split("by-status", &parts, i18n::field_name("status"))
}

#[component]
pub fn BandChart(props: &SplitChartProps) -> Html {
    let parts: Vec<Part> = props
        .stats
        .by_band
        .iter()
        .map(|of| {
            let colour = match of.band {
                Band::Green => "var:good",
                Band::Amber => "var:warn",
                Band::Red => "var:bad",
                Band::None => "var:line",
            };
            Part { label: i18n::word("band", of.band.as_str()), count: of.count, colour: Some(colour) }
        })
        .collect();
    split("by-band", &parts, i18n::field_name("band"))
}

struct Part {
    label: AttrValue,
    count: u64,
    colour: Option<&'static str>,
}

/// Counts as bars, in their own order, with the number at the end of each.
fn split(id: &'static str, parts: &[Part], name: AttrValue) -> Html {
    let total: u64 = parts.iter().map(|part| part.count).sum();
    let named: Vec<String> = parts
        .iter()
        .filter(|part| part.count > 0)
        .map(|part| {
            t!("dashboard.part", count = format::integer(part.count as i64), name = part.label).to_string()
        })
        .collect();
    let summary =
        if named.is_empty() { t!("dashboard.nothing") } else { AttrValue::from(named.join(" · ")) };
    let data: Vec<Value> = parts
        .iter()
        .map(|part| match part.colour {
            Some(colour) => json!({ "value": part.count, "itemStyle": { "color": colour } }),
            None => json!({ "value": part.count }),
        })
        .collect();
    // Room for the number at the end of the longest bar.
    let most = parts.iter().map(|part| part.count).max().unwrap_or(0).max(1) as f64;
    let labels: Vec<&str> = parts.iter().map(|part| part.label.as_str()).collect();
    let option = json!({
        "grid": { "left": 8, "right": 40, "top": 4, "bottom": 4, "containLabel": true },
        "tooltip": { "trigger": "item" },
        "xAxis": { "type": "value", "show": false, "max": most * 1.15 },
        "yAxis": { "type": "category", "inverse": true, "data": labels, "axisTick": { "show": false }, "splitLine": { "show": false } },
        "series": [{
            "type": "bar", "data": data, "barMaxWidth": 18,
            "itemStyle": { "color": "var:1", "borderRadius": 3 },
            "label": { "show": true, "position": "right", "color": "var:text" },
        }],
    });
    let rows: Vec<Vec<AttrValue>> = parts
        .iter()
        .map(|part| {
            let share = (total > 0).then(|| part.count as f64 / total as f64 * 100.0);
            vec![part.label.clone(), format::integer(part.count as i64).into(), format::percent(share).into()]
        })
        .collect();
    html! { <Chart {id} {option} {summary} head={vec![name, t!("dashboard.kpis"), t!("dashboard.share")]} {rows} height="h-52" /> }
}

#[derive(Properties, PartialEq)]
pub struct DepartmentChartProps {
    pub data: ByDepartment,
}

/// Scores of the departments side by side, best first; those without a score at the end.
#[component]
pub fn DepartmentChart(props: &DepartmentChartProps) -> Html {
    let mut items: Vec<_> = props.data.items.iter().collect();
    items.sort_by(|one, two| {
        let key = |score: Option<f64>| score.unwrap_or(f64::NEG_INFINITY);
        key(two.score.score).total_cmp(&key(one.score.score))
    });
    let name =
        |name: &Option<String>| name.clone().map_or_else(|| t!("dashboard.no_department"), AttrValue::from);
    let best = items.iter().find(|item| item.score.score.is_some());
    let worst = items.iter().rev().find(|item| item.score.score.is_some());
    let summary = match (best, worst) {
        (Some(best), Some(worst)) if best.department_id != worst.department_id => t!(
            "dashboard.departments_summary",
            best = name(&best.department_name),
            high = format::points(best.score.score),
            worst = name(&worst.department_name),
            low = format::points(worst.score.score)
        ),
        (Some(only), _) => t!(
            "dashboard.departments_one",
            name = name(&only.department_name),
            score = format::points(only.score.score)
        ),
        _ => t!("dashboard.nothing"),
    };
    let labels: Vec<String> = items.iter().map(|item| name(&item.department_name).to_string()).collect();
    let data: Vec<Value> = items.iter().map(|item| rounded(item.score.score)).collect();
    let most = items.iter().filter_map(|item| item.score.score).fold(100.0, f64::max);
    let option = json!({
        "grid": { "left": 8, "right": 44, "top": 4, "bottom": 8, "containLabel": true },
        "tooltip": { "trigger": "item" },
        "xAxis": { "type": "value", "show": false, "min": 0, "max": most * 1.15 },
        "yAxis": { "type": "category", "inverse": true, "data": labels, "axisTick": { "show": false }, "splitLine": { "show": false } },
        "series": [{
            "type": "bar", "data": data, "barMaxWidth": 18,
            "itemStyle": { "color": "var:1", "borderRadius": 3 },
            "label": { "show": true, "position": "right", "color": "var:text" },
        }],
    });
    let head = vec![
        i18n::field_name("department_id"),
        t!("dashboard.kpis"),
        t!("dashboard.closed"),
        t!("dashboard.average_progress"),
        t!("dashboard.average_score"),
        t!("dashboard.coverage"),
    ];
    let rows: Vec<Vec<AttrValue>> = items
        .iter()
        .map(|item| {
            vec![
                name(&item.department_name),
                format::integer(item.total as i64).into(),
                format::integer(item.closed as i64).into(),
                format::percent(item.average_progress).into(),
                format::points(item.score.score).into(),
                t!("dashboard.of", scored = item.score.scored, total = item.score.total),
            ]
        })
        .collect();
    let height = if items.len() > 8 { "h-96" } else { "h-64" };
    html! { <Chart id="by-department" {option} {summary} {head} {rows} {height} /> }
}

/// One decimal place, as everywhere; nothing stays nothing.
fn rounded(value: Option<f64>) -> Value {
    value.map_or(Value::Null, |value| json!((value * 10.0).round() / 10.0))
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn a_missing_figure_is_a_gap_and_not_zero() {
        assert!(rounded(None).is_null());
        assert_eq!(rounded(Some(33.333)), serde_json::json!(33.3));
    }
}
