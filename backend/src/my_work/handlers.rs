//! "My work" over HTTP.

use kpi_api::my_work::MyWork;

use super::service;
use crate::{
    auth::actor::Entered,
    platform::http::{Answer, Reply},
};

/// What waits for the caller: due now, returned, to decide, upcoming; and their quarter at a glance.
#[utoipa::path(get, path = "/my-work", tag = "my work", responses((status = 200, body = MyWork)))]
pub async fn my_work(call: Entered) -> Answer<MyWork> {
    Ok(Reply::Ok(service::my_work(&call?).await?))
}
