//! Phones, ID numbers and licence plates: parsed at the edge, masked when shown, placeholders treated as missing.

use serde::{Deserialize, Serialize};

macro_rules! parsed_text {
    ($($(#[$doc:meta])* $name:ident by $parse:ident or $code:literal)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "server", schemars(with = "String"))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The code of the problem when a text is not one.
            pub const PROBLEM: &'static str = $code;

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $parse(text).map(Self).ok_or_else(|| $code.to_owned())
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        /// Never the whole value: these end up in logs.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.masked())
            }
        }
    )*};
}

parsed_text! {
    /// A telephone number: a mainland mobile (11 digits from 1) or a landline (digits, 7 to 12 with area code).
    Phone by parse_phone or "not_a_phone"
    /// A resident identity card number (18 characters with check digit, GB 11643) or another document's number.
    IdNumber by parse_id_number or "not_an_id_number"
    /// A licence plate: `浙A12345`, `浙AD12345` (new energy).
    Plate by parse_plate or "not_a_plate"
}

impl Phone {
    /// `138****6027`.
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 4)
    }
}

impl IdNumber {
    /// `330***********1234`.
    pub fn masked(&self) -> String {
        mask(&self.0, 3, 4)
    }
}

impl Plate {
    /// Plates are shown whole: they hang on the car.
    pub fn masked(&self) -> String {
        self.0.clone()
    }
}

/// Keeps `head` and `tail` characters, stars between; a short text keeps only its last character.
pub fn mask(text: &str, head: usize, tail: usize) -> String {
    let count = text.chars().count();
    let (head, tail) = if count > head + tail { (head, tail) } else { (0, count.min(1)) };
    text.chars().enumerate().map(|(place, letter)| if place < head || place >= count - tail { letter } else { '*' }).collect()
}

/// Whether a phone or ID number is one of those that people type when they have none: 18999999999, 111111111111111111,
/// all digits equal, 12345678901. Importing them as real would tie strangers together.
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return true };
    text == "18999999999"
        || text == "12345678901"
        || text == "13800000000"
        || text == "123456789012345678"
        || matches!(text, "无" | "暂无" | "未知" | "-" | "/" | "–" | "null")
        || (text.len() > 1 && letters.all(|letter| letter == first))
        || (text.len() == 11 && text.starts_with('1') && text.chars().skip(2).all(|letter| letter == '0'))
}

/// Digits as typed: full-width digits and letters made half-width, spaces and dashes dropped.
fn tidy(text: &str) -> String {
    text.chars()
        .filter_map(|letter| match letter {
            ' ' | '\u{3000}' | '\t' | '-' | '–' | '—' | '\u{a0}' | '\u{feff}' => None,
            '！'..='～' => char::from_u32(u32::from(letter) - 0xfee0),
            other => Some(other),
        })
        .collect()
}

fn parse_phone(text: &str) -> Option<String> {
    let digits = tidy(text);
    let digits = digits.strip_prefix("+86").unwrap_or(&digits);
    if !digits.chars().all(|letter| letter.is_ascii_digit()) {
        return None;
    }
    let mobile = digits.len() == 11 && digits.starts_with('1') && !matches!(digits.as_bytes().get(1), Some(b'0'..=b'2') | None);
    let landline = (7..=8).contains(&digits.len()) && !digits.starts_with('0')
        || (10..=12).contains(&digits.len()) && digits.starts_with('0');
    (mobile || landline).then(|| digits.to_owned())
}

fn parse_id_number(text: &str) -> Option<String> {
    let number = tidy(text).to_uppercase();
    let digits = |part: &str| part.chars().all(|letter| letter.is_ascii_digit());
    match number.len() {
        18 if digits(number.get(..17)?) => {
            // GB 11643: weights 2^(17-i) mod 11, check letter from this table.
            let sum: u32 = number
                .chars()
                .take(17)
                .zip([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
                .filter_map(|(letter, weight)| Some(letter.to_digit(10)? * weight))
                .sum();
            let check = "10X98765432".chars().nth(usize::try_from(sum % 11).ok()?)?;
            let born = number.get(6..14).and_then(|born| chrono::NaiveDate::parse_from_str(born, "%Y%m%d").ok());
            (number.ends_with(check) && born.is_some()).then_some(number)
        }
        // The old form of 15 digits, passports, permits, and the 18 characters of a company's credit code.
        6..=18 if number.is_ascii() && number.chars().all(|letter| letter.is_ascii_alphanumeric()) => {
            (number.len() != 18 || number.chars().any(|letter| letter.is_ascii_uppercase())).then_some(number)
        }
        _ => None,
    }
}

fn parse_plate(text: &str) -> Option<String> {
    let plate = tidy(text).to_uppercase().replace(['·', '.'], "");
    let mut letters = plate.chars();
    let province = letters.next()?;
    let city = letters.next()?;
    let rest: Vec<char> = letters.collect();
    ("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领".contains(province)
        && city.is_ascii_uppercase()
        && (5..=6).contains(&rest.len())
        && rest.iter().all(|letter| letter.is_ascii_alphanumeric() || "挂学警港澳领".contains(*letter)))
    .then_some(plate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_as_people_type_them() {
        for text in ["13812346027", "138 1234 6027", "+86 138-1234-6027", "１３８１２３４６０２７"] {
            assert_eq!(text.parse::<Phone>().unwrap().as_str(), "13812346027");
        }
        assert_eq!("0571-88886666".parse::<Phone>().unwrap().as_str(), "057188886666");
        for text in ["1381234602", "abc", "1.38e10", "12012346027", ""] {
            assert!(text.parse::<Phone>().is_err(), "{text}");
        }
        assert_eq!("13812346027".parse::<Phone>().unwrap().masked(), "138****6027");
    }

    #[test]
    fn an_id_number_has_a_check_digit_and_a_birthday() {
        assert!("11010519491231002X".parse::<IdNumber>().is_ok());
        assert!("11010519491231002x".parse::<IdNumber>().is_ok());
        assert!("110105194912310021".parse::<IdNumber>().is_err());
        assert!("E12345678".parse::<IdNumber>().is_ok());
        assert!(format!("{:?}", "11010519491231002X".parse::<IdNumber>().unwrap()).contains('*'));
    }

    #[test]
    fn placeholders_are_nobody() {
        for text in ["18999999999", "111111111111111111", "00000000000", "13800000000", "", " ", "无"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["13812346027", "11010519491231002X"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn plates_of_both_lengths() {
        assert_eq!("浙a·12345".parse::<Plate>().unwrap().as_str(), "浙A12345");
        assert!("浙AD12345".parse::<Plate>().is_ok());
        assert!("A12345".parse::<Plate>().is_err());
    }
}
