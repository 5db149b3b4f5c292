//! A whole server in the test's own process: the real router, a real database file copied from a once-migrated
//! template, a frozen clock, no sockets. Every answer is checked against the description of the API.
//!
//! ```ignore
//! let app = TestApp::new().await;
//! let kpi = app.employee().post("/kpis", json!({ "title": "Revenue", "year": 2026, "quarter": "Q1" })).await;
//! let kpi = kpi.expect(201);                                      // panics with the body when it is not
//! let kpi = app.employee().act(&format!("/kpis/{}/submit", kpi.id()), kpi.version(), json!({})).await.expect(200);
//! app.outsider().get(&format!("/kpis/{}", kpi.id())).await.refused(404, "not_found");
//! app.clock.set("2026-03-20T09:00:00Z".parse().unwrap());
//! ```
//!
//! Paths begin below `/api/v1`. [`Actor::get`], `post`, `put`, `patch` and `delete` do what they say; [`Actor::act`]
//! posts with `If-Match`; [`Actor::request`] builds anything else (headers, raw bodies, no content type).
//! The company is in [`company`], with the ids of its people and departments as constants; all of them have the
//! password [`company::PASSWORD`]. It is Monday, 16 February 2026, 09:00 UTC, in the middle of 2026 Q1.
//! [`TestApp::bare`] has no people at all. [`Browser`] logs in with cookies.

mod actor;
mod browser;
pub mod company;
mod contract;
pub mod files;
pub mod kpis;
mod listener;
pub mod mailing;
pub mod raw_zip;
mod response;
pub mod rules;
pub mod smtp;

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use jiff::tz::TimeZone;
use kpi::{
    app::Ctx,
    platform::{
        clock::Clock,
        config::{Config, Overrides},
        db::Db,
        http::{self, Service, web::Assets},
        lifecycle::Lifecycle,
        metrics::Metrics,
        secret::Secret,
        token::Signer,
    },
    router,
};
use tempfile::TempDir;

pub use actor::{Actor, Request};
pub use browser::Browser;
pub use listener::Listener;
pub use response::Response;

/// The instant at which every test begins.
pub const NOW: &str = "2026-02-16T09:00:00Z";

/// Where people reach the server.
pub const PUBLIC_URL: &str = "https://kpi.example.com";

/// Cheap to clone.
#[derive(Clone)]
pub struct TestApp {
    pub ctx: Ctx,
    pub clock: Clock,
    service: Service,
    /// Deleted with the last clone.
    folder: Arc<TempDir>,
}

impl TestApp {
    /// The company of [`company`].
    pub async fn new() -> Self {
        Self::from(company::template(), &[]).await
    }

    /// The company, with some variables of the configuration set. The clock is UTC's unless `TZ_NAME` is among them.
    pub async fn configured(variables: &[(&str, &str)]) -> Self {
        Self::from(company::template(), variables).await
    }

    /// Migrated and with the shipped rules, but without anybody.
    pub async fn bare() -> Self {
        Self::from(company::bare_template(), &[]).await
    }

