//! Queries on departments and on what refers to them.

use kpi_api::error::{Holder, HolderKind};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
};

use crate::entity::{department, kpi, rule, template, user};

pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<department::Model>, DbErr> {
    department::Entity::find().all(db).await
}

pub async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<department::Model>, DbErr> {
    department::Entity::find_by_id(id).one(db).await
}

pub async fn insert(
    db: &impl ConnectionTrait,
    row: department::ActiveModel,
) -> Result<department::Model, DbErr> {
    row.insert(db).await
}

/// Whether the row was still at `version`.
pub async fn update(
    db: &impl ConnectionTrait,
    id: i64,
    version: i64,
    row: department::ActiveModel,
) -> Result<bool, DbErr> {
    let done = department::Entity::update_many()
        .set(row)
        .filter(department::Column::Id.eq(id))
        .filter(department::Column::Version.eq(version))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Whether the row was still at `version`.
pub async fn delete(db: &impl ConnectionTrait, id: i64, version: i64) -> Result<bool, DbErr> {
    let done = department::Entity::delete_many()
        .filter(department::Column::Id.eq(id))
        .filter(department::Column::Version.eq(version))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// What would be left without its department; empty when nothing would.
pub async fn holders(db: &impl ConnectionTrait, id: i64) -> Result<Vec<Holder>, DbErr> {
    let departments =
        department::Entity::find().filter(department::Column::ParentId.eq(id)).count(db).await?;
    let people = user::Entity::find().filter(user::Column::DepartmentId.eq(id)).count(db).await?;
    let kpis = kpi::Entity::find().filter(kpi::Column::DepartmentId.eq(id)).count(db).await?;
    let templates = template::Entity::find().filter(template::Column::DepartmentId.eq(id)).count(db).await?;
    let rules = rule::Entity::find()
        .filter(rule::Column::Scope.eq("department"))
        .filter(rule::Column::ScopeId.eq(id))
        .count(db)
        .await?;
    let counts = [
        (departments, HolderKind::Departments),
        (people, HolderKind::People),
        (kpis, HolderKind::Kpis),
        (templates, HolderKind::Templates),
        (rules, HolderKind::Rules),
    ];
    Ok(counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| Holder { what, count })
        .collect())
}
