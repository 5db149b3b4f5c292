//! The day's reminders.

use super::{registry::Ending, runs::said};
use crate::{app::Ctx, platform::failure::Outcome, reminders};

pub async fn run(ctx: Ctx) -> Outcome<Ending> {
    let round = reminders::send(&ctx).await?;
    let values = [
        ("sent", round.sent.to_string()),
        ("kpis", round.looked_at.to_string()),
        ("rules", round.failed.join(", ")),
    ];
    Ok(if round.failed.is_empty() {
        Ending::Done(said("{sent} reminders about {kpis} open KPIs.", &values[..2]))
    } else {
        Ending::Incomplete(said(
            "{sent} reminders about {kpis} open KPIs. Rules that failed: {rules}.",
            &values,
        ))
    })
}
