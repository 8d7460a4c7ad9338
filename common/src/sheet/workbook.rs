//! Reads the cells of an unpacked .xlsx.

use std::io::Cursor;
use std::str::FromStr;

use calamine::{CellErrorType, DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx, XlsxError};
use rust_decimal::Decimal;

use crate::period::Day;
use crate::problem::Problem;

use super::{Cell, Limits, Placed, Sheet, Workbook, archive, refuse, too_large};

pub(super) fn read(bytes: &[u8], limits: Limits) -> Result<Workbook, Problem> {
    let (archive, merged) = archive::unpack(bytes, limits)?;
    let mut file: Xlsx<_> = Xlsx::new(Cursor::new(archive)).map_err(|error| unreadable(&error))?;
    let names: Vec<String> = file
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut workbook = Workbook::default();
    let mut left = limits.cells;
    for name in names {
        let (mut cells, sorted) = match cells(&mut file, &name, limits, left)? {
            Some(read) => read,
            // A chart sheet has no cells.
            None => continue,
        };
        if merged {
            let regions = file.merge_cells_by_sheet_name(&name).unwrap_or_default();
            fill_down(&mut cells, &regions, left)?;
        }
        left = left.saturating_sub(cells.len());
        workbook.sheets.push(Sheet::new(name, cells, sorted && !merged));
    }
    Ok(workbook)
}

fn cells(
    file: &mut Xlsx<Cursor<Vec<u8>>>,
    name: &str,
    limits: Limits,
    most: usize,
) -> Result<Option<(Vec<Placed>, bool)>, Problem> {
    let Ok(mut reader) = file.worksheet_cells_reader(name) else { return Ok(None) };
    let mut cells: Vec<Placed> = Vec::new();
    let mut rows = 0;
    let mut last = None;
    let mut sorted = true;
    while let Some(read) = reader.next_cell().map_err(|error| unreadable(&error))? {
        let (row, col) = read.get_position();
        let cell = cell_of(read.get_value());
        if cell == Cell::Empty {
            continue;
        }
        let Some(col) = u16::try_from(col).ok().filter(|col| *col < limits.columns) else {
            return Err(refuse("sheet.too_many_columns", "The sheet has too many columns")
                .with("most", limits.columns)
                .with("sheet", name));
        };
        if last.is_none_or(|(last, _)| last != row) {
            rows += 1;
            if rows > limits.rows {
                return Err(refuse("sheet.too_many_rows", "The sheet has too many rows")
                    .with("most", limits.rows)
                    .with("sheet", name));
            }
        }
        sorted = sorted && last.is_none_or(|last| last < (row, col));
        last = Some((row, col));
        if cells.len() >= most {
            return Err(too_large(&format!("{} cells", limits.cells)));
        }
        cells.push(Placed { row, col, cell });
    }
    Ok(Some((cells, sorted)))
}

/// Cells merged downwards (a building's name over its rooms) hold the value in each row.
fn fill_down(cells: &mut Vec<Placed>, regions: &[calamine::Dimensions], most: usize) -> Result<(), Problem> {
    cells.sort_by_key(|placed| (placed.row, placed.col));
    let mut used: Vec<u32> = cells.iter().map(|placed| placed.row).collect();
    used.dedup();
    let mut filled = Vec::new();
    for region in regions {
        let (top, col) = region.start;
        let Ok(col) = u16::try_from(col) else { continue };
        let Ok(place) = cells.binary_search_by_key(&(top, col), |placed| (placed.row, placed.col)) else { continue };
        let Some(value) = cells.get(place).map(|placed| placed.cell.clone()) else { continue };
        let from = used.partition_point(|row| *row <= top);
        for row in used.iter().skip(from).take_while(|row| **row <= region.end.0) {
            if cells.len() + filled.len() >= most {
                return Err(too_large(&format!("{most} cells")));
            }
            filled.push(Placed { row: *row, col, cell: value.clone() });
        }
    }
    cells.append(&mut filled);
    Ok(())
}

fn cell_of(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::SharedString(text) => text_cell(text),
        DataRef::String(text) | DataRef::DurationIso(text) => text_cell(text),
        DataRef::DateTimeIso(text) => text.get(..10).and_then(|day| day.parse().ok()).map_or_else(|| text_cell(text), Cell::Day),
        DataRef::Int(number) => Cell::Number(Decimal::from(*number)),
        DataRef::Float(number) => number_cell(*number),
        DataRef::DateTime(time) => day_of(time).map_or_else(|| number_cell(time.as_f64()), Cell::Day),
        DataRef::Bool(yes) => Cell::Bool(*yes),
        DataRef::Error(error) => Cell::Error(match error {
            CellErrorType::Div0 => "#DIV/0!",
            CellErrorType::NA => "#N/A",
            CellErrorType::Name => "#NAME?",
            CellErrorType::Null => "#NULL!",
            CellErrorType::Num => "#NUM!",
            CellErrorType::Ref => "#REF!",
            CellErrorType::Value => "#VALUE!",
            _ => "#GETTING_DATA",
        }),
    }
}

/// Text without spaces around it; nothing but spaces is an empty cell.
pub(super) fn text_cell(text: &str) -> Cell {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}' || letter == '\u{200b}');
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.into()) }
}

/// The exact decimal of the shortest text that reads back as this number, without binary noise beyond 15 digits.
fn number_cell(number: f64) -> Cell {
    // Whole numbers up to 2^53 are exact; most cells are such.
    if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        return Cell::Number(Decimal::from(number as i64));
    }
    match Decimal::from_str(&number.to_string()) {
        Ok(exact) if exact.fract().is_zero() => Cell::Number(exact.normalize()),
        Ok(exact) => Cell::Number(exact.round_sf(15).unwrap_or(exact).normalize()),
        Err(_) => text_cell(&number.to_string()),
    }
}

/// The date of a serial with a date format; `None` for a time of day or a duration.
fn day_of(time: &ExcelDateTime) -> Option<Day> {
    if time.is_duration() || time.as_f64() < 1.0 {
        return None;
    }
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    Day::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))
}

fn unreadable(error: &XlsxError) -> Problem {
    match error {
        XlsxError::Password => refuse("sheet.encrypted", "The workbook is protected by a password"),
        _ => refuse("sheet.not_a_workbook", "The file is not a workbook, or is damaged"),
    }
}
