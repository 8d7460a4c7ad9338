//! Stories of bills whose unit changes hands in their period.

use common::billing::api::{GetBill, ListBills, RunState, VoidBills};
use common::id::{OccupancyId, ResidentId, UnitId};
use common::residents::Role;
use common::residents::api::{Change, MoveIn, SaveResident, TenantsStay, Transfer};
use uuid::Uuid;

use crate::billing::{generated, october, seen};
use crate::charging::{Estate, day};
use crate::support::Anju;

async fn somebody(estate: &Estate<'_>, name: &str) -> ResidentId {
    let resident = ResidentId(Uuid::now_v7());
    let ask = SaveResident {
        community: estate.community,
        resident,
        name: name.into(),
        gender: None,
        phone: Change::Keep,
        id_number: Change::Keep,
        custom: Vec::new(),
        remark: String::new(),
    };
    estate.manager.does(ask).await;
    resident
}

async fn moves_in(estate: &Estate<'_>, resident: ResidentId, unit: UnitId, role: Role, from: &str) {
    let occupancy = OccupancyId(Uuid::now_v7());
    let (community, from_day) = (estate.community, day(from));
    estate.manager.does(MoveIn { community, occupancy, unit, resident: Some(resident), role, from_day, to_day: None }).await;
}

async fn handed_over(estate: &Estate<'_>, unit: UnitId, owners: Vec<ResidentId>, on: &str) {
    let ask = Transfer { community: estate.community, unit, day: day(on), owners, tenants: TenantsStay::Stay };
    estate.manager.does(ask).await;
}

#[tokio::test]
async fn a_bill_says_what_falls_on_seller_and_buyers() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("3.10").await;
    let (manager, community) = (estate.manager, estate.community);
    let (sold, kept) = (estate.units[0], estate.units[1]);
    let seller = somebody(&estate, "林晓燕").await;
    let (buyer, wife, tenant) =
        (somebody(&estate, "赵买家").await, somebody(&estate, "钱夫人").await, somebody(&estate, "王租客").await);
    moves_in(&estate, seller, sold, Role::Owner, "2019-06-01").await;
    moves_in(&estate, tenant, sold, Role::Tenant, "2026-10-20").await;
    moves_in(&estate, seller, kept, Role::Owner, "2026-10-05").await;
    handed_over(&estate, sold, vec![buyer, wife], "2026-10-11").await;

    let ask = october(community, &[fee_item]);
    let inputs = manager.does(ask.clone()).await;
    let (from, to) = (&inputs.owned.from, &inputs.owned.to);
    assert_eq!((inputs.owned.unit.as_slice(), to[0], from.len()), ([0, 0].as_slice(), from[1], 2), "only what changes hands");
    assert!(!serde_json::to_string(&inputs).unwrap().contains(&seller.to_string()), "who they are stays on the server");

    let (plan, generate) = seen(manager, &ask).await;
    let run = generated(&anju, manager, generate).await;
    assert_eq!((run.state, run.amount_fen), (RunState::Done, plan.amount()), "without and with the names it is one digest");
    let rows = manager.does(ListBills { sort: Some("room".into()), ..ListBills::of(community) }).await.rows;
    let view = manager.does(GetBill { community, bill: rows[0].id }).await;
    let told = || {
        let one = |one: &common::billing::api::BillPortion| {
            let names: Vec<_> = one.holders.iter().map(|holder| holder.name.clone()).collect();
            (names.join(" "), one.portion.days(), one.portion.amount_fen.fen())
        };
        view.portions.iter().map(one).collect::<Vec<_>>()
    };
    // 80 m² × 3.10 = 248.00: × 10 ÷ 31 and × 21 ÷ 31.
    assert_eq!(told(), [("林晓燕".into(), 10, 8_000), ("赵买家 钱夫人".into(), 21, 16_800)]);
    let other = manager.does(GetBill { community, bill: rows[1].id }).await;
    assert_eq!(other.portions, [], "an owner after nobody is no change of owners");

    // What a bill says stays, whatever is written of the unit later; a new bill says what is right then.
    handed_over(&estate, sold, vec![seller], "2026-10-21").await;
    assert_eq!(manager.does(GetBill { community, bill: rows[0].id }).await.portions, view.portions);
    manager
        .does(VoidBills {
            community, request: Uuid::now_v7().into(), bills: vec![rows[0].id], reason: "过户日期填错".into()
        })
        .await;
    let (_, generate) = seen(manager, &ask).await;
    assert_eq!(generated(&anju, manager, generate).await.bills, 1);
    let rows = manager.does(ListBills { unit: Some(sold), ..ListBills::of(community) }).await.rows;
    let again = rows.iter().find(|row| row.state != common::billing::api::BillState::Void).unwrap();
    let view = manager.does(GetBill { community, bill: again.id }).await;
    let days: Vec<_> = view.portions.iter().map(|one| (one.portion.days(), one.portion.amount_fen.fen())).collect();
    assert_eq!(days, [(10, 8_000), (10, 8_000), (11, 8_800)]);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn whoever_hands_over_after_the_preview_has_it_looked_at_again() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, _) = estate.property_fee("3.10").await;
    let (manager, community) = (estate.manager, estate.community);
    let (seller, buyer) = (somebody(&estate, "林晓燕").await, somebody(&estate, "赵买家").await);
    moves_in(&estate, seller, estate.units[0], Role::Owner, "2019-06-01").await;
    let ask = october(community, &[fee_item]);
    let (_, generate) = seen(manager, &ask).await;
    handed_over(&estate, estate.units[0], vec![buyer], "2026-10-11").await;
    assert_eq!(generated(&anju, manager, generate).await.state, RunState::Refused);
    let (_, generate) = seen(manager, &ask).await;
    assert_eq!(generated(&anju, manager, generate).await.state, RunState::Done);
}
