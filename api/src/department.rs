//! The tree of departments.

use serde::{Deserialize, Serialize};

use crate::{
    check::{Check, NAME_MAX},
    error::FieldError,
    id::{DepartmentId, UserId, Version},
    patch::Patch,
    time::Timestamp,
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DepartmentView {
    pub id: DepartmentId,
    pub name: String,
    pub parent_id: Option<DepartmentId>,
    /// Names from the root down to this one.
    pub path: Vec<String>,
    pub manager_id: Option<UserId>,
    pub manager_name: Option<String>,
    /// Active people in it, sub-departments not counted.
    pub people: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: Version,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DepartmentNew {
    pub name: String,
    #[serde(default)]
    pub parent_id: Option<DepartmentId>,
    #[serde(default)]
    pub manager_id: Option<UserId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DepartmentPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub parent_id: Patch<DepartmentId>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub manager_id: Patch<UserId>,
}

impl DepartmentNew {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        check.required("name", &self.name, NAME_MAX);
        check.done()
    }
}

impl DepartmentPatch {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        if let Some(name) = &self.name {
            check.required("name", name, NAME_MAX);
        }
        check.done()
    }
}
