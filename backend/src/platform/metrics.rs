//! Numbers about the running server, as Prometheus text. Counting a request touches a few atomic integers and
//! allocates nothing.

use std::{
    fmt::Write as _,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

/// Upper bounds of the duration histogram, in microseconds.
const BUCKETS: [u64; 13] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    10_000_000,
];

/// Statuses that are counted one by one; the rest by its hundred.
const STATUSES: [u16; 25] = [
    200, 201, 202, 204, 206, 301, 304, 308, 400, 401, 403, 404, 405, 409, 412, 413, 415, 416, 422, 428, 429,
    500, 503, 507, 431,
];

/// All numbers; cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Numbers>);

struct Numbers {
    started: Instant,
    /// In the order of the labels given to [`Metrics::label`].
    series: Mutex<Vec<Arc<Series>>>,
    connections: AtomicI64,
    gauges: Mutex<Vec<Gauge>>,
}

type Reading = Box<dyn Fn() -> f64 + Send + Sync>;

struct Gauge {
    name: &'static str,
    help: &'static str,
    read: Reading,
}

/// The numbers of one method and endpoint.
pub struct Series {
    method: String,
    endpoint: String,
    statuses: [AtomicU64; STATUSES.len()],
    other: AtomicU64,
    buckets: [AtomicU64; BUCKETS.len()],
    micros: AtomicU64,
}

impl Series {
    pub fn count(&self, status: u16, took: Duration) {
        match STATUSES.iter().position(|known| *known == status) {
            Some(index) => &self.statuses[index],
            None => &self.other,
        }
        .fetch_add(1, Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Relaxed);
        if let Some(index) = BUCKETS.iter().position(|bound| micros <= *bound) {
            self.buckets[index].fetch_add(1, Relaxed);
        }
    }
}

/// Counts a connection as open for as long as it lives.
pub struct OpenConnection(Metrics);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.0.connections.fetch_sub(1, Relaxed);
    }
}

impl Metrics {
    pub fn new() -> Self {
        Self(Arc::new(Numbers {
            started: Instant::now(),
            series: Mutex::default(),
            connections: AtomicI64::new(0),
            gauges: Mutex::default(),
        }))
    }

    /// The series of a method and endpoint; to be asked for once, at the start. `endpoint` is a path template, never
    /// a real path, so that the number of series stays bounded.
    pub fn label(&self, method: &str, endpoint: &str) -> Arc<Series> {
        let mut all = lock(&self.0.series);
        if let Some(known) = all.iter().find(|series| series.method == method && series.endpoint == endpoint)
        {
            return known.clone();
        }
        let series = Arc::new(Series {
            method: method.into(),
            endpoint: endpoint.into(),
            statuses: Default::default(),
            other: AtomicU64::new(0),
            buckets: Default::default(),
            micros: AtomicU64::new(0),
        });
        all.push(series.clone());
        series
    }

    /// A number that is read when somebody looks, such as the connections of a pool. `name` begins with `kpi_`.
    pub fn gauge(
        &self,
        name: &'static str,
        help: &'static str,
        read: impl Fn() -> f64 + Send + Sync + 'static,
    ) {
        lock(&self.0.gauges).push(Gauge { name, help, read: Box::new(read) });
    }

    pub fn connection(&self) -> OpenConnection {
        self.0.connections.fetch_add(1, Relaxed);
        OpenConnection(self.clone())
    }

