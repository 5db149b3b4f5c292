//! `kpi plugins list|install|enable|disable|uninstall`.

use std::{fs, path::Path};

use kpi_api::plugin::{PluginDetail, PluginPermission};

use crate::{
    app::Ctx,
    cli::{
        Format, Place,
        end::{Done, Stop, print_json, say},
        open,
    },
    platform::{db::work::By, failure::Outcome},
    plugins::{
        bundle,
        service::{self, Source},
    },
};

/// The language of the command line.
const LOCALE: &str = "en";

#[derive(clap::Args)]
pub struct List {
    #[command(flatten)]
    format: Format,
}

#[derive(clap::Args)]
pub struct Install {
    /// An archive (.zip), a folder with a plugin.toml, or the id of a plugin that comes with the application
    plugin: String,
    #[command(flatten)]
    format: Format,
}

#[derive(clap::Args)]
pub struct Enable {
    /// Id of the plugin
    id: String,
    /// Grant everything that it asks for; without it, that is only shown
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    format: Format,
}

#[derive(clap::Args)]
pub struct Disable {
    /// Id of the plugin
    id: String,
    #[command(flatten)]
    format: Format,
}

#[derive(clap::Args)]
pub struct Uninstall {
    /// Id of the plugin
    id: String,
    /// Remove it; without it, nothing happens
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    format: Format,
}

fn by() -> By {
    By::system("command line")
}

pub fn list(place: &Place, options: &List) -> Done {
    let config = open::quiet_config(place)?;
    open::block_on(&config.clone(), async move {
        let opened = open::to_read(config).await?;
        let list = service::list(&opened.ctx, LOCALE).await?;
        if options.format.json {
            return print_json(&list);
        }
        for plugin in &list.items {
            say(format_args!("{:<24} {:<10} {}", plugin.id, plugin.version, plugin.state))?;
            if let Some(newer) = &plugin.update_available {
                say(format_args!("{:<24} version {newer} is there to be installed", ""))?;
            }
            if let Some(trouble) = &plugin.trouble {
                say(format_args!("{:<24} {trouble}", ""))?;
            }
        }
        Ok(())
    })
}

pub fn install(place: &Place, options: Install) -> Done {
    let source = source(&options.plugin)?;
    change(place, options.format, "installed", async move |ctx| {
        service::install(ctx, by(), source, LOCALE).await
    })
}

/// What stands at the path, or the id of a bundle that is there.
fn source(plugin: &str) -> Result<Source, Stop> {
    let path = Path::new(plugin);
    if path.is_dir() {
        let bundle = bundle::read_folder(path).map_err(|faults| {
            let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
            Stop::Failed(lines.join("; "))
        })?;
        return Ok(Source::Folder(Box::new(bundle)));
    }
    if path.is_file() {
        let bytes =
            fs::read(path).map_err(|cause| Stop::Failed(format!("{plugin} cannot be read: {cause}")))?;
        return Ok(Source::Zip(bytes));
    }
    if bundle::is_id(plugin) {
        return Ok(Source::Chosen(plugin.to_owned()));
    }
    Err(Stop::Usage(format!("there is no archive and no folder {plugin}")))
}

pub fn enable(place: &Place, options: Enable) -> Done {
    if !options.yes {
        let config = open::quiet_config(place)?;
        return open::block_on(&config.clone(), async move {
            let opened = open::to_read(config).await?;
            let detail = service::get(&opened.ctx, &options.id, LOCALE).await?;
            let asked: Vec<String> = detail.plugin.permissions.iter().map(written).collect();
            let asked = if asked.is_empty() { "nothing".into() } else { asked.join(", ") };
            let id = &options.id;
            Err(Stop::Usage(format!("{id} asks for: {asked}; `kpi plugins enable {id} --yes` grants it")))
        });
    }
    change(place, options.format, "enabled", async move |ctx| {
        service::enable(ctx, by(), &options.id, None, None, LOCALE).await
    })
}

fn written(permission: &PluginPermission) -> String {
    match &permission.value {
        Some(value) => format!("{} {value}", permission.code),
        None => permission.code.to_string(),
    }
}

pub fn disable(place: &Place, options: Disable) -> Done {
    change(place, options.format, "disabled", async move |ctx| {
        service::disable(ctx, by(), &options.id, None, LOCALE).await
    })
}

pub fn uninstall(place: &Place, options: Uninstall) -> Done {
    if !options.yes {
        let id = &options.id;
        let told = format!(
            "this removes {id}, its settings and its store; `kpi plugins uninstall {id} --yes` does it"
        );
        return Err(Stop::Usage(told));
    }
    let config = open::quiet_config(place)?;
    open::block_on(&config.clone(), async move {
        let opened = open::to_write(config).await?;
        let removed = service::uninstall(&opened.ctx, by(), &options.id, None).await?;
        opened.close().await?;
        if options.format.json {
            return print_json(&removed);
        }
        say(format_args!(
            "{} is removed: {} templates deleted, {} kept, {} rules retired",
            options.id, removed.templates_deleted, removed.templates_kept, removed.rules_retired
        ))
    })
}

fn change(
    place: &Place,
    format: Format,
    what: &str,
    work: impl AsyncFnOnce(&Ctx) -> Outcome<PluginDetail>,
) -> Done {
    let config = open::quiet_config(place)?;
    open::block_on(&config.clone(), async move {
        let opened = open::to_write(config).await?;
        let detail = work(&opened.ctx).await?;
        opened.close().await?;
        if format.json {
            return print_json(&detail);
        }
        let plugin = &detail.plugin;
        say(format_args!("{} {} is {what}", plugin.id, plugin.version))?;
        if !plugin.settings_missing.is_empty() {
            say(format_args!("before it can run it needs: {}", plugin.settings_missing.join(", ")))?;
        }
        Ok(())
    })
}
