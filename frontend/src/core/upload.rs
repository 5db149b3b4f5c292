//! One file on its way to the server. `fetch` does not tell how far it is, so this is an `XMLHttpRequest`.

use std::{cell::RefCell, rc::Rc};

use js_sys::Promise;
use kpi_api::{
    evidence::EvidenceView,
    id::{CheckInId, KpiId},
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, FormData, ProgressEvent, XmlHttpRequest};

use crate::core::{
    client::{self, Answer, BASE},
    error::ApiError,
};

/// What is sent, to where. The same key twice attaches once.
#[derive(Debug, Clone, PartialEq)]
pub struct Parcel {
    pub kpi: KpiId,
    pub check_in: Option<CheckInId>,
    pub file: Blob,
    pub name: String,
    pub description: String,
    /// The idempotency key.
    pub key: String,
}

/// Stops an upload from outside.
#[derive(Clone, Default)]
pub struct Stop(Rc<RefCell<Option<XmlHttpRequest>>>);

impl Stop {
    pub fn now(&self) {
        if let Some(request) = self.0.borrow().as_ref() {
            request.abort().ok();
        }
    }
}

/// Sends a file, renewing a session that has run out. `progress` is called with the share that has left, 0 to 1.
pub async fn send(
    parcel: &Parcel,
    stop: &Stop,
    progress: impl Fn(f64) + Clone + 'static,
) -> Answer<EvidenceView> {
    client::renewing(|| once(parcel, client::session(), stop, progress.clone())).await
}

/// Sends in one session or not at all.
pub async fn send_in(parcel: &Parcel, session: &str) -> Answer<EvidenceView> {
    once(parcel, Some(session.to_owned()), &Stop::default(), |_| {}).await
}

async fn once(
    parcel: &Parcel,
    session: Option<String>,
    stop: &Stop,
    progress: impl Fn(f64) + 'static,
) -> Answer<EvidenceView> {
    let request = XmlHttpRequest::new().map_err(|_| ApiError::Unreachable)?;
    let moved = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.total() > 0.0 {
            progress(event.loaded() / event.total());
        }
    });
    let body = prepare(&request, parcel, session, &moved).map_err(|_| ApiError::Unreachable)?;
    *stop.0.borrow_mut() = Some(request.clone());
    let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    let sent = request.send_with_opt_form_data(Some(&body));
    if sent.is_ok() {
        JsFuture::from(ended).await.ok();
    }
    *stop.0.borrow_mut() = None;
    request.set_onloadend(None);
    let status = request.status().unwrap_or(0);
    let text = request.response_text().ok().flatten().unwrap_or_default();
    match status {
        0 => Err(ApiError::Unreachable),
        200..=299 => serde_json::from_str(&text).map_err(|_| ApiError::Unreadable { status }),
        _ => {
            let retry_after = request.get_response_header("Retry-After").ok().flatten();
            Err(client::refused(status, retry_after.as_deref(), &text))
        }
    }
}

fn prepare(
    request: &XmlHttpRequest,
    parcel: &Parcel,
    session: Option<String>,
    moved: &Closure<dyn FnMut(ProgressEvent)>,
) -> Result<FormData, JsValue> {
    request.open("POST", &format!("{BASE}/kpis/{}/evidence", parcel.kpi))?;
    request.set_request_header("Accept", "application/json")?;
    request.set_request_header("Idempotency-Key", &parcel.key)?;
    if let Some(token) = session {
        request.set_request_header("X-CSRF-Token", &token)?;
    }
    request.upload()?.set_onprogress(Some(moved.as_ref().unchecked_ref()));
    let body = FormData::new()?;
    // The words before the bytes: the server knows what is coming when the file begins.
    body.append_with_str("description", &parcel.description)?;
    if let Some(check_in) = parcel.check_in {
        body.append_with_str("check_in_id", &check_in.to_string())?;
    }
    body.append_with_blob_and_filename("file", &parcel.file, &parcel.name)?;
    Ok(body)
}
