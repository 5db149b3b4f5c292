//! List rows in memory. A row is kept under its id and version, which together name its content for ever, so it never
//! has to be thrown away for being outdated; names and pace are put in when it is read.

use std::{collections::HashMap, sync::Arc};

use quick_cache::sync::Cache;

use super::{
    convert::ListRow,
    repo::{self, Key},
};
use crate::{app::Ctx, platform::failure::Outcome};

/// Rows kept: some hundred bytes each.
const KEPT: usize = 10_000;

pub struct Rows(Cache<Key, Arc<ListRow>>);

impl Default for Rows {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

/// The rows with these keys, in their order. One that has changed since its key was read comes as it is now, one
/// that was deleted is left out.
pub async fn of(ctx: &Ctx, keys: &[Key]) -> Outcome<Vec<Arc<ListRow>>> {
    let mut known: HashMap<i64, Arc<ListRow>> = HashMap::with_capacity(keys.len());
    let mut missing = Vec::new();
    for &key in keys {
        match ctx.rows.0.get(&key) {
            Some(row) => {
                known.insert(key.0, row);
            }
            None => missing.push(key.0),
        }
    }
    if !missing.is_empty() {
        for row in repo::rows(ctx.db.read(), missing).await? {
            let row = Arc::new(row);
            ctx.rows.0.insert((row.id, row.version), Arc::clone(&row));
            known.insert(row.id, row);
        }
    }
    Ok(keys.iter().filter_map(|(id, _)| known.get(id).cloned()).collect())
}
