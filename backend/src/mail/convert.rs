//! Rows of the queue as administrators see them.

use anyhow::anyhow;
use kpi_api::{
    id::UserId,
    mail::{MailState, MailView},
    time::Timestamp,
    user::PersonRef,
};

use crate::{entity::mail, people::directory::Directory, platform::failure::Outcome};

pub fn view(row: mail::Model, directory: &Directory) -> Outcome<MailView> {
    let id = row.id;
    let fault = |what: &str, cause: String| anyhow!("{what} of mail {id}: {cause}");
    let state: MailState = row.state.parse().map_err(|cause| fault("state", cause))?;
    let person = row.user_id.and_then(|user| directory.person(UserId(user)));
    let address = row.address.or_else(|| {
        let waits = state == MailState::Queued;
        person.filter(|_| waits).map(|person| person.email.clone())
    });
    Ok(MailView {
        id,
        purpose: row.purpose.parse().map_err(|cause| fault("purpose", cause))?,
        state,
        receiver: person.map(|person| PersonRef { id: person.id, full_name: person.full_name.clone() }),
        address,
        language: row.language,
        message_id: row.message_id,
        attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        last_error: row.last_error,
        next_attempt_at: (state == MailState::Queued).then_some(Timestamp(row.not_before)),
        created_at: Timestamp(row.created_at),
        sent_at: row.sent_at.map(Timestamp),
    })
}
