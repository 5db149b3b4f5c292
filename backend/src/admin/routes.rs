//! Paths of settings and audit log.

use kpi_api::endpoint::Endpoint as E;
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, body, finish, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    let settings = || warp::path!("settings");
    vec![
        (E::GetSettings, settings().and(at(E::GetSettings)).then(handlers::get_settings).map(finish).boxed()),
        (
            E::UpdateSettings,
            settings()
                .and(at(E::UpdateSettings))
                .and(body())
                .then(handlers::update_settings)
                .map(finish)
                .boxed(),
        ),
        (
            E::AuditLog,
            warp::path!("audit-log")
                .and(at(E::AuditLog))
                .and(query())
                .then(handlers::audit_log)
                .map(finish)
                .boxed(),
        ),
        (
            E::VerifyAudit,
            warp::path!("audit-log" / "verify")
                .and(at(E::VerifyAudit))
                .then(handlers::verify_audit)
                .map(finish)
                .boxed(),
        ),
    ]
}
