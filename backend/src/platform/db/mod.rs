//! The database: one connection that writes, several that read. [`work`] is the only way to change anything,
//! [`turn`] lets those who wait for the writer share a flush to the disk; [`sqlite`] holds everything that would differ on another database.

use std::{path::Path, time::Duration};

use anyhow::{Context, bail};
use kpi_migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, FromQueryResult, Statement};

use super::{lifecycle::Lifecycle, signals::Signals};

use turn::Turns;

pub mod sqlite;
pub mod turn;
pub mod work;

/// Pause after the log was folded: a page that changes often is then written once for many commits.
const BETWEEN_FOLDS: Duration = Duration::from_millis(100);

/// Where the data is. Cloning shares the connections.
#[derive(Clone)]
pub struct Db {
    writer: DatabaseConnection,
    turns: Turns,
    readers: DatabaseConnection,
}

impl Db {
    /// Opens the database, creating it where there is none, and asserts the settings that durability rests on.
    /// The schema is not touched; see [`Db::migrate`].
    pub async fn open(url: &str, readers: u32) -> anyhow::Result<Self> {
        let Some(path) = url.strip_prefix("sqlite:") else {
            bail!("DATABASE_URL: only sqlite is supported so far, e.g. sqlite:./data/database/kpi.db");
        };
        let path = Path::new(path.trim_start_matches("//").split('?').next().unwrap_or(path));
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).context("making the database folder")?;
        }
        let writer = connect(path, 1, sqlite::Mode::Write).await?;
        sqlite::assert_settings(&writer).await?;
        let readers = connect(path, readers, sqlite::Mode::Read).await?;
        Ok(Self { writer, turns: Turns::default(), readers })
    }

    /// Brings the schema up to date. A database of a newer version of the application is refused.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        let known: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
        for applied in self.applied_migrations().await? {
            if !known.contains(&applied) {
                bail!(
                    "the database was written by a newer version (it has the step {applied}); update first"
                );
            }
        }
        Migrator::up(&self.writer, None).await.context("bringing the schema up to date")
    }

    async fn applied_migrations(&self) -> Result<Vec<String>, DbErr> {
        #[derive(FromQueryResult)]
        struct Applied {
            version: String,
        }
        if !sqlite::table_exists(&self.writer, "seaql_migrations").await? {
            return Ok(Vec::new());
        }
        let sql = Statement::from_string(
            self.writer.get_database_backend(),
            "SELECT version FROM seaql_migrations ORDER BY version",
        );
        Ok(Applied::find_by_statement(sql)
            .all(&self.writer)
            .await?
            .into_iter()
            .map(|row| row.version)
            .collect())
    }

    /// For queries. Writing through it fails.
    pub fn read(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// For [`work::Work`], migrations and seeding only.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Looks whether the file is whole: `ok`, or the first thing that is wrong with it.
    pub async fn quick_check(&self) -> anyhow::Result<String> {
        sqlite::quick_check(&self.readers).await
    }

    /// Folds the write-ahead log into the database file while others read and write, so that no commit has to. Until the
    /// server stops.
    pub async fn keep_folding(&self, signals: &Signals, lifecycle: &Lifecycle) {
        loop {
            tokio::select! {
                () = lifecycle.stopping() => return,
                () = signals.committed() => {}
            }
            // Through a reader: folding changes no data, and the writer is not to wait.
            if let Err(cause) = sqlite::fold(&self.readers).await {
                tracing::warn!(?cause, "the write-ahead log could not be folded");
            }
            tokio::select! {
                () = lifecycle.stopping() => return,
                () = tokio::time::sleep(BETWEEN_FOLDS) => {}
            }
        }
    }

    /// Brings the planner's statistics up to date and folds the write-ahead log into the database file.
    pub async fn optimise(&self) -> Result<(), DbErr> {
        sqlite::checkpoint(&self.writer).await
    }

    /// Folds the write-ahead log into the database file and closes all connections.
    pub async fn close(self) -> anyhow::Result<()> {
        self.readers.close().await?;
        sqlite::checkpoint(&self.writer).await?;
        self.writer.close().await?;
        Ok(())
    }
}

async fn connect(path: &Path, connections: u32, mode: sqlite::Mode) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", path.display()));
    options
        .max_connections(connections)
        .min_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .sqlx_logging(false);
    sqlite::configure(&mut options, mode);
    Database::connect(options).await.with_context(|| format!("opening the database {}", path.display()))
}
