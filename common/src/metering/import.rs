//! A workbook of readings becomes readings to store: every problem by its cell with a cure, every oddity against the
//! meter's own past, counts that add up, totals against last month.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::api::FirstReading;
use super::book::{Book, Issue, KnownMeter, NewReading, Part, average, judge};
use super::usage::Mark;
use super::{Oddity, Role, Utility, usage};
use crate::id::MeterId;
use crate::period::{Day, Month};
use crate::quantity::Quantity;
use crate::sheet::{CellProblem, Column, Found, Row, Table, Workbook};

/// The columns that are understood, by the headers that we and other systems write.
pub const COLUMNS: &[Column] = &[
    Column::optional(
        "code",
        &["表号", "仪表编号", "表编号", "水表号", "电表号", "燃气表号", "表具编号", "仪表号", "Meter", "Meter number"],
    ),
    Column::optional("building", &["楼栋编号", "楼栋", "楼号", "楼栋号"]),
    Column::optional("entrance", &["单元编号", "单元", "单元号"]),
    Column::optional("unit", &["房屋", "房屋编码", "房屋编号", "房号", "房间号", "房间", "资源编码", "铺位号", "Unit"]),
    Column::optional("previous", &["上期读数", "上期度数", "上次读数", "上月读数", "上期示数", "起数", "Previous"]),
    Column::optional("previous_day", &["上期抄表日", "上期读表时间", "上次抄表日期", "上期抄表日期", "上次抄表时间"]),
    Column::required(
        "value",
        &["本期读数", "本期度数", "本次读数", "本月读数", "本期示数", "读数", "止数", "Reading", "Value 1"],
    ),
    Column::optional(
        "day",
        &["抄表日", "本期读表时间", "抄表日期", "抄表时间", "读表时间", "本期抄表日期", "Reading submission date", "Date"],
    ),
    Column::optional("note", &["备注", "说明", "Note"]),
];

/// What a person chose before the check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Options {
    pub month: Month,
    /// For what a sheet's name does not say.
    pub utility: Option<Utility>,
    /// For rows without a date.
    pub day: Day,
    pub today: Day,
}

/// A row of the workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RowAt {
    /// The sheet's place in the workbook.
    pub sheet: u16,
    /// As people count, from 1.
    pub row: u32,
}

/// What a person did about the problems and the oddities; the check is run again with it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cures {
    /// Cells that were written anew: row, column, text.
    pub edits: Vec<(RowAt, Field, String)>,
    /// Rows that are left out.
    pub dropped: Vec<RowAt>,
    /// Rows whose register rolled over.
    pub rolled: Vec<RowAt>,
    /// Odd rows that are right.
    pub confirmed: Vec<RowAt>,
}

/// A column that can be written anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Code,
    Unit,
    Value,
    Day,
}

impl Field {
    fn key(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Unit => "unit",
            Self::Value => "value",
            Self::Day => "day",
        }
    }
}

/// A row that can't be imported as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BadRow {
    pub at: RowAt,
    /// The cell, what stands there and what is wrong with it.
    pub problem: CellProblem,
    /// What people call the unit; empty where it is not known.
    pub label: String,
    pub cure: Cure,
}

/// What may mend a row, besides leaving it out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cure {
    /// Only leaving it out helps.
    Drop,
    /// Write the cell anew; the suggestion may be empty.
    Write { field: Field, suggestion: String },
    /// Write it anew, or say that the register rolled over.
    WriteOrRoll { suggestion: String },
    /// The nearest code that exists.
    Use { field: Field, code: String },
    /// Two rows for one meter: keep one of them.
    KeepOne { other: RowAt },
}

/// A reading unlike its meter's past.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OddRow {
    pub at: RowAt,
    pub cell: String,
    pub meter: String,
    pub label: String,
    pub oddity: Oddity,
    pub past: Vec<Option<Quantity>>,
    pub average: Option<Quantity>,
    pub usage: Quantity,
    /// Usage ÷ average, to one decimal.
    pub times: Option<Decimal>,
    pub confirmed: bool,
}

/// What was understood of a sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SheetFound {
    pub name: String,
    pub utility: Option<Utility>,
    pub rows: u32,
    pub columns: Vec<ColumnFound>,
    /// Headers that mean nothing to us.
    pub ignored: Vec<String>,
    /// The first rows as they stand in the file, by the columns above.
    pub sample: Vec<Vec<String>>,
    /// Why the sheet is not read.
    pub problem: Option<CellProblem>,
}

