//! Running a source on one KPI, a stored one or one as typed. Nothing is stored.

use std::time::Instant;

use kpi_api::{
    error::FieldError,
    id::{KpiId, RuleId, Version},
    rules::cases::{
        Expected, ReminderView, RunAnswer, RunBody, RunTrouble, ScoreResult, TroubleKind as TroubleWord,
    },
    scoring::{Receipt, RuleKind, RuleRef},
};
use kpi_engine::{
    ContextFacts, ENGINE_VERSION, Engine, Event, KpiFacts, Returned, Rule, Scored, Trial, Trouble,
    TroubleKind, cases,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{aside, kind, load, proof};
use crate::{
    app::Ctx,
    auth::actor::Call,
    kpi::{
        around::Around,
        repo,
        scoring::{self, Scene, Subject},
    },
    platform::failure::{Failure, Outcome},
    rules::shelf::Looks,
};

pub async fn run(call: &Call, id: RuleId, body: RunBody) -> Outcome<RunAnswer> {
    let whole = load(call.ctx.db.read(), id).await?;
    let kind = kind(&whole)?;
    let source = body.source.unwrap_or_else(|| whole.source().to_owned());
    let (kpi, ctx) = match (body.kpi_id, &body.kpi) {
        (Some(id), None) => stored(&call.ctx, id, kind).await?,
        (None, kpi) => {
            let kpi = kpi.as_ref().map(|kpi| read("kpi", kpi)).transpose()?.unwrap_or_default();
            (kpi, ContextFacts { event: event(kind), ..ContextFacts::default() })
        }
        (Some(_), Some(_)) => {
            return Err(Failure::field("kpi", "doubled", "Give either a stored KPI or a typed one."));
        }
    };
    let ctx = match &body.ctx {
        Some(changes) => read("ctx", &merged(&ctx, changes)?)?,
        None => ctx,
    };
    let name = whole.rule.name.clone();
    aside(&call.ctx, move |engine| answer(engine, id, name, kind, &source, &kpi, &ctx)).await
}

/// Why a rule of the kind is usually asked.
fn event(kind: RuleKind) -> Event {
    match kind {
        RuleKind::Score => Event::Preview,
        RuleKind::Validate => Event::Submit,
        RuleKind::Remind => Event::Schedule,
    }
}

fn answer(
    engine: &Engine,
    id: RuleId,
    name: String,
    kind: RuleKind,
    source: &str,
    kpi: &KpiFacts,
    ctx: &ContextFacts,
) -> RunAnswer {
    let (rule, diagnostics) = proof::inspect(engine, kind, source);
    let mut answer = RunAnswer {
        result: None,
        receipt: None,
        findings: None,
        reminders: None,
        operations: 0,
        log: Vec::new(),
        took_us: 0,
        trouble: None,
        diagnostics,
        kpi: cases::given(kpi),
        ctx: cases::given(ctx),
        expected: Expected::default(),
    };
    let Some(rule) = rule else { return answer };
    let began = Instant::now();
    let trial = engine.trial(&rule, kpi, ctx);
    answer.took_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    answer.expected = cases::expected(&trial);
    let Trial { outcome, operations, log } = trial;
    answer.operations = operations;
    answer.log = log.into_iter().map(|said| said.text).collect();
    match outcome {
        Ok(Returned::Score(scored)) => {
            answer.result = Some(ScoreResult {
                score: scored.score,
                progress: scored.progress_percentage,
                band: scored.band,
            });
            answer.receipt = Some(receipt(&rule, id, name, *scored, ctx));
        }
        Ok(Returned::Findings(findings)) => answer.findings = Some(findings),
        Ok(Returned::Reminders(reminders)) => {
            let view = |reminder: kpi_engine::Reminder| ReminderView {
                to: reminder.to,
                title: reminder.title,
                text: reminder.text,
                reason: reminder.reason,
                every: reminder.every,
            };
            answer.reminders = Some(reminders.into_iter().map(view).collect());
        }
        Err(trouble) => answer.trouble = Some(told(trouble)),
    }
    answer
}

/// As the score would be explained if the source were published; version 0 says that it is not.
fn receipt(rule: &Rule, id: RuleId, name: String, scored: Scored, ctx: &ContextFacts) -> Receipt {
    Receipt {
        rule: RuleRef {
            id,
            name,
            title: rule.title().to_owned(),
            version: Version(0),
            checksum: rule.checksum().to_owned(),
            engine: ENGINE_VERSION.to_owned(),
        },
        inputs: scored.inputs,
        steps: scored.steps,
        score: scored.score,
        progress_percentage: scored.progress_percentage,
        attainment: scored.attainment,
        cap: scored.cap,
        band: scored.band,
        bands: ctx.settings.bands,
        trouble: None,
    }
}

fn told(trouble: Trouble) -> RunTrouble {
    RunTrouble {
        kind: match trouble.kind {
            TroubleKind::Limit(_) => TroubleWord::Limit,
            // What a host refuses is a failure like any other; rules have no host.
            TroubleKind::Threw | TroubleKind::Refused => TroubleWord::Threw,
            TroubleKind::WrongShape => TroubleWord::WrongShape,
            TroubleKind::Panicked => TroubleWord::Panicked,
        },
        message: trouble.message,
        line: trouble.line,
        column: trouble.column,
    }
}

/// A stored KPI with everything around it that rules may look at. Whoever may try rules may see every KPI.
async fn stored(ctx: &Ctx, id: KpiId, kind: RuleKind) -> Outcome<(KpiFacts, ContextFacts)> {
    let db = ctx.db.read();
    let unknown = || Failure::field("kpi_id", "unknown", "There is no such KPI.");
    let row = repo::by_id_unscoped(db, id).await?.ok_or_else(unknown)?;
    let scene = Scene::now(ctx).await?;
    let check_ins = repo::valid_check_ins(db, id).await?;
    let mut subject = Subject::stored(&row, &check_ins, &scene.zone)?;
    Around::one(ctx, db, &row, Looks::EVERYWHERE).await?.tell(&mut subject);
    // Scores are made and reminders sent without regard to who acts and to the rest of the quarter.
    let (actor, weight) = match kind {
        RuleKind::Score | RuleKind::Remind => (None, None),
        RuleKind::Validate => {
            let others = repo::period_weight(db, subject.owner, row.period, subject.id).await?;
            (Some(subject.owner), Some(others + subject.definition.weight))
        }
    };
    let (_, kpi, surroundings) = scoring::told(&scene, subject, event(kind), actor, weight)?;
    Ok((kpi, surroundings))
}

/// Facts of which some are given, or what is wrong with them.
fn read<T: DeserializeOwned>(field: &str, given: &Map<String, Value>) -> Outcome<T> {
    cases::facts(given).map_err(|message| Failure::invalid(vec![FieldError::new(field, "invalid", message)]))
}

/// The surroundings with single fields changed.
fn merged(ctx: &ContextFacts, changes: &Map<String, Value>) -> Outcome<Map<String, Value>> {
    let mut all = match serde_json::to_value(ctx)? {
        Value::Object(all) => all,
        _ => Map::new(),
    };
    put_over(&mut all, changes);
    Ok(all)
}

fn put_over(all: &mut Map<String, Value>, changes: &Map<String, Value>) {
    for (name, change) in changes {
        match (all.get_mut(name), change) {
            (Some(Value::Object(inner)), Value::Object(changes)) => put_over(inner, changes),
            _ => {
                all.insert(name.clone(), change.clone());
            }
        }
    }
}
