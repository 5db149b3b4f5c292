//! Paths of the evidence.

use kpi_api::{
    endpoint::Endpoint as E,
    id::{EvidenceId, KpiId},
};
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, file::wanted, finish, form::incoming, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    vec![
        (
            E::ListEvidence,
            warp::path!("kpis" / KpiId / "evidence")
                .and(at(E::ListEvidence))
                .then(handlers::list)
                .map(finish)
                .boxed(),
        ),
        (
            E::AddEvidence,
            warp::path!("kpis" / KpiId / "evidence")
                .and(at(E::AddEvidence))
                .and(incoming())
                .then(handlers::add)
                .map(finish)
                .boxed(),
        ),
        (
            E::EvidenceLimits,
            warp::path!("evidence" / "limits")
                .and(at(E::EvidenceLimits))
                .then(handlers::get_limits)
                .map(finish)
                .boxed(),
        ),
        (
            E::GetEvidence,
            warp::path!("evidence" / EvidenceId)
                .and(at(E::GetEvidence))
                .then(handlers::get)
                .map(finish)
                .boxed(),
        ),
        (
            E::DeleteEvidence,
            warp::path!("evidence" / EvidenceId)
                .and(at(E::DeleteEvidence))
                .then(handlers::delete)
                .map(finish)
                .boxed(),
        ),
        (
            E::EvidenceContent,
            warp::path!("evidence" / EvidenceId / "content")
                .and(at(E::EvidenceContent))
                .and(wanted())
                .then(handlers::content)
                .boxed(),
        ),
        (
            E::EvidenceThumbnail,
            warp::path!("evidence" / EvidenceId / "thumbnail")
                .and(at(E::EvidenceThumbnail))
                .then(handlers::thumbnail)
                .map(finish)
                .boxed(),
        ),
        (
            E::EvidencePreview,
            warp::path!("evidence" / EvidenceId / "preview")
                .and(at(E::EvidencePreview))
                .and(query())
                .then(handlers::get_preview)
                .boxed(),
        ),
    ]
}
