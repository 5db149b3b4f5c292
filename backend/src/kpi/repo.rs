//! All queries on KPIs and their check-ins. Finders are scoped by who asks; the ones that are not say so.

use kpi_api::{
    id::{KpiId, UserId, Version},
    kpi::Status,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult,
    IdenStatic, Iterable, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, Query, UnionType},
};

use super::{
    convert::{self, KPI_ROW_COLUMNS, ListRow},
    filter::Window,
};
use crate::entity::{check_in, kpi, kpi_history, template};

/// One KPI, whoever asks: the caller looks whether it may be seen.
pub async fn by_id_unscoped(db: &impl ConnectionTrait, id: KpiId) -> Result<Option<kpi::Model>, DbErr> {
    kpi::Entity::find_by_id(id.0).one(db).await
}

/// Whether one of the person's own KPIs is aligned to this one.
pub async fn is_aligned_to(db: &impl ConnectionTrait, id: KpiId, owner: UserId) -> Result<bool, DbErr> {
    let found: Option<i64> = kpi::Entity::find()
        .select_only()
        .column(kpi::Column::Id)
        .filter(kpi::Column::ParentId.eq(id.0))
        .filter(kpi::Column::UserId.eq(owner.0))
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// The parent and 100 below it.
const AROUND_MOST: u64 = 101;

/// What alignment shows of a KPI.
#[derive(Debug, Clone, FromQueryResult)]
pub struct AlignedRow {
    pub id: i64,
    pub title: String,
    pub user_id: i64,
    pub score: Option<f64>,
    pub band: String,
    pub is_flagged: bool,
    pub status: String,
}

/// The parent, if there is one, and those aligned directly below, at most 100; whoever owns them.
pub async fn aligned_unscoped(
    db: &impl ConnectionTrait,
    id: i64,
    parent: Option<i64>,
) -> Result<Vec<AlignedRow>, DbErr> {
    use kpi::Column as C;
    let mut around = Condition::any().add(C::ParentId.eq(id));
    if let Some(parent) = parent {
        around = around.add(C::Id.eq(parent));
    }
    kpi::Entity::find()
        .select_only()
        .columns([C::Id, C::Title, C::UserId, C::Score, C::Band, C::IsFlagged, C::Status])
        .filter(around)
        .order_by_asc(C::Id)
        .limit(AROUND_MOST)
        .into_model()
        .all(db)
        .await
}

/// One KPI together with what [`aligned_unscoped`] finds around it, in one query: every query costs a switch to the
/// connection's thread and back, which is more than its rows do.
pub async fn by_id_with_aligned_unscoped(
    db: &impl ConnectionTrait,
    id: KpiId,
) -> Result<Option<(kpi::Model, Vec<AlignedRow>)>, DbErr> {
    use kpi::Column as C;
    const LONG: [C; 10] = [
        C::SearchText,
        C::Description,
        C::MeasurementMethod,
        C::Milestones,
        C::Tags,
        C::CustomFields,
        C::CustomDefinitions,
        C::Evidence,
        C::ReturnedReason,
        C::SubmitComment,
    ];
    let parent = Query::select().column(C::ParentId).from(kpi::Entity).and_where(C::Id.eq(id.0)).take();
    let mut around = Query::select();
    for column in C::iter() {
        // Those around are only named, so their texts stay where they are.
        if LONG.iter().any(|long| long.as_str() == column.as_str()) {
            around.expr(Expr::value(""));
        } else {
            around.column(column);
        }
    }
    around
        .from(kpi::Entity)
        .cond_where(Condition::any().add(C::ParentId.eq(id.0)).add(C::Id.in_subquery(parent)))
        .limit(AROUND_MOST);
    let mut query = kpi::Entity::find_by_id(id.0);
    QueryTrait::query(&mut query).union(UnionType::All, around);
    let mut rows = query.all(db).await?;
    let Some(own) = rows.iter().position(|row| row.id == id.0) else { return Ok(None) };
    let row = rows.swap_remove(own);
    rows.sort_unstable_by_key(|other| other.id);
    let aligned = rows.into_iter().map(|other| AlignedRow {
        id: other.id,
        title: other.title,
        user_id: other.user_id,
        score: other.score,
        band: other.band,
        is_flagged: other.is_flagged,
        status: other.status,
    });
    Ok(Some((row, aligned.collect())))
}

/// Ids from the KPI upwards, itself first; stops at `most` steps.
pub async fn ancestry(db: &impl ConnectionTrait, id: KpiId, most: usize) -> Result<Vec<i64>, DbErr> {
    let mut chain = Vec::new();
    let mut next = Some(id.0);
    while let Some(id) = next
        && chain.len() < most
        && !chain.contains(&id)
    {
        chain.push(id);
        let parent: Option<Option<i64>> = kpi::Entity::find_by_id(id)
            .select_only()
            .column(kpi::Column::ParentId)
            .into_tuple()
            .one(db)
            .await?;
        next = parent.flatten();
    }
    Ok(chain)
}

/// A KPI and its version: what names a row in memory.
pub type Key = (i64, i64);

/// The keys of a page within `scope` (`None` is everything) that match.
pub async fn page(
    db: &impl ConnectionTrait,
    scope: Option<Condition>,
    matching: Condition,
    window: &Window,
) -> Result<Vec<Key>, DbErr> {
    let order = window.sort.order();
    let mut query = keys().filter(matching);
    if let Some(scope) = scope {
        query = query.filter(scope);
    }
    query
        .order_by(window.sort.expression(), order.clone())
        // A second key makes the order total, so that no row is on two pages.
        .order_by(kpi::Column::Id, order)
        .offset(window.paging.offset())
        .limit(window.paging.limit())
        .into_tuple()
        .all(db)
        .await
}

/// Keys in an order of one's own, for the short lists of "My work".
pub async fn ordered(
    db: &impl ConnectionTrait,
    matching: Condition,
    order: kpi::Column,
    limit: u64,
) -> Result<Vec<Key>, DbErr> {
    keys()
        .filter(matching)
        .order_by_asc(order)
        .order_by_asc(kpi::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
}

fn keys() -> sea_orm::Select<kpi::Entity> {
    kpi::Entity::find().select_only().columns([kpi::Column::Id, kpi::Column::Version])
}

/// The rows of lists for some ids, in no particular order.
pub async fn rows(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = i64>,
) -> Result<Vec<ListRow>, DbErr> {
    kpi::Entity::find()
        .select_only()
        .columns(KPI_ROW_COLUMNS)
        .filter(kpi::Column::Id.is_in(ids))
        .into_model()
        .all(db)
        .await
}

pub async fn count(
    db: &impl ConnectionTrait,
    scope: Option<Condition>,
    matching: Condition,
) -> Result<u64, DbErr> {
    let mut query = kpi::Entity::find();
    if let Some(scope) = scope {
        query = query.filter(scope);
    }
    query.filter(matching).count(db).await
}

/// Sum of the weights of somebody's KPIs in a period, rejected ones and `except` left out.
pub async fn period_weight(
    db: &impl ConnectionTrait,
    owner: UserId,
    period: i64,
    except: Option<i64>,
) -> Result<f64, DbErr> {
    let mut query = kpi::Entity::find()
        .select_only()
        .column_as(kpi::Column::Weight.sum(), "weight")
        .filter(kpi::Column::UserId.eq(owner.0))
        .filter(kpi::Column::Period.eq(period))
        .filter(kpi::Column::Status.ne(Status::Rejected.as_str()));
    if let Some(id) = except {
        query = query.filter(kpi::Column::Id.ne(id));
    }
    let sum: Option<Option<f64>> = query.into_tuple().one(db).await?;
    Ok(sum.flatten().unwrap_or(0.0))
}

/// Several KPIs, whoever owns them: the caller has chosen them within what may be seen.
pub async fn by_ids_unscoped(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<kpi::Model>, DbErr> {
    kpi::Entity::find().filter(kpi::Column::Id.is_in(ids.iter().copied())).all(db).await
}

pub async fn insert(db: &impl ConnectionTrait, row: &kpi::Model) -> Result<kpi::Model, DbErr> {
    convert::to_store(row).insert(db).await
}

/// Stores a row over the state and version that were read; `false` when somebody was faster.
pub async fn update_if_unchanged(
    db: &impl ConnectionTrait,
    row: &kpi::Model,
    was: Version,
    status: &str,
) -> Result<bool, DbErr> {
    let done = kpi::Entity::update_many()
        .set(convert::to_store(row))
        .filter(kpi::Column::Id.eq(row.id))
        .filter(kpi::Column::Version.eq(was.0))
        .filter(kpi::Column::Status.eq(status))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Deletes a row that still has the version read; `false` when somebody was faster.
pub async fn delete_if_unchanged(db: &impl ConnectionTrait, id: i64, was: Version) -> Result<bool, DbErr> {
    let done = kpi::Entity::delete_many()
        .filter(kpi::Column::Id.eq(id))
        .filter(kpi::Column::Version.eq(was.0))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Newest day first, corrected ones included.
pub async fn check_ins(db: &impl ConnectionTrait, id: KpiId) -> Result<Vec<check_in::Model>, DbErr> {
    check_in::Entity::find()
        .filter(check_in::Column::KpiId.eq(id.0))
        .order_by_desc(check_in::Column::OnDate)
        .order_by_desc(check_in::Column::Id)
        .all(db)
        .await
}

/// Those that count, in the order of their days: what a score rests on.
pub async fn valid_check_ins(db: &impl ConnectionTrait, id: KpiId) -> Result<Vec<check_in::Model>, DbErr> {
    check_in::Entity::find()
        .filter(check_in::Column::KpiId.eq(id.0))
        .filter(check_in::Column::ReplacedById.is_null())
        .order_by_asc(check_in::Column::OnDate)
        .order_by_asc(check_in::Column::Id)
        .all(db)
        .await
}

/// As [`valid_check_ins`], of several KPIs.
pub async fn valid_check_ins_of(
    db: &impl ConnectionTrait,
    ids: &[i64],
) -> Result<Vec<check_in::Model>, DbErr> {
    check_in::Entity::find()
        .filter(check_in::Column::KpiId.is_in(ids.iter().copied()))
        .filter(check_in::Column::ReplacedById.is_null())
        .order_by_asc(check_in::Column::OnDate)
        .order_by_asc(check_in::Column::Id)
        .all(db)
        .await
}

pub async fn check_in(db: &impl ConnectionTrait, id: i64) -> Result<Option<check_in::Model>, DbErr> {
    check_in::Entity::find_by_id(id).one(db).await
}

pub async fn insert_check_in(
    db: &impl ConnectionTrait,
    row: check_in::ActiveModel,
) -> Result<check_in::Model, DbErr> {
    row.insert(db).await
}

/// Marks a check-in as replaced; `false` when it already was.
pub async fn replace_check_in(db: &impl ConnectionTrait, old: i64, new: i64) -> Result<bool, DbErr> {
    let done = check_in::Entity::update_many()
        .col_expr(check_in::Column::ReplacedById, Expr::value(new))
        .filter(check_in::Column::Id.eq(old))
        .filter(check_in::Column::ReplacedById.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Newest first.
pub async fn history(db: &impl ConnectionTrait, id: KpiId) -> Result<Vec<kpi_history::Model>, DbErr> {
    kpi_history::Entity::find()
        .filter(kpi_history::Column::KpiId.eq(id.0))
        .order_by_desc(kpi_history::Column::Id)
        .all(db)
        .await
}

/// The newest history row of one act, for what was said and changed with it.
pub async fn last_history(
    db: &impl ConnectionTrait,
    ids: &[i64],
    acts: &[&str],
) -> Result<Vec<kpi_history::Model>, DbErr> {
    kpi_history::Entity::find()
        .filter(kpi_history::Column::KpiId.is_in(ids.iter().copied()))
        .filter(kpi_history::Column::Act.is_in(acts.iter().copied()))
        .order_by_asc(kpi_history::Column::Id)
        .all(db)
        .await
}

/// A receipt as the history keeps it: when it was made, in milliseconds, and its JSON.
pub type KeptReceipt = (i64, Option<String>);

/// The receipts of the score as it stood after a row of the history, or as it stands now, and of the one before it.
pub async fn receipts(
    db: &impl ConnectionTrait,
    id: KpiId,
    until: Option<i64>,
) -> Result<Vec<KeptReceipt>, DbErr> {
    let mut query = kpi_history::Entity::find()
        .select_only()
        .columns([kpi_history::Column::At, kpi_history::Column::Receipt])
        .filter(kpi_history::Column::KpiId.eq(id.0))
        .filter(kpi_history::Column::Receipt.is_not_null());
    if let Some(row) = until {
        query = query.filter(kpi_history::Column::Id.lte(row));
    }
    query.order_by_desc(kpi_history::Column::Id).limit(2).into_tuple().all(db).await
}

/// Whether the KPI's history has this row.
pub async fn has_history(db: &impl ConnectionTrait, id: KpiId, row: i64) -> Result<bool, DbErr> {
    let found: Option<i64> = kpi_history::Entity::find_by_id(row)
        .select_only()
        .column(kpi_history::Column::Id)
        .filter(kpi_history::Column::KpiId.eq(id.0))
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.is_some())
}

pub async fn template_names(
    db: &impl ConnectionTrait,
) -> Result<std::collections::HashMap<i64, String>, DbErr> {
    let names: Vec<(i64, String)> = template::Entity::find()
        .select_only()
        .columns([template::Column::Id, template::Column::Name])
        .into_tuple()
        .all(db)
        .await?;
    Ok(names.into_iter().collect())
}
