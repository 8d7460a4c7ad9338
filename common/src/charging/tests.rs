//! The engine against tables worked by hand, and properties that must hold for any input.

use super::line::{Line, Measure, price};
use super::price::{At, Place, PriceBook, PriceRow};
use super::proration::{Calendar, PARTS_OF_A_MONTH, Piece, Pieces, Span, Terms, TimeShare, cut, number_of};
use super::rate::{Counted, Rate, RatePart, SimpleRate};
use super::tariff::{Proration, ProrationRule, RoundHow, RoundTo, Rounding};
use super::tier::{Tier, TierScope, TierUsage, Tiers};
use super::trace::{Basis, Trace};
use crate::period::{Day, Period};
use crate::quantity::{Price, Quantity};

const HOME: Place = Place { unit: 7, building: Some(3), entrance: Some(31), floor: Some(15) };

fn day(text: &str) -> i32 {
    number_of(text.parse::<Day>().unwrap())
}

fn period(from: &str, to: &str) -> Period {
    Period::new(from.parse().unwrap(), to.parse().unwrap()).unwrap()
}

fn scaled(quantity: &str) -> i64 {
    quantity.parse::<Quantity>().unwrap().scaled()
}

fn row(at: At, from: &str, to: Option<&str>, price: &str) -> PriceRow {
    PriceRow { at, from: day(from), to: to.map(day), rate: Rate::Flat(price.parse().unwrap()) }
}

fn rule(rule: ProrationRule) -> Proration {
    Proration { rule, cutoff_day: 15 }
}

fn charge(quantity: &str, period: Period, cover: &[Span], proration: Proration, book: &PriceBook) -> Line {
    let mut prices = Vec::new();
    book.terms(HOME, Span::of(period), &mut prices).unwrap();
    let pieces = cut(&Calendar::new(period), proration, cover, cover, &prices);
    price(Measure::same(scaled(quantity)), pieces, book, Rounding::default()).unwrap()
}

fn fen(quantity: &str, period: Period, proration: ProrationRule, book: &PriceBook) -> i64 {
    charge(quantity, period, &[Span::of(period)], rule(proration), book).amount.fen()
}

fn tiers(steps: &[(Option<&str>, &str)]) -> Tiers {
    let steps = steps.iter().map(|(up_to, price)| Tier {
        up_to: up_to.map(|bound| bound.parse().unwrap()),
        price: price.parse().unwrap(),
        per_person: None,
    });
    Tiers::new(TierScope::Month, steps.collect())
}

#[test]
fn a_price_change_in_mid_month_is_rounded_once() {
    // 5.00 → 6.00 on the 16th, 100 m²: 241.93548… + 309.67741…; rounding each would give 551.62.
    let book = PriceBook::new(vec![
        row(At::Community, "2026-01-01", Some("2026-10-16"), "5"),
        row(At::Community, "2026-10-16", None, "6"),
    ]);
    let october = period("2026-10-01", "2026-11-01");
    assert_eq!(fen("100", october, ProrationRule::Days, &book), 55_161);
    let line = charge("100", october, &[Span::of(october)], rule(ProrationRule::Days), &book);
    let trace = Trace::of_line(
        Basis::Area { area: "100".parse().unwrap() },
        &line,
        &Measure::same(0),
        (&book, &|_| None),
        Rounding::default(),
    );
    let products: Vec<String> = trace.pieces.iter().map(|piece| trace.product(piece).unwrap().to_string()).collect();
    assert_eq!(products, ["241.93548", "309.67742"]);
    assert_eq!(trace.sum().unwrap().to_string(), "551.61290");
}

#[test]
fn the_bill_of_the_prototype() {
    let book = PriceBook::new(vec![
        row(At::Community, "2026-01-01", Some("2026-10-16"), "2.80"),
        row(At::Community, "2026-10-16", None, "2.95"),
    ]);
    assert_eq!(fen("118.64", period("2026-10-01", "2026-11-01"), ProrationRule::Days, &book), 34_138);
}

