//! Custom fields of units and residents with their values, and how many people live in a unit from which day on.

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
CREATE TABLE custom_field (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    subject text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    unit_kinds text NOT NULL,
    choices text NOT NULL,
    in_lists FLAG NOT NULL,
    active FLAG NOT NULL,
    sort integer NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id),
    UNIQUE (community_id, subject, name)
);
CREATE TABLE custom_value (
    community_id UUID NOT NULL,
    subject_id UUID NOT NULL,
    field_id UUID NOT NULL,
    text SORTED NOT NULL,
    number bigint,
    PRIMARY KEY (community_id, subject_id, field_id),
    FOREIGN KEY (community_id, field_id) REFERENCES custom_field (community_id, id)
) ROWLESS;
CREATE INDEX custom_value_text ON custom_value (community_id, field_id, text, subject_id);
CREATE INDEX custom_value_number ON custom_value (community_id, field_id, number, subject_id);
CREATE TABLE unit_heads (
    community_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    from_day DAY NOT NULL,
    heads integer,
    PRIMARY KEY (community_id, unit_id, from_day),
    FOREIGN KEY (community_id, unit_id) REFERENCES unit (community_id, id)
) ROWLESS;
";
