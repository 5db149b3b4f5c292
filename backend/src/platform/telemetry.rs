//! Where the log goes: stderr, and a file if one is named.

use std::{fs::File, sync::Arc};

use anyhow::Context;
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use super::{
    config::{Config, LogFormat},
    http::request,
};

/// Starts the log, and has panics written to it. To be called once, before anything else says something.
///
/// # Errors
/// When the log file cannot be opened, or a log was started before.
pub fn start(config: &Config) -> anyhow::Result<()> {
    let file = config
        .log_file
        .as_ref()
        .map(|path| {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            File::options().create(true).append(true).open(path)
        })
        .transpose()
        .context("LOG_FILE cannot be opened")?
        .map(Arc::new);
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let stderr = layer(config.log_format, colours, std::io::stderr);
    let file = file.map(|file| layer(config.log_format, false, file));
    let subscriber = tracing_subscriber::registry()
        .with(EnvFilter::try_new(filter(&config.log_level)).context("LOG_LEVEL")?)
        .with(stderr)
        .with(file);
    subscriber.try_init().context("the log was started before")?;
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(request_id = request::current_id(), "{panic}");
    }));
    Ok(())
}

type BoxedLayer<S> = Box<dyn Layer<S> + Send + Sync>;

fn layer<S, W>(format: LogFormat, colours: bool, writer: W) -> BoxedLayer<S>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
    W: for<'a> fmt::MakeWriter<'a> + Send + Sync + 'static,
{
    let layer = fmt::layer().with_writer(writer);
    match format {
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
        LogFormat::Text => layer.with_ansi(colours).boxed(),
    }
}

/// A plain level concerns our own lines; what the libraries say below a warning would hide them.
fn filter(level: &str) -> String {
    match level {
        "error" => "error".into(),
        own => format!("warn,kpi={own},kpi_engine={own}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_makes_a_filter() {
        for level in super::super::config::LOG_LEVELS {
            EnvFilter::try_new(filter(level)).unwrap();
        }
    }
}
