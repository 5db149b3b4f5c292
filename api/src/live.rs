//! What `GET /events` says while something happens (server-sent events). The name of an event is one of
//! [`LiveKind`], its data the JSON of [`Hello`], [`KpiChange`], [`NotificationNews`], [`RuleChange`] or [`JobChange`]. Nobody is sent
//! what they may not see.

use serde::{Deserialize, Serialize};

use crate::{
    id::{KpiId, RuleId, UserId, Version},
    notification::NotificationView,
    scoring::words,
};

words! {
    /// Names of the events of the stream. `hello` ([`Hello`]) is the first of every stream. `unread`
    /// ([`crate::notification::UnreadCount`]) says that some were read elsewhere. `resync` says that too much was
    /// missed to tell it one by one: fetch everything anew.
    LiveKind {
        Hello = "hello",
        Kpi = "kpi",
        Notification = "notification",
        Unread = "unread",
        Rule = "rule",
        Job = "job",
        Resync = "resync",
    }
}

/// Where the stream stands: what comes has a greater number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hello {
    pub seq: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KpiChange {
    pub kpi_id: KpiId,
    /// What happened, e.g. `kpi.approved`, `comment.created`, `evidence.added`.
    pub change: String,
    /// The KPI's version after it, where the event made one.
    pub version: Option<Version>,
    /// Absent when the system did it.
    pub actor_id: Option<UserId>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationNews {
    pub notification: NotificationView,
    pub unread_count: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleChange {
    pub rule_id: RuleId,
    /// What happened, e.g. `rule.failed`.
    pub change: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobChange {
    pub job: String,
    /// As in the list of jobs.
    pub state: String,
}
