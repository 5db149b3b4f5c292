//! `kpi plugins new`: a plugin that works, to be changed into another.

use std::{fs, path::PathBuf};

use serde::Serialize;

use crate::{
    cli::{
        Format,
        end::{Done, Stop, print_json, say},
    },
    plugins::bundle::is_id,
};

const FILES: &[(&str, &str)] = &[
    ("plugin.toml", include_str!("skeleton/plugin.toml")),
    ("plugin.rhai", include_str!("skeleton/plugin.rhai")),
    ("plugin.test.toml", include_str!("skeleton/plugin.test.toml")),
    ("templates.toml", include_str!("skeleton/templates.toml")),
    ("rules/say-how.rhai", include_str!("skeleton/rules/say-how.rhai")),
    ("rules/say-how.test.toml", include_str!("skeleton/rules/say-how.test.toml")),
    ("translations/de.toml", include_str!("skeleton/translations/de.toml")),
    ("README.md", include_str!("skeleton/README.md")),
];

#[derive(clap::Args)]
pub struct Options {
    /// Its name in small letters, digits and hyphens, such as team-news
    #[arg(value_name = "ID")]
    id: String,
    /// The folder that gets the plugin's folder
    #[arg(long, default_value = "plugins", value_name = "DIR")]
    dir: PathBuf,
    #[command(flatten)]
    format: Format,
}

#[derive(Serialize)]
struct Made {
    id: String,
    folder: PathBuf,
    files: Vec<&'static str>,
}

pub fn run(options: &Options) -> Done {
    if !is_id(&options.id) {
        return Err(Stop::Usage(format!(
            "{} is no id; it is 2 to 40 characters from a to z, 0 to 9 and hyphens, and begins with a letter",
            options.id
        )));
    }
    let folder = options.dir.join(&options.id);
    if folder.exists() {
        return Err(Stop::Usage(format!("{} is there already", folder.display())));
    }
    let name = in_words(&options.id);
    for (path, text) in FILES {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        let shown = folder.display().to_string();
        let text = text.replace("{id}", &options.id).replace("{name}", &name).replace("{folder}", &shown);
        fs::write(&file, text)?;
    }
    let files: Vec<&str> = FILES.iter().map(|(path, _)| *path).collect();
    if options.format.json {
        return print_json(&Made { id: options.id.clone(), folder, files });
    }
    say(format_args!("{} is there, with {} files.", folder.display(), files.len()))?;
    say(format_args!("Try it with: kpi plugins test {}", folder.display()))
}

/// `team-news` becomes `Team news`.
fn in_words(id: &str) -> String {
    let words = id.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
