//! A sign-in: only the hash of its token is known here.
#![expect(unreachable_pub, reason = "the entity macro makes public items beside the model")]

use chrono::{DateTime, Utc};
use common::id::EmployeeId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub employee_id: EmployeeId,
    pub created_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub address: String,
    pub agent: String,
}

impl ActiveModelBehavior for ActiveModel {}
