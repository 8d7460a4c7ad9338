//! Reading rounds: which meters of a month are read by whom until when, how far each is, what could not be read.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::Utility;
use super::RereadRow;
use super::reading::note_problem;
use crate::api::Checked;
use crate::id::{BuildingId, CommunityId, EmployeeId, EntranceId, MeterId, RoundDeedId, RoundId, RoundPartId};
use crate::period::{Day, Month};
use crate::problem::FieldProblem;

crate::words! {
    /// Whether a round is still walked.
    RoundState {
        Open = "open",
        Closed = "closed",
    }
    /// Where a meter of a round stands.
    Standing {
        Unread = "unread",
        /// Somebody was there and could not read it.
        Missed = "missed",
        /// Its reading waits for a second look.
        Review = "review",
        Estimated = "estimated",
        Read = "read",
    }
    /// Why a meter could not be read.
    MissReason {
        NobodyHome = "nobody_home",
        Blocked = "blocked",
        Broken = "broken",
        Unreadable = "unreadable",
        NotFound = "not_found",
        Other = "other",
    }
    /// What becomes of the meters that a round leaves without a reading.
    Rest {
        Leave = "leave",
        Estimate = "estimate",
    }
}

/// How many meters stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Tally {
    pub meters: u64,
    pub read: u64,
    pub review: u64,
    pub estimated: u64,
    pub missed: u64,
    pub unread: u64,
}

impl Tally {
    /// Meters with a reading of the month, of whatever kind.
    pub fn done(self) -> u64 {
        self.read.saturating_add(self.review).saturating_add(self.estimated)
    }

    /// Meters without one.
    pub fn left(self) -> u64 {
        self.missed.saturating_add(self.unread)
    }
}

impl std::iter::Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            meters: sum.meters.saturating_add(one.meters),
            read: sum.read.saturating_add(one.read),
            review: sum.review.saturating_add(one.review),
            estimated: sum.estimated.saturating_add(one.estimated),
            missed: sum.missed.saturating_add(one.missed),
            unread: sum.unread.saturating_add(one.unread),
        })
    }
}

/// The rounds of a community, the newest month first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListRounds {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<Month>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<RoundState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// A round in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RoundView {
    pub id: RoundId,
    pub month: Month,
    pub utilities: Vec<Utility>,
    pub from: Day,
    pub to: Day,
    pub state: RoundState,
    /// Of the parts that the caller sees.
    pub tally: Tally,
    pub parts: u64,
    /// Who reads in it, each once.
    pub readers: Vec<String>,
    pub opened_by: Option<String>,
    pub opened_at: DateTime<Utc>,
    pub closed_by: Option<String>,
    pub closed_at: Option<DateTime<Utc>>,
}

/// One round with its parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetRound {
    pub community: CommunityId,
    pub round: RoundId,
}

/// A round, part by part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RoundPage {
    pub round: RoundView,
    pub parts: Vec<RoundPart>,
    /// Meters of its month that are to be read again.
    pub rereads: u64,
    /// Whether the caller sees all of its parts, and may change it.
    pub whole: bool,
}

/// A building or entrance of a round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RoundPart {
    pub id: RoundPartId,
    /// `None`: meters that belong to no building.
    pub building: Option<BuildingId>,
    pub building_name: String,
    /// `None`: whatever of the building has no part of its own.
    pub entrance: Option<EntranceId>,
    pub entrance_name: String,
    pub reader: Option<EmployeeId>,
    pub reader_name: Option<String>,
    pub tally: Tally,
}

/// What a new round may be made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetRoundChoices {
    pub community: CommunityId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RoundChoices {
    pub places: Vec<RoundPlace>,
    pub readers: Vec<Reader>,
}

/// Meters in use at a place, by utility: of one entrance, or of a building outside its entrances.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RoundPlace {
    pub building: Option<BuildingId>,
    pub building_name: String,
    pub entrance: Option<EntranceId>,
    pub entrance_name: String,
    pub utility: Utility,
    pub meters: u64,
}

/// Somebody who may read meters here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Reader {
    pub id: EmployeeId,
    pub name: String,
    /// Those that they see; `None`: all.
    pub buildings: Option<Vec<BuildingId>>,
}

impl Reader {
    /// Whether they see the building, or what belongs to none.
    pub fn sees(&self, building: Option<BuildingId>) -> bool {
        match (&self.buildings, building) {
            (None, _) => true,
            (Some(buildings), Some(building)) => buildings.contains(&building),
            (Some(_), None) => false,
        }
    }
}

/// A part of a round as it is to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct NewPart {
    /// Made by the client; one that is there keeps it.
    pub id: RoundPartId,
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrance: Option<EntranceId>,
    pub reader: Option<EmployeeId>,
}

