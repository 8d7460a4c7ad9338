//! Stories of waivers: schemes take off what the preview showed, once; what is waived by hand can be taken back; the books prove it.

use common::api::Method;
use common::billing::api::{
    BillFilter, BillRow, BillState, BillView, GetBill, GetBillTotals, GetRun, GetRunInputs, GetTrialInputs, ListBills, RunState,
    TakeBackWaiver, VoidBills, WaiveBill,
};
use common::billing::plan::plan;
use common::cashier::api::{Collect, OpenDesk, VoidPayment};
use common::cashier::method::Method as Way;
use common::cashier::settle::{BillAmount, MethodAmount};
use common::charging::tariff::{FeeItemKind, Mode};
use common::id::{
    CommunityId, FeeItemId, GroupMemberId, OccupancyId, PaymentId, PeopleGroupId, ResidentId, UnitId, WaiverId, WaiverSchemeId,
};
use common::money::Money;
use common::permission::Permission;
use common::reports::api::AskLedger;
use common::residents::Role;
use common::residents::api::{Change, MoveIn, SaveResident};
use common::text::Language;
use common::waivers::api::{
    AddMember, EndMember, ListGiven, ListGroups, ListMembers, ListSchemes, SaveGroup, SaveScheme, SchemeState, SumGiven,
    SwitchScheme, WaiverState,
};
use common::waivers::explain::sentences;
use common::waivers::scheme::{CountsBy, ReliefKind, SchemeRules, WhoKind};
use uuid::Uuid;

use crate::billing::{generated, october, seen};
use crate::charging::{Estate, day};
use crate::support::{Anju, Person};

pub(crate) fn fen(fen: i64) -> Money {
    Money::from_fen(fen)
}

pub(crate) fn half_off(community: CommunityId, fee_item: FeeItemId) -> SaveScheme {
    SaveScheme {
        community,
        scheme: WaiverSchemeId(Uuid::now_v7()),
        name: "低保减免".into(),
        reason: "市物价〔2026〕12号".into(),
        rank: 10,
        from: day("2026-01-01"),
        to: None,
        rules: SchemeRules { fee_items: vec![fee_item], who: WhoKind::Everybody, ..SchemeRules::blank() },
    }
}

pub(crate) fn group(community: CommunityId, name: &str, counts_by: CountsBy) -> SaveGroup {
    SaveGroup { community, group: PeopleGroupId(Uuid::now_v7()), name: name.into(), counts_by, note: String::new() }
}

/// Somebody who is something to a unit since January.
pub(crate) async fn lives_in(estate: &Estate<'_>, name: &str, unit: UnitId, role: Role) -> ResidentId {
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
    let occupancy = OccupancyId(Uuid::now_v7());
    let (community, from_day) = (estate.community, day("2026-01-01"));
    let ask = MoveIn { community, occupancy, unit, resident: Some(resident), role, from_day, to_day: None };
    estate.manager.does(ask).await;
    resident
}

pub(crate) fn member(of: &SaveGroup, resident: ResidentId, from: &str) -> AddMember {
    AddMember {
        community: of.community,
        member: GroupMemberId(Uuid::now_v7()),
        group: of.group,
        resident,
        from: day(from),
        to: None,
        note: "低保证 3301".into(),
    }
}

async fn bills(person: &Person, community: CommunityId) -> Vec<BillRow> {
    person.does(ListBills { sort: Some("room".into()), ..ListBills::of(community) }).await.rows
}

async fn bill(person: &Person, row: &BillRow, community: CommunityId) -> BillView {
    person.does(GetBill { community, bill: row.id }).await
}

fn waive(community: CommunityId, row: &BillRow, amount: i64) -> WaiveBill {
    WaiveBill {
        community,
        waiver: WaiverId(Uuid::now_v7()),
        bill: row.id,
        open_fen: row.open_fen,
        amount_fen: Some(fen(amount)),
        percent: None,
        reason: "漏水补偿".into(),
    }
}