    /// Prometheus text format, version 0.0.4.
    pub fn render(&self) -> String {
        let mut text = String::with_capacity(16 * 1024);
        self.render_requests(&mut text);
        let version = env!("CARGO_PKG_VERSION");
        headline(&mut text, "kpi_build_info", "gauge", "Which build this is.");
        let _ = writeln!(text, "kpi_build_info{{version=\"{version}\"}} 1");
        let uptime = self.0.started.elapsed().as_secs_f64();
        single(&mut text, "kpi_uptime_seconds", "Seconds since the start.", uptime);
        let connections = self.0.connections.load(Relaxed) as f64;
        single(&mut text, "kpi_http_connections", "Open connections.", connections);
        if let Some(bytes) = resident_bytes() {
            single(&mut text, "process_resident_memory_bytes", "Resident memory in bytes.", bytes as f64);
        }
        for gauge in lock(&self.0.gauges).iter() {
            single(&mut text, gauge.name, gauge.help, (gauge.read)());
        }
        text
    }

    fn render_requests(&self, text: &mut String) {
        let all = lock(&self.0.series).clone();
        headline(text, "kpi_http_requests_total", "counter", "Requests answered.");
        for series in &all {
            let known = STATUSES.iter().map(ToString::to_string).zip(&series.statuses);
            for (status, count) in known.chain([("other".to_owned(), &series.other)]) {
                let count = count.load(Relaxed);
                if count > 0 {
                    let _ = writeln!(
                        text,
                        "kpi_http_requests_total{{method=\"{}\",endpoint=\"{}\",status=\"{status}\"}} {count}",
                        series.method, series.endpoint
                    );
                }
            }
        }
        let name = "kpi_http_request_duration_seconds";
        headline(text, name, "histogram", "Time from the head of a request to the head of its answer.");
        for series in &all {
            let total: u64 =
                series.statuses.iter().chain([&series.other]).map(|count| count.load(Relaxed)).sum();
            if total == 0 {
                continue;
            }
            let labels = format!("method=\"{}\",endpoint=\"{}\"", series.method, series.endpoint);
            let mut below = 0;
            for (bound, count) in BUCKETS.iter().zip(&series.buckets) {
                below += count.load(Relaxed);
                let seconds = *bound as f64 / 1e6;
                let _ = writeln!(text, "{name}_bucket{{{labels},le=\"{seconds}\"}} {below}");
            }
            let _ = writeln!(text, "{name}_bucket{{{labels},le=\"+Inf\"}} {total}");
            let seconds = series.micros.load(Relaxed) as f64 / 1e6;
            let _ = writeln!(text, "{name}_sum{{{labels}}} {seconds}\n{name}_count{{{labels}}} {total}");
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn headline(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn single(text: &mut String, name: &str, help: &str, value: f64) {
    headline(text, name, "gauge", help);
    let _ = writeln!(text, "{name} {value}");
}

/// From the kernel's own account; `None` where there is none.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_label_and_status() {
        let metrics = Metrics::new();
        let series = metrics.label("GET", "/api/v1/kpis/{id}");
        series.count(200, Duration::from_micros(400));
        series.count(200, Duration::from_micros(700));
        series.count(418, Duration::from_secs(60));
        metrics.gauge("kpi_answer", "The answer.", || 42.0);
        let _open = metrics.connection();
        let text = metrics.render();
        for line in [
            "kpi_http_requests_total{method=\"GET\",endpoint=\"/api/v1/kpis/{id}\",status=\"200\"} 2",
            "kpi_http_requests_total{method=\"GET\",endpoint=\"/api/v1/kpis/{id}\",status=\"other\"} 1",
            "kpi_http_request_duration_seconds_bucket{method=\"GET\",endpoint=\"/api/v1/kpis/{id}\",le=\"0.0005\"} 1",
            "kpi_http_request_duration_seconds_bucket{method=\"GET\",endpoint=\"/api/v1/kpis/{id}\",le=\"10\"} 2",
            "kpi_http_request_duration_seconds_count{method=\"GET\",endpoint=\"/api/v1/kpis/{id}\"} 3",
            "kpi_http_connections 1",
            "kpi_answer 42",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }

    #[test]
    fn the_same_label_is_one_series() {
        let metrics = Metrics::new();
        assert!(Arc::ptr_eq(&metrics.label("GET", "web"), &metrics.label("GET", "web")));
    }
}
