//! Stories of owners' money that is held: prepayments and deposits are taken, pay bills, and go back; nothing is lost or doubled.

mod books;
mod desk;
mod refunds;
mod runs;
mod waits;

use common::cashier::Method;
use common::cashier::api::{Collect, GiveBack, ListHeld, RefundLine};
use common::cashier::settle::TakeHeld;
use common::charging::api::SaveFeeItem;
use common::charging::tariff::FeeItemKind;
use common::id::{BillId, CommunityId, FeeItemId, RefundId, UnitId};
use migrations::MigratorTrait as _;
use sea_orm::ConnectionTrait as _;
use uuid::Uuid;

use crate::cashier::{Estate, desk, fen, in_cash, way};
use crate::support::{Anju, Person};

/// A fee item under which money is held.
async fn held_item(person: &Person, community: CommunityId, name: &str, pays_for: Option<FeeItemId>) -> FeeItemId {
    let fee_item = FeeItemId(Uuid::now_v7());
    let kind = if name.ends_with("押金") { FeeItemKind::Deposit } else { FeeItemKind::Prepayment };
    person.does(SaveFeeItem { pays_for, ..SaveFeeItem::of(community, fee_item, name, name, kind) }).await;
    fee_item
}

/// So much in cash, to be held.
fn takes(estate: &Estate, unit: UnitId, fee_item: FeeItemId, amount: i64) -> (BillId, Collect) {
    let bill = BillId(Uuid::now_v7());
    let take = TakeHeld { bill, fee_item, amount_fen: fen(amount) };
    (bill, Collect { takes: vec![take], methods: vec![way(Method::Cash, amount)], ..in_cash(estate, unit, &[]) })
}

async fn taken(person: &Person, estate: &Estate, fee_item: FeeItemId, amount: i64) -> BillId {
    let (bill, ask) = takes(estate, estate.home, fee_item, amount);
    person.does(ask).await;
    bill
}

/// What is left of each holding of a household, in the order in which they were taken.
async fn left(person: &Person, estate: &Estate) -> Vec<i64> {
    desk(person, estate, estate.home).await.held.iter().map(|held| held.holding.left_fen.fen()).collect()
}

fn back(estate: &Estate, lines: &[(BillId, i64, i64)]) -> GiveBack {
    let line =
        |(bill, amount, left): &(BillId, i64, i64)| RefundLine { bill: *bill, amount_fen: fen(*amount), left_fen: fen(*left) };
    GiveBack {
        community: estate.community,
        refund: RefundId(Uuid::now_v7()),
        unit: estate.home,
        lines: lines.iter().map(line).collect(),
        method: Method::Transfer,
        reference: "T-77".into(),
        payee: "林晓芸".into(),
        reason: "装修验收合格".into(),
    }
}

/// Makes the database what it was before a migration, and then migrates it: on one connection, since others of SQLite go by the schema
/// that they know.
async fn migrated_again(anju: &Anju, version: &str, statements: &[&str]) {
    let db = backend::database::connect(&anju.app.settings().database, 1).await.unwrap();
    let forget = format!("DELETE FROM seaql_migrations WHERE version = '{version}'");
    for statement in statements.iter().copied().chain([forget.as_str()]) {
        db.execute_unprepared(statement).await.unwrap();
    }
    migrations::Migrator::up(&db, None).await.unwrap();
    db.close().await.unwrap();
}

fn all(community: CommunityId) -> ListHeld {
    ListHeld {
        community,
        kind: None,
        state: None,
        fee_item: None,
        unit: None,
        from: None,
        to: None,
        search: None,
        page: None,
        size: None,
        sort: None,
    }
}
