//! Business failures as values: what a service answers when it cannot do what was asked.

use std::fmt;

use kpi_api::error::{Code, FieldError, Holder};
use sea_orm::{DbErr, RuntimeErr};

use super::http::request;

pub type Outcome<T> = Result<T, Failure>;

/// Seconds after which a client may try again when storage was busy.
const BUSY_RETRY_AFTER: u64 = 1;

/// Why something was not done. The first kind is told to the caller as it stands; of the second the caller learns
/// nothing but the request id, under which the cause is logged.
pub enum Failure {
    Known {
        code: Code,
        /// English, for scripts and their logs.
        detail: String,
        errors: Vec<FieldError>,
        /// What still holds the thing, with [`Code::InUse`].
        holders: Vec<Holder>,
        /// Seconds, sent as `Retry-After`.
        retry_after: Option<u64>,
    },
    Internal(anyhow::Error),
}

impl Failure {
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self::with_errors(code, detail, Vec::new())
    }

    /// With the fields that are to blame.
    pub fn with_errors(code: Code, detail: impl Into<String>, errors: Vec<FieldError>) -> Self {
        Self::Known { code, detail: detail.into(), errors, holders: Vec::new(), retry_after: None }
    }

    /// 409 for what cannot be deleted because of these.
    pub fn in_use(holders: Vec<Holder>) -> Self {
        let named: Vec<String> = holders.iter().map(|held| format!("{} {}", held.count, held.what)).collect();
        let detail = format!("It is still in use: {}.", named.join(", "));
        Self::Known { code: Code::InUse, detail, errors: Vec::new(), holders, retry_after: None }
    }

    /// 422 with everything that is wrong at once.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [] => Code::Invalid.title().to_owned(),
            [only] => format!("{}: {}", only.field, only.message),
            [first, rest @ ..] => format!("{}: {} (and {} more)", first.field, first.message, rest.len()),
        };
        Self::with_errors(Code::Invalid, detail, errors)
    }

    /// 422 for one field.
    pub fn field(field: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(field, code, message)])
    }

    /// 404 in the one wording that does not tell an absent thing from an invisible one.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, Code::NotFound.title())
    }

    /// 503, or what the database says, for a commit of which nobody knows whether it is on the disk.
    pub fn not_durable(cause: Option<&DbErr>) -> Self {
        let code = cause.and_then(storage_code).unwrap_or(Code::StorageUnavailable);
        tracing::error!(request_id = request::current_id(), code = code.as_str(), ?cause, "a commit failed");
        let failure = Self::new(code, code.title());
        if code == Code::Busy { failure.retry_after(BUSY_RETRY_AFTER) } else { failure }
    }

    /// Adds which field is why. An internal failure stays as it is.
    pub fn because(mut self, fault: FieldError) -> Self {
        if let Self::Known { errors, .. } = &mut self {
            errors.push(fault);
        }
        self
    }

    /// Adds `Retry-After`, in seconds. An internal failure stays as it is.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        if let Self::Known { retry_after, .. } = &mut self {
            *retry_after = Some(seconds);
        }
        self
    }

    pub fn code(&self) -> Code {
        match self {
            Self::Known { code, .. } => *code,
            Self::Internal(_) => Code::Internal,
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known { code, detail, errors, .. } => {
                write!(f, "{}: {detail}", code.as_str())?;
                if errors.is_empty() { Ok(()) } else { write!(f, " {errors:?}") }
            }
            Self::Internal(cause) => write!(f, "internal: {cause:?}"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known { detail, .. } => f.write_str(detail),
            Self::Internal(_) => f.write_str(Code::Internal.title()),
        }
    }
}

impl std::error::Error for Failure {}

impl From<anyhow::Error> for Failure {
    /// A failure that travelled through `anyhow` keeps its meaning.
    fn from(cause: anyhow::Error) -> Self {
        cause.downcast::<Self>().unwrap_or_else(Self::Internal)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(cause: serde_json::Error) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<DbErr> for Failure {
    fn from(cause: DbErr) -> Self {
        let Some(code) = storage_code(&cause) else { return Self::Internal(cause.into()) };
        tracing::warn!(request_id = request::current_id(), code = code.as_str(), %cause, "storage refused");
        let failure = Self::new(code, code.title());
        if code == Code::Busy { failure.retry_after(BUSY_RETRY_AFTER) } else { failure }
    }
}

/// What the database's own complaint means to a caller; `None` where it is our mistake.
fn storage_code(cause: &DbErr) -> Option<Code> {
    let runtime = match cause {
        DbErr::ConnectionAcquire(_) => return Some(Code::Busy),
        DbErr::Conn(runtime) | DbErr::Exec(runtime) | DbErr::Query(runtime) => runtime,
        _ => return None,
    };
    let RuntimeErr::SqlxError(driver) = runtime else { return None };
    let number: u32 = driver.as_database_error()?.code()?.parse().ok()?;
    sqlite_code(number)
}

/// The primary result code is the low byte of an extended one, see https://www.sqlite.org/rescode.html.
fn sqlite_code(number: u32) -> Option<Code> {
    match number & 0xff {
        5 | 6 => Some(Code::Busy),                     // BUSY, LOCKED
        13 => Some(Code::StorageFull),                 // FULL
        8 | 10 | 14 => Some(Code::StorageUnavailable), // READONLY, IOERR, CANTOPEN
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_complaints_are_told_apart() {
        let rows = [
            (5, Some(Code::Busy)),
            (517, Some(Code::Busy)), // BUSY_SNAPSHOT
            (6, Some(Code::Busy)),
            (13, Some(Code::StorageFull)),
            (1032, Some(Code::StorageUnavailable)), // READONLY_DBMOVED
            (778, Some(Code::StorageUnavailable)),  // IOERR_WRITE
            (2067, None),                           // CONSTRAINT_UNIQUE
            (1, None),
        ];
        for (number, expected) in rows {
            assert_eq!(sqlite_code(number), expected, "{number}");
        }
    }

    #[test]
    fn an_internal_failure_does_not_show_its_cause() {
        let failure = Failure::from(anyhow::anyhow!("select * from user where password = 'x'"));
        assert_eq!(failure.code(), Code::Internal);
        assert_eq!(failure.to_string(), Code::Internal.title());
    }

    #[test]
    fn a_failure_inside_anyhow_keeps_its_code() {
        let wrapped = anyhow::Error::from(Failure::not_found());
        assert_eq!(Failure::from(wrapped).code(), Code::NotFound);
    }

    #[test]
    fn an_acquire_time_out_means_busy() {
        let cause = DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::Timeout);
        assert!(matches!(
            Failure::from(cause),
            Failure::Known { code: Code::Busy, retry_after: Some(BUSY_RETRY_AFTER), .. }
        ));
    }
}
