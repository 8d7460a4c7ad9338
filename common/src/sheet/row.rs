//! Typed values out of a row, each failure with the address of its cell.

use std::borrow::Cow;
use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::money::Money;
use crate::period::{Day, Month, add_days};
use crate::person::{IdNumber, Phone, Plate, is_placeholder};
use crate::quantity::{Price, Quantity};

use super::table::Table;
use super::{At, Cell, CellProblem, Placed};

/// A row of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub(super) table: &'a Table<'a>,
    pub(super) cells: &'a [Placed],
}

/// A value, nothing, or what is wrong with the cell.
type Value<T> = Result<Option<T>, CellProblem>;

/// From this on a number in a cell may have lost digits: Excel keeps 15.
const DIGITS_LOST_FROM: i64 = 1_000_000_000_000_000;

impl<'a> Row<'a> {
    /// The row's number as people count, from 1.
    pub fn number(&self) -> u32 {
        self.cells.first().map_or(0, |cell| cell.row) + 1
    }

    /// What stands in the column.
    pub fn cell(&self, key: &str) -> &'a Cell {
        let Some(col) = self.table.place(key) else { return &Cell::Empty };
        self.cells.iter().find(|placed| placed.col == col).map_or(&Cell::Empty, |placed| &placed.cell)
    }

    pub fn is_empty(&self, key: &str) -> bool {
        *self.cell(key) == Cell::Empty
    }

    /// The cell's address; of the row's first cell where there is no such column.
    pub fn at(&self, key: &str) -> At<'a> {
        At { sheet: &self.table.sheet.name, col: self.table.place(key).unwrap_or(0), row: self.number() - 1 }
    }

    /// A problem with the cell of this column.
    pub fn problem(&self, key: &str, code: &str) -> CellProblem {
        CellProblem::new(self.at(key), code).showing(self.cell(key))
    }

    /// Text; a number as it is written. A number that lost digits and a room that Excel made a date are problems.
    pub fn text(&self, key: &str) -> Value<Cow<'a, str>> {
        match self.cell(key) {
            Cell::Empty => Ok(None),
            Cell::Text(text) => Ok(Some(Cow::Borrowed(text))),
            Cell::Number(number) if lost_digits(number) => Err(self.problem(key, "sheet.lost_digits")),
            Cell::Number(number) => Ok(Some(Cow::Owned(number.to_string()))),
            Cell::Bool(yes) => Ok(Some(Cow::Borrowed(if *yes { "TRUE" } else { "FALSE" }))),
            Cell::Day(_) => Err(self.problem(key, "sheet.became_a_date")),
            Cell::Error(_) => Err(self.problem(key, "sheet.formula_error")),
        }
    }

    /// Text of at most so many characters.
    pub fn short_text(&self, key: &str, most: usize) -> Value<Cow<'a, str>> {
        match self.text(key)? {
            Some(text) if text.chars().count() > most => Err(self.problem(key, "too_long").with("most", most)),
            text => Ok(text),
        }
    }

    /// A value that a function makes of the text; `code` where it can't.
    pub fn parsed<T>(&self, key: &str, code: &str, parse: impl FnOnce(&str) -> Option<T>) -> Value<T> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        match parse(&text) {
            Some(value) => Ok(Some(value)),
            None => Err(self.problem(key, code)),
        }
    }

    /// A decimal number, also as text with full-width digits, thousands separators, `¥`, `元` or `㎡`.
    pub fn decimal(&self, key: &str) -> Value<Decimal> {
        match self.cell(key) {
            Cell::Empty => Ok(None),
            Cell::Number(number) => Ok(Some(*number)),
            Cell::Text(text) if matches!(&**text, "-" | "—" | "/" | "无") => Ok(None),
            Cell::Text(text) => decimal_of(text).map(Some).ok_or_else(|| self.problem(key, "not_a_number")),
            Cell::Error(_) => Err(self.problem(key, "sheet.formula_error")),
            Cell::Day(_) | Cell::Bool(_) => Err(self.problem(key, "not_a_number")),
        }
    }

    /// A number that is not negative, with at most 4 decimals.
    pub fn quantity(&self, key: &str) -> Value<Quantity> {
        self.scaled(key, Quantity::SCALE, Quantity::new)
    }

    /// A number of either sign, with at most 4 decimals.
    pub fn number_of(&self, key: &str) -> Value<Quantity> {
        let Some(number) = self.decimal(key)? else { return Ok(None) };
        if number.normalize().scale() > Quantity::SCALE {
            return Err(self.problem(key, "sheet.too_many_decimals").with("most", Quantity::SCALE));
        }
        Quantity::new(number).map(Some).ok_or_else(|| self.problem(key, "sheet.number_too_large"))
    }

    /// A price that is not negative, with at most 8 decimals.
    pub fn price(&self, key: &str) -> Value<Price> {
        self.scaled(key, Price::SCALE, Price::new)
    }

    /// Yuan that are not negative, with at most 2 decimals.
    pub fn money(&self, key: &str) -> Value<Money> {
        self.scaled(key, 2, Money::from_yuan)
    }

    fn scaled<T>(&self, key: &str, decimals: u32, make: impl FnOnce(Decimal) -> Option<T>) -> Value<T> {
        let Some(number) = self.decimal(key)? else { return Ok(None) };
        if number.is_sign_negative() && !number.is_zero() {
            return Err(self.problem(key, "negative"));
        }
        if number.normalize().scale() > decimals {
            return Err(self.problem(key, "sheet.too_many_decimals").with("most", decimals));
        }
        make(number).map(Some).ok_or_else(|| self.problem(key, "sheet.number_too_large"))
    }

    /// A whole number.
    pub fn int(&self, key: &str) -> Value<i64> {
        let Some(number) = self.decimal(key)? else { return Ok(None) };
        let whole = number.fract().is_zero().then(|| number.to_i64()).flatten();
        whole.map(Some).ok_or_else(|| self.problem(key, "sheet.not_whole"))
    }

    /// A day: a date cell, Excel's serial number, `2020-01-01`, `2020/1/1`, `2020.1.1`, `20200101` or `2020年1月1日`.
    pub fn day(&self, key: &str) -> Value<Day> {
        let day = match self.cell(key) {
            Cell::Empty => return Ok(None),
            Cell::Day(day) => Some(*day),
            Cell::Number(number) => number.trunc().to_i64().and_then(day_of_number),
            Cell::Text(text) => day_of_text(text),
            Cell::Error(_) => return Err(self.problem(key, "sheet.formula_error")),
            Cell::Bool(_) => None,
        };
        day.map(Some).ok_or_else(|| self.problem(key, "not_a_day"))
    }

    /// A month: `2026-10`, `2026/10`, `202610`, `2026年10月`, or any day in it.
    pub fn month(&self, key: &str) -> Value<Month> {
        let month = match self.cell(key) {
            Cell::Empty => return Ok(None),
            Cell::Day(day) => Some(Month::of(*day)),
            Cell::Number(number) => number.to_i64().and_then(|number| {
                i32::try_from(number).ok().and_then(Month::from_number).or_else(|| day_of_number(number).map(Month::of))
            }),
            Cell::Text(text) => month_of_text(text),
            Cell::Error(_) => return Err(self.problem(key, "sheet.formula_error")),
            Cell::Bool(_) => None,
        };
        month.map(Some).ok_or_else(|| self.problem(key, "not_a_month"))
    }

    /// A phone number; placeholders such as 18999999999 are nothing.
    pub fn phone(&self, key: &str) -> Value<Phone> {
        self.digits(key, Phone::PROBLEM)
    }

    /// An ID number; placeholders such as eighteen ones are nothing.
    pub fn id_number(&self, key: &str) -> Value<IdNumber> {
        self.digits(key, IdNumber::PROBLEM)
    }

    /// A licence plate.
    pub fn plate(&self, key: &str) -> Value<Plate> {
        self.digits(key, Plate::PROBLEM)
    }

    fn digits<T: FromStr>(&self, key: &str, code: &str) -> Value<T> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        if is_placeholder(&half_width(&text)) {
            return Ok(None);
        }
        if scientific(&text) {
            return Err(self.problem(key, "sheet.lost_digits"));
        }
        text.parse().map(Some).map_err(|_| self.problem(key, code))
    }

    /// Yes or no: 是/否, 有/无, Y/N, 1/0, TRUE/FALSE, √/×.
    pub fn yes(&self, key: &str) -> Value<bool> {
        if let Cell::Bool(yes) = self.cell(key) {
            return Ok(Some(*yes));
        }
        self.parsed(key, "sheet.not_yes_or_no", |text| match half_width(text).to_lowercase().as_str() {
            "是" | "有" | "y" | "yes" | "1" | "true" | "√" | "✓" => Some(true),
            "否" | "无" | "没有" | "n" | "no" | "0" | "false" | "×" | "x" => Some(false),
            _ => None,
        })
    }
}

