//! Readings that a run priced at nothing, by fee item: their months are over though no bill stands on them. Those of a unit in one run
//! came to nothing together, with the usages that they had: where one of them is corrected, all are open again.

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
CREATE TABLE reading_settled (
    community_id UUID NOT NULL,
    reading_id UUID NOT NULL,
    fee_item_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    month INTEGER NOT NULL,
    usage BIGINT NOT NULL,
    PRIMARY KEY (community_id, reading_id, fee_item_id),
    FOREIGN KEY (community_id, reading_id) REFERENCES reading (community_id, id) ON DELETE CASCADE,
    FOREIGN KEY (community_id, fee_item_id) REFERENCES fee_item (community_id, id)
) ROWLESS;
CREATE INDEX reading_settled_unit ON reading_settled (community_id, fee_item_id, unit_id, month);
";
