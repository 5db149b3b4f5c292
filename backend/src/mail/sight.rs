//! Whether somebody may still be told: asked when a mail is written and again before every attempt.

use std::collections::HashMap;

use kpi_api::{
    id::{KpiId, UserId},
    notification::NotificationKind as Kind,
    permission::{Capability, Relation, Role, allows},
};
use sea_orm::ConnectionTrait;

use crate::{
    entity::notification,
    kpi,
    people::directory::{Directory, Person},
    platform::failure::Outcome,
};

/// What one person sees, remembered for the length of one look.
pub struct Sight<'a> {
    directory: &'a Directory,
    person: &'a Person,
    kpis: HashMap<i64, bool>,
}

impl<'a> Sight<'a> {
    pub fn of(directory: &'a Directory, person: &'a Person) -> Self {
        Self { directory, person, kpis: HashMap::new() }
    }

    pub async fn reaches(&mut self, db: &impl ConnectionTrait, row: &notification::Model) -> Outcome<bool> {
        if !self.person.is_active {
            return Ok(false);
        }
        let is_for_admins = [Kind::RuleTrouble, Kind::RuleRescored, Kind::ServerTrouble, Kind::PluginTrouble]
            .iter()
            .any(|kind| row.kind == kind.as_str());
        if is_for_admins && self.person.role != Role::Admin {
            return Ok(false);
        }
        let Some(id) = row.kpi_id else { return Ok(true) };
        if let Some(known) = self.kpis.get(&id) {
            return Ok(*known);
        }
        let seen = self.sees_kpi(db, KpiId(id)).await?;
        self.kpis.insert(id, seen);
        Ok(seen)
    }

    async fn sees_kpi(&self, db: &impl ConnectionTrait, id: KpiId) -> Outcome<bool> {
        let Some(row) = kpi::repo::by_id_unscoped(db, id).await? else { return Ok(false) };
        let mut relation = self.directory.relation(self.person.id, UserId(row.user_id));
        if relation == Relation::Stranger && kpi::repo::is_aligned_to(db, id, self.person.id).await? {
            relation = Relation::Aligned;
        }
        Ok(allows(self.person.role, Capability::SeeKpi, relation))
    }
}
