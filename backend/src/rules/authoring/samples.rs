//! KPIs to try a rule on: the edge cases that rules get wrong, then stored ones in its scope.

use kpi_api::{
    id::{KpiId, RuleId, UserId},
    rules::cases::{Sample, SampleList},
    scoring::RuleKind,
};
use serde_json::{Map, Value, json};

use super::{kind, load, scope};
use crate::{
    auth::actor::Call,
    platform::failure::Outcome,
    rules::{
        repo::{self, Among},
        shelf::Scope,
    },
};

/// Stored KPIs at most.
const STORED: u64 = 20;

pub async fn samples(call: &Call, id: RuleId) -> Outcome<SampleList> {
    let whole = load(call.ctx.db.read(), id).await?;
    let directory = call.ctx.directory().await?;
    let among = match scope(&whole)? {
        Scope::Global => Among::All,
        Scope::Template(id) => Among::Template(id.0),
        Scope::Department(id) => {
            Among::Departments(directory.subtree(id).into_iter().map(|id| id.0).collect())
        }
    };
    let stored = repo::some_kpis(call.ctx.db.read(), among, STORED).await?;
    let stored = stored.into_iter().map(|row| Sample {
        key: format!("kpi:{}", row.id),
        title: row.title,
        is_pinned: false,
        kpi_id: Some(KpiId(row.id)),
        owner: Some(directory.name(UserId(row.user_id))),
        kpi: Map::new(),
        ctx: Map::new(),
    });
    Ok(SampleList { items: edges(kind(&whole)?).into_iter().chain(stored).collect() })
}

/// The pinned ones of a kind.
fn edges(kind: RuleKind) -> Vec<Sample> {
    let measured = [
        ("no_value", "No value yet", json!({ "baseline": 0, "target": 100 }), json!({})),
        ("zero_target", "A target of zero", json!({ "target": 0, "current": 5 }), json!({})),
        (
            "target_is_baseline",
            "The target equals the start",
            json!({ "baseline": 95, "target": 95, "current": 94 }),
            json!({}),
        ),
        (
            "over_cap",
            "Far beyond the cap",
            json!({ "baseline": 0, "target": 100, "current": 500 }),
            json!({}),
        ),
        (
            "lower_is_better",
            "Less is better",
            json!({ "direction": "decrease", "baseline": 200, "target": 100, "current": 120 }),
            json!({}),
        ),
        (
            "in_range",
            "Below its range",
            json!({ "direction": "in_range", "lower": 90, "upper": 110, "current": 80 }),
            json!({}),
        ),
        ("yes_no", "Yes or no, not done", json!({ "kind": "boolean", "current": 0 }), json!({})),
        (
            "milestones",
            "One of two milestones",
            json!({ "kind": "milestones", "milestones": [
                { "title": "Plan", "weight": 1, "done": true }, { "title": "Build", "weight": 1 }] }),
            json!({}),
        ),
    ];
    let timed = [
        ("overdue", "A check-in is overdue", json!({ "target": 100, "approved": "2026-01-10" }), json!({})),
        (
            "quarter_ends",
            "The quarter ends tomorrow",
            json!({ "target": 100, "check_ins": [{ "on": "2026-03-28", "value": 60 }] }),
            json!({ "today": "2026-03-30", "quarter": { "elapsed": 0.99, "days_left": 1 } }),
        ),
    ];
    let event = match kind {
        RuleKind::Score => None,
        RuleKind::Validate => Some("submit"),
        RuleKind::Remind => Some("schedule"),
    };
    let rows: Vec<_> = match kind {
        RuleKind::Score => measured.into_iter().collect(),
        RuleKind::Validate => measured.into_iter().chain(timed).collect(),
        RuleKind::Remind => timed.into_iter().chain(measured).collect(),
    };
    let sample = |(key, title, kpi, mut ctx): (&str, &str, Value, Value)| {
        if let Some(event) = event {
            ctx["event"] = event.into();
        }
        Sample {
            key: key.to_owned(),
            title: title.to_owned(),
            is_pinned: true,
            kpi_id: None,
            owner: None,
            kpi: kpi.as_object().cloned().unwrap_or_default(),
            ctx: ctx.as_object().cloned().unwrap_or_default(),
        }
    };
    rows.into_iter().map(sample).collect()
}

#[cfg(test)]
mod tests {
    use kpi_engine::{ContextFacts, KpiFacts, cases};

    use super::*;

    #[test]
    fn every_edge_case_can_be_read_by_rules() {
        for kind in RuleKind::ALL {
            for sample in edges(*kind) {
                cases::facts::<KpiFacts>(&sample.kpi).unwrap();
                cases::facts::<ContextFacts>(&sample.ctx).unwrap();
            }
        }
        let keys: Vec<_> = edges(RuleKind::Score).into_iter().map(|sample| sample.key).collect();
        let first =
            ["no_value", "zero_target", "target_is_baseline", "over_cap", "lower_is_better", "in_range"];
        assert_eq!(keys[..6], first);
    }
}
