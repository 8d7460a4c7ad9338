//! How a fee item is charged: mode, cycle, proration, rounding, and when its bills fall due.

mod cycle;
mod due;
mod problems;
mod rounding;

use serde::{Deserialize, Serialize};

use super::minimum::Minimum;
use super::proration::Pieces;
use crate::estate::kind::UnitKind;
use crate::formula::{Formula, FormulaPlace, FormulaProblem, Variable};
use crate::money::Money;
use crate::period::Month;
use crate::quantity::Quantity;
use crate::words;

pub use cycle::{Cycle, CycleFrom};
pub use due::{DueFrom, DueRule};
pub use rounding::{RoundHow, RoundTo, Rounding};

words! {
    /// What kind of charge a fee item is (收费科目).
    FeeItemKind {
        Property = "property",
        Water = "water",
        Electricity = "electricity",
        Gas = "gas",
        Heating = "heating",
        Elevator = "elevator",
        Refuse = "refuse",
        Parking = "parking",
        Rent = "rent",
        Apportioned = "apportioned",
        /// Paid ahead for bills to come; held until these use it up.
        Prepayment = "prepayment",
        /// A security that is held until it is given back.
        Deposit = "deposit",
        OneOff = "one_off",
        Other = "other",
    }

    /// When a prepayment pays bills (抵扣).
    Offsetting {
        /// When somebody at the desk says so.
        AtDesk = "at_desk",
        /// As soon as a run has made them, too.
        AtGeneration = "at_generation",
    }

    /// What the price is multiplied with.
    Mode {
        /// The billed area in m².
        Area = "area",
        /// One per unit and month.
        Household = "household",
        /// People living in the unit on the first day of each piece.
        Head = "head",
        /// What the property is worth, in yuan: the price is a rate.
        Value = "value",
        /// An amount.
        Fixed = "fixed",
        /// Metered usage, flat or by tiers.
        Usage = "usage",
        /// By the company's own formula.
        Formula = "formula",
    }

    /// How a month that is not charged in full counts.
    ProrationRule {
        /// Days of the piece over the days of the month.
        Days = "days",
        /// Days of the piece over 30; a whole month is 1.
        ThirtyDays = "thirty_days",
        /// The whole month when it is charged from its first day to the cut-off day, else nothing.
        WholeMonths = "whole_months",
        /// Half a month for the days up to the cut-off day, half for those after it, each where any of its days is charged.
        HalfMonths = "half_months",
        /// The amount is for the period, whatever its length.
        None = "none",
        /// Nothing to prorate: the price is for a day, and each day counts once.
        PerDay = "per_day",
    }

    /// From when a unit pays, given that the tariff is assigned to it.
    StartsAt {
        /// From the day of the assignment.
        Assignment = "assignment",
        /// From the day the unit was handed over, if that is later.
        HandOver = "hand_over",
    }

    /// Whether a unit that nobody holds or lives in pays.
    Vacant {
        Charged = "charged",
        /// Only the days with an occupancy are charged.
        Skipped = "skipped",
        /// The days without an occupancy are charged at the tariff's vacancy rate.
        Reduced = "reduced",
    }
}

impl FeeItemKind {
    /// Whether what its bills bring in is held for owners, and not earned: it bears no late fee and nothing of it is waived.
    pub fn is_held(self) -> bool {
        matches!(self, Self::Prepayment | Self::Deposit)
    }

    /// What flows through meters.
    pub const METERED: &'static [Self] = &[Self::Water, Self::Electricity, Self::Gas, Self::Heating];
}

/// The proration rule of a tariff, with its cut-off day where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Proration {
    pub rule: ProrationRule,
    /// Counted from the month's first day, 1 to 31; read by `whole_months` and `half_months` only.
    pub cutoff_day: u8,
}

impl Default for Proration {
    fn default() -> Self {
        Self { rule: ProrationRule::Days, cutoff_day: 15 }
    }
}

/// The coefficient of a kind of unit: what its quantity is multiplied with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Coefficient {
    pub kind: UnitKind,
    pub coefficient: Quantity,
}

/// All of a tariff that decides amounts and days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TariffRules {
    pub mode: Mode,
    pub cycle: Cycle,
    #[serde(default = "calendar", skip_serializing_if = "is_calendar")]
    pub cycle_from: CycleFrom,
    /// The month of the year, 1 to 12, from which cycles by the calendar are counted: 7 for a property year from July.
    #[serde(default = "january", skip_serializing_if = "is_january")]
    pub cycle_month: u8,
    pub proration: Proration,
    pub rounding: Rounding,
    pub due: DueRule,
    pub starts_at: StartsAt,
    pub vacant: Vacant,
    /// What a day without an occupancy counts, from 0 to 1; read by [`Vacant::Reduced`] only.
    #[serde(default = "whole", skip_serializing_if = "is_whole")]
    pub vacant_rate: Quantity,
    /// Kinds of unit whose quantity is multiplied; the others count once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coefficients: Vec<Coefficient>,
    /// Whose meters say what was used, where that is another utility: refuse by the water meter. Those of the fee item itself
    /// where it is absent; of metered tariffs only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_of: Option<FeeItemKind>,
    /// The least that is charged; of [`Mode::Usage`] only.
    #[serde(default, skip_serializing_if = "Minimum::is_none")]
    pub minimum: Minimum,
    /// As it was typed; of [`Mode::Formula`] only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub formula: String,
}

