//! Tables as this schema wants them: on SQLite they are STRICT, which allows only its four storage types, so
//! numbers and booleans are declared by the storage they take. Instants are integers (milliseconds since 1970 UTC),
//! dates are text (`YYYY-MM-DD`), JSON is text: all of these sort and compare the same everywhere.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

/// Builds one table and its indexes.
pub struct Table<'m, 'c> {
    manager: &'m SchemaManager<'c>,
    name: &'static str,
    create: TableCreateStatement,
    indexes: Vec<IndexCreateStatement>,
}

impl<'m, 'c> Table<'m, 'c> {
    /// A table with the column `id`, counted up by the database and never given twice.
    pub fn new(manager: &'m SchemaManager<'c>, name: &'static str) -> Self {
        Self::without_id(manager, name).column("id", |column| {
            column.big_integer().not_null().auto_increment().primary_key();
        })
    }

    pub fn without_id(manager: &'m SchemaManager<'c>, name: &'static str) -> Self {
        let mut create = sea_orm_migration::prelude::Table::create();
        create.table(name);
        if manager.get_database_backend() == DatabaseBackend::Sqlite {
            create.extra("STRICT");
        }
        Self { manager, name, create, indexes: Vec::new() }
    }

    fn column(mut self, name: &'static str, shape: impl FnOnce(&mut ColumnDef)) -> Self {
        let mut column = ColumnDef::new(name);
        shape(&mut column);
        self.create.col(column);
        self
    }

    pub fn int(self, name: &'static str) -> Self {
        self.column(name, |column| {
            column.big_integer().not_null();
        })
    }

    pub fn int_or_null(self, name: &'static str) -> Self {
        self.column(name, |column| {
            column.big_integer().null();
        })
    }

    pub fn text(self, name: &'static str) -> Self {
        self.column(name, |column| {
            column.text().not_null();
        })
    }

    pub fn text_or_null(self, name: &'static str) -> Self {
        self.column(name, |column| {
            column.text().null();
        })
    }

    pub fn unique_text(self, name: &'static str) -> Self {
        self.column(name, |column| {
            column.text().not_null().unique_key();
        })
    }

    pub fn bool(self, name: &'static str) -> Self {
        let sqlite = self.on_sqlite();
        self.column(name, |column| {
            if sqlite { column.custom("integer") } else { column.boolean() }.not_null();
        })
    }

    pub fn real(self, name: &'static str) -> Self {
        let sqlite = self.on_sqlite();
        self.column(name, |column| {
            if sqlite { column.custom("real") } else { column.double() }.not_null();
        })
    }

    pub fn real_or_null(self, name: &'static str) -> Self {
        let sqlite = self.on_sqlite();
        self.column(name, |column| {
            if sqlite { column.custom("real") } else { column.double() }.null();
        })
    }

    fn on_sqlite(&self) -> bool {
        self.manager.get_database_backend() == DatabaseBackend::Sqlite
    }

    /// `column` refers to the id of `table`; rows that are referred to cannot be deleted.
    pub fn refers(self, column: &'static str, table: &'static str) -> Self {
        self.refers_or(column, table, ForeignKeyAction::Restrict)
    }

    /// `column` refers to the id of `table` and goes with it.
    pub fn belongs(self, column: &'static str, table: &'static str) -> Self {
        self.refers_or(column, table, ForeignKeyAction::Cascade)
    }

    fn refers_or(mut self, column: &'static str, table: &'static str, action: ForeignKeyAction) -> Self {
        self.create.foreign_key(
            ForeignKey::create()
                .name(format!("fk_{}_{column}", self.name))
                .from(self.name, column)
                .to(table, "id")
                .on_delete(action),
        );
        self
    }

    pub fn index(self, columns: &[&'static str]) -> Self {
        self.indexed(columns, false)
    }

    pub fn unique(self, columns: &[&'static str]) -> Self {
        self.indexed(columns, true)
    }

    fn indexed(mut self, columns: &[&'static str], unique: bool) -> Self {
        let mut index = Index::create();
        index.name(format!("ix_{}_{}", self.name, columns.join("_"))).table(self.name);
        for &column in columns {
            index.col(column);
        }
        if unique {
            index.unique();
        }
        self.indexes.push(index);
        self
    }

    pub async fn create(self) -> Result<(), DbErr> {
        self.manager.create_table(self.create).await?;
        for index in self.indexes {
            self.manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// Drops tables, the last one first.
pub async fn drop_all(manager: &SchemaManager<'_>, names: &[&'static str]) -> Result<(), DbErr> {
    for &name in names.iter().rev() {
        manager.drop_table(sea_orm_migration::prelude::Table::drop().table(name).to_owned()).await?;
    }
    Ok(())
}
