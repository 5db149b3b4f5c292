//! Rules: drafts, checks, cases, effects, versions.

use kpi_api::{
    id::{RescoreId, RuleId, Version},
    rule_effects::{
        Impact, ImpactProgress, ImpactRequest, RescoreDetail, ShadowBody, ShadowReport, ShadowView,
    },
    rules::{
        DraftBody, PublishBody, PublishedRule, RollbackBody, RuleDetail, RuleDiff, RuleNew, VersionDetail,
        VersionList,
        cases::{CheckBody, Checked, RunAnswer, RunBody, SampleList, TestList, TestReport, TestRunBody},
        policy::ScoringPolicy,
        reference::{RecipeBody, RecipeList, RecipeSource, Vocabulary},
    },
    scoring::RuleKind,
};

use crate::core::{
    client::{Answer, Call},
    query::Params,
};

pub async fn get(id: RuleId) -> Answer<RuleDetail> {
    Call::get(format!("/rules/{id}")).send().await
}

pub async fn create(body: &RuleNew, key: &str) -> Answer<RuleDetail> {
    Call::post("/rules").key(key).json(body).send().await
}

pub async fn delete(id: RuleId, revision: Version) -> Answer<()> {
    Call::delete(format!("/rules/{id}")).version(revision).done().await
}

pub async fn retire(id: RuleId, revision: Version) -> Answer<RuleDetail> {
    Call::post(format!("/rules/{id}/retire")).version(revision).send().await
}

pub async fn save_draft(id: RuleId, revision: Version, body: &DraftBody) -> Answer<RuleDetail> {
    Call::put(format!("/rules/{id}/draft")).version(revision).json(body).send().await
}

pub async fn drop_draft(id: RuleId, revision: Version) -> Answer<RuleDetail> {
    Call::delete(format!("/rules/{id}/draft")).version(revision).send().await
}

pub async fn check(id: RuleId, source: String) -> Answer<Checked> {
    Call::post(format!("/rules/{id}/check")).json(&CheckBody { source }).send().await
}

pub async fn run(id: RuleId, body: &RunBody) -> Answer<RunAnswer> {
    Call::post(format!("/rules/{id}/run")).json(body).send().await
}

pub async fn samples(id: RuleId, kind: RuleKind) -> Answer<SampleList> {
    Call::get(format!("/rules/{id}/samples")).query(&Params::new().with("kind", kind)).send().await
}

pub async fn tests(id: RuleId) -> Answer<TestList> {
    Call::get(format!("/rules/{id}/tests")).send().await
}

pub async fn run_tests(id: RuleId, body: &TestRunBody) -> Answer<TestReport> {
    Call::post(format!("/rules/{id}/tests/run")).json(body).send().await
}

pub async fn preview(id: RuleId, body: &ImpactRequest) -> Answer<Impact> {
    Call::post(format!("/rules/{id}/preview")).json(body).send().await
}

pub async fn preview_progress(ticket: &str) -> Answer<ImpactProgress> {
    Call::get(format!("/rules/previews/{ticket}")).send().await
}

pub async fn cancel_preview(ticket: &str) -> Answer<()> {
    Call::delete(format!("/rules/previews/{ticket}")).done().await
}

pub async fn publish(id: RuleId, revision: Version, body: &PublishBody, key: &str) -> Answer<PublishedRule> {
    Call::post(format!("/rules/{id}/publish")).version(revision).key(key).json(body).send().await
}

pub async fn roll_back(
    id: RuleId,
    revision: Version,
    body: &RollbackBody,
    key: &str,
) -> Answer<PublishedRule> {
    Call::post(format!("/rules/{id}/rollback")).version(revision).key(key).json(body).send().await
}

pub async fn versions(id: RuleId) -> Answer<VersionList> {
    Call::get(format!("/rules/{id}/versions")).send().await
}

pub async fn version(id: RuleId, version: Version) -> Answer<VersionDetail> {
    Call::get(format!("/rules/{id}/versions/{version}")).send().await
}

/// `from` and `to`: a version's number, or `draft`.
pub async fn diff(id: RuleId, from: &str, to: &str) -> Answer<RuleDiff> {
    let query = Params::new().with("from", from).with("to", to);
    Call::get(format!("/rules/{id}/diff")).query(&query).send().await
}

pub async fn rescore(id: RescoreId) -> Answer<RescoreDetail> {
    Call::get(format!("/rescores/{id}")).send().await
}

pub async fn vocabulary() -> Answer<Vocabulary> {
    Call::get("/rules/vocabulary").send().await
}

pub async fn recipes() -> Answer<RecipeList> {
    Call::get("/rules/recipes").send().await
}

pub async fn recipe_source(key: &str, body: &RecipeBody) -> Answer<RecipeSource> {
    Call::post(format!("/rules/recipes/{key}/source")).json(body).send().await
}

/// Where the draft that runs in the shadow differs.
pub async fn shadow(id: RuleId) -> Answer<ShadowReport> {
    Call::get(format!("/rules/{id}/shadow")).send().await
}

pub async fn start_shadow(id: RuleId, body: &ShadowBody) -> Answer<ShadowView> {
    Call::put(format!("/rules/{id}/shadow")).json(body).send().await
}

pub async fn end_shadow(id: RuleId) -> Answer<()> {
    Call::delete(format!("/rules/{id}/shadow")).done().await
}

/// What the published rules do, for everybody.
pub async fn scoring_policy() -> Answer<ScoringPolicy> {
    Call::get("/scoring-policy").send().await
}
