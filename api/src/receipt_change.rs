//! Why a score changed since the last: the difference of two receipts, in words.

use serde::{Deserialize, Serialize};

use crate::{
    id::Version,
    scoring::{Receipt, Said},
    time::Timestamp,
};

/// A receipt, and what has changed since the one before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiptView {
    #[serde(flatten)]
    pub receipt: Receipt,
    /// Absent where there is no earlier receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_since: Option<ChangedSince>,
}

/// What differs from the receipt before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangedSince {
    /// When the earlier score was made.
    pub at: Timestamp,
    /// The version of the rule that made the earlier one.
    pub version: Version,
    /// In words that a client translates as it does those of rules; empty where nothing differs.
    pub sentences: Vec<Said>,
}
