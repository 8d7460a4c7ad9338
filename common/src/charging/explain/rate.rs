//! A price in short, as it stands in lists and forms, and what it is for.

use super::{price, usage_unit};
use crate::charging::rate::{Rate, RatePart, Season, SimpleRate};
use crate::charging::tariff::{Cycle, FeeItemKind, Mode, ProrationRule, TariffRules};
use crate::charging::tier::{TierScope, Tiers};
use crate::text::Language;

/// The unit of a price: 元/㎡·月.
pub fn rate_unit(language: Language, rules: &TariffRules, kind: FeeItemKind) -> String {
    let per_month = rules.proration.rule != ProrationRule::None && !rules.cycle.is_once();
    if rules.is_per_day() {
        let id = match rules.mode {
            Mode::Area => "charging-unit-area-day",
            Mode::Head => "charging-unit-head-day",
            Mode::Household => "charging-unit-household-day",
            _ => "charging-unit-day",
        };
        return say!(language, id);
    }
    let id = match (rules.mode, per_month) {
        (Mode::Area, true) => "charging-unit-area-month",
        (Mode::Area, false) => "charging-unit-area",
        (Mode::Head, true) => "charging-unit-head-month",
        (Mode::Head, false) => "charging-unit-head",
        // A bare rate does not say of how long: without proration it is that of a cycle.
        (Mode::Value, false) => match rules.cycle {
            Cycle::Monthly => "charging-unit-value-month",
            Cycle::Quarterly => "charging-unit-value-quarter",
            Cycle::HalfYearly => "charging-unit-value-half-year",
            Cycle::Yearly => "charging-unit-value-year",
            Cycle::Once => "charging-unit-value",
        },
        (Mode::Value, true) => "charging-unit-value-month",
        (Mode::Formula, true) => "charging-unit-formula-month",
        (Mode::Formula, false) => "charging-unit-formula",
        (Mode::Household, true) => "charging-unit-household-month",
        (Mode::Household, false) => "charging-unit-household",
        (Mode::Fixed, true) => "charging-unit-month",
        (Mode::Fixed, false) => "charging-unit-fixed",
        (Mode::Usage, _) => return say!(language, "charging-unit-usage", unit = usage_unit(rules.metered_kind(kind))),
    };
    say!(language, id)
}

/// The months of a season, or its first and last day: `5–10 月`, `11 月 15 日–3 月 15 日`.
fn season_text(language: Language, season: &Season) -> String {
    if season.from.day.or(season.to.day).is_none() {
        return say!(language, "rate-months", from = season.from.month, to = season.to.month);
    }
    let ((from, from_day), (to, to_day)) = (season.first(), season.last());
    say!(language, "rate-days", from = from, from_day = from_day, to = to, to_day = to_day)
}

/// A price in short: `2.80`; tiers with their bounds and for what these are, `每月 ≤18：2.90 / ≤25：3.85 / >25：6.70`; parts are
/// added up, seasons follow each other.
pub fn rate_text(language: Language, rate: &Rate) -> String {
    match rate {
        Rate::Flat(figure) => price(*figure),
        Rate::Tiered(tiers) => tiers_text(language, tiers),
        Rate::Parts(parts) => parts_text(language, parts),
        Rate::Seasons(seasons) => {
            let one = |season: &Season| {
                let months = season_text(language, season);
                say!(language, "rate-season", name = season.name, months = months, parts = parts_text(language, &season.parts))
            };
            seasons.iter().map(one).collect::<Vec<_>>().join(&say!(language, "trace-list-semicolon"))
        }
    }
}

fn parts_text(language: Language, parts: &[RatePart]) -> String {
    let one = |part: &RatePart| match &part.rate {
        SimpleRate::Flat(figure) => format!("{} {}", part.name, price(*figure)),
        SimpleRate::Tiered(tiers) => {
            let tiers = tiers_text(language, tiers);
            let tiers = if part.tiers_of_total().is_some() { say!(language, "rate-of-all", tiers = tiers) } else { tiers };
            format!("{} [{tiers}]", part.name)
        }
    };
    parts.iter().map(one).collect::<Vec<_>>().join(" + ")
}