/// A column that was understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnFound {
    pub key: String,
    pub header: String,
    pub at: String,
}

impl From<Found> for ColumnFound {
    fn from(found: Found) -> Self {
        Self { key: found.key.to_owned(), header: found.header, at: found.at }
    }
}

/// A utility's month before and this month, as far as the file brings it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub utility: Utility,
    pub before: Totals,
    pub now: Totals,
}

/// The totals of a utility's readings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Meters of any role.
    pub meters: u32,
    /// Household meters.
    pub homes: u32,
    pub household: Quantity,
    /// Household meters without any use.
    pub zero: u32,
    pub public: Quantity,
    pub master: Quantity,
}

impl Totals {
    fn add(&mut self, role: Role, used: Quantity) {
        let more = |sum: Quantity| usage::sum([sum, used]).unwrap_or(sum);
        self.meters += 1;
        match role {
            Role::Household => {
                self.homes += 1;
                self.household = more(self.household);
                self.zero += u32::from(used.is_zero());
            }
            Role::Public => self.public = more(self.public),
            Role::Master => self.master = more(self.master),
        }
    }

    /// Public use and loss: what the household meters do not explain; `None` without a master meter.
    pub fn shared(&self) -> Option<Decimal> {
        (!self.master.is_zero()).then(|| self.master.get() - self.household.get())
    }
}

/// What the person sees before importing: `read = ready + odd + bad`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    pub read: u32,
    pub ready: u32,
    pub odd: u32,
    pub bad: u32,
    pub dropped: u32,
    /// First readings, which are never billed.
    pub baselines: u32,
    pub first_day: Option<Day>,
    pub last_day: Option<Day>,
    pub sheets: Vec<SheetFound>,
    /// The first of them; `bad` counts all.
    pub bad_rows: Vec<BadRow>,
    /// The first of them; `odd` counts all.
    pub odd_rows: Vec<OddRow>,
    pub comparisons: Vec<Comparison>,
    /// Meters in use that neither the file nor the month has a reading of.
    pub missing: u32,
    /// The first of them: code and what people call it.
    pub missing_meters: Vec<(String, String)>,
}

/// How many rows of a kind the preview lists.
pub const LISTED: usize = 300;
/// How many unknown codes get a suggestion: each is compared with all codes.
const SUGGESTED: usize = 100;

/// The check's result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    pub preview: Preview,
    /// The readings to store, good and odd ones.
    pub rows: Vec<NewReading>,
    /// All problems, for the workbook with remarks.
    pub problems: Vec<CellProblem>,
}

/// The book with its meters found by code and by unit.
#[derive(Debug)]
pub struct Index<'a> {
    book: &'a Book,
    by_code: HashMap<String, usize>,
    by_unit: HashMap<(Utility, &'a str), Vec<usize>>,
}

impl<'a> Index<'a> {
    pub fn new(book: &'a Book) -> Self {
        let mut by_code = HashMap::with_capacity(book.meters.len());
        let mut by_unit: HashMap<(Utility, &'a str), Vec<usize>> = HashMap::with_capacity(book.meters.len());
        for (place, meter) in book.meters.iter().enumerate() {
            by_code.insert(plain(&meter.code), place);
            if !meter.unit_code.is_empty() {
                by_unit.entry((meter.utility, meter.unit_code.as_str())).or_default().push(place);
            }
        }
        Self { book, by_code, by_unit }
    }

    fn meter(&self, place: usize) -> Option<&'a KnownMeter> {
        self.book.meters.get(place)
    }

    /// The code with the fewest letters to change, at most three.
    fn nearest(&self, code: &str) -> Option<&'a str> {
        let wanted: Vec<char> = plain(code).chars().collect();
        let mut best: Option<(usize, &'a str)> = None;
        for meter in &self.book.meters {
            let most = best.map_or(3, |(distance, _)| distance.saturating_sub(1));
            if let Some(distance) = distance(&wanted, &plain(&meter.code), most) {
                best = Some((distance, &meter.code));
                if distance == 0 {
                    break;
                }
            }
        }
        best.map(|(_, code)| code)
    }
}

