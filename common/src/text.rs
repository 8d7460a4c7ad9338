//! The product's texts, in Fluent, for the browser and for what the server writes (workbook headers, receipts).

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

/// A language of the user interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub enum Language {
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en")]
    English,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(tag))
    }
}

macro_rules! sources {
    ($($capability:literal)*) => {
        /// Each capability's texts in both languages.
        const SOURCES: &[(&str, &str, &str)] = &[$((
            $capability,
            include_str!(concat!("../locales/zh-CN/", $capability, ".ftl")),
            include_str!(concat!("../locales/en/", $capability, ".ftl")),
        )),*];
    };
}

sources! {
    "kit"
    "problem"
    "home"
    "sheet"
    "organisation"
    "estate"
    "approvals"
    "residents"
    "charging"
    "metering"
    "waivers"
    "billing"
    "cashier"
    "reports"
}

fn bundle(language: Language) -> &'static FluentBundle<FluentResource> {
    static BUNDLES: OnceLock<[FluentBundle<FluentResource>; 2]> = OnceLock::new();
    let [chinese, english] = BUNDLES.get_or_init(|| Language::ALL.map(build));
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}

fn build(language: Language) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![language.tag().parse().unwrap_or_default()]);
    bundle.set_use_isolating(false);
    for (_, chinese, english) in SOURCES {
        let source = match language {
            Language::Chinese => chinese,
            Language::English => english,
        };
        // A line that does not parse is left out here and named by a test.
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    // The name is new to the bundle.
    let _ = bundle.add_function("LIST", move |args, _| joined(language, args));
    bundle
}

/// `LIST($names)` in a text: the lines of [`crate::problem::list`], with the language's commas.
fn joined<'a>(language: Language, args: &[FluentValue<'a>]) -> FluentValue<'a> {
    match args.first() {
        Some(FluentValue::String(lines)) => lines.replace('\n', &text(language, "kit-comma")).into(),
        Some(other) => other.clone(),
        None => FluentValue::Error,
    }
}

/// The text with this id; the id itself where there is none, so that a gap is seen and not blank.
pub fn text(language: Language, id: &str) -> String {
    text_with(language, id, &[])
}

/// The text with this id, its variables filled in.
pub fn text_with(language: Language, id: &str, args: &[(&str, &str)]) -> String {
    find(language, id, args).unwrap_or_else(|| id.to_owned())
}

/// The text with this id, or `None` where there is none.
pub fn find(language: Language, id: &str, args: &[(&str, &str)]) -> Option<String> {
    let bundle = bundle(language);
    let pattern = bundle.get_message(id)?.value()?;
    let mut fluent = FluentArgs::new();
    for (name, value) in args {
        // One is the only number that English words it counts differ by.
        fluent.set(*name, if *value == "1" { FluentValue::from(1) } else { FluentValue::from(*value) });
    }
    Some(bundle.format_pattern(pattern, Some(&fluent), &mut Vec::new()).into_owned())
}

/// What a problem's code says in the user's language: what happened, why, and what to do next.
pub fn of_problem(language: Language, problem: &crate::problem::Problem) -> String {
    of_code(language, &problem.code, &problem.args)
}

/// What a field's problem says in the user's language.
pub fn of_field(language: Language, problem: &crate::problem::FieldProblem) -> String {
    of_code(language, &problem.code, &problem.args)
}

