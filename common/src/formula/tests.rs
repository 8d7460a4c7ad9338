//! Formulas as people type them.

use proptest::prelude::*;

use super::*;

/// A home of 89.5 m² on the 12th floor, three people, 37 m³.
fn home(of: &Named) -> Option<Exact> {
    let quantity = |scaled: i64| Some(Exact::scaled(scaled, 4));
    match of {
        Named::Variable(Variable::Area) => quantity(895_000),
        Named::Variable(Variable::Heads) => Some(Exact::whole(3)),
        Named::Variable(Variable::Floor) => Some(Exact::whole(12)),
        Named::Variable(Variable::Usage) => quantity(370_000),
        Named::Variable(Variable::Price) => Some(Exact::scaled(280_000_000, 8)),
        Named::Variable(Variable::Months) => Some(Exact::whole(1)),
        Named::Variable(Variable::BuildingArea | Variable::CommunityArea | Variable::EntranceArea) => quantity(30_000_000),
        Named::Variable(Variable::Coefficient) => Some(Exact::ONE),
        Named::Variable(Variable::Pool) => quantity(1_000_000),
        Named::Field(field) if field == "附加费" => Some(Exact::whole(5)),
        _ => None,
    }
}

fn fields() -> Vec<String> {
    vec!["附加费".to_owned(), "车位 数".to_owned()]
}

fn said(text: &str, place: FormulaPlace) -> String {
    match Formula::read(text, place, &fields()).and_then(|formula| formula.value(&home)) {
        Ok(value) => value.shown(6).map_or("too long".to_owned(), |value| value.to_string()),
        Err(problem) => format!("{}@{}-{}", problem.code, problem.at.from, problem.at.to),
    }
}

#[rstest::rstest]
#[case("1 + 2 * 3", "7")]
#[case("(1 + 2) * 3 - -4", "13")]
#[case("10 / 4", "2.5")]
#[case("1/3*3 = 1", "formula.not_a_number@0-9")]
#[case("if(1/3*3 = 1, 1, 0)", "1")]
#[case("50% * 10", "5")]
#[case("area * 2", "179")]
#[case("房屋面积*单价+附加费", "255.6")]
#[case("房屋面积＊单价＋附加费", "255.6")]
#[case("房屋面积 × 单价 ÷ （1 ＋ １）", "125.3")]
#[case("房屋面积*单价 附加费 +", "formula.missing_sign@8-11")]
#[case("房屋面积*单价+附加费）", "formula.closed_too_often@11-12")]
#[case("[附加费]*2", "10")]
#[case("[车位 数]*2", "formula.no_field_value@0-6")]
#[case("if(用量 > 30, 30 + (用量 - 30) × 1.5, 用量)", "40.5")]
#[case("如果(楼层≥10 且 人数<4，2，1)", "2")]
#[case("if(floor > 20, 1/0, 7)", "7")]
#[case("1/(heads-3)", "formula.divided_by_zero@2-11")]
#[case("if(heads < 3, 1, 0)", "0")]
#[case("if(heads <= 3, 1, 0)", "1")]
#[case("if(heads <= 2, 1, 0)", "0")]
#[case("if(heads > 3, 1, 0)", "0")]
#[case("if(heads >= 3, 1, 0)", "1")]
#[case("if(heads >= 4, 1, 0)", "0")]
#[case("if(heads = 3, 1, 0)", "1")]
#[case("if(heads <> 3, 1, 0)", "0")]
#[case("if(heads ≠ 4, 1, 0)", "1")]
#[case("if(heads > 5 or floor > 5, 1, 0)", "1")]
#[case("if(heads > 5 或 floor > 50, 1, 0)", "0")]
#[case("if(heads > 1 and floor > 50, 1, 0)", "0")]
#[case("if(heads > 1 && floor > 5, 1, 0)", "1")]
#[case("min(area, 80, 90)", "80")]
#[case("max(area, 80, 90)", "90")]
#[case("round(area/7, 2)", "12.79")]
#[case("round(2.5)", "3")]
#[case("round(-2.5)", "-3")]
#[case("round(-2.4)", "-2")]
#[case("round(2.4)", "2")]
#[case("ceil(heads)", "3")]
#[case("floor(heads)", "3")]
#[case("ceil(-0.5)", "0")]
#[case("round(area, 0.5)", "formula.decimals@0-16")]
#[case("floor(-0.5)", "-1")]
#[case("ceil(area)", "90")]
#[case("", "formula.empty@0-0")]
#[case("1 +", "formula.unfinished@3-3")]
#[case("(1", "formula.not_closed@0-1")]
#[case("min()", "formula.arguments@0-5")]
#[case("if(1>0, 2)", "formula.arguments@0-10")]
#[case("if(1, 2, 3)", "formula.not_a_condition@3-4")]
#[case("1 < 2 < 3", "formula.unexpected@6-7")]
#[case("1 + (2 > 1)", "formula.not_a_number@4-11")]
#[case("min + 1", "formula.function_without_arguments@0-3")]
#[case("pool / 2", "formula.not_here@0-4")]
#[case("房面积", "formula.unknown_like@0-3")]
#[case("我是神啊", "formula.unknown@0-4")]
#[case("0.15j;*F*120", "formula.character@5-6")]
#[case("1..2", "formula.number@0-4")]
#[case("1.", "formula.number@0-2")]
#[case("1234567.123456789012", "1234567.123457")]
#[case("12345678.123456789012", "formula.number@0-21")]
#[case("0.1234567890123", "formula.number@0-15")]
#[case("if(not (heads > 3), 1, 2)", "1")]
#[case("if(非（人数 > 2），1，2)", "2")]
#[case("if(not heads > 3, 1, 2)", "1")]
#[case("如果(非 人数 ＞ 2，1，2)", "2")]
#[case("if(!heads = 3 or floor > 5, 1, 2)", "1")]
#[case("if(not heads > 3 and floor > 50, 1, 2)", "2")]
#[case("if(floor > 50 or not not heads + 1 > 3, 1, 2)", "1")]
#[case("if(not heads, 1, 2)", "formula.not_a_condition@7-12")]
#[case("if(3 > not heads, 1, 2)", "formula.unexpected@7-10")]
#[case("1 + not heads > 3", "formula.unexpected@4-7")]
#[case("value", "formula.no_value@0-5")]
fn a_formula_yields_a_value_or_says_where_it_is_wrong(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(said(text, FormulaPlace::Tariff), expected, "{text}");
}

