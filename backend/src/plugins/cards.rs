//! The cards that plugins put on the dashboard: each function is called with who looks, sees what they may see, and has to
//! give one of four shapes. What it gave is shown for a short time without asking again; who fails is left out.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use kpi_api::plugin::{PluginWidget, WidgetData};
use quick_cache::sync::Cache;
use serde::Deserialize;
use serde_json::Value;

use super::{
    bundle::Widget,
    calling::{self, Called, Occasion},
    hands::person_facts,
    host::{Failed, FailedKind},
    installed::Installed,
    repo, view,
};
use crate::{
    app::Ctx,
    auth::actor::Call,
    people::directory::Person,
    platform::{failure::Outcome, signals::Topic},
};

/// How long a card is shown without being filled again.
const FRESH: Duration = Duration::from_secs(30);

/// How long people wait for all their cards.
const WITHIN: Duration = Duration::from_millis(900);

/// Cards kept.
const KEPT: usize = 5_000;

/// Characters of a title, a label, a name or a cell.
const LABEL_MAX: usize = 200;

/// Plugin, its revision and checksum, function, viewer.
type Key = (i64, i64, String, String, i64);

/// Cards that were filled a short time ago.
pub struct Shown(Cache<Key, Arc<Filled>>);

impl Default for Shown {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

struct Filled {
    at: Instant,
    /// Generation of the people: another one may see other things.
    people: u64,
    locale: String,
    /// Absent where the function failed.
    card: Option<PluginWidget>,
}

/// What a card's function gives.
#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    link: Option<String>,
    #[serde(flatten)]
    content: WidgetData,
}

/// The cards of the caller, in the order of the plugins' ids.
pub async fn of(call: &Call) -> Outcome<Vec<PluginWidget>> {
    let ctx = &call.ctx;
    let plugins = ctx.plugins().await?;
    let mut asked = Vec::new();
    for installed in plugins.running() {
        for widget in installed.bundle().map(|bundle| bundle.manifest.widgets.as_slice()).unwrap_or_default()
        {
            asked.push(card(ctx, installed, widget, &call.who.person));
        }
    }
    Ok(join_all(asked).await.into_iter().flatten().collect())
}

async fn card(
    ctx: &Ctx,
    installed: &Arc<Installed>,
    widget: &Widget,
    viewer: &Arc<Person>,
) -> Option<PluginWidget> {
    let row = &installed.row;
    let key: Key = (row.id, row.revision, row.checksum.clone(), widget.function.clone(), viewer.id.0);
    let people = ctx.signals.generation(Topic::People);
    if let Some(filled) = ctx.fleet.shown.0.get(&key)
        && filled.at.elapsed() < FRESH
        && filled.people == people
        && filled.locale == viewer.locale
    {
        return filled.card.clone();
    }
    // A task of its own: the note that it failed is written though people wait no longer, or are gone.
    let filling = tokio::spawn(fill(
        ctx.clone(),
        Arc::clone(installed),
        widget.clone(),
        Arc::clone(viewer),
        key,
        people,
    ));
    match tokio::time::timeout(WITHIN, filling).await {
        Ok(Ok(card)) => card,
        Ok(Err(panic)) => {
            tracing::error!(plugin = installed.id(), %panic, "a card broke off");
            None
        }
        Err(_) => None,
    }
}

async fn fill(
    ctx: Ctx,
    installed: Arc<Installed>,
    widget: Widget,
    viewer: Arc<Person>,
    key: Key,
    people: u64,
) -> Option<PluginWidget> {
    let _place = ctx.fleet.card_place().await;
    let card = match ask(&ctx, &installed, &widget, &viewer).await {
        Ok(card) => card,
        Err(cause) => {
            tracing::warn!(
                plugin = installed.id(),
                function = widget.function,
                ?cause,
                "a card was not filled"
            );
            None
        }
    };
    let filled = Filled { at: Instant::now(), people, locale: viewer.locale.clone(), card: card.clone() };
    ctx.fleet.shown.0.insert(key, Arc::new(filled));
    card
}

async fn ask(
    ctx: &Ctx,
    installed: &Installed,
    widget: &Widget,
    viewer: &Arc<Person>,
) -> Outcome<Option<PluginWidget>> {
    let argument = serde_json::to_value(person_facts(&*ctx.directory().await?, viewer))?;
    let function = &widget.function;
    let called =
        calling::call(ctx, installed, function, argument, Occasion::Card(Arc::clone(viewer))).await?;
    let bundle = installed.bundle();
    let (card, called) = match called.outcome {
        // An empty answer means that there is nothing to show this person.
        Ok(done) if done.value.is_null() => (None, Called { outcome: Ok(done), effects: called.effects }),
        Ok(done) => match read(done.value.clone()) {
            Ok(given) => {
                let words = bundle.and_then(|bundle| bundle.translation(&viewer.locale));
                let translated = words.and_then(|words| words.widgets.get(function)).cloned();
                let card = PluginWidget {
                    plugin_id: installed.id().to_owned(),
                    plugin_name: bundle.map(|b| view::name(b, &viewer.locale)).unwrap_or_default(),
                    function: function.clone(),
                    title: given.title.or(translated).unwrap_or_else(|| widget.title.clone()),
                    link: given.link,
                    content: given.content,
                };
                (Some(card), Called { outcome: Ok(done), effects: called.effects })
            }
            Err(fault) => {
                let failed = Failed {
                    kind: FailedKind::Threw,
                    message: format!("What it returned is no card: {fault}"),
                    line: None,
                    function: function.clone(),
                    log: done.log,
                    took: done.took,
                };
                (None, Called { outcome: Err(failed), effects: called.effects })
            }
        },
        Err(failed) => (None, Called { outcome: Err(failed), effects: called.effects }),
    };
    // A card that went well and said nothing leaves no trace: looking is not worth a write, unless it ends a row of
    // failures. Those are counted in the database alone.
    let is_silent = matches!(&called.outcome, Ok(done) if done.log.is_empty());
    if !is_silent || is_failing(ctx, installed).await? {
        calling::settle_alone(ctx, installed, function, &called).await?;
    }
    Ok(card)
}

async fn is_failing(ctx: &Ctx, installed: &Installed) -> Outcome<bool> {
    let row = repo::by_id(ctx.db.read(), installed.row.id).await?;
    Ok(row.is_some_and(|row| row.failures_in_a_row > 0))
}

/// Reads what a function gave, within the bounds of a card.
fn read(value: Value) -> Result<Given, String> {
    let given: Given = serde_json::from_value(value).map_err(|fault| fault.to_string())?;
    let is_long = |text: &str| text.chars().count() > LABEL_MAX;
    if given.title.as_deref().is_some_and(is_long) {
        return Err(format!("its title is longer than {LABEL_MAX} characters"));
    }
    let link = given.link.as_deref().unwrap_or("/");
    if !link.starts_with('/') || link.starts_with("//") || link.contains('\\') || is_long(link) {
        return Err("its link is not a path of this application".into());
    }
    given.content.check()?;
    Ok(given)
}
