//! Re-scores under way: some KPIs are read and scored, then written in one short transaction together with how far the
//! re-score is. What happens to a KPI in between is not overwritten: it is read again, with the right to write, and
//! scored as it is then.

use std::{collections::HashMap, time::Duration};

use anyhow::anyhow;
use kpi_api::{
    error::Code,
    id::{DepartmentId, RescoreId, RuleId, TemplateId, Version},
    rule_effects::RescoreState,
    scoring::{RuleKind, Said},
};
use serde_json::json;

use super::{
    repo,
    storing::{self, Scored},
};
use crate::{
    app::Ctx,
    entity::{check_in, kpi, rescore},
    kpi::{
        around::Around,
        repo as kpis,
        scoring::{self, Scene, Subject},
        service,
    },
    people::directory::Directory,
    periods,
    platform::{
        db::work::{By, Event, Work},
        failure::Outcome,
        lifecycle::Lifecycle,
    },
    rules::{
        repo as rules,
        shelf::{Scope, Shelf},
    },
};

/// KPIs in one transaction: few enough that nobody waits long for their turn to write. They are taken person by person,
/// so that few people's figures have to be counted again after each.
const AT_ONCE: usize = 200;

/// Pause before a re-score that could not go on is tried again.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Notes in the publishing transaction that the open quarters from one on are to be scored anew. The work begins by
/// itself after the commit, which has to say that rules have changed.
pub async fn start(
    ctx: &Ctx,
    work: &mut Work,
    rule: RuleId,
    version: Version,
    from: Option<i64>,
) -> Outcome<RescoreId> {
    let row = rules::rule(work.tx(), rule.0).await?.ok_or_else(|| anyhow!("there is no rule {rule}"))?;
    let scope = Scope::read(&row.scope, row.scope_id)?;
    let directory = ctx.directory().await?;
    let matching = repo::running(scope, &directory, from, periods::all_closed(work.tx()).await?);
    let total = repo::count(work.tx(), matching).await?;
    let by = work.by().user_id.map(|id| id.0);
    let fresh = repo::fresh(rule.0, version.0, from, by, work.at().0, total);
    let begun = repo::insert(work.tx(), fresh).await?;
    let detail = json!({ "rule_id": rule, "version": version, "kpis": total });
    work.audit("rule.rescore", "rescore", Some(begun.id), detail).await?;
    Ok(RescoreId(begun.id))
}