#[test]
fn a_weight_may_speak_of_the_pool_in_the_letters_people_know() {
    assert_eq!(said("T/F * R", FormulaPlace::Weight), "2.983333");
    assert_eq!(said("t/f*r", FormulaPlace::Weight), "2.983333");
    assert_eq!(said("T/D", FormulaPlace::Weight), "formula.unknown@2-3");
}

#[test]
fn depth_length_and_size_are_bounded() {
    assert_eq!(said(&"(".repeat(400), FormulaPlace::Tariff), "formula.too_deep@40-41");
    assert_eq!(said(&"-".repeat(400), FormulaPlace::Tariff), "formula.too_deep@40-41");
    assert_eq!(said(&"!".repeat(400), FormulaPlace::Tariff), "formula.too_deep@40-41");
    assert_eq!(said(&"1+".repeat(251), FormulaPlace::Tariff), "formula.too_long@500-502");
    let large = format!("9999999999{}", "*9999999999".repeat(5));
    assert!(said(&large, FormulaPlace::Tariff).starts_with("formula.too_large"), "{large}");
}

#[test]
fn a_formula_says_what_it_speaks_of() {
    let formula = Formula::read("面积*单价+附加费+area", FormulaPlace::Tariff, &fields()).unwrap();
    let area = Named::Variable(Variable::Area);
    assert_eq!(formula.names(), [area, Named::Variable(Variable::Price), Named::Field("附加费".to_owned())]);
    assert!(formula.speaks_of(Variable::Price) && !formula.speaks_of(Variable::Usage));
}

#[test]
fn every_variable_is_known_by_its_chinese_name() {
    for variable in Variable::ALL {
        assert_eq!(Variable::of_name(variable.chinese()), Some(*variable));
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        let _ = said(&text, FormulaPlace::Tariff);
    }

    #[test]
    fn no_sequence_of_tokens_panics(parts in prop::collection::vec(
        prop::sample::select(vec!["(", ")", "+", "-", "*", "/", ",", "<", "=", "if(", "min(", "round(", "area", "usage", "0", "1.5", "%", "and", "not ", "99999999999999999"]), 0..40)
    ) {
        let _ = said(&parts.concat(), FormulaPlace::Tariff);
    }
}
