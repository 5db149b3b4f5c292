//! Password links by mail, the test mail, and what administrators see of the queue.

use std::{
    io,
    sync::{Arc, Mutex},
};

use kpi::{entity::outbox, mail::service};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use crate::support::{
    TestApp,
    company::{ADMIN, EMPLOYEE, PASSWORD},
    mailing::{mailing, mailing_with},
    smtp::{Mood, Taken},
};

async fn forgets(app: &TestApp, login: &str) {
    app.anonymous().post("/auth/forgot-password", json!({ "login": login })).await.expect(202);
}

/// The secret behind the only link in a mail.
fn token(mail: &Taken) -> String {
    let text = mail.text();
    let (_, rest) = text.split_once("https://kpi.example.com/reset-password#token=").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn a_password_link_is_mailed_at_once_and_works() {
    let (app, server) = mailing().await;
    forgets(&app, "employee").await;
    assert_eq!(app.send_mail().await, 1);
    let mail = server.only();
    assert_eq!(mail.subject(), "Choose a new password");
    assert!(mail.to[0].contains("employee@") && mail.text().contains("until 09:10"), "{}", mail.text());
    let body = json!({ "token": token(&mail), "new_password": "violet-meadow-12" });
    app.anonymous().post("/auth/reset-password", body).await.expect(204);
    let body = json!({ "login": "employee", "password": PASSWORD });
    app.anonymous().post("/auth/login", body).await.refused(401, "wrong_credentials");
    assert!(
        app.admin().await.get("/users/password-resets").await.items().iter().all(|one| one["link"] == "")
    );
}

#[tokio::test]
async fn a_password_link_is_sealed_while_it_waits_and_gone_afterwards() {
    let (app, server) = mailing().await;
    server.moods([Mood::RefuseContent("451 later")]);
    forgets(&app, "employee").await;
    app.send_mail().await;
    let waiting = app.mails().await.pop().unwrap();
    assert!(waiting.is_sealed && !waiting.text.is_empty());
    let events = outbox::Entity::find().all(app.ctx.db.read()).await.unwrap();
    app.minutes_later(1);
    app.send_mail().await;
    let secret = token(&server.only());
    let at_rest = format!("{waiting:?} {events:?} {:?}", app.mails().await);
    assert!(!at_rest.contains(&secret) && !at_rest.contains("reset-password#"), "{at_rest}");
    let sent = app.mails().await.pop().unwrap();
    assert_eq!((sent.state.as_str(), sent.text.as_str(), sent.html.as_str()), ("sent", "", ""));
}

#[tokio::test]
async fn a_password_link_is_not_mailed_once_it_is_dead() {
    let (app, server) = mailing().await;
    server.moods([Mood::HangUp]);
    forgets(&app, "employee").await;
    app.send_mail().await;
    app.minutes_later(10);
    app.send_mail().await;
    assert!(server.taken().is_empty());
    let mail = app.mails().await.pop().unwrap();
    assert_eq!((mail.state.as_str(), mail.text.as_str()), ("failed", ""));
}

/// Standard output of the log, kept in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A mail server that repeats the whole mail in its refusal puts the link into no place where somebody could read it.
#[tokio::test]
async fn neither_log_nor_queue_repeats_a_link_a_password_or_an_address() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let (app, server) = mailing_with(&[("SMTP_USER", "kpi"), ("SMTP_PASSWORD", "hunter2-hunter2")]).await;
    server.moods([Mood::RefuseAndRepeat, Mood::RefuseLogIn("535 employee@firma.example hunter2-hunter2")]);
    forgets(&app, "employee").await;
    app.send_mail().await;
    forgets(&app, "employee").await;
    app.send_mail().await;
    app.minutes_later(1);
    app.send_mail().await;
    let secrets: Vec<String> = server.read().iter().map(token).collect();
    assert_eq!(secrets.len(), 2);
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("a mail could not be sent") && logged.contains("a mail was sent"), "{logged}");
    let shown = app.admin().await.get("/mails").await.expect(200).text();
    for secret in secrets {
        assert!(!logged.contains(&secret) && !shown.contains(&secret));
    }
    assert!(!logged.contains("hunter2") && !logged.contains("employee@"), "{logged}");
    assert!(!shown.contains("hunter2") && !shown.contains("token="), "{shown}");
}

