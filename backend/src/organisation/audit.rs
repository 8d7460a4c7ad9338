//! The audit log: who did what, when, and what it was before and after. Rows are only ever added.
#![expect(unreachable_pub, reason = "the entity macro makes public items beside the model")]

use chrono::{DateTime, Utc};
use common::id::{AuditId, CommunityId, EmployeeId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditId,
    pub community_id: Option<CommunityId>,
    pub at: DateTime<Utc>,
    pub employee_id: Option<EmployeeId>,
    pub action: String,
    pub subject_id: Option<Uuid>,
    pub before: Option<String>,
    pub after: Option<String>,
    pub request_id: String,
}

impl ActiveModelBehavior for ActiveModel {}
