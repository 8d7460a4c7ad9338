//! Writes .xlsx: typed columns, widths by content, a frozen header, totals; text is never a formula.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use common::money::Money;
use common::period::Day;
use common::sheet::{Cell, CellProblem};
use common::text::{self, Language};
use rust_decimal::Decimal;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Workbook, Worksheet, XlsxError,
};

use crate::{Answer, Failure};

/// What a column holds: how it is written, aligned and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Whole,
    /// Areas, usages: as many decimals as there are.
    Quantity,
    /// Two decimals and thousands separators.
    Money,
    Day,
}

/// A column of a sheet.
#[derive(Clone, Debug)]
pub struct Col {
    pub title: String,
    pub kind: Kind,
    /// A total stands under it.
    pub summed: bool,
    /// Shown pale: it is there to be looked at, not to be filled in.
    pub pale: bool,
}

impl Col {
    pub fn new(title: impl Into<String>, kind: Kind) -> Self {
        Self { title: title.into(), kind, summed: false, pale: false }
    }

    /// With a total under it.
    pub fn summed(title: impl Into<String>, kind: Kind) -> Self {
        Self { title: title.into(), kind, summed: true, pale: false }
    }

    /// Shown pale.
    pub fn pale(self) -> Self {
        Self { pale: true, ..self }
    }

    fn format(&self) -> Format {
        let format = format(self.kind);
        if self.pale { format.set_font_color(Color::RGB(0x0077_7777)) } else { format }
    }
}

/// A value of a row.
#[derive(Clone, Debug, Default)]
pub enum Value<'a> {
    #[default]
    Empty,
    Text(&'a str),
    Owned(String),
    Whole(i64),
    Number(Decimal),
    Money(Money),
    Day(Day),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}
impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Owned(text)
    }
}
impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}
impl From<i32> for Value<'_> {
    fn from(number: i32) -> Self {
        Self::Whole(i64::from(number))
    }
}
impl From<Money> for Value<'_> {
    fn from(amount: Money) -> Self {
        Self::Money(amount)
    }
}
impl From<common::quantity::Quantity> for Value<'_> {
    fn from(quantity: common::quantity::Quantity) -> Self {
        Self::Number(quantity.get())
    }
}
impl From<common::quantity::Price> for Value<'_> {
    fn from(price: common::quantity::Price) -> Self {
        Self::Number(price.get())
    }
}
impl From<Day> for Value<'_> {
    fn from(day: Day) -> Self {
        Self::Day(day)
    }
}
impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// A workbook in the making.
pub struct Book {
    workbook: Workbook,
}

/// A sheet in the making, written from the top.
pub struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    cols: Vec<Col>,
    formats: Vec<Format>,
    totals: Vec<Decimal>,
    widths: Vec<usize>,
    row: u32,
}

/// The widest that a column grows by its content, in characters; 汉字 count two.
const WIDEST: usize = 60;

impl Default for Book {
    fn default() -> Self {
        Self::new()
    }
}

impl Book {
    pub fn new() -> Self {
        Self { workbook: Workbook::new() }
    }

    /// A sheet with a frozen header of these columns; rows are kept on disk while they are written, not in memory.
    pub fn sheet(&mut self, name: &str, cols: Vec<Col>) -> Answer<Sheet<'_>> {
        let sheet = self.workbook.add_worksheet_with_constant_memory().map_err(Failure::broken)?;
        sheet.set_name(name).map_err(Failure::broken)?;
        sheet.set_freeze_panes(1, 0).map_err(Failure::broken)?;
        for_print(sheet)?;
        let head = head();
        for (place, col) in cols.iter().enumerate() {
            sheet.set_column_format(column(place)?, &col.format()).map_err(Failure::broken)?;
            sheet.write_string_with_format(0, column(place)?, &col.title, &head).map_err(Failure::broken)?;
        }
        Ok(Sheet {
            formats: cols.iter().map(Col::format).collect(),
            totals: vec![Decimal::ZERO; cols.len()],
            widths: cols.iter().map(|col| width(&col.title) + 2).collect(),
            cols,
            sheet,
            row: 1,
        })
    }

    /// The workbook's bytes.
    pub fn finish(mut self) -> Answer<Vec<u8>> {
        self.workbook.save_to_buffer().map_err(Failure::broken)
    }
}

