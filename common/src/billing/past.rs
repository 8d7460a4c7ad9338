//! A workbook of bills of the past, paid and unpaid, becomes rows to take over; every problem by its cell.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;
use serde::{Deserialize, Serialize};

use super::api::{IMPORT_MOST, PastBill, PastNames};
use crate::money::Money;
use crate::period::{Day, add_days};
use crate::problem::{FieldProblem, Problem};
use crate::sheet::{CellProblem, Column, Problems, Row, Table, Workbook};

/// The columns that are understood: ours first, then those of other systems' sheets of paid fees.
pub const COLUMNS: &[Column] = &[
    Column::required("unit", &["房号", "房屋", "房屋编码", "房屋编号", "房间号", "铺位号", "Unit"]),
    Column::required("fee_item", &["收费科目", "收费项目", "费用名称", "费用项目", "Fee item"]),
    Column::required("from", &["开始日期", "开始时间", "账期开始", "From"]),
    Column::required("to", &["结束日期", "结束时间", "账期结束", "To"]),
    Column::required("amount", &["应收金额", "应缴金额", "收费金额", "金额", "Amount"]),
    Column::optional("paid", &["实收金额", "实缴金额", "已缴", "Paid"]),
    Column::optional("paid_day", &["缴费日期", "缴费时间", "收款日期", "Paid on"]),
    Column::optional("cashier", &["收款人", "收银员", "Cashier"]),
    Column::optional("note", &["备注", "说明", "Note"]),
    Column::optional("due_day", &["到期日", "缴费截止日", "最后缴费日", "Due"]),
    Column::optional("state", &["状态", "账单状态", "State"]),
    Column::optional("number", &["账单号", "账单编号", "Bill number", "Number"]),
];

/// What was read of a workbook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PastSheet {
    pub sheet: String,
    /// The rows with which nothing is wrong, as far as is known.
    pub bills: Vec<PastBill>,
    /// What the other rows name, to be looked up all the same.
    pub names: Vec<PastNames>,
    /// How many other rows there are.
    pub faulty: u64,
    pub problems: Vec<CellProblem>,
    /// All problems, also those that the list has no room for.
    pub problem_count: u64,
    /// The letter of each column's place, for problems that the server finds.
    pub letters: BTreeMap<String, String>,
    /// Of the bills.
    pub amount_fen: Money,
    /// What was paid on them.
    pub paid_fen: Money,
}

/// Reads the first sheet that has the columns. A file that can't be understood at all is a problem by itself.
pub fn read(workbook: &Workbook) -> Result<PastSheet, Problem> {
    let mut missing = Vec::new();
    for sheet in &workbook.sheets {
        match sheet.table(COLUMNS) {
            Ok(table) => return Ok(of_table(&sheet.name, &table)),
            Err(problems) if missing.is_empty() => missing = problems,
            Err(_) => {}
        }
    }
    let first = missing.into_iter().next();
    let problem = Problem::new(422, "billing.no_columns", "No sheet has the columns of bills");
    Err(match first {
        Some(missing) => problem.with("at", missing.at),
        None => problem.with("at", ""),
    })
}

fn of_table(name: &str, table: &Table<'_>) -> PastSheet {
    let mut problems = Problems::default();
    let mut sheet = PastSheet { sheet: name.to_owned(), ..PastSheet::default() };
    for found in table.found() {
        let at = found.at.rsplit('!').next().unwrap_or_default();
        sheet.letters.insert(found.key.to_owned(), at.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned());
    }
    for row in table.rows() {
        // Our own export has the void bills as well: they are history, not owed and not paid.
        if row.text("state").ok().flatten().is_some_and(|state| matches!(&*state, "已作废" | "作废" | "Void")) {
            continue;
        }
        let before = problems.total;
        match of_row(&row, &mut problems).filter(|_| problems.total == before) {
            Some(bill) => sheet.bills.push(bill),
            None => {
                let name = |key| row.short_text(key, 50).ok().flatten().map(|name| name.into_owned()).unwrap_or_default();
                sheet.faulty += 1;
                sheet.names.push(PastNames { row: row.number(), unit: name("unit"), fee_item: name("fee_item") });
            }
        }
    }
    if !sheet.add_up() {
        problems.add(CellProblem::new(name, "billing.too_large"));
    }
    if sheet.bills.len() + sheet.names.len() > IMPORT_MOST {
        problems.add(CellProblem::new(name, "billing.how_many").with("most", IMPORT_MOST));
    }
    sheet.problem_count = u64::try_from(problems.total).unwrap_or(u64::MAX);
    sheet.problems = problems.list;
    sheet
}

