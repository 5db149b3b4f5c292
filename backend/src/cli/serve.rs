//! `kpi serve`: the server, from the empty folder to the orderly end.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use tokio::net::TcpListener;

use super::{
    Place,
    end::{Done, Stop, say},
    open, seed_demo,
};
use crate::{
    app::Ctx,
    auth::setup,
    background,
    platform::{
        config::{Config, Overrides},
        http::{self, ServerSettings, web::Assets},
        lifecycle::Lifecycle,
    },
    router, rules,
    seed::{self, Size},
    templates,
};

/// How long a stop waits for requests under way; closing the database needs the rest of the ten seconds.
const STOP_WITHIN: Duration = Duration::from_secs(7);

/// How long a stop waits for background tasks after that; they have had as much time as the requests.
const TASKS_END_WITHIN: Duration = Duration::from_secs(1);

#[derive(clap::Args)]
pub struct Options {
    /// Address and port to serve on; port 0 takes a free one [default: 127.0.0.1:8000, or LISTEN]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Put the demo company in when the database is empty
    #[arg(long)]
    demo: bool,
    /// Start without any plugins
    #[arg(long)]
    safe_mode: bool,
}

pub fn run(place: &Place, options: &Options) -> Done {
    let overrides = open::overrides(place, options.listen.clone());
    let config = Config::load(&Overrides { safe_mode: options.safe_mode, ..overrides })?;
    open::block_on(&config.clone(), serve(config, options))
}

async fn serve(mut config: Config, options: &Options) -> Done {
    // Bound before anything is touched: a second server on the same address changes nothing.
    let listener = TcpListener::bind(config.listen).await.map_err(|cause| {
        Stop::Failed(format!(
            "cannot listen on {}: {cause}; choose another address with --listen",
            config.listen
        ))
    })?;
    let address = listener.local_addr()?;
    if config.listen.port() == 0 {
        config.public_url = config.public_url.replace(":0", &format!(":{}", address.port()));
        config.listen = address;
    }
    if options.safe_mode {
        tracing::warn!("safe mode: no plugin runs");
    }
    let opened = open::to_write(config).await?;
    prepare(&opened.ctx, options.demo).await?;

    let assets = Arc::new(Assets::embedded());
    let lifecycle = Lifecycle::new();
    let settings = ServerSettings {
        stop_within: STOP_WITHIN,
        ..router::server_settings(&opened.ctx, &assets, lifecycle.clone())
    };
    let routes = router::routes(&opened.ctx, assets);
    let asked_to_stop = stop_signal()?;
    let tasks = background::start(&opened.ctx, &lifecycle);
    http::serve(listener, routes, settings, asked_to_stop).await?;
    tasks.ended(TASKS_END_WITHIN).await;
    opened.close().await
}

/// Rules, the first administrator or the demo company, and what people have to know to begin.
async fn prepare(ctx: &Ctx, demo: bool) -> Done {
    rules::service::seed_shipped(ctx).await?;
    templates::versions::keep_up(ctx).await?;
    if setup::ensure_admin(ctx).await? {
        say("The administrator of ADMIN_EMAIL has been made.")?;
    }
    if demo && seed::is_empty(ctx.db.read()).await? {
        seed_demo::make(ctx, Size::default()).await?;
    }
    let url = &ctx.config.public_url;
    say(format_args!("{} is at {url}", ctx.config.app_name))?;
    if ctx.settings().await?.demo {
        say(seed_demo::log_ins())?;
    } else if demo {
        say("The database is not empty, so the demo company was left out.")?;
    }
    if let Some(link) = setup::ensure_token(ctx).await? {
        say(format_args!("There is no administrator yet. This link makes one, once:\n  {}", link.reveal()))?;
    }
    Ok(())
}

/// Completes when the process is asked to end.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).context("listening for SIGTERM")?
    };
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    })
}
