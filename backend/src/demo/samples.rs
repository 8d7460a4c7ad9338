//! Workbooks to try imports with: sound ones, and the same with mistakes in cells that are known.

use common::estate::UnitState;
use common::estate::draft::{EstateDraft, OccupancyDraft, UnitDraft};
use common::estate::import::COLUMNS;
use common::metering::Utility;
use common::metering::api::FirstReading;
use common::period::{Day, Month};
use common::sheet::column_letters;
use common::text::{Language, text};

use super::{Calendar, Made, Size, clock, estate, metering};
use crate::Failure;
use crate::workbook::{Book, Col, Kind, Value};

/// A workbook and what is wrong in it.
pub struct Sample {
    pub name: String,
    pub bytes: Vec<u8>,
    /// The cells with mistakes, such as `房屋!Q5`; none in a sound one.
    pub wrong: Vec<String>,
}

/// All samples, for the demonstration that ends on this day.
pub fn samples(today: Day) -> Made<Vec<Sample>> {
    let calendar = Calendar::new(today, clock(today, 17, 30), Size::Whole);
    let towers = estate::of_towers(&calendar);
    let mut samples = Vec::new();
    for (name, pages, mistakes) in [
        ("房屋住户导入", vec![own(&estate::extension(&calendar))], OWN),
        ("其他系统-资产信息", vec![import_room()], IMPORT_ROOM),
        ("其他系统-多表hc", hc(), HC),
        ("其他系统-多表wy", wy(), WY),
        ("抄表", readings(&towers, &calendar), READINGS),
        ("历史账单", vec![past(&towers, &calendar)], PAST),
        ("其他系统-房屋缴费历史", vec![history(&towers, &calendar)], HISTORY),
    ] {
        let name = if name == "抄表" { format!("{name}-{}", Month::of(today)) } else { name.to_owned() };
        samples.push(sample(format!("{name}.xlsx"), &pages, &[])?);
        samples.push(sample(format!("{name}-有误.xlsx"), &pages, mistakes)?);
    }
    Ok(samples)
}

/// What the samples of readings are checked against: the towers' meters as the product knows them on this day.
pub fn next_book(today: Day) -> common::metering::book::Book {
    let calendar = Calendar::new(today, clock(today, 17, 30), Size::Whole);
    metering::next_book(&estate::of_towers(&calendar), &calendar)
}

/// A mistake: in which sheet, row (as people count) and column, and what stands there.
type Mistake = (&'static str, usize, &'static str, &'static str);

/// A sheet: its columns and its cells as people would write them.
struct Page {
    name: String,
    columns: Vec<(String, Kind)>,
    rows: Vec<Vec<Value<'static>>>,
}

impl Page {
    fn new(name: &str, columns: &[(&str, Kind)]) -> Self {
        let columns = columns.iter().map(|(title, kind)| ((*title).to_owned(), *kind)).collect();
        Self { name: name.to_owned(), columns, rows: Vec::new() }
    }

    /// A sheet of texts only, as other systems ask for.
    fn of_texts(name: &str, columns: &[&'static str], rows: &[&[&'static str]]) -> Self {
        let columns: Vec<_> = columns.iter().map(|title| (*title, Kind::Text)).collect();
        let mut page = Self::new(name, &columns);
        page.rows = rows.iter().map(|row| row.iter().map(|cell| Value::Text(cell)).collect()).collect();
        page
    }

    fn column(&self, title: &str) -> Option<usize> {
        self.columns.iter().position(|(known, _)| known == title)
    }
}

fn sample(name: String, pages: &[Page], mistakes: &[Mistake]) -> Made<Sample> {
    let mut book = Book::new();
    let mut wrong = Vec::new();
    for page in pages {
        let columns = page.columns.iter().map(|(title, kind)| Col::new(title, *kind)).collect();
        let mut sheet = book.sheet(&page.name, columns).map_err(Failure::into_problem)?;
        for (number, row) in (2_usize..).zip(&page.rows) {
            let mut row = row.clone();
            for (_, _, title, text) in mistakes.iter().filter(|(of, at, ..)| *of == page.name && *at == number) {
                let Some(place) = page.column(title) else { return Err(format!("{} has no column {title}", page.name).into()) };
                if let Some(cell) = row.get_mut(place) {
                    *cell = if text.is_empty() { Value::Empty } else { Value::Text(text) };
                    wrong.push(format!("{}!{}{number}", page.name, column_letters(u16::try_from(place)?)));
                }
            }
            sheet.row(row).map_err(Failure::into_problem)?;
        }
        sheet.finish(Language::Chinese).map_err(Failure::into_problem)?;
    }
    Ok(Sample { name, bytes: book.finish().map_err(Failure::into_problem)?, wrong })
}