/// Carries out what is to be done, now and whenever rules have changed, until the server stops.
pub async fn run(ctx: Ctx, lifecycle: Lifecycle) {
    loop {
        let stopped = tokio::select! {
            () = lifecycle.stopping() => return,
            stopped = finish_all(&ctx) => stopped,
        };
        let pause = async {
            match stopped {
                Ok(()) => ctx.signals.rules_woken().await,
                Err(cause) => {
                    tracing::error!(?cause, "a re-score could not go on");
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
            }
        };
        tokio::select! {
            () = lifecycle.stopping() => return,
            () = pause => {}
        }
    }
}

/// Carries out all that is to be done. For the background, the command line and tests.
pub async fn finish_all(ctx: &Ctx) -> Outcome<()> {
    while let Some(row) = repo::unfinished(ctx.db.read()).await? {
        let id = row.id;
        if let Err(cause) = carry_on(ctx, row).await {
            let work = ctx.begin(by(id, None)).await?;
            repo::mark(work.tx(), id, RescoreState::Failed).await?;
            work.commit(&()).await?;
            return Err(cause);
        }
    }
    Ok(())
}

/// As whom a re-score writes: for whoever published the rule.
fn by(id: i64, user: Option<i64>) -> By {
    By { user_id: user.map(kpi_api::id::UserId), ..By::system(&format!("rescore {id}")) }
}

/// Scores the next KPIs of a re-score, or ends it where there are none.
pub async fn carry_on(ctx: &Ctx, was: rescore::Model) -> Outcome<()> {
    let Some(rule) = rules::rule(ctx.db.read(), was.rule_id).await? else { return end(ctx, was).await };
    let (scene, shelf) = (Scene::now(ctx).await?, ctx.rules().await?);
    let scope = Scope::read(&rule.scope, rule.scope_id)?;
    let matching = repo::running(scope, &scene.directory, was.from_period, scene.closed.iter().copied());
    let db = ctx.db.read();
    let rows = repo::next(db, matching, was.after_user_id, AT_ONCE).await?;
    let Some(last) = rows.last().map(|row| row.user_id) else { return end(ctx, was).await };
    let looked_at = rows.len();
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut check_ins: HashMap<i64, Vec<check_in::Model>> = HashMap::new();
    for row in kpis::valid_check_ins_of(db, &ids).await? {
        check_ins.entry(row.kpi_id).or_default().push(row);
    }
    let mut around = Around::of(ctx, db, &rows, shelf.looks(RuleKind::Score)).await?;
    let engine = ctx.engine.clone();
    let (shelf_there, scene_there, id) = (shelf.clone(), scene.clone(), was.rule_id);
    let scored = tokio::task::spawn_blocking(move || {
        let mine = rows.into_iter().filter(|row| is_scored_by(&shelf_there, &scene_there.directory, row, id));
        let mut scored = Vec::new();
        for row in mine {
            let check_ins = check_ins.remove(&row.id).unwrap_or_default();
            let mut subject = Subject::stored(&row, &check_ins, &scene_there.zone)?;
            around.tell(&mut subject);
            // A rule without any good version has been noted; the score stays as it is.
            if let Ok(standing) = scoring::score_subject(&engine, &shelf_there, &scene_there, subject) {
                scored.push(Scored::new(row, &standing)?);
            }
        }
        Outcome::Ok(scored)
    });
    let scored = scored.await.map_err(|panic| anyhow!("scoring anew: {panic}"))??;

    let mut work = ctx.begin(by(was.id, was.by_id)).await?;
    let is = rescore::Model { after_user_id: last, done: was.done + looked_at as i64, ..was.clone() };
    let is = rescore::Model { state: RescoreState::Running.to_string(), ..is };
    if !repo::move_on(work.tx(), &was, &is).await? {
        return Ok(());
    }
    let closed = periods::all_closed(work.tx()).await?;
    let overtaken = storing::store(&mut work, &is, scored, &closed).await?;
    let mut again = Vec::new();
    for row in kpis::by_ids_unscoped(work.tx(), &overtaken).await? {
        let is_running = matches!(row.status.as_str(), "approved" | "in_review");
        if is_running && is_scored_by(&shelf, &scene.directory, &row, was.rule_id) {
            again.extend(score_here(ctx, &work, &scene, row).await?);
        }
    }
    storing::store(&mut work, &is, again, &closed).await?;
    work.commit(&()).await
}

/// One KPI as it stands within the transaction.
async fn score_here(ctx: &Ctx, work: &Work, scene: &Scene, row: kpi::Model) -> Outcome<Option<Scored>> {
    let mut after = row.clone();
    match service::rescore(ctx, work, scene, &mut after).await {
        Err(failure) if failure.code() == Code::RuleBroken => Ok(None),
        done => done.map(|_| Some(Scored::moved(row, after))),
    }
}

/// Whether this rule is the one that scores the KPI.
fn is_scored_by(shelf: &Shelf, directory: &Directory, row: &kpi::Model, rule: i64) -> bool {
    let (template, department) = (row.template_id.map(TemplateId), row.department_id.map(DepartmentId));
    shelf.scoring(directory, template, department, row.period).is_some_and(|published| published.id.0 == rule)
}

/// Nothing is left: the administrators are told, and every open page looks again.
async fn end(ctx: &Ctx, was: rescore::Model) -> Outcome<()> {
    let mut work = ctx.begin(by(was.id, None)).await?;
    let (finished_at, state) = (Some(work.at().0), RescoreState::Done.to_string());
    if !repo::move_on(work.tx(), &was, &rescore::Model { finished_at, state, ..was.clone() }).await? {
        return Ok(());
    }
    let name = rules::rule(work.tx(), was.rule_id).await?.map(|rule| rule.name).unwrap_or_default();
    let counts = repo::counts(work.tx(), &[was.id]).await?;
    let (rescored, changed) = counts.first().map_or((0, 0), |(_, rescored, changed)| (*rescored, *changed));
    let values = [
        ("version", was.version.to_string()),
        ("rescored", rescored.to_string()),
        ("changed", changed.to_string()),
    ];
    let values = values.map(|(name, value)| (name.to_owned(), value)).into();
    let text = Said::new(SUMMARY, values);
    let detail = json!({ "rescored": rescored, "changed": changed });
    work.audit("rule.rescored", "rescore", Some(was.id), detail).await?;
    let payload = json!({ "rule_id": was.rule_id, "rescore_id": was.id, "name": name, "text": text });
    work.emit(Event { name: "rule.rescored", entity: "rule", entity_id: was.rule_id, payload }).await?;
    work.commit(&()).await?;
    tracing::info!(rule = name, version = was.version, rescored, changed, "scores were made anew");
    Ok(())
}

const SUMMARY: &str =
    "KPIs scored anew by version {version}: {rescored}; those with another score: {changed}.";
