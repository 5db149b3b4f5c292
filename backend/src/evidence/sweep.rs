//! Deletes contents that no row names: what was left when the server was killed between content and row, and what was
//! deleted. Never one that is named, or about to be: rows are asked while nobody can place anything.

use std::time::Duration;

use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::repo;
use crate::{
    app::Ctx,
    platform::{
        db::work::By,
        failure::Outcome,
        files::{Kept, Store},
    },
};

/// How old something must be to be swept. An upload takes less, and a backup that has begun can still copy what a
/// row in it names.
pub const SAFE_AGE: Duration = Duration::from_secs(24 * 3600);

/// Contents that are looked at while uploads wait.
const AT_ONCE: usize = 100;

/// Rows looked at together.
const STEP: u64 = 500;

/// What a sweep has deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Files that never arrived as a whole.
    pub incoming: u64,
    /// Contents that nobody names, and what was made from them.
    pub unnamed: u64,
}

/// Deletes what was being received and contents without a row, both older than [`SAFE_AGE`].
pub async fn sweep_orphans(ctx: &Ctx) -> Outcome<Swept> {
    let incoming = ctx.files.sweep_incoming(SAFE_AGE).await?;
    Ok(Swept { incoming, unnamed: sweep_unnamed(ctx, SAFE_AGE).await? })
}

/// Deletes contents older than `age` that no row names, and what was made from them. How many files.
pub async fn sweep_unnamed(ctx: &Ctx, age: Duration) -> Outcome<u64> {
    let mut deleted = 0;
    let found = ctx.files.older_than(age).await?;
    for some in found.chunks(AT_ONCE) {
        let hashes: Vec<String> = some.iter().map(|found| found.sha256.clone()).collect();
        // Most are named; those need not stop anybody.
        let named = repo::named(ctx.db.read(), &hashes).await?;
        if hashes.iter().all(|hash| named.contains(hash)) {
            continue;
        }
        let _gate = ctx.files.sweeping().await;
        let work = ctx.begin(By::system("sweep")).await?;
        let named = repo::named(work.tx(), &hashes).await?;
        for found in some.iter().filter(|found| !named.contains(&found.sha256)) {
            if ctx.files.delete(found.clone(), age).await? {
                deleted += 1;
            }
        }
    }
    Ok(deleted)
}

/// Deletes a content at once whose row did not come about; kept where another row names it. What fails here is left to
/// the sweep.
pub async fn discard(ctx: &Ctx, sha256: &str) {
    let discard = async {
        let _gate = ctx.files.sweeping().await;
        let work = ctx.begin(By::system("sweep")).await?;
        if repo::named(work.tx(), &[sha256.to_owned()]).await?.is_empty() {
            ctx.files.discard(sha256).await?;
        }
        Outcome::Ok(())
    };
    if let Err(fault) = discard.await {
        tracing::warn!(?fault, "a file without a row is left to the sweep");
    }
}

/// How the contents that rows name are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    pub contents: u64,
    /// Bytes.
    pub size: u64,
    /// Hashes, at most the first hundred.
    pub missing: Vec<String>,
    /// Hashes, at most the first hundred.
    pub damaged: Vec<String>,
}

/// Looks whether every content that is named is there with its size; with `deep`, whether its hash is right too.
pub async fn look(db: &impl ConnectionTrait, files: &Store, deep: bool) -> Outcome<Looked> {
    const MOST: usize = 100;
    let mut looked = Looked::default();
    let mut last = String::new();
    loop {
        let contents = repo::contents(db, &last, STEP).await?;
        let Some(end) = contents.last() else { return Ok(looked) };
        last.clone_from(&end.sha256);
        for content in contents {
            let size = u64::try_from(content.size).unwrap_or(0);
            looked.contents += 1;
            looked.size += size;
            match files.look_at(&content.sha256, size, deep).await? {
                Kept::Missing if looked.missing.len() < MOST => looked.missing.push(content.sha256),
                Kept::Damaged if looked.damaged.len() < MOST => looked.damaged.push(content.sha256),
                _ => {}
            }
        }
    }
}
