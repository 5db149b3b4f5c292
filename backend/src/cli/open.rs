//! How commands reach the data: configuration, data directory, lock, database.

use std::{sync::Arc, thread};

use anyhow::Context;

use super::{
    Place,
    end::{Done, Stop},
};
use crate::{
    app::Ctx,
    platform::{
        config::{Config, Overrides},
        data_dir,
        db::Db,
        lock::DataLock,
        metrics::Metrics,
        telemetry,
        token::Signer,
    },
};

/// Connections that read: as many as can run at once. More would only divide the memory for pages between them.
const READERS: std::ops::RangeInclusive<usize> = 2..=16;

/// An opened application. The data directory is held for as long as this lives, where it was locked.
pub struct Opened {
    pub ctx: Ctx,
    lock: Option<DataLock>,
}

/// The configuration of a command that runs beside, or instead of, the server: it speaks up only when something is
/// wrong.
pub fn quiet_config(place: &Place) -> Result<Config, Stop> {
    let mut config = Config::load(&overrides(place, None))?;
    if !matches!(config.log_level.as_str(), "debug" | "trace") {
        config.log_level = "warn".into();
    }
    Ok(config)
}

pub fn overrides(place: &Place, listen: Option<String>) -> Overrides {
    Overrides { listen, data_dir: place.data_dir.clone(), safe_mode: false }
}

/// Opens for writing: makes what is missing, and nobody else may write meanwhile.
pub async fn to_write(config: Config) -> Result<Opened, Stop> {
    data_dir::prepare(&config)?;
    let lock = DataLock::take(&config.data_dir)?;
    let ctx = context(config).await?;
    ctx.db.migrate().await?;
    Ok(Opened { ctx, lock: Some(lock) })
}

/// Opens for looking, also while the server runs.
pub async fn to_read(config: Config) -> Result<Opened, Stop> {
    if !config.database_file.is_file() {
        let file = config.database_file.display();
        return Err(Stop::Failed(format!("there is no database at {file}; `kpi migrate` makes one")));
    }
    Ok(Opened { ctx: context(config).await?, lock: None })
}

async fn context(config: Config) -> Result<Ctx, Stop> {
    let signer = Signer::new(&data_dir::secret_key(&config)?);
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let readers = u32::try_from(processors.clamp(*READERS.start(), *READERS.end())).unwrap_or(2);
    let url = format!("sqlite:{}", config.database_file.display());
    let db = Db::open(&url, readers).await?;
    let clock = config.clock();
    Ok(Ctx::new(config, clock, db, signer, Arc::new(Metrics::new())))
}

impl Opened {
    /// Lets the data go; what was written is folded into the database file.
    pub async fn close(self) -> Done {
        // Who only looks leaves that to the server, which may be at work.
        if self.lock.is_some() {
            self.ctx.db.clone().close().await?;
        }
        Ok(())
    }
}

/// Runs a command's work. The log is started first.
pub fn block_on(config: &Config, work: impl Future<Output = Done>) -> Done {
    telemetry::start(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.context("starting the runtime")?.block_on(work)
}
