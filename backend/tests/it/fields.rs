//! Stories of custom fields and head counts: what a community defines is asked for, found, brought in and charged by.

use common::api::Method;
use common::billing::api::{GetBill, GetTrialInputs, ListBills, ShowFormulaUnits};
use common::billing::plan::plan;
use common::charging::api::{PriceScope, RetireTariff, SaveTariff};
use common::charging::tariff::{FeeItemKind, Mode, TariffRules};
use common::estate::UnitKind;
use common::estate::api::{
    CountUnits, GetUnit, ListFields, ListUnits, OrderFields, RemoveUnit, SaveField, SaveUnit, SetHeads, UnitView,
};
use common::estate::draft::EstateDraft;
use common::estate::field::{CustomField, CustomValue, FieldFilter, FieldKind, FieldOf};
use common::estate::import::Reading;
use common::formula::Named;
use common::id::{CommunityId, FieldId, ImportId, ResidentId, TariffId, UnitId};
use common::permission::Permission;
use common::residents::api::{Change, GetResident, ImportEstate, ListResidents, RemoveResident, SaveResident};
use uuid::Uuid;

use crate::billing::{generated, october, seen};
use crate::charging::{Estate, day};
use crate::support::{Anju, Person};

pub(crate) fn field(community: CommunityId, name: &str, kind: FieldKind) -> SaveField {
    let choices: &[&str] = if kind == FieldKind::Choice { &["地上", "地下"] } else { &[] };
    SaveField {
        community,
        field: FieldId(Uuid::now_v7()),
        of: FieldOf::Unit,
        name: name.to_owned(),
        kind,
        unit_kinds: Vec::new(),
        choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
        in_lists: true,
        active: true,
    }
}

async fn defines(person: &Person, ask: SaveField) -> FieldId {
    person.does(ask.clone()).await;
    ask.field
}

fn value(field: FieldId, text: &str) -> CustomValue {
    CustomValue { field, text: text.to_owned() }
}

async fn view(person: &Person, community: CommunityId, unit: UnitId) -> UnitView {
    person.does(GetUnit { community, unit }).await
}

/// The unit saved as it is, with these custom fields.
async fn saved(person: &Person, community: CommunityId, unit: UnitId, custom: Vec<CustomValue>) -> SaveUnit {
    let view = view(person, community, unit).await;
    SaveUnit {
        community,
        unit,
        building: view.building,
        entrance: view.entrance,
        floor: view.floor,
        room: view.room,
        kind: view.kind,
        state: view.state,
        billed_area: view.billed_area,
        inner_area: view.inner_area,
        heads: view.heads,
        layout: view.layout,
        decoration: view.decoration,
        handed_over: view.handed_over,
        property_value_fen: view.property_value_fen,
        facts: view.facts,
        custom,
    }
}

pub(crate) async fn sets(person: &Person, community: CommunityId, unit: UnitId, field: FieldId, text: &str) {
    person.does(saved(person, community, unit, vec![value(field, text)]).await).await;
}

fn texts(values: &[CustomValue]) -> Vec<&str> {
    values.iter().map(|value| value.text.as_str()).collect()
}

