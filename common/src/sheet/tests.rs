use rust_xlsxwriter::{ExcelDateTime, Format, Workbook as Writer};

use super::*;

const ROOMS: &[Column] = &[
    Column::required("building", &["楼栋", "楼号", "楼栋编号"]),
    Column::required("room", &["房号", "房间"]),
    Column::optional("area", &["建筑面积", "面积"]),
    Column::optional("phone", &["手机号", "联系电话"]),
    Column::optional("id_number", &["身份证号"]),
    Column::optional("day", &["交房日期"]),
];

fn written(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Writer::new();
    let sheet = book.add_worksheet();
    sheet.set_name("房屋信息").unwrap();
    fill(sheet);
    book.save_to_buffer().unwrap()
}

fn first(bytes: &[u8]) -> Sheet {
    read(bytes).unwrap().sheets.remove(0)
}

fn refused(bytes: &[u8]) -> String {
    read(bytes).unwrap_err().code
}

#[test]
fn the_header_is_found_below_a_title_and_beside_notes_however_it_is_spelt() {
    let sheet = first(&written(|sheet| {
        sheet.merge_range(0, 0, 0, 5, "安居花园房屋信息", &Format::new()).unwrap();
        sheet.write(1, 0, "说明：楼号填数字").unwrap();
        for (col, header) in ["楼 号*", "房间\n（必填）", "建筑面积（㎡）", "手机号", "备注"].into_iter().enumerate()
        {
            sheet.write(2, u16::try_from(col).unwrap(), header).unwrap();
        }
        sheet.write(3, 0, 3).unwrap();
        sheet.write(3, 1, 1501).unwrap();
        sheet.write(3, 2, "１１８．６４ ㎡").unwrap();
        sheet.write(5, 8, "说明在旁边").unwrap();
    }));
    let table = sheet.table(ROOMS).unwrap();
    assert_eq!(table.ignored(), ["备注"]);
    assert_eq!(table.found()[2].at, "房屋信息!C3");
    let rows: Vec<_> = table.rows().collect();
    assert_eq!(rows.len(), 1, "the note beside the table is no row");
    assert_eq!(rows[0].text("room").unwrap().unwrap(), "1501");
    assert_eq!(rows[0].quantity("area").unwrap().unwrap().to_string(), "118.64");
    assert_eq!(rows[0].phone("phone"), Ok(None));
}

#[test]
fn a_missing_column_and_a_sheet_without_header_are_named() {
    let sheet = first(&written(|sheet| {
        sheet.write(0, 0, "楼号").unwrap();
        sheet.write(1, 0, 1).unwrap();
    }));
    let problems = sheet.table(ROOMS).unwrap_err();
    assert_eq!(problems, [CellProblem::new("房屋信息!A1", "sheet.column_missing").with("column", "房号")]);
    let sheet = first(&written(|sheet| {
        sheet.write(0, 0, "随便").unwrap();
    }));
    assert_eq!(sheet.table(ROOMS).unwrap_err()[0].code, "sheet.no_header");
}

