//! What rules and queues are told about the files of KPIs, for many KPIs at once.

use std::collections::{BTreeSet, HashMap, HashSet};

use kpi_api::{
    evidence::{EvidenceNeed, EvidenceSummary},
    template::EvidenceContract,
    time::{Date, Timestamp},
};
use kpi_engine::EvidenceFacts;
use sea_orm::ConnectionTrait;

use super::repo;
use crate::{app::Ctx, entity::evidence, platform::failure::Outcome};

/// The facts of those KPIs that have files; the others have none to tell.
pub async fn of(ctx: &Ctx, db: &impl ConnectionTrait, kpis: &[i64]) -> Outcome<HashMap<i64, EvidenceFacts>> {
    Ok(gather(ctx, db, kpis).await?.into_iter().map(|(id, known)| (id, known.facts)).collect())
}

/// In short, for every KPI asked about.
pub async fn summaries(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    kpis: &[i64],
) -> Outcome<HashMap<i64, EvidenceSummary>> {
    let mut known = gather(ctx, db, kpis).await?;
    let mut all = HashMap::with_capacity(kpis.len());
    for (id, contract) in repo::contracts(db, kpis).await? {
        let Known { facts, files } = known.remove(&id).unwrap_or_default();
        let need = need(serde_json::from_str(&contract)?, &facts);
        let summary =
            EvidenceSummary { count: files, is_complete: need.is_met, reused: u64::from(facts.reused) };
        all.insert(id, summary);
    }
    Ok(all)
}

/// What a contract still asks for.
pub fn need(contract: EvidenceContract, facts: &EvidenceFacts) -> EvidenceNeed {
    let missing_kinds: Vec<String> =
        contract.kinds.iter().filter(|kind| !facts.fresh_kinds.contains(kind)).cloned().collect();
    let is_met = facts.fresh >= contract.count && missing_kinds.is_empty();
    EvidenceNeed { contract, counted: facts.fresh, missing_kinds, is_met }
}

/// Whether the contract asks for anything.
pub fn asks(contract: &EvidenceContract) -> bool {
    contract.count > 0 || !contract.kinds.is_empty()
}

#[derive(Default)]
struct Known {
    facts: EvidenceFacts,
    /// Rows, the same content counted twice.
    files: u64,
}

async fn gather(ctx: &Ctx, db: &impl ConnectionTrait, kpis: &[i64]) -> Outcome<HashMap<i64, Known>> {
    let rows = repo::of_kpis(db, kpis).await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let with_files: Vec<i64> =
        rows.iter().map(|row| row.kpi_id).collect::<BTreeSet<_>>().into_iter().collect();
    let contracts: HashMap<i64, String> = repo::contracts(db, &with_files).await?.into_iter().collect();
    let hashes: HashSet<String> = rows.iter().map(|row| row.sha256.clone()).collect();
    let mut users: HashMap<String, u32> = HashMap::new();
    for (hash, _) in repo::users_of(db, &hashes).await? {
        *users.entry(hash).or_default() += 1;
    }
    let mut by_kpi: HashMap<i64, Vec<evidence::Model>> = HashMap::new();
    for row in rows {
        by_kpi.entry(row.kpi_id).or_default().push(row);
    }
    by_kpi
        .into_iter()
        .map(|(id, rows)| {
            let contract: EvidenceContract = match contracts.get(&id) {
                Some(text) => serde_json::from_str(text)?,
                None => EvidenceContract::default(),
            };
            let files = rows.len() as u64;
            let facts = told(&rows, contract.max_age_days, ctx.today(), day_in(ctx), |hash| {
                users.get(hash).is_some_and(|count| *count > 1)
            });
            Ok((id, Known { facts, files }))
        })
        .collect()
}

/// The facts of the rows of one KPI, without where else their contents are used.
pub fn told_of(ctx: &Ctx, rows: &[evidence::Model], contract: &EvidenceContract) -> EvidenceFacts {
    told(rows, contract.max_age_days, ctx.today(), day_in(ctx), |_| false)
}

/// The day on which a row was made, in the company's zone.
fn day_in(ctx: &Ctx) -> impl Fn(&evidence::Model) -> Date + '_ {
    |row| ctx.clock.date_of(Timestamp(row.created_at))
}

/// The facts of one KPI's rows. The same content attached twice is one file, as old as when it was added last.
fn told(
    rows: &[evidence::Model],
    max_age_days: Option<u16>,
    today: Date,
    day: impl Fn(&evidence::Model) -> Date,
    is_reused: impl Fn(&str) -> bool,
) -> EvidenceFacts {
    let mut files: HashMap<&str, (&str, Date)> = HashMap::new();
    for row in rows {
        let on = day(row);
        let file = files.entry(&row.sha256).or_insert((&row.extension, on));
        file.1 = file.1.max(on);
    }
    let is_fresh = |on: Date| max_age_days.is_none_or(|days| (today - on).whole_days() <= i64::from(days));
    let kinds = |wanted: &dyn Fn(Date) -> bool| -> Vec<String> {
        let fitting = files.values().filter(|(_, on)| wanted(*on));
        let kinds: BTreeSet<&str> = fitting.flat_map(|(kind, _)| same_kind(kind)).collect();
        kinds.into_iter().map(str::to_owned).collect()
    };
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    EvidenceFacts {
        count: count(files.len()),
        kinds: kinds(&|_| true),
        newest: files.values().map(|(_, on)| *on).max(),
        fresh: count(files.values().filter(|(_, on)| is_fresh(*on)).count()),
        fresh_kinds: kinds(&is_fresh),
        reused: count(files.keys().filter(|hash| is_reused(hash)).count()),
    }
}

/// The extensions under which a kind is known: who asks for a `jpg` is content with a `jpeg`.
fn same_kind(extension: &str) -> Vec<&str> {
    match extension {
        "jpg" | "jpeg" => vec!["jpeg", "jpg"],
        other => vec![other],
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn row(hash: &str, extension: &str, created_at: i64) -> evidence::Model {
        evidence::Model {
            id: 1,
            kpi_id: 1,
            check_in_id: None,
            name: format!("a.{extension}"),
            extension: extension.into(),
            sha256: hash.into(),
            size: 1,
            description: String::new(),
            uploaded_by: 1,
            created_at,
        }
    }

    #[test]
    fn old_files_do_not_count_where_fresh_ones_are_asked_for() {
        let today = date!(2026 - 03 - 31);
        let rows = [row("a", "pdf", 40), row("b", "png", 30), row("b", "png", 31), row("c", "xlsx", 2)];
        let day = |row: &evidence::Model| today - time::Duration::days(row.created_at);
        let facts = told(&rows, Some(30), today, day, |hash| hash == "c");
        assert_eq!((facts.count, facts.fresh, facts.reused), (3, 2, 1));
        assert_eq!(facts.kinds, ["pdf", "png", "xlsx"]);
        assert_eq!(facts.fresh_kinds, ["png", "xlsx"]);
        assert_eq!(facts.newest, Some(date!(2026 - 03 - 29)));

        let contract = EvidenceContract { count: 2, kinds: vec!["pdf".into()], max_age_days: Some(30) };
        let need = need(contract, &facts);
        assert_eq!((need.is_met, need.counted, need.missing_kinds), (false, 2, vec!["pdf".to_owned()]));
    }
}
