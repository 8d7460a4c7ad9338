//! An amount that is for the period, or for each of its cycles.

use super::calendar::Calendar;
use super::pieces::{Piece, Pieces, TimeShare, days_of, push};
use super::span::{Span, days_in};
use super::terms::{Terms, stretches};
use crate::formula::gcd;

/// The amount is for the period: its pieces, if the price changes, share it by days.
pub(super) fn by_period(pieces: &mut Pieces, cover: &[Span], all: &[Span], terms: &[(Span, Terms)]) {
    let all: i64 = all.iter().map(|span| span.days()).sum();
    pieces.whole = all.max(1);
    for (span, terms) in stretches(Span { from: i32::MIN, to: i32::MAX }, cover, terms) {
        match pieces.list.last_mut() {
            // The same price before and after a gap, or in two assignments that follow each other, is one piece.
            Some(last) if last.terms == terms => {
                last.span.to = span.to;
                last.weight += span.days();
            }
            _ => pieces.list.push(Piece { span, terms, share: TimeShare::Whole, weight: span.days() }),
        }
    }
    for piece in &mut pieces.list {
        if piece.weight != all {
            piece.share = days_of(piece.weight, all);
        }
    }
}

impl Pieces {
    /// Gives the whole usage of a bill to the days between its readings instead of those of its period.
    pub fn by_days_read(&mut self, read: Span, terms: &[(Span, Terms)]) {
        self.list.clear();
        by_period(self, &[read], &[read], terms);
    }

    /// Charges an amount for each cycle of so many months that is charged on any day, one after the other: each at its own prices,
    /// shared by the days on which it is charged.
    pub fn by_cycles(&mut self, calendar: &Calendar, months: usize, cover: &[Span], all: &[Span], terms: &[(Span, Terms)]) {
        let chunks = calendar.months.chunks(months.max(1));
        let cycles = chunks.filter_map(|chunk| Some(Span { from: chunk.first()?.whole.from, to: chunk.last()?.whole.to }));
        let cycles: Vec<(Span, i64)> = cycles.map(|cycle| (cycle, days_in(all, cycle))).filter(|(_, days)| *days > 0).collect();
        let common = |one: i64, other: i64| {
            let shared = gcd(one.unsigned_abs().into(), other.unsigned_abs().into());
            one.saturating_mul(other / i64::try_from(shared).unwrap_or(1).max(1))
        };
        self.list.clear();
        self.whole = cycles.iter().fold(1, |whole, (_, days)| common(whole, *days));
        self.period_months = i64::try_from(months).unwrap_or(1);
        for (cycle, days) in cycles {
            let within = |spans: &[Span]| spans.iter().filter_map(|span| span.overlap(cycle)).collect::<Vec<_>>();
            let mut own = Self::default();
            by_period(&mut own, &within(cover), &within(all), terms);
            for piece in own.list {
                push(&mut self.list, Piece { weight: piece.weight.saturating_mul(self.whole / days), ..piece });
            }
        }
    }
}
