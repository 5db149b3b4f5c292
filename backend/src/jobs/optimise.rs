//! Keeping the database quick: its planner's statistics, and the write-ahead log folded into the file.

use super::{registry::Ending, runs::said};
use crate::{app::Ctx, platform::failure::Outcome};

/// A mebibyte.
const MIB: f64 = 1024.0 * 1024.0;

pub async fn run(ctx: Ctx) -> Outcome<Ending> {
    ctx.db.optimise().await?;
    let bytes = tokio::fs::metadata(&ctx.config.database_file).await.map(|file| file.len());
    Ok(Ending::Done(match bytes {
        Ok(bytes) => said("The database takes {size} MB.", &[("size", format!("{:.1}", bytes as f64 / MIB))]),
        Err(_) => said("The database is in order.", &[]),
    }))
}
