//! Whether what is written together is there together: a KPI, its values, its history, the audit log and the outbox. Every
//! command writes them in one transaction, so a difference means that the data was changed from outside or damaged.

use sea_orm::{ConnectionTrait, DbErr, Statement};
use serde::Serialize;

use crate::seed::REQUEST as SEED;

/// Examples told of each fault.
const EXAMPLES: usize = 5;

/// Something that does not belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// In words, with the numbers of the first few.
    pub what: String,
    pub count: usize,
}

/// What is looked for, and the query of plain SQL that finds the numbers of the KPIs at fault.
const CHECKS: &[(&str, &str)] = &[
    (
        "KPIs whose history has gaps in its versions",
        "SELECT k.id FROM kpis k LEFT JOIN kpi_history h ON h.kpi_id = k.id GROUP BY k.id, k.version \
         HAVING COUNT(DISTINCT h.kpi_version) <> k.version OR MAX(h.kpi_version) <> k.version \
         OR MIN(h.kpi_version) <> 1",
    ),
    (
        "KPIs whose values and history differ in number",
        "SELECT k.id FROM kpis k WHERE (SELECT COUNT(*) FROM check_ins c WHERE c.kpi_id = k.id) <> \
         (SELECT COUNT(*) FROM kpi_history h WHERE h.kpi_id = k.id AND h.act IN ('check_in', 'correct'))",
    ),
    (
        "KPIs whose standing is not what their history says",
        "SELECT k.id FROM kpis k JOIN kpi_history h ON h.kpi_id = k.id AND h.id = \
         (SELECT MAX(l.id) FROM kpi_history l WHERE l.kpi_id = k.id) \
         WHERE h.to_status <> k.status OR COALESCE(h.score, -1) <> COALESCE(k.score, -1)",
    ),
    (
        "KPIs whose flag is not what their last receipt says",
        "SELECT k.id FROM kpis k JOIN kpi_history h ON h.kpi_id = k.id AND h.id = \
         (SELECT MAX(l.id) FROM kpi_history l WHERE l.kpi_id = k.id AND l.receipt IS NOT NULL) \
         WHERE k.is_flagged <> (h.score IS NOT NULL AND json_extract(h.receipt, '$.trouble') IS NOT NULL)",
    ),
    (
        "KPIs with an act that the audit log does not know",
        "SELECT DISTINCT h.kpi_id FROM kpi_history h WHERE h.act NOT LIKE 'evidence%' AND NOT EXISTS (SELECT 1 FROM \
         audit_log a WHERE a.entity = 'kpi' AND a.entity_id = h.kpi_id AND a.request_id = h.request_id)",
    ),
    (
        "KPIs with an audited act that their history does not know",
        "SELECT DISTINCT a.entity_id FROM audit_log a WHERE a.entity = 'kpi' AND a.action LIKE 'kpi.%' \
         AND a.action <> 'kpi.delete' AND NOT EXISTS (SELECT 1 FROM kpi_history h \
         WHERE h.kpi_id = a.entity_id AND h.request_id = a.request_id)",
    ),
    (
        // A decision that was taken back has no event any more, and what was delivered is cleaned up after a while. Of a
        // re-score of many KPIs one event tells.
        "KPIs with an act whose event is missing",
        "SELECT DISTINCT h.kpi_id FROM kpi_history h WHERE h.request_id <> '{seed}' AND h.act <> 'rescore' \
         AND h.at > (SELECT COALESCE(MIN(delivered_at), 0) FROM outbox) AND NOT EXISTS \
         (SELECT 1 FROM outbox o WHERE o.entity = 'kpi' \
         AND o.entity_id = h.kpi_id AND o.at = h.at) AND NOT EXISTS (SELECT 1 FROM kpi_history u \
         WHERE u.kpi_id = h.kpi_id AND u.act = 'undo' AND u.kpi_version = h.kpi_version + 1)",
    ),
    (
        "KPIs whose re-scores and history differ in number",
        "SELECT k.id FROM kpis k WHERE (SELECT COUNT(*) FROM rescored_kpis r WHERE r.kpi_id = k.id) <> \
         (SELECT COUNT(*) FROM kpi_history h WHERE h.kpi_id = k.id AND h.act = 'rescore')",
    ),
];

/// All faults that there are.
pub async fn faults(db: &impl ConnectionTrait) -> Result<Vec<Fault>, DbErr> {
    let mut faults = Vec::new();
    for (what, sql) in CHECKS {
        let statement = Statement::from_string(db.get_database_backend(), sql.replace("{seed}", SEED));
        let found: Vec<i64> = db
            .query_all_raw(statement)
            .await?
            .iter()
            .map(|row| row.try_get_by_index(0))
            .collect::<Result<_, _>>()?;
        if !found.is_empty() {
            let examples: Vec<String> = found.iter().take(EXAMPLES).map(i64::to_string).collect();
            let what = format!("{what}, e.g. {}", examples.join(", "));
            faults.push(Fault { what, count: found.len() });
        }
    }
    Ok(faults)
}
