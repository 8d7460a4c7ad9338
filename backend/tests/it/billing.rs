//! Stories of billing: what was seen is what is generated, once, all of it or nothing.

use common::api::Method;
use common::billing::api::{
    BillFilter, BillRow, BillState, Generate, GetBill, GetBillTotals, GetRun, GetRunInputs, GetTrialInputs, ImportBills,
    ImportStep, ListBilledUnits, ListBills, ListRuns, ListSkips, PastBill, RaiseBill, RestartRun, RunState, RunView, Seen,
    SeenTotal, VoidBills,
};
use common::billing::plan::{Plan, SkipReason, plan};
use common::billing::what_if::{Change, Trial, what_if};
use common::charging::api::{PriceScope, SaveTariff};
use common::charging::rate::Rate;
use common::charging::tariff::{Cycle, CycleFrom, DueFrom, FeeItemKind, Mode, TariffRules};
use common::charging::trace::Basis;
use common::id::{BillId, BillingRunId, CommunityId, FeeItemId, ImportId};
use common::money::Money;
use common::permission::Permission;
use sea_orm::ConnectionTrait;
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

#[tokio::test]
async fn a_month_that_is_billed_is_tried_with_another_price_and_nothing_is_stored() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 3).await;
    let (fee_item, tariff) = estate.property_fee("2.80").await;
    let scope = PriceScope::Building { building: estate.buildings[1] };
    let (manager, community) = (estate.manager, estate.community);
    let ask = october(community, &[fee_item]);
    let (plan, generate) = seen(manager, &ask).await;
    generated(&anju, manager, generate).await;
    assert_eq!(seen(manager, &ask).await.0.bills.len(), 0, "all are billed");

    let trial = GetTrialInputs::of(community, ask.first, 1, vec![fee_item]);
    let mut trial = Trial::new(manager.does(trial.clone()).await);
    let rate = Some(Rate::Flat("3.80".parse().unwrap()));
    let change = Change::Price { tariff, scope, from: day("2026-10-01"), to: None, rate };
    let (made, _) = what_if(&mut trial, &[change], &[], |_| {}).unwrap();
    assert_eq!(made.before_fen, plan.amount(), "what is in force is what was billed");
    assert_eq!((made.more.units, made.same, made.less.units), (3, 3, 0));
    // 80 + 81 + 82 m² at one yuan more.
    assert_eq!(made.more.difference_fen.fen(), 24_300);
    assert_eq!(totals(manager, community).await, (6, plan.amount().fen()));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_run_generates_what_was_seen_and_a_second_run_fills_gaps_only() {
    let anju = Anju::start().await;
    let mut estate = Estate::of(&anju, 3).await;
    let bare = estate.unit(estate.buildings[1], "999", None).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = october(community, &[fee_item]);
    let (plan, generate) = seen(manager, &ask).await;
    assert_eq!((plan.bills.len(), plan.skipped.len()), (6, 1));

    let run = generated(&anju, manager, generate.clone()).await;
    assert_eq!(
        (run.state, run.bills, run.amount_fen, run.created_by.as_deref()),
        (RunState::Done, 6, plan.amount(), Some("周敏"))
    );
    assert_eq!((run.skips.len(), run.skips[0].reason, run.skips[0].units), (1, SkipReason::NoArea, 1));
    let skips = manager
        .does(ListSkips { community, run: run.id, reason: None, fee_item: None, page: None, size: None, sort: None })
        .await;
    assert_eq!((skips.rows.len(), skips.rows[0].unit), (1, bare));
    let path = format!("/api/billing/runs/skips/export.xlsx?community={community}&run={}", run.id);
    assert_eq!(manager.takes_home(&path).await[1..], [["2栋999", "物业费", "没有计费面积"]]);
    let runs = manager.takes_home(&format!("/api/billing/runs/export.xlsx?community={community}")).await;
    assert_eq!((runs.len(), runs[1][..5].join(" ")), (3, "2026-10 物业费 全部 已完成 6".to_owned()));
    let charges = manager.takes_home(&format!("/api/charging/charges/export.xlsx?community={community}&sort=-unit")).await;
    assert_eq!((charges.len(), charges[2][..3].join(" ")), (9, "2栋103 住宅 82".to_owned()));
    assert_eq!(totals(manager, community).await, (6, plan.amount().fen()));
    assert_eq!(manager.does(generate.clone()).await.state, RunState::Done, "sent twice, it is one run");
    anju.run_jobs().await;
    assert_eq!(totals(manager, community).await.0, 6);

    // The flat gets its area, a home is added: the second run makes their bills and no other.
    estate
        .manager
        .does(common::estate::api::SaveUnit {
            community,
            unit: bare,
            building: Some(estate.buildings[1]),
            entrance: None,
            floor: Some(9),
            room: "999".into(),
            kind: common::estate::UnitKind::Residence,
            state: common::estate::UnitState::Occupied,
            billed_area: Some("100".parse().unwrap()),
            inner_area: None,
            heads: None,
            layout: None,
            decoration: None,
            handed_over: None,
            property_value_fen: None,
            facts: Default::default(),
            custom: Vec::new(),
        })
        .await;
    let (plan, generate) = seen(manager, &ask).await;
    assert_eq!(plan.bills.len(), 1);
    assert_eq!(plan.skips.iter().map(|skip| (skip.reason, skip.units)).collect::<Vec<_>>(), [(SkipReason::AlreadyBilled, 6)]);
    let first = common::billing::api::GetRun { community, run: run.id };
    assert_eq!(manager.does(first.clone()).await.lacking(), 1, "mended, but not billed yet");
    assert_eq!(generated(&anju, manager, generate).await.state, RunState::Done);
    assert_eq!(totals(manager, community).await.0, 7);
    let first = manager.does(first).await;
    assert_eq!((first.lacking(), first.open, first.skips[0].units), (0, Some(vec![]), 1), "the gap of then is filled now");
    let numbers: Vec<String> = manager
        .does(ListBills { sort: Some("number".into()), ..ListBills::of(community) })
        .await
        .rows
        .iter()
        .map(|row| row.number.clone())
        .collect();
    assert_eq!((numbers[0].as_str(), numbers[6].as_str()), ("ZD202610-000001", "ZD202610-000007"));
    assert_eq!(manager.does(ListRuns { community, page: None, size: None, sort: None }).await.rows.len(), 2);
    anju.the_books_balance().await;
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

#[tokio::test]
async fn a_pool_that_comes_after_its_months_bills_goes_onto_the_next() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = october(community, &[fee_item]);
    let (_, generate) = seen(manager, &ask).await;
    assert_eq!(generated(&anju, manager, generate).await.bills, 2);

    // October's repair is known in November only; September was left out, and its repair would wait for ever.
    shared_out(&estate, "2026-10", "十月抢修", fee_item, 10_001).await;
    shared_out(&estate, "2026-09", "九月抢修", fee_item, 4_000).await;
    // Whoever shares out can see that: both homes are billed up to October.
    let until = async |month: &str| {
        let asked = ListBilledUnits { community, fee_item, month: month.parse().unwrap() };
        manager.does(asked).await.iter().map(|unit| unit.until.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(until("2026-09").await, ["2026-10", "2026-10"]);
    assert_eq!(until("2026-10").await, ["2026-10", "2026-10"]);
    assert!(until("2026-11").await.is_empty());
    let november = GetRunInputs { first: "2026-11".parse().unwrap(), ..ask.clone() };
    let (plan, generate) = seen(manager, &november).await;
    // 80 m² × 2.80, half of 100.01 each (the fen too much to the first), and half of 40.
    let amounts: Vec<i64> = plan.bills.iter().map(|bill| bill.amount_fen.fen()).collect();
    assert_eq!(amounts, [22_400 + 5_001 + 2_000, 22_400 + 5_000 + 2_000]);
    assert_eq!(generated(&anju, manager, generate).await.state, RunState::Done);
    let (december, _) = seen(manager, &GetRunInputs { first: "2026-12".parse().unwrap(), ..ask.clone() }).await;
    assert_eq!(december.amount().fen(), 44_800, "what is billed is not billed again");
    let (september, _) = seen(manager, &GetRunInputs { first: "2026-09".parse().unwrap(), ..ask }).await;
    assert_eq!(september.amount().fen(), 44_800, "its fee is billed when its month is, its repair is billed by then");
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_cycle_that_reaches_out_of_the_run_has_the_prices_of_its_own_days() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let (manager, community) = (estate.manager, estate.community);
    let fee_item = estate.fee_item("物业费", FeeItemKind::Property).await;
    let tariff = estate.tariff(fee_item, "季度物业费", Mode::Area).await;
    let mut rules =
        TariffRules { cycle: Cycle::Quarterly, cycle_from: CycleFrom::Anniversary, ..TariffRules::of_mode(Mode::Area) };
    rules.due.from = DueFrom::InAdvance;
    manager.does(SaveTariff { community, tariff, fee_item, name: "季度物业费".to_owned(), rules }).await;
    manager.does(estate.price(tariff, PriceScope::Community, "2.80", "2026-01-01")).await;
    let mut dearer = estate.price(tariff, PriceScope::Community, "3.00", "2026-12-20");
    dearer.earlier = common::charging::api::Earlier::Ended;
    manager.does(dearer).await;
    manager.does(estate.everyone(tariff, "2026-10-20")).await;
    let (plan, generate) = seen(manager, &october(community, &[fee_item])).await;
    // 20 October to 19 January: 80 × (2.80 + 2.80 + 3.00) for each of the two homes.
    assert_eq!(plan.bills.iter().map(|bill| bill.amount_fen.fen()).collect::<Vec<_>>(), [68_800, 68_800]);
    assert_eq!(generated(&anju, manager, generate).await.bills, 2);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_bill_tells_how_it_came_about_and_can_be_voided_while_nothing_is_paid() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, tariff) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let mut dearer = estate.price(tariff, PriceScope::Community, "2.95", "2026-10-16");
    dearer.earlier = common::charging::api::Earlier::Ended;
    manager.does(dearer).await;
    let ask = october(community, &[fee_item]);
    let (_, generate) = seen(manager, &ask).await;
    let run = generated(&anju, manager, generate).await;
    let rows = manager.does(ListBills { sort: Some("room".into()), ..ListBills::of(community) }).await.rows;
    let bill = manager.does(GetBill { community, bill: rows[0].id }).await;
    // 80 × 2.80 × 15 ÷ 31 + 80 × 2.95 × 16 ÷ 31 = 230.1935….
    assert_eq!((bill.bill.amount_fen.fen(), bill.lines.len(), bill.lines[0].trace.pieces.len()), (23_019, 1, 2));
    assert!(matches!(bill.lines[0].trace.basis, Basis::Area { area } if area.to_string() == "80"));
    assert_eq!((bill.postings.len(), bill.postings[0].balance_fen.fen(), bill.source_id), (1, 23_019, run.id.0));
    assert_eq!((bill.bill.due_day, bill.issued_day), (day("2026-11-15"), day("2026-11-01")));
    assert_eq!(
        bill.history.iter().map(|event| (event.what.as_str(), event.by.as_deref())).collect::<Vec<_>>(),
        [("run", Some("周敏"))]
    );

    manager
        .does(VoidBills { community, request: Uuid::now_v7().into(), bills: vec![rows[0].id], reason: "面积有误".into() })
        .await;
    manager
        .is_refused_with(
            VoidBills { community, request: Uuid::now_v7().into(), bills: vec![rows[0].id], reason: "面积有误".into() },
            "billing.void_already",
        )
        .await;
    let void = manager.does(GetBill { community, bill: rows[0].id }).await;
    assert_eq!(
        (void.bill.state, void.bill.open_fen, void.postings.len(), void.postings[1].balance_fen),
        (BillState::Void, Money::ZERO, 2, Money::ZERO)
    );
    assert_eq!((void.history[0].what.as_str(), void.history[0].note.as_str()), ("void", "面积有误"));
    let (plan, generate) = seen(manager, &ask).await;
    assert_eq!(plan.bills.len(), 1, "the void bill is a gap that a run fills");
    assert_eq!(generated(&anju, manager, generate).await.bills, 1);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn when_the_world_moved_the_run_is_refused_with_the_difference() {
    let anju = Anju::start().await;
    let mut estate = Estate::of(&anju, 2).await;
    let (fee_item, tariff) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    estate.unit(estate.buildings[1], "901", Some(100)).await;
    manager.does(estate.everyone(tariff, "2026-01-01")).await;
    let run = generated(&anju, manager, generate).await;
    assert_eq!((run.state, run.bills), (RunState::Refused, 0));
    let [row] = run.difference.as_slice() else { panic!("one building changed: {:?}", run.difference) };
    assert_eq!(
        (row.building_name.as_deref(), row.seen_bills, row.now_bills, row.now_fen.fen() - row.seen_fen.fen()),
        (Some("2栋"), 2, 3, 28_000)
    );
    assert_eq!(totals(manager, community).await, (0, 0));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn of_two_runs_at_once_one_generates_and_nobody_is_billed_twice() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 3).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = october(community, &[fee_item]);
    let (_, first) = seen(manager, &ask).await;
    let (_, second) = seen(manager, &ask).await;
    manager.does(first.clone()).await;
    manager.does(second.clone()).await;
    tokio::join!(anju.run_jobs(), anju.run_jobs());
    anju.run_jobs().await;
    let mut states = [
        manager.does(GetRun { community, run: first.run }).await.state,
        manager.does(GetRun { community, run: second.run }).await.state,
    ];
    states.sort();
    assert_eq!(states, [RunState::Done, RunState::Refused]);
    assert_eq!(totals(manager, community).await.0, 6);
    // A quarter that touches October is billed already too.
    let (plan, _) = seen(manager, &GetRunInputs { months: 3, ..ask }).await;
    assert!(plan.bills.is_empty());
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_run_that_breaks_leaves_nothing_and_can_be_started_again() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    // The lines can't be written: what went before in the transaction must go too.
    anju.app.db().execute_unprepared("ALTER TABLE bill_line RENAME TO bill_line_gone").await.unwrap();
    let run = generated(&anju, manager, generate.clone()).await;
    assert_eq!((run.state, run.problem.map(|problem| problem.code)), (RunState::Failed, Some("internal".to_owned())));
    anju.app.db().execute_unprepared("ALTER TABLE bill_line_gone RENAME TO bill_line").await.unwrap();
    assert_eq!(totals(manager, community).await, (0, 0));
    manager.does(RestartRun { community, run: generate.run }).await;
    anju.run_jobs().await;
    assert_eq!(manager.does(GetRun { community, run: generate.run }).await.state, RunState::Done);
    let first = &manager.does(ListBills { sort: Some("number".into()), ..ListBills::of(community) }).await.rows[0];
    assert_eq!(first.number, "ZD202610-000001", "the numbers of the first attempt came back");
    anju.the_books_balance().await;
}

#[tokio::test]
async fn bills_are_found_by_room_number_state_and_within_the_data_scope() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 3).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let refuse = estate.fee_item("垃圾费", FeeItemKind::Refuse).await;
    let tariff = estate.tariff(refuse, "垃圾费", Mode::Household).await;
    manager.does(estate.price(tariff, PriceScope::Community, "8", "2026-01-01")).await;
    manager.does(estate.everyone(tariff, "2026-01-01")).await;
    let (_, generate) = seen(manager, &october(community, &[fee_item, refuse])).await;
    generated(&anju, manager, generate).await;
    let list = ListBills::of(community);
    let found = async |ask: ListBills| manager.does(ask).await.rows.len();
    assert_eq!(found(ListBills { search: Some("102".into()), ..list.clone() }).await, 4);
    assert_eq!(found(ListBills { search: Some("zd202610-00000".into()), ..list.clone() }).await, 9);
    assert_eq!(found(ListBills { fee_item: Some(refuse), building: Some(estate.buildings[0]), ..list.clone() }).await, 3);
    assert_eq!(found(ListBills { state: Some(BillFilter::Overdue90), ..list.clone() }).await, 0);
    assert_eq!(
        found(ListBills {
            state: Some(BillFilter::Unpaid),
            from_month: "2026-10".parse().ok(),
            to_month: "2026-10".parse().ok(),
            ..list.clone()
        })
        .await,
        12
    );
    for sort in ["number", "room", "due_day", "amount_fen", "open_fen", "month"] {
        for way in ["", "-"] {
            let page = manager
                .does(ListBills { sort: Some(format!("{way}{sort}")), size: Some(5), page: Some(3), ..list.clone() })
                .await;
            assert_eq!((page.rows.len(), page.more), (2, false), "{way}{sort}");
        }
    }
    let amounts = manager.does(ListBills { sort: Some("-amount_fen".into()), ..list.clone() }).await.rows;
    assert!(amounts.windows(2).all(|pair| pair[0].amount_fen >= pair[1].amount_fen));

    let steward = anju
        .employee_of_buildings(
            &[Permission::BillingRead, Permission::BillingGenerate, Permission::BillingVoid],
            &[(community, Some(estate.buildings[1]))],
        )
        .await;
    let own = steward.does(list.clone()).await.rows;
    assert_eq!(own.len(), 6);
    assert_eq!(steward.does(GetBillTotals::from(&list)).await.bills, 6);
    let foreign = manager.does(ListBills { building: Some(estate.buildings[0]), ..list }).await.rows[0].id;
    steward.is_refused_with(GetBill { community, bill: foreign }, "not_found").await;
    steward
        .is_refused_with(
            VoidBills { community, request: Uuid::now_v7().into(), bills: vec![foreign], reason: "x".into() },
            "not_found",
        )
        .await;
    let inputs = steward.does(october(community, &[fee_item])).await;
    assert_eq!(inputs.units.id.len(), 3, "a run of hers is for her building");
    let runs = ListRuns { community, page: None, size: None, sort: None };
    let all = manager.does(runs.clone()).await.rows;
    assert_eq!(steward.does(runs.clone()).await.rows, [], "runs for the whole community are out of her sight");
    steward.is_refused_with(GetRun { community, run: all[0].id }, "not_found").await;
    steward.is_refused_with(RestartRun { community, run: all[0].id }, "not_found").await;
    let (_, own) = seen(&steward, &october(community, &[fee_item])).await;
    steward.does(own).await;
    assert_eq!(steward.does(runs.clone()).await.rows.len(), 1);
    assert_eq!(manager.does(runs).await.rows.len(), all.len() + 1);
}

