//! An apportionment: a pool of a month, shared out; and its shares.
#![expect(unreachable_pub, reason = "the entity macro makes public items beside the model")]

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use common::api::{Listing, Page, Paging};
use common::id::{ApportionmentId, BillId, CommunityId, EmployeeId, FeeItemId, MeterId, UnitId};
use common::metering::Utility;
use common::metering::api::{
    ApportionmentPage, ApportionmentRow, ApportionmentState, ListApportionments, ShareRow, ShowApportionment, UnitName,
};
use common::metering::apportion::{Figures, Method, Taken};
use common::money::Money;
use common::period::Month;
use common::problem::Problem;
use common::quantity::{Price, Quantity};
use sea_orm::FromQueryResult;
use sea_orm::entity::prelude::*;

use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Who};

/// Shared out; its shares are billed or wait for it.
pub(super) const LIVE: &str = "live";
pub(super) const CANCELLED: &str = "cancelled";

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "apportionment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApportionmentId,
    pub name: String,
    pub month: i32,
    /// `None` for an amount that was typed in.
    pub meter_id: Option<MeterId>,
    pub utility: Option<String>,
    pub fee_item_id: FeeItemId,
    /// `both`, `public` or `loss`; empty for an amount.
    pub taken: String,
    pub method: String,
    /// What a unit weighed, where it was by formula.
    pub formula: String,
    /// Which units took part, as it was asked for (JSON).
    pub takes_part: String,
    pub master: Option<Quantity>,
    pub household: Option<Quantity>,
    pub public: Option<Quantity>,
    pub loss: Option<Quantity>,
    pub price: Option<Price>,
    pub pool_quantity: Quantity,
    pub pool_fen: Money,
    /// The sum of all weights.
    pub weights: Quantity,
    pub units: i32,
    pub state: String,
    pub digest: String,
    pub created_by: Option<EmployeeId>,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

#[derive(FromQueryResult)]
struct Line {
    id: ApportionmentId,
    name: String,
    month: i32,
    meter_id: Option<MeterId>,
    utility: Option<String>,
    fee_item_id: FeeItemId,
    fee_item_name: String,
    taken: String,
    method: String,
    formula: String,
    takes_part: String,
    master: Option<Quantity>,
    household: Option<Quantity>,
    public: Option<Quantity>,
    loss: Option<Quantity>,
    price: Option<Price>,
    pool_quantity: Quantity,
    pool_fen: Money,
    units: i32,
    state: String,
    by_name: Option<String>,
    created_at: DateTime<Utc>,
}

impl Line {
    fn figures(&self) -> Option<Figures> {
        Some(Figures { master: self.master?, household: self.household?, public: self.public?, loss: self.loss? })
    }

    fn row(self, counts: &Counts) -> Answer<ApportionmentRow> {
        let units = u64::try_from(self.units).unwrap_or(0);
        let (charged, billed) = counts.get(&self.id).copied().unwrap_or_default();
        let state = match self.state.as_str() {
            CANCELLED => ApportionmentState::Cancelled,
            _ if charged > billed => ApportionmentState::Open,
            _ => ApportionmentState::Billed,
        };
        Ok(ApportionmentRow {
            id: self.id,
            name: self.name,
            month: Month::from_number(self.month).ok_or_else(|| Failure::broken("an apportionment without a month"))?,
            meter: self.meter_id,
            utility: self.utility.as_deref().and_then(Utility::from_word),
            fee_item: self.fee_item_id,
            fee_item_name: self.fee_item_name,
            taken: Taken::from_word(&self.taken),
            method: Method::from_word(&self.method).ok_or_else(|| Failure::broken("an apportionment without a method"))?,
            formula: self.formula,
            quantity: self.pool_quantity,
            price: self.price,
            amount: self.pool_fen,
            units,
            charged,
            billed,
            state,
            by_name: self.by_name,
            at: self.created_at.to_rfc3339(),
        })
    }
}

const SHOWN: &str = "SELECT a.id, a.name, a.month, a.meter_id, a.utility, a.fee_item_id, f.name AS fee_item_name, a.taken, a.method, a.formula, a.takes_part, \
    a.master, a.household, a.public, a.loss, a.price, a.pool_quantity, a.pool_fen, a.units, a.state, e.name AS by_name, a.created_at \
    FROM apportionment a JOIN fee_item f ON f.community_id = a.community_id AND f.id = a.fee_item_id \
    LEFT JOIN employee e ON e.id = a.created_by WHERE a.community_id = ";

/// How many shares of an apportionment have an amount, and how many of these are billed.
type Counts = HashMap<ApportionmentId, (u64, u64)>;

