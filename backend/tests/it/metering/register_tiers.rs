//! Peak and valley with tier prices of their own, by what both counted together since the year began.

use common::billing::api::{GetBill, ListBills};
use common::charging::api::{PriceScope, SetPrice};
use common::charging::explain::sentences;
use common::charging::rate::{Counted, Rate, RatePart, SimpleRate};
use common::charging::tariff::{FeeItemKind, Mode};
use common::charging::tier::{Tier, TierScope, TierUsage, Tiers};
use common::estate::UnitKind;
use common::metering::Utility;
use common::metering::api::{DefineMeters, FirstReading, ListMeters};
use common::quantity::Quantity;
use common::text::Language;

use super::given_back::read;
use super::{day, quantity};
use crate::billing::{generated, october, seen};
use crate::charging::Estate;
use crate::support::Anju;

/// Shanghai's prices, by bounds of 3,120 and 4,800 kWh a year.
fn shanghai() -> Rate {
    let part = |of: Counted, prices: [&str; 3]| {
        let steps = [Some("3120"), Some("4800"), None].into_iter().zip(prices);
        let step = |(up_to, price): (Option<&str>, &str)| Tier {
            up_to: up_to.map(quantity),
            price: price.parse().unwrap(),
            per_person: None,
        };
        let tiers = Tiers { usage: TierUsage::Total, ..Tiers::new(TierScope::Year, steps.map(step).collect()) };
        RatePart { name: of.word().to_owned(), of, rate: SimpleRate::Tiered(tiers) }
    };
    Rate::Parts(vec![part(Counted::Peak, ["0.617", "0.677", "0.977"]), part(Counted::Valley, ["0.307", "0.337", "0.487"])])
}

#[tokio::test]
async fn what_a_register_counted_lies_in_tiers_as_both_together_do() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let (desk, community) = (estate.manager, estate.community);
    let electricity = estate.fee_item("电费", FeeItemKind::Electricity).await;
    let tariff = estate.tariff(electricity, "峰谷阶梯电价", Mode::Usage).await;
    let price = estate.price(tariff, PriceScope::Community, "1", "2026-01-01");
    let mut own = shanghai();
    if let Rate::Parts(parts) = &mut own
        && let SimpleRate::Tiered(tiers) = &mut parts[0].rate
    {
        tiers.usage = TierUsage::Own;
    }
    let refused = desk.is_refused_with(SetPrice { rate: own, ..price.clone() }, "invalid").await;
    assert_eq!(refused.fields[0].code, "charging.year_of_register");
    desk.does(SetPrice { rate: shanghai(), ..price }).await;
    desk.does(estate.everyone(tariff, "2026-01-01")).await;
    let meters = DefineMeters {
        community,
        utility: Utility::Electricity,
        fee_item: electricity,
        parent: None,
        prefix: "DB".to_owned(),
        registers: vec![Counted::Peak, Counted::Valley],
        multiplier: Quantity::ONE,
        digits: 5,
        first: Some(FirstReading { value: Quantity::ZERO, day: day("2025-12-31") }),
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
        unit: Some(estate.units[0]),
        parent: None,
        active: None,
        page: None,
        size: None,
        sort: None,
    };
    let rows = desk.does(list).await.rows;
    assert_eq!(rows.iter().map(|row| row.register).collect::<Vec<_>>(), [Counted::Peak, Counted::Valley]);
    for (row, values) in rows.iter().zip([["2000", "2200"], ["1000", "1100"]]) {
        for (on, value) in ["2026-09-30", "2026-10-31"].into_iter().zip(values) {
            desk.does(read(community, row.id, on, value)).await;
        }
    }

    // 3,000 before, 300 now: 120 below the bound, 180 above it, two thirds of each at the peak.
    let (planned, generate) = seen(desk, &october(community, &[electricity])).await;
    assert_eq!((planned.bills.len(), planned.amount().fen()), (1, 163_10));
    generated(&anju, desk, generate).await;
    let bill = desk.does(ListBills::of(community)).await.rows.remove(0).id;
    let line = desk.does(GetBill { community, bill }).await.lines.remove(0);
    let parts = line.trace.pieces.iter().flat_map(|piece| &piece.tiers).map(|tier| tier.amount_fen.fen());
    assert_eq!(parts.collect::<Vec<_>>(), [49_36, 81_24, 12_28, 20_22]);
    let said = sentences(Language::Chinese, &line.trace, line.amount_fen, FeeItemKind::Electricity).join("");
    assert!(said.contains("全部时段合计用量在各档：第 1 档 120 kWh，第 2 档 180 kWh"), "{said}");
    anju.the_books_balance().await;
}
