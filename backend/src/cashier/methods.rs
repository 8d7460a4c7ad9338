//! The ways to pay that a community's desk offers.

use std::collections::BTreeMap;

use common::cashier::Method;
use common::cashier::api::{DeskMethod, ListMethods, SaveMethods};
use common::cashier::settle::MethodAmount;
use common::id::CommunityId;
use common::problem::Problem;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::sql::Sql;
use crate::{Answer, App, Failure, Who, bulk};

#[derive(FromQueryResult)]
struct Row {
    method: String,
    name: String,
    offered: bool,
}

pub(super) async fn list_methods(app: App, _: Who, ask: ListMethods) -> Answer<Vec<DeskMethod>> {
    of_community(app.db(), ask.community).await
}

/// Puts the list in place of the one before.
pub(super) async fn save_methods(app: App, who: Who, ask: SaveMethods) -> Answer<Vec<DeskMethod>> {
    let work = app.begin(&who).await?;
    let before = of_community(work.db(), ask.community).await?;
    Sql::new("DELETE FROM payment_method").push(" WHERE community_id = ?", [ask.community.into()]).run(work.db()).await?;
    let rows: Vec<Vec<Value>> = ask
        .methods
        .iter()
        .zip(0_i32..)
        .map(|(each, sort)| {
            vec![ask.community.into(), each.method.code().into(), each.name.trim().into(), each.offered.into(), sort.into()]
        })
        .collect();
    bulk::insert(work.db(), "payment_method", &["community_id", "method", "name", "offered", "sort"], rows).await?;
    work.record(Some(ask.community), "cashier.save_methods", ask.community.0, Some(&before), Some(&ask.methods)).await?;
    work.commit().await?;
    of_community(app.db(), ask.community).await
}

/// The community's ways to pay; the usual ones until it chooses.
async fn of_community<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Vec<DeskMethod>> {
    let rows = Sql::new("SELECT method, name, offered FROM payment_method")
        .push(" WHERE community_id = ? ORDER BY sort, method", [community.into()])
        .all::<Row, _>(db)
        .await?;
    if rows.is_empty() {
        let usual = Method::USUAL.into_iter().map(|method| DeskMethod { method, name: String::new(), offered: true });
        let more = DeskMethod { method: Method::UnionPay, name: String::new(), offered: false };
        return Ok(usual.chain([more]).collect());
    }
    rows.into_iter()
        .map(|row| Ok(DeskMethod { method: row.method.parse().map_err(Failure::broken)?, name: row.name, offered: row.offered }))
        .collect()
}

/// The names that the community gave to ways to pay.
pub(super) async fn names<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<BTreeMap<Method, String>> {
    let methods = of_community(db, community).await?;
    Ok(methods.into_iter().filter(|each| !each.name.is_empty()).map(|each| (each.method, each.name)).collect())
}

/// Refuses a way to pay that the community does not offer.
pub(super) async fn all_offered<C: ConnectionTrait>(db: &C, community: CommunityId, asked: &[MethodAmount]) -> Answer<()> {
    let offered = of_community(db, community).await?;
    // What is held may always pay, where something is.
    for line in asked.iter().filter(|line| line.method.held().is_none()) {
        if !offered.iter().any(|each| each.offered && each.method == line.method) {
            return Err(Problem::conflict("cashier.method_not_offered", "This community does not offer this way to pay").into());
        }
    }
    Ok(())
}