#[tokio::test]
async fn a_run_whose_server_dies_each_time_has_failed_and_can_be_started_again() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    let run = manager.does(generate).await.id;
    let died = "UPDATE job SET state = 'running', locked_by = 'dead', locked_until = created_at, attempts = 5";
    anju.app.db().execute_unprepared(died).await.unwrap();
    anju.app.db().execute_unprepared("UPDATE billing_run SET state = 'running'").await.unwrap();
    anju.run_jobs().await;
    let failed = manager.does(GetRun { community, run }).await;
    assert_eq!((failed.state, failed.problem.unwrap().code.as_str()), (RunState::Failed, "stopped"));
    assert_eq!(anju.counts("SELECT COUNT(*) AS number FROM job WHERE state = 'failed'").await, 1);
    assert_eq!(manager.does(RestartRun { community, run }).await.state, RunState::Queued);
    anju.run_jobs().await;
    assert_eq!(manager.does(GetRun { community, run }).await.state, RunState::Done);
    anju.the_books_balance().await;
}

fn past(row: u32, unit: &str, from: &str, to: &str, amount: i64, paid: i64) -> PastBill {
    PastBill {
        row,
        unit: unit.to_owned(),
        fee_item: "物业费".to_owned(),
        period_from: day(from),
        period_to: day(to),
        amount_fen: Money::from_fen(amount),
        paid_fen: Money::from_fen(paid),
        paid_day: (paid > 0).then(|| day("2025-03-08")),
        due_day: None,
        cashier: "王会计".to_owned(),
        note: "手工导入".to_owned(),
    }
}

