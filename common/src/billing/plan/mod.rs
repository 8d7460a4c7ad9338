//! From the inputs of a run to its bills and what is skipped: the same function in the browser and on the server.

mod by_unit;
mod measure;
mod planner;
mod portion;
mod tally;
mod waive;

use serde::{Deserialize, Serialize};

use super::inputs::{RunInputs, place};
use crate::charging::line::Line;
use crate::charging::tariff::FeeItemKind;
use crate::charging::turnover::Turnover;
use crate::id::{ApportionmentId, ChargeId, ReadingId};
use crate::money::Money;
use crate::period::{Day, Period};
use crate::waivers::trace::SchemeTrace;
use crate::words;

pub use planner::{Planner, READ_BACK_DAYS};
pub use portion::{Holding, PlannedPortion};
pub use tally::{PlanTotal, SkipCount, Tally};
pub use waive::{ExplainedBill, ToldWaiver};

words! {
    /// Why a unit gets no bill of a fee item.
    SkipReason {
        NoPrice = "no_price",
        NoArea = "no_area",
        /// How many people live there is not known.
        NoHeads = "no_heads",
        /// What the property is worth is not known.
        NoValue = "no_value",
        NoReading = "no_reading",
        NoBaseline = "no_baseline",
        /// A reading waits for a second look.
        InReview = "in_review",
        /// More is given back of a billed estimate than was used since.
        GivenBack = "given_back",
        /// The price is by register, and the meter was read as one.
        NoRegisters = "no_registers",
        /// The tiers are by the unit's own quota, and the custom field with it is blank.
        NoQuota = "no_quota",
        /// The formula can't be computed for the unit: a value is missing, or something is divided by zero.
        Formula = "formula",
        /// The formula comes to less than nothing.
        Negative = "negative",
        TooLarge = "too_large",
        ZeroAmount = "zero_amount",
        BeforeHandOver = "before_hand_over",
        /// Only whole months are charged, and the days don't reach from the first to the cut-off day.
        CutOff = "cut_off",
        Vacant = "vacant",
        /// The period is not a whole number of the tariff's cycles.
        OffCycle = "off_cycle",
        AlreadyBilled = "already_billed",
        /// Bills are for some of the days that would be charged: the cycle changed meanwhile.
        PartlyBilled = "partly_billed",
        /// No tariff of the fee item is assigned to the unit.
        NoCharge = "no_charge",
    }
}

impl SkipReason {
    /// Whether somebody should look into it; the others are as they should be.
    pub fn wants_mending(self) -> bool {
        matches!(
            self,
            Self::NoPrice
                | Self::NoArea
                | Self::NoHeads
                | Self::NoValue
                | Self::NoReading
                | Self::NoBaseline
                | Self::InReview
                | Self::NoRegisters
                | Self::NoQuota
                | Self::Formula
                | Self::Negative
                | Self::TooLarge
                | Self::PartlyBilled
        )
    }

    /// Whether what it left out may come with a later bill, as late readings do; the others are of what a month costs by itself.
    pub fn may_come_later(self) -> bool {
        self.wants_mending() && !matches!(self, Self::NoArea | Self::NoHeads | Self::NoValue | Self::PartlyBilled)
    }

    /// The id of its text. A fee item that goes by pools alone has no tariff: its units lack a share.
    pub fn text_id(self, kind: Option<FeeItemKind>) -> String {
        match (self, kind) {
            (Self::NoCharge, Some(FeeItemKind::Apportioned)) => "metering-no-share".to_owned(),
            _ => format!("skip-{}", self.word().replace('_', "-")),
        }
    }
}

/// A unit that gets no bill of a fee item, both by place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    pub unit: u32,
    pub fee_item: u16,
    pub reason: SkipReason,
}

/// A bill as planned: one unit × fee item × period.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedBill {
    pub unit: u32,
    pub fee_item: u16,
    /// The tariff of its first line; none where all lines are shares of pools.
    pub tariff: Option<u16>,
    /// The run's period, or that of the unit's own cycles.
    pub period: Period,
    pub due_day: Day,
    /// In full: what schemes take off it stands beside it.
    pub amount: Money,
    pub lines: Vec<PlannedLine>,
    /// In the order in which they are taken off.
    pub waivers: Vec<PlannedWaiver>,
    /// Where the unit changes hands in the period.
    pub portions: Vec<PlannedPortion>,
}

impl PlannedBill {
    /// What all waivers come to; never more than the amount.
    pub fn waived(&self) -> Money {
        Money::from_fen(self.waivers.iter().map(|waiver| waiver.amount.fen()).sum())
    }

