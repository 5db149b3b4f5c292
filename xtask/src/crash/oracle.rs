//! What has to be true after a crash.

use super::journal::{Fate, Kind};
use super::writer::{MARK, Writer, content};
use crate::client::{Connection, Request};
use crate::shell;
use crate::subject::Subject;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use std::process::Stdio;

/// Faults told of a round; more would only fill the screen.
const TOLD: usize = 10;

/// Before the server is up again: the database is whole, what is written together is there together, every file has the
/// content that its name says, and the chain of the audit log holds.
pub fn at_rest(subject: &Subject) -> Result<()> {
    for (name, options) in [("doctor", &["--deep"][..]), ("audit", &["verify"])] {
        let mut command = shell::command(subject.binary());
        command.arg(name).args(options).arg("--data-dir").arg(subject.data());
        command.current_dir(std::env::temp_dir()).stderr(Stdio::null());
        let output = command.output().with_context(|| format!("cannot run kpi {name}"))?;
        if !output.status.success() {
            bail!("kpi {name} {}:\n{}", options.join(" "), String::from_utf8_lossy(&output.stdout));
        }
    }
    Ok(())
}

/// What the server shows: everything acknowledged once, nothing refused, nothing twice.
pub fn as_served(subject: &Subject, writers: &[Writer]) -> Result<()> {
    let mut connection = Connection::open(subject.address()?)?;
    let mut faults = Vec::new();
    for writer in writers {
        let shown = shown(&mut connection, writer)?;
        for entry in &writer.journal.entries {
            let times = shown.get(&(entry.kind, entry.mark.clone())).copied().unwrap_or(0);
            let is_right = match entry.fate {
                Fate::Acknowledged => times == 1,
                Fate::Refused => times == 0,
                Fate::Unknown => times <= 1,
            };
            if !is_right {
                faults.push(format!("{} ({:?}) is there {times} times", entry.mark, entry.fate));
            }
        }
    }
    if !faults.is_empty() {
        bail!("{} writes are not as they were answered:\n{}", faults.len(), {
            faults.truncate(TOLD);
            faults.join("\n")
        });
    }
    Ok(())
}

/// How often each mark of the writer is found.
fn shown(connection: &mut Connection, writer: &Writer) -> Result<HashMap<(Kind, String), usize>> {
    let mut found = HashMap::new();
    let mut see = |kind, mark: &Value| {
        if let Some(mark) = mark.as_str().filter(|mark| mark.starts_with(MARK)) {
            *found.entry((kind, mark.to_owned())).or_insert(0) += 1;
        }
    };
    let touched: BTreeSet<i64> = writer.journal.entries.iter().filter_map(|entry| entry.kpi).collect();
    for kpi in touched {
        let mut items = |part: &str| list(connection, writer, &format!("/kpis/{kpi}/{part}"));
        items("check-ins")?.iter().for_each(|item| see(Kind::Value, &item["note"]));
        items("comments")?.iter().for_each(|item| see(Kind::Comment, &item["body"]));
        for item in items("evidence")? {
            let name = item["name"].as_str().unwrap_or_default();
            let mark = name.strip_suffix(".pdf").unwrap_or(name);
            if mark.starts_with(MARK) {
                ensure!(
                    item["sha256"] == hex::encode(Sha256::digest(content(mark))),
                    "{name} has another hash"
                );
            }
            see(Kind::File, &Value::from(mark));
        }
    }
    for page in 1.. {
        let path = format!("/kpis?mine=true&q={MARK}&sort=id&per_page=100&page={page}");
        let items = list(connection, writer, &path)?;
        items.iter().for_each(|item| see(Kind::Draft, &item["title"]));
        if items.len() < 100 {
            break;
        }
    }
    Ok(found)
}

fn list(connection: &mut Connection, writer: &Writer, path: &str) -> Result<Vec<Value>> {
    let answer = connection.json(&Request::get(&format!("/api/v1{path}"), Some(&writer.token)))?;
    Ok(answer["items"].as_array().cloned().unwrap_or_default())
}
