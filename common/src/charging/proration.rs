//! Days, months and time shares: a period cut into pieces, each with its exact share of time.

use chrono::{Datelike as _, NaiveDate};

use super::tariff::{Proration, ProrationRule};
use crate::formula::{Exact, gcd};
use crate::period::{Day, Period};

/// A time share is a whole number of these parts of a month: the least common multiple of 28, 29, 30 and 31.
pub const PARTS_OF_A_MONTH: i64 = 377_580;

/// Days `[from, to)` as numbers: what the engine counts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub from: i32,
    pub to: i32,
}

/// The number of a day.
pub fn number_of(day: Day) -> i32 {
    day.num_days_from_ce()
}

/// The day of a number.
pub fn day_of(number: i32) -> Day {
    NaiveDate::from_num_days_from_ce_opt(number).unwrap_or_default()
}

impl Span {
    pub fn of(period: Period) -> Self {
        Self { from: number_of(period.from), to: number_of(period.to) }
    }

    pub fn days(self) -> i64 {
        i64::from(self.to) - i64::from(self.from)
    }

    /// What both have in common; `None` when they do not touch.
    pub fn overlap(self, other: Self) -> Option<Self> {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        (from < to).then_some(Self { from, to })
    }

    /// What is left of it before and after another.
    pub fn without(self, other: Self) -> [Option<Self>; 2] {
        let before = Self { from: self.from, to: self.to.min(other.from) };
        let after = Self { from: self.from.max(other.to), to: self.to };
        [before, after].map(|span| (span.from < span.to).then_some(span))
    }

    pub fn contains(self, other: Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }
}

/// A billing period with its months counted from its first day, made once and used for every unit.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub period: Span,
    months: Vec<BillingMonth>,
}

#[derive(Clone, Copy, Debug)]
struct BillingMonth {
    /// As far as it lies in the period.
    part: Span,
    whole: Span,
}

impl Calendar {
    /// Whole months that follow each other.
    pub fn of_months(months: &[Period]) -> Self {
        let all = |month: &Period| BillingMonth { part: Span::of(*month), whole: Span::of(*month) };
        let months: Vec<BillingMonth> = months.iter().map(all).collect();
        let from = months.first().map_or(0, |month| month.whole.from);
        let to = months.last().map_or(from, |month| month.whole.to);
        Self { period: Span { from, to }, months }
    }

    pub fn new(period: Period) -> Self {
        let months =
            period.months().into_iter().map(|(part, whole)| BillingMonth { part: Span::of(part), whole: Span::of(whole) });
        Self { period: Span::of(period), months: months.collect() }
    }

    /// How many months it has.
    pub fn count(&self) -> i64 {
        i64::try_from(self.months.len()).unwrap_or(i64::MAX)
    }

    /// Its months, as far as they lie in the period.
    pub fn months(&self) -> impl Iterator<Item = Span> + '_ {
        self.months.iter().map(|month| month.part)
    }
}

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

/// How much of the time one piece counts, as a person would write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeShare {
    /// So many whole months.
    Months(u16),
    /// So many halves of one month that is not charged in full.
    Halves(u8),
    /// Days of the piece over days of what they are part of.
    Days { days: u16, of: u16 },
    /// All of the period.
    Whole,
    /// So many whole periods, each charged in full.
    Periods(u16),
    /// So many days, each at the price of a day, of a month of `of` days.
    EachDay { days: u16, of: u16 },
}

impl TimeShare {
    /// Both together, where they are whole months or whole periods.
    fn and(self, next: Self) -> Option<Self> {
        match (self, next) {
            (Self::Months(months), Self::Months(more)) => Some(Self::Months(months.saturating_add(more))),
            (Self::Whole, Self::Whole) => Some(Self::Periods(2)),
            (Self::Periods(periods), Self::Whole) => Some(Self::Periods(periods.saturating_add(1))),
            _ => None,
        }
    }
}

/// A stretch of days on the same terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub span: Span,
    pub terms: Terms,
    pub share: TimeShare,
    /// The share as a number: of [`Pieces::whole`].
    pub weight: i64,
}

