//! People.

use serde::{Deserialize, Serialize};

use crate::{
    check::{Check, NAME_MAX},
    error::FieldError,
    id::{DepartmentId, UserId, Version},
    patch::Patch,
    permission::Role,
    time::Timestamp,
};

/// The languages of the web app and of mails.
pub const LOCALES: [&str; 2] = ["en", "de"];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserView {
    pub id: UserId,
    pub email: String,
    pub username: String,
    pub full_name: String,
    pub role: Role,
    pub department_id: Option<DepartmentId>,
    pub department_name: Option<String>,
    pub position: String,
    pub is_active: bool,
    /// `en` or `de`.
    pub locale: String,
    pub must_change_password: bool,
    pub last_login_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: Version,
}

/// A person as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonRef {
    pub id: UserId,
    pub full_name: String,
}

/// A person as colleagues see and mention them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Colleague {
    pub id: UserId,
    /// The full name.
    pub name: String,
    pub username: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserNew {
    pub email: String,
    pub username: String,
    pub full_name: String,
    #[serde(default = "employee")]
    pub role: Role,
    #[serde(default)]
    pub department_id: Option<DepartmentId>,
    #[serde(default)]
    pub position: String,
    #[serde(default = "first_locale")]
    pub locale: String,
    /// Without one the answer carries a temporary password, once.
    #[serde(default)]
    pub password: Option<String>,
}

fn employee() -> Role {
    Role::Employee
}

fn first_locale() -> String {
    LOCALES[0].into()
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub department_id: Patch<DepartmentId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

impl UserNew {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        check.email("email", &self.email);
        check.username("username", &self.username);
        check.required("full_name", &self.full_name, NAME_MAX);
        check.line("position", &self.position, NAME_MAX);
        check_locale(&mut check, &self.locale);
        check.done()
    }
}

impl UserPatch {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut check = Check::new();
        if let Some(email) = &self.email {
            check.email("email", email);
        }
        if let Some(username) = &self.username {
            check.username("username", username);
        }
        if let Some(name) = &self.full_name {
            check.required("full_name", name, NAME_MAX);
        }
        if let Some(position) = &self.position {
            check.line("position", position, NAME_MAX);
        }
        if let Some(locale) = &self.locale {
            check_locale(&mut check, locale);
        }
        check.done()
    }
}

pub(crate) fn check_locale(check: &mut Check, locale: &str) {
    check.ensure(
        LOCALES.contains(&locale),
        "locale",
        "unknown_value",
        format!("One of {}.", LOCALES.join(", ")),
    );
}

/// A new person, and their temporary password if the server made one: it is shown this once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserCreated {
    #[serde(flatten)]
    pub user: UserView,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temporary_password: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemporaryPassword {
    /// Shown this once; must be changed at the next login.
    pub temporary_password: String,
}

/// A password reset that somebody asked for while no mail can be sent: an administrator hands over the link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PendingReset {
    pub user: PersonRef,
    pub requested_at: Timestamp,
    pub expires_at: Timestamp,
    /// One-time link; empty when it goes out by mail.
    pub link: String,
}
