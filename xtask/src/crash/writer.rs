//! One person at work: values, drafts, comments and files in a weighted mix, some of them wrong, some sent twice.

use super::chance::Chance;
use super::journal::{Fate, Journal, Kind};
use crate::client::{Connection, Request};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};

pub struct Writer {
    pub name: String,
    pub token: String,
    /// Own KPIs that take values.
    pub kpis: Vec<i64>,
    pub journal: Journal,
    definition: Value,
    marks: u32,
}

/// What the marks of all requests begin with; a search for it finds the drafts.
pub const MARK: &str = "crash";
const BOUNDARY: &str = "kpi-crash-test-boundary";

impl Writer {
    pub fn new(name: &str, token: String, kpis: Vec<i64>, definition: Value, journal: Journal) -> Self {
        Self { name: name.to_owned(), token, kpis, journal, definition, marks: 0 }
    }

    /// Writes as fast as it is answered. Ends when the server is gone.
    pub fn write_until(
        &mut self,
        address: SocketAddr,
        is_over: &AtomicBool,
        mut chance: Chance,
    ) -> Result<()> {
        let Ok(mut connection) = Connection::open(address) else { return Ok(()) };
        while !is_over.load(Ordering::Acquire) {
            if chance.below(20) == 0 {
                if !self.repeat_one(&mut connection, &mut chance)? {
                    return Ok(());
                }
                continue;
            }
            let (mark, kind, kpi, request) = self.next_request(&mut chance)?;
            let entry = self.journal.sending(mark, kind, kpi, &request.0)?;
            let Ok(status) = connection.send(&request) else { return Ok(()) };
            self.note(entry, status, &connection)?;
        }
        Ok(())
    }

    /// After a restart, half of what was not answered is sent again under its key, as a careful client does.
    pub fn repeat_unanswered(&mut self, address: SocketAddr, chance: &mut Chance) -> Result<()> {
        let mut connection = Connection::open(address)?;
        for entry in 0..self.journal.entries.len() {
            if self.journal.entries[entry].fate == Fate::Unknown && chance.below(2) == 0 {
                let request = Request(self.journal.entries[entry].request.clone());
                let status = connection.send(&request).context("repeating after a restart")?;
                self.note(entry, status, &connection)?;
            }
        }
        Ok(())
    }

    /// Sends something that was acknowledged once more; the answer has to be a success again. `false` when the
    /// server is gone.
    fn repeat_one(&mut self, connection: &mut Connection, chance: &mut Chance) -> Result<bool> {
        let done: Vec<usize> = (0..self.journal.entries.len())
            .filter(|entry| self.journal.entries[*entry].fate == Fate::Acknowledged)
            .collect();
        let Some(&entry) = chance.pick(&done) else { return Ok(true) };
        let request = Request(self.journal.entries[entry].request.clone());
        let Ok(status) = connection.send(&request) else { return Ok(false) };
        anyhow::ensure!(
            (200..300).contains(&status) || status >= 500,
            "{} was acknowledged and then refused with {status}: {}",
            self.journal.entries[entry].mark,
            String::from_utf8_lossy(connection.body())
        );
        Ok(true)
    }

    fn note(&mut self, entry: usize, status: u16, connection: &Connection) -> Result<()> {
        let fate = match status {
            200..300 => Fate::Acknowledged,
            // An answer that leaves open whether the write went through.
            500.. => Fate::Unknown,
            _ => Fate::Refused,
        };
        let mark = &self.journal.entries[entry].mark;
        let should_fail = mark.ends_with("-wrong");
        anyhow::ensure!(
            fate == Fate::Unknown || should_fail == (fate == Fate::Refused),
            "{mark} was answered {status}: {}",
            String::from_utf8_lossy(connection.body())
        );
        self.journal.answered(entry, fate)
    }

    fn next_request(&mut self, chance: &mut Chance) -> Result<(String, Kind, Option<i64>, Request)> {
        self.marks += 1;
        let mut mark = format!("{MARK}-{}-{}", self.name, self.marks);
        let is_wrong = chance.below(12) == 0;
        if is_wrong {
            mark.push_str("-wrong");
        }
        let kpi = *chance.pick(&self.kpis).context("a writer without KPIs")?;
        Ok(match chance.below(100) {
            0..50 => {
                let value = if is_wrong { json!("much") } else { json!(chance.below(100)) };
                let body = json!({ "value": value, "note": mark });
                let request = self.post(&format!("/kpis/{kpi}/check-ins"), &mark, &body);
                (mark, Kind::Value, Some(kpi), request)
            }
            50..65 => {
                let mut body = self.definition.clone();
                body["title"] = json!(mark);
                if is_wrong {
                    // No progress could be measured.
                    body["target"] = body["baseline"].clone();
                }
                let request = self.post("/kpis", &mark, &body);
                (mark, Kind::Draft, None, request)
            }
            65..85 => {
                let mut body = json!({ "body": mark });
                if is_wrong {
                    body["colour"] = json!("red");
                }
                let request = self.post(&format!("/kpis/{kpi}/comments"), &mark, &body);
                (mark, Kind::Comment, Some(kpi), request)
            }
            _ => {
                let request = self.upload(kpi, &mark, is_wrong);
                (mark, Kind::File, Some(kpi), request)
            }
        })
    }

    fn post(&self, path: &str, mark: &str, body: &Value) -> Request {
        let headers = [("Content-Type", "application/json"), ("Idempotency-Key", mark)];
        Request::new("POST", &format!("/api/v1{path}"), Some(&self.token), &headers, body.to_string())
    }

    fn upload(&self, kpi: i64, mark: &str, is_wrong: bool) -> Request {
        let mut body = Vec::new();
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{mark}.pdf\"\r\n\
             Content-Type: application/pdf\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&if is_wrong { b"No document at all.".to_vec() } else { content(mark) });
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let form = format!("multipart/form-data; boundary={BOUNDARY}");
        let headers = [("Content-Type", form.as_str()), ("Idempotency-Key", mark)];
        Request::new("POST", &format!("/api/v1/kpis/{kpi}/evidence"), Some(&self.token), &headers, body)
    }
}

/// A small document that says its mark; no two are the same. Its size makes it arrive in several parts.
pub fn content(mark: &str) -> Vec<u8> {
    let filling = format!("% {mark}\n").repeat(4000);
    format!(
        "%PDF-1.4\n{filling}1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
         2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\n\
         trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    )
    .into_bytes()
}
