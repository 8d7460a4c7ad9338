//! An employee, who signs in with an account.
#![expect(unreachable_pub, reason = "the entity macro makes public items beside the model")]

use chrono::{DateTime, Utc};
use common::id::{DepartmentId, EmployeeId};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "employee")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EmployeeId,
    pub department_id: DepartmentId,
    pub account: String,
    pub name: String,
    pub phone: Option<String>,
    pub password_hash: String,
    pub may_desk: bool,
    pub may_phone: bool,
    pub active: bool,
    pub all_communities: bool,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether the door is open to them at all: at a desk or on a phone.
    pub(crate) fn may_sign_in(&self) -> bool {
        self.active && (self.may_desk || self.may_phone)
    }
}
