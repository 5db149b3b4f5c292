//! The command line: `kpi --help` lists the commands, one file each. [`open`] is how all of them reach the data, [`end`]
//! how they end: 0 good, 1 failed, 2 wrong use, which includes a configuration that cannot be used.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

mod admin;
mod audit;
mod doctor;
mod end;
mod jobs;
mod look_inside;
mod migrate;
mod open;
mod openapi;
mod plugins;
mod progress;
mod rules;
mod seed_demo;
mod serve;

use end::Done;

#[derive(Parser)]
#[command(
    name = "kpi",
    version,
    about = "The KPI Management System: agree, measure, prove and review KPIs",
    after_help = "Settings come from the environment or a .env file; .env.example explains them.\n\
                  Exit status: 0 good, 1 failed, 2 wrong use or a setting that cannot be used."
)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// Where the data is.
#[derive(Args, Clone)]
struct Place {
    /// Folder of the database, uploads and backups [default: ./data, or DATA_DIR]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

/// How a command answers.
#[derive(Args, Clone, Copy)]
struct Format {
    /// Answer as JSON on standard output
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server
    ///
    /// On an empty data directory it makes the database and prints a one-time link for the first administrator.
    Serve(serve::Options),
    /// Bring the database's schema and the shipped rules up to date
    Migrate(migrate::Options),
    /// Put the demo company into an empty database
    SeedDemo(seed_demo::Options),
    /// Administrators
    #[command(subcommand)]
    Admin(admin::Command),
    /// The rules that score, validate and remind
    #[command(subcommand)]
    Rules(rules::Command),
    /// What extends the application
    #[command(subcommand)]
    Plugins(plugins::Command),
    /// The audit log
    #[command(subcommand)]
    Audit(audit::Command),
    /// The work that the server does by itself
    #[command(subcommand)]
    Jobs(jobs::Command),
    /// Print the description of the HTTP API (OpenAPI 3.1)
    Openapi,
    /// Look whether configuration, disk, database and mail are fit for use
    Doctor(doctor::Options),
    /// Look into one file; the server starts this itself
    #[command(hide = true)]
    LookInside(look_inside::Options),
}

/// Reads the command line, does what it says, and tells how it went.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(told) => {
            // Help and version count as success, everything else as wrong use.
            let code = if told.use_stderr() { 2 } else { 0 };
            return if told.print().is_ok() { ExitCode::from(code) } else { ExitCode::FAILURE };
        }
    };
    end::code(run(cli))
}

fn run(cli: Cli) -> Done {
    let place = &cli.place;
    match cli.command {
        Command::Serve(options) => serve::run(place, &options),
        Command::Migrate(options) => migrate::run(place, options),
        Command::SeedDemo(options) => seed_demo::run(place, options),
        Command::Admin(command) => admin::run(place, command),
        Command::Rules(command) => rules::run(place, command),
        Command::Plugins(command) => plugins::run(place, command),
        Command::Audit(command) => audit::run(place, command),
        Command::Jobs(command) => jobs::run(place, command),
        Command::Openapi => openapi::run(),
        Command::Doctor(options) => doctor::run(place, options),
        Command::LookInside(options) => look_inside::run(&options),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parsed(line: &str) -> Result<Cli, clap::error::ErrorKind> {
        Cli::try_parse_from(line.split(' ')).map_err(|fault| fault.kind())
    }

    #[test]
    fn the_commands_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_documented_lines_are_understood() {
        for line in [
            "kpi serve",
            "kpi serve --listen 127.0.0.1:0 --data-dir /srv/kpi --demo --safe-mode",
            "kpi migrate --data-dir /srv/kpi",
            "kpi migrate --json",
            "kpi seed-demo",
            "kpi seed-demo --users 300 --kpis 10000 --years 3 --json",
            "kpi seed-demo --kpis 1000 --quarters 1",
            "kpi admin create --email a@firma.example --username anna",
            "kpi admin create --email a@firma.example --username anna --full-name Anna --password-stdin",
            "kpi rules list --json",
            "kpi rules check rules/score/standard.rhai",
            "kpi rules test",
            "kpi rules test rules --json",
            "kpi plugins list --json",
            "kpi plugins install webhook",
            "kpi plugins enable webhook --yes --json",
            "kpi plugins disable webhook",
            "kpi plugins uninstall webhook --yes",
            "kpi plugins new team-news",
            "kpi plugins new team-news --dir /srv/plugins --json",
            "kpi plugins check plugins/team-news",
            "kpi plugins check team-news.zip --json",
            "kpi plugins test plugins/team-news",
            "kpi audit verify --json",
            "kpi jobs list --json",
            "kpi jobs run clean_up",
            "kpi openapi",
            "kpi doctor --json",
            "kpi doctor --send-test-mail a@firma.example",
        ] {
            assert!(parsed(line).is_ok(), "{line}");
        }
    }

    #[test]
    fn wrong_lines_are_refused() {
        use clap::error::ErrorKind;
        for (line, kind) in [
            ("kpi", ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand),
            ("kpi fly", ErrorKind::InvalidSubcommand),
            ("kpi serve --demo yes", ErrorKind::UnknownArgument),
            ("kpi seed-demo --users 3", ErrorKind::ValueValidation),
            ("kpi seed-demo --kpis many", ErrorKind::ValueValidation),
            ("kpi seed-demo --years 0", ErrorKind::ValueValidation),
            ("kpi seed-demo --years 2 --quarters 1", ErrorKind::ArgumentConflict),
            ("kpi admin create --username anna", ErrorKind::MissingRequiredArgument),
        ] {
            assert_eq!(parsed(line).err(), Some(kind), "{line}");
        }
    }

    #[test]
    fn seeding_has_the_documented_defaults() {
        let Ok(Cli { command: Command::SeedDemo(options), .. }) = parsed("kpi seed-demo") else {
            panic!("refused")
        };
        assert_eq!(options.size(), crate::seed::Size { users: 30, kpis: 400, quarters: 8 });
    }
}