/// The most problems that are kept; the rest are counted.
const PROBLEMS_KEPT: usize = 10_000;

/// Gathers problems while a table is read.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    pub list: Vec<CellProblem>,
    /// How many there are in all.
    pub total: usize,
}

impl Problems {
    pub fn add(&mut self, problem: CellProblem) {
        self.total += 1;
        if self.list.len() < PROBLEMS_KEPT {
            self.list.push(problem);
        }
    }

    pub fn extend(&mut self, problems: Vec<CellProblem>) {
        problems.into_iter().for_each(|problem| self.add(problem));
    }

    /// The value, if there is a good one.
    pub fn take<T>(&mut self, value: Value<T>) -> Option<T> {
        value.unwrap_or_else(|problem| {
            self.add(problem);
            None
        })
    }

    /// The value; an empty cell is a problem too.
    pub fn need<T>(&mut self, row: &Row<'_>, key: &str, value: Value<T>) -> Option<T> {
        if let Ok(None) = value {
            self.add(row.problem(key, "required"));
        }
        self.take(value)
    }
}

/// Full-width digits, letters and marks as half-width ones.
pub fn half_width(text: &str) -> Cow<'_, str> {
    if text.chars().any(|letter| matches!(letter, '！'..='～' | '\u{3000}')) {
        Cow::Owned(
            text.chars()
                .map(|letter| match letter {
                    '！'..='～' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
                    '\u{3000}' => ' ',
                    other => other,
                })
                .collect(),
        )
    } else {
        Cow::Borrowed(text)
    }
}