#[test]
fn exactly_half_a_fen_goes_up() {
    // 0.35 × 117.3 = 41.055; in binary floating point it is 41.05499999….
    let book = PriceBook::new(vec![row(At::Community, "2026-01-01", None, "0.35")]);
    assert_eq!(fen("117.3", period("2026-10-01", "2026-11-01"), ProrationRule::Days, &book), 4_106);
    // Half of February: 1.01 × 14 ÷ 28 = 0.505.
    let book = PriceBook::new(vec![row(At::Community, "2026-01-01", None, "1.01")]);
    let half = charge(
        "1",
        period("2026-02-01", "2026-03-01"),
        &[Span { from: day("2026-02-15"), to: day("2026-03-01") }],
        rule(ProrationRule::Days),
        &book,
    );
    assert_eq!(half.amount.fen(), 51);
    // A third of a month three times is the month: no share is rounded.
    let month = period("2026-04-01", "2026-05-01");
    let thirds = [("2026-01-01", "2026-04-11"), ("2026-04-11", "2026-04-21"), ("2026-04-21", "2026-06-01")];
    let book = PriceBook::new(thirds.iter().map(|(from, to)| row(At::Community, from, Some(to), "0.015")).collect());
    assert_eq!(fen("1", month, ProrationRule::Days, &book), 2);
}

#[test]
fn a_whole_month_is_one_whatever_its_length() {
    let book = PriceBook::new(vec![row(At::Community, "2020-01-01", None, "3.15")]);
    for (from, to) in
        [("2026-02-01", "2026-03-01"), ("2024-02-01", "2024-03-01"), ("2026-04-01", "2026-05-01"), ("2026-01-31", "2026-02-28")]
    {
        for proration in [
            ProrationRule::Days,
            ProrationRule::ThirtyDays,
            ProrationRule::WholeMonths,
            ProrationRule::HalfMonths,
            ProrationRule::None,
        ] {
            assert_eq!(fen("100", period(from, to), proration, &book), 31_500, "{from} {proration}");
        }
    }
    // Anniversary months: 27 June to 27 September is three.
    assert_eq!(fen("100", period("2026-06-27", "2026-09-27"), ProrationRule::Days, &book), 94_500);
    assert_eq!(fen("100", period("2026-01-01", "2027-01-01"), ProrationRule::Days, &book), 378_000);
}

#[test]
fn parts_of_a_month_by_each_rule() {
    let book = PriceBook::new(vec![row(At::Community, "2020-01-01", None, "3.1")]);
    let october = period("2026-10-01", "2026-11-01");
    let from = |start: &str, proration| {
        charge("100", october, &[Span { from: day(start), to: day("2026-11-01") }], rule(proration), &book).amount.fen()
    };
    assert_eq!(from("2026-10-12", ProrationRule::Days), 20_000);
    assert_eq!(from("2026-10-12", ProrationRule::ThirtyDays), 20_667);
    // 30 of 31 days are a whole 30-day month, not more.
    assert_eq!(from("2026-10-02", ProrationRule::ThirtyDays), 31_000);
    assert_eq!(from("2026-10-02", ProrationRule::WholeMonths), 0);
    assert_eq!(from("2026-10-12", ProrationRule::None), 31_000);
    let until = |end: &str| {
        charge("100", october, &[Span { from: day("2026-10-01"), to: day(end) }], rule(ProrationRule::WholeMonths), &book)
            .amount
            .fen()
    };
    assert_eq!(until("2026-10-16"), 31_000, "covers the 1st to the 15th");
    assert_eq!(until("2026-10-15"), 0);
}

