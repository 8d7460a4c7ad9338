//! Payments and the append-only postings.

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
CREATE TABLE payment (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    receipt_number SORTED NOT NULL,
    unit_id UUID NOT NULL,
    payer SORTED NOT NULL DEFAULT '',
    at INSTANT NOT NULL,
    day DAY NOT NULL,
    cashier_id UUID,
    cashier_name text NOT NULL,
    total_fen bigint NOT NULL,
    tendered_fen bigint,
    note text NOT NULL DEFAULT '',
    source text NOT NULL,
    state text NOT NULL,
    body_hash text NOT NULL,
    printed integer NOT NULL DEFAULT 0,
    void_reason text,
    voided_at INSTANT,
    voided_by_name text,
    PRIMARY KEY (community_id, id)
);
CREATE UNIQUE INDEX payment_receipt ON payment (community_id, receipt_number);
CREATE INDEX payment_day ON payment (community_id, day, cashier_id);
CREATE INDEX payment_cashier ON payment (community_id, cashier_id, day);
CREATE INDEX payment_unit ON payment (community_id, unit_id, at);
CREATE INDEX payment_payer ON payment (community_id, payer);
CREATE TABLE payment_method (
    community_id UUID NOT NULL REFERENCES community (id),
    method text NOT NULL,
    name text NOT NULL,
    offered FLAG NOT NULL,
    sort integer NOT NULL,
    PRIMARY KEY (community_id, method)
);
CREATE TABLE payment_method_line (
    community_id UUID NOT NULL,
    payment_id UUID NOT NULL,
    method text NOT NULL,
    amount_fen bigint NOT NULL,
    reference text NOT NULL DEFAULT '',
    PRIMARY KEY (community_id, payment_id, method),
    FOREIGN KEY (community_id, payment_id) REFERENCES payment (community_id, id)
);
CREATE TABLE payment_line (
    community_id UUID NOT NULL,
    payment_id UUID NOT NULL,
    bill_id UUID NOT NULL,
    amount_fen bigint NOT NULL,
    PRIMARY KEY (community_id, payment_id, bill_id),
    FOREIGN KEY (community_id, payment_id) REFERENCES payment (community_id, id),
    FOREIGN KEY (community_id, bill_id) REFERENCES bill (community_id, id)
);
CREATE INDEX payment_line_bill ON payment_line (community_id, bill_id);
CREATE TABLE posting (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    at INSTANT NOT NULL,
    day DAY NOT NULL,
    month integer NOT NULL,
    debit text NOT NULL,
    credit text NOT NULL,
    amount_fen bigint NOT NULL,
    unit_id UUID NOT NULL,
    building_id UUID,
    fee_item_id UUID NOT NULL,
    bill_id UUID NOT NULL,
    payment_id UUID,
    reverses_id UUID,
    created_by UUID,
    PRIMARY KEY (community_id, id),
    CHECK (amount_fen > 0),
    CHECK (debit <> credit)
);
CREATE INDEX posting_bill ON posting (community_id, bill_id);
CREATE INDEX posting_payment ON posting (community_id, payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX posting_month ON posting (community_id, month, fee_item_id);
CREATE INDEX posting_day ON posting (community_id, day);
";
