//! What a person types and what the request holds: how each type is shown in a field and read from it.

use common::money::Money;
use common::period::{Day, Month};
use common::person::{IdNumber, Phone, Plate};
use common::quantity::{Price, Quantity};
use rust_decimal::Decimal;

/// A type that a field can hold. A text that can't be read is a problem of the field, and the draft keeps its old value.
pub trait FieldValue: Clone + PartialEq + Send + Sync + 'static {
    /// The native input's type.
    const INPUT: &'static str = "text";
    /// The keyboard that a phone shows.
    const KEYS: &'static str = "text";
    /// Figures stand at the right.
    const NUM: bool = false;
    /// May be left blank.
    const OPTIONAL: bool = false;

    /// As it stands in the field.
    fn show(&self) -> String;

    /// From what was typed; the problem's code where that is not one.
    ///
    /// # Errors
    /// A code like `required` or `not_a_number`.
    fn read(text: &str) -> Result<Self, &'static str>;
}

/// What stands for missing: the typed text, trimmed; full-width digits become plain ones.
fn figures(text: &str) -> Result<String, &'static str> {
    let text: String = text
        .trim()
        .chars()
        .filter(|letter| !matches!(letter, ',' | '，' | ' '))
        .map(|letter| match letter {
            '０'..='９' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
            '。' | '．' => '.',
            '−' | '－' => '-',
            other => other,
        })
        .collect();
    if text.is_empty() { Err("required") } else { Ok(text) }
}

impl FieldValue for String {
    fn show(&self) -> String {
        self.clone()
    }
    fn read(text: &str) -> Result<Self, &'static str> {
        Ok(text.to_owned())
    }
}

/// A text a line.
impl FieldValue for Vec<String> {
    fn show(&self) -> String {
        self.join("\n")
    }
    fn read(text: &str) -> Result<Self, &'static str> {
        Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }
}

impl FieldValue for Money {
    const KEYS: &'static str = "decimal";
    const NUM: bool = true;
    fn show(&self) -> String {
        self.yuan().to_string()
    }
    fn read(text: &str) -> Result<Self, &'static str> {
        let yuan: Decimal = figures(text)?.parse().map_err(|_| "not_a_number")?;
        Self::from_yuan(yuan).ok_or("kit.two_decimals")
    }
}

impl FieldValue for Decimal {
    const KEYS: &'static str = "decimal";
    const NUM: bool = true;
    fn show(&self) -> String {
        self.to_string()
    }
    fn read(text: &str) -> Result<Self, &'static str> {
        figures(text)?.parse().map_err(|_| "not_a_number")
    }
}

impl FieldValue for Quantity {
    const KEYS: &'static str = "decimal";
    const NUM: bool = true;
    fn show(&self) -> String {
        self.to_string()
    }
    fn read(text: &str) -> Result<Self, &'static str> {
        let value: Decimal = figures(text)?.parse().map_err(|_| "not_a_number")?;
        Self::new(value).ok_or("kit.four_decimals")
    }
}

impl FieldValue for Price {
    const KEYS: &'static str = "decimal";
    const NUM: bool = true;
    fn show(&self) -> String {
        let mut value = self.get();
        if value.scale() < 2 {
            value.rescale(2);
        }
        value.to_string()
    }
    fn read(text: &str) -> Result<Self, &'static str> {
        let value: Decimal = figures(text)?.parse().map_err(|_| "not_a_number")?;
        Self::new(value).ok_or("kit.eight_decimals")
    }
}

impl FieldValue for Day {
    const INPUT: &'static str = "date";
    fn show(&self) -> String {
        self.to_string()
    }
    fn read(text: &str) -> Result<Self, &'static str> {
        if text.trim().is_empty() { Err("required") } else { text.trim().parse().map_err(|_| "not_a_day") }
    }
}

impl FieldValue for Month {
    const INPUT: &'static str = "month";
    fn show(&self) -> String {
        self.to_string()
    }
    fn read(text: &str) -> Result<Self, &'static str> {
        if text.trim().is_empty() { Err("required") } else { text.trim().parse().map_err(|_| "not_a_month") }
    }
}

macro_rules! whole {
    ($($name:ty)*) => {$(
        impl FieldValue for $name {
            const KEYS: &'static str = "numeric";
            const NUM: bool = true;
            fn show(&self) -> String {
                self.to_string()
            }
            fn read(text: &str) -> Result<Self, &'static str> {
                figures(text)?.parse().map_err(|_| "kit.not_whole")
            }
        }
    )*};
}
whole! { u8 u16 u32 u64 i16 i32 i64 }

macro_rules! parsed {
    ($($name:ident by $keys:literal)*) => {$(
        impl FieldValue for $name {
            const KEYS: &'static str = $keys;
            fn show(&self) -> String {
                self.as_str().to_owned()
            }
            fn read(text: &str) -> Result<Self, &'static str> {
                if text.trim().is_empty() { Err("required") } else { text.parse().map_err(|_| Self::PROBLEM) }
            }
        }
    )*};
}
parsed! { Phone by "tel" IdNumber by "text" Plate by "text" }

impl<V: FieldValue> FieldValue for Option<V> {
    const INPUT: &'static str = V::INPUT;
    const KEYS: &'static str = V::KEYS;
    const NUM: bool = V::NUM;
    const OPTIONAL: bool = true;
    fn show(&self) -> String {
        self.as_ref().map(FieldValue::show).unwrap_or_default()
    }
    fn read(text: &str) -> Result<Self, &'static str> {
        if text.trim().is_empty() { Ok(None) } else { V::read(text).map(Some) }
    }
}
