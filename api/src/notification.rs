//! What somebody is told in the app and by mail, and what they want to be told.

use serde::{Deserialize, Serialize};

use crate::{
    id::{KpiId, NotificationId, UserId, Version},
    scoring::{Said, words},
    time::Timestamp,
};

words! {
    /// What a notification is about; people switch each on and off.
    NotificationKind {
        Submitted = "submitted",
        Approved = "approved",
        Rejected = "rejected",
        Returned = "returned",
        Accepted = "accepted",
        Reopened = "reopened",
        Commented = "commented",
        Mentioned = "mentioned",
        EvidenceAdded = "evidence_added",
        Reminder = "reminder",
        RuleTrouble = "rule_trouble",
        RuleRescored = "rule_rescored",
        ServerTrouble = "server_trouble",
        Delegated = "delegated",
        Plugin = "plugin",
        PluginTrouble = "plugin_trouble",
        Assigned = "assigned",
    }

    /// How often mail may come: soon after something happened, once a day, or never.
    MailRhythm { Soon = "soon", Daily = "daily", Never = "never" }
}

impl NotificationKind {
    /// Whether it is mailed to somebody who has not said otherwise. In the app everything is shown.
    pub const fn mailed_by_default(self) -> bool {
        !matches!(self, Self::Commented | Self::EvidenceAdded | Self::RuleRescored)
    }
}

/// What a notification tells, as far as its kind has it. Names are those of the time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationData {
    /// Who did it; absent when the system did.
    #[serde(default)]
    pub actor_id: Option<UserId>,
    #[serde(default)]
    pub actor_name: Option<String>,
    #[serde(default)]
    pub kpi_title: Option<String>,
    /// Whose KPI it is.
    #[serde(default)]
    pub owner_name: Option<String>,
    /// The event behind it, e.g. `kpi.in_review` among the submitted.
    #[serde(default)]
    pub event: Option<String>,
    /// The reason given with a decision, or what the owner said.
    #[serde(default)]
    pub reason: Option<String>,
    /// The beginning of a comment.
    #[serde(default)]
    pub excerpt: Option<String>,
    /// What a reminder says: its headline.
    #[serde(default)]
    pub title: Option<Said>,
    /// What a reminder says, or what is wrong with a rule or a job.
    #[serde(default)]
    pub text: Option<Said>,
    /// The name of a file, of a rule or of a job.
    #[serde(default)]
    pub name: Option<String>,
    /// How many alike are told at once, e.g. files of one upload; at least 1.
    #[serde(default = "one")]
    pub count: u32,
    /// The first and last day of a delegation.
    #[serde(default)]
    pub from: Option<String>,
    #[serde(default)]
    pub to: Option<String>,
}

const fn one() -> u32 {
    1
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationView {
    pub id: NotificationId,
    pub kind: NotificationKind,
    pub kpi_id: Option<KpiId>,
    pub data: NotificationData,
    /// Path in the web app that opens the act itself.
    pub link: String,
    pub created_at: Timestamp,
    pub read_at: Option<Timestamp>,
}

/// One page, newest first, and how many are unread altogether.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationPage {
    pub items: Vec<NotificationView>,
    /// From 1.
    pub page: u32,
    /// 1 to 100.
    pub per_page: u32,
    pub total: u64,
    pub unread_count: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnreadCount {
    pub unread_count: u64,
}

/// Whether a kind is shown in the app and sent by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct KindPreference {
    pub kind: NotificationKind,
    pub app: bool,
    pub mail: bool,
}

impl KindPreference {
    /// What holds for somebody who has not said otherwise.
    pub const fn default_of(kind: NotificationKind) -> Self {
        Self { kind, app: true, mail: kind.mailed_by_default() }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationPreferences {
    /// One for each kind.
    pub kinds: Vec<KindPreference>,
    pub mail_rhythm: MailRhythm,
    /// 0 to 23 in the company's zone, for the daily mail.
    pub daily_hour: u8,
    pub version: Version,
    /// Whether this server sends mail at all.
    pub mail_enabled: bool,
}

/// Replaces all preferences; a kind that is not named goes back to its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NotificationPreferencesPut {
    pub kinds: Vec<KindPreference>,
    pub mail_rhythm: MailRhythm,
    /// 0 to 23.
    pub daily_hour: u8,
}
