//! A tariff's rules in words, and what of them was changed.

use super::explain::minimum_text;
use super::tariff::{Cycle, FeeItemKind, Mode, ProrationRule, TariffRules, Vacant};
use crate::text::{Language, text, text_with};

/// How often bills are made: `Yearly (from month 7)`.
pub fn cycle_text(language: Language, cycle: Cycle, month: u8) -> String {
    let word = word(language, "charging-cycle", cycle.word());
    match cycle.is_from_january(month) {
        true => word,
        false => text_with(language, "charging-cycle-with-month", &[("cycle", &word), ("month", &month.to_string())]),
    }
}

/// How a month counts that is not charged in full.
pub fn proration_text(language: Language, rules: &TariffRules) -> String {
    let until = |id: &str| text_with(language, id, &[("day", &rules.proration.cutoff_day.to_string())]);
    match rules.proration.rule {
        ProrationRule::WholeMonths => until("charging-proration-whole-months-until"),
        ProrationRule::HalfMonths => until("charging-proration-half-months-until"),
        rule => word(language, "charging-proration", rule.word()),
    }
}

/// When bills are due.
pub fn due_text(language: Language, rules: &TariffRules) -> String {
    let id = format!("charging-due-{}", rules.due.from.word().replace('_', "-"));
    text_with(language, &id, &[("days", &rules.due.days.to_string())])
}

/// A rule that was changed: what it is called, and how it stood before and stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleChange {
    pub name: String,
    pub before: String,
    pub after: String,
}

/// What of a tariff's rules was changed, in the order of its form.
pub fn changes(language: Language, kind: FeeItemKind, before: &TariffRules, after: &TariffRules) -> Vec<RuleChange> {
    let pairs = told(language, kind, before).into_iter().zip(told(language, kind, after));
    let changed = pairs.filter(|((_, before), (_, after))| before != after);
    changed.map(|((id, before), (_, after))| RuleChange { name: text(language, id), before, after }).collect()
}

/// Every rule with what it says; nothing where it does not apply.
fn told(language: Language, kind: FeeItemKind, rules: &TariffRules) -> [(&'static str, String); 12] {
    let kind_text = |kind: FeeItemKind| {
        let name = word(language, "fee-kind", kind.word());
        text_with(language, "charging-usage-of-kind", &[("kind", &name)])
    };
    let usage_of = rules.usage_of.map_or_else(|| text(language, "charging-usage-of-own"), kind_text);
    let vacant = word(language, "charging-vacant", rules.vacant.word());
    let vacant = if rules.vacant == Vacant::Reduced { format!("{vacant} × {}", rules.vacant_rate) } else { vacant };
    let rounding = [
        word(language, "charging-round-to", rules.rounding.to.word()),
        word(language, "charging-round-how", rules.rounding.how.word()),
    ];
    let coefficients: Vec<String> =
        rules.coefficients.iter().map(|one| format!("{} × {}", text(language, &one.kind.text_id()), one.coefficient)).collect();
    let none = || text(language, "charging-minimum-none");
    let of_mode = |of: bool, text: String| if of { text } else { String::new() };
    let once = rules.cycle.is_once();
    [
        ("charging-mode", word(language, "charging-mode", rules.mode.word())),
        ("charging-formula", of_mode(rules.mode == Mode::Formula, rules.formula.clone())),
        ("charging-usage-of", of_mode(rules.is_metered(), usage_of)),
        ("charging-cycle", cycle_text(language, rules.cycle, rules.cycle_month)),
        ("charging-cycle-from", of_mode(!once, word(language, "charging-cycle-from", rules.cycle_from.word()))),
        ("charging-proration", of_mode(rules.mode != Mode::Usage && !once, proration_text(language, rules))),
        ("charging-due", due_text(language, rules)),
        ("charging-rounding", rounding.join(" · ")),
        ("charging-starts-at", of_mode(!once, word(language, "charging-starts-at", rules.starts_at.word()))),
        ("charging-vacant", vacant),
        ("charging-coefficients", if coefficients.is_empty() { none() } else { coefficients.join(" · ") }),
        ("charging-minimum", minimum_text(language, rules.minimum, rules.metered_kind(kind)).unwrap_or_else(none)),
    ]
}

fn word(language: Language, prefix: &str, word: &str) -> String {
    text(language, &format!("{prefix}-{}", word.replace('_', "-")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charging::minimum::{Minimum, MinimumKind};
    use crate::charging::tariff::{CycleFrom, Proration, Rounding, StartsAt};

    #[test]
    fn only_what_was_changed_is_told() {
        let before = TariffRules { formula: "面积 × 单价".into(), ..TariffRules::of_mode(Mode::Formula) };
        let proration = Proration { rule: ProrationRule::WholeMonths, cutoff_day: 10 };
        let after = TariffRules { formula: "面积 × 单价 + 30".into(), proration, ..before.clone() };
        let told = changes(Language::Chinese, FeeItemKind::Property, &before, &after);
        let said: Vec<_> = told.iter().map(|one| (one.name.as_str(), one.before.as_str(), one.after.as_str())).collect();
        assert_eq!(said, [("公式", "面积 × 单价", "面积 × 单价 + 30"), ("不足整月", "按当月天数折算", "整月，住满 10 天才算")]);
        assert_eq!(changes(Language::English, FeeItemKind::Property, &before, &before), []);
    }

    #[test]
    fn what_is_charged_once_has_no_rules_of_months() {
        let before = TariffRules { cycle: Cycle::Once, ..TariffRules::of_mode(Mode::Fixed) };
        let proration = Proration { rule: ProrationRule::WholeMonths, cutoff_day: 10 };
        let after =
            TariffRules { proration, cycle_from: CycleFrom::Anniversary, starts_at: StartsAt::HandOver, ..before.clone() };
        assert_eq!(changes(Language::Chinese, FeeItemKind::Other, &before, &after), []);
    }

    #[test]
    fn a_minimum_is_told_with_its_unit() {
        let before = TariffRules::of_mode(Mode::Usage);
        let minimum = Minimum { kind: MinimumKind::Usage, usage: "5".parse().unwrap(), ..Minimum::default() };
        let after = TariffRules { minimum, rounding: Rounding::default(), ..before.clone() };
        let told = changes(Language::Chinese, FeeItemKind::Water, &before, &after);
        assert_eq!(told.len(), 1);
        assert!(told[0].before == "没有" && told[0].after.contains("5 m³"), "{told:?}");
    }
}
