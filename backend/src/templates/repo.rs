//! Queries on templates and on what refers to them.

use std::collections::HashMap;

use kpi_api::error::{Holder, HolderKind};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};

use crate::entity::{kpi, rule, template, template_version};

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

/// The number of the latest version by template.
pub async fn version_numbers(db: &impl ConnectionTrait) -> Result<HashMap<i64, i64>, DbErr> {
    use template_version::Column as C;
    let found: Vec<(i64, i64)> = template_version::Entity::find()
        .select_only()
        .column(C::TemplateId)
        .column_as(C::Number.max(), "number")
        .group_by(C::TemplateId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// The latest version of each template.
pub async fn latest_versions(db: &impl ConnectionTrait) -> Result<Vec<template_version::Model>, DbErr> {
    let latest = "number = (SELECT MAX(other.number) FROM template_versions other \
                  WHERE other.template_id = template_versions.template_id)";
    template_version::Entity::find().filter(Expr::cust(latest)).all(db).await
}

pub async fn latest_version(
    db: &impl ConnectionTrait,
    id: i64,
) -> Result<Option<template_version::Model>, DbErr> {
    use template_version::Column as C;
    template_version::Entity::find()
        .filter(C::TemplateId.eq(id))
        .order_by_desc(C::Number)
        .limit(1)
        .one(db)
        .await
}

pub async fn version(
    db: &impl ConnectionTrait,
    id: i64,
    number: i64,
) -> Result<Option<template_version::Model>, DbErr> {
    use template_version::Column as C;
    template_version::Entity::find().filter(C::TemplateId.eq(id)).filter(C::Number.eq(number)).one(db).await
}

/// Newest first.
pub async fn versions(
    db: &impl ConnectionTrait,
    id: i64,
    limit: u64,
) -> Result<Vec<template_version::Model>, DbErr> {
    use template_version::Column as C;
    template_version::Entity::find()
        .filter(C::TemplateId.eq(id))
        .order_by_desc(C::Number)
        .limit(limit)
        .all(db)
        .await
}

pub async fn insert_versions(
    db: &impl ConnectionTrait,
    rows: Vec<template_version::ActiveModel>,
) -> Result<(), DbErr> {
    if !rows.is_empty() {
        template_version::Entity::insert_many(rows).exec(db).await?;
    }
    Ok(())
}

/// Templates of which no version was kept yet.
pub async fn without_version(db: &impl ConnectionTrait) -> Result<Vec<i64>, DbErr> {
    let known =
        Query::select().column(template_version::Column::TemplateId).from(template_version::Entity).take();
    template::Entity::find()
        .select_only()
        .column(template::Column::Id)
        .filter(template::Column::Id.not_in_subquery(known))
        .into_tuple()
        .all(db)
        .await
}

/// KPIs that hold to no version hold to the first, with its custom fields.
pub async fn hold_to_first(db: &impl ConnectionTrait, id: i64, custom: String) -> Result<(), DbErr> {
    kpi::Entity::update_many()
        .col_expr(kpi::Column::TemplateVersion, Expr::value(1_i64))
        .col_expr(kpi::Column::CustomDefinitions, Expr::value(custom))
        .filter(kpi::Column::TemplateId.eq(id))
        .filter(kpi::Column::TemplateVersion.is_null())
        .exec(db)
        .await?;
    Ok(())
}
