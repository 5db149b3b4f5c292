//! What rules cost in the middle of a quarter, where ten thousand KPIs are running. The large companies of the other
//! figures have years of closed KPIs, which rules pass over.

use super::{
    CONNECTIONS, Options, heavy,
    load::{self, Operation},
    report::{Report, Target},
    workload,
};
use crate::client::{Connection, Request};
use crate::subject::Subject;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// Of a hundred seeded KPIs of the present quarter, about 74 are running.
const USERS: u32 = 300;
const KPIS: u32 = 13_900;
const RUNNING: u64 = 10_000;

/// Pause of each reader after each answer while scores are made anew: three hundred requests a second together.
const CALM: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(60);

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
    studio(&mut connection, &admin, report)?;
    rescore(&subject, &mut connection, &admin, report)
}

/// How many KPIs are approved: agreed, and being measured.
fn running(connection: &mut Connection, admin: &str) -> Result<u64> {
    let stats = connection.json(&Request::get("/api/v1/kpis/stats?status=approved", Some(admin)))?;
    let count = stats["total"].as_u64().context("no total in the figures")?;
    ensure!(count > 0, "no KPI is running");
    Ok(count)
}

/// The standard rule as it is published.
struct Rule {
    id: i64,
    source: String,
    revision: i64,
}

fn standard(connection: &mut Connection, admin: &str) -> Result<Rule> {
    let rules = connection.json(&Request::get("/api/v1/rules", Some(admin)))?;
    let rule = rules["items"].as_array().into_iter().flatten().find(|rule| rule["name"] == "score/standard");
    let id = rule.and_then(|rule| rule["id"].as_i64()).context("there is no standard rule")?;
    let whole = connection.json(&Request::get(&format!("/api/v1/rules/{id}"), Some(admin)))?;
    let source = whole["source"].as_str().context("a rule without a source")?.to_owned();
    Ok(Rule { id, source, revision: whole["revision"].as_i64().context("a rule without a revision")? })
}

/// A source that scores otherwise: three points less for everybody.
fn stricter(source: &str, number: u32) -> String {
    source
        .replace("let percent = round(100 * p, 9);", &format!("let percent = round(100 * p, 9) - {number};"))
}

/// What an author waits for.
fn studio(connection: &mut Connection, admin: &str, report: &mut Report) -> Result<()> {
    let rule = standard(connection, admin)?;
    let path = |what: &str| format!("/api/v1/rules/{}/{what}", rule.id);
    let body = json!({ "source": stricter(&rule.source, 3) });
    let check = Request::post(&path("check"), Some(admin), &body);
    let took = longest(connection, &check)?;
    report.figure("rule check, longest of 50", format!("{took:.1} ms"), Target::most(took, 50.0));

    let kpis = connection.json(&Request::get("/api/v1/kpis?status=approved&per_page=1", Some(admin)))?;
    let one = json!({ "source": stricter(&rule.source, 3), "kpi_id": kpis["items"][0]["id"] });
    let took = longest(connection, &Request::post(&path("run"), Some(admin), &one))?;
    report.figure("rule run, longest of 50", format!("{took:.1} ms"), Target::most(took, 20.0));

    let started = Instant::now();
    let impact = connection.json(&Request::post(&path("preview"), Some(admin), &body))?;
    let took = started.elapsed().as_secs_f64();
    ensure!(impact["failed"] == 0 && impact["stopped_early"] == false, "the preview is not whole");
    let told = format!("{took:.2} s over {}, {} changed", impact["evaluated"], impact["changed"]);
    report.figure("impact preview", told, Target::most(took, 2.0));
    Ok(())
}

/// Milliseconds of the longest of fifty.
fn longest(connection: &mut Connection, request: &Request) -> Result<f64> {
    let mut longest = Duration::ZERO;
    for _ in 0..50 {
        let started = Instant::now();
        connection.json(request)?;
        longest = longest.max(started.elapsed());
    }
    Ok(longest.as_secs_f64() * 1000.0)
}

/// Publishing with a re-score of all running KPIs, first alone and then while others read.
fn rescore(subject: &Subject, connection: &mut Connection, admin: &str, report: &mut Report) -> Result<()> {
    let alone = publish(connection, admin, 3)?;
    let told =
        format!("{:.2} s over {}, {} changed", alone.took.as_secs_f64(), alone.rescored, alone.changed);
    report.figure("publish and re-score", told, Target::most(alone.took.as_secs_f64(), 5.0));

    let address = subject.address()?;
    let lists: Vec<Operation> = (1..=100)
        .map(|page| vec![Request::get(&format!("/api/v1/kpis?per_page=20&page={page}"), Some(admin))])
        .collect();
    let read = |window| load::drive_calmly(address, CONNECTIONS, &lists, (window, CALM), || subject.cpu());
    let idle = read(Duration::from_secs(4))?;
    let (during, together) = std::thread::scope(|scope| {
        let reading = scope.spawn(|| read(alone.took.max(Duration::from_secs(1))));
        let together = publish(connection, admin, 1);
        let during = reading.join().map_err(|_| anyhow::anyhow!("reading has panicked"))?;
        anyhow::Ok((during?, together?))
    })?;
    let (before, after) = (idle.percentile(0.99), during.percentile(0.99));
    let told = format!("{before:.1} -> {after:.1} ms, {} reads a second", during.rate().round());
    report.figure("p99 of reads meanwhile", told, Target::most(after / before, 2.0));
    let seconds = together.took.as_secs_f64();
    let told = format!("{seconds:.2} s over {}", together.rescored);
    report.figure("publish and re-score", told, Target::most(seconds, 5.0));
    Ok(())
}

struct Published {
    took: Duration,
    rescored: u64,
    changed: u64,
}

/// Publishes a stricter standard rule and waits until the open quarters are scored anew.
fn publish(connection: &mut Connection, admin: &str, stricter_by: u32) -> Result<Published> {
    let rule = standard(connection, admin)?;
    let send = |method: &str, path: &str, revision: i64, body: Value| {
        let version = format!("\"{revision}\"");
        let headers = [("Content-Type", "application/json"), ("If-Match", version.as_str())];
        Request::new(
            method,
            &format!("/api/v1/rules/{}/{path}", rule.id),
            Some(admin),
            &headers,
            body.to_string(),
        )
    };
    // The cases of the shipped rule would rightly refuse the other score.
    let tests = json!({ "text": "[[case]]\nname = \"no value\"\nexpect = { score = \"none\" }\n" });
    let draft = json!({ "source": stricter(&rule.source, stricter_by), "tests": tests });
    let drafted = connection.json(&send("PUT", "draft", rule.revision, draft))?;
    let revision = drafted["revision"].as_i64().context("a draft without a revision")?;
    let started = Instant::now();
    let body = json!({ "note": "Measured.", "rescore": "open" });
    let published = connection.json(&send("POST", "publish", revision, body))?;
    let id = published["rescore_id"].as_i64().context("no re-score was begun")?;
    while started.elapsed() < PATIENCE {
        let path = format!("/api/v1/rescores/{id}");
        let state = connection.json(&Request::get(&path, Some(admin)))?;
        if state["state"] == "done" {
            let count = |name: &str| state[name].as_u64().unwrap_or_default();
            return Ok(Published {
                took: started.elapsed(),
                rescored: count("rescored"),
                changed: count("changed"),
            });
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    bail!("the re-score did not end")
}
