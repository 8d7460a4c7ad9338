//! What digit keys mean at the till: one chooses a way to pay, several are an amount in it.

use super::method::Method;

/// The keys since a way was chosen by its digit. `2` `1` changes over to the first way, `2` `1` `0` is 10 in the second: which it is shows
/// at the third key, and whoever listens takes the second choice back then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digits {
    chosen: Option<Chosen>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Chosen {
    way: Method,
    /// The way that was chosen just before, and the digit that led away from it.
    before: Option<(Method, char)>,
}

/// What a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Chooses a way.
    Choose(Method),
    /// Begins an amount in the way that was chosen.
    Begin(Method, String),
    /// The last choice was none, it was the beginning of this amount in the way that was chosen before.
    Back(Method, String),
}

impl Digits {
    /// A key was pressed; `ways` are those that digits choose, in their order. `None` where it is not for the ways to pay.
    pub fn key(&mut self, key: char, ways: &[Method]) -> Option<Meaning> {
        let last = self.chosen.take();
        let figure = key.is_ascii_digit() || key == '.';
        if let Some((before, first)) = last.and_then(|last| last.before).filter(|_| figure) {
            return Some(Meaning::Back(before, format!("{first}{key}")));
        }
        let place = key.to_digit(10).and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1));
        match (place.and_then(|place| ways.get(place).copied()), last) {
            (Some(way), last) => {
                self.chosen = Some(Chosen { way, before: last.map(|last| (last.way, key)) });
                Some(Meaning::Choose(way))
            }
            (None, Some(last)) if figure => Some(Meaning::Begin(last.way, key.to_string())),
            (None, _) => None,
        }
    }

    /// Whether this way was chosen by the last key.
    pub fn chose(&self, way: Method) -> bool {
        self.chosen.is_some_and(|chosen| chosen.way == way)
    }

    /// Something else was done: what comes next begins anew.
    pub fn forget(&mut self) {
        self.chosen = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAYS: [Method; 4] = [Method::Cash, Method::Wechat, Method::Alipay, Method::Pos];

    /// What the last of these keys means.
    fn last(keys: &str) -> Option<Meaning> {
        let mut digits = Digits::default();
        keys.chars().map(|key| digits.key(key, &WAYS)).last().flatten()
    }

    #[test]
    fn one_digit_after_another_changes_over() {
        assert_eq!(last("2"), Some(Meaning::Choose(Method::Wechat)));
        assert_eq!(last("21"), Some(Meaning::Choose(Method::Cash)));
        assert_eq!(last("22"), Some(Meaning::Choose(Method::Wechat)));
        assert_eq!(last("7"), None);
    }

    #[rstest::rstest]
    #[case("210", Meaning::Back(Method::Wechat, "10".to_owned()))]
    #[case("12.", Meaning::Back(Method::Cash, "2.".to_owned()))]
    #[case("28", Meaning::Begin(Method::Wechat, "8".to_owned()))]
    #[case("20", Meaning::Begin(Method::Wechat, "0".to_owned()))]
    #[case("2.", Meaning::Begin(Method::Wechat, ".".to_owned()))]
    fn several_are_an_amount_in_the_way_that_was_chosen_first(#[case] keys: &str, #[case] meaning: Meaning) {
        assert_eq!(last(keys), Some(meaning));
        let mut digits = Digits::default();
        keys.chars().for_each(|key| drop(digits.key(key, &WAYS)));
        assert_eq!(digits, Digits::default(), "what follows is typed into the field");
    }

    #[test]
    fn anything_else_in_between_begins_anew() {
        let mut digits = Digits::default();
        digits.key('2', &WAYS);
        digits.key('1', &WAYS);
        assert!(digits.chose(Method::Cash) && !digits.chose(Method::Wechat));
        digits.forget();
        assert_eq!(digits.key('3', &WAYS), Some(Meaning::Choose(Method::Alipay)));
        assert_eq!(digits.key('x', &WAYS), None);
        assert_eq!(digits.key('4', &WAYS), Some(Meaning::Choose(Method::Pos)));
    }
}