#[tokio::test]
async fn bills_of_the_past_come_in_all_or_not_at_all_and_once() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let mut ask = ImportBills {
        community,
        import: ImportId(Uuid::now_v7()),
        step: ImportStep::Check,
        file_name: "历史.xlsx".into(),
        bills: vec![
            past(2, "1-101", "2025-01-01", "2025-02-01", 22_400, 22_400),
            past(3, "1-101", "2025-02-01", "2025-03-01", 22_400, 10_000),
            past(4, "2-102", "2025-01-01", "2026-01-01", 268_800, 0),
        ],
    };
    let checked = manager.does(ask.clone()).await;
    assert_eq!((checked.bills, checked.payments, checked.amount_fen.fen(), checked.paid_fen.fen()), (3, 2, 313_600, 32_400));
    assert_eq!(totals(manager, community).await, (0, 0), "a check keeps nothing");
    ask.step = ImportStep::TakeOver;
    let mut wrong = ask.clone();
    wrong.bills.push(past(5, "9-999", "2025-01-01", "2025-02-01", 1, 0));
    wrong.bills.push(past(6, "1-101", "2025-01-15", "2025-02-15", 1, 0));
    let refused = manager.is_refused_with(wrong, "billing.import_problems").await;
    let fields: Vec<_> = refused.fields.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect();
    assert_eq!(fields, [("bills.5.unit", "billing.unit_unknown"), ("bills.6.period_from", "billing.twice_in_sheet")]);
    assert_eq!(totals(manager, community).await, (0, 0));

    manager.does(ask.clone()).await;
    manager.does(ask).await;
    let sums = manager.does(GetBillTotals::from(&ListBills::of(community))).await;
    assert_eq!((sums.bills, sums.paid_fen.fen(), sums.open_fen.fen()), (3, 32_400, 281_200));
    let settled = manager.does(ListBills { state: Some(BillFilter::Settled), ..ListBills::of(community) }).await.rows;
    let bill = manager.does(GetBill { community, bill: settled[0].id }).await;
    assert_eq!((bill.postings.len(), bill.postings[1].balance_fen, bill.bill.state), (2, Money::ZERO, BillState::Settled));
    manager
        .is_refused_with(
            VoidBills { community, request: Uuid::now_v7().into(), bills: vec![settled[0].id], reason: "x".into() },
            "billing.paid",
        )
        .await;
    anju.the_books_balance().await;
}