const OWN: &[Mistake] = &[
    ("房屋", 4, "手机号", "1381234602"),
    ("房屋", 6, "建筑面积", "约九十"),
    ("房屋", 9, "资源类型", "别墅群"),
    ("房屋", 12, "身份证号", "330199198001010000"),
    ("房屋", 15, "交房日期", "2025-13-01"),
    ("房屋", 18, "房号", ""),
    ("房屋", 21, "楼层", "九百"),
];

/// Our own template, a row per unit and person.
fn own(draft: &EstateDraft) -> Page {
    let kind = |key: &str| match key {
        "floor" | "heads" => Kind::Whole,
        "billed_area" | "inner_area" => Kind::Quantity,
        "property_value" | "rent" => Kind::Money,
        "handed_over" | "moved_in" | "moved_out" | "lease_from" | "lease_to" => Kind::Day,
        _ => Kind::Text,
    };
    let chinese = |id: &str| text(Language::Chinese, id);
    let mut page = Page {
        name: chinese("estate-template-sheet"),
        columns: COLUMNS.iter().map(|column| (chinese(&format!("estate-column-{}", column.key)), kind(column.key))).collect(),
        rows: Vec::new(),
    };
    for (unit, place) in draft.units.iter().zip(0_u32..) {
        let held: Vec<&OccupancyDraft> = draft.occupancies.iter().filter(|held| held.unit == place).collect();
        let mut rows: Vec<Option<&OccupancyDraft>> = held.into_iter().map(Some).collect();
        if rows.is_empty() {
            rows.push(None);
        }
        for (number, held) in rows.into_iter().enumerate() {
            let row = COLUMNS.iter().map(|column| own_cell(draft, place, unit, held, number == 0, column.key));
            page.rows.push(row.collect());
        }
    }
    page
}

fn own_cell(
    draft: &EstateDraft,
    place: u32,
    unit: &UnitDraft,
    held: Option<&OccupancyDraft>,
    first: bool,
    key: &str,
) -> Value<'static> {
    let chinese = |id: String| Value::Owned(text(Language::Chinese, &id));
    let (building, entrance) = draft.place(unit);
    let resident = held.and_then(|held| draft.residents.get(usize::try_from(held.resident).ok()?));
    let car = draft.vehicles.iter().find(|vehicle| first && vehicle.unit == Some(place));
    let own = |text: Option<&str>| Value::from(text.map(str::to_owned));
    match key {
        "building" => own(building),
        "entrance" => own(entrance),
        "floor" => unit.floor.into(),
        "room" => own(Some(&unit.room)),
        "kind" => chinese(unit.kind.text_id()),
        "state" => chinese(unit.state.text_id()),
        "billed_area" => unit.billed_area.into(),
        "inner_area" => unit.inner_area.into(),
        "heads" => unit.heads.into(),
        "layout" => own(unit.layout.as_deref()),
        "decoration" => unit.decoration.map_or(Value::Empty, |word| chinese(word.text_id())),
        "handed_over" => unit.handed_over.into(),
        "property_value" => unit.property_value_fen.into(),
        "lift" => unit.facts.lift.map_or(Value::Empty, |lift| chinese(if lift { "estate-yes" } else { "estate-no" }.to_owned())),
        "name" => own(resident.map(|resident| resident.name.as_str())),
        "gender" => resident.and_then(|resident| resident.gender).map_or(Value::Empty, |word| chinese(word.text_id())),
        "phone" => own(resident.and_then(|resident| resident.phone.as_ref()).map(|phone| phone.as_str())),
        "id_number" => own(resident.and_then(|resident| resident.id_number.as_ref()).map(|number| number.as_str())),
        "role" => held.map_or(Value::Empty, |held| chinese(held.role.text_id())),
        "moved_in" => held.and_then(|held| held.from_day).into(),
        "plate" => own(car.map(|car| car.plate.as_str())),
        "brand" => own(car.map(|car| car.brand.as_str())),
        "colour" => own(car.map(|car| car.colour.as_str())),
        "place" => own(unit.facts.place.as_deref()),
        "right" => unit.facts.right.map_or(Value::Empty, |word| chinese(word.text_id())),
        _ => Value::Empty,
    }
}

