//! The reminders of the coming days, if nothing happened until then. Reads, plans, writes nothing.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use kpi_api::{
    id::KpiId,
    job::{KpiName, Rehearsal, RehearsedReminder},
    time::Date,
    user::PersonRef,
};

use super::{
    planning::Due,
    reading::{Limit, Walk},
    repo,
};
use crate::{
    app::Ctx, delegations, kpi::scoring::Scene, people::directory::Directory, platform::failure::Outcome,
    rules::trouble::Failed,
};

/// Reminders that are listed; those beyond are counted.
const MOST_LISTED: usize = 2000;

/// How long a rehearsal may take.
pub const LONGEST: Duration = Duration::from_secs(8);

/// What is aimed at, by what the first KPIs cost: where that is too short for all days, the later ones are left out.
const AIM: Duration = Duration::from_secs(5);

/// Which reminders the rounds on these days, in their order, would send. What cannot be looked at within the limit is
/// left out, and that is said among the troubles.
pub async fn rehearse(ctx: &Ctx, days: &[Date], limit: Limit) -> Outcome<Rehearsal> {
    let open = repo::count_open(ctx.db.read()).await?;
    let mut until = days.last().copied().unwrap_or(ctx.today());
    let mut listed = Listed::default();
    let mut walk = Walk::begin(ctx, scenes(ctx, days).await?, Some(limit.clone())).await?;
    let mut looked_at = 0;
    let mut began = Some(Instant::now());
    while let Some(planned) = walk.next().await? {
        looked_at += planned.looked_at as u64;
        // The first batch shows what a KPI costs, and with it how many days can be afforded.
        if let Some(began) = began.take() {
            walk.keep_days(affordable(began.elapsed(), planned.looked_at, open, walk.days().len()));
            until = walk.days().last().map_or(until, |scene| scene.today);
        }
        listed.add(planned.due, until);
    }
    let mut troubles: Vec<String> = walk.troubles().iter().map(told).collect();
    if limit.is_over() && looked_at < open {
        troubles.push(format!("The rules take too long: {looked_at} of {open} open KPIs were looked at."));
    }
    let directory = ctx.directory().await?;
    let (due, total) = listed.finish();
    Ok(Rehearsal {
        items: due.into_iter().map(|due| shown(due, &directory)).collect(),
        total,
        until,
        troubles,
    })
}

/// How many days the rest can be asked about, at least one, when `batch` KPIs on all `days` took so long.
fn affordable(took: Duration, batch: usize, open: u64, days: usize) -> usize {
    let rest = open.saturating_sub(batch as u64) as f64;
    let whole = took.as_secs_f64() * rest / batch.max(1) as f64;
    let left = AIM.saturating_sub(took).as_secs_f64();
    if whole <= left {
        return days;
    }
    ((days as f64 * left / whole) as usize).clamp(1, days.max(1))
}

/// One scene for each day, with who decides in whose place on that day.
async fn scenes(ctx: &Ctx, days: &[Date]) -> Outcome<Vec<Scene>> {
    let today = Scene::now(ctx).await?;
    let mut scenes: Vec<Scene> = Vec::with_capacity(days.len());
    let mut last = (today.today, Arc::clone(&today.directory));
    let mut running = delegations::repo::running(ctx.db.read(), last.0).await?;
    for &day in days {
        let on_day = delegations::repo::running(ctx.db.read(), day).await?;
        if on_day != running {
            running = on_day;
            last = (day, Arc::new(Directory::load(ctx.db.read(), day).await?));
        }
        scenes.push(Scene { directory: Arc::clone(&last.1), today: day, ..today.clone() });
    }
    Ok(scenes)
}

/// The earliest of what was found, and how much there was.
#[derive(Default)]
struct Listed {
    due: Vec<Due>,
    total: u64,
}

impl Listed {
    fn add(&mut self, due: Vec<Due>, until: Date) {
        let within = due.into_iter().filter(|due| due.on <= until);
        let before = self.due.len();
        self.due.extend(within);
        self.total += (self.due.len() - before) as u64;
        if self.due.len() > 2 * MOST_LISTED {
            self.shorten();
        }
    }

    fn shorten(&mut self) {
        self.due.sort_by_key(|due| (due.on, due.user, due.kpi_id));
        self.due.truncate(MOST_LISTED);
    }

    fn finish(mut self) -> (Vec<Due>, u64) {
        self.shorten();
        (self.due, self.total)
    }
}

fn shown(due: Due, directory: &Directory) -> RehearsedReminder {
    RehearsedReminder {
        on: due.on,
        user: PersonRef { id: due.user, full_name: directory.name(due.user) },
        kpi: KpiName { id: KpiId(due.kpi_id), title: due.kpi_title },
        reason: due.reason,
        rule: due.rule,
        title: due.title,
        text: due.text,
    }
}

fn told(trouble: &Failed) -> String {
    let line = trouble.line.map_or(String::new(), |line| format!(", line {line}"));
    format!("{}, version {}{line}: {}", trouble.name, trouble.version, trouble.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_first_cost_decides_how_many_days() {
        let second = Duration::from_secs(1);
        assert_eq!(affordable(second, 500, 500, 30), 30);
        assert_eq!(affordable(second, 500, 2500, 30), 30);
        assert_eq!(affordable(second, 500, 4500, 30), 15);
        assert_eq!(affordable(10 * second, 500, 1_000_000, 30), 1);
        assert_eq!(affordable(second, 0, 0, 1), 1);
    }
}
