//! Names sort alike on both databases: byte by byte.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[expect(elided_lifetimes_in_paths, reason = "the trait leaves this lifetime out, and the macro wants the very signature")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::sql::run_on_postgres(manager, DDL).await
    }
}

// SQLite compares text so anyway. The names of residents, groups and schemes were SORTED from the beginning.
const DDL: &str = "
ALTER TABLE community ALTER COLUMN code TYPE SORTED;
ALTER TABLE community ALTER COLUMN name TYPE SORTED;
ALTER TABLE department ALTER COLUMN name TYPE SORTED;
ALTER TABLE employee ALTER COLUMN account TYPE SORTED;
ALTER TABLE employee ALTER COLUMN name TYPE SORTED;
ALTER TABLE building ALTER COLUMN name TYPE SORTED;
ALTER TABLE entrance ALTER COLUMN name TYPE SORTED;
ALTER TABLE fee_item ALTER COLUMN code TYPE SORTED;
ALTER TABLE fee_item ALTER COLUMN name TYPE SORTED;
ALTER TABLE tariff ALTER COLUMN name TYPE SORTED;
ALTER TABLE generation_rule ALTER COLUMN name TYPE SORTED;
ALTER TABLE payment ALTER COLUMN cashier_name TYPE SORTED;
ALTER TABLE payment_method ALTER COLUMN name TYPE SORTED;
ALTER TABLE custom_field ALTER COLUMN name TYPE SORTED;
";