fn of_row(row: &Row<'_>, problems: &mut Problems) -> Option<PastBill> {
    let unit = problems.need(row, "unit", row.short_text("unit", 50));
    let fee_item = problems.need(row, "fee_item", row.short_text("fee_item", 50));
    let from = problems.need(row, "from", row.day("from"));
    let to = problems.need(row, "to", row.day("to"));
    let amount = problems.need(row, "amount", row.money("amount"));
    let paid = problems.take(row.money("paid")).unwrap_or_default();
    let paid_day = problems.take(row.day("paid_day"));
    let due_day = problems.take(row.day("due_day"));
    let cashier = problems.take(row.short_text("cashier", 50)).unwrap_or_default();
    let note = problems.take(row.short_text("note", 200)).unwrap_or_default();
    // A workbook of ours names the last day, always.
    let ours = row.text("number").ok().flatten().is_some_and(|number| number.starts_with("ZD"));
    let (unit, fee_item, from, to, amount) = (unit?, fee_item?, from?, to?, amount?);
    if to < from {
        problems.add(row.problem("to", "period_empty"));
    }
    if !amount.is_positive() {
        problems.add(row.problem("amount", "not_positive"));
    }
    if paid.is_negative() || paid > amount {
        problems.add(row.problem("paid", "billing.paid_more"));
    }
    if paid.is_positive() && paid_day.is_none() {
        problems.add(row.problem("paid_day", "required"));
    }
    Some(PastBill {
        row: row.number(),
        unit: unit.into_owned(),
        fee_item: fee_item.into_owned(),
        period_from: from,
        period_to: if ours { add_days(to, 1).unwrap_or(to) } else { after(from, to) },
        amount_fen: amount,
        paid_fen: paid,
        paid_day: paid_day.filter(|_| paid.is_positive()),
        due_day: due_day.filter(|due| *due >= from),
        cashier: cashier.into_owned(),
        note: note.into_owned(),
    })
}

/// The first day after the period. Sheets name the last day, or, as some systems do, the same day of a later month.
fn after(from: Day, to: Day) -> Day {
    if to > from && to.day() == from.day() { to } else { add_days(to, 1).unwrap_or(to) }
}

impl PastSheet {
    /// Adds what the server found in rows, each at its cell and in the order of the rows; such rows count as bills no more.
    pub fn add_found(&mut self, found: &[FieldProblem]) {
        let cells: Vec<CellProblem> = found.iter().map(|problem| self.at_cell(problem)).collect();
        self.problem_count = self.problem_count.saturating_add(u64::try_from(cells.len()).unwrap_or(u64::MAX));
        self.problems.extend(cells);
        self.problems.sort_by_key(|problem| row_of(problem.at.rsplit('!').next().unwrap_or_default()));
        let rows: BTreeSet<u32> = found.iter().filter_map(|problem| problem.field.split('.').nth(1)?.parse().ok()).collect();
        let before = self.bills.len();
        self.bills.retain(|bill| !rows.contains(&bill.row));
        self.faulty = self.faulty.saturating_add(u64::try_from(before - self.bills.len()).unwrap_or(u64::MAX));
        self.add_up();
    }

    /// Adds the bills up. Whether the sums fit: those of fewer bills do where those of more did.
    fn add_up(&mut self) -> bool {
        let amount = Money::sum(self.bills.iter().map(|bill| bill.amount_fen));
        let paid = Money::sum(self.bills.iter().map(|bill| bill.paid_fen));
        (self.amount_fen, self.paid_fen) = (amount.unwrap_or_default(), paid.unwrap_or_default());
        amount.is_some() && paid.is_some()
    }

    /// A problem that the server found in a row, at the row's cell: `房屋缴费历史!A17`.
    pub fn at_cell(&self, problem: &FieldProblem) -> CellProblem {
        let mut parts = problem.field.split('.').skip(1);
        let (row, field) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let key = match field {
            "period_from" => "from",
            "period_to" => "to",
            "amount_fen" => "amount",
            "paid_fen" => "paid",
            other => other,
        };
        let letters = self.letters.get(key).map_or("", String::as_str);
        let sheet = if self.sheet.is_empty() { String::new() } else { format!("{}!", self.sheet) };
        CellProblem {
            args: problem.args.clone(),
            value: problem.args.get("value").cloned().unwrap_or_default(),
            ..CellProblem::new(format!("{sheet}{letters}{row}"), &problem.code)
        }
    }
}

