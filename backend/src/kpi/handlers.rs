//! KPIs over HTTP.

use kpi_api::{
    checkin::{CheckInList, CheckInNew, CheckedIn, Correction},
    history::HistoryList,
    id::{CheckInId, HistoryId, KpiId},
    kpi::{
        Act, ActBody, CopyBody, ItemResults, KpiCreate, KpiPatch, KpiRow, KpiStats, KpiView, Preview,
        PreviewBody, ReviseBody,
    },
    page::Page,
    receipt_change::ReceiptView,
    template::change::ApplyTemplateBody,
};
use serde::Deserialize;

use super::{filter::KpiQuery, service};
use crate::{
    auth::actor::Entered,
    platform::{
        failure::{Failure, Outcome},
        http::{Answer, Reply},
    },
};

/// The KPIs that the caller may see.
#[utoipa::path(get, path = "/kpis", tag = "kpis", params(KpiQuery),
    responses((status = 200, content((Page<KpiRow> = "application/json"), (String = "text/csv")))))]
pub async fn list(call: Entered, query: Outcome<KpiQuery>) -> Answer<Page<KpiRow>> {
    let (call, query) = (call?, query?);
    match query.format.as_deref() {
        None | Some("json") => Ok(Reply::Ok(service::read::list(&call, &query).await?)),
        Some("csv") => Ok(Reply::Bytes {
            content_type: "text/csv; charset=utf-8",
            file_name: Some("kpis.csv".into()),
            body: service::read::export(&call, &query).await?.into(),
        }),
        Some(_) => Err(Failure::field("format", "unknown_value", "One of json, csv.")),
    }
}

/// Counts and means over the same filters as the list.
#[utoipa::path(get, path = "/kpis/stats", tag = "kpis", params(KpiQuery),
    responses((status = 200, body = KpiStats)))]
pub async fn stats(call: Entered, query: Outcome<KpiQuery>) -> Answer<std::sync::Arc<KpiStats>> {
    Ok(Reply::Ok(service::read::stats(&call?, &query?).await?))
}

/// A new draft.
#[utoipa::path(post, path = "/kpis", tag = "kpis", request_body = KpiCreate,
    responses((status = 201, body = KpiView)))]
pub async fn create(call: Entered, body: Outcome<KpiCreate>) -> Answer<KpiView> {
    let view = service::create::create(&call?, body?).await?;
    Ok(Reply::CreatedVersioned { at: format!("/kpis/{}", view.id), version: view.version, body: view })
}

/// What a KPI as typed would score. Nothing is stored.
#[utoipa::path(post, path = "/kpis/preview", tag = "kpis", request_body = PreviewBody,
    responses((status = 200, body = Preview)))]
pub async fn preview(call: Entered, body: Outcome<PreviewBody>) -> Answer<Preview> {
    Ok(Reply::Ok(service::preview::preview(&call?, body?).await?))
}

/// Copies definitions into another quarter, as drafts.
#[utoipa::path(post, path = "/kpis/copy", tag = "kpis", request_body = CopyBody,
    responses((status = 200, body = ItemResults)))]
pub async fn copy(call: Entered, body: Outcome<CopyBody>) -> Answer<ItemResults> {
    Ok(Reply::Ok(service::copy::copy(&call?, body?).await?))
}

fn versioned(view: KpiView) -> Reply<KpiView> {
    Reply::Versioned(view.version, view)
}

/// One KPI with what the caller may do now.
#[utoipa::path(get, path = "/kpis/{id}", tag = "kpis", params(("id" = i64, Path)),
    responses((status = 200, body = KpiView)))]
pub async fn get(id: KpiId, call: Entered) -> Answer<KpiView> {
    Ok(versioned(service::read::get(&call?, id).await?))
}

/// Changes a draft or a rejected KPI.
#[utoipa::path(patch, path = "/kpis/{id}", tag = "kpis", params(("id" = i64, Path)), request_body = KpiPatch,
    responses((status = 200, body = KpiView)))]
pub async fn update(id: KpiId, call: Entered, body: Outcome<KpiPatch>) -> Answer<KpiView> {
    Ok(versioned(service::edit::update(&call?, id, body?).await?))
}

/// Deletes a draft or a rejected KPI that was never approved.
#[utoipa::path(delete, path = "/kpis/{id}", tag = "kpis", params(("id" = i64, Path)),
    responses((status = 204)))]
pub async fn delete(id: KpiId, call: Entered) -> Answer<()> {
    service::edit::delete(&call?, id).await?;
    Ok(Reply::NoContent)
}

/// Takes over what the template has changed since the draft was made, field by field; without any the draft only holds to
/// the template's present version from now on.
#[utoipa::path(post, path = "/kpis/{id}/apply-template", tag = "kpis", params(("id" = i64, Path)),
    request_body = ApplyTemplateBody, responses((status = 200, body = KpiView)))]
pub async fn apply_template(id: KpiId, call: Entered, body: Outcome<ApplyTemplateBody>) -> Answer<KpiView> {
    Ok(versioned(service::template::apply(&call?, id, body?).await?))
}