const IMPORT_ROOM: &[Mistake] = &[
    ("资产信息", 3, "建筑面积", "89，5平"),
    ("资产信息", 4, "手机号", "139123"),
    ("资产信息", 5, "房屋类型", "999"),
    ("资产信息", 6, "房间", ""),
];

fn import_room() -> Page {
    let columns = [
        "楼号",
        "单元",
        "房间",
        "楼层",
        "总层数",
        "是否有电梯",
        "房屋类型",
        "房屋户型",
        "建筑面积",
        "室内面积",
        "租金",
        "房屋状态",
        "业主名称",
        "性别",
        "手机号",
        "身份证号",
        "业主类型",
    ];
    const NONE: &str = "111111111111111111";
    Page::of_texts(
        "资产信息",
        &columns,
        &[
            &[
                "9",
                "1",
                "101",
                "1",
                "6",
                "否",
                "110",
                "10102",
                "89.5",
                "72.1",
                "0",
                "2001",
                "严立群",
                "男",
                "13867120934",
                NONE,
                "1001",
            ],
            &[
                "9",
                "1",
                "101",
                "1",
                "6",
                "否",
                "110",
                "10102",
                "89.5",
                "72.1",
                "0",
                "2001",
                "严小雨",
                "女",
                "18999999999",
                NONE,
                "1002",
            ],
            &[
                "9",
                "1",
                "102",
                "1",
                "6",
                "否",
                "110",
                "10102",
                "76.32",
                "61",
                "0",
                "2001",
                "温如言",
                "女",
                "13957180266",
                NONE,
                "1001",
            ],
            &["9", "1", "201", "2", "6", "否", "110", "10102", "89.5", "72.1", "0", "2002", "", "", "", "", ""],
            &[
                "9",
                "1",
                "202",
                "2",
                "6",
                "否",
                "110",
                "10102",
                "76.32",
                "61",
                "0",
                "2003",
                "霍思源",
                "男",
                "18999999999",
                NONE,
                "1001",
            ],
            &[
                "9",
                "0",
                "S1",
                "1",
                "6",
                "否",
                "120",
                "10102",
                "54.8",
                "50",
                "3200",
                "2006",
                "段如海",
                "男",
                "13588011427",
                NONE,
                "1001",
            ],
        ],
    )
}

const TREE: &[&str] = &["楼栋号", "单元编号", "总层数", "是否有电梯"];

const HC: &[Mistake] = &[
    ("业主信息", 3, "手机号", "1380"),
    ("房屋信息", 3, "建筑面积", "一百"),
    ("房屋信息", 4, "业主编号", "99"),
    ("房屋信息", 5, "单元编号", "7"),
    ("车位信息", 2, "车牌号", "A12345"),
];

