//! Workbooks of estates become an [`EstateDraft`], with every problem by cell.
//!
//! One flat sheet with a row per unit and person (our own template; `importRoom.xlsx` of another system), or sheets that
//! refer to each other (`hc.xlsx`, `wy.xlsx`: 楼栋单元, 业主信息, 房屋信息, 车位信息).

mod flat;
mod linked;
mod making;

use serde::{Deserialize, Serialize};

use super::draft::EstateDraft;
use super::field::{CustomField, FieldOf};
use crate::sheet::{CellProblem, Sheet, Table, Workbook, same_header};

pub use flat::COLUMNS;
use making::Making;

/// Which kind of workbook it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// One sheet: ours, or another system's like it.
    #[default]
    Flat,
    /// Sheets that refer to each other.
    Linked,
}

/// What was understood of a workbook. It may be imported only when there are no problems.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    pub source: Source,
    pub draft: EstateDraft,
    /// The first of them; `problem_count` says how many there are.
    pub problems: Vec<CellProblem>,
    pub problem_count: u64,
    pub sheets: Vec<SheetReading>,
}

/// Which columns of a sheet were understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetReading {
    pub sheet: String,
    pub rows: u64,
    pub columns: Vec<ColumnReading>,
    /// Headers that mean nothing here.
    pub ignored: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnReading {
    pub header: String,
    /// Its meaning: the text `estate-column-<key>`, or the id of a custom field.
    pub key: String,
    pub at: String,
}

/// Whether a header means one of our own columns: a custom field of this name would never get its cells.
pub fn is_own_header(header: &str) -> bool {
    COLUMNS.iter().flat_map(|column| column.aliases).any(|alias| same_header(alias, header))
}

/// Reads a workbook of either kind.
pub fn read(workbook: &Workbook) -> Reading {
    read_with(workbook, &[])
}

/// Reads a workbook whose columns may also be named like custom fields.
pub fn read_with(workbook: &Workbook, fields: &[CustomField]) -> Reading {
    let mut making = Making::default();
    let source = if let (Some(units), Some(people)) = (workbook.sheet(&["房屋信息"]), workbook.sheet(&["业主信息"])) {
        let tree = workbook.sheet(&["楼栋单元"]);
        let parking = workbook.sheet(&["车位信息"]);
        linked::read(&mut making, tree, people, units, parking);
        Source::Linked
    } else {
        let sheet = workbook.sheet(&["房屋", "资产信息", "房屋信息", "资源", "基础资料", "Units"]).or_else(|| workbook.first());
        if let Some(sheet) = sheet {
            let fields: Vec<&CustomField> = fields.iter().filter(|field| field.of == FieldOf::Unit && field.active).collect();
            flat::read(&mut making, sheet, &fields);
        }
        Source::Flat
    };
    making.finish(source)
}

/// The table of a sheet, its columns noted; `None` when its header has problems, which are noted too.
fn table<'a>(making: &mut Making, sheet: &'a Sheet, columns: &'a [crate::sheet::Column]) -> Option<Table<'a>> {
    table_with(making, sheet, columns, &[])
}

/// The same with columns that are named like custom fields; their keys are the fields' ids.
fn table_with<'a>(
    making: &mut Making,
    sheet: &'a Sheet,
    columns: &'a [crate::sheet::Column],
    fields: &[&CustomField],
) -> Option<Table<'a>> {
    let table = match sheet.table(columns) {
        Ok(table) => table.with_named(fields.iter().map(|field| (field.field.to_string(), field.name.as_str()))),
        Err(problems) => {
            making.problems.extend(problems);
            return None;
        }
    };
    making.sheets.push(SheetReading {
        sheet: sheet.name.clone(),
        rows: u64::try_from(table.rows().count()).unwrap_or(u64::MAX),
        columns: table
            .found()
            .into_iter()
            .map(|found| ColumnReading { header: found.header, key: found.key, at: found.at })
            .collect(),
        ignored: table.ignored(),
    });
    Some(table)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
