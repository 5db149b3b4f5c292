//! Figures over many KPIs, and the periods they belong to.

use kpi_api::dashboard::{ByDepartment, ByQuarter, PeriodList, Summary};

use crate::core::{
    client::{Answer, Call},
    query::Params,
};

pub async fn summary(query: &Params) -> Answer<Summary> {
    Call::get("/analytics/summary").query(query).send().await
}

pub async fn by_quarter(query: &Params) -> Answer<ByQuarter> {
    Call::get("/analytics/by-quarter").query(query).send().await
}

pub async fn by_department(query: &Params) -> Answer<ByDepartment> {
    Call::get("/analytics/by-department").query(query).send().await
}

pub async fn periods() -> Answer<PeriodList> {
    Call::get("/periods").send().await
}
