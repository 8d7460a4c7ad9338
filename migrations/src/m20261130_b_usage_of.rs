//! Readings that fee items other than their meter's own have billed: each once, so that several bills may stand on one reading.

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
CREATE TABLE reading_charged (
    community_id UUID NOT NULL,
    reading_id UUID NOT NULL,
    fee_item_id UUID NOT NULL,
    bill_id UUID NOT NULL,
    PRIMARY KEY (community_id, reading_id, fee_item_id),
    FOREIGN KEY (community_id, reading_id) REFERENCES reading (community_id, id),
    FOREIGN KEY (community_id, fee_item_id) REFERENCES fee_item (community_id, id)
);
CREATE INDEX reading_charged_bill ON reading_charged (community_id, bill_id);
CREATE INDEX meter_utility ON meter (community_id, utility, role);
";