#[test]
fn half_a_month_for_each_side_of_the_cut_off_day() {
    let book = PriceBook::new(vec![row(At::Community, "2020-01-01", None, "3.1")]);
    let weights = |month: (&str, &str), cutoff_day, days: &[(&str, &str)]| {
        let spans: Vec<Span> = days.iter().map(|(from, to)| Span { from: day(from), to: day(to) }).collect();
        let proration = Proration { rule: ProrationRule::HalfMonths, cutoff_day };
        let line = charge("100", period(month.0, month.1), &spans, proration, &book);
        let told = |piece: &Piece| (piece.share, piece.weight);
        line.pieces.list.iter().map(told).collect::<Vec<_>>()
    };
    let half = (TimeShare::Halves(1), PARTS_OF_A_MONTH / 2);
    let both = (TimeShare::Halves(2), PARTS_OF_A_MONTH);
    let month = (TimeShare::Months(1), PARTS_OF_A_MONTH);
    let october = ("2026-10-01", "2026-11-01");
    assert_eq!(weights(october, 15, &[october]), [month]);
    assert_eq!(weights(october, 15, &[("2026-10-02", "2026-11-01")]), [both]);
    assert_eq!(weights(october, 15, &[("2026-10-16", "2026-10-17")]), [half]);
    assert_eq!(weights(october, 15, &[("2026-10-15", "2026-10-16")]), [half]);
    // Days apart from each other in both halves, as where only the days with people count.
    assert_eq!(weights(october, 15, &[("2026-10-03", "2026-10-05"), ("2026-10-20", "2026-10-22")]), [half, half]);
    assert_eq!(weights(october, 15, &[("2026-10-03", "2026-10-05"), ("2026-10-07", "2026-10-09")]), [half]);
    // The shortest month has both halves with the latest cut-off day.
    let february = ("2026-02-01", "2026-03-01");
    assert_eq!(weights(february, 27, &[("2026-02-28", "2026-03-01")]), [half]);
    assert_eq!(weights(february, 27, &[february]), [month]);
    // A cut-off day that a month does not have leaves one half, which is the month.
    assert_eq!(weights(february, 31, &[("2026-02-10", "2026-02-11")]), [both]);
    // Anniversary months have halves of their own.
    let anniversary = ("2026-01-20", "2026-02-20");
    assert_eq!(weights(anniversary, 15, &[("2026-02-04", "2026-02-20")]), [half]);
    assert_eq!(weights(anniversary, 15, &[("2026-02-03", "2026-02-20")]), [both]);
}

#[test]
fn a_thirty_day_month_charged_in_full_stays_one_when_the_price_changes() {
    let book = PriceBook::new(vec![
        row(At::Community, "2026-01-01", Some("2026-10-16"), "3"),
        row(At::Building(3), "2026-10-16", None, "3"),
    ]);
    let line = charge(
        "100",
        period("2026-10-01", "2026-11-01"),
        &[Span::of(period("2026-10-01", "2026-11-01"))],
        rule(ProrationRule::ThirtyDays),
        &book,
    );
    assert_eq!((line.amount.fen(), line.pieces.list.len()), (30_000, 2));
    assert_eq!(line.pieces.list.iter().map(|piece| piece.weight).sum::<i64>(), PARTS_OF_A_MONTH);
}

#[test]
fn a_whole_month_with_a_price_change_costs_the_price_of_its_first_day() {
    let book = PriceBook::new(vec![
        row(At::Community, "2026-01-01", Some("2026-10-10"), "3"),
        row(At::Community, "2026-10-10", None, "4"),
    ]);
    assert_eq!(fen("100", period("2026-10-01", "2026-11-01"), ProrationRule::WholeMonths, &book), 30_000);
}

#[test]
fn whole_months_at_one_price_are_one_piece() {
    let book = PriceBook::new(vec![
        row(At::Community, "2026-01-01", Some("2026-11-11"), "2"),
        row(At::Community, "2026-11-11", None, "3"),
    ]);
    let year = period("2026-01-01", "2027-01-01");
    let line = charge("10", year, &[Span::of(year)], rule(ProrationRule::Days), &book);
    let shares: Vec<TimeShare> = line.pieces.list.iter().map(|piece| piece.share).collect();
    assert_eq!(
        shares,
        [TimeShare::Months(10), TimeShare::Days { days: 10, of: 30 }, TimeShare::Days { days: 20, of: 30 }, TimeShare::Months(1)]
    );
    assert_eq!(line.amount.fen(), 20_000 + 667 + 2_000 + 3_000);
}

