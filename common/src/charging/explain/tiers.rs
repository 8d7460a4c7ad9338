//! The tiers and parts of a price that a usage touched.

use std::collections::BTreeSet;

use rust_decimal::{Decimal, RoundingStrategy};

use super::figures::{months_text, usage_of};
use super::quota::multiple;
use super::{basis_unit, price};
use crate::charging::tariff::FeeItemKind;
use crate::charging::trace::{Basis, Trace, TracedPiece, TracedQuota, TracedTier};
use crate::money::{Money, grouped};
use crate::quantity::Quantity;
use crate::text::Language;

/// The months that the bounds of tiers by the month were multiplied with, where that is not one.
pub fn tier_months(trace: &Trace) -> Option<Decimal> {
    // Beside tiers by the year, the bounds are those of a year.
    trace.tier_months.filter(|_| trace.before.is_none()).map(months_text)
}

/// The bounds of a tier as they were applied: those of a month times the months of the period.
pub fn tier_bounds(trace: &Trace, tier: &TracedTier) -> (Decimal, Option<Decimal>) {
    let months = tier_months(trace).unwrap_or(Decimal::ONE);
    let applied = |bound: Quantity, times: Option<Quantity>| {
        let exact = tier.quota.as_ref().and_then(|quota| multiple(quota.quota, times?));
        let bound = exact.unwrap_or_else(|| bound.get()).saturating_mul(months);
        bound.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero).normalize()
    };
    let times = |of: fn(&TracedQuota) -> Option<Quantity>| tier.quota.as_ref().and_then(of);
    let up_to = tier.up_to.map(|bound| applied(bound, times(|quota| quota.up_to)));
    (applied(tier.above, times(|quota| quota.above)), up_to)
}

/// What the quantities of all tiers and parts come to together, where that is the quantity of the line: parts that count the same
/// quantity each, and whole months of it, come to more.
pub fn total_of_tiers(trace: &Trace) -> Option<Quantity> {
    let quantity = trace.quantity()?;
    let mut tiers = trace.pieces.iter().flat_map(|piece| &piece.tiers);
    let of_one_usage = matches!(trace.basis, Basis::Usage { .. })
        && trace.coefficient.is_none()
        && trace.vacant_rate.is_none()
        && tiers.clone().all(|tier| tier.part.is_empty() && tier.no > 0);
    let sum = tiers.try_fold(Decimal::ZERO, |sum, tier| sum.checked_add(tier.quantity.get()))?;
    (of_one_usage || sum == quantity.get()).then_some(quantity)
}

/// The way of charging with what it was split into: tiers, parts or pieces of time, where there is more than one.
pub fn split_text(language: Language, trace: &Trace, mode: &str) -> String {
    let tiers = || trace.pieces.iter().flat_map(|piece| &piece.tiers);
    let touched = tiers().map(|tier| tier.no).filter(|no| *no > 0).collect::<BTreeSet<_>>().len();
    let parts = tiers().map(|tier| tier.part.as_str()).filter(|part| !part.is_empty()).collect::<BTreeSet<_>>().len();
    let (id, count) = match (touched, parts, trace.pieces.len()) {
        (2.., _, _) => ("trace-how-tiers", touched),
        (_, 2.., _) => ("trace-how-parts", parts),
        (_, _, pieces @ 2..) => ("trace-how-pieces", pieces),
        _ => return mode.to_owned(),
    };
    say!(language, id, mode = mode, count = count)
}

/// How the rounded amount was told apart, where an amount is not what its own quantity × price comes to.
pub(super) fn of_remainders(language: Language, trace: &Trace) -> Option<String> {
    let tiers = trace.pieces.iter().flat_map(|piece| &piece.tiers);
    let most = tiers.filter_map(off_by).max().filter(|most| !most.is_zero())?;
    Some(say!(language, "trace-remainders", how = super::rounded(language, trace.rounding), most = grouped(most, 2)))
}

/// How far an amount is from its own product, rounded to fen.
fn off_by(tier: &TracedTier) -> Option<Decimal> {
    let product = tier.price.get().checked_mul(tier.quantity.get())?;
    let product = product.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    Some((product - tier.amount_fen.yuan()).abs())
}