#[tokio::test]
async fn a_run_takes_off_what_the_preview_showed_and_a_void_takes_it_back() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let poor = group(community, "低保户", CountsBy::Owner);
    manager.does(poor.clone()).await;
    let owner = lives_in(&estate, "林晓燕", estate.units[0], Role::Owner).await;
    manager.does(member(&poor, owner, "2026-10-16")).await;
    let mut scheme = half_off(community, fee_item);
    (scheme.rules.who, scheme.rules.groups) = (WhoKind::Groups, vec![poor.group]);
    manager.does(scheme.clone()).await;
    assert_eq!(manager.does(ListGroups { community }).await[0].schemes, ["低保减免"]);

    let ask = october(community, &[fee_item]);
    let (plan, generate) = seen(manager, &ask).await;
    // 80 m² × 2.80 = 224.00; 16 of 31 days at half: 57.806…
    assert_eq!(plan.totals.iter().map(|total| total.waived_fen.fen()).sum::<i64>(), 5_781);
    let run = generated(&anju, manager, generate).await;
    assert_eq!((run.state, run.bills, run.amount_fen, run.waived_fen), (RunState::Done, 4, plan.amount(), fen(5_781)));

    // Whoever may not see waivers previews the same, without the name of the group.
    let clerk = anju.employee(&[Permission::BillingRead, Permission::BillingGenerate], &[community]).await;
    let november = common::billing::api::GetRunInputs { first: "2026-11".parse().unwrap(), ..ask.clone() };
    let (inputs, named) = (clerk.does(november.clone()).await, manager.does(november.clone()).await);
    let names = |inputs: &common::billing::inputs::RunInputs| inputs.waivers.groups[0].name.clone();
    assert_eq!((names(&inputs), names(&named)), (String::new(), "低保户".to_owned()));
    assert_eq!(inputs.waivers.groups[0].from, [common::charging::proration::number_of(day("2026-11-01"))], "no day outside it");
    assert_eq!(seen(&clerk, &november).await.0.digest(), seen(manager, &november).await.0.digest());

    let rows = bills(manager, community).await;
    let first = &rows[0];
    assert_eq!((first.amount_fen, first.waived_fen, first.open_fen), (fen(22_400), fen(5_781), fen(16_619)));
    assert_eq!((first.state, rows[1].waived_fen), (BillState::Open, fen(0)));
    let view = bill(manager, first, community).await;
    let waiver = &view.waivers[0];
    assert_eq!((waiver.name.as_str(), waiver.reason.as_str()), ("低保减免", "市物价〔2026〕12号"));
    assert_eq!((waiver.state, waiver.scheme), (WaiverState::Given, Some(scheme.scheme)));
    let said = sentences(Language::Chinese, &waiver.trace, waiver.amount_fen).concat();
    assert!(said.contains("享受人群：低保户") && said.contains("2026-10-16 至 2026-10-31"), "{said}");
    let posted: Vec<_> =
        view.postings.iter().map(|one| (one.debit.as_str(), one.change_fen.fen(), one.balance_fen.fen())).collect();
    assert_eq!(posted, [("receivable", 22_400, 22_400), ("waived", -5_781, 16_619)]);
    anju.the_books_balance().await;

    // Who benefits and what it costs.
    let given = manager.does(ListGiven::of(community)).await.rows;
    assert_eq!((given.len(), given[0].unit_label.as_str(), given[0].billed_fen), (1, "1栋101", fen(22_400)));
    let sums = manager.does(SumGiven::from(&ListGiven::of(community))).await;
    assert_eq!((sums.bills, sums.units, sums.amount_fen, sums.months.len()), (1, 1, fen(5_781), 1));
    assert_eq!((sums.months[0].name.as_str(), sums.months[0].amount_fen), ("低保减免", fen(5_781)));
    let home = manager.takes_home(&format!("/api/waivers/given/export.xlsx?community={community}")).await;
    assert_eq!(home[1][..5].join(" "), format!("1栋101 物业费 2026-10 {} 低保减免", first.number));
    let schemes = manager.does(ListSchemes { community }).await;
    assert_eq!((schemes[0].bills, schemes[0].amount_fen, schemes[0].group_names.join("")), (1, fen(5_781), "低保户".into()));
    assert_eq!(manager.does(GetBillTotals::from(&ListBills::of(community))).await.waived_fen, fen(5_781));

    // The ledger: what was billed, less what was waived, is outstanding; each figure is its entries.
    let months = ("2026-10".parse().unwrap(), "2026-10".parse().unwrap());
    let ask = AskLedger { community, from: months.0, to: months.1, by: vec![], building: None, fee_item: None };
    let total = manager.does(ask).await.total;
    assert_eq!((total.waived_fen, total.outstanding_fen.fen()), (fen(5_781), total.receivable_fen.fen() - 5_781));
    let entries = format!("/api/reports/entries/export.xlsx?community={community}&side=waived&from=2026-10&to=2026-10");
    assert_eq!(manager.takes_home(&entries).await.len(), 3, "a header, one entry, a total");

    // A payment that is taken back leaves the bill as the scheme left it.
    let paid = in_cash(community, first, 100);
    manager.does(paid.clone()).await;
    manager.does(VoidPayment { community, payment: paid.payment, reason: "收错户".into() }).await;
    assert_eq!(bill(manager, first, community).await.bill.state, BillState::Open);
    anju.the_books_balance().await;

    // What is left is paid; a bill on which something was paid is not void.
    manager.does(in_cash(community, first, first.open_fen.fen())).await;
    let void = |bill| VoidBills { community, request: Uuid::now_v7().into(), bills: vec![bill], reason: "算错".into() };
    manager.is_refused_with(void(first.id), "billing.paid").await;
    anju.the_books_balance().await;
}