#[test]
fn the_narrowest_scope_in_force_wins_then_the_latest_date() {
    let rows = vec![
        row(At::Community, "2026-01-01", None, "1"),
        row(At::Building(3), "2026-02-01", None, "2"),
        row(At::Entrance(31), "2026-03-01", None, "3"),
        row(At::Floor(3, 15), "2026-04-01", None, "4"),
        row(At::Unit(7), "2026-05-01", Some("2026-06-01"), "5"),
        row(At::Floor(3, 15), "2026-07-01", None, "6"),
        row(At::Unit(8), "2026-01-01", None, "99"),
        row(At::Building(4), "2026-01-01", None, "98"),
        row(At::Floor(4, 15), "2026-01-01", None, "97"),
    ];
    let months = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08"];
    let expected = [100, 200, 300, 400, 500, 400, 600, 600];
    let book = PriceBook::new(rows.clone());
    let reversed = PriceBook::new(rows.into_iter().rev().collect());
    for (month, expected) in months.into_iter().zip(expected) {
        let month = month.parse::<crate::period::Month>().unwrap().period();
        assert_eq!(fen("1", month, ProrationRule::Days, &book), expected, "{month}");
        assert_eq!(fen("1", month, ProrationRule::Days, &reversed), expected, "{month}");
    }
    // A parking space without a building falls back to the community.
    let mut found = Vec::new();
    book.in_force(
        Place { unit: 1, building: None, entrance: None, floor: None },
        Span { from: day("2026-07-01"), to: day("2026-08-01") },
        &mut found,
    )
    .unwrap();
    assert_eq!(found.iter().map(|(_, place)| book.get(*place).unwrap().at).collect::<Vec<_>>(), [At::Community]);
}

#[test]
fn a_day_without_a_price_is_named() {
    let book = PriceBook::new(vec![
        row(At::Community, "2026-01-01", Some("2026-10-10"), "3"),
        row(At::Community, "2026-10-12", None, "4"),
    ]);
    let mut found = Vec::new();
    let missing = book.in_force(HOME, Span::of(period("2026-10-01", "2026-11-01")), &mut found).unwrap_err();
    assert_eq!(missing.day, day("2026-10-10"));
}

#[test]
fn usage_fills_tiers_from_the_lowest_up() {
    let rate = Rate::Tiered(tiers(&[(Some("15"), "2.90"), (Some("25"), "3.85"), (None, "6.70")]));
    let book = PriceBook::new(vec![PriceRow { at: At::Community, from: day("2026-01-01"), to: None, rate }]);
    let cost = |usage: &str, to: &str| {
        let period = period("2026-10-01", to);
        let line = charge(usage, period, &[Span::of(period)], rule(ProrationRule::None), &book);
        (
            line.amount.fen(),
            line.parts.iter().map(|tier| (tier.tier, tier.quantity / 10_000, tier.amount.fen())).collect::<Vec<_>>(),
        )
    };
    assert_eq!(cost("28", "2026-11-01"), (10_210, vec![(Some(0), 15, 4_350), (Some(1), 10, 3_850), (Some(2), 3, 2_010)]));
    assert_eq!(cost("15", "2026-11-01"), (4_350, vec![(Some(0), 15, 4_350)]));
    // Two months: the bounds double.
    assert_eq!(cost("28", "2026-12-01"), (8_120, vec![(Some(0), 28, 8_120)]));
    assert_eq!(cost("0", "2026-11-01"), (0, vec![]));
}

