//! Readings: the round of a month, its entry, correction and import.

use serde::{Deserialize, Serialize};

use super::super::book::NewReading;
use super::super::usage::Mark;
use super::super::{Oddity, Role, Utility};
use super::{Missed, RereadRow, Standing, UnitName, negative};
use crate::api::Checked;
use crate::charging::rate::Counted;
use crate::id::{
    BillId, BuildingId, CommunityId, EmployeeId, MeterId, ReadingId, ReadingImportId, RereadId, RoundId, RoundPartId,
};
use crate::period::{Day, Month};
use crate::problem::{FieldProblem, text_field};
use crate::quantity::Quantity;

/// How far the reading round of a month is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowProgress {
    pub community: CommunityId,
    pub month: Month,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utility: Option<Utility>,
}

/// The reading round of a month, by building.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Progress {
    pub buildings: Vec<BuildingProgress>,
    /// The latest month with a reading.
    pub latest: Option<Month>,
}

/// The meters of a building in a month's round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BuildingProgress {
    /// `None`: meters that belong to no building.
    pub building: Option<BuildingId>,
    pub name: String,
    pub utility: Utility,
    /// Meters in use.
    pub meters: u64,
    pub read: u64,
    /// Readings that wait for a second look.
    pub review: u64,
    pub billed: u64,
    /// Of the household meters.
    pub usage: Quantity,
    /// The month before.
    pub usage_before: Quantity,
}

/// Readings of a month, or of a meter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListReadings {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<Month>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meter: Option<MeterId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utility: Option<Utility>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ReadingState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `unit`, `code`, `day` or `usage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

crate::words! {
    /// Where a reading stands.
    ReadingState {
        /// May be billed.
        Open = "open",
        /// Unlike the meter's past and not confirmed: it is not billed.
        Review = "review",
        /// Locked by its bill.
        Billed = "billed",
    }
}

/// A reading in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ReadingRow {
    pub id: ReadingId,
    pub meter: MeterId,
    pub meter_code: String,
    pub role: Role,
    pub utility: Utility,
    /// What it counts: all, or one register of a meter that counts peak and valley apart.
    #[serde(default = "crate::charging::rate::total", skip_serializing_if = "crate::charging::rate::is_total")]
    pub register: Counted,
    pub place: String,
    /// `None`: the meter belongs to no building.
    pub building: Option<BuildingId>,
    pub unit: Option<UnitName>,
    pub month: Month,
    pub day: Day,
    pub value: Quantity,
    /// Absent in the meter's first reading.
    pub previous: Option<Quantity>,
    pub previous_day: Option<Day>,
    pub multiplier: Quantity,
    pub usage: Option<Quantity>,
    pub mark: Option<Mark>,
    /// Nobody read the meter: the value goes by what was used before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub estimated: bool,
    /// Whether there is a photo of what the meter showed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub photo: bool,
    pub state: ReadingState,
    pub odd: Option<Oddity>,
    pub bill: Option<BillId>,
    pub import: Option<ReadingImportId>,
    pub note: String,
    pub by: Option<EmployeeId>,
    pub by_name: Option<String>,
}

/// The meters of a round, in the order in which a person walks them, for typing what they show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowRound {
    pub community: CommunityId,
    pub month: Month,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utility: Option<Utility>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// This one alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meter: Option<MeterId>,
    /// Only those that have no reading in the month yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<bool>,
    /// Only those that this round of the month is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<RoundId>,
    /// Only those of this part of the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<RoundPartId>,
    /// Only those that this person reads in the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<EmployeeId>,
    /// Only those that stand so in the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// A line of the entry page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RoundRow {
    pub meter: MeterId,
    pub code: String,
    pub role: Role,
    pub utility: Utility,
    /// What it counts: all, or one register of a meter that counts peak and valley apart.
    #[serde(default = "crate::charging::rate::total", skip_serializing_if = "crate::charging::rate::is_total")]
    pub register: Counted,
    pub place: String,
    pub unit: Option<UnitName>,
    pub multiplier: Quantity,
    pub digits: u32,
    /// The latest reading before this month's.
    pub previous: Option<Quantity>,
    pub previous_day: Option<Day>,
    /// Where that is an estimate that is billed: what was truly read before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<Quantity>,
    /// The mean of the last months' usages.
    pub average: Option<Quantity>,
    /// The month's latest reading, if there is one.
    pub reading: Option<RoundReading>,
    /// Somebody was there in the round and could not read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<Missed>,
    /// It is to be read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reread: Option<RereadId>,
}

/// What was read in the month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RoundReading {
    pub id: ReadingId,
    pub value: Quantity,
    pub day: Day,
    pub usage: Option<Quantity>,
    pub mark: Option<Mark>,
    /// Nobody read the meter: the value goes by what was used before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub estimated: bool,
    pub state: ReadingState,
}

/// Records one reading; one between two others derives the later usage anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EnterReading {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub reading: ReadingId,
    pub meter: MeterId,
    pub month: Month,
    pub day: Day,
    pub value: Quantity,
    #[serde(default)]
    pub mark: Option<Mark>,
    /// Of the new meter, when it was replaced by one with another multiplier.
    #[serde(default)]
    pub multiplier: Option<Quantity>,
    /// Unlike the meter's past, and looked at.
    #[serde(default)]
    pub confirmed: bool,
    #[serde(default)]
    pub note: String,
    /// Read in this round: refused where it is closed, or somebody else was first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<RoundId>,
    /// Read again for this: refused where somebody else was first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reread: Option<RereadId>,
}

