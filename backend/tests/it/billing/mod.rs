//! Stories of billing: what was seen is what is generated, once, all of it or nothing.

mod bills;
mod past;
mod runs;

use common::billing::api::{Generate, GetBillTotals, GetRun, GetRunInputs, ListBills, RunState, RunView, Seen, SeenTotal};
use common::billing::plan::{Plan, plan};
use common::id::{BillingRunId, CommunityId, FeeItemId};
use common::money::Money;
use uuid::Uuid;

use crate::charging::{Estate, day};
use crate::support::{Anju, Person};

pub(crate) fn october(community: CommunityId, fee_items: &[FeeItemId]) -> GetRunInputs {
    GetRunInputs {
        community,
        first: "2026-10".parse().unwrap(),
        months: 1,
        fee_items: fee_items.to_vec(),
        buildings: vec![],
        units: vec![],
        issued_day: day("2026-11-01"),
        due_day: None,
        rule: None,
    }
}

/// Previews as the browser does, and returns what generating would carry along.
pub(crate) async fn seen(person: &Person, ask: &GetRunInputs) -> (Plan, Generate) {
    let inputs = person.does(ask.clone()).await;
    let plan = plan(&inputs, |_| {});
    let totals = plan.totals.iter().map(|total| SeenTotal {
        fee_item: inputs.fee_items[usize::from(total.fee_item)].id,
        building: total.building.map(|place| inputs.buildings[place as usize].id),
        bills: total.bills,
        amount_fen: total.amount_fen,
        waived_fen: total.waived_fen,
    });
    let seen = Seen { digest: plan.digest().to_owned(), totals: totals.collect() };
    let generate = Generate {
        community: ask.community,
        run: BillingRunId(Uuid::now_v7()),
        first: ask.first,
        months: ask.months,
        fee_items: ask.fee_items.clone(),
        buildings: ask.buildings.clone(),
        units: ask.units.clone(),
        issued_day: ask.issued_day,
        due_day: ask.due_day,
        rule: ask.rule,
        seen,
    };
    (plan, generate)
}

pub(crate) async fn generated(anju: &Anju, person: &Person, ask: Generate) -> RunView {
    let (community, run) = (ask.community, ask.run);
    let queued = person.does(ask).await;
    assert_eq!(queued.state, RunState::Queued);
    anju.run_jobs().await;
    person.does(GetRun { community, run }).await
}

async fn totals(person: &Person, community: CommunityId) -> (u64, i64) {
    let totals = person.does(GetBillTotals::from(&ListBills::of(community))).await;
    (totals.bills, totals.amount_fen.fen())
}

/// Shares an amount out over all homes, as it is seen in the browser.
pub(crate) async fn shared_out(estate: &Estate<'_>, month: &str, name: &str, fee_item: FeeItemId, fen: i64) {
    use common::metering::api::{Apportion, Over, SharerRow, ShowInputs, Source};
    use common::metering::apportion::{Method, Pool, Sharer, seen, shares};
    let (community, month) = (estate.community, month.parse().unwrap());
    let inputs = estate.manager.does(ShowInputs { community, month, meter: None, method: None }).await;
    let pool = Pool { quantity: common::quantity::Quantity::ZERO, amount: Money::from_fen(fen) };
    let sharers: Vec<Sharer> = inputs.units.iter().map(SharerRow::sharer).collect();
    estate
        .manager
        .does(Apportion {
            community,
            apportionment: common::id::ApportionmentId(Uuid::now_v7()),
            month,
            source: Source::Amount { name: name.to_owned(), amount_fen: pool.amount },
            fee_item,
            method: Method::Household,
            formula: String::new(),
            over: Over { buildings: vec![], kinds: vec![], metered: false, vacant: true },
            unread: 0,
            review: 0,
            seen: seen(None, pool, &shares(pool, Method::Household, None, &sharers).unwrap()),
        })
        .await;
}
