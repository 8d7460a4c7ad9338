//! One row: which meter, which value, which day, and what is wrong or odd about it.

use std::borrow::Cow;

use rust_decimal::{Decimal, RoundingStrategy};

use super::super::Utility;
use super::super::api::FirstReading;
use super::super::book::{Issue, KnownMeter, NewReading, Part, average, compared, days_between, judge};
use super::super::usage::{self, Mark};
use super::{Check, Cure, Field, LISTED, OddRow, RowAt};
use crate::period::Day;
use crate::problem::list;
use crate::quantity::Quantity;
use crate::sheet::{At, CellProblem, Row};

/// Why a row is bad: the column, the code, and what may mend it.
pub(super) struct Bad {
    pub(super) problem: CellProblem,
    pub(super) label: String,
    pub(super) cure: Cure,
}

/// How many unknown codes get a suggestion: each is compared with all codes.
const SUGGESTED: usize = 100;

impl<'a> Check<'a> {
    pub(super) fn row(&mut self, at: RowAt, utility: Option<Utility>, row: &Row<'_>) -> Result<(), Box<Bad>> {
        let (place, known) = self.meter(at, utility, row)?;
        let key = who_key(row);
        if let Some((first, col)) = self.seen.get(place).copied().flatten() {
            let sheet = self.workbook.sheets.get(usize::from(first.sheet)).map_or("", |sheet| sheet.name.as_str());
            let cell = At { sheet, col, row: first.row.saturating_sub(1) };
            let problem = row.problem(key, "metering.twice_in_file").with("other", cell);
            return Err(bad(problem, &known.label, Cure::KeepOne { other: first }));
        }
        if let Some(seen) = self.seen.get_mut(place) {
            *seen = Some((at, row.at(key).col));
        }
        let value = self.value(at, row, known)?;
        let day = self.day(at, row, known)?;
        let first = match known.last {
            Some(_) => None,
            None => sheet_baseline(row),
        };
        let previous_differs =
            known.last.is_some_and(|last| row.quantity("previous").ok().flatten().is_some_and(|theirs| theirs != last.value));
        let confirmed = !self.confirmed.is_empty() && self.confirmed.contains(&at);
        let mark = (!self.rolled.is_empty() && self.rolled.contains(&at)).then_some(Mark::RolledOver);
        let note = row.text("note").ok().flatten().map(|note| note.chars().take(200).collect()).unwrap_or_default();
        let previous = known.last.map(|last| last.value);
        let mut new = NewReading { meter: known.id, day, value, mark, previous, first, confirmed, previous_differs, note };
        let judged =
            judge(known, &new, self.options.month, self.options.today).map_err(|issue| self.issue(row, known, &new, issue))?;
        let preview = &mut self.done.preview;
        match (judged.usage, judged.odd) {
            (Some(used), Some(oddity)) => {
                preview.odd += 1;
                if preview.odd_rows.len() < LISTED {
                    let usual = average(&known.past);
                    let days = known.last.or(new.first).map(|last| days_between(last.day, day));
                    preview.odd_rows.push(OddRow {
                        at,
                        cell: row.at("value").to_string(),
                        meter: known.code.clone(),
                        label: known.label.clone(),
                        oddity,
                        past: known.past.clone(),
                        average: usual,
                        usage: used,
                        times: usual.and_then(|usual| compared(oddity, used.get(), days).checked_div(usual.get())).map(tenths),
                        confirmed,
                    });
                }
            }
            _ => {
                new.confirmed = false;
                preview.ready += 1;
            }
        }
        preview.baselines += u32::from(judged.usage.is_none());
        preview.first_day = Some(preview.first_day.map_or(day, |first| first.min(day)));
        preview.last_day = Some(preview.last_day.map_or(day, |last| last.max(day)));
        if let Some(used) = judged.usage {
            self.now.entry(known.utility).or_default().add(known.role, used);
        }
        self.done.rows.push(new);
        Ok(())
    }

    fn edit(&self, at: RowAt, field: Field) -> Option<&str> {
        if self.edits.is_empty() {
            return None;
        }
        let edits = self.edits.get(&at)?;
        edits.iter().rev().find(|(edited, _)| *edited == field).map(|(_, text)| text.trim())
    }

