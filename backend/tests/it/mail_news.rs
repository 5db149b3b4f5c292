//! What becomes one mail: several notifications of one person, a summary a day, and nothing that its receiver knows
//! already or may not see any more.

use kpi::entity::{kpi as kpi_table, notification};
use kpi_api::user::LOCALES;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use crate::support::{
    company::{COLLEAGUE, EMPLOYEE, FINANCE, MANAGER, OUTSIDER},
    kpis::kpi_in,
    mailing::{mailing, mailing_with},
    smtp::Mood,
};

fn about(title: &str) -> Value {
    json!({ "actor_name": "Mara Manager", "kpi_title": title })
}

#[tokio::test]
async fn what_happens_within_the_window_comes_in_one_mail() {
    let (app, server) = mailing().await;
    let kpi = kpi_in("approved", &app.employee().await, &app.manager().await).await;
    app.nothing_waits().await;
    let first = app.is_told(EMPLOYEE, "approved", Some(kpi.id()), about("Units sold")).await;
    app.minutes_later(3);
    app.is_told(EMPLOYEE, "commented", Some(kpi.id()), about("Visits made")).await;
    assert_eq!(app.send_mail().await, 0);
    app.minutes_later(2);
    let other = app.is_told(COLLEAGUE, "delegated", None, about("")).await;
    assert_eq!(app.send_mail().await, 1);
    let mail = server.only();
    assert_eq!(mail.subject(), "2 updates on KPIs");
    assert!(mail.text().contains("Units sold") && mail.html().contains("Visits made"));
    assert_eq!(
        (app.mail_state(first).await, app.mail_state(other).await),
        ("mailed".into(), "waiting".into())
    );
    app.minutes_later(60);
    assert_eq!(app.send_mail().await, 1, "the colleague's");
    assert_eq!(server.taken().len(), 2);
}

#[tokio::test]
async fn the_window_is_a_setting_and_nought_is_at_once() {
    let (app, server) = mailing().await;
    let admin = app.admin().await;
    admin
        .patch("/settings", 1, json!({ "mail.window_minutes": 61 }))
        .await
        .invalid("mail.window_minutes out_of_range");
    admin.patch("/settings", 1, json!({ "mail.window_minutes": 0 })).await.expect(200);
    app.is_told(EMPLOYEE, "delegated", None, about("")).await;
    assert_eq!(app.send_mail().await, 1);
    assert_eq!(server.taken().len(), 1);
}

#[tokio::test]
async fn a_submitted_kpi_is_mailed_to_whoever_decides() {
    let (app, server) = mailing().await;
    let draft = app.employee().await.draft("Units sold").await;
    app.employee().await.does("submit", &draft).await.expect(200);
    app.send_mail().await;
    app.minutes_later(5);
    app.send_mail().await;
    let mail = server.only();
    assert!(mail.to[0].contains("manager@"), "{:?}", mail.to);
    assert_eq!(mail.subject(), "Emil Employee submitted “Units sold”");
    assert!(mail.html().contains("https://kpi.example.com/approvals"), "{}", mail.html());
}

#[tokio::test]
async fn a_summary_comes_once_a_day_at_the_chosen_hour_and_never_empty() {
    let (app, server) = mailing_with(&[("TZ_NAME", "UTC")]).await;
    app.wants_mail(EMPLOYEE, "daily", 17).await;
    app.is_told(EMPLOYEE, "delegated", None, about("")).await;
    app.minutes_later(60);
    app.is_told(EMPLOYEE, "delegated", None, about("")).await;
    assert_eq!(app.send_mail().await, 0);
    app.clock.set("2026-02-16T17:00:00Z".parse().unwrap());
    let late = app.is_told(EMPLOYEE, "delegated", None, about("")).await;
    assert_eq!(app.send_mail().await, 1);
    assert_eq!(server.only().subject(), "Your summary of 16 February 2026: 2 updates");
    assert_eq!(app.mail_state(late).await, "waiting", "it belongs to the next day");
    // Told late of something earlier: that is no second summary of the same day.
    app.clock.set("2026-02-16T16:59:55Z".parse().unwrap());
    app.is_told(EMPLOYEE, "delegated", None, about("")).await;
    app.clock.set("2026-02-16T17:00:05Z".parse().unwrap());
    assert_eq!(app.send_mail().await, 0);
    app.minutes_later(23 * 60);
    assert_eq!(app.send_mail().await, 0);
    app.minutes_later(60);
    assert_eq!(app.send_mail().await, 1);
    assert_eq!(server.taken()[1].subject(), "Your summary of 17 February 2026: 2 updates");
    app.minutes_later(3 * 24 * 60);
    assert_eq!(app.send_mail().await, 0, "nothing happened");
}

