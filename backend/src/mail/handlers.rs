//! The queue of mails and the test mail over HTTP.

use kpi_api::{
    mail::{MailPurpose, MailState, MailView, TestMail, TestMailResult},
    page::Page,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::service;
use crate::{
    auth::actor::Entered,
    platform::{
        failure::Outcome,
        http::{Answer, Reply},
        paging::Paging,
    },
};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MailQuery {
    /// From 1.
    page: Option<u32>,
    /// 1 to 100.
    per_page: Option<u32>,
    #[param(inline)]
    state: Option<MailState>,
    #[param(inline)]
    purpose: Option<MailPurpose>,
}

/// The mails that wait, went out or could not be sent, newest first; never what they say.
#[utoipa::path(get, path = "/mails", tag = "admin", params(MailQuery),
    responses((status = 200, body = Page<MailView>)))]
pub async fn list(call: Entered, query: Outcome<MailQuery>) -> Answer<Page<MailView>> {
    let (call, query) = (call?, query?);
    let paging = Paging::read(query.page, query.per_page)?;
    Ok(Reply::Ok(service::list(&call.ctx, query.state, query.purpose, paging).await?))
}

/// Sends a test mail now and says how it went. The one answer that waits for the mail server, at most 10 seconds.
#[utoipa::path(post, path = "/settings/test-mail", tag = "admin", request_body = TestMail,
    responses((status = 200, body = TestMailResult)))]
pub async fn test(call: Entered, body: Outcome<TestMail>) -> Answer<TestMailResult> {
    Ok(Reply::Ok(service::test(&call?, body?).await?))
}
