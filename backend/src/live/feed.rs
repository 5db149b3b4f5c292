//! Tells open pages what the outbox has delivered.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use sea_orm::DatabaseTransaction;

use super::news;
use crate::{
    app::Ctx,
    platform::{
        failure::Outcome,
        outbox::{Consumer, Posted},
    },
};

pub struct Feed {
    ctx: Ctx,
}

impl Feed {
    pub fn new(ctx: &Ctx) -> Self {
        Self { ctx: ctx.clone() }
    }
}

impl Consumer for Feed {
    fn name(&self) -> &'static str {
        "live"
    }

    /// Nothing is kept: what is told after the commit is found again by its number.
    fn wants(&self, _event: &Posted) -> bool {
        false
    }

    fn take<'a>(&'a self, _tx: &'a DatabaseTransaction, _event: &'a Posted) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async { Ok(()) })
    }

    fn delivered<'a>(&'a self, events: &'a [Arc<Posted>]) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let listening = self.ctx.live.listening();
            if listening.is_empty() {
                return;
            }
            match news::of(&self.ctx, events, &listening).await {
                Ok(all) => all.into_iter().for_each(|news| self.ctx.live.publish(news)),
                Err(cause) => {
                    tracing::error!(?cause, "open pages could not be told what has happened");
                    self.ctx.live.missed();
                }
            }
        })
    }
}