/// A period cut into its pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    pub list: Vec<Piece>,
    /// What a weight is part of: [`PARTS_OF_A_MONTH`]; the days charged where the amount is for the period; 1 where the price is
    /// for a day, so that a weight is a number of days.
    pub whole: i64,
    /// Months charged, by days, in parts of a month.
    pub months: i64,
    /// Months before these over which the usage was read as well, in parts of a month.
    pub months_before: i64,
    /// Months of the whole period, however much of it is charged; of one cycle where the amount is for each of several.
    pub period_months: i64,
}

impl Pieces {
    /// The months that a piece counts: a numerator and a denominator.
    pub fn months_of(&self, piece: &Piece) -> (i128, i128) {
        match (piece.share, self.whole) {
            (TimeShare::EachDay { days, of }, _) => (days.into(), of.into()),
            (_, PARTS_OF_A_MONTH) => (piece.weight.into(), PARTS_OF_A_MONTH.into()),
            (_, whole) => (i128::from(piece.weight) * i128::from(self.period_months), whole.into()),
        }
    }

    /// The months that all pieces count together; `None` where they do not fit.
    pub fn months_in_all(&self) -> Option<Exact> {
        self.list.iter().try_fold(Exact::ZERO, |sum, piece| {
            let (months, of) = self.months_of(piece);
            sum.plus(Exact::new(months, of)?).map(Exact::reduced)
        })
    }

    /// The days that all pieces charge together.
    pub fn days_in_all(&self) -> i64 {
        self.list.iter().map(|piece| self.days_of(piece)).sum()
    }

    /// The days that a piece charges.
    pub fn days_of(&self, piece: &Piece) -> i64 {
        match piece.share {
            TimeShare::Whole if self.whole != PARTS_OF_A_MONTH => piece.weight,
            TimeShare::Days { days, .. } | TimeShare::EachDay { days, .. } => days.into(),
            TimeShare::Whole | TimeShare::Periods(_) | TimeShare::Months(_) | TimeShare::Halves(_) => piece.span.days(),
        }
    }

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

    /// Lets the bounds of tiers grow by so many months more: the usage is of a longer time than the period.
    pub fn cover_more(&mut self, months: i64) {
        if self.months > 0 {
            self.months_before = months.max(0).saturating_mul(PARTS_OF_A_MONTH);
        }
    }

    /// The months that the bounds of tiers by the month are multiplied with, in parts of a month.
    pub fn tier_months(&self) -> i64 {
        self.months.saturating_add(self.months_before)
    }
}

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

/// `days` out of a month of `of` days, in parts of a month. Exact: 28, 29, 30 and 31 all divide the parts.
fn parts(days: i64, of: i64) -> i64 {
    days * (PARTS_OF_A_MONTH / of.max(1))
}

fn by_days(
    list: &mut Vec<Piece>,
    month: BillingMonth,
    rule: ProrationRule,
    charged: i64,
    cover: &[Span],
    terms: &[(Span, Terms)],
) {
    let length = month.whole.days();
    // By 30-day months, a month charged in full is 1, and its pieces share it by its own days.
    let of = if rule == ProrationRule::ThirtyDays && charged < length { 30 } else { length };
    let mut left = of;
    for (span, terms) in stretches(month.part, cover, terms) {
        if span == month.whole {
            push(list, whole_month(span, terms));
            continue;
        }
        let days = span.days().min(left);
        left -= days;
        list.push(Piece { span, terms, share: days_of(days, of), weight: parts(days, of) });
    }
}

/// The month counts in full, at the price of its first day and for what charges that day, or not at all.
fn by_whole_months(
    list: &mut Vec<Piece>,
    month: BillingMonth,
    cutoff_day: u8,
    (cover, all): (&[Span], &[Span]),
    terms: &[(Span, Terms)],
) {
    let needed =
        Span { from: month.whole.from, to: month.whole.to.min(month.whole.from.saturating_add(i32::from(cutoff_day.max(1)))) };
    let first = Span { from: needed.from, to: needed.from.saturating_add(1) };
    let is_charged = all.iter().any(|span| span.contains(needed)) && cover.iter().any(|span| span.contains(first));
    if let Some(terms) = terms_on(needed.from, terms).filter(|_| is_charged) {
        push(list, whole_month(month.whole, terms));
    }
}