#[tokio::test]
async fn a_field_is_defined_filled_in_shown_in_lists_and_filtered_by() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 2).await;
    let (manager, community) = (estate.manager, estate.community);
    let number = defines(manager, field(community, "附加费系数", FieldKind::Number)).await;
    let deposit = defines(manager, field(community, "装修押金编号", FieldKind::Text)).await;
    let place = defines(manager, field(community, "车位位置", FieldKind::Choice)).await;
    let pile = defines(manager, SaveField { in_lists: false, ..field(community, "充电桩", FieldKind::YesNo) }).await;
    let since = defines(manager, field(community, "装修开始", FieldKind::Date)).await;
    for (unit, values) in [
        (
            0,
            vec![
                value(number, " 1.50 "),
                value(deposit, "ZX-0012"),
                value(place, "地下"),
                value(pile, "yes"),
                value(since, "2026-03-01"),
            ],
        ),
        (1, vec![value(number, "-2"), value(deposit, "ZX-0345"), value(pile, "no")]),
        (2, vec![value(number, "12"), value(deposit, "甲")]),
    ] {
        manager.does(saved(manager, community, estate.units[unit], values).await).await;
    }
    let first = view(manager, community, estate.units[0]).await;
    assert_eq!(texts(&first.custom), ["1.5", "ZX-0012", "地下", "yes", "2026-03-01"], "as one text each, in the fields' order");

    // One value is changed, one taken away, the others stay; what can't be read is told at its field and nothing is saved.
    let wrong = vec![value(number, "许多"), value(place, "空中"), value(since, "2026-02-30")];
    let refused = manager.is_refused(saved(manager, community, estate.units[0], wrong).await).await;
    let told: Vec<_> = refused.fields.iter().map(|field| (field.field.clone(), field.code.as_str())).collect();
    let at = |field: FieldId| format!("custom.{field}");
    assert_eq!(told, [(at(number), "not_a_number"), (at(place), "estate.not_a_choice"), (at(since), "not_a_day")]);
    assert_eq!(refused.fields[1].args.get("choices").map(String::as_str), Some("地上\n地下"));
    manager.does(saved(manager, community, estate.units[0], vec![value(number, "2.5"), value(since, "")]).await).await;
    assert_eq!(texts(&view(manager, community, estate.units[0]).await.custom), ["2.5", "ZX-0012", "地下", "yes"]);

    let rows = manager.does(ListUnits::of(community)).await.rows;
    assert_eq!(texts(&rows[0].custom), ["2.5", "ZX-0012", "地下"], "those that lists show");
    assert_eq!(texts(&rows[3].custom), [""; 0]);
    let found = async |filters: &[(FieldId, &str)]| {
        let custom: Vec<_> =
            filters.iter().map(|(field, what)| FieldFilter { field: *field, what: (*what).to_owned() }).collect();
        let counts = CountUnits {
            community,
            search: None,
            building: None,
            entrance: None,
            kind: None,
            state: None,
            custom: custom.clone(),
        };
        let page = manager.does(ListUnits { custom, ..ListUnits::of(community) }).await;
        assert_eq!(manager.does(counts).await.units, page.total.unwrap());
        page.rows.iter().map(|row| estate.units.iter().position(|unit| *unit == row.unit).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(found(&[(number, "2.5..12")]).await, [0, 2], "numbers sort as numbers");
    assert_eq!(found(&[(number, "..2.4999")]).await, [1]);
    assert_eq!(found(&[(deposit, "ZX-0")]).await, [0, 1]);
    assert_eq!(found(&[(deposit, "ZX-0"), (pile, "no")]).await, [1], "all of them must fit");
    assert_eq!(found(&[(place, "地下")]).await, [0]);
    assert_eq!(found(&[(since, "2026-01-01..")]).await, [0; 0]);
    assert_eq!(found(&[(number, "")]).await, [3], "a blank filter finds what has no value");
    assert_eq!(found(&[(number, ".."), (place, "")]).await, [1, 2]);
    let unreadable = FieldFilter { field: number, what: "x..".into() };
    manager.is_refused_with(ListUnits { custom: vec![unreadable], ..ListUnits::of(community) }, "not_a_number").await;
    let home = manager.takes_home(&format!("/api/estate/units/export.xlsx?community={community}&custom={number}:2.5..")).await;
    assert_eq!(home.len(), 3, "{home:?}");
    assert!(
        home[0].ends_with(&["附加费系数", "装修押金编号", "车位位置", "充电桩", "装修开始"].map(str::to_owned)),
        "{:?}",
        home[0]
    );

    // Values go with their unit.
    manager.does(RemoveUnit { community, unit: estate.units[2] }).await;
    assert_eq!(anju.counts("SELECT COUNT(*) FROM custom_value").await, 7);
}

#[tokio::test]
async fn a_field_changes_as_far_as_nothing_loses_its_meaning() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (manager, community) = (estate.manager, estate.community);
    let mut ask = field(community, "车位位置", FieldKind::Choice);
    manager.does(ask.clone()).await;
    for (name, kind, code) in [
        ("备注", FieldKind::Text, "estate.field_name_of_columns"),
        ("车牌", FieldKind::Text, "estate.field_name_of_columns"),
        ("面积", FieldKind::Text, "estate.field_name_of_columns"),
        ("总价", FieldKind::Number, "estate.field_name_of_formulas"),
        ("车位位置", FieldKind::Date, "taken"),
        (" ", FieldKind::Date, "required"),
    ] {
        manager.is_refused_with(field(community, name, kind), code).await;
    }
    manager.does(SaveField { of: FieldOf::Resident, ..field(community, "备注", FieldKind::Text) }).await;
    sets(manager, community, estate.units[0], ask.field, "地下").await;

    manager.is_refused_with(SaveField { kind: FieldKind::Text, ..ask.clone() }, "estate.field_kind_fixed").await;
    manager.is_refused_with(SaveField { of: FieldOf::Resident, ..ask.clone() }, "estate.field_of_fixed").await;
    ask.choices = vec!["地上".into()];
    let refused = manager.is_refused_with(ask.clone(), "estate.field_choice_used").await;
    assert_eq!(refused.fields[0].args.get("choice").map(String::as_str), Some("地下"));
    (ask.choices, ask.name) = (vec!["地下".into(), "屋顶".into()], "位置在哪".into());
    manager.does(ask.clone()).await;
    ask.active = false;
    manager.does(ask.clone()).await;
    assert_eq!(view(manager, community, estate.units[0]).await.custom, [], "it is off");
    let off = saved(manager, community, estate.units[0], vec![value(ask.field, "屋顶")]).await;
    manager.is_refused_with(off, "not_found").await;
    ask.active = true;
    manager.does(ask.clone()).await;
    assert_eq!(texts(&view(manager, community, estate.units[0]).await.custom), ["地下"], "its values were kept");

    let second = defines(manager, field(community, "充电桩", FieldKind::YesNo)).await;
    manager.does(OrderFields { community, fields: vec![second, ask.field] }).await;
    let fields = manager.does(ListFields { community, of: Some(FieldOf::Unit) }).await;
    assert_eq!(fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), ["充电桩", "位置在哪"]);

    // Who sees a part of the community defines nothing for all of it; another community has fields of its own.
    let steward = anju.employee_of_buildings(&[Permission::EstateWrite], &[(community, Some(estate.buildings[0]))]).await;
    assert_eq!(steward.is_refused(ask.clone()).await.status, 403);
    let other = anju.community("安居花园").await;
    assert_eq!(manager.does(ListFields { community: other, of: None }).await, []);
    manager.does(field(other, "位置在哪", FieldKind::Text)).await;
}

