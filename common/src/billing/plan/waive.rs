//! What schemes take off a planned bill: which of them reach it, on which days, and what those days cost by the lines' own rules.

use chrono::Datelike as _;
use serde::{Deserialize, Serialize};

use super::super::inputs::{RunInputs, RunUnits, place};
use super::by_unit::ByUnit;
use super::planner::{Charged, Planner};
use super::portion::{Holding, portions};
use super::{PlannedBill, PlannedLine, PlannedPortion, PlannedWaiver, PricedLine, SkipReason};
use crate::billing::portion::Portion;
use crate::charging::line::{Measure, costs};
use crate::charging::price::{At, PriceBook, PriceRow};
use crate::charging::proration::{PARTS_OF_A_MONTH, Piece, Pieces, Span, Terms, TimeShare, day_of, union};
use crate::charging::rate::Rate;
use crate::charging::tariff::{RoundTo, Rounding};
use crate::charging::trace::Trace;
use crate::charging::turnover::{Comparison, Turnover};
use crate::formula::{Exact, Towards, Variable};
use crate::money::Money;
use crate::period::{Period, add_months};
use crate::quantity::Quantity;
use crate::waivers::apply::{Left, Reach};
use crate::waivers::inputs::{RunScheme, RunWaivers, RunWho};
use crate::waivers::scheme::Relief;
use crate::waivers::trace::{SchemeTrace, TracedCap, TracedDays, WaiverTrace};

/// The schemes of a run, found by fee item.
pub(super) struct Schemes<'a> {
    inputs: &'a RunWaivers,
    /// By fee item, in the order in which they are applied.
    of_item: Vec<Vec<u16>>,
    groups: Vec<ByUnit>,
    /// The other unit price of each scheme that has one.
    books: Vec<Option<PriceBook>>,
}

/// What schemes with a most for the year took off the bills of one unit that this run plans before another of its bills.
#[derive(Default)]
pub(super) struct Spent {
    unit: Option<u32>,
    /// The fee items before this one are counted.
    next: u16,
    /// By scheme and by the year of the bill.
    sums: Vec<(u16, i32, Money)>,
}

/// A scheme that reaches a bill.
struct Reaching<'a> {
    place: u16,
    scheme: &'a RunScheme,
    /// In order, none touching the next.
    spans: Vec<Span>,
    groups: Vec<&'a str>,
}

/// A line by the stretches of its bill.
struct Cut {
    /// What each stretch costs, in whatever measure.
    costs: Vec<i128>,
    /// Whether it is charged anew each month: neither once nor as a share.
    monthly: bool,
    /// Months that each stretch counts; none of shares.
    months: Option<Vec<Exact>>,
    /// What each stretch costs at the other price of a scheme, in fen, by the scheme's place among those that reach the bill.
    at_prices: Vec<Option<Vec<Exact>>>,
}

impl<'a> Schemes<'a> {
    /// None where no scheme is in force: then the run does not look for any.
    pub(super) fn new(inputs: &'a RunInputs) -> Option<Self> {
        let waivers = &inputs.waivers;
        if waivers.schemes.is_empty() {
            return None;
        }
        let of_item = (0_u16..).zip(&inputs.fee_items).map(|(fee_item, _)| {
            let of = (0_u16..).zip(&waivers.schemes).filter(|(_, scheme)| scheme.fee_items.contains(&fee_item));
            of.map(|(place, _)| place).collect()
        });
        let book = |scheme: &RunScheme| match scheme.relief {
            Relief::Price { price } => {
                let row = PriceRow { at: At::Community, from: i32::MIN, to: None, rate: Rate::Flat(price) };
                Some(PriceBook::new(vec![row]))
            }
            _ => None,
        };
        Some(Self {
            inputs: waivers,
            of_item: of_item.collect(),
            groups: waivers.groups.iter().map(|group| ByUnit::new(inputs.units.id.len(), &group.unit)).collect(),
            books: waivers.schemes.iter().map(book).collect(),
        })
    }

