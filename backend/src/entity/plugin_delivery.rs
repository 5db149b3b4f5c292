//! An event that a plugin has still to be told of, or that was given up.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plugin_deliveries")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub plugin_id: i64,
    pub outbox_id: i64,
    pub function: String,
    /// What it is about; events on one subject are told in order.
    pub subject: String,
    /// JSON of the event as it was handed over.
    pub event: String,
    pub at: i64,
    /// `waiting` or `failed`; one that was told of is deleted.
    pub state: String,
    pub attempts: i64,
    pub not_before: i64,
    pub last_error: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