#[test]
fn every_bad_cell_is_named_by_its_address() {
    let sheet = first(&written(|sheet| {
        for (col, header) in ["楼号", "房间", "面积", "手机号", "身份证号", "交房日期"].into_iter().enumerate() {
            sheet.write(0, u16::try_from(col).unwrap(), header).unwrap();
        }
        let date = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write(1, 0, "#N/A").unwrap();
        sheet.write_with_format(1, 1, ExcelDateTime::from_ymd(2026, 3, 2).unwrap(), &date).unwrap();
        sheet.write(1, 2, -1).unwrap();
        sheet.write(1, 3, "1.38E+10").unwrap();
        sheet.write(1, 4, 330_106_199_001_011_234_u64).unwrap();
        sheet.write(1, 5, "去年").unwrap();
        sheet.write_formula(2, 2, rust_xlsxwriter::Formula::new("=0.1+0.2").set_result("0.30000000000000004")).unwrap();
        sheet.write(2, 3, 18_999_999_999_u64).unwrap();
        sheet.write(2, 4, "１１１１１１１１１１１１１１１１１１").unwrap();
        sheet.write(2, 5, 43_992).unwrap();
        sheet.write_with_format(3, 5, ExcelDateTime::from_ymd(2020, 6, 10).unwrap(), &date).unwrap();
        sheet.write(4, 5, "2020年6月10日").unwrap();
        sheet.write(5, 5, "2020/6/10 00:00:00").unwrap();
        sheet.write(6, 2, 94.567_89).unwrap();
        sheet.write(6, 3, "138 1234 6027").unwrap();
    }));
    let table = sheet.table(ROOMS).unwrap();
    let rows: Vec<_> = table.rows().collect();
    let told = |problem: CellProblem| format!("{} {}", problem.at, problem.code);
    assert_eq!(told(rows[0].text("room").unwrap_err()), "房屋信息!B2 sheet.became_a_date");
    assert_eq!(told(rows[0].quantity("area").unwrap_err()), "房屋信息!C2 negative");
    assert_eq!(told(rows[0].phone("phone").unwrap_err()), "房屋信息!D2 sheet.lost_digits");
    assert_eq!(told(rows[0].id_number("id_number").unwrap_err()), "房屋信息!E2 sheet.lost_digits");
    assert_eq!(told(rows[0].day("day").unwrap_err()), "房屋信息!F2 not_a_day");
    assert_eq!(rows[1].decimal("area").unwrap().unwrap().to_string(), "0.3", "noise of binary fractions");
    assert_eq!(rows[1].phone("phone"), Ok(None), "a placeholder");
    assert_eq!(rows[1].id_number("id_number"), Ok(None), "a placeholder");
    for row in &rows[1..5] {
        assert_eq!(row.day("day").unwrap().unwrap().to_string(), "2020-06-10", "row {}", row.number());
    }
    assert_eq!(told(rows[5].quantity("area").unwrap_err()), "房屋信息!C7 sheet.too_many_decimals");
    assert_eq!(rows[5].phone("phone").unwrap().unwrap().as_str(), "13812346027");
}

#[test]
fn a_building_merged_over_its_rooms_is_each_rooms_building() {
    let sheet = first(&written(|sheet| {
        sheet.write(0, 0, "楼号").unwrap();
        sheet.write(0, 1, "房间").unwrap();
        sheet.merge_range(1, 0, 3, 0, "3栋", &Format::new()).unwrap();
        for row in 1..=3 {
            sheet.write(row, 1, 100 + row).unwrap();
        }
    }));
    let table = sheet.table(ROOMS).unwrap();
    let buildings: Vec<_> = table.rows().map(|row| row.text("building").unwrap().unwrap().into_owned()).collect();
    assert_eq!(buildings, ["3栋", "3栋", "3栋"]);
}