    fn of(&self, fee_item: u16) -> impl Iterator<Item = (u16, &'a RunScheme)> + '_ {
        let places = self.of_item.get(usize::from(fee_item)).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| Some((*place, self.inputs.schemes.get(usize::from(*place))?)))
    }

    /// Whether what is taken off a bill of the fee item depends on the unit's other bills.
    pub(super) fn looks_back(&self, fee_item: u16) -> bool {
        self.of(fee_item).any(|(_, scheme)| scheme.year_most_fen.is_some())
    }

    /// Those that reach a bill, in the order in which they are applied.
    fn reaching(&self, units: &RunUnits, unit: u32, fee_item: u16, period: Period) -> Vec<Reaching<'a>> {
        let of_unit = |(at, scheme): (u16, &'a RunScheme)| {
            let long =
                scheme.months_least <= 1 || add_months(period.from, scheme.months_least).is_some_and(|end| end <= period.to);
            let days =
                Span { from: scheme.from, to: scheme.to.unwrap_or(i32::MAX) }.overlap(Span::of(period)).filter(|_| long)?;
            let (mut spans, mut groups) = (Vec::new(), Vec::new());
            match &scheme.who {
                RunWho::Everybody => spans.push(days),
                RunWho::Units(units) => spans.extend(units.binary_search(&unit).is_ok().then_some(days)),
                RunWho::Kinds(kinds) => {
                    let kind = units.kind.get(place(unit));
                    spans.extend(kind.is_some_and(|kind| kinds.contains(kind)).then_some(days));
                }
                RunWho::Groups(groups_of) => {
                    for at in groups_of {
                        let Some(group) = self.inputs.groups.get(usize::from(*at)) else { continue };
                        let before = spans.len();
                        spans.extend(self.member_days(*at, unit).filter_map(|span| span.overlap(days)));
                        groups.extend((spans.len() > before && !group.name.is_empty()).then_some(group.name.as_str()));
                    }
                    spans = union(spans.into_iter());
                }
            }
            (!spans.is_empty()).then_some(Reaching { place: at, scheme, spans, groups })
        };
        self.of(fee_item).filter_map(of_unit).collect()
    }

    /// The days on which a member of the group holds the unit.
    fn member_days(&self, group: u16, unit: u32) -> impl Iterator<Item = Span> + '_ {
        let at = usize::from(group);
        let rows = self.groups.get(at).map_or(&[][..], |rows| rows.of(unit));
        let group = self.inputs.groups.get(at);
        rows.iter().filter_map(move |row| {
            let group = group?;
            Some(Span { from: *group.from.get(place(*row))?, to: *group.to.get(place(*row))? })
        })
    }

    /// What may be taken off for the rest of the year, and the most of the year.
    fn rest_of_year(scheme: &RunScheme, unit: u32, year: i32, spent: Money) -> Option<(Money, Money)> {
        let most = scheme.year_most_fen?;
        let found = scheme.used.binary_search_by_key(&(unit, year), |(of, year, _)| (*of, *year)).ok();
        let used = found.and_then(|at| scheme.used.get(at)).map_or(Money::ZERO, |(.., used)| *used);
        let rest = most.checked_sub(used)?.checked_sub(spent)?;
        Some((rest.max(Money::ZERO), most))
    }
}

impl Spent {
    /// Where to go on for the unit.
    pub(super) fn next_of(&mut self, unit: u32) -> u16 {
        if self.unit != Some(unit) {
            *self = Self { unit: Some(unit), ..Self::default() };
        }
        self.next
    }