#[test]
fn sub_lines_of_tiers_add_up_to_the_line() {
    let rate = Rate::Tiered(tiers(&[(Some("0.333"), "0.335"), (Some("0.666"), "0.335"), (None, "0.335")]));
    let book = PriceBook::new(vec![PriceRow { at: At::Community, from: day("2026-01-01"), to: None, rate }]);
    let october = period("2026-10-01", "2026-11-01");
    let line = charge("1", october, &[Span::of(october)], rule(ProrationRule::None), &book);
    assert_eq!(line.amount.fen(), 34);
    assert_eq!(line.parts.iter().map(|tier| tier.amount.fen()).sum::<i64>(), 34);
}

#[test]
fn a_price_change_splits_the_usage_by_days() {
    let book = PriceBook::new(vec![
        row(At::Community, "2026-01-01", Some("2026-11-11"), "0.60886875"),
        row(At::Community, "2026-11-11", None, "0.7"),
    ]);
    // 10 of 30 days at 0.60886875, 20 at 0.7: 300 × (0.60886875 + 1.4) ÷ 3 = 200.886875.
    assert_eq!(fen("300", period("2026-11-01", "2026-12-01"), ProrationRule::None, &book), 20_089);
}

#[test]
fn what_does_not_fit_is_refused() {
    let book = PriceBook::new(vec![PriceRow {
        at: At::Community,
        from: day("2026-01-01"),
        to: None,
        rate: Rate::Flat(Price::from_scaled(i64::MAX)),
    }]);
    let october = period("2026-10-01", "2026-11-01");
    let mut prices = Vec::new();
    book.terms(HOME, Span::of(october), &mut prices).unwrap();
    let pieces: Pieces =
        cut(&Calendar::new(october), rule(ProrationRule::Days), &[Span::of(october)], &[Span::of(october)], &prices);
    assert!(price(Measure::same(i64::MAX), pieces, &book, Rounding::default()).is_err());
}

#[test]
fn a_tariff_may_round_to_a_jiao_or_a_yuan() {
    let book = PriceBook::new(vec![row(At::Community, "2026-01-01", None, "1.234")]);
    let october = period("2026-10-01", "2026-11-01");
    let mut prices = Vec::new();
    book.terms(HOME, Span::of(october), &mut prices).unwrap();
    for (to, how, expected) in [
        (RoundTo::Jiao, RoundHow::HalfUp, 12_340),
        (RoundTo::Yuan, RoundHow::Up, 12_400),
        (RoundTo::Yuan, RoundHow::Down, 12_300),
    ] {
        let pieces = cut(&Calendar::new(october), rule(ProrationRule::Days), &[Span::of(october)], &[Span::of(october)], &prices);
        assert_eq!(price(Measure::same(scaled("100")), pieces, &book, Rounding { to, how }).unwrap().amount.fen(), expected);
    }
}

