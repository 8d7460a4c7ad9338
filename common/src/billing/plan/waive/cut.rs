//! A line cut into the stretches of its bill: what each of them costs, and how many months it counts.

use super::super::planner::{Charged, Planner};
use super::super::{PricedLine, SkipReason};
use super::at_price::at_price;
use super::schemes::{Reaching, Schemes};
use crate::charging::line::costs;
use crate::charging::proration::{PARTS_OF_A_MONTH, Piece, Pieces, Span, Terms, TimeShare};
use crate::formula::{Exact, Variable};
use crate::quantity::Quantity;
use crate::waivers::scheme::Relief;

/// A line by the stretches of its bill.
pub(super) struct Cut {
    /// What each stretch costs, in whatever measure.
    pub(super) costs: Vec<i128>,
    /// Whether it is charged anew each month: neither once nor as a share.
    pub(super) monthly: bool,
    /// Months that each stretch counts; none of shares.
    pub(super) months: Option<Vec<Exact>>,
    /// What each stretch costs at the other price of a scheme, in fen, by the scheme's place among those that reach the bill.
    pub(super) at_prices: Vec<Option<Vec<Exact>>>,
}

impl Planner<'_> {
    /// What the stretches of a line cost, as the tariff prices them and as schemes with another price do.
    pub(super) fn cut(
        &self,
        schemes: Option<&Schemes<'_>>,
        priced: &PricedLine,
        charged: &[Charged],
        reaching: &[Reaching<'_>],
        stretches: &[Span],
        terms: &mut Vec<(Span, Terms)>,
    ) -> Result<Cut, SkipReason> {
        let recut;
        let pieces = match stretches {
            [_] => &priced.line.pieces,
            several => {
                recut = self.recut(priced, charged, several, terms)?;
                &recut
            }
        };
        let mut cut = Cut {
            monthly: !self.inputs().is_once(priced.tariff),
            costs: vec![0; stretches.len()],
            months: Some(months(pieces, stretches.len())),
            at_prices: Vec::new(),
        };
        let by_price = reaching.iter().any(|one| matches!(one.scheme.relief, Relief::Price { .. }));
        if let Some(turnover) = priced.turnover.as_deref().filter(|turnover| turnover.is_more()) {
            cut.costs = match stretches {
                [_] => vec![1],
                several => self.costs_beside_sales(priced, turnover, charged, several, terms)?,
            };
        } else if by_price || stretches.len() > 1 {
            let known = self.known(priced, pieces)?;
            let measure = known.quantities.measure();
            if stretches.len() > 1 {
                let (each, _) = costs(measure, pieces, known.book).map_err(|_| SkipReason::TooLarge)?;
                add_up(&mut cut.costs, pieces, each.into_iter());
                // A minimum where nothing was used falls on the days that are charged.
                if cut.costs.iter().all(|cost| *cost == 0) {
                    cut.costs = time(pieces, stretches.len(), measure.vacant_rate);
                }
            }
            if by_price && !known.formula.is_some_and(|formula| formula.speaks_of(Variable::Price)) {
                let at = |one: &Reaching<'_>| {
                    let book = schemes.and_then(|schemes| schemes.books.get(usize::from(one.place))?.as_ref());
                    let least = known.tariff.rules.least_amount(pieces);
                    book.map(|book| at_price(measure, pieces, book, stretches, least)).transpose()
                };
                cut.at_prices = reaching.iter().map(at).collect::<Result<_, _>>()?;
            }
        }
        Ok(cut)
    }
}

/// How much time each stretch charges, that of vacancy at its rate.
pub(super) fn time(pieces: &Pieces, stretches: usize, vacant_rate: i64) -> Vec<i128> {
    let rate = |piece: &Piece| if piece.terms.vacant { vacant_rate } else { Quantity::ONE.scaled() };
    let mut sums = vec![0; stretches];
    add_up(&mut sums, pieces, pieces.list.iter().map(|piece| i128::from(piece.weight) * i128::from(rate(piece))));
    sums
}

/// Adds what belongs to each piece to its stretch.
pub(super) fn add_up(sums: &mut [i128], pieces: &Pieces, each: impl Iterator<Item = i128>) {
    for (piece, one) in pieces.list.iter().zip(each) {
        if let Some(sum) = sums.get_mut(usize::from(piece.terms.stretch)) {
            *sum = sum.saturating_add(one);
        }
    }
}

/// How many months each stretch counts: by its share of a month, or of the period where the amount is for that.
fn months(pieces: &Pieces, stretches: usize) -> Vec<Exact> {
    let mut sums = vec![0_i128; stretches];
    // A piece that is priced by the day says itself what part of a month it is.
    let parts = |piece: &Piece| match piece.share {
        TimeShare::EachDay { days, of } => i128::from(days) * i128::from(PARTS_OF_A_MONTH) / i128::from(of.max(1)),
        _ => i128::from(piece.weight),
    };
    add_up(&mut sums, pieces, pieces.list.iter().map(parts));
    let by_day = pieces.list.iter().any(|piece| matches!(piece.share, TimeShare::EachDay { .. }));
    let whole = if by_day { PARTS_OF_A_MONTH } else { pieces.whole.max(1) };
    let times = if whole == PARTS_OF_A_MONTH { 1 } else { i128::from(pieces.period_months) };
    sums.into_iter().map(|sum| Exact::new(sum * times, whole.into()).unwrap_or(Exact::ZERO).reduced()).collect()
}
