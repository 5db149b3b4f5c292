//! From the row of a person to what travels.

use anyhow::anyhow;
use kpi_api::{
    id::{DepartmentId, UserId, Version},
    time::Timestamp,
    user::UserView,
};

use crate::{entity::user, people::directory::Directory, platform::failure::Outcome};

pub fn view(row: user::Model, directory: &Directory) -> Outcome<UserView> {
    let department_id = row.department_id.map(DepartmentId);
    Ok(UserView {
        id: UserId(row.id),
        email: row.email,
        username: row.username,
        full_name: row.full_name,
        role: row.role.parse().map_err(|e| anyhow!("role of user {}: {e}", row.id))?,
        department_id,
        department_name: department_id.and_then(|id| directory.department_name(id)),
        position: row.position,
        is_active: row.is_active,
        locale: row.locale,
        must_change_password: row.must_change_password,
        last_login_at: row.last_login_at.map(Timestamp),
        created_at: Timestamp(row.created_at),
        updated_at: Timestamp(row.updated_at),
        version: Version(row.version),
    })
}
