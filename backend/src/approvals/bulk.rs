//! Several decisions in one request. Each is a transaction of its own: what can be decided is, and what cannot says why
//! in its place. A repeated request finds its answer again, and one that was cut off goes on where it stopped.

use kpi_api::{
    approvals::{BulkDecisions, DecisionItem, DecisionResult, DecisionResults},
    kpi::KpiView,
};

use crate::{
    auth::actor::Call,
    kpi::service::acts,
    platform::{
        db::work::By,
        failure::{Failure, Outcome},
        http::told,
    },
};

const WHOLE: &str = "POST /approvals/bulk";
const ITEM: &str = "POST /approvals/bulk: one of them";

pub async fn decide(call: &Call, body: BulkDecisions) -> Outcome<DecisionResults> {
    body.check().map_err(Failure::invalid)?;
    let key = call.who.by()?.idempotency_key;
    if key.is_some()
        && let Some(done) = call.begin().await?.replay(WHOLE, &body).await?
    {
        return Ok(done);
    }
    let mut results = Vec::with_capacity(body.decisions.len());
    for (number, item) in body.decisions.iter().enumerate() {
        // A line break cannot be in a header, so no caller's own key is ever the same.
        let key = key.as_ref().map(|key| format!("{key}\n{number}"));
        results.push(result(item, one(call, key, item).await));
    }
    let answer = DecisionResults { results };
    if key.is_some() {
        let mut work = call.begin().await?;
        match work.replay(WHOLE, &body).await? {
            Some(done) => return Ok(done),
            None => work.commit(&answer).await?,
        }
    }
    Ok(answer)
}

async fn one(call: &Call, key: Option<String>, item: &DecisionItem) -> Outcome<KpiView> {
    let by = By { idempotency_key: key, ..call.who.by()? };
    let mut work = call.ctx.begin(by).await?;
    if let Some(done) = work.replay(ITEM, item).await? {
        return Ok(done);
    }
    let act = item.action.act();
    acts::act_in(call, work, item.kpi_id, Ok(item.version), act, item.reason.clone()).await
}

fn result(item: &DecisionItem, outcome: Outcome<KpiView>) -> DecisionResult {
    let kpi_id = item.kpi_id;
    match outcome {
        Ok(kpi) => DecisionResult { kpi_id, ok: true, kpi: Some(kpi), problem: None },
        Err(failure) => DecisionResult { kpi_id, ok: false, kpi: None, problem: Some(told(&failure)) },
    }
}