fn read(bytes: &[u8], fields: &[CustomField]) -> Reading {
    common::estate::import::read_with(&common::sheet::read(bytes).unwrap(), fields)
}

fn units_of(draft: EstateDraft) -> Vec<common::estate::draft::UnitDraft> {
    draft.units
}

#[tokio::test]
async fn a_workbook_brings_custom_fields_and_its_wrong_cells_are_named() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let (here, there) = (anju.community("澜庭花园").await, anju.community("安居花园").await);
    let of_parking = vec![UnitKind::Parking];
    let asks = [
        field(here, "附加费系数", FieldKind::Number),
        field(here, "装修押金编号", FieldKind::Text),
        SaveField { unit_kinds: of_parking, ..field(here, "车位位置", FieldKind::Choice) },
        field(here, "充电桩", FieldKind::YesNo),
        field(here, "装修开始", FieldKind::Date),
    ];
    for ask in &asks {
        manager.does(ask.clone()).await;
    }
    let fields = manager.does(ListFields { community: here, of: Some(FieldOf::Unit) }).await;
    let (status, template) = manager.sends(Method::Get, &format!("/api/estate/template.xlsx?community={here}"), None).await;
    assert_eq!(status, 200);
    let reading = read(&template, &fields);
    assert_eq!(
        (reading.sheets[0].columns.len(), reading.sheets[0].ignored.len()),
        (common::estate::import::COLUMNS.len() + 5, 0)
    );

    let head = "楼栋,单元,房号,资源类型,附加费系数,装修押金编号,车位位置,充电桩,装修开始\n";
    let wrong = format!("{head}3,2,1501,住宅,很多,ZX-1,地下,也许,2026-13-01\n1号停车场,,C01,车位,1.5,,空中,是,\n");
    let told: Vec<_> = read(wrong.as_bytes(), &fields).problems.into_iter().map(|problem| (problem.at, problem.code)).collect();
    let told: Vec<_> = told.iter().map(|(at, code)| (at.as_str(), code.as_str())).collect();
    assert_eq!(
        told,
        [
            ("E2", "not_a_number"),
            ("G2", "estate.field_not_of_kind"),
            ("H2", "sheet.not_yes_or_no"),
            ("I2", "not_a_day"),
            ("G3", "estate.not_a_choice"),
        ]
    );
    let path = format!("/api/residents/import/problems.xlsx?community={here}&name=x");
    let (_, marked) = manager.sends(Method::Post, &path, Some(wrong.clone().into_bytes())).await;
    let marked = common::sheet::read(&marked).unwrap();
    assert!(marked.sheets[0].get(1, 9).to_string().starts_with("E2 "), "{}", marked.sheets[0].get(1, 9));

    let right = format!("{head}3,2,1501,住宅,1.5,ZX-1,,否,2026-03-01\n1号停车场,,C01,车位,,,地下,是,\n");
    let reading = read(right.as_bytes(), &fields);
    assert_eq!(reading.problems, []);
    let ask = ImportEstate { community: here, import: ImportId(Uuid::now_v7()), file_name: "x".into(), draft: reading.draft };
    // A browser that was told of other fields, or sends what they can't hold, is refused by the unit's cell.
    let mut bad = ask.clone();
    bad.import = ImportId(Uuid::now_v7());
    bad.draft.units[0].custom[0].text = "许多".into();
    bad.draft.units[1].custom[0].field = FieldId(Uuid::now_v7());
    let refused = manager.is_refused(bad).await;
    let cells: Vec<_> = refused.fields.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect();
    assert_eq!(cells, [("C2", "not_a_number"), ("C3", "not_found")]);
    manager.does(ask).await;

    // What is exported can be imported elsewhere, where the same is defined.
    let mut moved = Vec::new();
    for ask in &asks {
        moved.push(SaveField { community: there, field: FieldId(Uuid::now_v7()), ..ask.clone() });
        manager.does(moved[moved.len() - 1].clone()).await;
    }
    let elsewhere = manager.does(ListFields { community: there, of: Some(FieldOf::Unit) }).await;
    let (_, file) = manager.sends(Method::Get, &format!("/api/estate/units/export.xlsx?community={here}"), None).await;
    let exported = read(&file, &elsewhere);
    assert_eq!(exported.problems, []);
    let ask = ImportEstate { community: there, import: ImportId(Uuid::now_v7()), file_name: "x".into(), draft: exported.draft };
    manager.does(ask).await;
    let (_, again) = manager.sends(Method::Get, &format!("/api/estate/units/export.xlsx?community={there}"), None).await;
    let units = units_of(read(&again, &elsewhere).draft);
    assert_eq!(units, units_of(read(&file, &elsewhere).draft));
    assert_eq!(texts(&units[0].custom), ["1.5", "ZX-1", "no", "2026-03-01"]);
    assert_eq!(texts(&units[1].custom), ["地下", "yes"]);
}

