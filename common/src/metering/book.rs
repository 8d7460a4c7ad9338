//! The meter reader's book: what is known of each meter before a round, and the judgement of a new reading against it.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::api::FirstReading;
use super::usage::{Mark, NoUsage, Turn, usage};
use super::{Oddity, Role, Utility};
use crate::charging::rate::Counted;
use crate::id::MeterId;
use crate::period::{Day, Month, Period};
use crate::problem::{Args, FieldProblem};
use crate::quantity::Quantity;

/// Everything that a month's readings are checked against, in one download.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Book {
    pub month: Month,
    /// Meters in use, in the order in which a person walks them.
    pub meters: Vec<KnownMeter>,
}

/// What is known of a meter before the round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct KnownMeter {
    pub id: MeterId,
    pub code: String,
    pub role: Role,
    pub utility: Utility,
    /// The code of its unit; empty for a meter of no unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit_code: String,
    /// What people call its unit or its place.
    pub label: String,
    /// What it counts: all, or one register of a meter that counts peak and valley apart.
    #[serde(default = "crate::charging::rate::total", skip_serializing_if = "crate::charging::rate::is_total")]
    pub register: Counted,
    pub multiplier: Quantity,
    pub digits: u32,
    /// The latest reading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<FirstReading>,
    /// Where the latest reading is an estimate that is billed: what was read truly before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<Quantity>,
    /// The value that was read in this month already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Quantity>,
    /// The usages of the eleven months before, from old to new; `None` where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<Option<Quantity>>,
}

/// How many months a meter's past goes back.
pub const PAST_MONTHS: usize = 11;

/// One reading of an import, as the browser sends it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct NewReading {
    pub meter: MeterId,
    pub day: Day,
    pub value: Quantity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// The meter's latest value when it was checked: refused when it is another one by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Quantity>,
    /// The baseline that the sheet brings for a meter that has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<FirstReading>,
    /// Unlike the meter's past, and looked at.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirmed: bool,
    /// The sheet's previous value is not the one on record.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub previous_differs: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A reading that may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// `None`: it is the baseline.
    pub usage: Option<Quantity>,
    pub odd: Option<Oddity>,
}

/// Which part of a reading is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Meter,
    Value,
    Day,
}

/// Why a reading can't be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    pub part: Part,
    pub code: &'static str,
    pub args: Args,
}

impl Issue {
    pub fn new(part: Part, code: &'static str) -> Self {
        Self { part, code, args: Args::new() }
    }

    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    /// As a problem of a request's field.
    pub fn field(self) -> FieldProblem {
        let field = match self.part {
            Part::Meter => "meter",
            Part::Value => "value",
            Part::Day => "day",
        };
        FieldProblem { field: field.to_owned(), code: self.code.to_owned(), args: self.args }
    }
}

impl From<NoUsage> for Issue {
    fn from(no: NoUsage) -> Self {
        let problem = no.problem("value");
        Self { part: Part::Value, code: no.code(), args: problem.args }
    }
}

/// How many days before and after its month a round's reading may be taken.
const DAYS_AROUND: u64 = 31;

/// Judges a round's new reading: what it comes to, or why it can't be stored. The browser asks before it sends, the
/// server again on its own last readings.
pub fn judge(known: &KnownMeter, new: &NewReading, month: Month, today: Day) -> Result<Judged, Issue> {
    if let Some(value) = known.read {
        return Err(Issue::new(Part::Meter, "metering.already_read").with("value", value).with("month", month));
    }
    day_fits(new.day, month, today)?;
    let last = known.last.or(new.first);
    if let Some(last) = last.filter(|last| new.day <= last.day) {
        return Err(Issue::new(Part::Day, "metering.not_after_last").with("last", last.day));
    }
    let turn = Turn {
        previous: last.map(|last| last.value),
        present: new.value,
        multiplier: known.multiplier,
        digits: known.digits,
        mark: new.mark,
        least: known.least,
    };
    let usage = usage(&turn)?;
    let days = last.map(|last| days_between(last.day, new.day));
    let odd = usage.and_then(|usage| oddity(usage, &known.past, days));
    let odd = odd.or((new.previous_differs && known.last.is_some()).then_some(Oddity::PreviousDiffers));
    Ok(Judged { usage, odd })
}