/// Some of a bill, in cash.
fn in_cash(community: CommunityId, row: &BillRow, amount: i64) -> Collect {
    let methods = vec![MethodAmount { method: Way::Cash, amount_fen: fen(amount), reference: String::new() }];
    Collect {
        community,
        payment: PaymentId(Uuid::now_v7()),
        unit: row.unit,
        bills: vec![BillAmount { bill: row.id, amount_fen: fen(amount), open_fen: row.open_fen, late_fee_fen: Money::ZERO }],
        takes: Vec::new(),
        payer: String::new(),
        methods,
        tendered_fen: None,
        note: String::new(),
    }
}

#[tokio::test]
async fn a_void_takes_back_what_was_waived_and_the_next_run_waives_again() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let mut all_off = half_off(community, fee_item);
    all_off.rules.percent = "100".parse().unwrap();
    manager.does(all_off.clone()).await;
    let ask = october(community, &[fee_item]);
    let (_, generate) = seen(manager, &ask).await;
    generated(&anju, manager, generate).await;
    let rows = bills(manager, community).await;
    assert!(rows.iter().all(|row| row.state == BillState::Settled && row.open_fen.is_zero() && row.waived_fen == row.amount_fen));
    anju.the_books_balance().await;

    manager
        .does(VoidBills {
            community,
            request: Uuid::now_v7().into(),
            bills: rows.iter().map(|row| row.id).collect(),
            reason: "重来".into(),
        })
        .await;
    anju.the_books_balance().await;
    let void = manager.does(ListBills { state: Some(BillFilter::Void), ..ListBills::of(community) }).await.rows;
    let view = bill(manager, &void[0], community).await;
    assert_eq!(view.waivers[0].state, WaiverState::Void);
    assert_eq!(view.postings.last().unwrap().balance_fen, fen(0));
    assert_eq!(view.postings.len(), 4);
    assert_eq!(manager.does(ListGiven::of(community)).await.rows.len(), 0);

    let (plan, generate) = seen(manager, &ask).await;
    assert_eq!(plan.bills.len(), 2, "their month is free again");
    generated(&anju, manager, generate).await;
    assert_eq!(manager.does(ListGiven::of(community)).await.rows.len(), 2);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_scheme_that_changes_between_preview_and_run_is_named() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let scheme = half_off(community, fee_item);
    manager.does(scheme.clone()).await;
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    manager.does(SwitchScheme { community, scheme: scheme.scheme, state: SchemeState::Stopped }).await;
    let run = generated(&anju, manager, generate).await;
    assert_eq!((run.state, run.difference.len()), (RunState::Refused, 2));
    assert_eq!((run.difference[0].seen_fen, run.difference[0].now_fen), (fen(11_200), fen(22_400)));
    assert_eq!(manager.does(GetRun { community, run: run.id }).await.bills, 0);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn members_benefit_by_owning_or_by_living_there_for_as_long_as_they_are_in_the_group() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let owners = group(community, "业主本人残疾", CountsBy::Owner);
    let homes = group(community, "家中有残疾人", CountsBy::Occupant);
    for one in [&owners, &homes] {
        manager.does(one.clone()).await;
    }
    manager.is_refused_with(group(community, "家中有残疾人", CountsBy::Owner), "waivers.group_taken").await;
    let tenant = lives_in(&estate, "王租客", estate.units[0], Role::Tenant).await;
    let family = lives_in(&estate, "陈一", estate.units[1], Role::Family).await;
    for (of, who) in [(&owners, tenant), (&owners, family), (&homes, tenant), (&homes, family)] {
        let ask = member(of, who, "2026-01-01");
        manager.does(ask.clone()).await;
        manager.does(ask).await;
    }
    manager.is_refused_with(member(&homes, tenant, "2026-05-01"), "waivers.member_already").await;
    let waived = |groups: Vec<PeopleGroupId>| async move {
        let mut scheme = half_off(community, fee_item);
        scheme.name = format!("{} 个人群", scheme.scheme);
        scheme.name.truncate(30);
        (scheme.rules.who, scheme.rules.groups) = (WhoKind::Groups, groups);
        manager.does(scheme.clone()).await;
        let inputs = manager.does(october(community, &[fee_item])).await;
        let sums = plan(&inputs, |_| {}).bills.iter().map(|bill| bill.waived_fen.fen()).collect::<Vec<_>>();
        manager.does(SwitchScheme { community, scheme: scheme.scheme, state: SchemeState::Stopped }).await;
        sums
    };
    assert_eq!(waived(vec![owners.group]).await, [0, 0, 0, 0], "neither owns a home");
    assert_eq!(waived(vec![homes.group]).await, [11_200, 11_340, 0, 0]);
    let counts = manager.does(ListGroups { community }).await;
    let of = |name: &str| counts.iter().find(|one| one.name == name).map(|one| (one.members, one.units)).unwrap();
    assert_eq!((of("业主本人残疾"), of("家中有残疾人")), ((2, 0), (2, 2)));

    let list = |group| ListMembers { community, group, state: None, search: None, page: None, size: None, sort: None };
    let members = manager.does(list(homes.group)).await.rows;
    assert_eq!(
        members.iter().map(|row| (row.name.as_str(), row.units.as_str())).collect::<Vec<_>>(),
        [("王租客", "1栋101"), ("陈一", "1栋102")]
    );
    manager.does(EndMember { community, member: members[0].id, to: day("2026-10-01") }).await;
    assert_eq!(waived(vec![homes.group, owners.group]).await, [0, 11_340, 0, 0]);
    assert_eq!(manager.does(ListMembers { search: Some("陈".into()), ..list(homes.group) }).await.total, Some(1));
}

