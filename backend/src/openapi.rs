//! The description of the API (OpenAPI 3.1). Handlers say what is theirs; what follows from the endpoint table
//! (problems, headers, who may call) is added here, so that it is never forgotten.

use std::{collections::BTreeMap, sync::LazyLock};

use kpi_api::{
    endpoint::{Access, Endpoint, Method},
    error::{Code, Problem},
};
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use crate::{
    admin, analytics, approvals, assignments, auth, comments, delegations, evidence, jobs, kpi, live, mail,
    my_work, notifications, people, periods, plugins, rules, templates,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "KPI Management System", description = DESCRIPTION, license(name = "Apache-2.0")),
    servers((url = "/api/v1")),
    components(schemas(Problem)),
    paths(
        auth::handlers::login,
        auth::handlers::token,
        auth::handlers::refresh,
        auth::handlers::logout,
        auth::handlers::me,
        auth::handlers::update_me,
        auth::handlers::change_password,
        auth::handlers::forgot_password,
        auth::handlers::reset_password,
        auth::handlers::sessions,
        auth::handlers::end_session,
        auth::handlers::tokens,
        auth::handlers::create_token,
        auth::handlers::revoke_token,
        auth::handlers::setup_state,
        auth::handlers::set_up,
        people::users::handlers::list,
        people::users::handlers::create,
        people::users::handlers::get,
        people::users::handlers::update,
        people::users::handlers::reset_password,
        people::users::handlers::password_resets,
        people::departments::handlers::list,
        people::departments::handlers::create,
        people::departments::handlers::get,
        people::departments::handlers::update,
        people::departments::handlers::delete,
        templates::handlers::list,
        templates::handlers::create,
        templates::handlers::get,
        templates::handlers::update,
        templates::handlers::delete,
        templates::handlers::list_versions,
        assignments::handlers::assign,
        assignments::handlers::list,
        assignments::handlers::undo,
        kpi::handlers::list,
        kpi::handlers::stats,
        kpi::handlers::create,
        kpi::handlers::preview,
        kpi::handlers::copy,
        kpi::handlers::get,
        kpi::handlers::update,
        kpi::handlers::delete,
        kpi::handlers::apply_template,
        kpi::handlers::submit,
        kpi::handlers::recall,
        kpi::handlers::approve,
        kpi::handlers::reject,
        kpi::handlers::submit_result,
        kpi::handlers::accept,
        kpi::handlers::return_result,
        kpi::handlers::revise,
        kpi::handlers::reopen,
        kpi::handlers::undo_decision,
        kpi::handlers::check_ins,
        kpi::handlers::check_in,
        kpi::handlers::correct,
        kpi::handlers::history,
        kpi::handlers::receipt,
        evidence::handlers::list,
        evidence::handlers::add,
        evidence::handlers::get_limits,
        evidence::handlers::get,
        evidence::handlers::delete,
        evidence::handlers::content,
        evidence::handlers::thumbnail,
        evidence::handlers::get_preview,
        my_work::handlers::my_work,
        approvals::handlers::queue,
        approvals::handlers::decide,
        comments::handlers::list,
        comments::handlers::create,
        comments::handlers::update,
        comments::handlers::delete,
        comments::handlers::revisions,
        comments::handlers::mentionable,
        delegations::handlers::list,
        delegations::handlers::create,
        delegations::handlers::end,
        delegations::handlers::candidates,
        notifications::handlers::list,
        notifications::handlers::read,
        notifications::handlers::read_all,
        notifications::handlers::preferences,
        notifications::handlers::put_preferences,
        live::handlers::events,
        analytics::handlers::summary,
        analytics::handlers::by_quarter,
        analytics::handlers::by_department,
        periods::handlers::list,
        rules::handlers::list,
        rules::handlers::get,
        rules::impact::handlers::preview,
        rules::impact::handlers::progress,
        rules::impact::handlers::cancel,
        rules::rescore::handlers::of_rule,
        rules::rescore::handlers::get,
        rules::shadow::handlers::put,
        rules::shadow::handlers::remove,
        rules::shadow::handlers::report,
        plugins::handlers::list,
        plugins::handlers::check,
        plugins::handlers::install,
        plugins::handlers::get,
        plugins::handlers::enable,
        plugins::handlers::disable,
        plugins::handlers::uninstall,
        plugins::handlers::get_settings,
        plugins::handlers::put_settings,
        plugins::handlers::log,
        plugins::handlers::test,
        plugins::handlers::widgets,
        rules::handlers::create,
        rules::handlers::delete,
        rules::handlers::save_draft,
        rules::handlers::discard_draft,
        rules::handlers::check,
        rules::handlers::tests,
        rules::handlers::save_tests,
        rules::handlers::run_tests,
        rules::handlers::run,
        rules::handlers::samples,
        rules::handlers::publish,
        rules::handlers::roll_back,
        rules::handlers::retire,
        rules::handlers::versions,
        rules::handlers::version,
        rules::handlers::diff,
        rules::handlers::vocabulary,
        rules::handlers::recipes,
        rules::handlers::recipe_source,
        rules::handlers::scoring_policy,
        admin::handlers::get_settings,
        admin::handlers::update_settings,
        mail::handlers::test,
        mail::handlers::list,
        admin::handlers::audit_log,
        admin::handlers::verify_audit,
        jobs::handlers::list,
        jobs::handlers::run,
        jobs::handlers::runs,
        jobs::handlers::rehearsal,
    )
)]
struct Handlers;

