//! Late fees: the rules of fee items, what was charged, paid and let go of them, and the order inside a bill.

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
CREATE TABLE late_fee_rule (
    community_id UUID NOT NULL,
    fee_item_id UUID NOT NULL,
    from_day DAY NOT NULL,
    to_day DAY,
    rate bigint NOT NULL,
    cap bigint NOT NULL,
    grace_days integer NOT NULL,
    counted_from text NOT NULL,
    created_by UUID,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, fee_item_id, from_day),
    CHECK (rate > 0 AND cap > 0 AND grace_days >= 0),
    FOREIGN KEY (community_id, fee_item_id) REFERENCES fee_item (community_id, id)
);
CREATE TABLE late_fee_waiver (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    bill_id UUID NOT NULL,
    amount_fen bigint NOT NULL,
    reason text NOT NULL,
    at INSTANT NOT NULL,
    day DAY NOT NULL,
    created_by UUID,
    PRIMARY KEY (community_id, id),
    CHECK (amount_fen > 0),
    FOREIGN KEY (community_id, bill_id) REFERENCES bill (community_id, id)
);
CREATE INDEX late_fee_waiver_bill ON late_fee_waiver (community_id, bill_id);
CREATE TABLE payment_order (
    community_id UUID NOT NULL REFERENCES community (id),
    inside_bill text NOT NULL,
    PRIMARY KEY (community_id)
);
ALTER TABLE bill ADD COLUMN late_charged_fen bigint NOT NULL DEFAULT 0;
ALTER TABLE bill ADD COLUMN late_paid_fen bigint NOT NULL DEFAULT 0 CHECK (late_paid_fen >= 0);
ALTER TABLE bill ADD COLUMN late_waived_fen bigint NOT NULL DEFAULT 0
    CHECK (late_waived_fen >= 0 AND late_charged_fen >= late_paid_fen + late_waived_fen);
CREATE INDEX bill_late ON bill (community_id, unit_id) WHERE late_charged_fen > late_paid_fen + late_waived_fen;
ALTER TABLE payment_line ADD COLUMN late_fee_fen bigint NOT NULL DEFAULT 0;
ALTER TABLE payment_line ADD COLUMN late_charged_fen bigint NOT NULL DEFAULT 0;
";
