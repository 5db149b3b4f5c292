//! Evidence: the files that prove a value, and what is shown of them.

use serde::{Deserialize, Serialize};

use crate::{
    check::Check,
    id::{CheckInId, EvidenceId, KpiId, UserId},
    scoring::words,
    template::EvidenceContract,
    time::Timestamp,
};

/// Characters of the longest description of a file.
pub const DESCRIPTION_MAX: usize = 1000;
/// Characters of the longest name under which a file is shown.
pub const FILE_NAME_MAX: usize = 200;

words! {
    /// How a file can be looked at without downloading it: an image re-encoded by the server
    /// (`GET /evidence/{id}/preview?as=image`), a PDF in the viewer page (`/viewer/?evidence={id}`), the others as
    /// `GET /evidence/{id}/preview` tells them.
    PreviewKind { Image = "image", Pdf = "pdf", Table = "table", Text = "text", None = "none" }
}

/// Whether the caller may do something now, and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Permitted {
    pub allowed: bool,
    /// A stable word, e.g. `not_allowed`, `wrong_state`, `period_closed`, `evidence_needed`; absent when allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Uploader {
    pub id: UserId,
    pub name: String,
}

/// Another KPI to which the same content is attached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlsoUsed {
    pub kpi_id: KpiId,
    pub title: String,
    pub user_name: String,
}

/// One attached file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceView {
    pub id: EvidenceId,
    pub kpi_id: KpiId,
    /// Absent when it hangs on the KPI as a whole.
    pub check_in_id: Option<CheckInId>,
    /// Without paths, control and direction characters; always ends in the extension.
    pub name: String,
    /// Lower case, without the dot.
    pub extension: String,
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// 64 hexadecimal digits.
    pub sha256: String,
    pub description: String,
    pub uploaded_by: Uploader,
    pub created_at: Timestamp,
    /// Whether `GET /evidence/{id}/thumbnail` has something to show.
    pub has_thumbnail: bool,
    pub preview: PreviewKind,
    pub may_delete: Permitted,
    /// Other KPIs with the same content, as far as the caller may see them; empty for those who may not decide.
    #[serde(default)]
    pub also_used_on: Vec<AlsoUsed>,
    /// How many other KPIs have the same content, seen or not; only for those who may decide about this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also_used_count: Option<u64>,
}

/// What the KPI's template demands, and how far it is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceNeed {
    pub contract: EvidenceContract,
    /// Different files that are fresh enough.
    pub counted: u32,
    /// Kinds of which none is there yet.
    pub missing_kinds: Vec<String>,
    pub is_met: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceList {
    /// Newest first.
    pub items: Vec<EvidenceView>,
    pub may_add: Permitted,
    /// Absent where the template demands nothing.
    pub need: Option<EvidenceNeed>,
}

/// What one person may upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceLimits {
    /// Bytes of the largest file.
    pub max_size: u64,
    /// Lower case, without dots.
    pub extensions: Vec<String>,
    /// Bytes that one person may keep.
    pub quota: u64,
    /// Bytes that the caller keeps.
    pub used: u64,
}

/// In short, for lists of KPIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvidenceSummary {
    /// Files on the KPI and its check-ins.
    pub count: u64,
    /// Whether the template's contract is met; true where there is none.
    pub is_complete: bool,
    /// Files whose content hangs on another KPI too.
    pub reused: u64,
}

words! {
    /// Why a file cannot be shown: no preview exists of this kind, its content is broken, unpacked or drawn it would
    /// be larger than we look at, or it took too long.
    NoPreview {
        NotSupported = "not_supported",
        Damaged = "damaged",
        TooLarge = "too_large",
        TookTooLong = "took_too_long",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewSheet {
    pub name: String,
    /// As the cells show, in rows from the first used cell on.
    pub rows: Vec<Vec<String>>,
    /// Whether the sheet has more than is shown.
    pub truncated: bool,
}

/// What is inside a file, readable without its program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EvidencePreview {
    Table {
        sheets: Vec<PreviewSheet>,
        truncated: bool,
    },
    Text {
        paragraphs: Vec<String>,
        truncated: bool,
    },
    /// To be had with `?as=image`.
    Image,
    /// To be had in the viewer page.
    Pdf,
    None {
        reason: NoPreview,
    },
}

/// Checks the fields that come along with a file.
pub fn check_description(check: &mut Check, description: &str) {
    check.text("description", description, DESCRIPTION_MAX);
}
