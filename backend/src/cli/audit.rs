//! `kpi audit verify`: walks the chain of the audit log.

use super::{
    Format, Place,
    end::{Done, Stop, print_json, say},
    open,
};
use crate::platform::{failure::Failure, ledger};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Check that no row was changed, added or taken out; exit status 1 and the first bad row otherwise
    Verify(Verify),
}

#[derive(clap::Args)]
pub struct Verify {
    #[command(flatten)]
    format: Format,
}

pub fn run(place: &Place, command: Command) -> Done {
    let Command::Verify(verify) = command;
    let config = open::quiet_config(place)?;
    open::block_on(&config.clone(), async move {
        let opened = open::to_read(config).await?;
        let verdict = ledger::verify(opened.ctx.db.read()).await.map_err(Failure::from)?;
        if verify.format.json {
            print_json(&verdict)?;
            return if verdict.ok { Ok(()) } else { Err(Stop::Told) };
        }
        match verdict.first_bad {
            Some(id) => {
                let rows = verdict.rows;
                Err(Stop::Failed(format!(
                    "the audit log does not fit from row {id} on; the {rows} rows before it do"
                )))
            }
            None => say(format_args!(
                "All {} rows of the audit log fit together. Head: {}",
                verdict.rows, verdict.head
            )),
        }
    })
}
