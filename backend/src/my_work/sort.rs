//! Which section a KPI of one's own belongs to, and why. Pure.

use kpi_api::{
    kpi::{Act, Status},
    my_work::WorkReason,
    time::Date,
};
use time::Duration;

/// What the sorting looks at.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    pub status: Status,
    pub returned: bool,
    pub last_check_in_on: Option<Date>,
    pub approved_on: Option<Date>,
    /// Days between check-ins.
    pub rhythm: i64,
    pub starts_on: Date,
    pub ends_on: Date,
    pub due_date: Option<Date>,
    pub today: Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    DueNow,
    Returned,
    Upcoming,
}

/// A row of one's own list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub section: Section,
    pub reason: WorkReason,
    pub act: Act,
    pub due_on: Option<Date>,
}

/// `None` for what is done.
pub fn place(facts: Facts) -> Option<Place> {
    let at = |section, reason, act, due_on| Some(Place { section, reason, act, due_on });
    match facts.status {
        Status::Closed => None,
        Status::Rejected => at(Section::Returned, WorkReason::Rejected, Act::Edit, None),
        Status::Approved if facts.returned => {
            at(Section::Returned, WorkReason::Returned, Act::SubmitResult, facts.due_date)
        }
        Status::Draft => at(Section::Upcoming, WorkReason::DraftWaits, Act::Submit, facts.due_date),
        Status::Submitted | Status::InReview => {
            at(Section::Upcoming, WorkReason::InDecision, Act::Recall, None)
        }
        Status::Approved => approved(facts),
    }
}

fn approved(facts: Facts) -> Option<Place> {
    let last_day = facts.due_date.map_or(facts.ends_on, |due| due.min(facts.ends_on));
    let at = |section, reason, act, due_on| Some(Place { section, reason, act, due_on: Some(due_on) });
    if facts.today > last_day {
        let act = if facts.last_check_in_on.is_some() { Act::SubmitResult } else { Act::CheckIn };
        return at(Section::DueNow, WorkReason::ResultDue, act, last_day);
    }
    let due_on = match facts.last_check_in_on {
        Some(last) => last,
        // Nobody is late with a KPI that was only agreed in the middle of the quarter.
        None => facts.approved_on.map_or(facts.starts_on, |approved| approved.max(facts.starts_on)),
    }
    .saturating_add(Duration::days(facts.rhythm))
    .min(last_day);
    if due_on > facts.today {
        return at(Section::Upcoming, WorkReason::NextCheckIn, Act::CheckIn, due_on);
    }
    let never = facts.last_check_in_on.is_none();
    let reason = if never { WorkReason::NeverCheckedIn } else { WorkReason::CheckInDue };
    at(Section::DueNow, reason, Act::CheckIn, due_on)
}

#[cfg(test)]
mod tests {
    use ::time::macros::date;

    use super::*;

    fn facts() -> Facts {
        Facts {
            status: Status::Approved,
            returned: false,
            last_check_in_on: Some(date!(2026 - 02 - 01)),
            approved_on: Some(date!(2025 - 12 - 20)),
            rhythm: 14,
            starts_on: date!(2026 - 01 - 01),
            ends_on: date!(2026 - 03 - 31),
            due_date: None,
            today: date!(2026 - 02 - 10),
        }
    }

    #[test]
    fn a_check_in_is_due_when_the_rhythm_says_so() {
        let soon = place(facts()).unwrap();
        assert_eq!((soon.section, soon.due_on), (Section::Upcoming, Some(date!(2026 - 02 - 15))));
        let due = place(Facts { today: date!(2026 - 02 - 15), ..facts() }).unwrap();
        assert_eq!((due.section, due.reason), (Section::DueNow, WorkReason::CheckInDue));
        let never = place(Facts { last_check_in_on: None, ..facts() }).unwrap();
        assert_eq!((never.section, never.reason), (Section::DueNow, WorkReason::NeverCheckedIn));
        assert_eq!(never.due_on, Some(date!(2026 - 01 - 15)));
        let late = Facts { last_check_in_on: None, approved_on: Some(date!(2026 - 02 - 09)), ..facts() };
        assert_eq!(place(late).unwrap().due_on, Some(date!(2026 - 02 - 23)));
    }

    #[test]
    fn after_the_quarter_the_result_is_due() {
        let over = Facts { today: date!(2026 - 04 - 01), ..facts() };
        assert_eq!(place(over).unwrap().act, Act::SubmitResult);
        let nothing_yet = Facts { last_check_in_on: None, ..over };
        assert_eq!(place(nothing_yet).unwrap().act, Act::CheckIn);
    }

    #[test]
    fn what_came_back_stands_in_returned() {
        let returned = Facts { returned: true, ..facts() };
        assert_eq!(place(returned).unwrap().section, Section::Returned);
        assert_eq!(place(Facts { status: Status::Rejected, ..facts() }).unwrap().act, Act::Edit);
        assert_eq!(place(Facts { status: Status::Closed, ..facts() }), None);
    }
}
