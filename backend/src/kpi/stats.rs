//! Counts and means over many KPIs, in one grouped query.

use std::ops::RangeInclusive;

use kpi_api::{
    kpi::{BandCount, KpiStats, PaceCount, Status, StatusCount},
    scoring::{Band, Coverage, Pace},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, Order, QueryFilter,
    QueryOrder, QueryResult, QuerySelect,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};

use super::{
    convert::{Now, word},
    filter::pace_expression,
};
use crate::{entity::kpi, platform::failure::Outcome};

/// Sums over a group of KPIs from which its means follow.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub struct Sums {
    pub total: i64,
    pub progressed: i64,
    pub progress: f64,
    pub scored: i64,
    pub score: f64,
    /// Of the scores times their weights.
    pub weighted: f64,
    /// Of the KPIs that have a score.
    pub weight: f64,
    pub flagged: i64,
}

impl FromQueryResult for Sums {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let count = |column| row.try_get::<i64>(prefix, column);
        // The sum of nothing is null.
        let sum = |column| row.try_get::<Option<f64>>(prefix, column).map(Option::unwrap_or_default);
        Ok(Self {
            total: count("total")?,
            progressed: count("progressed")?,
            progress: sum("progress")?,
            scored: count("scored")?,
            score: sum("score")?,
            weighted: sum("weighted")?,
            weight: sum("weight")?,
            flagged: row.try_get::<Option<i64>>(prefix, "flagged")?.unwrap_or_default(),
        })
    }
}

impl Sums {
    pub fn add(&mut self, other: Self) {
        self.total += other.total;
        self.progressed += other.progressed;
        self.progress += other.progress;
        self.scored += other.scored;
        self.score += other.score;
        self.weighted += other.weighted;
        self.weight += other.weight;
        self.flagged += other.flagged;
    }

    /// Mean of the progress that is there.
    pub fn average_progress(self) -> Option<f64> {
        (self.progressed > 0).then(|| self.progress / self.progressed as f64)
    }

    /// As [`Coverage::of`], from sums.
    pub fn coverage(self) -> Coverage {
        let score = match self.scored {
            0 => None,
            n if self.weight <= 0.0 => Some(self.score / n as f64),
            _ => Some(self.weighted / self.weight),
        };
        Coverage { score, scored: self.scored as u64, total: self.total as u64 }
    }
}

/// Selects the columns of [`Sums`]; the caller adds what it groups by.
fn select_sums(query: sea_orm::Select<kpi::Entity>) -> sea_orm::Select<kpi::Entity> {
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
        .column_as(C::IsFlagged.sum(), "flagged")
}

/// KPIs that are alike in what is counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    pub department: Option<i64>,
    pub status: Status,
    pub band: Band,
    pub pace: Pace,
    pub sums: Sums,
}

/// Counts by status, band and pace, and the means, within `scope`.
pub async fn stats(
    db: &impl ConnectionTrait,
    scope: Option<Condition>,
    matching: Condition,
    now: Now,
) -> Outcome<KpiStats> {
    #[derive(FromQueryResult)]
    struct Row {
        status: String,
        band: String,
        pace: String,
        #[sea_orm(nested)]
        sums: Sums,
    }
    let mut query = grouped(matching, now);
    if let Some(scope) = scope {
        query = query.filter(scope);
    }
    let rows: Vec<Row> = query.into_model().all(db).await?;
    let groups: Vec<Group> = rows
        .into_iter()
        .map(|row| {
            let (status, band, pace) = (word(&row.status)?, word(&row.band)?, word(&row.pace)?);
            Ok(Group { department: None, status, band, pace, sums: row.sums })
        })
        .collect::<Outcome<_>>()?;
    Ok(summarise(&groups))
}

/// The groups of each owner, by department too.
pub async fn groups_by_owner(
    db: &impl ConnectionTrait,
    matching: Condition,
    now: Now,
) -> Outcome<Vec<(i64, Group)>> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: i64,
        department_id: Option<i64>,
        status: String,
        band: String,
        pace: String,
        #[sea_orm(nested)]
        sums: Sums,
    }
    let query = [kpi::Column::UserId, kpi::Column::DepartmentId]
        .into_iter()
        .fold(grouped(matching, now), |query, column| query.column(column).group_by(column));
    let rows: Vec<Row> = query.into_model().all(db).await?;
    rows.into_iter()
        .map(|row| {
            let (status, band, pace) = (word(&row.status)?, word(&row.band)?, word(&row.pace)?);
            let group = Group { department: row.department_id, status, band, pace, sums: row.sums };
            Ok((row.user_id, group))
        })
        .collect()
}

/// The first and the last quarter of which there are KPIs, by number.
pub async fn quarters(db: &impl ConnectionTrait) -> Result<Option<RangeInclusive<i64>>, DbErr> {
    let one = |order: Order| {
        kpi::Entity::find().select_only().column(kpi::Column::Period).order_by(kpi::Column::Period, order)
    };
    let first: Option<i64> = one(Order::Asc).into_tuple().one(db).await?;
    let last: Option<i64> = one(Order::Desc).into_tuple().one(db).await?;
    Ok(first.zip(last).map(|(first, last)| first..=last))
}

fn grouped(matching: Condition, now: Now) -> sea_orm::Select<kpi::Entity> {
    select_sums(kpi::Entity::find().select_only())
        .column(kpi::Column::Status)
        .column(kpi::Column::Band)
        .column_as(pace_expression(now), "pace")
        .filter(matching)
        .group_by(kpi::Column::Status)
        .group_by(kpi::Column::Band)
        .group_by(pace_expression(now))
}

/// The counts and means of some groups together.
pub fn summarise(groups: &[Group]) -> KpiStats {
    let mut all = Sums::default();
    let mut by_status: Vec<_> = Status::ALL.iter().map(|&status| StatusCount { status, count: 0 }).collect();
    let mut by_band: Vec<_> = Band::ALL.iter().map(|&band| BandCount { band, count: 0 }).collect();
    let mut by_pace: Vec<_> = Pace::ALL.iter().map(|&pace| PaceCount { pace, count: 0 }).collect();
    for group in groups {
        let count = group.sums.total as u64;
        by_status.iter_mut().filter(|row| row.status == group.status).for_each(|row| row.count += count);
        by_band.iter_mut().filter(|row| row.band == group.band).for_each(|row| row.count += count);
        by_pace.iter_mut().filter(|row| row.pace == group.pace).for_each(|row| row.count += count);
        all.add(group.sums);
    }
    KpiStats {
        total: all.total as u64,
        by_status,
        by_band,
        by_pace,
        flagged: all.flagged as u64,
        average_progress: all.average_progress(),
        score: all.coverage(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_give_the_same_coverage_as_the_rows() {
        let rows = [(Some(100.0), 40.0), (None, 60.0), (Some(50.0), 10.0)];
        let mut sums = Sums::default();
        for (score, weight) in rows {
            let of_scored = |value: f64| score.map_or(0.0, |_| value);
            sums.add(Sums {
                total: 1,
                scored: i64::from(score.is_some()),
                score: score.unwrap_or_default(),
                weighted: of_scored(score.unwrap_or_default() * weight),
                weight: of_scored(weight),
                ..Sums::default()
            });
        }
        assert_eq!(sums.coverage(), Coverage::of(rows));
    }
}
