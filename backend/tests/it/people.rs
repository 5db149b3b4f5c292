//! Administering people.

use serde_json::{Value, json};

use crate::support::{
    TestApp,
    company::{ADMIN, EMPLOYEE, FINANCE, MANAGER, PASSWORD, SALES},
};

fn berta() -> Value {
    json!({
        "email": "Berta@firma.example",
        "username": "Berta",
        "full_name": "Bertá Östlund",
        "role": "manager",
        "department_id": FINANCE,
        "position": "Controller",
    })
}

#[tokio::test]
async fn a_new_person_gets_a_temporary_password_once() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let made = admin.post("/users", berta()).await.expect(201);
    assert_eq!(made.header("location"), format!("/api/v1/users/{}", made.id()));
    assert_eq!(made.json()["must_change_password"], true);
    let password = made.json()["temporary_password"].as_str().unwrap().to_owned();
    let credentials = json!({ "login": "berta", "password": password });
    app.anonymous().post("/auth/token", credentials).await.expect(200);
    let shown = admin.get(&format!("/users/{}", made.id())).await.expect(200);
    assert_eq!(shown.json()["department_name"], "Finance");
    assert!(!shown.text().contains("password\":\""), "{}", shown.text());
}

#[tokio::test]
async fn a_given_password_has_to_be_good_and_is_used_at_once() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let with = |password: &str| {
        let mut body = berta();
        body["password"] = json!(password);
        body
    };
    admin.post("/users", with("berta123")).await.invalid("password password_like_account");
    let made = admin.post("/users", with("violet-meadow-12")).await.expect(201);
    assert_eq!(
        (made.json()["must_change_password"].clone(), made.json()["temporary_password"].clone()),
        (json!(false), Value::Null)
    );
    let credentials = json!({ "login": "berta", "password": "violet-meadow-12" });
    app.anonymous().post("/auth/token", credentials).await.expect(200);
}

#[tokio::test]
async fn what_is_wrong_with_a_new_person_is_named() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let rows = [
        ("email", json!("nobody"), "email invalid_email"),
        ("email", json!("a@b.example\r\nBcc: x@y.example"), "email invalid_email"),
        ("username", json!("a b"), "username invalid_username"),
        ("full_name", json!("  "), "full_name required"),
        ("full_name", json!("x".repeat(121)), "full_name too_long"),
        ("role", json!("owner"), "role unknown_value"),
        ("department_id", json!(99), "department_id unknown"),
        ("department_id", json!("1"), "department_id wrong_type"),
        ("locale", json!("fr"), "locale unknown_value"),
        ("is_admin", json!(true), "is_admin unknown_field"),
    ];
    for (field, value, fault) in rows {
        let mut body = berta();
        body[field] = value;
        admin.post("/users", body).await.invalid(fault);
    }
    assert_eq!(admin.get("/users").await.json()["total"], 7);
}

#[tokio::test]
async fn addresses_and_names_are_unique_in_whatever_case() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let mut body = berta();
    body["email"] = json!("EMPLOYEE@Firma.Example");
    let refused = admin.post("/users", body.clone()).await;
    refused.refused(409, "duplicate");
    assert_eq!(refused.faults(), ["email duplicate"]);
    body["username"] = json!("Manager");
    let refused = admin.post("/users", body).await;
    assert_eq!(refused.faults(), ["email duplicate", "username duplicate"]);
    let taken = json!({ "username": "MANAGER" });
    assert_eq!(admin.patch(&format!("/users/{EMPLOYEE}"), 1, taken).await.faults(), ["username duplicate"]);
    let own = json!({ "username": "EMPLOYEE", "email": "Employee@firma.example" });
    admin.patch(&format!("/users/{EMPLOYEE}"), 1, own).await.expect(200);
}

