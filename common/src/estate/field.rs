//! Custom fields (自定义字段): what a community keeps of its units and people besides what everybody keeps, and their values.

use serde::{Deserialize, Serialize};

use super::UnitKind;
use super::kind::words;
use crate::formula::{Formula, FormulaPlace, Named, Variable};
use crate::id::FieldId;
use crate::period::Day;
use crate::problem::{FieldProblem, list, text_field};
use crate::quantity::Quantity;

words! {
    /// What a custom field is of.
    FieldOf, "field-of" {
        Unit = "unit" "资源" "Units";
        Resident = "resident" "住户" "Residents";
    }
    /// What a custom field holds.
    FieldKind, "field-kind" {
        Text = "text" "文本" "Text";
        Number = "number" "数字" "Number";
        Date = "date" "日期" "Date";
        Choice = "choice" "单选" "Choice";
        YesNo = "yes_no" "是否" "Yes or no";
    }
}

/// The longest name of a field, and the longest choice.
pub const FIELD_NAME_MOST: usize = 30;
/// The longest text that a field may hold.
pub const FIELD_TEXT_MOST: usize = 200;
/// The most choices of a field.
pub const CHOICES_MOST: usize = 100;

/// A field that a community has defined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CustomField {
    pub field: FieldId,
    pub of: FieldOf,
    pub name: String,
    pub kind: FieldKind,
    /// The kinds of unit that have it; none named means all.
    pub unit_kinds: Vec<UnitKind>,
    /// What may be chosen; of [`FieldKind::Choice`] only.
    pub choices: Vec<String>,
    /// Whether lists show it as a column.
    pub in_lists: bool,
    /// Whether it is asked for; what is switched off keeps its values.
    pub active: bool,
}

/// The value of a field, as text: typed by somebody, or as the server keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CustomValue {
    pub field: FieldId,
    /// Blank takes the value away.
    pub text: String,
}

/// A value that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    Text(String),
    Number(Quantity),
    Date(Day),
    Choice(String),
    YesNo(bool),
}

impl Held {
    /// The one text of this value: what is stored, compared and sent.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Choice(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Date(day) => day.to_string(),
            Self::YesNo(true) => "yes".to_owned(),
            Self::YesNo(false) => "no".to_owned(),
        }
    }

    /// What filters compare and formulas compute with.
    pub fn number(&self) -> Option<Quantity> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl CustomField {
    /// Whether units of this kind have it.
    pub fn is_of(&self, kind: UnitKind) -> bool {
        self.of == FieldOf::Unit && (self.unit_kinds.is_empty() || self.unit_kinds.contains(&kind))
    }

    /// Whether formulas may speak of it.
    pub fn is_for_formulas(&self) -> bool {
        self.of == FieldOf::Unit && self.kind == FieldKind::Number
    }

    /// The value that a text means; none where it is blank.
    ///
    /// # Errors
    /// The code of what is wrong with it.
    pub fn read(&self, text: &str) -> Result<Option<Held>, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let held = match self.kind {
            FieldKind::Text if text.chars().count() > FIELD_TEXT_MOST => return Err("estate.field_text_too_long"),
            FieldKind::Text => Held::Text(text.to_owned()),
            FieldKind::Number => Held::Number(number(text)?),
            FieldKind::Date => Held::Date(text.parse().map_err(|_| "not_a_day")?),
            FieldKind::Choice if self.choices.iter().any(|choice| choice == text) => Held::Choice(text.to_owned()),
            FieldKind::Choice => return Err("estate.not_a_choice"),
            FieldKind::YesNo => Held::YesNo(match text {
                "yes" => true,
                "no" => false,
                _ => return Err("estate.not_yes_or_no"),
            }),
        };
        Ok(Some(held))
    }

    /// What is wrong with a text, at its path in a request.
    pub fn problem(&self, at: impl Into<String>, text: &str) -> Option<FieldProblem> {
        let code = self.read(text).err()?;
        Some(FieldProblem::new(at, code).with("field", &self.name).with("choices", list(&self.choices)))
    }

    /// What a filter of a list asks of it.
    ///
    /// # Errors
    /// The code of what can't be read.
    pub fn wanted(&self, what: &str) -> Result<Wanted, &'static str> {
        let what = what.trim();
        if what.is_empty() {
            return Ok(Wanted::Nothing);
        }
        let (from, to) = what.split_once("..").unwrap_or((what, what));
        let one = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        Ok(match self.kind {
            FieldKind::Text => Wanted::Starts(what.to_owned()),
            FieldKind::Choice | FieldKind::YesNo => Wanted::Is(what.to_owned()),
            FieldKind::Number => Wanted::Numbers {
                from: one(from).map(|text| number(&text)).transpose()?,
                to: one(to).map(|text| number(&text)).transpose()?,
            },
            FieldKind::Date => {
                let day = |text: String| text.parse::<Day>().map_err(|_| "not_a_day");
                Wanted::Days { from: one(from).map(day).transpose()?, to: one(to).map(day).transpose()? }
            }
        })
    }

    /// What breaks a rule of its definition, by field of the request that defines it.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut problems: Vec<FieldProblem> = text_field("name", &self.name, FIELD_NAME_MOST).into_iter().collect();
        if problems.is_empty() && self.is_for_formulas() && !can_be_written(self.name.trim()) {
            problems.push(FieldProblem::new("name", "estate.field_name_of_formulas"));
        }
        if self.of == FieldOf::Resident && !self.unit_kinds.is_empty() {
            problems.push(FieldProblem::new("unit_kinds", "estate.field_kinds_of_residents"));
        }
        if self.kind != FieldKind::Choice {
            return problems;
        }
        if self.choices.is_empty() {
            problems.push(FieldProblem::new("choices", "required"));
        }
        if self.choices.len() > CHOICES_MOST {
            problems.push(FieldProblem::new("choices", "estate.field_too_many_choices").with("most", CHOICES_MOST));
        }
        for (place, choice) in self.choices.iter().enumerate() {
            problems.extend(text_field("choices", choice, FIELD_NAME_MOST));
            if self.choices.iter().take(place).any(|other| other.trim() == choice.trim()) {
                problems.push(FieldProblem::new("choices", "estate.field_choice_twice").with("choice", choice.trim()));
            }
        }
        problems
    }
}

