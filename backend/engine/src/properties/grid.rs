//! The KPIs on which rules are tried.

use kpi_api::scoring::{Bands, Direction, Kind, Milestone, Rollup};
use time::macros::date;

use super::Common;
use crate::{
    CheckInFacts, ContextFacts, EvidenceFacts, KpiFacts, SettingsFacts, TemplateFacts, number::text,
};

/// A KPI with its values from none over the worst to the best.
pub(super) struct Ladder {
    /// What the KPI is like, in words.
    pub name: String,
    pub rungs: Vec<Option<f64>>,
    kpi: KpiFacts,
}

impl Ladder {
    /// The KPI with that value: a check-in, or so many milestones.
    pub fn kpi(&self, value: Option<f64>) -> KpiFacts {
        let mut kpi = self.kpi.clone();
        let Some(value) = value else { return kpi };
        for (done, milestone) in kpi.milestones.iter_mut().enumerate() {
            milestone.done = (done as f64) < value;
        }
        kpi.check_ins.push(CheckInFacts {
            on: date!(2026 - 02 - 10),
            value,
            note: "So far".into(),
            confidence: Some(7),
        });
        kpi
    }

    /// Whether a rule with these KPIs alone may come across it. Yes or no and milestones have no direction.
    pub fn fits(&self, common: Common) -> bool {
        let is_number = |kind| matches!(kind, Kind::Number | Kind::Percentage);
        let (own, kind) = (is_number(self.kpi.kind), self.kpi.kind);
        let is_kind = common.kind.is_none_or(|wanted| wanted == kind || is_number(wanted) && own);
        let is_way = common.direction.is_none_or(|wanted| !own || wanted == self.kpi.direction);
        is_kind && is_way
    }

    pub fn words(&self, value: Option<f64>) -> String {
        match value {
            Some(value) => format!("{}, value {}", self.name, text(value)),
            None => format!("{}, no value", self.name),
        }
    }
}

/// The usual settings, and a company's own.
pub(super) fn settings() -> [ContextFacts; 2] {
    let own = SettingsFacts { bands: Bands { green: 80.0, amber: 50.0 }, cap: 100.0 };
    [ContextFacts::default(), ContextFacts { settings: own, ..ContextFacts::default() }]
}

pub(super) fn ladders() -> Vec<Ladder> {
    let mut all = Vec::new();
    for (baseline, target) in [
        (Some(0.0), Some(100.0)),
        (None, Some(100.0)),
        (Some(20.0), Some(80.0)),
        (None, Some(0.0)),
        (Some(50.0), Some(50.0)),
        (None, Some(-10.0)),
        (Some(-20.0), Some(-5.0)),
        (None, Some(0.001)),
        (None, None),
    ] {
        all.push(towards(Direction::Increase, baseline, target));
        // From the other side: what is to fall begins above its target.
        let (baseline, target) =
            if baseline > target && baseline.is_some() { (target, baseline) } else { (baseline, target) };
        let (baseline, target) = match (baseline, target) {
            (Some(b), Some(t)) => (Some(t), Some(b)),
            other => other,
        };
        all.push(towards(Direction::Decrease, baseline, target));
    }
    for (lower, upper) in [
        (Some(90.0), Some(110.0)),
        (Some(0.0), Some(5.0)),
        (Some(-10.0), Some(-5.0)),
        (Some(5.0), Some(5.0)),
        (Some(1.0), None),
    ] {
        all.extend(in_range(lower, upper));
    }
    all.push(yes_or_no());
    all.extend([vec![1.0, 3.0, 1.0], vec![0.0, 0.0], vec![]].map(milestones));
    all.extend(capped());
    all
}

fn usual() -> KpiFacts {
    KpiFacts {
        id: Some(1),
        unit: "units".into(),
        evidence: EvidenceFacts { count: 1, kinds: vec!["pdf".into()], fresh: 1, ..EvidenceFacts::default() },
        template: Some(TemplateFacts::default()),
        created: Some(date!(2026 - 01 - 02)),
        updated: Some(date!(2026 - 02 - 10)),
        approved: Some(date!(2026 - 01 - 05)),
        ..KpiFacts::default()
    }
}

fn end(value: Option<f64>) -> String {
    value.map_or("nothing".into(), text)
}

