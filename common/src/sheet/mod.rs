//! Workbooks that people bring: .xlsx and CSV within limits, cells with addresses, header rows found, typed access.
//!
//! [`read`] makes a [`Workbook`] of the bytes; [`Sheet::table`] finds the header row; a [`Row`] gives typed values, each
//! failure a [`CellProblem`] with the address of its cell, such as `房屋信息!E17`.

mod archive;
mod csv_text;
mod row;
mod table;
mod workbook;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::period::Day;
use crate::problem::{Args, Problem};

pub use row::{Problems, Row, half_width};
pub use table::{Column, Found, Table, same_header};

/// How much of a file is read before it is refused. Time is bounded by these, since the work is linear in them.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The file itself.
    pub bytes: usize,
    /// What its parts unpack to, counted while unpacking: a zip bomb is stopped here.
    pub unpacked: usize,
    /// Rows with at least one value, in one sheet.
    pub rows: usize,
    /// The right-most column with a value.
    pub columns: u16,
    /// Cells with a value, in all sheets.
    pub cells: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 32 << 20, unpacked: 256 << 20, rows: 200_000, columns: 200, cells: 6_000_000 }
    }
}

/// Reads a workbook (.xlsx, or text as CSV in UTF-8, UTF-16 or GBK) within the usual limits.
pub fn read(bytes: &[u8]) -> Result<Workbook, Problem> {
    read_within(bytes, Limits::default())
}

/// Reads a workbook within limits of one's own.
pub fn read_within(bytes: &[u8], limits: Limits) -> Result<Workbook, Problem> {
    if bytes.is_empty() {
        return Err(refuse("sheet.empty", "The file is empty"));
    }
    if bytes.len() > limits.bytes {
        return Err(too_large(&format!("{} MB", limits.bytes >> 20)));
    }
    let workbook = if bytes.starts_with(b"PK") {
        workbook::read(bytes, limits)?
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(compound(bytes));
    } else {
        Workbook { sheets: vec![csv_text::read(bytes, limits)?] }
    };
    if workbook.sheets.iter().all(|sheet| sheet.cells.is_empty()) {
        return Err(refuse("sheet.empty", "The workbook has no values"));
    }
    Ok(workbook)
}

/// Workbooks of before 2007 and encrypted new ones share a container; the latter have a stream of this name (UTF-16).
fn compound(bytes: &[u8]) -> Problem {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(name.len()).any(|window| window == name) {
        refuse("sheet.encrypted", "The workbook is protected by a password")
    } else {
        refuse("sheet.old_format", "This is a workbook in the format of before 2007: save it as .xlsx")
    }
}

fn refuse(code: &str, title: &str) -> Problem {
    Problem::new(422, code, title)
}

fn too_large(most: &str) -> Problem {
    Problem::new(413, "sheet.too_large", format!("The workbook is larger than {most}")).with("most", most)
}

/// The visible sheets of a file, in their order; a text file has one, without a name.
#[derive(Clone, Debug, Default)]
pub struct Workbook {
    pub sheets: Vec<Sheet>,
}

impl Workbook {
    /// The sheet with one of these names, spaces and width of letters aside.
    pub fn sheet(&self, names: &[&str]) -> Option<&Sheet> {
        names.iter().find_map(|name| {
            let name = table::plain(name);
            self.sheets.iter().find(|sheet| table::plain(&sheet.name) == name)
        })
    }

    /// The first sheet that has values.
    pub fn first(&self) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| !sheet.cells.is_empty())
    }
}

/// One sheet: its cells with a value, row by row.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    /// Sorted by row, then column.
    cells: Vec<Placed>,
    /// Where each row with a value starts in `cells`.
    rows: Vec<usize>,
}

/// A value and its place, both counted from 0.
#[derive(Clone, Debug)]
struct Placed {
    row: u32,
    col: u16,
    cell: Cell,
}

/// What stands in a cell; a formula is what it came to when the file was saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    #[default]
    Empty,
    Text(Box<str>),
    /// At most 15 significant digits when it has decimals: what is beyond is noise of binary fractions.
    Number(Decimal),
    Day(Day),
    Bool(bool),
    /// `#N/A` and its like.
    Error(&'static str),
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Day(day) => day.fmt(f),
            Self::Bool(true) => f.write_str("TRUE"),
            Self::Bool(false) => f.write_str("FALSE"),
            Self::Error(error) => f.write_str(error),
        }
    }
}

/// The address of a cell: `房屋信息!E17`; counted from 0, shown from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At<'a> {
    pub sheet: &'a str,
    pub col: u16,
    pub row: u32,
}

impl std::fmt::Display for At<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.sheet.is_empty() {
            write!(f, "{}!", self.sheet)?;
        }
        write!(f, "{}{}", column_letters(self.col), self.row + 1)
    }
}

/// `A`, `Z`, `AA` … for a column counted from 0.
pub fn column_letters(col: u16) -> String {
    let mut left = u32::from(col) + 1;
    let mut letters = Vec::new();
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// What is wrong with a cell. The code is translated like any problem's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CellProblem {
    /// `房屋信息!E17`; only a sheet's name where no cell can be named.
    pub at: String,
    pub code: String,
    #[serde(default, skip_serializing_if = "Args::is_empty")]
    pub args: Args,
    /// What stands there, cut to 40 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
}

impl CellProblem {
    pub fn new(at: impl ToString, code: &str) -> Self {
        Self { at: at.to_string(), code: code.to_owned(), args: Args::new(), value: String::new() }
    }

    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    /// Says what stands in the cell.
    pub fn showing(mut self, value: &impl ToString) -> Self {
        let value = value.to_string();
        self.value = match value.char_indices().nth(40) {
            Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
            None => value,
        };
        self
    }
}

impl Sheet {
    fn new(name: String, mut cells: Vec<Placed>, sorted: bool) -> Self {
        if !sorted {
            cells.sort_by_key(|placed| (placed.row, placed.col));
        }
        let mut rows = Vec::new();
        let mut last = None;
        for (place, placed) in cells.iter().enumerate() {
            if last != Some(placed.row) {
                rows.push(place);
                last = Some(placed.row);
            }
        }
        Self { name, cells, rows }
    }

    /// How many rows have a value.
    pub fn used_rows(&self) -> usize {
        self.rows.len()
    }

    /// The cells of the used row with this place.
    fn cells_of(&self, place: usize) -> &[Placed] {
        let Some(from) = self.rows.get(place) else { return &[] };
        let to = self.rows.get(place + 1).copied().unwrap_or(self.cells.len());
        self.cells.get(*from..to).unwrap_or_default()
    }

    /// Every used row: its number from 0 and its values with their columns; for copying a sheet as it is.
    pub fn used(&self) -> impl Iterator<Item = (u32, impl Iterator<Item = (u16, &Cell)>)> {
        (0..self.rows.len()).map(|place| {
            let cells = self.cells_of(place);
            (cells.first().map_or(0, |first| first.row), cells.iter().map(|placed| (placed.col, &placed.cell)))
        })
    }

    /// The value at a place counted from 0.
    pub fn get(&self, row: u32, col: u16) -> &Cell {
        match self.cells.binary_search_by_key(&(row, col), |placed| (placed.row, placed.col)) {
            Ok(place) => self.cells.get(place).map_or(&Cell::Empty, |placed| &placed.cell),
            Err(_) => &Cell::Empty,
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
