//! `kpi look-inside`, which the server starts and nobody types: looks into one file, under limits that it takes from
//! itself first. The file is its standard input, the result its standard output, a refusal its exit status.

use std::{
    fs::File,
    io::{self, Read as _, Write as _},
};

use crate::evidence::{
    inside::{Task, limits, work},
    kinds::FileKind,
};

/// Bytes of the largest file that is looked into, whatever the configuration allows.
const LARGEST: u64 = 512 * 1024 * 1024;

#[derive(clap::Args)]
pub struct Options {
    task: String,
    extension: String,
}

/// Ends the process: 0 with the result, a refusal's own status, or 1 where it could not work.
pub fn run(options: &Options) -> ! {
    let status = look(options).unwrap_or(1);
    std::process::exit(status)
}

fn look(options: &Options) -> io::Result<i32> {
    let task = Task::named(&options.task).ok_or(io::ErrorKind::InvalidInput)?;
    limits::impose()?;
    match work(task, FileKind::of(&options.extension), &read()?) {
        Ok(result) => {
            let mut output = io::stdout().lock();
            output.write_all(&result)?;
            output.flush()?;
            Ok(0)
        }
        Err(refusal) => Ok(refusal.status().into()),
    }
}

fn read() -> io::Result<Vec<u8>> {
    #[cfg(unix)]
    let file = File::from(std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned()?);
    #[cfg(not(unix))]
    let file = File::from(std::os::windows::io::AsHandle::as_handle(&io::stdin()).try_clone_to_owned()?);
    let length = file.metadata()?.len().min(LARGEST);
    let mut content = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(LARGEST).read_to_end(&mut content)?;
    Ok(content)
}
