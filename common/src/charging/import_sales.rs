//! A workbook of sales becomes sales to enter.

use serde::{Deserialize, Serialize};

use super::api::NewSales;
use crate::period::Month;
use crate::sheet::{CellProblem, Column, Problems, Row, Workbook};

/// What was read from the workbook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    pub rows: Vec<NewSales>,
    /// Rows without an amount: not reported yet, left as they are.
    pub blank: usize,
    pub problems: Vec<CellProblem>,
    /// How many there are in all.
    pub total: usize,
}

/// The columns that are understood, by the headers that we and other systems write.
pub const COLUMNS: &[Column] = &[
    Column::required("unit", &["房屋编码", "房屋编号", "房屋", "商铺编号", "铺位号", "Unit code", "Unit"]),
    Column::optional("label", &["房号", "商铺", "Room"]),
    Column::optional("tenant", &["租户", "承租人", "商户", "Tenant"]),
    Column::optional("month", &["月份", "营业月份", "Month"]),
    Column::required("sales", &["营业额", "销售额", "营业额（元）", "Sales"]),
];

/// Reads the sales of a workbook; rows without a month are of `month`, none may be of a month after `this`. What needs the
/// database is checked by the server.
pub fn check(workbook: &Workbook, month: Month, this: Month) -> Checked {
    let mut problems = Problems::default();
    let mut done = Checked::default();
    let mut seen = std::collections::HashMap::new();
    let tables: Vec<_> = workbook.sheets.iter().map(|sheet| sheet.table(COLUMNS)).collect();
    let any = tables.iter().any(Result::is_ok);
    for table in tables {
        let table = match table {
            Ok(table) => table,
            Err(missing) => {
                // A sheet of remarks beside the table is no fault.
                if !any {
                    problems.extend(missing);
                }
                continue;
            }
        };
        for row in table.rows() {
            if row.is_empty("sales") {
                done.blank += 1;
                continue;
            }
            let Some(sales) = sales(&row, (month, this), &mut problems) else { continue };
            if let Some(other) = seen.insert((sales.unit.clone(), sales.month), sales.at.clone()) {
                problems.add(row.problem("unit", "charging.sales_twice").with("other", other));
            }
            done.rows.push(sales);
        }
    }
    Checked { total: problems.total, problems: problems.list, ..done }
}

fn sales(row: &Row<'_>, (month, this): (Month, Month), problems: &mut Problems) -> Option<NewSales> {
    let unit = problems.need(row, "unit", row.short_text("unit", 60));
    let sales = problems.need(row, "sales", row.money("sales"));
    let month = match row.month("month") {
        Ok(own) => own.unwrap_or(month),
        Err(problem) => {
            problems.add(problem);
            return None;
        }
    };
    if month > this {
        problems.add(row.problem("month", "charging.sales_in_future").with("month", this));
    }
    Some(NewSales { at: row.at("unit").to_string(), unit: unit?.into_owned(), month, sales_fen: sales? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Money;

    #[test]
    fn sales_are_read_and_every_fault_named() {
        let sheet = "房屋编码,租户,月份,营业额\n\
            1-1-0101,王记,,120000.50\n\
            1-1-0102,李记,2026-09,\n\
            1-1-0101,,2026年9月,88000\n\
            1-1-0101,,202610,1\n\
            ,,2026-10,5\n\
            1-1-0103,,2026-12,五万\n\
            1-1-0104,,2026-13,-3\n";
        let month = |text: &str| text.parse::<Month>().unwrap();
        let done = check(&crate::sheet::read(sheet.as_bytes()).unwrap(), month("2026-10"), month("2026-11"));
        let rows: Vec<_> = done.rows.iter().map(|row| (row.unit.as_str(), row.month.to_string(), row.sales_fen)).collect();
        let (october, september) = ("2026-10".to_owned(), "2026-09".to_owned());
        assert_eq!(
            rows,
            [
                ("1-1-0101", october.clone(), Money::from_fen(12_000_050)),
                ("1-1-0101", september, Money::from_fen(8_800_000)),
                ("1-1-0101", october, Money::from_fen(100)),
            ]
        );
        let found: Vec<(&str, &str)> = done.problems.iter().map(|problem| (problem.at.as_str(), problem.code.as_str())).collect();
        assert_eq!(
            found,
            [
                ("A5", "charging.sales_twice"),
                ("A6", "required"),
                ("D7", "not_a_number"),
                ("C7", "charging.sales_in_future"),
                ("D8", "negative"),
                ("C8", "not_a_month"),
            ]
        );
        assert_eq!(done.blank, 1);
    }
}
