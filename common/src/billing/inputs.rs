//! Everything that a billing run is computed from: one compact download, columns instead of rows, decimals as scaled
//! integers, days as numbers. The server plans from the same value.

use serde::{Deserialize, Serialize};

use crate::charging::price::PriceRow;
use crate::charging::tariff::{FeeItemKind, TariffRules};
use crate::charging::usage::{MeterRead, NoUsageReason, ShareTrace};
use crate::id::{ApportionmentId, BuildingId, CommunityId, FeeItemId, ReadingId, TariffId, UnitId};
use crate::money::Money;
use crate::period::{Day, Month, Period};
use crate::quantity::Quantity;

/// The inputs of a run. Units, buildings, entrances, fee items and tariffs are known by their places from here on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunInputs {
    pub community: CommunityId,
    /// The first month of the period and how many there are.
    pub first: Month,
    pub months: u32,
    /// The day that the bills will bear.
    pub issued_day: Day,
    pub fee_items: Vec<RunFeeItem>,
    pub tariffs: Vec<RunTariff>,
    pub buildings: Vec<RunBuilding>,
    pub units: RunUnits,
    pub charges: RunCharges,
    /// Units with a live bill of the fee item whose period touches this one.
    pub billed: RunPairs,
    /// Days on which somebody held or lived in a unit, joined and in order; only where a tariff asks.
    pub held: RunSpans,
    pub usages: Vec<RunUsage>,
    pub no_usages: Vec<RunNoUsage>,
    pub shares: Vec<RunShare>,
    /// The bills of as many months before, for the comparison that people want to see; no part of the plan.
    pub before: RunAmounts,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunFeeItem {
    pub id: FeeItemId,
    pub name: String,
    pub kind: FeeItemKind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunTariff {
    pub id: TariffId,
    /// Its fee item's place.
    pub fee_item: u16,
    pub name: String,
    pub rules: TariffRules,
    pub prices: Vec<PriceRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunBuilding {
    pub id: BuildingId,
    pub name: String,
}

/// The units, in the order in which their bills are numbered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunUnits {
    pub id: Vec<UnitId>,
    pub label: Vec<String>,
    pub building: Vec<Option<u32>>,
    pub entrance: Vec<Option<u32>>,
    pub floor: Vec<Option<i16>>,
    /// Billed area × 10⁴; 0 where there is none.
    pub area: Vec<i64>,
    pub handed_over: Vec<Option<i32>>,
}

/// Which unit is charged by which tariff, from a day to a day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunCharges {
    pub unit: Vec<u32>,
    pub tariff: Vec<u16>,
    pub from: Vec<i32>,
    pub to: Vec<Option<i32>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunPairs {
    pub unit: Vec<u32>,
    pub fee_item: Vec<u16>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunSpans {
    pub unit: Vec<u32>,
    pub from: Vec<i32>,
    pub to: Vec<i32>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunAmounts {
    pub unit: Vec<u32>,
    pub fee_item: Vec<u16>,
    pub amount_fen: Vec<Money>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunUsage {
    pub unit: u32,
    pub fee_item: u16,
    pub usage: Quantity,
    pub meters: Vec<MeterRead>,
    /// Locked by the bill; the browser has no use for them.
    #[serde(skip)]
    pub readings: Vec<ReadingId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunNoUsage {
    pub unit: u32,
    pub fee_item: u16,
    pub reason: NoUsageReason,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunShare {
    pub apportionment: ApportionmentId,
    pub unit: u32,
    pub fee_item: u16,
    pub amount_fen: Money,
    pub trace: ShareTrace,
}

impl RunInputs {
    /// The days of the period.
    pub fn period(&self) -> Period {
        let last = self.first.plus(i32::try_from(self.months.max(1)).unwrap_or(1) - 1);
        Period { from: self.first.first_day(), to: last.period().to }
    }

    /// The fee item at a place.
    pub fn fee_item(&self, place: u16) -> Option<&RunFeeItem> {
        self.fee_items.get(usize::from(place))
    }

    /// The tariff at a place.
    pub fn tariff(&self, place: u16) -> Option<&RunTariff> {
        self.tariffs.get(usize::from(place))
    }
}

impl RunUnits {
    pub fn len(&self) -> u32 {
        u32::try_from(self.id.len()).unwrap_or(u32::MAX)
    }

    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }

    /// The id of the unit at a place.
    pub fn id_of(&self, unit: u32) -> Option<UnitId> {
        self.id.get(place(unit)).copied()
    }

    /// The label of the unit at a place.
    pub fn label_of(&self, unit: u32) -> &str {
        self.label.get(place(unit)).map_or("", String::as_str)
    }

    /// The building's place of the unit at a place.
    pub fn building_of(&self, unit: u32) -> Option<u32> {
        self.building.get(place(unit)).copied().flatten()
    }
}

/// A place as an index.
pub(super) fn place(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}
