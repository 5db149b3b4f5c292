//! Queries on people.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func},
};

use crate::{
    entity::{department, user},
    platform::paging::{Paging, Way},
};

/// What a list of people may be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Id,
    FullName,
    Email,
    Role,
    CreatedAt,
    LastLoginAt,
}

#[derive(Debug, Default)]
pub struct Filter {
    pub ids: Option<Vec<i64>>,
    pub role: Option<String>,
    pub department_id: Option<i64>,
    pub is_active: Option<bool>,
}

pub async fn page(
    db: &impl ConnectionTrait,
    filter: Filter,
    (key, way): (Key, Way),
    paging: Paging,
) -> Result<(Vec<user::Model>, u64), DbErr> {
    use user::Column as C;
    let wanted = Condition::all()
        .add_option(filter.ids.map(|ids| C::Id.is_in(ids)))
        .add_option(filter.role.map(|role| C::Role.eq(role)))
        .add_option(filter.department_id.map(|id| C::DepartmentId.eq(id)))
        .add_option(filter.is_active.map(|active| C::IsActive.eq(active)));
    let select = user::Entity::find().filter(wanted);
    let total = select.clone().count(db).await?;
    let by: Expr = match key {
        Key::Id => Expr::col(C::Id),
        Key::FullName => Func::lower(Expr::col(C::FullName)).into(),
        Key::Email => Expr::col(C::EmailKey),
        Key::Role => Expr::col(C::Role),
        Key::CreatedAt => Expr::col(C::CreatedAt),
        Key::LastLoginAt => Expr::col(C::LastLoginAt),
    };
    let order = if way == Way::Up { Order::Asc } else { Order::Desc };
    let rows = select
        .order_by(by, order)
        .order_by_asc(C::Id)
        .offset(paging.offset())
        .limit(paging.limit())
        .all(db)
        .await?;
    Ok((rows, total))
}

pub async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<user::Model>, DbErr> {
    user::Entity::find_by_id(id).one(db).await
}

pub async fn insert(db: &impl ConnectionTrait, row: user::ActiveModel) -> Result<user::Model, DbErr> {
    row.insert(db).await
}

/// Whether the row was still at `version`.
pub async fn update(
    db: &impl ConnectionTrait,
    id: i64,
    version: i64,
    row: user::ActiveModel,
) -> Result<bool, DbErr> {
    let done = user::Entity::update_many()
        .set(row)
        .filter(user::Column::Id.eq(id))
        .filter(user::Column::Version.eq(version))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Whether somebody else has the address or name, given in lower case.
pub async fn taken(
    db: &impl ConnectionTrait,
    column: user::Column,
    key: &str,
    except: Option<i64>,
) -> Result<bool, DbErr> {
    let others = user::Entity::find().filter(column.eq(key)).filter(user::Column::Id.ne(except.unwrap_or(0)));
    Ok(others.count(db).await? > 0)
}

/// Active administrators besides one.
pub async fn other_admins(db: &impl ConnectionTrait, id: i64) -> Result<u64, DbErr> {
    user::Entity::find()
        .filter(user::Column::Role.eq("admin"))
        .filter(user::Column::IsActive.eq(true))
        .filter(user::Column::Id.ne(id))
        .count(db)
        .await
}

pub async fn department_exists(db: &impl ConnectionTrait, id: i64) -> Result<bool, DbErr> {
    Ok(department::Entity::find_by_id(id).count(db).await? > 0)
}