/// The bills of a workbook that the browser would send.
async fn fetched(manager: &Person, path: &str) -> (usize, Vec<PastBill>) {
    let (status, bytes) = manager.sends(Method::Get, path, None).await;
    assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&bytes));
    let book = common::sheet::read(&bytes).unwrap();
    let sheet = common::billing::past::read(&book).unwrap();
    assert_eq!(sheet.problems, []);
    (book.sheets.len(), sheet.bills)
}

#[tokio::test]
async fn bills_and_the_ledgers_detail_are_taken_over_elsewhere_as_they_are_and_never_twice() {
    let anju = Anju::start().await;
    let (here, there) = (Estate::of(&anju, 2).await, Estate::named(&anju, "青枫里", 2).await);
    let (fee_item, _) = here.property_fee("2.80").await;
    there.property_fee("3.10").await;
    let manager = here.manager;
    let (_, generate) = seen(manager, &october(here.community, &[fee_item])).await;
    generated(&anju, manager, generate).await;
    let mut history = ImportBills {
        community: here.community,
        import: ImportId(Uuid::now_v7()),
        step: ImportStep::TakeOver,
        file_name: "历史.xlsx".into(),
        bills: vec![
            PastBill { due_day: Some(day("2025-03-20")), ..past(2, "1-101", "2025-01-01", "2025-02-01", 22_400, 22_400) },
            past(3, "1-101", "2025-02-01", "2025-03-01", 22_400, 10_000),
        ],
    };
    manager.does(history.clone()).await;
    let bills = manager.does(ListBills { sort: Some("room".into()), ..ListBills::of(here.community) }).await.rows;
    let void = bills.iter().find(|bill| bill.paid_fen.is_zero()).unwrap().id;
    manager
        .does(VoidBills { community: here.community, request: Uuid::now_v7().into(), bills: vec![void], reason: "重复".into() })
        .await;

    let of = |community| ListBills { sort: Some("room".into()), ..ListBills::of(community) };
    let facts = |bills: Vec<BillRow>| {
        let live = bills.into_iter().filter(|bill| bill.state != BillState::Void);
        let facts = live.map(|bill| {
            let period = (bill.period_from, bill.period_to, bill.due_day);
            (bill.unit_label, bill.fee_item_name, period, (bill.amount_fen, bill.paid_fen, bill.open_fen), bill.state)
        });
        facts.collect::<Vec<_>>()
    };
    let list = format!("/api/billing/bills.xlsx?community={}&sort=room", here.community);
    let (sheets, rows) = fetched(manager, &list).await;
    assert_eq!((sheets, rows.len()), (1, 5), "the void bill is left out");
    assert_eq!(rows[0].cashier.is_empty(), rows[0].paid_fen.is_zero());
    let ledger = format!("/api/reports/ledger/export.xlsx?community={}&from=2025-01&to=2026-10&by=month", here.community);
    let (sheets, detail) = fetched(manager, &ledger).await;
    assert_eq!((sheets, &detail), (2, &rows));

    history = ImportBills { community: there.community, import: ImportId(Uuid::now_v7()), bills: detail, ..history };
    let took = manager.does(history.clone()).await;
    assert_eq!((took.bills, took.payments), (5, 2));
    let copied = facts(manager.does(of(there.community)).await.rows);
    assert_eq!(copied, facts(manager.does(of(here.community)).await.rows));
    // The same workbook again, here or there, is refused at every row.
    for community in [here.community, there.community] {
        let again = ImportBills { community, import: ImportId(Uuid::now_v7()), ..history.clone() };
        let refused = manager.is_refused_with(again, "billing.import_problems").await;
        assert!(refused.fields.len() == 5 && refused.fields.iter().all(|field| field.code == "billing.billed_already"));
    }
    anju.the_books_balance().await;
}

