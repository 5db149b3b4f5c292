//! Looking whether the audit log still fits together. Every night what is new is walked from where the last walk ended;
//! once a week the whole, so that a change to an old row does not stay unseen.

use serde::{Deserialize, Serialize};

use super::{
    registry::Ending,
    runs::{self, said},
};
use crate::{
    admin::settings,
    app::Ctx,
    platform::{
        failure::Outcome,
        ledger::{self, Place},
    },
};

/// Under which the place of the last walk is noted.
const NOTE: &str = "internal.audit_checked";

/// Between two walks of the whole, in milliseconds; a little less than a week, so that the hour does not drift.
const WHOLE_EVERY: i64 = (7 * 24 - 1) * 3600 * 1000;

/// How far the last walk got.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    id: i64,
    hash: String,
    /// When the whole was walked last.
    whole_at: i64,
}

pub async fn run(ctx: Ctx) -> Outcome<Ending> {
    let now = ctx.clock.now();
    let note = settings::noted(ctx.db.read(), NOTE).await?;
    let note: Option<Note> = note.as_deref().map(serde_json::from_str).transpose()?;
    let from = note.filter(|note| now.0 - note.whole_at < WHOLE_EVERY);
    let whole_at = from.as_ref().map_or(now.0, |note| note.whole_at);
    let place = from.map(|note| Place { id: note.id, hash: note.hash });
    let is_whole = place.is_none();
    let (verdict, end) = ledger::verify_from(ctx.db.read(), place).await?;
    let rows = [("rows", verdict.rows.to_string())];
    let work = ctx.begin(runs::by("audit_check")).await?;
    let ending = match verdict.first_bad {
        None => {
            let note = Note { id: end.id, hash: end.hash, whole_at };
            settings::note(&work, NOTE, &serde_json::to_string(&note)?).await?;
            Ending::Done(if is_whole {
                said("All {rows} entries of the audit log fit together.", &rows)
            } else {
                said("{rows} new entries of the audit log fit to those before.", &rows)
            })
        }
        Some(id) => {
            tracing::error!(entry = id, "the audit log does not fit together");
            Ending::Trouble(said(
                "The audit log does not fit together from entry {id} on. Somebody changed it past the server.",
                &[("id", id.to_string())],
            ))
        }
    };
    work.commit(&()).await?;
    Ok(ending)
}
