//! Meters, readings and apportionments.

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
CREATE TABLE meter (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    code SORTED NOT NULL,
    role text NOT NULL,
    utility text NOT NULL,
    fee_item_id UUID NOT NULL,
    unit_id UUID,
    building_id UUID,
    parent_id UUID,
    multiplier bigint NOT NULL,
    digits integer NOT NULL,
    place text NOT NULL,
    sort_key SORTED NOT NULL,
    active FLAG NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, code),
    FOREIGN KEY (community_id, unit_id) REFERENCES unit (community_id, id),
    FOREIGN KEY (community_id, fee_item_id) REFERENCES fee_item (community_id, id)
);
CREATE INDEX meter_sort ON meter (community_id, sort_key, id);
CREATE INDEX meter_unit ON meter (community_id, unit_id);
CREATE INDEX meter_parent ON meter (community_id, parent_id);
CREATE INDEX meter_fee_item ON meter (community_id, fee_item_id, role);
CREATE TABLE reading_import (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    file_name text NOT NULL,
    month integer NOT NULL,
    counts text NOT NULL,
    created_by UUID,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id)
);
CREATE TABLE reading (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    meter_id UUID NOT NULL,
    month integer NOT NULL,
    day DAY NOT NULL,
    value bigint NOT NULL,
    previous bigint,
    previous_day DAY,
    multiplier bigint NOT NULL,
    usage bigint,
    mark text NOT NULL,
    old_final bigint,
    old_multiplier bigint,
    new_initial bigint,
    odd text NOT NULL,
    review FLAG NOT NULL,
    import_id UUID,
    bill_id UUID,
    note text NOT NULL,
    created_by UUID,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id),
    FOREIGN KEY (community_id, meter_id) REFERENCES meter (community_id, id)
);
CREATE UNIQUE INDEX reading_once ON reading (community_id, meter_id, day);
CREATE INDEX reading_month ON reading (community_id, month, meter_id);
CREATE INDEX reading_bill ON reading (community_id, bill_id) WHERE bill_id IS NOT NULL;
CREATE INDEX reading_unbilled ON reading (community_id, month) WHERE bill_id IS NULL AND usage IS NOT NULL;
CREATE TABLE apportionment (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    name text NOT NULL,
    month integer NOT NULL,
    meter_id UUID,
    utility text,
    fee_item_id UUID NOT NULL,
    taken text NOT NULL,
    method text NOT NULL,
    takes_part text NOT NULL,
    master bigint,
    household bigint,
    public bigint,
    loss bigint,
    price bigint,
    pool_quantity bigint NOT NULL,
    pool_fen bigint NOT NULL,
    weights bigint NOT NULL,
    units integer NOT NULL,
    state text NOT NULL,
    digest text NOT NULL,
    created_by UUID,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id),
    FOREIGN KEY (community_id, fee_item_id) REFERENCES fee_item (community_id, id)
);
CREATE UNIQUE INDEX apportionment_once ON apportionment (community_id, meter_id, month, taken) WHERE state <> 'cancelled';
CREATE UNIQUE INDEX apportionment_named ON apportionment (community_id, month, name) WHERE state <> 'cancelled' AND meter_id IS NULL;
CREATE INDEX apportionment_month ON apportionment (community_id, month, fee_item_id);
CREATE TABLE apportionment_share (
    community_id UUID NOT NULL,
    apportionment_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    weight bigint NOT NULL,
    quantity bigint NOT NULL,
    amount_fen bigint NOT NULL,
    bill_id UUID,
    PRIMARY KEY (community_id, apportionment_id, unit_id),
    FOREIGN KEY (community_id, apportionment_id) REFERENCES apportionment (community_id, id)
);
CREATE INDEX apportionment_share_unit ON apportionment_share (community_id, unit_id);
CREATE INDEX apportionment_share_bill ON apportionment_share (community_id, bill_id) WHERE bill_id IS NOT NULL;
";
