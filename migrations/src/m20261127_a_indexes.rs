//! Indexes of what is looked for among all months: shares that no bill has yet, and requests that are long answered.

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
CREATE INDEX apportionment_share_open ON apportionment_share (community_id, apportionment_id, unit_id) WHERE bill_id IS NULL;
CREATE INDEX made_at ON made (at);
";
