//! The description of the API says all there is and nothing else.

use std::collections::BTreeSet;

use kpi::openapi;
use kpi_api::endpoint::Endpoint;
use serde_json::Value;

use crate::support::TestApp;

fn operations() -> impl Iterator<Item = (String, String, &'static Value)> {
    let paths = openapi::document()["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().unwrap();
        item.iter().map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
    })
}

#[test]
fn the_description_and_the_table_of_endpoints_agree() {
    let described: BTreeSet<(String, String)> =
        operations().map(|(method, path, _)| (method, path)).collect();
    let table: BTreeSet<(String, String)> =
        Endpoint::ALL.iter().map(|e| (e.method().as_str().to_owned(), e.path().to_owned())).collect();
    assert_eq!(described, table);
}

#[tokio::test]
async fn every_endpoint_has_a_route() {
    let app = TestApp::bare().await;
    let assets = kpi::platform::http::web::Assets::from_files([]);
    let missing = kpi::router::routes(&app.ctx, assets.into()).missing();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn operations_are_named_once_and_explained() {
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations() {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name), "{name} stands twice");
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(summary.ends_with('.') || summary.ends_with(';'), "{method} {path}: {summary:?}");
        assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{method} {path}");
        assert!(operation["security"].is_array(), "{method} {path}");
        let success =
            operation["responses"].as_object().unwrap().keys().filter(|status| status.starts_with('2'));
        // A file comes whole or in part.
        let expected = if path.ends_with("/content") { 2 } else { 1 };
        assert_eq!(success.count(), expected, "{method} {path}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(value: &Value, document: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(target) = fields.get("$ref").and_then(Value::as_str) {
                    let pointer = target.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{target}");
                }
                fields.values().for_each(|field| walk(field, document));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, document)),
            _ => {}
        }
    }
    walk(openapi::document(), openapi::document());
}

#[tokio::test]
async fn the_server_serves_its_description() {
    let app = TestApp::bare().await;
    let served = app.anonymous().get("/openapi.json").await.expect(200);
    assert_eq!(&served.json(), openapi::document());
    assert_eq!(served.json()["openapi"], "3.1.0");
}
