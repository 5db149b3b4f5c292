//! A small company. Sales and Finance stand below the company; everybody has the same password.

use std::{path::Path, sync::OnceLock};

use kpi::{
    app::Ctx,
    entity::{department, session, user},
    platform::{clock::Clock, secret::Secret},
};
use kpi_api::id::{SessionId, UserId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use super::{NOW, open};

pub const PASSWORD: &str = "plum-harbour-47";

pub const COMPANY: i64 = 1;
pub const SALES: i64 = 2;
pub const FINANCE: i64 = 3;

pub const ADMIN: i64 = 1;
pub const HEAD: i64 = 2;
pub const MANAGER: i64 = 3;
pub const EMPLOYEE: i64 = 4;
pub const COLLEAGUE: i64 = 5;
pub const OUTSIDER: i64 = 6;
pub const CONTROLLER: i64 = 7;

/// Id, user name (also the e-mail's), full name, role, department.
const PEOPLE: [(i64, &str, &str, &str, Option<i64>); 7] = [
    (ADMIN, "admin", "Ada Admin", "admin", None),
    (HEAD, "head", "Hanna Head", "manager", Some(COMPANY)),
    (MANAGER, "manager", "Mara Manager", "manager", Some(SALES)),
    (EMPLOYEE, "employee", "Emil Employee", "employee", Some(SALES)),
    (COLLEAGUE, "colleague", "Cleo Colleague", "employee", Some(SALES)),
    (OUTSIDER, "outsider", "Otto Outsider", "employee", Some(FINANCE)),
    (CONTROLLER, "controller", "Cora Controller", "manager", Some(FINANCE)),
];

/// Id, name, parent, manager.
const DEPARTMENTS: [(i64, &str, Option<i64>, i64); 3] = [
    (COMPANY, "Company", None, HEAD),
    (SALES, "Sales", Some(COMPANY), MANAGER),
    (FINANCE, "Finance", Some(COMPANY), CONTROLLER),
];

/// The bytes of a database with the company; made once.
pub fn template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| make(true))
}

/// The bytes of a database without anybody; made once.
pub fn bare_template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| make(false))
}

/// On a thread of its own: the test that comes first is inside a runtime already.
fn make(with_people: bool) -> Vec<u8> {
    let work = move || {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(fill(folder.path(), with_people));
        std::fs::read(folder.path().join("kpi.db")).unwrap()
    };
    std::thread::spawn(work).join().unwrap()
}

async fn fill(folder: &Path, with_people: bool) {
    let ctx = open(folder, Clock::frozen(NOW.parse().unwrap()), &[], false).await;
    ctx.db.migrate().await.unwrap();
    kpi::rules::service::seed_shipped(&ctx).await.unwrap();
    if with_people {
        hire(&ctx).await;
    }
    ctx.db.clone().close().await.unwrap();
}

async fn hire(ctx: &Ctx) {
    let at = ctx.clock.now().0;
    let hash = ctx.passwords.hash(&Secret::new(PASSWORD)).await.unwrap();
    let db = ctx.db.writer();
    for (id, name, parent, manager) in DEPARTMENTS {
        let row = department::ActiveModel {
            id: Set(id),
            name: Set(name.into()),
            parent_id: Set(parent),
            manager_id: Set(Some(manager)),
            created_at: Set(at),
            updated_at: Set(at),
            version: Set(1),
        };
        department::Entity::insert(row).exec(db).await.unwrap();
    }
    for (id, username, full_name, role, department) in PEOPLE {
        let row = user::ActiveModel {
            id: Set(id),
            email: Set(format!("{username}@firma.example")),
            email_key: Set(format!("{username}@firma.example")),
            username: Set(username.into()),
            username_key: Set(username.into()),
            full_name: Set(full_name.into()),
            password_hash: Set(hash.clone()),
            must_change_password: Set(false),
            role: Set(role.into()),
            department_id: Set(department),
            position: Set(String::new()),
            is_active: Set(true),
            locale: Set("en".into()),
            last_login_at: Set(None),
            created_at: Set(at),
            updated_at: Set(at),
            version: Set(1),
        };
        user::Entity::insert(row).exec(db).await.unwrap();
    }
}

/// An access token of a session that was opened without a password.
pub async fn open_session(ctx: &Ctx, user: i64) -> String {
    let now = ctx.clock.now();
    let row = session::ActiveModel {
        user_id: Set(user),
        ip: Set("127.0.0.1".into()),
        user_agent: Set("tests".into()),
        created_at: Set(now.0),
        last_seen_at: Set(now.0),
        expires_at: Set(now.plus_seconds(365 * 24 * 3600).0),
        ..Default::default()
    };
    let session = row.insert(ctx.db.writer()).await.unwrap().id;
    let (token, _) = ctx.signer.issue(UserId(user), SessionId(session), now, 365 * 24 * 3600).unwrap();
    token.reveal().to_owned()
}
