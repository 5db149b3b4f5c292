//! What surrounds every request: its id, the choice of the route, panics, security headers, the log line, the
//! numbers. The API's tests call it without a socket.

use std::{
    future::Future,
    net::{IpAddr, Ipv4Addr},
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::FutureExt;
use http_body_util::{BodyExt, Full, combinators::BoxBody};
use kpi_api::error::Code;
use tokio::sync::watch;
use tower_service::Service as _;
use warp::{
    http::{HeaderValue, Method, Request, Response as HttpResponse, StatusCode, header},
    reply::Response,
};

use super::{
    Route, cors,
    headers::{DATA_POLICY, page_policy, secure},
    network::Network,
    reply::{BASE, problem},
    request::{Meta, REQUEST_ID, scope},
    routing::{Found, Routes, Table, method_not_allowed, not_found},
};
use crate::platform::{
    config::Config,
    failure::Failure,
    lifecycle::{Lifecycle, Stage},
    metrics::{Metrics, Series},
};

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Body = BoxBody<Bytes, BoxError>;
type Handler = Arc<dyn Fn(Request<Body>) -> Pin<Box<dyn Future<Output = Response> + Send>> + Send + Sync>;

/// What the server around the routes needs to know.
#[derive(Clone)]
pub struct ServerSettings {
    /// Whether people reach us by https; then browsers are told to stay there.
    pub is_https: bool,
    /// The content security policy of the web app's pages.
    pub page_policy: HeaderValue,
    /// Origins of other pages that may call the API with a token.
    pub cors_origins: Vec<String>,
    /// Addresses whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    pub max_connections: usize,
    /// From the first byte of a request's head to its last.
    pub head_within: Duration,
    /// How long a connection may wait for its next request.
    pub idle_within: Duration,
    /// How long a client may leave our answer unread.
    pub write_within: Duration,
    /// How long a stop waits for what is under way.
    pub stop_within: Duration,
    /// Whether no plugin runs; told at `/health`.
    pub safe_mode: bool,
    pub lifecycle: Lifecycle,
    pub metrics: Metrics,
}

impl ServerSettings {
    /// From the configuration; `page_policy` comes from the web app, see [`super::web::Assets::page_policy`].
    pub fn new(config: &Config, page_policy: HeaderValue, lifecycle: Lifecycle, metrics: Metrics) -> Self {
        Self {
            is_https: config.is_https(),
            page_policy,
            cors_origins: config.cors_origins.clone(),
            trusted_proxies: config.trusted_proxies.clone(),
            max_connections: config.max_connections,
            safe_mode: config.safe_mode,
            lifecycle,
            metrics,
            ..Self::default()
        }
    }
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            is_https: false,
            page_policy: page_policy(&[]),
            cors_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            max_connections: 2048,
            head_within: Duration::from_secs(10),
            idle_within: Duration::from_secs(75),
            write_within: Duration::from_secs(60),
            stop_within: Duration::from_secs(10),
            safe_mode: false,
            lifecycle: Lifecycle::new(),
            metrics: Metrics::new(),
        }
    }
}

/// The whole server without its sockets; cheap to clone.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    table: Table,
    /// By row of the table.
    rows: Vec<Row>,
    rest: Option<Handler>,
    rest_series: Arc<Series>,
    unknown_series: Arc<Series>,
    settings: ServerSettings,
    /// Every write under way holds a receiver.
    writes: watch::Sender<()>,
}

struct Row {
    handler: Handler,
    path: String,
    series: Arc<Series>,
}

