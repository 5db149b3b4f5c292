//! Who may knock where: every row of the endpoint table against everybody, from nobody to the administrator. The
//! match below has no wildcard, so an endpoint without a row does not compile.
//!
//! The KPI, session and token that are asked about belong to the employee. Whoever is refused asks first, so that a
//! refusal that changed something after all shows in the version of the next one.

use kpi_api::endpoint::{Endpoint, Method};
use serde_json::{Value, json};

use crate::plugins::Plugin;
use crate::support::{
    Actor, Request, TestApp,
    company::{CONTROLLER, EMPLOYEE, HEAD, SALES},
    files,
    kpis::{definition, kpi_in},
};

/// The statuses, in the order of [`WHO`].
type Expected = [u16; 7];

const WHO: [&str; 7] =
    ["nobody", "the owner", "a colleague", "the manager", "another manager", "an outsider", "an admin"];

/// What the endpoint is asked about.
enum About {
    Nothing,
    /// A KPI of the employee in this state.
    Kpi(&'static str),
    /// A check-in of the employee.
    CheckIn,
    /// A picture on a KPI of the employee.
    Evidence,
    /// Something that the employee has been told.
    Notification,
    Session,
    Token,
    User,
    Department,
    /// A department that nothing belongs to.
    EmptyDepartment,
    /// A template of Sales.
    Template,
    /// Of a template, to the employee.
    Assignment,
    /// A draft of the employee from a template that has another target by now.
    Outdated,
    Rule,
    /// A rule that was never published, for which all is ready.
    RuleDraft,
    /// A published rule of Sales.
    OwnRule,
    /// A shipped rule with a draft.
    Drafted,
    /// A shipped rule with a second version.
    Republished,
    /// Of the employee, on a KPI of their own.
    Comment,
    /// From the manager to another manager.
    Delegation,
    /// A job by its name.
    Job,
    /// A plugin that is installed.
    Plugin,
    /// One that runs.
    RunningPlugin,
}

struct Row {
    about: About,
    body: Value,
    expected: Expected,
}

const fn everybody(status: u16) -> Expected {
    [status; 7]
}

const fn logged_in(status: u16) -> Expected {
    [401, status, status, status, status, status, status]
}

const fn leading(status: u16) -> Expected {
    [401, 403, 403, status, status, 403, status]
}

const fn admin(status: u16) -> Expected {
    [401, 403, 403, 403, 403, 403, status]
}

const fn owner_alone(status: u16) -> Expected {
    [401, status, 404, 404, 404, 404, 404]
}

/// A KPI: seen by its owner, their manager and administrators.
const fn seers(status: u16) -> Expected {
    [401, status, 404, status, 404, 404, status]
}

const fn owner(status: u16) -> Expected {
    [401, status, 404, 403, 404, 404, status]
}

const fn deciders(status: u16) -> Expected {
    [401, 403, 404, status, 404, 404, status]
}

fn row(endpoint: Endpoint) -> Row {
    use About as A;
    use Endpoint as E;
    let (about, body, expected) = match endpoint {
        // What is sent to the public endpoints is incomplete or unknown: they answer, and log nobody in.
        E::Login | E::Token | E::ResetPassword | E::Setup => (A::Nothing, json!({}), everybody(422)),
        E::Refresh => (A::Nothing, json!({ "refresh_token": "x" }), everybody(401)),
        E::ForgotPassword => (A::Nothing, json!({ "login": "nobody" }), everybody(202)),
        E::SetupState => (A::Nothing, Value::Null, everybody(200)),

        E::Logout => (A::Nothing, Value::Null, logged_in(204)),
        E::Me | E::ListSessions | E::ListTokens => (A::Nothing, Value::Null, logged_in(200)),
        E::UpdateMe => (A::Nothing, json!({ "locale": "de" }), logged_in(200)),
        E::ChangePassword => {
            let wrong = json!({ "current_password": "wrong", "new_password": "violet-meadow-12" });
            (A::Nothing, wrong, logged_in(422))
        }
        E::EndSession => (A::Session, Value::Null, owner_alone(204)),
        E::CreateToken => {
            let token = json!({ "name": "script", "scope": "read", "expires_in_days": 1 });
            (A::Nothing, token, logged_in(201))
        }
        E::RevokeToken => (A::Token, Value::Null, owner_alone(204)),

        E::ListUsers | E::ListPasswordResets => (A::Nothing, Value::Null, admin(200)),
        E::CreateUser => {
            let user = json!({ "email": "b@firma.example", "username": "berta", "full_name": "Berta" });
            (A::Nothing, user, admin(201))
        }
        E::GetUser => (A::User, Value::Null, admin(200)),
        E::UpdateUser => (A::User, json!({ "position": "Buyer" }), admin(200)),
        E::ResetUserPassword => (A::User, Value::Null, admin(200)),

        E::ListDepartments => (A::Nothing, Value::Null, logged_in(200)),
        E::CreateDepartment => (A::Nothing, json!({ "name": "Field" }), admin(201)),
        E::GetDepartment => (A::Department, Value::Null, logged_in(200)),
        E::UpdateDepartment => (A::Department, json!({ "name": "Field" }), admin(200)),
        E::DeleteDepartment => (A::EmptyDepartment, Value::Null, admin(204)),

        E::ListTemplates => (A::Nothing, Value::Null, logged_in(200)),
        E::CreateTemplate => (A::Nothing, json!({ "name": "Revenue" }), admin(201)),
        E::GetTemplate => (A::Template, Value::Null, [401, 200, 200, 200, 404, 404, 200]),
        E::UpdateTemplate => (A::Template, json!({ "name": "Revenue" }), admin(200)),
        E::DeleteTemplate => (A::Template, Value::Null, admin(204)),
        E::ListTemplateVersions | E::ListAssignments => (A::Template, Value::Null, admin(200)),
        E::AssignTemplate => {
            let quarter = json!({ "user_ids": [EMPLOYEE], "year": 2026, "quarter": "Q1" });
            (A::Template, quarter, admin(200))
        }
        E::UndoAssignment => (A::Assignment, Value::Null, admin(200)),

        E::ListKpis | E::KpiStats | E::MyWork | E::Summary | E::ByQuarter | E::ListPeriods => {
            (A::Nothing, Value::Null, logged_in(200))
        }
        E::CreateKpi => (A::Nothing, definition("Visits"), logged_in(201)),
        E::PreviewKpi => (A::Nothing, definition("Visits"), logged_in(200)),
        E::CopyKpis => {
            // What may not be seen or copied is said of each one, in its place in the answer.
            (A::Kpi("approved"), json!({ "ids": ["{id}"], "year": 2026, "quarter": "Q2" }), logged_in(200))
        }
        E::GetKpi => (A::Kpi("draft"), Value::Null, seers(200)),
        E::UpdateKpi => (A::Kpi("draft"), json!({ "title": "Calls" }), owner(200)),
        E::DeleteKpi => (A::Kpi("draft"), Value::Null, owner(204)),
        E::ApplyTemplate => (A::Outdated, json!({ "fields": ["target"] }), owner(200)),
        E::SubmitKpi => (A::Kpi("draft"), json!({}), owner(200)),
        E::RecallKpi => (A::Kpi("submitted"), json!({}), owner(200)),
        E::ApproveKpi => (A::Kpi("submitted"), json!({}), deciders(200)),
        E::RejectKpi => (A::Kpi("submitted"), json!({ "reason": "because" }), deciders(200)),
        E::SubmitResult => (A::Kpi("measured"), json!({}), owner(200)),
        E::AcceptKpi => (A::Kpi("in_review"), json!({}), deciders(200)),
        E::ReturnKpi => (A::Kpi("in_review"), json!({ "reason": "because" }), deciders(200)),
        E::ReviseKpi => (A::Kpi("approved"), json!({ "changes": { "target": 300 } }), owner(200)),
        E::ReopenKpi => (A::Kpi("closed"), json!({ "reason": "because" }), deciders(200)),
        E::ListCheckIns | E::KpiHistory => (A::Kpi("approved"), Value::Null, seers(200)),
        E::KpiReceipt => (A::Kpi("closed"), Value::Null, seers(200)),
        E::CheckIn => (A::Kpi("approved"), json!({ "value": 10, "note": "So far" }), seers(201)),
        E::CorrectCheckIn => (A::CheckIn, json!({ "value": 11, "reason": "because" }), seers(201)),

        // The manager has approved it just now; somebody else who may decide did not, and takes nothing back.
        E::UndoDecision => (A::Kpi("approved"), Value::Null, [401, 403, 404, 200, 404, 404, 403]),
        E::DecideInBulk => {
            // As with copies, each decision says for itself why it was not taken.
            let decision = json!({ "kpi_id": 1, "version": 1, "action": "approve" });
            (A::Nothing, json!({ "decisions": [decision] }), leading(200))
        }
        E::ListComments | E::ListMentionable => (A::Kpi("approved"), Value::Null, seers(200)),
        E::CreateComment => (A::Kpi("approved"), json!({ "body": "Well done" }), seers(201)),
        // The owner's own: their manager reads it, an administrator may delete it.
        E::ListCommentRevisions => (A::Comment, Value::Null, seers(200)),
        E::UpdateComment => (A::Comment, json!({ "body": "Better" }), [401, 200, 404, 403, 404, 404, 403]),
        E::DeleteComment => (A::Comment, Value::Null, [401, 204, 404, 403, 404, 404, 204]),
        E::ListDelegations => (A::Nothing, Value::Null, logged_in(200)),
        E::CreateDelegation => {
            let days = json!({ "delegate_id": HEAD, "from": "2026-02-16", "to": "2026-02-20" });
            (A::Nothing, days, leading(201))
        }
        E::EndDelegation => (A::Delegation, Value::Null, [401, 404, 404, 204, 403, 404, 204]),
        E::ListDelegates => (A::Nothing, Value::Null, leading(200)),
        E::ListNotifications | E::ReadAllNotifications | E::NotificationPreferences | E::Events => {
            (A::Nothing, Value::Null, logged_in(200))
        }
        E::ReadNotification => (A::Notification, Value::Null, owner_alone(200)),
        E::PutNotificationPreferences => {
            let wanted = json!({ "kinds": [], "mail_rhythm": "daily", "daily_hour": 7 });
            (A::Nothing, wanted, logged_in(200))
        }
        E::ListEvidence => (A::Kpi("approved"), Value::Null, seers(200)),
        // Its body is a form, see `request`.
        E::AddEvidence => (A::Kpi("approved"), Value::Null, owner(201)),
        E::EvidenceLimits => (A::Nothing, Value::Null, logged_in(200)),
        E::GetEvidence | E::EvidenceContent | E::EvidenceThumbnail | E::EvidencePreview => {
            (A::Evidence, Value::Null, seers(200))
        }
        E::DeleteEvidence => (A::Evidence, Value::Null, owner(204)),

        E::Approvals | E::ByDepartment => (A::Nothing, Value::Null, leading(200)),
        E::ListPlugins => (A::Nothing, Value::Null, admin(200)),
        // Their bodies are forms, see `request`.
        E::CheckPlugin => (A::Nothing, Value::Null, admin(200)),
        E::InstallPlugin => (A::Nothing, Value::Null, admin(201)),
        E::GetPlugin | E::UninstallPlugin | E::GetPluginSettings | E::PluginLog => {
            (A::Plugin, Value::Null, admin(200))
        }
        E::EnablePlugin => (A::Plugin, json!({ "granted": [] }), admin(200)),
        E::PutPluginSettings => (A::Plugin, json!({ "values": {} }), admin(200)),
        E::DisablePlugin => (A::RunningPlugin, Value::Null, admin(200)),
        E::TestPlugin => (A::RunningPlugin, json!({ "event": "kpi.created" }), admin(200)),
        E::PluginWidgets => (A::Nothing, Value::Null, logged_in(200)),
        E::ListRules
        | E::GetVocabulary
        | E::ListRecipes
        | E::GetSettings
        | E::ListMails
        | E::AuditLog
        | E::VerifyAudit
        | E::ListJobs
        | E::RehearseReminders => (A::Nothing, Value::Null, admin(200)),
        E::RunJob => (A::Job, Value::Null, admin(202)),
        E::ListJobRuns => (A::Job, Value::Null, admin(200)),
        E::ShadowRule => (A::Rule, json!({ "quarters": [{ "year": 2026, "quarter": "Q1" }] }), admin(200)),
        E::EndShadow | E::ShadowReport => (A::Rule, Value::Null, admin(404)),
        E::GetRule | E::ListRuleTests | E::ListRuleSamples | E::ListRuleVersions | E::GetRuleVersion => {
            (A::Rule, Value::Null, admin(200))
        }
        E::GetScoringPolicy => (A::Nothing, Value::Null, logged_in(200)),
        E::CreateRule => {
            let rule = json!({ "name": "visits", "kind": "validate", "scope": "global", "source": "" });
            (A::Nothing, rule, admin(201))
        }
        E::GetRecipeSource => (A::Nothing, json!({}), admin(200)),
        E::PutRuleDraft => (A::Rule, json!({ "source": "fn score" }), admin(200)),
        E::CheckRule => (A::Rule, json!({ "source": "fn score" }), admin(200)),
        E::PutRuleTests => (A::Rule, json!({ "cases": [] }), admin(200)),
        E::TestRule | E::RunRule => (A::Rule, json!({}), admin(200)),
        E::DiscardRuleDraft | E::DiffRule => (A::Drafted, Value::Null, admin(200)),
        E::DeleteRule => (A::RuleDraft, Value::Null, admin(204)),
        E::PublishRule => (A::RuleDraft, json!({ "note": "because" }), admin(200)),
        E::RollBackRule => (A::Republished, json!({ "version": 1, "note": "because" }), admin(200)),
        E::RetireRule => (A::OwnRule, Value::Null, admin(200)),
        E::PreviewRule => (A::Rule, json!({ "source": "fn score(kpi, ctx) { #{ score: () } }" }), admin(200)),
        E::ListRescores => (A::Rule, Value::Null, admin(200)),
        E::GetRescore => (A::Nothing, Value::Null, admin(404)),
        E::PreviewProgress | E::CancelPreview => (A::Nothing, Value::Null, admin(404)),
        E::TestMail => (A::Nothing, json!({}), admin(200)),
        E::UpdateSettings => (A::Nothing, json!({ "scoring.cap": 130 }), admin(200)),
    };
    Row { about, body, expected }
}

/// A company with the thing that is asked about: its id and version.
struct Scene {
    app: TestApp,
    id: i64,
    version: i64,
}

async fn scene(about: &About) -> Scene {
    let app = TestApp::new().await;
    let (id, version) = match about {
        About::Nothing | About::Job => (0, 1),
        About::Kpi("measured") => {
            let (owner, decider) = (app.employee().await, app.manager().await);
            let kpi = kpi_in("approved", &owner, &decider).await;
            owner.records(&kpi, 150.0).await.expect(201);
            let kpi = owner.sees(&kpi).await;
            (kpi.id(), kpi.version())
        }
        About::Kpi(state) => {
            let kpi = kpi_in(state, &app.employee().await, &app.manager().await).await;
            (kpi.id(), kpi.version())
        }
        About::CheckIn => {
            let owner = app.employee().await;
            let kpi = kpi_in("approved", &owner, &app.manager().await).await;
            (owner.records(&kpi, 10.0).await.expect(201).id(), 1)
        }
        About::Notification => {
            let owner = app.employee().await;
            kpi_in("approved", &owner, &app.manager().await).await;
            app.all_news().await;
            (owner.get("/notifications").await.items()[0]["id"].as_i64().unwrap(), 1)
        }
        About::Evidence => {
            let owner = app.employee().await;
            let kpi = kpi_in("approved", &owner, &app.manager().await).await;
            (owner.attaches(&kpi, "proof.png", &files::png(8, 8)).await.expect(201).id(), 1)
        }
        About::Session => {
            let owner = app.employee().await;
            (owner.get("/auth/sessions").await.items()[0]["id"].as_i64().unwrap(), 1)
        }
        About::Token => {
            let token = json!({ "name": "script", "scope": "read", "expires_in_days": 1 });
            (app.employee().await.post("/auth/tokens", token).await.expect(201).id(), 1)
        }
        About::User => (EMPLOYEE, 1),
        About::Department => (SALES, 1),
        About::EmptyDepartment => {
            (app.admin().await.post("/departments", json!({ "name": "Empty" })).await.expect(201).id(), 1)
        }
        About::Template => {
            let template = json!({ "name": "Visits", "department_id": SALES });
            (app.admin().await.post("/templates", template).await.expect(201).id(), 1)
        }
        About::Assignment => {
            let admin = app.admin().await;
            let template = admin.post("/templates", json!({ "name": "Visits" })).await.expect(201).id();
            let body = json!({ "user_ids": [EMPLOYEE], "year": 2026, "quarter": "Q1" });
            (admin.post(&format!("/templates/{template}/assign"), body).await.expect(200).id(), 1)
        }
        About::Outdated => {
            let admin = app.admin().await;
            let template = json!({ "name": "Visits", "fields": { "title": "Visits", "target": 10.0 } });
            let template = admin.post("/templates", template).await.expect(201).id();
            let body = json!({ "template_id": template, "year": 2026, "quarter": "Q1" });
            let kpi = app.employee().await.post("/kpis", body).await.expect(201);
            let changed = json!({ "fields": { "title": "Visits", "target": 20.0 } });
            admin.patch(&format!("/templates/{template}"), 1, changed).await.expect(200);
            (kpi.id(), 1)
        }
        About::Comment => {
            let owner = app.employee().await;
            let kpi = kpi_in("approved", &owner, &app.manager().await).await;
            let path = format!("/kpis/{}/comments", kpi.id());
            (owner.post(&path, json!({ "body": "On its way" })).await.expect(201).id(), 1)
        }
        About::Delegation => {
            let days = json!({ "delegate_id": CONTROLLER, "from": "2026-02-16", "to": "2026-02-20" });
            (app.manager().await.post("/delegations", days).await.expect(201).id(), 1)
        }
        About::Plugin => {
            app.admin().await.installs(&listener()).await.expect(201);
            (0, 1)
        }
        About::RunningPlugin => {
            app.admin().await.runs_plugin(&listener()).await;
            (0, 2)
        }
        About::Rule => {
            let rules = app.admin().await.get("/rules").await.items();
            let rule = rules.iter().find(|rule| rule["name"] == "score/standard").unwrap();
            (rule["id"].as_i64().unwrap(), 1)
        }
        About::Drafted => {
            let admin = app.admin().await;
            let draft = json!({ "source": "//! Mine\nfn score(kpi, ctx) { #{ score: () } }", "tests": { "cases": [] } });
            let drafted =
                admin.request("PUT", "/rules/1/draft").version(1).json(draft).send().await.expect(200);
            (1, drafted.json()["revision"].as_i64().unwrap())
        }
        About::Republished => {
            let drafted = Box::pin(scene(&About::Drafted)).await;
            let admin = drafted.app.admin().await;
            let note = json!({ "note": "better" });
            let published = admin.act("/rules/1/publish", drafted.version, note).await.expect(200);
            return Scene { version: published.json()["revision"].as_i64().unwrap(), ..drafted };
        }
        About::RuleDraft | About::OwnRule => {
            let admin = app.admin().await;
            let source = "//! Nothing\nfn validate(kpi, ctx) { [] }";
            let scope = format!("department:{SALES}");
            let rule = json!({ "name": "own", "kind": "validate", "scope": scope, "source": source });
            let rule = admin.post("/rules", rule).await.expect(201);
            if matches!(about, About::RuleDraft) {
                return Scene { app, id: rule.id(), version: 1 };
            }
            let path = format!("/rules/{}/publish", rule.id());
            let published = admin.act(&path, 1, json!({ "note": "for the test" })).await.expect(200);
            (rule.id(), published.json()["revision"].as_i64().unwrap())
        }
    };
    Scene { app, id, version }
}

/// A plugin that asks for nothing.
fn listener() -> Plugin {
    Plugin::new(
        "listener",
        "[[hooks]]\nevent = \"kpi.created\"\nfunction = \"heard\"\n",
        "fn heard(event) {}",
    )
}

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
