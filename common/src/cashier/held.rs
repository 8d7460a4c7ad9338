//! Owners' money that is held: prepayments (预存) pay bills to come, deposits (押金) are given back or set off (抵扣).

use serde::{Deserialize, Serialize};

use super::method::Method;
use super::settle::{BillAmount, Laid, MethodAmount};
use crate::charging::late_fee::InsideBill;
use crate::charging::tariff::FeeItemKind;
use crate::id::{BillId, FeeItemId};
use crate::money::Money;
use crate::period::Day;
use crate::problem::Problem;
use crate::words;

words! {
    /// What money is held as.
    HeldKind {
        /// Paid ahead, for bills to come.
        Prepaid = "prepaid",
        /// A security that is given back.
        Deposit = "deposit",
    }
}

impl HeldKind {
    /// What bills of a kind of fee item bring in is held as; `None` where it is earned.
    pub fn of(kind: FeeItemKind) -> Option<Self> {
        match kind {
            FeeItemKind::Prepayment => Some(Self::Prepaid),
            FeeItemKind::Deposit => Some(Self::Deposit),
            _ => None,
        }
    }

    /// The way to pay that sets it off.
    pub fn method(self) -> Method {
        match self {
            Self::Prepaid => Method::Prepaid,
            Self::Deposit => Method::Deposit,
        }
    }
}

/// What is left of the money that one bill brought in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Holding {
    /// The prepayment's or deposit's own bill.
    pub bill: BillId,
    pub kind: HeldKind,
    /// The only fee item that it pays for; `None` pays for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pays_for: Option<FeeItemId>,
    /// The day on which it was taken.
    pub since: Day,
    pub left_fen: Money,
}

impl Holding {
    /// Whether it may pay a bill: of its own fee item where it is for one, and of none that is itself for money to be held.
    fn may_pay(&self, due: &Due) -> bool {
        !due.fee_item_kind.is_held() && self.pays_for.is_none_or(|only| only == due.fee_item)
    }
}

/// What is to be paid of a bill, and what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    pub laid: Laid,
    pub fee_item: FeeItemId,
    pub fee_item_kind: FeeItemKind,
}

/// Held money that pays a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// Whose money: the prepayment's or deposit's own bill.
    pub held: BillId,
    pub kind: HeldKind,
    /// What it pays of which bill.
    pub laid: Laid,
}

impl Use {
    /// Late fee and principal together.
    pub fn amount(&self) -> Money {
        Money::from_fen(self.laid.late.fen() + self.laid.principal.fen())
    }
}

/// Lays at most `amount` of what is held of a kind over bills in their order: money that is for one fee item before money that is
/// for all, the oldest first; inside a bill late fee before principal. `None` for the amount is all that fits.
pub fn offset(holdings: &[Holding], dues: &[Due], kind: HeldKind, amount: Option<Money>) -> Vec<Use> {
    let mut purses: Vec<Holding> =
        holdings.iter().copied().filter(|one| one.kind == kind && one.left_fen.is_positive()).collect();
    purses.sort_by_key(|one| (one.pays_for.is_none(), one.since, one.bill));
    let mut dues = dues.to_vec();
    let mut left = amount.map_or(i64::MAX, Money::fen);
    let mut uses = Vec::new();
    for purse in purses {
        let mut in_purse = purse.left_fen.fen();
        for due in dues.iter_mut().filter(|due| purse.may_pay(due)) {
            let most = left.min(in_purse);
            let late = due.laid.late.fen().min(most);
            let principal = due.laid.principal.fen().min(most - late);
            if late + principal <= 0 {
                continue;
            }
            let less = |from: Money, by: i64| Money::from_fen(from.fen() - by);
            due.laid = Laid { late: less(due.laid.late, late), principal: less(due.laid.principal, principal), ..due.laid };
            in_purse -= late + principal;
            left -= late + principal;
            let laid = Laid { bill: due.laid.bill, late: Money::from_fen(late), principal: Money::from_fen(principal) };
            uses.push(Use { held: purse.bill, kind, laid });
        }
    }
    uses
}

/// The most that what is held of a kind can pay of these bills.
pub fn most(holdings: &[Holding], dues: &[Due], kind: HeldKind) -> Money {
    Money::from_fen(offset(holdings, dues, kind, None).iter().map(|one| one.amount().fen()).sum())
}

