//! Money of a file that is held: what it was before, what came to it, what is left.

use serde::Deserialize;

use super::format::Yuan;
use super::names::{Names, id};
use crate::cashier::HeldKind;
use crate::cashier::held::{Holding, Use};
use crate::cashier::settle::TakeHeld;
use crate::charging::tariff::Offsetting;
use crate::id::{BillId, FeeItemId, UnitId};
use crate::money::Money;
use crate::period::Day;

/// Money that is held before anybody pays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeldBefore {
    name: String,
    unit: String,
    #[serde(default = "prepaid")]
    kind: HeldKind,
    since: Day,
    yuan: Yuan,
    pays_for: Option<String>,
    offsetting: Option<Offsetting>,
}

/// Money that a payment takes to be held.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Take {
    name: String,
    #[serde(default = "prepaid")]
    kind: HeldKind,
    yuan: Yuan,
    /// The only fee item that it pays for.
    pays_for: Option<String>,
    offsetting: Option<Offsetting>,
}

/// What must be left of what was held, and what it must have paid, in order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedHeld {
    pub(super) name: String,
    pub(super) left: Yuan,
    #[serde(default)]
    pub(super) pays: Vec<ExpectedUse>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedUse {
    /// It pays by itself, after the run, where this is absent.
    pub(super) payment: Option<String>,
    /// A bill that was open before; the run's where it is absent…
    pub(super) number: Option<String>,
    /// …of this fee item.
    pub(super) fee: Option<String>,
    #[serde(default)]
    pub(super) late_fee: Yuan,
    #[serde(default)]
    pub(super) principal: Yuan,
}

/// Something that is held, by its name in the file.
pub(super) struct Purse {
    pub(super) name: String,
    pub(super) holding: Holding,
    unit: UnitId,
    offsetting: Offsetting,
}

/// All that is held; of what came on the same day, the earlier in the file pays first.
#[derive(Default)]
pub(super) struct Purses {
    all: Vec<Purse>,
}

impl Purses {
    pub(super) fn of(held: &[HeldBefore], names: &Names<'_>) -> Result<Self, String> {
        let mut purses = Self::default();
        for one in held {
            let unit = UnitId(id(4, names.unit(&one.unit, &format!("held {:?}, unit", one.name))?));
            let (name, pays_for) = (one.name.clone(), one.pays_for.clone());
            let take = Take { name, kind: one.kind, yuan: one.yuan, pays_for, offsetting: one.offsetting };
            let purse = purses.purse(&take, 0, names, (unit, one.since))?;
            purses.add(purse)?;
        }
        Ok(purses)
    }

    /// What a payment takes to be held, as the till is asked for it and as it is held then. Who takes the same name twice takes it
    /// for the same fee item.
    pub(super) fn taken(&self, takes: &[Take], names: &Names<'_>, of: (UnitId, Day)) -> Result<Vec<(TakeHeld, Purse)>, String> {
        let mut taken = Vec::new();
        for (place, take) in (0_u32..).zip(takes) {
            let purse = self.purse(take, place, names, of)?;
            let first = (0_u32..).zip(takes).find(|(_, one)| one.name == take.name).map_or(place, |(first, _)| first);
            let asked = TakeHeld { bill: purse.holding.bill, fee_item: FeeItemId(id(12, first)), amount_fen: take.yuan.0 };
            taken.push((asked, purse));
        }
        Ok(taken)
    }

    /// Money of somebody since a day, whose bill comes so many after those that are known.
    fn purse(&self, take: &Take, place: u32, names: &Names<'_>, (unit, since): (UnitId, Day)) -> Result<Purse, String> {
        if take.kind == HeldKind::Deposit && take.offsetting.is_some() {
            return Err(format!("{:?}: a deposit pays where somebody says so; leave offsetting out", take.name));
        }
        let pays_for = take.pays_for.as_deref().map(|fee| names.fee_item(fee, &format!("{:?}, pays_for", take.name)));
        let pays_for = pays_for.transpose()?.map(|fee_item| FeeItemId(id(2, fee_item.into())));
        let known = u32::try_from(self.all.len()).map_err(|_| "too much is held")?;
        let bill = BillId(id(11, known + place));
        let holding = Holding { bill, kind: take.kind, pays_for, since, left_fen: take.yuan.0 };
        Ok(Purse { name: take.name.clone(), holding, unit, offsetting: take.offsetting.unwrap_or(Offsetting::AtDesk) })
    }

    pub(super) fn add(&mut self, purse: Purse) -> Result<(), String> {
        if self.all.iter().any(|one| one.name == purse.name) {
            return Err(format!("what is held is called {:?} twice", purse.name));
        }
        self.all.push(purse);
        Ok(())
    }

    /// A bill for money to be held was paid, in full or in part: it is held by the bill's number, since the first of it came.
    pub(super) fn receive(&mut self, number: &str, unit: UnitId, holding: Holding) {
        if let Some(purse) = self.all.iter_mut().find(|purse| purse.holding.bill == holding.bill) {
            purse.holding.left_fen = Money::from_fen(purse.holding.left_fen.fen() + holding.left_fen.fen());
        } else {
            self.all.push(Purse { name: number.to_owned(), holding, unit, offsetting: Offsetting::AtDesk });
        }
    }

    /// What is held of some units.
    pub(super) fn holdings(&self, units: &[UnitId]) -> Vec<Holding> {
        self.all.iter().filter(|purse| units.contains(&purse.unit)).map(|purse| purse.holding).collect()
    }

    /// What of a unit pays by itself.
    pub(super) fn by_themselves(&self, unit: UnitId) -> Vec<Holding> {
        let own = self.all.iter().filter(|purse| purse.unit == unit && purse.offsetting == Offsetting::AtGeneration);
        own.map(|purse| purse.holding).collect()
    }

    pub(super) fn spend(&mut self, uses: &[Use]) {
        for one in uses {
            if let Some(purse) = self.all.iter_mut().find(|purse| purse.holding.bill == one.held) {
                purse.holding.left_fen = Money::from_fen(purse.holding.left_fen.fen() - one.amount().fen());
            }
        }
    }

    pub(super) fn name_of(&self, bill: BillId) -> &str {
        self.all.iter().find(|purse| purse.holding.bill == bill).map_or("", |purse| &purse.name)
    }

    pub(super) fn all(self) -> Vec<Purse> {
        self.all
    }
}

fn prepaid() -> HeldKind {
    HeldKind::Prepaid
}
