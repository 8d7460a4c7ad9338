//! The words of a scenario file; `docs/scenarios.md` says what each means.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::held::{ExpectedHeld, HeldBefore, Take};
use super::waivers::{Group, Scheme};
use crate::cashier::method::Method;
use crate::charging::late_fee::{CountedFrom, InsideBill};
use crate::charging::minimum::MinimumPer;
use crate::charging::rate::{Counted, RatePart, Season};
use crate::charging::rent::Rent;
use crate::charging::tariff::{Cycle, CycleFrom, DueFrom, FeeItemKind, Mode, ProrationRule, RoundHow, RoundTo, StartsAt, Vacant};
use crate::charging::tier::Tiers;
use crate::charging::usage::SharedBy;
use crate::estate::kind::UnitKind;
use crate::metering::apportion::{NegativeLoss, Taken};
use crate::metering::usage::Mark;
use crate::money::Money;
use crate::period::{Day, Month, Period};
use crate::quantity::{Price, Quantity};

/// A whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    pub(super) title: String,
    pub(super) run: Run,
    #[serde(rename = "unit")]
    pub(super) units: Vec<Unit>,
    #[serde(rename = "tariff", default)]
    pub(super) tariffs: Vec<Tariff>,
    #[serde(rename = "charge", default)]
    pub(super) charges: Vec<Charge>,
    #[serde(default)]
    pub(super) sales: Vec<Sales>,
    #[serde(rename = "meter", default)]
    pub(super) meters: Vec<Meter>,
    #[serde(rename = "pool", default)]
    pub(super) pools: Vec<Pool>,
    #[serde(rename = "group", default)]
    pub(super) groups: Vec<Group>,
    #[serde(rename = "scheme", default)]
    pub(super) schemes: Vec<Scheme>,
    #[serde(default)]
    pub(super) billed: Vec<Billed>,
    #[serde(rename = "open", default)]
    pub(super) open: Vec<Open>,
    #[serde(default)]
    pub(super) held: Vec<HeldBefore>,
    #[serde(rename = "late_fee", default)]
    pub(super) late_fees: Vec<LateFeeOf>,
    /// What is settled first inside a bill; late fee where it is absent.
    pub(super) order: Option<InsideBill>,
    #[serde(rename = "payment", default)]
    pub(super) payments: Vec<Payment>,
    /// Late fee that was let go.
    #[serde(default)]
    pub(super) waived: Vec<Waived>,
    #[serde(default)]
    pub(super) expect: Expect,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Run {
    pub(super) period: Months,
    /// The day on the bills; the first day after the period where it is absent.
    pub(super) issued: Option<Day>,
    /// The fee items of the run; all where it is absent.
    pub(super) fee_items: Option<Vec<String>>,
}

/// `2026-10`, or `2026-10..2026-12` with both ends in it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Months {
    pub(super) first: Month,
    pub(super) count: u32,
}

impl TryFrom<String> for Months {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (first, last) = text.split_once("..").unwrap_or((&text, &text));
        let month = |text: &str| text.parse::<Month>().map_err(|_| format!("{text:?} is no month like \"2026-10\""));
        let (first, last) = (month(first)?, month(last)?);
        let count = (1..=120_i32).find(|count| first.plus(count - 1) == last);
        let count = count.and_then(|count| u32::try_from(count).ok()).ok_or("the period ends before it begins")?;
        Ok(Self { first, count })
    }
}

/// Money as people write it: yuan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Decimal")]
pub(super) struct Yuan(pub(super) Money);

impl TryFrom<Decimal> for Yuan {
    type Error = String;