#[tokio::test]
async fn the_most_of_a_year_counts_earlier_months_and_a_trial_leaves_its_own_months_out() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let mut scheme = half_off(community, fee_item);
    scheme.rules.year_most_fen = Some(fen(15_000));
    manager.does(scheme.clone()).await;
    let month = |first: &str| GetRunInputs { first: first.parse().unwrap(), ..october(community, &[fee_item]) };
    let mut waived = Vec::new();
    for first in ["2026-09", "2026-10", "2026-11", "2027-01"] {
        let (plan, generate) = seen(manager, &month(first)).await;
        waived.push(plan.bills[0].waived_fen.fen());
        generated(&anju, manager, generate).await;
    }
    // 112.00, then what is left of 150.00, then nothing; a new year is a new 150.00.
    assert_eq!(waived, [11_200, 3_800, 0, 11_200]);
    let trial = GetTrialInputs::of(community, "2026-10".parse().unwrap(), 1, vec![fee_item]);
    let tried = plan(&manager.does(trial).await, |_| {});
    assert_eq!(tried.bills[0].waived_fen, fen(3_800), "as if October had not been billed");
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_bill_is_waived_by_hand_once_however_often_one_clicks_and_taken_back() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    generated(&anju, manager, generate).await;
    let rows = bills(manager, community).await;
    let (first, second) = (&rows[0], &rows[1]);

    let clerk = anju.employee(&[Permission::BillingRead, Permission::CashierCollect], &[community]).await;
    assert_eq!(clerk.is_refused(waive(community, first, 5_000)).await.status, 403);
    let elsewhere = anju
        .employee_of_buildings(&[Permission::BillingRead, Permission::BillingWaive], &[(community, Some(estate.buildings[1]))])
        .await;
    assert_eq!(elsewhere.is_refused(waive(community, first, 5_000)).await.status, 404);

    let ask = waive(community, first, 5_000);
    let (one, two) = tokio::join!(manager.asks(ask.clone()), manager.asks(ask.clone()));
    assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
    manager.is_refused_with(WaiveBill { reason: "别的".into(), ..ask.clone() }, "made_differently").await;
    let row = &bills(manager, community).await[0];
    assert_eq!((row.waived_fen, row.open_fen, row.state), (fen(5_000), fen(17_400), BillState::Open));
    manager.is_refused_with(waive(community, first, 100), "billing.open_changed").await;
    manager.is_refused_with(waive(community, row, 17_401), "billing.waives_too_much").await;
    manager.is_refused_with(waive(community, row, 0), "not_positive").await;
    manager.is_refused_with(WaiveBill { reason: " ".into(), ..waive(community, row, 1) }, "required").await;
    anju.the_books_balance().await;

    // A tenth of what is open by now: 174.00 × 10 % = 17.40; then all that is left.
    let tenth = WaiveBill { amount_fen: None, percent: Some("10".parse().unwrap()), ..waive(community, row, 1) };
    manager.does(tenth.clone()).await;
    let row = &bills(manager, community).await[0];
    assert_eq!(row.waived_fen, fen(6_740));
    let all = WaiveBill { amount_fen: None, percent: Some("100".parse().unwrap()), ..waive(community, row, 1) };
    manager.does(all.clone()).await;
    let row = &bills(manager, community).await[0];
    assert_eq!((row.open_fen, row.state), (fen(0), BillState::Settled));
    manager.is_refused_with(waive(community, first, 1), "billing.nothing_open").await;
    anju.the_books_balance().await;

    // Taken back once, by those who may, and the bill is open again.
    let back = |waiver| TakeBackWaiver { community, waiver, reason: "弄错了".into() };
    assert_eq!(elsewhere.is_refused(back(all.waiver)).await.status, 404);
    manager.does(back(all.waiver)).await;
    manager.is_refused_with(back(all.waiver), "billing.waiver_not_given").await;
    let row = &bills(manager, community).await[0];
    assert_eq!((row.waived_fen, row.open_fen, row.state), (fen(6_740), fen(15_660), BillState::Open));
    let view = bill(manager, row, community).await;
    let told: Vec<_> = view.waivers.iter().map(|one| (one.amount_fen.fen(), one.state)).collect();
    assert_eq!(told, [(5_000, WaiverState::Given), (1_740, WaiverState::Given), (15_660, WaiverState::TakenBack)]);
    let events: Vec<_> = view.history.iter().map(|event| event.what.as_str()).collect();
    assert_eq!(events, ["waiver_back", "waived", "waived", "waived", "run"]);
    assert_eq!(view.history[0].note, "弄错了");
    assert_eq!(view.postings.last().unwrap().balance_fen, row.open_fen);

    // The desk sees what is left; part of it is paid, and a waiver leaves the bill paid in part.
    let desk = manager.does(OpenDesk { community, unit: second.unit }).await;
    assert_eq!((desk.bills[0].waived_fen, desk.bills[0].open_fen), (fen(0), fen(22_400)));
    manager.does(in_cash(community, second, 10_000)).await;
    let row = &bills(manager, community).await[1];
    manager.does(waive(community, row, 2_400)).await;
    let row = &bills(manager, community).await[1];
    assert_eq!((row.state, row.open_fen), (BillState::Part, fen(10_000)));
    manager.does(waive(community, row, 10_000)).await;
    assert_eq!(bills(manager, community).await[1].state, BillState::Settled);
    anju.the_books_balance().await;

    // Voiding takes back what is still given.
    let first = bills(manager, community).await[0].clone();
    manager.does(VoidBills { community, request: Uuid::now_v7().into(), bills: vec![first.id], reason: "作废".into() }).await;
    manager.is_refused_with(back(ask.waiver), "billing.waiver_not_given").await;
    anju.the_books_balance().await;
}