fn by_formula(estate: &Estate<'_>, fee_item: common::id::FeeItemId, tariff: TariffId, formula: &str) -> SaveTariff {
    let rules = TariffRules { formula: formula.to_owned(), ..TariffRules::of_mode(Mode::Formula) };
    SaveTariff { community: estate.community, tariff, fee_item, name: "电梯附加费".into(), rules }
}

#[tokio::test]
async fn a_formula_charges_by_a_custom_field_which_then_keeps_its_name() {
    let anju = Anju::start().await;
    let estate = Estate::of(&anju, 1).await;
    let (manager, community) = (estate.manager, estate.community);
    let fee_item = estate.fee_item("附加费", FeeItemKind::Other).await;
    let tariff = TariffId(Uuid::now_v7());
    let ask = by_formula(&estate, fee_item, tariff, "面积 × 附加费系数");
    manager.is_refused_with(ask.clone(), "formula.unknown_like").await;
    let mut number = field(community, "附加费系数", FieldKind::Number);
    manager.does(number.clone()).await;
    let beside = defines(manager, field(community, "别的系数值", FieldKind::Number)).await;
    manager.does(ask.clone()).await;
    manager.does(estate.price(tariff, PriceScope::Community, "2", "2026-01-01")).await;
    manager.does(estate.everyone(tariff, "2026-01-01")).await;
    sets(manager, community, estate.units[0], number.field, "1.25").await;
    sets(manager, community, estate.units[0], beside, "3").await;

    let month = october(community, &[fee_item]);
    let inputs = manager.does(month.clone()).await;
    assert_eq!(inputs.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), ["附加费系数"], "those that are named");
    let (planned, generate) = seen(manager, &month).await;
    // 80 m² × 1.25 × 2 yuan; the other home has no value.
    assert_eq!((planned.bills.len(), planned.amount().fen(), planned.skipped.len()), (1, 200_00, 1));
    generated(&anju, manager, generate).await;
    let trial = GetTrialInputs::of(community, month.first, 1, vec![fee_item]);
    assert_eq!(manager.does(trial).await.fields.len(), 2, "a tried formula may name any");
    let shown = ShowFormulaUnits { community, fee_item: Some(fee_item), usage_of: None, units: vec![estate.units[0]] };
    let shown = manager.does(shown).await.remove(0).values;
    let value =
        |name: &str| shown.iter().find(|value| value.name == Named::Field(name.into())).map(|value| value.value.to_string());
    assert_eq!((value("附加费系数").as_deref(), value("别的系数值").as_deref()), (Some("1.25"), Some("3")));

    number.name = "加价系数".into();
    let refused = manager.is_refused_with(number.clone(), "estate.field_in_formula").await;
    assert_eq!(refused.args.get("tariffs").map(String::as_str), Some("电梯附加费"));
    number.name = "附加费系数".into();
    manager.is_refused_with(SaveField { active: false, ..number.clone() }, "estate.field_in_formula").await;
    manager.does(SaveField { in_lists: false, ..number.clone() }).await;
    manager.does(by_formula(&estate, fee_item, tariff, "面积")).await;
    manager.does(SaveField { active: false, ..number }).await;
    manager.is_refused_with(ask, "formula.unknown_like").await;
    anju.the_books_balance().await;
}

