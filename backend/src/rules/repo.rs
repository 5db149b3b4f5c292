//! Queries on rules, their versions and drafts. Versions are only ever added.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, Order,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::entity::{kpi, rule, rule_draft, rule_version};

/// Every published rule with the versions up to the published one, newest first.
pub async fn published(
    db: &impl ConnectionTrait,
) -> Result<Vec<(rule::Model, Vec<rule_version::Model>)>, DbErr> {
    let rules = rule::Entity::find()
        .filter(rule::Column::PublishedVersion.gt(0))
        .order_by_asc(rule::Column::Id)
        .all(db)
        .await?;
    let versions = rule_version::Entity::find().order_by_desc(rule_version::Column::Version).all(db).await?;
    let mut by_rule: HashMap<i64, Vec<rule_version::Model>> = HashMap::new();
    for version in versions {
        by_rule.entry(version.rule_id).or_default().push(version);
    }
    Ok(rules
        .into_iter()
        .map(|rule| {
            let mut versions = by_rule.remove(&rule.id).unwrap_or_default();
            versions.retain(|version| version.version <= rule.published_version);
            (rule, versions)
        })
        .collect())
}

/// A rule with its published version and its draft, as far as there are such.
pub struct Whole {
    pub rule: rule::Model,
    pub version: Option<rule_version::Model>,
    pub draft: Option<rule_draft::Model>,
}

impl Whole {
    /// The draft's source, else the published one.
    pub fn source(&self) -> &str {
        let published = self.version.as_ref().map_or("", |version| version.source.as_str());
        self.draft.as_ref().map_or(published, |draft| draft.source.as_str())
    }

    /// The draft's case file, else the published one.
    pub fn tests(&self) -> &str {
        let published = self.version.as_ref().map_or("", |version| version.tests.as_str());
        self.draft.as_ref().map_or(published, |draft| draft.tests.as_str())
    }
}

/// All rules, oldest first.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Whole>, DbErr> {
    let rules = rule::Entity::find().order_by_asc(rule::Column::Id).all(db).await?;
    let present = rules.iter().fold(Condition::any(), |any, rule| {
        let of_rule = Condition::all()
            .add(rule_version::Column::RuleId.eq(rule.id))
            .add(rule_version::Column::Version.eq(rule.published_version));
        any.add(of_rule)
    });
    let versions = rule_version::Entity::find().filter(present).all(db).await?;
    let mut versions: HashMap<i64, _> = versions.into_iter().map(|row| (row.rule_id, row)).collect();
    let drafts = rule_draft::Entity::find().all(db).await?;
    let mut drafts: HashMap<i64, _> = drafts.into_iter().map(|row| (row.rule_id, row)).collect();
    let whole = |rule: rule::Model| Whole {
        version: versions.remove(&rule.id),
        draft: drafts.remove(&rule.id),
        rule,
    };
    Ok(rules.into_iter().map(whole).collect())
}

pub async fn rule(db: &impl ConnectionTrait, id: i64) -> Result<Option<rule::Model>, DbErr> {
    rule::Entity::find_by_id(id).one(db).await
}

pub async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<Whole>, DbErr> {
    let Some(rule) = rule(db, id).await? else { return Ok(None) };
    let version = version(db, id, rule.published_version).await?;
    let draft = rule_draft::Entity::find().filter(rule_draft::Column::RuleId.eq(id)).one(db).await?;
    Ok(Some(Whole { rule, version, draft }))
}

pub async fn global_named(db: &impl ConnectionTrait, name: &str) -> Result<Option<rule::Model>, DbErr> {
    in_scope(db, name, "global", 0).await
}

pub async fn in_scope(
    db: &impl ConnectionTrait,
    name: &str,
    scope: &str,
    scope_id: i64,
) -> Result<Option<rule::Model>, DbErr> {
    rule::Entity::find()
        .filter(rule::Column::Name.eq(name))
        .filter(rule::Column::Scope.eq(scope))
        .filter(rule::Column::ScopeId.eq(scope_id))
        .one(db)
        .await
}

/// Whether another score rule that is not retired has the same scope.
pub async fn has_rival(db: &impl ConnectionTrait, rule: &rule::Model) -> Result<bool, DbErr> {
    if rule.kind != "score" {
        return Ok(false);
    }
    let rivals = rule::Entity::find()
        .filter(rule::Column::Kind.eq("score"))
        .filter(rule::Column::Scope.eq(&rule.scope))
        .filter(rule::Column::ScopeId.eq(rule.scope_id))
        .filter(rule::Column::RetiredAt.is_null())
        .filter(rule::Column::Id.ne(rule.id))
        .count(db)
        .await?;
    Ok(rivals > 0)
}

