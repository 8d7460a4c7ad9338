//! Finds the header row: titles and instructions above it, notes beside it, and many spellings of one column.

use super::row::Row;
use super::{At, Cell, CellProblem, Placed, Sheet};

/// A column that an import knows.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// What the code calls it.
    pub key: &'static str,
    /// The headers that mean it, the one that we write ourselves first; letter width, spaces, `*` and a remark in
    /// brackets don't matter.
    pub aliases: &'static [&'static str],
    pub required: bool,
}

impl Column {
    pub const fn required(key: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { key, aliases, required: true }
    }

    pub const fn optional(key: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { key, aliases, required: false }
    }

    fn name(&self) -> &'static str {
        self.aliases.first().copied().unwrap_or(self.key)
    }
}

/// How many used rows are searched for the header.
const HEADER_WITHIN: usize = 10;

/// A sheet whose header row was found.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) columns: &'a [Column],
    /// The place of each known column in the sheet.
    pub(super) places: Vec<Option<u16>>,
    /// Columns besides, by keys of the caller's making.
    named: Vec<(String, u16)>,
    /// The place of the header among the used rows.
    header: usize,
}

/// A header that was understood, for the page where people check the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub key: String,
    /// As it stands in the file.
    pub header: String,
    pub at: String,
}

impl Sheet {
    /// Finds the row that names these columns. Problems: no such row, or a required column is missing from it.
    pub fn table<'a>(&'a self, columns: &'a [Column]) -> Result<Table<'a>, Vec<CellProblem>> {
        let spellings: Vec<Vec<String>> =
            columns.iter().map(|column| column.aliases.iter().map(|alias| plain(alias)).collect()).collect();
        let mut best: Option<(usize, usize, Vec<Option<u16>>)> = None;
        for header in 0..self.rows.len().min(HEADER_WITHIN) {
            let places = places(self.cells_of(header), &spellings);
            let matched = places.iter().flatten().count();
            if matched > best.as_ref().map_or(0, |(most, ..)| *most) {
                best = Some((matched, header, places));
            }
        }
        let Some((_, header, places)) = best else {
            let first = columns.iter().find(|column| column.required).or(columns.first()).map_or("", Column::name);
            let at = if self.name.is_empty() { "A1" } else { &self.name };
            return Err(vec![CellProblem::new(at, "sheet.no_header").with("column", first)]);
        };
        let row = self.cells_of(header).first().map_or(0, |cell| cell.row);
        let missing: Vec<CellProblem> = columns
            .iter()
            .zip(&places)
            .filter(|(column, place)| column.required && place.is_none())
            .map(|(column, _)| {
                CellProblem::new(At { sheet: &self.name, col: 0, row }, "sheet.column_missing").with("column", column.name())
            })
            .collect();
        if missing.is_empty() { Ok(Table { sheet: self, columns, places, named: Vec::new(), header }) } else { Err(missing) }
    }
}

