//! What people ask for: many different people, pages, filters, orders and KPIs, so that no cached answer flatters.

use super::load::Operation;
use crate::client::{Connection, Request};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::net::SocketAddr;

const PASSWORD: &str = "kpi-demo-2026";
/// People who are logged in; the server lets one address try fifty at once.
const PEOPLE: usize = 40;
/// Different requests for an endpoint.
const VARIETY: usize = 3_000;

struct Person {
    id: i64,
    role: String,
    token: String,
    /// KPIs that they may see.
    kpis: Vec<i64>,
}

impl Person {
    fn token(&self) -> Option<&str> {
        Some(&self.token)
    }
}

pub struct Workload {
    operations: Vec<(&'static str, Vec<Operation>)>,
    /// An administrator first.
    people: Vec<Person>,
}

impl Workload {
    /// Logs people in and looks around for what there is.
    pub fn prepare(address: SocketAddr) -> Result<Self> {
        let mut connection = Connection::open(address)?;
        let admin = log_in(&mut connection, "admin")?;
        let me = connection.json(&Request::get("/api/v1/auth/me", Some(&admin)))?;
        let year = me["period"]["year"].as_i64().context("no year")?;
        let quarter = me["period"]["quarter"].as_str().context("no quarter")?.to_owned();
        let people = people(&mut connection, &admin)?;
        let departments =
            ids(&connection.json(&Request::get("/api/v1/departments?per_page=100", Some(&admin)))?);
        let mut chance = Chance(0x2545_f491_4f6c_dd1d);
        let lists = lists(&people, &departments, year, &mut chance);
        let work =
            people.iter().map(|person| vec![Request::get("/api/v1/my-work", person.token())]).collect();
        let details = details(&people, &mut chance);
        let check_ins = check_ins(&mut connection, &people, year, &quarter, &mut chance)?;
        let dashboards = dashboards(&people, year, &mut chance);
        let dashboards_too = mixed(&dashboards, &check_ins);
        let mixed = mixed(&lists, &check_ins);
        let operations = vec![
            ("list", lists),
            ("search", searches(&people, &mut chance)),
            ("detail", details),
            ("my work", work),
            ("dashboard", dashboards),
            ("stats", stats(&people, &departments, year, &mut chance)),
            ("check-in", check_ins),
            ("list, 1 of 20 writes", mixed),
            ("dashboard, same", dashboards_too),
        ];
        Ok(Self { operations, people })
    }

    /// The tokens of different people, an administrator's first.
    pub fn tokens(&self) -> Vec<&str> {
        self.people.iter().map(|person| person.token.as_str()).collect()
    }

    pub fn admin(&self) -> &str {
        self.people.first().map_or("", |admin| admin.token.as_str())
    }

    /// A request that changes a KPI.
    pub fn change(&self) -> Result<&Request> {
        let check_ins = self.operations.iter().find(|(name, _)| *name == "check-in");
        check_ins.and_then(|(_, all)| all.first()?.first()).context("no check-in was prepared")
    }

