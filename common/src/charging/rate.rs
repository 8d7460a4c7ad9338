//! A price as it is set: one figure, tiers, named components, registers of a meter, seasons.

use chrono::Datelike as _;
use serde::{Deserialize, Serialize};

use super::season_end::{SeasonEnd, days_of};
use super::tier::{TierScope, TierUsage, Tiers};
use crate::period::Day;
use crate::problem::{FieldProblem, text_field};
use crate::quantity::Price;
use crate::words;

words! {
    /// What of a usage a part of a price counts.
    Counted {
        /// All of it.
        Total = "total",
        /// What the register of the sharp peak counted (尖).
        Sharp = "sharp",
        /// What the peak register counted (峰).
        Peak = "peak",
        /// What the flat register counted (平).
        Flat = "flat",
        /// What the valley register counted (谷).
        Valley = "valley",
    }
}

impl Counted {
    /// The registers of a meter that counts them apart.
    pub const REGISTERS: &'static [Self] = &[Self::Sharp, Self::Peak, Self::Flat, Self::Valley];

    /// As people write it in a workbook: 总, 峰, 谷段 …
    pub fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        let says = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
        // “Sharp peak” begins with its word.
        let first = text.split_whitespace().next().unwrap_or_default();
        Self::from_word(&first.to_ascii_lowercase())
            .or_else(|| says(&["总", "合计"]).then_some(Self::Total))
            .or_else(|| says(&["尖"]).then_some(Self::Sharp))
            .or_else(|| says(&["峰", "高峰"]).then_some(Self::Peak))
            .or_else(|| says(&["平"]).then_some(Self::Flat))
            .or_else(|| says(&["谷", "低谷"]).then_some(Self::Valley))
    }

    /// The register's number on the meter (DL/T 645): 0 for all, 1 to 4 for sharp, peak, flat and valley.
    pub fn number(self) -> u8 {
        match self {
            Self::Total => 0,
            Self::Sharp => 1,
            Self::Peak => 2,
            Self::Flat => 3,
            Self::Valley => 4,
        }
    }
}

/// A price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rate {
    /// One figure per quantity.
    Flat(Price),
    /// By how much was used.
    Tiered(Tiers),
    /// The sum of parts that are shown apart: water, resource fee, sewage; or peak and valley.
    Parts(Vec<RatePart>),
    /// Another price in some part of the year; together they cover all of it.
    Seasons(Vec<Season>),
}

/// A part of a price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RatePart {
    pub name: String,
    #[serde(default = "total", skip_serializing_if = "is_total")]
    pub of: Counted,
    pub rate: SimpleRate,
}

/// What a part of a price is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SimpleRate {
    Flat(Price),
    Tiered(Tiers),
}

/// The price of a part of the year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Season {
    pub name: String,
    /// Its first day.
    pub from: SeasonEnd,
    /// Its last day; before the first where the season goes over the turn of the year.
    pub to: SeasonEnd,
    pub parts: Vec<RatePart>,
}

/// The most parts or seasons of a price.
pub const PARTS_MOST: usize = 8;

impl Season {
    /// Whether a day of the year lies in it.
    pub fn has(&self, day: Day) -> bool {
        self.has_day((day.month(), day.day()))
    }

    /// The first day of the season after `day` in that one's month, by how many days later it is.
    pub fn begins_in(&self, day: Day) -> Option<u32> {
        let (month, first) = self.first();
        first.checked_sub(day.day()).filter(|days| month == day.month() && *days > 0)
    }

    fn has_day(&self, day: (u32, u32)) -> bool {
        let (from, to) = (self.first(), self.last());
        if from <= to { (from..=to).contains(&day) } else { day >= from || day <= to }
    }

    /// Month and day with which it begins.
    pub fn first(&self) -> (u32, u32) {
        (self.from.month.into(), self.from.day.map_or(1, u32::from))
    }

    /// Month and day with which it ends; the 29th of February stands for its last day.
    pub fn last(&self) -> (u32, u32) {
        (self.to.month.into(), self.to.day.map_or_else(|| days_of(self.to.month), u32::from))
    }
}

