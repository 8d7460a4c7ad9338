//! Days, months and time shares: a period cut into pieces, each with its exact share of time.

mod calendar;
mod months;
mod periods;
mod pieces;
mod span;
mod terms;

use self::months::{by_days, by_half_months, by_whole_months, each_day, parts};
use self::periods::by_period;
use self::span::days_in;
use super::tariff::{Proration, ProrationRule};

pub use calendar::Calendar;
pub use pieces::{PARTS_OF_A_MONTH, Piece, Pieces, TimeShare};
pub use span::{Span, day_of, number_of, union};
pub use terms::{Terms, refine};

/// Cuts what is charged of the period (`cover`, in order, not touching) at the changes of terms (`terms`, in order,
/// over all of `cover`) and at the ends of months, and says how much each piece counts.
///
/// `all` is what this and the other charges of the fee item cover together: whether a month is charged in full, and what
/// an amount for the period is shared over, is theirs to decide, so that a change from one tariff to another costs nothing.
pub fn cut(calendar: &Calendar, proration: Proration, cover: &[Span], all: &[Span], terms: &[(Span, Terms)]) -> Pieces {
    let mut pieces = Pieces {
        list: Vec::with_capacity(terms.len()),
        whole: PARTS_OF_A_MONTH,
        months: 0,
        months_before: 0,
        period_months: calendar.count(),
    };
    for month in &calendar.months {
        let days = days_in(all, month.part);
        if days_in(cover, month.part) == 0 {
            pieces.months += parts(days, month.whole.days());
            continue;
        }
        pieces.months += parts(days, month.whole.days());
        match proration.rule {
            ProrationRule::Days | ProrationRule::ThirtyDays => {
                by_days(&mut pieces.list, *month, proration.rule, days, cover, terms)
            }
            ProrationRule::WholeMonths => by_whole_months(&mut pieces.list, *month, proration.cutoff_day, (cover, all), terms),
            ProrationRule::HalfMonths => by_half_months(&mut pieces.list, *month, proration.cutoff_day, (cover, all), terms),
            ProrationRule::PerDay => each_day(&mut pieces.list, *month, cover, terms),
            ProrationRule::None => {}
        }
    }
    match proration.rule {
        ProrationRule::None => by_period(&mut pieces, cover, all, terms),
        ProrationRule::PerDay => pieces.whole = 1,
        ProrationRule::Days | ProrationRule::ThirtyDays | ProrationRule::WholeMonths | ProrationRule::HalfMonths => {}
    }
    pieces
}