#[tokio::test]
async fn who_wants_no_mail_gets_none() {
    let (app, server) = mailing().await;
    app.wants_mail(EMPLOYEE, "never", 8).await;
    let told = app.is_told(EMPLOYEE, "delegated", None, about("")).await;
    app.minutes_later(60);
    assert_eq!(app.send_mail().await, 0);
    assert_eq!(app.mail_state(told).await, "none");
    assert!(server.taken().is_empty());
}

#[tokio::test]
async fn what_was_read_in_the_app_is_not_mailed() {
    let (app, server) = mailing().await;
    let told = app.is_told(EMPLOYEE, "delegated", None, about("")).await;
    let read = notification::ActiveModel { id: Set(told), read_at: Set(Some(1)), ..Default::default() };
    read.update(app.ctx.db.writer()).await.unwrap();
    app.minutes_later(5);
    assert_eq!(app.send_mail().await, 0);
    assert_eq!(app.mail_state(told).await, "none");
    assert!(server.taken().is_empty() && app.mails().await.is_empty());
}

#[tokio::test]
async fn nobody_is_mailed_about_what_they_may_not_see() {
    let (app, server) = mailing().await;
    let kpi = kpi_in("approved", &app.employee().await, &app.manager().await).await;
    app.nothing_waits().await;
    app.is_told(OUTSIDER, "commented", Some(kpi.id()), about("Units sold")).await;
    app.is_told(OUTSIDER, "rule_trouble", None, json!({ "name": "standard" })).await;
    app.minutes_later(5);
    assert_eq!(app.send_mail().await, 0);
    assert!(server.taken().is_empty() && app.mails().await.is_empty());
}

/// Between two attempts the manager goes to Finance: what they may still be told is written anew.
#[tokio::test]
async fn what_may_not_be_seen_any_more_is_taken_out_of_a_waiting_mail() {
    let (app, server) = mailing().await;
    let kpi = kpi_in("submitted", &app.employee().await, &app.manager().await).await;
    app.nothing_waits().await;
    app.is_told(MANAGER, "commented", Some(kpi.id()), about("Units sold")).await;
    app.is_told(MANAGER, "delegated", None, json!({ "actor_name": "Hanna Head" })).await;
    app.minutes_later(5);
    server.moods([Mood::RefuseContent("451 later")]);
    app.send_mail().await;
    let row = kpi_table::ActiveModel {
        id: Set(kpi.id()),
        user_id: Set(OUTSIDER),
        department_id: Set(Some(FINANCE)),
        ..Default::default()
    };
    row.update(app.ctx.db.writer()).await.unwrap();
    app.minutes_later(5);
    app.send_mail().await;
    let states: Vec<String> = app.mail_states().await.into_iter().map(|(state, _)| state).collect();
    assert_eq!(states, ["withdrawn", "sent"]);
    let mail = server.only();
    assert!(mail.text().contains("Hanna Head") && !mail.text().contains("Units sold"), "{}", mail.text());
    assert_eq!(app.mails().await[0].text, "");
}

#[tokio::test]
async fn who_has_left_gets_nothing_neither_new_nor_waiting() {
    let (app, server) = mailing().await;
    app.is_told(EMPLOYEE, "delegated", None, about("")).await;
    app.minutes_later(5);
    server.moods([Mood::RefuseContent("451 later")]);
    app.send_mail().await;
    app.is_told(EMPLOYEE, "delegated", None, about("")).await;
    app.person(EMPLOYEE, |row| row.is_active = Set(false)).await;
    app.minutes_later(10);
    app.send_mail().await;
    assert!(server.taken().is_empty());
    let states: Vec<String> = app.mail_states().await.into_iter().map(|(state, _)| state).collect();
    assert_eq!(states, ["withdrawn"]);
}