/// How all registers together lie in the tiers, where the registers lie in them likewise: for each piece, and by name where the
/// parts have different bounds.
pub(super) fn of_all_registers(language: Language, piece: &TracedPiece, kind: FeeItemKind) -> Vec<String> {
    let mut told: Vec<(&str, Vec<&TracedTier>)> = Vec::new();
    for tier in piece.tiers.iter().filter(|tier| tier.of_all.is_some()) {
        match told.iter_mut().find(|(part, _)| *part == tier.part) {
            Some((_, tiers)) => tiers.push(tier),
            None => told.push((&tier.part, vec![tier])),
        }
    }
    let lies = |tiers: &[&TracedTier]| tiers.iter().map(|tier| (tier.no, tier.of_all)).collect::<Vec<_>>();
    let alike = told.windows(2).all(|pair| matches!(pair, [(_, one), (_, two)] if lies(one) == lies(two)));
    let one = |(part, tiers): &(&str, Vec<&TracedTier>)| {
        let step = |tier: &&TracedTier| {
            let name = say!(language, "charging-tier", no = tier.no);
            format!("{name} {}", usage_of(tier.of_all.unwrap_or_default(), kind))
        };
        let steps: Vec<String> = tiers.iter().map(step).collect();
        let steps = steps.join(&say!(language, "trace-list-comma"));
        match alike {
            true => say!(language, "trace-of-all", steps = steps),
            false => say!(language, "trace-of-all-part", part = part, steps = steps),
        }
    };
    told.iter().take(if alike { 1 } else { told.len() }).map(one).collect()
}

