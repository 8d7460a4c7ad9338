//! A closed round keeps the counts that it was closed with.

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

// How many meters stood where, by part, as JSON: it is read as a whole and never searched.
const DDL: &str = "
ALTER TABLE reading_round ADD COLUMN tallies text;
";
