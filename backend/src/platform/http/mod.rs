//! The web side of the house: how requests come in and answers go out. Knows no feature.
//!
//! Reading order: [`reply`] (answers), [`body`], [`query`] and [`request`] (what handlers ask for), [`routing`]
//! (which route), [`service`] (what surrounds every request), [`server`] (sockets), [`web`] and [`api_docs`].
//!
//! A route answers problems itself by extracting `Result`s; a warp rejection means only "not my route".

use std::convert::Infallible;

use warp::Filter;

pub mod api_docs;
pub mod body;
mod connection;
mod cors;
pub mod event_stream;
pub mod file;
pub mod form;
pub mod headers;
pub mod network;
pub mod query;
pub mod reply;
pub mod request;
pub mod routing;
pub mod server;
pub mod service;
pub mod web;

pub use body::{body, optional_body};
pub use event_stream::EventStream;
pub use query::query;
pub use reply::{Answer, Reply, Stored, finish, told};
pub use request::{Meta, if_match, meta};
pub use routing::{Routes, close_api};
pub use server::serve;
pub use service::{ServerSettings, Service, service};

/// One boxed route; boxing each keeps types, errors and rebuilds small.
pub type Route = warp::filters::BoxedFilter<(warp::reply::Response,)>;

/// Hands a clone of `context` to the handler.
pub fn with<C: Clone + Send + Sync + 'static>(
    context: &C,
) -> impl Filter<Extract = (C,), Error = Infallible> + Clone + use<C> {
    let context = context.clone();
    warp::any().map(move || context.clone())
}
