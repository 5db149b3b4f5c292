//! Deciding in somebody's place for a while.

use serde::{Deserialize, Serialize};

use crate::{
    check::Check,
    error::FieldError,
    id::{DelegationId, UserId, Version},
    scoring::words,
    time::{Date, Timestamp},
    user::Colleague,
};

/// Days of the longest delegation, both ends included.
pub const DELEGATION_DAYS_MAX: i64 = 366;

words! {
    /// Where a delegation stands today, in the company's zone.
    DelegationState { Planned = "planned", Running = "running", Over = "over" }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DelegationView {
    pub id: DelegationId,
    /// In whose place is decided.
    pub manager: Colleague,
    /// Who decides.
    pub delegate: Colleague,
    /// First day, in the company's zone.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// Last day, included.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: Date,
    pub state: DelegationState,
    pub created_at: Timestamp,
    /// Set when it was ended before its last day.
    pub ended_at: Option<Timestamp>,
    pub may_end: bool,
    pub version: Version,
}

/// Newest first; those that were over more than a year ago are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DelegationList {
    /// Others decide in this person's place.
    pub given: Vec<DelegationView>,
    /// This person decides in others' place.
    pub received: Vec<DelegationView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DelegationNew {
    /// An active manager or administrator.
    pub delegate_id: UserId,
    /// Today or later.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// At most a year after `from`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: Date,
}

impl DelegationNew {
    /// `today` in the company's zone.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        check.ensure(self.from >= today, "from", "in_the_past", "Today or later.");
        check.ensure(self.to >= self.from, "to", "before_start", "Not before the first day.");
        let days = (self.to - self.from).whole_days() + 1;
        check.ensure(days <= DELEGATION_DAYS_MAX, "to", "too_long", "At most a year.");
        check.done()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DelegateList {
    /// Active managers and administrators but the caller, by name.
    pub items: Vec<Colleague>,
}