/// Whether a day may belong to a month's round: not after today, and within a month around it.
pub fn day_fits(day: Day, month: Month, today: Day) -> Result<(), Issue> {
    if day > today {
        return Err(Issue::new(Part::Day, "metering.in_future").with("today", today));
    }
    let Period { from, to } = month.period();
    let around = chrono::Days::new(DAYS_AROUND);
    let near =
        from.checked_sub_days(around).is_none_or(|first| day >= first) && to.checked_add_days(around).is_none_or(|end| day < end);
    if near { Ok(()) } else { Err(Issue::new(Part::Day, "metering.not_this_month").with("month", month)) }
}

/// The mean of the known usages by month, to one decimal; `None` when fewer than three are known. A month without a reading
/// between two others counts: the usage after it is that of both. Since when the first was used is not known: it is taken for as
/// many months as lie between readings at least, so that a meter that is read every other month counts two.
pub fn average(past: &[Option<Quantity>]) -> Option<Quantity> {
    // In the database's ten thousandths: exact, and much faster than decimals for the many meters of an import.
    const TENTH: i128 = 10_i128.pow(Quantity::SCALE - 1);
    let (known, sum) =
        past.iter().flatten().fold((0_u32, 0_i128), |(known, sum), usage| (known + 1, sum + i128::from(usage.scaled())));
    if known < 3 {
        return None;
    }
    let read = || past.iter().enumerate().filter_map(|(month, usage)| usage.map(|_| month));
    let (first, last) = (read().next()?, read().next_back()?);
    let apart = read().skip(1).zip(read()).map(|(next, one)| next - one).min()?;
    let months = i128::try_from(last - first + apart).ok()?;
    let tenths = (sum * 2 + months * TENTH).div_euclid(2 * months * TENTH);
    i64::try_from(tenths * TENTH).ok().map(Quantity::from_scaled)
}

/// The reading that a meter is taken to show when nobody read it: its last one and the mean of the last three known usages, to a
/// whole unit of the register. `None` where less is known, or the register would have passed its highest value.
pub fn estimate(known: &KnownMeter) -> Option<Quantity> {
    let last = known.last?;
    let usages: Vec<Decimal> = known.past.iter().rev().flatten().take(3).map(|usage| usage.get()).collect();
    if usages.len() < 3 {
        return None;
    }
    let usual = usages.iter().try_fold(Decimal::ZERO, |sum, usage| sum.checked_add(*usage))?;
    let counted = usual.max(Decimal::ZERO).checked_div(known.multiplier.get().checked_mul(Decimal::from(3))?)?;
    let counted = counted.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    let value = last.value.get().checked_add(counted)?;
    let fits = value < Decimal::from(10_u64.pow(known.digits.min(super::usage::DIGITS_MOST)));
    fits.then(|| Quantity::new(value)).flatten()
}

/// A usage below this is no spike, and a usual one below it no drop: small numbers jump.
const SMALL: Decimal = Decimal::TEN;

/// How many days lie between two readings.
pub fn days_between(before: Day, day: Day) -> i64 {
    day.signed_duration_since(before).num_days()
}

/// So many days are a month: whoever reads comes a few days early or late.
const ABOUT_A_MONTH: std::ops::RangeInclusive<i64> = 25..=36;

/// What a usage of so many days comes to in a month; of unknown days, it is a month's.
fn by_month(usage: Decimal, days: Option<i64>) -> Decimal {
    let of_days = |days: i64| {
        let twelve = Decimal::from(days).checked_mul(Decimal::from(12))?;
        usage.checked_mul(Decimal::from(365))?.checked_div(twelve)
    };
    days.filter(|days| *days > 0 && !ABOUT_A_MONTH.contains(days)).and_then(of_days).unwrap_or(usage)
}

