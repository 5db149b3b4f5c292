//! `kpi jobs list|run`: the jobs of the server, and running one of them while the server is down.

use kpi_api::{job::JobState, time::Timestamp};

use super::{
    Format, Place,
    end::{Done, Stop, print_json, say},
    open,
};
use crate::jobs::{registry::Job, runs, service};

#[derive(clap::Subcommand)]
pub enum Command {
    /// The jobs with their times, and how they went last
    List(List),
    /// Run one of them now; a server that is running is asked for it in its pages instead
    Run(Run),
}

#[derive(clap::Args)]
pub struct List {
    #[command(flatten)]
    format: Format,
}

#[derive(clap::Args)]
pub struct Run {
    /// Name of the job, as the list has it
    name: String,
    #[command(flatten)]
    format: Format,
}

pub fn run(place: &Place, command: Command) -> Done {
    match command {
        Command::List(options) => list(place, &options),
        Command::Run(options) => run_one(place, &options),
    }
}

fn list(place: &Place, options: &List) -> Done {
    let config = open::quiet_config(place)?;
    open::block_on(&config.clone(), async move {
        let opened = open::to_read(config).await?;
        let list = service::list(&opened.ctx).await?;
        if options.format.json {
            return print_json(&list);
        }
        let at = |at: Option<Timestamp>| at.map_or_else(|| "-".into(), |at| at.to_string());
        for job in &list.items {
            let last = job.last_run.as_ref();
            say(format_args!("{:<18} {:<12} next {}", job.name, job.schedule, at(job.next_run)))?;
            if let Some(last) = last {
                let result = last.result.as_ref().map_or("", |said| &said.text);
                say(format_args!("{:<18} last {}, {}. {result}", "", last.started_at, last.state))?;
            }
        }
        Ok(())
    })
}

fn run_one(place: &Place, options: &Run) -> Done {
    let config = open::quiet_config(place)?;
    open::block_on(&config.clone(), async move {
        let opened = open::to_write(config).await?;
        let jobs = Job::all(&opened.ctx).await?;
        let Some(job) = jobs.iter().find(|job| job.name() == options.name) else {
            let names: Vec<&str> = jobs.iter().map(Job::name).collect();
            let names = names.join(", ");
            return Err(Stop::Usage(format!("there is no job {}; there are {names}", options.name)));
        };
        let run = runs::run_now(&opened.ctx, job).await?;
        opened.close().await?;
        if options.format.json {
            print_json(&run)?;
        }
        let result = run.result.as_ref().map_or_else(String::new, |said| said.text.clone());
        match (run.state, options.format.json) {
            (JobState::Done, false) => say(result),
            (JobState::Done, true) => Ok(()),
            (_, true) => Err(Stop::Told),
            (_, false) => Err(Stop::Failed(result)),
        }
    })
}