    /// What is left to pay.
    pub fn to_pay(&self) -> Money {
        Money::from_fen(self.amount.fen() - self.waived().fen())
    }
}

/// What a scheme takes off a bill.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedWaiver {
    /// The scheme's place.
    pub scheme: u16,
    pub amount: Money,
    pub trace: SchemeTrace,
}

/// A line of a planned bill.
#[derive(Clone, Debug, PartialEq)]
pub enum PlannedLine {
    /// Priced by a tariff.
    Priced(PricedLine),
    /// A share of a pool, by its place.
    Share(u32, Money),
}

/// A line that a tariff priced.
#[derive(Clone, Debug, PartialEq)]
pub struct PricedLine {
    pub unit: u32,
    pub tariff: u16,
    /// The place of the charge; of the first where several are one line.
    pub charge: u32,
    /// What the price was multiplied with, × 10⁴; of the first piece where pieces differ.
    pub quantity: i64,
    /// The place of what was metered.
    pub usage: Option<u32>,
    pub line: Line,
    /// What a share of the sales comes to beside the rent, where sales were reported.
    pub turnover: Option<Box<Turnover>>,
}

impl PlannedLine {
    pub fn amount(&self) -> Money {
        match self {
            Self::Priced(priced) => priced.line.amount,
            Self::Share(_, amount) => *amount,
        }
    }

    /// The readings that the line locks.
    pub fn readings<'a>(&self, inputs: &'a RunInputs) -> &'a [ReadingId] {
        match self {
            Self::Priced(priced) => {
                let usage = priced.usage.and_then(|usage| inputs.usages.get(place(usage)));
                usage.map_or(&[], |usage| &usage.readings)
            }
            Self::Share(..) => &[],
        }
    }

    /// The charge, where it is charged once: it has its bill now.
    pub fn charged_once(&self, inputs: &RunInputs) -> Option<ChargeId> {
        match self {
            Self::Priced(priced) if inputs.is_once(priced.tariff) => inputs.charges.id.get(place(priced.charge)).copied(),
            Self::Priced(_) | Self::Share(..) => None,
        }
    }

    /// Whether the readings are those of another fee item's meters.
    pub fn is_by_other_meters(&self, inputs: &RunInputs) -> bool {
        match self {
            Self::Priced(priced) => inputs.tariff(priced.tariff).is_some_and(|tariff| tariff.rules.usage_of.is_some()),
            Self::Share(..) => false,
        }
    }

    /// The apportionment whose share the line is.
    pub fn apportionment(&self, inputs: &RunInputs) -> Option<ApportionmentId> {
        match self {
            Self::Share(share, _) => inputs.shares.get(place(*share)).map(|share| share.apportionment),
            Self::Priced(_) => None,
        }
    }
}

/// What comes of one unit × fee item.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Bill(PlannedBill),
    Skip(Skip),
}

/// A planned bill without its lines: what a preview keeps of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedSum {
    pub unit: u32,
    pub fee_item: u16,
    pub amount_fen: Money,
    pub waived_fen: Money,
}

/// A whole run, planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub bills: Vec<PlannedSum>,
    pub skipped: Vec<Skip>,
    pub totals: Vec<PlanTotal>,
    pub skips: Vec<SkipCount>,
    digest: String,
}

impl Plan {
    /// What the person who generates has seen, in one word.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The sum of all bills.
    pub fn amount(&self) -> Money {
        Money::sum(self.totals.iter().map(|total| total.amount_fen)).unwrap_or_default()
    }
}

/// Units that are planned between two calls of `progress`.
const CHUNK: u32 = 2_000;

/// Plans a whole run; `progress` hears how many units are done.
pub fn plan(inputs: &RunInputs, mut progress: impl FnMut(u32)) -> Plan {
    let planner = Planner::new(inputs);
    let mut tally = Tally::new(inputs);
    let (mut bills, mut skipped) = (Vec::new(), Vec::new());
    let units = inputs.units.len();
    let mut from = 0;
    while from < units {
        let to = units.min(from.saturating_add(CHUNK));
        planner.plan(from..to, |outcome| {
            tally.add(inputs, &outcome);
            match outcome {
                Outcome::Bill(bill) => {
                    let (amount_fen, waived_fen) = (bill.amount, bill.waived());
                    bills.push(PlannedSum { unit: bill.unit, fee_item: bill.fee_item, amount_fen, waived_fen });
                }
                Outcome::Skip(skip) => skipped.push(skip),
            }
        });
        progress(to);
        from = to;
    }
    Plan { bills, skipped, totals: tally.totals(), skips: tally.skips(), digest: tally.digest() }
}
