//! Paths of the rules.

use kpi_api::{
    endpoint::Endpoint as E,
    id::{RuleId, Version},
};
use warp::{Filter, filters::BoxedFilter};

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, body, finish, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let mut all = general(ctx);
    all.extend(writing(ctx));
    all.extend(publishing(ctx));
    all
}

/// `/rules/{id}` and what follows.
fn of(end: &'static str) -> BoxedFilter<(RuleId,)> {
    let start = warp::path("rules").and(warp::path::param::<RuleId>()).boxed();
    end.split('/')
        .filter(|part| !part.is_empty())
        .fold(start, |path, part| path.and(warp::path(part)).boxed())
        .and(warp::path::end())
        .boxed()
}

fn general(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    let all = || warp::path!("rules");
    vec![
        (E::ListRules, all().and(at(E::ListRules)).then(handlers::list).map(finish).boxed()),
        (E::CreateRule, all().and(at(E::CreateRule)).and(body()).then(handlers::create).map(finish).boxed()),
        (
            E::GetVocabulary,
            warp::path!("rules" / "vocabulary")
                .and(at(E::GetVocabulary))
                .then(handlers::vocabulary)
                .map(finish)
                .boxed(),
        ),
        (
            E::ListRecipes,
            warp::path!("rules" / "recipes")
                .and(at(E::ListRecipes))
                .then(handlers::recipes)
                .map(finish)
                .boxed(),
        ),
        (
            E::GetRecipeSource,
            warp::path!("rules" / "recipes" / String / "source")
                .and(at(E::GetRecipeSource))
                .and(body())
                .then(handlers::recipe_source)
                .map(finish)
                .boxed(),
        ),
        (
            E::GetScoringPolicy,
            warp::path!("scoring-policy")
                .and(at(E::GetScoringPolicy))
                .then(handlers::scoring_policy)
                .map(finish)
                .boxed(),
        ),
    ]
}

fn writing(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    vec![
        (E::GetRule, of("").and(at(E::GetRule)).then(handlers::get).map(finish).boxed()),
        (E::DeleteRule, of("").and(at(E::DeleteRule)).then(handlers::delete).map(finish).boxed()),
        (
            E::PutRuleDraft,
            of("draft").and(at(E::PutRuleDraft)).and(body()).then(handlers::save_draft).map(finish).boxed(),
        ),
        (
            E::DiscardRuleDraft,
            of("draft").and(at(E::DiscardRuleDraft)).then(handlers::discard_draft).map(finish).boxed(),
        ),
        (
            E::CheckRule,
            of("check").and(at(E::CheckRule)).and(body()).then(handlers::check).map(finish).boxed(),
        ),
        (E::ListRuleTests, of("tests").and(at(E::ListRuleTests)).then(handlers::tests).map(finish).boxed()),
        (
            E::PutRuleTests,
            of("tests").and(at(E::PutRuleTests)).and(body()).then(handlers::save_tests).map(finish).boxed(),
        ),
        (
            E::TestRule,
            of("tests/run").and(at(E::TestRule)).and(body()).then(handlers::run_tests).map(finish).boxed(),
        ),
        (E::RunRule, of("run").and(at(E::RunRule)).and(body()).then(handlers::run).map(finish).boxed()),
        (
            E::ListRuleSamples,
            of("samples").and(at(E::ListRuleSamples)).then(handlers::samples).map(finish).boxed(),
        ),
    ]
}

fn publishing(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    vec![
        (
            E::PublishRule,
            of("publish").and(at(E::PublishRule)).and(body()).then(handlers::publish).map(finish).boxed(),
        ),
        (
            E::RollBackRule,
            of("rollback").and(at(E::RollBackRule)).and(body()).then(handlers::roll_back).map(finish).boxed(),
        ),
        (E::RetireRule, of("retire").and(at(E::RetireRule)).then(handlers::retire).map(finish).boxed()),
        (
            E::ListRuleVersions,
            of("versions").and(at(E::ListRuleVersions)).then(handlers::versions).map(finish).boxed(),
        ),
        (
            E::GetRuleVersion,
            warp::path!("rules" / RuleId / "versions" / Version)
                .and(at(E::GetRuleVersion))
                .then(handlers::version)
                .map(finish)
                .boxed(),
        ),
        (E::DiffRule, of("diff").and(at(E::DiffRule)).and(query()).then(handlers::diff).map(finish).boxed()),
    ]
}