async fn counts(app: &App, community: CommunityId, of: &[Line]) -> Answer<Counts> {
    #[derive(FromQueryResult)]
    struct Count {
        apportionment_id: ApportionmentId,
        charged: i64,
        billed: i64,
    }
    let counts: Vec<Count> = Sql::new("SELECT apportionment_id, COUNT(*) AS charged, COUNT(bill_id) AS billed")
        .add(" FROM apportionment_share WHERE community_id = ")
        .bind(community)
        .add(" AND amount_fen <> 0 AND apportionment_id IN ")
        .list(of.iter().map(|line| line.id))
        .add(" GROUP BY apportionment_id")
        .all(app.db())
        .await?;
    let counts = counts.into_iter().map(|row| (row.apportionment_id, (row.charged.unsigned_abs(), row.billed.unsigned_abs())));
    Ok(counts.collect())
}

/// Only those of whose units the caller sees at least one.
fn within(sql: Sql, who: &Who, community: CommunityId) -> Sql {
    match who.scope.buildings(community) {
        Buildings::All => sql,
        Buildings::Only(buildings) => sql
            .add(
                " AND EXISTS (SELECT 1 FROM apportionment_share s JOIN unit u ON u.community_id = s.community_id AND u.id = s.unit_id \
                 WHERE s.community_id = a.community_id AND s.apportionment_id = a.id AND u.building_id IN ",
            )
            .list(buildings)
            .add(")"),
    }
}

pub(super) async fn list_apportionments(app: App, who: Who, ask: ListApportionments) -> Answer<Page<ApportionmentRow>> {
    page(&app, &who, &ask, &ask.paging()).await
}

/// One page of them, of any length.
pub(super) async fn page(app: &App, who: &Who, ask: &ListApportionments, paging: &Paging) -> Answer<Page<ApportionmentRow>> {
    let filter = |mut sql: Sql| {
        sql = sql.bind(ask.community).some(" AND a.month = ?", ask.month.map(Month::number));
        sql = within(sql, who, ask.community);
        let unbilled = "(SELECT 1 FROM apportionment_share o WHERE o.community_id = a.community_id AND o.apportionment_id = a.id AND o.bill_id IS NULL AND o.amount_fen <> 0)";
        match ask.state {
            None => {}
            Some(ApportionmentState::Cancelled) => {
                sql = sql.add(" AND a.state = ").bind(CANCELLED);
            }
            Some(state) => {
                let there = if state == ApportionmentState::Open { "EXISTS " } else { "NOT EXISTS " };
                sql = sql.add(" AND a.state <> ").bind(CANCELLED).add(" AND ").add(there).add(unbilled);
            }
        }
        sql
    };
    let count = filter(Sql::new("SELECT COUNT(*) FROM apportionment a WHERE a.community_id = "));
    let (column, descending) = paging.order().unwrap_or(("month", true));
    let column = if column == "amount" { "a.pool_fen" } else { "a.month" };
    let turn = if descending { "DESC" } else { "ASC" };
    let sql = filter(Sql::new(SHOWN))
        .add(&format!(" ORDER BY {column} {turn}, a.created_at DESC, a.id"))
        .page(paging.size.into(), paging.offset());
    let total = count.number(app.db()).await?;
    let lines: Vec<Line> = sql.all(app.db()).await?;
    let counts = counts(app, ask.community, &lines).await?;
    let rows = lines.into_iter().map(|line| line.row(&counts)).collect::<Answer<Vec<_>>>()?;
    Ok(Page { more: paging.offset() + u64::try_from(rows.len()).unwrap_or(0) < total, rows, total: Some(total) })
}

pub(super) async fn show_apportionment(app: App, who: Who, ask: ShowApportionment) -> Answer<ApportionmentPage> {
    #[derive(FromQueryResult)]
    struct Share {
        unit_id: UnitId,
        code: String,
        label: String,
        weight: Quantity,
        quantity: Quantity,
        amount_fen: Money,
        bill_id: Option<BillId>,
    }
    let mut sql = Sql::new(SHOWN).bind(ask.community).add(" AND a.id = ").bind(ask.apportionment);
    sql = within(sql, &who, ask.community);
    let line: Line = sql.one(app.db()).await?.ok_or_else(Problem::not_found)?;
    let counts = counts(&app, ask.community, std::slice::from_ref(&line)).await?;
    let sql = Sql::new(
        "SELECT s.unit_id, u.code, u.label, s.weight, s.quantity, s.amount_fen, s.bill_id FROM apportionment_share s \
         JOIN unit u ON u.community_id = s.community_id AND u.id = s.unit_id WHERE s.community_id = ",
    )
    .bind(ask.community)
    .add(" AND s.apportionment_id = ")
    .bind(ask.apportionment)
    .within("u.building_id", &who.scope.buildings(ask.community))
    .add(" ORDER BY u.sort_key, u.id");
    let shares: Vec<Share> = sql.all(app.db()).await?;
    Ok(ApportionmentPage {
        figures: line.figures(),
        over: serde_json::from_str(&line.takes_part)?,
        apportionment: line.row(&counts)?,
        shares: shares
            .into_iter()
            .map(|share| ShareRow {
                unit: UnitName { id: share.unit_id, code: share.code, label: share.label },
                weight: share.weight,
                quantity: share.quantity,
                amount: share.amount_fen,
                bill: share.bill_id,
            })
            .collect(),
    })
}
