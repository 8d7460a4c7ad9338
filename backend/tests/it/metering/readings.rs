//! Readings are typed, corrected, looked at again, and locked by their bill.

use crate::support::Anju;
use common::api::Method as Verb;
use common::charging::rate::Counted;
use common::id::*;
use common::metering::api::*;
use common::metering::usage::Mark;
use common::metering::{Oddity, Role};
use common::permission::Permission;
use common::quantity::Quantity;
use uuid::Uuid;

use super::{day, enter, estate, homes, list, master, meter_of, month, quantity};

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
    let (usages, none) =
        backend::metering::usages(anju.app.db(), estate.community, backend::metering::Metered::Own(&[estate.water]), period)
            .await
            .unwrap();
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
        meter: None,
        unread: Some(true),
        round: None,
        part: None,
        reader: None,
        standing: None,
        search: None,
        page: None,
        size: None,
        sort: None,
    };
    assert_eq!(desk.asks(round).await.unwrap().total, Some(4));
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
        backend::metering::usages(
            anju.app.db(),
            estate.community,
            backend::metering::Metered::Own(&[estate.water]),
            month("2026-11").period(),
        )
        .await
        .unwrap()
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
async fn what_is_read_after_a_bill_is_billed_with_the_next() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    desk.does(homes(&estate, None)).await;
    let meter = meter_of(desk, &estate, "0101").await;
    let usages = async |from: &str, to: &str| {
        let period = common::period::Period::new(day(from), day(to)).unwrap();
        let (found, _) =
            backend::metering::usages(anju.app.db(), estate.community, backend::metering::Metered::Own(&[estate.water]), period)
                .await
                .unwrap();
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
    backend::metering::hold(&work, estate.community, &[estate.water], &[]).await.unwrap();
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
async fn the_registers_of_a_meter_are_read_and_billed_apart() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    let registers = vec![Counted::Peak, Counted::Valley];
    let made = desk.does(DefineMeters { registers, ..homes(&estate, None) }).await;
    assert_eq!((made.made, made.kept), (12, 0), "two rows for each of six homes");
    for (code, value) in [("SB-1-1-0101-2", "130"), ("SB-1-1-0101-4", "70.5")] {
        let meter = meter_of(desk, &estate, code).await;
        desk.does(enter(&estate, meter, "2026-11", "2026-11-20", value)).await;
    }
    let rows = desk.does(ListMeters { unit: Some(estate.units[0]), ..list(&estate) }).await.rows;
    assert_eq!(rows.iter().map(|row| row.register).collect::<Vec<_>>(), [Counted::Peak, Counted::Valley]);
    // A meter that counts all beside them would count twice.
    let whole = DefineMeter {
        code: "SB-0101".to_owned(),
        role: Role::Household,
        unit: Some(estate.units[0]),
        fee_item: estate.water,
        ..master(&estate)
    };
    let refused = desk.asks(whole).await.unwrap_err();
    assert_eq!((refused.fields[0].field.as_str(), refused.fields[0].code.as_str()), ("register", "metering.mixed_registers"));
    let twice = DefineMeters { registers: vec![Counted::Peak, Counted::Peak], ..homes(&estate, None) };
    assert_eq!(desk.asks(twice).await.unwrap_err().fields[0].code, "metering.mixed_registers");
    let period = month("2026-11").period();
    let (found, _) =
        backend::metering::usages(anju.app.db(), estate.community, backend::metering::Metered::Own(&[estate.water]), period)
            .await
            .unwrap();
    let used = found.iter().find(|used| used.unit == estate.units[0]).unwrap();
    assert_eq!(used.usage, quantity("100.5"));
    let counted: Vec<_> = used.registers.iter().map(|one| (one.register, one.usage)).collect();
    assert_eq!(counted, [(Counted::Peak, quantity("80")), (Counted::Valley, quantity("20.5"))]);
}

