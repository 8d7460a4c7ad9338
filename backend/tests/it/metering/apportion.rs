//! What is lost or an amount is shared out, once and to the fen.

use crate::support::Anju;
use common::estate::UnitKind;
use common::estate::api::SetHeads;
use common::id::*;
use common::metering::Utility;
use common::metering::api::*;
use common::metering::apportion::{Method, NegativeLoss, Sharer, Taken, pool, seen, shares, weights_formula};
use common::quantity::Quantity;
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

use super::{day, enter, estate, homes, master, meter_of, month, quantity};

#[tokio::test]
async fn a_loss_is_shared_out_as_seen_and_taken_back_while_nothing_is_billed() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    let master = master(&estate);
    desk.asks(master.clone()).await.unwrap();
    desk.asks(homes(&estate, Some(master.meter))).await.unwrap();
    let round = month("2026-11");
    for (number, value) in [("0101", "60"), ("0102", "62"), ("0103", "70"), ("0104", "50"), ("0105", "50")] {
        let meter = meter_of(desk, &estate, number).await;
        desk.asks(enter(&estate, meter, "2026-11", "2026-11-20", value)).await.unwrap();
    }
    desk.asks(enter(&estate, master.meter, "2026-11", "2026-11-20", "104")).await.unwrap();
    // (104 − 100) × 10 = 40 is less than the homes' 42: it stops with the figures, unless taken as zero.
    let losses = desk.asks(ShowLoss { community: estate.community, month: round }).await.unwrap();
    let loss = losses.first().unwrap();
    assert_eq!(
        (loss.figures.master, loss.figures.household, loss.figures.loss, loss.sub_meters, loss.unread),
        (quantity("40"), quantity("42"), quantity("-2"), 6, 1)
    );
    let mut over = Over { buildings: Vec::new(), kinds: vec![UnitKind::Residence], metered: true, vacant: false };
    let source = |negative| Source::Meter { meter: master.meter, taken: Taken::Loss, price: "3.35".parse().unwrap(), negative };
    let ask = |method, over: &Over, source, seen: &str| Apportion {
        community: estate.community,
        apportionment: ApportionmentId(Uuid::now_v7()),
        month: round,
        source,
        fee_item: estate.shared,
        method,
        formula: String::new(),
        over: over.clone(),
        unread: 1,
        review: 0,
        seen: seen.to_owned(),
    };
    let refused = desk.asks(ask(Method::Household, &over, source(NegativeLoss::Stops), "")).await.unwrap_err();
    assert_eq!((refused.code.as_str(), refused.args.get("loss").map(String::as_str)), ("metering.loss_negative", Some("-2")));
    let refused = desk.asks(ask(Method::Household, &over, source(NegativeLoss::IsZero), "")).await.unwrap_err();
    assert_eq!(refused.code, "metering.pool_empty");

    // The master was misread: corrected, the loss is 8.
    let reading = desk.asks(ShowMeter { community: estate.community, meter: master.meter }).await.unwrap().readings[0].id;
    desk.asks(CorrectReading {
        community: estate.community,
        reading,
        day: day("2026-11-20"),
        value: quantity("105"),
        mark: None,
        confirmed: true,
        note: String::new(),
    })
    .await
    .unwrap();
    let refused = desk.asks(ask(Method::Area, &over, source(NegativeLoss::Stops), "")).await.unwrap_err();
    assert_eq!(
        (refused.code.as_str(), refused.args.get("units").map(String::as_str)),
        ("metering.weight_missing", Some("1-1-0106"))
    );
    // The sixth home is not read: whoever shares out has seen that.
    let blind = Apportion { unread: 0, ..ask(Method::Usage, &over, source(NegativeLoss::Stops), "") };
    let refused = desk.asks(blind).await.unwrap_err();
    assert_eq!((refused.code.as_str(), refused.args.get("unread").map(String::as_str)), ("metering.pool_incomplete", Some("1")));
    let refused = desk.asks(ask(Method::Usage, &over, source(NegativeLoss::Stops), "stale")).await.unwrap_err();
    assert_eq!((refused.code.as_str(), refused.args.get("quantity").map(String::as_str)), ("metering.moved_pool", Some("8")));

    // The browser computes the very digest that the server accepts.
    over.vacant = true;
    let inputs = desk
        .asks(ShowInputs { community: estate.community, month: round, meter: Some(master.meter), method: None })
        .await
        .unwrap();
    let figures = inputs.figures.unwrap();
    let pool = pool(&figures, Taken::Loss, "3.35".parse().unwrap(), NegativeLoss::Stops).unwrap();
    let sharers: Vec<Sharer> = inputs.units.iter().filter(|unit| over.includes(unit)).map(SharerRow::sharer).collect();
    let digest = seen(Some(&figures), pool, &shares(pool, Method::Usage, None, &sharers).unwrap());
    let share_out = ask(Method::Usage, &over, source(NegativeLoss::Stops), &digest);
    let done = desk.asks(share_out.clone()).await.unwrap();
    assert_eq!((done.units, done.amount.fen()), (6, 2680));
    assert_eq!(desk.asks(share_out.clone()).await.unwrap(), done);
    let page = desk.asks(ShowApportionment { community: estate.community, apportionment: done.apportionment }).await.unwrap();
    assert_eq!(page.shares.iter().map(|share| share.amount.fen()).collect::<Vec<_>>(), [638, 766, 1276, 0, 0, 0]);
    assert_eq!((page.apportionment.units, page.apportionment.charged, page.apportionment.billed), (6, 3, 0));
    assert_eq!(page.over, over);
    let again = Apportion { apportionment: ApportionmentId(Uuid::now_v7()), ..share_out.clone() };
    assert_eq!(desk.asks(again.clone()).await.unwrap_err().code, "metering.pool_shared");

    // Billing takes the shares; the pool can't be taken back before they are free again.
    let found = backend::metering::shares(anju.app.db(), estate.community, &[estate.shared], round.period()).await.unwrap();
    assert_eq!(found.iter().map(|share| share.amount_fen.fen()).sum::<i64>(), 2680);
    let bill = BillId(Uuid::now_v7());
    // Shares of nothing get no bill.
    let billed: Vec<_> = found
        .iter()
        .filter(|share| share.amount_fen.is_positive())
        .map(|share| (share.apportionment, share.unit, bill))
        .collect();
    let cancel =
        CancelApportionment { community: estate.community, apportionment: done.apportionment, reason: "重抄".to_owned() };
    // A run has the pool in hand while somebody takes it back: the run was first.
    let work = anju.app.begin_as_system().await.unwrap();
    backend::metering::hold(&work, estate.community, &[estate.shared], &[]).await.unwrap();
    let run = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        backend::metering::mark_billed(&work, estate.community, &[], &billed).await.unwrap();
        work.commit().await.unwrap();
    };
    let (refused, ()) = tokio::join!(desk.asks(cancel.clone()), run);
    assert_eq!(refused.unwrap_err().code, "metering.pool_billed");
    let states = async || {
        let listed = ListApportionments {
            community: estate.community,
            month: Some(round),
            state: None,
            page: None,
            size: None,
            sort: None,
        };
        let mut states: Vec<_> = desk.does(listed).await.rows.iter().map(|row| row.state).collect();
        states.sort();
        states
    };
    assert_eq!(states().await, [ApportionmentState::Billed]);
    // What the master showed can't change under those bills.
    let unread = DeleteReading { community: estate.community, reading, reason: "x".to_owned() };
    assert_eq!(desk.asks(unread).await.unwrap_err().code, "metering.pool_billed");
    assert_eq!(desk.asks(cancel.clone()).await.unwrap_err().code, "metering.pool_billed");
    assert_eq!(desk.asks(again.clone()).await.unwrap_err().code, "metering.pool_billed");
    let work = anju.app.begin_as_system().await.unwrap();
    backend::metering::free(&work, estate.community, &[bill]).await.unwrap();
    work.commit().await.unwrap();
    desk.asks(cancel).await.unwrap();
    // Nobody bills what was taken back, even if he saw it before.
    let work = anju.app.begin_as_system().await.unwrap();
    let late = backend::metering::mark_billed(&work, estate.community, &[], &billed).await;
    assert_eq!(late.unwrap_err().into_problem().code, "metering.billed_meanwhile");
    drop(work);
    desk.asks(again).await.unwrap();
    assert_eq!(states().await, [ApportionmentState::Open, ApportionmentState::Cancelled]);
    let home = desk.takes_home(&format!("/api/metering/apportionments/export.xlsx?community={}", estate.community)).await;
    assert_eq!(home.iter().map(|row| row.iter().any(|cell| cell == "26.8")).collect::<Vec<_>>(), [false, true, true, false]);
}