fn lost_digits(number: &Decimal) -> bool {
    number.abs() >= Decimal::from(DIGITS_LOST_FROM)
}

/// `1.38E+10`: what Excel leaves of a long number in a text file.
fn scientific(text: &str) -> bool {
    text.split_once(['E', 'e']).is_some_and(|(digits, power)| {
        digits.contains('.')
            && digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
            && power.trim_start_matches('+').chars().all(|letter| letter.is_ascii_digit())
    })
}

fn decimal_of(text: &str) -> Option<Decimal> {
    let text = half_width(text);
    let digits: String = text.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, ',' | '¥' | '￥')).collect();
    let digits = digits
        .trim_end_matches("平方米")
        .trim_end_matches("㎡")
        .trim_end_matches("m²")
        .trim_end_matches("m2")
        .trim_end_matches('元')
        .replace('−', "-");
    Decimal::from_str_exact(&digits).or_else(|_| Decimal::from_scientific(&digits)).ok().map(|number| number.normalize())
}

/// Excel's serial for 1950 to 2100, or a number such as 20200101.
fn day_of_number(number: i64) -> Option<Day> {
    match number {
        18_264..=73_415 => add_days(Day::from_ymd_opt(1899, 12, 30)?, u32::try_from(number).ok()?),
        19_000_101..=21_001_231 => Day::from_ymd_opt(
            i32::try_from(number / 10_000).ok()?,
            u32::try_from(number / 100 % 100).ok()?,
            u32::try_from(number % 100).ok()?,
        ),
        _ => None,
    }
}

fn day_of_text(text: &str) -> Option<Day> {
    let text = half_width(text.trim());
    // A time behind it does not matter.
    let date = text.split(['T', ' ']).next().unwrap_or(&text);
    if let Ok(number) = date.parse() {
        return day_of_number(number);
    }
    let parts: Vec<u32> = date
        .trim_end_matches(['日', '号'])
        .split(['-', '/', '.', '年', '月'])
        .map(|part| part.trim().parse().ok())
        .collect::<Option<_>>()?;
    match parts[..] {
        [year, month, day] if (1900..=2200).contains(&year) => Day::from_ymd_opt(i32::try_from(year).ok()?, month, day),
        _ => None,
    }
}

fn month_of_text(text: &str) -> Option<Month> {
    let text = half_width(text.trim());
    if let Ok(number) = text.parse::<i32>()
        && let Some(month) = Month::from_number(number).filter(|_| (190_000..=220_099).contains(&number))
    {
        return Some(month);
    }
    let (year, month) = text.trim_end_matches(['月', '份']).split_once(['-', '/', '.', '年'])?;
    match (year.trim().parse(), month.trim().parse()) {
        (Ok(year), Ok(month)) if (1900..=2200).contains(&year) => Month::new(year, month),
        _ => day_of_text(&text).map(Month::of),
    }
}
