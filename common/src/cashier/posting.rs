//! The books: a posting moves a positive amount from one account to another, so they balance by construction.

use serde::{Deserialize, Serialize};

use super::held::{self, HeldKind, Use};
use super::method::Method;
use super::settle::Laid;
use crate::id::BillId;
use crate::money::Money;

/// What amounts stand under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "server", schemars(with = "String"))]
#[serde(try_from = "String", into = "String")]
pub enum Account {
    /// What owners owe (应收).
    Receivable,
    /// What was billed.
    Income,
    /// Late fee that owners owe.
    LateFeeReceivable,
    /// Late fee that was charged.
    LateFeeIncome,
    /// Late fee that was let go.
    LateFeeWaived,
    /// What owners are let off (减免).
    Waived,
    /// What is to be held once it is paid: billed for prepayments and deposits instead of income.
    HeldDue,
    /// What came in this way; of prepayments and deposits, what is held for owners.
    Received(Method),
}

impl Account {
    /// The stable code: `receivable`, `income` …, or the method's.
    pub fn code(self) -> String {
        match self {
            Self::Receivable => "receivable".to_owned(),
            Self::Income => "income".to_owned(),
            Self::LateFeeReceivable => "late_fee_receivable".to_owned(),
            Self::LateFeeIncome => "late_fee_income".to_owned(),
            Self::LateFeeWaived => "late_fee_waived".to_owned(),
            Self::Waived => "waived".to_owned(),
            Self::HeldDue => "held_due".to_owned(),
            Self::Received(method) => method.code(),
        }
    }
}

impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code())
    }
}

impl std::str::FromStr for Account {
    type Err = String;
    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Ok(match code {
            "receivable" => Self::Receivable,
            "income" => Self::Income,
            "late_fee_receivable" => Self::LateFeeReceivable,
            "late_fee_income" => Self::LateFeeIncome,
            "late_fee_waived" => Self::LateFeeWaived,
            "waived" => Self::Waived,
            "held_due" => Self::HeldDue,
            method => Self::Received(method.parse()?),
        })
    }
}

impl TryFrom<String> for Account {
    type Error = String;
    fn try_from(code: String) -> Result<Self, Self::Error> {
        code.parse()
    }
}

impl From<Account> for String {
    fn from(account: Account) -> Self {
        account.code()
    }
}

/// One move of money about one bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    debit: Account,
    credit: Account,
    amount: Money,
    bill: BillId,
    /// The bill whose held money it moves.
    held: Option<BillId>,
}

impl Posting {
    /// `None` unless the amount is positive and the accounts differ.
    pub fn new(debit: Account, credit: Account, amount: Money, bill: BillId) -> Option<Self> {
        (amount.is_positive() && debit != credit).then_some(Self { debit, credit, amount, bill, held: None })
    }

    pub fn debit(self) -> Account {
        self.debit
    }

    pub fn credit(self) -> Account {
        self.credit
    }

    pub fn amount(self) -> Money {
        self.amount
    }

    pub fn bill(self) -> BillId {
        self.bill
    }

    /// The bill of the prepayment or deposit whose money it moves.
    pub fn held(self) -> Option<BillId> {
        self.held
    }

    /// The same move, of money that is held under a bill.
    pub fn of_held(self, held: Option<BillId>) -> Self {
        Self { held, ..self }
    }

    /// What is paid on a bill for money to be held is held from then on.
    pub fn to_hold(kind: HeldKind, amount: Money, bill: BillId) -> Option<Self> {
        Self::new(Account::HeldDue, Account::Received(kind.method()), amount, bill).map(|posting| posting.of_held(Some(bill)))
    }

    /// What is held goes back in some way.
    pub fn of_refund(kind: HeldKind, way: Method, amount: Money, held: BillId) -> Option<Self> {
        let posting = Self::new(Account::Received(kind.method()), Account::Received(way), amount, held);
        posting.map(|posting| posting.of_held(Some(held)))
    }

    /// The entry that takes this one back.
    pub fn opposite(self) -> Self {
        Self { debit: self.credit, credit: self.debit, ..self }
    }
}

