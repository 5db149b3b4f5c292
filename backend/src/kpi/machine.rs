//! The states of a KPI and the acts between them: pure, and the only place that knows.

use kpi_api::kpi::{Act, Status};

/// The state an act leads to, or `None` where it cannot be done from here.
pub const fn next(from: Status, act: Act) -> Option<Status> {
    use Status::{Approved, Closed, Draft, InReview, Rejected, Submitted};
    match (act, from) {
        (Act::Edit, Draft) => Some(Draft),
        (Act::Edit, Rejected) => Some(Rejected),
        (Act::Submit, Draft | Rejected) => Some(Submitted),
        (Act::Recall, Submitted) => Some(Draft),
        (Act::Approve, Submitted) => Some(Approved),
        (Act::Reject, Submitted) => Some(Rejected),
        (Act::CheckIn, Approved) => Some(Approved),
        (Act::SubmitResult, Approved) => Some(InReview),
        (Act::Recall, InReview) => Some(Approved),
        (Act::Accept, InReview) => Some(Closed),
        (Act::Return, InReview) => Some(Approved),
        (Act::Revise, Approved) => Some(Submitted),
        (Act::Reopen, Closed) => Some(Approved),
        (Act::Delete, Draft | Rejected) | (Act::Copy, _) => Some(from),
        _ => None,
    }
}

/// The event that others are told of.
pub const fn event(act: Act) -> &'static str {
    match act {
        Act::Edit => "kpi.updated",
        Act::Submit => "kpi.submitted",
        Act::Recall => "kpi.recalled",
        Act::Approve => "kpi.approved",
        Act::Reject => "kpi.rejected",
        Act::CheckIn => "kpi.checked_in",
        Act::SubmitResult => "kpi.in_review",
        Act::Accept => "kpi.closed",
        Act::Return => "kpi.returned",
        Act::Revise => "kpi.revised",
        Act::Reopen => "kpi.reopened",
        Act::Delete => "kpi.deleted",
        Act::Copy => "kpi.created",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_table_of_the_product_holds_and_nothing_else() {
        use Status::*;
        let table = [
            (Act::Submit, Draft, Submitted),
            (Act::Submit, Rejected, Submitted),
            (Act::Recall, Submitted, Draft),
            (Act::Approve, Submitted, Approved),
            (Act::Reject, Submitted, Rejected),
            (Act::CheckIn, Approved, Approved),
            (Act::SubmitResult, Approved, InReview),
            (Act::Recall, InReview, Approved),
            (Act::Accept, InReview, Closed),
            (Act::Return, InReview, Approved),
            (Act::Revise, Approved, Submitted),
            (Act::Reopen, Closed, Approved),
            (Act::Edit, Draft, Draft),
            (Act::Edit, Rejected, Rejected),
            (Act::Delete, Draft, Draft),
            (Act::Delete, Rejected, Rejected),
        ];
        for &act in Act::ALL.iter().filter(|act| **act != Act::Copy) {
            for &from in Status::ALL {
                let expected = table.iter().find(|row| row.0 == act && row.1 == from).map(|row| row.2);
                assert_eq!(next(from, act), expected, "{act} from {from}");
            }
        }
    }

    proptest! {
        /// However people act, a KPI is closed only by an accept that followed a submitted result.
        #[test]
        fn closed_is_reached_only_through_review(acts in prop::collection::vec(0..Act::ALL.len(), 0..60)) {
            let mut status = Status::Draft;
            for act in acts.into_iter().map(|index| Act::ALL[index]) {
                if let Some(to) = next(status, act) {
                    if to == Status::Closed && status != Status::Closed {
                        prop_assert_eq!((status, act), (Status::InReview, Act::Accept));
                    }
                    if to == Status::Approved && status == Status::Submitted {
                        prop_assert_eq!(act, Act::Approve);
                    }
                    status = to;
                }
            }
        }
    }
}
