//! Many connections at once, each asking as soon as it was answered, for a bounded time.

use crate::client::{Connection, Request};
use anyhow::{Context, Result, anyhow};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const WARM_UP: Duration = Duration::from_millis(400);

const WARMING: u8 = 0;
const COUNTING: u8 = 1;
const OVER: u8 = 2;

/// One thing a person does: a request, or the few that a page makes.
pub type Operation = Vec<Request>;

/// What came out.
pub struct Measured {
    /// Microseconds of each operation, sorted.
    latencies: Vec<u32>,
    pub errors: usize,
    window: Duration,
    /// Of the server, user and system together.
    cpu: Option<Duration>,
}

impl Measured {
    /// Operations a second.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.window.as_secs_f64()
    }

    /// Milliseconds below which a share (0 to 1) of the operations stayed.
    pub fn percentile(&self, share: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        let place = (last as f64 * share).round() as usize;
        self.latencies.get(place).map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
    }

    /// Milliseconds of server CPU for one operation.
    pub fn cpu_ms(&self) -> Option<f64> {
        Some(self.cpu?.as_secs_f64() * 1000.0 / self.latencies.len().max(1) as f64)
    }
}

/// Drives `operations` round and round over `connections`; `cpu` reads what the server has used so far.
pub fn drive(
    address: SocketAddr,
    connections: usize,
    operations: &[Operation],
    window: Duration,
    cpu: impl Fn() -> Option<Duration>,
) -> Result<Measured> {
    drive_calmly(address, connections, operations, (window, Duration::ZERO), cpu)
}

/// As [`drive`], with a pause of each connection after each answer: people who read what they were answered.
pub fn drive_calmly(
    address: SocketAddr,
    connections: usize,
    operations: &[Operation],
    (window, pause): (Duration, Duration),
    cpu: impl Fn() -> Option<Duration>,
) -> Result<Measured> {
    let phase = AtomicU8::new(WARMING);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections)
            .map(|_| scope.spawn(|| work(address, operations, pause, &phase, &next)))
            .collect();
        std::thread::sleep(WARM_UP);
        let (cpu_before, started) = (cpu(), Instant::now());
        phase.store(COUNTING, Ordering::Relaxed);
        std::thread::sleep(window);
        phase.store(OVER, Ordering::Relaxed);
        let (cpu_after, window) = (cpu(), started.elapsed());
        let mut measured = Measured {
            latencies: Vec::new(),
            errors: 0,
            window,
            cpu: cpu_after.zip(cpu_before).map(|(after, before)| after.saturating_sub(before)),
        };
        for worker in workers {
            let (latencies, errors) =
                worker.join().map_err(|_| anyhow!("a connection's thread panicked"))??;
            measured.latencies.extend(latencies);
            measured.errors += errors;
        }
        measured.latencies.sort_unstable();
        Ok(measured)
    })
}

fn work(
    address: SocketAddr,
    operations: &[Operation],
    pause: Duration,
    phase: &AtomicU8,
    next: &AtomicUsize,
) -> Result<(Vec<u32>, usize)> {
    let mut connection = Connection::open(address)?;
    let (mut latencies, mut errors) = (Vec::with_capacity(64 * 1024), 0);
    loop {
        let operation = operations
            .get(next.fetch_add(1, Ordering::Relaxed) % operations.len().max(1))
            .context("there is nothing to ask for")?;
        let started = Instant::now();
        let mut is_good = true;
        for request in operation {
            is_good &= (200..300).contains(&connection.send(request)?);
        }
        let took = started.elapsed();
        match phase.load(Ordering::Relaxed) {
            WARMING => {}
            COUNTING => {
                latencies.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
                errors += usize::from(!is_good);
            }
            _ => return Ok((latencies, errors)),
        }
        if !pause.is_zero() {
            std::thread::sleep(pause);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_read_from_the_sorted_latencies() {
        let measured = Measured {
            latencies: (1..=101).map(|n| n * 1000).collect(),
            errors: 0,
            window: Duration::from_secs(2),
            cpu: Some(Duration::from_millis(202)),
        };
        assert_eq!([0.5, 0.95, 0.99].map(|share| measured.percentile(share)), [51.0, 96.0, 100.0]);
        assert_eq!((measured.rate(), measured.cpu_ms()), (50.5, Some(2.0)));
    }
}
