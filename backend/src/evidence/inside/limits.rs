//! What the process that looks into files takes from itself before it begins: time, memory, and everything but its two
//! ends of a pipe.

use std::{io, thread, time::Duration};

/// Seconds of a processor.
const CPU: u64 = 20;

/// Bytes on top of what the program itself maps.
const MEMORY: u64 = 640 * 1024 * 1024;

/// From the first to the last, however little of a processor there was.
pub const WALL: Duration = Duration::from_secs(30);

/// What the process exits with when its time is up.
pub const OVERTIME: i32 = 90;

/// Limits the present process. Elsewhere than on Unix only its time.
///
/// # Errors
/// When the system refuses a limit: then nothing should be looked at.
pub fn impose() -> io::Result<()> {
    thread::Builder::new().spawn(|| {
        thread::sleep(WALL);
        std::process::exit(OVERTIME);
    })?;
    resources()
}

#[cfg(unix)]
fn resources() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = |resource, most: u64| {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) }).map_err(io::Error::from)
    };
    limit(Resource::Cpu, CPU)?;
    limit(Resource::As, mapped()? + MEMORY)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, 0)?;
    limit(Resource::Nofile, 16)?;
    end_with_parent()
}

#[cfg(not(unix))]
fn resources() -> io::Result<()> {
    Ok(())
}

/// Bytes of addresses that are taken already.
#[cfg(target_os = "linux")]
fn mapped() -> io::Result<u64> {
    let pages = std::fs::read_to_string("/proc/self/statm")?;
    let pages: u64 =
        pages.split(' ').next().and_then(|text| text.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    Ok(pages * rustix::param::page_size() as u64)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn mapped() -> io::Result<u64> {
    Ok(4 * 1024 * 1024 * 1024)
}

/// A server that is killed does not leave us behind.
#[cfg(target_os = "linux")]
fn end_with_parent() -> io::Result<()> {
    use rustix::process::{Signal, set_parent_process_death_signal};
    Ok(set_parent_process_death_signal(Some(Signal::KILL))?)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn end_with_parent() -> io::Result<()> {
    Ok(())
}
