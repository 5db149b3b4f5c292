//! An event waiting to be delivered.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub at: i64,
    pub not_before: i64,
    pub event: String,
    pub entity: String,
    pub entity_id: i64,
    pub actor_id: Option<i64>,
    pub payload: String,
    /// Deliveries that failed.
    pub attempts: i64,
    /// Names of those who have acted on it already, separated by commas, while others have still failed to.
    pub taken_by: String,
    /// Set once everybody has acted on it.
    pub delivered_at: Option<i64>,
    /// Counts what was handed over, in order; the number open streams resume from.
    pub delivered_seq: Option<i64>,
    pub last_error: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
