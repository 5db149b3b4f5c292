//! Figures beside what was promised.

use super::load::Measured;
use std::process::ExitCode;

/// A promise about one figure, already compared.
pub enum Target {
    None,
    Most { limit: f64, kept: bool },
    Least { limit: f64, kept: bool },
}

impl Target {
    pub fn most(figure: f64, limit: f64) -> Self {
        Self::Most { limit, kept: figure <= limit }
    }

    pub fn least(figure: f64, limit: f64) -> Self {
        Self::Least { limit, kept: figure >= limit }
    }

    fn told(&self, what: &str) -> Option<String> {
        let (bound, limit, kept) = match self {
            Self::None => return None,
            Self::Most { limit, kept } => ("at most", limit, kept),
            Self::Least { limit, kept } => ("at least", limit, kept),
        };
        let verdict = if *kept { "ok" } else { "MISS" };
        let what = if what.is_empty() { String::new() } else { format!("{what} ") };
        Some(format!("{verdict} ({what}{bound} {limit})"))
    }

    fn is_missed(&self) -> bool {
        matches!(self, Self::Most { kept: false, .. } | Self::Least { kept: false, .. })
    }
}

/// Prints as it goes and counts what was missed.
pub struct Report {
    missed: u32,
}

impl Report {
    pub fn new() -> Self {
        Self { missed: 0 }
    }

    pub fn section(&mut self, title: &str) {
        println!("\n{title}");
    }

    pub fn head(&self) {
        println!(
            "  {:<22} {:>8} {:>9} {:>9} {:>9} {:>7} {:>9}",
            "endpoint", "req/s", "p50 ms", "p95 ms", "p99 ms", "errors", "CPU ms"
        );
    }

    /// One endpoint with its promises about CPU, rate and 99th percentile.
    pub fn row(
        &mut self,
        name: &str,
        measured: &Measured,
        cpu: Option<f64>,
        rate: Option<f64>,
        p99: Option<f64>,
    ) {
        let [half, most, nearly_all] = [0.5, 0.95, 0.99].map(|share| measured.percentile(share));
        let used = measured.cpu_ms();
        let shown = used.map_or("-".to_owned(), |used| format!("{used:.3}"));
        print!(
            "  {name:<22} {:>8.0} {half:>9.2} {most:>9.2} {nearly_all:>9.2} {:>7} {shown:>9}",
            measured.rate(),
            measured.errors
        );
        let targets = [
            (used.zip(cpu).map(|(used, limit)| Target::most(used, limit)), "CPU"),
            (rate.map(|limit| Target::least(measured.rate(), limit)), "rate"),
            (p99.map(|limit| Target::most(nearly_all, limit)), "p99"),
            ((measured.errors > 0).then(|| Target::most(measured.errors as f64, 0.0)), "errors"),
        ];
        for (target, what) in targets {
            let target = target.unwrap_or(Target::None);
            self.count(&target);
            if let Some(told) = target.told(what) {
                print!("  {told}");
            }
        }
        println!();
    }

    pub fn figure(&mut self, name: &str, value: String, target: Target) {
        self.count(&target);
        println!("  {name:<22} {value:<34} {}", target.told("").unwrap_or_default());
    }

    fn count(&mut self, target: &Target) {
        self.missed += u32::from(target.is_missed());
    }

    /// Says how many promises were missed; that many are a failure.
    pub fn close(self) -> ExitCode {
        match self.missed {
            0 => {
                println!("\nEvery promise is kept.");
                ExitCode::SUCCESS
            }
            missed => {
                println!("\n{missed} promises are missed.");
                ExitCode::FAILURE
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_told_with_its_limit() {
        assert_eq!(Target::most(0.19, 0.2).told("CPU").as_deref(), Some("ok (CPU at most 0.2)"));
        assert_eq!(Target::least(3999.0, 4000.0).told("").as_deref(), Some("MISS (at least 4000)"));
        assert!(Target::most(f64::NAN, 1.0).is_missed());
        assert_eq!(Target::None.told("CPU"), None);
    }
}
