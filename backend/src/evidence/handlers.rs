//! Evidence over HTTP.

use kpi_api::{
    evidence::{EvidenceLimits, EvidenceList, EvidencePreview, EvidenceView},
    id::{EvidenceId, KpiId},
};
use serde::Deserialize;
use warp::reply::Response;

use super::{
    limits,
    preview::{self, Picture},
    service,
};
use crate::{
    auth::actor::Entered,
    platform::{
        failure::{Failure, Outcome},
        http::{
            Answer, Reply,
            file::{Wanted, whole},
            form::Incoming,
            reply::{finish, problem},
        },
    },
};

/// A file with what is said about it.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes a form, which is read part by part")]
pub struct EvidenceForm {
    /// With its name; exactly one.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    description: Option<String>,
    /// Absent when it hangs on the KPI as a whole.
    check_in_id: Option<i64>,
}

/// The files of a KPI and its check-ins, newest first, and what the template still asks for.
#[utoipa::path(get, path = "/kpis/{id}/evidence", tag = "evidence", params(("id" = i64, Path)),
    responses((status = 200, body = EvidenceList)))]
pub async fn list(id: KpiId, call: Entered) -> Answer<EvidenceList> {
    Ok(Reply::Ok(service::list(&call?, id).await?))
}

/// Adds one file. Its type is told by its extension and has to be that of its content; macros are refused.
#[utoipa::path(post, path = "/kpis/{id}/evidence", tag = "evidence", params(("id" = i64, Path)),
    request_body(content = EvidenceForm, content_type = "multipart/form-data"),
    responses((status = 201, body = EvidenceView)))]
pub async fn add(id: KpiId, call: Entered, incoming: Incoming) -> Answer<EvidenceView> {
    let call = match call {
        Ok(call) => call,
        Err(refusal) => {
            incoming.drain().await;
            return Err(refusal);
        }
    };
    let view = service::add(&call, id, &incoming).await?;
    Ok(Reply::Created { at: format!("/evidence/{}", view.id), body: view })
}

/// How large files may be, which types are taken, and how much room the caller has left.
#[utoipa::path(get, path = "/evidence/limits", tag = "evidence",
    responses((status = 200, body = EvidenceLimits)))]
pub async fn get_limits(call: Entered) -> Answer<EvidenceLimits> {
    Ok(Reply::Ok(limits::view(&call?).await?))
}

/// One file.
#[utoipa::path(get, path = "/evidence/{id}", tag = "evidence", params(("id" = i64, Path)),
    responses((status = 200, body = EvidenceView)))]
pub async fn get(id: EvidenceId, call: Entered) -> Answer<EvidenceView> {
    Ok(Reply::Ok(service::get(&call?, id).await?))
}

/// Deletes a file before its KPI is closed; the history keeps its name.
#[utoipa::path(delete, path = "/evidence/{id}", tag = "evidence", params(("id" = i64, Path)),
    responses((status = 204)))]
pub async fn delete(id: EvidenceId, call: Entered) -> Answer<()> {
    service::delete(&call?, id).await?;
    Ok(Reply::NoContent)
}

/// The file itself, to be saved. One range of bytes may be asked for; `ETag` names the content.
#[utoipa::path(get, path = "/evidence/{id}/content", tag = "evidence",
    params(("id" = i64, Path), ("Range" = Option<String>, Header), ("If-Range" = Option<String>, Header)),
    responses(
        (status = 200, content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/msword"),
            (Vec<u8> = "application/vnd.ms-excel"), (Vec<u8> = "application/vnd.ms-powerpoint"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
            (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/gif"),
            (Vec<u8> = "application/octet-stream"))),
        (status = 206, description = "The part that was asked for.", content((Vec<u8> = "application/pdf"),
            (Vec<u8> = "application/msword"), (Vec<u8> = "application/vnd.ms-excel"),
            (Vec<u8> = "application/vnd.ms-powerpoint"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
            (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/gif"),
            (Vec<u8> = "application/octet-stream"))),
        (status = 304, description = "The content that `If-None-Match` names.")))]
pub async fn content(id: EvidenceId, call: Entered, wanted: Wanted) -> Response {
    let download = async { preview::content(&call?, id).await };
    match download.await {
        Ok(download) => download.answer(&wanted),
        Err(refusal) => problem(&refusal),
    }
}

/// A small picture: of an image, or of the first page of a PDF.
#[utoipa::path(get, path = "/evidence/{id}/thumbnail", tag = "evidence", params(("id" = i64, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>)))]
pub async fn thumbnail(id: EvidenceId, call: Entered) -> Answer<()> {
    let body = preview::thumbnail(&call?, id).await?.into();
    Ok(Reply::Bytes { content_type: "image/jpeg", file_name: None, body })
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PreviewQuery {
    /// `image`: a picture in its own size, made anew without anything but its pixels.
    #[serde(rename = "as")]
    #[param(rename = "as")]
    form: Option<String>,
}

/// What is inside, readable without its program. Where nothing can be shown, `kind` is `none` and says why.
#[utoipa::path(get, path = "/evidence/{id}/preview", tag = "evidence", params(("id" = i64, Path), PreviewQuery),
    responses((status = 200, content((EvidencePreview = "application/json"), (Vec<u8> = "image/jpeg"),
        (Vec<u8> = "image/png")))))]
pub async fn get_preview(id: EvidenceId, call: Entered, query: Outcome<PreviewQuery>) -> Response {
    let answer = async {
        let (call, query) = (call?, query?);
        match query.form.as_deref() {
            None => Ok(finish(Ok(Reply::Ok(preview::preview(&call, id).await?)))),
            Some("image") => Ok(picture(preview::image(&call, id).await?)),
            Some(_) => Err(Failure::field("as", "unknown_value", "Only image.")),
        }
    };
    answer.await.unwrap_or_else(|refusal| problem(&refusal))
}

fn picture((content_type, picture): (&'static str, Picture)) -> Response {
    match picture {
        Picture::Kept(file, length) => whole(file, length, content_type),
        Picture::Made(bytes) => {
            finish::<()>(Ok(Reply::Bytes { content_type, file_name: None, body: bytes.into() }))
        }
    }
}
