//! Applications that mail to a server of the test's own, and people for whom something waits to be mailed.

use kpi::{
    entity::{mail, mail_preference, notification, user},
    mail::sender,
    platform::lifecycle::Lifecycle,
};
use kpi_api::notification::NotificationData;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryOrder, sea_query::Expr};
use serde_json::Value;

use super::{TestApp, smtp::SmtpServer};

/// The company and the mail server that its mail goes to.
pub async fn mailing() -> (TestApp, SmtpServer) {
    mailing_with(&[]).await
}

/// As [`mailing`], with further variables set.
pub async fn mailing_with(more: &[(&str, &str)]) -> (TestApp, SmtpServer) {
    let server = SmtpServer::start().await;
    let mut variables = server.variables();
    variables.extend(more.iter().map(|(name, value)| (leaked(name), (*value).to_owned())));
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    (TestApp::configured(&variables).await, server)
}

fn leaked(name: &str) -> &'static str {
    Box::leak(name.to_owned().into_boxed_str())
}

/// A loop of its own, as the running server has it, for as long as this lives.
pub struct Running {
    lifecycle: Lifecycle,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    /// Ends the loop as a stop of the server does: what is under way is finished.
    pub async fn stop(self) {
        self.lifecycle.stop();
        self.task.await.unwrap();
    }
}

impl TestApp {
    /// Delivers the events, writes and sends everything that is due; how many attempts that were.
    pub async fn send_mail(&self) -> usize {
        kpi::background::deliver_due(&self.ctx).await.unwrap();
        sender::send_due(&self.ctx).await.unwrap()
    }

    pub fn run_mail(&self) -> Running {
        let lifecycle = Lifecycle::new();
        let task = tokio::spawn(kpi::mail::run(self.ctx.clone(), lifecycle.clone()));
        Running { lifecycle, task }
    }

    /// Moves the clock on.
    pub fn minutes_later(&self, minutes: i64) {
        self.clock.set(self.clock.now().plus_seconds(minutes * 60));
    }

    /// Something that waits to be mailed.
    pub async fn is_told(&self, user: i64, kind: &str, kpi: Option<i64>, data: Value) -> i64 {
        let data: NotificationData = serde_json::from_value(data).unwrap();
        let row = notification::ActiveModel {
            user_id: Set(user),
            kind: Set(kind.into()),
            kpi_id: Set(kpi),
            data: Set(serde_json::to_string(&data).unwrap()),
            link: Set(kpi.map_or_else(|| "/approvals".into(), |id| format!("/kpis/{id}"))),
            created_at: Set(self.clock.now().0),
            in_app: Set(true),
            mail_state: Set("waiting".into()),
            ..Default::default()
        };
        let id = row.insert(self.ctx.db.writer()).await.unwrap().id;
        self.ctx.signals.wake_mail();
        id
    }

    /// Delivers what making a scene has caused, and mails nothing of it.
    pub async fn nothing_waits(&self) {
        self.minutes_later(1);
        kpi::background::deliver_due(&self.ctx).await.unwrap();
        notification::Entity::update_many()
            .col_expr(notification::Column::MailState, Expr::value("none"))
            .exec(self.ctx.db.writer())
            .await
            .unwrap();
    }

    pub async fn wants_mail(&self, user: i64, rhythm: &str, daily_hour: i64) {
        let row = mail_preference::ActiveModel {
            user_id: Set(user),
            rhythm: Set(rhythm.into()),
            daily_hour: Set(daily_hour),
            version: Set(1),
            ..Default::default()
        };
        row.insert(self.ctx.db.writer()).await.unwrap();
    }

    pub async fn mail_state(&self, notification: i64) -> String {
        let found = notification::Entity::find_by_id(notification).one(self.ctx.db.read()).await;
        found.unwrap().unwrap().mail_state
    }

    /// Changes a person behind the application's back, as it were done by somebody else.
    pub async fn person(&self, id: i64, change: impl FnOnce(&mut user::ActiveModel)) {
        let row = user::Entity::find_by_id(id).one(self.ctx.db.read()).await.unwrap().unwrap();
        let mut row: user::ActiveModel = row.into();
        change(&mut row);
        row.update(self.ctx.db.writer()).await.unwrap();
        self.ctx.signals.changed(kpi::platform::signals::Topic::People);
    }

    /// The queue, oldest first.
    pub async fn mails(&self) -> Vec<mail::Model> {
        mail::Entity::find().order_by_asc(mail::Column::Id).all(self.ctx.db.read()).await.unwrap()
    }

    /// The state of every mail with its attempts, oldest first.
    pub async fn mail_states(&self) -> Vec<(String, i64)> {
        self.mails().await.into_iter().map(|mail| (mail.state, mail.attempts)).collect()
    }
}
