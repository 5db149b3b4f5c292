//! Starts the process that looks into files: our own program with a command that nobody types. It gets the file as its
//! standard input, no environment and no arguments but words of ours, and is killed when it takes too long.

use std::{
    collections::HashMap,
    fs,
    io::Seek as _,
    path::PathBuf,
    process::Stdio,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use tokio::{
    io::AsyncReadExt as _,
    process::Command,
    sync::{Semaphore, SemaphorePermit},
};

use super::inside::{
    Refusal, Task,
    limits::{OVERTIME, WALL},
};
use crate::platform::failure::Outcome;

/// The command of our own program.
pub const COMMAND: &str = "look-inside";

/// Bytes of the largest result that is taken.
const LARGEST_RESULT: u64 = 64 * 1024 * 1024;

/// On top of what the process gives itself, for its start on a busy machine.
const GRACE: Duration = Duration::from_secs(10);

/// Processes at once: together they may take twice the memory of one, which a small machine has.
const AT_ONCE: usize = 2;
/// One place is left to the checks of uploads, which somebody waits for.
const PREVIEWS_AT_ONCE: usize = 1;

/// How long a failure is taken for granted.
const REMEMBERED: Duration = Duration::from_secs(10 * 60);
const MOST_REMEMBERED: usize = 1000;

/// The signals by which the kernel ends a process that takes more than it may.
const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGXCPU: i32 = 24;

pub struct Looker {
    program: PathBuf,
    places: Semaphore,
    /// The previews among them.
    previews: Semaphore,
    /// What could not be made, by hash and task, and since when.
    failures: Mutex<HashMap<(String, Task), (Refusal, Instant)>>,
}

impl Looker {
    /// With a program that understands [`COMMAND`].
    pub fn new(program: PathBuf) -> Self {
        Self {
            program,
            places: Semaphore::new(AT_ONCE),
            previews: Semaphore::new(PREVIEWS_AT_ONCE),
            failures: Mutex::default(),
        }
    }

    /// Why this was not to be made a short while ago.
    pub fn failed(&self, sha256: &str, task: Task) -> Option<Refusal> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let (refusal, since) = failures.get(&(sha256.to_owned(), task))?;
        (since.elapsed() < REMEMBERED).then_some(*refusal)
    }

    pub fn remember(&self, sha256: &str, task: Task, refusal: Refusal) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= MOST_REMEMBERED {
            failures.retain(|_, (_, since)| since.elapsed() < REMEMBERED);
        }
        if failures.len() < MOST_REMEMBERED {
            failures.insert((sha256.to_owned(), task), (refusal, Instant::now()));
        }
    }

    /// Waits until one more process may run.
    async fn place(&self, task: Task) -> Outcome<(Option<SemaphorePermit<'_>>, SemaphorePermit<'_>)> {
        let waiting = "waiting to look into a file";
        // In this order: a preview that waits for another takes no place from a check.
        let preview = match task {
            Task::Check => None,
            _ => Some(self.previews.acquire().await.context(waiting)?),
        };
        Ok((preview, self.places.acquire().await.context(waiting)?))
    }

    /// Does a task with a file from its beginning: the result, or why there is none.
    pub async fn look(
        &self,
        task: Task,
        extension: &str,
        mut file: fs::File,
    ) -> Outcome<Result<Vec<u8>, Refusal>> {
        let _place = self.place(task).await?;
        file.rewind().context("looking into a file")?;
        let mut child = Command::new(&self.program)
            .args([COMMAND, task.as_str(), extension])
            .env_clear()
            // Reserving a gigabyte of addresses at once, as it otherwise does, would leave none to count.
            .env("MIMALLOC_ARENA_RESERVE", "16MiB")
            .current_dir("/")
            .stdin(file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("starting the process that looks into files")?;
        let output = child.stdout.take().context("looking into a file")?;
        let work = async {
            let mut result = Vec::new();
            output.take(LARGEST_RESULT + 1).read_to_end(&mut result).await?;
            Ok::<_, std::io::Error>((result, child.wait().await?))
        };
        let Ok(ended) = tokio::time::timeout(WALL + GRACE, work).await else {
            return Ok(Err(Refusal::TookTooLong));
        };
        let (result, status) = ended.context("looking into a file")?;
        if result.len() as u64 > LARGEST_RESULT {
            return Ok(Err(Refusal::TooLarge));
        }
        if status.success() {
            return Ok(Ok(result));
        }
        let refusal = match (status.code(), signal(status)) {
            (Some(OVERTIME), _) | (_, Some(SIGXCPU)) => Refusal::TookTooLong,
            (_, Some(SIGABRT | SIGKILL)) => Refusal::TooLarge,
            (Some(code), _) => match Refusal::of_status(code) {
                Some(refusal) => refusal,
                // A panic of a parser ends in 101; anything else is a fault of ours.
                None if code == 101 => Refusal::Damaged,
                None => return Err(anyhow::anyhow!("looking into a file ended with status {code}").into()),
            },
            (None, _) => Refusal::Damaged,
        };
        Ok(Err(refusal))
    }
}

#[cfg(unix)]
fn signal(status: std::process::ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: std::process::ExitStatus) -> Option<i32> {
    None
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn few_run_at_once_and_a_check_need_not_wait_for_previews() {
        let looker = Looker::new(PathBuf::new());
        let place = |task| looker.place(task).now_or_never().map(Result::unwrap);
        let preview = place(Task::Thumbnail).unwrap();
        assert!(place(Task::Preview).is_none());
        let check = place(Task::Check).unwrap();
        assert!(place(Task::Check).is_none());
        drop(preview);
        let other = place(Task::Check).unwrap();
        assert!(place(Task::Image).is_none());
        drop((check, other));
        assert!(place(Task::Image).is_some());
    }
}