const DESCRIPTION: &str = "\
Agree, measure, prove and review KPIs quarter by quarter.

JSON in and out; times are RFC 3339 in UTC, dates `YYYY-MM-DD`. Unknown fields and unknown or doubled query parameters \
are refused. Lists come in pages (`page`, `per_page`, `sort`, `q`). Whatever is not a success is \
`application/problem+json` with a stable `code`. Every answer carries `X-Request-Id`.

Resources that people edit carry a `version`, also as `ETag`; changing them needs `If-Match` with the version seen. \
Requests that create take an `Idempotency-Key`: the same key and body within 24 hours give the same answer.

Browsers use the cookies of `POST /auth/login` and send the cookie `kpi_csrf` back as `X-CSRF-Token` when they change \
something. Other clients send `Authorization: Bearer` with the token of `POST /auth/token` or a personal one.";

static DOCUMENT: LazyLock<Value> = LazyLock::new(describe);
static TEXT: LazyLock<String> = LazyLock::new(|| format!("{:#}", *DOCUMENT));

/// The whole description as pretty JSON.
pub fn json() -> &'static str {
    &TEXT
}

/// The whole description.
pub fn document() -> &'static Value {
    &DOCUMENT
}

fn describe() -> Value {
    let mut document = serde_json::to_value(Handlers::openapi()).unwrap_or_default();
    document["openapi"] = json!("3.1.0");
    document["components"]["securitySchemes"] = json!({
        "cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": auth::cookies::ACCESS,
            "description": "Set by `POST /auth/login`. Unsafe methods need `X-CSRF-Token` as well."
        },
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "An access token of `POST /auth/token`, or a personal token."
        }
    });
    for &endpoint in Endpoint::ALL {
        let method = endpoint.method().as_str().to_lowercase();
        let operation = document["paths"].get_mut(endpoint.path()).and_then(|item| item.get_mut(&method));
        if let Some(Value::Object(operation)) = operation {
            complete(endpoint, operation);
        }
    }
    document
}

/// Adds to a handler's own words what the table knows of the endpoint.
fn complete(endpoint: Endpoint, operation: &mut Map<String, Value>) {
    operation.insert("operationId".into(), json!(snake_case(&format!("{endpoint:?}"))));
    let security = match endpoint.access() {
        Access::Public => json!([]),
        Access::With(_) => json!([{ "cookie": [] }, { "bearer": [] }]),
    };
    operation.insert("security".into(), security);

    let made = operation.get("responses").is_some_and(|responses| responses.get("201").is_some());
    // An assignment is one, but answers as its rehearsal does.
    let creates = made || endpoint == Endpoint::AssignTemplate;
    let has_body = operation.contains_key("requestBody");
    let mut headers = Vec::new();
    if endpoint.needs_version() {
        headers.push(header("If-Match", true, "The version that was seen, e.g. `\"3\"`."));
    }
    if creates && endpoint.access() != Access::Public {
        headers.push(header(
            "Idempotency-Key",
            false,
            "1 to 128 visible characters, fresh for each new thing.",
        ));
    }
    if endpoint.is_unsafe() && endpoint.access() != Access::Public {
        headers.push(header(
            "X-CSRF-Token",
            false,
            "The value of the cookie `kpi_csrf`, for calls by cookie.",
        ));
    }
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    let has_query = parameters.as_array().is_some_and(|all| all.iter().any(|p| p["in"] == "query"));
    if let Value::Array(parameters) = parameters {
        parameters.extend(headers);
    }

    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    for (status, codes) in problems(endpoint, has_body, has_query, creates) {
        responses[status.to_string()] = problem(&codes);
    }
}

fn header(name: &str, required: bool, description: &str) -> Value {
    json!({
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": { "type": "string" }
    })
}