/// Opens a round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct OpenRound {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub round: RoundId,
    pub month: Month,
    pub utilities: Vec<Utility>,
    pub from: Day,
    pub to: Day,
    /// Those with meters of these utilities are chosen by the page: all of them, or some.
    pub parts: Vec<NewPart>,
}

impl Checked for OpenRound {
    fn problems(&self) -> Vec<FieldProblem> {
        let none = self.utilities.is_empty().then(|| FieldProblem::new("utilities", "required"));
        none.into_iter().chain(plan_problems(self.from, self.to, &self.parts)).collect()
    }
}

/// Sets anew who reads what in an open round, and until when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct AssignRound {
    pub community: CommunityId,
    pub round: RoundId,
    pub from: Day,
    pub to: Day,
    pub parts: Vec<NewPart>,
}

impl Checked for AssignRound {
    fn problems(&self) -> Vec<FieldProblem> {
        plan_problems(self.from, self.to, &self.parts)
    }
}

/// Ends a round; what has no reading is left so, or estimated in the same deed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CloseRound {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub deed: RoundDeedId,
    pub round: RoundId,
    /// Meters without a reading, as the person saw them: refused where they are others by now.
    pub left: u64,
    pub rest: Rest,
    /// On which estimates are dated.
    pub day: Day,
}

/// What closing did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RoundClosed {
    pub estimated: u64,
    /// Meters without a reading.
    pub left: u64,
}

/// Goes on with a round that was closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ReopenRound {
    pub community: CommunityId,
    pub round: RoundId,
}

/// What the caller has to read: in open rounds, and again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct GetMyRounds {
    pub community: CommunityId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MyRounds {
    pub rereads: Vec<RereadRow>,
    pub rounds: Vec<MyRound>,
}

/// An open round, and the parts of it that are the caller's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MyRound {
    pub id: RoundId,
    pub month: Month,
    pub utilities: Vec<Utility>,
    pub from: Day,
    pub to: Day,
    pub parts: Vec<RoundPart>,
}

/// Notes that somebody was there and could not read the meter, which stays to be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MissMeter {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub deed: RoundDeedId,
    pub round: RoundId,
    pub meter: MeterId,
    pub reason: MissReason,
    #[serde(default)]
    pub note: String,
}

impl Checked for MissMeter {
    fn problems(&self) -> Vec<FieldProblem> {
        let unsaid = self.reason == MissReason::Other && self.note.trim().is_empty();
        unsaid.then(|| FieldProblem::new("note", "required")).into_iter().chain(note_problem(&self.note)).collect()
    }
}

/// The last time that a meter could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Missed {
    pub reason: MissReason,
    pub note: String,
    pub day: Day,
    /// How often somebody was there.
    pub tries: u32,
}

/// Days the wrong way round, no part, a part twice.
fn plan_problems(from: Day, to: Day, parts: &[NewPart]) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if to < from {
        problems.push(FieldProblem::new("to", "metering.round_days"));
    }
    let mut seen = std::collections::HashSet::with_capacity(parts.len());
    let mut ids = std::collections::HashSet::with_capacity(parts.len());
    if parts.is_empty() {
        problems.push(FieldProblem::new("parts", "required"));
    } else if !parts.iter().all(|part| seen.insert((part.building, part.entrance)) && ids.insert(part.id)) {
        problems.push(FieldProblem::new("parts", "metering.round_part_twice"));
    }
    if parts.iter().any(|part| part.building.is_none() && part.entrance.is_some()) {
        problems.push(FieldProblem::new("parts", "metering.round_entrance"));
    }
    problems
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_round_needs_parts_that_differ_and_days_in_their_order() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let part = |building: u128, entrance: Option<u128>| NewPart {
            id: RoundPartId(Uuid::from_u128(building * 100 + entrance.unwrap_or(0))),
            building: Some(BuildingId(Uuid::from_u128(building))),
            entrance: entrance.map(|entrance| EntranceId(Uuid::from_u128(entrance))),
            reader: None,
        };
        let told = |from: &str, to: &str, parts: &[NewPart]| {
            plan_problems(day(from), day(to), parts).into_iter().map(|problem| problem.code).collect::<Vec<_>>()
        };
        assert_eq!(told("2026-11-24", "2026-11-28", &[part(1, None), part(1, Some(2)), part(2, None)]), [""; 0]);
        assert_eq!(told("2026-11-24", "2026-11-23", &[]), ["metering.round_days", "required"]);
        assert_eq!(told("2026-11-24", "2026-11-24", &[part(1, None), part(1, None)]), ["metering.round_part_twice"]);
        let same_id = NewPart { id: part(1, None).id, ..part(2, None) };
        assert_eq!(told("2026-11-24", "2026-11-24", &[part(1, None), same_id]), ["metering.round_part_twice"]);
        let nowhere = NewPart { building: None, ..part(1, Some(2)) };
        assert_eq!(told("2026-11-24", "2026-11-24", &[nowhere]), ["metering.round_entrance"]);
    }
}