impl Rate {
    /// Whether usage, by tiers or registers, is what it prices.
    pub fn is_of_usage(&self) -> bool {
        match self {
            Self::Flat(_) => false,
            Self::Tiered(_) => true,
            Self::Parts(parts) => parts.iter().any(RatePart::is_of_usage),
            Self::Seasons(seasons) => seasons.iter().flat_map(|season| &season.parts).any(RatePart::is_of_usage),
        }
    }

    /// All tiers in it.
    pub fn tiers(&self) -> impl Iterator<Item = &Tiers> {
        let own = if let Self::Tiered(tiers) = self { Some(tiers) } else { None };
        let parts = match self {
            Self::Parts(parts) => parts.as_slice(),
            _ => &[],
        };
        let seasons = match self {
            Self::Seasons(seasons) => seasons.as_slice(),
            _ => &[],
        };
        let parts = parts.iter().chain(seasons.iter().flat_map(|season| &season.parts));
        own.into_iter().chain(parts.filter_map(|part| match &part.rate {
            SimpleRate::Tiered(tiers) => Some(tiers),
            SimpleRate::Flat(_) => None,
        }))
    }

    /// The custom fields with the quotas that its tiers are multiples of.
    pub fn quotas(&self) -> impl Iterator<Item = &str> {
        self.tiers().filter_map(|tiers| tiers.quota.as_deref())
    }

    /// What is wrong with the quotas; `fields` are the custom number fields that formulas may name.
    pub fn quota_problem(&self, field: &str, fields: &[String]) -> Option<FieldProblem> {
        let missing = self.quotas().find(|quota| !fields.iter().any(|field| field == quota))?;
        Some(FieldProblem::new(field, "charging.quota_field").with("field", missing))
    }

    /// What can be charged and is still likely to be a slip, as fields below `field`.
    pub fn oddities(&self, field: &str) -> Vec<FieldProblem> {
        match self {
            Self::Flat(_) | Self::Tiered(_) => Vec::new(),
            Self::Parts(parts) => odd_of_parts(&format!("{field}.parts"), parts),
            Self::Seasons(seasons) => {
                let seasons = seasons.iter().enumerate();
                seasons
                    .flat_map(|(place, season)| odd_of_parts(&format!("{field}.seasons.{place}.parts"), &season.parts))
                    .collect()
            }
        }
    }

    /// What is wrong with it but for the quotas' fields, as fields below `field`.
    pub fn problems(&self, field: &str) -> Vec<FieldProblem> {
        match self {
            Self::Flat(price) => negative(&format!("{field}.flat"), *price).into_iter().collect(),
            Self::Tiered(tiers) => tiers.problems(&format!("{field}.tiered")),
            Self::Parts(parts) => of_parts(&format!("{field}.parts"), parts),
            Self::Seasons(seasons) => of_seasons(&format!("{field}.seasons"), seasons),
        }
    }
}

impl RatePart {
    /// The tiers in which a register's part lies as all of the usage does.
    pub fn tiers_of_total(&self) -> Option<&Tiers> {
        match &self.rate {
            SimpleRate::Tiered(tiers) if self.of != Counted::Total && tiers.usage == TierUsage::Total => Some(tiers),
            SimpleRate::Tiered(_) | SimpleRate::Flat(_) => None,
        }
    }

    fn is_of_usage(&self) -> bool {
        self.of != Counted::Total || matches!(self.rate, SimpleRate::Tiered(_))
    }
}

fn of_parts(field: &str, parts: &[RatePart]) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if parts.is_empty() || parts.len() > PARTS_MOST {
        problems.push(FieldProblem::new(field, "charging.part_count").with("most", PARTS_MOST));
    }
    for (place, part) in parts.iter().enumerate() {
        let at = |name: &str| format!("{field}.{place}.{name}");
        problems.extend(text_field(&at("name"), &part.name, 20));
        if parts.iter().take(place).any(|other| other.name == part.name) {
            problems.push(FieldProblem::new(at("name"), "charging.part_twice"));
        }
        // What was used since the tariff year began is not kept by register.
        let by_year = matches!(&part.rate, SimpleRate::Tiered(tiers) if tiers.scope == TierScope::Year);
        if part.of != Counted::Total && by_year && part.tiers_of_total().is_none() {
            problems.push(FieldProblem::new(at("rate.tiered"), "charging.year_of_register"));
        }
        match &part.rate {
            SimpleRate::Flat(price) => problems.extend(negative(&at("rate.flat"), *price)),
            SimpleRate::Tiered(tiers) => problems.extend(tiers.problems(&at("rate.tiered"))),
        }
    }
    problems
}

