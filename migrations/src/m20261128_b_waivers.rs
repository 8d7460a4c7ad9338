//! Groups of people, waiver schemes, and what was waived.

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
CREATE TABLE people_group (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    name SORTED NOT NULL,
    counts_by text NOT NULL,
    note text NOT NULL DEFAULT '',
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, name)
);
CREATE TABLE group_member (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    group_id UUID NOT NULL,
    resident_id UUID NOT NULL,
    from_day DAY NOT NULL,
    to_day DAY,
    note text NOT NULL DEFAULT '',
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id),
    FOREIGN KEY (community_id, group_id) REFERENCES people_group (community_id, id),
    FOREIGN KEY (community_id, resident_id) REFERENCES resident (community_id, id)
);
CREATE INDEX group_member_group ON group_member (community_id, group_id, resident_id, from_day);
CREATE INDEX group_member_resident ON group_member (community_id, resident_id);
CREATE TABLE waiver_scheme (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    name SORTED NOT NULL,
    reason text NOT NULL,
    rank integer NOT NULL,
    from_day DAY NOT NULL,
    to_day DAY,
    state text NOT NULL,
    rules text NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, name)
);
CREATE TABLE waiver (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    bill_id UUID NOT NULL,
    no integer NOT NULL,
    scheme_id UUID,
    unit_id UUID NOT NULL,
    building_id UUID,
    fee_item_id UUID NOT NULL,
    month integer NOT NULL,
    name text NOT NULL,
    reason text NOT NULL,
    amount_fen bigint NOT NULL,
    trace text NOT NULL,
    state text NOT NULL,
    posting_id UUID NOT NULL,
    at INSTANT NOT NULL,
    day DAY NOT NULL,
    created_by UUID,
    back_reason text,
    PRIMARY KEY (community_id, id),
    CHECK (amount_fen > 0),
    FOREIGN KEY (community_id, bill_id) REFERENCES bill (community_id, id)
);
CREATE INDEX waiver_bill ON waiver (community_id, bill_id);
CREATE INDEX waiver_month ON waiver (community_id, month, scheme_id);
CREATE INDEX waiver_scheme_unit ON waiver (community_id, scheme_id, unit_id, month);
CREATE INDEX waiver_amount ON waiver (community_id, amount_fen, id);
ALTER TABLE billing_run ADD COLUMN waived_fen bigint NOT NULL DEFAULT 0;
";
