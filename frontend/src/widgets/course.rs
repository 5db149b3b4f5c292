//! The way of a KPI through its quarter: its check-ins as a line beside the expected one and the target.

use kpi_api::{
    checkin::CheckInView,
    kpi::{KpiNew, KpiView, expected_value},
    scoring::{Direction, Kind, Rollup},
    time::Date,
};
use serde_json::{Value, json};
use yew::prelude::*;

use super::measure::Measure;
use crate::{core::format, t, tn, ui::Chart};

/// The value of the quarter after each day that counts, oldest first: what the rollup makes of the check-ins so far.
/// Corrected ones no longer count.
pub fn course(check_ins: &[CheckInView], rollup: Rollup) -> Vec<(Date, f64)> {
    let mut valid: Vec<&CheckInView> = check_ins.iter().filter(|row| row.corrected_by_id.is_none()).collect();
    valid.sort_by_key(|row| (row.on, row.id));
    let mut points: Vec<(Date, f64)> = Vec::with_capacity(valid.len());
    let (mut sum, mut high, mut low) = (0.0, f64::NEG_INFINITY, f64::INFINITY);
    for (index, row) in valid.into_iter().enumerate() {
        sum += row.value;
        high = high.max(row.value);
        low = low.min(row.value);
        let value = match rollup {
            Rollup::Last => row.value,
            Rollup::Sum => sum,
            Rollup::Mean => sum / (index + 1) as f64,
            Rollup::Max => high,
            Rollup::Min => low,
        };
        match points.last_mut() {
            Some(last) if last.0 == row.on => last.1 = value,
            _ => points.push((row.on, value)),
        }
    }
    points
}

/// The straight way from the first to the last day of the quarter; none where the KPI has no such way.
pub fn expected_line(kpi: &KpiNew, first: Date, last: Date) -> Option<[(Date, f64); 2]> {
    Some([(first, expected_value(kpi, 0.0)?), (last, expected_value(kpi, 1.0)?)])
}

#[derive(Properties, PartialEq)]
pub struct CourseChartProps {
    pub kpi: std::rc::Rc<KpiView>,
    pub check_ins: Vec<CheckInView>,
    #[prop_or("h-64")]
    pub height: &'static str,
}

#[component]
pub fn CourseChart(props: &CourseChartProps) -> Html {
    let kpi = &props.kpi;
    let measure = Measure::from(&**kpi);
    let points = course(&props.check_ins, kpi.rollup);
    let expected = expected_line(&kpi.definition(), kpi.starts_on, kpi.ends_on);
    let summary = match points.last() {
        None => t!("kpi.course.none"),
        Some((day, value)) => tn!(
            "kpi.course.summary",
            points.len(),
            day = format::date(*day),
            value = measure.value(Some(*value)),
            target = measure.target()
        ),
    };
    html! {
        <Chart
            id={format!("course-{}", kpi.id)}
            option={option(kpi, &points, expected)}
            {summary}
            head={vec![t!("kpi.course.day"), t!("kpi.course.value")]}
            rows={points.iter().map(|(day, value)| vec![format::date(*day), measure.value(Some(*value))]).collect::<Vec<_>>()}
            height={props.height}
        />
    }
}

fn option(kpi: &KpiView, points: &[(Date, f64)], expected: Option<[(Date, f64); 2]>) -> Value {
    let pairs = |points: &[(Date, f64)]| -> Vec<Value> {
        points.iter().map(|(day, value)| json!([day.to_string(), value])).collect()
    };
    let mut actual = json!({
        "name": t!("kpi.course.value").as_str(),
        "type": "line",
        "symbol": "circle",
        "symbolSize": 8,
        "lineStyle": { "width": 2.5 },
        "data": pairs(points),
    });
    if kpi.kind == Kind::Boolean {
        actual["step"] = json!("end");
    }
    let ranged = kpi.direction == Direction::InRange && matches!(kpi.kind, Kind::Number | Kind::Percentage);
    let mut values: Vec<f64> = points.iter().map(|(_, value)| *value).collect();
    if let (true, Some(lower), Some(upper)) = (ranged, kpi.lower, kpi.upper) {
        values.extend([lower, upper]);
        actual["markArea"] = json!({
            "silent": true,
            "itemStyle": { "color": "var:good", "opacity": 0.12 },
            "label": { "show": true, "position": "insideTopRight", "color": "var:text" },
            "data": [[{ "yAxis": lower, "name": t!("kpi.course.range").as_str() }, { "yAxis": upper }]],
        });
    } else if let Some(target) = kpi.target.filter(|_| matches!(kpi.kind, Kind::Number | Kind::Percentage)) {
        values.push(target);
        actual["markLine"] = json!({
            "silent": true,
            "symbol": "none",
            "lineStyle": { "color": "var:good", "type": "solid", "width": 1.5 },
            "label": { "position": "insideStartTop", "color": "var:text", "formatter": t!("kpi.course.target").as_str() },
            "data": [{ "yAxis": target }],
        });
    }
    let mut series = vec![actual];
    let mut names = vec![t!("kpi.course.value").to_string()];
    if let Some(line) = expected {
        values.extend(line.iter().map(|(_, value)| *value));
        names.push(t!("kpi.course.expected").to_string());
        series.push(json!({
            "name": t!("kpi.course.expected").as_str(),
            "type": "line",
            "symbol": "none",
            "silent": true,
            "lineStyle": { "type": "dashed", "width": 1.5, "color": "var:text" },
            "itemStyle": { "color": "var:text" },
            "data": pairs(&line),
        }));
    }
    let (low, high, step) = bounds(kpi.kind, &values);
    json!({
        "grid": { "left": 8, "right": 16, "top": 16, "bottom": 36, "containLabel": true },
        "legend": { "bottom": 0, "data": names, "icon": "roundRect", "itemHeight": 4, "itemWidth": 16 },
        "tooltip": { "trigger": "axis" },
        "xAxis": { "type": "time", "min": kpi.starts_on.to_string(), "max": kpi.ends_on.to_string(), "splitLine": { "show": false }, "axisLabel": { "hideOverlap": true, "color": "var:text" } },
        "yAxis": { "type": "value", "min": low, "max": high, "interval": step },
        "series": series,
    })
}

