//! Meters are put up, read, corrected and imported; their loss is shared out; billing gets usages and shares.

use common::estate::api::{GetUnit, SaveBuilding, SaveUnit};
use common::estate::{Facts, UnitKind};
use common::id::*;
use common::metering::api::*;
use common::metering::apportion::{Method, NegativeLoss, Sharer, Taken, pool, seen, shares};
use common::metering::book::NewReading;
use common::metering::import::{Cures, Index, Options, check};
use common::metering::usage::Mark;
use common::metering::{Oddity, Role, Utility};
use common::period::{Day, Month};
use common::permission::Permission;
use common::quantity::Quantity;
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

use crate::support::{Anju, Person};
use common::api::Method as Verb;

fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}
fn day(text: &str) -> Day {
    text.parse().unwrap()
}
fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// An estate of six homes, one of them vacant, with its fee items.
struct Estate {
    community: CommunityId,
    water: FeeItemId,
    shared: FeeItemId,
    units: Vec<UnitId>,
}

async fn estate(anju: &Anju) -> Estate {
    estate_named(anju, "澜庭花园").await
}

async fn estate_named(anju: &Anju, name: &str) -> Estate {
    let community = anju.community(name).await;
    let (building, water, shared) = (BuildingId(Uuid::now_v7()), FeeItemId(Uuid::now_v7()), FeeItemId(Uuid::now_v7()));
    let db = anju.app.db();
    let run = |sql: &str, values: Vec<sea_orm::Value>| {
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        async move { db.execute_raw(statement).await.unwrap() }
    };
    run(
        "INSERT INTO building (community_id, id, name, sort_key) VALUES ($1, $2, '1栋', '0001')",
        vec![community.into(), building.into()],
    )
    .await;
    for (id, code, name) in [(water, "SF", "水费"), (shared, "GT", "公摊水费")] {
        run(
            "INSERT INTO fee_item (community_id, id, code, name, kind, sort, active) VALUES ($1, $2, $3, $4, 'metered', 1, $5)",
            vec![community.into(), id.into(), code.into(), name.into(), true.into()],
        )
        .await;
    }
    let mut units = Vec::new();
    for number in 1..=6 {
        let unit = UnitId(Uuid::now_v7());
        let code = format!("1-1-010{number}");
        let area = if number == 6 { None } else { Some(quantity(&format!("{}.5", 80 + number))) };
        let state = if number == 5 { "vacant" } else { "occupied" };
        run(
            "INSERT INTO unit (community_id, id, building_id, room, code, label, search_key, sort_key, kind, state, billed_area, heads, facts, created_at) \
             VALUES ($1, $2, $3, $9, $4, $5, $10, $4, 'residence', $6, $7, 2, '{}', $8)",
            vec![community.into(), unit.into(), building.into(), code.clone().into(), format!("1栋1单元010{number}").into(), state.into(), area.into(), anju.app.now().into(), format!("010{number}").into(), format!("11010{number}").into()],
        )
        .await;
        units.push(unit);
    }
    Estate { community, water, shared, units }
}

fn list(estate: &Estate) -> ListMeters {
    ListMeters {
        community: estate.community,
        search: None,
        role: None,
        utility: None,
        building: None,
        unit: None,
        parent: None,
        active: None,
        page: None,
        size: None,
        sort: None,
    }
}

fn enter(estate: &Estate, meter: MeterId, round: &str, on: &str, value: &str) -> EnterReading {
    EnterReading {
        community: estate.community,
        reading: ReadingId(Uuid::now_v7()),
        meter,
        month: month(round),
        day: day(on),
        value: quantity(value),
        mark: None,
        multiplier: None,
        confirmed: true,
        note: String::new(),
    }
}

fn master(estate: &Estate) -> DefineMeter {
    DefineMeter {
        community: estate.community,
        meter: MeterId(Uuid::now_v7()),
        code: "ZB-1".to_owned(),
        role: Role::Master,
        utility: Utility::Water,
        place: "1栋总表".to_owned(),
        unit: None,
        building: None,
        parent: None,
        fee_item: estate.shared,
        multiplier: quantity("10"),
        digits: 5,
        first: Some(FirstReading { value: quantity("100"), day: day("2026-09-20") }),
    }
}