fn hc() -> Vec<Page> {
    let people = ["编号", "业主名称", "性别", "年龄", "手机号", "身份证号", "业主类型", "业主编号"];
    let units = [
        "房屋编号",
        "楼栋编号",
        "单元编号",
        "房屋楼层",
        "房屋户型",
        "建筑面积",
        "业主编号",
        "房屋费用",
        "费用开始时间",
        "房屋类型",
        "室内面积",
        "租金",
    ];
    let parking = [
        "停车场编号",
        "车位编码",
        "停车场类型",
        "面积",
        "业主编号",
        "车牌号",
        "车品牌",
        "车类型（9901 家用小汽车 9902 客车 9903 货车）",
        "颜色",
        "出租还是出售（H出租S出售）",
        "开始时间",
        "结束时间",
    ];
    const NONE: &str = "111111111111111111";
    vec![
        Page::of_texts("楼栋单元", TREE, &[&["11", "1", "11", "是"], &["11", "2", "11", "是"]]),
        Page::of_texts(
            "业主信息",
            &people,
            &[
                &["1", "柳明远", "男", "46", "13606710845", NONE, "1001", "1"],
                &["2", "柳婉清", "女", "1", "13606710846", NONE, "1002", "1"],
                &["3", "祁连山", "男", "52", "18999999999", NONE, "1001", "2"],
            ],
        ),
        Page::of_texts(
            "房屋信息",
            &units,
            &[
                &["301", "11", "1", "3", "10102", "112.5", "1", "1", "2025-01-01", "110", "90", "0"],
                &["302", "11", "1", "3", "10102", "98.6", "2", "1", "2025-01-01", "110", "80", "0"],
                &["301", "11", "2", "3", "10102", "112.5", "", "1", "2025-01-01", "110", "90", "0"],
                &["302", "11", "2", "3", "10102", "98.6", "", "1", "2025-01-01", "110", "80", "0"],
            ],
        ),
        Page::of_texts(
            "车位信息",
            &parking,
            &[
                &["3", "A001", "地下停车位", "1", "1", "浙A6K821", "大众", "9901", "白色", "S", "2024-01-01", "2037-1-1"],
                &["3", "A002", "地下停车位", "1", "2", "浙AD88012", "比亚迪", "9901", "黑色", "H", "2025-03-01", "2026-03-01"],
            ],
        ),
    ]
}

const WY: &[Mistake] =
    &[("业主信息", 2, "手机号", "1377"), ("房屋信息", 2, "房屋楼层", "顶楼"), ("房屋信息", 3, "楼栋编号", "88")];

fn wy() -> Vec<Page> {
    let units = ["房屋编号", "楼栋编号", "单元编号", "房屋楼层", "房屋户型", "建筑面积", "业主编号", "房屋费用", "费用开始时间"];
    const NONE: &str = "111111111111111111";
    vec![
        Page::of_texts("楼栋单元", TREE, &[&["12", "1", "6", "否"]]),
        Page::of_texts(
            "业主信息",
            &["业主编号", "业主名称", "性别", "年龄", "手机号", "身份证号"],
            &[&["1", "阮清和", "女", "38", "13777401256", NONE], &["2", "骆宾", "男", "1", "18999999999", NONE]],
        ),
        Page::of_texts(
            "房屋信息",
            &units,
            &[
                &["101", "12", "1", "1", "1010", "64.2", "1", "1", "2025-01-01"],
                &["102", "12", "1", "1", "1010", "58.75", "2", "1", "2025-01-01"],
                &["201", "12", "1", "2", "1010", "64.2", "", "1", "2025-01-01"],
            ],
        ),
    ]
}

const READINGS: &[Mistake] = &[
    ("水表", 4, "本期读数", "1"),
    ("水表", 7, "本期读数", "12o8"),
    ("水表", 9, "表号", "SB-1-1-4O1"),
    ("水表", 12, "本期读数", ""),
    ("水表", 15, "抄表日", "2031-01-20"),
    ("电表", 3, "本期读数", "未抄"),
    ("电表", 6, "表号", "DB-99-9-9901"),
];

/// The month's round, with two readings that are sound but odd.
fn readings(draft: &EstateDraft, calendar: &Calendar) -> Vec<Page> {
    let book = metering::next_book(draft, calendar);
    let rows = metering::next_round(draft, calendar, &book);
    let columns = [
        ("表号", Kind::Text),
        ("房屋", Kind::Text),
        ("上期读数", Kind::Quantity),
        ("上期抄表日", Kind::Day),
        ("本期读数", Kind::Quantity),
        ("抄表日", Kind::Day),
        ("备注", Kind::Text),
    ];
    [(Utility::Water, "水表"), (Utility::Electricity, "电表")]
        .into_iter()
        .map(|(utility, name)| {
            let mut page = Page::new(name, &columns);
            for meter in book.meters.iter().filter(|meter| meter.utility == utility) {
                let (Some(row), Some(FirstReading { value: last, day })) =
                    (rows.iter().find(|row| row.meter == meter.id), meter.last)
                else {
                    continue;
                };
                let unit = if meter.unit_code.is_empty() { &meter.label } else { &meter.unit_code };
                page.rows.push(vec![
                    meter.code.clone().into(),
                    unit.clone().into(),
                    last.into(),
                    day.into(),
                    row.value.into(),
                    row.day.into(),
                    Value::Empty,
                ]);
            }
            page
        })
        .collect()
}

