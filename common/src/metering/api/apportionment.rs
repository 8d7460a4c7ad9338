//! Loss, and how it or an amount is shared out.

use serde::{Deserialize, Serialize};

use super::super::Utility;
use super::super::apportion::{Figures, Method, NegativeLoss, Taken};
use super::super::tree::TreeNode;
use super::UnitName;
use crate::api::Checked;
use crate::charging::trace::NamedValue;
use crate::estate::UnitKind;
use crate::formula::FORMULA_LONGEST;
use crate::id::{ApportionmentId, BillId, BuildingId, CommunityId, FeeItemId, MeterId};
use crate::money::Money;
use crate::period::Month;
use crate::problem::{FieldProblem, text_field};
use crate::quantity::{Price, Quantity};

/// The loss of every master meter in a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowLoss {
    pub community: CommunityId,
    pub month: Month,
}

/// A master meter's month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MasterLoss {
    pub meter: MeterId,
    pub code: String,
    pub place: String,
    pub utility: Utility,
    pub fee_item: FeeItemId,
    pub fee_item_name: String,
    pub figures: Figures,
    /// The month before.
    pub before: Figures,
    pub sub_meters: u64,
    /// Meters, the master included, without a usage in the month: the figures are not final.
    pub unread: u64,
    /// Readings that wait for a second look.
    pub review: u64,
    /// The parts of this month that are shared out already.
    pub shared: Vec<Taken>,
}

/// The master meters of a utility and what hangs below them, over a year of months.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowTree {
    pub community: CommunityId,
    pub utility: Utility,
    /// The last of the twelve months.
    pub month: Month,
}

/// The meters in the order of the tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MeterTree {
    /// From old to new.
    pub months: Vec<Month>,
    pub nodes: Vec<TreeNode>,
    /// Household meters in use below no master meter.
    pub loose: u64,
}

/// Earlier and present apportionments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListApportionments {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<Month>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ApportionmentState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// `month` or `amount`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
}

crate::words! {
    /// Where an apportionment stands.
    ApportionmentState {
        /// Its shares wait for bills, all or some.
        Open = "open",
        /// All its shares are billed.
        Billed = "billed",
        Cancelled = "cancelled",
    }
}

/// An apportionment in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ApportionmentRow {
    pub id: ApportionmentId,
    pub name: String,
    pub month: Month,
    pub meter: Option<MeterId>,
    pub utility: Option<Utility>,
    pub fee_item: FeeItemId,
    pub fee_item_name: String,
    pub taken: Option<Taken>,
    pub method: Method,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub formula: String,
    pub quantity: Quantity,
    pub price: Option<Price>,
    #[serde(rename = "amount_fen")]
    pub amount: Money,
    pub units: u64,
    /// Those whose share is an amount: the others have nothing to bill.
    pub charged: u64,
    /// Those of them with a bill.
    pub billed: u64,
    pub state: ApportionmentState,
    pub by_name: Option<String>,
    pub at: String,
}

/// One apportionment with all its shares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowApportionment {
    pub community: CommunityId,
    pub apportionment: ApportionmentId,
}

/// An apportionment, its figures and its shares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ApportionmentPage {
    pub apportionment: ApportionmentRow,
    /// Absent for an amount that was typed in.
    pub figures: Option<Figures>,
    /// Which units took part, as it was asked for.
    pub over: Over,
    pub shares: Vec<ShareRow>,
}

/// A unit's share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShareRow {
    pub unit: UnitName,
    pub weight: Quantity,
    pub quantity: Quantity,
    #[serde(rename = "amount_fen")]
    pub amount: Money,
    pub bill: Option<BillId>,
}

/// What an apportionment is computed from, for the preview in the browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ShowInputs {
    pub community: CommunityId,
    pub month: Month,
    /// `None` for an amount that is typed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meter: Option<MeterId>,
    /// By what it is to be shared out: by formula, more is told of each unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
}

/// The units that may share a pool, and what they weigh.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Inputs {
    pub figures: Option<Figures>,
    /// What the last apportionment of this pool took as price and method, and as what it was billed.
    pub last_price: Option<Price>,
    pub last_method: Option<Method>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub last_formula: String,
    pub last_fee_item: Option<FeeItemId>,
    pub units: Vec<SharerRow>,
}