fn homes(estate: &Estate, parent: Option<MeterId>) -> DefineMeters {
    DefineMeters {
        community: estate.community,
        utility: Utility::Water,
        fee_item: estate.water,
        parent,
        prefix: "SB".to_owned(),
        multiplier: Quantity::ONE,
        digits: 5,
        first: Some(FirstReading { value: quantity("50"), day: day("2026-09-20") }),
        building: None,
        kinds: vec![UnitKind::Residence],
    }
}

async fn meter_of(desk: &Person, estate: &Estate, search: &str) -> MeterId {
    let page = desk.asks(ListMeters { search: Some(search.to_owned()), ..list(estate) }).await.unwrap();
    page.rows.first().unwrap().id
}

#[tokio::test]
async fn a_round_is_typed_corrected_and_locked_by_its_bill() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    let made = desk.asks(homes(&estate, None)).await.unwrap();
    assert_eq!((made.made, made.kept), (6, 0));
    assert_eq!(desk.asks(homes(&estate, None)).await.unwrap(), Defined { made: 0, kept: 6 });
    let meter = meter_of(desk, &estate, "sb-1-1-0101").await;

    // Backward without a mark is refused at the field; with a replacement both meters count.
    let refused = desk.asks(enter(&estate, meter, "2026-11", "2026-11-20", "49")).await.unwrap_err();
    assert_eq!(
        refused.fields.first().map(|field| (field.field.as_str(), field.code.as_str())),
        Some(("value", "metering.backward"))
    );
    let refused = desk.asks(enter(&estate, meter, "2026-11", "2026-12-25", "70")).await.unwrap_err();
    assert_eq!(refused.fields.first().map(|field| field.code.as_str()), Some("metering.in_future"));
    let november = enter(&estate, meter, "2026-11", "2026-11-20", "80");
    let row = desk.asks(november.clone()).await.unwrap();
    assert_eq!((row.previous, row.usage), (Some(quantity("50")), Some(quantity("30"))));
    // Sent twice, it is stored once.
    assert_eq!(desk.asks(november.clone()).await.unwrap().id, row.id);

    // October's reading comes late: November's usage is derived anew.
    desk.asks(enter(&estate, meter, "2026-10", "2026-10-20", "62")).await.unwrap();
    let page = desk.asks(ShowMeter { community: estate.community, meter }).await.unwrap();
    let usages: Vec<_> = page.readings.iter().map(|reading| reading.usage).collect();
    assert_eq!(usages, [Some(quantity("18")), Some(quantity("12")), None]);
    let refused = desk.asks(enter(&estate, meter, "2026-10", "2026-10-25", "90")).await.unwrap_err();
    assert_eq!(refused.code, "metering.breaks_next");
    assert_eq!(
        desk.asks(enter(&estate, meter, "2026-10", "2026-10-20", "63"))
            .await
            .unwrap_err()
            .fields
            .first()
            .map(|field| field.code.clone())
            .as_deref(),
        Some("metering.day_taken")
    );

    // Billing takes November, which locks it, and frees it again.
    let period = month("2026-11").period();
    let (usages, none) = backend::metering::usages(anju.app.db(), estate.community, &[estate.water], period).await.unwrap();
    assert_eq!(usages.iter().map(|usage| (usage.unit, usage.usage)).collect::<Vec<_>>(), [(estate.units[0], quantity("18"))]);
    assert_eq!(none.len(), 5);
    let bill = BillId(Uuid::now_v7());
    let work = anju.app.begin_as_system().await.unwrap();
    backend::metering::mark_billed(&work, estate.community, &[(usages[0].readings[0], bill)], &[]).await.unwrap();
    work.commit().await.unwrap();
    let work = anju.app.begin_as_system().await.unwrap();
    let twice = backend::metering::mark_billed(&work, estate.community, &[(usages[0].readings[0], bill)], &[]).await;
    assert_eq!(twice.unwrap_err().into_problem().code, "metering.billed_meanwhile");
    drop(work);
    let correct = CorrectReading {
        community: estate.community,
        reading: row.id,
        day: row.day,
        value: quantity("81"),
        mark: None,
        confirmed: true,
        note: String::new(),
    };
    assert_eq!(desk.asks(correct.clone()).await.unwrap_err().code, "metering.billed");
    assert_eq!(desk.asks(enter(&estate, meter, "2026-10", "2026-10-28", "63")).await.unwrap_err().code, "metering.next_billed");
    let work = anju.app.begin_as_system().await.unwrap();
    backend::metering::free(&work, estate.community, &[bill]).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(desk.asks(correct).await.unwrap().usage, Some(quantity("19")));

    // The meter is exchanged for one with another multiplier.
    let other = meter_of(desk, &estate, "0102").await;
    let replaced = EnterReading {
        mark: Some(Mark::Replaced { old_final: quantity("55"), old_multiplier: Quantity::ONE, new_initial: quantity("1") }),
        multiplier: Some(quantity("2")),
        ..enter(&estate, other, "2026-11", "2026-11-21", "4")
    };
    let wrong = EnterReading {
        multiplier: Some(quantity("-1")),
        mark: Some(Mark::Replaced { old_final: quantity("55"), old_multiplier: Quantity::ZERO, new_initial: quantity("-100") }),
        ..replaced.clone()
    };
    let fields: Vec<_> = desk.is_refused(wrong).await.fields.into_iter().map(|field| field.field).collect();
    assert_eq!(fields, ["mark.old_multiplier", "mark.new_initial", "multiplier"]);
    let earlier =
        EnterReading { day: day("2026-11-10"), reading: ReadingId(Uuid::now_v7()), value: quantity("2"), ..replaced.clone() };
    assert_eq!(desk.does(replaced.clone()).await.usage, Some(quantity("11")));
    let multiplier = async || desk.does(ListMeters { search: Some("0102".to_owned()), ..list(&estate) }).await.rows[0].multiplier;
    assert_eq!(multiplier().await, quantity("2"));
    // Without the replacement it counts as before; and none is put before readings that count otherwise.
    desk.does(DeleteReading { community: estate.community, reading: replaced.reading, reason: "未换表".to_owned() }).await;
    assert_eq!(multiplier().await, Quantity::ONE);
    let plain = EnterReading {
        mark: None,
        multiplier: None,
        reading: ReadingId(Uuid::now_v7()),
        value: quantity("58"),
        ..replaced.clone()
    };
    desk.does(plain.clone()).await;
    desk.is_refused_with(earlier, "metering.later_reading").await;
    desk.does(DeleteReading { community: estate.community, reading: plain.reading, reason: "换表".to_owned() }).await;
    // The very request that made the deleted reading does not bring it back; a new one does.
    assert_eq!(desk.is_refused(replaced.clone()).await.status, 404);
    desk.does(EnterReading { reading: ReadingId(Uuid::now_v7()), ..replaced }).await;

    // Deleting October gives November its usage since the baseline back.
    let october = page.readings.iter().find(|reading| reading.month == month("2026-10")).unwrap().id;
    desk.asks(DeleteReading { community: estate.community, reading: october, reason: "抄错表".to_owned() }).await.unwrap();
    let page = desk.asks(ShowMeter { community: estate.community, meter }).await.unwrap();
    assert_eq!(page.readings.iter().map(|reading| reading.usage).collect::<Vec<_>>(), [Some(quantity("31")), None]);

    let progress = desk.asks(ShowProgress { community: estate.community, month: month("2026-11"), utility: None }).await.unwrap();
    let building = progress.buildings.first().unwrap();
    assert_eq!((building.meters, building.read, building.billed, building.usage), (6, 2, 0, quantity("42")));
    let round = ShowRound {
        community: estate.community,
        month: month("2026-11"),
        building: None,
        utility: None,
        role: None,
        unread: Some(true),
        search: None,
        page: None,
        size: None,
        sort: None,
    };
    assert_eq!(desk.asks(round).await.unwrap().total, Some(4));
}