/// What a payment sets off of each kind, as its methods say.
pub fn asked(methods: &[MethodAmount]) -> Vec<(HeldKind, Money)> {
    methods.iter().filter_map(|line| Some((line.method.held()?, line.amount_fen))).collect()
}

/// Whose money pays which bill where so much of each kind is asked for, one kind after the other; refused where less is held for these
/// bills than that.
pub fn uses(holdings: &[Holding], dues: &[Due], asked: &[(HeldKind, Money)]) -> Result<Vec<Use>, Problem> {
    let laid: Vec<Laid> = dues.iter().map(|due| due.laid).collect();
    let mut uses = Vec::new();
    for (kind, amount) in asked {
        let left: Vec<Due> = dues.iter().zip(less(&laid, &uses)).map(|(due, laid)| Due { laid, ..*due }).collect();
        let paid = offset(holdings, &left, *kind, Some(*amount));
        let found = Money::sum(paid.iter().map(Use::amount)).unwrap_or_default();
        if found != *amount {
            let problem = Problem::conflict("cashier.held_changed", "Less is held for these bills than was to pay them");
            return Err(problem.with("kind", kind.word()).with("left", found));
        }
        uses.extend(paid);
    }
    Ok(uses)
}

/// A bill with all that settles it, that prepayments may pay by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payable {
    pub whole: BillAmount,
    pub fee_item: FeeItemId,
    pub fee_item_kind: FeeItemKind,
}

impl Payable {
    fn due(&self, order: InsideBill) -> Due {
        Due { laid: self.whole.laid(order), fee_item: self.fee_item, fee_item_kind: self.fee_item_kind }
    }
}

/// How far prepayments pay bills in their order without being asked for: how much of which bill, and whose money. The amounts come
/// first, then how each is laid inside its bill, since what pays a part of a bill settles what the community's order says.
pub fn by_themselves(holdings: &[Holding], bills: &[Payable], order: InsideBill) -> (Vec<BillAmount>, Vec<Use>) {
    let dues = |bills: &[Payable]| -> Vec<Due> { bills.iter().map(|bill| bill.due(order)).collect() };
    let most = offset(holdings, &dues(bills), HeldKind::Prepaid, None);
    let amount =
        |bill: BillId| Money::from_fen(most.iter().filter(|one| one.laid.bill == bill).map(|one| one.amount().fen()).sum());
    let part = bills
        .iter()
        .map(|bill| Payable { whole: BillAmount { amount_fen: amount(bill.whole.bill), ..bill.whole }, ..*bill })
        .filter(|bill| bill.whole.amount_fen.is_positive());
    let part: Vec<Payable> = part.collect();
    let uses = offset(holdings, &dues(&part), HeldKind::Prepaid, None);
    (part.iter().map(|bill| bill.whole).collect(), uses)
}

