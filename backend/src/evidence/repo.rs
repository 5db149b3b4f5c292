//! All queries on evidence. Whether a row may be seen is asked of its KPI.

use std::collections::HashSet;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func},
};

use crate::entity::{check_in, evidence, kpi};

/// Names or numbers in one query.
const AT_ONCE: usize = 500;

/// One row, whoever asks.
pub async fn by_id_unscoped(db: &impl ConnectionTrait, id: i64) -> Result<Option<evidence::Model>, DbErr> {
    evidence::Entity::find_by_id(id).one(db).await
}

/// What hangs on a KPI and its check-ins, newest first.
pub async fn of_kpi(db: &impl ConnectionTrait, kpi: i64) -> Result<Vec<evidence::Model>, DbErr> {
    evidence::Entity::find()
        .filter(evidence::Column::KpiId.eq(kpi))
        .order_by_desc(evidence::Column::Id)
        .all(db)
        .await
}

/// How many files hang on a KPI and its check-ins.
pub async fn count(db: &impl ConnectionTrait, kpi: i64) -> Result<u64, DbErr> {
    evidence::Entity::find().filter(evidence::Column::KpiId.eq(kpi)).count(db).await
}

/// What hangs on any of the KPIs.
pub async fn of_kpis(db: &impl ConnectionTrait, kpis: &[i64]) -> Result<Vec<evidence::Model>, DbErr> {
    let mut all = Vec::new();
    for some in kpis.chunks(AT_ONCE) {
        let ids = some.iter().copied();
        all.extend(evidence::Entity::find().filter(evidence::Column::KpiId.is_in(ids)).all(db).await?);
    }
    Ok(all)
}

/// Which KPI names which content, of the contents asked about: pairs of hash and KPI, each once.
pub async fn users_of(
    db: &impl ConnectionTrait,
    hashes: &HashSet<String>,
) -> Result<HashSet<(String, i64)>, DbErr> {
    let hashes: Vec<&String> = hashes.iter().collect();
    let mut all = HashSet::new();
    for some in hashes.chunks(AT_ONCE) {
        let pairs: Vec<(String, i64)> = evidence::Entity::find()
            .select_only()
            .columns([evidence::Column::Sha256, evidence::Column::KpiId])
            .filter(evidence::Column::Sha256.is_in(some.iter().map(|hash| hash.as_str())))
            .into_tuple()
            .all(db)
            .await?;
        all.extend(pairs);
    }
    Ok(all)
}

/// A KPI in which a file is used too.
#[derive(Debug, FromQueryResult)]
pub struct UsedOn {
    pub id: i64,
    pub title: String,
    pub user_id: i64,
}

pub async fn kpis_unscoped(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<UsedOn>, DbErr> {
    kpi::Entity::find()
        .select_only()
        .columns([kpi::Column::Id, kpi::Column::Title, kpi::Column::UserId])
        .filter(kpi::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(kpi::Column::Id)
        .into_model()
        .all(db)
        .await
}

/// What the templates of the KPIs demanded, as stored: pairs of KPI and contract.
pub async fn contracts(db: &impl ConnectionTrait, kpis: &[i64]) -> Result<Vec<(i64, String)>, DbErr> {
    let mut all = Vec::new();
    for some in kpis.chunks(AT_ONCE) {
        let pairs: Vec<(i64, String)> = kpi::Entity::find()
            .select_only()
            .columns([kpi::Column::Id, kpi::Column::Evidence])
            .filter(kpi::Column::Id.is_in(some.iter().copied()))
            .into_tuple()
            .all(db)
            .await?;
        all.extend(pairs);
    }
    Ok(all)
}

/// Bytes that a person keeps, the same content counted as often as they attached it.
pub async fn used_by(db: &impl ConnectionTrait, user: i64) -> Result<u64, DbErr> {
    let sum: Option<Option<i64>> = evidence::Entity::find()
        .select_only()
        .expr(Expr::expr(Func::sum(Expr::col(evidence::Column::Size))).cast_as("bigint"))
        .filter(evidence::Column::UploadedBy.eq(user))
        .into_tuple()
        .one(db)
        .await?;
    Ok(sum.flatten().and_then(|sum| u64::try_from(sum).ok()).unwrap_or(0))
}

/// The KPI that a check-in belongs to.
pub async fn kpi_of_check_in(db: &impl ConnectionTrait, check_in: i64) -> Result<Option<i64>, DbErr> {
    check_in::Entity::find_by_id(check_in)
        .select_only()
        .column(check_in::Column::KpiId)
        .into_tuple()
        .one(db)
        .await
}

pub async fn insert(db: &impl ConnectionTrait, row: evidence::ActiveModel) -> Result<evidence::Model, DbErr> {
    row.insert(db).await
}

/// Whether the row was still there to delete.
pub async fn delete(db: &impl ConnectionTrait, id: i64) -> Result<bool, DbErr> {
    Ok(evidence::Entity::delete_by_id(id).exec(db).await?.rows_affected == 1)
}

/// Those of the hashes that some row names.
pub async fn named(db: &impl ConnectionTrait, hashes: &[String]) -> Result<HashSet<String>, DbErr> {
    let mut all = HashSet::new();
    for some in hashes.chunks(AT_ONCE) {
        let found: Vec<String> = evidence::Entity::find()
            .select_only()
            .column(evidence::Column::Sha256)
            .distinct()
            .filter(evidence::Column::Sha256.is_in(some.iter().map(String::as_str)))
            .into_tuple()
            .all(db)
            .await?;
        all.extend(found);
    }
    Ok(all)
}

/// A content that rows name.
#[derive(Debug, PartialEq, Eq, FromQueryResult)]
pub struct Content {
    pub sha256: String,
    pub size: i64,
}

/// Contents whose hash comes after one, in their order, each once.
pub async fn contents(db: &impl ConnectionTrait, after: &str, most: u64) -> Result<Vec<Content>, DbErr> {
    evidence::Entity::find()
        .select_only()
        .columns([evidence::Column::Sha256, evidence::Column::Size])
        .distinct()
        .filter(evidence::Column::Sha256.gt(after))
        .order_by_asc(evidence::Column::Sha256)
        .limit(most)
        .into_model()
        .all(db)
        .await
}
