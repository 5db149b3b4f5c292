//! Who may change what was said. Pure; that the KPI may be seen is asked before.

use kpi_api::permission::Role;

use crate::{auth::actor::Actor, entity::comment};

/// One's own, as long as it is there. Nobody puts words into somebody else's mouth, administrators neither.
pub fn may_edit(who: &Actor, row: &comment::Model) -> bool {
    row.deleted_at.is_none() && is_own(who, row)
}

/// One's own; an administrator may delete anybody's.
pub fn may_delete(who: &Actor, row: &comment::Model) -> bool {
    row.deleted_at.is_none() && (is_own(who, row) || who.role() == Role::Admin)
}

pub fn is_own(who: &Actor, row: &comment::Model) -> bool {
    row.author_id == who.id().0
}
