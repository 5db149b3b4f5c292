//! Files that were uploaded and that no evidence names.

use super::{registry::Ending, runs::said};
use crate::{app::Ctx, evidence, platform::failure::Outcome};

pub async fn run(ctx: Ctx) -> Outcome<Ending> {
    let swept = evidence::sweep::sweep_orphans(&ctx).await?;
    let values = [("incoming", swept.incoming.to_string()), ("unnamed", swept.unnamed.to_string())];
    Ok(Ending::Done(said(
        "Removed: {incoming} files that never arrived as a whole, {unnamed} that no evidence names.",
        &values,
    )))
}
