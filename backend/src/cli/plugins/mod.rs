//! `kpi plugins`: writing plugins and trying them out, and those in the data directory, while the server is down.

use super::{Place, end::Done};

mod check;
mod life;
mod new;
mod source;
mod test;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Make the folder of a new plugin that works
    New(new::Options),
    /// Tell what is wrong with a plugin, or what it adds and wants
    Check(check::Options),
    /// Run the cases of a plugin and of its rules
    Test(test::Options),
    /// Those installed and those that could be
    List(life::List),
    /// Install an archive, a folder, or a plugin that comes with the application
    Install(life::Install),
    /// Let a plugin run with the permissions that it asks for
    Enable(life::Enable),
    /// Stop a plugin; its settings stay
    Disable(life::Disable),
    /// Remove a plugin with what it has added
    Uninstall(life::Uninstall),
}

pub fn run(place: &Place, command: Command) -> Done {
    match command {
        Command::New(options) => new::run(&options),
        Command::Check(options) => check::run(&options),
        Command::Test(options) => test::run(&options),
        Command::List(options) => life::list(place, &options),
        Command::Install(options) => life::install(place, options),
        Command::Enable(options) => life::enable(place, options),
        Command::Disable(options) => life::disable(place, options),
        Command::Uninstall(options) => life::uninstall(place, options),
    }
}