    async fn from(database: &[u8], variables: &[(&str, &str)]) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let file = folder.path().join("kpi.db");
        std::fs::write(&file, database).unwrap();
        let zone = variables.iter().find(|(name, _)| *name == "TZ_NAME");
        let zone = zone.map_or(TimeZone::UTC, |(_, zone)| TimeZone::get(zone).unwrap());
        let clock = Clock::frozen_in(NOW.parse().unwrap(), zone, 1);
        Self::on(folder, clock, variables, false).await
    }

    /// Another server on the same data, as after a restart.
    pub async fn again(&self) -> Self {
        Self::on(self.folder.clone(), self.clock.clone(), &[], false).await
    }

    /// As [`TestApp::again`], with `--safe-mode`.
    pub async fn safely(&self) -> Self {
        Self::on(self.folder.clone(), self.clock.clone(), &[], true).await
    }

    async fn on(folder: Arc<TempDir>, clock: Clock, variables: &[(&str, &str)], safe_mode: bool) -> Self {
        let ctx = open(folder.path(), clock.clone(), variables, safe_mode).await;
        let assets =
            Arc::new(Assets::from_files([("index.html".to_owned(), b"<html></html>".as_slice().into())]));
        let lifecycle = Lifecycle::new();
        lifecycle.ready();
        let settings = router::server_settings(&ctx, &assets, lifecycle);
        let service = http::service(router::routes(&ctx, assets), settings);
        Self { ctx, clock, service, folder }
    }

    /// Nobody in particular.
    pub fn anonymous(&self) -> Actor {
        Actor::new(self.clone(), None)
    }

    /// An administrator without a department.
    pub async fn admin(&self) -> Actor {
        self.logged_in(company::ADMIN).await
    }

    /// Leads the whole company.
    pub async fn head(&self) -> Actor {
        self.logged_in(company::HEAD).await
    }

    /// Leads Sales.
    pub async fn manager(&self) -> Actor {
        self.logged_in(company::MANAGER).await
    }

    /// In Sales.
    pub async fn employee(&self) -> Actor {
        self.logged_in(company::EMPLOYEE).await
    }

    /// In Sales too.
    pub async fn colleague(&self) -> Actor {
        self.logged_in(company::COLLEAGUE).await
    }

    /// An employee of Finance.
    pub async fn outsider(&self) -> Actor {
        self.logged_in(company::OUTSIDER).await
    }

    /// Leads Finance.
    pub async fn controller(&self) -> Actor {
        self.logged_in(company::CONTROLLER).await
    }

    /// Somebody with a session of their own and its access token; no password is hashed for it.
    pub async fn logged_in(&self, user: i64) -> Actor {
        let token = company::open_session(&self.ctx, user).await;
        Actor::new(self.clone(), Some(token))
    }

    /// Somebody with a token at hand: an access token or a personal one.
    pub fn with_token(&self, token: impl Into<String>) -> Actor {
        Actor::new(self.clone(), Some(token.into()))
    }

    /// Delivers what has happened and what has waited long enough by the clock; how many events that were.
    pub async fn news(&self) -> usize {
        kpi::background::deliver_due(&self.ctx).await.unwrap()
    }

    /// Delivers everything, also what waits for the ten seconds in which a decision can be taken back.
    pub async fn all_news(&self) -> usize {
        self.clock.set(self.clock.now().plus_seconds(11));
        self.news().await
    }

    /// A browser in which nobody is logged in.
    pub fn browser(&self) -> Browser {
        Browser::new(self.clone())
    }

    /// What stands at a path outside the API.
    pub async fn page(&self, path: &str) -> Response {
        let request = warp::http::Request::builder().uri(path).header("host", "kpi.example.com");
        self.send(request.body(Bytes::new()).unwrap()).await
    }

    /// Answers a request as it stands; paths are whole. The answer is checked against the description. Of a stream
    /// the first piece is read.
    pub async fn send(&self, request: warp::http::Request<Bytes>) -> Response {
        let method = request.method().clone();
        let path = request.uri().path().to_owned();
        let body = request.body().clone();
        let (parts, mut answer) = self.open(request).await.into_parts();
        let bytes = if parts.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream") {
            answer.frame().await.and_then(|piece| piece.unwrap().into_data().ok()).unwrap_or_default()
        } else {
            answer.collect().await.unwrap().to_bytes()
        };
        let response = Response::read(warp::http::Response::from_parts(parts, bytes));
        contract::check(&method, &path, &body, &response);
        response
    }

    /// The answer with a body that has not been read.
    async fn open(&self, request: warp::http::Request<Bytes>) -> warp::reply::Response {
        self.service.handle(request.map(Full::new), IpAddr::V4(Ipv4Addr::LOCALHOST)).await
    }
}

/// An application on the file `kpi.db` in a folder.
async fn open(folder: &std::path::Path, clock: Clock, variables: &[(&str, &str)], safe_mode: bool) -> Ctx {
    let mut all = HashMap::from([
        ("ENVIRONMENT", "test".to_owned()),
        ("PUBLIC_URL", PUBLIC_URL.to_owned()),
        ("SECRET_KEY", "a secret of the tests, long enough for everybody".to_owned()),
        ("DATA_DIR", folder.display().to_string()),
    ]);
    all.extend(variables.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let overrides = Overrides { safe_mode, ..Overrides::default() };
    let mut config = Config::read(|name| all.get(name).cloned(), &overrides).unwrap();
    config.program = env!("CARGO_BIN_EXE_kpi").into();
    let db = Db::open(&format!("sqlite:{}", folder.join("kpi.db").display()), 4).await.unwrap();
    let signer = Signer::new(&config.secret_key.clone().unwrap_or_else(|| Secret::new("")));
    Ctx::new(config, clock, db, signer, Arc::new(Metrics::new()))
}
