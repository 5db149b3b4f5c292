//! `kpi plugins`: those in the data directory, while the server is down.

mod life;

use super::{Place, end::Done};

#[derive(clap::Subcommand)]
pub enum Command {
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
        Command::List(options) => life::list(place, &options),
        Command::Install(options) => life::install(place, options),
        Command::Enable(options) => life::enable(place, options),
        Command::Disable(options) => life::disable(place, options),
        Command::Uninstall(options) => life::uninstall(place, options),
    }
}
