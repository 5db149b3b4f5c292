//! Whether the rules of a bundle may be published: their cases pass, and what has to hold of every rule holds.

use std::time::{Duration, Instant};

use kpi_api::{error::Code, plugin::PluginProblem};

use crate::{
    app::Ctx,
    platform::failure::{Failure, Outcome},
    plugins::{
        bundle::{Bundle, BundleRule},
        trial,
    },
    rules::authoring::aside,
};

/// How long all rules of a bundle may take; one that holds takes well under a second.
const LONGEST: Duration = Duration::from_secs(20);

/// What does not hold, with the file of the rule or of its cases. A bundle whose rules have held is not tried again.
pub async fn faults(ctx: &Ctx, bundle: &Bundle) -> Outcome<Vec<PluginProblem>> {
    if bundle.rules.is_empty() || ctx.fleet.is_proved(&bundle.checksum) {
        return Ok(Vec::new());
    }
    let until = Instant::now() + LONGEST;
    let mut faults = Vec::new();
    for rule in &bundle.rules {
        if Instant::now() >= until {
            let message = format!("Trying the rules took more than {} s.", LONGEST.as_secs());
            faults.push(problem(&rule.file, message));
            break;
        }
        let (rule, common) = (rule.clone(), trial::common(bundle, rule));
        faults.extend(aside(ctx, move |engine| of(engine, &rule, common)).await?);
    }
    if faults.is_empty() {
        ctx.fleet.note_proved(&bundle.checksum);
    }
    Ok(faults)
}

/// 409 `tests_failed` with everything that does not hold.
pub async fn demand(ctx: &Ctx, bundle: &Bundle) -> Outcome<()> {
    let faults = faults(ctx, bundle).await?;
    if faults.is_empty() {
        return Ok(());
    }
    let detail = "Not everything holds that is tested of the plugin's rules, so they cannot be published.";
    let errors = faults.iter().map(PluginProblem::to_field).collect();
    Err(Failure::with_errors(Code::TestsFailed, detail, errors))
}

fn of(
    engine: &kpi_engine::Engine,
    rule: &BundleRule,
    common: kpi_engine::properties::Common,
) -> Vec<PluginProblem> {
    match trial::prove(engine, rule, common) {
        Ok(tried) => {
            let failed = tried.into_iter().filter(|tried| !tried.passed);
            failed.map(|tried| problem(&tried.file, format!("{}: {}", tried.name, tried.detail))).collect()
        }
        Err(refused) => refused.iter().map(|fault| problem(&fault.file, fault.message.clone())).collect(),
    }
}

fn problem(file: &str, message: String) -> PluginProblem {
    let code = Code::TestsFailed.as_str().to_owned();
    PluginProblem { file: file.to_owned(), line: None, column: None, code, message }
}
