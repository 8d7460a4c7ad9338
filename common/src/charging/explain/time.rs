//! For how long each piece counts.

use super::price;
use super::prices::is_free;
use crate::charging::tariff::FeeItemKind;
use crate::charging::trace::{Basis, Trace, TracedPiece, TracedShare};
use crate::money::grouped;
use crate::period::Day;
use crate::text::Language;

/// For how long each piece counts, where that is not one month.
pub(super) fn of_time(language: Language, trace: &Trace, kind: FeeItemKind) -> Vec<String> {
    let one = |piece: &TracedPiece| match piece.share {
        _ if is_free(piece, kind) => None,
        // A price for a day is told with its days.
        TracedShare::Whole | TracedShare::Months(1) | TracedShare::EachDay(_) => None,
        TracedShare::Months(months) => {
            Some(say!(language, "trace-counts-months", from = piece.from, to = last_day(piece), months = months))
        }
        TracedShare::Periods(periods) => {
            Some(say!(language, "trace-counts-periods", from = piece.from, to = last_day(piece), periods = periods))
        }
        // A usage is given to the days between the readings, which are no month.
        TracedShare::Days(days, of) if matches!(trace.basis, Basis::Usage { .. }) => {
            Some(say!(language, "trace-counts-usage", from = piece.from, to = last_day(piece), days = days, of = of))
        }
        // The days of several months are no part of one.
        TracedShare::Days(days, of) if of > 31 => {
            Some(say!(language, "trace-counts-share", from = piece.from, to = last_day(piece), days = days, of = of))
        }
        TracedShare::Halves(1) => Some(say!(language, "trace-counts-half", from = piece.from, to = last_day(piece))),
        TracedShare::Halves(_) => Some(say!(language, "trace-counts-halves", from = piece.from, to = last_day(piece))),
        TracedShare::Days(days, of) => {
            Some(say!(language, "trace-counts-days", from = piece.from, to = last_day(piece), days = days, of = of))
        }
    };
    trace.pieces.iter().filter_map(one).collect()
}

/// A piece whose price is for a day, as one multiplies it: 3.50 元/㎡·天 × 120 ㎡ × 31 天.
pub(super) fn of_days(language: Language, trace: &Trace, piece: &TracedPiece) -> Option<String> {
    let (TracedShare::EachDay(days), Some(one)) = (piece.share, piece.price.filter(|price| !price.is_zero())) else {
        return None;
    };
    let (unit, quantity) = match &trace.basis {
        Basis::Area { area } => ("charging-unit-area-day", format!("{area} {}", say!(language, "kit-square-metre"))),
        Basis::Household => ("charging-unit-household-day", say!(language, "trace-one-household")),
        Basis::Head => ("charging-unit-head-day", piece.quantity.unwrap_or_default().to_string()),
        _ => ("charging-unit-day", String::new()),
    };
    let mut factors: Vec<String> = Some(quantity).filter(|quantity| !quantity.is_empty()).into_iter().collect();
    factors.extend(trace.coefficient.map(|coefficient| coefficient.to_string()));
    factors.extend(trace.vacant_rate.filter(|_| piece.vacant).map(|rate| rate.to_string()));
    if factors.is_empty() {
        factors.push("1".to_owned());
    }
    Some(say!(
        language,
        "trace-each-day",
        from = piece.from,
        to = last_day(piece),
        price = price(one),
        unit = say!(language, unit),
        quantity = factors.join(" × "),
        days = days,
        product = grouped(trace.product(piece)?, 2)
    ))
}

pub(super) fn last_day(piece: &TracedPiece) -> Day {
    piece.to.pred_opt().unwrap_or(piece.to)
}
