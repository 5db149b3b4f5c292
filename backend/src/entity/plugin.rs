//! A plugin that is installed.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plugins")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Its id in the manifest.
    pub key: String,
    pub version: String,
    pub origin: String,
    /// Names its files.
    pub checksum: String,
    pub state: String,
    /// JSON: the permissions given.
    pub granted: String,
    pub trouble: Option<String>,
    pub installed_at: i64,
    pub installed_by: Option<i64>,
    pub updated_at: i64,
    pub calls: i64,
    pub failures: i64,
    pub failures_in_a_row: i64,
    /// Events that were given up.
    pub given_up: i64,
    pub last_run: Option<i64>,
    pub last_error: Option<String>,
    pub last_error_at: Option<i64>,
    /// Its hooks rest until then, after a failure.
    pub not_before: i64,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