/// The postings of a payment: held money pays what it was laid over; then each method's amount is laid over what the bills lack,
/// in their order, the first method first; inside a bill over its late fee, then over its principal.
///
/// What does not meet its counterpart is left out: amounts that [`settle`] has let through add up to the same on both sides.
///
/// [`settle`]: super::settle::settle
pub fn of_payment(bills: &[Laid], uses: &[Use], methods: &[(Method, Money)]) -> Vec<Posting> {
    let mut postings: Vec<Posting> = uses.iter().flat_map(of_use).collect();
    let mut methods = methods.iter().copied();
    let mut purse = methods.next();
    let bills = held::less(bills, uses);
    let parts = bills.iter().flat_map(parts);
    for (bill, account, mut due) in parts {
        while due.is_positive() {
            let Some((method, left)) = purse else { return postings };
            let part = due.min(left);
            postings.extend(Posting::new(Account::Received(method), account, part, bill));
            due = Money::from_fen(due.fen() - part.fen());
            purse = Some((method, Money::from_fen(left.fen() - part.fen()))).filter(|(_, left)| left.is_positive());
            if purse.is_none() {
                purse = methods.next();
            }
        }
    }
    postings
}

fn parts(laid: &Laid) -> [(BillId, Account, Money); 2] {
    [(laid.bill, Account::LateFeeReceivable, laid.late), (laid.bill, Account::Receivable, laid.principal)]
}