/// The days up to the cut-off day and those after it each count half a month where any of them is charged, at the price of the
/// first such day; what charges that day charges the half.
fn by_half_months(
    list: &mut Vec<Piece>,
    month: BillingMonth,
    cutoff_day: u8,
    (cover, all): (&[Span], &[Span]),
    terms: &[(Span, Terms)],
) {
    let middle = month.whole.to.min(month.whole.from.saturating_add(i32::from(cutoff_day.max(1))));
    let halves = [Span { from: month.whole.from, to: middle }, Span { from: middle, to: month.whole.to }];
    // A month that ends with the cut-off day has its only half count for both.
    let count = if middle == month.whole.to { 2 } else { 1 };
    let charged = |half: Span| {
        let half = half.overlap(month.part)?;
        let first = all.iter().find_map(|span| span.overlap(half))?.from;
        let within = || cover.iter().filter_map(|span| span.overlap(half));
        let own = within().next().filter(|span| span.from == first)?;
        Some((Span { from: first, to: within().next_back().unwrap_or(own).to }, terms_on(first, terms)?))
    };
    match halves.map(charged) {
        [Some((one, same)), Some((other, terms))] if same == terms && one.to == other.from => {
            push_halves(list, month, Span { from: one.from, to: other.to }, terms, 2);
        }
        each => {
            for (span, terms) in each.into_iter().flatten() {
                push_halves(list, month, span, terms, count);
            }
        }
    }
}

fn push_halves(list: &mut Vec<Piece>, month: BillingMonth, span: Span, terms: Terms, count: u8) {
    if span == month.whole {
        return push(list, whole_month(span, terms));
    }
    let weight = PARTS_OF_A_MONTH / 2 * i64::from(count);
    list.push(Piece { span, terms, share: TimeShare::Halves(count), weight });
}

/// The amount is for the period: its pieces, if the price changes, share it by days.
fn by_period(pieces: &mut Pieces, cover: &[Span], all: &[Span], terms: &[(Span, Terms)]) {
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

/// The price is for a day: a piece counts as many times as it has days, however long its month is.
fn each_day(list: &mut Vec<Piece>, month: BillingMonth, cover: &[Span], terms: &[(Span, Terms)]) {
    let count = |days: i64| u16::try_from(days).unwrap_or(u16::MAX);
    let of = count(month.whole.days());
    for (span, terms) in stretches(month.part, cover, terms) {
        list.push(Piece { span, terms, share: TimeShare::EachDay { days: count(span.days()), of }, weight: span.days() });
    }
}

fn whole_month(span: Span, terms: Terms) -> Piece {
    Piece { span, terms, share: TimeShare::Months(1), weight: PARTS_OF_A_MONTH }
}

/// Adds a piece, to the one before it where that goes on with whole months or whole periods on the same terms.
fn push(list: &mut Vec<Piece>, piece: Piece) {
    if let Some(before) = list.last_mut()
        && let Some(share) = before.share.and(piece.share)
        && (before.terms, before.span.to) == (piece.terms, piece.span.from)
    {
        before.span.to = piece.span.to;
        before.weight = before.weight.saturating_add(piece.weight);
        before.share = share;
        return;
    }
    list.push(piece);
}

/// The days of `within` that are covered, cut at the changes of terms.
fn stretches<'a>(within: Span, cover: &'a [Span], terms: &'a [(Span, Terms)]) -> impl Iterator<Item = (Span, Terms)> + 'a {
    cover
        .iter()
        .filter_map(move |span| span.overlap(within))
        .flat_map(move |span| terms.iter().filter_map(move |(within, terms)| within.overlap(span).map(|span| (span, *terms))))
}

/// How many days of a list of spans lie in `within`.
fn days_in(spans: &[Span], within: Span) -> i64 {
    spans.iter().filter_map(|span| span.overlap(within)).map(Span::days).sum()
}

/// The days that any of the spans covers, in order, none touching the next.
pub fn union(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut spans: Vec<Span> = spans.collect();
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => joined.push(span),
        }
    }
    joined
}

fn terms_on(day: i32, terms: &[(Span, Terms)]) -> Option<Terms> {
    terms.iter().find(|(span, _)| span.from <= day && day < span.to).map(|(_, terms)| *terms)
}

fn days_of(days: i64, of: i64) -> TimeShare {
    TimeShare::Days { days: u16::try_from(days).unwrap_or(u16::MAX), of: u16::try_from(of).unwrap_or(u16::MAX) }
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
