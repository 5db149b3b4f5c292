//! `kpi plugins test`: the cases of a plugin and of its rules.

use std::path::PathBuf;

use serde::Serialize;

use super::source;
use crate::{
    cli::{
        Format,
        end::{Done, Stop, print_json, say},
    },
    plugins::{
        bundle::Refused,
        trial::{self, Tried},
    },
};

#[derive(clap::Args)]
pub struct Options {
    /// A plugin's folder, or its zip archive
    #[arg(value_name = "DIR|ZIP")]
    path: PathBuf,
    #[command(flatten)]
    format: Format,
}

#[derive(Serialize)]
struct Tested {
    ok: bool,
    cases: Vec<Tried>,
    problems: Vec<Refused>,
}

pub fn run(options: &Options) -> Done {
    let (cases, problems) = match source::read(&options.path)?.and_then(|bundle| trial::run(&bundle)) {
        Ok(cases) => (cases, Vec::new()),
        Err(problems) => (Vec::new(), problems),
    };
    let failed = cases.iter().filter(|case| !case.passed).count();
    let passed = cases.len() - failed;
    let ok = failed == 0 && problems.is_empty();
    if options.format.json {
        print_json(&Tested { ok, cases, problems })?;
    } else {
        source::tell(&options.path, &problems)?;
        let mut file = "";
        for case in &cases {
            if case.file != file {
                file = &case.file;
                say(options.path.join(file).display())?;
            }
            if case.passed {
                say(format_args!("  passed   {}", case.name))?;
            } else {
                say(format_args!("  failed   {}: {}", case.name, case.detail))?;
            }
        }
        say(format_args!("{passed} passed, {failed} failed"))?;
    }
    if ok { Ok(()) } else { Err(Stop::Told) }
}