impl<'a> Table<'a> {
    /// Looks for columns with other names as well: a key and a header each. A header that a known column took is not taken twice.
    #[must_use]
    pub fn with_named<'n>(mut self, names: impl IntoIterator<Item = (String, &'n str)>) -> Self {
        let (keys, names): (Vec<String>, Vec<&str>) = names.into_iter().unzip();
        let spellings: Vec<Vec<String>> = names.into_iter().map(|name| vec![plain(name)]).collect();
        let free: Vec<Placed> =
            self.header_cells().iter().filter(|cell| !self.places.contains(&Some(cell.col))).cloned().collect();
        let found = keys.into_iter().zip(places(&free, &spellings));
        self.named = found.filter_map(|(key, place)| Some((key, place?))).collect();
        self
    }

    fn knows(&self, col: u16) -> bool {
        self.places.contains(&Some(col)) || self.named.iter().any(|(_, place)| *place == col)
    }

    /// The rows below the header in which at least one known column has a value; a row of totals is none.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (self.header + 1..self.sheet.rows.len())
            .map(|place| Row { table: self, cells: self.sheet.cells_of(place) })
            .filter(|row| row.cells.iter().any(|cell| self.knows(cell.col)) && !is_total(row.cells))
    }

    /// Whether the column is there.
    pub fn has(&self, key: &str) -> bool {
        self.place(key).is_some()
    }

    /// The columns that were understood, from left to right.
    pub fn found(&self) -> Vec<Found> {
        let known = self.columns.iter().zip(&self.places).filter_map(|(column, place)| Some((column.key, (*place)?)));
        let named = self.named.iter().map(|(key, place)| (key.as_str(), *place));
        let mut found: Vec<(u16, Found)> = known
            .chain(named)
            .filter_map(|(key, col)| {
                let header = self.header_cells().iter().find(|cell| cell.col == col)?;
                let at = At { sheet: &self.sheet.name, col, row: header.row }.to_string();
                Some((col, Found { key: key.to_owned(), header: header.cell.to_string(), at }))
            })
            .collect();
        found.sort_by_key(|(col, _)| *col);
        found.into_iter().map(|(_, found)| found).collect()
    }

    /// Headers that mean nothing to this import.
    pub fn ignored(&self) -> Vec<String> {
        self.header_cells().iter().filter(|cell| !self.knows(cell.col)).map(|cell| cell.cell.to_string()).collect()
    }

    /// The address of the header cell of a column, or of the row's first cell.
    pub fn header_at(&self, key: &str) -> At<'a> {
        let row = self.header_cells().first().map_or(0, |cell| cell.row);
        At { sheet: &self.sheet.name, col: self.place(key).unwrap_or(0), row }
    }

    fn header_cells(&self) -> &'a [Placed] {
        self.sheet.cells_of(self.header)
    }

    pub(super) fn place(&self, key: &str) -> Option<u16> {
        match self.columns.iter().zip(&self.places).find(|(column, _)| column.key == key) {
            Some((_, place)) => *place,
            None => self.named.iter().find(|(named, _)| named == key).map(|(_, place)| *place),
        }
    }
}

/// Whether a row starts with 合计 or 总计: what is exported can be imported.
fn is_total(cells: &[Placed]) -> bool {
    cells.first().is_some_and(|first| matches!(&first.cell, Cell::Text(text) if matches!(&**text, "合计" | "总计" | "Total")))
}

/// For each column the cell that names it: an earlier alias wins, then the cell further left; a cell serves one column.
fn places(cells: &[Placed], spellings: &[Vec<String>]) -> Vec<Option<u16>> {
    let headers: Vec<(u16, String, String)> = cells
        .iter()
        .filter_map(|placed| match &placed.cell {
            Cell::Text(text) if text.chars().count() <= 60 => {
                let whole = plain(text);
                let short = without_remark(&whole).to_owned();
                Some((placed.col, whole, short))
            }
            _ => None,
        })
        .collect();
    let mut taken: Vec<u16> = Vec::new();
    spellings
        .iter()
        .map(|aliases| {
            let free = |col: &u16| !taken.contains(col);
            let named = aliases.iter().find_map(|alias| {
                let whole = headers.iter().find(|(col, whole, _)| free(col) && whole == alias);
                whole.or_else(|| headers.iter().find(|(col, _, short)| free(col) && short == alias)).map(|(col, ..)| *col)
            });
            taken.extend(named);
            named
        })
        .collect()
}

/// A header or a sheet's name without what does not matter: spaces, line breaks, `*`, colons, letter width and case.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .filter_map(|letter| match letter {
            letter if letter.is_whitespace() => None,
            '*' | '＊' | ':' | '：' | '\u{feff}' | '\u{200b}' => None,
            '！'..='～' => char::from_u32(u32::from(letter) - 0xfee0),
            other => Some(other),
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether two headers are spelled alike.
pub fn same_header(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

fn without_remark(text: &str) -> &str {
    text.split(['(', '[', '【', '/']).next().filter(|short| !short.is_empty()).unwrap_or(text)
}