/// The text `problem-<code with - for .>`, its variables filled in.
pub fn of_code(language: Language, code: &str, args: &crate::problem::Args) -> String {
    // A formula's variables go by their words; people know them by their names.
    let variable = args.get("variable").and_then(|word| find(language, &format!("variable-{}", word.replace('_', "-")), &[]));
    let mut args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    args.extend(variable.iter().map(|name| ("variable", name.as_str())));
    text_with(language, &format!("problem-{}", code.replace('.', "-")), &args)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn ids(source: &str) -> BTreeSet<&str> {
        source
            .lines()
            .filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic()))
            .filter_map(|line| line.split_once('=').map(|(id, _)| id.trim()))
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_things_and_every_line_parses() {
        for (capability, chinese, english) in SOURCES {
            assert_eq!(ids(chinese), ids(english), "{capability}.ftl");
            for (language, source) in [("zh-CN", chinese), ("en", english)] {
                if let Err((_, errors)) = FluentResource::try_new((*source).to_owned()) {
                    panic!("{language}/{capability}.ftl: {errors:?}");
                }
            }
        }
    }

    #[test]
    fn no_id_is_defined_twice() {
        let mut seen = BTreeSet::new();
        for (capability, chinese, _) in SOURCES {
            for id in ids(chinese) {
                assert!(seen.insert(id), "{id} of {capability}.ftl stands elsewhere too");
            }
        }
    }

    /// A choice is shown by `<prefix>-<word>`, the word with hyphens.
    #[test]
    fn every_word_that_people_choose_has_its_text() {
        use crate::approvals::flow::DeedKind;
        use crate::billing::plan::SkipReason;
        use crate::billing::schedule::{IssueOn, RuleStart};
        use crate::charging::late_fee::CountedFrom;
        use crate::charging::minimum::MinimumPer;
        use crate::charging::price::PriceScopeKind;
        use crate::charging::rate::Counted;
        use crate::charging::rent::{Compared, FreeSales};
        use crate::charging::tariff::{
            Cycle, CycleFrom, DueFrom, FeeItemKind, Mode, ProrationRule, RoundHow, RoundTo, StartsAt, Vacant,
        };
        use crate::charging::tier::TierScope;
        use crate::formula::Variable;
        use crate::metering::api::MissReason;
        use crate::waivers::api::WaiverState;

        macro_rules! words_of {
            ($($prefix:literal $type:ty,)*) => {
                [$(($prefix, <$type>::ALL.iter().map(|one| one.word()).collect::<Vec<_>>()),)*]
            };
        }
        let mut choices = words_of! {
            "approvals-kind" DeedKind,
            "skip" SkipReason,
            "billing-on" IssueOn,
            "billing-start" RuleStart,
            "late-fee-counted" CountedFrom,
            "charging-minimum-per" MinimumPer,
            "charging-scope" PriceScopeKind,
            "counted" Counted,
            "charging-rent-compared" Compared,
            "charging-rent-free-sales" FreeSales,
            "charging-cycle" Cycle,
            "charging-cycle-from" CycleFrom,
            "charging-due-from" DueFrom,
            "fee-kind" FeeItemKind,
            "charging-mode" Mode,
            "charging-proration" ProrationRule,
            "charging-round-how" RoundHow,
            "charging-round-to" RoundTo,
            "charging-starts-at" StartsAt,
            "charging-vacant" Vacant,
            "charging-tier-scope" TierScope,
            "variable" Variable,
            "metering-miss" MissReason,
            "waivers-state" WaiverState,
        };
        // A price by the day is chosen above, in the place of a proration rule.
        for (prefix, words) in &mut choices {
            words.retain(|word| (*prefix, *word) != ("charging-proration", "per_day"));
        }
        let ids = choices.iter().flat_map(|(prefix, words)| words.iter().map(move |word| (prefix, word.replace('_', "-"))));
        for id in ids.map(|(prefix, word)| format!("{prefix}-{word}")) {
            for language in Language::ALL {
                assert!(find(language, &id, &[]).is_some(), "{id} has no text in {}", language.tag());
            }
        }
    }

    #[test]
    fn a_list_is_joined_as_the_language_does() {
        let problem = crate::problem::Problem::conflict("cashier.older_first", "").with("count", 2);
        let problem = problem.with("numbers", crate::problem::list(["ZD1", "ZD2"]));
        assert!(of_problem(Language::Chinese, &problem).contains("ZD1、ZD2"));
        assert!(of_problem(Language::English, &problem).contains("ZD1, ZD2"));
    }

    #[test]
    fn what_people_typed_in_lines_is_no_list() {
        let clash = crate::problem::Problem::conflict("charging.copy_formula", "");
        let clash = clash.with("formula", "面积\n+ 单价").with("field", crate::problem::list(["层高", "朝向"]));
        let said = of_problem(Language::Chinese, &clash);
        assert!(said.contains("「面积\n+ 单价」") && said.contains("「层高、朝向」"), "{said}");
    }

    #[test]
    fn a_list_of_one_and_a_single_figure_stand_as_they_are() {
        let problem = |numbers: &str| crate::problem::Problem::conflict("cashier.older_first", "").with("numbers", numbers);
        assert!(of_problem(Language::English, &problem("ZD1")).contains("(ZD1)"));
        assert!(of_problem(Language::English, &problem("1")).contains("(1)"));
    }

    #[test]
    fn variables_are_filled_in_without_isolation_marks() {
        assert_eq!(text_with(Language::English, "problem-too_long", &[("most", "50")]), "At most 50 characters.");
        assert_eq!(text(Language::Chinese, "no-such-text"), "no-such-text");
    }
}
