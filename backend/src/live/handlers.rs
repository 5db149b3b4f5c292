//! The stream over HTTP.

use serde::Deserialize;
use warp::reply::Response;

use super::stream;
use crate::{
    auth::actor::Entered,
    platform::{
        failure::{Failure, Outcome},
        http::{EventStream, reply::problem},
    },
};

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// The number after which to go on, for clients that cannot send `Last-Event-ID`; the header counts if both are
    /// given.
    pub last_event_id: Option<i64>,
}

/// What happens, as it happens (server-sent events): `hello`, `kpi`, `notification`, `unread`, `rule`, `job` and
/// `resync`, each with JSON as its data. `Last-Event-ID` goes on where a stream broke off. A page that opens a stream
/// without it fetches what it shows after `hello`, and everything anew after `resync`.
#[utoipa::path(get, path = "/events", tag = "notifications",
    params(EventsQuery, ("Last-Event-ID" = Option<i64>, Header)),
    responses((status = 200, content((String = "text/event-stream")))))]
pub async fn events(call: Entered, header: Option<String>, query: Outcome<EventsQuery>) -> Response {
    open(call, header, query).await.map_or_else(|failure| problem(&failure), EventStream::into_response)
}

async fn open(call: Entered, header: Option<String>, query: Outcome<EventsQuery>) -> Outcome<EventStream> {
    let (call, query) = (call?, query?);
    let after = match header.as_deref() {
        None | Some("") => query.last_event_id,
        Some(text) => Some(text.parse().map_err(|_| {
            Failure::field("Last-Event-ID", "wrong_type", "A number that an earlier stream has sent.")
        })?),
    };
    stream::open(&call, after).await
}