#[tokio::test]
async fn a_workbook_is_imported_whole_once_and_only_while_nothing_moved() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    desk.asks(homes(&estate, None)).await.unwrap();
    // The template comes back filled in.
    let round = month("2026-11");
    let path = format!("/api/metering/readings/template?community={}&month={round}&language=zh-CN", estate.community);
    let template = common::sheet::read(&desk.sends(Verb::Get, &path, None).await.1).unwrap();
    let sheet = template.sheets.first().unwrap();
    assert_eq!((sheet.name.as_str(), sheet.used_rows()), ("水表", 7));
    let book = desk.asks(OpenBook { community: estate.community, month: round }).await.unwrap();
    let options = Options { month: round, utility: None, day: day("2026-11-20"), today: day("2026-11-23") };
    let csv = "表号,本期读数,抄表日\nSB-1-1-0101,62,2026-11-20\nSB-1-1-0102,61.5,2026-11-20\nSB-1-1-0103,65,2026-11-20\n";
    let done = check(&common::sheet::read(csv.as_bytes()).unwrap(), &Index::new(&book), &options, &Cures::default());
    assert_eq!((done.preview.ready, done.preview.missing), (3, 3));
    // A sheet with a fault comes back with its cell marked.
    let faulty = "表号,本期读数\nSB-1-1-0101,6O\n".as_bytes().to_vec();
    let path =
        format!("/api/metering/readings/remarks?community={}&month={round}&day=2026-11-20&language=zh-CN", estate.community);
    let remarked = common::sheet::read(&desk.sends(Verb::Post, &path, Some(faulty)).await.1).unwrap();
    assert!(remarked.sheets[0].get(1, 2).to_string().contains("第 2 位是「O」"), "{}", remarked.sheets[0].get(1, 2));
    let import = ImportReadings {
        community: estate.community,
        import: ReadingImportId(Uuid::now_v7()),
        file_name: "11月.xlsx".to_owned(),
        month: round,
        rows: done.rows,
    };
    let imported = desk.asks(import.clone()).await.unwrap();
    assert_eq!((imported.readings, imported.review, imported.baselines), (3, 0, 0));
    assert_eq!(desk.asks(import.clone()).await.unwrap(), imported);
    // Another import of the same rows finds them read, and stores nothing.
    let again = ImportReadings { import: ReadingImportId(Uuid::now_v7()), ..import.clone() };
    let refused = desk.asks(again).await.unwrap_err();
    assert_eq!((refused.code.as_str(), refused.fields.len()), ("metering.rows_refused", 3));
    let meter = meter_of(desk, &estate, "0104").await;
    let row = NewReading { meter, previous: Some(quantity("49")), ..import.rows[0].clone() };
    let moved = ImportReadings { import: ReadingImportId(Uuid::now_v7()), rows: vec![row], ..import };
    assert_eq!(
        desk.asks(moved).await.unwrap_err().fields.first().map(|field| field.code.clone()).as_deref(),
        Some("metering.moved")
    );
    let list = ListReadings {
        community: estate.community,
        month: Some(round),
        meter: None,
        building: None,
        role: None,
        utility: None,
        state: None,
        search: None,
        page: None,
        size: None,
        sort: Some("-usage".to_owned()),
    };
    let page = desk.asks(list).await.unwrap();
    assert_eq!(
        page.rows.iter().map(|row| row.usage).collect::<Vec<_>>(),
        [Some(quantity("15")), Some(quantity("12")), Some(quantity("11.5"))]
    );
}

