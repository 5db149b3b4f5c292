//! A mail on its way, or gone.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mails")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub user_id: Option<i64>,
    pub purpose: String,
    pub language: String,
    pub address: Option<String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub is_sealed: bool,
    pub about: String,
    pub message_id: String,
    pub state: String,
    pub attempts: i64,
    pub not_before: i64,
    pub expires_at: i64,
    pub last_error: Option<String>,
    pub created_at: i64,
    pub sent_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
