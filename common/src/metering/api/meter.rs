//! Meters: what is known of them, and how they are put up and taken out.

use serde::{Deserialize, Serialize};

use super::super::usage::DIGITS_MOST;
use super::super::{Role, Utility};
use super::{ReadingRow, RereadRow, negative};
use crate::api::Checked;
use crate::charging::rate::Counted;
use crate::estate::UnitKind;
use crate::id::{BuildingId, CommunityId, FeeItemId, MeterId, ReadingImportId, UnitId};
use crate::period::Day;
use crate::problem::{FieldProblem, text_field};
use crate::quantity::Quantity;

/// A unit as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct UnitName {
    pub id: UnitId,
    pub code: String,
    pub label: String,
}

/// The meters of a community.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListMeters {
    pub community: CommunityId,
    /// Part of a meter's code, its place or its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utility: Option<Utility>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The sub-meters of this master meter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<MeterId>,
    /// `true`: in use, `false`: taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `code`, `unit` or `day`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// A meter in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MeterRow {
    pub id: MeterId,
    pub code: String,
    pub role: Role,
    pub utility: Utility,
    /// Where it hangs, e.g. `1栋电梯`.
    pub place: String,
    pub unit: Option<UnitName>,
    pub building: Option<BuildingId>,
    /// The master meter that measures it too.
    pub parent: Option<MeterId>,
    pub parent_code: Option<String>,
    pub fee_item: FeeItemId,
    pub fee_item_name: String,
    /// What it counts: all, or one register of a meter that counts peak and valley apart.
    #[serde(default = "crate::charging::rate::total", skip_serializing_if = "crate::charging::rate::is_total")]
    pub register: Counted,
    pub multiplier: Quantity,
    pub digits: u32,
    pub active: bool,
    /// The latest reading.
    pub value: Option<Quantity>,
    pub day: Option<Day>,
    pub usage: Option<Quantity>,
}

/// One meter with its history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowMeter {
    pub community: CommunityId,
    pub meter: MeterId,
}

/// A meter, and its readings from new to old: the latest 120.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MeterPage {
    pub meter: MeterRow,
    pub readings: Vec<ReadingRow>,
    /// When it was to be read again, from new to old.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rereads: Vec<RereadRow>,
    /// How many meters hang below this one.
    pub children: u64,
    /// Whether there are older readings than those listed.
    pub more: bool,
}

/// Puts up a meter, or changes what is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DefineMeter {
    pub community: CommunityId,
    /// Made by the client; one that exists is changed.
    pub meter: MeterId,
    pub code: String,
    pub role: Role,
    pub utility: Utility,
    #[serde(default)]
    pub place: String,
    /// Needed for a household meter.
    pub unit: Option<UnitId>,
    /// Where a public or master meter belongs.
    pub building: Option<BuildingId>,
    pub parent: Option<MeterId>,
    pub fee_item: FeeItemId,
    /// What it counts: all, or one register of a meter that counts peak and valley apart.
    #[serde(default = "crate::charging::rate::total", skip_serializing_if = "crate::charging::rate::is_total")]
    pub register: Counted,
    pub multiplier: Quantity,
    pub digits: u32,
    /// The first reading; the baseline, never billed.
    pub first: Option<FirstReading>,
}

impl Checked for DefineMeter {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = register_problems(self.multiplier, self.digits);
        problems.extend(text_field("code", &self.code, 40));
        if self.place.chars().count() > 60 {
            problems.push(FieldProblem::new("place", "too_long").with("most", 60));
        }
        if self.role == Role::Household && self.unit.is_none() {
            problems.push(FieldProblem::new("unit", "required"));
        }
        if self.role == Role::Master && self.parent == Some(self.meter) {
            problems.push(FieldProblem::new("parent", "metering.own_parent"));
        }
        problems.extend(self.first.and_then(|first| negative("first.value", first.value)));
        problems
    }
}

/// What a meter showed when it was put up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct FirstReading {
    pub value: Quantity,
    pub day: Day,
}

/// Puts up one household meter of a kind for every unit that has none of it yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DefineMeters {
    pub community: CommunityId,
    pub utility: Utility,
    pub fee_item: FeeItemId,
    pub parent: Option<MeterId>,
    /// Before the unit's code: `SB` makes `SB-3-2-1501`.
    pub prefix: String,
    /// One meter for each of these; one that counts all where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registers: Vec<Counted>,
    pub multiplier: Quantity,
    pub digits: u32,
    pub first: Option<FirstReading>,
    /// Units of this building only; all where there is none.
    pub building: Option<BuildingId>,
    /// Units of these kinds.
    pub kinds: Vec<UnitKind>,
}

impl Checked for DefineMeters {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = register_problems(self.multiplier, self.digits);
        problems.extend(text_field("prefix", &self.prefix, 12));
        if self.kinds.is_empty() {
            problems.push(FieldProblem::new("kinds", "required"));
        }
        let twice = |(place, register): (usize, &Counted)| self.registers.iter().take(place).any(|other| other == register);
        if self.registers.contains(&Counted::Total) || self.registers.iter().enumerate().any(twice) {
            problems.push(FieldProblem::new("registers", "metering.mixed_registers"));
        }
        problems.extend(self.first.and_then(|first| negative("first.value", first.value)));
        problems
    }
}

/// What a command about many meters did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Defined {
    pub made: u64,
    /// Had one already.
    pub kept: u64,
}

/// Puts up the meters of a workbook: all of them or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ImportMeters {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub import: ReadingImportId,
    pub file_name: String,
    pub rows: Vec<crate::metering::import_meters::NewMeter>,
}

impl Checked for ImportMeters {
    fn problems(&self) -> Vec<FieldProblem> {
        if self.rows.is_empty() {
            return vec![FieldProblem::new("rows", "required")];
        }
        let of_row = |row: &crate::metering::import_meters::NewMeter| {
            let mut problems = register_problems(row.multiplier, row.digits);
            problems.extend(text_field("code", &row.code, 40));
            if row.place.chars().count() > 60 {
                problems.push(FieldProblem::new("place", "too_long").with("most", 60));
            }
            problems.extend(row.first.and_then(|first| negative("first.value", first.value)));
            // Named by the cell of the meter's number, as what the server finds is.
            problems.into_iter().map(|problem| FieldProblem { field: row.at.clone(), ..problem }).collect::<Vec<_>>()
        };
        self.rows.iter().flat_map(of_row).take(100).collect()
    }
}

/// Takes a meter out of use, or back into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RetireMeter {
    pub community: CommunityId,
    pub meter: MeterId,
    pub active: bool,
}

fn register_problems(multiplier: Quantity, digits: u32) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if multiplier.get() <= rust_decimal::Decimal::ZERO {
        problems.push(FieldProblem::new("multiplier", "not_positive"));
    }
    if !(3..=DIGITS_MOST).contains(&digits) {
        problems.push(FieldProblem::new("digits", "metering.digits").with("most", DIGITS_MOST));
    }
    problems
}
