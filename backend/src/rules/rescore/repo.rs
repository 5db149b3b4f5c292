//! Queries of the re-scores.

use kpi_api::{kpi::Status, rule_effects::RescoreState};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    entity::{kpi, rescore, rescored_kpi},
    people::directory::Directory,
    rules::shelf::Scope,
};

/// The KPIs that a re-score looks at: agreed ones that are not closed, in quarters that are not closed, from one on.
pub fn running(
    scope: Scope,
    directory: &Directory,
    from: Option<i64>,
    closed: impl IntoIterator<Item = i64>,
) -> Condition {
    use kpi::Column as C;
    let mut matching = Condition::all()
        .add(C::Status.is_in([Status::Approved, Status::InReview].map(Status::as_str)))
        .add(C::Period.is_not_in(closed));
    if let Some(from) = from {
        matching = matching.add(C::Period.gte(from));
    }
    match scope {
        Scope::Global => matching,
        Scope::Template(id) => matching.add(C::TemplateId.eq(id.0)),
        Scope::Department(id) => {
            matching.add(C::DepartmentId.is_in(directory.subtree(id).into_iter().map(|id| id.0)))
        }
    }
}

pub async fn count(db: &impl ConnectionTrait, matching: Condition) -> Result<u64, DbErr> {
    kpi::Entity::find().filter(matching).count(db).await
}

/// The KPIs of the next people behind one, of each all: about `limit`, more only where one person has more.
pub async fn next(
    db: &impl ConnectionTrait,
    matching: Condition,
    after_user: i64,
    limit: usize,
) -> Result<Vec<kpi::Model>, DbErr> {
    use kpi::Column as C;
    let of_these = kpi::Entity::find().filter(matching);
    let next = of_these.clone().filter(C::UserId.gt(after_user)).limit(limit as u64 + 1);
    let mut rows = next.order_by_asc(C::UserId).order_by_asc(C::Id).all(db).await?;
    let (Some(first), Some(last)) = (rows.first().map(|row| row.user_id), rows.last().map(|row| row.user_id))
    else {
        return Ok(rows);
    };
    if rows.len() <= limit {
        return Ok(rows);
    }
    if first == last {
        return of_these.filter(C::UserId.eq(first)).order_by_asc(C::Id).all(db).await;
    }
    rows.retain(|row| row.user_id != last);
    Ok(rows)
}

pub async fn insert(db: &impl ConnectionTrait, row: rescore::ActiveModel) -> Result<rescore::Model, DbErr> {
    row.insert(db).await
}

pub async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<rescore::Model>, DbErr> {
    rescore::Entity::find_by_id(id).one(db).await
}

/// The oldest that is not done.
pub async fn unfinished(db: &impl ConnectionTrait) -> Result<Option<rescore::Model>, DbErr> {
    rescore::Entity::find()
        .filter(rescore::Column::State.ne(RescoreState::Done.as_str()))
        .order_by_asc(rescore::Column::Id)
        .one(db)
        .await
}

/// The re-scores of a rule, newest first.
pub async fn of_rule(db: &impl ConnectionTrait, rule: i64) -> Result<Vec<rescore::Model>, DbErr> {
    rescore::Entity::find()
        .filter(rescore::Column::RuleId.eq(rule))
        .order_by_desc(rescore::Column::Id)
        .limit(100)
        .all(db)
        .await
}

/// Moves a re-score on from where it was read; `false` when somebody else has.
pub async fn move_on(
    db: &impl ConnectionTrait,
    was: &rescore::Model,
    is: &rescore::Model,
) -> Result<bool, DbErr> {
    use rescore::Column as C;
    let done = rescore::Entity::update_many()
        .col_expr(C::AfterUserId, Expr::value(is.after_user_id))
        .col_expr(C::Done, Expr::value(is.done))
        .col_expr(C::State, Expr::value(is.state.clone()))
        .col_expr(C::FinishedAt, Expr::value(is.finished_at))
        .filter(C::Id.eq(was.id))
        .filter(C::AfterUserId.eq(was.after_user_id))
        .filter(C::State.ne(RescoreState::Done.as_str()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

pub async fn mark(db: &impl ConnectionTrait, id: i64, state: RescoreState) -> Result<(), DbErr> {
    rescore::Entity::update_many()
        .col_expr(rescore::Column::State, Expr::value(state.as_str()))
        .filter(rescore::Column::Id.eq(id))
        .exec(db)
        .await
        .map(drop)
}

pub async fn keep(db: &impl ConnectionTrait, rows: Vec<rescored_kpi::ActiveModel>) -> Result<(), DbErr> {
    rescored_kpi::Entity::insert_many(rows).exec_without_returning(db).await.map(drop)
}

pub async fn kept(db: &impl ConnectionTrait, rescore: i64) -> Result<Vec<rescored_kpi::Model>, DbErr> {
    rescored_kpi::Entity::find().filter(rescored_kpi::Column::RescoreId.eq(rescore)).all(db).await
}

/// How many KPIs some re-scores scored anew, and with how many of them that changed something; by re-score.
pub async fn counts(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<(i64, i64, i64)>, DbErr> {
    use rescored_kpi::Column as C;
    let changed = Expr::case(C::Changed.eq(true), 1).finally(0);
    rescored_kpi::Entity::find()
        .select_only()
        .column(C::RescoreId)
        .column_as(C::Id.count(), "rescored")
        .column_as(Expr::expr(changed).sum(), "changed")
        .filter(C::RescoreId.is_in(ids.iter().copied()))
        .group_by(C::RescoreId)
        .into_tuple()
        .all(db)
        .await
}

pub fn fresh(
    rule: i64,
    version: i64,
    from: Option<i64>,
    by: Option<i64>,
    at: i64,
    total: u64,
) -> rescore::ActiveModel {
    rescore::ActiveModel {
        rule_id: Set(rule),
        version: Set(version),
        from_period: Set(from),
        state: Set(RescoreState::Running.to_string()),
        by_id: Set(by),
        started_at: Set(at),
        finished_at: Set(None),
        total: Set(i64::try_from(total).unwrap_or(i64::MAX)),
        done: Set(0),
        after_user_id: Set(0),
        ..Default::default()
    }
}