/// Room around everything that is drawn, and the distance of the lines: (lowest, highest, distance). Milestones, and yes
/// or no, have ends of their own.
fn bounds(kind: Kind, values: &[f64]) -> (f64, f64, f64) {
    match kind {
        Kind::Boolean => return (0.0, 1.0, 1.0),
        Kind::Milestones => return (0.0, 100.0, 20.0),
        Kind::Number | Kind::Percentage => {}
    }
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !low.is_finite() || !high.is_finite() {
        return (0.0, 1.0, 0.5);
    }
    let span = if high > low { high - low } else { high.abs().max(1.0) };
    let step = round_step(span / 4.0);
    let below = ((low - span * 0.05) / step).floor() * step;
    let above = ((high + span * 0.05) / step).ceil() * step;
    (if low >= 0.0 { below.max(0.0) } else { below }, above, step)
}

/// The next of 1, 2, 2.5 and 5 times a power of ten.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    [1.0, 2.0, 2.5, 5.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= least)
        .unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use kpi_api::{
        id::{CheckInId, KpiId, UserId},
        time::{Quarter, Timestamp},
    };

    use super::*;

    fn day(ordinal: u16) -> Date {
        Date::from_ordinal_date(2026, ordinal).unwrap()
    }

    fn row(id: i64, on: u16, value: f64) -> CheckInView {
        CheckInView {
            id: CheckInId(id),
            kpi_id: KpiId(1),
            on: day(on),
            value,
            note: String::new(),
            confidence: None,
            milestones: None,
            by: UserId(1),
            by_name: "Ada".into(),
            for_owner: false,
            created_at: Timestamp(0),
            corrects_id: None,
            corrected_by_id: None,
            reason: None,
        }
    }

    #[test]
    fn the_course_follows_the_rollup_and_leaves_corrected_values_out() {
        let wrong = CheckInView { corrected_by_id: Some(CheckInId(3)), ..row(2, 20, 900.0) };
        let rows = [row(4, 30, 20.0), row(3, 20, 40.0), wrong, row(1, 10, 10.0)];
        let values = |rollup| course(&rows, rollup).into_iter().map(|(_, value)| value).collect::<Vec<_>>();
        assert_eq!(values(Rollup::Last), [10.0, 40.0, 20.0]);
        assert_eq!(values(Rollup::Sum), [10.0, 50.0, 70.0]);
        assert_eq!(values(Rollup::Mean), [10.0, 25.0, 70.0 / 3.0]);
        assert_eq!(values(Rollup::Max), [10.0, 40.0, 40.0]);
        assert_eq!(values(Rollup::Min), [10.0, 10.0, 10.0]);
        assert_eq!(course(&rows, Rollup::Last)[0].0, day(10));
    }

    #[test]
    fn two_values_of_a_day_are_one_point() {
        assert_eq!(course(&[row(1, 5, 1.0), row(2, 5, 3.0)], Rollup::Last), [(day(5), 3.0)]);
        assert_eq!(course(&[row(1, 5, 1.0), row(2, 5, 3.0)], Rollup::Sum), [(day(5), 4.0)]);
    }

    #[test]
    fn the_expected_line_runs_from_baseline_to_target_and_down_when_less_is_better() {
        let mut kpi = KpiNew::blank(2026, Quarter::Q1);
        (kpi.baseline, kpi.target, kpi.direction) = (Some(50.0), Some(20.0), Direction::Decrease);
        let ends =
            |kpi: &KpiNew| expected_line(kpi, day(1), day(90)).map(|line| line.map(|(_, value)| value));
        assert_eq!(ends(&kpi), Some([50.0, 20.0]));
        kpi.baseline = None;
        assert_eq!(ends(&kpi), None);
        kpi.direction = Direction::Increase;
        assert_eq!(ends(&kpi), Some([0.0, 20.0]));
        kpi.direction = Direction::InRange;
        assert_eq!(ends(&kpi), None);
    }

    #[test]
    fn the_axis_leaves_room_and_does_not_go_below_zero_for_nothing() {
        assert_eq!(bounds(Kind::Number, &[10.0, 90.0]), (0.0, 100.0, 20.0));
        assert_eq!(bounds(Kind::Number, &[]), (0.0, 1.0, 0.5));
        assert!(bounds(Kind::Number, &[-5.0, 5.0]).0 < -5.0);
    }
}