impl Checked for EnterReading {
    fn problems(&self) -> Vec<FieldProblem> {
        let multiplier = self.multiplier.and_then(|multiplier| not_positive("multiplier", multiplier));
        negative("value", self.value)
            .into_iter()
            .chain(mark_problems(self.mark))
            .chain(multiplier)
            .chain(note_problem(&self.note))
            .collect()
    }
}

/// Corrects a reading that is not billed; the usage after it is derived anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CorrectReading {
    pub community: CommunityId,
    pub reading: ReadingId,
    pub day: Day,
    pub value: Quantity,
    #[serde(default)]
    pub mark: Option<Mark>,
    #[serde(default)]
    pub confirmed: bool,
    #[serde(default)]
    pub note: String,
}

impl Checked for CorrectReading {
    fn problems(&self) -> Vec<FieldProblem> {
        negative("value", self.value).into_iter().chain(mark_problems(self.mark)).chain(note_problem(&self.note)).collect()
    }
}

/// Deletes a reading that is not billed; the usage after it is derived anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DeleteReading {
    pub community: CommunityId,
    pub reading: ReadingId,
    pub reason: String,
}

impl Checked for DeleteReading {
    fn problems(&self) -> Vec<FieldProblem> {
        text_field("reason", &self.reason, 200).into_iter().collect()
    }
}

/// Confirms odd readings after a second look: they may be billed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ConfirmReadings {
    pub community: CommunityId,
    pub readings: Vec<ReadingId>,
}

/// Readings that wait for a second look, each with its meter's past.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListReviews {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<Month>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utility: Option<Utility>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// A reading that waits, and what the meter used before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ReviewRow {
    pub reading: ReadingRow,
    /// The usages of the eleven months before, from old to new; `None` where there is none.
    pub past: Vec<Option<Quantity>>,
    /// The mean of those; `None` where too few are known.
    pub usual: Option<Quantity>,
    /// What was refused before the meter was read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reread: Option<RereadRow>,
    /// The caller read it again, and somebody else may look at it: so that is who does.
    #[serde(default)]
    pub own: bool,
    /// Who reads the meter in the round of its month, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<EmployeeId>,
}

/// Estimates what household meters that nobody read in a month would show, by what they used before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EstimateReadings {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub estimate: ReadingImportId,
    pub month: Month,
    pub day: Day,
    /// Meters of this building only; of all where there is none.
    pub building: Option<BuildingId>,
    /// Of this utility only; of all where there is none.
    pub utility: Option<Utility>,
    /// Why nobody could read them; it stands at every reading.
    pub reason: String,
}

impl Checked for EstimateReadings {
    fn problems(&self) -> Vec<FieldProblem> {
        text_field("reason", &self.reason, 200).into_iter().collect()
    }
}

/// Estimates one meter that can't be read, by what it used before; the reason is kept with the reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EstimateReading {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub reading: ReadingId,
    pub meter: MeterId,
    pub month: Month,
    pub day: Day,
    pub reason: String,
    /// In this round: refused where it is closed, or somebody read the meter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<RoundId>,
}

impl Checked for EstimateReading {
    fn problems(&self) -> Vec<FieldProblem> {
        text_field("reason", &self.reason, 200).into_iter().collect()
    }
}

/// What was estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Estimated {
    pub made: u64,
    /// Meters whose past says too little.
    pub left: u64,
}

/// What a reading import is checked against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct OpenBook {
    pub community: CommunityId,
    pub month: Month,
}

/// Brings in a month's readings: all of them or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ImportReadings {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub import: ReadingImportId,
    pub file_name: String,
    pub month: Month,
    pub rows: Vec<NewReading>,
}

impl Checked for ImportReadings {
    fn problems(&self) -> Vec<FieldProblem> {
        if self.rows.is_empty() {
            return vec![FieldProblem::new("rows", "required")];
        }
        let of_row = |(place, row): (usize, &NewReading)| {
            let found = negative("value", row.value)
                .into_iter()
                .chain(row.first.and_then(|first| negative("first.value", first.value)))
                .chain(mark_problems(row.mark))
                .chain(note_problem(&row.note));
            found.map(|problem| FieldProblem { field: format!("rows.{place}.{}", problem.field), ..problem }).collect::<Vec<_>>()
        };
        self.rows.iter().enumerate().flat_map(of_row).take(PROBLEMS_MOST).collect()
    }
}

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema), schemars(rename = "ImportedReadings"))]
pub struct Imported {
    pub import: ReadingImportId,
    pub month: Month,
    pub file_name: String,
    pub readings: u64,
    /// First readings of their meters.
    pub baselines: u64,
    /// Wait for a second look.
    pub review: u64,
}

/// How many problems of an import's rows are named.
const PROBLEMS_MOST: usize = 100;

fn not_positive(field: &str, value: Quantity) -> Option<FieldProblem> {
    (value.get() <= rust_decimal::Decimal::ZERO).then(|| FieldProblem::new(field, "not_positive"))
}

/// What a replaced meter can't have shown or counted with.
fn mark_problems(mark: Option<Mark>) -> Vec<FieldProblem> {
    let Some(Mark::Replaced { old_final, old_multiplier, new_initial }) = mark else { return Vec::new() };
    negative("mark.old_final", old_final)
        .into_iter()
        .chain(not_positive("mark.old_multiplier", old_multiplier))
        .chain(negative("mark.new_initial", new_initial))
        .collect()
}

pub(super) fn note_problem(note: &str) -> Option<FieldProblem> {
    (note.chars().count() > 200).then(|| FieldProblem::new("note", "too_long").with("most", 200))
}
