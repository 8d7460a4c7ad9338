//! A payment while it is being put together at the desk: which bills, how much of each, how much in which way.

use std::collections::BTreeMap;

use super::method::Method;
use super::oldest_first::{self, Owed};
use super::settle::{BillAmount, MethodAmount, TakeHeld};
use crate::id::{BillId, FeeItemId};
use crate::money::Money;

/// The draft. One method may take the rest: it follows whatever else is typed or ticked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Till {
    open: Vec<Owed>,
    chosen: BTreeMap<BillId, Money>,
    typed: BTreeMap<Method, Money>,
    rest: Option<Method>,
    /// The way of held money whose amount nobody typed.
    filled: Option<Method>,
    takes: BTreeMap<FeeItemId, TakeHeld>,
}

impl Till {
    /// A draft over these open bills, with some of them ticked.
    pub fn new(open: Vec<Owed>, ticked: impl IntoIterator<Item = BillId>) -> Self {
        let mut till = Self { open, ..Self::default() };
        for bill in ticked {
            till.tick(bill);
        }
        till
    }

    fn open_of(&self, bill: BillId) -> Money {
        self.open.iter().find(|owed| owed.bill == bill).map_or(Money::ZERO, Owed::whole)
    }

    /// Ticks all of a bill.
    pub fn tick(&mut self, bill: BillId) {
        self.pay(bill, self.open_of(bill));
    }

    /// Unticks a bill.
    pub fn untick(&mut self, bill: BillId) {
        self.chosen.remove(&bill);
    }

    /// Ticks it if it is not, unticks it if it is.
    pub fn toggle(&mut self, bill: BillId) {
        if self.chosen.contains_key(&bill) { self.untick(bill) } else { self.tick(bill) }
    }

    /// Ticks all; unticks all where all are ticked.
    pub fn toggle_all(&mut self) {
        if self.chosen.len() == self.open.len() {
            self.chosen.clear();
        } else {
            self.chosen = self.open.iter().map(|owed| (owed.bill, owed.whole())).collect();
        }
    }

    /// Pays so much of a bill: at most what is open; nothing unticks it.
    pub fn pay(&mut self, bill: BillId, amount: Money) {
        let amount = amount.min(self.open_of(bill));
        if amount.is_positive() {
            self.chosen.insert(bill, amount);
        } else {
            self.chosen.remove(&bill);
        }
    }

    /// How much of a bill is to be paid; `None` while it is not ticked.
    pub fn paid(&self, bill: BillId) -> Option<Money> {
        self.chosen.get(&bill).copied()
    }

    /// How many bills are ticked.
    pub fn ticked(&self) -> usize {
        self.chosen.len()
    }

    /// Takes so much to be held for a fee item, in place of what was to be taken for it; nothing takes it out again. `bill` is the
    /// id of the bill that it will have.
    pub fn take(&mut self, fee_item: FeeItemId, bill: BillId, amount_fen: Money) {
        if amount_fen.is_positive() {
            let bill = self.takes.get(&fee_item).map_or(bill, |take| take.bill);
            self.takes.insert(fee_item, TakeHeld { bill, fee_item, amount_fen });
        } else {
            self.takes.remove(&fee_item);
        }
    }

    /// How much is to be taken for a fee item, to be held.
    pub fn taken(&self, fee_item: FeeItemId) -> Money {
        self.takes.get(&fee_item).map_or(Money::ZERO, |take| take.amount_fen)
    }

    /// What is to be taken, to be held.
    pub fn takes(&self) -> Vec<TakeHeld> {
        self.takes.values().copied().collect()
    }

