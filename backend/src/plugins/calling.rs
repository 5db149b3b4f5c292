//! Calling a function of a plugin, and writing down how it went. What the function has others told and what it keeps for
//! itself lasts only where it came to its end, and is written together with the note that it did.

use std::sync::Arc;

use anyhow::anyhow;
use kpi_api::{
    plugin::{PluginLogLevel, PluginState},
    time::Timestamp,
};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use super::{
    fleet::Place,
    hands::{self, Effects, Lent},
    host::{Done, Failed, FailedKind, Limits},
    installed::Installed,
    repo::{self, log::Line},
};
use crate::{
    app::Ctx,
    entity::plugin,
    kpi::convert::word,
    people::directory::Person,
    platform::{
        db::work::{By, Event, Work},
        failure::Outcome,
        signals::Topic,
    },
};

/// Failed calls in a row after which a plugin is switched off.
pub const MOST_FAILURES: i64 = 10;

/// Characters kept of an error.
const ERROR_MAX: usize = 500;

/// Characters kept of a line of the log.
const LINE_MAX: usize = 1000;

/// What a function is called for.
pub enum Occasion {
    Hook,
    Job,
    Test,
    /// A card for this person, who sees in it what they may see.
    Card(Arc<Person>),
}

/// How a call went, and what it wants to last.
pub struct Called {
    pub outcome: Result<Done, Failed>,
    pub effects: Effects,
}

impl Called {
    /// One that could not even begin. It counts as a failure of the plugin's: as one of the server's it would be tried
    /// for ever, and nobody be told.
    pub fn broken(function: &str, message: String) -> Self {
        let failed = Failed {
            kind: FailedKind::Threw,
            message,
            line: None,
            function: function.to_owned(),
            log: Vec::new(),
            took: std::time::Duration::ZERO,
        };
        Self { outcome: Err(failed), effects: Effects::default() }
    }
}

/// As whom plugins write.
pub fn by(id: &str) -> By {
    By::system(&format!("plugin {id}"))
}

/// Calls a function away from the async threads, when its plugin's turn has come.
pub async fn call(
    ctx: &Ctx,
    installed: &Installed,
    function: &str,
    argument: Value,
    occasion: Occasion,
) -> Outcome<Called> {
    let place = match &occasion {
        Occasion::Card(_) => None,
        _ => Some(ctx.fleet.place(installed.row.id).await),
    };
    call_in(ctx, installed, function, argument, occasion, place.as_ref()).await
}

/// As [`call`], where the place is held already.
pub async fn call_in(
    ctx: &Ctx,
    installed: &Installed,
    function: &str,
    argument: Value,
    occasion: Occasion,
    _place: Option<&Place<'_>>,
) -> Outcome<Called> {
    let loaded = installed.loaded.as_ref().map_err(|fault| anyhow!("{fault}"))?;
    let program = loaded.program.clone();
    let limits = match &occasion {
        Occasion::Card(_) => Limits { total: hands::CARD_TOTAL, ..Limits::default() },
        _ => Limits::default(),
    };
    let lent = match Lent::new(ctx, installed, occasion).await? {
        Ok(lent) => Arc::new(lent),
        Err(message) => return Ok(Called::broken(function, message)),
    };
    let (hands, name) = (Arc::clone(&lent), function.to_owned());
    let called = tokio::task::spawn_blocking(move || program.call(&name, argument, hands, &limits)).await;
    let outcome = called.unwrap_or_else(|panic| {
        tracing::error!(plugin = installed.id(), function, %panic, "a call of a plugin panicked");
        Err(Failed {
            kind: FailedKind::Panicked,
            message: "The call broke off.".into(),
            line: None,
            function: function.to_owned(),
            log: Vec::new(),
            took: std::time::Duration::ZERO,
        })
    });
    Ok(Called { outcome, effects: lent.effects() })
}

/// Writes down how a call went, in a transaction of its own.
pub async fn settle_alone(ctx: &Ctx, installed: &Installed, function: &str, called: &Called) -> Outcome<()> {
    let mut work = ctx.begin(by(installed.id())).await?;
    settle(&mut work, installed, function, called, None).await?;
    work.commit(&()).await
}

/// Writes down how a call went. `rest_until` is how long its hooks rest after a failure.
pub async fn settle(
    work: &mut Work,
    installed: &Installed,
    function: &str,
    called: &Called,
    rest_until: Option<Timestamp>,
) -> Outcome<()> {
    let (id, at) = (installed.row.id, work.at().0);
    // It may have been removed while its function ran.
    let Some(row) = repo::by_id(work.tx(), id).await? else { return Ok(()) };
    let log = match &called.outcome {
        Ok(done) => &done.log,
        Err(failed) => &failed.log,
    };
    let mut lines: Vec<Line> = log.iter().map(|text| said(function, text)).collect();
    match &called.outcome {
        Ok(_) => {
            called.effects.apply(work, installed).await?;
            repo::note_success(work.tx(), id, at).await?;
        }
        Err(failed) => {
            let error = cut(&failed.to_string(), ERROR_MAX);
            lines.push(Line {
                level: PluginLogLevel::Error,
                source: function.to_owned(),
                text: cut(&failed.message, LINE_MAX),
                line: failed.line,
            });
            repo::note_failure(work.tx(), id, at, &error, rest_until.map(|at| at.0)).await?;
            let is_enough = row.failures_in_a_row + 1 >= MOST_FAILURES;
            if is_enough && word::<PluginState>(&row.state)? == PluginState::Enabled {
                lines.push(switch_off(work, installed, &row, &error).await?);
            }
        }
    }
    Ok(repo::log::add(work.tx(), id, at, lines).await?)
}

/// Stops a plugin that keeps failing, and has administrators told. What it has added stays: it is not what failed.
async fn switch_off(
    work: &mut Work,
    installed: &Installed,
    row: &plugin::Model,
    error: &str,
) -> Outcome<Line> {
    let id = installed.id();
    let change = plugin::ActiveModel {
        state: Set(PluginState::SwitchedOff.to_string()),
        trouble: Set(Some(error.to_owned())),
        updated_at: Set(work.at().0),
        ..Default::default()
    };
    // Within the transaction the revision is that of the row just read.
    repo::update_if_unchanged(work.tx(), row.id, row.revision, change).await?;
    super::jobs::forget_times(work, id).await?;
    let forgotten = repo::deliveries::forget_waiting(work.tx(), row.id).await?;
    let name = installed.bundle().map_or(id, |bundle| bundle.manifest.name.as_str());
    let payload = json!({ "plugin_id": id, "name": name, "text": error });
    work.emit(Event { name: "plugin.switched_off", entity: "plugin", entity_id: row.id, payload }).await?;
    let detail = json!({ "id": id, "version": row.version, "error": error, "events_forgotten": forgotten });
    work.audit("plugin.switch_off", "plugin", Some(row.id), detail).await?;
    work.touch(Topic::Plugins);
    tracing::warn!(plugin = id, error, "a plugin keeps failing and was switched off");
    Ok(Line {
        level: PluginLogLevel::Error,
        source: "plugin".into(),
        text: format!(
            "Switched off after {MOST_FAILURES} failures in a row; events that waited: {forgotten}."
        ),
        line: None,
    })
}

fn said(function: &str, text: &str) -> Line {
    let text = cut(text, LINE_MAX);
    Line { level: PluginLogLevel::Info, source: function.to_owned(), text, line: None }
}

fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').take(most).collect()
}