#[tokio::test]
async fn odd_readings_wait_for_a_second_look_before_they_are_billed() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    desk.asks(homes(&estate, None)).await.unwrap();
    let meter = meter_of(desk, &estate, "0101").await;
    for (place, (round, on)) in
        [("2026-09", "2026-09-25"), ("2026-09", "2026-09-30"), ("2026-10", "2026-10-20")].into_iter().enumerate()
    {
        desk.asks(enter(&estate, meter, round, on, &(60 + 10 * place).to_string())).await.unwrap();
    }
    let mut spike = EnterReading { confirmed: false, ..enter(&estate, meter, "2026-11", "2026-11-20", "300") };
    // Two months of past are too few to call anything odd.
    assert_eq!(desk.asks(spike.clone()).await.unwrap().odd, None);
    desk.asks(DeleteReading { community: estate.community, reading: spike.reading, reason: "x".to_owned() }).await.unwrap();
    let august = DefineMeter {
        meter: MeterId(Uuid::now_v7()),
        code: "SB-X".to_owned(),
        role: Role::Household,
        unit: Some(estate.units[1]),
        first: Some(FirstReading { value: quantity("10"), day: day("2026-07-20") }),
        ..master(&estate)
    };
    let august = DefineMeter { fee_item: estate.water, multiplier: Quantity::ONE, ..august };
    desk.asks(august.clone()).await.unwrap();
    for (round, on, value) in [("2026-08", "2026-08-20", "20"), ("2026-09", "2026-09-20", "31"), ("2026-10", "2026-10-20", "40")]
    {
        desk.asks(enter(&estate, august.meter, round, on, value)).await.unwrap();
    }
    spike = EnterReading { confirmed: false, ..enter(&estate, august.meter, "2026-11", "2026-11-20", "100") };
    let row = desk.asks(spike).await.unwrap();
    assert_eq!((row.odd, row.state), (Some(Oddity::Spike), ReadingState::Review));
    let usages = || async {
        backend::metering::usages(anju.app.db(), estate.community, &[estate.water], month("2026-11").period()).await.unwrap()
    };
    // The unit has two meters, and the other one is not read either.
    assert!(usages().await.0.is_empty());
    let second = meter_of(desk, &estate, "SB-1-1-0102").await;
    desk.asks(enter(&estate, second, "2026-11", "2026-11-20", "55")).await.unwrap();
    let (found, none) = usages().await;
    assert!(found.is_empty());
    assert!(
        none.iter().any(|none| none.unit == estate.units[1] && none.reason == common::charging::usage::NoUsageReason::InReview)
    );
    desk.asks(ConfirmReadings { community: estate.community, readings: vec![row.id] }).await.unwrap();
    let (found, _) = usages().await;
    assert_eq!(
        found.iter().map(|usage| (usage.unit, usage.usage, usage.meters.len())).collect::<Vec<_>>(),
        [(estate.units[1], quantity("65"), 2)]
    );
}

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
    let inputs = desk.asks(ShowInputs { community: estate.community, month: round, meter: Some(master.meter) }).await.unwrap();
    let figures = inputs.figures.unwrap();
    let pool = pool(&figures, Taken::Loss, "3.35".parse().unwrap(), NegativeLoss::Stops).unwrap();
    let sharers: Vec<Sharer> = inputs.units.iter().filter(|unit| over.includes(unit)).map(SharerRow::sharer).collect();
    let digest = seen(Some(&figures), pool, &shares(pool, Method::Usage, &sharers).unwrap());
    let share_out = ask(Method::Usage, &over, source(NegativeLoss::Stops), &digest);
    let done = desk.asks(share_out.clone()).await.unwrap();
    assert_eq!((done.units, done.amount.fen()), (6, 2680));
    assert_eq!(desk.asks(share_out.clone()).await.unwrap(), done);
    let page = desk.asks(ShowApportionment { community: estate.community, apportionment: done.apportionment }).await.unwrap();
    assert_eq!(page.shares.iter().map(|share| share.amount.fen()).collect::<Vec<_>>(), [638, 766, 1276, 0, 0, 0]);
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
    backend::metering::hold(&work, estate.community, &[estate.shared]).await.unwrap();
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
        let inputs = desk.does(ShowInputs { community: estate.community, month: round, meter: None }).await;
        let over = Over { buildings: Vec::new(), kinds: vec![], metered: false, vacant: true };
        let pool =
            common::metering::apportion::Pool { quantity: Quantity::ZERO, amount: common::money::Money::from_fen(500_000) };
        let sharers: Vec<Sharer> = inputs.units.iter().map(SharerRow::sharer).collect();
        let digest = shares(pool, method, &sharers).map_or(String::new(), |shares| seen(None, pool, &shares));
        Apportion {
            community: estate.community,
            apportionment: ApportionmentId(Uuid::now_v7()),
            month: round,
            source: Source::Amount { name: name.to_owned(), amount_fen: pool.amount },
            fee_item: estate.shared,
            method,
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
async fn what_is_read_after_a_bill_is_billed_with_the_next() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    desk.does(homes(&estate, None)).await;
    let meter = meter_of(desk, &estate, "0101").await;
    let usages = async |from: &str, to: &str| {
        let period = common::period::Period::new(day(from), day(to)).unwrap();
        let (found, _) = backend::metering::usages(anju.app.db(), estate.community, &[estate.water], period).await.unwrap();
        found
    };
    let bills = async |found: &[common::charging::usage::UsageInput]| {
        let bill = BillId(Uuid::now_v7());
        let readings: Vec<_> = found.iter().flat_map(|used| &used.readings).map(|reading| (*reading, bill)).collect();
        let work = anju.app.begin_as_system().await.unwrap();
        backend::metering::mark_billed(&work, estate.community, &readings, &[]).await.unwrap();
        work.commit().await.unwrap();
    };
    // What another system billed before stays billed by it.
    desk.does(enter(&estate, meter, "2026-09", "2026-09-28", "55")).await;
    desk.does(enter(&estate, meter, "2026-10", "2026-10-20", "60")).await;
    let quarter = usages("2026-09-01", "2026-12-01").await;
    assert!(quarter.is_empty(), "November is not read: its usage could not be added to a quarter's bill");
    let october = usages("2026-10-01", "2026-11-01").await;
    assert_eq!(october.iter().map(|used| used.usage).collect::<Vec<_>>(), [quantity("5")]);
    bills(&october).await;
    // October is read once more, after its bill.
    desk.does(enter(&estate, meter, "2026-10", "2026-10-31", "64")).await;
    assert!(usages("2026-11-01", "2026-12-01").await.is_empty());
    let row = desk.does(enter(&estate, meter, "2026-11", "2026-11-20", "70")).await;
    let november = usages("2026-11-01", "2026-12-01").await;
    assert_eq!(november.iter().map(|used| (used.usage, used.meters.len())).collect::<Vec<_>>(), [(quantity("10"), 2)]);

    // A run has November's reading in hand while somebody deletes it, and another corrects it.
    let bill = BillId(Uuid::now_v7());
    let readings: Vec<_> = november[0].readings.iter().map(|reading| (*reading, bill)).collect();
    let work = anju.app.begin_as_system().await.unwrap();
    backend::metering::hold(&work, estate.community, &[estate.water]).await.unwrap();
    let run = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        backend::metering::mark_billed(&work, estate.community, &readings, &[]).await.unwrap();
        work.commit().await.unwrap();
    };
    let delete = DeleteReading { community: estate.community, reading: row.id, reason: "抄错表".to_owned() };
    let correct = CorrectReading {
        community: estate.community,
        reading: row.id,
        day: row.day,
        value: quantity("80"),
        mark: None,
        confirmed: true,
        note: String::new(),
    };
    let (deleted, corrected, ()) = tokio::join!(desk.asks(delete), desk.asks(correct), run);
    assert_eq!(deleted.unwrap_err().code, "metering.billed");
    assert_eq!(corrected.unwrap_err().code, "metering.billed");
}

