//! A workbook of readings: read and checked as the product does it, against calamine reading the same file.

use std::io::Cursor;
use std::time::Instant;

use calamine::{Reader as _, Xlsx};
use common::id::MeterId;
use common::metering::api::FirstReading;
use common::metering::book::{Book, KnownMeter};
use common::metering::import::{Cures, Index, Options, check};
use common::metering::{Role, Utility};
use common::period::Day;
use common::quantity::Quantity;
use common::sheet;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use uuid::Uuid;

use crate::{Outcome, micros, peak_kb, percentile};

const TIMES: usize = 7;

pub(crate) fn read(rows: u32) -> Outcome<String> {
    let file = workbook(rows)?;
    let book = book(rows)?;
    let today = Day::from_ymd_opt(2026, 11, 2).ok_or("a day")?;
    let options = Options {
        month: "2026-10".parse().map_err(|_| "a month")?,
        utility: Some(Utility::Water),
        day: Day::from_ymd_opt(2026, 10, 31).ok_or("a day")?,
        today,
    };
    let (mut bare, mut ours, mut parse) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let start = Instant::now();
        let mut opened: Xlsx<_> = Xlsx::new(Cursor::new(&file))?;
        let sheet = opened.worksheet_range("水表")?;
        if sheet.height() != rows as usize + 1 {
            return Err("calamine read other rows".into());
        }
        drop((sheet, opened));
        bare.push(micros(start));
        let start = Instant::now();
        let read = sheet::read(&file)?;
        parse.push(micros(start));
        let index = Index::new(&book);
        let checked = check(&read, &index, &options, &Cures::default());
        if checked.rows.len() != rows as usize {
            return Err(format!("{:?}", checked.preview.bad_rows.first()).into());
        }
        drop((checked, read));
        ours.push(micros(start));
    }
    Ok(format!(
        r#"{{"rows":{rows},"bytes":{},"calamine_micros":{},"parse_micros":{},"micros":{},"peak_kb":{}}}"#,
        file.len(),
        percentile(&mut bare, 50),
        percentile(&mut parse, 50),
        percentile(&mut ours, 50),
        peak_kb()
    ))
}

/// Five columns, as our own template has them.
fn workbook(rows: u32) -> Outcome<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("水表")?;
    for (column, header) in (0..).zip(["表号", "房屋", "上期读数", "本期读数", "抄表日"]) {
        sheet.write(0, column, header)?;
    }
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let read = ExcelDateTime::from_ymd(2026, 10, 31)?;
    for row in 0..rows {
        sheet.write(row + 1, 0, meter_code(row))?;
        sheet.write(row + 1, 1, unit_code(row))?;
        sheet.write(row + 1, 2, 100 + row % 50)?;
        sheet.write(row + 1, 3, 110 + row % 50 + row % 7)?;
        sheet.write_with_format(row + 1, 4, &read, &day)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn book(rows: u32) -> Outcome<Book> {
    let first = Day::from_ymd_opt(2026, 9, 30).ok_or("a day")?;
    let usage = Some(Quantity::from_scaled(120_000));
    let meters = (0..rows).map(|row| KnownMeter {
        id: MeterId(Uuid::now_v7()),
        code: meter_code(row),
        role: Role::Household,
        utility: Utility::Water,
        unit_code: unit_code(row),
        label: unit_code(row),
        register: common::charging::rate::Counted::Total,
        multiplier: Quantity::ONE,
        digits: 6,
        last: Some(FirstReading { value: Quantity::from_scaled(i64::from(100 + row % 50) * 10_000), day: first }),
        least: None,
        read: None,
        past: vec![usage; 11],
    });
    Ok(Book { month: "2026-10".parse().map_err(|_| "a month")?, meters: meters.collect() })
}

fn meter_code(row: u32) -> String {
    format!("W-{row:06}")
}

fn unit_code(row: u32) -> String {
    format!("{}-1-{}{:02}", row / 500 + 1, row % 500 / 20 + 1, row % 20 + 1)
}