/// Registers by the total whose bounds are not those of the first: one usage seldom lies in several lists of tiers.
fn odd_of_parts(field: &str, parts: &[RatePart]) -> Vec<FieldProblem> {
    let of_total = |part: &RatePart| part.tiers_of_total().map(Tiers::bounds_alone);
    let first = parts.iter().find_map(of_total);
    let differs = |part: &RatePart| of_total(part).is_some_and(|own| first.as_ref() != Some(&own));
    let odd = parts.iter().enumerate().filter(|(_, part)| differs(part));
    odd.map(|(place, _)| FieldProblem::new(format!("{field}.{place}.rate.tiered"), "charging.total_tiers_differ")).collect()
}

fn of_seasons(field: &str, seasons: &[Season]) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if seasons.len() < 2 || seasons.len() > PARTS_MOST {
        problems.push(FieldProblem::new(field, "charging.part_count").with("most", PARTS_MOST));
    }
    for (place, season) in seasons.iter().enumerate() {
        problems.extend(text_field(&format!("{field}.{place}.name"), &season.name, 20));
        problems.extend(of_parts(&format!("{field}.{place}.parts"), &season.parts));
    }
    for (place, season) in seasons.iter().enumerate() {
        for (name, end) in [("from", season.from), ("to", season.to)] {
            if !end.is_there() {
                problems.push(FieldProblem::new(format!("{field}.{place}.{name}"), "charging.season_end"));
            }
        }
    }
    let days = (1..=12_u8).flat_map(|month| (1..=days_of(month)).map(move |day| (u32::from(month), day)));
    let wrong = |day: &(u32, u32)| seasons.iter().filter(|season| season.has_day(*day)).count() != 1;
    if let Some((month, day)) = days.into_iter().find(wrong).filter(|_| problems.is_empty()) {
        problems.push(FieldProblem::new(field, "charging.seasons_cover").with("month", month).with("day", day));
    }
    problems
}

fn negative(field: &str, price: Price) -> Option<FieldProblem> {
    (price < Price::ZERO).then(|| FieldProblem::new(field, "negative"))
}