/// A unit that may share a pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SharerRow {
    pub unit: UnitName,
    pub building: Option<BuildingId>,
    pub kind: UnitKind,
    pub vacant: bool,
    pub area: Option<Quantity>,
    /// How many live there: as noted, else as many as are registered; `None` where neither is known.
    pub heads: Option<u32>,
    /// The sum of its meters below the master meter.
    pub usage: Quantity,
    /// Whether it has a meter below the master meter.
    pub metered: bool,
    /// What else a formula may ask: the inner area, the floor, what the property is worth, how large its building is …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<NamedValue>,
}

impl SharerRow {
    /// As the sharing out needs it.
    pub fn sharer(&self) -> crate::metering::apportion::Sharer {
        crate::metering::apportion::Sharer {
            unit: self.unit.id,
            code: self.unit.code.clone(),
            area: self.area,
            heads: self.heads,
            usage: self.usage,
            values: self.values.iter().map(|value| (value.name.clone(), value.value)).collect(),
        }
    }
}

/// Which units share a pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Over {
    /// Units of these buildings; of all where there is none.
    pub buildings: Vec<BuildingId>,
    /// Units of these kinds; of all where there is none.
    pub kinds: Vec<UnitKind>,
    /// Only units with a meter below the master meter.
    pub metered: bool,
    /// Vacant units too.
    pub vacant: bool,
}

impl Over {
    /// Whether the unit takes part.
    pub fn includes(&self, unit: &SharerRow) -> bool {
        (self.vacant || !unit.vacant)
            && (!self.metered || unit.metered)
            && (self.kinds.is_empty() || self.kinds.contains(&unit.kind))
            && (self.buildings.is_empty() || unit.building.is_some_and(|building| self.buildings.contains(&building)))
    }
}

/// What is shared out: a part of a master meter's usage, or an amount.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    Meter { meter: MeterId, taken: Taken, price: Price, negative: NegativeLoss },
    Amount { name: String, amount_fen: Money },
}

/// Shares a pool out, as it was seen in the preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Apportion {
    pub community: CommunityId,
    /// Made by the client; sending it again changes nothing.
    pub apportionment: ApportionmentId,
    pub month: Month,
    pub source: Source,
    /// What the shares are billed as.
    pub fee_item: FeeItemId,
    pub method: Method,
    /// What a unit weighs, where the method is by formula.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub formula: String,
    pub over: Over,
    /// How many meters had no usage when the preview was looked at; refused when more are missing.
    #[serde(default)]
    pub unread: u64,
    /// How many readings waited for a second look then.
    #[serde(default)]
    pub review: u64,
    /// The digest of the preview: refused with the difference when the world moved.
    pub seen: String,
}

impl Checked for Apportion {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if self.method == Method::Formula {
            problems.extend(text_field("formula", &self.formula, FORMULA_LONGEST));
        }
        match &self.source {
            Source::Meter { price, .. } => {
                if price.get() <= rust_decimal::Decimal::ZERO {
                    problems.push(FieldProblem::new("price", "not_positive"));
                }
            }
            Source::Amount { name, amount_fen } => {
                problems.extend(text_field("name", name, 60));
                if !amount_fen.is_positive() {
                    problems.push(FieldProblem::new("amount_fen", "not_positive"));
                }
                if self.method == Method::Usage {
                    problems.push(FieldProblem::new("method", "metering.usage_needs_meter"));
                }
            }
        }
        problems
    }
}

/// A pool that was shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Apportioned {
    pub apportionment: ApportionmentId,
    pub units: u64,
    #[serde(rename = "amount_fen")]
    pub amount: Money,
}

/// Takes an apportionment back while no share is billed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CancelApportionment {
    pub community: CommunityId,
    pub apportionment: ApportionmentId,
    pub reason: String,
}

impl Checked for CancelApportionment {
    fn problems(&self) -> Vec<FieldProblem> {
        text_field("reason", &self.reason, 200).into_iter().collect()
    }
}
