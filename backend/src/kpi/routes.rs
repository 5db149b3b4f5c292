//! Paths of the KPIs.

use kpi_api::{
    endpoint::Endpoint as E,
    id::{CheckInId, KpiId},
};
use warp::Filter;

use super::handlers;
use crate::{
    app::Ctx,
    auth::guard::guard,
    platform::http::{Route, body, finish, optional_body, query},
};

pub fn routes(ctx: &Ctx) -> Vec<(E, Route)> {
    let at = |endpoint| guard(ctx, endpoint);
    vec![
        (
            E::ListKpis,
            warp::path!("kpis").and(at(E::ListKpis)).and(query()).then(handlers::list).map(finish).boxed(),
        ),
        (
            E::KpiStats,
            warp::path!("kpis" / "stats")
                .and(at(E::KpiStats))
                .and(query())
                .then(handlers::stats)
                .map(finish)
                .boxed(),
        ),
        (
            E::CreateKpi,
            warp::path!("kpis").and(at(E::CreateKpi)).and(body()).then(handlers::create).map(finish).boxed(),
        ),
        (
            E::PreviewKpi,
            warp::path!("kpis" / "preview")
                .and(at(E::PreviewKpi))
                .and(body())
                .then(handlers::preview)
                .map(finish)
                .boxed(),
        ),
        (
            E::CopyKpis,
            warp::path!("kpis" / "copy")
                .and(at(E::CopyKpis))
                .and(body())
                .then(handlers::copy)
                .map(finish)
                .boxed(),
        ),
        (E::GetKpi, warp::path!("kpis" / KpiId).and(at(E::GetKpi)).then(handlers::get).map(finish).boxed()),
        (
            E::UpdateKpi,
            warp::path!("kpis" / KpiId)
                .and(at(E::UpdateKpi))
                .and(body())
                .then(handlers::update)
                .map(finish)
                .boxed(),
        ),
        (
            E::DeleteKpi,
            warp::path!("kpis" / KpiId).and(at(E::DeleteKpi)).then(handlers::delete).map(finish).boxed(),
        ),
        (
            E::ApplyTemplate,
            warp::path!("kpis" / KpiId / "apply-template")
                .and(at(E::ApplyTemplate))
                .and(body())
                .then(handlers::apply_template)
                .map(finish)
                .boxed(),
        ),
        (
            E::SubmitKpi,
            warp::path!("kpis" / KpiId / "submit")
                .and(at(E::SubmitKpi))
                .and(optional_body())
                .then(handlers::submit)
                .map(finish)
                .boxed(),
        ),
        (
            E::RecallKpi,
            warp::path!("kpis" / KpiId / "recall")
                .and(at(E::RecallKpi))
                .and(optional_body())
                .then(handlers::recall)
                .map(finish)
                .boxed(),
        ),
        (
            E::ApproveKpi,
            warp::path!("kpis" / KpiId / "approve")
                .and(at(E::ApproveKpi))
                .and(optional_body())
                .then(handlers::approve)
                .map(finish)
                .boxed(),
        ),
        (
            E::RejectKpi,
            warp::path!("kpis" / KpiId / "reject")
                .and(at(E::RejectKpi))
                .and(optional_body())
                .then(handlers::reject)
                .map(finish)
                .boxed(),
        ),
        (
            E::SubmitResult,
            warp::path!("kpis" / KpiId / "submit-result")
                .and(at(E::SubmitResult))
                .and(optional_body())
                .then(handlers::submit_result)
                .map(finish)
                .boxed(),
        ),
        (
            E::AcceptKpi,
            warp::path!("kpis" / KpiId / "accept")
                .and(at(E::AcceptKpi))
                .and(optional_body())
                .then(handlers::accept)
                .map(finish)
                .boxed(),
        ),
        (
            E::ReturnKpi,
            warp::path!("kpis" / KpiId / "return")
                .and(at(E::ReturnKpi))
                .and(optional_body())
                .then(handlers::return_result)
                .map(finish)
                .boxed(),
        ),
        (
            E::ReviseKpi,
            warp::path!("kpis" / KpiId / "revise")
                .and(at(E::ReviseKpi))
                .and(optional_body())
                .then(handlers::revise)
                .map(finish)
                .boxed(),
        ),
        (
            E::ReopenKpi,
            warp::path!("kpis" / KpiId / "reopen")
                .and(at(E::ReopenKpi))
                .and(optional_body())
                .then(handlers::reopen)
                .map(finish)
                .boxed(),
        ),
        (
            E::UndoDecision,
            warp::path!("kpis" / KpiId / "undo-decision")
                .and(at(E::UndoDecision))
                .then(handlers::undo_decision)
                .map(finish)
                .boxed(),
        ),
        (
            E::ListCheckIns,
            warp::path!("kpis" / KpiId / "check-ins")
                .and(at(E::ListCheckIns))
                .then(handlers::check_ins)
                .map(finish)
                .boxed(),
        ),
        (
            E::CheckIn,
            warp::path!("kpis" / KpiId / "check-ins")
                .and(at(E::CheckIn))
                .and(body())
                .then(handlers::check_in)
                .map(finish)
                .boxed(),
        ),
        (
            E::CorrectCheckIn,
            warp::path!("check-ins" / CheckInId / "correct")
                .and(at(E::CorrectCheckIn))
                .and(body())
                .then(handlers::correct)
                .map(finish)
                .boxed(),
        ),
        (
            E::KpiHistory,
            warp::path!("kpis" / KpiId / "history")
                .and(at(E::KpiHistory))
                .then(handlers::history)
                .map(finish)
                .boxed(),
        ),
        (
            E::KpiReceipt,
            warp::path!("kpis" / KpiId / "receipt")
                .and(at(E::KpiReceipt))
                .and(query())
                .then(handlers::receipt)
                .map(finish)
                .boxed(),
        ),
    ]
}
