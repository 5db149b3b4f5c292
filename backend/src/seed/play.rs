//! Plays a plan: the days on which its acts happen, and what is said with them.

use kpi_api::{
    id::UserId,
    kpi::Act,
    time::{Date, Period},
};
use time::{Duration, Weekday};

use super::{
    cast,
    catalogue::{PATTERNS, at},
    course::{Course, Reading},
    definition,
    life::{Around, Birth, Life},
    plan::{Ending, Plan},
    random::Random,
    talk,
};
use crate::platform::failure::Outcome;

const NOTES: [&str; 8] = [
    "Two contracts moved to next month.",
    "Better than expected.",
    "Holiday season, few working days.",
    "Figures from the weekly report.",
    "New colleague is up to speed now.",
    "Supplier was late again.",
    "Campaign started on Monday.",
    "Checked with the team.",
];
const REJECTED: &str = "Please say how this is measured and agree on a target with the team first.";
const RETURNED: &str = "The last two weeks are missing. Please add them and submit again.";
const REVISED: &str = "Two large customers signed earlier than planned.";
const MISTYPED: &str = "A zero too many.";

/// A quarter as the seed sees it.
#[derive(Clone, Copy)]
pub struct Stage {
    pub period: Period,
    pub start: Date,
    pub end: Date,
    pub today: Date,
    /// First month of the fiscal year.
    pub first_month: u8,
    pub is_now: bool,
}

pub fn play(around: &Around<'_>, stage: Stage, plan: &Plan) -> Outcome<Life> {
    let mut life = lived(around, stage, plan)?;
    talk::about(&mut life, around, plan);
    Ok(life)
}

fn lived(around: &Around<'_>, stage: Stage, plan: &Plan) -> Outcome<Life> {
    let mut random = Random::of(&[6, plan.id as u64]);
    let definition = definition::define(&plan.wanted, stage.period, &mut random);
    let pattern = &PATTERNS[plan.wanted.pattern];
    let owner = plan.wanted.owner;
    let decider = around.scene.directory.approver_of(UserId(owner)).map_or(cast::ADMIN, |id| id.0);
    let is_new = matches!(plan.ending, Ending::Draft | Ending::Submitted | Ending::Rejected);
    let born = if is_new {
        before(stage.today, 4, 9, &mut random)
    } else {
        before(stage.start, 11, 20, &mut random)
    };
    let birth = Birth {
        id: plan.id,
        department_id: plan.department_id,
        definition: &definition,
        owner,
        check_in_days: i64::from(pattern.every),
    };
    let mut life = Life::begin(around, &birth, born)?;
    if plan.ending == Ending::Draft {
        return Ok(life);
    }
    let submitted =
        if is_new { before(stage.today, 1, 3, &mut random) } else { after(born, 0, 3, &mut random) };
    life.act(around, Act::Submit, owner, submitted, None)?;
    match plan.ending {
        Ending::Submitted => return Ok(life),
        Ending::Rejected => {
            life.act(around, Act::Reject, decider, before(stage.today, 0, 1, &mut random), Some(REJECTED))?;
            return Ok(life);
        }
        _ => {}
    }
    life.act(around, Act::Approve, decider, after(submitted, 1, 5, &mut random), None)?;

    let result_on = match plan.ending {
        Ending::Returned => Some(before(stage.today, 4, 6, &mut random).max(stage.start)),
        Ending::InReview => Some(before(stage.today, 1, 2, &mut random).max(stage.start)),
        Ending::Closed if stage.is_now => Some(before(stage.today, 3, 5, &mut random).max(stage.start)),
        Ending::Closed => Some(after(stage.end, 1, 3, &mut random)),
        _ => None,
    };
    let days = days(stage, plan.ending, pattern.every, result_on, &mut random);
    let course = Course { finish: plan.finish, check_ins: (90 / usize::from(pattern.every)).max(1) };
    let mistypes =
        owner == cast::EMPLOYEE && plan.wanted.pattern == at::REVENUE && plan.ending == Ending::Running;
    for (index, day) in days.iter().enumerate() {
        let is_last = index + 1 == days.len();
        // What is closed before the quarter ends has reached its end.
        let is_done_early = stage.is_now && is_last && plan.ending == Ending::Closed;
        let share = if is_done_early { 1.0 } else { stage.period.elapsed(*day, stage.first_month) };
        let reading = course.reading(&definition, share, &mut random);
        let by = if random.chance(0.03) { decider } else { owner };
        let note = if random.chance(0.3) { random.pick(&NOTES).copied().unwrap_or_default() } else { "" };
        if is_last && mistypes {
            let typed = Reading { value: reading.value * 10.0, milestones: None };
            life.check_in(around, owner, *day, &typed, note)?;
            life.correct(around, *day, reading.value, MISTYPED)?;
        } else {
            life.check_in(around, by, *day, &reading, note)?;
        }
    }
    if plan.ending == Ending::Revised {
        let raised = definition.target.map_or(1.0, |target| definition::rounded(target * 1.15, pattern.step));
        life.revise(around, before(stage.today, 1, 2, &mut random), raised, REVISED)?;
    }
    if let Some(day) = result_on {
        life.act(around, Act::SubmitResult, owner, day, None)?;
        match plan.ending {
            Ending::Returned => {
                life.act(
                    around,
                    Act::Return,
                    decider,
                    before(stage.today, 1, 2, &mut random),
                    Some(RETURNED),
                )?;
            }
            Ending::Closed => life.act(around, Act::Accept, decider, after(day, 1, 5, &mut random), None)?,
            _ => {}
        }
    }
    Ok(life)
}

/// The days with a check-in, oldest first: every so many days, on working days, within the quarter and not after the
/// result was submitted.
fn days(stage: Stage, ending: Ending, every: u16, result_on: Option<Date>, random: &mut Random) -> Vec<Date> {
    let every = i64::from(every);
    let last = match ending {
        Ending::Silent => return Vec::new(),
        Ending::Overdue => stage.today - Duration::days(every + random.whole(2, 6)),
        _ => result_on.unwrap_or(stage.today),
    };
    let last = last.min(stage.end);
    let mut days: Vec<Date> = Vec::new();
    let mut next = stage.start + Duration::days(random.whole(1, every - 1));
    while next <= last {
        days.push(working_day(next).max(stage.start));
        next += Duration::days(every);
    }
    days.dedup();
    let ends_here = !stage.is_now || result_on.is_some();
    let is_short = days.last().is_none_or(|day| (last - *day).whole_days() > 4);
    if ends_here && is_short && last >= stage.start {
        days.push(working_day(last).max(stage.start));
        days.dedup();
    }
    days
}

/// The Friday before a weekend.
fn working_day(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => day - Duration::days(1),
        Weekday::Sunday => day - Duration::days(2),
        _ => day,
    }
}

fn before(day: Date, least: i64, most: i64, random: &mut Random) -> Date {
    working_day(day - Duration::days(random.whole(least, most)))
}

fn after(day: Date, least: i64, most: i64, random: &mut Random) -> Date {
    let later = day + Duration::days(random.whole(least, most));
    match later.weekday() {
        Weekday::Saturday => later + Duration::days(2),
        Weekday::Sunday => later + Duration::days(1),
        _ => later,
    }
}
