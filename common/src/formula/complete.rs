//! What a person may go on to type: the names that begin or hold the word before the caret.

use super::variable::{ALIASES, FormulaPlace, Variable};

/// Functions that a formula may call, in English and Chinese, with what follows the name.
const FUNCTIONS: &[(&str, &str, &str)] = &[
    ("if", "如果", "(, , )"),
    ("min", "最小", "(, )"),
    ("max", "最大", "(, )"),
    ("round", "四舍五入", "(, 2)"),
    ("floor", "向下取整", "()"),
    ("ceil", "向上取整", "()"),
];

/// A name that may be put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// As it is put in, in the place of the word.
    pub text: String,
    /// The other language's name, or the arguments of a function.
    pub note: String,
    /// How many characters of `text` stand before the caret afterwards.
    pub caret: usize,
}

/// Which of two names is put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    Chinese,
    English,
}

/// The word that ends at the caret, and where it begins, both counted in characters.
pub fn word_before(text: &str, caret: usize) -> (usize, String) {
    let before: Vec<char> = text.chars().take(caret).collect();
    let part = |letter: &char| letter.is_alphanumeric() || *letter == '_' || *letter == '㎡';
    let length = before.iter().rev().take_while(|letter| part(letter)).count();
    let start = before.len() - length;
    let word: String = before.iter().skip(start).collect();
    // A number is no name.
    if word.starts_with(|first: char| first.is_ascii_digit()) { (caret, String::new()) } else { (start, word) }
}

/// The names that begin with the word as they are put in, then those of which another name does, then those that hold it; all
/// of them for no word.
pub fn suggest(word: &str, place: FormulaPlace, fields: &[String], names: Names) -> Vec<Suggestion> {
    let word = word.to_lowercase();
    let rank = |shown: &str, known: &[&str]| {
        let begins = known.iter().any(|name| name.starts_with(word.as_str()));
        let holds = known.iter().any(|name| name.contains(word.as_str()));
        match (shown.starts_with(word.as_str()), begins) {
            (true, _) => Some(0),
            (false, true) => Some(1),
            (false, false) => holds.then_some(2),
        }
    };
    let mut found: Vec<(u8, Suggestion)> = Vec::new();
    for variable in Variable::ALL.iter().filter(|variable| variable.is_of(place)) {
        let aliases = ALIASES.iter().find(|(of, _)| of == variable).map_or(&[] as &[&str], |(_, names)| names);
        let known: Vec<&str> = std::iter::once(variable.word()).chain(aliases.iter().copied()).collect();
        let (text, note) = match names {
            Names::Chinese => (variable.chinese(), variable.word()),
            Names::English => (variable.word(), variable.chinese()),
        };
        let plain =
            |text: &str, note: &str| Suggestion { text: text.to_owned(), note: note.to_owned(), caret: text.chars().count() };
        found.extend(rank(text, &known).map(|rank| (rank, plain(text, note))));
    }
    for field in fields {
        let simple = field.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        let simple = simple && !field.starts_with(|first: char| first.is_ascii_digit()) && Variable::of_name(field).is_none();
        let text = if simple { field.clone() } else { format!("[{field}]") };
        let caret = text.chars().count();
        let lower = field.to_lowercase();
        found.extend(rank(&lower, &[lower.as_str()]).map(|rank| (rank, Suggestion { text, note: String::new(), caret })));
    }
    for (english, chinese, arguments) in FUNCTIONS {
        let caret = english.chars().count() + 1;
        let suggestion = Suggestion { text: format!("{english}{arguments}"), note: (*chinese).to_owned(), caret };
        found.extend(rank(english, &[english, chinese]).map(|rank| (rank, suggestion)));
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, suggestion)| suggestion).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(word: &str, place: FormulaPlace) -> Vec<String> {
        let fields = ["附加费".to_owned(), "层高 m".to_owned()];
        suggest(word, place, &fields, Names::Chinese).into_iter().map(|one| one.text).collect()
    }

    #[test]
    fn the_word_before_the_caret_is_completed() {
        assert_eq!(word_before("面积 × 单", 6), (5, "单".to_owned()));
        assert_eq!(word_before("面积 × ", 5), (5, String::new()));
        assert_eq!(word_before("12", 2), (2, String::new()));
        assert_eq!(word_before("if(hea", 6), (3, "hea".to_owned()));
        assert_eq!(word_before("面积", 99), (0, "面积".to_owned()));
        assert_eq!(word_before("2*floor_", 8), (2, "floor_".to_owned()));
        assert_eq!(word_before("2×㎡", 3), (2, "㎡".to_owned()));
    }

    #[test]
    fn names_are_found_by_either_language_and_only_where_they_may_stand() {
        assert_eq!(texts("单价", FormulaPlace::Tariff), ["单价"]);
        assert_eq!(texts("pri", FormulaPlace::Tariff), ["单价"]);
        // 单位面积 is another name of the area.
        assert_eq!(texts("单", FormulaPlace::Tariff), ["单价", "单元面积", "面积"]);
        assert!(texts("单价", FormulaPlace::Weight).is_empty());
        assert_eq!(texts("附", FormulaPlace::Weight), ["附加费"]);
        assert_eq!(texts("层高", FormulaPlace::Weight), ["[层高 m]"]);
        assert_eq!(texts("四舍", FormulaPlace::Tariff), ["round(, 2)"]);
        assert_eq!(texts("人数", FormulaPlace::Weight), ["人数", "总人数"]);
        assert!(texts("", FormulaPlace::Tariff).len() > 15);
    }

    #[test]
    fn the_caret_comes_after_a_name_and_into_the_parentheses_of_a_function() {
        let carets = |word: &str, names: Names| {
            let found = suggest(word, FormulaPlace::Tariff, &["层高 m".to_owned()], names);
            found.into_iter().next().map(|one| (one.text, one.note, one.caret)).unwrap()
        };
        assert_eq!(carets("四舍", Names::Chinese), ("round(, 2)".to_owned(), "四舍五入".to_owned(), 6));
        assert_eq!(carets("天数", Names::Chinese), ("天数".to_owned(), "days".to_owned(), 2));
        assert_eq!(carets("天数", Names::English), ("days".to_owned(), "天数".to_owned(), 4));
        assert_eq!(carets("层高", Names::English), ("[层高 m]".to_owned(), String::new(), 6));
    }

    #[test]
    fn what_is_put_in_can_be_read() {
        let fields = ["附加费".to_owned(), "层高 m".to_owned()];
        for place in [FormulaPlace::Tariff, FormulaPlace::Weight] {
            for names in [Names::Chinese, Names::English] {
                for one in suggest("", place, &fields, names).into_iter().filter(|one| !one.text.contains('(')) {
                    assert!(super::super::Formula::read(&one.text, place, &fields).is_ok(), "{one:?}");
                }
            }
        }
    }
}