fn towards(direction: Direction, baseline: Option<f64>, target: Option<f64>) -> Ladder {
    let (low, high) = (baseline.or(target).unwrap_or(0.0), target.unwrap_or(100.0));
    let span = if high == low { high.abs().max(1.0) } else { high - low };
    // Around the start, the target and what lies beyond it, dense where steps and bands usually are.
    let shares = [
        -10.0, -1.0, -0.1, 0.0, 0.01, 0.25, 0.5, 0.65, 0.7, 0.75, 0.8, 0.89, 0.9, 0.95, 0.99, 1.0, 1.01, 1.1,
        1.2, 1.3, 2.0, 10.0, 1e6,
    ];
    let mut values: Vec<f64> = shares.iter().map(|share| low + share * span).collect();
    if baseline.is_none() {
        values.extend([0.0, target.unwrap_or(0.0) / 2.0, target.unwrap_or(0.0) * 0.9]);
    }
    values.sort_by(f64::total_cmp);
    values.dedup();
    if direction == Direction::Decrease {
        values.reverse();
    }
    let wanted = if direction == Direction::Increase { "more is better" } else { "less is better" };
    Ladder {
        name: format!("A number where {wanted}, from {} to {}", end(baseline), end(target)),
        rungs: rungs(values),
        kpi: KpiFacts { direction, baseline, target, ..usual() },
    }
}

/// Towards the range from both sides.
fn in_range(lower: Option<f64>, upper: Option<f64>) -> [Ladder; 2] {
    let (low, high) = (lower.unwrap_or(0.0), upper.unwrap_or(0.0));
    let step = low.abs().max(1.0);
    let away = [1e6, 10.0, 2.0, 1.0, 0.5, 0.3, 0.2, 0.1, 0.01];
    let kpi = KpiFacts { direction: Direction::InRange, lower, upper, ..usual() };
    let ladder = |side: &str, values: Vec<f64>| Ladder {
        name: format!("A number that stays from {} to {}, coming from {side}", end(lower), end(upper)),
        rungs: rungs(values),
        kpi: kpi.clone(),
    };
    let middle = low + (high - low) / 2.0;
    let below = away.iter().map(|d| low - d * step).chain([low, middle]).collect();
    let above = away.iter().map(|d| high + d * step).chain([high, middle]).collect();
    [ladder("below", below), ladder("above", above)]
}

fn yes_or_no() -> Ladder {
    Ladder {
        name: "A KPI of yes or no".into(),
        rungs: rungs(vec![0.0, 1.0]),
        kpi: KpiFacts { kind: Kind::Boolean, ..usual() },
    }
}

fn milestones(weights: Vec<f64>) -> Ladder {
    let titled = |(index, weight): (usize, &f64)| Milestone {
        title: format!("Part {}", index + 1),
        weight: *weight,
        done: false,
    };
    Ladder {
        name: format!("A KPI of {} milestones", weights.len()),
        rungs: rungs((0..=weights.len()).map(|done| done as f64).collect()),
        kpi: KpiFacts {
            kind: Kind::Milestones,
            milestones: weights.iter().enumerate().map(titled).collect(),
            ..usual()
        },
    }
}

/// Caps of their own, percentages, a stretch goal, several values.
fn capped() -> [Ladder; 4] {
    let with = |name: &str, change: &dyn Fn(&mut KpiFacts)| {
        let mut ladder = towards(Direction::Increase, Some(0.0), Some(100.0));
        change(&mut ladder.kpi);
        ladder.name = format!("{}, {name}", ladder.name);
        ladder
    };
    [
        with("capped at 80", &|kpi| kpi.cap = Some(80.0)),
        with("capped at 200", &|kpi| kpi.cap = Some(200.0)),
        with("with a stretch goal of 120", &|kpi| {
            kpi.kind = Kind::Percentage;
            kpi.stretch = Some(120.0);
        }),
        with("the largest of several values", &|kpi| {
            kpi.rollup = Rollup::Max;
            let value = -1e9;
            kpi.check_ins.push(CheckInFacts {
                on: date!(2026 - 01 - 20),
                value,
                note: String::new(),
                confidence: None,
            });
        }),
    ]
}

fn rungs(values: Vec<f64>) -> Vec<Option<f64>> {
    std::iter::once(None).chain(values.into_iter().map(Some)).collect()
}
