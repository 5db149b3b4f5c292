//! Whether a job is due. Pure.

use kpi_api::{
    job::{JobCause, JobState},
    time::Timestamp,
};

use super::schedule::Schedule;

/// A run that begins later than this after its time catches up, in milliseconds.
const PUNCTUAL: i64 = 5 * 60 * 1000;

/// The last run that the schedule, not a person, asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastRun {
    pub scheduled_for: Timestamp,
    pub cause: JobCause,
    pub state: JobState,
}

/// The time for which a job has to run now, and why. However many times were missed, one run makes up for all of them.
///
/// `since` is when the job got its present times: those before it were never planned. A run on schedule that was
/// interrupted is made up for once; a run that makes up for something is not repeated, so that a job that brings the
/// server down does not do so again and again.
pub fn due(
    schedule: &Schedule,
    since: Timestamp,
    last: Option<LastRun>,
    now: Timestamp,
) -> Option<(Timestamp, JobCause)> {
    if let Some(last) = last
        && last.state == JobState::Interrupted
        && last.cause == JobCause::Schedule
        && last.scheduled_for < now
    {
        return Some((now, JobCause::CatchUp));
    }
    let base = last.map_or(since, |last| last.scheduled_for.max(since));
    let latest = schedule.latest(now).filter(|latest| *latest > base)?;
    let cause = if now.0 - latest.0 > PUNCTUAL { JobCause::CatchUp } else { JobCause::Schedule };
    Some((latest, cause))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn daily() -> Schedule {
        Schedule::new("0 7 * * *", TimeZone::UTC).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        format!("2026-02-{text}Z").parse().unwrap()
    }

    fn ran(text: &str, cause: JobCause, state: JobState) -> Option<LastRun> {
        Some(LastRun { scheduled_for: at(text), cause, state })
    }

    #[test]
    fn a_job_is_due_at_its_time_and_not_before() {
        let since = at("10T12:00:00");
        let asked = |now: &str, last| due(&daily(), since, last, at(now));
        assert_eq!(asked("10T12:00:00", None), None);
        assert_eq!(asked("11T06:59:59.999", None), None);
        assert_eq!(asked("11T07:00:00", None), Some((at("11T07:00:00"), JobCause::Schedule)));
        let done = ran("11T07:00:00", JobCause::Schedule, JobState::Done);
        assert_eq!(asked("11T07:00:30", done), None);
        assert_eq!(asked("12T07:04:00", done), Some((at("12T07:00:00"), JobCause::Schedule)));
    }

    #[test]
    fn times_before_a_job_was_planned_are_not_missed() {
        assert_eq!(due(&daily(), at("10T08:00:00"), None, at("10T23:00:00")), None);
        // Its time was moved from the evening to the morning, when the morning was over.
        let evening = ran("09T20:00:00", JobCause::Schedule, JobState::Done);
        assert_eq!(due(&daily(), at("10T08:00:00"), evening, at("10T08:00:00")), None);
    }

    #[test]
    fn many_missed_times_are_made_up_for_once() {
        let last = ran("03T07:00:00", JobCause::Schedule, JobState::Failed);
        let since = at("01T00:00:00");
        let caught = due(&daily(), since, last, at("10T12:00:00"));
        assert_eq!(caught, Some((at("10T07:00:00"), JobCause::CatchUp)));
        let after = ran("10T07:00:00", JobCause::CatchUp, JobState::Done);
        assert_eq!(due(&daily(), since, after, at("10T12:01:00")), None);
    }

    #[test]
    fn what_was_interrupted_is_made_up_for_once() {
        let since = at("01T00:00:00");
        let cut = ran("10T07:00:00", JobCause::Schedule, JobState::Interrupted);
        assert_eq!(
            due(&daily(), since, cut, at("10T07:01:00")),
            Some((at("10T07:01:00"), JobCause::CatchUp))
        );
        let cut_again = ran("10T07:01:00", JobCause::CatchUp, JobState::Interrupted);
        assert_eq!(due(&daily(), since, cut_again, at("10T07:02:00")), None);
        assert!(due(&daily(), since, cut_again, at("11T07:00:00")).is_some());
    }

    proptest! {
        /// Whenever the clock is looked at, each time of the schedule is run for at most once, in order, and after every
        /// look nothing that was planned is left over.
        #[test]
        fn no_time_is_run_for_twice(looks in prop::collection::vec(1_i64..300_000_000, 1..60), step in 1..60_u32) {
            let schedule = Schedule::new(&format!("*/{step} */6 * * *"), TimeZone::get("Europe/Berlin").unwrap()).unwrap();
            let since = at("01T00:00:00");
            let (mut now, mut last) = (since, None);
            for look in looks {
                now = Timestamp(now.0 + look);
                if let Some((scheduled_for, cause)) = due(&schedule, since, last, now) {
                    prop_assert!(scheduled_for <= now);
                    prop_assert!(last.is_none_or(|last: LastRun| scheduled_for > last.scheduled_for));
                    last = Some(LastRun { scheduled_for, cause, state: JobState::Done });
                }
                prop_assert_eq!(due(&schedule, since, last, now), None);
                let done = last.map_or(since, |last| last.scheduled_for);
                prop_assert!(schedule.next(done).is_none_or(|next| next > now));
            }
        }
    }
}