    /// Counts what was taken off a bill of the fee item that is next; none where it has no bill.
    pub(super) fn add(&mut self, unit: u32, fee_item: u16, year: i32, waivers: &[PlannedWaiver]) {
        if self.unit != Some(unit) || self.next != fee_item {
            return;
        }
        self.next += 1;
        for waiver in waivers {
            match self.sums.iter_mut().find(|(scheme, of, _)| (*scheme, *of) == (waiver.scheme, year)) {
                Some((.., sum)) => *sum = sum.checked_add(waiver.amount).unwrap_or(*sum),
                None => self.sums.push((waiver.scheme, year, waiver.amount)),
            }
        }
    }

    fn of(&self, scheme: u16, year: i32) -> Money {
        let found = self.sums.iter().find(|(of, its, _)| (*of, *its) == (scheme, year));
        found.map_or(Money::ZERO, |(.., sum)| *sum)
    }
}

/// How a bill comes about: its lines, what is taken off it, and on whom it falls where the unit changes hands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExplainedBill {
    pub lines: Vec<(Money, Trace)>,
    pub waivers: Vec<ToldWaiver>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub portions: Vec<Portion>,
}

/// A planned waiver as people are told of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToldWaiver {
    pub name: String,
    pub reason: String,
    pub amount_fen: Money,
    pub trace: WaiverTrace,
}

impl Planner<'_> {
    /// How a planned bill comes about.
    pub fn explain(&self, bill: &PlannedBill) -> ExplainedBill {
        ExplainedBill {
            lines: bill.lines.iter().map(|line| (line.amount(), self.trace(line))).collect(),
            waivers: bill.waivers.iter().filter_map(|waiver| self.told(waiver)).collect(),
            portions: bill.portions.iter().map(PlannedPortion::told).collect(),
        }
    }

    fn told(&self, waiver: &PlannedWaiver) -> Option<ToldWaiver> {
        let scheme = self.inputs().waivers.schemes.get(usize::from(waiver.scheme))?;
        Some(ToldWaiver {
            name: scheme.name.clone(),
            reason: scheme.reason.clone(),
            amount_fen: waiver.amount,
            trace: WaiverTrace::Scheme(waiver.trace.clone()),
        })
    }

    /// What schemes take off a bill, in their order, and what of it falls on whom.
    pub(super) fn tell_apart(
        &self,
        bill: &mut PlannedBill,
        holdings: &[Holding],
        charged: &[Charged],
        terms: &mut Vec<(Span, Terms)>,
        spent: &Spent,
    ) -> Result<(), SkipReason> {
        let schemes = self.schemes();
        let reaching = schemes.map(|schemes| schemes.reaching(&self.inputs().units, bill.unit, bill.fee_item, bill.period));
        let reaching = reaching.unwrap_or_default();
        if reaching.is_empty() && holdings.is_empty() {
            return Ok(());
        }
        let stretches = stretches(Span::of(bill.period), &reaching, holdings);
        let mut cuts = Vec::with_capacity(bill.lines.len());
        for line in &bill.lines {
            cuts.push(match line {
                PlannedLine::Priced(priced) => self.cut(schemes, priced, charged, &reaching, &stretches, terms)?,
                PlannedLine::Share(..) => Cut { monthly: false, costs: Vec::new(), months: None, at_prices: Vec::new() },
            });
        }
        let lines = bill.lines.iter().zip(&mut cuts).map(|(line, cut)| (line.amount(), std::mem::take(&mut cut.costs)));
        let lines: Vec<(Money, Vec<i128>)> = lines.collect();
        let days: Vec<i64> = stretches.iter().map(|span| span.days()).collect();
        let before = Left::new(&lines, &days).ok_or(SkipReason::TooLarge)?;
        let mut left = before.clone();
        bill.waivers =
            apply(&mut left, (bill, self.rounding_of(bill)), &reaching, &stretches, &cuts, spent).ok_or(SkipReason::TooLarge)?;
        bill.portions = portions(self.inputs(), bill, holdings, &stretches, (&before, &left)).ok_or(SkipReason::TooLarge)?;
        Ok(())
    }

    /// How a bill of one tariff is rounded; one with several lines is a sum, to the fen.
    fn rounding_of(&self, bill: &PlannedBill) -> Rounding {
        let tariff = bill.tariff.filter(|_| bill.lines.len() == 1).and_then(|tariff| self.inputs().tariff(tariff));
        tariff.map_or_else(Rounding::default, |tariff| tariff.rules.rounding)
    }

    /// What the stretches of a line cost, as the tariff prices them and as schemes with another price do.
    fn cut(
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

impl Planner<'_> {
    /// What the stretches of a line cost where a share of the sales is charged: what each comparison charges, shared over its
    /// days as the rent is, or evenly where there is none.
    fn costs_beside_sales(
        &self,
        priced: &PricedLine,
        turnover: &Turnover,
        charged: &[Charged],
        stretches: &[Span],
        terms: &mut Vec<(Span, Terms)>,
    ) -> Result<Vec<i128>, SkipReason> {
        let mut days: Vec<i32> = stretches.iter().flat_map(|span| [span.from, span.to]).collect();
        days.extend(turnover.rows.iter().flat_map(|row| [row.span.from, row.span.to]));
        days.sort_unstable();
        days.dedup();
        let fine: Vec<Span> = days.iter().zip(days.iter().skip(1)).map(|(from, to)| Span { from: *from, to: *to }).collect();
        let pieces = self.recut(priced, charged, &fine, terms)?;
        let known = self.known(priced, &pieces)?;
        let (each, _) = costs(known.quantities.measure(), &pieces, known.book).map_err(|_| SkipReason::TooLarge)?;
        let mut rents = vec![0; fine.len()];
        add_up(&mut rents, &pieces, each.into_iter());
        let parts: Vec<(Span, i128)> = fine.into_iter().zip(rents).collect();
        let mut sums = vec![Exact::ZERO; stretches.len()];
        for row in &turnover.rows {
            add_row(&mut sums, row, turnover.share, stretches, &parts).ok_or(SkipReason::TooLarge)?;
        }
        let whole = |sum: Exact| sum.rounded(8, Towards::Nearest).map(Exact::numerator);
        sums.into_iter().map(whole).collect::<Option<_>>().ok_or(SkipReason::TooLarge)
    }
}

