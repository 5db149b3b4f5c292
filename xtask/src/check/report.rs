//! Steps with their results and times, shown at the end.

use crate::test::Counts;
use anyhow::Result;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The steps run so far.
pub struct Report {
    lines: Vec<Line>,
    started: Instant,
}

struct Line {
    name: String,
    counts: Counts,
    good: bool,
    took: Duration,
}

impl Report {
    pub fn new() -> Self {
        Self { lines: Vec::new(), started: Instant::now() }
    }

    /// Runs a step that passes or fails as one; the answer is which.
    pub fn step(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        self.counted(name, |_| work())
    }

    /// Runs a step that counts its own cases. A step that fails without a failed case counts as one.
    pub fn counted(&mut self, name: &str, work: impl FnOnce(&mut Counts) -> Result<()>) -> bool {
        println!("\n== {name}");
        let started = Instant::now();
        let mut counts = Counts::default();
        let result = work(&mut counts);
        let good = result.is_ok() && counts.failed == 0;
        if let Err(error) = result {
            println!("{name}: {error:#}");
            counts.failed = counts.failed.max(1);
        } else if counts.passed + counts.failed == 0 {
            counts.passed = 1;
        }
        self.lines.push(Line { name: name.to_owned(), counts, good, took: started.elapsed() });
        good
    }

    /// Prints one line per step and, last, the sum alone on its line.
    pub fn close(self) -> ExitCode {
        println!();
        for line in &self.lines {
            println!(
                "{:<6} {:<16} {:>5} passed {:>3} failed {:>8.1} s",
                if line.good { "ok" } else { "FAILED" },
                line.name,
                line.counts.passed,
                line.counts.failed,
                line.took.as_secs_f64()
            );
        }
        println!("in {:.0} s", self.started.elapsed().as_secs_f64());
        let passed: u32 = self.lines.iter().map(|line| line.counts.passed).sum();
        let failed: u32 = self.lines.iter().map(|line| line.counts.failed).sum();
        println!("{passed} passed, {failed} failed");
        if self.lines.iter().all(|line| line.good) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
