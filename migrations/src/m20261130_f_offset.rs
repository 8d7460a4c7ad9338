//! Which run a payment that prepayments made by themselves belongs to; jobs that failed are found by what they are about.

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

// Until now the audit log alone knew: it was written in the payment's transaction, at its very moment. Jobs that were put down before
// had no key, which is their run's, and what had failed rested: it is put down anew. Ids stand in a payload where they always stood.
const DDL: &str = "
ALTER TABLE payment ADD COLUMN run_id UUID;
UPDATE payment SET run_id = (SELECT a.subject_id FROM audit a WHERE a.community_id = payment.community_id
    AND a.at = payment.at AND a.action = 'cashier.offset' ORDER BY a.id LIMIT 1) WHERE source = 'offset';
CREATE INDEX payment_run ON payment (community_id, run_id) WHERE run_id IS NOT NULL;
UPDATE job SET state = 'queued', attempts = 0, problem = NULL, ended_at = NULL, locked_by = NULL, locked_until = NULL
    WHERE kind = 'billing.run_done' AND state = 'failed';
UPDATE job SET unique_key = 'billing.run_done:' || SUBSTR(payload, 60, 36)
    WHERE kind = 'billing.run_done' AND state IN ('queued', 'running') AND unique_key IS NULL
    AND payload LIKE '{\"community\":\"____________________________________\",\"run\":\"____________________________________\"%'
    AND NOT EXISTS (SELECT 1 FROM job o WHERE o.kind = job.kind AND o.payload = job.payload
        AND o.state IN ('queued', 'running') AND o.id < job.id);
CREATE INDEX job_failed ON job (unique_key) WHERE state = 'failed';
";
