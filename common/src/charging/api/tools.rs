//! What helps with prices: who set them when, and the same ones for another community.

use serde::{Deserialize, Serialize};

use super::PriceScope;
use crate::api::Checked;
use crate::charging::rate::Rate;
use crate::charging::tariff::{FeeItemKind, TariffRules};
use crate::id::{CommunityId, CopyId, TariffId};
use crate::period::Day;
use crate::problem::FieldProblem;
use crate::words;

/// Who set or ended prices of a tariff, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListPriceEvents {
    pub community: CommunityId,
    pub tariff: TariffId,
}

words! {
    /// What was done with a price.
    PriceDeed {
        Set = "set",
        Ended = "ended",
        /// The price after it was withdrawn, so that it goes on.
        Resumed = "resumed",
    }
}

/// A price was set, ended, or goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PriceEvent {
    pub at: chrono::DateTime<chrono::Utc>,
    pub by: Option<String>,
    pub deed: PriceDeed,
    pub scope: PriceScope,
    /// What people call the place; none for the community.
    pub place: Option<String>,
    pub rate: Rate,
    pub from: Day,
    /// The first day without it, as was said then.
    pub to: Option<Day>,
    pub reason: String,
}

/// A price that had ended where the next began goes on, since that one was withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResumedPrice {
    pub from: Day,
    /// The first day without it.
    pub to: Option<Day>,
}

/// Who made or changed a tariff's rules, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ListRuleEvents {
    pub community: CommunityId,
    pub tariff: TariffId,
}

/// A tariff was saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct RuleEvent {
    pub at: chrono::DateTime<chrono::Utc>,
    pub by: Option<String>,
    /// What it was called then.
    pub name: String,
    /// The rules as they were; absent where it was new.
    pub before: Option<TariffRules>,
    pub after: TariffRules,
}

/// What copying tariffs to another community would meet there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct ReviewCopy {
    pub community: CommunityId,
    /// The community that gets them.
    pub to: CommunityId,
}

words! {
    /// What a tariff meets in another community.
    CopyState {
        /// Its fee item comes along.
        New = "new",
        /// The fee item is there, by code and name; the tariff is added to it.
        Joins = "joins",
        /// The fee item has a tariff of this name there.
        Taken = "taken",
        /// The fee item's code or name is another one's there.
        Clash = "clash",
    }
}

impl CopyState {
    /// Whether it may be copied.
    pub fn is_free(self) -> bool {
        matches!(self, Self::New | Self::Joins)
    }
}

/// A tariff that could be copied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CopyLine {
    pub tariff: TariffId,
    pub tariff_name: String,
    pub fee_item_name: String,
    pub fee_item_code: String,
    pub kind: FeeItemKind,
    /// What the price is a price of.
    pub rules: TariffRules,
    pub state: CopyState,
    /// The community's price today, which would come along.
    pub rate: Option<Rate>,
}

/// Copies tariffs to another community, with their fee items and the community's prices from a day on. Nothing is overwritten.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CopyTariffs {
    pub community: CommunityId,
    /// The community that gets them.
    pub to: CommunityId,
    /// Made by the caller; sending it again changes nothing.
    pub copy: CopyId,
    pub tariffs: Vec<TariffId>,
    /// The first day of the prices there.
    pub from: Day,
}

impl Checked for CopyTariffs {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if self.tariffs.is_empty() || self.tariffs.len() > 500 {
            problems.push(FieldProblem::new("tariffs", "charging.how_many").with("most", 500));
        }
        if self.to == self.community {
            problems.push(FieldProblem::new("to", "charging.copy_to_itself"));
        }
        problems
    }
}

/// How much was copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Copied {
    pub fee_items: u64,
    pub tariffs: u64,
    pub prices: u64,
}
