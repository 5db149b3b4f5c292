//! A server of one's own on a seeded company: its data, its process, and what that uses.

use crate::shell;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::client::{Connection, Request};

/// Ticks of `/proc/<pid>/stat` in a second; Linux shows the same on every machine.
const TICKS: f64 = 100.0;
const START_PATIENCE: Duration = Duration::from_secs(30);

/// A seeded data directory and the server on it; both go away with it.
pub struct Subject {
    binary: PathBuf,
    data: PathBuf,
    server: Option<Child>,
    address: Option<SocketAddr>,
    pub seeding: Duration,
}

impl Subject {
    pub fn seed(binary: &Path, scratch: Option<&Path>, users: u32, kpis: u32, years: u32) -> Result<Self> {
        Self::seed_over(binary, scratch, users, kpis, ("--years", years))
    }

    /// As [`Subject::seed`], with KPIs of the present quarter alone.
    pub fn seed_present(binary: &Path, scratch: Option<&Path>, users: u32, kpis: u32) -> Result<Self> {
        Self::seed_over(binary, scratch, users, kpis, ("--quarters", 1))
    }

    fn seed_over(
        binary: &Path,
        scratch: Option<&Path>,
        users: u32,
        kpis: u32,
        span: (&str, u32),
    ) -> Result<Self> {
        let name = format!("kpi-subject-{}-{kpis}", std::process::id());
        let data = scratch.map_or_else(std::env::temp_dir, Path::to_path_buf).join(name);
        let mut subject =
            Self { binary: binary.to_owned(), data, server: None, address: None, seeding: Duration::ZERO };
        let mut seed = subject.command("seed-demo");
        for (option, number) in [("--users", users), ("--kpis", kpis), span] {
            seed.arg(option).arg(number.to_string());
        }
        let started = Instant::now();
        shell::run(seed.stdout(Stdio::null()))?;
        subject.seeding = started.elapsed();
        Ok(subject)
    }

    /// The server's own program, in a folder without an `.env` and with the settings that it comes with.
    pub fn command(&self, name: &str) -> std::process::Command {
        let mut command = shell::command(&self.binary);
        command.arg(name).arg("--data-dir").arg(&self.data).current_dir(std::env::temp_dir());
        command
    }

    /// Starts the server on a free port; how long it took until it said that it is healthy.
    pub fn start(&mut self) -> Result<Duration> {
        let started = Instant::now();
        let mut command = self.command("serve");
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let server = self.server.insert(command.spawn().context("starting the server")?);
        let output = server.stdout.take().context("the server's output was not piped")?;
        for line in BufReader::new(output).lines() {
            if let Some((_, address)) = line?.split_once("http://") {
                self.address = Some(address.trim().parse().context("the server's address")?);
                break;
            }
        }
        let health = Request::get("/health", None);
        let mut connection = Connection::open(self.address()?)?;
        while connection.send(&health)? != 200 {
            if started.elapsed() > START_PATIENCE {
                bail!("the server did not become healthy");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(started.elapsed())
    }

    pub fn address(&self) -> Result<SocketAddr> {
        self.address.context("the server did not say where it listens")
    }

    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// The data directory.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A file of the test, in a folder that goes away with the data.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.data.join(name)
    }

    /// Ends the server as a power cut would end its process: at once, without a word.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut server) = self.server.take() {
            server.kill().context("killing the server")?;
            server.wait()?;
        }
        Ok(())
    }

    /// Processor time used so far, by the kernel's account.
    pub fn cpu(&self) -> Option<Duration> {
        let stat = std::fs::read_to_string(self.proc("stat")?).ok()?;
        // The second field is the program's name in brackets; the 14th and 15th are user and system ticks.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let user: f64 = fields.next()?.parse().ok()?;
        let system: f64 = fields.next()?.parse().ok()?;
        Some(Duration::from_secs_f64((user + system) / TICKS))
    }

    /// Resident megabytes.
    pub fn memory(&self) -> Option<f64> {
        let status = std::fs::read_to_string(self.proc("status")?).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes / 1024.0)
    }

    fn proc(&self, file: &str) -> Option<String> {
        Some(format!("/proc/{}/{file}", self.server.as_ref()?.id()))
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            server.kill().ok();
            server.wait().ok();
        }
        std::fs::remove_dir_all(&self.data).ok();
    }
}