/// The tiers and parts that were touched, with what each comes to.
pub(super) fn of_tiers(language: Language, trace: &Trace, amount: Money, kind: FeeItemKind) -> String {
    let tiers = || trace.pieces.iter().flat_map(|piece| &piece.tiers);
    let unit = basis_unit(language, &trace.basis, kind);
    let step = |tier: &TracedTier| {
        let name = match (tier.part.as_str(), tier.no) {
            ("", no) => say!(language, "charging-tier", no = no),
            (part, 0) => part.to_owned(),
            (part, no) => format!("{part} {}", say!(language, "charging-tier", no = no)),
        };
        let quantity = format!("{} {unit}", tier.quantity);
        let quantity = quantity.trim_end();
        say!(language, "trace-step", name = name, quantity = quantity, price = price(tier.price), amount = tier.amount_fen)
    };
    let steps: Vec<String> = tiers().map(step).collect();
    let id = if tiers().any(|tier| tier.no > 0) { "trace-tiers" } else { "trace-parts" };
    say!(language, id, steps = steps.join(&say!(language, "trace-list-semicolon")), amount = amount)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charging::proration::PARTS_OF_A_MONTH;

    fn tier(no: u16, (above, up_to): (&str, Option<&str>), (price, quantity, fen): (&str, &str, i64)) -> TracedTier {
        TracedTier {
            part: String::new(),
            of: None,
            no,
            above: above.parse().unwrap(),
            up_to: up_to.map(|bound| bound.parse().unwrap()),
            per_person: None,
            quota: None,
            price: price.parse().unwrap(),
            quantity: quantity.parse().unwrap(),
            of_all: None,
            amount_fen: Money::from_fen(fen),
        }
    }

    fn trace(tiers: &[TracedTier]) -> Trace {
        let mut trace: Trace = serde_json::from_str(r#"{"basis":{"of":"usage","usage":"36","meters":[]},"pieces":[{"from":"2026-10-01","to":"2026-12-01","share":"whole","scope":"community","since":"2026-01-01"}]}"#).unwrap();
        trace.pieces[0].tiers = tiers.to_vec();
        trace
    }

    #[test]
    fn what_is_off_its_product_is_told_with_why() {
        let plain = [tier(1, ("0", Some("18")), ("2.90", "18", 5_220)), tier(2, ("18", None), ("3.85", "4.3333", 1_668))];
        assert_eq!(of_remainders(Language::Chinese, &trace(&plain)), None);
        let shared = [tier(1, ("0", Some("18")), ("2.90", "18", 5_220)), tier(2, ("18", None), ("3.85", "4.3333", 1_669))];
        let said = of_remainders(Language::Chinese, &trace(&shared)).unwrap();
        assert!(said.contains("最后只四舍五入到分一次") && said.contains("最多差 0.01 元"), "{said}");
    }

    #[test]
    fn bounds_by_the_month_are_those_of_the_period() {
        let mut trace = trace(&[tier(1, ("0", Some("18")), ("2.90", "36", 10_440)), tier(2, ("18", None), ("3.85", "1", 385))]);
        let bounds = |trace: &Trace| {
            let shown = |tier: &TracedTier| tier_bounds(trace, tier);
            trace.pieces[0].tiers.iter().map(shown).collect::<Vec<_>>()
        };
        assert_eq!(bounds(&trace), [(Decimal::ZERO, Some(Decimal::from(18))), (Decimal::from(18), None)]);
        trace.tier_months = Some(2 * PARTS_OF_A_MONTH);
        assert_eq!(bounds(&trace), [(Decimal::ZERO, Some(Decimal::from(36))), (Decimal::from(36), None)]);
        assert_eq!(tier_months(&trace), Some(Decimal::TWO));
        trace.before = Some(Quantity::ZERO);
        assert_eq!(tier_months(&trace), None, "the bounds of a year stay as they are");
    }

    fn part(name: &str, quantity: &str) -> TracedTier {
        TracedTier { part: name.to_owned(), ..tier(0, ("0", None), ("1.00", quantity, 100)) }
    }

    /// The same with a further piece of these tiers.
    fn further(mut trace: Trace, tiers: &[TracedTier]) -> Trace {
        let piece = TracedPiece { tiers: tiers.to_vec(), ..trace.pieces[0].clone() };
        trace.pieces.push(piece);
        trace
    }

    #[test]
    fn only_what_is_their_sum_is_the_total_of_parts() {
        let total = |trace: &Trace| total_of_tiers(trace).map(|total| total.to_string());
        assert_eq!(total(&trace(&[part("峰", "20"), part("谷", "16")])).as_deref(), Some("36"));
        assert_eq!(total(&trace(&[part("水费", "36"), part("污水处理费", "36")])), None, "each counts all of it");
        assert_eq!(total(&further(trace(&[part("供暖费", "36")]), &[part("供暖费", "36")])), None, "two months of it");
        assert_eq!(total(&further(trace(&[part("维护", "16")]), &[part("供暖", "20")])).as_deref(), Some("36"));
        // Those of tiers are rounded to 4 decimals each.
        let tiers = [tier(1, ("0", Some("18")), ("2.90", "18", 5_220)), tier(2, ("18", None), ("3.85", "17.9999", 6_930))];
        assert_eq!(total(&trace(&tiers)).as_deref(), Some("36"));
        let coefficient = Some("1.2".parse().unwrap());
        assert_eq!(total(&Trace { coefficient, ..trace(&tiers) }), None);
    }

    #[test]
    fn tiers_parts_and_pieces_are_called_what_they_are() {
        let said = |trace: &Trace| split_text(Language::Chinese, trace, "按用量");
        let (one, two) = (tier(1, ("0", Some("18")), ("2.90", "18", 5_220)), tier(2, ("18", None), ("3.85", "18", 6_930)));
        assert_eq!(said(&trace(std::slice::from_ref(&one))), "按用量");
        assert_eq!(said(&trace(&[one.clone(), two.clone()])), "按用量，跨 2 档");
        assert_eq!(said(&further(trace(&[one.clone(), two.clone()]), &[one.clone(), two])), "按用量，跨 2 档");
        assert_eq!(said(&further(trace(std::slice::from_ref(&one)), &[one])), "按用量，分 2 段");
        assert_eq!(said(&trace(&[part("水费", "36"), part("污水处理费", "36")])), "按用量，分 2 项");
        assert_eq!(said(&further(trace(&[part("供暖费", "36")]), &[part("供暖费", "36")])), "按用量，分 2 段");
    }
}
