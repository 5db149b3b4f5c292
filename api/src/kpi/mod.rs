//! The KPI: its states and acts here, its [`definition`], what is sent about it ([`body`]) and what is shown of it
//! ([`view`]).

use crate::scoring::words;

mod body;
mod definition;
mod view;

pub use body::{ActBody, CopyBody, ItemResult, ItemResults, KpiCreate, KpiPatch, PreviewBody, ReviseBody};
pub use definition::{KpiNew, defaults, expected_value};
pub use view::{Action, BandCount, KpiRef, KpiRow, KpiStats, KpiView, PaceCount, Preview, StatusCount};

words! {
    Category { Mission = "mission", Goal = "goal", Task = "task" }

    Status {
        Draft = "draft",
        Submitted = "submitted",
        Rejected = "rejected",
        Approved = "approved",
        InReview = "in_review",
        Closed = "closed",
    }

    /// What may be done to a KPI.
    Act {
        Edit = "edit",
        Submit = "submit",
        Recall = "recall",
        Approve = "approve",
        Reject = "reject",
        CheckIn = "check_in",
        SubmitResult = "submit_result",
        Accept = "accept",
        Return = "return",
        Revise = "revise",
        Reopen = "reopen",
        Delete = "delete",
        Copy = "copy",
    }
}

impl Act {
    /// Whether a reason has to be given.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Reject | Self::Return | Self::Reopen)
    }
}