    pub fn operations(&self) -> impl Iterator<Item = (&'static str, &[Operation])> {
        self.operations.iter().map(|(name, operations)| (*name, operations.as_slice()))
    }
}

pub fn log_in(connection: &mut Connection, login: &str) -> Result<String> {
    let body = json!({ "login": login, "password": PASSWORD });
    let answer = connection.json(&Request::post("/api/v1/auth/token", None, &body))?;
    Ok(answer["access_token"].as_str().context("no access token")?.to_owned())
}

/// People from all over the company with what they may see.
fn people(connection: &mut Connection, admin: &str) -> Result<Vec<Person>> {
    let mut rows = Vec::new();
    for page in 1..=3 {
        let path = format!("/api/v1/users?per_page=100&page={page}");
        let answer = connection.json(&Request::get(&path, Some(admin)))?;
        rows.extend(answer["items"].as_array().cloned().unwrap_or_default());
    }
    rows.retain(|row| row["is_active"] == true);
    let step = (rows.len() / (PEOPLE - 1)).max(1);
    // The administrator is logged in already; everybody else is taken at even distances.
    let taken = rows.iter().filter(|row| row["username"] != "admin").step_by(step).take(PEOPLE - 1);
    let mut people = Vec::new();
    for row in rows.iter().filter(|row| row["username"] == "admin").chain(taken) {
        let username = row["username"].as_str().context("no user name")?;
        let token = if username == "admin" { admin.to_owned() } else { log_in(connection, username)? };
        let mut kpis = Vec::new();
        for page in 1..=10 {
            let path = format!("/api/v1/kpis?per_page=100&sort=id&page={page}");
            let found = ids(&connection.json(&Request::get(&path, Some(&token)))?);
            let is_last = found.len() < 100;
            kpis.extend(found);
            if is_last {
                break;
            }
        }
        let role = row["role"].as_str().unwrap_or_default().to_owned();
        people.push(Person { id: row["id"].as_i64().context("no id")?, role, token, kpis });
    }
    Ok(people)
}

fn ids(answer: &Value) -> Vec<i64> {
    let items = answer["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| item["id"].as_i64()).collect()
}

/// A list page as people leaf, filter and sort.
fn lists(people: &[Person], departments: &[i64], year: i64, chance: &mut Chance) -> Vec<Operation> {
    const SORTS: [&str; 8] = [
        "-updated_at",
        "-updated_at",
        "title",
        "-score",
        "progress_percentage",
        "due_date",
        "-created_at",
        "status",
    ];
    let mut make = || {
        let person = chance.pick(people);
        let most = (person.kpis.len() / 20).clamp(1, 20);
        let year = year - chance.below(3) as i64;
        let quarter = chance.below(4) + 1;
        let filter = match chance.below(8) {
            0 | 1 => String::new(),
            2 => format!("&year={year}"),
            3 => format!("&year={year}&quarter=Q{quarter}"),
            4 => {
                format!("&status={}", chance.pick(&["approved", "closed", "submitted", "in_review,approved"]))
            }
            5 => format!("&department_id={}", chance.pick(departments)),
            6 => format!("&band={}&year={year}", chance.pick(&["green", "amber", "red"])),
            _ => format!("&user_id={}", person.id),
        };
        let page = if filter.is_empty() { chance.below(most) + 1 } else { 1 };
        let sort = chance.pick(&SORTS);
        let path = format!("/api/v1/kpis?page={page}&per_page=20&sort={sort}{filter}");
        vec![Request::get(&path, person.token())]
    };
    (0..VARIETY).map(|_| make()).collect()
}

fn searches(people: &[Person], chance: &mut Chance) -> Vec<Operation> {
    const WORDS: [&str; 8] =
        ["revenue", "stock", "tickets", "project", "customer", "training", "cost", "nothing"];
    let mut make = || {
        let person = chance.pick(people);
        let path = format!("/api/v1/kpis?per_page=20&q={}&page={}", chance.pick(&WORDS), chance.below(2) + 1);
        vec![Request::get(&path, person.token())]
    };
    (0..VARIETY).map(|_| make()).collect()
}

fn details(people: &[Person], chance: &mut Chance) -> Vec<Operation> {
    let seeing: Vec<&Person> = people.iter().filter(|person| !person.kpis.is_empty()).collect();
    let mut make = || {
        let person = chance.pick(&seeing);
        vec![Request::get(&format!("/api/v1/kpis/{}", chance.pick(&person.kpis)), person.token())]
    };
    (0..VARIETY).map(|_| make()).collect()
}

/// All that a dashboard loads: headline figures, quarters, and for those who lead the departments.
fn dashboards(people: &[Person], year: i64, chance: &mut Chance) -> Vec<Operation> {
    let mut make = || {
        let person = chance.pick(people);
        let of = format!("year={}&quarter=Q{}", year - chance.below(3) as i64, chance.below(4) + 1);
        let mut parts = vec!["summary", "by-quarter"];
        if person.role != "employee" {
            parts.push("by-department");
        }
        let request = |part: &str| Request::get(&format!("/api/v1/analytics/{part}?{of}"), person.token());
        parts.into_iter().map(request).collect()
    };
    (0..VARIETY).map(|_| make()).collect()
}

fn stats(people: &[Person], departments: &[i64], year: i64, chance: &mut Chance) -> Vec<Operation> {
    let mut make = || {
        let person = chance.pick(people);
        let year = year - chance.below(3) as i64;
        let filter = match chance.below(3) {
            0 => format!("year={year}&quarter=Q{}", chance.below(4) + 1),
            1 => format!("year={year}&department_id={}", chance.pick(departments)),
            _ => format!("year={year}&status={}", chance.pick(&["approved", "closed", "submitted"])),
        };
        vec![Request::get(&format!("/api/v1/kpis/stats?{filter}"), person.token())]
    };
    (0..VARIETY).map(|_| make()).collect()
}

/// New values for running KPIs of the present quarter, by their owners where these are logged in.
fn check_ins(
    connection: &mut Connection,
    people: &[Person],
    year: i64,
    quarter: &str,
    chance: &mut Chance,
) -> Result<Vec<Operation>> {
    let admin = people.iter().find(|person| person.role == "admin").context("no administrator")?;
    let mut running = Vec::new();
    for page in 1..=10 {
        let path =
            format!("/api/v1/kpis?status=approved&year={year}&quarter={quarter}&per_page=100&page={page}");
        let answer = connection.json(&Request::get(&path, admin.token()))?;
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        running
            .extend(items.into_iter().filter(|row| row["kind"] == "number" || row["kind"] == "percentage"));
    }
    anyhow::ensure!(!running.is_empty(), "there is no KPI to check in on");
    let mut make = || {
        let kpi = chance.pick(&running);
        let owner = people.iter().find(|person| Some(person.id) == kpi["user_id"].as_i64()).unwrap_or(admin);
        let body = json!({ "value": chance.below(1000) as f64 / 10.0, "note": "Measured.", "confidence": 7 });
        vec![Request::post(&format!("/api/v1/kpis/{}/check-ins", kpi["id"]), owner.token(), &body)]
    };
    Ok((0..VARIETY).map(|_| make()).collect())
}

/// Lists while others record values, which is when counts and figures have to be made anew.
fn mixed(lists: &[Operation], check_ins: &[Operation]) -> Vec<Operation> {
    let copy = |operation: &Operation| operation.iter().map(|request| Request(request.0.clone())).collect();
    lists
        .iter()
        .zip(check_ins)
        .enumerate()
        .map(|(index, (list, check_in))| copy(if index % 20 == 0 { check_in } else { list }))
        .collect()
}

/// The same requests in every run (xorshift64*, Vigna 2014).
struct Chance(u64);

impl Chance {
    /// 0 inclusive to `end` exclusive.
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(drawn).unwrap_or(0) % end.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
