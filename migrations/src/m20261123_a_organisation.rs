//! Communities, the people at work, sessions, the audit log, jobs and document counters.

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
CREATE TABLE setting (
    key text PRIMARY KEY,
    value text NOT NULL
);
CREATE TABLE community (
    id UUID PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL UNIQUE,
    address text NOT NULL DEFAULT '',
    utc_offset_minutes integer NOT NULL DEFAULT 480,
    created_at INSTANT NOT NULL
);
CREATE TABLE department (
    id UUID PRIMARY KEY,
    name text NOT NULL UNIQUE,
    permissions text NOT NULL,
    created_at INSTANT NOT NULL
);
CREATE TABLE employee (
    id UUID PRIMARY KEY,
    department_id UUID NOT NULL REFERENCES department (id),
    account text NOT NULL UNIQUE,
    name text NOT NULL,
    phone text,
    password_hash text NOT NULL,
    may_desk FLAG NOT NULL,
    may_phone FLAG NOT NULL,
    active FLAG NOT NULL,
    all_communities FLAG NOT NULL,
    created_at INSTANT NOT NULL
);
CREATE INDEX employee_department ON employee (department_id);
CREATE TABLE data_scope (
    id UUID PRIMARY KEY,
    employee_id UUID NOT NULL REFERENCES employee (id),
    community_id UUID NOT NULL REFERENCES community (id),
    building_id UUID
);
CREATE UNIQUE INDEX data_scope_once ON data_scope (employee_id, community_id, building_id);
CREATE TABLE session (
    token_hash BYTES PRIMARY KEY,
    employee_id UUID NOT NULL REFERENCES employee (id),
    created_at INSTANT NOT NULL,
    seen_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL,
    address text NOT NULL,
    agent text NOT NULL
);
CREATE INDEX session_employee ON session (employee_id);
CREATE INDEX session_expiry ON session (expires_at);
CREATE TABLE audit (
    id UUID PRIMARY KEY,
    community_id UUID,
    at INSTANT NOT NULL,
    employee_id UUID,
    action text NOT NULL,
    subject_id UUID,
    before text,
    after text,
    request_id text NOT NULL
);
CREATE INDEX audit_subject ON audit (subject_id, at);
CREATE INDEX audit_community ON audit (community_id, at);
CREATE TABLE job (
    id UUID PRIMARY KEY,
    community_id UUID,
    kind text NOT NULL,
    payload text NOT NULL,
    state text NOT NULL,
    unique_key text,
    run_after INSTANT NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    locked_by text,
    locked_until INSTANT,
    progress_done bigint NOT NULL DEFAULT 0,
    progress_total bigint NOT NULL DEFAULT 0,
    problem text,
    created_by UUID,
    created_at INSTANT NOT NULL,
    ended_at INSTANT
);
CREATE INDEX job_due ON job (state, run_after);
CREATE INDEX job_community ON job (community_id, created_at);
CREATE UNIQUE INDEX job_once ON job (unique_key) WHERE state IN ('queued', 'running');
CREATE TABLE made (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    body_hash text NOT NULL,
    reply text NOT NULL,
    at INSTANT NOT NULL,
    PRIMARY KEY (community_id, id)
);
CREATE TABLE counter (
    community_id UUID NOT NULL,
    kind text NOT NULL,
    series text NOT NULL,
    next bigint NOT NULL,
    PRIMARY KEY (community_id, kind, series)
);
";