pub async fn version(
    db: &impl ConnectionTrait,
    rule: i64,
    version: i64,
) -> Result<Option<rule_version::Model>, DbErr> {
    rule_version::Entity::find()
        .filter(rule_version::Column::RuleId.eq(rule))
        .filter(rule_version::Column::Version.eq(version))
        .one(db)
        .await
}

/// Newest first.
pub async fn versions(db: &impl ConnectionTrait, rule: i64) -> Result<Vec<rule_version::Model>, DbErr> {
    rule_version::Entity::find()
        .filter(rule_version::Column::RuleId.eq(rule))
        .order_by_desc(rule_version::Column::Version)
        .all(db)
        .await
}

pub async fn has_version_of(db: &impl ConnectionTrait, rule: i64, checksum: &str) -> Result<bool, DbErr> {
    let found = rule_version::Entity::find()
        .filter(rule_version::Column::RuleId.eq(rule))
        .filter(rule_version::Column::Checksum.eq(checksum))
        .count(db)
        .await?;
    Ok(found > 0)
}

pub async fn insert(db: &impl ConnectionTrait, row: rule::ActiveModel) -> Result<rule::Model, DbErr> {
    row.insert(db).await
}

pub async fn insert_version(
    db: &impl ConnectionTrait,
    row: rule_version::ActiveModel,
) -> Result<rule_version::Model, DbErr> {
    row.insert(db).await
}

/// Changes a rule that is still at `revision`, and counts the change; `false` when somebody was faster.
pub async fn change(
    db: &impl ConnectionTrait,
    id: i64,
    revision: i64,
    mut row: rule::ActiveModel,
) -> Result<bool, DbErr> {
    row.revision = Set(revision + 1);
    let done = rule::Entity::update_many()
        .set(row)
        .filter(rule::Column::Id.eq(id))
        .filter(rule::Column::Revision.eq(revision))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Deletes a rule that was never published and is still at `revision`, with its draft.
pub async fn delete_unpublished(db: &impl ConnectionTrait, id: i64, revision: i64) -> Result<bool, DbErr> {
    let done = rule::Entity::delete_many()
        .filter(rule::Column::Id.eq(id))
        .filter(rule::Column::Revision.eq(revision))
        .filter(rule::Column::PublishedVersion.eq(0))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Puts a draft in the place of the one before.
pub async fn put_draft(db: &impl ConnectionTrait, row: rule_draft::ActiveModel) -> Result<(), DbErr> {
    if let Some(rule) = row.rule_id.try_as_ref() {
        drop_draft(db, *rule).await?;
    }
    row.insert(db).await.map(drop)
}

pub async fn drop_draft(db: &impl ConnectionTrait, rule: i64) -> Result<(), DbErr> {
    rule_draft::Entity::delete_many().filter(rule_draft::Column::RuleId.eq(rule)).exec(db).await.map(drop)
}

/// Which KPIs a rule may be tried on.
pub enum Among {
    All,
    Departments(Vec<i64>),
    Template(i64),
}

/// The KPIs changed last, those with a value first.
pub async fn some_kpis(db: &impl ConnectionTrait, among: Among, most: u64) -> Result<Vec<kpi::Model>, DbErr> {
    let kpis = kpi::Entity::find();
    let kpis = match among {
        Among::All => kpis,
        Among::Departments(ids) => kpis.filter(kpi::Column::DepartmentId.is_in(ids)),
        Among::Template(id) => kpis.filter(kpi::Column::TemplateId.eq(id)),
    };
    kpis.order_by(kpi::Column::CurrentValue.is_null(), Order::Asc)
        .order_by_desc(kpi::Column::UpdatedAt)
        .order_by_desc(kpi::Column::Id)
        .limit(most)
        .all(db)
        .await
}

/// What brings a retired rule back from a quarter on: in between it stays retired. Nothing for a rule that is in use.
pub fn back_from(row: &rule::Model, period: i64) -> serde_json::Result<rule::ActiveModel> {
    let mut gaps: Vec<(i64, i64)> = serde_json::from_str(&row.gaps)?;
    gaps.extend(row.retired_period.map(|retired| (retired, period)).filter(|(first, end)| first < end));
    Ok(rule::ActiveModel {
        retired_at: Set(None),
        retired_period: Set(None),
        gaps: Set(serde_json::to_string(&gaps)?),
        ..Default::default()
    })
}