impl Sheet<'_> {
    /// Writes the next row.
    pub fn row<'v>(&mut self, values: impl IntoIterator<Item = Value<'v>>) -> Answer<()> {
        self.write(values, true)
    }

    /// Writes the next row, which is in no total.
    pub fn uncounted<'v>(&mut self, values: impl IntoIterator<Item = Value<'v>>) -> Answer<()> {
        self.write(values, false)
    }

    fn write<'v>(&mut self, values: impl IntoIterator<Item = Value<'v>>, counted: bool) -> Answer<()> {
        for (place, value) in values.into_iter().enumerate() {
            let Some(format) = self.formats.get(place) else { return Err(Failure::broken("a row is longer than its header")) };
            let written = write(self.sheet, self.row, column(place)?, &value, format).map_err(Failure::broken)?;
            if let Some(width) = self.widths.get_mut(place) {
                *width = (*width).max(written);
            }
            let number = match value {
                Value::Whole(number) => Decimal::from(number),
                Value::Number(number) => number,
                Value::Money(amount) => amount.yuan(),
                _ => continue,
            };
            if !counted {
                continue;
            }
            if let Some(total) = self.totals.get_mut(place) {
                *total = total.checked_add(number).ok_or_else(|| Failure::broken("a total is too large"))?;
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Offers these words in the cells of a column; others may be typed.
    pub fn choices(&mut self, place: usize, words: &[String]) -> Answer<()> {
        let choices = DataValidation::new().allow_list_strings(words).map_err(Failure::broken)?;
        let choices = choices.set_error_style(DataValidationErrorStyle::Information);
        let col = column(place)?;
        self.sheet.add_data_validation(1, col, 10_000, col, &choices).map_err(Failure::broken)?;
        Ok(())
    }

    /// Lets nobody type a number below zero into the cells of a column.
    pub fn not_negative(&mut self, place: usize) -> Answer<()> {
        let rule = DataValidation::new().allow_decimal_number_formula(DataValidationRule::GreaterThanOrEqualTo("0".into()));
        let col = column(place)?;
        self.sheet.add_data_validation(1, col, self.row.max(2) - 1, col, &rule).map_err(Failure::broken)?;
        Ok(())
    }

    /// Writes the totals, if any column has one, and sets the widths.
    pub fn finish(mut self, language: Language) -> Answer<()> {
        if self.cols.iter().any(|col| col.summed) && self.row > 1 {
            let bold = Format::new().set_bold().set_border_top(FormatBorder::Double);
            for (place, col) in self.cols.iter().enumerate() {
                let at = column(place)?;
                let total = self.totals.get(place).copied().unwrap_or_default();
                let value = match (place, col.summed) {
                    (_, true) => Value::Number(total),
                    (0, false) => Value::Owned(text::text(language, "workbook-total")),
                    (_, false) => Value::Owned(String::new()),
                };
                let shown = format(col.kind).merge(&bold);
                let written = write(self.sheet, self.row, at, &value, &shown).map_err(Failure::broken)?;
                if let Some(width) = self.widths.get_mut(place) {
                    *width = (*width).max(written);
                }
            }
        }
        for (place, width) in self.widths.iter().enumerate() {
            set_width(self.sheet, column(place)?, *width)?;
        }
        Ok(())
    }
}

/// The same workbook with what is wrong: the cells in red, a column 问题 at the end of each row.
pub fn with_problems(workbook: &common::sheet::Workbook, problems: &[CellProblem], language: Language) -> Answer<Vec<u8>> {
    let mut book = Workbook::new();
    let wrong = Format::new().set_background_color(Color::RGB(0x00FB_E3E0)).set_font_color(Color::RGB(0x00A0_2B1F));
    let plain = [Kind::Text, Kind::Quantity, Kind::Day].map(format);
    let mut told: std::collections::HashMap<&str, Vec<&CellProblem>> = std::collections::HashMap::new();
    for problem in problems {
        told.entry(&problem.at).or_default().push(problem);
    }
    for (number, sheet) in workbook.sheets.iter().enumerate() {
        let page = book.add_worksheet();
        let name = if sheet.name.is_empty() { format!("Sheet{}", number + 1) } else { sheet.name.clone() };
        page.set_name(name).map_err(Failure::broken)?;
        let last = sheet.used().flat_map(|(_, cells)| cells.map(|(col, _)| col)).max().map_or(0, |col| col + 1);
        let mut widths = vec![8; usize::from(last)];
        for (row, cells) in sheet.used() {
            for (col, cell) in cells {
                let written = write_cell(page, row, col, cell, &plain)?;
                if let Some(width) = widths.get_mut(usize::from(col)) {
                    *width = (*width).max(written);
                }
            }
        }
        let mut by_row: std::collections::BTreeMap<u32, Vec<String>> = std::collections::BTreeMap::new();
        for (at, problems) in &told {
            let Some((row, col)) = place(at, &sheet.name) else { continue };
            page.set_cell_format(row, col, &wrong).map_err(Failure::broken)?;
            let cell = at.rsplit('!').next().unwrap_or(at);
            let texts =
                problems.iter().map(|problem| format!("{cell} {}", text::of_code(language, &problem.code, &problem.args)));
            by_row.entry(row).or_default().extend(texts);
        }
        if !by_row.is_empty() {
            let title = text::text(language, "workbook-problem");
            let first = sheet.used().next().map_or(0, |(row, _)| row);
            page.write_string_with_format(first, last, &title, &head()).map_err(Failure::broken)?;
            for (row, mut texts) in by_row {
                texts.sort();
                page.write_string_with_format(row, last, texts.join("\n"), &wrong).map_err(Failure::broken)?;
            }
            widths.push(WIDEST);
        }
        for (place, width) in widths.iter().enumerate() {
            set_width(page, column(place)?, *width)?;
        }
    }
    book.save_to_buffer().map_err(Failure::broken)
}

/// Answers with a file to keep.
pub fn download(name: &str, bytes: Vec<u8>) -> Response {
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    let kind = if name.ends_with(".xlsx") {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    } else {
        "application/octet-stream"
    };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{encoded}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// Writes a value and says how wide it is.
fn write(sheet: &mut Worksheet, row: u32, col: u16, value: &Value<'_>, format: &Format) -> Result<usize, XlsxError> {
    Ok(match value {
        Value::Empty => 0,
        Value::Text(text) => write_text(sheet, row, col, text, format)?,
        Value::Owned(text) => write_text(sheet, row, col, text, format)?,
        Value::Whole(number) => write_number(sheet, row, col, Decimal::from(*number), format)?,
        Value::Number(number) => write_number(sheet, row, col, *number, format)?,
        Value::Money(amount) => write_number(sheet, row, col, amount.yuan(), format)?,
        Value::Day(day) => {
            sheet.write_datetime_with_format(row, col, &date(*day)?, format)?;
            12
        }
    })
}

fn write_text(sheet: &mut Worksheet, row: u32, col: u16, text: &str, format: &Format) -> Result<usize, XlsxError> {
    // Excel's own limit; `write_string` never makes a formula of a text that starts with `=`.
    let cut = text.char_indices().nth(32_000).map_or(text, |(end, _)| text.get(..end).unwrap_or_default());
    sheet.write_string_with_format(row, col, cut, format)?;
    Ok(width(cut) + 2)
}

/// The one place where a decimal becomes a binary fraction, since cells hold nothing else: the nearest one to its text,
/// which Excel shows as that text again.
fn write_number(sheet: &mut Worksheet, row: u32, col: u16, number: Decimal, format: &Format) -> Result<usize, XlsxError> {
    let text = number.to_string();
    let nearest: f64 = text.parse().map_err(|_| XlsxError::ParameterError(text.clone()))?;
    sheet.write_number_with_format(row, col, nearest, format)?;
    Ok(text.len() + text.len() / 3 + 3)
}

fn write_cell(page: &mut Worksheet, row: u32, col: u16, cell: &Cell, plain: &[Format; 3]) -> Answer<usize> {
    let [words, numbers, days] = plain;
    let written = match cell {
        Cell::Empty => Ok(0),
        Cell::Text(text) => write_text(page, row, col, text, words),
        Cell::Number(number) => write_number(page, row, col, *number, numbers),
        Cell::Day(day) => write(page, row, col, &Value::Day(*day), days),
        Cell::Bool(_) | Cell::Error(_) => write_text(page, row, col, &cell.to_string(), words),
    };
    written.map_err(Failure::broken)
}

/// The row and column of an address on this sheet.
fn place(at: &str, sheet: &str) -> Option<(u32, u16)> {
    let cell = if sheet.is_empty() { at } else { at.strip_prefix(sheet)?.strip_prefix('!')? };
    let digits = cell.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, number) = cell.split_at(digits);
    let mut col: u32 = 0;
    for letter in letters.bytes() {
        col = col.checked_mul(26)?.checked_add(u32::from(letter.checked_sub(b'A')?) + 1)?;
    }
    Some((number.parse::<u32>().ok()?.checked_sub(1)?, u16::try_from(col.checked_sub(1)?).ok()?))
}

fn date(day: Day) -> Result<ExcelDateTime, XlsxError> {
    use chrono::Datelike as _;
    let (year, month, day) = (u16::try_from(day.year()), u8::try_from(day.month()), u8::try_from(day.day()));
    match (year, month, day) {
        (Ok(year), Ok(month), Ok(day)) => ExcelDateTime::from_ymd(year, month, day),
        _ => Err(XlsxError::ParameterError("a year beyond Excel".to_owned())),
    }
}

fn format(kind: Kind) -> Format {
    match kind {
        // Cells of text stay text when somebody types a room or a phone into them.
        Kind::Text => Format::new().set_num_format("@"),
        Kind::Whole => Format::new().set_num_format("0").set_align(FormatAlign::Right),
        Kind::Quantity => Format::new().set_num_format("General").set_align(FormatAlign::Right),
        Kind::Money => Format::new().set_num_format("#,##0.00").set_align(FormatAlign::Right),
        Kind::Day => Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
    }
}

/// A4 across, all columns on one page, the header on each, pages numbered.
fn for_print(sheet: &mut Worksheet) -> Answer<()> {
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0).set_footer("&C&P / &N");
    sheet.set_repeat_rows(0, 0).map_err(Failure::broken)?;
    Ok(())
}

fn head() -> Format {
    Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00EE_F1EF))
        .set_border_bottom(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
}