fn of_use(one: &Use) -> impl Iterator<Item = Posting> {
    let (from, held) = (Account::Received(one.kind.method()), one.held);
    parts(&one.laid)
        .into_iter()
        .filter_map(move |(bill, account, amount)| Some(Posting::new(from, account, amount, bill)?.of_held(Some(held))))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn bill(number: u128) -> BillId {
        BillId(uuid::Uuid::from_u128(number))
    }

    fn fen(fen: i64) -> Money {
        Money::from_fen(fen)
    }

    fn laid(id: u128, late: i64, principal: i64) -> Laid {
        Laid { bill: bill(id), late: fen(late), principal: fen(principal) }
    }

    #[test]
    fn late_fee_is_an_account_of_its_own() {
        let postings = of_payment(&[laid(1, 50, 100)], &[], &[(Method::Cash, fen(60)), (Method::Pos, fen(90))]);
        let shown: Vec<_> = postings.iter().map(|each| (each.debit().code(), each.credit(), each.amount().fen())).collect();
        let cash = "cash".to_owned();
        let expected = [
            (cash.clone(), Account::LateFeeReceivable, 50),
            (cash, Account::Receivable, 10),
            ("pos".to_owned(), Account::Receivable, 90),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_posting_moves_something_somewhere() {
        let post = |debit, credit, amount| Posting::new(debit, credit, fen(amount), bill(1));
        assert!(post(Account::Receivable, Account::Income, 1).is_some());
        assert!(post(Account::Receivable, Account::Income, 0).is_none());
        assert!(post(Account::Receivable, Account::Income, -1).is_none());
        assert!(post(Account::Income, Account::Income, 1).is_none());
    }

    #[test]
    fn what_is_paid_to_be_held_is_held_of_its_bill_until_it_goes_back() {
        for (kind, account) in [(HeldKind::Prepaid, Method::Prepaid), (HeldKind::Deposit, Method::Deposit)] {
            let taken = Posting::to_hold(kind, fen(200_000), bill(1)).unwrap();
            assert_eq!((taken.debit(), taken.credit()), (Account::HeldDue, Account::Received(account)));
            assert_eq!((taken.amount(), taken.bill(), taken.held()), (fen(200_000), bill(1), Some(bill(1))));
            let given = Posting::of_refund(kind, Method::Transfer, fen(50_000), bill(1)).unwrap();
            assert_eq!((given.debit(), given.credit()), (Account::Received(account), Account::Received(Method::Transfer)));
            assert_eq!((given.amount(), given.bill(), given.held()), (fen(50_000), bill(1), Some(bill(1))));
        }
        assert_eq!(Posting::to_hold(HeldKind::Deposit, fen(0), bill(1)), None);
    }

    #[test]
    fn accounts_keep_their_codes() {
        for account in [
            Account::Receivable,
            Account::Waived,
            Account::Income,
            Account::LateFeeReceivable,
            Account::LateFeeIncome,
            Account::LateFeeWaived,
            Account::HeldDue,
            Account::Received(Method::Own(3)),
            Account::Received(Method::Prepaid),
        ] {
            assert_eq!(account.code().parse(), Ok(account));
        }
    }

    #[test]
    fn held_money_pays_first_and_money_the_rest() {
        let used = Use { held: bill(9), kind: HeldKind::Prepaid, laid: laid(1, 50, 30) };
        let postings = of_payment(&[laid(1, 50, 100), laid(2, 0, 10)], &[used], &[(Method::Cash, fen(80))]);
        let shown: Vec<_> = postings
            .iter()
            .map(|each| (each.debit().code(), each.credit(), each.amount().fen(), each.held().map(|held| held.0.as_u128())))
            .collect();
        let (prepaid, cash) = ("prepaid".to_owned(), "cash".to_owned());
        let expected = [
            (prepaid.clone(), Account::LateFeeReceivable, 50, Some(9)),
            (prepaid, Account::Receivable, 30, Some(9)),
            (cash.clone(), Account::Receivable, 70, None),
            (cash, Account::Receivable, 10, None),
        ];
        assert_eq!(shown, expected);
        assert_eq!(postings[0].opposite().held(), Some(bill(9)));
    }

    #[test]
    fn part_cash_part_transfer() {
        let bills = [(1, 7_430), (2, 33_219)].map(|(id, amount)| laid(id, 0, amount));
        let postings = of_payment(&bills, &[], &[(Method::Cash, fen(10_000)), (Method::Transfer, fen(30_649))]);
        let shown: Vec<_> = postings.iter().map(|each| (each.debit().code(), each.bill(), each.amount().fen())).collect();
        assert_eq!(
            shown,
            [("cash".to_owned(), bill(1), 7_430), ("cash".to_owned(), bill(2), 2_570), ("transfer".to_owned(), bill(2), 30_649)]
        );
    }

    proptest! {
        /// However the same sum is cut on both sides, every bill and every method gets exactly its amount.
        #[test]
        fn both_sides_add_up(cuts in prop::collection::vec(1_i64..500_000, 1..12), ways in prop::collection::vec(1_i64..500_000, 0..5)) {
            let total: i64 = cuts.iter().sum();
            let bills: Vec<_> = cuts.iter().zip(1..).map(|(amount, id)| laid(id, *amount / 3, *amount - *amount / 3)).collect();
            // The ways cut the same total; the last one takes the rest.
            let mut left = total;
            let mut methods = Vec::new();
            for (number, way) in (0..).zip(&ways) {
                let part = (*way).min(left);
                if part > 0 { methods.push((Method::Own(number), fen(part))); }
                left -= part;
            }
            if left > 0 { methods.push((Method::Cash, fen(left))); }

            let postings = of_payment(&bills, &[], &methods);
            let mut by_bill = BTreeMap::new();
            let mut by_method = BTreeMap::new();
            for posting in &postings {
                *by_bill.entry(posting.bill()).or_insert(0) += posting.amount().fen();
                *by_method.entry(posting.debit()).or_insert(0) += posting.amount().fen();
                prop_assert!(matches!(posting.credit(), Account::Receivable | Account::LateFeeReceivable));
                prop_assert_eq!(posting.opposite().opposite(), *posting);
            }
            prop_assert!(postings.len() < bills.len() * 2 + methods.len());
            prop_assert_eq!(by_bill, bills.iter().map(|line| (line.bill, line.late.fen() + line.principal.fen())).collect());
            prop_assert_eq!(by_method, methods.iter().map(|(way, amount)| (Account::Received(*way), amount.fen())).collect());
        }
    }
}
