//! What is wrong with a tariff's rules.

use super::{CycleFrom, FeeItemKind, Mode, ProrationRule, TariffRules, Vacant};
use crate::estate::kind::UnitKind;
use crate::problem::FieldProblem;
use crate::quantity::Quantity;

/// The last day that may end the first half of a month.
const HALF_MOST: u8 = 27;

/// The most coefficients that a tariff may have: one per kind of unit.
const COEFFICIENTS_MOST: usize = UnitKind::ALL.len();

impl TariffRules {
    /// What is wrong with the formula, where the mode needs one; `fields` are the custom number fields that it may name.
    pub fn formula_problem(&self, field: &str, fields: &[String]) -> Option<FieldProblem> {
        let problem = (self.mode == Mode::Formula).then(|| self.read(fields).err())??;
        Some(problem.of_field(format!("{field}.formula")))
    }

    /// The same as it can be stored: what is charged once is for no time, and a rule of months and days that would be refused unseen
    /// gives way to the usual one. Everything else stays as it is.
    #[must_use]
    pub fn as_once_allows(self) -> Self {
        let problems = if self.cycle.is_once() { self.problems("") } else { Vec::new() };
        let refused = |field: &str| problems.iter().any(|problem| problem.field == field);
        let usual = Self::of_mode(self.mode);
        Self {
            proration: if refused(".proration.cutoff_day") || refused(".per") { usual.proration } else { self.proration },
            cycle_from: if refused(".cycle_from") { usual.cycle_from } else { self.cycle_from },
            cycle_month: if refused(".cycle_month") { usual.cycle_month } else { self.cycle_month },
            ..self
        }
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

#[cfg(test)]
mod tests {
    use super::super::{Cycle, Proration};
    use super::*;

    #[test]
    fn what_is_charged_once_keeps_all_rules_that_are_not_refused() {
        let halves = Proration { rule: ProrationRule::HalfMonths, cutoff_day: 20 };
        let monthly = TariffRules {
            proration: halves,
            cycle_from: CycleFrom::Anniversary,
            cycle_month: 7,
            vacant: Vacant::Skipped,
            ..TariffRules::of_mode(Mode::Fixed)
        };
        let once = TariffRules { cycle: Cycle::Once, ..monthly.clone() };
        assert_eq!(monthly.clone().as_once_allows(), monthly);
        assert_eq!(once.clone().as_once_allows(), TariffRules { cycle_from: CycleFrom::Calendar, ..once.clone() });
        let (unread, per_day) = (Proration { cutoff_day: 40, ..halves }, Proration { rule: ProrationRule::PerDay, ..halves });
        for refused in [unread, per_day] {
            let stored = TariffRules { proration: refused, ..once.clone() }.as_once_allows();
            assert_eq!((stored.proration, stored.problems("").len()), (Proration::default(), 0));
        }
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
}
