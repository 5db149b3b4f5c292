//! How a command ends.

use std::{
    fmt::Display,
    io::{self, Write as _},
    process::ExitCode,
};

use serde::Serialize;

use crate::platform::{
    config::ConfigFault,
    data_dir::DataDirFault,
    failure::{Failure, Outcome},
    lock::LockFault,
};

/// Why a command did not do what it was asked for.
pub enum Stop {
    /// The line, or a setting, cannot be used: exit status 2.
    Usage(String),
    /// It was tried and did not work: exit status 1.
    Failed(String),
    /// As [`Stop::Failed`], and everything has been said already.
    Told,
}

pub type Done = Result<(), Stop>;

/// Says what went wrong in one line and turns it into the exit status.
pub fn code(done: Done) -> ExitCode {
    let (line, code) = match done {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Stop::Told) => return ExitCode::from(1),
        Err(Stop::Usage(line)) => (line, 2),
        Err(Stop::Failed(line)) => (line, 1),
    };
    eprintln!("error: {}", line.replace('\n', " "));
    ExitCode::from(code)
}

impl From<ConfigFault> for Stop {
    fn from(fault: ConfigFault) -> Self {
        Self::Usage(fault.to_string())
    }
}

impl From<DataDirFault> for Stop {
    fn from(fault: DataDirFault) -> Self {
        Self::Failed(fault.to_string())
    }
}

impl From<LockFault> for Stop {
    fn from(fault: LockFault) -> Self {
        Self::Failed(fault.to_string())
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Known { detail, errors, .. } if errors.is_empty() => Self::Failed(detail),
            Failure::Known { errors, .. } => {
                let lines: Vec<String> =
                    errors.iter().map(|e| format!("{}: {}", e.field, e.message)).collect();
                Self::Usage(lines.join("; "))
            }
            Failure::Internal(cause) => Self::Failed(format!("{cause:#}")),
        }
    }
}

impl From<anyhow::Error> for Stop {
    fn from(cause: anyhow::Error) -> Self {
        match cause.downcast::<Failure>() {
            Ok(failure) => failure.into(),
            Err(cause) => Self::Failed(format!("{cause:#}")),
        }
    }
}

impl From<io::Error> for Stop {
    fn from(cause: io::Error) -> Self {
        Self::Failed(cause.to_string())
    }
}

/// Prints a line. Where nobody reads any more (`kpi ... | head`), there is nothing left to say and nothing wrong.
pub fn say(line: impl Display) -> Done {
    match writeln!(io::stdout(), "{line}") {
        Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => Ok(done?),
    }
}

/// Prints an answer for scripts.
pub fn print_json(answer: &impl Serialize) -> Done {
    let text: Outcome<String> = serde_json::to_string_pretty(answer).map_err(Failure::from);
    say(text?)
}