/// What is left to pay once held money has paid its part.
pub fn less(bills: &[Laid], uses: &[Use]) -> Vec<Laid> {
    let paid = |bill: BillId, part: fn(&Laid) -> Money| -> i64 {
        uses.iter().filter(|one| one.laid.bill == bill).map(|one| part(&one.laid).fen()).sum()
    };
    let left = |bill: &Laid| Laid {
        bill: bill.bill,
        late: Money::from_fen(bill.late.fen() - paid(bill.bill, |laid| laid.late)),
        principal: Money::from_fen(bill.principal.fen() - paid(bill.bill, |laid| laid.principal)),
    };
    bills.iter().map(left).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn bill(id: u128) -> BillId {
        BillId(Uuid::from_u128(id))
    }

    fn item(id: u128) -> FeeItemId {
        FeeItemId(Uuid::from_u128(id))
    }

    fn fen(fen: i64) -> Money {
        Money::from_fen(fen)
    }

    fn held(id: u128, day: u32, pays_for: Option<u128>, left: i64) -> Holding {
        let since = Day::from_ymd_opt(2026, 1, day).unwrap();
        Holding { bill: bill(id), kind: HeldKind::Prepaid, pays_for: pays_for.map(item), since, left_fen: fen(left) }
    }

    fn due(id: u128, fee_item: u128, late: i64, principal: i64) -> Due {
        let laid = Laid { bill: bill(id), late: fen(late), principal: fen(principal) };
        Due { laid, fee_item: item(fee_item), fee_item_kind: FeeItemKind::Water }
    }

    fn shown(uses: &[Use]) -> Vec<(u128, u128, i64, i64)> {
        let row = |one: &Use| (one.held.0.as_u128(), one.laid.bill.0.as_u128(), one.laid.late.fen(), one.laid.principal.fen());
        uses.iter().map(row).collect()
    }

    #[test]
    fn money_for_one_fee_item_goes_before_money_for_all_and_the_oldest_first() {
        let holdings = [held(90, 3, None, 500), held(91, 9, Some(2), 70), held(92, 1, None, 40)];
        let dues = [due(1, 1, 0, 300), due(2, 2, 10, 100)];
        let all = offset(&holdings, &dues, HeldKind::Prepaid, None);
        // 91 pays its 70 of the water: 10 of late fee, then 60. 92 is older than 90: 40 of bill 1; 90 the rest of both.
        assert_eq!(shown(&all), [(91, 2, 10, 60), (92, 1, 0, 40), (90, 1, 0, 260), (90, 2, 0, 40)]);
        assert_eq!(most(&holdings, &dues, HeldKind::Prepaid), fen(410));
        assert_eq!(shown(&offset(&holdings, &dues, HeldKind::Prepaid, Some(fen(75)))), [(91, 2, 10, 60), (92, 1, 0, 5)]);
        assert_eq!(offset(&holdings, &dues, HeldKind::Deposit, None), []);
    }

    #[test]
    fn held_money_pays_no_bill_for_money_to_be_held() {
        let deposit = Due { fee_item_kind: FeeItemKind::Deposit, ..due(1, 1, 0, 300) };
        assert_eq!(most(&[held(90, 1, None, 500)], &[deposit], HeldKind::Prepaid), Money::ZERO);
        let refuse = Due { fee_item_kind: FeeItemKind::Refuse, ..deposit };
        assert_eq!(most(&[held(90, 1, None, 500)], &[refuse], HeldKind::Prepaid), fen(300));
        assert_eq!(most(&[held(90, 1, Some(2), 500)], &[refuse], HeldKind::Prepaid), Money::ZERO);
    }

    #[test]
    fn one_kind_after_the_other_and_not_a_fen_more_than_is_held() {
        let holdings = [held(90, 1, None, 60), Holding { kind: HeldKind::Deposit, ..held(91, 1, None, 500) }];
        let dues = [due(1, 1, 5, 100)];
        let asks = [(HeldKind::Prepaid, fen(60)), (HeldKind::Deposit, fen(45))];
        assert_eq!(uses(&holdings, &dues, &asks).map(|uses| shown(&uses)), Ok(vec![(90, 1, 5, 55), (91, 1, 0, 45)]));
        let refused = |asks: &[(HeldKind, Money)]| {
            let problem = uses(&holdings, &dues, asks).unwrap_err();
            (problem.code, problem.args.into_values().collect::<Vec<_>>())
        };
        let changed = |kind: &str, left: &str| ("cashier.held_changed".to_owned(), vec![kind.to_owned(), left.to_owned()]);
        assert_eq!(refused(&[(HeldKind::Prepaid, fen(61))]), changed("prepaid", "0.60"));
        // 500 are held, but nothing more than 45 is due.
        assert_eq!(refused(&[(HeldKind::Prepaid, fen(60)), (HeldKind::Deposit, fen(46))]), changed("deposit", "0.45"));
    }

    /// 5 of late fee and 100 of principal, and a later bill of 100.
    #[rstest::rstest]
    #[case::late_fee_first(InsideBill::LateFeeFirst, 60, &[(90, 1, 5, 55)])]
    #[case::principal_first(InsideBill::PrincipalFirst, 60, &[(90, 1, 0, 60)])]
    #[case::all_and_some_of_the_next(InsideBill::PrincipalFirst, 120, &[(90, 1, 5, 100), (90, 2, 0, 15)])]
    #[case::nothing(InsideBill::PrincipalFirst, 0, &[])]
    fn what_pays_by_itself_settles_in_the_order_of_the_community(
        #[case] order: InsideBill,
        #[case] left: i64,
        #[case] expected: &[(u128, u128, i64, i64)],
    ) {
        let payable = |id, late: i64| {
            let whole =
                BillAmount { amount_fen: fen(100 + late), late_fee_fen: fen(late), ..BillAmount::whole(bill(id), fen(100)) };
            Payable { whole, fee_item: item(1), fee_item_kind: FeeItemKind::Property }
        };
        let (bills, uses) = by_themselves(&[held(90, 1, None, left)], &[payable(1, 5), payable(2, 0)], order);
        assert_eq!(shown(&uses), expected);
        let of_bills: i64 = bills.iter().map(|line| line.amount_fen.fen()).sum();
        assert_eq!((of_bills, bills.len()), (left, expected.len()));
    }

    proptest! {
        /// Nothing is paid beyond a bill, a holding or the amount; and all that can be paid is.
        #[test]
        fn what_is_used_fits_on_both_sides(
            purses in prop::collection::vec((1_u32..28, prop::option::of(0_u128..3), 0_i64..300), 0..5),
            bills in prop::collection::vec((0_u128..3, 0_i64..40, 0_i64..300), 0..5),
            amount in prop::option::of(0_i64..900),
        ) {
            let holdings: Vec<_> = purses.iter().zip(90..).map(|((day, only, left), id)| held(id, *day, *only, *left)).collect();
            let dues: Vec<_> = bills.iter().zip(1..).map(|((item, late, principal), id)| due(id, *item, *late, *principal)).collect();
            let uses = offset(&holdings, &dues, HeldKind::Prepaid, amount.map(fen));
            let laid: Vec<Laid> = dues.iter().map(|due| due.laid).collect();
            prop_assert!(less(&laid, &uses).iter().all(|left| !left.late.is_negative() && !left.principal.is_negative()));
            let spent = |id| uses.iter().filter(|one| one.held == id).map(|one| one.amount().fen()).sum::<i64>();
            prop_assert!(holdings.iter().all(|one| spent(one.bill) <= one.left_fen.fen()));
            let total: i64 = uses.iter().map(|one| one.amount().fen()).sum();
            let most = most(&holdings, &dues, HeldKind::Prepaid).fen();
            prop_assert_eq!(total, amount.map_or(most, |amount| amount.min(most)));
            // What pays by itself is as much, in either order, and lies inside its bills as they say.
            for order in [InsideBill::LateFeeFirst, InsideBill::PrincipalFirst] {
                let payable = |due: &Due| {
                    let open = due.laid.principal;
                    let whole = BillAmount { amount_fen: fen(due.laid.late.fen() + open.fen()), late_fee_fen: due.laid.late, ..BillAmount::whole(due.laid.bill, open) };
                    Payable { whole, fee_item: due.fee_item, fee_item_kind: due.fee_item_kind }
                };
                let (bills, uses) = by_themselves(&holdings, &dues.iter().map(payable).collect::<Vec<_>>(), order);
                prop_assert_eq!(uses.iter().map(|one| one.amount().fen()).sum::<i64>(), most);
                let laid: Vec<Laid> = bills.iter().map(|line| line.laid(order)).collect();
                prop_assert!(less(&laid, &uses).iter().all(|left| left.late.is_zero() && left.principal.is_zero()));
            }
            // By fee item, what is tied pays first; what is for all pays what is left of everything.
            let of = |item_id| dues.iter().filter(|due| due.fee_item == item(item_id)).map(|due| due.laid.late.fen() + due.laid.principal.fen()).sum::<i64>();
            let tied = |item_id| holdings.iter().filter(|one| one.pays_for == Some(item(item_id))).map(|one| one.left_fen.fen()).sum::<i64>();
            let open: i64 = (0..3).map(|id| of(id) - of(id).min(tied(id))).sum();
            let free: i64 = holdings.iter().filter(|one| one.pays_for.is_none()).map(|one| one.left_fen.fen()).sum();
            prop_assert_eq!(most, (0..3).map(|id| of(id).min(tied(id))).sum::<i64>() + open.min(free));
        }
    }
}
