//! `kpi seed-demo`: the demo company into an empty database.

use std::time::Instant;

use serde_json::json;

use super::{
    Format, Place,
    end::{Done, print_json, say},
    open, progress,
};
use crate::{
    app::Ctx,
    platform::failure::Outcome,
    seed::{self, LEAST_KPIS, LEAST_USERS, Made, Size},
};

#[derive(clap::Args)]
pub struct Options {
    /// People
    #[arg(long, default_value_t = Size::default().users, value_parser = from(LEAST_USERS, 20_000))]
    users: usize,
    /// KPIs
    #[arg(long, default_value_t = Size::default().kpis, value_parser = from(LEAST_KPIS, 1_000_000))]
    kpis: usize,
    /// Years of KPIs, the present quarter included
    #[arg(long, default_value_t = Size::default().quarters / 4, value_parser = from(1, 10))]
    years: usize,
    /// Quarters of KPIs instead of years; 1 for the present quarter alone
    #[arg(long, conflicts_with = "years", value_parser = from(1, 40))]
    quarters: Option<usize>,
    #[command(flatten)]
    format: Format,
}

/// A whole number within bounds.
fn from(least: usize, most: usize) -> impl Fn(&str) -> Result<usize, String> + Clone + Send + Sync + 'static {
    move |text| match text.parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(format!("a whole number from {least} to {most}")),
    }
}

impl Options {
    pub fn size(&self) -> Size {
        Size { users: self.users, kpis: self.kpis, quarters: self.quarters.unwrap_or(self.years * 4) }
    }
}

pub fn run(place: &Place, options: Options) -> Done {
    let config = open::quiet_config(place)?;
    open::block_on(&config.clone(), async move {
        let started = Instant::now();
        let opened = open::to_write(config).await?;
        let made = make(&opened.ctx, options.size()).await?;
        opened.close().await?;
        let seconds = started.elapsed().as_secs_f64();
        if options.format.json {
            return print_json(&json!({ "made": made, "seconds": seconds }));
        }
        say(format_args!(
            "The demo company is in: {} people in {} departments, {} KPIs with {} check-ins, in {seconds:.1} s.",
            made.users, made.departments, made.written.kpis, made.written.check_ins
        ))?;
        say(log_ins())
    })
}

/// Makes the company under a progress bar.
pub async fn make(ctx: &Ctx, size: Size) -> Outcome<Made> {
    let bar = progress::bar(size.kpis as u64, "Making the demo company");
    let made = seed::make(ctx, size, |kpis| bar.set_position(kpis)).await;
    bar.finish_and_clear();
    made
}

/// Who may log in, and as what.
pub fn log_ins() -> String {
    let mut lines = vec![format!("Everybody's password is {}. Log in as", seed::PASSWORD)];
    lines.extend(seed::LOG_INS.iter().map(|(name, who)| format!("  {name:<9} {who}")));
    lines.join("\n")
}