#[tokio::test]
async fn what_a_scheme_waived_is_not_taken_back_alone() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    manager.does(half_off(community, fee_item)).await;
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    generated(&anju, manager, generate).await;
    let row = bills(manager, community).await.remove(0);
    let waiver = bill(manager, &row, community).await.waivers[0].id;
    let ask = TakeBackWaiver { community, waiver, reason: "x".into() };
    manager.is_refused_with(ask, "billing.waived_by_scheme").await;
    // A waiver by hand works on what the scheme left.
    manager.does(waive(community, &row, 11_200)).await;
    assert_eq!(bills(manager, community).await[0].state, BillState::Settled);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn schemes_and_groups_are_for_those_who_see_all_and_lists_keep_to_the_scope() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let refuse = estate.fee_item("垃圾费", FeeItemKind::Refuse).await;
    estate.tariff(refuse, "垃圾费", Mode::Household).await;
    manager.does(half_off(community, fee_item)).await;
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    generated(&anju, manager, generate).await;

    let permissions = [Permission::WaiversRead, Permission::WaiversWrite];
    let part = anju.employee_of_buildings(&permissions, &[(community, Some(estate.buildings[1]))]).await;
    assert_eq!(part.is_refused(half_off(community, fee_item)).await.status, 403);
    assert_eq!(part.is_refused(group(community, "低保户", CountsBy::Owner)).await.status, 403);
    let given = part.does(ListGiven::of(community)).await.rows;
    assert_eq!(given.iter().map(|row| row.unit_label.as_str()).collect::<Vec<_>>(), ["2栋101"]);
    assert_eq!(part.does(SumGiven::from(&ListGiven::of(community))).await.amount_fen, fen(11_200));
    assert_eq!(part.does(ListSchemes { community }).await[0].amount_fen, fen(11_200));
    let home = part.takes_home(&format!("/api/waivers/given/export.xlsx?community={community}")).await;
    assert_eq!(home.len(), 3, "a header, one row, a total");
    let reader = anju.employee(&[Permission::WaiversRead], &[community]).await;
    assert_eq!(reader.is_refused(half_off(community, fee_item)).await.status, 403);
    let (status, _) =
        anju.stranger().sends(Method::Get, &format!("/api/waivers/given/export.xlsx?community={community}"), None).await;
    assert_eq!(status, 401);

    // What a scheme names must be there, and what its kind does not ask for is not kept.
    let mut scheme = half_off(community, FeeItemId(Uuid::now_v7()));
    assert_eq!(manager.is_refused(scheme.clone()).await.status, 404);
    manager.is_refused_with(half_off(community, fee_item), "waivers.scheme_taken").await;
    (scheme.name, scheme.rules.fee_items) = ("整栋".into(), vec![fee_item, refuse]);
    (scheme.rules.relief, scheme.rules.price) = (ReliefKind::Price, "2.50".parse().unwrap());
    (scheme.rules.groups, scheme.rules.units) = (vec![PeopleGroupId(Uuid::now_v7())], estate.units.clone());
    manager.does(scheme.clone()).await;
    let view = manager.does(ListSchemes { community }).await.into_iter().find(|one| one.id == scheme.scheme).unwrap();
    assert_eq!((view.rules.groups.len(), view.rules.units.len(), view.fee_item_names.len()), (0, 0, 2));
}
