//! Buildings, entrances and units.

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
CREATE TABLE building (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    name text NOT NULL,
    sort_key SORTED NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, name)
);
CREATE TABLE entrance (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    building_id UUID NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, building_id, name),
    FOREIGN KEY (community_id, building_id) REFERENCES building (community_id, id)
);
CREATE TABLE unit (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    building_id UUID,
    entrance_id UUID,
    floor integer,
    room SORTED NOT NULL,
    code SORTED NOT NULL,
    label text NOT NULL,
    search_key SORTED NOT NULL,
    sort_key SORTED NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    billed_area bigint,
    inner_area bigint,
    heads integer,
    layout text,
    decoration text,
    handed_over DAY,
    property_value_fen bigint,
    facts text NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id),
    FOREIGN KEY (community_id, building_id) REFERENCES building (community_id, id),
    FOREIGN KEY (community_id, entrance_id) REFERENCES entrance (community_id, id)
);
CREATE UNIQUE INDEX unit_code ON unit (community_id, code);
CREATE INDEX unit_search ON unit (community_id, search_key, id);
CREATE INDEX unit_room ON unit (community_id, room, search_key, id);
CREATE INDEX unit_sort ON unit (community_id, sort_key, id);
CREATE INDEX unit_place ON unit (community_id, building_id, entrance_id, floor);
CREATE TABLE estate_import (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    file_name text NOT NULL,
    digest text NOT NULL,
    counts text NOT NULL,
    created_by UUID,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id)
);
";