#[tokio::test]
async fn whoever_brings_bills_of_one_time_at_once_one_is_refused_and_nothing_is_owed_twice() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 6).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let quarter = |from: &str, to: &str| ImportBills {
        community,
        import: ImportId(Uuid::now_v7()),
        step: ImportStep::TakeOver,
        file_name: "历史.xlsx".into(),
        bills: (1..=6).map(|room| past(room + 1, &format!("1-10{room}"), from, to, 60_000, 0)).collect(),
    };
    // Two imports whose periods overlap without being the same.
    for year in 2015..2023 {
        let (first, second) = (
            quarter(&format!("{year}-01-01"), &format!("{year}-04-01")),
            quarter(&format!("{year}-03-01"), &format!("{year}-06-01")),
        );
        let (first, second) = tokio::join!(manager.asks(first), manager.asks(second));
        assert!(first.is_ok() != second.is_ok(), "one of two: {first:?}, {second:?}");
        assert_eq!(first.err().or(second.err()).map(|problem| problem.code).as_deref(), Some("billing.import_problems"));
    }
    // An import and a run.
    let (_, generate) = seen(manager, &october(community, &[fee_item])).await;
    manager.does(generate.clone()).await;
    let (imported, ()) = tokio::join!(manager.asks(quarter("2026-10-01", "2027-01-01")), anju.run_jobs());
    anju.run_jobs().await;
    let run = manager.does(GetRun { community, run: generate.run }).await;
    assert!(imported.is_ok() != (run.state == RunState::Done), "{imported:?}, {:?}", run.state);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_name_that_means_two_homes_is_a_problem_at_its_cell() {
    let anju = Anju::start().await;
    let mut estate = Estate::of(&anju, 1).await;
    let lower = estate.unit(estate.buildings[0], "a1", Some(50)).await;
    let upper = estate.unit(estate.buildings[0], "A1", Some(50)).await;
    estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = |unit: &str| ImportBills {
        community,
        import: ImportId(Uuid::now_v7()),
        step: ImportStep::TakeOver,
        file_name: "历史.xlsx".into(),
        bills: vec![past(2, unit, "2025-01-01", "2025-02-01", 100, 0)],
    };
    let refused = manager.is_refused_with(ask("1 - a1"), "billing.import_problems").await;
    assert_eq!(refused.fields.iter().map(|field| field.code.as_str()).collect::<Vec<_>>(), ["billing.unit_several"]);
    for (code, unit) in [("1-a1", lower), ("1-A1", upper)] {
        manager.does(ask(code)).await;
        let rows = manager.does(ListBills { unit: Some(unit), ..ListBills::of(community) }).await.rows;
        assert_eq!(rows.len(), 1, "{code}");
    }
}

#[tokio::test]
async fn a_one_off_bill_is_written_once_and_does_not_stand_in_the_way_of_a_run() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (manager, community) = (estate.manager, estate.community);
    let ask = RaiseBill {
        community,
        bill: BillId(Uuid::now_v7()),
        unit: estate.units[0],
        fee_item,
        amount_fen: Money::from_fen(5_000),
        period_from: day("2026-10-01"),
        period_to: day("2026-11-01"),
        due_day: day("2026-11-15"),
        note: "门禁卡补办".into(),
    };
    let (first, second) = tokio::join!(manager.asks(ask.clone()), manager.asks(ask.clone()));
    assert_eq!(second.unwrap(), first.unwrap(), "sent twice at once, it is one bill");
    let dearer = RaiseBill { amount_fen: Money::from_fen(6_000), ..ask };
    manager.is_refused_with(dearer, "made_differently").await;
    let (plan, _) = seen(manager, &october(community, &[fee_item])).await;
    assert_eq!(plan.bills.len(), 2);
    assert_eq!(totals(manager, community).await, (1, 5_000));
    anju.the_books_balance().await;
}
