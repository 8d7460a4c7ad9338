//! A bill of a period in which its unit changes hands: what of it falls on the days of each owner, so that they can settle
//! between them. The bill stays one, and is the unit's.

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::period::Day;
use crate::text::{Language, text_with};

/// What falls on days on which the same people held the unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Portion {
    pub from: Day,
    /// The first day that no longer belongs to it.
    pub to: Day,
    /// In full.
    pub amount_fen: Money,
    /// What schemes took off of it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub waived_fen: Money,
}

impl Portion {
    pub fn days(&self) -> i64 {
        (self.to - self.from).num_days()
    }

    /// The last day that belongs to it.
    pub fn last_day(&self) -> Day {
        self.to.pred_opt().unwrap_or(self.to)
    }

    /// What is left of it when it is billed.
    pub fn to_pay(&self) -> Money {
        Money::from_fen(self.amount_fen.fen() - self.waived_fen.fen())
    }
}

#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference, which is as long as a fen here")
)]
fn is_zero(amount: &Money) -> bool {
    amount.is_zero()
}

/// Portions in words, a sentence each.
pub fn sentences(language: Language, portions: &[Portion]) -> Vec<String> {
    let one = |portion: &Portion| {
        let (from, to, days) = (portion.from.to_string(), portion.last_day().to_string(), portion.days().to_string());
        let (amount, waived, to_pay) =
            (portion.amount_fen.to_string(), portion.waived_fen.to_string(), portion.to_pay().to_string());
        let id = if portion.waived_fen.is_zero() { "portion-of" } else { "portion-of-waived" };
        text_with(
            language,
            id,
            &[("from", &from), ("to", &to), ("days", &days), ("amount", &amount), ("waived", &waived), ("to_pay", &to_pay)],
        )
    };
    portions.iter().map(one).collect()
}
