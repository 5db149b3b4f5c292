//! Queries on rules and their versions.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QueryOrder,
};

use crate::entity::{rule, rule_version};

/// Every rule with the versions up to the published one, newest first.
pub async fn published(
    db: &impl ConnectionTrait,
) -> Result<Vec<(rule::Model, Vec<rule_version::Model>)>, DbErr> {
    let rules = rule::Entity::find().order_by_asc(rule::Column::Id).all(db).await?;
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

pub async fn by_id(
    db: &impl ConnectionTrait,
    id: i64,
) -> Result<Option<(rule::Model, rule_version::Model)>, DbErr> {
    let Some(rule) = rule::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let version = rule_version::Entity::find()
        .filter(rule_version::Column::RuleId.eq(id))
        .filter(rule_version::Column::Version.eq(rule.published_version))
        .one(db)
        .await?;
    Ok(version.map(|version| (rule, version)))
}

pub async fn rule(db: &impl ConnectionTrait, id: i64) -> Result<Option<rule::Model>, DbErr> {
    rule::Entity::find_by_id(id).one(db).await
}

pub async fn global_named(db: &impl ConnectionTrait, name: &str) -> Result<Option<rule::Model>, DbErr> {
    rule::Entity::find()
        .filter(rule::Column::Name.eq(name))
        .filter(rule::Column::Scope.eq("global"))
        .one(db)
        .await
}

/// A rule whose first version is published at once.
pub struct Fresh<'a> {
    pub name: &'a str,
    pub kind: &'a str,
    pub source: &'a str,
    pub tests: &'a str,
    pub checksum: &'a str,
    pub engine: &'a str,
    pub note: &'a str,
    /// Milliseconds since 1970.
    pub at: i64,
}

pub async fn insert_global(db: &impl ConnectionTrait, fresh: Fresh<'_>) -> Result<i64, DbErr> {
    let rule = rule::ActiveModel {
        name: Set(fresh.name.to_owned()),
        kind: Set(fresh.kind.to_owned()),
        scope: Set("global".to_owned()),
        scope_id: Set(0),
        published_version: Set(1),
        created_at: Set(fresh.at),
        ..Default::default()
    };
    let rule = rule.insert(db).await?;
    let version = rule_version::ActiveModel {
        rule_id: Set(rule.id),
        version: Set(1),
        source: Set(fresh.source.to_owned()),
        tests: Set(fresh.tests.to_owned()),
        checksum: Set(fresh.checksum.to_owned()),
        engine: Set(fresh.engine.to_owned()),
        note: Set(fresh.note.to_owned()),
        created_at: Set(fresh.at),
        ..Default::default()
    };
    version.insert(db).await?;
    Ok(rule.id)
}