/// Whether a formula can name it, and would not take it for something else.
fn can_be_written(name: &str) -> bool {
    let fields = [name.to_owned()];
    let read = Formula::read(&format!("[{name}]"), FormulaPlace::Tariff, &fields);
    Variable::of_name(name).is_none() && read.is_ok_and(|formula| formula.names() == [Named::Field(name.to_owned())])
}

fn number(text: &str) -> Result<Quantity, &'static str> {
    let text: String = text
        .chars()
        .filter(|letter| !matches!(letter, ',' | '，' | ' '))
        .map(|letter| match letter {
            '０'..='９' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
            '。' | '．' => '.',
            '−' | '－' => '-',
            other => other,
        })
        .collect();
    let value: rust_decimal::Decimal = text.parse().map_err(|_| "not_a_number")?;
    Quantity::new(value).ok_or("estate.field_number")
}

/// What a filter wants of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// That there is none.
    Nothing,
    Starts(String),
    Is(String),
    Numbers {
        from: Option<Quantity>,
        to: Option<Quantity>,
    },
    /// Both days belong to it.
    Days {
        from: Option<Day>,
        to: Option<Day>,
    },
}

/// A filter by a custom field, as it stands in the address: `<field>:<what>`. What is wanted is the beginning of a text, a
/// choice, `yes` or `no`; of numbers and days a range `from..to`, either of which may be left out. A blank one wants what has no value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "server", schemars(with = "String"))]
pub struct FieldFilter {
    pub field: FieldId,
    pub what: String,
}

impl TryFrom<String> for FieldFilter {
    type Error = String;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (field, what) = text.split_once(':').ok_or_else(|| format!("{text:?} names no field"))?;
        let field = field.parse().map_err(|_| format!("{field:?} is no field's id"))?;
        Ok(Self { field, what: what.to_owned() })
    }
}