#[tokio::test]
async fn meters_come_from_a_workbook_and_every_wrong_name_is_told_by_its_cell() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    let sheet = "表号,用途,表类型,房屋,位置,总表,费用项,倍率,底数,底数日期\n\
            ZB-2,总表,水表,,1栋,,公摊水费,10,1,2026-09-20\n\
            SB-9,户表,水表,1-1-0101,,ZB-2,水费,,5,2026-09-20\n";
    let read = |text: &str| common::metering::import_meters::check(&common::sheet::read(text.as_bytes()).unwrap()).rows;
    let ask = ImportMeters {
        community: estate.community,
        import: ReadingImportId(Uuid::now_v7()),
        file_name: "表.csv".to_owned(),
        rows: read(sheet),
    };
    assert_eq!(desk.asks(ask.clone()).await.unwrap().made, 2);
    assert_eq!(desk.asks(ask.clone()).await.unwrap().made, 2);
    let wrong = "表号,表类型,房屋,总表,费用项\nSB-9,水表,1-1-0101,,水费\nSB-10,水表,9-9-9999,ZB-9,气费\n";
    let refused =
        desk.asks(ImportMeters { import: ReadingImportId(Uuid::now_v7()), rows: read(wrong), ..ask }).await.unwrap_err();
    let told: Vec<(&str, &str)> = refused.fields.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect();
    assert_eq!(
        told,
        [
            ("A2", "metering.code_taken"),
            ("A3", "metering.no_such_unit"),
            ("A3", "metering.no_such_fee_item"),
            ("A3", "metering.no_such_master")
        ]
    );
    let page = desk.asks(ListMeters { unit: Some(estate.units[0]), ..list(&estate) }).await.unwrap();
    assert_eq!(page.rows.first().map(|row| (row.parent_code.as_deref(), row.value)), Some((Some("ZB-2"), Some(quantity("5")))));
    let meter = page.rows.first().unwrap().id;
    desk.asks(RetireMeter { community: estate.community, meter, active: false }).await.unwrap();
    assert_eq!(desk.asks(ListMeters { active: Some(true), ..list(&estate) }).await.unwrap().total, Some(1));
}

