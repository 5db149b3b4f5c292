//! Mail on its way: a mail server that takes it, refuses, is slow or hangs up, and what becomes of the mail.

use serde_json::json;

use crate::support::{
    TestApp,
    company::{COLLEAGUE, EMPLOYEE, MANAGER},
    mailing::{mailing, mailing_with},
    smtp::{Mood, SmtpServer},
};

/// One mail of news in the queue, due now.
async fn news(app: &TestApp) {
    app.is_told(EMPLOYEE, "delegated", None, json!({ "actor_name": "Mara Manager" })).await;
    app.minutes_later(5);
}

#[tokio::test]
async fn a_mail_arrives_once_as_text_and_html_from_the_configured_sender() {
    let (app, server) = mailing_with(&[("APP_NAME", "Ziele der Firma")]).await;
    news(&app).await;
    assert_eq!(app.send_mail().await, 1);
    let mail = server.only();
    assert!(mail.from.contains("<kpi@firma.example>") && mail.to.len() == 1, "{mail:?}");
    assert!(mail.to[0].contains("<employee@firma.example>"), "{:?}", mail.to);
    assert_eq!(mail.header("From"), "\"Ziele der Firma\" <kpi@firma.example>");
    assert_eq!(mail.header("To"), "\"Emil Employee\" <employee@firma.example>");
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert!(mail.id().ends_with("@firma.example"), "{}", mail.id());
    assert_eq!(mail.message().date().unwrap().to_timestamp(), app.clock.now().0 / 1000);
    assert!(mail.text().contains("Hello Emil Employee,") && mail.text().contains("Mara Manager"));
    assert!(mail.html().contains("href=\"https://kpi.example.com/approvals\""), "{}", mail.html());
    assert_eq!(app.send_mail().await, 0);
    assert_eq!(app.mail_states().await, [("sent".into(), 1)]);
}

#[tokio::test]
async fn a_temporary_refusal_is_tried_again_with_the_same_message_id_and_longer_pauses() {
    let (app, server) = mailing().await;
    news(&app).await;
    let refusal = Mood::RefuseContent("451 4.3.0 try again later");
    server.moods([refusal.clone(), refusal.clone(), refusal]);
    for attempt in 1..=3 {
        assert_eq!(app.send_mail().await, 1, "{attempt}");
        assert_eq!(app.mail_states().await, [("queued".into(), attempt)]);
        assert_eq!(app.send_mail().await, 0, "before its time");
        app.minutes_later(1 << (attempt - 1));
    }
    assert_eq!(app.send_mail().await, 1);
    assert_eq!(app.mail_states().await, [("sent".into(), 4)]);
    let ids: Vec<String> = server.read().iter().map(|mail| mail.id()).collect();
    assert_eq!(ids.len(), 4);
    assert!(ids.iter().all(|id| *id == server.only().id()), "{ids:?}");
}

#[tokio::test]
async fn a_final_refusal_is_not_tried_again_and_says_why() {
    let (app, server) = mailing().await;
    for (mood, why) in [
        (Mood::RefuseReceiver("550 5.1.1 no such user"), "(550): 5.1.1 no such user"),
        (Mood::RefuseContent("554 5.7.1 looks like spam"), "(554): 5.7.1 looks like spam"),
    ] {
        news(&app).await;
        server.moods([mood]);
        assert_eq!(app.send_mail().await, 1);
        let last = app.mails().await.pop().unwrap();
        assert_eq!((last.state.as_str(), last.attempts), ("failed", 1));
        assert!(last.last_error.unwrap().ends_with(why));
        app.minutes_later(180);
        assert_eq!(app.send_mail().await, 0);
    }
}

