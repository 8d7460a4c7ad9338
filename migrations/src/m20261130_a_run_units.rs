//! Which units a billing run was for, where it was for single ones.

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
CREATE TABLE run_unit (
    community_id UUID NOT NULL,
    run_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    PRIMARY KEY (community_id, run_id, unit_id),
    FOREIGN KEY (community_id, run_id) REFERENCES billing_run (community_id, id)
) ROWLESS;
";
