//! A workbook of readings becomes readings to store: every problem by its cell with a cure, every oddity against the
//! meter's own past, counts that add up, totals against last month.

mod index;
mod preview;
mod row;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::Utility;
use super::book::NewReading;
use crate::period::{Day, Month};
use crate::sheet::{CellProblem, Column, Table, Workbook};

pub use index::Index;
pub use preview::{BadRow, ColumnFound, Comparison, Cure, LISTED, OddRow, Preview, SheetFound, Totals};

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

/// The check's result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    pub preview: Preview,
    /// The readings to store, good and odd ones.
    pub rows: Vec<NewReading>,
    /// All problems, for the workbook with remarks.
    pub problems: Vec<CellProblem>,
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
    workbook: &'a Workbook,
    /// Where each meter of the book was seen first: row and column.
    seen: Vec<Option<(RowAt, u16)>>,
    suggested: usize,
    now: HashMap<Utility, Totals>,
    done: Checked,
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
        workbook,
        seen: vec![None; index.book.meters.len()],
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
            let mut of_utility = index.book.meters.iter().zip(&seen).filter(|(meter, _)| meter.utility == utility);
            let whole = done.preview.bad == 0 && of_utility.all(|(_, seen)| seen.is_some());
            done.preview.comparisons.push(Comparison { utility, before, now, whole });
        }
        let of_book = || index.book.meters.iter().zip(&seen);
        let mut in_file: Vec<Utility> = Vec::new();
        for (meter, _) in of_book().filter(|(_, seen)| seen.is_some()) {
            if !in_file.contains(&meter.utility) {
                in_file.push(meter.utility);
            }
        }
        for (meter, seen) in of_book() {
            if meter.read.is_none() && seen.is_none() && in_file.contains(&meter.utility) {
                done.preview.missing += 1;
                if done.preview.missing_meters.len() < LISTED {
                    done.preview.missing_meters.push((meter.code.clone(), meter.label.clone()));
                }
            }
        }
        done
    }
}
