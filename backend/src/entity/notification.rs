//! What one person is told of one event.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notifications")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub user_id: i64,
    pub kind: String,
    pub kpi_id: Option<i64>,
    pub outbox_id: Option<i64>,
    /// JSON, as `kpi_api::notification::NotificationData`.
    pub data: String,
    pub link: String,
    pub created_at: i64,
    pub read_at: Option<i64>,
    pub in_app: bool,
    /// `none`, `waiting` or `mailed`.
    pub mail_state: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
