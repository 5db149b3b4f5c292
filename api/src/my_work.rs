//! One list per person: what waits for them.

use serde::{Deserialize, Serialize};

use crate::{
    kpi::{Act, KpiRow},
    scoring::{Coverage, Pace, words},
    time::{Date, Period},
};

words! {
    WorkReason {
        NeverCheckedIn = "never_checked_in",
        CheckInDue = "check_in_due",
        ResultDue = "result_due",
        Rejected = "rejected",
        Returned = "returned",
        DraftWaits = "draft_waits",
        DecideNew = "decide_new",
        DecideResult = "decide_result",
        NextCheckIn = "next_check_in",
        InDecision = "in_decision",
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkRow {
    pub kpi: KpiRow,
    pub reason: WorkReason,
    /// What opens when the row is chosen.
    pub act: Act,
    /// Path in the web app that opens the act itself.
    pub link: String,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub due_on: Option<Date>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub last_check_in_on: Option<Date>,
    pub expected_value: Option<f64>,
    /// The reason given with a reject or return.
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkSection {
    /// All of them, also beyond the rows shown.
    pub count: u64,
    /// At most 50.
    pub rows: Vec<WorkRow>,
}

/// The person's own quarter at a glance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Glance {
    pub period: Period,
    pub score: Coverage,
    pub pace: Pace,
    /// Days until the quarter's last day.
    pub days_left: i64,
    /// 0 to 1.
    pub elapsed: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyWork {
    pub due_now: WorkSection,
    pub returned: WorkSection,
    pub to_decide: WorkSection,
    pub upcoming: WorkSection,
    pub glance: Glance,
}
