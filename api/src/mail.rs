//! The mails that go out: where each of them stands, and whether the mail server works.

use serde::{Deserialize, Serialize};

use crate::{check::Check, error::FieldError, scoring::words, time::Timestamp, user::PersonRef};

words! {
    /// What a mail is for: a link to a new password, news soon after they happened, or the summary of a day.
    MailPurpose { PasswordReset = "password_reset", News = "news", Summary = "summary" }

    /// Waiting for its next attempt; taken by the mail server; given up; or no longer to be sent, because its receiver
    /// left or may not see any more what it speaks of.
    MailState { Queued = "queued", Sent = "sent", Failed = "failed", Withdrawn = "withdrawn" }

    /// How a test of the mail server went. In the order of the steps: whatever is named did not work, all before did.
    MailOutcome {
        NotSetUp = "not_set_up",
        Unreachable = "unreachable",
        NotEncrypted = "not_encrypted",
        LoginRefused = "login_refused",
        Refused = "refused",
        TookTooLong = "took_too_long",
        Sent = "sent",
    }
}

/// A mail as administrators see it. What it says is between us and its receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailView {
    pub id: i64,
    pub purpose: MailPurpose,
    pub state: MailState,
    /// Absent once the person is not there any more.
    pub receiver: Option<PersonRef>,
    /// Where it went; while it waits, where it would go now.
    pub address: Option<String>,
    /// `en` or `de`.
    pub language: String,
    pub message_id: String,
    pub attempts: u32,
    /// What went wrong at the last attempt, in the mail server's words.
    pub last_error: Option<String>,
    /// When it is tried next; absent unless it waits.
    pub next_attempt_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
}

/// Asks for a test mail.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TestMail {
    /// An e-mail address; without one the caller's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

impl TestMail {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        if let Some(to) = &self.to {
            check.email("to", to);
        }
        check.done()
    }
}

/// How the test went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestMailResult {
    pub outcome: MailOutcome,
    pub to: String,
    /// What to do about it, in a sentence; with the mail server's own words where it had any.
    pub detail: String,
}
