//! Rules over HTTP.

use kpi_api::{
    id::{RuleId, Version},
    rules::{
        DraftBody, PublishBody, PublishedRule, RollbackBody, RuleDetail, RuleDiff, RuleList, RuleNew, Tests,
        VersionDetail, VersionList,
        cases::{CheckBody, Checked, RunAnswer, RunBody, SampleList, TestList, TestReport, TestRunBody},
        policy::ScoringPolicy,
        reference::{RecipeBody, RecipeList, RecipeSource, Vocabulary},
    },
};

pub use super::authoring::versions::DiffQuery;
use super::{
    authoring::{drafts, proof, publishing, samples as trying, trial, versions as past},
    plain_words, service,
};
use crate::{
    auth::actor::Entered,
    platform::{
        failure::Outcome,
        http::{Answer, Reply},
    },
};

fn versioned(detail: RuleDetail) -> Answer<RuleDetail> {
    Ok(Reply::Versioned(detail.rule.revision, detail))
}

/// All rules, also those that were never published or are retired.
#[utoipa::path(get, path = "/rules", tag = "rules", responses((status = 200, body = RuleList)))]
pub async fn list(call: Entered) -> Answer<RuleList> {
    Ok(Reply::Ok(service::list(&call?.ctx).await?))
}

/// A new rule as a draft. A score rule needs a scope that no other one has.
#[utoipa::path(post, path = "/rules", tag = "rules", request_body = RuleNew,
    responses((status = 201, body = RuleDetail)))]
pub async fn create(call: Entered, body: Outcome<RuleNew>) -> Answer<RuleDetail> {
    let body = drafts::create(&call?, body?).await?;
    let (at, version) = (format!("/rules/{}", body.rule.id), body.rule.revision);
    Ok(Reply::CreatedVersioned { at, version, body })
}

/// A rule with the source and the cases of its published version, and its draft. `revision` is its `ETag`.
#[utoipa::path(get, path = "/rules/{id}", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = RuleDetail)))]
pub async fn get(id: RuleId, call: Entered) -> Answer<RuleDetail> {
    versioned(service::get(&call?.ctx, id).await?)
}

/// Deletes a rule that was never published.
#[utoipa::path(delete, path = "/rules/{id}", tag = "rules", params(("id" = i64, Path)), responses((status = 204)))]
pub async fn delete(id: RuleId, call: Entered) -> Answer<()> {
    drafts::delete(&call?, id).await?;
    Ok(Reply::NoContent)
}

/// Changes the draft, or begins one over the published version. Nothing applies before it is published.
#[utoipa::path(put, path = "/rules/{id}/draft", tag = "rules", params(("id" = i64, Path)),
    request_body = DraftBody, responses((status = 200, body = RuleDetail)))]
pub async fn save_draft(id: RuleId, call: Entered, body: Outcome<DraftBody>) -> Answer<RuleDetail> {
    versioned(drafts::save(&call?, id, body?).await?)
}

/// Throws the draft away.
#[utoipa::path(delete, path = "/rules/{id}/draft", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = RuleDetail)))]
pub async fn discard_draft(id: RuleId, call: Entered) -> Answer<RuleDetail> {
    versioned(drafts::discard(&call?, id).await?)
}

/// What is wrong with a source, with line and column. Nothing is stored.
#[utoipa::path(post, path = "/rules/{id}/check", tag = "rules", params(("id" = i64, Path)),
    request_body = CheckBody, responses((status = 200, body = Checked)))]
pub async fn check(id: RuleId, call: Entered, body: Outcome<CheckBody>) -> Answer<Checked> {
    Ok(Reply::Ok(proof::check(&call?, id, body?.source).await?))
}

/// The cases of the draft, else of the published version.
#[utoipa::path(get, path = "/rules/{id}/tests", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = TestList)))]
pub async fn tests(id: RuleId, call: Entered) -> Answer<TestList> {
    let tests = drafts::tests(&call?, id).await?;
    Ok(Reply::Versioned(tests.revision, tests))
}

/// Changes the cases of the draft, or begins one over the published version.
#[utoipa::path(put, path = "/rules/{id}/tests", tag = "rules", params(("id" = i64, Path)),
    request_body = Tests, responses((status = 200, body = RuleDetail)))]
pub async fn save_tests(id: RuleId, call: Entered, body: Outcome<Tests>) -> Answer<RuleDetail> {
    versioned(drafts::save_tests(&call?, id, &body?).await?)
}

/// Runs the cases, and tries what has to hold of every rule. Nothing is stored.
#[utoipa::path(post, path = "/rules/{id}/tests/run", tag = "rules", params(("id" = i64, Path)),
    request_body = TestRunBody, responses((status = 200, body = TestReport)))]
pub async fn run_tests(id: RuleId, call: Entered, body: Outcome<TestRunBody>) -> Answer<TestReport> {
    Ok(Reply::Ok(proof::run_tests(&call?, id, body?).await?))
}