    /// The meter by its code, or by its unit and what the sheet is about.
    fn meter(&mut self, at: RowAt, named: Option<Utility>, row: &Row<'_>) -> Result<(usize, &'a KnownMeter), Box<Bad>> {
        let write = |field| Cure::Write { field, suggestion: String::new() };
        let code = match self.edit(at, Field::Code) {
            Some(text) => Some(Cow::Owned(text.to_owned())),
            None => row.text("code").map_err(|problem| bad(problem, "", write(Field::Code)))?,
        };
        if let Some(code) = code {
            return self.meter_by_code(&code, named, row);
        }
        let unit = match self.edit(at, Field::Unit) {
            Some(text) => Some(Cow::Owned(text.to_owned())),
            None => row.text("unit").map_err(|problem| bad(problem, "", write(Field::Unit)))?,
        };
        let Some(unit) = unit else {
            let field = if who_key(row) == "code" { Field::Code } else { Field::Unit };
            return Err(bad(row.problem(field.key(), "required"), "", write(field)));
        };
        self.meter_by_unit(&unit, named, row)
    }

    fn meter_by_code(&mut self, code: &str, named: Option<Utility>, row: &Row<'_>) -> Result<(usize, &'a KnownMeter), Box<Bad>> {
        let index = self.index;
        let Some((place, known)) = index.of_code(code).and_then(|place| Some((place, index.meter(place)?))) else {
            self.suggested += 1;
            let nearest = if self.suggested <= SUGGESTED { index.nearest(code) } else { None };
            let problem =
                row.problem("code", if nearest.is_some() { "metering.unknown_meter_near" } else { "metering.unknown_meter" });
            return Err(match nearest {
                Some(near) => {
                    bad(problem.with("near", near).showing(&code), "", Cure::Use { field: Field::Code, code: near.to_owned() })
                }
                None => bad(problem.showing(&code), "", Cure::Write { field: Field::Code, suggestion: String::new() }),
            });
        };
        match named {
            Some(named) if named != known.utility => {
                let problem = row.problem("code", "metering.wrong_sheet").with("utility", known.utility.word());
                Err(bad(problem, &known.label, Cure::Drop))
            }
            _ => Ok((place, known)),
        }
    }

    fn meter_by_unit(&mut self, unit: &str, named: Option<Utility>, row: &Row<'_>) -> Result<(usize, &'a KnownMeter), Box<Bad>> {
        let index = self.index;
        let text = |key| row.text(key).ok().flatten().unwrap_or_default();
        let (building, entrance) = (text("building"), text("entrance"));
        let spellings = [unit.to_owned(), format!("{building}-{entrance}-{unit}"), format!("{building}-{unit}")];
        let of = |utility| spellings.iter().map(|code| index.of_unit(utility, code)).find(|places| !places.is_empty());
        let places: Vec<usize> = match named.or(self.options.utility) {
            Some(utility) => of(utility).into_iter().flatten().copied().collect(),
            None => Utility::ALL.iter().copied().filter_map(of).flatten().copied().collect(),
        };
        match *places {
            [place] => index
                .meter(place)
                .map(|known| (place, known))
                .ok_or_else(|| bad(row.problem("unit", "metering.unknown_unit"), "", Cure::Drop)),
            [] => {
                let cure = Cure::Write { field: Field::Unit, suggestion: String::new() };
                Err(bad(row.problem("unit", "metering.unknown_unit").showing(&unit), "", cure))
            }
            _ => {
                let codes: Vec<&str> =
                    places.iter().filter_map(|place| index.meter(*place)).map(|meter| meter.code.as_str()).collect();
                let cure = Cure::Write {
                    field: Field::Code,
                    suggestion: codes.first().map(|code| (*code).to_owned()).unwrap_or_default(),
                };
                Err(bad(row.problem("unit", "metering.several_meters").with("meters", list(&codes)), "", cure))
            }
        }
    }

