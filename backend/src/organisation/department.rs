//! A department: a name and a set of permissions.
#![expect(unreachable_pub, reason = "the entity macro makes public items beside the model")]

use chrono::{DateTime, Utc};
use common::id::DepartmentId;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "department")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DepartmentId,
    pub name: String,
    /// Permission codes as a JSON array.
    pub permissions: String,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
