//! Facts about this database itself, by key.
#![expect(unreachable_pub, reason = "the entity macro makes public items beside the model")]

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, Set};

use crate::{Answer, Work};

/// Set where the database holds the demonstration.
pub const DEMO: &str = "demo";

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "setting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub value: String,
}

impl ActiveModelBehavior for ActiveModel {}

/// Writes a fact down, over what was there.
pub async fn note(work: &Work, key: &str, value: &str) -> Answer<()> {
    let row = ActiveModel { key: Set(key.to_owned()), value: Set(value.to_owned()) };
    let over = OnConflict::column(Column::Key).update_column(Column::Value).to_owned();
    Entity::insert(row).on_conflict(over).exec_without_returning(work.db()).await?;
    Ok(())
}

/// The fact, where it has been written down.
pub(crate) async fn read<C: ConnectionTrait>(db: &C, key: &str) -> Answer<Option<String>> {
    Ok(Entity::find_by_id(key.to_owned()).one(db).await?.map(|row| row.value))
}