#[tokio::test]
async fn the_list_is_filtered_sorted_and_paged() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.post("/users", berta()).await.expect(201);
    let names = |path: &'static str| {
        let admin = admin.clone();
        async move {
            let list = admin.get(path).await.expect(200);
            list.column("username").iter().map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        }
    };
    assert_eq!(
        names("/users?role=manager&sort=-full_name").await,
        ["manager", "head", "controller", "Berta"]
    );
    assert_eq!(names("/users?department_id=2&sort=id").await, ["manager", "employee", "colleague"]);
    assert_eq!(names("/users?q=%C3%B6STL").await, ["Berta"]);
    assert_eq!(names("/users?q=COLLEAGUE%40firma").await, ["colleague"]);
    assert_eq!(names("/users?q=%25").await, Vec::<String>::new());
    assert_eq!(names("/users?is_active=false").await, Vec::<String>::new());
    assert_eq!(names("/users?sort=id&page=2&per_page=3").await, ["employee", "colleague", "outsider"]);
    let page = admin.get("/users?sort=id&page=2&per_page=3").await.json();
    assert_eq!(
        (page["page"].clone(), page["per_page"].clone(), page["total"].clone()),
        (json!(2), json!(3), json!(8))
    );
    assert_eq!(names("/users?page=100").await, Vec::<String>::new());
    for sort in ["id", "email", "role", "created_at", "last_login_at", "-last_login_at"] {
        admin.get(&format!("/users?sort={sort}")).await.expect(200);
    }
    let rows = [
        ("sort=password_hash", "sort unknown_value"),
        ("page=0", "page out_of_range"),
        ("per_page=101", "per_page out_of_range"),
    ];
    for (query, fault) in rows {
        admin.get(&format!("/users?{query}")).await.invalid(fault);
    }
    for bad in ["per_page=-1", "role=owner", "is_active=maybe", "x=1"] {
        admin.get(&format!("/users?{bad}")).await.refused(400, "malformed");
    }
}

#[tokio::test]
async fn somebody_deactivated_is_logged_out_and_stays_out() {
    let app = TestApp::new().await;
    let (admin, employee) = (app.admin().await, app.employee().await);
    let path = format!("/users/{EMPLOYEE}");
    let gone = admin.patch(&path, 1, json!({ "is_active": false })).await.expect(200);
    employee.get("/auth/me").await.refused(401, "session_ended");
    let credentials = json!({ "login": "employee", "password": PASSWORD });
    app.anonymous().post("/auth/token", credentials.clone()).await.refused(401, "wrong_credentials");
    admin.patch(&path, gone.version(), json!({ "is_active": true })).await.expect(200);
    employee.get("/auth/me").await.refused(401, "session_ended");
    app.anonymous().post("/auth/token", credentials).await.expect(200);
}

#[tokio::test]
async fn the_last_active_administrator_stays() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let path = format!("/users/{ADMIN}");
    for patch in [json!({ "is_active": false }), json!({ "role": "manager" })] {
        admin.patch(&path, 1, patch).await.refused(409, "last_admin");
    }
    admin.patch(&format!("/users/{MANAGER}"), 1, json!({ "role": "admin" })).await.expect(200);
    admin.patch(&path, 1, json!({ "role": "manager" })).await.expect(200);
}

#[tokio::test]
async fn a_change_needs_the_version_that_was_seen() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let path = format!("/users/{EMPLOYEE}");
    let changed =
        admin.patch(&path, 1, json!({ "department_id": null, "position": "Buyer" })).await.expect(200);
    assert_eq!((changed.json()["department_id"].clone(), changed.version()), (Value::Null, 2));
    admin.patch(&path, 1, json!({ "position": "Seller" })).await.refused(412, "stale_version");
    admin.request("PATCH", &path).json(json!({})).send().await.refused(428, "version_missing");
    admin
        .request("PATCH", &path)
        .header("if-match", "*")
        .json(json!({}))
        .send()
        .await
        .refused(400, "malformed");
    admin.request("PATCH", &path).header("if-match", "2").json(json!({})).send().await.expect(200);
    admin.patch("/users/99", 1, json!({})).await.refused(404, "not_found");
}

#[tokio::test]
async fn an_administrator_gives_out_a_temporary_password() {
    let app = TestApp::new().await;
    let (admin, employee) = (app.admin().await, app.employee().await);
    let path = format!("/users/{EMPLOYEE}/reset-password");
    let answer = admin.request("POST", &path).send().await.expect(200);
    employee.get("/auth/me").await.refused(401, "session_ended");
    let old = json!({ "login": "employee", "password": PASSWORD });
    app.anonymous().post("/auth/token", old).await.refused(401, "wrong_credentials");
    let new = json!({ "login": "employee", "password": answer.json()["temporary_password"] });
    app.anonymous().post("/auth/token", new).await.expect(200);
    admin.request("POST", "/users/99/reset-password").send().await.refused(404, "not_found");
}

#[tokio::test]
async fn moving_a_person_moves_them_between_teams() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let before = admin.get(&format!("/departments/{SALES}")).await.json()["people"].clone();
    admin.patch(&format!("/users/{EMPLOYEE}"), 1, json!({ "department_id": FINANCE })).await.expect(200);
    let after = admin.get(&format!("/departments/{SALES}")).await.json()["people"].clone();
    assert_eq!((before, after), (json!(3), json!(2)));
}