#[tokio::test]
async fn a_retired_tariff_keeps_the_name_of_its_field_until_all_of_it_is_billed() {
    let anju = Anju::start_on("2026-11-23").await;
    let estate = Estate::of(&anju, 1).await;
    let (manager, community) = (estate.manager, estate.community);
    let fee_item = estate.fee_item("附加费", FeeItemKind::Other).await;
    let tariff = TariffId(Uuid::now_v7());
    let number = field(community, "附加费系数", FieldKind::Number);
    manager.does(number.clone()).await;
    manager.does(by_formula(&estate, fee_item, tariff, "面积 × 附加费系数")).await;
    manager.does(estate.price(tariff, PriceScope::Community, "2", "2026-10-01")).await;
    manager.does(estate.everyone(tariff, "2026-10-01")).await;
    for unit in &estate.units {
        sets(manager, community, *unit, number.field, "1.25").await;
    }
    manager.does(RetireTariff { community, tariff }).await;

    let renamed = SaveField { name: "加价系数".into(), ..number.clone() };
    let refused = manager.is_refused_with(renamed.clone(), "estate.field_in_formula").await;
    assert_eq!(refused.args.get("tariffs").map(String::as_str), Some("电梯附加费"));
    let october = october(community, &[fee_item]);
    let (_, generate) = seen(manager, &october).await;
    generated(&anju, manager, generate).await;
    manager.is_refused_with(renamed.clone(), "estate.field_in_formula").await;
    let november = common::billing::api::GetRunInputs { first: "2026-11".parse().unwrap(), ..october };
    let (planned, generate) = seen(manager, &november).await;
    assert_eq!(planned.bills.len(), 2);
    generated(&anju, manager, generate).await;
    manager.does(renamed).await;
    anju.the_books_balance().await;
}

fn heads(community: CommunityId, unit: UnitId, from_day: &str, heads: i32) -> SetHeads {
    SetHeads { community, unit, from_day: day(from_day), heads: Some(heads) }
}

