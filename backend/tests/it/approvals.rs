//! Stories of approvals: what reaches a threshold waits and books nothing, until the last level agrees; the books prove it.

use common::approvals::api::{
    ApprovalState, ApprovalView, CountApprovals, DecideApproval, GetApproval, Gone, ListApprovals, ListDeciders, ListFlows, Said,
    SaveFlow, Verdict, WaitingMark, Whose, WithdrawApproval,
};
use common::approvals::flow::{DecidedBy, DeedKind, FlowLevel};
use common::billing::api::{BillRow, BillState, BillView, GetBill, ListBills, TakeBackWaiver, VoidBills, WaiveBill};
use common::cashier::Method;
use common::cashier::api::{Collect, GetReceipt, OpenDesk, PaymentState, VoidPayment, WaiveLateFee};
use common::cashier::settle::{BillAmount, MethodAmount};
use common::charging::api::SetLateFee;
use common::charging::late_fee::{LateFeeRule, LateFeeTerm};
use common::id::{ApprovalId, BillId, BuildingId, CommunityId, EmployeeId, LateFeeWaiverId, PaymentId, WaiverId};
use common::money::Money;
use common::organisation::api::{GetEmployee, GetMe, SaveDepartment};
use common::permission::Permission as P;
use common::reports::api::{AskDashboard, TodoKind};
use common::text::Language;
use common::waivers::api::{ListSchemes, SaveScheme, SchemeState, SwitchScheme};
use common::waivers::scheme::{SchemeRules, WhoKind};
use uuid::Uuid;

use crate::billing::{generated, october, seen};
use crate::charging::{Estate, day};
use crate::support::{Anju, Person};
use crate::waivers::half_off;

fn fen(fen: i64) -> Money {
    Money::from_fen(fen)
}

/// October's property fee of two buildings: 224.00, 226.80 … a home.
async fn billed<'a>(anju: &'a Anju) -> Estate<'a> {
    let estate = Estate::of(anju, 2).await;
    let (fee_item, _) = estate.property_fee("2.80").await;
    let (_, generate) = seen(estate.manager, &october(estate.community, &[fee_item])).await;
    generated(anju, estate.manager, generate).await;
    estate
}

async fn bills(person: &Person, community: CommunityId) -> Vec<BillRow> {
    person.does(ListBills { sort: Some("room".into()), ..ListBills::of(community) }).await.rows
}

async fn bill(person: &Person, community: CommunityId, bill: BillId) -> BillView {
    person.does(GetBill { community, bill }).await
}

async fn view(person: &Person, community: CommunityId, approval: ApprovalId) -> ApprovalView {
    person.does(GetApproval { community, approval }).await
}

async fn id_of(person: &Person) -> EmployeeId {
    person.does(GetMe {}).await.id
}

/// The same person on a later day.
async fn signs_in(anju: &Anju, id: EmployeeId) -> Person {
    anju.signs_in(&id.to_string(), "a password of the tests").await
}

/// Somebody who may ask for anything that needs approval, and sees it.
async fn asker(anju: &Anju, community: CommunityId) -> Person {
    let may = [P::BillingRead, P::BillingWaive, P::BillingVoid, P::CashierRead, P::CashierWaive, P::ApprovalsRead];
    anju.employee(&may, &[community]).await
}

/// Somebody who may decide.
pub(crate) async fn decider(anju: &Anju, community: CommunityId) -> Person {
    let may = [P::BillingRead, P::ApprovalsRead, P::ApprovalsDecide, P::ReportsRead];
    anju.employee(&may, &[community]).await
}

fn level(from: i64, employees: &[EmployeeId]) -> FlowLevel {
    FlowLevel { from_fen: fen(from), by: DecidedBy::Employees, department: None, employees: employees.to_vec() }
}

