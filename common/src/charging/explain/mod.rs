//! The trace of a line in words, the same in the browser, in print and on the command line.

/// The text with this id, its variables filled in.
macro_rules! say {
    ($language:expr, $id:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::text::text_with($language, $id, &[$((stringify!($name), $value.to_string().as_str())),*])
    };
}

mod basis;
mod figures;
mod meters;
mod minimum;
mod people;
mod pieces;
mod prices;
mod quota;
mod rate;
mod sales;
mod share;
mod tiers;
mod time;

use self::basis::of_basis;
use self::figures::months_text;
use self::minimum::{of_least_amount, of_least_usage};
use self::people::{of_more_people, of_people};
use self::prices::of_prices;
use self::quota::of_quotas;
use self::sales::of_sales;
use self::tiers::{of_all_registers, of_remainders, of_tiers};
use self::time::{of_days, of_time};
use super::tariff::{FeeItemKind, Rounding};
use super::trace::{Basis, Trace};
use crate::money::{Money, grouped};
use crate::text::Language;

pub use figures::{basis_unit, percent, price, usage_unit, yuan};
pub use minimum::minimum_text;
pub use pieces::sum_of_piece;
pub use rate::{rate_text, rate_unit};
pub use sales::sales_text;
pub use tiers::{split_text, tier_bounds, tier_months, total_of_tiers};

/// What a line's trace says, sentence by sentence: where every number came from and how they were put together.
pub fn sentences(language: Language, trace: &Trace, amount: Money, kind: FeeItemKind) -> Vec<String> {
    let kind = trace.utility.unwrap_or(kind);
    let total = amount;
    let amount = trace.priced(total);
    let mut said = of_basis(language, trace, amount, kind);
    if let Some(minimum) = &trace.minimum {
        said.extend(of_least_usage(language, trace, minimum, kind));
    }
    if matches!(trace.basis, Basis::Turnover { .. }) {
        return said;
    }
    if let Some(coefficient) = trace.coefficient {
        said.push(say!(language, "trace-coefficient", coefficient = coefficient));
    }
    said.extend(of_prices(language, &trace.pieces, kind));
    said.extend(of_people(language, trace));
    if !matches!(trace.basis, Basis::Formula { timed: true, .. }) {
        said.extend(of_time(language, trace, kind));
    } else if trace.pieces.len() > 1 {
        said.push(say!(language, "trace-formula-shared"));
    }
    said.extend(trace.pieces.iter().filter_map(|piece| of_days(language, trace, piece)));
    if let Some(turnover) = &trace.turnover {
        said.extend(turnover.rows.iter().filter_map(|row| of_sales(language, turnover, row)));
    }
    if let Some(before) = trace.before {
        let id = if before.is_zero() { "trace-before-none" } else { "trace-before" };
        said.push(say!(language, id, before = before, unit = usage_unit(kind)));
    }
    if let Some(months) = trace.tier_months {
        said.push(say!(language, "trace-tier-months", months = months_text(months)));
    }
    said.extend(of_quotas(language, trace, kind));
    said.extend(trace.pieces.iter().filter_map(|piece| of_more_people(language, piece, kind)));
    for piece in &trace.pieces {
        let lie = of_all_registers(language, piece, kind);
        said.extend(lie.into_iter().map(|lie| match trace.pieces.len() {
            1 => lie,
            _ => format!("{}{lie}", say!(language, "trace-from-day", day = piece.from)),
        }));
    }
    if trace.pieces.iter().any(|piece| !piece.tiers.is_empty()) {
        said.push(of_tiers(language, trace, amount, kind));
        said.extend(of_remainders(language, trace));
    } else if let Some(sum) = trace.sum() {
        let how = rounded(language, trace.rounding);
        said.push(match sum == amount.yuan() {
            true => say!(language, "trace-exact", amount = amount),
            false => say!(language, "trace-rounded", how = how, exact = grouped(sum, 2), amount = amount),
        });
    }
    if let Some(minimum) = &trace.minimum {
        said.extend(of_least_amount(language, minimum, total));
    }
    said
}

fn rounded(language: Language, rounding: Rounding) -> String {
    say!(language, &format!("trace-round-{}-{}", rounding.to.word(), rounding.how.word().replace('_', "-")))
}
