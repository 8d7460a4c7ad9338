//! Text files with separators: UTF-8 with or without a mark, UTF-16 with one, GBK as Chinese Excel and WPS write it.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_8};

use crate::problem::Problem;

use super::{Limits, Placed, Sheet, refuse, too_large, workbook::text_cell};

pub(super) fn read(bytes: &[u8], limits: Limits) -> Result<Sheet, Problem> {
    let text = decoded(bytes)?;
    let text = if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n")) } else { text };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator(&text)).from_reader(text.as_bytes());
    let mut cells = Vec::new();
    let mut rows = 0;
    let mut row: u32 = 0;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| not_a_workbook())? {
        let before = cells.len();
        // Blank lines are skipped by the reader, but the addresses should be those that Excel shows.
        let start = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or(0);
        let blank = text.get(start..).unwrap_or_default().bytes().take_while(|byte| *byte == b'\n').count();
        row = row.saturating_add(u32::try_from(blank).unwrap_or(0));
        for (col, field) in record.iter().enumerate() {
            // `="007"` is how people keep Excel from eating zeros.
            let field = field.strip_prefix("=\"").and_then(|field| field.strip_suffix('"')).unwrap_or(field);
            let cell = text_cell(field);
            if cell == super::Cell::Empty {
                continue;
            }
            let Some(col) = u16::try_from(col).ok().filter(|col| *col < limits.columns) else {
                return Err(refuse("sheet.too_many_columns", "The file has too many columns")
                    .with("most", limits.columns)
                    .with("sheet", ""));
            };
            cells.push(Placed { row, col, cell });
        }
        row += 1;
        if cells.len() > before {
            rows += 1;
            if rows > limits.rows {
                return Err(refuse("sheet.too_many_rows", "The file has too many rows")
                    .with("most", limits.rows)
                    .with("sheet", ""));
            }
        }
        if cells.len() > limits.cells {
            return Err(too_large(&format!("{} cells", limits.cells)));
        }
    }
    Ok(Sheet::new(String::new(), cells, true))
}

fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Problem> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, wrong) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return if wrong { Err(not_a_workbook()) } else { plausible(text) };
    }
    if bytes.contains(&0) {
        return Err(not_a_workbook());
    }
    if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        return plausible(text);
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => plausible(text),
        None => Err(not_a_workbook()),
    }
}

/// Web pages and XML that carry the name of a workbook are not one, nor is anything with control characters.
fn plausible(text: Cow<'_, str>) -> Result<Cow<'_, str>, Problem> {
    let binary = text.chars().take(4096).any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'));
    if binary || text.trim_start().starts_with('<') || text.starts_with("%PDF") { Err(not_a_workbook()) } else { Ok(text) }
}

fn separator(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |mark: char| line.matches(mark).count();
    if count('\t') > count(',') {
        b'\t'
    } else if count(';') > count(',') {
        b';'
    } else {
        b','
    }
}

fn not_a_workbook() -> Problem {
    refuse("sheet.not_a_workbook", "The file is not a workbook, or is damaged")
}
