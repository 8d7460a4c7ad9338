//! The schemes in force as a run knows them: units, fee items and groups by their places, days as numbers.

use serde::{Deserialize, Serialize};

use super::scheme::Relief;
use crate::estate::kind::UnitKind;
use crate::id::{PeopleGroupId, WaiverSchemeId};
use crate::money::Money;

/// The schemes of a run in the order in which they are applied, and the groups that they are for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunWaivers {
    pub schemes: Vec<RunScheme>,
    pub groups: Vec<RunGroup>,
    /// Of a trial only, and only for those who may see waivers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<TrialWaivers>,
}

/// What other schemes are tried with: all groups are among those of the inputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TrialWaivers {
    /// By the places of the schemes: the lower, the sooner it is applied.
    pub ranks: Vec<i32>,
    /// By the places of the groups.
    pub groups: Vec<PeopleGroupId>,
    /// What schemes took off units' bills of the year before: of those that don't say it themselves, because they have no most
    /// for the year or are not in force. In the order of the units.
    pub used: Vec<(WaiverSchemeId, Vec<(u32, i32, Money)>)>,
}

impl RunWaivers {
    /// Whether there is nothing to take off and nothing to try.
    pub fn is_empty(&self) -> bool {
        self.schemes.is_empty() && self.trial.is_none()
    }

    /// Without the names of groups.
    pub fn nameless(&mut self) {
        for group in &mut self.groups {
            group.name.clear();
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunScheme {
    pub id: WaiverSchemeId,
    pub name: String,
    pub reason: String,
    pub fee_items: Vec<u16>,
    pub relief: Relief,
    pub who: RunWho,
    pub from: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<i32>,
    /// Only bills for at least so many months.
    #[serde(default)]
    pub months_least: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bill_most_fen: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year_most_fen: Option<Money>,
    /// What it took off bills of a unit and a year before, where there is a most for the year; in the order of units and years. A
    /// bill is of the year in which its period begins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<(u32, i32, Money)>,
}

/// For whom a scheme is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunWho {
    Everybody,
    /// By the places of the groups.
    Groups(Vec<u16>),
    /// By the places of the units, in order.
    Units(Vec<u32>),
    Kinds(Vec<UnitKind>),
}

/// A group: on which days of the run a member holds which unit, in the order of the units.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunGroup {
    /// For the trace; empty for those who may not see waivers, whose preview leaves out in which group somebody is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    pub unit: Vec<u32>,
    pub from: Vec<i32>,
    pub to: Vec<i32>,
}
