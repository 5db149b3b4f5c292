//! The things that endpoints are asked about.

use serde_json::json;

use crate::{
    plugins::Plugin,
    support::{
        TestApp,
        company::{CONTROLLER, EMPLOYEE, SALES},
        files,
        kpis::kpi_in,
    },
};

/// What the endpoint is asked about.
pub enum About {
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

/// A company with the thing that is asked about: its id and version.
pub struct Scene {
    pub app: TestApp,
    pub id: i64,
    pub version: i64,
}

pub async fn scene(about: &About) -> Scene {
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
pub fn listener() -> Plugin {
    Plugin::new(
        "listener",
        "[[hooks]]\nevent = \"kpi.created\"\nfunction = \"heard\"\n",
        "fn heard(event) {}",
    )
}
