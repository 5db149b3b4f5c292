//! What becomes due about a KPI, day after day, by what its people have been told already. A round asks for one day, a
//! rehearsal for many; nothing else differs between them.

use std::collections::HashMap;

use kpi_api::{
    id::{RuleId, UserId},
    scoring::Said,
    time::Date,
};
use kpi_engine::Event;
use time::Duration;

use super::{
    asking::{Asker, Wish},
    receivers::receivers,
};
use crate::{
    kpi::{
        audience::Audience,
        scoring::{self, Scene, Subject},
    },
    platform::failure::Outcome,
};

/// An open KPI with everything that its reminders depend on.
pub struct OpenKpi {
    pub id: i64,
    pub version: i64,
    pub subject: Subject,
    pub audience: Audience,
    /// The day on which a person was last told of a reason.
    pub told: Told,
}

pub type Told = HashMap<(UserId, String), Date>;

/// A reminder that is due for one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    pub on: Date,
    pub user: UserId,
    pub kpi_id: i64,
    pub kpi_version: i64,
    pub kpi_title: String,
    pub rule_id: RuleId,
    pub rule: String,
    pub reason: String,
    /// Days.
    pub every: u16,
    pub title: Said,
    pub text: Said,
}

/// What is due about a KPI on the days of the scenes, which follow each other. What is due on one day counts as told on
/// the next. `None` where the time is over before all days are looked at.
pub fn plan(
    asker: &Asker,
    kpi: OpenKpi,
    scenes: &[Scene],
    is_over: impl Fn() -> bool,
) -> Outcome<Option<Vec<Due>>> {
    let OpenKpi { id, version, subject, audience, mut told } = kpi;
    let title = subject.definition.title.clone();
    let mut due = Vec::new();
    let mut subject = Some(subject);
    for (number, scene) in scenes.iter().enumerate() {
        if is_over() {
            return Ok(None);
        }
        let is_last = number + 1 == scenes.len();
        let Some(told_about) = (if is_last { subject.take() } else { subject.clone() }) else { break };
        let (place, facts, ctx) = scoring::told(scene, told_about, Event::Schedule, None, None)?;
        for Wish { rule_id, rule, reminder } in asker.ask(&scene.directory, place, &facts, &ctx) {
            for user in receivers(&scene.directory, &audience, reminder.to) {
                let key = (user, reminder.reason.clone());
                if told.get(&key).is_some_and(|last| !has_passed(*last, reminder.every, scene.today)) {
                    continue;
                }
                told.insert(key, scene.today);
                due.push(Due {
                    on: scene.today,
                    user,
                    kpi_id: id,
                    kpi_version: version,
                    kpi_title: title.clone(),
                    rule_id,
                    rule: rule.clone(),
                    reason: reminder.reason.clone(),
                    every: reminder.every,
                    title: reminder.title.clone(),
                    text: reminder.text.clone(),
                });
            }
        }
    }
    Ok(Some(due))
}

/// Whether so many days have passed since the last time.
fn has_passed(last: Date, every: u16, today: Date) -> bool {
    last.saturating_add(Duration::days(every.into())) <= today
}

/// The latest day on which somebody may have been told for it to be due again.
pub fn told_before(every: u16, today: Date) -> Date {
    today.saturating_sub(Duration::days(every.into()))
}

#[cfg(test)]
mod tests {
    use ::time::macros::date;

    use super::*;

    #[test]
    fn an_interval_is_over_on_its_last_day() {
        let last = date!(2026 - 02 - 01);
        assert!(!has_passed(last, 7, date!(2026 - 02 - 07)));
        assert!(has_passed(last, 7, date!(2026 - 02 - 08)));
        assert!(!has_passed(last, 1, last));
        assert_eq!(told_before(7, date!(2026 - 02 - 08)), last);
    }
}
