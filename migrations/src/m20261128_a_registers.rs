//! What a meter row counts: all, or one of the registers of a meter that counts peak, flat and valley apart; and the formula
//! that a pool was shared out by.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[expect(elided_lifetimes_in_paths, reason = "the trait leaves this lifetime out, and the macro wants the very signature")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::sql::run(manager, DDL).await
    }
}

const DDL: &str = "
ALTER TABLE meter ADD COLUMN register text NOT NULL DEFAULT 'total';
ALTER TABLE apportionment ADD COLUMN formula text NOT NULL DEFAULT '';
";
