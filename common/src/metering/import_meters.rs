//! A workbook of meters becomes meters to put up.

use serde::{Deserialize, Serialize};

use super::api::FirstReading;
use super::{Role, Utility};
use crate::charging::rate::Counted;
use crate::quantity::Quantity;

/// A meter of a workbook: its unit, master meter and fee item are named, the server finds them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct NewMeter {
    /// The cell of its code, for what the server finds wrong.
    pub at: String,
    pub code: String,
    pub role: Role,
    pub utility: Utility,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// The unit's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The master meter's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// What it counts: all, or one register of a meter that counts peak and valley apart.
    #[serde(default = "crate::charging::rate::total", skip_serializing_if = "crate::charging::rate::is_total")]
    pub register: Counted,
    /// The fee item's name or code.
    pub fee_item: String,
    pub multiplier: Quantity,
    pub digits: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<FirstReading>,
}

/// What was read from the workbook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg(feature = "sheet")]
pub struct Checked {
    pub rows: Vec<NewMeter>,
    pub problems: Vec<crate::sheet::CellProblem>,
    /// How many there are in all.
    pub total: usize,
}

/// The columns that are understood, by the headers that we and other systems write.
#[cfg(feature = "sheet")]
pub const COLUMNS: &[crate::sheet::Column] = {
    use crate::sheet::Column;
    &[
        Column::required("code", &["表号", "仪表编号", "表编号", "Meter number", "Meter"]),
        Column::optional("role", &["用途", "仪表用途", "Role"]),
        Column::required("utility", &["表类型", "类型", "仪表类型", "Type", "Utility"]),
        Column::optional("unit", &["房屋", "房屋编码", "房屋编号", "房号", "Unit"]),
        Column::optional("place", &["位置", "安装位置", "名称", "Place"]),
        Column::optional("parent", &["总表", "上级表", "总表编号", "Master"]),
        Column::required("fee_item", &["费用项", "收费项目", "收费科目", "Fee item"]),
        Column::optional("register", &["费率时段", "时段", "费率", "Register"]),
        Column::optional("multiplier", &["倍率", "Multiplier"]),
        Column::optional("digits", &["位数", "整数位数", "Digits"]),
        Column::optional("value", &["底数", "初始读数", "表底", "Initial reading"]),
        Column::optional("day", &["底数日期", "安装日期", "初始读数日期", "Initial day"]),
    ]
};

/// Reads the meters of a workbook; what needs the database is checked by the server.
#[cfg(feature = "sheet")]
pub fn check(workbook: &crate::sheet::Workbook) -> Checked {
    let mut problems = crate::sheet::Problems::default();
    let mut rows = Vec::new();
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
            let Some(meter) = meter(&row, &mut problems) else { continue };
            if let Some(other) = seen.insert(meter.code.clone(), meter.at.clone()) {
                problems.add(row.problem("code", "metering.twice_in_file").with("other", other));
            }
            rows.push(meter);
        }
    }
    Checked { rows, total: problems.total, problems: problems.list }
}

#[cfg(feature = "sheet")]
fn meter(row: &crate::sheet::Row<'_>, problems: &mut crate::sheet::Problems) -> Option<NewMeter> {
    use super::usage::DIGITS_MOST;
    let code = problems.need(row, "code", row.short_text("code", 40));
    let utility = problems.need(row, "utility", row.parsed("utility", "metering.unknown_utility", Utility::from_text));
    let fee_item = problems.need(row, "fee_item", row.short_text("fee_item", 60));
    let role = problems.take(row.parsed("role", "metering.unknown_role", Role::from_text));
    let unit = problems.take(row.text("unit")).map(|unit| unit.into_owned());
    let place = problems.take(row.short_text("place", 60)).map(|place| place.into_owned()).unwrap_or_default();
    let parent = problems.take(row.text("parent")).map(|parent| parent.into_owned());
    let multiplier = problems.take(row.quantity("multiplier")).unwrap_or(Quantity::ONE);
    let digits = problems.take(row.int("digits")).unwrap_or(5);
    let role = role.unwrap_or(if unit.is_some() { Role::Household } else { Role::Public });
    let register =
        problems.take(row.parsed("register", "metering.unknown_register", Counted::from_text)).unwrap_or(Counted::Total);
    let value = problems.take(row.quantity("value"));
    let day = problems.take(row.day("day"));
    if role == Role::Household && unit.is_none() {
        problems.add(row.problem("unit", "required"));
    }
    if multiplier.is_zero() {
        problems.add(row.problem("multiplier", "not_positive"));
    }
    let digits = u32::try_from(digits).ok().filter(|digits| (3..=DIGITS_MOST).contains(digits)).or_else(|| {
        problems.add(row.problem("digits", "metering.digits").with("most", DIGITS_MOST));
        None
    });
    if value.is_some() && day.is_none() && row.is_empty("day") {
        problems.add(row.problem("day", "required"));
    }
    Some(NewMeter {
        at: row.at("code").to_string(),
        code: code?.into_owned(),
        role,
        utility: utility?,
        place,
        unit,
        parent,
        register,
        fee_item: fee_item?.into_owned(),
        multiplier,
        digits: digits?,
        first: value.zip(day).map(|(value, day)| FirstReading { value, day }),
    })
}

#[cfg(all(test, feature = "sheet"))]
mod tests {
    use super::*;

    #[test]
    fn meters_are_read_with_sensible_defaults_and_every_fault_named() {
        let sheet = "名称,表号,表类型,房屋,费用项,倍率,底数,底数日期\n\
            1室水表,SB-1,水表,1-1-0101,水费,,12.5,2026-01-01\n\
            电梯,DB-G1,电表,,公摊电费,40,,\n\
            坏的,,电表,,公摊电费,0,,\n";
        let done = check(&crate::sheet::read(sheet.as_bytes()).unwrap());
        let made: Vec<(&str, Role, Quantity)> =
            done.rows.iter().map(|meter| (meter.code.as_str(), meter.role, meter.multiplier)).collect();
        assert_eq!(made, [("SB-1", Role::Household, Quantity::ONE), ("DB-G1", Role::Public, "40".parse().unwrap())]);
        let found: Vec<(&str, &str)> = done.problems.iter().map(|problem| (problem.at.as_str(), problem.code.as_str())).collect();
        assert_eq!(found, [("B4", "required"), ("F4", "not_positive")]);
    }
}
