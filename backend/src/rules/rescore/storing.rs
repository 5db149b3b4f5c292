//! What a re-score writes of each KPI: its standing, only if nobody was faster, its history with the receipt, the audit
//! row, and what it came to.

use std::collections::HashSet;

use kpi_api::id::UserId;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::Expr,
};

use super::repo;
use crate::{
    entity::{kpi, kpi_history, rescore, rescored_kpi},
    kpi::{history, scoring::Standing, service::undo},
    platform::{db::work::Work, failure::Outcome},
};

/// A KPI before and after it was scored anew.
pub struct Scored {
    before: kpi::Model,
    after: kpi::Model,
}

impl Scored {
    pub fn new(before: kpi::Model, standing: &Standing) -> Outcome<Self> {
        let mut after = before.clone();
        standing.store(&mut after)?;
        Ok(Self::moved(before, after))
    }

    /// With what is new already in the row.
    pub fn moved(before: kpi::Model, after: kpi::Model) -> Self {
        let after = kpi::Model { version: before.version + 1, ..after };
        Self { before, after }
    }

    fn has_changed(&self) -> bool {
        self.before.score != self.after.score || self.before.band != self.after.band
    }
}

/// Stores those in quarters that are not closed. The ids of those that somebody was faster with come back.
pub async fn store(
    work: &mut Work,
    rescore: &rescore::Model,
    scored: Vec<Scored>,
    closed: &HashSet<i64>,
) -> Outcome<Vec<i64>> {
    let (mut overtaken, mut histories, mut audits, mut kept) = (vec![], vec![], vec![], vec![]);
    for mut scored in scored {
        if closed.contains(&scored.before.period) {
            continue;
        }
        let by = rescore.by_id.unwrap_or(scored.before.updated_by);
        (scored.after.updated_at, scored.after.updated_by) = (work.at().0, by);
        undo::settle(work, &scored.before).await?;
        if !update_if_unchanged(work.tx(), &scored).await? {
            overtaken.push(scored.before.id);
            continue;
        }
        let (row, old, new) = history::rescored(work, UserId(by), &scored.before, &scored.after);
        histories.push(row);
        audits
            .push((scored.after.id, serde_json::json!({ "old": old, "new": new, "rescore_id": rescore.id })));
        work.touch_share((scored.after.period, scored.after.user_id));
        kept.push(rescored_kpi::ActiveModel {
            rescore_id: Set(rescore.id),
            kpi_id: Set(scored.after.id),
            user_id: Set(scored.after.user_id),
            weight: Set(scored.after.weight),
            before: Set(scored.before.score),
            after: Set(scored.after.score),
            changed: Set(scored.has_changed()),
            ..Default::default()
        });
    }
    if !kept.is_empty() {
        kpi_history::Entity::insert_many(histories).exec_without_returning(work.tx()).await?;
        work.audit_each("kpi.rescore", "kpi", &audits).await?;
        repo::keep(work.tx(), kept).await?;
    }
    Ok(overtaken)
}

/// Stores the standing over the state and version that were read; `false` when somebody was faster.
async fn update_if_unchanged(db: &impl ConnectionTrait, scored: &Scored) -> Result<bool, DbErr> {
    use kpi::Column as C;
    let Scored { before, after } = scored;
    let done = kpi::Entity::update_many()
        .col_expr(C::CurrentValue, Expr::value(after.current_value))
        .col_expr(C::Attainment, Expr::value(after.attainment))
        .col_expr(C::Progress, Expr::value(after.progress))
        .col_expr(C::Score, Expr::value(after.score))
        .col_expr(C::Band, Expr::value(after.band.clone()))
        .col_expr(C::IsFlagged, Expr::value(after.is_flagged))
        .col_expr(C::Version, Expr::value(after.version))
        .col_expr(C::UpdatedAt, Expr::value(after.updated_at))
        .col_expr(C::UpdatedBy, Expr::value(after.updated_by))
        .filter(C::Id.eq(before.id))
        .filter(C::Version.eq(before.version))
        .filter(C::Status.eq(before.status.clone()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}
