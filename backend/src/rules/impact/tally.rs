//! What the answers about single KPIs sum up to. Parts of the company are counted apart and put together.

use std::{cmp::Ordering, collections::HashMap, time::Duration};

use kpi_api::{
    id::{DepartmentId, KpiId},
    receipt_change,
    rule_effects::{
        BandChange, Bucket, DepartmentImpact, FindingCounts, Findings, Histogram, Impact, ImpactError, Mover,
        Receipts, ReminderCounts, ReminderSaid, Reminders,
    },
    scoring::{Band, Coverage, Finding, RuleKind, Severity},
};
use kpi_engine::{Reminder, ReminderTo};

use super::{
    asking::{Asked, Verdict, standing},
    reading::brief,
};
use crate::{entity::kpi, people::directory::Directory, platform::failure::Outcome};

/// Movers and errors that are listed.
const LISTED: usize = 20;

/// Buckets of a histogram: at least up to the usual cap of 120 points, and not beyond 300.
const LEAST_BUCKETS: usize = 13;
const MOST_BUCKETS: usize = 30;

/// Movers that are kept until the smaller ones are thrown away.
const KEPT: usize = 4 * LISTED;

#[derive(Default)]
pub struct Tally {
    evaluated: u64,
    changed: u64,
    bands: HashMap<(Band, Band), u64>,
    departments: HashMap<Option<i64>, Department>,
    before: Counts,
    after: Counts,
    findings: FindingCounts,
    reminders: ReminderCounts,
    movers: Vec<Moved>,
    errors: Vec<ImpactError>,
    failed: u64,
}

#[derive(Default)]
struct Department {
    changed: u64,
    /// Scores with their weights.
    before: Vec<(Option<f64>, f64)>,
    after: Vec<(Option<f64>, f64)>,
}

#[derive(Default)]
struct Counts {
    none: u64,
    buckets: [u64; MOST_BUCKETS],
}

/// A KPI for which something changes, and how much.
struct Moved {
    size: f64,
    row: kpi::Model,
    verdict: Verdict,
}

impl Tally {
    pub fn add(&mut self, row: kpi::Model, asked: Asked) {
        self.evaluated += 1;
        if let Some((trouble, _)) = asked.failure {
            self.failed += 1;
            if self.errors.len() < LISTED {
                let error =
                    ImpactError { kpi_id: KpiId(row.id), message: trouble.message, line: trouble.line };
                self.errors.push(error);
            }
        }
        let department = self.departments.entry(row.department_id).or_default();
        let size = match &asked.verdict {
            Verdict::Score { before, after } => {
                let (was, is) = (standing(before), standing(after));
                department.before.push((was.0, row.weight));
                department.after.push((is.0, row.weight));
                self.before.count(was.0);
                self.after.count(is.0);
                if was.1 != is.1 {
                    *self.bands.entry((was.1, is.1)).or_default() += 1;
                }
                (was != is).then(|| distance(was.0, is.0))
            }
            Verdict::Validate { before, after } => {
                department.before.push((None, 0.0));
                self.findings.errors_before += count(before, Severity::Error);
                self.findings.errors_after += count(after, Severity::Error);
                self.findings.warnings_before += count(before, Severity::Warning);
                self.findings.warnings_after += count(after, Severity::Warning);
                (before != after).then(|| difference(before, after))
            }
            Verdict::Remind { before, after } => {
                department.before.push((None, 0.0));
                self.reminders.before += before.len() as u64;
                self.reminders.after += after.len() as u64;
                (before != after).then(|| difference(before, after))
            }
        };
        if let Some(size) = size {
            self.changed += 1;
            department.changed += 1;
            self.movers.push(Moved { size, row, verdict: asked.verdict });
            self.shorten(KEPT);
        }
    }

    /// Puts what was counted elsewhere to this.
    pub fn merge(&mut self, other: Self) {
        self.evaluated += other.evaluated;
        self.changed += other.changed;
        self.failed += other.failed;
        for (change, count) in other.bands {
            *self.bands.entry(change).or_default() += count;
        }
        for (id, theirs) in other.departments {
            let ours = self.departments.entry(id).or_default();
            ours.changed += theirs.changed;
            ours.before.extend(theirs.before);
            ours.after.extend(theirs.after);
        }
        self.before.merge(&other.before);
        self.after.merge(&other.after);
        self.findings.errors_before += other.findings.errors_before;
        self.findings.errors_after += other.findings.errors_after;
        self.findings.warnings_before += other.findings.warnings_before;
        self.findings.warnings_after += other.findings.warnings_after;
        self.reminders.before += other.reminders.before;
        self.reminders.after += other.reminders.after;
        self.movers.extend(other.movers);
        self.shorten(KEPT);
        self.errors.extend(other.errors);
    }

    /// Keeps the largest movers once there are more than `beyond`.
    fn shorten(&mut self, beyond: usize) {
        if self.movers.len() > beyond {
            let order = |one: &Moved, other: &Moved| -> Ordering {
                other.size.total_cmp(&one.size).then(one.row.id.cmp(&other.row.id))
            };
            self.movers.sort_by(order);
            self.movers.truncate(LISTED);
        }
    }