/// Adds what one comparison charges to the stretches that its parts lie in.
fn add_row(sums: &mut [Exact], row: &Comparison, share: Quantity, stretches: &[Span], parts: &[(Span, i128)]) -> Option<()> {
    let (charged, _) = row.larger(share)?;
    let inside = || parts.iter().filter(|(span, _)| row.span.contains(*span));
    let rent_free = inside().all(|(_, rent)| *rent == 0);
    let weight = |(span, rent): &(Span, i128)| if rent_free { span.days().into() } else { *rent };
    let whole = inside().map(weight).try_fold(0_i128, i128::checked_add)?;
    for part in inside() {
        let at = stretches.iter().position(|stretch| stretch.contains(part.0))?;
        let sum = sums.get_mut(at)?;
        *sum = sum.plus(charged.times(Exact::new(weight(part), whole)?.reduced())?.reduced())?.reduced();
    }
    Some(())
}

/// What stretches cost at one other price, in fen; together no less than the tariff's minimum.
fn at_price(
    measure: Measure<'_>,
    pieces: &Pieces,
    book: &PriceBook,
    stretches: &[Span],
    least: Option<Money>,
) -> Result<Vec<Exact>, SkipReason> {
    let mut pieces = pieces.clone();
    for piece in &mut pieces.list {
        piece.terms.price = 0;
    }
    let (each, whole) = costs(measure, &pieces, book).map_err(|_| SkipReason::TooLarge)?;
    let mut sums = vec![0_i128; stretches.len()];
    add_up(&mut sums, &pieces, each.into_iter());
    let exact = |sum: i128| Exact::new(sum, whole).map(Exact::reduced);
    let sums = sums.into_iter().map(exact).collect::<Option<Vec<_>>>().ok_or(SkipReason::TooLarge)?;
    match least {
        Some(least) => raised(sums, &time(&pieces, stretches.len(), measure.vacant_rate), least).ok_or(SkipReason::TooLarge),
        None => Ok(sums),
    }
}

