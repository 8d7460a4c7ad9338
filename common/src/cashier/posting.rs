//! The books: a posting moves a positive amount from one account to another, so they balance by construction.

use serde::{Deserialize, Serialize};

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
    /// What came in this way.
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
}

impl Posting {
    /// `None` unless the amount is positive and the accounts differ.
    pub fn new(debit: Account, credit: Account, amount: Money, bill: BillId) -> Option<Self> {
        (amount.is_positive() && debit != credit).then_some(Self { debit, credit, amount, bill })
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

    /// The entry that takes this one back.
    pub fn opposite(self) -> Self {
        Self { debit: self.credit, credit: self.debit, ..self }
    }
}

/// The postings of a payment: each method's amount is laid over the bills in their order, the first method first; inside a
/// bill over its late fee, then over its principal.
///
/// At most `bills × 2 + methods − 1` of them. What does not meet its counterpart is left out: amounts that [`settle`] has
/// let through add up to the same on both sides.
///
/// [`settle`]: super::settle::settle
pub fn of_payment(bills: &[Laid], methods: &[(Method, Money)]) -> Vec<Posting> {
    let mut postings = Vec::with_capacity(bills.len() + methods.len());
    let mut methods = methods.iter().copied();
    let mut purse = methods.next();
    let parts = bills
        .iter()
        .flat_map(|line| [(line.bill, Account::LateFeeReceivable, line.late), (line.bill, Account::Receivable, line.principal)]);
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
        let postings = of_payment(&[laid(1, 50, 100)], &[(Method::Cash, fen(60)), (Method::Pos, fen(90))]);
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
    fn accounts_keep_their_codes() {
        for account in [
            Account::Receivable,
            Account::Waived,
            Account::Income,
            Account::LateFeeReceivable,
            Account::LateFeeIncome,
            Account::LateFeeWaived,
            Account::Received(Method::Own(3)),
        ] {
            assert_eq!(account.code().parse(), Ok(account));
        }
    }

    #[test]
    fn part_cash_part_transfer() {
        let bills = [(1, 7_430), (2, 33_219)].map(|(id, amount)| laid(id, 0, amount));
        let postings = of_payment(&bills, &[(Method::Cash, fen(10_000)), (Method::Transfer, fen(30_649))]);
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

            let postings = of_payment(&bills, &methods);
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
