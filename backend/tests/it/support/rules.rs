//! Rules put in past the tests that would refuse them.

use kpi::{
    entity::{rule, rule_version},
    platform::signals::Topic,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::TestApp;

/// Publishes a source as the next version, or in place of the only one.
pub async fn publish(app: &TestApp, name: &str, version: i64, source: &str) {
    let db = app.ctx.db.writer();
    let rule = rule::Entity::find().filter(rule::Column::Name.eq(name)).one(db).await.unwrap().unwrap();
    rule_version::Entity::delete_many()
        .filter(rule_version::Column::RuleId.eq(rule.id))
        .filter(rule_version::Column::Version.eq(version))
        .exec(db)
        .await
        .unwrap();
    let row = rule_version::ActiveModel {
        rule_id: Set(rule.id),
        version: Set(version),
        source: Set(source.to_owned()),
        tests: Set(String::new()),
        checksum: Set(kpi_engine::checksum(source)),
        engine: Set(kpi_engine::ENGINE_VERSION.to_owned()),
        note: Set("made for the test".to_owned()),
        created_at: Set(0),
        ..Default::default()
    };
    row.insert(db).await.unwrap();
    let published =
        rule::ActiveModel { id: Set(rule.id), published_version: Set(version), ..Default::default() };
    published.update(db).await.unwrap();
    app.ctx.signals.changed(Topic::Rules);
}
