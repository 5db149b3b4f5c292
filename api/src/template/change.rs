//! What becomes of a template's changes: its versions, and what drafts made from an older one are offered.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::TemplateFields;
use crate::{
    history::Change,
    id::{TemplateId, UserId},
    time::Timestamp,
};

/// What a KPI made from a template started with from some instant on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateVersion {
    /// From 1.
    pub number: u32,
    pub at: Timestamp,
    /// Absent when the system made it.
    pub by: Option<UserId>,
    pub by_name: Option<String>,
    /// The template whose change it came from: another one when it was inherited.
    pub cause_id: Option<TemplateId>,
    pub cause_name: Option<String>,
    /// What differs from the version before; empty for the first.
    pub changes: Vec<Change>,
    pub fields: TemplateFields,
}

/// Newest first, at most the last 100.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateVersions {
    pub items: Vec<TemplateVersion>,
}

/// What a draft may take over of a template that has changed since.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateOffer {
    pub from_version: u32,
    pub to_version: u32,
    /// Every field that the template has changed, in the template's order.
    pub changes: Vec<OfferedChange>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferedChange {
    /// Its name among the template's fields.
    pub field: String,
    /// What the KPI has.
    pub mine: Value,
    /// What the template said in the version that the KPI holds to; `null` when it said nothing.
    pub template_then: Value,
    /// What it says now.
    pub template_now: Value,
    /// Whether taking it over would change anything.
    pub differs_from_mine: bool,
    /// Whether the owner had set it otherwise than the template.
    pub edited: bool,
}

/// Which of the offered changes are taken over; from then on the KPI holds to the template's present version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApplyTemplateBody {
    /// Names of fields of the offer; empty keeps everything as it is.
    pub fields: Vec<String>,
}
