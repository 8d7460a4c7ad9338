//! On what terms days are charged, and where these change.

use super::span::Span;

/// What decides the price of a day, other than the time: where it changes, a new piece begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The price's place in its book.
    pub price: u32,
    /// Which of the price's seasons it is; 0 where it has none.
    pub season: u16,
    /// People living in the unit, where that matters; 0 where it does not.
    pub heads: u32,
    /// Nobody holds or lives in the unit, and the tariff has a rate for that.
    pub vacant: bool,
    /// Which of the period's owners holds the unit, counted from 0.
    pub owner: u16,
    /// The tariff year that the day lies in, where tiers count by the year; 0 where they do not.
    pub year: i16,
    /// Which stretch of the period it is, where something that is waived begins or ends in it; 0 where nothing does.
    pub stretch: u8,
}

pub(super) fn terms_on(day: i32, terms: &[(Span, Terms)]) -> Option<Terms> {
    terms.iter().find(|(span, _)| span.from <= day && day < span.to).map(|(_, terms)| *terms)
}

/// The days of `within` that are covered, cut at the changes of terms.
pub(super) fn stretches<'a>(
    within: Span,
    cover: &'a [Span],
    terms: &'a [(Span, Terms)],
) -> impl Iterator<Item = (Span, Terms)> + 'a {
    cover
        .iter()
        .filter_map(move |span| span.overlap(within))
        .flat_map(move |span| terms.iter().filter_map(move |(within, terms)| within.overlap(span).map(|span| (span, *terms))))
}

/// Cuts terms where other spans (in order, not touching) begin and end; `set` puts in what a span says.
pub fn refine<V: Copy>(
    list: &mut Vec<(Span, Terms)>,
    spans: impl Iterator<Item = (Span, V)> + Clone,
    set: impl Fn(&mut Terms, V),
) {
    let mut refined = Vec::with_capacity(list.len());
    for (span, terms) in list.drain(..) {
        let mut day = span.from;
        for (within, value) in spans.clone() {
            let Some(part) = within.overlap(Span { from: day, to: span.to }) else { continue };
            if day < part.from {
                refined.push((Span { from: day, to: part.from }, terms));
            }
            let mut told = terms;
            set(&mut told, value);
            refined.push((part, told));
            day = part.to;
        }
        if day < span.to {
            refined.push((Span { from: day, to: span.to }, terms));
        }
    }
    for (span, terms) in refined {
        match list.last_mut() {
            Some((last, same)) if *same == terms && last.to == span.from => last.to = span.to,
            _ => list.push((span, terms)),
        }
    }
}
