//! Counts and means over many KPIs, in one grouped query.

use kpi_api::{
    kpi::{BandCount, KpiStats, PaceCount, Status, StatusCount},
    scoring::{Band, Coverage, Pace},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};

use super::{
    convert::{Now, word},
    filter::pace_expression,
};
use crate::{entity::kpi, platform::failure::Outcome};

/// Sums over a group of KPIs from which its means follow.
#[derive(Debug, Default, Clone, Copy, FromQueryResult)]
pub struct Sums {
    pub total: i64,
    pub progressed: i64,
    pub progress: Option<f64>,
    pub scored: i64,
    pub score: Option<f64>,
    pub weighted: Option<f64>,
    pub weight: Option<f64>,
}

impl Sums {
    pub fn add(&mut self, other: Self) {
        let sum = |a: Option<f64>, b: Option<f64>| Some(a.unwrap_or(0.0) + b.unwrap_or(0.0));
        self.total += other.total;
        self.progressed += other.progressed;
        self.progress = sum(self.progress, other.progress);
        self.scored += other.scored;
        self.score = sum(self.score, other.score);
        self.weighted = sum(self.weighted, other.weighted);
        self.weight = sum(self.weight, other.weight);
    }

    /// Mean of the progress that is there.
    pub fn average_progress(self) -> Option<f64> {
        (self.progressed > 0).then(|| self.progress.unwrap_or(0.0) / self.progressed as f64)
    }

    /// As [`Coverage::of`], from sums.
    pub fn coverage(self) -> Coverage {
        let weight = self.weight.unwrap_or(0.0);
        let score = match self.scored {
            0 => None,
            n if weight <= 0.0 => Some(self.score.unwrap_or(0.0) / n as f64),
            _ => Some(self.weighted.unwrap_or(0.0) / weight),
        };
        Coverage { score, scored: self.scored as u64, total: self.total as u64 }
    }
}

/// Selects the columns of [`Sums`]; the caller adds what it groups by.
pub fn select_sums(query: sea_orm::Select<kpi::Entity>) -> sea_orm::Select<kpi::Entity> {
    use kpi::Column as C;
    let weight_of_scored: SimpleExpr =
        SimpleExpr::Case(Box::new(Expr::case(C::Score.is_not_null(), Expr::col(C::Weight)).finally(0.0)));
    query
        .column_as(C::Id.count(), "total")
        .column_as(C::Progress.count(), "progressed")
        .column_as(C::Progress.sum(), "progress")
        .column_as(C::Score.count(), "scored")
        .column_as(C::Score.sum(), "score")
        .column_as(Expr::col(C::Score).mul(Expr::col(C::Weight)).sum(), "weighted")
        .column_as(weight_of_scored.sum(), "weight")
}

#[derive(Debug, FromQueryResult)]
struct Group {
    status: String,
    band: String,
    pace: String,
    #[sea_orm(nested)]
    sums: Sums,
}

/// Counts by status, band and pace, and the means, within `scope`.
pub async fn stats(
    db: &impl ConnectionTrait,
    scope: Option<Condition>,
    matching: Condition,
    now: Now,
) -> Outcome<KpiStats> {
    let mut query = select_sums(kpi::Entity::find().select_only())
        .column(kpi::Column::Status)
        .column(kpi::Column::Band)
        .column_as(pace_expression(now), "pace")
        .filter(matching);
    if let Some(scope) = scope {
        query = query.filter(scope);
    }
    let groups: Vec<Group> = query
        .group_by(kpi::Column::Status)
        .group_by(kpi::Column::Band)
        .group_by(pace_expression(now))
        .into_model()
        .all(db)
        .await?;
    summarise(groups)
}

fn summarise(groups: Vec<Group>) -> Outcome<KpiStats> {
    let mut all = Sums::default();
    let mut by_status: Vec<_> = Status::ALL.iter().map(|&status| StatusCount { status, count: 0 }).collect();
    let mut by_band: Vec<_> = Band::ALL.iter().map(|&band| BandCount { band, count: 0 }).collect();
    let mut by_pace: Vec<_> = Pace::ALL.iter().map(|&pace| PaceCount { pace, count: 0 }).collect();
    for group in groups {
        let count = group.sums.total as u64;
        let (status, band, pace): (Status, Band, Pace) =
            (word(&group.status)?, word(&group.band)?, word(&group.pace)?);
        by_status.iter_mut().filter(|row| row.status == status).for_each(|row| row.count += count);
        by_band.iter_mut().filter(|row| row.band == band).for_each(|row| row.count += count);
        by_pace.iter_mut().filter(|row| row.pace == pace).for_each(|row| row.count += count);
        all.add(group.sums);
    }
    Ok(KpiStats {
        total: all.total as u64,
        by_status,
        by_band,
        by_pace,
        average_progress: all.average_progress(),
        score: all.coverage(),
    })
}

/// Sums by some column.
pub async fn sums_by<K>(
    db: &impl ConnectionTrait,
    key: kpi::Column,
    scope: Option<Condition>,
    matching: Condition,
) -> Result<Vec<(K, Sums)>, DbErr>
where
    K: sea_orm::TryGetable,
{
    struct Keyed<K> {
        key: K,
        sums: Sums,
    }
    impl<K: sea_orm::TryGetable> FromQueryResult for Keyed<K> {
        fn from_query_result(row: &sea_orm::QueryResult, prefix: &str) -> Result<Self, DbErr> {
            Ok(Self { key: row.try_get(prefix, "key")?, sums: Sums::from_query_result(row, prefix)? })
        }
    }
    let mut query =
        select_sums(kpi::Entity::find().select_only()).column_as(Expr::col(key), "key").filter(matching);
    if let Some(scope) = scope {
        query = query.filter(scope);
    }
    let rows: Vec<Keyed<K>> = query.group_by(key).into_model().all(db).await?;
    Ok(rows.into_iter().map(|row| (row.key, row.sums)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_give_the_same_coverage_as_the_rows() {
        let rows = [(Some(100.0), 40.0), (None, 60.0), (Some(50.0), 10.0)];
        let mut sums = Sums::default();
        for (score, weight) in rows {
            sums.add(Sums {
                total: 1,
                scored: i64::from(score.is_some()),
                score,
                weighted: score.map(|score| score * weight),
                weight: score.map(|_| weight),
                ..Sums::default()
            });
        }
        assert_eq!(sums.coverage(), Coverage::of(rows));
    }
}
