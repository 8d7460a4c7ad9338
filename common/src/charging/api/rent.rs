//! Rent contracts and the sales that tenants report.

use serde::{Deserialize, Serialize};

use crate::api::Checked;
use crate::charging::rent::Rent;
use crate::charging::tariff::TariffRules;
use crate::estate::kind::UnitKind;
use crate::id::{BuildingId, ChargeId, CommunityId, SalesImportId, TariffId, UnitId};
use crate::money::Money;
use crate::period::{Day, Month};
use crate::problem::FieldProblem;
use crate::quantity::{Price, Quantity};
use crate::words;

/// The rent contracts of a community.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListRents {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff: Option<TariffId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// Room or label; a name or a phone too, for those who may see residents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// `current` (the default), `expiring`, `ended` or `all`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<RentState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

words! {
    /// Which contracts are wanted.
    RentState {
        /// Not over, also where they begin later.
        Current = "current",
        /// Over within [`EXPIRING_DAYS`].
        Expiring = "expiring",
        Ended = "ended",
        All = "all",
    }
}

/// A contract that ends within so many days expires soon.
pub const EXPIRING_DAYS: u32 = 90;

/// A rent contract: a tariff assigned to a unit, and what was agreed beside the tariff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RentRow {
    pub charge: ChargeId,
    pub unit: UnitId,
    pub unit_label: String,
    /// Who holds the unit now.
    pub tenant: Option<String>,
    pub fee_item_name: String,
    pub tariff: TariffId,
    pub tariff_name: String,
    pub rules: TariffRules,
    pub rent: Rent,
    pub from: Day,
    pub to: Option<Day>,
    /// The price of today; none before the contract begins or after it ended.
    pub now: Option<Price>,
    /// When it grows next, and to what.
    pub next: Option<RentStep>,
}

/// A day on which a rent grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RentStep {
    pub day: Day,
    pub price: Price,
}

/// One contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowRent {
    pub community: CommunityId,
    pub charge: ChargeId,
}

/// A contract with what its bills are computed from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RentView {
    pub row: RentRow,
    pub unit_kind: UnitKind,
    pub area: Option<Quantity>,
    pub handed_over: Option<Day>,
    pub set_by: Option<String>,
    pub set_at: chrono::DateTime<chrono::Utc>,
}

/// Makes a contract, or changes what it says for bills to come. On a charge that is there already, only the terms and the last
/// day may differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SaveRent {
    pub community: CommunityId,
    /// Made by the caller, or a charge that is to become a contract.
    pub charge: ChargeId,
    pub unit: UnitId,
    pub tariff: TariffId,
    pub from: Day,
    /// The first day without it.
    pub to: Option<Day>,
    pub rent: Rent,
}

impl Checked for SaveRent {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = self.rent.problems("rent");
        if self.to.is_some_and(|to| to <= self.from) {
            problems.push(FieldProblem::new("to", "period_empty"));
        }
        problems
    }
}

/// Ends a contract; ended on its first day or before, it never counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EndRent {
    pub community: CommunityId,
    pub charge: ChargeId,
    /// The first day without it.
    pub to: Day,
}

/// The sales of a month: of every unit whose contract has a share of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListSales {
    pub community: CommunityId,
    pub month: Month,
}

/// A unit that reports its sales.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SalesRow {
    pub unit: UnitId,
    pub unit_code: String,
    pub unit_label: String,
    pub tenant: Option<String>,
    /// The share that is charged where it is more than the rent.
    pub share: Quantity,
    /// None while they are missing.
    pub sales_fen: Option<Money>,
    pub entered_by: Option<String>,
    pub entered_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// Enters sales of a month, or takes them back. Bills that were made stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct EnterSales {
    pub community: CommunityId,
    pub month: Month,
    pub rows: Vec<UnitSales>,
}

/// The sales of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct UnitSales {
    pub unit: UnitId,
    /// None takes back what was entered.
    pub sales_fen: Option<Money>,
}

/// The most rows of one request.
const ROWS_MOST: usize = 5_000;

impl Checked for EnterSales {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = how_many(self.rows.len());
        let wrong = self.rows.iter().enumerate().filter(|(_, row)| row.sales_fen.is_some_and(Money::is_negative));
        problems.extend(wrong.map(|(place, _)| FieldProblem::new(format!("rows.{place}.sales_fen"), "negative")));
        problems
    }
}

/// How much came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SalesEntered {
    /// Entered for the first time.
    pub new: u64,
    /// Others than before.
    pub changed: u64,
    /// As they were.
    pub same: u64,
}

/// Sales of a workbook: its unit is named, the server finds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct NewSales {
    /// The cell of the unit, for what the server finds wrong.
    pub at: String,
    /// The unit's code.
    pub unit: String,
    pub month: Month,
    pub sales_fen: Money,
}

/// Enters the sales of a workbook: all of them or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ImportSales {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub import: SalesImportId,
    pub file_name: String,
    pub rows: Vec<NewSales>,
}

impl Checked for ImportSales {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = how_many(self.rows.len());
        let wrong = self.rows.iter().filter(|row| row.sales_fen.is_negative());
        problems.extend(wrong.map(|row| FieldProblem::new(&row.at, "negative")).take(100));
        problems
    }
}

fn how_many(rows: usize) -> Vec<FieldProblem> {
    let wrong = rows == 0 || rows > ROWS_MOST;
    wrong.then(|| FieldProblem::new("rows", "charging.how_many").with("most", ROWS_MOST)).into_iter().collect()
}
