//! Queries on drafts that run in the shadow.

use kpi_api::id::RuleId;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::{
    entity::{kpi, rule_shadow, shadow_note, shadow_task},
    platform::failure::Outcome,
};

/// Notes that are kept of a rule.
pub const KEPT: u64 = 1000;

/// A rule whose draft runs in the shadow, and the numbers of the quarters, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shadow {
    pub rule: RuleId,
    pub quarters: Vec<i64>,
}

pub async fn all(db: &impl ConnectionTrait) -> Outcome<Vec<Shadow>> {
    let rows = rule_shadow::Entity::find().order_by_asc(rule_shadow::Column::RuleId).all(db).await?;
    rows.iter()
        .map(|row| Ok(Shadow { rule: RuleId(row.rule_id), quarters: serde_json::from_str(&row.quarters)? }))
        .collect()
}

pub async fn of_rule(db: &impl ConnectionTrait, rule: i64) -> Result<Option<rule_shadow::Model>, DbErr> {
    rule_shadow::Entity::find().filter(rule_shadow::Column::RuleId.eq(rule)).one(db).await
}

/// Begins a shadow, or gives the one that is there other quarters.
pub async fn put(db: &impl ConnectionTrait, row: rule_shadow::ActiveModel) -> Result<(), DbErr> {
    let again = OnConflict::column(rule_shadow::Column::RuleId)
        .update_column(rule_shadow::Column::Quarters)
        .to_owned();
    rule_shadow::Entity::insert(row).on_conflict(again).exec_without_returning(db).await.map(drop)
}

/// Ends a shadow and forgets what it said; `false` where there is none.
pub async fn remove(db: &impl ConnectionTrait, rule: i64) -> Result<bool, DbErr> {
    shadow_task::Entity::delete_many().filter(shadow_task::Column::RuleId.eq(rule)).exec(db).await?;
    shadow_note::Entity::delete_many().filter(shadow_note::Column::RuleId.eq(rule)).exec(db).await?;
    let gone =
        rule_shadow::Entity::delete_many().filter(rule_shadow::Column::RuleId.eq(rule)).exec(db).await?;
    Ok(gone.rows_affected > 0)
}

/// The quarter of a KPI that is still there.
pub async fn quarter(db: &impl ConnectionTrait, kpi: i64) -> Result<Option<i64>, DbErr> {
    kpi::Entity::find_by_id(kpi).select_only().column(kpi::Column::Period).into_tuple().one(db).await
}

/// Notes that a draft has to look at a KPI.
pub async fn ask(db: &impl ConnectionTrait, rule: i64, kpi: i64, at: i64) -> Result<(), DbErr> {
    use shadow_task::Column as C;
    let row =
        shadow_task::ActiveModel { rule_id: Set(rule), kpi_id: Set(kpi), at: Set(at), ..Default::default() };
    let again = OnConflict::columns([C::RuleId, C::KpiId]).update_column(C::At).to_owned();
    shadow_task::Entity::insert(row).on_conflict(again).exec_without_returning(db).await.map(drop)
}

/// The oldest tasks of one rule.
pub async fn tasks(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<shadow_task::Model>, DbErr> {
    use shadow_task::Column as C;
    let first = shadow_task::Entity::find().order_by_asc(C::Id).one(db).await?;
    let Some(first) = first else { return Ok(Vec::new()) };
    shadow_task::Entity::find()
        .filter(C::RuleId.eq(first.rule_id))
        .order_by_asc(C::Id)
        .limit(limit)
        .all(db)
        .await
}

/// Takes a task off the list unless it was asked for again meanwhile.
pub async fn settle(db: &impl ConnectionTrait, task: &shadow_task::Model) -> Result<bool, DbErr> {
    let gone = shadow_task::Entity::delete_by_id(task.id)
        .filter(shadow_task::Column::At.eq(task.at))
        .exec(db)
        .await?;
    Ok(gone.rows_affected > 0)
}

pub async fn keep(
    db: &impl ConnectionTrait,
    rule: i64,
    notes: Vec<shadow_note::ActiveModel>,
) -> Result<(), DbErr> {
    use shadow_note::Column as C;
    if notes.is_empty() {
        return Ok(());
    }
    shadow_note::Entity::insert_many(notes).exec_without_returning(db).await?;
    let oldest: Option<i64> = shadow_note::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(C::RuleId.eq(rule))
        .order_by_desc(C::Id)
        .offset(KEPT)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    if let Some(id) = oldest {
        shadow_note::Entity::delete_many().filter(C::RuleId.eq(rule)).filter(C::Id.lte(id)).exec(db).await?;
    }
    Ok(())
}

/// How often it ran, differed and failed just now.
pub async fn count(
    db: &impl ConnectionTrait,
    rule: i64,
    (ran, differed, failed): (i64, i64, i64),
) -> Result<(), DbErr> {
    use rule_shadow::Column as C;
    rule_shadow::Entity::update_many()
        .col_expr(C::Ran, Expr::col(C::Ran).add(ran))
        .col_expr(C::Differed, Expr::col(C::Differed).add(differed))
        .col_expr(C::Failed, Expr::col(C::Failed).add(failed))
        .filter(C::RuleId.eq(rule))
        .exec(db)
        .await
        .map(drop)
}

/// Newest first.
pub async fn notes(
    db: &impl ConnectionTrait,
    rule: i64,
    limit: u64,
) -> Result<Vec<shadow_note::Model>, DbErr> {
    shadow_note::Entity::find()
        .filter(shadow_note::Column::RuleId.eq(rule))
        .order_by_desc(shadow_note::Column::Id)
        .limit(limit)
        .all(db)
        .await
}