    fn value(&self, at: RowAt, row: &Row<'_>, known: &KnownMeter) -> Result<Quantity, Box<Bad>> {
        let write = |suggestion| Cure::Write { field: Field::Value, suggestion };
        if let Some(text) = self.edit(at, Field::Value) {
            let text = crate::sheet::half_width(text);
            return text.parse::<Quantity>().map_err(|_| bad(not_a_number(row, &text), &known.label, write(likely(&text))));
        }
        match row.quantity("value") {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(bad(row.problem("value", "metering.value_missing"), &known.label, write(String::new()))),
            Err(problem) if problem.code == "not_a_number" => {
                let text = row.cell("value").to_string();
                Err(bad(not_a_number(row, &text), &known.label, write(likely(&text))))
            }
            Err(problem) => Err(bad(problem, &known.label, write(String::new()))),
        }
    }

    fn day(&self, at: RowAt, row: &Row<'_>, known: &KnownMeter) -> Result<Day, Box<Bad>> {
        let write = || Cure::Write { field: Field::Day, suggestion: self.options.day.to_string() };
        if let Some(text) = self.edit(at, Field::Day) {
            return text.parse().map_err(|_| bad(row.problem("day", "not_a_day").showing(&text), &known.label, write()));
        }
        match row.day("day") {
            Ok(day) => Ok(day.unwrap_or(self.options.day)),
            Err(problem) => Err(bad(problem, &known.label, write())),
        }
    }

    fn issue(&self, row: &Row<'_>, known: &KnownMeter, new: &NewReading, issue: Issue) -> Box<Bad> {
        let (key, cure) = match issue.part {
            Part::Meter => (who_key(row), Cure::Drop),
            Part::Day => ("day", Cure::Write { field: Field::Day, suggestion: self.options.day.to_string() }),
            Part::Value if issue.code == "metering.backward" && near_roll_over(known, new) => {
                ("value", Cure::WriteOrRoll { suggestion: String::new() })
            }
            Part::Value => ("value", Cure::Write { field: Field::Value, suggestion: String::new() }),
        };
        let shown = match issue.part {
            Part::Meter => known.code.clone(),
            Part::Day => new.day.to_string(),
            Part::Value => new.value.to_string(),
        };
        let problem = CellProblem { args: issue.args, ..CellProblem::new(row.at(key), issue.code) };
        bad(problem.showing(&shown), &known.label, cure)
    }
}

fn bad(problem: CellProblem, label: &str, cure: Cure) -> Box<Bad> {
    Box::new(Bad { problem, label: label.to_owned(), cure })
}

/// The column that says which meter a row is about.
fn who_key(row: &Row<'_>) -> &'static str {
    if row.is_empty("code") && !row.is_empty("unit") { "unit" } else { "code" }
}

/// What the sheet itself says the meter showed before, for a meter without any reading.
fn sheet_baseline(row: &Row<'_>) -> Option<FirstReading> {
    let value = row.quantity("previous").ok().flatten()?;
    let day = row.day("previous_day").ok().flatten()?;
    Some(FirstReading { value, day })
}

/// Which letter makes a text no number, counted from 1.
fn not_a_number(row: &Row<'_>, text: &str) -> CellProblem {
    let text = crate::sheet::half_width(text);
    let odd = text.chars().enumerate().find(|(_, letter)| !letter.is_ascii_digit() && !matches!(letter, '.' | ','));
    match odd {
        Some((place, letter)) => {
            row.problem("value", "metering.odd_letter").with("place", place + 1).with("letter", letter).showing(&text)
        }
        None => row.problem("value", "not_a_number").showing(&text),
    }
}

/// What was probably meant: letters that look like digits become those.
fn likely(text: &str) -> String {
    let digits: String = crate::sheet::half_width(text)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| match letter {
            'O' | 'o' | 'Q' | 'D' => '0',
            'l' | 'I' | 'i' | '|' => '1',
            'Z' | 'z' => '2',
            'S' | 's' => '5',
            'B' => '8',
            '。' | '·' => '.',
            other => other,
        })
        .collect();
    if digits.parse::<Quantity>().is_ok() { digits } else { String::new() }
}

/// To one decimal, half up.
fn tenths(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero)
}

/// Whether the register was close to its end before and is close to its beginning now.
fn near_roll_over(known: &KnownMeter, new: &NewReading) -> bool {
    let span = Decimal::from(10_u64.pow(known.digits.min(usage::DIGITS_MOST)));
    known
        .last
        .is_some_and(|last| last.value.get() * Decimal::TEN >= span * Decimal::from(9) && new.value.get() * Decimal::TEN <= span)
}