    fn try_from(yuan: Decimal) -> Result<Self, String> {
        Money::from_yuan(yuan).map(Self).ok_or_else(|| format!("{yuan} is no amount of yuan and fen"))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unit {
    pub(super) name: String,
    #[serde(default = "residence")]
    pub(super) kind: UnitKind,
    #[serde(default)]
    pub(super) area: Quantity,
    #[serde(default)]
    pub(super) inner_area: Quantity,
    pub(super) building: Option<String>,
    pub(super) entrance: Option<String>,
    pub(super) floor: Option<i16>,
    #[serde(default)]
    pub(super) value: Yuan,
    pub(super) handed_over: Option<Day>,
    #[serde(default)]
    pub(super) heads: Heads,
    /// Days on which somebody held it or lived there.
    #[serde(default)]
    pub(super) held: Vec<Period>,
    /// The days of each owner, where owners change.
    #[serde(default)]
    pub(super) owners: Vec<Period>,
    #[serde(default)]
    pub(super) fields: BTreeMap<String, Quantity>,
}

/// A head count, or several with their days.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Heads {
    Always(u32),
    Spans(Vec<HeadSpan>),
}

impl Default for Heads {
    fn default() -> Self {
        Self::Spans(Vec::new())
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeadSpan {
    pub(super) from: Day,
    pub(super) to: Option<Day>,
    pub(super) heads: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tariff {
    pub(super) name: String,
    /// The fee item; the tariff's own name where it is absent.
    pub(super) fee: Option<String>,
    #[serde(default = "other")]
    pub(super) kind: FeeItemKind,
    pub(super) mode: Mode,
    pub(super) cycle: Option<Cycle>,
    pub(super) cycle_from: Option<CycleFrom>,
    pub(super) cycle_month: Option<u8>,
    pub(super) proration: Option<ProrationRule>,
    pub(super) cutoff_day: Option<u8>,
    pub(super) round_to: Option<RoundTo>,
    pub(super) round_how: Option<RoundHow>,
    pub(super) due_from: Option<DueFrom>,
    pub(super) due_days: Option<u16>,
    pub(super) starts_at: Option<StartsAt>,
    pub(super) vacant: Option<Vacant>,
    pub(super) vacant_rate: Option<Quantity>,
    #[serde(default)]
    pub(super) coefficients: BTreeMap<UnitKind, Quantity>,
    pub(super) usage_of: Option<FeeItemKind>,
    pub(super) minimum: Option<MinimumOf>,
    #[serde(default)]
    pub(super) formula: String,
    #[serde(default)]
    pub(super) prices: Vec<PriceOf>,
}

/// The least that is charged: one of a usage and yuan.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MinimumOf {
    pub(super) usage: Option<Quantity>,
    pub(super) yuan: Option<Yuan>,
    #[serde(default = "month")]
    pub(super) per: MinimumPer,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceOf {
    /// At most one of these four says for whom it is; the community where none does.
    pub(super) building: Option<String>,
    pub(super) entrance: Option<String>,
    pub(super) unit: Option<String>,
    /// With `building`.
    pub(super) floor: Option<i16>,
    #[serde(default = "long_ago")]
    pub(super) from: Day,
    pub(super) to: Option<Day>,
    /// Exactly one of these says what it is.
    pub(super) flat: Option<Price>,
    pub(super) tiered: Option<Tiers>,
    pub(super) parts: Option<Vec<RatePart>>,
    pub(super) seasons: Option<Vec<Season>>,
}

/// Where a file has no charge at all, every unit is charged by every tariff since long ago.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Charge {
    pub(super) unit: String,
    pub(super) tariff: String,
    #[serde(default = "long_ago")]
    pub(super) from: Day,
    pub(super) to: Option<Day>,
    pub(super) rent: Option<Rent>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sales {
    pub(super) unit: String,
    pub(super) month: Month,
    pub(super) yuan: Yuan,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meter {
    pub(super) name: String,
    /// The unit and the fee item that it is for; a master or public meter has neither.
    pub(super) unit: Option<String>,
    pub(super) fee: Option<String>,
    #[serde(default = "five")]
    pub(super) digits: u32,
    #[serde(default = "one")]
    pub(super) multiplier: Quantity,
    /// Which register it is, where the price tells them apart.
    pub(super) register: Option<Counted>,
    pub(super) readings: Vec<Reading>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reading {
    pub(super) day: Day,
    pub(super) value: Quantity,
    /// The month whose usage it closes; that of its day where it is absent.
    pub(super) month: Option<Month>,
    pub(super) mark: Option<Mark>,
    /// The multiplier from here on, where it changes.
    pub(super) multiplier: Option<Quantity>,
    /// Waits for a second look.
    #[serde(default)]
    pub(super) in_review: bool,
    /// Nobody read the meter; it is billed where a bill of before covers its month.
    #[serde(default)]
    pub(super) estimated: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pool {
    pub(super) name: String,
    pub(super) fee: String,
    pub(super) by: SharedBy,
    /// What a unit weighs, where it is by formula.
    #[serde(default)]
    pub(super) formula: String,
    /// The units that share; all where it is absent.
    pub(super) units: Option<Vec<String>>,
    /// Either an amount that is typed in…
    pub(super) yuan: Option<Yuan>,
    /// …or the usage of a master meter, less its sub-meters', at a price.
    pub(super) master: Option<String>,
    #[serde(default)]
    pub(super) household: Vec<String>,
    #[serde(default)]
    pub(super) public: Vec<String>,
    pub(super) price: Option<Price>,
    #[serde(default = "both")]
    pub(super) taken: Taken,
    #[serde(default = "stops")]
    pub(super) negative: NegativeLoss,
}

/// A live bill of before.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Billed {
    pub(super) unit: String,
    pub(super) fee: String,
    pub(super) from: Day,
    pub(super) to: Day,
    /// What is charged once and stands on it: the charge by its number in the file, or its tariff, where the charge that was billed
    /// was taken back since.
    pub(super) charge: Option<NonZeroU32>,
    pub(super) once: Option<String>,
    /// It came to nothing: there is no bill, and what was read is over.
    #[serde(default)]
    pub(super) nothing: bool,
}

/// What is open of a bill when somebody pays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Open {
    pub(super) number: String,
    pub(super) unit: String,
    pub(super) fee: String,
    pub(super) from: Day,
    pub(super) yuan: Yuan,
    /// Late fee is counted from the day after it.
    pub(super) due: Option<Day>,
}

/// A rule of late fee of a fee item.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LateFeeOf {
    pub(super) fee: String,
    pub(super) rate: Price,
    #[serde(default = "one")]
    pub(super) cap: Quantity,
    #[serde(default)]
    pub(super) grace: u16,
    #[serde(default = "due_day")]
    pub(super) counted: CountedFrom,
    /// The rates that follow.
    #[serde(default)]
    pub(super) steps: Vec<LateStepOf>,
    #[serde(default = "long_ago")]
    pub(super) from: Day,
    pub(super) to: Option<Day>,
}

/// Another rate, once so many days were counted.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LateStepOf {
    pub(super) after: u16,
    pub(super) rate: Price,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Waived {
    pub(super) number: String,
    pub(super) day: Day,
    pub(super) yuan: Yuan,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Payment {
    pub(super) name: String,
    /// Payments with days follow each other; one without is taken by itself, on what is open.
    pub(super) day: Option<Day>,
    /// Whose held money may pay beside that of the bills' units, and for whom money is taken.
    pub(super) unit: Option<String>,
    #[serde(default)]
    pub(super) bills: Vec<Paid>,
    #[serde(default)]
    pub(super) takes: Vec<Take>,
    pub(super) methods: Vec<Way>,
    pub(super) tendered: Option<Yuan>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Paid {
    pub(super) number: String,
    pub(super) yuan: Yuan,
    /// What the person saw open; what is open where it is absent.
    pub(super) seen: Option<Yuan>,
    /// The late fee that the person saw; what is due where it is absent.
    pub(super) seen_late_fee: Option<Yuan>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Way {
    pub(super) method: Method,
    pub(super) yuan: Yuan,
}

/// What must come out: all of it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expect {
    #[serde(rename = "bill", default)]
    pub(super) bills: Vec<ExpectedBill>,
    #[serde(rename = "skip", default)]
    pub(super) skips: Vec<ExpectedSkip>,
    #[serde(rename = "share", default)]
    pub(super) shares: Vec<ExpectedShare>,
    #[serde(rename = "settled", default)]
    pub(super) settled: Vec<ExpectedSettlement>,
    #[serde(default)]
    pub(super) held: Vec<ExpectedHeld>,
    #[serde(rename = "late_fee", default)]
    pub(super) late_fees: Vec<ExpectedLateFee>,
    #[serde(rename = "refusal", default)]
    pub(super) refusals: Vec<ExpectedRefusal>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedBill {
    pub(super) unit: String,
    /// The only fee item where it is absent.
    pub(super) fee: Option<String>,
    /// In full, before anything is waived.
    pub(super) total: Yuan,
    /// What each scheme takes off, in order; nothing where it is absent.
    #[serde(default)]
    pub(super) waived: Vec<Yuan>,
    pub(super) to_pay: Option<Yuan>,
    pub(super) lines: Option<Vec<Yuan>>,
    /// The amounts of the tiers and parts of all lines, in order.
    pub(super) tiers: Option<Vec<Yuan>>,
    pub(super) from: Option<Day>,
    pub(super) to: Option<Day>,
    pub(super) due: Option<Day>,
    /// What falls on whose days, in order; where it is absent nothing is told apart.
    #[serde(default)]
    pub(super) owners: Vec<ExpectedPortion>,
    /// Pieces of its explanation, in either language.
    #[serde(default)]
    pub(super) says: Vec<String>,
}

/// What falls on the days of one owner.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedPortion {
    pub(super) from: Day,
    pub(super) to: Day,
    /// In full.
    pub(super) yuan: Yuan,
    /// What schemes took off of it.
    #[serde(default)]
    pub(super) waived: Yuan,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedSkip {
    pub(super) unit: String,
    pub(super) fee: Option<String>,
    pub(super) reason: crate::billing::plan::SkipReason,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedShare {
    pub(super) pool: String,
    pub(super) unit: String,
    pub(super) yuan: Yuan,
    pub(super) quantity: Option<Quantity>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedSettlement {
    pub(super) payment: String,
    pub(super) total: Yuan,
    pub(super) change: Option<Yuan>,
    /// How much of it is late fee.
    pub(super) late_fee: Option<Yuan>,
}

/// What late fee is due of a bill on a day, after what was paid by then.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedLateFee {
    pub(super) number: String,
    pub(super) on: Day,
    pub(super) yuan: Yuan,
    /// Pieces of its explanation, in either language.
    #[serde(default)]
    pub(super) says: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedRefusal {
    /// The tariff, charge, meter, pool, scheme or payment that is refused.
    pub(super) of: String,
    pub(super) code: String,
}

pub(super) fn long_ago() -> Day {
    Day::from_ymd_opt(2000, 1, 1).unwrap_or_default()
}

fn residence() -> UnitKind {
    UnitKind::Residence
}

fn other() -> FeeItemKind {
    FeeItemKind::Other
}

fn five() -> u32 {
    5
}

fn one() -> Quantity {
    Quantity::ONE
}

fn month() -> MinimumPer {
    MinimumPer::Month
}

fn due_day() -> CountedFrom {
    CountedFrom::DueDay
}

fn both() -> Taken {
    Taken::Both
}

fn stops() -> NegativeLoss {
    NegativeLoss::Stops
}
