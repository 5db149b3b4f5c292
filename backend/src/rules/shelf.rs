//! The published rules, compiled and in memory, and which of them apply to a KPI.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use anyhow::anyhow;
use kpi_api::{
    id::{DepartmentId, RuleId, TemplateId, Version},
    scoring::{RuleKind, RuleRef},
};
use kpi_engine::{Engine, Rule};
use sea_orm::ConnectionTrait;

use super::{
    repo,
    stats::{Runs, Stats},
    trouble::Troubles,
};
use crate::{
    entity::{rule, rule_version},
    people::directory::Directory,
    platform::failure::Outcome,
};

/// Where a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    Global,
    Department(DepartmentId),
    Template(TemplateId),
}

impl Scope {
    pub fn read(scope: &str, id: i64) -> anyhow::Result<Self> {
        match scope {
            "global" => Ok(Self::Global),
            "department" => Ok(Self::Department(DepartmentId(id))),
            "template" => Ok(Self::Template(TemplateId(id))),
            other => Err(anyhow!("unknown scope {other} of a rule")),
        }
    }

    /// What the API writes, e.g. `department:3`; `None` for what is no scope.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None => (text == "global").then_some(Self::Global),
            Some(("department", id)) => id.parse().ok().map(Self::Department),
            Some(("template", id)) => id.parse().ok().map(Self::Template),
            Some(_) => None,
        }
    }

    /// As [`Scope::read`] takes it.
    pub const fn to_columns(self) -> (&'static str, i64) {
        match self {
            Self::Global => ("global", 0),
            Self::Department(id) => ("department", id.0),
            Self::Template(id) => ("template", id.0),
        }
    }

    /// As the API writes it, e.g. `department:3`.
    pub fn to_text(self) -> String {
        match self {
            Self::Global => "global".into(),
            Self::Department(id) => format!("department:{id}"),
            Self::Template(id) => format!("template:{id}"),
        }
    }
}

/// What rules look at beside a KPI and its values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looks {
    /// The files of the KPI.
    pub at_evidence: bool,
    /// What the same measure came to in earlier quarters.
    pub at_earlier: bool,
}

impl Looks {
    pub const EVERYWHERE: Self = Self { at_evidence: true, at_earlier: true };

    pub fn of(rule: &Rule) -> Self {
        Self {
            at_evidence: rule.reads("evidence"),
            at_earlier: rule.reads("previous") || rule.reads("earlier"),
        }
    }

    pub fn and(self, other: Self) -> Self {
        Self {
            at_evidence: self.at_evidence || other.at_evidence,
            at_earlier: self.at_earlier || other.at_earlier,
        }
    }
}

/// One version of a rule, ready to run.
pub struct Edition {
    pub reference: RuleRef,
    pub looks: Looks,
    pub rule: Rule,
    /// From this period on (year * 4 + quarter - 1); from ever when absent.
    pub effective_period: Option<i64>,
}

/// A published version that does not compile.
pub struct Broken {
    pub cause: String,
    /// From this period on; from ever when absent.
    pub effective_period: Option<i64>,
}

impl Broken {
    pub fn told(&self) -> String {
        format!("The published version does not compile: {}", self.cause)
    }
}

/// A rule with the editions that can run, newest first. The first that is in effect is used, the next ones stand in
/// for it when it fails.
pub struct Published {
    pub id: RuleId,
    pub kind: RuleKind,
    pub scope: Scope,
    pub name: String,
    /// The published one, whether or not it can run.
    pub version: Version,
    pub editions: Vec<Edition>,
    /// Of a published version that does not even compile.
    pub broken: Option<Broken>,
    /// The first period it applies to; from ever when absent.
    pub from: Option<i64>,
    /// The first period it no longer applies to, of a retired rule.
    pub until: Option<i64>,
    /// Quarters in which it was retired before it came back: the first, and the one behind the last.
    pub gaps: Vec<(i64, i64)>,
    /// What running it costs.
    pub runs: Arc<Runs>,
}

impl Published {
    /// Whether it has anything to say about KPIs of a period.
    pub fn applies_in(&self, period: i64) -> bool {
        self.from.is_none_or(|from| from <= period)
            && self.until.is_none_or(|until| period < until)
            && !self.gaps.iter().any(|&(first, end)| first <= period && period < end)
    }

    /// Why the version that should be in effect in a period cannot run at all.
    pub fn broken_in(&self, period: i64) -> Option<String> {
        let broken = self.broken.as_ref()?;
        broken.effective_period.is_none_or(|from| from <= period).then(|| broken.told())
    }

    /// Those in effect in a period, newest first.
    pub fn in_effect(&self, period: i64) -> impl Iterator<Item = &Edition> {
        let editions = if self.applies_in(period) { self.editions.as_slice() } else { &[] };
        editions.iter().filter(move |edition| edition.effective_period.is_none_or(|from| from <= period))
    }
}

/// All published rules.
pub struct Shelf {
    rules: Vec<Arc<Published>>,
    /// A retired rule and its successor may have the same scope.
    scoring: HashMap<Scope, Vec<Arc<Published>>>,
    /// Where rules that fail are noted.
    pub troubles: Troubles,
    /// Microseconds that the last use took.
    last_took: AtomicU64,
}

/// Up to here running the rules in place holds nobody up, in microseconds.
const QUICK: u64 = 2000;

impl Shelf {
    /// Whether the rules were used before and did not take long.
    pub fn is_quick(&self) -> bool {
        self.last_took.load(Ordering::Relaxed) < QUICK
    }

