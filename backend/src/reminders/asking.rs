//! What the reminder rules say about a KPI, with their last good version standing in for one that fails. A rule without
//! any is left out, and the others go on.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kpi_api::{
    id::{RuleId, Version},
    scoring::RuleKind,
};
use kpi_engine::{ContextFacts, Engine, KpiFacts, Reminder, Trouble};

use crate::{
    people::directory::Directory,
    rules::{
        run::Place,
        shelf::{Edition, Published, Shelf},
        trouble::Failed,
    },
};

/// So many times a version may fail in one round before it is not asked again: each failure may cost its whole time
/// limit, and there are thousands of KPIs.
const PATIENCE: u32 = 5;

/// What one rule wants one KPI's people to hear.
pub struct Wish {
    pub rule_id: RuleId,
    pub rule: String,
    pub reminder: Reminder,
}

/// Asks the rules and remembers those that fail. Cheap to clone; clones remember together.
#[derive(Clone)]
pub struct Asker {
    engine: Arc<Engine>,
    shelf: Arc<Shelf>,
    memory: Arc<Mutex<Memory>>,
}

#[derive(Default)]
struct Memory {
    failures: HashMap<(RuleId, Version), u32>,
    troubles: Vec<Failed>,
}

impl Asker {
    pub fn new(engine: Arc<Engine>, shelf: Arc<Shelf>) -> Self {
        let broken = shelf.of_kind(RuleKind::Remind).filter_map(|rule| {
            Some(Failed {
                rule: rule.id,
                name: rule.name.clone(),
                version: rule.version,
                line: None,
                message: rule.broken.as_ref()?.told(),
                kpi: None,
            })
        });
        let memory = Memory { troubles: broken.collect(), ..Memory::default() };
        Self { engine, shelf, memory: Arc::new(Mutex::new(memory)) }
    }

    /// Everything the rules in whose scope the KPI is say about it on the day of `ctx`.
    pub fn ask(&self, directory: &Directory, place: Place, kpi: &KpiFacts, ctx: &ContextFacts) -> Vec<Wish> {
        let mut said = Vec::new();
        let Place { template, department, period } = place;
        for rule in self.shelf.applying(RuleKind::Remind, directory, template, department, period) {
            for edition in rule.in_effect(place.period) {
                if self.is_given_up(edition) {
                    continue;
                }
                let engine = &self.engine;
                match rule.runs.count(engine, || engine.remind(&edition.rule, kpi, ctx)) {
                    Ok(reminders) => {
                        let wish = |reminder| Wish { rule_id: rule.id, rule: rule.name.clone(), reminder };
                        said.extend(reminders.into_iter().map(wish));
                        break;
                    }
                    Err(trouble) => self.note(rule, edition, &trouble, kpi.id),
                }
            }
        }
        said
    }

    /// What failed, each version once.
    pub fn troubles(&self) -> Vec<Failed> {
        self.memory().troubles.clone()
    }

    fn is_given_up(&self, edition: &Edition) -> bool {
        let key = (edition.reference.id, edition.reference.version);
        self.memory().failures.get(&key).is_some_and(|failures| *failures >= PATIENCE)
    }

    fn note(&self, rule: &Published, edition: &Edition, trouble: &Trouble, kpi: Option<i64>) {
        let mut memory = self.memory();
        let failures = memory.failures.entry((rule.id, edition.reference.version)).or_default();
        *failures += 1;
        if *failures > 1 {
            return;
        }
        tracing::error!(
            rule = rule.name,
            version = edition.reference.version.0,
            line = trouble.line,
            cause = trouble.message,
            "a reminder rule failed"
        );
        memory.troubles.push(Failed {
            rule: rule.id,
            name: rule.name.clone(),
            version: edition.reference.version,
            line: trouble.line,
            message: trouble.message.clone(),
            kpi,
        });
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
