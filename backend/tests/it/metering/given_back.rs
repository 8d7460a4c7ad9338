//! A true reading below an estimate that is billed is taken as it is: what was billed too much is given back.

use common::billing::api::{GetBill, GetRunInputs, ListBills, RunState};
use common::billing::plan::SkipReason;
use common::charging::api::{Earlier, PriceScope, SetPrice};
use common::charging::rate::Counted;
use common::charging::tariff::{FeeItemKind, Mode};
use common::charging::trace::Basis;
use common::estate::UnitKind;
use common::id::{CommunityId, FeeItemId, MeterId, ReadingId, ReadingImportId, TariffId};
use common::metering::Utility;
use common::metering::api::{DefineMeters, EnterReading, EstimateReadings, FirstReading, ListMeters, MeterRow, OpenBook};
use common::quantity::Quantity;
use uuid::Uuid;

use super::{day, month, quantity};
use crate::billing::{generated, october, seen};
use crate::charging::Estate;
use crate::support::Anju;

pub(super) fn read(community: CommunityId, meter: MeterId, on: &str, value: &str) -> EnterReading {
    EnterReading {
        community,
        reading: ReadingId(Uuid::now_v7()),
        meter,
        month: month(&on[..7]),
        day: day(on),
        value: quantity(value),
        mark: None,
        multiplier: None,
        confirmed: true,
        note: String::new(),
        round: None,
        reread: None,
    }
}

/// Water by usage at 2.90 yuan since January, for which nobody is charged yet.
async fn water_at_2_90(estate: &Estate<'_>) -> (FeeItemId, TariffId) {
    let water = estate.fee_item("水费", FeeItemKind::Water).await;
    let tariff = estate.tariff(water, "居民水费", Mode::Usage).await;
    estate.manager.does(estate.price(tariff, PriceScope::Community, "2.90", "2026-01-01")).await;
    (water, tariff)
}

/// One water meter in the first home, with its baseline.
pub(super) async fn one_meter(estate: &Estate<'_>, water: FeeItemId, (value, on): (&str, &str)) -> MeterRow {
    let (desk, community) = (estate.manager, estate.community);
    let meters = DefineMeters {
        community,
        utility: Utility::Water,
        fee_item: water,
        parent: None,
        prefix: "SB".to_owned(),
        registers: Vec::new(),
        multiplier: Quantity::ONE,
        digits: 5,
        first: Some(FirstReading { value: quantity(value), day: day(on) }),
        building: Some(estate.buildings[0]),
        kinds: vec![UnitKind::Residence],
    };
    desk.does(meters).await;
    let list = ListMeters {
        community,
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
    };
    desk.does(list).await.rows.remove(0)
}

#[tokio::test]
async fn what_an_estimate_billed_too_much_is_given_back_with_the_next_bill() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let (desk, community) = (estate.manager, estate.community);
    let (water, tariff) = water_at_2_90(&estate).await;
    desk.does(estate.everyone(tariff, "2026-01-01")).await;
    let row = one_meter(&estate, water, ("50", "2026-06-30")).await;
    assert_eq!(row.register, Counted::Total);
    let meter = row.id;
    for (on, value) in [("2026-07-31", "60"), ("2026-08-31", "70"), ("2026-09-30", "80")] {
        desk.does(read(community, meter, on, value)).await;
    }
    // 10 a month: 90 is estimated, and billed at 29.00.
    let estimate = ReadingImportId(Uuid::now_v7());
    let ask = EstimateReadings {
        community,
        estimate,
        month: month("2026-10"),
        day: day("2026-10-31"),
        building: None,
        utility: None,
        reason: "无人在家".into(),
    };
    assert_eq!(desk.does(ask).await.made, 1);
    desk.is_refused_with(read(community, meter, "2026-11-20", "86"), "metering.backward").await;
    let ask = october(community, &[water]);
    let (plan, generate) = seen(desk, &ask).await;
    assert_eq!(plan.amount().fen(), 29_00);
    generated(&anju, desk, generate).await;

    // It showed 86: no less than the 80 that were read last, so 4 of the 10 were too many.
    let book = desk.does(OpenBook { community, month: month("2026-11") }).await;
    assert_eq!(book.meters[0].least, Some(quantity("80")));
    desk.is_refused_with(read(community, meter, "2026-11-20", "79.9"), "metering.backward").await;
    let taken = desk.does(read(community, meter, "2026-11-20", "86")).await;
    assert_eq!((taken.usage, taken.odd), (Some(quantity("-4")), None));
    let november = GetRunInputs { first: month("2026-11"), issued_day: day("2026-12-01"), ..ask.clone() };
    let (plan, _) = seen(desk, &november).await;
    let reasons: Vec<_> = plan.skipped.iter().map(|skip| skip.reason).collect();
    assert_eq!((plan.bills.len(), reasons), (0, vec![SkipReason::GivenBack, SkipReason::NoReading]));

    let anju = anju.later("2026-12-23").await;
    let desk = anju.manager().await;
    desk.does(read(community, meter, "2026-12-20", "100")).await;
    let december = GetRunInputs { first: month("2026-12"), issued_day: day("2026-12-23"), ..ask };
    let (plan, generate) = seen(desk, &december).await;
    // 14 of December less the 4: over all, 20 are billed of the 20 between 80 and 100.
    assert_eq!(plan.amount().fen(), 29_00);
    assert_eq!(generated(&anju, desk, generate).await.state, RunState::Done);
    let bills = desk.does(ListBills { from_month: Some(month("2026-12")), ..ListBills::of(community) }).await.rows;
    let view = desk.does(GetBill { community, bill: bills[0].id }).await;
    let Basis::Usage { usage, meters, .. } = &view.lines[0].trace.basis else { panic!("{:?}", view.lines[0].trace.basis) };
    let used: Vec<_> = meters.iter().map(|read| read.usage.to_string()).collect();
    assert_eq!((usage.to_string(), used), ("10".to_owned(), vec!["-4".to_owned(), "14".to_owned()]));
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_month_without_use_is_over_and_no_part_of_the_next_bill() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let (desk, community) = (estate.manager, estate.community);
    let (water, tariff) = water_at_2_90(&estate).await;
    let dearer = estate.price(tariff, PriceScope::Community, "4.00", "2026-11-01");
    desk.does(SetPrice { earlier: Earlier::Ended, ..dearer }).await;
    desk.does(estate.everyone(tariff, "2026-01-01")).await;
    let meter = one_meter(&estate, water, ("50", "2026-08-31")).await.id;
    for (on, value) in [("2026-09-30", "60"), ("2026-10-31", "60"), ("2026-11-20", "90")] {
        desk.does(read(community, meter, on, value)).await;
    }
    let in_month = |first: &str| GetRunInputs { first: month(first), ..october(community, &[water]) };
    let (plan, generate) = seen(desk, &in_month("2026-09")).await;
    assert_eq!(plan.amount().fen(), 29_00);
    generated(&anju, desk, generate).await;
    let (plan, _) = seen(desk, &in_month("2026-10")).await;
    let reasons: Vec<_> = plan.skipped.iter().map(|skip| skip.reason).collect();
    assert_eq!(reasons, [SkipReason::ZeroAmount, SkipReason::NoReading]);
    // All 30 were used in November, at its price; not half of them in October.
    assert_eq!(seen(desk, &in_month("2026-11")).await.0.amount().fen(), 120_00);
}
