//! `cargo xtask bench`: seeds a large company, starts the release server on it, drives it over loopback and compares what
//! comes out with what was promised. A second company ten times as large shows whether the cost of a page grows.

mod heavy;
mod load;
mod page;
mod report;
mod running;
mod workload;

use crate::project::Project;
use crate::subject::Subject;
use crate::{server, setup, shell, web};
use anyhow::{Context, Result};
use load::Measured;
use report::{Report, Target};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use workload::Workload;

#[derive(clap::Args)]
pub struct Options {
    /// Shorter measurements, and the larger company left out
    #[arg(long)]
    quick: bool,
    /// Measure the server as it was built last, without building anything
    #[arg(long)]
    no_build: bool,
    /// Folder for the databases, which are removed at the end [default: the system's temporary folder]
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
}

/// Connections that ask without a pause.
const CONNECTIONS: usize = 30;
const SMALL: Company = Company { users: 300, kpis: 10_000, years: 3 };
const LARGE: Company = Company { users: 3_000, kpis: 100_000, years: 3 };

/// How large a company is made.
#[derive(Clone, Copy)]
struct Company {
    users: u32,
    kpis: u32,
    years: u32,
}

/// What is promised of an endpoint: server CPU in milliseconds, requests a second, 99th percentile in milliseconds.
#[derive(Default, Clone, Copy)]
struct Promise {
    cpu: Option<f64>,
    rate: Option<f64>,
    p99: Option<f64>,
}

fn promise(endpoint: &str) -> Promise {
    match endpoint {
        "list" => Promise { cpu: Some(0.2), rate: Some(4000.0), p99: Some(15.0) },
        "detail" | "my work" => Promise { cpu: Some(0.2), ..Promise::default() },
        "dashboard" => Promise { cpu: Some(0.3), ..Promise::default() },
        "check-in" => Promise { p99: Some(60.0), ..Promise::default() },
        _ => Promise::default(),
    }
}

pub fn run(project: &Project, options: &Options) -> Result<ExitCode> {
    if !options.no_build {
        web::build(project, &setup::web_tools(project)?)?;
        server::build_release(project)?;
    }
    let binary = project.server("release");
    let window = if options.quick { Duration::from_millis(1500) } else { Duration::from_secs(5) };
    let mut report = Report::new();
    let small = measure(&binary, options, SMALL, window, &mut report, true)?;
    if !options.quick {
        let large = measure(&binary, options, LARGE, window, &mut report, false)?;
        report.section("Cost of a request with 100,000 KPIs of 3,000 people, against 10,000 of 300");
        for (name, before) in &small {
            let after = large.iter().find(|(other, _)| other == name).map(|(_, measured)| measured);
            if let Some((before, after)) = before.cpu_ms().zip(after.and_then(Measured::cpu_ms)) {
                let growth = after / before.max(0.01);
                report.figure(
                    name,
                    format!("{before:.3} -> {after:.3} ms, x{growth:.2}"),
                    Target::most(growth, 1.5),
                );
            }
        }
    }
    running::measure(&binary, options, &mut report)?;
    report.section("Other figures");
    if !options.no_build {
        let seconds = scoring(project)?;
        report.figure("scoring 10,000 KPIs", format!("{seconds:.2} s"), Target::most(seconds, 1.0));
    }
    let size = binary.metadata()?.len() as f64 / f64::from(1 << 20);
    report.figure("size of the binary", format!("{size:.1} MB"), Target::None);
    Ok(report.close())
}

/// Seeds a company, serves it and drives every endpoint. What was measured comes back by endpoint.
fn measure(
    binary: &std::path::Path,
    options: &Options,
    company: Company,
    window: Duration,
    report: &mut Report,
    is_main: bool,
) -> Result<Vec<(&'static str, Measured)>> {
    let Company { users, kpis, years } = company;
    report.section(&format!("{kpis} KPIs of {users} people over {years} years, {CONNECTIONS} connections"));
    let mut subject = Subject::seed(binary, options.scratch.as_deref(), users, kpis, years)?;
    let seeding = if is_main { Target::most(subject.seeding.as_secs_f64(), 20.0) } else { Target::None };
    report.figure("seeding", format!("{:.1} s", subject.seeding.as_secs_f64()), seeding);
    let start = subject.start()?.as_secs_f64();
    report.figure("start to /health 200", format!("{start:.2} s"), Target::most(start, 0.5));
    let address = subject.address()?;
    let workload = Workload::prepare(address).context("preparing the requests")?;
    report.head();
    let mut all = Vec::new();
    for (name, operations) in workload.operations() {
        let measured = load::drive(address, CONNECTIONS, operations, window, || subject.cpu())?;
        let promise = if is_main { promise(name) } else { Promise::default() };
        report.row(name, &measured, promise.cpu, promise.rate, promise.p99);
        all.push((name, measured));
    }
    if let Some(megabytes) = subject.memory() {
        report.figure("memory at the end", format!("{megabytes:.0} MB"), Target::most(megabytes, 100.0));
    }
    if is_main {
        let round = heavy::reminders(&subject, workload.admin())?;
        let told = format!("{:.2} s, {} of them open", round.seconds, round.open);
        report.figure("reminder rules over all", told, Target::most(round.seconds, 2.0));
        let streams = heavy::streams(&subject, &workload.tokens(), workload.change()?)?;
        let told = format!("{:.1} MB", streams.megabytes);
        report.figure("200 open streams", told, Target::most(streams.megabytes, 20.0));
        let seconds = streams.told_after.as_secs_f64();
        report.figure("from a change to a page", format!("{seconds:.2} s"), Target::most(seconds, 1.0));
        let grown = heavy::uploads(&subject, workload.admin())?;
        report.figure("20 files of 50 MB at once", format!("{grown:.1} MB more"), Target::most(grown, 64.0));
        for (name, path) in [("first page", "/"), ("first page, /admin", "/admin/people")] {
            let first = page::first(address, path)?;
            let kilobytes = first.bytes as f64 / 1024.0;
            let told = format!("{kilobytes:.0} KB in {} files, as served compressed", first.files);
            let target = if first.files > 1 { Target::most(kilobytes, 900.0) } else { Target::None };
            report.figure(name, told, target);
        }
    }
    Ok(all)
}

/// Seconds that the engine needs for ten thousand scores with the standard rule.
fn scoring(project: &Project) -> Result<f64> {
    let mut cargo = shell::cargo();
    cargo.current_dir(&project.root);
    cargo.args(["run", "--release", "--locked", "--quiet", "--package", "kpi-engine", "--example", "speed"]);
    let said = shell::output(&mut cargo).context("the engine's speed could not be measured")?;
    let line =
        said.lines().find(|line| line.starts_with("score/standard")).context("no line for the score")?;
    let rate = line.rsplit(',').next().and_then(|part| part.trim().strip_suffix(" a second"));
    let rate: f64 = rate.context("no rate in the line")?.parse()?;
    Ok(10_000.0 / rate)
}