/// Letters to insert, delete or change between two codes; `None` when there are more than `most`.
fn distance(wanted: &[char], code: &str, most: usize) -> Option<usize> {
    let code: Vec<char> = code.chars().collect();
    if wanted.len().abs_diff(code.len()) > most {
        return None;
    }
    let mut row: Vec<usize> = (0..=code.len()).collect();
    for (line, letter) in wanted.iter().enumerate() {
        let mut corner = line;
        let mut left = line + 1;
        let mut least = left;
        for (cell, other) in row.iter_mut().skip(1).zip(&code) {
            let here = if letter == other { corner } else { 1 + corner.min(left).min(*cell) };
            corner = *cell;
            *cell = here;
            left = here;
            least = least.min(here);
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
        if least > most {
            return None;
        }
    }
    row.last().copied().filter(|distance| *distance <= most)
}

/// A code without what does not matter: spaces, letter case and letter width.
fn plain(code: &str) -> String {
    if code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'-') {
        return code.to_owned();
    }
    crate::sheet::half_width(code).chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_uppercase).collect()
}

/// What is edited in a row, by column.
type Edits<'a> = HashMap<RowAt, Vec<(Field, &'a str)>>;

struct Check<'a> {
    index: &'a Index<'a>,
    options: &'a Options,
    edits: Edits<'a>,
    dropped: HashSet<RowAt>,
    rolled: HashSet<RowAt>,
    confirmed: HashSet<RowAt>,
    /// Where each meter was seen first.
    seen: HashMap<MeterId, (RowAt, String)>,
    suggested: usize,
    now: HashMap<Utility, Totals>,
    done: Checked,
}

/// Why a row is bad: the column, the code, and what may mend it.
struct Bad {
    problem: CellProblem,
    label: String,
    cure: Cure,
}

/// Checks a workbook against the book: the same in the browser's worker and in a test.
pub fn check(workbook: &Workbook, index: &Index<'_>, options: &Options, cures: &Cures) -> Checked {
    let mut edits = Edits::new();
    for (at, field, text) in &cures.edits {
        edits.entry(*at).or_default().push((*field, text));
    }
    let mut check = Check {
        index,
        options,
        edits,
        dropped: cures.dropped.iter().copied().collect(),
        rolled: cures.rolled.iter().copied().collect(),
        confirmed: cures.confirmed.iter().copied().collect(),
        seen: HashMap::with_capacity(index.book.meters.len()),
        suggested: 0,
        now: HashMap::new(),
        done: Checked::default(),
    };
    for (place, sheet) in workbook.sheets.iter().enumerate() {
        let Ok(place) = u16::try_from(place) else { break };
        let utility = Utility::from_text(&sheet.name);
        match sheet.table(COLUMNS) {
            Ok(table) if table.has("code") || table.has("unit") => check.table(place, utility, &sheet.name, &table),
            Ok(table) => {
                let problem = CellProblem::new(table.header_at("value"), "metering.no_meter_column");
                check.skip(&sheet.name, utility, problem);
            }
            Err(problems) => {
                if let Some(problem) = problems.into_iter().next() {
                    check.skip(&sheet.name, utility, problem);
                }
            }
        }
    }
    check.finish()
}

impl<'a> Check<'a> {
    fn skip(&mut self, name: &str, utility: Option<Utility>, problem: CellProblem) {
        self.done.preview.sheets.push(SheetFound {
            name: name.to_owned(),
            utility,
            rows: 0,
            columns: Vec::new(),
            ignored: Vec::new(),
            sample: Vec::new(),
            problem: Some(problem),
        });
    }

    fn table(&mut self, place: u16, utility: Option<Utility>, name: &str, table: &Table<'_>) {
        let columns: Vec<ColumnFound> = table.found().into_iter().map(ColumnFound::from).collect();
        let mut rows = 0;
        let mut sample = Vec::new();
        for row in table.rows() {
            rows += 1;
            if sample.len() < 3 {
                sample.push(columns.iter().map(|column| row.cell(&column.key).to_string()).collect());
            }
            let at = RowAt { sheet: place, row: row.number() };
            if !self.dropped.is_empty() && self.dropped.contains(&at) {
                self.done.preview.dropped += 1;
                continue;
            }
            self.done.preview.read += 1;
            if let Err(bad) = self.row(at, utility, &row) {
                self.done.preview.bad += 1;
                self.done.problems.push(bad.problem.clone());
                if self.done.preview.bad_rows.len() < LISTED {
                    self.done.preview.bad_rows.push(BadRow { at, problem: bad.problem, label: bad.label, cure: bad.cure });
                }
            }
        }
        self.done.preview.sheets.push(SheetFound {
            name: name.to_owned(),
            utility,
            rows,
            columns,
            ignored: table.ignored(),
            sample,
            problem: None,
        });
    }

