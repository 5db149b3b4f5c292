//! Queries on comments. What may be seen is decided by the KPI they are about, which the service loads first.

use std::collections::HashMap;

use kpi_api::id::{CommentId, KpiId, UserId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};

use crate::entity::{comment, comment_revision};

/// Earlier texts of one comment that are shown; the audit log has them all.
const MOST_REVISIONS: u64 = 100;

/// All of a KPI, oldest first, deleted ones included.
pub async fn of_kpi(db: &impl ConnectionTrait, kpi: KpiId) -> Result<Vec<comment::Model>, DbErr> {
    comment::Entity::find()
        .filter(comment::Column::KpiId.eq(kpi.0))
        .order_by_asc(comment::Column::Id)
        .all(db)
        .await
}

pub async fn count(db: &impl ConnectionTrait, kpi: KpiId) -> Result<u64, DbErr> {
    comment::Entity::find().filter(comment::Column::KpiId.eq(kpi.0)).count(db).await
}

pub async fn by_id(db: &impl ConnectionTrait, id: CommentId) -> Result<Option<comment::Model>, DbErr> {
    comment::Entity::find_by_id(id.0).one(db).await
}

pub async fn insert(db: &impl ConnectionTrait, row: comment::ActiveModel) -> Result<comment::Model, DbErr> {
    row.insert(db).await
}

/// Stores another text, and the earlier one beside it; `false` when somebody was faster.
pub async fn edit(
    db: &impl ConnectionTrait,
    old: &comment::Model,
    new: &comment::Model,
) -> Result<bool, DbErr> {
    use comment::Column as C;
    let done = comment::Entity::update_many()
        .col_expr(C::Body, Expr::value(new.body.as_str()))
        .col_expr(C::Mentions, Expr::value(new.mentions.as_str()))
        .col_expr(C::EditedAt, Expr::value(new.edited_at))
        .col_expr(C::Version, Expr::value(new.version))
        .filter(C::Id.eq(old.id))
        .filter(C::Version.eq(old.version))
        .filter(C::DeletedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

pub async fn insert_revision(
    db: &impl ConnectionTrait,
    row: comment_revision::ActiveModel,
) -> Result<comment_revision::Model, DbErr> {
    row.insert(db).await
}

/// Marks one as deleted; `false` when somebody was faster.
pub async fn delete(
    db: &impl ConnectionTrait,
    row: &comment::Model,
    at: i64,
    by: UserId,
) -> Result<bool, DbErr> {
    use comment::Column as C;
    let done = comment::Entity::update_many()
        .col_expr(C::DeletedAt, Expr::value(at))
        .col_expr(C::DeletedBy, Expr::value(by.0))
        .col_expr(C::Version, Expr::value(row.version + 1))
        .filter(C::Id.eq(row.id))
        .filter(C::Version.eq(row.version))
        .filter(C::DeletedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// The earlier texts of one, newest first.
pub async fn revisions(
    db: &impl ConnectionTrait,
    id: CommentId,
) -> Result<Vec<comment_revision::Model>, DbErr> {
    comment_revision::Entity::find()
        .filter(comment_revision::Column::CommentId.eq(id.0))
        .order_by_desc(comment_revision::Column::Id)
        .limit(MOST_REVISIONS)
        .all(db)
        .await
}

/// How many earlier texts each of some comments has; those without are left out.
pub async fn revision_counts(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, u32>, DbErr> {
    use comment_revision::Column as C;
    let counts: Vec<(i64, i64)> = comment_revision::Entity::find()
        .select_only()
        .column(C::CommentId)
        .column_as(C::Id.count(), "revisions")
        .filter(C::CommentId.is_in(ids))
        .group_by(C::CommentId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.into_iter().map(|(id, count)| (id, u32::try_from(count).unwrap_or(u32::MAX))).collect())
}
