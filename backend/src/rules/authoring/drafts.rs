//! New rules and their drafts, and rules that end.

use kpi_api::{
    check::Check,
    error::Code,
    id::{RuleId, Version},
    rules::{DraftBody, NAME_MAX, RuleDetail, RuleNew, SOURCE_MAX, TESTS_MAX, Tests, cases::TestList},
    scoring::RuleKind,
};
use kpi_engine::cases;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{load, load_at, stale, wrong_state};
use crate::{
    auth::actor::Call,
    entity::{rule, rule_draft},
    periods,
    platform::{
        db::work::{Event, Work},
        failure::{Failure, Outcome},
        signals::Topic,
    },
    rules::{repo, service, shadow, shelf::Scope},
};

/// Cases at most.
const CASES: usize = 500;

pub async fn create(call: &Call, new: RuleNew) -> Outcome<RuleDetail> {
    let name = named(new.kind, &new.name)?;
    let scope = known_scope(call, &new.scope).await?;
    let tests = new.tests.as_ref().map(text_of).transpose()?.unwrap_or_default();
    fits(&new.source, &tests)?;
    let mut work = call.begin().await?;
    if let Some(answer) = work.replay("rule.create", &new).await? {
        return Ok(answer);
    }
    let (word, scope_id) = scope.to_columns();
    if repo::in_scope(work.tx(), &name, word, scope_id).await?.is_some() {
        return Err(Failure::new(Code::Duplicate, "There is a rule of this name there already."));
    }
    let row = rule::ActiveModel {
        name: Set(name),
        kind: Set(new.kind.to_string()),
        scope: Set(word.to_owned()),
        scope_id: Set(scope_id),
        published_version: Set(0),
        created_at: Set(work.at().0),
        origin: Set("own".to_owned()),
        shipped_checksum: Set(String::new()),
        revision: Set(1),
        ..Default::default()
    };
    let rule = repo::insert(work.tx(), row).await?;
    without_rival(&work, &rule).await?;
    put(&work, rule.id, new.source.clone(), tests, 0).await?;
    let detail = json!({ "name": rule.name, "kind": rule.kind, "scope": scope.to_text() });
    work.audit("rule.create", "rule", Some(rule.id), detail).await?;
    let answer = service::detail(&call.ctx, work.tx(), RuleId(rule.id)).await?;
    work.commit(&answer).await?;
    Ok(answer)
}

/// Changes the draft, or begins one over the published version.
pub async fn save(call: &Call, id: RuleId, body: DraftBody) -> Outcome<RuleDetail> {
    let tests = body.tests.as_ref().map(text_of).transpose()?;
    change(call, id, Some(body.source), tests).await
}

/// As [`save`], of the cases alone.
pub async fn save_tests(call: &Call, id: RuleId, tests: &Tests) -> Outcome<RuleDetail> {
    change(call, id, None, Some(text_of(tests)?)).await
}

async fn change(
    call: &Call,
    id: RuleId,
    source: Option<String>,
    tests: Option<String>,
) -> Outcome<RuleDetail> {
    let seen = call.who.version()?;
    let mut work = call.begin().await?;
    let whole = load_at(work.tx(), id, seen).await?;
    let source = source.unwrap_or_else(|| whole.source().to_owned());
    let tests = tests.unwrap_or_else(|| whole.tests().to_owned());
    fits(&source, &tests)?;
    let based_on = whole.draft.as_ref().map_or(whole.rule.published_version, |draft| draft.based_on);
    let detail = json!({ "checksum": kpi_engine::checksum(&source) });
    put(&work, id.0, source, tests, based_on).await?;
    advance(&work, id, seen, rule::ActiveModel::default()).await?;
    work.audit("rule.draft", "rule", Some(id.0), detail).await?;
    finish(call, work, id).await
}

/// Throws the draft away. 409 where there is none, or nothing else.
pub async fn discard(call: &Call, id: RuleId) -> Outcome<RuleDetail> {
    let seen = call.who.version()?;
    let mut work = call.begin().await?;
    let whole = load_at(work.tx(), id, seen).await?;
    if whole.draft.is_none() {
        return Err(wrong_state("There is no draft."));
    }
    if whole.version.is_none() {
        return Err(wrong_state("The rule is nothing but a draft; delete the rule instead."));
    }
    repo::drop_draft(work.tx(), id.0).await?;
    shadow::service::end_with_draft(&mut work, id).await?;
    advance(&work, id, seen, rule::ActiveModel::default()).await?;
    work.audit("rule.discard", "rule", Some(id.0), json!({})).await?;
    finish(call, work, id).await
}

/// Deletes a rule that was never published.
pub async fn delete(call: &Call, id: RuleId) -> Outcome<()> {
    let seen = call.who.version()?;
    let mut work = call.begin().await?;
    let whole = load_at(work.tx(), id, seen).await?;
    if whole.rule.published_version > 0 {
        return Err(wrong_state(
            "A rule that was published stays, because scores name it; retire it instead.",
        ));
    }
    repo::drop_draft(work.tx(), id.0).await?;
    if !repo::delete_unpublished(work.tx(), id.0, seen.0).await? {
        return Err(stale(seen.0 + 1));
    }
    work.audit("rule.delete", "rule", Some(id.0), json!({ "name": whole.rule.name })).await?;
    // Its shadow went with it, and is kept in memory too.
    work.touch(Topic::Rules);
    work.commit(&()).await
}

