//! Who may see a KPI, asked for many people at once: what is sent around is held against it for each of them.

use std::collections::HashMap;

use kpi_api::{
    id::UserId,
    permission::{Capability, Relation, allows},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use crate::{
    entity::kpi,
    people::directory::{Directory, Person},
};

/// What decides who sees a KPI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    pub owner: UserId,
    /// Owners of what is aligned directly below it.
    pub aligned: Vec<UserId>,
}

impl Audience {
    pub fn sees(&self, directory: &Directory, person: &Person) -> bool {
        let relation = match directory.relation(person.id, self.owner) {
            Relation::Stranger if self.aligned.contains(&person.id) => Relation::Aligned,
            relation => relation,
        };
        person.is_active && allows(person.role, Capability::SeeKpi, relation)
    }
}

/// The audiences of KPIs by id; one that does not exist any more is absent.
pub async fn of(db: &impl ConnectionTrait, kpis: &[i64]) -> Result<HashMap<i64, Audience>, DbErr> {
    use kpi::Column as C;
    if kpis.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = || kpis.iter().copied();
    let owners: Vec<(i64, i64)> = kpi::Entity::find()
        .select_only()
        .columns([C::Id, C::UserId])
        .filter(C::Id.is_in(ids()))
        .into_tuple()
        .all(db)
        .await?;
    let mut found: HashMap<i64, Audience> = owners
        .into_iter()
        .map(|(id, owner)| (id, Audience { owner: UserId(owner), aligned: Vec::new() }))
        .collect();
    let below: Vec<(Option<i64>, i64)> = kpi::Entity::find()
        .select_only()
        .columns([C::ParentId, C::UserId])
        .filter(C::ParentId.is_in(ids()))
        .distinct()
        .into_tuple()
        .all(db)
        .await?;
    for (parent, owner) in below {
        if let Some(audience) = parent.and_then(|id| found.get_mut(&id)) {
            audience.aligned.push(UserId(owner));
        }
    }
    Ok(found)
}
