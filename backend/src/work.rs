//! `Work`: one writing transaction, who does it and when. Only a handler or a job begins and commits one.

use chrono::{DateTime, Utc};
use common::id::{AuditId, CommunityId, EmployeeId, JobId};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait, IsolationLevel, Set,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use serde::Serialize;
use uuid::Uuid;

use crate::Answer;
use crate::organisation::{audit, job};

/// One transaction of one command. Dropped without [`commit`](Self::commit), nothing has happened.
pub struct Work {
    transaction: DatabaseTransaction,
    /// The only clock of a command.
    pub at: DateTime<Utc>,
    /// `None` where nobody is at the keyboard.
    pub by: Option<EmployeeId>,
    request_id: String,
}

impl Work {
    pub(crate) async fn begin(
        db: &DatabaseConnection,
        at: DateTime<Utc>,
        by: Option<EmployeeId>,
        request_id: String,
    ) -> Answer<Self> {
        // SQLite takes its one write lock at once: read-then-write in a deferred transaction would fail with BUSY.
        let transaction = db
            .begin_with_options(TransactionOptions {
                isolation_level: (db.get_database_backend() == DbBackend::Postgres).then_some(IsolationLevel::ReadCommitted),
                access_mode: (db.get_database_backend() == DbBackend::Postgres).then_some(AccessMode::ReadWrite),
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            })
            .await?;
        Ok(Self { transaction, at, by, request_id })
    }

    /// The transaction, for queries.
    pub fn db(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    pub fn is_postgres(&self) -> bool {
        self.transaction.get_database_backend() == DbBackend::Postgres
    }

    /// Writes the audit row: who did what to which thing, and what it was before and after. `None` where there is none.
    pub async fn record<B: Serialize, A: Serialize>(
        &self,
        community: Option<CommunityId>,
        action: &str,
        subject: impl Into<Uuid>,
        before: Option<&B>,
        after: Option<&A>,
    ) -> Answer<()> {
        let row = audit::ActiveModel {
            id: Set(AuditId(Uuid::now_v7())),
            community_id: Set(community),
            at: Set(self.at),
            employee_id: Set(self.by),
            action: Set(action.to_owned()),
            subject_id: Set(Some(subject.into())),
            before: Set(before.map(serde_json::to_string).transpose()?),
            after: Set(after.map(serde_json::to_string).transpose()?),
            request_id: Set(self.request_id.clone()),
        };
        audit::Entity::insert(row).exec_without_returning(&self.transaction).await?;
        Ok(())
    }

    /// Writes a job row; the job runs only when this transaction commits. While a job with the same `unique_key` waits or
    /// runs, the unique index refuses a second one.
    pub async fn enqueue(
        &self,
        community: Option<CommunityId>,
        kind: &str,
        payload: &impl Serialize,
        unique_key: Option<String>,
    ) -> Answer<JobId> {
        self.enqueue_for(self.at, community, kind, payload, unique_key).await
    }

    /// The same for a later moment: it does not run before.
    pub async fn enqueue_for(
        &self,
        at: DateTime<Utc>,
        community: Option<CommunityId>,
        kind: &str,
        payload: &impl Serialize,
        unique_key: Option<String>,
    ) -> Answer<JobId> {
        let id = JobId(Uuid::now_v7());
        let row = job::ActiveModel {
            id: Set(id),
            community_id: Set(community),
            kind: Set(kind.to_owned()),
            payload: Set(serde_json::to_string(payload)?),
            state: Set(job::QUEUED.to_owned()),
            unique_key: Set(unique_key),
            run_after: Set(at),
            attempts: Set(0),
            locked_by: Set(None),
            locked_until: Set(None),
            progress_done: Set(0),
            progress_total: Set(0),
            problem: Set(None),
            created_by: Set(self.by),
            created_at: Set(self.at),
            ended_at: Set(None),
        };
        job::Entity::insert(row).exec_without_returning(&self.transaction).await?;
        Ok(id)
    }

    /// All of it happens now.
    pub async fn commit(self) -> Answer<()> {
        Ok(self.transaction.commit().await?)
    }
}
