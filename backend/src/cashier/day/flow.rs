//! What came in and went back on a day, added up from its postings: by way to pay, by purpose, and what was set off.

use std::collections::BTreeMap;

use common::cashier::Method;
use common::cashier::api::{Flow, MethodFlow, Move, Purpose, PurposeFlow, SetOffBy, SetOffFlow};
use common::charging::tariff::FeeItemKind;
use common::id::CommunityId;
use common::money::Money;
use common::period::Day;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::cashier::{methods, payment};
use crate::sql::Sql;
use crate::{Answer, Buildings, Failure};

/// A day's flows; each adds up to the same money.
#[derive(Default)]
pub(super) struct Flows {
    pub(super) by_method: Vec<MethodFlow>,
    pub(super) by_purpose: Vec<PurposeFlow>,
    pub(super) set_off: Vec<SetOffFlow>,
}

#[derive(FromQueryResult)]
struct Row {
    source: String,
    method: String,
    fee_item_kind: String,
    moved: String,
    amount_fen: Money,
}

/// Of a day. What a run set off may be taken back on any later day, and counts then.
pub(super) async fn of_day<C: ConnectionTrait>(db: &C, community: CommunityId, day: Day, buildings: &Buildings) -> Answer<Flows> {
    let names = methods::names(db, community).await?;
    let mut by_method: BTreeMap<Method, Flow> = BTreeMap::new();
    let mut by_purpose: BTreeMap<Purpose, Flow> = BTreeMap::new();
    let mut set_off: BTreeMap<SetOffBy, Flow> = BTreeMap::new();
    for row in rows(db, community, day, buildings).await? {
        let method: Method = row.method.parse().map_err(Failure::broken)?;
        let moved: Move = row.moved.parse().map_err(Failure::broken)?;
        if method.held().is_some() {
            let by = if row.source == payment::OFFSET { SetOffBy::Run } else { SetOffBy::Desk };
            add(&mut set_off, by, moved, row.amount_fen)?;
            continue;
        }
        let kind = FeeItemKind::from_word(&row.fee_item_kind);
        let kind = kind.ok_or_else(|| Failure::broken(format!("fee item kind {:?}", row.fee_item_kind)))?;
        add(&mut by_method, method, moved, row.amount_fen)?;
        add(&mut by_purpose, Purpose::of(kind), moved, row.amount_fen)?;
    }
    let mut by_method: Vec<MethodFlow> =
        by_method.into_iter().map(|(method, flow)| MethodFlow { method, name: names.get(&method).cloned(), flow }).collect();
    by_method.sort_by(|a, b| (b.flow.taken_fen, a.method).cmp(&(a.flow.taken_fen, b.method)));
    Ok(Flows {
        by_method,
        by_purpose: by_purpose.into_iter().map(|(purpose, flow)| PurposeFlow { purpose, flow }).collect(),
        set_off: set_off.into_iter().map(|(by, flow)| of_set_off(by, flow)).collect(),
    })
}

fn of_set_off(by: SetOffBy, Flow { taken_fen, voided_fen, .. }: Flow) -> SetOffFlow {
    SetOffFlow { by, set_off_fen: taken_fen, voided_fen }
}

fn add<K: Ord>(flows: &mut BTreeMap<K, Flow>, of: K, moved: Move, amount: Money) -> Answer<()> {
    let flow = flows.entry(of).or_default();
    *flow = flow.and(moved, amount).ok_or_else(|| Failure::broken("a day's money that does not fit"))?;
    Ok(())
}

/// From payments and refunds to their postings: a day on which a run posted a million bills is no slower.
async fn rows<C: ConnectionTrait>(db: &C, community: CommunityId, day: Day, buildings: &Buildings) -> Answer<Vec<Row>> {
    const SUM: &str = "CAST(SUM(p.amount_fen) AS bigint) AS amount_fen";
    const WAY: &str = "CASE WHEN p.debit IN ('receivable', 'late_fee_receivable') THEN p.credit ELSE p.debit END";
    const MOVED: &str = "CASE WHEN p.reverses_id IS NULL THEN 'taken' ELSE 'voided' END";
    let joins = |paper: &str| {
        format!(
            " JOIN unit u ON u.community_id = {paper}.community_id AND u.id = {paper}.unit_id \
             JOIN fee_item f ON f.community_id = p.community_id AND f.id = p.fee_item_id"
        )
    };
    let of_payments = Sql::new(&format!("SELECT y.source, {WAY} AS method, f.kind AS fee_item_kind, {MOVED} AS moved, {SUM}"))
        .add(" FROM payment y JOIN posting p ON p.community_id = y.community_id AND p.payment_id = y.id")
        .add(&joins("y"))
        .push(" WHERE y.community_id = ? AND p.day = ?", [community.into(), day.into()])
        // Late fee that is charged and money that is held from now on move nothing.
        .add(" AND 'late_fee_income' NOT IN (p.debit, p.credit) AND 'held_due' NOT IN (p.debit, p.credit)")
        .push(
            " AND y.id IN (SELECT id FROM payment WHERE community_id = ? AND day = ?",
            [community.into(), day.into()],
        )
        .push(
            " UNION SELECT payment_id FROM posting WHERE community_id = ? AND day = ? AND reverses_id IS NOT NULL AND payment_id IS NOT NULL)",
            [community.into(), day.into()],
        )
        .add(" AND y.source IN ('desk', 'offset')")
        .within("u.building_id", buildings)
        .add(" GROUP BY 1, 2, 3, 4");
    let of_refunds =
        Sql::new(&format!("SELECT 'refund' AS source, p.credit AS method, f.kind AS fee_item_kind, 'refunded' AS moved, {SUM}"))
            .add(" FROM refund r JOIN posting p ON p.community_id = r.community_id AND p.refund_id = r.id")
            .add(&joins("r"))
            .push(" WHERE r.community_id = ? AND r.day = ?", [community.into(), day.into()])
            .within("u.building_id", buildings)
            .add(" GROUP BY 1, 2, 3, 4");
    of_payments.add(" UNION ALL ").join(of_refunds).all(db).await
}