    fn row(&mut self, at: RowAt, utility: Option<Utility>, row: &Row<'_>) -> Result<(), Box<Bad>> {
        let known = self.meter(at, utility, row)?;
        if let Some((first, cell)) = self.seen.get(&known.id) {
            let key = who_key(row);
            let problem = row.problem(key, "metering.twice_in_file").with("other", cell);
            return Err(bad(problem, &known.label, Cure::KeepOne { other: *first }));
        }
        self.seen.insert(known.id, (at, row.at(who_key(row)).to_string()));
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
                    preview.odd_rows.push(OddRow {
                        at,
                        cell: row.at("value").to_string(),
                        meter: known.code.clone(),
                        label: known.label.clone(),
                        oddity,
                        past: known.past.clone(),
                        average: usual,
                        usage: used,
                        times: usual.and_then(|usual| used.get().checked_div(usual.get())).map(tenths),
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
    fn meter(&mut self, at: RowAt, named: Option<Utility>, row: &Row<'_>) -> Result<&'a KnownMeter, Box<Bad>> {
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

    fn meter_by_code(&mut self, code: &str, named: Option<Utility>, row: &Row<'_>) -> Result<&'a KnownMeter, Box<Bad>> {
        let index = self.index;
        let place = index.by_code.get(code).or_else(|| index.by_code.get(&plain(code)));
        let Some(known) = place.and_then(|place| index.meter(*place)) else {
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
            _ => Ok(known),
        }
    }

    fn meter_by_unit(&mut self, unit: &str, named: Option<Utility>, row: &Row<'_>) -> Result<&'a KnownMeter, Box<Bad>> {
        let index = self.index;
        let text = |key| row.text(key).ok().flatten().unwrap_or_default();
        let (building, entrance) = (text("building"), text("entrance"));
        let spellings = [unit.to_owned(), format!("{building}-{entrance}-{unit}"), format!("{building}-{unit}")];
        let of = |utility| spellings.iter().find_map(|code| index.by_unit.get(&(utility, code.as_str())));
        let places: Vec<usize> = match named.or(self.options.utility) {
            Some(utility) => of(utility).into_iter().flatten().copied().collect(),
            None => Utility::ALL.iter().copied().filter_map(of).flatten().copied().collect(),
        };
        match *places {
            [place] => index.meter(place).ok_or_else(|| bad(row.problem("unit", "metering.unknown_unit"), "", Cure::Drop)),
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
                Err(bad(row.problem("unit", "metering.several_meters").with("meters", codes.join("、")), "", cure))
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

    fn finish(self) -> Checked {
        let Self { index, seen, now, mut done, .. } = self;
        let mut utilities: Vec<Utility> = now.keys().copied().collect();
        utilities.sort();
        for utility in utilities {
            let mut before = Totals::default();
            for meter in index.book.meters.iter().filter(|meter| meter.utility == utility) {
                if let Some(used) = meter.past.last().copied().flatten() {
                    before.add(meter.role, used);
                }
            }
            let now = now.get(&utility).copied().unwrap_or_default();
            done.preview.comparisons.push(Comparison { utility, before, now });
        }
        let in_file: HashSet<Utility> =
            index.book.meters.iter().filter(|meter| seen.contains_key(&meter.id)).map(|meter| meter.utility).collect();
        for meter in &index.book.meters {
            if meter.read.is_none() && in_file.contains(&meter.utility) && !seen.contains_key(&meter.id) {
                done.preview.missing += 1;
                if done.preview.missing_meters.len() < LISTED {
                    done.preview.missing_meters.push((meter.code.clone(), meter.label.clone()));
                }
            }
        }
        done
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

#[cfg(test)]
mod tests {
    use super::super::book::tests::{day, known, quantity};
    use super::*;

    fn options() -> Options {
        Options { month: "2026-11".parse().unwrap(), utility: None, day: day("2026-11-20"), today: day("2026-11-23") }
    }

    fn book() -> Book {
        let mut meters = vec![
            known(1, "SB-1-1-0101", "1230"),
            known(2, "SB-1-1-0102", "1200"),
            known(3, "SB-1-1-0103", "500"),
            known(4, "SB-1-1-0104", "99995"),
            known(5, "SB-1-1-0105", "700"),
            known(6, "DB-1-1-0101", "3000"),
        ];
        if let Some(meter) = meters.get_mut(4) {
            meter.read = Some(quantity("712"));
        }
        Book { month: options().month, meters }
    }

    fn checked(csv: &str, options: &Options, cures: &Cures) -> Checked {
        let book = book();
        check(&crate::sheet::read(csv.as_bytes()).unwrap(), &Index::new(&book), options, cures)
    }

    const SHEET: &str = "表号,本期读数,抄表日\n\
        SB-1-1-0101,1203,2026-11-20\n\
        SB-1-1-0102,12O8,2026-11-20\n\
        SB-1-1-0103,,2026-11-20\n\
        SB-1-1-0104,8,2026-11-20\n\
        SB-1-1-0105,720,2026-11-20\n\
        DB-1-1-01O1,3010,2026-12-25\n\
        SB-1-1-0101,1242,2026-11-20\n";

    #[test]
    fn every_problem_has_its_cell_and_its_cure() {
        let done = checked(SHEET, &options(), &Cures::default());
        let found: Vec<(&str, &str)> = done.problems.iter().map(|problem| (problem.at.as_str(), problem.code.as_str())).collect();
        assert_eq!(
            found,
            [
                ("B2", "metering.backward"),
                ("B3", "metering.odd_letter"),
                ("B4", "metering.value_missing"),
                ("B5", "metering.backward"),
                ("A6", "metering.already_read"),
                ("A7", "metering.unknown_meter_near"),
                ("A8", "metering.twice_in_file"),
            ]
        );
        let preview = &done.preview;
        assert_eq!((preview.read, preview.ready, preview.odd, preview.bad), (7, 0, 0, 7));
        let cures: Vec<&Cure> = preview.bad_rows.iter().map(|row| &row.cure).collect();
        assert_eq!(*cures.get(1).unwrap(), &Cure::Write { field: Field::Value, suggestion: "1208".to_owned() });
        assert!(matches!(cures.get(3), Some(Cure::WriteOrRoll { .. })));
        assert_eq!(*cures.get(5).unwrap(), &Cure::Use { field: Field::Code, code: "DB-1-1-0101".to_owned() });
        assert_eq!(*cures.get(6).unwrap(), &Cure::KeepOne { other: RowAt { sheet: 0, row: 2 } });
        assert_eq!(done.problems.get(1).map(|problem| problem.args.get("place").map(String::as_str)), Some(Some("3")));
    }

    #[test]
    fn cures_mend_the_rows_and_the_counts_add_up() {
        let at = |row| RowAt { sheet: 0, row };
        let cures = Cures {
            edits: vec![
                (at(3), Field::Value, "1208".to_owned()),
                (at(4), Field::Value, "596".to_owned()),
                (at(7), Field::Code, "DB-1-1-0101".to_owned()),
                (at(7), Field::Day, "2026-11-20".to_owned()),
            ],
            dropped: vec![at(2), at(6)],
            rolled: vec![at(5)],
            confirmed: vec![at(4)],
        };
        let done = checked(SHEET, &options(), &cures);
        assert_eq!(done.problems, []);
        let preview = &done.preview;
        assert_eq!((preview.read, preview.ready, preview.odd, preview.bad, preview.dropped), (5, 4, 1, 0, 2));
        let odd = preview.odd_rows.first().unwrap();
        assert_eq!((odd.cell.as_str(), odd.oddity, odd.confirmed), ("B4", Oddity::Spike, true));
        assert_eq!(odd.times, Some("8.1".parse().unwrap()));
        let water = preview.comparisons.first().unwrap();
        assert_eq!((water.before.homes, water.now.homes, water.now.household), (5, 4, quantity("129")));
        assert_eq!(preview.missing, 0);
    }

    #[test]
    fn another_systems_sheet_is_understood_by_its_rooms() {
        let sheet = "楼栋编号,单元编号,房屋编码,上期度数,上期读表时间,本期度数,本期读表时间,备注\n\
            1,1,0101,1230,2026-10-20,1242,2026-11-20,\n\
            1,1,1-1-0102,1190,2026-10-20,1212,2026-11-20,换人抄\n\
            1,1,0909,1,2026-10-20,2,2026-11-20,\n";
        let water = Options { utility: Some(Utility::Water), ..options() };
        let done = checked(sheet, &water, &Cures::default());
        assert_eq!(done.rows.len(), 2);
        assert_eq!(
            done.problems.first().map(|problem| (problem.at.as_str(), problem.code.as_str())),
            Some(("C4", "metering.unknown_unit"))
        );
        let odd = done.preview.odd_rows.first().unwrap();
        assert_eq!((odd.label.as_str(), odd.oddity), ("2室", Oddity::PreviousDiffers));
        let both = checked(sheet, &options(), &Cures::default());
        assert_eq!(both.problems.first().map(|problem| problem.code.as_str()), Some("metering.several_meters"));
    }
}