/// Runs a source on a stored KPI or on one as typed. Nothing is stored.
#[utoipa::path(post, path = "/rules/{id}/run", tag = "rules", params(("id" = i64, Path)),
    request_body = RunBody, responses((status = 200, body = RunAnswer)))]
pub async fn run(id: RuleId, call: Entered, body: Outcome<RunBody>) -> Answer<RunAnswer> {
    Ok(Reply::Ok(trial::run(&call?, id, body?).await?))
}

/// KPIs to try the rule on: edge cases, then stored ones in its scope.
#[utoipa::path(get, path = "/rules/{id}/samples", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = SampleList)))]
pub async fn samples(id: RuleId, call: Entered) -> Answer<SampleList> {
    Ok(Reply::Ok(trying::samples(&call?, id).await?))
}

/// Publishes the draft as the next version. Refused with 409 `check_failed` or `tests_failed` while not everything
/// holds, with 422 for a quarter that is closed.
#[utoipa::path(post, path = "/rules/{id}/publish", tag = "rules", params(("id" = i64, Path)),
    request_body = PublishBody, responses((status = 200, body = PublishedRule)))]
pub async fn publish(id: RuleId, call: Entered, body: Outcome<PublishBody>) -> Answer<PublishedRule> {
    let published = publishing::publish(&call?, id, body?).await?;
    Ok(Reply::Versioned(published.rule.rule.revision, published))
}

/// Publishes the source of an older version as the next one, also of a retired rule.
#[utoipa::path(post, path = "/rules/{id}/rollback", tag = "rules", params(("id" = i64, Path)),
    request_body = RollbackBody, responses((status = 200, body = PublishedRule)))]
pub async fn roll_back(id: RuleId, call: Entered, body: Outcome<RollbackBody>) -> Answer<PublishedRule> {
    let published = publishing::roll_back(&call?, id, body?).await?;
    Ok(Reply::Versioned(published.rule.rule.revision, published))
}

/// Ends a rule for every quarter that is still open. The score rule for everybody stays.
#[utoipa::path(post, path = "/rules/{id}/retire", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = RuleDetail)))]
pub async fn retire(id: RuleId, call: Entered) -> Answer<RuleDetail> {
    versioned(drafts::retire(&call?, id).await?)
}

/// The versions of a rule, newest first.
#[utoipa::path(get, path = "/rules/{id}/versions", tag = "rules", params(("id" = i64, Path)),
    responses((status = 200, body = VersionList)))]
pub async fn versions(id: RuleId, call: Entered) -> Answer<VersionList> {
    Ok(Reply::Ok(past::list(&call?, id).await?))
}

/// A version with its source and cases.
#[utoipa::path(get, path = "/rules/{id}/versions/{version}", tag = "rules",
    params(("id" = i64, Path), ("version" = i64, Path)), responses((status = 200, body = VersionDetail)))]
pub async fn version(id: RuleId, version: Version, call: Entered) -> Answer<VersionDetail> {
    Ok(Reply::Ok(past::get(&call?, id, version).await?))
}

/// What differs between two versions, or a version and the draft, line by line.
#[utoipa::path(get, path = "/rules/{id}/diff", tag = "rules", params(("id" = i64, Path), DiffQuery),
    responses((status = 200, body = RuleDiff)))]
pub async fn diff(id: RuleId, call: Entered, query: Outcome<DiffQuery>) -> Answer<RuleDiff> {
    Ok(Reply::Ok(past::diff(&call?, id, query?).await?))
}

/// Everything rules are written with: fields, functions, pieces to begin with, limits.
#[utoipa::path(get, path = "/rules/vocabulary", tag = "rules", responses((status = 200, body = Vocabulary)))]
pub async fn vocabulary(call: Entered) -> Answer<Vocabulary> {
    Ok(Reply::Ok(service::vocabulary(&call?.ctx)))
}

/// Rules that need only their numbers.
#[utoipa::path(get, path = "/rules/recipes", tag = "rules", responses((status = 200, body = RecipeList)))]
pub async fn recipes(call: Entered) -> Answer<RecipeList> {
    call?;
    Ok(Reply::Ok(service::recipes()))
}

/// The rule that a recipe makes with these numbers. Nothing is stored.
#[utoipa::path(post, path = "/rules/recipes/{key}/source", tag = "rules", params(("key" = String, Path)),
    request_body = RecipeBody, responses((status = 200, body = RecipeSource)))]
pub async fn recipe_source(key: String, call: Entered, body: Outcome<RecipeBody>) -> Answer<RecipeSource> {
    call?;
    Ok(Reply::Ok(service::recipe_source(&key, &body?)?))
}

/// What the published rules do, in plain words, by department.
#[utoipa::path(get, path = "/scoring-policy", tag = "rules", responses((status = 200, body = ScoringPolicy)))]
pub async fn scoring_policy(call: Entered) -> Answer<ScoringPolicy> {
    Ok(Reply::Ok(plain_words::scoring_policy(&call?.ctx).await?))
}
