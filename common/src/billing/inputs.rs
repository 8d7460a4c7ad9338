//! Everything that a billing run is computed from: one compact download, columns instead of rows, decimals as scaled
//! integers, days as numbers. The server plans from the same value.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::charging::price::PriceRow;
use crate::charging::rent::Rent;
use crate::charging::tariff::{FeeItemKind, Mode, TariffRules};
use crate::charging::usage::{MeterRead, NoUsageReason, RegisterUsage, ShareTrace};
use crate::estate::kind::UnitKind;
use crate::formula::{Formula, Named};
use crate::id::{
    ApportionmentId, BuildingId, ChargeId, CommunityId, EntranceId, FeeItemId, ReadingId, ResidentId, TariffId, UnitId,
};
use crate::money::Money;
use crate::period::{Day, Month, Period};
use crate::quantity::Quantity;
use crate::waivers::inputs::RunWaivers;

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
    /// When all of them fall due; where it is left open, the tariffs say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_day: Option<Day>,
    pub fee_items: Vec<RunFeeItem>,
    pub tariffs: Vec<RunTariff>,
    pub buildings: Vec<RunBuilding>,
    pub units: RunUnits,
    /// The whole community, where the units are a part of it and a formula asks for the whole of it, or of a building or entrance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<RunWhole>,
    pub charges: RunCharges,
    /// Live bills of these units and fee items that a bill of this run could touch.
    pub billed: RunBilled,
    /// Days on which somebody held or lived in a unit, joined and in order; only where a tariff asks.
    pub held: RunSpans,
    /// Days on which the same people held a unit, in order; only of units that change hands.
    #[serde(default, skip_serializing_if = "RunOwned::is_empty")]
    pub owned: RunOwned,
    /// How many people lived in a unit from a day to a day, in order; only where a tariff asks.
    #[serde(default)]
    pub heads: RunHeads,
    /// Custom number fields of the units, those that a formula or tiers by a quota name.
    #[serde(default)]
    pub fields: Vec<RunField>,
    /// What contracts say of a charge.
    #[serde(default)]
    pub rents: Vec<RunRent>,
    /// Sales that were reported, by the month.
    #[serde(default)]
    pub sales: Vec<RunSales>,
    pub usages: Vec<RunUsage>,
    pub no_usages: Vec<RunNoUsage>,
    pub shares: Vec<RunShare>,
    /// The schemes in force.
    #[serde(default, skip_serializing_if = "RunWaivers::is_empty")]
    pub waivers: RunWaivers,
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
    pub kind: Vec<UnitKind>,
    /// Inner area × 10⁴; 0 where there is none. Empty where no formula asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inner_area: Vec<i64>,
    /// What the property is worth, in fen; 0 where it is unknown. Empty where no tariff asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub value_fen: Vec<i64>,
    /// The entrances, by their places: where a price may be tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entrances: Vec<EntranceId>,
}

/// How many people lived in a unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunHeads {
    pub unit: Vec<u32>,
    pub from: Vec<i32>,
    pub to: Vec<i32>,
    pub heads: Vec<u32>,
}

/// Sums over all units of the community, and of each building and entrance that a run of single units has only a part of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunWhole {
    /// Billed area, × 10⁴.
    pub area: i64,
    pub units: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buildings: Vec<RunWholePlace>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entrances: Vec<RunWholePlace>,
}

/// Sums over all units of a building or an entrance, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunWholePlace {
    pub place: u32,
    /// Billed area, × 10⁴.
    pub area: i64,
    pub units: i64,
}

/// A custom number field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunField {
    pub name: String,
    /// Which units have a value, and which; × 10⁴.
    pub unit: Vec<u32>,
    pub value: Vec<i64>,
}

/// The contract of a charge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunRent {
    /// The charge's place.
    pub charge: u32,
    pub rent: Rent,
}

/// The sales of a unit in a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunSales {
    pub unit: u32,
    pub month: Month,
    pub sales_fen: Money,
}

/// Which unit is charged by which tariff, from a day to a day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunCharges {
    /// Kept with the bills of what is charged once; the browser has no use for them.
    #[serde(skip)]
    pub id: Vec<ChargeId>,
    pub unit: Vec<u32>,
    pub tariff: Vec<u16>,
    pub from: Vec<i32>,
    pub to: Vec<Option<i32>>,
}

/// Live bills: of which unit and fee item, for which days.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunBilled {
    pub unit: Vec<u32>,
    pub fee_item: Vec<u16>,
    pub from: Vec<i32>,
    pub to: Vec<i32>,
    /// The place of a charge that is charged once and has its bill, whenever that was.
    #[serde(default)]
    pub charge: Vec<Option<u32>>,
    /// The tariff of what is charged once, where the charge that was billed was taken back, or is not known: it stands for what
    /// takes its place.
    pub once: Vec<Option<u16>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunSpans {
    pub unit: Vec<u32>,
    pub from: Vec<i32>,
    pub to: Vec<i32>,
}

/// Who held a unit on which days.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RunOwned {
    pub unit: Vec<u32>,
    pub from: Vec<i32>,
    pub to: Vec<i32>,
    /// Who they were: kept with the bill; the browser has no use for it.
    #[serde(skip)]
    pub residents: Vec<Vec<ResidentId>>,
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
    /// What was used in the tariff year before the period.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub before: Quantity,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registers: Vec<RegisterUsage>,
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
    /// From their text. Compiled here, with this crate, for speed: what calls it in the browser is compiled for size.
    ///
    /// # Errors
    /// Those of serde.
    pub fn read(text: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(text)
    }

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

    /// The custom fields that the formulas and the tiers of a unit's tariffs of a fee item ask for and that are blank in it.
    pub fn blank_fields(&self, unit: u32, fee_item: u16) -> Vec<&str> {
        let names: Vec<String> = self.fields.iter().map(|field| field.name.clone()).collect();
        let charges = self.charges.unit.iter().zip(&self.charges.tariff).filter(|(of, _)| **of == unit);
        let tariffs: BTreeSet<u16> = charges.map(|(_, tariff)| *tariff).collect();
        let tariffs = tariffs.into_iter().filter_map(|place| self.tariff(place));
        let tariffs: Vec<&RunTariff> = tariffs.filter(|tariff| tariff.fee_item == fee_item).collect();
        let quotas: BTreeSet<&str> =
            tariffs.iter().flat_map(|tariff| &tariff.prices).flat_map(|price| price.rate.quotas()).collect();
        let formulas: Vec<Formula> = tariffs
            .into_iter()
            .filter(|tariff| tariff.rules.mode == Mode::Formula)
            .filter_map(|tariff| tariff.rules.read(&names).ok())
            .collect();
        let named = |name: &str| formulas.iter().flat_map(Formula::names).any(|named| *named == Named::Field(name.to_owned()));
        let asks = |name: &str| quotas.contains(name) || named(name);
        let blank = self.fields.iter().filter(|field| !field.unit.contains(&unit) && asks(&field.name));
        blank.map(|field| field.name.as_str()).collect()
    }

    /// Whether a tariff is charged once.
    pub fn is_once(&self, tariff: u16) -> bool {
        self.tariff(tariff).is_some_and(|tariff| tariff.rules.cycle.is_once())
    }
}

impl RunOwned {
    pub fn is_empty(&self) -> bool {
        self.unit.is_empty()
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

fn is_zero(quantity: &Quantity) -> bool {
    quantity.is_zero()
}
