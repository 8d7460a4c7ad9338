//! Flows of approval, and the requests that go through them.

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
CREATE TABLE approval_flow (
    community_id UUID NOT NULL REFERENCES community (id),
    kind text NOT NULL,
    levels text NOT NULL,
    saved_by UUID,
    saved_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, kind)
);
CREATE TABLE approval (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    kind text NOT NULL,
    body text NOT NULL,
    reason text NOT NULL,
    bills integer NOT NULL,
    amount_fen bigint NOT NULL,
    before_fen bigint NOT NULL,
    after_fen bigint NOT NULL,
    state text NOT NULL,
    level integer NOT NULL,
    levels integer NOT NULL,
    problem text,
    asked_by UUID NOT NULL REFERENCES employee (id),
    asked_at INSTANT NOT NULL,
    ended_at INSTANT,
    withdrawn text,
    PRIMARY KEY (community_id, id),
    CHECK (level BETWEEN 1 AND levels)
);
CREATE INDEX approval_asked ON approval (community_id, asked_at, id);
CREATE INDEX approval_amount ON approval (community_id, amount_fen, id);
CREATE INDEX approval_waiting ON approval (community_id, id) WHERE state = 'waiting';
CREATE INDEX approval_asker ON approval (community_id, asked_by, asked_at);
CREATE TABLE approval_bill (
    community_id UUID NOT NULL,
    approval_id UUID NOT NULL,
    no integer NOT NULL,
    bill_id UUID NOT NULL,
    kind text NOT NULL,
    number SORTED NOT NULL,
    unit_id UUID NOT NULL,
    building_id UUID,
    amount_fen bigint NOT NULL,
    waits FLAG NOT NULL,
    PRIMARY KEY (community_id, approval_id, no),
    FOREIGN KEY (community_id, approval_id) REFERENCES approval (community_id, id),
    FOREIGN KEY (community_id, bill_id) REFERENCES bill (community_id, id)
);
CREATE UNIQUE INDEX approval_bill_waits ON approval_bill (community_id, bill_id, kind) WHERE waits;
CREATE INDEX approval_bill_bill ON approval_bill (community_id, bill_id);
CREATE INDEX approval_bill_number ON approval_bill (community_id, number);
CREATE INDEX approval_bill_unit ON approval_bill (community_id, unit_id);
CREATE TABLE approval_step (
    community_id UUID NOT NULL,
    approval_id UUID NOT NULL,
    level integer NOT NULL,
    department_id UUID,
    verdict text,
    decided_by UUID,
    decided_at INSTANT,
    note text NOT NULL DEFAULT '',
    PRIMARY KEY (community_id, approval_id, level),
    FOREIGN KEY (community_id, approval_id) REFERENCES approval (community_id, id)
);
CREATE TABLE approval_decider (
    community_id UUID NOT NULL,
    approval_id UUID NOT NULL,
    level integer NOT NULL,
    employee_id UUID NOT NULL REFERENCES employee (id),
    PRIMARY KEY (community_id, approval_id, level, employee_id),
    FOREIGN KEY (community_id, approval_id, level) REFERENCES approval_step (community_id, approval_id, level)
);
";
