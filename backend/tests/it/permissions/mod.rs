//! Who may knock where: every row of the endpoint table against everybody, from nobody to the administrator. The
//! match in [`rows`] has no wildcard, so an endpoint without a row does not compile.
//!
//! The KPI, session and token that are asked about belong to the employee. Whoever is refused asks first, so that a
//! refusal that changed something after all shows in the version of the next one.

mod rows;
mod scene;

use kpi_api::endpoint::{Endpoint, Method};
use serde_json::json;

use self::{
    rows::{Row, row},
    scene::{About, Scene, listener, scene},
};
use crate::support::{Actor, Request, TestApp, files, kpis::kpi_in};

const WHO: [&str; 7] =
    ["nobody", "the owner", "a colleague", "the manager", "another manager", "an outsider", "an admin"];

async fn actor(app: &TestApp, who: usize) -> Actor {
    match who {
        0 => app.anonymous(),
        1 => app.employee().await,
        2 => app.colleague().await,
        3 => app.manager().await,
        4 => app.controller().await,
        5 => app.outsider().await,
        _ => app.admin().await,
    }
}

fn request(endpoint: Endpoint, scene: &Scene, row: &Row, actor: &Actor) -> Request {
    let is_plugin = matches!(row.about, About::Plugin | About::RunningPlugin);
    let id = if is_plugin { listener().id.to_owned() } else { scene.id.to_string() };
    let path = endpoint.path().replace("{id}", &id).replace("{name}", "clean_up").replace("{ticket}", "none");
    let path = path.replace("{key}", "three_step_target").replace("{version}", "1");
    let request = actor.request(endpoint.method().as_str(), &path);
    let request = if endpoint.needs_version() { request.version(scene.version) } else { request };
    if endpoint == Endpoint::AddEvidence {
        return request.form(&[files::part("file", "proof.png", &files::png(8, 8))]);
    }
    if matches!(endpoint, Endpoint::CheckPlugin | Endpoint::InstallPlugin) {
        return request.form(&[files::part("file", "listener.zip", &listener().archive())]);
    }
    let mut body = row.body.clone();
    if body["ids"].is_array() {
        body["ids"] = json!([scene.id]);
    }
    if body.is_null() { request } else { request.json(body) }
}

async fn hold(endpoint: Endpoint) {
    let row = row(endpoint);
    let mut at = scene(&row.about).await;
    let mut order: Vec<usize> = (0..WHO.len()).collect();
    order.sort_by_key(|who| row.expected[*who] < 300);
    for who in order {
        let expected = row.expected[who];
        let answer = request(endpoint, &at, &row, &actor(&at.app, who).await).send().await;
        assert_eq!(answer.status, expected, "{endpoint:?} by {}: {}", WHO[who], answer.text());
        if expected < 300 && endpoint.method() != Method::Get {
            at = scene(&row.about).await;
        }
    }
}

/// A part of the table, so that the parts run side by side.
async fn hold_part(part: usize) {
    const PARTS: usize = 4;
    for endpoint in Endpoint::ALL.iter().skip(part).step_by(PARTS) {
        hold(*endpoint).await;
    }
}

#[tokio::test]
async fn everybody_gets_what_the_table_says_first_part() {
    hold_part(0).await;
}

#[tokio::test]
async fn everybody_gets_what_the_table_says_second_part() {
    hold_part(1).await;
}

#[tokio::test]
async fn everybody_gets_what_the_table_says_third_part() {
    hold_part(2).await;
}

#[tokio::test]
async fn everybody_gets_what_the_table_says_fourth_part() {
    hold_part(3).await;
}

/// An outsider who asks for something that is there gets the bytes of something that is not.
#[tokio::test]
async fn what_may_not_be_seen_looks_like_what_is_not_there() {
    let app = TestApp::new().await;
    let kpi = kpi_in("approved", &app.employee().await, &app.manager().await).await;
    let outsider = app.outsider().await;
    for (method, path) in
        [("GET", ""), ("GET", "/history"), ("GET", "/check-ins"), ("POST", "/approve"), ("DELETE", "")]
    {
        let ask = async |id: i64| {
            let request = outsider.request(method, &format!("/kpis/{id}{path}")).version(kpi.version());
            let request = request.header("x-request-id", "the-same-id");
            let answer = if method == "POST" { request.json(json!({})) } else { request }.send().await;
            (answer.status, answer.text(), answer.headers)
        };
        assert_eq!(ask(kpi.id()).await, ask(999_999).await, "{method} {path}");
    }
}
