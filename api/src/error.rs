//! The one catalogue of what can go wrong: a stable code, its HTTP status, and a sentence for people.
//! Clients translate by `code`; the English `detail` is for logs of their own and for scripts.

use serde::{Deserialize, Serialize};

macro_rules! catalogue {
    ($($variant:ident = $code:literal, $status:literal, $title:literal;)*) => {
        /// A stable name of a failure.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code { $(#[serde(rename = $code)] $variant),* }

        crate::scoring::described!(Code, [$($code),*]);

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),* }
            }

            /// A short sentence for people.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),* }
            }
        }
    };
}

catalogue! {
    Malformed = "malformed", 400, "The request could not be read.";
    DoubledQueryKey = "doubled_query_key", 400, "A query parameter is given twice.";
    NotLoggedIn = "not_logged_in", 401, "Log in first.";
    WrongCredentials = "wrong_credentials", 401, "The login or the password is wrong.";
    SessionEnded = "session_ended", 401, "The session has ended. Log in again.";
    NotAllowed = "not_allowed", 403, "Your role does not allow this.";
    CsrfFailed = "csrf_failed", 403, "The request did not come from this application's own pages.";
    ReadOnlyToken = "read_only_token", 403, "The token only allows reading.";
    PasswordChangeNeeded = "password_change_needed", 403, "Choose a password of your own first.";
    OwnKpi = "own_kpi", 403, "Nobody decides about their own KPI.";
    NotFound = "not_found", 404, "There is nothing here that you may see.";
    NoPreview = "no_preview", 404, "There is no preview of this file.";
    MethodNotAllowed = "method_not_allowed", 405, "This address does not support the method.";
    WrongState = "wrong_state", 409, "The KPI's state does not allow this act.";
    Duplicate = "duplicate", 409, "There is one like this already.";
    InUse = "in_use", 409, "It is still in use.";
    UndoOver = "undo_over", 409, "It can no longer be taken back.";
    EvidenceNeeded = "evidence_needed", 409, "The result under review rests on this file.";
    PeriodClosed = "period_closed", 409, "The quarter is closed.";
    SetupDone = "setup_done", 409, "The first administrator exists already.";
    LastAdmin = "last_admin", 409, "The last active administrator must stay.";
    RuleState = "rule_state", 409, "The rule's state does not allow this.";
    CheckFailed = "check_failed", 409, "The rule's source has errors.";
    TestsFailed = "tests_failed", 409, "Not everything that is tested holds.";
    JobRunning = "job_running", 409, "The job is running already.";
    PermissionsDiffer = "permissions_differ", 409, "The plugin asks for other permissions than were granted.";
    PluginState = "plugin_state", 409, "The plugin's state does not allow this.";
    SafeMode = "safe_mode", 409, "The server was started without plugins.";
    Cancelled = "cancelled", 409, "It was cancelled.";
    IdempotencyMismatch = "idempotency_mismatch", 409, "The idempotency key was used for another request.";
    StaleVersion = "stale_version", 412, "Somebody changed it in the meantime.";
    QuotaFull = "quota_full", 413, "There is no room left for your files.";
    TooLarge = "too_large", 413, "The request is too large.";
    WrongType = "wrong_type", 415, "The content type must be application/json.";
    WrongFileType = "wrong_file_type", 415, "Files of this type are not taken.";
    RangeNotSatisfiable = "range_not_satisfiable", 416, "The file has no such range of bytes.";
    Invalid = "invalid", 422, "Some fields need your attention.";
    VersionMissing = "version_missing", 428, "Say which version you saw, in the If-Match header.";
    TooMany = "too_many", 429, "Too many attempts. Try again later.";
    Internal = "internal", 500, "Something went wrong on our side.";
    RuleBroken = "rule_broken", 503, "A rule that has to decide here is broken. An administrator must mend it.";
    Busy = "busy", 503, "The server is busy. Try again shortly.";
    StorageUnavailable = "storage_unavailable", 503, "The server cannot store anything right now.";
    StorageFull = "storage_full", 507, "The server's disk is full.";
}

/// What is wrong with one field. `field` is its name in the request (`milestones.0.weight` for nested ones).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    pub field: String,
    /// Stable, snake_case; e.g. `required`, `too_long`, `out_of_range`, `unknown_field`, `wrong_type`.
    pub code: String,
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), message: message.into() }
    }
}

crate::scoring::words! {
    /// What may hold a thing that somebody wants to delete.
    HolderKind {
        Departments = "departments",
        People = "people",
        Kpis = "kpis",
        Templates = "templates",
        Rules = "rules",
    }
}

/// How many of a kind still hold a thing, so that it cannot be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Holder {
    pub what: HolderKind,
    pub count: u64,
}

/// The body of every answer that is not a success: `application/problem+json` (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `about:blank#<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    pub code: Code,
    pub request_id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// With `in_use`: what holds it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holders: Vec<Holder>,
}

impl Problem {
    pub fn new(code: Code, detail: impl Into<String>, request_id: impl Into<String>) -> Self {
        Self {
            kind: format!("about:blank#{}", code.as_str()),
            title: code.title().into(),
            status: code.status(),
            detail: detail.into(),
            code,
            request_id: request_id.into(),
            errors: Vec::new(),
            holders: Vec::new(),
        }
    }
}
