//! A check-in on its way: what was typed, the photos that go with it, and how far it has got.

use kpi_api::{
    checkin::{CheckInList, CheckInNew},
    error::{Code, Problem},
    id::{CheckInId, KpiId, UserId},
};
use serde::{Deserialize, Serialize};

use crate::core::error::ApiError;

/// One value that is not safely at the server yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// The idempotency key, for as long as it takes.
    pub key: String,
    /// Whose it is: nobody else's session ever sends it.
    pub user: UserId,
    pub kpi: KpiId,
    pub title: String,
    /// The value in words.
    pub shown: String,
    pub body: CheckInNew,
    pub photos: Vec<Photo>,
    /// Once the value is recorded and only photos are left.
    pub check_in: Option<CheckInId>,
    /// Milliseconds since 1970, by the clock of the device.
    pub made_at: f64,
    /// When it was first sent, answered or not.
    pub tried_at: Option<f64>,
    pub state: State,
}

/// A file of a check-in; its bytes lie in the browser's database under the key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Photo {
    pub key: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum State {
    Waiting,
    /// A form is sending it right now.
    Sending {
        since: f64,
    },
    /// For the person to correct or to discard.
    Refused(Box<Problem>),
}

/// How long a form may take before the value counts as left behind, e.g. because the tab was closed.
const LEFT_BEHIND_MS: f64 = 60_000.0;

/// The server remembers an idempotency key for 24 hours; a little less, for clocks that differ.
const REMEMBERED_MS: f64 = 23.0 * 3_600_000.0;

impl Waiting {
    /// Whether it may be sent now.
    pub fn is_due(&self, now: f64) -> bool {
        match &self.state {
            State::Waiting => true,
            State::Sending { since } => now - since > LEFT_BEHIND_MS,
            State::Refused(_) => false,
        }
    }

    pub fn refusal(&self) -> Option<ApiError> {
        match &self.state {
            State::Refused(problem) => {
                Some(ApiError::Refused { problem: problem.clone(), retry_after: None })
            }
            State::Waiting | State::Sending { .. } => None,
        }
    }

    /// Whether the key alone no longer tells the server that it has seen this before.
    pub fn is_forgotten(&self, now: f64) -> bool {
        self.tried_at.is_some_and(|first| now - first > REMEMBERED_MS)
    }

    /// The check-in that an unanswered attempt made after all.
    pub fn found_in(&self, list: &CheckInList) -> Option<CheckInId> {
        let first = self.tried_at? as i64;
        let same = list.items.iter().find(|row| {
            row.by == self.user
                && Some(row.on) == self.body.on
                && row.note == self.body.note
                && row.confidence == self.body.confidence
                && row.milestones == self.body.milestones
                && self.body.value.is_none_or(|value| value == row.value)
                && row.created_at.0 >= first - LEFT_BEHIND_MS as i64
        })?;
        Some(same.id)
    }
}

/// What an unsuccessful attempt means.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Nobody answered, or not now: it stays and is sent later.
    Later,
    /// As it is, it will never be taken.
    Never(Box<Problem>),
}

pub fn verdict(error: &ApiError) -> Verdict {
    match error {
        ApiError::Refused { problem, .. } => match problem.code {
            // Another session, or none: not this value's fault.
            Code::NotLoggedIn | Code::SessionEnded | Code::CsrfFailed | Code::PasswordChangeNeeded => {
                Verdict::Later
            }
            _ if error.is_passing() => Verdict::Later,
            _ => Verdict::Never(problem.clone()),
        },
        ApiError::Unreachable | ApiError::Unreadable { .. } => Verdict::Later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(state: State) -> Waiting {
        Waiting {
            key: "k".into(),
            user: UserId(1),
            kpi: KpiId(2),
            title: "Sales".into(),
            shown: "5".into(),
            body: CheckInNew {
                value: Some(5.0),
                on: None,
                note: String::new(),
                confidence: None,
                milestones: None,
            },
            photos: Vec::new(),
            check_in: None,
            made_at: 0.0,
            tried_at: None,
            state,
        }
    }

    #[test]
    fn a_value_of_a_closed_tab_is_taken_up_and_one_being_sent_is_left_alone() {
        let sending = waiting(State::Sending { since: 0.0 });
        assert!(!sending.is_due(1_000.0));
        assert!(sending.is_due(61_000.0));
        assert!(waiting(State::Waiting).is_due(0.0));
        let refused = waiting(State::Refused(Box::new(Problem::new(Code::Invalid, "", ""))));
        assert!(!refused.is_due(1e9) && refused.refusal().is_some());
    }

    #[test]
    fn only_a_refusal_of_the_value_itself_is_final() {
        let refused =
            |code| ApiError::Refused { problem: Box::new(Problem::new(code, "", "")), retry_after: None };
        for later in [Code::SessionEnded, Code::CsrfFailed, Code::TooMany, Code::Busy, Code::StorageFull] {
            assert_eq!(verdict(&refused(later)), Verdict::Later, "{later:?}");
        }
        for never in [Code::Invalid, Code::WrongState, Code::PeriodClosed, Code::NotFound] {
            assert!(matches!(verdict(&refused(never)), Verdict::Never(_)), "{never:?}");
        }
        assert_eq!(verdict(&ApiError::Unreachable), Verdict::Later);
    }

    #[test]
    fn a_key_is_trusted_for_as_long_as_the_server_remembers_it() {
        let tried = Waiting { tried_at: Some(0.0), ..waiting(State::Waiting) };
        assert!(!tried.is_forgotten(3_600_000.0));
        assert!(tried.is_forgotten(24.0 * 3_600_000.0));
        assert!(!waiting(State::Waiting).is_forgotten(1e12));
    }

    #[test]
    fn it_survives_the_browsers_storage() {
        let kept = waiting(State::Sending { since: 4.0 });
        let text = serde_json::to_string(&kept).unwrap();
        assert_eq!(serde_json::from_str::<Waiting>(&text).unwrap(), kept);
    }
}