    /// Uses the rules and remembers how long it took.
    pub fn timed<T>(&self, use_them: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let done = use_them();
        let took = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.last_took.store(took, Ordering::Relaxed);
        done
    }

    /// Compiles everything, away from the async threads.
    pub async fn load(
        db: &impl ConnectionTrait,
        engine: &Arc<Engine>,
        troubles: &Troubles,
        stats: &Stats,
    ) -> Outcome<Self> {
        let rows = repo::published(db).await?;
        let (engine, stats) = (Arc::clone(engine), stats.clone());
        let rules = tokio::task::spawn_blocking(move || {
            rows.into_iter()
                .map(|(rule, versions)| publish(&engine, &stats, rule, versions))
                .collect::<Result<Vec<_>, _>>()
        })
        .await
        .map_err(|panic| anyhow!("compiling the rules: {panic}"))??;
        Ok(Self::new(rules.into_iter().map(Arc::new).collect(), troubles.clone()))
    }

    /// These rules with another one in its place, or added to them where it is new. What fails is noted nowhere.
    pub fn with(&self, other: Published) -> Self {
        let id = other.id;
        let rules = self.rules.iter().filter(|rule| rule.id != id).cloned();
        Self::new(rules.chain([Arc::new(other)]).collect(), Troubles::default())
    }

    fn new(rules: Vec<Arc<Published>>, troubles: Troubles) -> Self {
        let mut scoring: HashMap<Scope, Vec<Arc<Published>>> = HashMap::new();
        for rule in rules.iter().filter(|rule| rule.kind == RuleKind::Score) {
            scoring.entry(rule.scope).or_default().push(Arc::clone(rule));
        }
        Self { rules, scoring, troubles, last_took: AtomicU64::new(u64::MAX) }
    }

    /// The most specific score rule that applies in the period: the template's, then that of the nearest department
    /// upwards, then the global.
    pub fn scoring(
        &self,
        directory: &Directory,
        template: Option<TemplateId>,
        department: Option<DepartmentId>,
        period: i64,
    ) -> Option<&Arc<Published>> {
        let of = |scope| self.scoring.get(&scope)?.iter().find(|rule| rule.applies_in(period));
        let by_department = || {
            let ancestry = department.into_iter().flat_map(|id| directory.ancestry(id));
            ancestry.map(|d| Scope::Department(d.id)).find_map(of)
        };
        template.and_then(|id| of(Scope::Template(id))).or_else(by_department).or_else(|| of(Scope::Global))
    }

    /// What the rules of a kind look at between them, those that stand in for others included.
    pub fn looks(&self, kind: RuleKind) -> Looks {
        let editions = self.of_kind(kind).flat_map(|rule| &rule.editions);
        editions.fold(Looks::default(), |all, edition| all.and(edition.looks))
    }

    /// Every rule of a kind.
    pub fn of_kind(&self, kind: RuleKind) -> impl Iterator<Item = &Arc<Published>> {
        self.rules.iter().filter(move |rule| rule.kind == kind)
    }

    /// Every rule of a kind in whose scope a KPI is, and which applies in the period.
    pub fn applying<'s>(
        &'s self,
        kind: RuleKind,
        directory: &'s Directory,
        template: Option<TemplateId>,
        department: Option<DepartmentId>,
        period: i64,
    ) -> impl Iterator<Item = &'s Arc<Published>> {
        self.rules.iter().filter(move |rule| {
            rule.kind == kind
                && rule.applies_in(period)
                && match rule.scope {
                    Scope::Global => true,
                    Scope::Template(id) => template == Some(id),
                    Scope::Department(id) => {
                        department.is_some_and(|own| directory.ancestry(own).any(|d| d.id == id))
                    }
                }
        })
    }
}

fn publish(
    engine: &Engine,
    stats: &Stats,
    rule: rule::Model,
    versions: Vec<rule_version::Model>,
) -> anyhow::Result<Published> {
    let kind: RuleKind = rule.kind.parse().map_err(|e| anyhow!("kind of rule {}: {e}", rule.id))?;
    let mut editions = Vec::new();
    let mut broken = None;
    // From ever as soon as one version is; the smallest otherwise, as an absent period sorts first.
    let from = versions.iter().map(|version| version.effective_period).min().flatten();
    for version in versions {
        match engine.compile(kind, &version.source) {
            Ok(compiled) => editions.push(Edition {
                reference: RuleRef {
                    id: RuleId(rule.id),
                    name: rule.name.clone(),
                    title: compiled.title().to_owned(),
                    version: Version(version.version),
                    checksum: version.checksum,
                    engine: version.engine,
                },
                looks: Looks::of(&compiled),
                rule: compiled,
                effective_period: version.effective_period,
            }),
            Err(diagnostics) if version.version == rule.published_version => {
                let cause = diagnostics.first().map(|d| format!("line {}: {}", d.line, d.message));
                let effective_period = version.effective_period;
                broken = cause.map(|cause| Broken { cause, effective_period });
            }
            Err(_) => {}
        }
    }
    Ok(Published {
        id: RuleId(rule.id),
        kind,
        runs: stats.of(RuleId(rule.id)),
        version: Version(rule.published_version),
        scope: Scope::read(&rule.scope, rule.scope_id)?,
        name: rule.name,
        editions,
        broken,
        from,
        until: rule.retired_period,
        gaps: serde_json::from_str(&rule.gaps)?,
    })
}