#[tokio::test]
async fn meters_and_readings_go_home_as_workbooks_and_come_back() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let (here, there) = (estate(&anju).await, estate_named(&anju, "青枫里").await);
    let master = DefineMeter { place: "1栋,总表".to_owned(), ..master(&here) };
    desk.does(master.clone()).await;
    desk.does(homes(&here, Some(master.meter))).await;
    let meter = meter_of(desk, &here, "0104").await;
    desk.does(enter(&here, meter, "2026-10", "2026-10-20", "62.5")).await;
    let fetch = async |path: String| {
        let (status, bytes) = desk.sends(Verb::Get, &path, None).await;
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&bytes));
        common::sheet::read(&bytes).unwrap()
    };
    for language in ["zh-CN", "en"] {
        let path = format!("/api/metering/meters/export.xlsx?community={}&sort=code&language={language}", here.community);
        let read = common::metering::import_meters::check(&fetch(path).await);
        assert_eq!((read.rows.len(), read.problems.as_slice()), (7, &[][..]));
        let last = read.rows.iter().find(|row| row.unit.as_deref() == Some("1-1-0104")).unwrap();
        assert_eq!(last.first, Some(FirstReading { value: quantity("62.5"), day: day("2026-10-20") }));
        assert_eq!((last.parent.as_deref(), read.rows.last().unwrap().place.as_str()), (Some("ZB-1"), "1栋,总表"));
        if language == "en" {
            let ask = ImportMeters {
                community: there.community,
                import: ReadingImportId(Uuid::now_v7()),
                file_name: "Meters.xlsx".to_owned(),
                rows: read.rows,
            };
            assert_eq!(desk.does(ask).await.made, 7);
        }
    }
    // October there begins where it ended here; November is read here and imported there.
    desk.does(enter(&here, meter, "2026-11", "2026-11-20", "71")).await;
    let path = format!("/api/metering/readings/export.xlsx?community={}&month=2026-11&utility=water", here.community);
    let book = fetch(path).await;
    assert_eq!(book.sheets[0].get(2, 10).to_string(), "8.5", "the usage is added up");
    let known = desk.does(OpenBook { community: there.community, month: month("2026-11") }).await;
    let options = Options { month: month("2026-11"), utility: None, day: day("2026-11-23"), today: day("2026-11-23") };
    let done = check(&book, &Index::new(&known), &options, &Cures::default());
    assert_eq!((done.preview.read, done.preview.bad, done.rows.len()), (1, 0, 1));
    assert_eq!((done.rows[0].value, done.rows[0].day), (quantity("71"), day("2026-11-20")));
    let elsewhere = anju.employee(&[Permission::MeteringRead], &[there.community]).await;
    let path = format!("/api/metering/meters/export.xlsx?community={}", here.community);
    assert_eq!(elsewhere.sends(Verb::Get, &path, None).await.0, 404);
}