/// Builds the service from its routes.
pub fn service(routes: impl Into<Routes>, settings: ServerSettings) -> Service {
    let Routes { rows, own, tree, rest } = routes.into();
    let tree = tree.map(handler);
    let mut own = own.into_iter();
    let table_rows: Vec<(&str, &str)> = rows;
    let rows = table_rows
        .iter()
        .filter_map(|(method, path)| {
            let handler = own.next().map(handler).or_else(|| tree.clone())?;
            let path = format!("{BASE}{path}");
            let series = settings.metrics.label(method, &path);
            Some(Row { handler, path, series })
        })
        .collect();
    Service(Arc::new(Inner {
        table: Table::new(table_rows),
        rows,
        rest: rest.map(handler),
        rest_series: settings.metrics.label("GET", "web"),
        unknown_series: settings.metrics.label("any", "unknown"),
        settings,
        writes: watch::Sender::new(()),
    }))
}

fn handler(route: Route) -> Handler {
    let service = warp::service(route);
    Arc::new(move |request| {
        let mut service = service.clone();
        let answer = service.call(request);
        Box::pin(async move {
            let Ok(response) = answer.await;
            response
        })
    })
}

/// How a request was recognised.
enum Target<'a> {
    Row(&'a Row),
    Health,
    Metrics,
    Rest,
    WrongMethod(&'a str),
    Unknown,
}

impl Service {
    /// Answers one request without a socket, as if it came from this machine.
    pub async fn call(&self, request: Request<Bytes>) -> HttpResponse<Bytes> {
        let response = self.handle(request.map(Full::new), IpAddr::V4(Ipv4Addr::LOCALHOST)).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        HttpResponse::from_parts(parts, bytes)
    }

    /// Answers one request of the client at `peer`.
    pub async fn handle<B>(&self, request: Request<B>, peer: IpAddr) -> Response
    where
        B: hyper::body::Body<Data = Bytes> + Send + Sync + 'static,
        B::Error: Into<BoxError>,
    {
        let started = Instant::now();
        let settings = &self.0.settings;
        let (mut parts, body) = request.into_parts();
        let meta = Meta::read(&parts, peer, &settings.trusted_proxies);
        let is_api =
            meta.path.strip_prefix("/api").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        // hyper sends no body in answer to HEAD; the routes need not know the method.
        if parts.method == Method::HEAD {
            parts.method = Method::GET;
        }
        let target = self.target(&parts.method, &meta.path, is_api);
        let origin = cors::allowed(&parts.headers, &settings.cors_origins).filter(|_| is_api);
        let preflight = origin.as_ref().and_then(|_| cors::preflight(&parts.method, &parts.headers));

        let mut response = match (preflight, &target) {
            (Some(answer), _) => answer,
            (None, Target::Row(row)) => self.run(&row.handler, Request::from_parts(parts, body), &meta).await,
            (None, Target::Rest) => match &self.0.rest {
                Some(rest) => self.run(rest, Request::from_parts(parts, body), &meta).await,
                None => scope(meta.clone(), async { not_found() }).await,
            },
            (None, Target::Health) => health(settings.lifecycle.stage(), settings.safe_mode),
            (None, Target::Metrics) => {
                plain(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", settings.metrics.render())
            }
            (None, Target::WrongMethod(allow)) => {
                scope(meta.clone(), async { method_not_allowed(allow) }).await
            }
            (None, Target::Unknown) => scope(meta.clone(), async { not_found() }).await,
        };

        let headers = response.headers_mut();
        secure(headers, is_api, settings.is_https, &settings.page_policy);
        if let Ok(id) = HeaderValue::try_from(meta.request_id.as_str()) {
            headers.insert(REQUEST_ID, id);
        }
        if let Some(origin) = origin {
            cors::mark(headers, origin);
        }
        self.record(&meta, &target, response.status(), started.elapsed());
        response
    }

    fn target(&self, method: &Method, path: &str, is_api: bool) -> Target<'_> {
        let operation = match path {
            "/health" => Some(Target::Health),
            "/metrics" => Some(Target::Metrics),
            _ => None,
        };
        if let Some(target) = operation {
            return if *method == Method::GET { target } else { Target::WrongMethod("GET") };
        }
        if !is_api {
            return if *method == Method::GET { Target::Rest } else { Target::WrongMethod("GET") };
        }
        let Some(below) = path.strip_prefix(BASE) else { return Target::Unknown };
        match self.0.table.find(method.as_str(), below) {
            Found::Row(row) => self.0.rows.get(row).map_or(Target::Unknown, Target::Row),
            Found::WrongMethod { allow } => Target::WrongMethod(allow),
            Found::Nothing => Target::Unknown,
        }
    }

    /// Runs the route. What may change something runs in a task of its own, which a client that hangs up does not
    /// end half way; a panic becomes an answer.
    async fn run<B>(&self, handler: &Handler, request: Request<B>, meta: &Meta) -> Response
    where
        B: hyper::body::Body<Data = Bytes> + Send + Sync + 'static,
        B::Error: Into<BoxError>,
    {
        let is_safe = matches!(*request.method(), Method::GET | Method::OPTIONS | Method::TRACE);
        let mut request = request.map(|body| body.map_err(Into::into).boxed());
        request.extensions_mut().insert(meta.clone());
        // The route's future is made inside the guarded one, so that a panic while making it is caught too.
        let handler = handler.clone();
        let work =
            AssertUnwindSafe(scope(meta.clone(), async move { handler(request).await })).catch_unwind();
        let outcome = if is_safe {
            work.await
        } else {
            let _waiting = meta.waiting();
            let under_way = self.0.writes.subscribe();
            let task = tokio::spawn(async move {
                let outcome = work.await;
                drop(under_way);
                outcome
            });
            match task.await {
                Ok(outcome) => outcome,
                Err(ended) => {
                    Err(ended.try_into_panic().unwrap_or_else(|_| Box::new("the task was cancelled")))
                }
            }
        };
        match outcome {
            Ok(response) => response,
            Err(payload) => {
                let said = payload
                    .downcast_ref::<String>()
                    .map(String::as_str)
                    .or_else(|| payload.downcast_ref::<&str>().copied())
                    .unwrap_or("no message");
                tracing::error!(request_id = meta.request_id, "panic in a handler: {said}");
                let failure = Failure::new(Code::Internal, Code::Internal.title());
                scope(meta.clone(), async { problem(&failure) }).await
            }
        }
    }

    fn record(&self, meta: &Meta, target: &Target<'_>, status: StatusCode, took: Duration) {
        let (series, path) = match target {
            Target::Row(row) => (&row.series, row.path.as_str()),
            Target::Rest => (&self.0.rest_series, meta.path.as_str()),
            Target::WrongMethod(_) | Target::Unknown => (&self.0.unknown_series, meta.path.as_str()),
            // Probes every few seconds would drown everything else.
            Target::Health | Target::Metrics => return,
        };
        series.count(status.as_u16(), took);
        tracing::info!(
            target: "kpi::access",
            method = meta.method.as_str(),
            path,
            status = status.as_u16(),
            micros = took.as_micros() as u64,
            request_id = meta.request_id,
        );
    }

    /// Completes when no write is under way any more.
    pub async fn writes_done(&self) {
        self.0.writes.closed().await;
    }

    pub(super) fn settings(&self) -> &ServerSettings {
        &self.0.settings
    }
}

fn health(stage: Stage, safe_mode: bool) -> Response {
    let (status, text) = match stage {
        Stage::Ready if safe_mode => (StatusCode::OK, r#"{"status":"ok","safe_mode":true}"#),
        Stage::Ready => (StatusCode::OK, r#"{"status":"ok"}"#),
        Stage::Starting => (StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"starting"}"#),
        Stage::Stopping => (StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"stopping"}"#),
    };
    plain(status, "application/json", text.to_owned())
}

fn plain(status: StatusCode, content_type: &'static str, text: String) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, DATA_POLICY);
    response
}

#[cfg(test)]
#[path = "service_tests.rs"]
mod tests;
