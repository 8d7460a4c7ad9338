//! A bill owes something as well while only late fee that was charged is left of it: the indexes of bills that owe find it.

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
DROP INDEX bill_due;
DROP INDEX bill_open;
CREATE INDEX bill_due ON bill (community_id, due_day, id) WHERE (open_fen > 0 OR late_charged_fen > late_paid_fen + late_waived_fen);
CREATE INDEX bill_open ON bill (community_id, open_fen, id) WHERE (open_fen > 0 OR late_charged_fen > late_paid_fen + late_waived_fen);
";
