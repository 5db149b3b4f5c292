//! What the numbers among the fields count.

/// The unit of a number: `points`, `percent`, `share`, `days`, `kpi_unit` (whatever the KPI is measured in), `weight`,
/// `count`, `year`, `number` of a person or thing, `scale` from 1 to 10. `None` for what is no number.
pub(crate) fn unit(record: &str, field: &str, ty: &str) -> Option<&'static str> {
    if !matches!(ty.trim_end_matches('?'), "number" | "whole") {
        return None;
    }
    Some(match (record, field) {
        (_, "score" | "cap" | "green" | "amber") => "points",
        (_, "baseline" | "target" | "stretch" | "lower" | "upper" | "current" | "value") => "kpi_unit",
        ("kpi", "weight") | (_, "period_weight") => "percent",
        ("milestone", "weight") => "weight",
        (_, "elapsed") => "share",
        (_, "days_left" | "check_in_days" | "max_age_days") => "days",
        (_, "year") => "year",
        (_, "confidence") => "scale",
        (_, "id" | "parent_id") => "number",
        _ => "count",
    })
}
