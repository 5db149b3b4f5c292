//! Holds every answer against the description of the API: the status is in it, the body is as it says. What was
//! accepted has to be described as well.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::Validator;
use kpi::{openapi, platform::http::routing::Table};
use kpi_api::endpoint::Endpoint;
use serde_json::{Value, json};
use warp::http::Method;

use super::Response;

static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::new(Endpoint::ALL.iter().map(|e| (e.method().as_str(), e.path()))));

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

pub fn check(method: &Method, path: &str, sent: &[u8], response: &Response) {
    if !path.starts_with("/api") {
        return;
    }
    assert!(!response.header("x-request-id").is_empty(), "{method} {path}: no X-Request-Id");
    assert_eq!(response.header("cache-control"), "no-store", "{method} {path}");
    let is_problem = response.status >= 400;
    if is_problem {
        assert_eq!(response.header("content-type"), "application/problem+json", "{method} {path}");
        let body = response.json();
        valid("Problem", &json!({ "$ref": "#/components/schemas/Problem" }), &body);
        assert_eq!(body["status"], response.status, "{method} {path}");
        assert_eq!(body["request_id"], response.header("x-request-id"), "{method} {path}");
    }
    let Some(template) = path.strip_prefix("/api/v1").and_then(|below| TABLE.template_of(below)) else {
        return;
    };
    // HEAD is described by GET.
    let method = method.as_str().to_lowercase().replace("head", "get");
    let operation = &openapi::document()["paths"][template][&method];
    if operation.is_null() {
        assert_eq!(response.status, 405, "{method} {template} is not described");
        return;
    }
    let described = &operation["responses"][response.status.to_string()];
    assert!(
        !described.is_null(),
        "{method} {template} answers {} against its description: {}",
        response.status,
        response.text()
    );
    if is_problem {
        return;
    }
    let is_form = !operation["requestBody"]["content"]["multipart/form-data"].is_null();
    if !sent.is_empty() && !is_form {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        assert!(!schema.is_null(), "{method} {template} takes no body: {}", String::from_utf8_lossy(sent));
        valid(&format!("{method} {template}"), schema, &serde_json::from_slice(sent).unwrap());
    }
    let content = described["content"].as_object();
    let kind = response.header("content-type").split(';').next().unwrap_or_default().to_owned();
    match content {
        None => assert!(response.body.is_empty(), "{method} {template}: {}", response.text()),
        Some(content) => {
            let schema = content.get(&kind).unwrap_or_else(|| panic!("{method} {template} answers {kind:?}"));
            if kind == "application/json" {
                let name = format!("{method} {template} {}", response.status);
                valid(&name, &schema["schema"], &response.json());
            }
        }
    }
}

fn valid(name: &str, schema: &Value, body: &Value) {
    let validator = {
        let mut all = VALIDATORS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.entry(name.to_owned()).or_insert_with(|| Arc::new(compile(schema))).clone()
    };
    let faults: Vec<String> =
        validator.iter_errors(body).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{name}: {faults:#?}\n{body:#}");
}

fn compile(schema: &Value) -> Validator {
    let mut whole = json!({ "allOf": [schema] });
    whole["components"] = openapi::document()["components"].clone();
    jsonschema::validator_for(&whole).unwrap()
}
