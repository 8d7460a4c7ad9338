//! Sales beside the rent of a contract.

use std::cmp::Ordering;

use super::{percent, yuan};
use crate::charging::trace::{TracedComparison, TracedSales, TracedTurnover};
use crate::text::Language;

/// Sales beside the rent of the same days, and which is charged. A row that is rent-free has been told of.
pub(super) fn of_sales(language: Language, turnover: &TracedTurnover, row: &TracedComparison) -> Option<String> {
    let to = row.to.pred_opt().unwrap_or(row.to);
    if row.sales.is_empty() {
        let unreported = row.days > 0;
        return unreported.then(|| say!(language, "trace-sales-none", from = row.from, to = to, fixed = yuan(row.fixed)));
    }
    let part = turnover.part(row);
    let id = match part.cmp(&row.fixed) {
        Ordering::Greater => "trace-sales-more",
        Ordering::Equal => "trace-sales-same",
        Ordering::Less => "trace-sales-less",
    };
    Some(say!(
        language,
        id,
        from = row.from,
        to = to,
        sales = sales_text(row),
        share = percent(turnover.share),
        part = yuan(part),
        fixed = yuan(row.fixed)
    ))
}

/// The sales of a comparison as one adds them up: `(62,000.00 × 16 ÷ 31 + 58,000.00)`.
pub fn sales_text(row: &TracedComparison) -> String {
    let one = |sales: &TracedSales| match sales.days == sales.of {
        true => sales.sales_fen.to_string(),
        false => format!("{} × {} ÷ {}", sales.sales_fen, sales.days, sales.of),
    };
    let all: Vec<String> = row.sales.iter().map(one).collect();
    if all.len() > 1 { format!("({})", all.join(" + ")) } else { all.concat() }
}
