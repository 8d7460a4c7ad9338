//! Requests that are about something else than bills, and what counts along towards a level.

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

// A request about a scheme has no bills: its subject is the scheme, by id and name, with what would change of it. What somebody
// takes off by hand is counted by unit and month whether it waited or not, so that a deed in parts passes the levels of the whole.
const DDL: &str = "
ALTER TABLE approval ADD COLUMN subject_id UUID;
ALTER TABLE approval ADD COLUMN subject text NOT NULL DEFAULT '';
ALTER TABLE approval ADD COLUMN changes text NOT NULL DEFAULT '[]';
ALTER TABLE approval ADD COLUMN together_fen bigint NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX approval_subject_waits ON approval (community_id, kind, subject_id) WHERE state = 'waiting' AND subject_id IS NOT NULL;
CREATE INDEX approval_subject ON approval (community_id, subject_id);
CREATE TABLE approval_counted (
    community_id UUID NOT NULL,
    deed_id UUID NOT NULL,
    bill_id UUID NOT NULL,
    kind text NOT NULL,
    unit_id UUID NOT NULL,
    employee_id UUID NOT NULL,
    month integer NOT NULL,
    amount_fen bigint NOT NULL,
    PRIMARY KEY (community_id, deed_id, bill_id)
);
CREATE INDEX approval_counted_unit ON approval_counted (community_id, unit_id, employee_id, month);
";