#[tokio::test]
async fn an_amount_is_shared_out_once_a_month_and_over_homes_whose_heads_are_known() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    let round = month("2026-11");
    let share_out = async |name: &str, method| {
        let inputs = desk.does(ShowInputs { community: estate.community, month: round, meter: None, method: None }).await;
        let over = Over { buildings: Vec::new(), kinds: vec![], metered: false, vacant: true };
        let pool =
            common::metering::apportion::Pool { quantity: Quantity::ZERO, amount: common::money::Money::from_fen(500_000) };
        let sharers: Vec<Sharer> = inputs.units.iter().map(SharerRow::sharer).collect();
        let digest = shares(pool, method, None, &sharers).map_or(String::new(), |shares| seen(None, pool, &shares));
        Apportion {
            community: estate.community,
            apportionment: ApportionmentId(Uuid::now_v7()),
            month: round,
            source: Source::Amount { name: name.to_owned(), amount_fen: pool.amount },
            fee_item: estate.shared,
            method,
            formula: String::new(),
            over,
            unread: 0,
            review: 0,
            seen: digest,
        }
    };
    // Two desks at once: one is told that it is done.
    let (first, second) = (share_out("电梯维保", Method::Household).await, share_out("电梯维保 ", Method::Household).await);
    let (first, second) = tokio::join!(desk.asks(first), desk.asks(second));
    assert!(first.is_ok() != second.is_ok(), "{first:?}, {second:?}");
    assert_eq!(first.err().or(second.err()).map(|problem| problem.code).as_deref(), Some("metering.pool_shared"));
    desk.does(share_out("二次供水", Method::Household).await).await;

    // People who come on the 16th of the month count from the next one on, whenever it is shared out.
    let heads = async |round| {
        let asked = ShowInputs { community: estate.community, month: round, meter: None, method: None };
        let units = desk.does(asked).await.units;
        units.into_iter().find(|row| row.unit.id == estate.units[1]).unwrap().heads
    };
    let before = heads(round).await;
    desk.does(SetHeads { community: estate.community, unit: estate.units[1], heads: Some(9), from_day: day("2026-11-16") }).await;
    assert_eq!((heads(round).await, heads(month("2026-12")).await), (before, Some(9)));

    // Of two homes nobody wrote down how many live there; one of them stands empty.
    let unknown = Statement::from_sql_and_values(
        anju.app.db().get_database_backend(),
        "UPDATE unit SET heads = NULL WHERE community_id = $1 AND id IN ($2, $3)",
        [estate.community.into(), estate.units[0].into(), estate.units[4].into()],
    );
    anju.app.db().execute_raw(unknown).await.unwrap();
    let refused = desk.is_refused(share_out("垃圾清运", Method::Head).await).await;
    assert_eq!(
        (refused.code.as_str(), refused.args.get("units").map(String::as_str)),
        ("metering.weight_missing", Some("1-1-0101"))
    );
}