#[test]
fn a_trace_survives_the_database() {
    let rate = Rate::Tiered(tiers(&[(Some("15"), "2.90"), (None, "3.85")]));
    let book = PriceBook::new(vec![PriceRow { at: At::Floor(3, 15), from: day("2026-01-01"), to: None, rate }]);
    let period = period("2026-10-01", "2026-12-01");
    let line = charge("40", period, &[Span::of(period)], rule(ProrationRule::None), &book);
    let trace = Trace::of_line(
        Basis::Usage { usage: "40".parse().unwrap(), meters: Vec::new(), registers: Vec::new() },
        &line,
        &Measure::same(0),
        (&book, &|_| None),
        Rounding::default(),
    );
    let stored = serde_json::to_string(&trace).unwrap();
    assert_eq!(serde_json::from_str::<Trace>(&stored).unwrap(), trace);
    assert_eq!(trace.tier_months, Some(2 * PARTS_OF_A_MONTH));
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    fn starts() -> impl Strategy<Value = i32> {
        day("2020-01-01")..day("2030-01-01")
    }

    proptest! {
        /// Wherever prices of the same height change, the amount is the same as without any change.
        #[test]
        fn cutting_changes_nothing(start in starts(), months in 1_u32..14, cuts in prop::collection::vec(0_i32..400, 0..6), area in 1_i64..20_000_000, rate in 1_i64..10_000_000_000) {
            let from = super::super::proration::day_of(start);
            let period = Period::new(from, crate::period::add_months(from, months).unwrap()).unwrap();
            let whole = vec![PriceRow { at: At::Community, from: start - 1, to: None, rate: Rate::Flat(Price::from_scaled(rate)) }];
            let mut split = whole.clone();
            split.extend(cuts.iter().map(|after| PriceRow { at: At::Community, from: start + after, to: None, rate: Rate::Flat(Price::from_scaled(rate)) }));
            split.sort_by_key(|row| row.from);
            split.dedup_by_key(|row| row.from);
            for proration in [ProrationRule::Days, ProrationRule::ThirtyDays, ProrationRule::WholeMonths, ProrationRule::HalfMonths, ProrationRule::None] {
                let cost = |rows: &[PriceRow]| {
                    let book = PriceBook::new(rows.to_vec());
                    let mut prices = Vec::new();
                    book.terms(HOME, Span::of(period), &mut prices).unwrap();
                    price(Measure::same(area), cut(&Calendar::new(period), rule(proration), &[Span::of(period)], &[Span::of(period)], &prices), &book, Rounding::default()).unwrap().amount
                };
                prop_assert_eq!(cost(&whole), cost(&split));
            }
        }

        /// The weights of the parts of a split period add up to those of the whole.
        #[test]
        fn parts_of_a_period_add_up(start in starts(), months in 1_u32..14, at in 1_i32..400) {
            let from = super::super::proration::day_of(start);
            let period = Period::new(from, crate::period::add_months(from, months).unwrap()).unwrap();
            let span = Span::of(period);
            prop_assume!(span.from + at < span.to);
            let prices = [(span, Terms::default())];
            let weight = |cover: &[Span]| cut(&Calendar::new(period), rule(ProrationRule::Days), cover, cover, &prices).list.iter().map(|piece| piece.weight).sum::<i64>();
            let (before, after) = (Span { to: span.from + at, ..span }, Span { from: span.from + at, ..span });
            prop_assert_eq!(weight(&[before]) + weight(&[after]), weight(&[span]));
            prop_assert_eq!(weight(&[before, after]), i64::from(months) * PARTS_OF_A_MONTH);
        }

        /// The order in which prices are given decides nothing.
        #[test]
        fn the_order_of_prices_decides_nothing(order in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle(), start in day("2026-01-01")..day("2026-12-01")) {
            let rows: Vec<PriceRow> = [At::Community, At::Building(3), At::Entrance(31), At::Floor(3, 15), At::Unit(7), At::Community, At::Building(3), At::Unit(7)]
                .into_iter().zip(0_i32..).map(|(at, n)| PriceRow { at, from: day("2025-01-01") + n * 61, to: (n % 3 == 1).then(|| day("2026-06-01") + n * 13), rate: Rate::Flat(Price::from_scaled(i64::from(n + 1) * 7_654_321)) }).collect();
            let shuffled = order.iter().map(|place| rows[*place].clone()).collect();
            let cost = |rows: Vec<PriceRow>| {
                let book = PriceBook::new(rows);
                let span = Span { from: start, to: start + 31 };
                let mut prices = Vec::new();
                book.terms(HOME, span, &mut prices).unwrap();
                prices.iter().map(|(span, price)| (*span, book.get(price.price).unwrap().rate.clone())).collect::<Vec<_>>()
            };
            prop_assert_eq!(cost(rows.clone()), cost(shuffled));
        }

        /// More usage never costs less, and sub-lines always add up.
        #[test]
        fn tiers_rise_and_add_up(usage in 0_i64..10_000_000, more in 0_i64..1_000_000, first in 1_i64..500_000, second in 1_i64..500_000, months in 1_u32..5) {
            let bound = |scaled: i64| Some(Quantity::from_scaled(scaled));
            let steps = vec![
                Tier { up_to: bound(first), price: "0.60886875".parse().unwrap(), per_person: None },
                Tier { up_to: bound(first + second), price: "0.83".parse().unwrap(), per_person: None },
                Tier { up_to: None, price: "1.2345".parse().unwrap(), per_person: None },
            ];
            let rate = Rate::Tiered(Tiers::new(TierScope::Month, steps));
            let book = PriceBook::new(vec![PriceRow { at: At::Community, from: day("2026-01-01"), to: None, rate }]);
            let from = "2026-01-01".parse().unwrap();
            let period = Period::new(from, crate::period::add_months(from, months).unwrap()).unwrap();
            let cost = |usage: i64| {
                let pieces = cut(&Calendar::new(period), rule(ProrationRule::None), &[Span::of(period)], &[Span::of(period)], &[(Span::of(period), Terms::default())]);
                price(Measure::same(usage), pieces, &book, Rounding::default()).unwrap()
            };
            let line = cost(usage);
            prop_assert!(cost(usage + more).amount >= line.amount);
            prop_assert_eq!(line.parts.iter().map(|tier| tier.amount.fen()).sum::<i64>(), line.amount.fen());
            prop_assert_eq!(line.parts.iter().map(|tier| tier.quantity).sum::<i64>(), usage);
        }

        /// Bounds by a quota are those of the same height, and nothing of them is rounded.
        #[test]
        fn bounds_by_a_quota_are_exact(usage in 0_i64..10_000_000, before in 0_i64..5_000_000, quota in 0_i64..100_000, first in 1_i64..300_000, second in 1_i64..300_000, whole in any::<bool>(), by_year in any::<bool>()) {
            // Whole multiples can be written down as fixed bounds.
            let scale = if whole { Quantity::ONE.scaled() } else { 1 };
            let (first, second) = if whole { (1 + first % 30, 1 + second % 30) } else { (first, second) };
            let prices = [60_886_875_i64, 83_000_000, 123_450_000];
            let steps = |times: i64| {
                let bounds = [Some(first * times), Some((first + second) * times), None];
                let step = |(up_to, price): (Option<i64>, i64)| Tier { up_to: up_to.map(Quantity::from_scaled), price: Price::from_scaled(price), per_person: None };
                bounds.into_iter().zip(prices).map(step).collect::<Vec<_>>()
            };
            let scope = if by_year { TierScope::Year } else { TierScope::Month };
            let before = if by_year { before } else { 0 };
            let october = period("2026-10-01", "2026-11-01");
            let quotas = [("定额".to_owned(), quota)];
            let cost = |tiers: Tiers| {
                let book = PriceBook::new(vec![PriceRow { at: At::Community, from: day("2026-01-01"), to: None, rate: Rate::Tiered(tiers) }]);
                let pieces = cut(&Calendar::new(october), rule(ProrationRule::None), &[Span::of(october)], &[Span::of(october)], &[(Span::of(october), Terms::default())]);
                price(Measure { before, quotas: &quotas, ..Measure::same(usage) }, pieces, &book, Rounding::default()).unwrap()
            };
            let line = cost(Tiers { quota: Some("定额".to_owned()), ..Tiers::new(scope, steps(scale)) });
            if whole {
                prop_assert_eq!(&line, &cost(Tiers::new(scope, steps(quota))));
            }
            // Everything at eight decimals, by plain subtraction.
            let (used, all) = (i128::from(before) * 10_000, i128::from(before + usage) * 10_000);
            let bounds = [i128::from(quota) * i128::from(first * scale), i128::from(quota) * i128::from((first + second) * scale), i128::MAX];
            let mut below = 0;
            let mut sum = 0;
            for (bound, price) in bounds.into_iter().zip(prices) {
                sum += (all.min(bound) - used.max(below)).max(0) * i128::from(price);
                below = bound;
            }
            let fen = (sum + 50_000_000_000_000) / 100_000_000_000_000;
            prop_assert_eq!(i128::from(line.amount.fen()), fen);
            prop_assert_eq!(line.parts.iter().map(|tier| tier.amount.fen()).sum::<i64>(), line.amount.fen());
        }

        /// A register's share of a tier is that of all registers, exactly: the same prices for all registers come to tiers of
        /// all the usage, the same price in all tiers to one figure each, and anything else to the sum worked out by itself.
        #[test]
        fn registers_lie_in_tiers_as_all_of_them_do(peak in 0_i64..5_000_000, valley in 0_i64..5_000_000, before in 0_i64..5_000_000, first in 1_i64..3_000_000, second in 1_i64..3_000_000, dear in prop::array::uniform3(1_i64..200_000_000), cheap in prop::array::uniform3(1_i64..200_000_000), by_year in any::<bool>()) {
            let scope = if by_year { TierScope::Year } else { TierScope::Month };
            let before = if by_year { before } else { 0 };
            let usage = peak + valley;
            let october = period("2026-10-01", "2026-11-01");
            let registers = [(Counted::Peak, peak), (Counted::Valley, valley)];
            let cost = |rate: Rate| {
                let book = PriceBook::new(vec![PriceRow { at: At::Community, from: day("2026-01-01"), to: None, rate }]);
                let pieces = cut(&Calendar::new(october), rule(ProrationRule::None), &[Span::of(october)], &[Span::of(october)], &[(Span::of(october), Terms::default())]);
                price(Measure { before, registers: &registers, ..Measure::same(usage) }, pieces, &book, Rounding::default()).unwrap()
            };
            let tiered = |prices: [i64; 3]| {
                let bounds = [Some(first), Some(first + second), None];
                let step = |(up_to, price): (Option<i64>, i64)| Tier { up_to: up_to.map(Quantity::from_scaled), price: Price::from_scaled(price), per_person: None };
                Tiers { usage: TierUsage::Total, ..Tiers::new(scope, bounds.into_iter().zip(prices).map(step).collect()) }
            };
            let part = |of: Counted, rate: SimpleRate| RatePart { name: of.word().to_owned(), of, rate };
            let both = |dear: [i64; 3], cheap: [i64; 3]| {
                cost(Rate::Parts(vec![part(Counted::Peak, SimpleRate::Tiered(tiered(dear))), part(Counted::Valley, SimpleRate::Tiered(tiered(cheap)))]))
            };
            let line = both(dear, cheap);
            prop_assert_eq!(line.parts.iter().map(|tier| tier.amount.fen()).sum::<i64>(), line.amount.fen());
            prop_assert!((line.parts.iter().map(|tier| tier.quantity).sum::<i64>() - usage).abs() <= 6);
            prop_assert_eq!(both(dear, dear).amount, cost(Rate::Tiered(tiered(dear))).amount);
            let flat = Rate::Parts(vec![part(Counted::Peak, SimpleRate::Flat(Price::from_scaled(dear[0]))), part(Counted::Valley, SimpleRate::Flat(Price::from_scaled(cheap[0])))]);
            prop_assert_eq!(both([dear[0]; 3], [cheap[0]; 3]).amount, cost(flat).amount);
            // Register × tier ÷ all, over all.
            let mut below = 0;
            let mut sum = 0;
            for (place, bound) in [first, first + second, i64::MAX].into_iter().enumerate() {
                let filled = i128::from(((before + usage).min(bound) - before.max(below)).max(0));
                sum += filled * (i128::from(peak) * i128::from(dear[place]) + i128::from(valley) * i128::from(cheap[place]));
                below = bound;
            }
            let whole = i128::from(usage.max(1)) * 10_000_000_000;
            prop_assert_eq!(i128::from(line.amount.fen()), (2 * sum + whole) / (2 * whole));
        }
    }
}
