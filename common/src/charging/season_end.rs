//! Where in the year a season of a price begins or ends: `11`, a whole month, or `11-15`.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A month, or a day of it. Without a day a season begins on the month's first and ends on its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "server", schemars(with = "Written"))]
pub struct SeasonEnd {
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: Option<u8>,
}

/// As it is written in JSON and in scenarios: a number is a month, a text a month and a day.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(untagged)]
enum Written {
    Month(u8),
    Day(String),
}

/// A text that says neither a month nor a day of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSeasonEnd;

impl SeasonEnd {
    /// The whole month.
    pub fn month(month: u8) -> Self {
        Self { month, day: None }
    }

    /// Whether the year has such a month or, in leap years, such a day.
    pub fn is_there(self) -> bool {
        (1..=12).contains(&self.month) && self.day.is_none_or(|day| (1..=days_of(self.month)).contains(&day.into()))
    }
}

/// How many days a month has at the most.
pub(super) fn days_of(month: u8) -> u32 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Display for SeasonEnd {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.day {
            None => write!(f, "{}", self.month),
            Some(day) => write!(f, "{}-{day}", self.month),
        }
    }
}

/// As people write it: `11`, `11月`, `11-15`, `11.15`, `11/15`, `11月15日`.
impl FromStr for SeasonEnd {
    type Err = NoSeasonEnd;

    fn from_str(text: &str) -> Result<Self, NoSeasonEnd> {
        let text = text.trim().trim_end_matches(['日', '号']);
        let number = |text: &str| text.trim().parse::<u8>().map_err(|_| NoSeasonEnd);
        let end = match text.split_once(['-', '.', '/', '月']) {
            None => Self::month(number(text)?),
            Some((month, "")) => Self::month(number(month)?),
            Some((month, day)) => Self { month: number(month)?, day: Some(number(day)?) },
        };
        if end.is_there() { Ok(end) } else { Err(NoSeasonEnd) }
    }
}

impl Display for NoSeasonEnd {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("neither a month (1 to 12) nor a day of one (11-15)")
    }
}

impl TryFrom<Written> for SeasonEnd {
    type Error = NoSeasonEnd;

    fn try_from(written: Written) -> Result<Self, NoSeasonEnd> {
        match written {
            // What no year has is told as a problem of its field.
            Written::Month(month) => Ok(Self::month(month)),
            Written::Day(text) => text.parse(),
        }
    }
}

impl From<SeasonEnd> for Written {
    fn from(end: SeasonEnd) -> Self {
        match end.day {
            None => Self::Month(end.month),
            Some(_) => Self::Day(end.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::month("11", Ok("11"))]
    #[case::month_in_chinese(" 11月 ", Ok("11"))]
    #[case::day("11-15", Ok("11-15"))]
    #[case::day_with_zeros("03-05", Ok("3-5"))]
    #[case::day_with_a_dot("11.15", Ok("11-15"))]
    #[case::day_in_chinese("11月15日", Ok("11-15"))]
    #[case::leap_day("2-29", Ok("2-29"))]
    #[case::no_month("13", Err(NoSeasonEnd))]
    #[case::month_zero("0", Err(NoSeasonEnd))]
    #[case::no_day("11-31", Err(NoSeasonEnd))]
    #[case::day_zero("11-0", Err(NoSeasonEnd))]
    #[case::half_written("11-", Ok("11"))]
    #[case::words("winter", Err(NoSeasonEnd))]
    #[case::nothing("", Err(NoSeasonEnd))]
    fn as_people_write_it(#[case] text: &str, #[case] read: Result<&str, NoSeasonEnd>) {
        assert_eq!(text.parse().map(|end: SeasonEnd| end.to_string()), read.map(str::to_owned));
    }

    #[test]
    fn a_month_is_a_number_and_a_day_a_text() {
        let written = |end| serde_json::to_string(&end).unwrap();
        assert_eq!(written(SeasonEnd::month(11)), "11");
        assert_eq!(written(SeasonEnd { month: 11, day: Some(15) }), "\"11-15\"");
        assert_eq!(serde_json::from_str::<SeasonEnd>("\"11-15\"").unwrap(), SeasonEnd { month: 11, day: Some(15) });
        assert_eq!(serde_json::from_str::<SeasonEnd>("5").unwrap(), SeasonEnd::month(5));
        assert!(serde_json::from_str::<SeasonEnd>("\"5月40日\"").is_err());
    }
}
