//! Queries on settings and the audit log.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, ExprTrait, LikeExpr, OnConflict},
};

use crate::{
    entity::{audit, setting},
    platform::paging::{Paging, Way},
};

pub async fn settings(db: &impl ConnectionTrait) -> Result<Vec<setting::Model>, DbErr> {
    setting::Entity::find().all(db).await
}

pub async fn setting(db: &impl ConnectionTrait, key: &str) -> Result<Option<String>, DbErr> {
    Ok(setting::Entity::find_by_id(key).one(db).await?.map(|row| row.value))
}

pub async fn put_setting(
    db: &impl ConnectionTrait,
    key: &str,
    value: &str,
    at: i64,
    by: Option<i64>,
) -> Result<(), DbErr> {
    let row = setting::ActiveModel {
        key: Set(key.to_owned()),
        value: Set(value.to_owned()),
        updated_at: Set(at),
        updated_by: Set(by),
    };
    let replace = OnConflict::column(setting::Column::Key)
        .update_columns([setting::Column::Value, setting::Column::UpdatedAt, setting::Column::UpdatedBy])
        .to_owned();
    setting::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await.map(drop)
}

pub async fn drop_setting(db: &impl ConnectionTrait, key: &str) -> Result<(), DbErr> {
    setting::Entity::delete_by_id(key).exec(db).await.map(drop)
}

/// Which rows of the audit log are asked for. Times are milliseconds, `until` is exclusive.
#[derive(Debug, Default)]
pub struct AuditFilter {
    pub user_id: Option<i64>,
    pub action: Option<String>,
    pub entity: Option<String>,
    pub entity_id: Option<i64>,
    pub from: Option<i64>,
    pub until: Option<i64>,
    /// Stands anywhere in action, entity, detail or request id.
    pub text: Option<String>,
}

impl AuditFilter {
    fn select(&self) -> Select<audit::Entity> {
        use audit::Column as C;
        let text = self.text.as_ref().map(|text| {
            let like = |column: C| Expr::col(column).like(containing(text));
            Condition::any()
                .add(like(C::Action))
                .add(like(C::Entity))
                .add(like(C::Detail))
                .add(like(C::RequestId))
        });
        let all = Condition::all()
            .add_option(self.user_id.map(|id| C::UserId.eq(id)))
            .add_option(self.action.as_ref().map(|action| C::Action.eq(action)))
            .add_option(self.entity.as_ref().map(|entity| C::Entity.eq(entity)))
            .add_option(self.entity_id.map(|id| C::EntityId.eq(id)))
            .add_option(self.from.map(|at| C::At.gte(at)))
            .add_option(self.until.map(|at| C::At.lt(at)))
            .add_option(text);
        audit::Entity::find().filter(all)
    }
}

fn containing(text: &str) -> LikeExpr {
    let escaped: String = text
        .chars()
        .flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c]))
        .collect();
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}

/// A page of the log and how many rows there are in all; the order of the ids is the order of time.
pub async fn audit_page(
    db: &impl ConnectionTrait,
    filter: &AuditFilter,
    way: Way,
    paging: Paging,
) -> Result<(Vec<audit::Model>, u64), DbErr> {
    let total = filter.select().count(db).await?;
    let ordered = match way {
        Way::Up => filter.select().order_by_asc(audit::Column::Id),
        Way::Down => filter.select().order_by_desc(audit::Column::Id),
    };
    let rows = ordered.offset(paging.offset()).limit(paging.limit()).all(db).await?;
    Ok((rows, total))
}

/// The newest rows, at most `limit`.
pub async fn audit_newest(
    db: &impl ConnectionTrait,
    filter: &AuditFilter,
    limit: u64,
) -> Result<Vec<audit::Model>, DbErr> {
    filter.select().order_by_desc(audit::Column::Id).limit(limit).all(db).await
}