/// Stretches that cost less than a minimum cost that together, by what they cost, or by the time that they charge where they cost
/// nothing.
fn raised(sums: Vec<Exact>, time: &[i128], least: Money) -> Option<Vec<Exact>> {
    let least = Exact::whole(least.fen());
    let all = sums.iter().try_fold(Exact::ZERO, |all, one| all.plus(*one).map(Exact::fitted))?;
    if all >= least {
        return Some(sums);
    }
    let by_time = || time.iter().map(|time| Exact::new(*time, 1)).collect::<Option<Vec<_>>>();
    let weights = if all.is_zero() { by_time()? } else { sums };
    let whole = weights.iter().try_fold(Exact::ZERO, |all, one| all.plus(*one).map(Exact::fitted))?;
    weights.into_iter().map(|one| least.times(one.over(whole)?.fitted()).map(Exact::fitted)).collect()
}

/// How much time each stretch charges, that of vacancy at its rate.
fn time(pieces: &Pieces, stretches: usize, vacant_rate: i64) -> Vec<i128> {
    let rate = |piece: &Piece| if piece.terms.vacant { vacant_rate } else { Quantity::ONE.scaled() };
    let mut sums = vec![0; stretches];
    add_up(&mut sums, pieces, pieces.list.iter().map(|piece| i128::from(piece.weight) * i128::from(rate(piece))));
    sums
}