/// A flow of one level, from an amount on.
pub(crate) async fn flow(manager: &Person, community: CommunityId, kind: DeedKind, from: i64, decides: &Person) {
    let levels = vec![level(from, &[id_of(decides).await])];
    manager.does(SaveFlow { community, kind, levels }).await;
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

fn pay(community: CommunityId, row: &BillRow, amount: i64) -> Collect {
    Collect {
        community,
        payment: PaymentId(Uuid::now_v7()),
        unit: row.unit,
        bills: vec![BillAmount { bill: row.id, amount_fen: fen(amount), open_fen: row.open_fen, late_fee_fen: Money::ZERO }],
        takes: Vec::new(),
        payer: String::new(),
        methods: vec![MethodAmount { method: Method::Cash, amount_fen: fen(amount), reference: String::new() }],
        tendered_fen: None,
        note: String::new(),
    }
}

fn decide(community: CommunityId, approval: ApprovalId, level: u32, verdict: Verdict) -> DecideApproval {
    let note = if verdict == Verdict::Refuse { "证明不足" } else { "" };
    DecideApproval { community, approval, level, verdict, note: note.into() }
}

pub(crate) fn agree(community: CommunityId, approval: ApprovalId, level: u32) -> DecideApproval {
    decide(community, approval, level, Verdict::Agree)
}

#[tokio::test]
async fn below_the_threshold_it_is_done_at_once_and_above_it_waits_and_books_nothing() {
    let anju = Anju::start().await;
    let estate = billed(&anju).await;
    let (manager, community) = (estate.manager, estate.community);
    let (asks, decides) = (asker(&anju, community).await, decider(&anju, community).await);
    let flow = SaveFlow { community, kind: DeedKind::Waive, levels: vec![level(20_000, &[id_of(&decides).await])] };
    manager.does(flow).await;
    let [first, second] = &bills(manager, community).await[..2] else { panic!("two bills and more") };

    assert_eq!(asks.does(waive(community, first, 19_999)).await.waits, None);
    let row = &bills(manager, community).await[0];
    assert_eq!((row.waived_fen, row.waits.len()), (fen(19_999), 0));

    // At the threshold it waits: clicked twice it is one request, and nothing is booked.
    let postings = anju.counts("SELECT COUNT(*) FROM posting").await;
    let ask = waive(community, second, 20_000);
    let waits = asks.does(ask.clone()).await.waits.unwrap();
    assert_eq!((waits.0, asks.does(ask.clone()).await.waits), (ask.waiver.0, Some(waits)));
    asks.is_refused_with(WaiveBill { reason: "另一个原因".into(), ..ask.clone() }, "made_differently").await;
    let refused = asks.is_refused_with(waive(community, second, 22_000), "approvals.waits_already").await;
    assert_eq!(refused.args.get("number"), Some(&second.number));
    assert_eq!(anju.counts("SELECT COUNT(*) FROM posting").await, postings);
    assert_eq!(anju.counts("SELECT COUNT(*) FROM approval").await, 1, "one request");
    let row = &bills(manager, community).await[1];
    let mark = WaitingMark { approval: waits, kind: DeedKind::Waive };
    assert_eq!((row.open_fen, row.waived_fen, row.waits.as_slice()), (second.open_fen, fen(0), [mark].as_slice()));
    // The desk says so as well.
    let desk = manager.does(OpenDesk { community, unit: second.unit }).await;
    let known = desk.bills.iter().find(|known| known.bill == second.id).unwrap();
    assert_eq!(known.waits, [mark]);
    let told = bill(&asks, community, second.id).await;
    assert_eq!((told.waits[0].approval, told.waits[0].amount_fen, told.waits[0].mine), (waits, fen(20_000), true));
    assert_eq!(told.history[0].what, "approval-asked-waive");
    assert!(!bill(&decides, community, second.id).await.waits[0].mine);
    // Nothing smaller passes it by meanwhile, and what was let off at once before counts.
    asks.is_refused_with(waive(community, second, 100), "approvals.waits_already").await;
    let rest = &bills(manager, community).await[0];
    let part = asks.does(waive(community, rest, 1)).await.waits.unwrap();
    asks.does(WithdrawApproval { community, approval: part, note: String::new() }).await;
    anju.the_books_balance().await;

    // Who decides finds it; the asker sees it as their own.
    let list = |whose| ListApprovals { whose: Some(whose), ..ListApprovals::of(community) };
    let found = decides.does(list(Whose::ForMe)).await;
    let row = &found.rows[0];
    assert_eq!((found.total, row.id, row.amount_fen, row.level, row.levels), (Some(1), waits, fen(20_000), 1, 1));
    assert_eq!((row.before_fen, row.after_fen), (second.open_fen, fen(second.open_fen.fen() - 20_000)));
    assert_eq!((row.unit_label.as_deref(), row.fee_item_name.as_deref()), (Some("1栋102"), Some("物业费")));
    assert_eq!((row.waits_for.as_slice(), row.reason.as_str()), (["何静".to_owned()].as_slice(), "漏水补偿"));
    assert_eq!(asks.does(list(Whose::ForMe)).await.rows.len(), 0);
    assert_eq!(asks.does(list(Whose::ByMe)).await.rows.len(), 2, "one waits, one was withdrawn");
    let counts = decides.does(CountApprovals { community }).await;
    assert_eq!((counts.for_me, counts.by_me), (1, 0));
    let todo = decides.does(AskDashboard { community }).await.todo;
    let todo = todo.iter().find(|todo| todo.kind == TodoKind::Approvals).unwrap();
    assert_eq!((todo.count, todo.reasons[0].code.as_str()), (1, "waive"));
    let search =
        |text: &str| ListApprovals { search: Some(text.into()), whose: Some(Whose::All), ..ListApprovals::of(community) };
    for (text, count) in [("1-102", 1), ("1-101", 1), ("2-101", 0), (second.number.as_str(), 1), ("ZD209901", 0)] {
        assert_eq!(manager.does(search(text)).await.rows.len(), count, "{text}");
    }
    let home = decides.takes_home(&format!("/api/approvals/export.xlsx?community={community}")).await;
    assert_eq!((home.len(), home[1][1].as_str(), home[1][10].as_str()), (3, "1栋102", "待审批"));
    let view = view(&decides, community, waits).await;
    assert!(view.may_decide && !view.may_withdraw);

    // A part is paid meanwhile: the deed's own refusal, said at the request, which still waits.
    manager.does(pay(community, second, 100)).await;
    decides.is_refused_with(agree(community, waits, 1), "billing.open_changed").await;
    decides.does(decide(community, waits, 1, Verdict::Refuse)).await;
    let row = bills(manager, community).await[1].clone();
    let again = asks.does(waive(community, &row, 20_000)).await.waits.unwrap();
    let decided = decides.does(agree(community, again, 1)).await;
    assert_eq!(decided.state, ApprovalState::Agreed);
    assert_eq!(decides.does(agree(community, again, 1)).await, decided, "the same click again");
    let told = bill(manager, community, second.id).await;
    assert_eq!((told.bill.waived_fen, told.bill.waits.len(), told.waits.len()), (fen(20_000), 0, 0));
    let events: Vec<_> = told.history.iter().map(|event| event.what.as_str()).collect();
    let expected = ["waived", "approval-agree", "approval-asked-waive", "approval-refuse", "paid", "approval-asked-waive", "run"];
    assert_eq!(events, expected);
    anju.the_books_balance().await;
}

#[tokio::test]
async fn levels_decide_in_their_order_and_only_the_last_does_the_deed() {
    let anju = Anju::start().await;
    let estate = billed(&anju).await;
    let (manager, community) = (estate.manager, estate.community);
    let asks = asker(&anju, community).await;
    let (one, two) = (decider(&anju, community).await, decider(&anju, community).await);
    let levels = vec![level(0, &[id_of(&one).await]), level(15_000, &[id_of(&two).await])];
    manager.does(SaveFlow { community, kind: DeedKind::Waive, levels }).await;
    let [first, second] = &bills(manager, community).await[..2] else { panic!("two bills and more") };
    let waits = asks.does(waive(community, first, 15_000)).await.waits.unwrap();
    // A flow that is changed meanwhile is for requests to come.
    manager.does(SaveFlow { community, kind: DeedKind::Waive, levels: vec![level(0, &[id_of(&one).await])] }).await;

    two.is_refused_with(agree(community, waits, 1), "approvals.not_yours").await;
    assert_eq!(one.does(agree(community, waits, 1)).await.state, ApprovalState::Waiting);
    assert_eq!(bills(manager, community).await[0].waived_fen, fen(0));
    one.is_refused_with(agree(community, waits, 2), "approvals.not_yours").await;
    two.is_refused_with(agree(community, waits, 1), "approvals.decided_already").await;
    let row = &two.does(ListApprovals::of(community)).await.rows[0];
    assert_eq!((row.level, row.levels), (2, 2));
    assert_eq!(two.does(agree(community, waits, 2)).await.state, ApprovalState::Agreed);
    let view = view(&asks, community, waits).await;
    let said: Vec<_> = view.steps.iter().map(|step| (step.level, step.verdict)).collect();
    assert_eq!(said, [(1, Some(Verdict::Agree)), (2, Some(Verdict::Agree))]);
    assert!(view.ended_at.is_some() && view.problem.is_none());
    assert_eq!(bills(manager, community).await[0].waived_fen, fen(15_000));

    // Below the second level's amount the first is the last.
    manager
        .does(SaveFlow {
            community,
            kind: DeedKind::Waive,
            levels: vec![level(0, &[id_of(&one).await]), level(15_000, &[id_of(&two).await])],
        })
        .await;
    let waits = asks.does(waive(community, second, 14_999)).await.waits.unwrap();
    assert_eq!(one.does(agree(community, waits, 1)).await.state, ApprovalState::Agreed);
    assert_eq!(bills(manager, community).await[1].waived_fen, fen(14_999));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn nobody_decides_on_their_own_and_what_is_out_of_scope_is_not_there() {
    let anju = Anju::start().await;
    let estate = billed(&anju).await;
    let (manager, community) = (estate.manager, estate.community);
    let may = [P::BillingRead, P::BillingWaive, P::BillingVoid, P::ApprovalsRead, P::ApprovalsDecide];
    let both = anju.employee(&may, &[community]).await;
    let elsewhere = anju.employee_of_buildings(&may, &[(community, Some(estate.buildings[1]))]).await;
    let here = anju.employee_of_buildings(&may, &[(community, Some(estate.buildings[0]))]).await;
    let idle = anju.employee(&[P::ApprovalsRead], &[community]).await;
    let named = [id_of(&both).await, id_of(&elsewhere).await, id_of(&here).await];
    for kind in [DeedKind::Waive, DeedKind::Void] {
        manager.does(SaveFlow { community, kind, levels: vec![level(0, &named)] }).await;
    }
    let rows = bills(manager, community).await;
    let waits = both.does(waive(community, &rows[0], 100)).await.waits.unwrap();
    both.is_refused_with(agree(community, waits, 1), "approvals.own_request").await;
    assert!(!view(&both, community, waits).await.may_decide);
    assert_eq!(elsewhere.is_refused(agree(community, waits, 1)).await.status, 404);
    assert_eq!(elsewhere.is_refused(GetApproval { community, approval: waits }).await.status, 404);
    assert_eq!(elsewhere.does(ListApprovals { whose: Some(Whose::All), ..ListApprovals::of(community) }).await.rows.len(), 0);
    assert_eq!(idle.is_refused(agree(community, waits, 1)).await.status, 403);
    assert_eq!(idle.does(ListApprovals::of(community)).await.rows.len(), 0);
    assert_eq!(here.does(CountApprovals { community }).await.for_me, 1);

    // A refusal says why.
    let silent = DecideApproval { note: " ".into(), ..decide(community, waits, 1, Verdict::Refuse) };
    here.is_refused_with(silent, "required").await;
    assert_eq!(here.does(decide(community, waits, 1, Verdict::Refuse)).await.state, ApprovalState::Refused);
    let told = bill(manager, community, rows[0].id).await;
    assert_eq!((told.history[0].what.as_str(), told.history[0].note.as_str()), ("approval-refuse", "证明不足"));
    assert_eq!(told.bill.waived_fen, fen(0));
    both.is_refused_with(WithdrawApproval { community, approval: waits, note: String::new() }, "approvals.ended").await;

    // Withdrawn by whoever asked, and by nobody else; then it can be asked for anew.
    let waits = both.does(waive(community, &rows[0], 100)).await.waits.unwrap();
    let withdraw = WithdrawApproval { community, approval: waits, note: "改了金额".into() };
    assert_eq!(here.is_refused(withdraw.clone()).await.status, 404);
    assert!(view(&both, community, waits).await.may_withdraw);
    both.does(withdraw.clone()).await;
    both.does(withdraw).await;
    here.is_refused_with(agree(community, waits, 1), "approvals.decided_already").await;
    assert_eq!(view(&here, community, waits).await.withdrawn.as_deref(), Some("改了金额"));
    assert_eq!(bill(manager, community, rows[0].id).await.history[0].what, "approval-withdrawn");

    // Bills of both buildings are voided in one request, which is for those who see both.
    let ask = VoidBills {
        community,
        request: ApprovalId(Uuid::now_v7()),
        bills: vec![rows[0].id, rows[2].id],
        reason: "面积有误".into(),
    };
    let waits = manager.does(ask.clone()).await.waits.unwrap();
    assert_eq!(manager.does(ask.clone()).await.waits, Some(waits));
    let overlapping = VoidBills { request: ApprovalId(Uuid::now_v7()), bills: vec![rows[2].id], ..ask };
    manager.is_refused_with(overlapping, "approvals.waits_already").await;
    assert_eq!(here.is_refused(agree(community, waits, 1)).await.status, 404);
    let row = view(&both, community, waits).await;
    assert_eq!((row.bills.len(), row.approval.amount_fen), (2, fen(22_400 * 2)));
    both.does(agree(community, waits, 1)).await;
    let rows = bills(manager, community).await;
    assert_eq!(rows.iter().filter(|row| row.state == BillState::Void).count(), 2);
    assert_eq!(bill(manager, community, row.bills[0].bill).await.history[0].note, "面积有误");
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_bill_that_is_paid_meanwhile_keeps_its_payment_and_the_request_says_so() {
    let anju = Anju::start().await;
    let estate = billed(&anju).await;
    let (manager, community) = (estate.manager, estate.community);
    let (asks, decides) = (asker(&anju, community).await, decider(&anju, community).await);
    let named = [id_of(&decides).await];
    for kind in [DeedKind::Waive, DeedKind::Void] {
        manager.does(SaveFlow { community, kind, levels: vec![level(0, &named)] }).await;
    }
    let rows = bills(manager, community).await;
    let waits = asks.does(waive(community, &rows[0], 10_000)).await.waits.unwrap();
    let request = ApprovalId(Uuid::now_v7());
    let void = VoidBills { community, request, bills: vec![rows[1].id], reason: "重复".into() };
    asks.does(void).await;
    manager.does(pay(community, &rows[0], 22_400)).await;
    manager.does(pay(community, &rows[1], 100)).await;

    decides.is_refused_with(agree(community, waits, 1), "billing.nothing_open").await;
    decides.is_refused_with(agree(community, request, 1), "billing.paid").await;
    let failed = view(&decides, community, waits).await;
    assert_eq!((failed.approval.state, failed.may_decide), (ApprovalState::Waiting, true));
    assert_eq!(failed.problem.map(|problem| problem.code).as_deref(), Some("billing.nothing_open"));
    assert_eq!(failed.steps[0].verdict, None, "the agreement was undone with its deed");
    assert_eq!(bills(manager, community).await[0].waived_fen, fen(0));
    asks.does(WithdrawApproval { community, approval: waits, note: String::new() }).await;
    decides.does(decide(community, request, 1, Verdict::Refuse)).await;
    assert_eq!(decides.does(CountApprovals { community }).await.for_me, 0);
    assert_eq!(view(&asks, community, request).await.problem.map(|problem| problem.code).as_deref(), Some("billing.paid"));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_is_told_that_the_other_was_first() {
    let anju = Anju::start().await;
    let estate = billed(&anju).await;
    let (manager, community) = (estate.manager, estate.community);
    let asks = asker(&anju, community).await;
    let (one, two) = (decider(&anju, community).await, decider(&anju, community).await);
    let levels = vec![level(0, &[id_of(&one).await, id_of(&two).await])];
    manager.does(SaveFlow { community, kind: DeedKind::Waive, levels }).await;
    for row in bills(manager, community).await {
        let waits = asks.does(waive(community, &row, 10_000)).await.waits.unwrap();
        let (first, second) =
            tokio::join!(one.asks(agree(community, waits, 1)), two.asks(decide(community, waits, 1, Verdict::Refuse)));
        let refused = first.as_ref().err().or(second.as_ref().err()).unwrap();
        assert!(first.is_ok() != second.is_ok());
        assert_eq!((refused.status, refused.code.as_str()), (409, "approvals.decided_already"));
        let waived = bill(manager, community, row.id).await.bill.waived_fen;
        assert_eq!(waived, if first.is_ok() { fen(10_000) } else { fen(0) });
    }
    anju.the_books_balance().await;
}

#[tokio::test]
async fn late_fee_that_grew_while_it_waited_is_let_go_as_it_was_asked_for() {
    let anju = Anju::start_on("2026-01-10").await;
    let estate = crate::cashier::estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    let term = LateFeeTerm { rule: LateFeeRule::default(), from: day("2026-01-01"), to: None };
    manager.does(SetLateFee { community, fee_item: estate.fee, term }).await;
    let december = "2025-12".parse().unwrap();
    let owed = crate::cashier::bill(&anju, &estate, estate.home, estate.fee, december, 100_000).await;
    let (asks, decides) = (asker(&anju, community).await, decider(&anju, community).await);
    let (asker, named) = (id_of(&asks).await, [id_of(&decides).await]);
    manager.does(SaveFlow { community, kind: DeedKind::WaiveLateFee, levels: vec![level(400, &named)] }).await;
    let let_go = |amount, late| WaiveLateFee {
        community,
        waiver: LateFeeWaiverId(Uuid::now_v7()),
        bill: owed,
        amount_fen: fen(amount),
        late_fee_fen: fen(late),
        reason: "漏水未修".into(),
    };
    let anju = anju.later("2026-01-25").await;
    let asks = signs_in(&anju, asker).await;
    let waits = asks.does(let_go(450, 450)).await.waits.unwrap();
    let late = bill(&asks, community, owed).await;
    assert_eq!((late.late_fee.unwrap().due_fen, late.waits[0].kind), (fen(450), DeedKind::WaiveLateFee));

    // The next day it is 5.00, of which 4.50 are let go.
    let anju = anju.later("2026-01-26").await;
    let (asks, decides) = (signs_in(&anju, asker).await, signs_in(&anju, named[0]).await);
    decides.does(agree(community, waits, 1)).await;
    assert_eq!(bill(&asks, community, owed).await.late_fee.unwrap().due_fen, fen(50));
    anju.the_books_balance().await;

    // Some is paid meanwhile, so that less is due than was seen: the desk's own refusal.
    let anju = anju.later("2026-02-10").await;
    let (asks, decides) = (signs_in(&anju, asker).await, signs_in(&anju, named[0]).await);
    let waits = asks.does(let_go(300, 800)).await.waits.unwrap();
    let paid = Collect {
        bills: vec![BillAmount { bill: owed, amount_fen: fen(600), open_fen: fen(100_000), late_fee_fen: fen(800) }],
        takes: Vec::new(),
        payer: String::new(),
        methods: vec![MethodAmount { method: Method::Cash, amount_fen: fen(600), reference: String::new() }],
        ..crate::cashier::in_cash(&estate, estate.home, &[])
    };
    anju.manager().await.does(paid).await;
    decides.is_refused_with(agree(community, waits, 1), "cashier.late_fee_changed").await;
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_flow_names_people_who_may_decide_in_this_community() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (manager, community) = (estate.manager, estate.community);
    let other = anju.community("青枫里").await;
    let (decides, idle) = (decider(&anju, community).await, asker(&anju, community).await);
    let elsewhere = decider(&anju, other).await;
    let save = |levels| SaveFlow { community, kind: DeedKind::Void, levels };
    for id in [id_of(&idle).await, id_of(&elsewhere).await] {
        manager.is_refused_with(save(vec![level(0, &[id])]), "approvals.may_not_decide").await;
    }
    let id = id_of(&decides).await;
    manager.is_refused_with(save(vec![level(2, &[id]), level(1, &[id])]), "approvals.falls").await;
    let part: &[(CommunityId, Option<BuildingId>)] = &[(community, Some(estate.buildings[0]))];
    let part = anju.employee_of_buildings(&[P::ApprovalsWrite, P::ApprovalsRead], part).await;
    assert_eq!(part.is_refused(save(vec![level(0, &[id])])).await.status, 403);
    assert_eq!(decides.is_refused(save(vec![level(0, &[id])])).await.status, 403);

    let deciders = manager.does(ListDeciders { community }).await;
    let department = deciders
        .departments
        .iter()
        .find(|one| deciders.employees.iter().any(|known| known.id == id && known.department == one.name));
    let by_department =
        FlowLevel { from_fen: fen(0), by: DecidedBy::Department, department: department.map(|one| one.id), employees: vec![id] };
    manager.does(save(vec![by_department, level(100, &[id])])).await;
    let flows = manager.does(ListFlows { community }).await;
    let flow = flows.iter().find(|flow| flow.kind == DeedKind::Void).unwrap();
    assert_eq!((flows.len(), flow.levels.len(), flow.levels[0].employees.len(), flow.waiting), (6, 2, 0, 0));
    assert_eq!(flow.who, [vec![department.unwrap().name.clone()], vec!["何静".to_owned()]]);
    manager.does(save(vec![])).await;
    assert_eq!(manager.does(ListFlows { community }).await.iter().map(|flow| flow.levels.len()).sum::<usize>(), 0);
}

#[tokio::test]
async fn whoever_left_is_shown_in_the_flow_and_can_be_replaced() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (manager, community) = (estate.manager, estate.community);
    let (leaves, stays) = (decider(&anju, community).await, decider(&anju, community).await);
    let (leaves, stays) = (id_of(&leaves).await, id_of(&stays).await);
    let save = |levels| SaveFlow { community, kind: DeedKind::Void, levels };
    manager.does(save(vec![level(0, &[leaves, stays])])).await;
    manager.dismisses(leaves).await;
    let flow = async || {
        let flows = manager.does(ListFlows { community }).await;
        flows.into_iter().find(|flow| flow.kind == DeedKind::Void).unwrap()
    };
    let seen = flow().await;
    assert_eq!((seen.who[0].len(), seen.levels[0].employees.len(), seen.gone[0].len()), (1, 2, 1));
    let gone = &seen.gone[0][0];
    assert_eq!((gone.employee, gone.name.as_str(), gone.why), (Some(leaves), "何静", Gone::Left));
    // With them it is not saved, and the refusal says who it is about; without them it is.
    let refused = manager.is_refused_with(save(seen.levels.clone()), "approvals.may_not_decide").await;
    assert_eq!(refused.fields[0].args.get("names").map(String::as_str), Some("何静"));
    manager.does(save(vec![level(500, &[stays])])).await;
    assert!(flow().await.gone[0].is_empty());

    // Somebody at work who may not any more, alone in the department, is told apart.
    let view = manager.does(GetEmployee { employee: stays }).await;
    let by_department =
        FlowLevel { from_fen: fen(0), by: DecidedBy::Department, department: Some(view.department), employees: Vec::new() };
    manager.does(save(vec![by_department, level(500, &[stays])])).await;
    let name = view.department.to_string();
    manager.does(SaveDepartment { id: view.department, name, permissions: vec![P::BillingRead] }).await;
    let whys: Vec<_> = flow().await.gone.concat().into_iter().map(|one| (one.department.is_some(), one.why)).collect();
    assert_eq!(whys, [(true, Gone::MayNot), (false, Gone::MayNot)]);
}

#[tokio::test]
async fn a_scheme_that_takes_more_off_waits_and_one_that_takes_less_does_not() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (manager, community) = (estate.manager, estate.community);
    let (fee_item, _) = estate.property_fee("2.80").await;
    let may = [P::WaiversRead, P::WaiversWrite, P::ApprovalsRead];
    let (asks, decides) = (anju.employee(&may, &[community]).await, decider(&anju, community).await);
    // Whatever amount was typed: a scheme has none, and every level decides.
    let levels = vec![level(1_000, &[id_of(&decides).await])];
    manager.does(SaveFlow { community, kind: DeedKind::Scheme, levels }).await;
    let schemes = async || manager.does(ListSchemes { community }).await;

    // A new one waits: sent twice it is one request, another body meanwhile is refused, and no run knows of it.
    let save = SaveScheme {
        rules: SchemeRules { who: WhoKind::Everybody, ..half_off(community, fee_item).rules },
        ..half_off(community, fee_item)
    };
    let waits = asks.does(save.clone()).await.waits.unwrap();
    assert_eq!(asks.does(save.clone()).await.waits, Some(waits));
    let other = SaveScheme { reason: "另一个".into(), ..save.clone() };
    asks.is_refused_with(other, "approvals.waits_about").await;
    assert!(schemes().await.is_empty());
    let told = view(&decides, community, waits).await;
    assert_eq!((told.approval.number.as_str(), told.subject, told.bills.len()), (save.name.as_str(), Some(save.scheme.0), 0));
    let relief = told.changes.iter().find(|change| change.what == "waivers-relief").unwrap();
    assert!(relief.before.is_empty() && relief.after[0].read(Language::Chinese) == "减免 50%");
    let fee_items = told.changes.iter().find(|change| change.what == "waivers-fee-items").unwrap();
    assert_eq!(fee_items.after, [Said::name("物业费")]);
    // Who sees one building only sees nothing of it.
    let part: &[(CommunityId, Option<BuildingId>)] = &[(community, Some(estate.buildings[0]))];
    let part = anju.employee_of_buildings(&[P::ApprovalsRead, P::ApprovalsDecide], part).await;
    assert_eq!(part.is_refused(GetApproval { community, approval: waits }).await.status, 404);
    decides.does(agree(community, waits, 1)).await;
    assert_eq!(schemes().await.len(), 1);
    assert_eq!(asks.does(save.clone()).await.waits, None, "it is so already");

    // Less off at once; more off waits, with what changes; nothing else is saved meanwhile, but it may be stopped.
    let percent = |percent: &str| SaveScheme {
        rules: SchemeRules { percent: percent.parse().unwrap(), ..save.rules.clone() },
        ..save.clone()
    };
    assert_eq!(asks.does(percent("30")).await.waits, None);
    let waits = asks.does(percent("80")).await.waits.unwrap();
    let told = view(&asks, community, waits).await;
    let read = |said: &[Said]| said.iter().map(|one| one.read(Language::Chinese)).collect::<Vec<_>>();
    assert_eq!(told.changes.len(), 1);
    assert_eq!(
        (read(&told.changes[0].before), read(&told.changes[0].after)),
        (vec!["减免 30%".to_owned()], vec!["减免 80%".to_owned()])
    );
    asks.is_refused_with(percent("20"), "approvals.waits_about").await;
    let switch = |state| SwitchScheme { community, scheme: save.scheme, state };
    assert_eq!(asks.does(switch(SchemeState::Stopped)).await.waits, None);
    decides.does(agree(community, waits, 1)).await;
    let now = schemes().await.remove(0);
    assert_eq!((now.rules.percent.to_string().as_str(), now.state), ("80", SchemeState::Stopped));

    // Stopped, it is changed at once; applied again, it waits.
    assert_eq!(asks.does(percent("100")).await.waits, None);
    let waits = asks.does(switch(SchemeState::Active)).await.waits.unwrap();
    assert_eq!(asks.does(switch(SchemeState::Active)).await.waits, Some(waits));
    asks.is_refused_with(percent("90"), "approvals.waits_about").await;
    assert_eq!(view(&asks, community, waits).await.changes[0].what, "waivers-state");
    decides.does(agree(community, waits, 1)).await;
    assert_eq!(schemes().await[0].state, SchemeState::Active);
}

#[tokio::test]
async fn taking_a_payment_back_waits_and_is_done_when_it_is_agreed_to() {
    let anju = Anju::start().await;
    let estate = billed(&anju).await;
    let (manager, community) = (estate.manager, estate.community);
    let may = [P::CashierRead, P::CashierVoid, P::ApprovalsRead, P::BillingRead];
    let (asks, decides) = (anju.employee(&may, &[community]).await, decider(&anju, community).await);
    let levels = vec![level(10_000, &[id_of(&decides).await])];
    manager.does(SaveFlow { community, kind: DeedKind::VoidPayment, levels }).await;
    let rows = bills(manager, community).await;
    let small = manager.does(pay(community, &rows[0], 9_999)).await;
    let void = |payment| VoidPayment { community, payment, reason: "收错户".into() };
    let done = asks.does(void(small.payment)).await;
    assert_eq!((done.state, done.waits), (PaymentState::Void, None));

    let large = manager.does(pay(community, &rows[1], 20_000)).await;
    let waits = asks.does(void(large.payment)).await;
    let request = waits.waits.unwrap();
    assert_eq!((waits.state, waits.may_void), (PaymentState::Taken, false));
    assert_eq!(asks.does(void(large.payment)).await.waits, Some(request));
    let told = view(&decides, community, request).await;
    assert_eq!(told.approval.number, large.receipt_number);
    assert_eq!((told.approval.amount_fen, told.bills.len(), told.subject), (fen(20_000), 1, Some(large.payment.0)));
    let mark = WaitingMark { approval: request, kind: DeedKind::VoidPayment };
    assert_eq!(bills(manager, community).await[1].waits, [mark]);
    let search =
        ListApprovals { search: Some(large.receipt_number.clone()), whose: Some(Whose::All), ..ListApprovals::of(community) };
    assert_eq!(decides.does(search).await.rows.len(), 1);
    decides.does(agree(community, request, 1)).await;
    let receipt = manager.does(GetReceipt { community, payment: large.payment }).await;
    assert_eq!((receipt.state, receipt.waits), (PaymentState::Void, None));
    assert_eq!(bills(manager, community).await[1].paid_fen, fen(0));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn what_the_same_person_took_off_the_same_unit_this_month_counts_along() {
    let anju = Anju::start_on("2026-11-10").await;
    let estate = crate::cashier::estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    let (asks, other, decides) = (asker(&anju, community).await, asker(&anju, community).await, decider(&anju, community).await);
    let (asker_id, decider_id) = (id_of(&asks).await, id_of(&decides).await);
    manager.does(SaveFlow { community, kind: DeedKind::Waive, levels: vec![level(20_000, &[decider_id])] }).await;
    for month in ["2026-07", "2026-08", "2026-09", "2026-10"] {
        crate::cashier::bill(&anju, &estate, estate.home, estate.fee, month.parse().unwrap(), 50_000).await;
    }
    crate::cashier::bill(&anju, &estate, estate.neighbour, estate.fee, "2026-10".parse().unwrap(), 50_000).await;
    let of = async |unit, place: usize| {
        let mut rows = bills(manager, community).await;
        rows.retain(|row| row.unit == unit);
        rows.sort_by_key(|row| row.month);
        rows.swap_remove(place)
    };
    let (home, neighbour) = (estate.home, estate.neighbour);

    // 150.00 on one bill is done; 50.00 on the next would make 200.00, and waits, and says why.
    let first = waive(community, &of(home, 0).await, 15_000);
    assert_eq!(asks.does(first.clone()).await.waits, None);
    let waits = asks.does(waive(community, &of(home, 1).await, 5_000)).await.waits.unwrap();
    let told = view(&decides, community, waits).await.approval;
    assert_eq!((told.amount_fen, told.together_fen), (fen(5_000), fen(15_000)));
    // What waits counts as well; neither another person nor another unit does.
    assert_eq!(asks.does(waive(community, &of(neighbour, 0).await, 19_999)).await.waits, None);
    let third = asks.does(waive(community, &of(home, 2).await, 100)).await.waits.unwrap();
    assert_eq!(view(&decides, community, third).await.approval.together_fen, fen(20_000));
    assert_eq!(other.does(waive(community, &of(home, 3).await, 19_999)).await.waits, None);
    // Refused, withdrawn or taken back, it counts no more.
    decides.does(decide(community, waits, 1, Verdict::Refuse)).await;
    asks.does(WithdrawApproval { community, approval: third, note: String::new() }).await;
    assert_eq!(asks.does(waive(community, &of(home, 1).await, 4_999)).await.waits, None);
    asks.does(TakeBackWaiver { community, waiver: first.waiver, reason: "算错".into() }).await;
    assert_eq!(asks.does(waive(community, &of(home, 2).await, 15_000)).await.waits, None);
    asks.does(waive(community, &of(home, 3).await, 1)).await.waits.unwrap();
    anju.the_books_balance().await;

    // Another month begins anew, on another bill.
    let anju = anju.later("2026-12-01").await;
    let asks = signs_in(&anju, asker_id).await;
    let row = bills(&asks, community).await.into_iter().find(|row| row.unit == home && row.waived_fen.is_zero()).unwrap();
    assert_eq!(asks.does(waive(community, &row, 19_999)).await.waits, None);
}

#[tokio::test]
async fn what_was_taken_off_a_bill_counts_no_more_once_that_is_void() {
    let anju = Anju::start_on("2026-11-10").await;
    let estate = crate::cashier::estate(&anju).await;
    let (manager, community) = (anju.manager().await, estate.community);
    let (asks, decides) = (asker(&anju, community).await, decider(&anju, community).await);
    let decider_id = id_of(&decides).await;
    for (kind, from) in [(DeedKind::Waive, 20_000), (DeedKind::Void, 80_000)] {
        manager.does(SaveFlow { community, kind, levels: vec![level(from, &[decider_id])] }).await;
    }
    for month in ["2026-09", "2026-10"] {
        crate::cashier::bill(&anju, &estate, estate.home, estate.fee, month.parse().unwrap(), 50_000).await;
    }
    let mut rows = bills(manager, community).await;
    rows.sort_by_key(|row| row.month);
    let void =
        |row: &BillRow| VoidBills {
            community, request: ApprovalId(Uuid::now_v7()), bills: vec![row.id], reason: "重出".into()
        };
    assert_eq!(asks.does(waive(community, &rows[0], 15_000)).await.waits, None);
    assert_eq!(manager.does(void(&rows[0])).await.waits, None);
    assert_eq!(asks.does(waive(community, &rows[1], 19_999)).await.waits, None);
    // That the first was voided counts.
    manager.does(void(&rows[1])).await.waits.unwrap();
    anju.the_books_balance().await;
}