impl From<FieldFilter> for String {
    fn from(filter: FieldFilter) -> Self {
        format!("{}:{}", filter.field, filter.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind) -> CustomField {
        CustomField {
            field: FieldId(uuid::Uuid::nil()),
            of: FieldOf::Unit,
            name: "附加费系数".to_owned(),
            kind,
            unit_kinds: Vec::new(),
            choices: vec!["地上".to_owned(), "地下".to_owned()],
            in_lists: true,
            active: true,
        }
    }

    #[test]
    fn a_text_is_read_by_the_kind_of_its_field() {
        let table = [
            (FieldKind::Text, " ZX-0012 ", Ok(Some("ZX-0012"))),
            (FieldKind::Text, "  ", Ok(None)),
            (FieldKind::Number, "1,234.50", Ok(Some("1234.5"))),
            (FieldKind::Number, "－２．５", Ok(Some("-2.5"))),
            (FieldKind::Number, "1.23456", Err("estate.field_number")),
            (FieldKind::Number, "99999999999999999999", Err("estate.field_number")),
            (FieldKind::Number, "两", Err("not_a_number")),
            (FieldKind::Date, "2026-11-28", Ok(Some("2026-11-28"))),
            (FieldKind::Date, "2026-13-01", Err("not_a_day")),
            (FieldKind::Choice, "地下", Ok(Some("地下"))),
            (FieldKind::Choice, "空中", Err("estate.not_a_choice")),
            (FieldKind::YesNo, "no", Ok(Some("no"))),
            (FieldKind::YesNo, "也许", Err("estate.not_yes_or_no")),
        ];
        for (kind, text, wanted) in table {
            let read = field(kind).read(text).map(|held| held.map(|held| held.text()));
            assert_eq!(read, wanted.map(|text| text.map(str::to_owned)), "{kind} {text:?}");
        }
        assert_eq!(field(FieldKind::Text).read(&"长".repeat(FIELD_TEXT_MOST + 1)), Err("estate.field_text_too_long"));
    }

    #[test]
    fn a_name_that_a_formula_would_take_for_something_else_is_refused() {
        let refused = |name: &str, kind| {
            let field = CustomField { name: name.to_owned(), ..field(kind) };
            field.problems().first().map(|problem| problem.code.clone())
        };
        for name in ["面积", "area", "系数", "a]b"] {
            assert_eq!(refused(name, FieldKind::Number).as_deref(), Some("estate.field_name_of_formulas"), "{name}");
            assert_eq!(refused(name, FieldKind::Text), None, "{name}");
        }
        assert_eq!(refused("附加费 2", FieldKind::Number), None, "written in brackets");
        assert_eq!(refused("", FieldKind::Date).as_deref(), Some("required"));
    }

    #[test]
    fn choices_are_there_and_differ() {
        let refused = |choices: &[&str]| {
            let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
            CustomField { choices, ..field(FieldKind::Choice) }.problems().first().map(|problem| problem.code.clone())
        };
        assert_eq!(refused(&[]).as_deref(), Some("required"));
        assert_eq!(refused(&["地上", "地上 "]).as_deref(), Some("estate.field_choice_twice"));
        assert_eq!(refused(&["地上", "地下"]), None);
    }

    #[test]
    fn a_filter_survives_the_address_and_asks_by_kind() {
        let text = format!("{}:1.5..3", uuid::Uuid::nil());
        let filter = FieldFilter::try_from(text.clone()).unwrap();
        assert_eq!(String::from(filter.clone()), text);
        let number = |text: &str| Some(text.parse::<Quantity>().unwrap());
        let wanted = |kind, what| field(kind).wanted(what);
        assert_eq!(wanted(FieldKind::Number, "1.5..3"), Ok(Wanted::Numbers { from: number("1.5"), to: number("3") }));
        assert_eq!(wanted(FieldKind::Number, "..3"), Ok(Wanted::Numbers { from: None, to: number("3") }));
        assert_eq!(wanted(FieldKind::Number, "2"), Ok(Wanted::Numbers { from: number("2"), to: number("2") }));
        assert_eq!(wanted(FieldKind::Number, "x.."), Err("not_a_number"));
        assert_eq!(wanted(FieldKind::Number, ".."), Ok(Wanted::Numbers { from: None, to: None }), "any number");
        assert_eq!(wanted(FieldKind::Number, " "), Ok(Wanted::Nothing));
        let day = Some("2026-11-01".parse().unwrap());
        assert_eq!(wanted(FieldKind::Date, "2026-11-01.."), Ok(Wanted::Days { from: day, to: None }));
        assert_eq!(wanted(FieldKind::Text, " ZX "), Ok(Wanted::Starts("ZX".to_owned())));
        assert!(FieldFilter::try_from("x:1".to_owned()).is_err());
    }

    #[test]
    fn the_text_of_a_value_is_read_as_the_same_value() {
        proptest::proptest!(|(text in "\\PC{0,40}", scaled: i64)| {
            let number = Quantity::from_scaled(scaled).to_string();
            for (kind, text) in [(FieldKind::Text, &text), (FieldKind::Number, &number), (FieldKind::Number, &text)] {
                let field = field(kind);
                if let Ok(Some(held)) = field.read(text) {
                    proptest::prop_assert_eq!(field.read(&held.text()), Ok(Some(held)));
                }
            }
        });
    }
}