/// Whether nothing in so many days is odd where this is used in a month. Of a few days, much must have been due in them: nobody
/// was at home for a while.
fn is_missed(usual: Decimal, days: Option<i64>) -> bool {
    let Some(days) = days.filter(|days| days < ABOUT_A_MONTH.start()) else { return usual >= Decimal::ONE };
    let due = usual.checked_mul(Decimal::from(12 * days)).and_then(|year| year.checked_div(Decimal::from(365)));
    due.is_some_and(|due| due >= SMALL)
}

/// What a usage of so many days is held against the usual month as. That of a few days is taken for a month's only where this
/// clears it of being a drop.
pub fn compared(odd: Oddity, usage: Decimal, days: Option<i64>) -> Decimal {
    let monthly = by_month(usage, days);
    if odd == Oddity::Spike { monthly.min(usage) } else { monthly }
}

/// How a usage of so many days differs from the meter's own past: by month, as a month that nobody read makes the next longer.
pub fn oddity(usage: Quantity, past: &[Option<Quantity>], days: Option<i64>) -> Option<Oddity> {
    let usual = average(past)?.get();
    let usage = usage.get();
    // What is given back of an estimate says nothing of the month.
    if usage < Decimal::ZERO {
        return None;
    }
    let in_use = past.last().copied().flatten().is_some_and(|last| !last.is_zero());
    if usage.is_zero() {
        (in_use && is_missed(usual, days)).then_some(Oddity::Zero)
    } else if usage >= SMALL && compared(Oddity::Spike, usage, days) >= usual * Decimal::from(3) {
        Some(Oddity::Spike)
    } else if usual >= SMALL && compared(Oddity::Drop, usage, days) * Decimal::from(4) <= usual {
        Some(Oddity::Drop)
    } else {
        None
    }
}

#[cfg(test)]
pub(super) mod tests {
    use uuid::Uuid;

    use super::*;