pub(crate) fn total() -> Counted {
    Counted::Total
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
pub(crate) fn is_total(of: &Counted) -> bool {
    *of == Counted::Total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charging::tier::Tier;
    use crate::text::{Language, text};

    #[test]
    fn registers_and_tiers_are_of_a_usage_and_flat_parts_of_all_need_none() {
        let step =
            |up_to: Option<&str>| Tier { up_to: up_to.map(|bound| bound.parse().unwrap()), price: Price::ONE, per_person: None };
        let steps = vec![step(Some("22")), step(None)];
        let tiers = Tiers::new(TierScope::Month, steps);
        let part = |of, rate| Rate::Parts(vec![RatePart { name: "甲".to_owned(), of, rate }]);
        let flat = || SimpleRate::Flat(Price::ONE);
        assert!(!Rate::Flat(Price::ONE).is_of_usage() && !part(Counted::Total, flat()).is_of_usage());
        assert!(part(Counted::Peak, flat()).is_of_usage());
        assert!(part(Counted::Total, SimpleRate::Tiered(tiers)).is_of_usage());
    }

    #[test]
    fn a_register_is_read_as_it_is_written_in_either_language() {
        for language in Language::ALL {
            for register in Counted::ALL {
                let written = text(language, &format!("counted-{}", register.word()));
                assert_eq!(Counted::from_text(&written), Some(*register), "{written}");
            }
        }
        assert_eq!(Counted::from_text(" 谷段 "), Some(Counted::Valley));
        assert_eq!(Counted::from_text("夜间"), None);
    }

    #[test]
    fn registers_by_the_total_with_bounds_of_their_own_are_odd_but_can_be_charged() {
        let bound = |bound: &str| Some(bound.parse().unwrap());
        let part = |of: Counted, up_to: &str, price: &str, usage| {
            let step = |up_to, price: &str| Tier { up_to, price: price.parse().unwrap(), per_person: None };
            let tiers = Tiers { usage, ..Tiers::new(TierScope::Year, vec![step(bound(up_to), price), step(None, "0.9")]) };
            RatePart { name: of.word().into(), of, rate: SimpleRate::Tiered(tiers) }
        };
        let codes = |parts: Vec<RatePart>| {
            let rate = Rate::Parts(parts);
            assert!(rate.problems("rate").is_empty());
            rate.oddities("rate").into_iter().map(|one| (one.field, one.code)).collect::<Vec<_>>()
        };
        let peak = || part(Counted::Peak, "3120", "0.617", TierUsage::Total);
        assert_eq!(codes(vec![peak(), part(Counted::Valley, "3120", "0.307", TierUsage::Total)]), []);
        let differs = ("rate.parts.1.rate.tiered".to_owned(), "charging.total_tiers_differ".to_owned());
        assert_eq!(codes(vec![peak(), part(Counted::Valley, "4200", "0.307", TierUsage::Total)]), [differs]);
    }

    #[test]
    fn seasons_cover_every_day_of_the_year_once() {
        let season = |name: &str, from: &str, to: &str| {
            let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
            let rate = SimpleRate::Flat(Price::ONE);
            Season { name: name.into(), from, to, parts: vec![RatePart { name: "燃气费".into(), of: Counted::Total, rate }] }
        };
        let said = |seasons: [[&str; 2]; 2]| {
            let [[from, to], [begins, ends]] = seasons;
            let problems = Rate::Seasons(vec![season("一", from, to), season("二", begins, ends)]).problems("rate");
            problems
                .iter()
                .map(|one| format!("{} {}", one.code, serde_json::to_string(&one.args).unwrap_or_default()))
                .collect::<Vec<_>>()
                .join("; ")
        };
        assert_eq!(said([["5", "10"], ["11", "4"]]), "");
        assert_eq!(said([["11-15", "3-15"], ["3-16", "11-14"]]), "");
        assert_eq!(said([["11-15", "2"], ["3", "11-14"]]), "", "the end of February, leap year or not");
        let wrong = |seasons, day: &str| {
            let told = said(seasons);
            assert!(told.starts_with("charging.seasons_cover") && told.contains(day), "{told}");
        };
        wrong([["11-15", "3-15"], ["3-16", "11-15"]], r#""day":"15""#);
        wrong([["11-15", "3-15"], ["3-17", "11-14"]], r#""day":"16""#);
        wrong([["11-15", "2-28"], ["3", "11-14"]], r#""day":"29""#);
        let no_month = Season { from: SeasonEnd::month(13), ..season("二", "11", "4") };
        let problems = Rate::Seasons(vec![season("一", "5", "10"), no_month]).problems("rate");
        assert_eq!((problems[0].field.as_str(), problems[0].code.as_str()), ("rate.seasons.1.from", "charging.season_end"));
    }

    #[test]
    fn tiers_by_the_year_go_by_the_whole_usage() {
        let tier = |up_to| crate::charging::tier::Tier { up_to, price: Price::ONE, per_person: None };
        let steps = vec![tier(Some(crate::quantity::Quantity::ONE)), tier(None)];
        let tiers = Tiers::new(TierScope::Year, steps);
        let part = |of| RatePart { name: "峰".to_owned(), of, rate: SimpleRate::Tiered(tiers.clone()) };
        let codes = |of| Rate::Parts(vec![part(of)]).problems("rate").into_iter().map(|one| one.code).collect::<Vec<_>>();
        assert!(codes(Counted::Total).is_empty());
        assert_eq!(codes(Counted::Peak), ["charging.year_of_register"]);
        let of_all = SimpleRate::Tiered(Tiers { usage: TierUsage::Total, ..tiers.clone() });
        let peak = RatePart { rate: of_all, ..part(Counted::Peak) };
        assert!(peak.tiers_of_total().is_some() && Rate::Parts(vec![peak]).problems("rate").is_empty());
    }
}
