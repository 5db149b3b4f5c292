//! A person who may log in.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub email: String,
    pub email_key: String,
    pub username: String,
    pub username_key: String,
    pub full_name: String,
    pub password_hash: String,
    pub must_change_password: bool,
    pub role: String,
    pub department_id: Option<i64>,
    pub position: String,
    pub is_active: bool,
    pub locale: String,
    pub last_login_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