#[tokio::test]
async fn everybody_reads_their_own_language() {
    assert_eq!(LOCALES, ["en", "de"]);
    let (app, server) = mailing_with(&[("TZ_NAME", "Europe/Berlin")]).await;
    app.person(EMPLOYEE, |row| row.locale = Set("de".into())).await;
    let kpi = kpi_in("approved", &app.employee().await, &app.manager().await).await;
    app.nothing_waits().await;
    let reminder = json!({
        "kpi_title": "Units sold",
        "reason": "sent_back",
        "text": { "text": "Milestones done: 1.5 of 3.", "pattern": "Milestones done: {done} of {all}.",
                  "values": { "done": "1.5", "all": "3" } },
    });
    for user in [EMPLOYEE, MANAGER] {
        app.is_told(user, "reminder", Some(kpi.id()), reminder.clone()).await;
    }
    app.minutes_later(5);
    app.send_mail().await;
    let to = |name: &str| server.taken().into_iter().find(|mail| mail.to[0].contains(name)).unwrap();
    let (german, english) = (to("employee@"), to("manager@"));
    assert_eq!(german.subject(), "Erinnerung: „Units sold“");
    assert!(german.text().contains("Erledigte Meilensteine: 1,5 von 3."), "{}", german.text());
    assert!(german.text().contains("16. Februar 2026, 10:01"), "{}", german.text());
    assert!(german.html().contains("<html lang=\"de\">"));
    assert_eq!(english.subject(), "Reminder: “Units sold”");
    assert!(english.text().contains("Milestones done: 1.5 of 3."), "{}", english.text());
    // What the rule calls the occasion is for machines.
    assert!(!english.text().contains("sent_back") && !english.html().contains("sent_back"));
}

#[tokio::test]
async fn what_people_write_stays_text() {
    let (app, server) = mailing().await;
    let kpi = kpi_in("approved", &app.employee().await, &app.manager().await).await;
    app.nothing_waits().await;
    let nasty = "Cost\r\nBcc: all@firma.example\r\n\r\n<script>alert(1)</script>\u{202e}";
    app.person(EMPLOYEE, |row| row.full_name = Set("Emil\r\nX-Evil: 1 \"<b>\"".into())).await;
    let data = json!({ "actor_name": "Mara\nX-Evil: 1", "kpi_title": nasty, "excerpt": "see <img src=x>\n\n.\nnext" });
    app.is_told(EMPLOYEE, "mentioned", Some(kpi.id()), data).await;
    app.minutes_later(5);
    app.send_mail().await;
    let mail = server.only();
    assert_eq!(mail.to.len(), 1);
    let names: Vec<String> =
        mail.message().headers().iter().map(|header| header.name().to_lowercase()).collect();
    assert!(!names.iter().any(|name| name == "bcc" || name == "x-evil"), "{names:?}");
    assert!(!mail.subject().contains(['\r', '\n', '\u{202e}']), "{}", mail.subject());
    assert!(
        mail.html().contains("&lt;script&gt;") || mail.html().contains("&#60;script&#62;"),
        "{}",
        mail.html()
    );
    assert!(!mail.html().contains("<script") && !mail.html().contains("<img"));
    assert!(mail.text().contains("> see <img src=x>\n>\n> .\n> next"), "{}", mail.text());
}

#[tokio::test]
async fn a_link_leads_to_the_configured_address_alone() {
    let (app, server) = mailing().await;
    for link in ["//evil.example/x", "https://evil.example", "/kpis/1\" onclick=\"x", "javascript:alert(1)"] {
        let told = app.is_told(EMPLOYEE, "delegated", None, about("")).await;
        let row = notification::Entity::find_by_id(told).one(app.ctx.db.read()).await.unwrap().unwrap();
        let mut row: notification::ActiveModel = row.into();
        row.link = Set(link.into());
        row.update(app.ctx.db.writer()).await.unwrap();
    }
    app.minutes_later(5);
    app.send_mail().await;
    let html = server.only().html();
    let links: Vec<&str> =
        html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(links.len() > 4);
    assert!(links.iter().all(|link| link.starts_with("https://kpi.example.com")), "{links:?}");
}

#[tokio::test]
async fn many_are_listed_up_to_a_length_that_mail_programs_show() {
    let (app, server) = mailing().await;
    for _ in 0..40 {
        app.is_told(EMPLOYEE, "delegated", None, about("")).await;
    }
    app.minutes_later(5);
    assert_eq!(app.send_mail().await, 1);
    let mail = server.only();
    assert_eq!(mail.subject(), "40 updates on KPIs");
    assert!(mail.text().contains("15 more in the app"), "{}", mail.text());
    assert!(mail.raw.len() < 100_000, "{}", mail.raw.len());
}

#[tokio::test]
async fn one_that_cannot_be_read_holds_up_nobody() {
    let (app, server) = mailing().await;
    for user in [EMPLOYEE, COLLEAGUE] {
        app.is_told(user, "delegated", None, about("")).await;
    }
    let broken = app.is_told(EMPLOYEE, "delegated", None, about("")).await;
    let row = notification::ActiveModel { id: Set(broken), data: Set("{".into()), ..Default::default() };
    row.update(app.ctx.db.writer()).await.unwrap();
    app.minutes_later(5);
    assert_eq!(app.send_mail().await, 2);
    assert_eq!((server.taken().len(), app.mail_state(broken).await.as_str()), (2, "none"));
}
