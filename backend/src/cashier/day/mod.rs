//! The day's takings, by method and cashier, and what of them went back.

mod flow;

use chrono::{DateTime, Utc};
use common::cashier::api::{CashierSum, DayTotals, MethodSum, SumDay, Takings};
use common::id::{CommunityId, EmployeeId};
use common::money::Money;
use common::period::Day;
use sea_orm::FromQueryResult;

use self::flow::Flows;
use super::payment::takings;
use super::refund;
use crate::sql::Sql;
use crate::{Answer, App, Buildings, Failure, Who, organisation};

#[derive(FromQueryResult)]
struct Cashier {
    cashier_id: Option<EmployeeId>,
    name: String,
    since: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Numbered {
    receipt_number: String,
}

/// What came in and went back on a day: all of it, cashier by cashier, by way to pay and by purpose. All figures are of one moment.
pub(super) async fn sum_day(app: App, who: Who, ask: SumDay) -> Answer<DayTotals> {
    let reading = app.reading().await?;
    let db = &reading;
    let buildings = who.scope.buildings(ask.community);
    let day = match ask.day {
        Some(day) => day,
        None => organisation::today(db, ask.community, app.now()).await?,
    };
    let of_day = of_day(ask.community, day, &buildings);
    let all = takings(db, ask.community, &of_day).await?;
    let cashiers = of_day(Sql::new("SELECT p.cashier_id, MIN(p.cashier_name) AS name, MIN(p.at) AS since"))
        .push(" GROUP BY p.cashier_id ORDER BY name, p.cashier_id", [])
        .all::<Cashier, _>(db)
        .await?;
    // The ten-thousandth number is longer than the one before, and after it.
    let number = async |way: &str| {
        let order = format!(" ORDER BY LENGTH(p.receipt_number) {way}, p.receipt_number {way} LIMIT 1");
        let found = of_day(Sql::new("SELECT p.receipt_number")).push(&order, []).one::<Numbered, _>(db).await?;
        Answer::Ok(found.map(|found| found.receipt_number))
    };
    let (first_number, last_number) = (number("ASC").await?, number("DESC").await?);
    let refunds = refund::of_day(db, ask.community, day, &buildings).await?;
    let mut by_cashier = Vec::with_capacity(cashiers.len());
    // A handful of people take money on a day: one short query each.
    for cashier in cashiers {
        let of_cashier = |select: Sql| match cashier.cashier_id {
            Some(id) => of_day(select).push(" AND p.cashier_id = ?", [id.into()]),
            None => of_day(select).push(" AND p.cashier_id IS NULL", []),
        };
        let takings = takings(db, ask.community, of_cashier).await?;
        by_cashier.push(CashierSum { cashier: cashier.cashier_id, name: cashier.name, takings, since: cashier.since });
    }
    let all = with_refunds(all, &mut by_cashier, refunds)?;
    let flows = if ask.flows { flow::of_day(db, ask.community, day, &buildings).await? } else { Flows::default() };
    let Flows { by_method, by_purpose, set_off } = flows;
    Ok(DayTotals { day, all, by_cashier, first_number, last_number, by_method, by_purpose, set_off })
}

/// Adds what went out to the day and to those who gave it back, also where they took nothing.
fn with_refunds(
    mut all: Takings,
    by_cashier: &mut Vec<CashierSum>,
    refunds: Vec<(Option<EmployeeId>, String, MethodSum)>,
) -> Answer<Takings> {
    for (cashier, name, sum) in refunds {
        give_back(&mut all, &sum)?;
        let place = by_cashier.iter().position(|one| one.cashier == cashier);
        let place = place.unwrap_or_else(|| {
            by_cashier.push(CashierSum { cashier, name, takings: Takings::default(), since: None });
            by_cashier.len() - 1
        });
        if let Some(one) = by_cashier.get_mut(place) {
            give_back(&mut one.takings, &sum)?;
        }
    }
    Ok(all)
}

fn give_back(takings: &mut Takings, sum: &MethodSum) -> Answer<()> {
    let add = |one: Money, other: Money| one.checked_add(other).ok_or_else(|| Failure::broken("a sum of refunds"));
    takings.refunded_fen = add(takings.refunded_fen, sum.amount_fen)?;
    match takings.refunded.iter_mut().find(|known| known.method == sum.method) {
        Some(known) => {
            known.payments += sum.payments;
            known.amount_fen = add(known.amount_fen, sum.amount_fen)?;
        }
        None => takings.refunded.push(sum.clone()),
    }
    Ok(())
}

/// The payments taken at the desk on a day.
fn of_day(community: CommunityId, day: Day, buildings: &Buildings) -> impl Fn(Sql) -> Sql {
    move |select| {
        select
            .push(" FROM payment p JOIN unit u ON u.community_id = p.community_id AND u.id = p.unit_id", [])
            .push(" WHERE p.community_id = ? AND p.day = ? AND p.source = 'desk'", [community.into(), day.into()])
            .within("u.building_id", buildings)
    }
}
