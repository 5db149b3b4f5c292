//! What the same measure came to in earlier quarters: the owner's KPI of the same title, kind and unit, or the only one
//! they had from the same template.

use std::collections::{HashMap, HashSet};

use kpi_api::{id::KpiId, kpi::Status, time::Period};
use kpi_engine::PreviousFacts;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};

use crate::{entity::kpi, periods};

/// Quarters that are told.
const TOLD: usize = 4;
/// Quarters that are looked at.
const LOOKED_AT: i64 = 8;

/// One result of an earlier quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    pub id: KpiId,
    pub period: Period,
    pub value: f64,
    pub target: Option<f64>,
    pub score: Option<f64>,
}

impl Earlier {
    pub fn fact(&self) -> PreviousFacts {
        PreviousFacts { score: self.score, current: Some(self.value), target: self.target }
    }
}

#[derive(Debug, Clone, FromQueryResult)]
struct Row {
    id: i64,
    user_id: i64,
    template_id: Option<i64>,
    period: i64,
    title: String,
    kind: String,
    unit: String,
    rollup: String,
    target: Option<f64>,
    current_value: Option<f64>,
    score: Option<f64>,
}

/// Of each of some KPIs, by id, newest first; those without are left out.
pub async fn of(db: &impl ConnectionTrait, kpis: &[kpi::Model]) -> Result<HashMap<i64, Vec<Earlier>>, DbErr> {
    use kpi::Column as C;
    let (Some(first), Some(last)) =
        (kpis.iter().map(|kpi| kpi.period).min(), kpis.iter().map(|kpi| kpi.period).max())
    else {
        return Ok(HashMap::new());
    };
    let owners: HashSet<i64> = kpis.iter().map(|kpi| kpi.user_id).collect();
    let agreed = [Status::Approved, Status::InReview, Status::Closed].map(Status::as_str);
    let rows: Vec<Row> = kpi::Entity::find()
        .select_only()
        .columns([C::Id, C::UserId, C::TemplateId, C::Period, C::Title, C::Kind, C::Unit, C::Rollup])
        .columns([C::Target, C::CurrentValue, C::Score])
        .filter(C::UserId.is_in(owners))
        .filter(C::Period.between(first - LOOKED_AT, last - 1))
        .filter(C::Status.is_in(agreed))
        .filter(C::CurrentValue.is_not_null())
        .order_by_desc(C::Period)
        .order_by_asc(C::Id)
        .into_model()
        .all(db)
        .await?;
    let mut by_owner: HashMap<i64, Vec<Row>> = HashMap::new();
    for row in rows {
        by_owner.entry(row.user_id).or_default().push(row);
    }
    let found = kpis.iter().filter_map(|kpi| {
        let earlier = matching(kpi, by_owner.get(&kpi.user_id)?);
        (!earlier.is_empty()).then_some((kpi.id, earlier))
    });
    Ok(found.collect())
}

/// The rows come newest quarter first.
fn matching(kpi: &kpi::Model, rows: &[Row]) -> Vec<Earlier> {
    let title = kpi.title.to_lowercase();
    let is_comparable = |row: &Row| row.kind == kpi.kind && row.unit == kpi.unit && row.rollup == kpi.rollup;
    let quarters = (kpi.period - LOOKED_AT..kpi.period).rev();
    let per_quarter = quarters.filter_map(|period| {
        let rows = || rows.iter().filter(move |row| row.period == period);
        let same_title = rows().find(|row| row.title.to_lowercase() == title);
        let same_template = || {
            let template = kpi.template_id?;
            let mut rows = rows().filter(|row| row.template_id == Some(template));
            rows.next().filter(|_| rows.next().is_none())
        };
        same_title.or_else(same_template).filter(|row| is_comparable(row))
    });
    let told = per_quarter.filter_map(|row| {
        Some(Earlier {
            id: KpiId(row.id),
            period: periods::from_number(row.period),
            value: row.current_value?,
            target: row.target,
            score: row.score,
        })
    });
    told.take(TOLD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: i64, period: i64, title: &str, template_id: Option<i64>) -> Row {
        Row {
            id,
            user_id: 1,
            template_id,
            period,
            title: title.into(),
            kind: "number".into(),
            unit: "units".into(),
            rollup: "last".into(),
            target: None,
            current_value: Some(id as f64),
            score: None,
        }
    }

    fn ids(template_id: Option<i64>, rows: &[Row]) -> Vec<i64> {
        let kpi = kpi::Model {
            user_id: 1,
            template_id,
            period: 100,
            title: "Units sold".into(),
            kind: "number".into(),
            unit: "units".into(),
            rollup: "last".into(),
            ..kpi::Model::default()
        };
        matching(&kpi, rows).into_iter().map(|earlier| earlier.id.0).collect()
    }

    #[test]
    fn the_same_title_is_the_same_measure() {
        let rows =
            [row(3, 99, "Units Sold", None), row(2, 97, "Calls", None), row(1, 96, "units sold", None)];
        assert_eq!(ids(None, &rows), [3, 1]);
    }

    #[test]
    fn the_same_template_is_when_there_is_one_of_it() {
        let rows = [
            row(4, 99, "Sales north", Some(7)),
            row(3, 99, "Sales south", Some(7)),
            row(2, 98, "Sales", Some(7)),
            row(1, 97, "Sales", Some(8)),
        ];
        assert_eq!(ids(Some(7), &rows), [2]);
        assert!(ids(None, &rows).is_empty());
    }

    #[test]
    fn what_is_measured_otherwise_is_not_compared() {
        let other = |change: fn(&mut Row)| {
            let mut row = row(1, 99, "Units sold", None);
            change(&mut row);
            ids(None, &[row])
        };
        assert!(other(|row| row.unit = "EUR".into()).is_empty());
        assert!(other(|row| row.kind = "percentage".into()).is_empty());
        assert!(other(|row| row.rollup = "sum".into()).is_empty());
        assert_eq!(other(|_| {}), [1]);
    }

    #[test]
    fn four_quarters_are_told_and_none_of_the_future() {
        let rows: Vec<Row> = (90..104).rev().map(|period| row(period, period, "Units sold", None)).collect();
        assert_eq!(ids(None, &rows), [99, 98, 97, 96]);
    }
}
