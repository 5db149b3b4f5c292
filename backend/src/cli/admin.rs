//! `kpi admin create`: an administrator without the web app.

use std::io::{IsTerminal, Read};

use console::Term;
use serde_json::json;

use super::{
    Format, Place,
    end::{Done, Stop, print_json, say},
    open,
};
use crate::{
    auth::setup::{NewAdmin, create_admin},
    platform::{secret::Secret, token},
};

/// Bytes that are read of a password; far more than one may have.
const LONGEST_INPUT: u64 = 4096;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Make an administrator
    ///
    /// Asks for the password on a terminal; without one it makes a password and prints it.
    Create(Create),
}

#[derive(clap::Args)]
pub struct Create {
    #[arg(long)]
    email: String,
    #[arg(long)]
    username: String,
    /// Name that others see [default: the user name]
    #[arg(long)]
    full_name: Option<String>,
    /// Read the password from standard input, up to the end of the first line
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    format: Format,
}

pub fn run(place: &Place, command: Command) -> Done {
    let Command::Create(create) = command;
    let config = open::quiet_config(place)?;
    let (password, is_made_up) = password(create.password_stdin)?;
    open::block_on(&config.clone(), async move {
        let opened = open::to_write(config).await?;
        let admin = NewAdmin {
            email: create.email,
            full_name: create.full_name.unwrap_or_else(|| create.username.clone()),
            username: create.username.clone(),
            password: password.clone(),
        };
        let id = create_admin(&opened.ctx, admin).await?;
        opened.close().await?;
        let shown = is_made_up.then(|| password.reveal().to_owned());
        if create.format.json {
            return print_json(&json!({ "id": id, "username": create.username, "password": shown }));
        }
        say(format_args!("{} may log in as an administrator now.", create.username))?;
        if let Some(password) = shown {
            say(format_args!(
                "The password is shown this once, change it after the first log-in: {password}"
            ))?;
        }
        Ok(())
    })
}

/// The password, and whether it was made up here.
fn password(from_stdin: bool) -> Result<(Secret, bool), Stop> {
    if from_stdin {
        let mut text = String::new();
        std::io::stdin().lock().take(LONGEST_INPUT).read_to_string(&mut text)?;
        return Ok((Secret::new(text.lines().next().unwrap_or_default()), false));
    }
    let term = Term::stderr();
    if !(term.is_term() && std::io::stdin().is_terminal()) {
        return Ok((token::random_token(), true));
    }
    let ask = |prompt: &str| {
        term.write_str(prompt)?;
        term.read_secure_line()
    };
    let first = ask("Password: ")?;
    if first != ask("Once more: ")? {
        return Err(Stop::Usage("the two passwords differ".into()));
    }
    Ok((Secret::new(first), false))
}