    pub fn finish(mut self, told: &Told<'_>) -> Outcome<Impact> {
        // Also where there are few, for their order.
        self.shorten(0);
        self.errors.sort_by_key(|error| error.kpi_id);
        self.errors.truncate(LISTED);
        let length = self.before.length().max(self.after.length());
        let is = |kind| told.kind == kind;
        let mut bands: Vec<BandChange> =
            self.bands.into_iter().map(|((from, to), count)| BandChange { from, to, count }).collect();
        bands.sort_by_key(|change| (change.from, change.to));
        let movers = self.movers.into_iter().map(|moved| mover(moved, told.directory));
        Ok(Impact {
            kind: told.kind,
            evaluated: self.evaluated,
            changed: self.changed,
            band_changes: bands,
            by_department: departments(self.departments, told.directory),
            histogram_before: self.before.histogram(length),
            histogram_after: self.after.histogram(length),
            findings: is(RuleKind::Validate).then_some(self.findings),
            reminders: is(RuleKind::Remind).then_some(self.reminders),
            movers: movers.collect::<Outcome<_>>()?,
            errors: self.errors,
            failed: self.failed,
            stopped_early: told.stopped_early,
            total: told.total,
            took_ms: u64::try_from(told.took.as_millis()).unwrap_or(u64::MAX),
        })
    }
}

/// What is told besides the counts.
pub struct Told<'d> {
    pub kind: RuleKind,
    pub directory: &'d Directory,
    pub total: u64,
    pub stopped_early: bool,
    pub took: Duration,
}

impl Counts {
    fn count(&mut self, score: Option<f64>) {
        match score {
            None => self.none += 1,
            // Scores are not negative; what is beyond the last bucket is counted there.
            Some(score) => self.buckets[((score / 10.0) as usize).min(MOST_BUCKETS - 1)] += 1,
        }
    }

    fn merge(&mut self, other: &Self) {
        self.none += other.none;
        self.buckets.iter_mut().zip(other.buckets).for_each(|(ours, theirs)| *ours += theirs);
    }

    fn length(&self) -> usize {
        let used = self.buckets.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
        used.max(LEAST_BUCKETS)
    }

    fn histogram(&self, length: usize) -> Histogram {
        let buckets = self.buckets.iter().zip((0..).step_by(10)).take(length);
        Histogram {
            none: self.none,
            buckets: buckets.map(|(count, from)| Bucket { from, count: *count }).collect(),
        }
    }
}

/// A score that comes or goes has moved all the way.
fn distance(was: Option<f64>, is: Option<f64>) -> f64 {
    (is.unwrap_or(0.0) - was.unwrap_or(0.0)).abs()
}

fn count(findings: &[Finding], severity: Severity) -> u64 {
    findings.iter().filter(|finding| finding.severity == severity).count() as u64
}

/// How many are on one side only.
fn difference<T: PartialEq>(before: &[T], after: &[T]) -> f64 {
    let only = |these: &[T], those: &[T]| these.iter().filter(|one| !those.contains(one)).count();
    (only(before, after) + only(after, before)) as f64
}

fn departments(counted: HashMap<Option<i64>, Department>, directory: &Directory) -> Vec<DepartmentImpact> {
    let mut all: Vec<DepartmentImpact> = counted
        .into_iter()
        .map(|(id, counted)| {
            let id = id.map(DepartmentId);
            DepartmentImpact {
                id,
                name: id.and_then(|id| directory.department_name(id)).unwrap_or_default(),
                evaluated: counted.before.len() as u64,
                changed: counted.changed,
                mean_before: Coverage::of(counted.before).score,
                mean_after: Coverage::of(counted.after).score,
            }
        })
        .collect();
    all.sort_by(|one, other| {
        (one.id.is_none(), &one.name, one.id).cmp(&(other.id.is_none(), &other.name, other.id))
    });
    all
}

fn mover(moved: Moved, directory: &Directory) -> Outcome<Mover> {
    let mut mover = Mover {
        kpi: brief(&moved.row, directory)?,
        before: None,
        after: None,
        band_before: Band::None,
        band_after: Band::None,
        receipts: None,
        sentences: Vec::new(),
        findings: None,
        reminders: None,
    };
    match moved.verdict {
        Verdict::Score { before, after } => {
            (mover.before, mover.band_before) = standing(&before);
            (mover.after, mover.band_after) = standing(&after);
            if let (Some(before), Some(after)) = (&before, &after) {
                mover.sentences = receipt_change::between(before, after);
            }
            mover.receipts = Some(Receipts { before, after });
        }
        Verdict::Validate { before, after } => mover.findings = Some(Findings { before, after }),
        Verdict::Remind { before, after } => {
            let said = |all: Vec<Reminder>| all.into_iter().map(said).collect();
            mover.reminders = Some(Reminders { before: said(before), after: said(after) });
        }
    }
    Ok(mover)
}

fn said(reminder: Reminder) -> ReminderSaid {
    ReminderSaid {
        to: match reminder.to {
            ReminderTo::Owner => "owner".into(),
            ReminderTo::Approver => "approver".into(),
            ReminderTo::Manager => "manager".into(),
            ReminderTo::User(id) => id.to_string(),
        },
        title: reminder.title,
        text: reminder.text,
        reason: reminder.reason,
    }
}
