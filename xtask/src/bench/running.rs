//! What rules cost in the middle of a quarter, where ten thousand KPIs are running. The large companies of the other
//! figures have years of closed KPIs, which rules pass over.

use super::{
    Options, heavy,
    report::{Report, Target},
    workload,
};
use crate::client::{Connection, Request};
use crate::subject::Subject;
use anyhow::{Context, Result, ensure};
use std::path::Path;

/// Of a hundred seeded KPIs of the present quarter, about 74 are running.
const USERS: u32 = 300;
const KPIS: u32 = 13_900;
const RUNNING: u64 = 10_000;

pub fn measure(binary: &Path, options: &Options, report: &mut Report) -> Result<()> {
    report.section(&format!("{KPIS} KPIs of {USERS} people in the present quarter alone"));
    let mut subject = Subject::seed_present(binary, options.scratch.as_deref(), USERS, KPIS)?;
    subject.start()?;
    let mut connection = Connection::open(subject.address()?)?;
    let admin = workload::log_in(&mut connection, "admin")?;
    let running = running(&mut connection, &admin)?;
    report.figure(
        "KPIs that are running",
        running.to_string(),
        Target::least(running as f64, RUNNING as f64),
    );

    let round = heavy::reminders(&subject, &admin)?;
    let told = format!("{:.2} s over {} open ones", round.seconds, round.open);
    report.figure("reminder rules", told, Target::most(round.seconds, 2.0));
    Ok(())
}

/// How many KPIs are approved: agreed, and being measured.
fn running(connection: &mut Connection, admin: &str) -> Result<u64> {
    let stats = connection.json(&Request::get("/api/v1/kpis/stats?status=approved", Some(admin)))?;
    let count = stats["total"].as_u64().context("no total in the figures")?;
    ensure!(count > 0, "no KPI is running");
    Ok(count)
}