    /// Whether there is nothing to collect.
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty() && self.takes.is_empty()
    }

    /// What is to be paid of the bills.
    pub fn of_bills(&self) -> Money {
        Money::sum(self.chosen.values().copied()).unwrap_or_default()
    }

    /// What is to be collected.
    pub fn total(&self) -> Money {
        let takes = self.takes.values().map(|take| take.amount_fen);
        Money::sum(self.chosen.values().copied().chain(takes)).unwrap_or_default()
    }

    /// So much comes in this way; it does not take the rest any more.
    pub fn set(&mut self, method: Method, amount: Money) {
        if self.rest == Some(method) {
            self.rest = None;
        }
        self.filled = self.filled.filter(|filled| *filled != method);
        if amount.is_positive() {
            self.typed.insert(method, amount);
        } else {
            self.typed.remove(&method);
        }
    }

    /// Held money pays so much because its way was chosen, not because somebody typed it.
    pub fn fill(&mut self, method: Method, amount: Money) {
        self.set(method, amount);
        self.filled = Some(method);
    }

    /// Held money pays only so much any more; whether somebody typed it stays as it was.
    pub fn lower(&mut self, method: Method, amount: Money) {
        let filled = self.filled;
        self.set(method, amount);
        self.filled = filled;
    }

    /// A way is chosen: it takes what is missing. Where nothing is, what another way took without its being typed moves over; a way in
    /// which something comes already keeps that.
    pub fn choose(&mut self, method: Method) {
        if !self.total().is_zero() && self.missing().is_zero() {
            if self.amount(method).is_positive() {
                return;
            }
            let rest = self.rest.map_or(Money::ZERO, |rest| self.amount(rest));
            if let Some(filled) = self.filled.take_if(|_| rest.is_zero()) {
                self.typed.remove(&filled);
            }
        }
        self.take_rest(method);
    }

    /// This way takes what the others leave; the one that did before takes nothing.
    pub fn take_rest(&mut self, method: Method) {
        self.typed.remove(&method);
        self.rest = Some(method);
    }

    /// Which way takes the rest.
    pub fn rest(&self) -> Option<Method> {
        self.rest
    }

    /// How much comes in this way.
    pub fn amount(&self, method: Method) -> Money {
        if self.rest == Some(method) {
            let left = self.total().fen() - self.typed_sum();
            return Money::from_fen(left.max(0));
        }
        self.typed.get(&method).copied().unwrap_or_default()
    }

    fn typed_sum(&self) -> i64 {
        self.typed.values().fold(0, |sum, amount| amount.fen().saturating_add(sum))
    }

    /// What is still missing; negative when there is too much.
    pub fn missing(&self) -> Money {
        let rest = self.rest.map_or(0, |method| self.amount(method).fen());
        Money::from_fen(self.total().fen().saturating_sub(self.typed_sum()).saturating_sub(rest))
    }

    /// The bills as the request wants them, in paying order.
    pub fn bills(&self) -> Vec<BillAmount> {
        let mut open = self.open.clone();
        oldest_first::sort(&mut open);
        open.iter()
            .filter_map(|owed| {
                Some(BillAmount {
                    bill: owed.bill,
                    amount_fen: self.paid(owed.bill)?,
                    open_fen: owed.open_fen,
                    late_fee_fen: owed.late_fee_fen,
                })
            })
            .collect()
    }

    /// The ways to pay as the request wants them.
    pub fn methods(&self, references: &BTreeMap<Method, String>) -> Vec<MethodAmount> {
        let used: std::collections::BTreeSet<Method> = self.typed.keys().copied().chain(self.rest).collect();
        used.into_iter()
            .map(|method| MethodAmount {
                method,
                amount_fen: self.amount(method),
                reference: references.get(&method).map(|text| text.trim().to_owned()).unwrap_or_default(),
            })
            .filter(|line| line.amount_fen.is_positive())
            .collect()
    }

    /// Earlier bills that stand in the way.
    pub fn passed_over(&self) -> Vec<Owed> {
        oldest_first::passed_over(&self.open, &self.chosen)
    }

    /// Ticks the earlier bills that stand in the way.
    pub fn tick_earlier(&mut self) {
        for owed in self.passed_over() {
            self.tick(owed.bill);
        }
    }

    /// What stays open of all bills after this payment.
    pub fn left(&self) -> Money {
        let open = Money::sum(self.open.iter().map(Owed::whole)).unwrap_or_default();
        open.checked_sub(self.of_bills()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::cashier::HeldKind;
    use crate::id::UnitId;
    use crate::period::Day;

    fn fen(fen: i64) -> Money {
        Money::from_fen(fen)
    }

    fn bill(id: u128) -> BillId {
        BillId(Uuid::from_u128(id))
    }

    fn till() -> Till {
        let owed = |id: u128, month, open| Owed {
            bill: bill(id),
            number: format!("ZD{id}"),
            unit: UnitId(Uuid::from_u128(1)),
            fee_item: FeeItemId(Uuid::from_u128(1)),
            from: Day::from_ymd_opt(2026, month, 1).unwrap(),
            open_fen: fen(open),
            late_fee_fen: Money::ZERO,
        };
        Till::new(vec![owed(2, 9, 500), owed(1, 8, 228)], [bill(1), bill(2)])
    }

    #[test]
    fn one_way_takes_the_rest_while_another_is_typed() {
        let mut till = till();
        assert_eq!(till.missing(), fen(728));
        till.take_rest(Method::Cash);
        assert_eq!((till.amount(Method::Cash), till.missing()), (fen(728), fen(0)));
        till.set(Method::Wechat, fen(500));
        assert_eq!(till.amount(Method::Cash), fen(228));
        till.untick(bill(1));
        assert_eq!((till.amount(Method::Cash), till.missing()), (fen(0), fen(0)));
        till.toggle(bill(1));
        till.set(Method::Cash, fen(100));
        assert_eq!((till.rest(), till.missing()), (None, fen(128)));
        till.take_rest(Method::Pos);
        let ways: Vec<_> = till.methods(&BTreeMap::new()).into_iter().map(|line| (line.method, line.amount_fen.fen())).collect();
        assert_eq!(ways, [(Method::Cash, 100), (Method::Wechat, 500), (Method::Pos, 128)]);
        till.set(Method::Wechat, fen(900));
        assert_eq!((till.amount(Method::Pos), till.missing()), (fen(0), fen(-272)));
    }

    #[test]
    fn a_way_that_is_chosen_right_after_another_takes_over_what_that_one_took() {
        let mut till = till();
        till.choose(Method::Wechat);
        till.choose(Method::Cash);
        let ways = |till: &Till| -> Vec<(Method, i64)> {
            till.methods(&BTreeMap::new()).into_iter().map(|line| (line.method, line.amount_fen.fen())).collect()
        };
        assert_eq!((ways(&till), till.missing()), (vec![(Method::Cash, 728)], fen(0)));
        till.choose(Method::Cash);
        assert_eq!(ways(&till), [(Method::Cash, 728)]);

        // What was typed stays, and only what was taken without typing moves.
        till.set(Method::Cash, fen(500));
        assert_eq!(till.missing(), fen(228));
        till.choose(Method::Wechat);
        till.choose(Method::Pos);
        assert_eq!(ways(&till), [(Method::Cash, 500), (Method::Pos, 228)]);
        // Back to the way that has its amount, to type another.
        till.choose(Method::Cash);
        assert_eq!(ways(&till), [(Method::Cash, 500), (Method::Pos, 228)]);
    }

    #[test]
    fn held_money_that_was_chosen_makes_room_and_that_which_was_typed_does_not() {
        let prepaid = HeldKind::Prepaid.method();
        let mut till = till();
        till.fill(prepaid, fen(500));
        till.choose(Method::Cash);
        assert_eq!((till.amount(prepaid), till.amount(Method::Cash)), (fen(500), fen(228)));
        let mut all = self::till();
        all.fill(prepaid, fen(728));
        all.choose(Method::Cash);
        assert_eq!((all.amount(prepaid), all.amount(Method::Cash)), (fen(0), fen(728)));
        // Also where another way was to take what is left, which was nothing.
        let mut left = self::till();
        left.choose(Method::Pos);
        left.fill(prepaid, fen(728));
        left.choose(Method::Cash);
        assert_eq!((left.amount(prepaid), left.amount(Method::Pos), left.amount(Method::Cash)), (fen(0), fen(0), fen(728)));
        // Back to what was typed beside it, nothing moves.
        let mut beside = self::till();
        beside.set(Method::Cash, fen(500));
        beside.fill(prepaid, fen(228));
        beside.choose(Method::Cash);
        assert_eq!((beside.amount(prepaid), beside.amount(Method::Cash)), (fen(228), fen(500)));
        let mut typed = self::till();
        typed.set(prepaid, fen(728));
        typed.choose(Method::Cash);
        assert_eq!((typed.amount(prepaid), typed.amount(Method::Cash)), (fen(728), fen(0)));
        // Either stays so where less is ticked.
        let mut filled = self::till();
        filled.fill(prepaid, fen(728));
        for (mut lowered, ways) in [(filled, (fen(0), fen(228))), (typed, (fen(228), fen(0)))] {
            lowered.untick(bill(2));
            lowered.lower(prepaid, fen(228));
            lowered.choose(Method::Cash);
            assert_eq!((lowered.amount(prepaid), lowered.amount(Method::Cash)), ways);
        }
    }

    #[test]
    fn too_much_money_is_kept_where_the_payer_says_so() {
        let mut till = till();
        till.set(Method::Cash, fen(1_000));
        assert_eq!(till.missing(), fen(-272));
        let (item, own) = (FeeItemId(Uuid::from_u128(5)), bill(50));
        till.take(item, own, fen(272));
        assert_eq!((till.missing(), till.total(), till.of_bills(), till.left()), (fen(0), fen(1_000), fen(728), fen(0)));
        // Typed again, it is the same bill.
        till.take(item, bill(51), fen(300));
        assert_eq!(till.takes(), [TakeHeld { bill: own, fee_item: item, amount_fen: fen(300) }]);
        till.take(item, own, fen(0));
        assert_eq!((till.takes(), till.taken(item), till.is_empty()), (vec![], fen(0), false));
    }

    #[test]
    fn a_part_is_never_more_than_is_open() {
        let mut till = till();
        till.pay(bill(2), fen(9_000));
        assert_eq!(till.paid(bill(2)), Some(fen(500)));
        till.pay(bill(2), fen(0));
        assert_eq!((till.paid(bill(2)), till.total(), till.left()), (None, fen(228), fen(500)));
    }

    #[test]
    fn bills_go_out_oldest_first_and_earlier_ones_can_be_ticked_at_once() {
        let mut till = till();
        assert_eq!(till.bills().iter().map(|line| line.bill).collect::<Vec<_>>(), [bill(1), bill(2)]);
        till.untick(bill(1));
        assert_eq!(till.passed_over().len(), 1);
        till.tick_earlier();
        assert!(till.passed_over().is_empty());
        till.toggle_all();
        assert_eq!(till.ticked(), 0);
        till.toggle_all();
        assert_eq!(till.total(), fen(728));
    }
}
