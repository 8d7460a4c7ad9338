//! Billing runs, bills and their lines.

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
CREATE TABLE billing_run (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    period_from DAY NOT NULL,
    period_to DAY NOT NULL,
    ask text NOT NULL,
    state text NOT NULL,
    bills bigint NOT NULL DEFAULT 0,
    total_fen bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0,
    result text NOT NULL DEFAULT '{}',
    job_id UUID,
    created_by UUID,
    created_at INSTANT NOT NULL,
    ended_at INSTANT,
    PRIMARY KEY (community_id, id)
);
CREATE INDEX billing_run_time ON billing_run (community_id, created_at);
CREATE TABLE run_building (
    community_id UUID NOT NULL,
    run_id UUID NOT NULL,
    building_id UUID NOT NULL,
    PRIMARY KEY (community_id, run_id, building_id),
    FOREIGN KEY (community_id, run_id) REFERENCES billing_run (community_id, id)
);
CREATE TABLE run_skip (
    community_id UUID NOT NULL,
    run_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    fee_item_id UUID NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (community_id, run_id, unit_id, fee_item_id),
    FOREIGN KEY (community_id, run_id) REFERENCES billing_run (community_id, id)
);
CREATE TABLE bill (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    number SORTED NOT NULL,
    unit_id UUID NOT NULL,
    building_id UUID,
    fee_item_id UUID NOT NULL,
    tariff_id UUID,
    period_from DAY NOT NULL,
    period_to DAY NOT NULL,
    month integer NOT NULL,
    last_month integer NOT NULL,
    issued_day DAY NOT NULL,
    due_day DAY NOT NULL,
    amount_fen bigint NOT NULL,
    paid_fen bigint NOT NULL DEFAULT 0,
    waived_fen bigint NOT NULL DEFAULT 0,
    open_fen bigint NOT NULL,
    state text NOT NULL,
    source text NOT NULL,
    source_id UUID NOT NULL,
    note text NOT NULL DEFAULT '',
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id),
    CHECK (open_fen >= 0 AND paid_fen >= 0 AND waived_fen >= 0),
    FOREIGN KEY (community_id, unit_id) REFERENCES unit (community_id, id)
);
CREATE UNIQUE INDEX bill_month ON bill (community_id, month, number);
CREATE UNIQUE INDEX bill_unit ON bill (community_id, unit_id, month, fee_item_id, period_from, period_to, (CASE WHEN state <> 'void' AND source <> 'raised' THEN 1 END));
CREATE INDEX bill_long ON bill (community_id, last_month) WHERE last_month > month;
CREATE INDEX bill_fee_item ON bill (community_id, fee_item_id, month, number);
CREATE INDEX bill_building ON bill (community_id, building_id, month, number);
CREATE INDEX bill_due ON bill (community_id, due_day, id) WHERE open_fen > 0;
CREATE INDEX bill_open ON bill (community_id, open_fen, id) WHERE open_fen > 0;
CREATE INDEX bill_amount ON bill (community_id, amount_fen, id);
CREATE INDEX bill_source ON bill (community_id, source_id);
CREATE TABLE bill_line (
    community_id UUID NOT NULL,
    bill_id UUID NOT NULL,
    no integer NOT NULL,
    amount_fen bigint NOT NULL,
    trace text NOT NULL,
    PRIMARY KEY (community_id, bill_id, no),
    FOREIGN KEY (community_id, bill_id) REFERENCES bill (community_id, id)
) ROWLESS;
";