#[tokio::test]
async fn what_nobody_read_is_estimated_once_and_evened_out_by_the_next_reading() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    desk.does(homes(&estate, None)).await;
    let meter = meter_of(desk, &estate, "0101").await;
    let other = meter_of(desk, &estate, "0102").await;
    let rounds = [("2026-09", "2026-09-30", "60"), ("2026-10", "2026-10-10", "72"), ("2026-10", "2026-10-31", "83")];
    for (round, on, value) in rounds {
        desk.does(enter(&estate, meter, round, on, value)).await;
    }
    desk.does(enter(&estate, other, "2026-10", "2026-10-31", "61")).await;
    let ask = EstimateReadings {
        community: estate.community,
        estimate: ReadingImportId(Uuid::now_v7()),
        month: month("2026-11"),
        day: day("2026-11-20"),
        building: None,
        utility: None,
        reason: "多日无人应门".to_owned(),
    };
    // The past of two months says too little for anybody.
    let done = desk.does(ask.clone()).await;
    assert_eq!((done.made, done.left), (0, 6));
    desk.does(enter(&estate, meter, "2026-08", "2026-09-25", "55")).await;
    let again = EstimateReadings { estimate: ReadingImportId(Uuid::now_v7()), ..ask.clone() };
    let done = desk.does(again.clone()).await;
    assert_eq!((done.made, done.left), (1, 5), "5, 5 and 23: 11 more than 83");
    assert_eq!(desk.does(again).await, done, "sent twice, it is one estimate");
    let page = desk.does(ShowMeter { community: estate.community, meter }).await;
    let reading = &page.readings[0];
    assert_eq!((reading.estimated, reading.value, reading.usage), (true, quantity("94"), Some(quantity("11"))));
    assert_eq!(reading.note, "多日无人应门");
    let period = month("2026-11").period();
    let (found, _) =
        backend::metering::usages(anju.app.db(), estate.community, backend::metering::Metered::Own(&[estate.water]), period)
            .await
            .unwrap();
    assert_eq!(found[0].meters[0].mark, Some(common::charging::usage::MeterMark::Estimated));
    // Whoever corrects it has looked.
    let corrected = CorrectReading {
        community: estate.community,
        reading: reading.id,
        day: reading.day,
        value: quantity("91"),
        mark: None,
        confirmed: true,
        note: String::new(),
    };
    assert!(!desk.does(corrected).await.estimated);
}

#[tokio::test]
async fn a_reading_that_waits_is_shown_beside_its_past_with_its_photo() {
    let anju = Anju::start_on("2026-11-23").await;
    let desk = anju.manager().await;
    let estate = estate(&anju).await;
    desk.does(homes(&estate, None)).await;
    let meter = meter_of(desk, &estate, "0101").await;
    for (round, on, value) in [("2026-08", "2026-09-25", "60"), ("2026-09", "2026-09-30", "72"), ("2026-10", "2026-10-31", "83")]
    {
        desk.does(enter(&estate, meter, round, on, value)).await;
    }
    let spike = EnterReading { confirmed: false, ..enter(&estate, meter, "2026-11", "2026-11-20", "200") };
    desk.does(spike.clone()).await;
    let ask = ListReviews {
        community: estate.community,
        month: Some(month("2026-11")),
        building: None,
        utility: None,
        page: None,
        size: None,
        sort: None,
    };
    let page = desk.does(ask.clone()).await;
    let row = &page.rows[0];
    assert_eq!((page.total, row.reading.usage, row.usual), (Some(1), Some(quantity("117")), Some(quantity("11"))));
    assert_eq!(row.past[8..], [Some(quantity("10")), Some(quantity("12")), Some(quantity("11"))]);

    let address = format!("/api/metering/readings/photo?community={}&reading={}", estate.community, spike.reading);
    assert_eq!(desk.sends(Verb::Post, &address, Some(b"GIF89a".to_vec())).await.0, 422);
    let photo = [&[0xff, 0xd8, 0xff], &b"what the meter showed"[..]].concat();
    assert_eq!(desk.sends(Verb::Post, &address, Some(photo.clone())).await.0, 204);
    assert_eq!(desk.sends(Verb::Post, &address, Some(photo.clone())).await.0, 204, "another one takes its place");
    assert_eq!(desk.sends(Verb::Get, &address, None).await, (axum::http::StatusCode::OK, photo));
    assert!(desk.does(ask.clone()).await.rows[0].reading.photo);
    let reader = anju.employee(&[Permission::MeteringRead], &[estate.community]).await;
    assert_eq!(reader.sends(Verb::Post, &address, Some(vec![0xff, 0xd8, 0xff])).await.0, 403);
    let elsewhere = anju.community("别处").await;
    let stranger = anju.employee(&[Permission::MeteringRead, Permission::MeteringWrite], &[elsewhere]).await;
    assert_eq!(stranger.sends(Verb::Get, &address, None).await.0, 404);
    // The photo goes with the reading.
    desk.does(DeleteReading { community: estate.community, reading: spike.reading, reason: "抄错表".to_owned() }).await;
    assert_eq!(desk.sends(Verb::Get, &address, None).await.0, 404);
}
