//! What is asked of each endpoint, and what everybody is answered.

use kpi_api::endpoint::Endpoint;
use serde_json::{Value, json};

use super::scene::About;
use crate::support::{
    company::{EMPLOYEE, HEAD},
    kpis::definition,
};

/// The statuses, in the order of [`super::WHO`].
pub type Expected = [u16; 7];

pub struct Row {
    pub about: About,
    pub body: Value,
    pub expected: Expected,
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

/// No wildcard: an endpoint without a row does not compile.
pub fn row(endpoint: Endpoint) -> Row {
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
        E::ShadowRule => (A::Rule, json!({ "quarters": [{ "year": 2026, "quarter": "Q1" }] }), admin(409)),
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
