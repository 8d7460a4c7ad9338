//! Fee items, tariffs, prices in force, and which unit is charged by which tariff.

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
CREATE TABLE fee_item (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    sort integer NOT NULL,
    active FLAG NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, code),
    UNIQUE (community_id, name)
);
CREATE TABLE tariff (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    fee_item_id UUID NOT NULL,
    name text NOT NULL,
    mode text NOT NULL,
    rules text NOT NULL,
    active FLAG NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, fee_item_id, name),
    FOREIGN KEY (community_id, fee_item_id) REFERENCES fee_item (community_id, id)
);
CREATE TABLE price (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    tariff_id UUID NOT NULL,
    scope text NOT NULL,
    building_id UUID,
    entrance_id UUID,
    floor integer,
    unit_id UUID,
    price bigint NOT NULL,
    rate text,
    from_day DAY NOT NULL,
    to_day DAY,
    reason text NOT NULL DEFAULT '',
    created_by UUID,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id),
    FOREIGN KEY (community_id, tariff_id) REFERENCES tariff (community_id, id)
);
CREATE INDEX price_tariff ON price (community_id, tariff_id, from_day);
CREATE TABLE charge (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    tariff_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    from_day DAY NOT NULL,
    to_day DAY,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id),
    FOREIGN KEY (community_id, tariff_id) REFERENCES tariff (community_id, id),
    FOREIGN KEY (community_id, unit_id) REFERENCES unit (community_id, id)
);
CREATE INDEX charge_unit ON charge (community_id, unit_id);
CREATE INDEX charge_tariff ON charge (community_id, tariff_id, unit_id);
";
