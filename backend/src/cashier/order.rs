//! What a community settles first inside a bill: late fee or principal.

use common::cashier::api::{GetOrder, SaveOrder};
use common::charging::late_fee::InsideBill;
use common::id::CommunityId;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::sql::Sql;
use crate::{Answer, App, Failure, Who};

#[derive(FromQueryResult)]
struct Row {
    inside_bill: String,
}

/// Late fee first until the community chooses otherwise.
pub(super) async fn of_community<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<InsideBill> {
    let row = Sql::new("SELECT inside_bill FROM payment_order")
        .push(" WHERE community_id = ?", [community.into()])
        .one::<Row, _>(db)
        .await?;
    row.map_or(Ok(InsideBill::LateFeeFirst), |row| row.inside_bill.parse().map_err(Failure::broken))
}

pub(super) async fn get_order(app: App, _: Who, ask: GetOrder) -> Answer<InsideBill> {
    of_community(app.db(), ask.community).await
}

/// Counts for payments to come; those that were taken stay as they are.
pub(super) async fn save_order(app: App, who: Who, ask: SaveOrder) -> Answer<InsideBill> {
    let work = app.begin(&who).await?;
    let before = of_community(work.db(), ask.community).await?;
    Sql::new("INSERT INTO payment_order (community_id, inside_bill) VALUES ")
        .push("(?, ?)", [ask.community.into(), ask.order.word().into()])
        .push(" ON CONFLICT (community_id) DO UPDATE SET inside_bill = excluded.inside_bill", [])
        .run(work.db())
        .await?;
    work.record(Some(ask.community), "cashier.save_order", ask.community.0, Some(&before), Some(&ask.order)).await?;
    work.commit().await?;
    Ok(ask.order)
}
