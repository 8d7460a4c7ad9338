//! A scheme (减免方案): what it takes off, of which fee items, for whom, how much at most.

use serde::{Deserialize, Serialize};

use crate::estate::kind::UnitKind;
use crate::id::{FeeItemId, PeopleGroupId, UnitId};
use crate::money::Money;
use crate::problem::FieldProblem;
use crate::quantity::{Price, Quantity};
use crate::words;

words! {
    /// How a scheme takes something off.
    ReliefKind {
        /// A share of what is left to pay.
        Percent = "percent",
        /// Of so many months that are paid at once, some are free.
        Months = "months",
        /// An amount for each month.
        Fixed = "fixed",
        /// What the bill comes to beyond another unit price.
        Price = "price",
    }

    /// For whom a scheme is.
    WhoKind {
        Everybody = "everybody",
        /// Units that members of a group hold.
        Groups = "groups",
        /// Named units.
        Units = "units",
        /// Kinds of units.
        Kinds = "kinds",
    }

    /// Through whom a unit benefits from a group.
    CountsBy {
        /// A member owns it.
        Owner = "owner",
        /// A member owns it or lives there.
        Occupant = "occupant",
    }
}

/// What a scheme takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Relief {
    /// So many out of a hundred.
    Percent { percent: Quantity },
    /// Of every so many months of a bill, some are free.
    Months { months: u32, free: u32 },
    /// So much for each month.
    Fixed { monthly_fen: Money },
    /// Whatever is beyond this unit price.
    Price { price: Price },
}

/// The most of anything that a scheme names.
pub const NAMED_MOST: usize = 500;
/// The most months that one may be asked to pay for at once.
pub const MONTHS_MOST: u32 = 24;

/// As many months as one bill may be for.
const PAID_MOST: u32 = 12;

impl Relief {
    /// How many months of a bill for `months` months are free: some of every full number that is paid, none of the rest.
    pub fn free_months(self, months: u32) -> u32 {
        match self {
            Self::Months { months: of, free } => months.checked_div(of).unwrap_or(0).saturating_mul(free).min(months),
            _ => 0,
        }
    }
}

/// The rules of a scheme. Fields that its kind does not ask for are left as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SchemeRules {
    pub fee_items: Vec<FeeItemId>,
    pub relief: ReliefKind,
    /// 0 to 100.
    pub percent: Quantity,
    /// So many months that are paid at once, and how many of them are free.
    #[serde(default = "twelve", skip_serializing_if = "is_twelve")]
    pub paid_months: u32,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub free_months: u32,
    pub monthly_fen: Money,
    pub price: Price,
    pub who: WhoKind,
    pub groups: Vec<PeopleGroupId>,
    pub units: Vec<UnitId>,
    pub kinds: Vec<UnitKind>,
    /// Only bills for at least so many months: what paying ahead is rewarded with. 0 or 1 for all bills.
    pub months_least: u32,
    /// The most that is taken off one bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bill_most_fen: Option<Money>,
    /// The most that is taken off the bills of one unit in a calendar year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year_most_fen: Option<Money>,
}

impl SchemeRules {
    /// Half off, for everybody: how a new one begins.
    pub fn blank() -> Self {
        Self {
            fee_items: Vec::new(),
            relief: ReliefKind::Percent,
            percent: Quantity::from_scaled(500_000),
            paid_months: 12,
            free_months: 1,
            monthly_fen: Money::ZERO,
            price: Price::ZERO,
            who: WhoKind::Groups,
            groups: Vec::new(),
            units: Vec::new(),
            kinds: Vec::new(),
            months_least: 0,
            bill_most_fen: None,
            year_most_fen: None,
        }
    }

    pub fn what(&self) -> Relief {
        match self.relief {
            ReliefKind::Percent => Relief::Percent { percent: self.percent },
            ReliefKind::Months => Relief::Months { months: self.paid_months, free: self.free_months },
            ReliefKind::Fixed => Relief::Fixed { monthly_fen: self.monthly_fen },
            ReliefKind::Price => Relief::Price { price: self.price },
        }
    }

    /// How many months a bill must be for, so that the scheme takes anything off it.
    pub fn reaches_from(&self) -> u32 {
        if self.relief == ReliefKind::Months { self.months_least.max(self.paid_months) } else { self.months_least }
    }

    /// Every rule that is broken, by field, under `at`.
    pub fn problems(&self, at: &str) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        let mut field = |name: &str, code: &str| problems.push(FieldProblem::new(format!("{at}.{name}"), code));
        if self.fee_items.is_empty() {
            field("fee_items", "required");
        }
        let hundred = Quantity::from_scaled(1_000_000);
        match self.relief {
            ReliefKind::Percent if self.percent <= Quantity::ZERO || self.percent > hundred => {
                field("percent", "waivers.percent");
            }
            ReliefKind::Months if self.free_months == 0 || self.free_months >= self.paid_months => {
                field("free_months", "waivers.free_months");
            }
            ReliefKind::Fixed if !self.monthly_fen.is_positive() => field("monthly_fen", "not_positive"),
            ReliefKind::Price if self.price < Price::ZERO => field("price", "negative"),
            _ => {}
        }
        let named = match self.who {
            WhoKind::Everybody => None,
            WhoKind::Groups => Some(("groups", self.groups.len())),
            WhoKind::Units => Some(("units", self.units.len())),
            WhoKind::Kinds => Some(("kinds", self.kinds.len())),
        };
        if let Some((name, _)) = named.filter(|(_, count)| *count == 0) {
            field(name, "required");
        }
        for (name, most) in [("bill_most_fen", self.bill_most_fen), ("year_most_fen", self.year_most_fen)] {
            if most.is_some_and(|most| !most.is_positive()) {
                field(name, "not_positive");
            }
        }
        if let Some((name, _)) = named.filter(|(_, count)| *count > NAMED_MOST) {
            problems.push(FieldProblem::new(format!("{at}.{name}"), "waivers.named").with("most", NAMED_MOST));
        }
        if self.relief == ReliefKind::Months && !(2..=PAID_MOST).contains(&self.paid_months) {
            problems.push(FieldProblem::new(format!("{at}.paid_months"), "waivers.paid_months").with("most", PAID_MOST));
        }
        if self.months_least > MONTHS_MOST {
            problems.push(FieldProblem::new(format!("{at}.months_least"), "waivers.months").with("most", MONTHS_MOST));
        }
        problems
    }
}

fn twelve() -> u32 {
    12
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_twelve(months: &u32) -> bool {
    *months == 12
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_one(months: &u32) -> bool {
    *months == 1
}