#[tokio::test]
async fn administrators_see_where_each_mail_stands_and_never_what_it_says() {
    let (app, server) = mailing().await;
    server.moods([Mood::RefuseReceiver("550 5.1.1 no such user")]);
    forgets(&app, "employee").await;
    app.send_mail().await;
    app.is_told(ADMIN, "delegated", None, json!({ "actor_name": "Hanna Head" })).await;
    app.minutes_later(5);
    app.send_mail().await;
    let admin = app.admin().await;
    let page = admin.get("/mails").await.expect(200);
    assert_eq!(page.json()["total"], 2);
    assert_eq!(page.column("state"), [json!("sent"), json!("failed")]);
    let [sent, failed] = <[_; 2]>::try_from(page.items()).unwrap();
    assert_eq!((&sent["purpose"], &sent["address"]), (&json!("news"), &json!("admin@firma.example")));
    assert_eq!((&failed["purpose"], &failed["attempts"]), (&json!("password_reset"), &json!(1)));
    assert_eq!(failed["receiver"], json!({ "id": EMPLOYEE, "full_name": "Emil Employee" }));
    assert_eq!(failed["last_error"], "the mail server refused the mail (550)");
    assert!(failed["next_attempt_at"].is_null() && !page.text().contains("Hanna"), "{}", page.text());
    assert_eq!(admin.get("/mails?state=failed").await.column("id"), [failed["id"].clone()]);
    assert_eq!(admin.get("/mails?purpose=summary").await.json()["total"], 0);
    admin.get("/mails?state=lost").await.refused(400, "malformed");
    app.manager().await.get("/mails").await.refused(403, "not_allowed");
}

#[tokio::test]
async fn a_test_mail_says_how_it_went() {
    let (app, server) = mailing_with(&[("SMTP_USER", "kpi"), ("SMTP_PASSWORD", "hunter2-hunter2")]).await;
    let admin = app.admin().await;
    let answer = admin.post("/settings/test-mail", json!({})).await.expect(200).json();
    assert_eq!((&answer["outcome"], &answer["to"]), (&json!("sent"), &json!("admin@firma.example")));
    assert_eq!(server.only().subject(), "Mail works");
    for (mood, outcome, word) in [
        (Mood::RefuseLogIn("535 no"), "login_refused", "SMTP_PASSWORD"),
        (Mood::RefuseReceiver("550 relaying denied"), "refused", "relaying denied"),
        (Mood::HangUp, "unreachable", "SMTP_HOST"),
        (Mood::Silence, "took_too_long", "SMTP_TLS"),
    ] {
        server.moods([mood]);
        let to = json!({ "to": "somebody@else.example" });
        let answer = admin.post("/settings/test-mail", to).await.expect(200).json();
        assert_eq!(answer["outcome"], outcome, "{answer}");
        assert!(answer["detail"].as_str().unwrap().contains(word), "{answer}");
        assert!(!answer.to_string().contains("hunter2"));
    }
    assert_eq!(app.mails().await, [], "a test is never queued");
    admin.post("/settings/test-mail", json!({ "to": "nobody" })).await.invalid("to invalid_email");
    app.employee().await.post("/settings/test-mail", json!({})).await.refused(403, "not_allowed");
    assert_eq!(server.taken().len(), 1);
}

#[tokio::test]
async fn a_test_without_a_mail_server_says_so() {
    let app = TestApp::new().await;
    let answer = app.admin().await.post("/settings/test-mail", json!({})).await.expect(200).json();
    assert_eq!(answer["outcome"], "not_set_up");
}

#[tokio::test]
async fn old_mails_are_forgotten_and_waiting_ones_never() {
    let (app, server) = mailing().await;
    server.moods([Mood::RefuseReceiver("550 no"), Mood::HangUp, Mood::HangUp]);
    for user in [EMPLOYEE, EMPLOYEE, ADMIN] {
        app.is_told(user, "delegated", None, json!({})).await;
        app.minutes_later(5);
        app.send_mail().await;
    }
    let before = app.mails().await;
    assert_eq!(service::forget_old(&app.ctx).await.unwrap(), 0);
    app.minutes_later(31 * 24 * 60);
    assert_eq!(service::forget_old(&app.ctx).await.unwrap(), 1);
    app.minutes_later(60 * 24 * 60);
    assert_eq!(service::forget_old(&app.ctx).await.unwrap(), 1);
    let left: Vec<String> = app.mail_states().await.into_iter().map(|(state, _)| state).collect();
    assert_eq!((before.len(), left), (3, vec!["queued".to_owned()]));
}

#[tokio::test]
async fn a_person_who_left_gets_no_link() {
    let (app, server) = mailing().await;
    forgets(&app, "employee").await;
    app.person(EMPLOYEE, |row| row.is_active = Set(false)).await;
    assert_eq!(app.send_mail().await, 0);
    assert!(server.taken().is_empty() && app.mails().await.is_empty());
}
