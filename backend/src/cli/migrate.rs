//! `kpi migrate`: brings schema and shipped rules up to date.

use kpi_api::rules::RuleState;
use serde_json::json;

use super::{
    Format, Place,
    end::{Done, print_json, say},
    open,
};
use crate::{rules, templates};

#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    format: Format,
}

pub fn run(place: &Place, options: Options) -> Done {
    let config = open::quiet_config(place)?;
    let file = config.database_file.clone();
    open::block_on(&config.clone(), async move {
        let opened = open::to_write(config).await?;
        rules::service::seed_shipped(&opened.ctx).await?;
        templates::versions::keep_up(&opened.ctx).await?;
        let rules = rules::service::list(&opened.ctx).await?.items;
        let rules = rules.iter().filter(|rule| rule.state == RuleState::Published).count();
        opened.close().await?;
        if options.format.json {
            return print_json(&json!({ "database": file, "rules": rules }));
        }
        say(format_args!("The database {} is up to date; {rules} rules are published.", file.display()))
    })
}