/// Ends a rule for every quarter that is still open; closed ones keep it.
pub async fn retire(call: &Call, id: RuleId) -> Outcome<RuleDetail> {
    let seen = call.who.version()?;
    let mut work = call.begin().await?;
    let whole = load_at(work.tx(), id, seen).await?;
    if whole.rule.published_version == 0 || whole.rule.retired_at.is_some() {
        return Err(wrong_state("Only a published rule can be retired."));
    }
    if whole.rule.kind == RuleKind::Score.as_str() && whole.rule.scope == "global" {
        return Err(wrong_state("Without a score rule for everybody, KPIs would have no score."));
    }
    let closed = periods::all_closed(work.tx()).await?;
    let row = rule::ActiveModel {
        retired_at: Set(Some(work.at().0)),
        retired_period: Set(Some(closed.iter().max().map_or(0, |last| last + 1))),
        ..Default::default()
    };
    advance(&work, id, seen, row).await?;
    let payload = json!({ "rule_id": id, "name": whole.rule.name });
    work.audit("rule.retire", "rule", Some(id.0), payload.clone()).await?;
    work.emit(Event { name: "rule.retired", entity: "rule", entity_id: id.0, payload }).await?;
    work.touch(Topic::Rules);
    finish(call, work, id).await
}

/// The cases of the draft, else of the published version.
pub async fn tests(call: &Call, id: RuleId) -> Outcome<TestList> {
    let whole = load(call.ctx.db.read(), id).await?;
    let text = whole.tests().to_owned();
    let (items, fault) = match super::proof::read(&text) {
        Ok(cases) => (cases, None),
        Err(fault) => (Vec::new(), Some(fault)),
    };
    Ok(TestList { items, text, fault, revision: Version(whole.rule.revision) })
}

/// 409 where another score rule has the scope already: nobody could say which of the two counts.
pub(super) async fn without_rival(work: &Work, rule: &rule::Model) -> Outcome<()> {
    if repo::has_rival(work.tx(), rule).await? {
        return Err(Failure::new(Code::Duplicate, "Another score rule has this scope already."));
    }
    Ok(())
}

/// Counts the change; 412 when somebody was faster.
pub(super) async fn advance(work: &Work, id: RuleId, seen: Version, row: rule::ActiveModel) -> Outcome<()> {
    if repo::change(work.tx(), id.0, seen.0, row).await? { Ok(()) } else { Err(stale(seen.0 + 1)) }
}

async fn put(work: &Work, rule: i64, source: String, tests: String, based_on: i64) -> Outcome<()> {
    let row = rule_draft::ActiveModel {
        rule_id: Set(rule),
        source: Set(source),
        tests: Set(tests),
        based_on: Set(based_on),
        is_offered: Set(false),
        updated_by: Set(work.by().user_id.map(|id| id.0)),
        updated_at: Set(work.at().0),
        ..Default::default()
    };
    Ok(repo::put_draft(work.tx(), row).await?)
}

async fn finish(call: &Call, work: Work, id: RuleId) -> Outcome<RuleDetail> {
    let answer = service::detail(&call.ctx, work.tx(), id).await?;
    work.commit(&answer).await?;
    Ok(answer)
}

/// The case file that the tests are, or are written as.
pub(super) fn text_of(tests: &Tests) -> Outcome<String> {
    match (&tests.cases, &tests.text) {
        (Some(cases), None) => {
            if cases.len() > CASES {
                return Err(Failure::field("cases", "too_many", format!("At most {CASES} cases.")));
            }
            cases::read(cases).map_err(Failure::invalid)?;
            Ok(cases::write(cases))
        }
        (None, Some(text)) => Ok(text.clone()),
        _ => Err(Failure::field("cases", "required", "Give either cases or a text.")),
    }
}

fn fits(source: &str, tests: &str) -> Outcome<()> {
    let mut check = Check::new();
    check.ensure(source.len() <= SOURCE_MAX, "source", "too_long", format!("At most {SOURCE_MAX} bytes."));
    check.ensure(
        !source.contains('\0'),
        "source",
        "control_characters",
        "Control characters are not allowed.",
    );
    check.ensure(tests.len() <= TESTS_MAX, "tests", "too_long", format!("At most {TESTS_MAX} bytes."));
    check.done().map_err(Failure::invalid)
}

/// `score/sales` of `sales` or `score/sales`.
fn named(kind: RuleKind, name: &str) -> Outcome<String> {
    let short = name.strip_prefix(kind.as_str()).and_then(|rest| rest.strip_prefix('/')).unwrap_or(name);
    let is_good = !short.is_empty()
        && short.len() <= NAME_MAX
        && short.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !short.starts_with('-')
        && !short.ends_with('-');
    if !is_good {
        let message = format!("1 to {NAME_MAX} small letters, digits and dashes.");
        return Err(Failure::field("name", "invalid", message));
    }
    Ok(format!("{kind}/{short}"))
}

async fn known_scope(call: &Call, text: &str) -> Outcome<Scope> {
    let unknown = |message: &str| Failure::field("scope", "unknown", message);
    let scope = Scope::parse(text)
        .ok_or_else(|| unknown("One of global, department:<number> and template:<number>."))?;
    match scope {
        Scope::Global => {}
        Scope::Department(id) => {
            if call.ctx.directory().await?.department(id).is_none() {
                return Err(unknown("There is no such department."));
            }
        }
        Scope::Template(id) => {
            if !call.ctx.template_names().await?.contains_key(&id.0) {
                return Err(unknown("There is no such template."));
            }
        }
    }
    Ok(scope)
}