#[test]
fn text_files_of_every_origin_are_read() {
    let text = "楼号,房间,手机号\r\n\r\n3,\"=\"\"0101\"\"\",13812346027\r\n";
    let gbk = encoding_rs::GBK.encode(text).0.into_owned();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let wide: Vec<u8> = [0xfeff].into_iter().chain(text.replace(',', "\t").encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [text.as_bytes().to_vec(), gbk, marked, wide] {
        let sheet = first(&bytes);
        let table = sheet.table(ROOMS).unwrap();
        let row = table.rows().next().unwrap();
        assert_eq!((row.text("building").unwrap().unwrap().as_ref(), row.at("room").to_string().as_str()), ("3", "B3"));
        if !bytes.contains(&b'\t') {
            assert_eq!(row.text("room").unwrap().unwrap(), "0101");
        }
    }
}

#[test]
fn the_other_systems_workbooks_are_read() {
    let files: [(&[u8], &[(&str, usize)]); 3] = [
        (include_bytes!("../../../e2e/files/other-systems/importRoom.xlsx"), &[("资产信息", 19)]),
        (
            include_bytes!("../../../e2e/files/other-systems/hc.xlsx"),
            &[("楼栋单元", 27), ("业主信息", 16), ("费用设置", 19), ("房屋信息", 20), ("车位信息", 18)],
        ),
        (
            include_bytes!("../../../e2e/files/other-systems/wy.xlsx"),
            &[("楼栋单元", 27), ("业主信息", 14), ("费用设置", 19), ("房屋信息", 15), ("车位信息", 16)],
        ),
    ];
    for (bytes, sheets) in files {
        let read: Vec<_> = read(bytes).unwrap().sheets.iter().map(|sheet| (sheet.name.clone(), sheet.used_rows())).collect();
        let wanted: Vec<_> = sheets.iter().map(|(name, rows)| ((*name).to_owned(), *rows)).collect();
        assert_eq!(read, wanted);
    }
}

#[test]
fn a_workbook_is_utf_8_whatever_it_declares() {
    let whole = written(|sheet| {
        sheet.write(0, 0, "楼号").unwrap();
    });
    let (mut stored, _) = archive::unpack(&whole, Limits::default()).unwrap();
    let (told, other) = (b"encoding=\"UTF-8\"", b"encoding=\"cp866\"");
    let places: Vec<usize> = (0..stored.len() - told.len()).filter(|place| stored[*place..].starts_with(told)).collect();
    assert!(places.len() > 3);
    for place in places {
        stored[place..place + other.len()].copy_from_slice(other);
    }
    assert_eq!(first(&stored).get(0, 0), &Cell::Text("楼号".into()));
}

#[test]
fn what_is_not_a_workbook_is_refused_with_its_reason() {
    assert_eq!(refused(b""), "sheet.empty");
    assert_eq!(refused(&written(|_| ())), "sheet.empty");
    assert_eq!(refused(b"\n \n"), "sheet.empty");
    assert_eq!(refused(b"PK\x03\x04 and then nothing"), "sheet.not_a_workbook");
    assert_eq!(refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "sheet.not_a_workbook");
    assert_eq!(refused(b"<html><table><tr><td>1</td></tr></table>"), "sheet.not_a_workbook");
    assert_eq!(refused(&[&[0xd0, 0xcf, 0x11, 0xe0][..], &[0; 600]].concat()), "sheet.old_format");
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refused(&[&[0xd0, 0xcf, 0x11, 0xe0][..], &[0; 600], &name].concat()), "sheet.encrypted");
    let whole = written(|sheet| {
        sheet.write(0, 0, "楼号").unwrap();
    });
    for cut in [whole.len() / 3, whole.len() / 2, whole.len() - 30] {
        assert_eq!(refused(&whole[..cut]), "sheet.not_a_workbook");
    }
    // Any byte changed: an answer, whatever it is.
    for place in (0..whole.len()).step_by(7) {
        let mut bent = whole.clone();
        bent[place] ^= 0x55;
        drop(read(&bent));
    }
}

#[test]
fn what_is_too_large_is_refused_before_it_is_unpacked_or_kept() {
    let limits = Limits { bytes: 1 << 20, unpacked: 1 << 20, rows: 50, columns: 10, cells: 200 };
    let refused = |fill: &dyn Fn(&mut rust_xlsxwriter::Worksheet)| read_within(&written(fill), limits).unwrap_err().code;
    assert_eq!(
        refused(&|sheet| {
            sheet.write(0, 10, "K").unwrap();
        }),
        "sheet.too_many_columns"
    );
    assert_eq!(
        refused(&|sheet| (0..51).for_each(|row| {
            sheet.write(row, 0, row).unwrap();
        })),
        "sheet.too_many_rows"
    );
    let square = |sheet: &mut rust_xlsxwriter::Worksheet| {
        for place in 0..400_u32 {
            sheet.write(place / 10, u16::try_from(place % 10).unwrap(), place).unwrap();
        }
    };
    assert_eq!(refused(&square), "sheet.too_large");
    assert_eq!(read_within(&vec![b','; 2 << 20], limits).unwrap_err().code, "sheet.too_large");
    // A bomb: 30 MB of blanks pack into 30 KB.
    let blanks = " ".repeat(30 << 20);
    assert_eq!(
        refused(&|sheet| {
            sheet.write(0, 0, &blanks[..32_000]).unwrap();
        }),
        "sheet.empty"
    );
    let bomb = bomb(blanks.as_bytes());
    assert!(bomb.len() < 100_000);
    assert_eq!(read_within(&bomb, limits).unwrap_err().code, "sheet.too_large");
}