    pub(in crate::metering) fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    pub(in crate::metering) fn quantity(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    /// A home's meter that was read last on 20 October and used about 12 a month.
    pub(in crate::metering) fn known(number: u128, code: &str, last: &str) -> KnownMeter {
        KnownMeter {
            id: MeterId(Uuid::from_u128(number)),
            code: code.to_owned(),
            role: Role::Household,
            utility: if code.starts_with("DB") { Utility::Electricity } else { Utility::Water },
            unit_code: code.split_once('-').map(|(_, unit)| unit.to_owned()).unwrap_or_default(),
            label: format!("{number}室"),
            register: Counted::Total,
            multiplier: Quantity::ONE,
            digits: 5,
            last: (!last.is_empty()).then(|| FirstReading { value: quantity(last), day: day("2026-10-20") }),
            least: None,
            read: None,
            past: [11, 12, 10, 13, 12, 11, 14, 13, 12, 12, 11].map(|usage| Some(Quantity::from_scaled(usage * 10_000))).to_vec(),
        }
    }

    fn new(value: &str) -> NewReading {
        NewReading {
            meter: MeterId(Uuid::from_u128(1)),
            day: day("2026-11-20"),
            value: quantity(value),
            mark: None,
            previous: None,
            first: None,
            confirmed: false,
            previous_differs: false,
            note: String::new(),
        }
    }

    #[test]
    fn a_reading_is_judged_against_the_meters_own_past() {
        let month = "2026-11".parse().unwrap();
        let today = day("2026-11-23");
        let known = known(1, "SB-1-1-0101", "1230");
        let odd = |value| judge(&known, &new(value), month, today).map(|judged| judged.odd);
        assert_eq!(odd("1242"), Ok(None));
        assert_eq!(odd("1326"), Ok(Some(Oddity::Spike)));
        assert_eq!(odd("1230"), Ok(Some(Oddity::Zero)));
        assert_eq!(odd("1232"), Ok(Some(Oddity::Drop)));
        assert_eq!(odd("1203").unwrap_err().code, "metering.backward");
        let code = |new: &NewReading| judge(&known, new, month, today).unwrap_err().code;
        assert_eq!(code(&NewReading { day: day("2026-12-25"), ..new("1242") }), "metering.in_future");
        assert_eq!(code(&NewReading { day: day("2026-10-20"), ..new("1242") }), "metering.not_after_last");
        assert_eq!(code(&NewReading { day: day("2025-11-20"), ..new("1242") }), "metering.not_this_month");
        let read = KnownMeter { read: Some(quantity("1240")), ..known.clone() };
        assert_eq!(judge(&read, &new("1242"), month, today).unwrap_err().code, "metering.already_read");
    }

    /// Small usages jump, and a home that stood empty last month uses nothing again: neither is odd.
    #[rstest::rstest]
    #[case::just_three_times(&["4", "4", "4"], "12", Some(Oddity::Spike))]
    #[case::less_than_three_times(&["4", "4", "4"], "11.9", None)]
    #[case::three_times_next_to_nothing(&["1", "1", "1"], "9.9", None)]
    #[case::ten_after_next_to_nothing(&["1", "1", "1"], "10", Some(Oddity::Spike))]
    #[case::just_a_quarter(&["40", "40", "40"], "10", Some(Oddity::Drop))]
    #[case::more_than_a_quarter(&["40", "40", "40"], "10.1", None)]
    #[case::a_quarter_of_little(&["9", "9", "9"], "1", None)]
    #[case::a_quarter_of_ten(&["10", "10", "10"], "2.5", Some(Oddity::Drop))]
    #[case::stands_still(&["4", "4", "4"], "0", Some(Oddity::Zero))]
    #[case::stood_still_before(&["4", "4", "4", "0"], "0", None)]
    #[case::not_known_of_the_month_before(&["4", "4", "4", ""], "0", None)]
    #[case::one_a_month(&["1", "1", "1"], "0", Some(Oddity::Zero))]
    #[case::less_than_one_a_month(&["0.9", "0.9", "0.9"], "0", None)]
    #[case::too_little_is_known(&["4", "4", ""], "90", None)]
    #[case::given_back(&["40", "40", "40"], "-5", None)]
    fn what_is_odd_of_a_usage(#[case] past: &[&str], #[case] usage: &str, #[case] expected: Option<Oddity>) {
        let past: Vec<_> = past.iter().map(|usage| (!usage.is_empty()).then(|| quantity(usage))).collect();
        assert_eq!(oddity(quantity(usage), &past, None), expected);
    }

    #[rstest::rstest]
    #[case(&["12", "12", "11"], Some("11.7"))]
    #[case(&["", "12", "", "25", "11", ""], Some("12"))]
    #[case(&["0.1", "0", "0"], Some("0"))]
    #[case(&["0.1", "0.1", "0"], Some("0.1"))]
    #[case(&["1", "2", "3", "3.4"], Some("2.4"))]
    #[case(&["12", "", "11"], None)]
    #[case::every_quarter(&["30", "", "", "36", "", "", "33"], Some("11"))]
    fn a_mean_has_one_decimal(#[case] past: &[&str], #[case] expected: Option<&str>) {
        let past: Vec<_> = past.iter().map(|usage| (!usage.is_empty()).then(|| quantity(usage))).collect();
        assert_eq!(average(&past), expected.map(quantity));
    }

    /// November is read from a month before it to a month after it, and never tomorrow.
    #[rstest::rstest]
    #[case("2026-09-30", "2027-02-01", Err("metering.not_this_month"))]
    #[case("2026-10-01", "2027-02-01", Ok(()))]
    #[case("2026-12-31", "2027-02-01", Ok(()))]
    #[case("2027-01-01", "2027-02-01", Err("metering.not_this_month"))]
    #[case("2026-11-20", "2026-11-20", Ok(()))]
    #[case("2026-11-21", "2026-11-20", Err("metering.in_future"))]
    fn a_reading_is_of_its_month(#[case] on: &str, #[case] today: &str, #[case] expected: Result<(), &str>) {
        let fits = day_fits(day(on), "2026-11".parse().unwrap(), day(today));
        assert_eq!(fits.map_err(|issue| issue.code), expected);
    }

    #[test]
    fn a_usage_of_two_months_is_no_spike() {
        let past = |usages: &[Option<i64>]| -> Vec<Option<Quantity>> {
            usages.iter().map(|usage| usage.map(|usage| Quantity::from_scaled(usage * 10_000))).collect()
        };
        let usual = past(&[Some(8), Some(8), Some(8), None]);
        let odd = |usage, days| oddity(quantity(usage), &usual, Some(days));
        assert_eq!(odd("40", 31), Some(Oddity::Spike));
        assert_eq!(odd("40", 58), None);
        assert_eq!(odd("50", 58), Some(Oddity::Spike));
        // Few days: what is no spike in a month is none, and the same pace is no drop.
        assert_eq!(odd("20", 10), None);
        assert_eq!(odd("24", 10), Some(Oddity::Spike));
        assert_eq!(oddity(quantity("2"), &past(&[Some(12), Some(12), Some(12)]), Some(5)), None);
        // Read every other month: three times 20 in six months.
        let every_other = past(&[None, Some(20), None, Some(20), None, Some(20), None]);
        assert_eq!(average(&every_other), Some(quantity("10")));
        assert_eq!(oddity(quantity("24"), &every_other, Some(61)), None);
        assert_eq!(oddity(quantity("80"), &every_other, Some(61)), Some(Oddity::Spike));
    }

    /// 12 m³ or 100 kWh a month.
    #[rstest::rstest]
    #[case::a_month("12", Some(25), Some(Oddity::Zero))]
    #[case::two_months("12", Some(61), Some(Oddity::Zero))]
    #[case::of_days_that_are_not_known("12", None, Some(Oddity::Zero))]
    #[case::three_weeks_of_little("12", Some(24), None)]
    #[case::the_same_day("100", Some(0), None)]
    #[case::three_days_of_much("100", Some(3), None)]
    #[case::four_days_of_much("100", Some(4), Some(Oddity::Zero))]
    fn nothing_in_a_few_days_is_odd_only_where_much_was_due(
        #[case] usual: &str,
        #[case] days: Option<i64>,
        #[case] expected: Option<Oddity>,
    ) {
        let past = [Some(quantity(usual)); 3];
        assert_eq!(oddity(Quantity::ZERO, &past, days), expected);
    }

    #[test]
    fn what_was_not_read_goes_by_the_last_three_usages() {
        // 12, 12 and 11: 11.67, so 12 more than 1,230.
        let meter = known(1, "SB-1-1-0101", "1230");
        assert_eq!(estimate(&meter), Some(quantity("1242")));
        // By tens: 1.17, so 1 more; and a register of four digits that would pass 9,999.
        assert_eq!(estimate(&KnownMeter { multiplier: quantity("10"), ..meter.clone() }), Some(quantity("1231")));
        assert_eq!(estimate(&KnownMeter { digits: 4, ..known(1, "SB-1-1-0101", "9990") }), None);
        assert_eq!(estimate(&KnownMeter { digits: 4, ..known(1, "SB-1-1-0101", "9987") }), Some(quantity("9999")));
        assert_eq!(estimate(&KnownMeter { digits: 4, ..known(1, "SB-1-1-0101", "9988") }), None);
        let three = vec![Some(quantity("12")), None, Some(quantity("12")), Some(quantity("12"))];
        assert_eq!(estimate(&KnownMeter { past: three, ..meter.clone() }), Some(quantity("1242")));
        let few = vec![None, Some(quantity("12")), Some(quantity("12"))];
        assert_eq!(estimate(&KnownMeter { past: few, ..meter.clone() }), None);
        assert_eq!(estimate(&KnownMeter { last: None, ..meter }), None);
    }

    #[test]
    fn a_sheet_may_bring_the_baseline() {
        let month = "2026-11".parse().unwrap();
        let fresh = known(1, "SB-1-1-0101", "");
        let today = day("2026-11-23");
        assert_eq!(judge(&fresh, &new("4319"), month, today).unwrap().usage, None);
        let first = Some(FirstReading { value: quantity("4214"), day: day("2026-10-20") });
        let judged = judge(&fresh, &NewReading { first, ..new("4319") }, month, today).unwrap();
        assert_eq!(judged.usage, Some(quantity("105")));
    }
}
