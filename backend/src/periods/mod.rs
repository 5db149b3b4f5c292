//! Quarters: as numbers that sort and range, whether one is closed, and the list of those that matter.

use std::collections::HashSet;

use kpi_api::time::{Period, Quarter};
use sea_orm::ConnectionTrait;

use crate::platform::failure::Outcome;

pub mod handlers;
mod repo;
pub mod routes;
mod service;

/// year * 4 + quarter - 1: a period as it is stored.
pub fn number(period: Period) -> i64 {
    i64::from(period.year) * 4 + i64::from(period.quarter.number()) - 1
}

/// The period that [`number`] made.
pub fn from_number(number: i64) -> Period {
    let quarter = Quarter::ALL[number.rem_euclid(4) as usize];
    Period::new(i32::try_from(number.div_euclid(4)).unwrap_or_default(), quarter)
}

/// The quarters that take no values any more.
pub async fn all_closed(db: &impl ConnectionTrait) -> Outcome<HashSet<i64>> {
    Ok(repo::all_closed(db).await?)
}

/// Whether the quarter takes no values any more.
pub async fn is_closed(db: &impl ConnectionTrait, period: Period) -> Outcome<bool> {
    Ok(repo::closed(db, number(period)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_sorts_like_its_period_and_leads_back() {
        let mut last = i64::MIN;
        for year in 1999..2101 {
            for quarter in Quarter::ALL {
                let period = Period::new(year, quarter);
                assert_eq!(from_number(number(period)), period);
                assert_eq!(number(period.next()), number(period) + 1);
                assert!(number(period) > last);
                last = number(period);
            }
        }
    }
}