/// The statuses that an endpoint may answer with besides its success, each with what it may mean.
fn problems(endpoint: Endpoint, has_body: bool, has_query: bool, creates: bool) -> BTreeMap<u16, Vec<Code>> {
    use Code as C;
    let is_public = endpoint.access() == Access::Public;
    let tries_passwords = matches!(endpoint, Endpoint::Login | Endpoint::Token | Endpoint::ChangePassword);
    let is_counted = matches!(endpoint, Endpoint::Events | Endpoint::AddEvidence);
    let is_picture = matches!(endpoint, Endpoint::EvidenceThumbnail | Endpoint::EvidencePreview);
    let rows: [(bool, &[Code]); 22] = [
        (has_query || endpoint.is_unsafe(), &[C::Malformed]),
        (has_query, &[C::DoubledQueryKey]),
        (!is_public, &[C::NotLoggedIn, C::SessionEnded]),
        (is_public && tries_passwords, &[C::WrongCredentials]),
        (endpoint == Endpoint::Refresh, &[C::SessionEnded]),
        (!is_public, &[C::NotAllowed, C::PasswordChangeNeeded]),
        (endpoint.is_unsafe(), &[C::CsrfFailed]),
        (!is_public && endpoint.is_unsafe(), &[C::ReadOnlyToken]),
        (endpoint.path().contains('{'), &[C::NotFound]),
        (creates && !is_public, &[C::Duplicate, C::IdempotencyMismatch]),
        (endpoint == Endpoint::Setup, &[C::SetupDone, C::Duplicate]),
        (is_about_state(endpoint), conflicts(endpoint)),
        (endpoint.needs_version(), &[C::StaleVersion, C::VersionMissing]),
        (has_body, &[C::TooLarge, C::WrongType]),
        (endpoint == Endpoint::AddEvidence, &[C::WrongFileType, C::QuotaFull]),
        (endpoint == Endpoint::EvidenceContent, &[C::RangeNotSatisfiable]),
        (is_picture, &[C::NoPreview]),
        (endpoint == Endpoint::DeleteEvidence, &[C::EvidenceNeeded]),
        (has_body || has_query, &[C::Invalid]),
        (tries_passwords || is_counted, &[C::TooMany]),
        (endpoint.is_unsafe(), &[C::StorageUnavailable, C::StorageFull]),
        (true, &[C::Internal, C::Busy]),
    ];
    let mut all = BTreeMap::<u16, Vec<Code>>::new();
    for code in rows.iter().filter(|(applies, _)| *applies).flat_map(|(_, codes)| *codes) {
        all.entry(code.status()).or_default().push(*code);
    }
    if endpoint.path().starts_with("/kpis") || endpoint.path().starts_with("/check-ins") {
        all.entry(C::RuleBroken.status()).or_default().push(C::RuleBroken);
    }
    all
}

fn is_about_state(endpoint: Endpoint) -> bool {
    !conflicts(endpoint).is_empty()
}

/// What 409 may mean where the state of things refuses.
fn conflicts(endpoint: Endpoint) -> &'static [Code] {
    let path = endpoint.path();
    match endpoint.method() {
        _ if endpoint == Endpoint::ShadowReport => &[Code::CheckFailed],
        Method::Get => &[],
        _ if endpoint == Endpoint::PreviewRule => &[Code::Duplicate, Code::Cancelled],
        _ if endpoint == Endpoint::UndoDecision => &[Code::UndoOver],
        _ if endpoint == Endpoint::DecideInBulk => &[Code::IdempotencyMismatch],
        _ if path.starts_with("/comments") || endpoint == Endpoint::EndDelegation => &[Code::WrongState],
        Method::Delete if path.starts_with("/evidence") => &[Code::WrongState, Code::PeriodClosed],
        _ if matches!(endpoint, Endpoint::PublishRule | Endpoint::RollBackRule) => {
            &[Code::RuleState, Code::CheckFailed, Code::TestsFailed, Code::Duplicate]
        }
        _ if matches!(endpoint, Endpoint::RetireRule | Endpoint::ShadowRule) => &[Code::RuleState],
        Method::Delete if path.starts_with("/rules") => &[Code::RuleState],
        _ if path.starts_with("/kpis") || path.starts_with("/check-ins") => {
            &[Code::WrongState, Code::PeriodClosed]
        }
        _ if endpoint == Endpoint::UndoAssignment => &[Code::UndoOver],
        _ if endpoint == Endpoint::AssignTemplate => &[Code::PeriodClosed],
        Method::Delete if path.starts_with("/departments") || path.starts_with("/templates") => {
            &[Code::InUse]
        }
        _ if matches!(endpoint, Endpoint::EnablePlugin | Endpoint::DisablePlugin) => {
            &[Code::PluginState, Code::PermissionsDiffer]
        }
        _ if endpoint == Endpoint::TestPlugin => &[Code::PluginState, Code::SafeMode],
        Method::Put if path.starts_with("/plugins") => &[Code::PluginState],
        Method::Post if path.starts_with("/jobs") => &[Code::JobRunning, Code::IdempotencyMismatch],
        Method::Patch if path.starts_with("/users") => &[Code::Duplicate, Code::LastAdmin],
        _ => &[],
    }
}

fn problem(codes: &[Code]) -> Value {
    let lines: Vec<String> =
        codes.iter().map(|code| format!("`{}`: {}", code.as_str(), code.title())).collect();
    json!({
        "description": lines.join(" "),
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
    })
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
