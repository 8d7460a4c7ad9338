//! How a fee item is charged: mode, cycle, proration, rounding, and when its bills fall due.

use serde::{Deserialize, Serialize};

use super::minimum::Minimum;
use super::proration::Pieces;
use crate::estate::kind::UnitKind;
use crate::formula::{Formula, FormulaPlace, FormulaProblem, Variable};
use crate::money::Money;
use crate::period::{Day, Month, Period, add_days};
use crate::problem::FieldProblem;
use crate::quantity::Quantity;
use crate::words;

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
        OneOff = "one_off",
        Other = "other",
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

    /// How many months one bill is for.
    Cycle {
        Monthly = "monthly",
        Quarterly = "quarterly",
        HalfYearly = "half_yearly",
        Yearly = "yearly",
        /// Once, in the period in which the charge begins.
        Once = "once",
    }

    /// From where cycles are counted.
    CycleFrom {
        /// The first day of a month of the year.
        Calendar = "calendar",
        /// The day on which the unit was handed over; where that is unknown, the day of the assignment.
        Anniversary = "anniversary",
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

    /// The step to which a line is rounded.
    RoundTo {
        Fen = "fen",
        Jiao = "jiao",
        Yuan = "yuan",
    }

    /// To which side a line is rounded.
    RoundHow {
        /// Half away from zero (四舍五入).
        HalfUp = "half_up",
        /// Always away from zero.
        Up = "up",
        /// Always towards zero.
        Down = "down",
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
    /// What flows through meters.
    pub const METERED: &'static [Self] = &[Self::Water, Self::Electricity, Self::Gas, Self::Heating];
}

impl Cycle {
    /// Months of one cycle.
    pub const fn months(self) -> u32 {
        match self {
            Self::Monthly => 1,
            Self::Quarterly => 3,
            Self::HalfYearly => 6,
            Self::Yearly => 12,
            Self::Once => 0,
        }
    }

    /// The first month of the cycle that a month lies in, counted from the month `from` of the year, 1 to 12.
    pub fn begin(self, month: Month, from: u8) -> Month {
        let length = i32::try_from(self.months()).unwrap_or(1).max(1);
        month.plus(-(month.number() % 100 - i32::from(from)).rem_euclid(length))
    }

    /// Whether counting it from a month of the year is the same as from January.
    pub fn is_from_january(self, month: u8) -> bool {
        u32::from(month.saturating_sub(1)).is_multiple_of(self.months().max(1))
    }

    /// Whether a period of whole calendar months is a whole number of these cycles, counted from the month `from` of the year.
    pub fn fits(self, first: Month, months: u32, from: u8) -> bool {
        if self == Self::Once {
            return months > 0;
        }
        months > 0 && months.is_multiple_of(self.months()) && self.begin(first, from) == first
    }
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

/// How a line is rounded, once, at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Rounding {
    pub to: RoundTo,
    pub how: RoundHow,
}

impl Default for Rounding {
    fn default() -> Self {
        Self { to: RoundTo::Fen, how: RoundHow::HalfUp }
    }
}

impl Rounding {
    /// `numerator ÷ denominator` fen, rounded: the only place where a line loses anything. `None` when it does not fit.
    pub fn round(self, numerator: i128, denominator: i128) -> Option<Money> {
        let step: i64 = match self.to {
            RoundTo::Fen => 1,
            RoundTo::Jiao => 10,
            RoundTo::Yuan => 100,
        };
        let unit = denominator.checked_mul(i128::from(step)).filter(|unit| *unit > 0)?;
        let size = numerator.checked_abs()?;
        // Both mostly fit 64 bits, and 128 are slow where a machine has no instruction for them, as in WebAssembly.
        let (whole, rest) = match (u64::try_from(size), u64::try_from(unit)) {
            (Ok(size), Ok(unit)) => (i128::from(size / unit), i128::from(size % unit)),
            _ => (size / unit, size % unit),
        };
        let up = match self.how {
            RoundHow::HalfUp => rest >= unit - rest,
            RoundHow::Up => rest > 0,
            RoundHow::Down => false,
        };
        let steps = i64::try_from(whole + i128::from(up)).ok()?;
        let fen = steps.checked_mul(step)?;
        Some(Money::from_fen(if numerator < 0 { -fen } else { fen }))
    }
}

words! {
    /// Whether a bill is issued before or after the months that it is for.
    DueFrom {
        /// Before: counted from the period's first day.
        InAdvance = "in_advance",
        /// After: counted from the first day after the period.
        InArrears = "in_arrears",
    }
}

/// When the bills of a tariff are issued and due, counted in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DueRule {
    pub from: DueFrom,
    /// Days after that day on which the bill is due.
    pub days: u16,
}

impl Default for DueRule {
    fn default() -> Self {
        Self { from: DueFrom::InArrears, days: 14 }
    }
}

