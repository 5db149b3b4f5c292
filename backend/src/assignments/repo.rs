//! Queries of assignments.

use std::collections::HashSet;

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::entity::{comment, evidence, kpi, template_assignment, template_assignment_item};

/// Which of these people have a KPI from the template in the quarter: person and KPI.
pub async fn having(
    db: &impl ConnectionTrait,
    template: i64,
    period: i64,
    users: &[i64],
) -> Result<Vec<(i64, i64)>, DbErr> {
    kpi::Entity::find()
        .select_only()
        .columns([kpi::Column::UserId, kpi::Column::Id])
        .filter(kpi::Column::TemplateId.eq(template))
        .filter(kpi::Column::Period.eq(period))
        .filter(kpi::Column::UserId.is_in(users.iter().copied()))
        .into_tuple()
        .all(db)
        .await
}

pub async fn insert(
    db: &impl ConnectionTrait,
    row: template_assignment::ActiveModel,
) -> Result<template_assignment::Model, DbErr> {
    row.insert(db).await
}

pub async fn insert_items(
    db: &impl ConnectionTrait,
    rows: Vec<template_assignment_item::ActiveModel>,
) -> Result<(), DbErr> {
    template_assignment_item::Entity::insert_many(rows).exec(db).await?;
    Ok(())
}

pub async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<template_assignment::Model>, DbErr> {
    template_assignment::Entity::find_by_id(id).one(db).await
}

/// Newest first.
pub async fn of_template(
    db: &impl ConnectionTrait,
    template: i64,
    limit: u64,
) -> Result<Vec<template_assignment::Model>, DbErr> {
    template_assignment::Entity::find()
        .filter(template_assignment::Column::TemplateId.eq(template))
        .order_by_desc(template_assignment::Column::Id)
        .limit(limit)
        .all(db)
        .await
}

pub async fn items(
    db: &impl ConnectionTrait,
    assignment: i64,
) -> Result<Vec<template_assignment_item::Model>, DbErr> {
    template_assignment_item::Entity::find()
        .filter(template_assignment_item::Column::AssignmentId.eq(assignment))
        .order_by_asc(template_assignment_item::Column::Id)
        .all(db)
        .await
}

/// Marks an assignment as taken back, unless somebody was faster.
pub async fn mark_undone(db: &impl ConnectionTrait, id: i64, at: i64) -> Result<bool, DbErr> {
    let row = template_assignment::ActiveModel { undone_at: Set(Some(at)), ..Default::default() };
    let done = template_assignment::Entity::update_many()
        .set(row)
        .filter(template_assignment::Column::Id.eq(id))
        .filter(template_assignment::Column::UndoneAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

pub async fn kpis(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<kpi::Model>, DbErr> {
    kpi::Entity::find()
        .filter(kpi::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(kpi::Column::Id)
        .all(db)
        .await
}

/// Which of these KPIs were commented on.
pub async fn commented(db: &impl ConnectionTrait, ids: &[i64]) -> Result<HashSet<i64>, DbErr> {
    let found: Vec<i64> = comment::Entity::find()
        .select_only()
        .column(comment::Column::KpiId)
        .distinct()
        .filter(comment::Column::KpiId.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// Which of these KPIs have files.
pub async fn with_evidence(db: &impl ConnectionTrait, ids: &[i64]) -> Result<HashSet<i64>, DbErr> {
    let found: Vec<i64> = evidence::Entity::find()
        .select_only()
        .column(evidence::Column::KpiId)
        .distinct()
        .filter(evidence::Column::KpiId.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// Which of these KPIs have others aligned to them.
pub async fn aligned_to(db: &impl ConnectionTrait, ids: &[i64]) -> Result<HashSet<i64>, DbErr> {
    let found: Vec<Option<i64>> = kpi::Entity::find()
        .select_only()
        .column(kpi::Column::ParentId)
        .distinct()
        .filter(kpi::Column::ParentId.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().flatten().collect())
}