/// A zip file with one part that claims to unpack to one byte and does not.
fn bomb(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(content).unwrap();
    let packed = packer.finish().unwrap();
    let name = b"xl/workbook.xml";
    let length = u32::try_from(packed.len()).unwrap().to_le_bytes();
    let common = [&[20, 0, 0, 8, 8, 0, 0, 0, 0x21, 0, 0, 0, 0, 0][..], &length, &[1, 0, 0, 0, 15, 0, 0, 0]].concat();
    let local = [b"PK\x03\x04", &common[..], name, &packed[..]].concat();
    let central = [b"PK\x01\x02\x14\x00", &common[..], &[0; 14], name].concat();
    let at = u32::try_from(local.len()).unwrap().to_le_bytes();
    let size = u32::try_from(central.len()).unwrap().to_le_bytes();
    [&local[..], &central, b"PK\x05\x06\0\0\0\0\x01\0\x01\0", &size, &at, &[0, 0]].concat()
}

#[test]
fn addresses_are_those_of_excel() {
    assert_eq!(At { sheet: "房屋信息", col: 4, row: 16 }.to_string(), "房屋信息!E17");
    assert_eq!([0, 25, 26, 51, 52, 701, 702].map(column_letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
}

#[test]
fn the_last_row_of_a_sheet_costs_no_more_than_the_second() {
    let sheet = first(&written(|sheet| {
        sheet.write(0, 0, "楼号").unwrap();
        sheet.write_formula(1_048_575, 0, rust_xlsxwriter::Formula::new("=A1").set_result("3")).unwrap();
        sheet.merge_range(1, 1, 1_048_575, 1, "合并", &rust_xlsxwriter::Format::new()).unwrap();
    }));
    assert_eq!(sheet.get(1_048_575, 0), &Cell::Number(3.into()));
    assert!(sheet.used_rows() <= 3);
}

/// A zip file with these parts, packed.
fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let (mut all, mut central) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(content.as_bytes()).unwrap();
        let packed = packer.finish().unwrap();
        let mut crc = flate2::Crc::new();
        crc.update(content.as_bytes());
        let number = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
        let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let sizes = [&crc.sum().to_le_bytes()[..], &number(packed.len()), &number(content.len()), &name_length, &[0, 0]].concat();
        let common = [&[20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0][..], &sizes].concat();
        central.extend([b"PK\x01\x02\x14\x00", &common[..], &[0; 10], &number(all.len()), name.as_bytes()].concat());
        all.extend([b"PK\x03\x04", &common[..], name.as_bytes(), &packed].concat());
    }
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    let number = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0", &count[..], &count, &number(central.len()), &number(all.len()), &[0, 0]].concat();
    [all, central, end].concat()
}

#[test]
fn a_sheet_that_is_full_to_its_last_row_is_refused_by_its_rows() {
    let rows = |count: usize| {
        let row = "<row><c><v>1</v></c></row>".repeat(count);
        let sheet = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{row}</sheetData></worksheet>"
        );
        let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let of = |kind: &str, target: &str| {
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{relation}/{kind}\" Target=\"{target}\"/></Relationships>"
            )
        };
        let book = format!(
            "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{relation}\"><sheets><sheet name=\"满\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
        );
        zipped(&[
            ("_rels/.rels", &of("officeDocument", "xl/workbook.xml")),
            ("xl/_rels/workbook.xml.rels", &of("worksheet", "worksheets/sheet1.xml")),
            ("xl/workbook.xml", &book),
            ("xl/worksheets/sheet1.xml", &sheet),
        ])
    };
    assert_eq!(first(&rows(3)).used().count(), 3, "such a file is a workbook");
    let full = rows(1_048_576);
    assert!(full.len() < 1 << 20);
    let problem = read(&full).unwrap_err();
    assert_eq!((problem.code.as_str(), problem.args.get("most").map(String::as_str)), ("sheet.too_many_rows", Some("200000")));
}
