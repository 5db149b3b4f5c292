//! Queries on templates and on what refers to them.

use std::collections::HashMap;

use kpi_api::error::{Holder, HolderKind};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::entity::{kpi, rule, template};

pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<template::Model>, DbErr> {
    template::Entity::find().order_by_asc(template::Column::Id).all(db).await
}

pub async fn insert(db: &impl ConnectionTrait, row: template::ActiveModel) -> Result<template::Model, DbErr> {
    row.insert(db).await
}

/// Whether the row was still at `version`.
pub async fn update(
    db: &impl ConnectionTrait,
    id: i64,
    version: i64,
    row: template::ActiveModel,
) -> Result<bool, DbErr> {
    let done = template::Entity::update_many()
        .set(row)
        .filter(template::Column::Id.eq(id))
        .filter(template::Column::Version.eq(version))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Whether the row was still at `version`.
pub async fn delete(db: &impl ConnectionTrait, id: i64, version: i64) -> Result<bool, DbErr> {
    let done = template::Entity::delete_many()
        .filter(template::Column::Id.eq(id))
        .filter(template::Column::Version.eq(version))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// KPIs by template.
pub async fn usage(db: &impl ConnectionTrait) -> Result<HashMap<i64, u64>, DbErr> {
    let counts: Vec<(i64, i64)> = kpi::Entity::find()
        .select_only()
        .column(kpi::Column::TemplateId)
        .column_as(kpi::Column::Id.count(), "kpis")
        .filter(kpi::Column::TemplateId.is_not_null())
        .group_by(kpi::Column::TemplateId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.into_iter().map(|(id, count)| (id, count.unsigned_abs())).collect())
}

/// What would be left without its template; empty when nothing would.
pub async fn holders(db: &impl ConnectionTrait, id: i64) -> Result<Vec<Holder>, DbErr> {
    let kpis = kpi::Entity::find().filter(kpi::Column::TemplateId.eq(id)).count(db).await?;
    let templates = template::Entity::find().filter(template::Column::ExtendsId.eq(id)).count(db).await?;
    let rules = rule::Entity::find()
        .filter(rule::Column::Scope.eq("template"))
        .filter(rule::Column::ScopeId.eq(id))
        .count(db)
        .await?;
    let counts = [(kpis, HolderKind::Kpis), (templates, HolderKind::Templates), (rules, HolderKind::Rules)];
    Ok(counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| Holder { what, count })
        .collect())
}
