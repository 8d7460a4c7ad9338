//! Residents, who holds which unit from when to when, and vehicles.

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
CREATE TABLE resident (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    name SORTED NOT NULL,
    gender text,
    phone SORTED,
    id_number_sealed BYTES,
    id_number_hash BYTES,
    id_number_masked text,
    remark text NOT NULL DEFAULT '',
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id)
);
CREATE INDEX resident_name ON resident (community_id, name, id);
CREATE INDEX resident_phone ON resident (community_id, phone, id);
CREATE UNIQUE INDEX resident_id_number ON resident (community_id, id_number_hash);
CREATE TABLE occupancy (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    unit_id UUID NOT NULL,
    resident_id UUID NOT NULL,
    role text NOT NULL,
    from_day DAY NOT NULL,
    to_day DAY,
    PRIMARY KEY (community_id, id),
    FOREIGN KEY (community_id, unit_id) REFERENCES unit (community_id, id),
    FOREIGN KEY (community_id, resident_id) REFERENCES resident (community_id, id)
);
CREATE INDEX occupancy_unit ON occupancy (community_id, unit_id, role, from_day);
CREATE INDEX occupancy_resident ON occupancy (community_id, resident_id);
CREATE TABLE vehicle (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    plate SORTED NOT NULL,
    unit_id UUID,
    resident_id UUID,
    brand text NOT NULL DEFAULT '',
    colour text NOT NULL DEFAULT '',
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, plate),
    FOREIGN KEY (community_id, unit_id) REFERENCES unit (community_id, id),
    FOREIGN KEY (community_id, resident_id) REFERENCES resident (community_id, id)
);
CREATE INDEX vehicle_unit ON vehicle (community_id, unit_id);
CREATE INDEX vehicle_resident ON vehicle (community_id, resident_id);
";