#[tokio::test]
async fn heads_that_change_in_mid_month_are_charged_in_two_pieces() {
    let anju = Anju::start_on("2026-11-20").await;
    let estate = Estate::of(&anju, 1).await;
    let (manager, community, unit) = (estate.manager, estate.community, estate.units[0]);
    let fee_item = estate.fee_item("垃圾清运费", FeeItemKind::Other).await;
    let tariff = estate.tariff(fee_item, "按人头", Mode::Head).await;
    manager.does(estate.price(tariff, PriceScope::Community, "31", "2026-01-01")).await;
    manager.does(estate.everyone(tariff, "2026-01-01")).await;
    let month = october(community, &[fee_item]);
    let amount = async || plan(&manager.does(month.clone()).await, |_| {}).amount().fen();
    assert_eq!(amount().await, 0, "nobody knows how many");

    // Known for the first time, it counts for all time.
    let mut ask = saved(manager, community, unit, Vec::new()).await;
    ask.heads = Some(2);
    manager.does(ask.clone()).await;
    assert_eq!((amount().await, view(manager, community, unit).await.heads_since.len()), (62_00, 0));

    // 2 people for 15 days, 3 for 16.
    manager.does(heads(community, unit, "2026-10-16", 3)).await;
    assert_eq!(amount().await, 30_00 + 48_00);
    let (_, generate) = seen(manager, &month).await;
    generated(&anju, manager, generate).await;
    let bill = manager.does(ListBills::of(community)).await.rows[0].id;
    let bill = manager.does(GetBill { community, bill }).await;
    assert_eq!(bill.bill.amount_fen.fen(), 78_00);
    let lines = serde_json::to_string(&bill.lines).unwrap();
    assert!(lines.contains("2026-10-16"), "a piece begins there: {lines}");

    // Saved with another number it counts from today; a number of an earlier day puts aside what was said of later ones.
    ask.heads = Some(5);
    manager.does(ask.clone()).await;
    let told = |view: UnitView| {
        let since = view.heads_since.iter();
        (view.heads, since.map(|since| (since.from_day.map(|day| day.to_string()), since.heads)).collect::<Vec<_>>())
    };
    let on = |day: &str| Some(day.to_owned());
    let three = [(on("2026-11-20"), Some(5)), (on("2026-10-16"), Some(3)), (None, Some(2))];
    assert_eq!(told(view(manager, community, unit).await), (Some(5), three.to_vec()));
    manager.does(heads(community, unit, "2026-10-20", 4)).await;
    let three = [(on("2026-10-20"), Some(4)), (on("2026-10-16"), Some(3)), (None, Some(2))];
    assert_eq!(told(view(manager, community, unit).await), (Some(4), three.to_vec()));
    assert_eq!(
        manager.does(GetBill { community, bill: bill.bill.id }).await.bill.amount_fen.fen(),
        78_00,
        "what is billed stays"
    );

    // A unit of which nothing was known before has nothing before.
    manager.does(heads(community, estate.units[1], "2026-11-01", 1)).await;
    assert_eq!(told(view(manager, community, estate.units[1]).await).1, [(on("2026-11-01"), Some(1)), (None, None)]);
    let later = seen(manager, &month).await.0;
    assert!(later.skips.iter().any(|skip| skip.reason == common::billing::plan::SkipReason::NoHeads), "{:?}", later.skips);
    manager.is_refused_with(heads(community, unit, "2026-11-21", 4), "estate.heads_later").await;
    manager.is_refused_with(heads(community, unit, "2026-11-20", 1000), "estate.heads_out_of_range").await;
    anju.the_books_balance().await;
}

#[tokio::test]
async fn residents_have_fields_of_their_own() {
    let anju = Anju::start().await;
    let manager = anju.manager().await;
    let community = anju.community("澜庭花园").await;
    let of_residents = |name, kind| SaveField { of: FieldOf::Resident, ..field(community, name, kind) };
    let job = defines(manager, of_residents("职业", FieldKind::Text)).await;
    let party = defines(manager, SaveField { in_lists: false, ..of_residents("党员", FieldKind::YesNo) }).await;
    let of_units = defines(manager, field(community, "充电桩", FieldKind::YesNo)).await;
    let resident = |name: &str, custom| SaveResident {
        community,
        resident: ResidentId(Uuid::now_v7()),
        name: name.to_owned(),
        gender: None,
        phone: Change::Keep,
        id_number: Change::Keep,
        remark: String::new(),
        custom,
    };
    let first = resident("林晓燕", vec![value(job, "教师"), value(party, "yes")]);
    manager.does(first.clone()).await;
    manager.does(resident("陈一", vec![value(job, "医生")])).await;
    manager.is_refused_with(resident("王二", vec![value(of_units, "yes")]), "not_found").await;
    let list = ListResidents::of(community);
    let custom = vec![FieldFilter { field: party, what: "yes".into() }];
    let page = manager.does(ListResidents { custom, ..list.clone() }).await;
    assert_eq!((page.total, texts(&page.rows[0].custom)), (Some(1), vec!["教师"]));
    assert_eq!(texts(&manager.does(GetResident { community, resident: first.resident }).await.custom), ["教师", "yes"]);
    let home = manager.takes_home(&format!("/api/residents/export.xlsx?community={community}&custom={job}:教")).await;
    assert_eq!((home.len(), home[0][5..].join(" "), home[1].join(" ")), (2, "职业 党员".into(), "林晓燕 教师 是".into()));
    manager.does(RemoveResident { community, resident: first.resident }).await;
    assert_eq!(anju.counts("SELECT COUNT(*) FROM custom_value").await, 1);
    let told = "SELECT COUNT(*) FROM audit WHERE action = 'residents.save' AND after LIKE '%教师%'";
    assert_eq!(anju.counts(told).await, 0, "the log says which fields were set, not what");
}
