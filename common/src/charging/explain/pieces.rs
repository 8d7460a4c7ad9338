//! A piece as one multiplies it by hand.

use super::price;
use crate::charging::trace::{Basis, Trace, TracedPiece, TracedShare};
use crate::money::grouped;
use crate::quantity::Quantity;

/// A longer formula is told in its sentence alone.
const SHORT: usize = 48;

/// What one multiplies for a piece: 89.5 × 2.50 × 15 ÷ 31. Of a formula that yields yuan, the formula itself, where that is short.
pub fn sum_of_piece(trace: &Trace, piece: &TracedPiece) -> String {
    let quantity = || piece.quantity.or_else(|| trace.quantity().map(Quantity::get)).map(|quantity| grouped(quantity, 0));
    let mut others: Vec<String> = trace.coefficient.iter().map(ToString::to_string).collect();
    others.extend(trace.vacant_rate.filter(|_| piece.vacant).map(|rate| rate.to_string()));
    let (yuan, timed) = match &trace.basis {
        Basis::Formula { yuan, timed, .. } => (*yuan, *timed),
        _ => (false, false),
    };
    let share = match piece.share {
        // Its months or days are in the formula.
        _ if timed => String::new(),
        TracedShare::Whole | TracedShare::Months(1) | TracedShare::Halves(2) => String::new(),
        TracedShare::Halves(halves) => format!(" × {halves} ÷ 2"),
        TracedShare::Months(times) | TracedShare::Periods(times) | TracedShare::EachDay(times) => format!(" × {times}"),
        TracedShare::Days(days, of) => format!(" × {days} ÷ {of}"),
    };
    let alone = others.is_empty() && share.is_empty();
    let first = match &trace.basis {
        // Of several pieces, one is a part of what its formula says of all the time.
        Basis::Formula { formula, .. }
            if yuan && !(timed && trace.pieces.len() > 1) && formula.trim().chars().count() <= SHORT =>
        {
            let formula = formula.trim();
            Some(if alone { formula.to_owned() } else { format!("({formula})") })
        }
        _ => quantity(),
    };
    let price = piece.price.filter(|_| !yuan).map(price);
    let factors: Vec<String> = first.into_iter().chain(price).chain(others).collect();
    format!("{}{share}", factors.join(" × "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(basis: &str, share: &str) -> Trace {
        let piece = format!(
            r#"{{"from":"2026-10-01","to":"2026-11-01","share":{share},"scope":"community","since":"2026-01-01","price":"0.1","quantity":"9.8"}}"#
        );
        serde_json::from_str(&format!(r#"{{"basis":{basis},"pieces":[{piece}]}}"#)).unwrap()
    }

    fn formula(formula: &str, yuan: bool, timed: bool) -> String {
        format!(r#"{{"of":"formula","formula":"{formula}","yuan":{yuan},"timed":{timed},"values":[]}}"#)
    }

    fn said(trace: &Trace) -> String {
        sum_of_piece(trace, &trace.pieces[0])
    }

    #[test]
    fn a_formula_of_yuan_is_its_own_sum() {
        let yuan = formula("98 × 单价", true, false);
        assert_eq!(said(&trace(&yuan, r#"{"months":1}"#)), "98 × 单价");
        assert_eq!(said(&trace(&yuan, r#"{"days":[15,31]}"#)), "(98 × 单价) × 15 ÷ 31");
        let vacant_rate = Some("0.7".parse().unwrap());
        let mut vacant = Trace { vacant_rate, ..trace(&yuan, r#"{"months":1}"#) };
        assert_eq!(said(&vacant), "98 × 单价", "it is lived in");
        vacant.pieces[0].vacant = true;
        assert_eq!(said(&vacant), "(98 × 单价) × 0.7");
        assert_eq!(said(&trace(&formula(&"1 + ".repeat(20), true, false), r#"{"months":1}"#)), "9.8", "too long");
        assert_eq!(said(&trace(&formula("面积 ÷ 10", false, false), r#"{"months":3}"#)), "9.8 × 0.10 × 3");
    }

    #[test]
    fn a_formula_with_months_is_not_multiplied_with_them() {
        let mut timed = trace(&formula("98 × 单价 × 月数", true, true), r#"{"months":3}"#);
        assert_eq!(said(&timed), "98 × 单价 × 月数");
        timed.pieces.push(timed.pieces[0].clone());
        assert_eq!(said(&timed), "9.8", "a part of it");
    }

    #[test]
    fn a_quantity_is_multiplied_with_its_price_and_time() {
        let mut area = trace(r#"{"of":"area","area":"1089.5"}"#, r#"{"days":[15,31]}"#);
        area.pieces[0].quantity = None;
        area.coefficient = Some("1.2".parse().unwrap());
        assert_eq!(said(&area), "1,089.5 × 0.10 × 1.2 × 15 ÷ 31");
    }
}
