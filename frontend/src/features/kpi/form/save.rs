//! Storing what was typed, and handing it in with the same button.

use std::rc::Rc;

use kpi_api::kpi::{Act, KpiNew, KpiPatch, KpiView, ReviseBody};

use super::entry::difference;
use crate::core::{api, client::Answer, error::ApiError};

/// What the button asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    Keep,
    /// Keep, then submit for approval.
    Submit,
    /// Propose the changes of an approved KPI.
    Revise {
        reason: Option<String>,
    },
}

/// The KPI as it stands on the server now; `refused` when it was stored but not accepted for approval.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    pub kpi: KpiView,
    pub wish: Wish,
    pub refused: Option<ApiError>,
}

/// Creates or changes the KPI, then submits it where that is wished. `stored` is the version that the form began with.
pub async fn save(stored: Option<Rc<KpiView>>, form: KpiNew, wish: Wish, key: String) -> Answer<Saved> {
    if let (Wish::Revise { reason }, Some(stored)) = (&wish, &stored) {
        let changes = difference(&stored.definition(), &form);
        let body = ReviseBody { reason: reason.clone(), changes };
        let kpi = api::kpis::revise(stored.id, stored.version, &body).await?;
        return Ok(Saved { kpi, wish, refused: None });
    }
    let kpi = match stored {
        None => api::kpis::create(&form, &key).await?,
        Some(stored) => {
            let changes = difference(&stored.definition(), &form);
            if changes == KpiPatch::default() {
                Rc::unwrap_or_clone(stored)
            } else {
                api::kpis::update(stored.id, stored.version, &changes).await?
            }
        }
    };
    if wish != Wish::Submit {
        return Ok(Saved { kpi, wish, refused: None });
    }
    // What is stored stays stored: a refusal to submit leaves a draft, not a lost form.
    match api::kpis::act(kpi.id, Act::Submit, kpi.version, None).await {
        Ok(kpi) => Ok(Saved { kpi, wish, refused: None }),
        Err(refusal) => Ok(Saved { kpi, wish, refused: Some(refusal) }),
    }
}
