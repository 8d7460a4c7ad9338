//! What is billed already, for those who change prices and contracts: it stays as it is.

use serde::{Deserialize, Serialize};

use crate::id::{BuildingId, CommunityId, EntranceId, FeeItemId, TariffId, UnitId};
use crate::period::{Day, Month};

/// How many bills there are of a tariff's units for days from `from` to `to`: of the community, or of one place in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CountBilled {
    pub community: CommunityId,
    pub tariff: TariffId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrance: Option<EntranceId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<i16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    pub from: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
}

/// Bills that no change touches any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BilledCount {
    pub bills: u64,
    pub units: u64,
    /// The first day after all of them.
    pub to: Option<Day>,
}

/// The units with a rent contract for which a month is billed already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListBilledRents {
    pub community: CommunityId,
    pub month: Month,
}

/// The units of which a month or a later one is billed of a fee item already: what is shared out of that month now comes with
/// their next bill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListBilledUnits {
    pub community: CommunityId,
    pub fee_item: FeeItemId,
    pub month: Month,
}

/// A unit and up to which month it is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BilledUnit {
    pub unit: UnitId,
    pub until: Month,
}
