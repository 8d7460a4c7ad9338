//! Waivers by hand of 200 yuan and more need the manager, and one waits: nothing of it is booked, so that no amount of the
//! demonstration changes.

use chrono::TimeDelta;
use common::approvals::api::SaveFlow;
use common::approvals::flow::{DecidedBy, DeedKind, FlowLevel};
use common::billing::api::{BillFilter, ListBills, WaiveBill};
use common::id::WaiverId;
use common::money::Money;

use super::caller::Caller;
use super::chance::Chance;
use super::staff::Staff;
use super::{Calendar, Estate, Made, clock};

/// From so much on a waiver needs the manager.
const FROM: Money = Money::from_fen(20_000);
/// What is asked for.
const ASKED: Money = Money::from_fen(30_000);

pub(super) async fn set_up(caller: &mut Caller, staff: &Staff, calendar: &Calendar, estate: &Estate) -> Made<()> {
    let manager =
        FlowLevel { from_fen: FROM, by: DecidedBy::Department, department: Some(staff.management), employees: Vec::new() };
    let flow = SaveFlow { community: estate.community, kind: DeedKind::Waive, levels: vec![manager] };
    caller.ask(staff.manager, clock(calendar.founded(), 16, 30), &flow).await?;
    Ok(())
}

/// The cashier asks for a waiver of the largest bill that is long overdue.
pub(super) async fn ask(caller: &mut Caller, staff: &Staff, calendar: &Calendar, estate: &Estate) -> Made<()> {
    let at = calendar.now - TimeDelta::minutes(40);
    let community = estate.community;
    let overdue = ListBills {
        state: Some(BillFilter::Overdue),
        fee_item: Some(estate.fee_items.property),
        sort: Some("-open_fen".to_owned()),
        size: Some(1),
        ..ListBills::of(community)
    };
    let largest = caller.ask(staff.cashier, at, &overdue).await?.rows.into_iter().next();
    let Some(bill) = largest.filter(|bill| bill.open_fen > ASKED) else { return Ok(()) };
    let waiver: WaiverId = Chance::of(&format!("{} approvals", estate.name)).id(at);
    let reason = "地下室渗水维修期间物业费协商减免，附维修单".to_owned();
    let ask =
        WaiveBill { community, waiver, bill: bill.id, open_fen: bill.open_fen, amount_fen: Some(ASKED), percent: None, reason };
    caller.ask(staff.cashier, at, &ask).await?;
    Ok(())
}