const PAST: &[Mistake] = &[
    ("历史账单", 3, "房号", "1-9-9999"),
    ("历史账单", 5, "收费科目", "空调费"),
    ("历史账单", 7, "实收金额", "99999"),
    ("历史账单", 7, "缴费日期", ""),
    ("历史账单", 9, "开始日期", "2024年13月"),
    ("历史账单", 11, "应收金额", "-120"),
];

fn past(draft: &EstateDraft, calendar: &Calendar) -> Page {
    let columns = [
        ("房号", Kind::Text),
        ("收费科目", Kind::Text),
        ("开始日期", Kind::Day),
        ("结束日期", Kind::Day),
        ("应收金额", Kind::Money),
        ("实收金额", Kind::Money),
        ("缴费日期", Kind::Day),
        ("收款人", Kind::Text),
        ("备注", Kind::Text),
    ];
    let mut page = Page::new("历史账单", &columns);
    for bill in old_bills(draft, calendar, "1-1-") {
        let paid = bill.paid.is_some();
        page.rows.push(vec![
            bill.unit.into(),
            "物业费".into(),
            bill.month.first_day().into(),
            bill.month.period().last_day().into(),
            bill.amount.into(),
            paid.then_some(bill.amount).into(),
            bill.paid.into(),
            if paid { "王芳".into() } else { Value::Empty },
            Value::Empty,
        ]);
    }
    page
}

const HISTORY: &[Mistake] =
    &[("房屋缴费历史", 2, "房屋", ""), ("房屋缴费历史", 4, "开始时间", "去年一月"), ("房屋缴费历史", 6, "应缴金额", "免费")];

/// As another system keeps it: the period ends on the same day of the next month.
fn history(draft: &EstateDraft, calendar: &Calendar) -> Page {
    let columns = [
        ("房屋", Kind::Text),
        ("收费项目", Kind::Text),
        ("缴费周期", Kind::Whole),
        ("开始时间", Kind::Text),
        ("结束时间", Kind::Text),
        ("缴费时间", Kind::Text),
        ("应缴金额", Kind::Text),
        ("实缴金额", Kind::Text),
        ("收银员", Kind::Text),
        ("备注", Kind::Text),
    ];
    let mut page = Page::new("房屋缴费历史", &columns);
    for bill in old_bills(draft, calendar, "2-1-") {
        let text = |text: String| Value::Owned(text);
        page.rows.push(vec![
            text(bill.unit),
            "物业费".into(),
            1_i64.into(),
            text(bill.month.first_day().to_string()),
            text(bill.month.plus(1).first_day().to_string()),
            bill.paid.map_or(Value::Empty, |day| text(day.to_string())),
            text(bill.amount.yuan().to_string()),
            bill.paid.map_or(Value::Empty, |_| text(bill.amount.yuan().to_string())),
            "王会计".into(),
            "手工导入".into(),
        ]);
    }
    page
}

/// A bill from before the books were kept here.
struct OldBill {
    unit: String,
    month: Month,
    amount: common::money::Money,
    paid: Option<Day>,
}

/// Three months of some homes at 2.40 yuan/m², most of them paid.
fn old_bills(draft: &EstateDraft, calendar: &Calendar, prefix: &str) -> Vec<OldBill> {
    let first = Month::of(calendar.start());
    let homes = draft.units.iter().filter(|unit| unit.state != UnitState::Unsold && unit.floor.is_some_and(|floor| floor > 0));
    let homes = homes.map(|unit| (draft.code(unit), unit)).filter(|(code, _)| code.starts_with(prefix)).take(16);
    homes
        .flat_map(|(code, unit)| {
            let hundredths = unit.billed_area.map_or(0, |area| area.scaled() / 100);
            (1..=3).rev().map(move |back| {
                let month = first.plus(-back);
                let settled = !super::chance::hash(&format!("{code} {month}")).is_multiple_of(4);
                OldBill {
                    unit: code.clone(),
                    month,
                    amount: common::money::Money::from_fen((hundredths * 240 + 50) / 100),
                    paid: settled.then(|| month.plus(1).first_day() + chrono::TimeDelta::days(9)),
                }
            })
        })
        .collect()
}
