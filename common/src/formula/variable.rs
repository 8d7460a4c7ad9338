//! What a formula may speak of: one name per thing, and the other names that people type for it.

use serde::{Deserialize, Serialize};

use super::exact::Exact;
use crate::words;

words! {
    /// A variable that every formula knows; custom number fields of a unit come besides, by their own names.
    Variable {
        /// The unit's billed area, m².
        Area = "area",
        /// The unit's inner area, m².
        InnerArea = "inner_area",
        /// People living in the unit on the first day of the piece.
        Heads = "heads",
        /// The floor the unit lies on.
        Floor = "floor",
        /// What the property is worth, yuan.
        Value = "value",
        /// The coefficient of the unit's kind under the tariff; 1 where there is none.
        Coefficient = "coefficient",
        /// What the unit's meters counted.
        Usage = "usage",
        /// The price in force; a formula that names it yields the amount itself, not a quantity to be priced.
        Price = "price",
        /// Months of the period.
        Months = "months",
        /// Days of the period.
        Days = "days",
        /// What is shared out: the quantity of the pool.
        Pool = "pool",
        /// Areas of all units of the pool, m².
        TotalArea = "total_area",
        /// Usages of all units of the pool.
        TotalUsage = "total_usage",
        /// People of all units of the pool.
        TotalHeads = "total_heads",
        /// How many units the pool has.
        Units = "units",
        /// Areas of all units of the unit's building, m².
        BuildingArea = "building_area",
        /// How many units the unit's building has.
        BuildingUnits = "building_units",
        /// Areas of all units of the unit's entrance, m².
        EntranceArea = "entrance_area",
        /// Areas of all units of the community, m².
        CommunityArea = "community_area",
        /// How many units the community has.
        CommunityUnits = "community_units",
    }

    /// Where a formula stands, which decides what it may speak of.
    FormulaPlace {
        /// The quantity, or the amount, of a tariff.
        Tariff = "tariff",
        /// A unit's weight in a pool.
        Weight = "weight",
    }
}

/// Other names of a variable, in lower case: Chinese ones, and the single letters that another system taught people.
pub(super) const ALIASES: &[(Variable, &[&str])] = &[
    (Variable::Area, &["面积", "房屋面积", "建筑面积", "计费面积", "收费面积", "单位面积", "r", "㎡"]),
    (Variable::InnerArea, &["套内面积", "使用面积", "室内面积"]),
    (Variable::Heads, &["人数", "居住人数", "人口", "人口数", "people", "persons"]),
    (Variable::Floor, &["楼层", "层数", "所在楼层", "房屋层数", "l"]),
    (Variable::Value, &["房屋价值", "房价", "物业价值", "总价"]),
    (Variable::Coefficient, &["系数", "收费系数", "房屋系数", "算费系数", "x"]),
    (Variable::Usage, &["用量", "使用量", "本户用量", "表用量", "度数"]),
    (Variable::Price, &["单价", "价格"]),
    (Variable::Months, &["月数", "月份数", "计费月数"]),
    (Variable::Days, &["天数", "计费天数"]),
    (Variable::Pool, &["公摊总量", "总量", "公摊量", "总用电量", "总用水量", "电量", "水量", "t"]),
    (Variable::TotalArea, &["总面积", "公摊总面积", "参与面积"]),
    (Variable::TotalUsage, &["总用量", "用量合计"]),
    (Variable::TotalHeads, &["总人数", "人数合计"]),
    (Variable::Units, &["户数", "总户数", "参与户数"]),
    (Variable::BuildingArea, &["楼栋面积", "楼面积", "本栋面积", "f"]),
    (Variable::BuildingUnits, &["楼栋户数", "本栋户数"]),
    (Variable::EntranceArea, &["单元面积", "本单元面积", "u"]),
    (Variable::CommunityArea, &["小区面积", "小区总面积", "c"]),
    (Variable::CommunityUnits, &["小区户数"]),
];

impl Variable {
    /// The variable of a name, however it is written.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        Self::from_word(&name).or_else(|| ALIASES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(of, _)| *of))
    }

    /// The Chinese name that completion puts in.
    pub fn chinese(self) -> &'static str {
        ALIASES.iter().find(|(of, _)| *of == self).and_then(|(_, names)| names.first().copied()).unwrap_or(self.word())
    }

    /// Whether a formula of a place may speak of it.
    pub fn is_of(self, place: FormulaPlace) -> bool {
        match self {
            Self::Pool | Self::TotalArea | Self::TotalUsage | Self::TotalHeads | Self::Units => place == FormulaPlace::Weight,
            Self::Price | Self::Months | Self::Days | Self::Coefficient => place == FormulaPlace::Tariff,
            _ => true,
        }
    }
}

/// What a formula speaks of: a variable, or a unit's custom number field by its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Named {
    Variable(Variable),
    Field(String),
}

/// Gives a formula's variables their values; `None` where the unit has no such value.
pub trait Values {
    fn value(&self, of: &Named) -> Option<Exact>;
}

impl<F: Fn(&Named) -> Option<Exact>> Values for F {
    fn value(&self, of: &Named) -> Option<Exact> {
        self(of)
    }
}

/// The known name that looks most like a mistyped one, among the variables of the place and the custom fields.
pub(super) fn nearest(name: &str, place: FormulaPlace, fields: &[String]) -> Option<String> {
    let name = name.to_lowercase();
    let variables = Variable::ALL.iter().filter(|one| one.is_of(place)).flat_map(|one| {
        let aliases = ALIASES.iter().find(|(of, _)| of == one).map_or(&[] as &[&str], |(_, names)| names);
        std::iter::once(one.word()).chain(aliases.iter().copied()).filter(|name| name.chars().count() > 1)
    });
    let known = variables.map(str::to_owned).chain(fields.iter().cloned());
    let close = known.map(|one| (distance(&name, &one.to_lowercase()), one));
    let (far, nearest) = close.min_by_key(|(far, _)| *far)?;
    let length = name.chars().count().max(nearest.chars().count());
    (far * 2 <= length).then_some(nearest)
}

/// How many characters must be put in, taken out or changed (Levenshtein).
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (line, character) in one.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(&two) {
            let above = *cell;
            let changed = diagonal + usize::from(character != *other);
            left = changed.min(above + 1).min(left + 1);
            (*cell, diagonal) = (left, above);
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