/// How wide a text is, in Latin letters.
fn width(text: &str) -> usize {
    let line = |line: &str| line.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum();
    text.lines().map(line).max().unwrap_or(0)
}

fn set_width(sheet: &mut Worksheet, col: u16, width: usize) -> Answer<()> {
    let width = u16::try_from(width.clamp(6, WIDEST)).unwrap_or(6);
    sheet.set_column_width(col, width).map_err(Failure::broken)?;
    Ok(())
}

fn column(place: usize) -> Answer<u16> {
    u16::try_from(place).map_err(|_| Failure::broken("too many columns"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_with_its_types_and_a_total_that_is_no_row() {
        let mut book = Book::new();
        let cols = vec![
            Col::new("房号", Kind::Text),
            Col::summed("金额", Kind::Money),
            Col::new("日期", Kind::Day),
            Col::new("面积", Kind::Quantity),
        ];
        let mut sheet = book.sheet("账单", cols).unwrap();
        let day: Day = "2026-11-23".parse().unwrap();
        let area: common::quantity::Quantity = "118.6412".parse().unwrap();
        sheet.row(["=1+1".into(), Money::from_fen(120_450).into(), day.into(), area.into()]).unwrap();
        sheet.row(["0102".into(), Money::from_fen(5).into(), Value::Empty, Value::Empty]).unwrap();
        sheet.finish(Language::Chinese).unwrap();
        let read = common::sheet::read(&book.finish().unwrap()).unwrap();
        let sheet = read.sheet(&["账单"]).unwrap();
        assert_eq!(sheet.get(1, 0), &Cell::Text("=1+1".into()));
        assert_eq!(sheet.get(1, 1).to_string(), "1204.5");
        assert_eq!(sheet.get(1, 2), &Cell::Day(day));
        assert_eq!(sheet.get(1, 3).to_string(), "118.6412");
        assert_eq!(sheet.get(2, 0), &Cell::Text("0102".into()));
        assert_eq!(sheet.get(3, 1).to_string(), "1204.55");
        let columns = [common::sheet::Column::required("room", &["房号"])];
        assert_eq!(sheet.table(&columns).unwrap().rows().count(), 2);
    }

    #[test]
    fn problems_come_home_in_the_workbook_they_came_with() {
        let read = common::sheet::read("楼栋,房号\n3,1501\n3,1501\n".as_bytes()).unwrap();
        let reading = common::estate::import::read(&read);
        let bytes = with_problems(&read, &reading.problems, Language::Chinese).unwrap();
        let back = common::sheet::read(&bytes).unwrap();
        let sheet = back.first().unwrap();
        assert_eq!(sheet.get(0, 2).to_string(), "问题");
        assert_eq!(sheet.get(2, 2).to_string(), "B3 3栋1501 重复了，前面 B2 已有。请删掉一行。");
    }

    #[test]
    fn addresses_are_found_again() {
        assert_eq!(place("房屋信息!E17", "房屋信息"), Some((16, 4)));
        assert_eq!(place("AA1", ""), Some((0, 26)));
        assert_eq!(place("别的!A1", "房屋信息"), None);
        assert_eq!(place("房屋信息", "房屋信息"), None);
    }
}