impl DueRule {
    /// The day on which the bill of a period falls due.
    pub fn due_day(self, period: Period) -> Day {
        let start = match self.from {
            DueFrom::InAdvance => period.from,
            DueFrom::InArrears => period.to,
        };
        add_days(start, u32::from(self.days)).unwrap_or(start)
    }

    /// The same for a bill issued on a day: one that comes late leaves the payer as many days as the rule does.
    pub fn due_day_of(self, period: Period, issued: Day) -> Day {
        self.due_day(period).max(add_days(issued, u32::from(self.days)).unwrap_or(issued))
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

/// The last day that may end the first half of a month.
const HALF_MOST: u8 = 27;

/// The most coefficients that a tariff may have: one per kind of unit.
const COEFFICIENTS_MOST: usize = UnitKind::ALL.len();

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

    /// What is wrong with the formula, where the mode needs one; `fields` are the custom number fields that it may name.
    pub fn formula_problem(&self, field: &str, fields: &[String]) -> Option<FieldProblem> {
        let problem = (self.mode == Mode::Formula).then(|| self.read(fields).err())??;
        Some(problem.of_field(format!("{field}.formula")))
    }

    /// What is wrong with them but for the formula, as fields below `field`.
    pub fn problems(&self, field: &str) -> Vec<FieldProblem> {
        let at = |name: &str| format!("{field}.{name}");
        let mut problems = Vec::new();
        if !(1..=31).contains(&self.proration.cutoff_day) {
            problems.push(FieldProblem::new(at("proration.cutoff_day"), "charging.cutoff_day"));
        }
        // Each half has a day in every month, February too.
        if self.proration.rule == ProrationRule::HalfMonths && self.proration.cutoff_day > HALF_MOST {
            problems.push(FieldProblem::new(at("proration.cutoff_day"), "charging.half_cutoff_day").with("most", HALF_MOST));
        }
        if self.due.days > 366 {
            problems.push(FieldProblem::new(at("due.days"), "charging.due_days"));
        }
        if self.mode == Mode::Usage && self.proration.rule != ProrationRule::None {
            problems.push(FieldProblem::new(at("proration.rule"), "charging.usage_not_prorated"));
        }
        if self.is_per_day() && !self.may_be_per_day() {
            problems.push(FieldProblem::new(at("per"), "charging.not_per_day"));
        }
        if self.vacant == Vacant::Reduced && !(Quantity::ZERO..=Quantity::ONE).contains(&self.vacant_rate) {
            problems.push(FieldProblem::new(at("vacant_rate"), "charging.vacant_rate"));
        }
        for (place, one) in self.coefficients.iter().enumerate() {
            let field = at(&format!("coefficients.{place}.coefficient"));
            if one.coefficient < Quantity::ZERO {
                problems.push(FieldProblem::new(&field, "negative"));
            }
            if self.coefficients.iter().take(place).any(|other| other.kind == one.kind) || place >= COEFFICIENTS_MOST {
                problems.push(FieldProblem::new(&field, "charging.coefficient_twice"));
            }
        }
        if self.cycle_from == CycleFrom::Anniversary && (self.is_metered() || self.cycle.is_once()) {
            problems.push(FieldProblem::new(at("cycle_from"), "charging.usage_by_calendar"));
        }
        if self.usage_of.is_some_and(|kind| !self.is_metered() || !FeeItemKind::METERED.contains(&kind)) {
            problems.push(FieldProblem::new(at("usage_of"), "charging.usage_of"));
        }
        if self.mode == Mode::Usage {
            problems.extend(self.minimum.problems(&at("minimum")));
        } else if !self.minimum.is_none() {
            problems.push(FieldProblem::new(at("minimum.kind"), "charging.minimum_of_usage"));
        }
        if !(1..=12).contains(&self.cycle_month) {
            problems.push(FieldProblem::new(at("cycle_month"), "charging.month_of_year"));
        }
        problems
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
    fn half_a_fen_goes_up_and_away_from_zero() {
        let round = |to, how, numerator| Rounding { to, how }.round(numerator, 10).map(Money::fen);
        assert_eq!(round(RoundTo::Fen, RoundHow::HalfUp, 25), Some(3));
        assert_eq!(round(RoundTo::Fen, RoundHow::HalfUp, -25), Some(-3));
        assert_eq!(round(RoundTo::Fen, RoundHow::HalfUp, 24), Some(2));
        assert_eq!(round(RoundTo::Fen, RoundHow::Up, 21), Some(3));
        assert_eq!(round(RoundTo::Fen, RoundHow::Up, 20), Some(2));
        assert_eq!(round(RoundTo::Fen, RoundHow::Down, 29), Some(2));
        assert_eq!(round(RoundTo::Jiao, RoundHow::HalfUp, 149), Some(10));
        assert_eq!(round(RoundTo::Jiao, RoundHow::HalfUp, 150), Some(20));
        assert_eq!(round(RoundTo::Yuan, RoundHow::HalfUp, 499), Some(0));
        assert_eq!(round(RoundTo::Yuan, RoundHow::HalfUp, 500), Some(100));
        assert_eq!(round(RoundTo::Fen, RoundHow::HalfUp, i128::MIN), None);
    }

    #[test]
    fn a_quarter_starts_in_january_april_july_or_october() {
        let fits = |cycle: Cycle, month: &str, months| cycle.fits(month.parse().unwrap(), months, 1);
        assert!(fits(Cycle::Quarterly, "2026-10", 3) && fits(Cycle::Quarterly, "2026-04", 6));
        assert!(!fits(Cycle::Quarterly, "2026-11", 3) && !fits(Cycle::Quarterly, "2026-10", 1));
        assert!(fits(Cycle::Monthly, "2026-11", 1) && fits(Cycle::Monthly, "2026-11", 5));
        assert!(fits(Cycle::Yearly, "2026-01", 12) && !fits(Cycle::Yearly, "2026-07", 12));
    }

    #[rstest::rstest]
    #[case::property_year(Cycle::Yearly, 7, "2026-11", "2026-07")]
    #[case::property_year_before_july(Cycle::Yearly, 7, "2027-06", "2026-07")]
    #[case::heating_season(Cycle::Yearly, 11, "2026-10", "2025-11")]
    #[case::on_its_first_month(Cycle::Yearly, 11, "2026-11", "2026-11")]
    #[case::half_years_from_july_are_those_from_january(Cycle::HalfYearly, 7, "2026-05", "2026-01")]
    #[case::half_years_from_april(Cycle::HalfYearly, 4, "2026-03", "2025-10")]
    #[case::quarters_from_december(Cycle::Quarterly, 12, "2027-01", "2026-12")]
    #[case::quarters_from_february(Cycle::Quarterly, 2, "2026-01", "2025-11")]
    #[case::months_begin_with_themselves(Cycle::Monthly, 7, "2026-05", "2026-05")]
    #[case::so_does_what_is_charged_once(Cycle::Once, 7, "2026-05", "2026-05")]
    fn cycles_begin_with_their_month(#[case] cycle: Cycle, #[case] from: u8, #[case] month: &str, #[case] first: &str) {
        let (month, first): (Month, Month) = (month.parse().unwrap(), first.parse().unwrap());
        assert_eq!(cycle.begin(month, from), first);
        let months = cycle.months().max(1);
        assert!(cycle.fits(first, months, from) && !cycle.fits(first, 0, from));
        if months > 1 {
            assert!(cycle.fits(first, 2 * months, from) && !cycle.fits(first.plus(1), months, from));
        }
    }

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

    #[test]
    fn only_what_is_metered_goes_by_another_utility() {
        let by_water = |rules: TariffRules| TariffRules { usage_of: Some(FeeItemKind::Water), ..rules };
        let fields = |rules: &TariffRules| rules.problems("rules").into_iter().map(|one| one.field).collect::<Vec<_>>();
        let refuse = by_water(TariffRules::of_mode(Mode::Usage));
        assert!(fields(&refuse).is_empty());
        assert_eq!(refuse.metered_kind(FeeItemKind::Refuse), FeeItemKind::Water);
        assert_eq!(TariffRules::of_mode(Mode::Usage).metered_kind(FeeItemKind::Gas), FeeItemKind::Gas);
        assert_eq!(fields(&by_water(TariffRules::of_mode(Mode::Area))), ["rules.usage_of"]);
        let formula = |text: &str| TariffRules { formula: text.to_owned(), ..TariffRules::of_mode(Mode::Formula) };
        assert!(fields(&by_water(formula("用量 × 0.9"))).is_empty());
        assert_eq!(fields(&by_water(formula("面积"))), ["rules.usage_of"]);
        let parking = TariffRules { usage_of: Some(FeeItemKind::Parking), ..TariffRules::of_mode(Mode::Usage) };
        assert_eq!(fields(&parking), ["rules.usage_of"]);
        assert!(!serde_json::to_string(&TariffRules::of_mode(Mode::Usage)).unwrap().contains("usage_of"));
    }

    #[test]
    fn bills_fall_due_days_after_the_period_or_into_it() {
        let october = "2026-10".parse::<Month>().unwrap().period();
        assert_eq!(DueRule { from: DueFrom::InArrears, days: 14 }.due_day(october).to_string(), "2026-11-15");
        assert_eq!(DueRule { from: DueFrom::InAdvance, days: 9 }.due_day(october).to_string(), "2026-10-10");
        let late = "2026-11-23".parse().unwrap();
        assert_eq!(DueRule { from: DueFrom::InArrears, days: 14 }.due_day_of(october, late).to_string(), "2026-12-07");
    }
}