/// Adds what belongs to each piece to its stretch.
fn add_up(sums: &mut [i128], pieces: &Pieces, each: impl Iterator<Item = i128>) {
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

/// The period cut where any scheme begins or ends, and where the unit changes hands.
fn stretches(period: Span, reaching: &[Reaching<'_>], holdings: &[Holding]) -> Vec<Span> {
    let mut days = vec![period.from, period.to];
    days.extend(holdings.iter().map(|holding| holding.span.from));
    days.extend(reaching.iter().flat_map(|one| one.spans.iter().flat_map(|span| [span.from, span.to])));
    days.sort_unstable();
    days.dedup();
    let pairs = days.iter().zip(days.iter().skip(1));
    pairs.map(|(from, to)| Span { from: *from, to: *to }).collect()
}

/// Whether a scheme applies on each stretch.
fn on(one: &Reaching<'_>, stretches: &[Span]) -> Vec<bool> {
    stretches.iter().map(|stretch| one.spans.iter().any(|span| span.contains(*stretch))).collect()
}

fn apply(
    left: &mut Left,
    (bill, rounding): (&PlannedBill, Rounding),
    reaching: &[Reaching<'_>],
    stretches: &[Span],
    cuts: &[Cut],
    spent: &Spent,
) -> Option<Vec<PlannedWaiver>> {
    let PlannedBill { unit, period, .. } = *bill;
    let mut waivers: Vec<PlannedWaiver> = Vec::with_capacity(reaching.len());
    let year = year_of(period);
    let monthly: Vec<bool> = cuts.iter().map(|cut| cut.monthly).collect();
    for (at, one) in reaching.iter().enumerate() {
        let relief = one.scheme.relief;
        let on = on(one, stretches);
        let before = left.money();
        let months = match relief {
            Relief::Fixed { .. } => months_of(period, &one.spans, &on, cuts.iter())?,
            // A scheme that begins in mid-bill takes its share of what the whole bill has free.
            Relief::Months { .. } => {
                let charged = cuts.iter().filter(|cut| cut.monthly);
                months_of(period, &[Span::of(period)], &vec![true; stretches.len()], charged)?
            }
            Relief::Percent { .. } | Relief::Price { .. } => Exact::ZERO,
        };
        let mut at_prices = Vec::with_capacity(cuts.len());
        for cut in cuts {
            let Some(Some(each)) = cut.at_prices.get(at) else {
                at_prices.push(None);
                continue;
            };
            at_prices.push(Some(sum_on(each, &on)?));
        }
        let year = Schemes::rest_of_year(one.scheme, unit, year, spent.of(one.place, year));
        let most = [one.scheme.bill_most_fen, year.map(|(rest, _)| rest)].into_iter().flatten().min();
        let taken = left.take(&Reach { relief, on: &on, months, monthly: &monthly, at_price: &at_prices, most, rounding })?;
        if taken.amount.is_zero() {
            continue;
        }
        let cap = taken.cut.then(|| match (one.scheme.bill_most_fen, year) {
            (Some(most), _) if taken.amount == most => TracedCap::Bill(most),
            (_, Some((rest, most))) if taken.amount == rest => {
                TracedCap::Year(most, Money::from_fen(most.fen().saturating_sub(rest.fen())))
            }
            _ => TracedCap::Left,
        });
        let whole = one.spans == [Span::of(period)];
        let yuan = |fen: Exact| fen.times(Exact::new(1, 100)?)?.shown(5);
        let other = at_prices.iter().flatten().try_fold(Exact::ZERO, |sum, one| sum.plus(*one))?;
        let trace = SchemeTrace {
            relief,
            before_fen: before,
            later: !waivers.is_empty(),
            base: if taken.base == Exact::whole(before.fen()) { None } else { yuan(taken.base) },
            days: if whole { Vec::new() } else { one.spans.iter().map(|span| days_of(*span)).collect() },
            groups: one.groups.iter().map(|name| (*name).to_owned()).collect(),
            months: matches!(relief, Relief::Fixed { .. } | Relief::Months { .. }).then(|| months.shown(5)).flatten(),
            at_price: matches!(relief, Relief::Price { .. }).then(|| yuan(other)).flatten(),
            cap,
            months_least: Some(one.scheme.months_least).filter(|months| *months > 1),
            rounded: Some(rounding.to).filter(|to| *to != RoundTo::Fen && cap.is_none()),
        };
        waivers.push(PlannedWaiver { scheme: one.place, amount: taken.amount, trace });
    }
    Some(waivers)
}

/// The year that a bill counts in: that in which its period begins.
pub(super) fn year_of(period: Period) -> i32 {
    period.from.year()
}

fn days_of(span: Span) -> TracedDays {
    TracedDays { from: day_of(span.from), to: day_of(span.to) }
}

fn sum_on(each: &[Exact], on: &[bool]) -> Option<Exact> {
    each.iter().zip(on).filter(|(_, on)| **on).try_fold(Exact::ZERO, |sum, (one, _)| sum.plus(*one).map(Exact::reduced))
}

/// How many months a scheme counts on a bill: those of its only priced line; of several, together no more than the days have.
fn months_of<'c>(period: Period, spans: &[Span], on: &[bool], cuts: impl Iterator<Item = &'c Cut>) -> Option<Exact> {
    let mut by_lines = Exact::ZERO;
    let mut priced = 0;
    for each in cuts.filter_map(|cut| cut.months.as_ref()) {
        by_lines = by_lines.plus(sum_on(each, on)?)?;
        priced += 1;
    }
    if priced == 1 {
        return Some(by_lines);
    }
    let mut by_days = Exact::ZERO;
    for (part, whole) in period.months() {
        let days: i64 = spans.iter().filter_map(|span| span.overlap(Span::of(part))).map(Span::days).sum();
        by_days = by_days.plus(Exact::new(days.into(), whole.days().into())?)?.reduced();
    }
    Some(if priced == 0 { by_days } else { by_lines.min(by_days) })
}
