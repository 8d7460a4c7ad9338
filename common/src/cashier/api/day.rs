//! The day's totals: who took what, and every way to pay with what came in, what went back and what stays.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::payment::Takings;
use crate::cashier::HeldKind;
use crate::cashier::method::Method;
use crate::charging::tariff::FeeItemKind;
use crate::id::{CommunityId, EmployeeId};
use crate::money::Money;
use crate::period::Day;
use crate::words;

/// What was taken on a day, by method and cashier; the community's today when none is named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SumDay {
    pub community: CommunityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// Also what came and went by way to pay and by purpose, and what was set off.
    #[serde(default)]
    pub flows: bool,
}

/// Without flows where they were not asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct DayTotals {
    pub day: Day,
    pub all: Takings,
    pub by_cashier: Vec<CashierSum>,
    /// The first and the last receipt of the day.
    pub first_number: Option<String>,
    pub last_number: Option<String>,
    /// Money by the way in which it came and went, the most taken first.
    #[serde(default)]
    pub by_method: Vec<MethodFlow>,
    /// The same money by what it was for; what there is none of is left out.
    #[serde(default)]
    pub by_purpose: Vec<PurposeFlow>,
    /// Bills that prepayments and deposits paid: no money, and in no other sum; what there is none of is left out.
    #[serde(default)]
    pub set_off: Vec<SetOffFlow>,
}

impl DayTotals {
    /// Nothing at all happened.
    pub fn is_empty(&self) -> bool {
        self.by_cashier.is_empty() && self.by_method.is_empty() && self.set_off.is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct CashierSum {
    pub cashier: Option<EmployeeId>,
    pub name: String,
    pub takings: Takings,
    /// When the first payment of the day was taken.
    pub since: Option<DateTime<Utc>>,
}

words! {
    /// What money was taken for.
    Purpose {
        /// Bills and late fee: it is earned.
        Fees = "fees",
        Prepaid = "prepaid",
        Deposit = "deposit",
    }

    /// How an amount moved.
    Move {
        Taken = "taken",
        /// Back, since its payment was taken back.
        Voided = "voided",
        /// Held money given back.
        Refunded = "refunded",
    }

    /// Who had held money pay.
    SetOffBy {
        /// Somebody at the desk.
        Desk = "desk",
        /// A run, by the prepayment's fee item.
        Run = "run",
    }
}

impl Purpose {
    /// What bills of a kind of fee item are paid for.
    pub fn of(kind: FeeItemKind) -> Self {
        match HeldKind::of(kind) {
            None => Self::Fees,
            Some(HeldKind::Prepaid) => Self::Prepaid,
            Some(HeldKind::Deposit) => Self::Deposit,
        }
    }
}

/// What came in and what went back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Flow {
    pub taken_fen: Money,
    pub voided_fen: Money,
    pub refunded_fen: Money,
}

impl Flow {
    /// What stays.
    pub fn net(self) -> Money {
        Money::from_fen(self.taken_fen.fen() - self.voided_fen.fen() - self.refunded_fen.fen())
    }

    /// With an amount more; `None` where that does not fit.
    pub fn and(self, moved: Move, amount: Money) -> Option<Self> {
        let one = match moved {
            Move::Taken => Self { taken_fen: amount, ..Self::default() },
            Move::Voided => Self { voided_fen: amount, ..Self::default() },
            Move::Refunded => Self { refunded_fen: amount, ..Self::default() },
        };
        Self::sum([self, one])
    }

    /// Several together; `None` where they do not fit.
    pub fn sum(flows: impl IntoIterator<Item = Self>) -> Option<Self> {
        flows.into_iter().try_fold(Self::default(), |sum, one| {
            Some(Self {
                taken_fen: sum.taken_fen.checked_add(one.taken_fen)?,
                voided_fen: sum.voided_fen.checked_add(one.voided_fen)?,
                refunded_fen: sum.refunded_fen.checked_add(one.refunded_fen)?,
            })
        })
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MethodFlow {
    pub method: Method,
    /// The company's own name for it.
    pub name: Option<String>,
    pub flow: Flow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct PurposeFlow {
    pub purpose: Purpose,
    pub flow: Flow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct SetOffFlow {
    pub by: SetOffBy,
    pub set_off_fen: Money,
    /// Back, since its payment was taken back.
    pub voided_fen: Money,
}

impl SetOffFlow {
    /// As a flow of which nothing is ever given back.
    pub fn flow(self) -> Flow {
        Flow { taken_fen: self.set_off_fen, voided_fen: self.voided_fen, refunded_fen: Money::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_is_what_came_less_what_went() {
        let fen = Money::from_fen;
        let moves = [(Move::Taken, 500), (Move::Voided, 120), (Move::Refunded, 600), (Move::Taken, 1)];
        let flow = moves.into_iter().try_fold(Flow::default(), |flow, (moved, amount)| flow.and(moved, fen(amount))).unwrap();
        assert_eq!((flow.taken_fen, flow.voided_fen, flow.refunded_fen, flow.net()), (fen(501), fen(120), fen(600), fen(-219)));
        assert_eq!(flow.and(Move::Taken, fen(i64::MAX)), None);
        assert_eq!(Purpose::of(FeeItemKind::Deposit), Purpose::Deposit);
        assert_eq!(Purpose::of(FeeItemKind::Water), Purpose::Fees);
    }
}
