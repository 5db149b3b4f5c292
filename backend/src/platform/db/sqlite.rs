//! What is particular to SQLite: how a connection is set up and proven to be set up, and the few statements that
//! have no portable form.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
};

/// The first version without a known way to lose data in WAL mode under several connections.
const OLDEST_VERSION: [u32; 3] = [3, 51, 3];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Read,
    Write,
}

/// Pages of the write-ahead log at which a commit folds it into the database file itself. [`fold`] does it beside the
/// commits, long before; this is for when it cannot keep up, as a log is begun anew only when all of it is folded.
const FOLD_AT: &str = "8000";

/// `synchronous=FULL` because NORMAL loses acknowledged commits at a power cut; `mmap_size=0` because a mapped file
/// turns an I/O error into a crash.
pub fn configure(options: &mut ConnectOptions, mode: Mode) {
    // In KiB. Each reader has a cache of its own, and what it does not hold the operating system does.
    let cache = if mode == Mode::Read { "-3072" } else { "-8192" };
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .create_if_missing(mode == Mode::Write)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .journal_mode(sea_orm::sqlx::sqlite::SqliteJournalMode::Wal)
            .synchronous(sea_orm::sqlx::sqlite::SqliteSynchronous::Full)
            .pragma("trusted_schema", "OFF")
            .pragma("mmap_size", "0")
            .pragma("cache_size", cache)
            .pragma("wal_autocheckpoint", FOLD_AT)
            .pragma("temp_store", "MEMORY")
            .pragma("query_only", if mode == Mode::Read { "ON" } else { "OFF" })
            .statement_cache_capacity(256)
    });
}

/// Reads the settings back: a typo in a pragma is otherwise silent.
pub async fn assert_settings(db: &DatabaseConnection) -> anyhow::Result<()> {
    let version = text(db, "SELECT sqlite_version()").await?;
    let numbers: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    ensure!(numbers.as_slice() >= OLDEST_VERSION.as_slice(), "SQLite {version} is too old, 3.51.3 is needed");
    for (pragma, wanted) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("trusted_schema", "0"),
        ("busy_timeout", "5000"),
    ] {
        let found = text(db, &format!("SELECT CAST((SELECT * FROM pragma_{pragma}) AS TEXT)")).await;
        let found = found.with_context(|| format!("reading the database setting {pragma}"))?;
        if found != wanted {
            bail!("the database setting {pragma} is {found} and must be {wanted}");
        }
    }
    Ok(())
}

async fn text(db: &DatabaseConnection, sql: &str) -> anyhow::Result<String> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await?.context("no row")?;
    Ok(row.try_get_by_index(0)?)
}

/// Walks the pages; `ok`, or the first thing that is wrong.
pub async fn quick_check(db: &DatabaseConnection) -> anyhow::Result<String> {
    text(db, "PRAGMA quick_check(1)").await
}

/// Begins a transaction that holds the right to write from its first statement on: a deferred one that reads first
/// fails at once, whatever the busy time-out, when another has written in between.
pub async fn begin_immediate(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    db.begin_with_options(TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    })
    .await
}

pub async fn table_exists(db: &DatabaseConnection, name: &str) -> Result<bool, DbErr> {
    let sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [name.into()]);
    Ok(db.query_one_raw(statement).await?.is_some())
}

/// Folds what it can of the write-ahead log into the database file without holding up readers or the writer.
pub async fn fold(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_unprepared("PRAGMA wal_checkpoint(PASSIVE);").await.map(|_| ())
}

pub async fn checkpoint(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_unprepared("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);").await.map(|_| ())
}