fn tiers_text(language: Language, tiers: &Tiers) -> String {
    let mut below = None;
    let mut steps = Vec::new();
    for step in &tiers.steps {
        let bound = match (step.up_to, below) {
            (Some(bound), _) => format!("≤{bound}"),
            (None, Some(below)) => format!(">{below}"),
            (None, None) => String::new(),
        };
        below = step.up_to.or(below);
        steps.push(match bound.as_str() {
            "" => price(step.price),
            bound => say!(language, "rate-step", bound = bound, price = price(step.price)),
        });
    }
    let scope = match (tiers.scope, tiers.year_from) {
        (TierScope::Month, _) => say!(language, "rate-each-month"),
        (TierScope::Year, 1) => say!(language, "rate-each-year"),
        (TierScope::Year, month) => say!(language, "rate-each-year-from", month = month),
    };
    let scope = match &tiers.quota {
        Some(field) => say!(language, "rate-of-quota", scope = scope, field = field),
        None => scope,
    };
    let said = format!("{scope} {}", steps.join(" / "));
    let more: Vec<String> = tiers.steps.iter().filter_map(|step| step.per_person).map(|more| format!("+{more}")).collect();
    match (tiers.persons.filter(|_| !more.is_empty()), tiers.persons_most) {
        (Some(persons), Some(most)) => {
            say!(language, "rate-persons-most", tiers = said, persons = persons, more = more.join("/"), most = most)
        }
        (Some(persons), None) => say!(language, "rate-persons", tiers = said, persons = persons, more = more.join("/")),
        (None, _) => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charging::rate::Counted;
    use crate::charging::tier::Tier;

    fn tiers(scope: TierScope, steps: &[(&str, &str)], persons: Option<(u16, &str)>) -> Tiers {
        let step = |(up_to, price): &(&str, &str)| Tier {
            up_to: up_to.parse().ok(),
            price: price.parse().unwrap(),
            per_person: persons.filter(|_| !up_to.is_empty()).map(|(_, more)| more.parse().unwrap()),
        };
        let persons = persons.map(|(persons, _)| persons);
        Tiers { persons, ..Tiers::new(scope, steps.iter().map(step).collect()) }
    }

    #[test]
    fn a_rate_of_the_value_says_of_how_long_it_is() {
        let unit = |cycle, rule| {
            let mut rules = TariffRules::of_mode(Mode::Value);
            (rules.cycle, rules.proration.rule) = (cycle, rule);
            rate_unit(Language::Chinese, &rules, FeeItemKind::Property)
        };
        assert_eq!(unit(Cycle::Yearly, ProrationRule::Days), "月费率", "a bill of a year is twelve of them");
        assert_eq!(unit(Cycle::Yearly, ProrationRule::None), "年费率");
        assert_eq!(unit(Cycle::Once, ProrationRule::Days), "费率");
    }

    #[test]
    fn a_price_is_told_in_short() {
        let steps = [("180", "2.9"), ("260", "3.85"), ("", "6.7")];
        let said = |rate: &Rate| (rate_text(Language::Chinese, rate), rate_text(Language::English, rate));
        let both = |chinese: &str, english: &str| (chinese.to_owned(), english.to_owned());
        assert_eq!(said(&Rate::Flat("2.8".parse().unwrap())), both("2.80", "2.80"));
        let monthly = Rate::Tiered(tiers(TierScope::Month, &steps, None));
        assert_eq!(
            said(&monthly),
            both("每月 ≤180：2.90 / ≤260：3.85 / >260：6.70", "Monthly ≤180: 2.90 / ≤260: 3.85 / >260: 6.70")
        );
        let mut yearly = tiers(TierScope::Year, &steps, Some((4, "45")));
        yearly.year_from = 7;
        assert_eq!(said(&Rate::Tiered(yearly)).0, "每年（7 月起） ≤180：2.90 / ≤260：3.85 / >260：6.70（超过 4 人每人 +45/+45）");
        let of_quota = Tiers {
            quota: Some("年用水定额".into()),
            ..tiers(TierScope::Year, &[("1", "2.9"), ("1.2", "4.35"), ("", "5.8")], None)
        };
        assert_eq!(
            said(&Rate::Tiered(of_quota)),
            both(
                "每年 × 定额（年用水定额） ≤1：2.90 / ≤1.2：4.35 / >1.2：5.80",
                "Yearly × quota (年用水定额) ≤1: 2.90 / ≤1.2: 4.35 / >1.2: 5.80"
            )
        );
        let parts = vec![
            RatePart { name: "水费".into(), of: Counted::Total, rate: SimpleRate::Flat("2.1".parse().unwrap()) },
            RatePart { name: "污水".into(), of: Counted::Total, rate: SimpleRate::Flat("1".parse().unwrap()) },
        ];
        assert_eq!(said(&Rate::Parts(parts.clone())).0, "水费 2.10 + 污水 1.00");
        let season = |name: &str, from: &str, to: &str| Season {
            name: name.into(),
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            parts: parts.clone(),
        };
        let seasons = Rate::Seasons(vec![season("夏", "5", "10"), season("冬", "11", "4")]);
        assert_eq!(said(&seasons).0, "夏（5–10 月）：水费 2.10 + 污水 1.00；冬（11–4 月）：水费 2.10 + 污水 1.00");
        let heated = Rate::Seasons(vec![season("采暖季", "11-15", "3-15"), season("非采暖季", "3-16", "11-14")]);
        assert!(said(&heated).0.starts_with("采暖季（11 月 15 日–3 月 15 日）：水费 2.10"));
        assert!(said(&heated).0.contains("非采暖季（3 月 16 日–11 月 14 日）"));
    }
}
