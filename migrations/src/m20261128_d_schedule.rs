//! Generation rules and the occurrences that they lead to.

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
CREATE TABLE generation_rule (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    name text NOT NULL,
    fee_items text NOT NULL,
    schedule text NOT NULL,
    start text NOT NULL,
    active FLAG NOT NULL,
    over_to DAY NOT NULL,
    next_day DAY,
    created_by UUID,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id)
);
CREATE UNIQUE INDEX generation_rule_name ON generation_rule (community_id, name);
CREATE INDEX generation_rule_next ON generation_rule (next_day);
CREATE TABLE generation_rule_building (
    community_id UUID NOT NULL,
    rule_id UUID NOT NULL,
    building_id UUID NOT NULL,
    PRIMARY KEY (community_id, rule_id, building_id),
    FOREIGN KEY (community_id, rule_id) REFERENCES generation_rule (community_id, id)
);
CREATE TABLE occurrence (
    community_id UUID NOT NULL,
    rule_id UUID NOT NULL,
    period_from DAY NOT NULL,
    period_to DAY NOT NULL,
    day DAY NOT NULL,
    notice_day DAY NOT NULL,
    due_day DAY,
    state text NOT NULL,
    run_id UUID,
    tries integer NOT NULL DEFAULT 0,
    next_try INSTANT,
    reason text NOT NULL DEFAULT '',
    said_by UUID,
    said_at INSTANT,
    PRIMARY KEY (community_id, rule_id, period_from),
    FOREIGN KEY (community_id, rule_id) REFERENCES generation_rule (community_id, id),
    CHECK (period_from < period_to)
);
CREATE UNIQUE INDEX occurrence_run ON occurrence (community_id, run_id);
CREATE INDEX occurrence_day ON occurrence (community_id, day);
CREATE INDEX occurrence_state ON occurrence (state, next_try);
";