#[tokio::test]
async fn a_refused_log_in_is_the_operators_to_mend_and_loses_no_mail() {
    let (app, server) = mailing_with(&[("SMTP_USER", "kpi"), ("SMTP_PASSWORD", "hunter2-hunter2")]).await;
    news(&app).await;
    server.moods([Mood::RefuseLogIn("535 5.7.8 wrong password")]);
    assert_eq!(app.send_mail().await, 1);
    let mail = app.mails().await.pop().unwrap();
    assert_eq!(mail.state, "queued");
    assert!(mail.last_error.as_deref().unwrap().contains("log-in (535)"), "{mail:?}");
    assert!(!format!("{mail:?}").contains("hunter2"));
    app.minutes_later(1);
    app.send_mail().await;
    assert_eq!(app.mail_states().await, [("sent".into(), 2)]);
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_again_and_the_mail_arrives() {
    let (app, server) = mailing().await;
    news(&app).await;
    server.moods([Mood::HangUp, Mood::DropInContent, Mood::Silence]);
    for attempt in 1..=3 {
        assert_eq!(app.send_mail().await, 1);
        assert_eq!(app.mail_states().await, [("queued".into(), attempt)]);
        app.minutes_later(8);
    }
    app.send_mail().await;
    assert_eq!(server.taken().len(), 1);
    assert_eq!(app.mail_states().await, [("sent".into(), 4)]);
}

/// The mail server has it and we do not know: it goes again, recognisably the same.
#[tokio::test]
async fn a_lost_receipt_sends_the_same_mail_again() {
    let (app, server) = mailing().await;
    news(&app).await;
    server.moods([Mood::DropAfterContent]);
    app.send_mail().await;
    app.minutes_later(1);
    app.send_mail().await;
    let [first, second] = server.read().try_into().unwrap();
    assert_eq!(first.id(), second.id());
    assert_eq!((first.subject(), first.text()), (second.subject(), second.text()));
    assert_eq!(app.mail_states().await, [("sent".into(), 2)]);
}

#[tokio::test]
async fn a_server_that_is_gone_for_days_is_given_up() {
    let (app, server) = mailing().await;
    news(&app).await;
    let port = server.port;
    drop(server);
    app.send_mail().await;
    assert_eq!(app.mail_states().await, [("queued".into(), 1)]);
    let last = app.mails().await.pop().unwrap().last_error.unwrap();
    assert!(last.starts_with("the mail server could not be reached"), "{port}: {last}");
    app.minutes_later(3 * 24 * 60);
    app.send_mail().await;
    assert_eq!(app.mail_states().await, [("failed".into(), 1)]);
}

/// The server offers no encryption, and none was not asked for.
#[tokio::test]
async fn nothing_is_said_without_encryption_unless_told_otherwise() {
    for tls in ["starttls", "tls"] {
        let (app, server) = mailing_with(&[("SMTP_TLS", tls), ("SMTP_TIMEOUT", "1")]).await;
        news(&app).await;
        app.send_mail().await;
        assert_eq!(app.mail_states().await, [("queued".into(), 1)], "{tls}");
        assert!(server.read().is_empty());
    }
}

#[tokio::test]
async fn a_slow_mail_holds_up_nobody_else() {
    let (app, server) = mailing_with(&[("SMTP_TIMEOUT", "60")]).await;
    server.moods([Mood::Hesitate]);
    let running = app.run_mail();
    news(&app).await;
    app.ctx.signals.wake_mail();
    server.has_met(1).await;
    for user in [COLLEAGUE, MANAGER] {
        app.is_told(user, "delegated", None, json!({ "actor_name": "Ada Admin" })).await;
    }
    app.minutes_later(5);
    app.ctx.signals.wake_mail();
    let taken = server.has_taken(2).await;
    assert!(taken.iter().all(|mail| !mail.to[0].contains("employee@")), "{taken:?}");
    server.go_on();
    assert_eq!(server.has_taken(3).await.len(), 3);
    running.stop().await;
    assert_eq!(app.mail_states().await, vec![("sent".to_owned(), 1); 3]);
}

#[tokio::test]
async fn a_stop_finishes_what_is_under_way() {
    let (app, server) = mailing_with(&[("SMTP_TIMEOUT", "60")]).await;
    server.moods([Mood::Hesitate]);
    let running = app.run_mail();
    news(&app).await;
    app.ctx.signals.wake_mail();
    server.has_met(1).await;
    let stopping = tokio::spawn(running.stop());
    server.go_on();
    stopping.await.unwrap();
    assert_eq!(app.mail_states().await, [("sent".into(), 1)]);
}

#[tokio::test]
async fn without_a_mail_server_nothing_waits_for_one() {
    let app = TestApp::new().await;
    let told = app.is_told(EMPLOYEE, "delegated", None, json!({})).await;
    assert_eq!(app.send_mail().await, 0);
    assert_eq!(app.mail_state(told).await, "none");
    let server = SmtpServer::start().await;
    assert!(app.mails().await.is_empty() && server.taken().is_empty());
}
