//! Quarters over HTTP.

use kpi_api::dashboard::PeriodList;

use super::service;
use crate::{
    auth::actor::Entered,
    platform::http::{Answer, Reply},
};

/// The quarters there is something about, the present and the next one included, newest first.
#[utoipa::path(get, path = "/periods", tag = "periods", responses((status = 200, body = PeriodList)))]
pub async fn list(call: Entered) -> Answer<PeriodList> {
    Ok(Reply::Ok(service::list(&call?.ctx).await?))
}
