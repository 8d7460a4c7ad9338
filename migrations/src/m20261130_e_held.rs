//! Prepayments and deposits: what is held of what their bills brought in, what it paid, and what was given back.

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

// A holding is named by its bill; what it pays for is as it was when the money was taken, and once what it paid by itself was taken
// back it pays by hand alone. Whose held money a posting moves stands in `held_id`, and which refund in `refund_id`.
const DDL: &str = "
ALTER TABLE fee_item ADD COLUMN pays_for UUID;
ALTER TABLE fee_item ADD COLUMN offsetting text;
ALTER TABLE posting ADD COLUMN held_id UUID;
ALTER TABLE posting ADD COLUMN refund_id UUID;
CREATE INDEX posting_held ON posting (community_id, held_id) WHERE held_id IS NOT NULL;
CREATE TABLE held (
    community_id UUID NOT NULL,
    bill_id UUID NOT NULL,
    kind text NOT NULL,
    fee_item_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    pays_for UUID,
    by_hand FLAG NOT NULL DEFAULT false,
    payer SORTED NOT NULL,
    since DAY NOT NULL,
    taken_fen bigint NOT NULL,
    offset_fen bigint NOT NULL DEFAULT 0,
    refunded_fen bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (community_id, bill_id),
    FOREIGN KEY (community_id, bill_id) REFERENCES bill (community_id, id),
    CHECK (offset_fen >= 0 AND refunded_fen >= 0 AND taken_fen >= offset_fen + refunded_fen)
);
CREATE INDEX held_unit ON held (community_id, unit_id);
CREATE INDEX held_open ON held (community_id, unit_id) WHERE taken_fen > offset_fen + refunded_fen;
CREATE INDEX held_taken ON held (community_id, taken_fen, bill_id);
CREATE INDEX held_left ON held (community_id, (taken_fen - offset_fen - refunded_fen), bill_id);
CREATE INDEX held_since ON held (community_id, since, bill_id);
CREATE INDEX held_payer ON held (community_id, payer);
CREATE TABLE refund (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    number SORTED NOT NULL,
    unit_id UUID NOT NULL,
    payee SORTED NOT NULL,
    at INSTANT NOT NULL,
    day DAY NOT NULL,
    cashier_id UUID,
    cashier_name SORTED NOT NULL,
    method text NOT NULL,
    reference text NOT NULL DEFAULT '',
    total_fen bigint NOT NULL,
    reason text NOT NULL,
    printed integer NOT NULL DEFAULT 0,
    PRIMARY KEY (community_id, id),
    CHECK (total_fen > 0)
);
CREATE UNIQUE INDEX refund_number ON refund (community_id, number);
CREATE INDEX refund_day ON refund (community_id, day);
CREATE INDEX refund_unit ON refund (community_id, unit_id);
CREATE INDEX refund_payee ON refund (community_id, payee);
CREATE TABLE refund_line (
    community_id UUID NOT NULL,
    refund_id UUID NOT NULL,
    bill_id UUID NOT NULL,
    amount_fen bigint NOT NULL,
    PRIMARY KEY (community_id, refund_id, bill_id),
    FOREIGN KEY (community_id, refund_id) REFERENCES refund (community_id, id),
    FOREIGN KEY (community_id, bill_id) REFERENCES held (community_id, bill_id),
    CHECK (amount_fen > 0)
);
CREATE INDEX refund_line_bill ON refund_line (community_id, bill_id);
";
