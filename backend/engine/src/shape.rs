//! Reads what a script returned. What is not exactly a result is refused rather than guessed at.

use kpi_api::scoring::{Band, Finding, Input, Kind, Said};
use rhai::{Array, Dynamic, Map};
use serde_json::{Value, json};

use crate::{
    facts::{ContextFacts, KpiFacts},
    language::{kind, maybe_number},
    measure,
    outcome::{Reminder, Scored, Trouble},
    run::{Left, SENTENCE},
};

/// Findings or reminders of one run at most.
const LIST: usize = 200;

const ENTRIES: [&str; 4] = ["score", "progress", "band", "steps"];

pub(crate) fn scored(
    returned: Dynamic,
    left: Left,
    kpi: &KpiFacts,
    ctx: &ContextFacts,
) -> Result<Scored, Trouble> {
    let what = kind(&returned);
    let map: Map = returned.try_cast().ok_or_else(|| {
        Trouble::shape(format!("score has to return a map like #{{ score: 75 }}, not {what}"))
    })?;
    if let Some(stray) = map.keys().find(|key| !ENTRIES.contains(&key.as_str())) {
        return Err(Trouble::shape(format!("a score has no entry `{stray}`; it has {}", ENTRIES.join(", "))));
    }
    let Some(score) = map.get("score") else {
        return Err(Trouble::shape("the entry `score` is missing; without a value it is ()"));
    };
    let cap = kpi.cap.filter(|c| c.is_finite()).unwrap_or(ctx.settings.cap);
    let score = within("score", score, cap)?;
    let attainment = measure::attainment(kpi);
    let progress = match (map.get("progress"), score) {
        (Some(progress), Some(_)) if !progress.is_unit() => within("progress", progress, 100.0)?,
        (Some(progress), None) if !progress.is_unit() => {
            return Err(Trouble::shape("there is progress, but no score"));
        }
        (_, None) => None,
        (_, Some(score)) => Some(attainment.map_or(score, |p| 100.0 * p).clamp(0.0, 100.0)),
    };
    let band = match map.get("band") {
        Some(band) if !band.is_unit() => word(band)?,
        _ => ctx.settings.bands.of(score),
    };
    if (band == Band::None) != score.is_none() {
        return Err(Trouble::shape("the band is none exactly when there is no score"));
    }
    let mut steps = left.steps;
    if let Some(further) = map.get("steps").filter(|steps| !steps.is_unit()) {
        for line in list("steps", further.clone())? {
            let text = line.into_immutable_string().map_err(|_| Trouble::shape("a step has to be a text"))?;
            if text.len() > SENTENCE {
                return Err(Trouble::shape(format!("a sentence may have {SENTENCE} characters")));
            }
            steps.push(Said::plain(text.as_str()));
        }
    }
    Ok(Scored {
        score,
        progress_percentage: progress,
        attainment,
        current_value: measure::current_value(kpi),
        band,
        cap,
        steps,
        inputs: inputs(kpi, cap),
        operations: left.operations,
    })
}

pub(crate) fn findings(returned: Dynamic) -> Result<Vec<Finding>, Trouble> {
    list("validate", returned)?
        .into_iter()
        .map(|item| {
            let what = kind(&item);
            item.try_cast()
                .ok_or_else(|| Trouble::shape(format!("a finding is error(...) or warn(...), not {what}")))
        })
        .collect()
}

pub(crate) fn reminders(returned: Dynamic) -> Result<Vec<Reminder>, Trouble> {
    list("remind", returned)?
        .into_iter()
        .map(|item| {
            let what = kind(&item);
            item.try_cast().ok_or_else(|| Trouble::shape(format!("a reminder is remind(...), not {what}")))
        })
        .collect()
}

fn list(name: &str, value: Dynamic) -> Result<Array, Trouble> {
    let what = kind(&value);
    let items: Array =
        value.try_cast().ok_or_else(|| Trouble::shape(format!("`{name}` has to be an array, not {what}")))?;
    if items.len() > LIST {
        return Err(Trouble::shape(format!("`{name}` has {} elements; {LIST} are read", items.len())));
    }
    Ok(items)
}

/// A number from 0 to `most`, or none.
fn within(name: &str, value: &Dynamic, most: f64) -> Result<Option<f64>, Trouble> {
    if value.is_unit() {
        return Ok(None);
    }
    match maybe_number(value) {
        None => Err(Trouble::shape(format!("`{name}` has to be a number or (), not {}", kind(value)))),
        Some(x) if !x.is_finite() => Err(Trouble::shape(format!("`{name}` is not a finite number"))),
        Some(x) if !(0.0..=most).contains(&x) => {
            Err(Trouble::shape(format!("`{name}` is {x}, which is not between 0 and {most}")))
        }
        // Adding zero turns -0 into 0.
        Some(x) => Ok(Some(x + 0.0)),
    }
}

fn word(band: &Dynamic) -> Result<Band, Trouble> {
    let wrong = || Trouble::shape("`band` is one of green, amber, red, none");
    band.clone().into_immutable_string().map_err(|_| wrong())?.parse().map_err(|_| wrong())
}

/// What went into a score: the fields that count for the KPI's kind and direction.
fn inputs(kpi: &KpiFacts, cap: f64) -> Vec<Input> {
    let measured = matches!(kpi.kind, Kind::Number | Kind::Percentage);
    let in_range = kpi.direction == kpi_api::scoring::Direction::InRange;
    let rows: [(&str, bool, Value); 10] = [
        ("kind", true, json!(kpi.kind)),
        ("direction", measured, json!(kpi.direction)),
        ("baseline", measured && !in_range, json!(kpi.baseline)),
        ("target", measured && !in_range, json!(kpi.target)),
        ("lower", measured && in_range, json!(kpi.lower)),
        ("upper", measured && in_range, json!(kpi.upper)),
        ("rollup", kpi.kind != Kind::Milestones, json!(kpi.rollup)),
        ("check_ins", kpi.kind != Kind::Milestones, json!(kpi.check_ins.len())),
        ("current", true, json!(measure::current_value(kpi))),
        ("cap", true, json!(cap)),
    ];
    let milestones = (kpi.kind == Kind::Milestones)
        .then(|| Input { name: "milestones".into(), value: json!(kpi.milestones) });
    rows.into_iter()
        .filter(|(_, counts, _)| *counts)
        .map(|(name, _, value)| Input { name: name.into(), value })
        .chain(milestones)
        .collect()
}
