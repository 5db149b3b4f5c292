//! What others ask of mail: a password link on its way, a test, a look at the queue, and forgetting what is old.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use kpi_api::{
    id::UserId,
    mail::{MailOutcome, MailPurpose, MailState, MailView, TestMail, TestMailResult},
    page::Page,
    time::Timestamp,
};
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::{
    convert,
    letters::Writer,
    repo::{self, Fresh},
};
use crate::{
    app::Ctx,
    auth::{actor::Call, reset, seal::Sealer},
    platform::{
        config::Config,
        db::work::By,
        failure::{Failure, Outcome},
        outbox::{Consumer, Posted},
        paging::Paging,
        smtp::{Letter, Mailer, Step, Trouble},
    },
};

/// The one place where a request waits for the mail server, and the longest it does.
const TEST_WITHIN: Duration = Duration::from_secs(10);

/// Days after which mails are forgotten: those that went out or were withdrawn, and those that could not be sent.
const SENT_KEPT: i64 = 30;
const FAILED_KEPT: i64 = 90;
const DAY: i64 = 24 * 3600 * 1000;

/// Mails that are forgotten in one transaction, so that nobody waits long for their turn to write.
const FORGOTTEN_AT_ONCE: u64 = 200;

/// Takes events that are mailed as such, without a notification, and tells the sender of whatever else there is.
pub struct Courier(pub Ctx);

impl Consumer for Courier {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn wants(&self, event: &Posted) -> bool {
        event.name == "user.password_reset"
    }

    fn take<'a>(&'a self, tx: &'a DatabaseTransaction, event: &'a Posted) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(password_reset(&self.0, tx, event))
    }

    fn delivered<'a>(&'a self, events: &'a [Arc<Posted>]) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if !events.is_empty() {
                self.0.signals.wake_mail();
            }
        })
    }
}

/// Puts the mail with a link to a new password into the queue. What it says is sealed there: the link is as good as
/// the password.
async fn password_reset(ctx: &Ctx, tx: &DatabaseTransaction, event: &Posted) -> Outcome<()> {
    let (Some(mailer), Some(sealed)) = (&ctx.mailer, event.text("sealed_link")) else { return Ok(()) };
    let directory = ctx.directory().await?;
    let person = directory.person(UserId(event.entity_id)).filter(|person| person.is_active);
    let Some(person) = person else { return Ok(()) };
    let until = event.at.plus_seconds(reset::LIFE);
    let sealer = Sealer::of(&ctx.config)?;
    let writer = Writer::to(&ctx.config, &person.full_name, &person.locale);
    let words = writer.password_reset(&sealer.open(sealed)?, until)?;
    let fresh = Fresh {
        user: person.id.0,
        purpose: MailPurpose::PasswordReset,
        language: &person.locale,
        subject: words.subject,
        text: sealer.seal(&words.text)?,
        html: sealer.seal(&words.html)?,
        is_sealed: true,
        about: &[],
        message_id: mailer.message_id(),
        at: event.at.0,
        expires_at: until.0,
    };
    repo::insert(tx, fresh.row()?).await?;
    Ok(())
}

/// Sends a test mail now and says in words how it went. 422 for something that is no address.
pub async fn test(call: &Call, asked: TestMail) -> Outcome<TestMailResult> {
    asked.check().map_err(Failure::invalid)?;
    let person = &call.who.person;
    let to = asked.to.unwrap_or_else(|| person.email.clone());
    let result = send_test(&call.ctx.config, call.ctx.mailer.as_ref(), &person.full_name, &person.locale, to);
    let result = result.await?;
    let mut work = call.begin().await?;
    let detail = json!({ "outcome": result.outcome, "to_self": result.to == person.email });
    work.audit("settings.test_mail", "settings", None, detail).await?;
    work.commit(&()).await?;
    Ok(result)
}

/// The test mail itself, also for the command line; it is never queued.
///
/// # Errors
/// When its words cannot be put together; trouble with the mail server is an outcome.
pub async fn send_test(
    config: &Config,
    mailer: Option<&Mailer>,
    name: &str,
    locale: &str,
    to: String,
) -> Outcome<TestMailResult> {
    let Some(mailer) = mailer else {
        let detail =
            "No mail server is set up: SMTP_ENABLED is off. Password links are shown to administrators.";
        return Ok(TestMailResult { outcome: MailOutcome::NotSetUp, to, detail: detail.into() });
    };
    let words = Writer::to(config, name, locale).test()?;
    let letter = Letter {
        to_name: name.to_owned(),
        to: to.clone(),
        subject: words.subject,
        text: words.text,
        html: words.html,
        message_id: mailer.message_id(),
        written_at: config.clock().now(),
    };
    let (outcome, detail) = match mailer.send_within(&letter, TEST_WITHIN).await {
        Ok(()) => (
            MailOutcome::Sent,
            "The mail server took the mail. If it does not arrive, look into the spam folder and at the rules of \
             the receiving side (SPF, DKIM)."
                .to_owned(),
        ),
        Err(trouble) => (outcome(trouble.step), advice(&trouble)),
    };
    Ok(TestMailResult { outcome, to, detail })
}

const fn outcome(step: Step) -> MailOutcome {
    match step {
        Step::Connect => MailOutcome::Unreachable,
        Step::Encrypt => MailOutcome::NotEncrypted,
        Step::LogIn => MailOutcome::LoginRefused,
        Step::Hand => MailOutcome::Refused,
        Step::Wait => MailOutcome::TookTooLong,
    }
}

/// What went wrong and where to look, in a sentence or two.
pub fn advice(trouble: &Trouble) -> String {
    let look = match trouble.step {
        Step::Connect => "Look at SMTP_HOST and SMTP_PORT, and whether a firewall stands between.",
        Step::Encrypt => {
            "Look at SMTP_TLS and the server's certificate: starttls on port 587, tls on 465, none only in a network \
             of your own."
        }
        Step::LogIn => "Look at SMTP_USER and SMTP_PASSWORD.",
        Step::Hand => "Look at SMTP_FROM and at the address: the server may only send for certain senders.",
        Step::Wait => "Look whether SMTP_TLS fits the port; a server that waits for encryption says nothing.",
    };
    format!("{}. {look}", trouble.to_string().trim_end_matches('.'))
}

/// The queue and what went through it, newest first.
pub async fn list(
    ctx: &Ctx,
    state: Option<MailState>,
    purpose: Option<MailPurpose>,
    paging: Paging,
) -> Outcome<Page<MailView>> {
    let (rows, total) = repo::page(ctx.db.read(), state, purpose, paging).await?;
    let directory = ctx.directory().await?;
    let items = rows.into_iter().map(|row| convert::view(row, &directory)).collect::<Outcome<_>>()?;
    Ok(paging.page(items, total))
}

/// Forgets mails that are done with; how many those were.
///
/// # Errors
/// When the database refuses.
pub async fn forget_old(ctx: &Ctx) -> Outcome<u64> {
    let now = ctx.clock.now();
    let mut forgotten = 0;
    let rows: [(&[MailState], i64); 2] =
        [(&[MailState::Sent, MailState::Withdrawn], SENT_KEPT), (&[MailState::Failed], FAILED_KEPT)];
    for (states, days) in rows {
        let before = Timestamp(now.0 - days * DAY);
        loop {
            let ids = repo::old(ctx.db.read(), states, before.0, FORGOTTEN_AT_ONCE).await?;
            if ids.is_empty() {
                break;
            }
            let work = ctx.begin(By::system("mail")).await?;
            forgotten += repo::delete(work.tx(), &ids).await?;
            work.commit(&()).await?;
        }
    }
    Ok(forgotten)
}
