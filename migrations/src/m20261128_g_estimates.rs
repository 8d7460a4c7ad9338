//! Readings that nobody took but were estimated, and photos of what a meter showed.

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
ALTER TABLE reading ADD COLUMN estimated FLAG NOT NULL DEFAULT false;
CREATE INDEX reading_review ON reading (community_id, month) WHERE review;
CREATE TABLE reading_photo (
    community_id UUID NOT NULL,
    reading_id UUID NOT NULL,
    bytes BYTES NOT NULL,
    created_by UUID,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, reading_id),
    FOREIGN KEY (community_id, reading_id) REFERENCES reading (community_id, id) ON DELETE CASCADE
);
";