async fn act(id: KpiId, call: Entered, body: Outcome<ActBody>, act: Act) -> Answer<KpiView> {
    Ok(versioned(service::acts::act(&call?, id, act, body?.reason).await?))
}

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident, $path:literal, $act:ident;)*) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "kpis", params(("id" = i64, Path)), request_body = ActBody,
            responses((status = 200, body = KpiView)))]
        pub async fn $name(id: KpiId, call: Entered, body: Outcome<ActBody>) -> Answer<KpiView> {
            act(id, call, body, Act::$act).await
        }
    )*};
}

acts! {
    /// Draft or rejected → submitted; refused while a validation rule reports an error.
    submit, "/kpis/{id}/submit", Submit;
    /// Submitted → draft, or in review → approved.
    recall, "/kpis/{id}/recall", Recall;
    /// Submitted → approved.
    approve, "/kpis/{id}/approve", Approve;
    /// Submitted → rejected, with a reason.
    reject, "/kpis/{id}/reject", Reject;
    /// Approved → in review; refused while a validation rule reports an error.
    submit_result, "/kpis/{id}/submit-result", SubmitResult;
    /// In review → closed; score and receipt become final.
    accept, "/kpis/{id}/accept", Accept;
    /// In review → approved, with a reason.
    return_result, "/kpis/{id}/return", Return;
    /// Closed → approved, with a reason.
    reopen, "/kpis/{id}/reopen", Reopen;
}

/// Approved → submitted with a changed definition; values and history stay.
#[utoipa::path(post, path = "/kpis/{id}/revise", tag = "kpis", params(("id" = i64, Path)),
    request_body = ReviseBody, responses((status = 200, body = KpiView)))]
pub async fn revise(id: KpiId, call: Entered, body: Outcome<ReviseBody>) -> Answer<KpiView> {
    let (call, body) = (call?, body?);
    Ok(versioned(service::acts::revise(&call, id, body.changes, body.reason).await?))
}

/// Takes back the decision that the caller has just made, within ten seconds and before anything else has happened.
#[utoipa::path(post, path = "/kpis/{id}/undo-decision", tag = "kpis", params(("id" = i64, Path)),
    responses((status = 200, body = KpiView)))]
pub async fn undo_decision(id: KpiId, call: Entered) -> Answer<KpiView> {
    Ok(versioned(service::undo::undo(&call?, id).await?))
}

/// Recorded values, newest day first, corrected ones included.
#[utoipa::path(get, path = "/kpis/{id}/check-ins", tag = "check-ins", params(("id" = i64, Path)),
    responses((status = 200, body = CheckInList)))]
pub async fn check_ins(id: KpiId, call: Entered) -> Answer<CheckInList> {
    Ok(Reply::Ok(service::read::check_ins(&call?, id).await?))
}

/// Records a value. `If-Match` is optional here.
#[utoipa::path(post, path = "/kpis/{id}/check-ins", tag = "check-ins", params(("id" = i64, Path)),
    request_body = CheckInNew, responses((status = 201, body = CheckedIn)))]
pub async fn check_in(id: KpiId, call: Entered, body: Outcome<CheckInNew>) -> Answer<CheckedIn> {
    let done = service::check_ins::record(&call?, id, body?).await?;
    Ok(recorded(id, done))
}

/// Puts another value in place of a recorded one, which stays readable. `If-Match` is optional here.
#[utoipa::path(post, path = "/check-ins/{id}/correct", tag = "check-ins", params(("id" = i64, Path)),
    request_body = Correction, responses((status = 201, body = CheckedIn)))]
pub async fn correct(id: CheckInId, call: Entered, body: Outcome<Correction>) -> Answer<CheckedIn> {
    let done = service::check_ins::correct(&call?, id, body?).await?;
    Ok(recorded(done.kpi.id, done))
}

fn recorded(kpi: KpiId, done: CheckedIn) -> Reply<CheckedIn> {
    Reply::CreatedVersioned { at: format!("/kpis/{kpi}/check-ins"), version: done.kpi.version, body: done }
}

/// What happened, newest first.
#[utoipa::path(get, path = "/kpis/{id}/history", tag = "kpis", params(("id" = i64, Path)),
    responses((status = 200, body = HistoryList)))]
pub async fn history(id: KpiId, call: Entered) -> Answer<HistoryList> {
    Ok(Reply::Ok(service::read::history(&call?, id).await?))
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReceiptQuery {
    /// A row of the history; the present score when absent.
    #[param(value_type = Option<i64>)]
    at: Option<HistoryId>,
}

/// How the score came about: rule and version, inputs, steps; and why it is another than the one before it.
#[utoipa::path(get, path = "/kpis/{id}/receipt", tag = "kpis", params(("id" = i64, Path), ReceiptQuery),
    responses((status = 200, body = ReceiptView)))]
pub async fn receipt(id: KpiId, call: Entered, query: Outcome<ReceiptQuery>) -> Answer<ReceiptView> {
    Ok(Reply::Ok(service::read::receipt(&call?, id, query?.at).await?))
}