/// 17 of `B17`; nothing where a whole sheet is meant.
fn row_of(cell: &str) -> u32 {
    cell.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()).parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "房屋,收费项目,缴费周期,开始时间,结束时间,缴费时间,应缴金额,实缴金额,收银员,备注\n";

    fn read_csv(rows: &str) -> PastSheet {
        read(&crate::sheet::read(format!("{HEADER}{rows}").as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn sums_that_do_not_fit_are_a_problem_of_the_sheet() {
        let row = |room: &str| format!("{room},物业费,1个月,2025-01-01,2025-01-31,,90000000000000000.00,0,,\n");
        let one = read_csv(&row("1-101"));
        assert_eq!((one.problem_count, one.amount_fen.fen()), (0, 9_000_000_000_000_000_000));
        let two = read_csv(&[row("1-101"), row("1-102")].concat());
        let codes: Vec<&str> = two.problems.iter().map(|problem| problem.code.as_str()).collect();
        assert_eq!((codes.as_slice(), two.problem_count), (&["billing.too_large"][..], 1));
    }

    #[test]
    fn another_systems_history_becomes_bills() {
        let sheet = read_csv(
            "1-1-1001,物业费,1,2025-01-01,2025-02-01,2025-01-08,280.00,280.00,王会计,手工导入\n1-1-1002,物业费,12,2025-01-01,2025-12-31,,3360,,,\n",
        );
        assert_eq!(sheet.problems, []);
        let [paid, unpaid] = sheet.bills.as_slice() else { panic!("two bills") };
        assert_eq!(
            (paid.period_to.to_string().as_str(), paid.paid_fen.fen(), paid.cashier.as_str()),
            ("2025-02-01", 28_000, "王会计")
        );
        assert_eq!((unpaid.period_to.to_string().as_str(), unpaid.paid_fen.fen(), unpaid.paid_day), ("2026-01-01", 0, None));
        assert_eq!((sheet.amount_fen.fen(), sheet.paid_fen.fen()), (364_000, 28_000));
    }

    /// From 20 February: to the 20th of a later month is a month or more, to any other day includes that day.
    #[rstest::rstest]
    #[case("2025-03-20", "2025-03-20")]
    #[case("2026-02-20", "2026-02-20")]
    #[case("2025-03-19", "2025-03-20")]
    #[case("2025-02-20", "2025-02-21")]
    #[case("2025-02-28", "2025-03-01")]
    fn a_period_ends_with_its_last_day_or_with_the_same_day_of_a_later_month(#[case] to: Day, #[case] expected: Day) {
        assert_eq!(after("2025-02-20".parse().unwrap(), to), expected);
    }

    #[test]
    fn our_own_workbook_comes_back_as_it_went_without_void_bills() {
        let header = "房号,收费科目,开始日期,结束日期,应收金额,实收金额,账单号,状态\n";
        let rows = "1-1-1001,水费,2026-01-05,2026-02-05,20,0,ZD202601-000001,未收\n1-1-1001,水费,2026-01-05,2026-02-05,30,0,ZD202601-000002,已作废\n";
        let sheet = read(&crate::sheet::read(format!("{header}{rows}").as_bytes()).unwrap()).unwrap();
        let [bill] = sheet.bills.as_slice() else { panic!("one bill: {:?}", sheet.bills) };
        assert_eq!((bill.amount_fen.fen(), bill.period_to.to_string().as_str()), (2_000, "2026-02-06"));
    }

    #[test]
    fn every_problem_names_its_cell() {
        let sheet = read_csv(
            "1-1-1001,物业费,1,2025-13-01,2025-02-01,,280.00,300,,\n,物业费,1,2025-01-01,2025-01-31,,-5,,,\n1-1-1003,水费,1,2025-01-01,2025-01-31,,10,12,,\n",
        );
        let found: Vec<(String, &str)> = sheet
            .problems
            .iter()
            .map(|problem| (problem.at.rsplit('!').next().unwrap_or_default().to_owned(), problem.code.as_str()))
            .collect();
        assert!(found.contains(&("D2".to_owned(), "not_a_day")), "{found:?}");
        assert!(found.contains(&("A3".to_owned(), "required")), "{found:?}");
        assert!(
            found.contains(&("H4".to_owned(), "billing.paid_more")) && found.contains(&("F4".to_owned(), "required")),
            "{found:?}"
        );
        let at = sheet.at_cell(&FieldProblem::new("bills.4.unit", "billing.unit_unknown").with("value", "1-1-1003"));
        assert!(at.at.ends_with("A4"), "{}", at.at);
    }

    #[test]
    fn only_sound_rows_are_added_up_and_the_others_are_counted() {
        let mut sheet = read_csv(
            "1-1-1001,物业费,1,2025-01-01,2025-01-31,2025-01-08,280.00,280.00,,\n\
             1-1-1002,物业费,1,2025-01-01,2025-01-31,,-50,,,\n\
             1-1-1003,空调费,1,2025-01-01,2025-01-31,,99,,,\n\
             ,水费,1,2025-01-01,2025-13-31,,7,,,\n",
        );
        assert_eq!((sheet.bills.len(), sheet.faulty, sheet.problem_count), (2, 2, 3));
        assert_eq!((sheet.amount_fen.fen(), sheet.paid_fen.fen()), (37_900, 28_000));
        let named: Vec<_> = sheet.names.iter().map(|names| (names.row, names.unit.as_str(), names.fee_item.as_str())).collect();
        assert_eq!(named, [(3, "1-1-1002", "物业费"), (5, "", "水费")]);

        // The server knows neither this room nor that fee item.
        let found = ["bills.3.unit", "bills.4.fee_item"].map(|field| FieldProblem::new(field, "billing.unit_unknown"));
        sheet.add_found(&found);
        assert_eq!((sheet.bills.len(), sheet.faulty, sheet.problem_count), (1, 3, 5));
        assert_eq!((sheet.amount_fen.fen(), sheet.paid_fen.fen()), (28_000, 28_000));
        let cells: Vec<_> = sheet.problems.iter().map(|problem| problem.at.rsplit('!').next().unwrap()).collect();
        assert_eq!(cells, ["G3", "A3", "B4", "A5", "E5"]);
    }
}
