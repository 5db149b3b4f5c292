//! The schema's way forward and back.

use kpi_migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, Statement};

use crate::support::TestApp;

/// Every table and index with the statement that made it.
async fn schema(app: &TestApp) -> Vec<String> {
    let db = app.ctx.db.writer();
    let sql = "SELECT name || ': ' || coalesce(sql, '') FROM sqlite_master ORDER BY name";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn every_step_goes_back_and_forth_to_the_same_schema() {
    let app = TestApp::bare().await;
    let db = app.ctx.db.writer();
    let before = schema(&app).await;
    let steps = u32::try_from(Migrator::migrations().len()).unwrap();
    for back in 1..=steps {
        Migrator::down(db, Some(back)).await.unwrap();
        assert_ne!(schema(&app).await, before, "{back}");
        Migrator::up(db, None).await.unwrap();
        assert_eq!(schema(&app).await, before, "{back}");
    }
}

#[tokio::test]
async fn rows_survive_steps_that_are_not_theirs() {
    let app = TestApp::new().await;
    let db = app.ctx.db.writer();
    let people = async || kpi::entity::user::Entity::find().count(db).await.unwrap();
    let first_steps = u32::try_from(Migrator::migrations().len() - 1).unwrap();
    for back in 1..=first_steps {
        Migrator::down(db, Some(back)).await.unwrap();
        assert_eq!(people().await, 7);
        Migrator::up(db, None).await.unwrap();
        assert_eq!(people().await, 7);
    }
    Migrator::up(db, None).await.unwrap();
    assert_eq!(people().await, 7);
}

#[tokio::test]
async fn tables_hold_what_their_columns_say() {
    let app = TestApp::bare().await;
    let strict = schema(&app).await.into_iter().filter(|line| line.contains("CREATE TABLE"));
    let loose: Vec<String> = strict
        .filter(|line| !line.contains("STRICT") && !line.starts_with("seaql") && !line.starts_with("sqlite"))
        .collect();
    assert!(loose.is_empty(), "{loose:?}");
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let app = TestApp::bare().await;
    let sql = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)";
    app.ctx.db.writer().execute_unprepared(sql).await.unwrap();
    let refused = app.ctx.db.migrate().await.unwrap_err().to_string();
    assert!(refused.contains("newer version") && refused.contains("m9999_future"), "{refused}");
}
