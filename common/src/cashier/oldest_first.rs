//! Across the bills of one unit's fee item the oldest is paid first; a later one waits until it is settled.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{BillId, FeeItemId, UnitId};
use crate::money::Money;
use crate::period::Day;

/// What the order among bills depends on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Owed {
    pub bill: BillId,
    pub number: String,
    pub unit: UnitId,
    pub fee_item: FeeItemId,
    pub from: Day,
    /// Principal.
    pub open_fen: Money,
    /// Late fee on top of it, as of the day on which somebody pays.
    pub late_fee_fen: Money,
}

impl Owed {
    /// All that settles the bill today.
    pub fn whole(&self) -> Money {
        Money::from_fen(self.open_fen.fen().saturating_add(self.late_fee_fen.fen()))
    }
}

/// Bills in the order in which they are to be paid.
pub fn sort(bills: &mut [Owed]) {
    bills.sort_by(|a, b| (a.from, &a.number, a.bill).cmp(&(b.from, &b.number, b.bill)));
}

/// The earlier bills that stand in the way of the chosen amounts: of the same unit and fee item, and not paid in full
/// with them. `open` are all open bills of those units and fee items; the answer is in paying order.
pub fn passed_over(open: &[Owed], chosen: &BTreeMap<BillId, Money>) -> Vec<Owed> {
    let mut open = open.to_vec();
    sort(&mut open);
    let mut waiting: BTreeMap<(UnitId, FeeItemId), Vec<Owed>> = BTreeMap::new();
    let mut passed = Vec::new();
    for owed in open {
        let place = waiting.entry((owed.unit, owed.fee_item)).or_default();
        let amount = chosen.get(&owed.bill).copied().unwrap_or(Money::ZERO);
        if amount.is_positive() {
            passed.append(place);
        }
        if amount < owed.whole() {
            place.push(owed);
        }
    }
    sort(&mut passed);
    passed
}

/// Lays an amount over bills, oldest first; what is left over comes back.
pub fn spread(open: &[Owed], amount: Money) -> (BTreeMap<BillId, Money>, Money) {
    let mut open = open.to_vec();
    sort(&mut open);
    let mut left = amount;
    let mut chosen = BTreeMap::new();
    for owed in open {
        let part = owed.whole().min(left);
        if part.is_positive() {
            chosen.insert(owed.bill, part);
            left = Money::from_fen(left.fen() - part.fen());
        }
    }
    (chosen, left)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn owed(id: u128, item: u128, month: u32, open: i64) -> Owed {
        Owed {
            bill: BillId(Uuid::from_u128(id)),
            number: format!("ZD2026{month:02}-{id:06}"),
            unit: UnitId(Uuid::from_u128(1)),
            fee_item: FeeItemId(Uuid::from_u128(item)),
            from: Day::from_ymd_opt(2026, month, 1).unwrap(),
            open_fen: Money::from_fen(open),
            late_fee_fen: Money::ZERO,
        }
    }

    fn chosen(amounts: &[(u128, i64)]) -> BTreeMap<BillId, Money> {
        amounts.iter().map(|(id, fen)| (BillId(Uuid::from_u128(*id)), Money::from_fen(*fen))).collect()
    }

    #[rstest::rstest]
    #[case::the_oldest_alone(&[(1, 100)], &[])]
    #[case::all_of_one_item(&[(1, 100), (2, 100), (3, 100)], &[])]
    #[case::part_of_the_oldest(&[(1, 40)], &[])]
    #[case::part_of_the_last(&[(1, 100), (2, 7)], &[])]
    #[case::a_later_without_the_earlier(&[(3, 100)], &[1, 2])]
    #[case::a_gap_in_the_middle(&[(1, 100), (3, 100)], &[2])]
    #[case::a_later_on_a_part(&[(1, 99), (2, 1)], &[1])]
    #[case::another_item_has_its_own_order(&[(10, 50)], &[])]
    fn later_bills_wait(#[case] amounts: &[(u128, i64)], #[case] stands_in_the_way: &[u128]) {
        let open = [owed(3, 1, 10, 100), owed(1, 1, 8, 100), owed(10, 2, 10, 50), owed(2, 1, 9, 100)];
        let found: Vec<u128> = passed_over(&open, &chosen(amounts)).iter().map(|owed| owed.bill.0.as_u128()).collect();
        assert_eq!(found, stands_in_the_way);
    }

    #[test]
    fn an_earlier_bill_is_paid_with_its_late_fee() {
        let open = [Owed { late_fee_fen: Money::from_fen(5), ..owed(1, 1, 8, 100) }, owed(2, 1, 9, 100)];
        let passed = |first| passed_over(&open, &chosen(&[(1, first), (2, 1)])).len();
        assert_eq!((passed(100), passed(105)), (1, 0));
        assert_eq!(spread(&open, Money::from_fen(106)).0, chosen(&[(1, 105), (2, 1)]));
    }

    proptest! {
        /// Laying an amount over the bills never passes one over, never overpays, never loses a fen.
        #[test]
        fn spreading_keeps_the_order(opens in prop::collection::vec((1_u128..3, 1_u32..13, 1_i64..100_000), 0..20), amount in 0_i64..1_000_000) {
            let open: Vec<_> = opens.iter().zip(1..).map(|((item, month, fen), id)| owed(id, *item, *month, *fen)).collect();
            let (parts, left) = spread(&open, Money::from_fen(amount));
            let laid: i64 = parts.values().map(|part| part.fen()).sum();
            prop_assert_eq!(laid + left.fen(), amount);
            prop_assert!(passed_over(&open, &parts).is_empty());
            prop_assert!(open.iter().all(|owed| parts.get(&owed.bill).is_none_or(|part| *part <= owed.open_fen)));
            let all: i64 = open.iter().map(|owed| owed.open_fen.fen()).sum();
            prop_assert_eq!(left.fen(), (amount - all).max(0));
        }
    }
}