#[tokio::test]
async fn each_level_of_master_meters_has_its_loss_and_the_top_shares_out_over_all_homes_below() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    let (top, below) = (master(&estate), master(&estate));
    let top = DefineMeter { code: "ZB-0".to_owned(), multiplier: Quantity::ONE, ..top };
    let below = DefineMeter { parent: Some(top.meter), multiplier: Quantity::ONE, ..below };
    desk.does(top.clone()).await;
    desk.does(below.clone()).await;
    desk.does(homes(&estate, Some(below.meter))).await;
    for (number, value) in [("0101", "60"), ("0102", "62")] {
        let meter = meter_of(desk, &estate, number).await;
        desk.does(enter(&estate, meter, "2026-11", "2026-11-20", value)).await;
    }
    desk.does(enter(&estate, below.meter, "2026-11", "2026-11-20", "125")).await;
    desk.does(enter(&estate, top.meter, "2026-11", "2026-11-20", "130.5")).await;
    // Homes 10 + 12 = 22 of the lower master's 25; the upper counted 30.5 of which 25 flowed on.
    let tree = desk.does(ShowTree { community: estate.community, utility: Utility::Water, month: month("2026-11") }).await;
    let nodes: Vec<_> = tree.nodes.iter().map(|node| (node.code.as_str(), node.depth, node.households)).collect();
    assert_eq!(nodes, [("ZB-0", 0, 0), ("ZB-1", 1, 6)]);
    let losses: Vec<_> = tree.nodes.iter().map(|node| node.months.last().unwrap().loss).collect();
    assert_eq!(losses, [Some(quantity("5.5")), Some(quantity("3"))]);
    let inputs = desk
        .does(ShowInputs { community: estate.community, month: month("2026-11"), meter: Some(top.meter), method: None })
        .await;
    let used: Vec<_> = inputs.units.iter().filter(|unit| !unit.usage.is_zero()).map(|unit| unit.usage).collect();
    assert_eq!(used, [quantity("10"), quantity("12")]);
    assert!(inputs.units.iter().all(|unit| unit.metered));
    // By formula: only homes that used something pay for the upper loss, by their area.
    let asked = ShowInputs {
        community: estate.community,
        month: month("2026-11"),
        meter: Some(top.meter),
        method: Some(Method::Formula),
    };
    let inputs = desk.does(asked).await;
    let over = Over { buildings: Vec::new(), kinds: Vec::new(), metered: true, vacant: true };
    let text = "if(用量 > 0, 面积, 0)";
    let figures = inputs.figures.unwrap();
    let pool = pool(&figures, Taken::Loss, "3.35".parse().unwrap(), NegativeLoss::Stops).unwrap();
    let sharers: Vec<Sharer> = inputs.units.iter().map(SharerRow::sharer).collect();
    let formula = weights_formula(Method::Formula, text, &[]).unwrap();
    let made = shares(pool, Method::Formula, formula.as_ref(), &sharers).unwrap();
    let ask = Apportion {
        community: estate.community,
        apportionment: ApportionmentId(Uuid::now_v7()),
        month: month("2026-11"),
        source: Source::Meter {
            meter: top.meter,
            taken: Taken::Loss,
            price: "3.35".parse().unwrap(),
            negative: NegativeLoss::Stops,
        },
        fee_item: estate.shared,
        method: Method::Formula,
        formula: text.to_owned(),
        over,
        unread: 4,
        review: 0,
        seen: seen(Some(&figures), pool, &made),
    };
    // Four homes one level down are not read: whoever has not seen that shares nothing out.
    let losses = desk.does(ShowLoss { community: estate.community, month: month("2026-11") }).await;
    assert_eq!(losses.iter().map(|loss| (loss.code.as_str(), loss.unread)).collect::<Vec<_>>(), [("ZB-0", 4), ("ZB-1", 4)]);
    let blind = Apportion { unread: 3, apportionment: ApportionmentId(Uuid::now_v7()), ..ask.clone() };
    assert_eq!(desk.asks(blind).await.unwrap_err().code, "metering.pool_incomplete");
    // The sixth home has no area: a formula that asks for it stops there, and says where.
    let bare = Apportion { formula: "面积".to_owned(), apportionment: ApportionmentId(Uuid::now_v7()), ..ask.clone() };
    let refused = desk.asks(bare).await.unwrap_err();
    assert_eq!((refused.code.as_str(), refused.args["unit"].as_str()), ("metering.formula_of_unit", "1-1-0106"));
    let unknown =
        Apportion { formula: "充电桩 × 2".to_owned(), apportionment: ApportionmentId(Uuid::now_v7()), ..ask.clone() };
    assert_eq!(desk.asks(unknown).await.unwrap_err().fields[0].code, "formula.unknown");
    let broken = Apportion { formula: "面积 ×".to_owned(), apportionment: ApportionmentId(Uuid::now_v7()), ..ask.clone() };
    assert_eq!(desk.asks(broken).await.unwrap_err().code, "metering.formula");
    assert_eq!(desk.does(ask.clone()).await.amount, pool.amount);
    let shared = desk.does(ShowApportionment { community: estate.community, apportionment: ask.apportionment }).await;
    assert_eq!((shared.apportionment.method, shared.apportionment.formula.as_str()), (Method::Formula, text));
    // A circle is refused.
    let refused = desk.asks(DefineMeter { parent: Some(below.meter), first: None, ..top }).await.unwrap_err();
    assert_eq!(refused.fields[0].code, "metering.own_parent");
}
