//! Readings that were refused: who reads the meter again, and what came of it.

use serde::{Deserialize, Serialize};

use super::super::{Oddity, Role, Utility};
use super::UnitName;
use super::reading::note_problem;
use crate::api::Checked;
use crate::charging::rate::Counted;
use crate::id::{BuildingId, CommunityId, EmployeeId, MeterId, ReadingId, RereadId};
use crate::period::{Day, Month};
use crate::problem::FieldProblem;
use crate::quantity::Quantity;

crate::words! {
    /// Whether the meter was read again.
    RereadState {
        Open = "open",
        Done = "done",
        /// It was called off.
        Dropped = "dropped",
    }
}

/// Refuses a reading that is not billed: it goes, and somebody is to read the meter again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SendBack {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub reread: RereadId,
    pub reading: ReadingId,
    pub reader: EmployeeId,
    /// By when.
    pub due: Day,
    #[serde(default)]
    pub note: String,
}

impl Checked for SendBack {
    fn problems(&self) -> Vec<FieldProblem> {
        note_problem(&self.note).into_iter().collect()
    }
}

/// Calls an open task off: the meter is read as all others are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DropReread {
    pub community: CommunityId,
    pub reread: RereadId,
}

/// Meters that are or were to be read again, the most urgent first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListRereads {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<RereadState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<Month>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<EmployeeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

/// A meter that is or was to be read again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RereadRow {
    pub id: RereadId,
    pub state: RereadState,
    pub meter: MeterId,
    pub meter_code: String,
    pub role: Role,
    pub utility: Utility,
    /// What it counts: all, or one register of a meter that counts peak and valley apart.
    #[serde(default = "crate::charging::rate::total", skip_serializing_if = "crate::charging::rate::is_total")]
    pub register: Counted,
    pub place: String,
    pub unit: Option<UnitName>,
    pub month: Month,
    /// What was read and refused.
    pub refused: Quantity,
    pub refused_day: Day,
    pub refused_by: Option<String>,
    pub previous: Option<Quantity>,
    pub usage: Option<Quantity>,
    pub odd: Option<Oddity>,
    /// The mean of the usages before; `None` where too few are known.
    pub usual: Option<Quantity>,
    /// Whether there is a photo of what was refused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub photo: bool,
    pub note: String,
    pub reader: EmployeeId,
    pub reader_name: String,
    pub due: Day,
    pub sent_by: Option<String>,
    pub sent_on: Day,
    /// What was read again.
    pub answer: Option<Quantity>,
    pub answer_day: Option<Day>,
    /// Who read it again, or called it off.
    pub ended_by: Option<String>,
}

impl RereadRow {
    /// Whether the same was read again.
    pub fn is_confirmed(&self) -> bool {
        self.answer == Some(self.refused)
    }
}
