//! The mails that go out, and whether the mail server works.

use kpi_api::{
    mail::{MailView, TestMail, TestMailResult},
    page::Page,
};

use crate::core::{
    client::{Answer, Call},
    query::Params,
};

pub async fn list(query: &Params) -> Answer<Page<MailView>> {
    Call::get("/mails").query(query).send().await
}

/// Sends one mail now and says how far it came.
pub async fn test(body: &TestMail) -> Answer<TestMailResult> {
    Call::post("/settings/test-mail").json(body).send().await
}