#[tokio::test]
async fn meters_of_other_buildings_are_out_of_sight() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    desk.asks(homes(&estate, None)).await.unwrap();
    let elsewhere = BuildingId(Uuid::now_v7());
    let permissions = [common::permission::Permission::MeteringRead, common::permission::Permission::MeteringWrite];
    let other = anju.employee_of_buildings(&permissions, &[(estate.community, Some(elsewhere))]).await;
    assert_eq!(other.does(list(&estate)).await.total, Some(0));
    let meter = meter_of(desk, &estate, "0101").await;
    assert_eq!(other.is_refused(ShowMeter { community: estate.community, meter }).await.status, 404);
    assert_eq!(other.is_refused(enter(&estate, meter, "2026-11", "2026-11-20", "80")).await.status, 404);
    assert!(other.does(OpenBook { community: estate.community, month: month("2026-11") }).await.meters.is_empty());

    // The home moves to that building, and its meters with it; renamed, they are listed where it stands.
    let community = estate.community;
    let building = SaveBuilding { community, building: elsewhere, name: "9".to_owned(), entrances: vec![] };
    desk.does(building.clone()).await;
    let unit = desk.does(ShowMeter { community, meter }).await.meter.unit.unwrap().id;
    let home = desk.does(GetUnit { community, unit }).await;
    let moved = SaveUnit {
        community,
        unit,
        building: Some(elsewhere),
        entrance: None,
        floor: home.floor,
        room: "101".to_owned(),
        kind: home.kind,
        state: home.state,
        billed_area: home.billed_area,
        inner_area: None,
        heads: None,
        layout: None,
        decoration: None,
        handed_over: None,
        property_value_fen: None,
        facts: Facts::default(),
    };
    desk.does(moved).await;
    assert_eq!(other.does(list(&estate)).await.total, Some(1));
    desk.does(SaveBuilding { name: "12".to_owned(), ..building }).await;
    let stale = "SELECT COUNT(*) FROM meter m JOIN unit u ON u.id = m.unit_id WHERE u.sort_key <> m.sort_key";
    assert_eq!(anju.counts(stale).await, 0);
}