impl TariffRules {
    /// What a new tariff of a mode starts out with.
    pub fn of_mode(mode: Mode) -> Self {
        let rule = if mode == Mode::Usage { ProrationRule::None } else { ProrationRule::Days };
        Self {
            mode,
            cycle: Cycle::Monthly,
            cycle_from: CycleFrom::Calendar,
            cycle_month: 1,
            proration: Proration { rule, ..Proration::default() },
            rounding: Rounding::default(),
            due: DueRule::default(),
            starts_at: StartsAt::Assignment,
            vacant: Vacant::Charged,
            vacant_rate: Quantity::ONE,
            coefficients: Vec::new(),
            usage_of: None,
            minimum: Minimum::default(),
            formula: String::new(),
        }
    }

    /// What the quantity of a kind of unit is multiplied with.
    pub fn coefficient(&self, kind: UnitKind) -> Quantity {
        self.coefficients.iter().find(|one| one.kind == kind).map_or(Quantity::ONE, |one| one.coefficient)
    }

    /// The least that a line of these pieces comes to, where it is metered and has a minimum amount.
    pub fn least_amount(&self, pieces: &Pieces) -> Option<Money> {
        let minimum = Some(self.minimum).filter(|_| self.mode == Mode::Usage)?;
        minimum.amount_over(pieces, self.vacant_rate.scaled(), self.rounding)
    }

    /// Whether it charges what meters counted.
    pub fn is_metered(&self) -> bool {
        self.mode == Mode::Usage || (self.mode == Mode::Formula && Formula::names_in(&self.formula).contains(&Variable::Usage))
    }

    /// What its usage is of, where its fee item is of this kind.
    pub fn metered_kind(&self, kind: FeeItemKind) -> FeeItemKind {
        self.usage_of.filter(|_| self.is_metered()).unwrap_or(kind)
    }

    /// Whether its cycles have a month from which they are counted.
    pub fn counts_cycles(&self) -> bool {
        self.cycle_from == CycleFrom::Calendar && self.cycle.months() > 1
    }

    /// Whether a run of whole calendar months bills it, where its cycles go by the calendar.
    pub fn fits(&self, first: Month, months: u32) -> bool {
        self.cycle.fits(first, months, self.cycle_month)
    }

    /// Whether the price is for a day (元/㎡·天) instead of a month or a period.
    pub fn is_per_day(&self) -> bool {
        self.proration.rule == ProrationRule::PerDay
    }

    /// Whether a price for a day makes sense: it does for what is charged again and again, and not for usage, a value or a formula,
    /// which say themselves what they are for.
    pub fn may_be_per_day(&self) -> bool {
        matches!(self.mode, Mode::Area | Mode::Household | Mode::Head | Mode::Fixed) && !self.cycle.is_once()
    }

    /// The formula, read.
    pub fn read(&self, fields: &[String]) -> Result<Formula, FormulaProblem> {
        Formula::read(&self.formula, FormulaPlace::Tariff, fields)
    }

    /// Whether its formula speaks of the price itself, and yields yuan.
    pub fn names_its_price(&self) -> bool {
        self.mode == Mode::Formula && Formula::names_in(&self.formula).contains(&Variable::Price)
    }
}

/// What a stored rule without a month means.
pub(crate) fn january() -> u8 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
pub(crate) fn is_january(month: &u8) -> bool {
    *month == 1
}

fn calendar() -> CycleFrom {
    CycleFrom::Calendar
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_calendar(from: &CycleFrom) -> bool {
    *from == CycleFrom::Calendar
}

fn whole() -> Quantity {
    Quantity::ONE
}

fn is_whole(rate: &Quantity) -> bool {
    *rate == Quantity::ONE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_without_a_month_counts_from_january() {
        let rules = TariffRules::of_mode(Mode::Area);
        let stored = serde_json::to_string(&rules).unwrap();
        assert!(!stored.contains("cycle_month"));
        assert_eq!(serde_json::from_str::<TariffRules>(&stored).unwrap(), rules);
        let from_july = TariffRules { cycle_month: 7, ..rules };
        assert_eq!(serde_json::from_str::<TariffRules>(&serde_json::to_string(&from_july).unwrap()).unwrap(), from_july);
        let refused = |month| TariffRules { cycle_month: month, ..from_july.clone() }.problems("rules");
        assert_eq!((refused(0).len(), refused(12).len(), refused(13).len()), (1, 0, 1));
    }
}
