//! What the price was multiplied with, and where that came from.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::charging::usage::{MeterRead, RegisterUsage, ShareTrace};
use crate::formula::Named;
use crate::money::Money;
use crate::quantity::Quantity;

/// What the price was multiplied with, and where that came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Basis {
    /// The unit's billed area in m².
    Area {
        area: Quantity,
    },
    Household,
    Fixed,
    /// The people of each piece.
    Head,
    /// What the property is worth, in yuan.
    Value {
        value: Quantity,
    },
    Usage {
        usage: Quantity,
        meters: Vec<MeterRead>,
        /// What each register counted; empty for a meter with one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        registers: Vec<RegisterUsage>,
    },
    /// The company's own formula, and what its names stood for on the first piece.
    Formula {
        formula: String,
        /// Whether it yields yuan, because it speaks of the price itself.
        yuan: bool,
        /// Whether it names months or days, so that it yields what the piece costs and not what a month does.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        timed: bool,
        values: Vec<NamedValue>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        meters: Vec<MeterRead>,
    },
    /// A share of the sales that were reported, since it is more than the fixed rent; of bills from before it was traced month by
    /// month.
    Turnover {
        sales_fen: Money,
        /// The share of the sales, 0 to 1.
        share: Quantity,
        /// What the fixed rent would have come to.
        fixed_fen: Money,
    },
    /// A share of a pool, computed by an apportionment.
    Share(ShareTrace),
    /// The amount was given: a one-off bill, or a bill of the past.
    Given {
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
}

/// What a name in a formula stood for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct NamedValue {
    pub name: Named,
    /// At no more than 8 decimals.
    pub value: Decimal,
}
