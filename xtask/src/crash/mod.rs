//! `cargo xtask crash-test`: several people write to a real server, which is killed at random moments; after each restart
//! everything that was acknowledged has to be there once, and nothing else.
//!
//! Reading order: [`writer`] (what people do), [`journal`] (what was acknowledged), [`oracle`] (what has to be true).

mod chance;
mod journal;
mod oracle;
mod writer;

use crate::client::{Connection, Request};
use crate::project::Project;
use crate::subject::Subject;
use crate::{server, web};
use anyhow::{Context, Result, bail};
use chance::Chance;
use journal::{Counted, Journal};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use writer::Writer;

#[derive(clap::Args)]
pub struct Options {
    /// How often the server is killed
    #[arg(long, default_value_t = 25)]
    rounds: u32,
    /// Repeat the choices of an earlier run; its number is in the output
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Use the release server as it was built last, or any other program, without building anything
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Folder for data and journals, which are removed at the end [default: the system's temporary folder]
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
}

/// Rounds that are part of the test command.
const SHORT: u32 = 3;
/// People who write at once; the demo company has more.
const WRITERS: usize = 6;
const PASSWORD: &str = "kpi-demo-2026";
/// A kill comes between these many milliseconds after the writers have begun.
const EARLIEST: u64 = 200;
const LATEST: u64 = 1800;

pub fn run(project: &Project, options: &Options) -> Result<ExitCode> {
    let binary = match &options.binary {
        Some(binary) => std::path::absolute(binary)?,
        None => {
            web::build(project, &crate::setup::web_tools(project)?)?;
            server::build_release(project)?;
            project.server("release")
        }
    };
    let seed = options.seed.unwrap_or_else(|| {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_nanos() as u64)
    });
    test(&binary, options.rounds, seed, options.scratch.as_deref())?;
    Ok(ExitCode::SUCCESS)
}

/// The run that is part of the test command.
pub fn short(project: &Project) -> Result<()> {
    test(&project.server("debug"), SHORT, 20_261_120, None)
}

fn test(binary: &Path, rounds: u32, seed: u64, scratch: Option<&Path>) -> Result<()> {
    println!("crash test: {rounds} rounds, {WRITERS} writers, seed {seed}");
    let mut chance = Chance::new(seed);
    let mut subject = Subject::seed(binary, scratch, 30, 300, 1)?;
    subject.start()?;
    let mut writers = writers(&subject)?;
    let mut counted = Counted::default();
    for round in 1..=rounds {
        if round > 1 {
            subject.start()?;
            let address = subject.address()?;
            for writer in &mut writers {
                writer.repeat_unanswered(address, &mut chance)?;
            }
        }
        let address = subject.address()?;
        let wait = Duration::from_millis(EARLIEST + chance.below(LATEST - EARLIEST));
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| -> Result<()> {
            let running: Vec<_> = writers
                .iter_mut()
                .map(|writer| {
                    let chance = Chance::new(chance.next());
                    scope.spawn(|| writer.write_until(address, &is_over, chance))
                })
                .collect();
            std::thread::sleep(wait);
            subject.kill()?;
            is_over.store(true, Ordering::Release);
            for writer in running {
                writer.join().map_err(|_| anyhow::anyhow!("a writer has panicked"))??;
            }
            Ok(())
        })?;
        let offline = Instant::now();
        oracle::at_rest(&subject)?;
        let recovered = subject.start()?;
        oracle::as_served(&subject, &writers)?;
        subject.kill()?;
        counted = writers.iter().map(|writer| writer.journal.counted()).sum();
        println!(
            "  round {round:>3}: killed after {:>4} ms, up again in {:.2} s, checked in {:.1} s; {counted}",
            wait.as_millis(),
            recovered.as_secs_f64(),
            offline.elapsed().as_secs_f64(),
        );
    }
    if counted.acknowledged == 0 {
        bail!("nothing was acknowledged, so nothing was proved");
    }
    println!("nothing acknowledged was lost or doubled, nothing refused was kept");
    Ok(())
}

/// People who own KPIs that take values, each with a journal.
fn writers(subject: &Subject) -> Result<Vec<Writer>> {
    let mut connection = Connection::open(subject.address()?)?;
    let admin = log_in(&mut connection, "admin")?;
    let me = connection.json(&Request::get("/api/v1/auth/me", Some(&admin)))?;
    let (year, quarter) = (me["period"]["year"].clone(), me["period"]["quarter"].clone());
    let quarter = quarter.as_str().context("no quarter")?;
    let path = format!("/api/v1/kpis?status=approved&year={year}&quarter={quarter}&per_page=100");
    let running = connection.json(&Request::get(&path, Some(&admin)))?;
    let running: Vec<&Value> = running["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|kpi| kpi["kind"] == "number" || kpi["kind"] == "percentage")
        .collect();
    let people = connection.json(&Request::get("/api/v1/users?per_page=100", Some(&admin)))?;
    let mut writers = Vec::new();
    for person in people["items"].as_array().into_iter().flatten() {
        let own: Vec<i64> = running
            .iter()
            .filter(|kpi| kpi["user_id"] == person["id"])
            .filter_map(|kpi| kpi["id"].as_i64())
            .collect();
        if own.is_empty() || writers.len() == WRITERS {
            continue;
        }
        let username = person["username"].as_str().context("a person without a user name")?;
        let token = log_in(&mut connection, username)?;
        let journal = Journal::create(&subject.beside(&format!("{username}.journal")))?;
        let definition =
            json!({ "year": year, "quarter": quarter, "baseline": 0, "target": 10, "unit": "units" });
        writers.push(Writer::new(username, token, own, definition, journal));
    }
    if writers.len() < WRITERS {
        bail!("only {} people of the demo company have KPIs that take values", writers.len());
    }
    Ok(writers)
}

fn log_in(connection: &mut Connection, login: &str) -> Result<String> {
    let body = json!({ "login": login, "password": PASSWORD });
    let answer = connection.json(&Request::post("/api/v1/auth/token", None, &body))?;
    Ok(answer["access_token"].as_str().context("no access token")?.to_owned())
}
