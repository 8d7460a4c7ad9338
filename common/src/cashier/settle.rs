//! One payment, many bills, several ways to pay: may it be taken as asked, and how much comes back in change?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::method::Method;
use super::oldest_first::{self, Owed};
use crate::charging::late_fee::InsideBill;
use crate::id::{BillId, FeeItemId};
use crate::money::Money;
use crate::problem::{FieldProblem, Problem, list};

/// The most bills that one payment settles.
pub const BILLS_MOST: usize = 500;
/// The most prepayments and deposits that one payment takes.
pub const TAKES_MOST: usize = 20;

/// How much of a bill is paid, and what the person saw open of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct BillAmount {
    pub bill: BillId,
    pub amount_fen: Money,
    /// What was open when the person looked; refused when it has changed since.
    pub open_fen: Money,
    /// What late fee was due on top of it then; refused when it has moved since.
    #[serde(default)]
    pub late_fee_fen: Money,
}

impl BillAmount {
    /// All that is open of it.
    pub fn whole(bill: BillId, open: Money) -> Self {
        Self { bill, amount_fen: open, open_fen: open, late_fee_fen: Money::ZERO }
    }

    /// How the amount is laid over late fee and principal.
    pub fn laid(&self, order: InsideBill) -> Laid {
        let (late, principal) = match order {
            InsideBill::LateFeeFirst => {
                let late = self.amount_fen.min(self.late_fee_fen);
                (late, Money::from_fen(self.amount_fen.fen() - late.fen()))
            }
            InsideBill::PrincipalFirst => {
                let principal = self.amount_fen.min(self.open_fen);
                (Money::from_fen(self.amount_fen.fen() - principal.fen()), principal)
            }
        };
        Laid { bill: self.bill, late, principal }
    }

    /// What is charged as late fee when this is paid, beyond what was charged before and not settled (`booked`): what is
    /// paid of it, and all of it once nothing more of the principal is open, since then nothing more is counted.
    pub fn to_charge(&self, order: InsideBill, booked: Money) -> Money {
        let laid = self.laid(order);
        let charged = if laid.principal == self.open_fen { self.late_fee_fen } else { laid.late };
        Money::from_fen(charged.fen().saturating_sub(booked.fen()).max(0))
    }
}

/// An amount paid on a bill, by what it settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Laid {
    pub bill: BillId,
    pub late: Money,
    pub principal: Money,
}

/// How much comes in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct MethodAmount {
    pub method: Method,
    pub amount_fen: Money,
    /// The slip's or transfer's number, where there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

/// Money that is to be held: its bill is written and paid in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TakeHeld {
    /// Made by the caller, as the payment's id is.
    pub bill: BillId,
    /// A fee item for prepayments or deposits.
    pub fee_item: FeeItemId,
    pub amount_fen: Money,
}

/// What somebody is about to pay, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Paying<'a> {
    pub bills: &'a [BillAmount],
    pub takes: &'a [TakeHeld],
    pub methods: &'a [MethodAmount],
    /// Cash handed over, where change is to be given.
    pub tendered: Option<Money>,
}

/// A payment that may be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    pub total: Money,
    /// Cash handed over, less the cash amount.
    pub change: Money,
}

/// What the request itself must keep to, whatever the bills are: the till shows it while one types.
pub fn problems(paying: Paying<'_>) -> Vec<FieldProblem> {
    let mut problems = of_bills(paying.bills);
    problems.extend(of_takes(paying.takes));
    if paying.bills.is_empty() && paying.takes.is_empty() {
        problems.push(FieldProblem::new("bills", "cashier.nothing_chosen"));
    }
    problems.extend(of_methods(paying.methods));
    match missing(paying) {
        None => problems.push(FieldProblem::new("methods", "cashier.too_much_money")),
        Some(missing) if !missing.is_zero() => problems.push(
            FieldProblem::new("methods", if missing.is_positive() { "cashier.money_missing" } else { "cashier.money_over" })
                .with("amount", Money::from_fen(missing.fen().saturating_abs())),
        ),
        Some(_) => {}
    }
    if paying.tendered.is_some_and(|tendered| tendered < cash(paying.methods)) {
        problems.push(FieldProblem::new("tendered_fen", "cashier.too_little_cash"));
    }
    problems
}

fn of_bills(bills: &[BillAmount]) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if bills.len() > BILLS_MOST {
        problems.push(FieldProblem::new("bills", "cashier.too_many_bills"));
    }
    let mut seen = BTreeSet::new();
    for (place, line) in bills.iter().enumerate() {
        let mut field = |name: &str, code: &str| problems.push(FieldProblem::new(format!("bills.{place}.{name}"), code));
        if !seen.insert(line.bill) {
            field("bill", "cashier.chosen_twice");
        }
        if !line.amount_fen.is_positive() {
            field("amount_fen", "not_positive");
        } else if line.open_fen.checked_add(line.late_fee_fen).is_none_or(|whole| line.amount_fen > whole) {
            field("amount_fen", "cashier.more_than_open");
        }
    }
    problems
}

fn of_takes(takes: &[TakeHeld]) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if takes.len() > TAKES_MOST {
        problems.push(FieldProblem::new("takes", "cashier.too_many_bills"));
    }
    let (mut seen, mut bills) = (BTreeSet::new(), BTreeSet::new());
    for (place, take) in takes.iter().enumerate() {
        if !seen.insert(take.fee_item) {
            problems.push(FieldProblem::new(format!("takes.{place}.fee_item"), "cashier.chosen_twice"));
        }
        if !bills.insert(take.bill) {
            problems.push(FieldProblem::new(format!("takes.{place}.bill"), "cashier.chosen_twice"));
        }
        if !take.amount_fen.is_positive() {
            problems.push(FieldProblem::new(format!("takes.{place}.amount_fen"), "not_positive"));
        }
    }
    problems
}

fn of_methods(methods: &[MethodAmount]) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let mut ways = BTreeSet::new();
    for (place, line) in methods.iter().enumerate() {
        let mut field = |name: &str, code: &str| problems.push(FieldProblem::new(format!("methods.{place}.{name}"), code));
        if !ways.insert(line.method) {
            field("method", "cashier.chosen_twice");
        }
        if !line.method.at_desk() && line.method.held().is_none() {
            field("method", "cashier.not_at_the_desk");
        }
        if !line.amount_fen.is_positive() {
            field("amount_fen", "not_positive");
        }
        if line.reference.chars().count() > 60 {
            field("reference", "too_long");
        }
    }
    problems
}

/// All that is to be paid. `None` on overflow.
pub fn due(paying: Paying<'_>) -> Option<Money> {
    let bills = paying.bills.iter().map(|line| line.amount_fen);
    Money::sum(bills.chain(paying.takes.iter().map(|take| take.amount_fen)))
}

/// What the methods lack to cover it; negative when they bring more. `None` on overflow.
pub fn missing(paying: Paying<'_>) -> Option<Money> {
    due(paying)?.checked_sub(Money::sum(paying.methods.iter().map(|line| line.amount_fen))?)
}

/// The cash among the methods.
pub fn cash(methods: &[MethodAmount]) -> Money {
    methods.iter().find(|line| line.method == Method::Cash).map_or(Money::ZERO, |line| line.amount_fen)
}

/// What goes back to the payer; `None` while less cash was handed over than is due.
pub fn change(methods: &[MethodAmount], tendered: Option<Money>) -> Option<Money> {
    let Some(tendered) = tendered else { return Some(Money::ZERO) };
    tendered.checked_sub(cash(methods)).filter(|change| !change.is_negative())
}

/// Decides on a payment. `open` are the chosen bills and all that are open now of the same units and fee items.
pub fn settle(open: &[Owed], paying: Paying<'_>) -> Result<Settlement, Problem> {
    let Paying { bills, methods, tendered, .. } = paying;
    let problems = problems(paying);
    if !problems.is_empty() {
        return Err(Problem::invalid(problems));
    }
    let known: BTreeMap<BillId, &Owed> = open.iter().map(|owed| (owed.bill, owed)).collect();
    for line in bills {
        let Some(owed) = known.get(&line.bill) else {
            return Err(Problem::not_found());
        };
        if owed.whole().is_zero() {
            return Err(Problem::conflict("cashier.already_paid", "A chosen bill is settled or void")
                .with("bill", line.bill)
                .with("number", &owed.number));
        }
        if owed.open_fen != line.open_fen {
            return Err(Problem::conflict("cashier.bill_changed", "Less or more is open of a bill than was seen")
                .with("bill", line.bill)
                .with("number", &owed.number)
                .with("seen", line.open_fen)
                .with("open", owed.open_fen));
        }
        if owed.late_fee_fen != line.late_fee_fen {
            return Err(Problem::conflict("cashier.late_fee_changed", "The late fee of a bill is another than was seen")
                .with("bill", line.bill)
                .with("number", &owed.number)
                .with("seen", line.late_fee_fen)
                .with("late", owed.late_fee_fen));
        }
    }
    let chosen = bills.iter().map(|line| (line.bill, line.amount_fen)).collect();
    let passed = oldest_first::passed_over(open, &chosen);
    if !passed.is_empty() {
        return Err(older_first(&passed));
    }
    match (due(paying), change(methods, tendered)) {
        (Some(total), Some(change)) => Ok(Settlement { total, change }),
        _ => Err(Problem::field("methods", "cashier.too_much_money")),
    }
}

/// The refusal to pay a later bill before earlier ones, with their list.
pub fn older_first(passed: &[Owed]) -> Problem {
    let ids: Vec<String> = passed.iter().map(|owed| owed.bill.to_string()).collect();
    Problem::conflict("cashier.older_first", "Earlier bills of the same fee item are to be paid first")
        .with("count", passed.len())
        .with("numbers", list(passed.iter().map(|owed| &owed.number)))
        .with("bills", ids.join(","))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::id::{FeeItemId, UnitId};
    use crate::period::Day;

    fn fen(fen: i64) -> Money {
        Money::from_fen(fen)
    }

    fn owed(id: u128, month: u32, open: i64) -> Owed {
        Owed {
            bill: BillId(Uuid::from_u128(id)),
            number: format!("ZD2026{month:02}-{id:06}"),
            unit: UnitId(Uuid::from_u128(1)),
            fee_item: FeeItemId(Uuid::from_u128(1)),
            from: Day::from_ymd_opt(2026, month, 1).unwrap(),
            open_fen: fen(open),
            late_fee_fen: Money::ZERO,
        }
    }

    fn line(id: u128, amount: i64, seen: i64) -> BillAmount {
        BillAmount { bill: BillId(Uuid::from_u128(id)), amount_fen: fen(amount), open_fen: fen(seen), late_fee_fen: Money::ZERO }
    }

    fn way(method: Method, amount: i64) -> MethodAmount {
        MethodAmount { method, amount_fen: fen(amount), reference: String::new() }
    }

    fn paying<'a>(bills: &'a [BillAmount], methods: &'a [MethodAmount]) -> Paying<'a> {
        Paying { bills, methods, ..Paying::default() }
    }

    #[rstest::rstest]
    #[case::alone(&[], 50_000, 50_000, None)]
    #[case::beside_a_bill(&[line(1, 100, 100)], 50_000, 50_100, None)]
    #[case::nothing(&[], 0, 0, Some("not_positive"))]
    #[case::change_that_is_not_put_away(&[line(1, 100, 100)], 40, 150, Some("cashier.money_over"))]
    fn money_to_be_held_is_paid_like_a_bill(
        #[case] bills: &[BillAmount],
        #[case] amount: i64,
        #[case] cash: i64,
        #[case] code: Option<&str>,
    ) {
        let take =
            TakeHeld { bill: BillId(Uuid::from_u128(7)), fee_item: FeeItemId(Uuid::from_u128(7)), amount_fen: fen(amount) };
        let methods = [way(Method::Cash, cash)];
        let answer = settle(&[owed(1, 9, 100)], Paying { takes: &[take], ..paying(bills, &methods) });
        let found = answer.as_ref().err().and_then(|problem| problem.fields.first()).map(|field| field.code.as_str());
        assert_eq!(found, code);
        assert!(code.is_some() || answer.is_ok_and(|settled| settled.total == fen(cash)));
    }

    #[test]
    fn twenty_prepayments_and_deposits_are_taken_at_once_and_no_more() {
        let take = |place: u128| TakeHeld {
            bill: BillId(Uuid::from_u128(1_000 + place)),
            fee_item: FeeItemId(Uuid::from_u128(place)),
            amount_fen: fen(1),
        };
        let takes: Vec<TakeHeld> = (0..=20).map(take).collect();
        assert_eq!(of_takes(takes.get(..20).unwrap()), []);
        let refused = of_takes(&takes);
        assert_eq!(
            refused.iter().map(|one| (one.field.as_str(), one.code.as_str())).collect::<Vec<_>>(),
            [("takes", "cashier.too_many_bills")]
        );
    }

    #[test]
    fn several_methods_and_change() {
        let open = [owed(1, 9, 50_000), owed(2, 10, 22_807)];
        let bills = [line(1, 50_000, 50_000), line(2, 22_807, 22_807)];
        let methods = [way(Method::Cash, 22_807), way(Method::Wechat, 50_000)];
        let settled = settle(&open, Paying { bills: &bills, methods: &methods, takes: &[], tendered: Some(fen(23_000)) });
        assert_eq!(settled, Ok(Settlement { total: fen(72_807), change: fen(193) }));
    }

    #[rstest::rstest]
    #[case::part(&[line(1, 30, 100)], &[way(Method::Cash, 30)], None, None)]
    #[case::nothing(&[], &[], None, Some("cashier.nothing_chosen"))]
    #[case::missing(&[line(1, 100, 100)], &[way(Method::Pos, 99)], None, Some("cashier.money_missing"))]
    #[case::over(&[line(1, 100, 100)], &[way(Method::Pos, 101)], None, Some("cashier.money_over"))]
    #[case::twice(&[line(1, 50, 100), line(1, 50, 100)], &[way(Method::Pos, 100)], None, Some("cashier.chosen_twice"))]
    #[case::method_twice(&[line(1, 100, 100)], &[way(Method::Pos, 60), way(Method::Pos, 40)], None, Some("cashier.chosen_twice"))]
    #[case::more_than_open(&[line(1, 101, 100)], &[way(Method::Pos, 101)], None, Some("cashier.more_than_open"))]
    #[case::negative(&[line(1, -1, 100)], &[way(Method::Pos, -1)], None, Some("not_positive"))]
    #[case::little_cash(&[line(1, 100, 100)], &[way(Method::Cash, 100)], Some(99), Some("cashier.too_little_cash"))]
    #[case::exact_cash(&[line(1, 100, 100)], &[way(Method::Cash, 100)], Some(100), None)]
    #[case::imported(&[line(1, 100, 100)], &[way(Method::Imported, 100)], None, Some("cashier.not_at_the_desk"))]
    #[case::changed(&[line(1, 90, 90)], &[way(Method::Cash, 90)], None, Some("cashier.bill_changed"))]
    #[case::paid(&[line(3, 100, 100)], &[way(Method::Cash, 100)], None, Some("cashier.already_paid"))]
    #[case::unknown(&[line(9, 100, 100)], &[way(Method::Cash, 100)], None, Some("not_found"))]
    #[case::later(&[line(2, 100, 100)], &[way(Method::Cash, 100)], None, Some("cashier.older_first"))]
    fn refusals(
        #[case] bills: &[BillAmount],
        #[case] methods: &[MethodAmount],
        #[case] tendered: Option<i64>,
        #[case] code: Option<&str>,
    ) {
        let open = [owed(1, 9, 100), owed(2, 10, 100), owed(3, 8, 0)];
        let answer = settle(&open, Paying { bills, methods, takes: &[], tendered: tendered.map(fen) }).err();
        let codes: Vec<&str> = answer
            .iter()
            .flat_map(|problem| {
                std::iter::once(problem.code.as_str()).chain(problem.fields.iter().map(|field| field.code.as_str()))
            })
            .collect();
        assert_eq!(code.is_none(), answer.is_none(), "{codes:?}");
        assert!(code.is_none_or(|code| codes.contains(&code)), "{codes:?}");
    }

    #[rstest::rstest]
    #[case::all_of_it(105, 105, None)]
    #[case::part_of_the_late_fee(3, 105, None)]
    #[case::more(106, 105, Some("cashier.more_than_open"))]
    #[case::a_day_later(105, 106, Some("cashier.late_fee_changed"))]
    fn late_fee_comes_on_top(#[case] amount: i64, #[case] due: i64, #[case] code: Option<&str>) {
        let open = [Owed { late_fee_fen: fen(due - 100), ..owed(1, 9, 100) }];
        let seen = BillAmount { late_fee_fen: fen(5), ..line(1, amount, 100) };
        let answer = settle(&open, paying(&[seen], &[way(Method::Cash, amount)])).err();
        let codes = answer.map(|problem| (problem.code, problem.fields.into_iter().map(|field| field.code).collect::<Vec<_>>()));
        let found = codes.map(|(code, fields)| fields.into_iter().next().unwrap_or(code));
        assert_eq!(found.as_deref(), code);
    }

    /// 100 of principal and 5 of late fee, of which 2 were charged before.
    #[rstest::rstest]
    #[case::late_fee_alone(InsideBill::LateFeeFirst, 4, (4, 0), 2)]
    #[case::what_was_charged_before(InsideBill::LateFeeFirst, 1, (1, 0), 0)]
    #[case::and_some_principal(InsideBill::LateFeeFirst, 50, (5, 45), 3)]
    #[case::all(InsideBill::LateFeeFirst, 105, (5, 100), 3)]
    #[case::principal_alone(InsideBill::PrincipalFirst, 99, (0, 99), 0)]
    #[case::all_principal(InsideBill::PrincipalFirst, 100, (0, 100), 3)]
    #[case::and_some_late_fee(InsideBill::PrincipalFirst, 101, (1, 100), 3)]
    fn inside_a_bill(#[case] order: InsideBill, #[case] amount: i64, #[case] laid: (i64, i64), #[case] charged: i64) {
        let line = BillAmount { late_fee_fen: fen(5), ..line(1, amount, 100) };
        let parts = line.laid(order);
        assert_eq!((parts.late.fen(), parts.principal.fen()), laid);
        assert_eq!(line.to_charge(order, fen(2)).fen(), charged);
    }

    #[rstest::rstest]
    #[case::all_that_fit(500, 60, &[])]
    #[case::one_bill_more(501, 60, &["cashier.too_many_bills"])]
    #[case::one_letter_more(500, 61, &["too_long"])]
    fn a_payment_is_bounded(#[case] bills: u32, #[case] letters: usize, #[case] codes: &[&str]) {
        let lines: Vec<_> = (1..=bills).map(|id| line(id.into(), 1, 1)).collect();
        let way = MethodAmount { reference: "号".repeat(letters), ..way(Method::Pos, bills.into()) };
        let found: Vec<_> = problems(paying(&lines, &[way])).into_iter().map(|problem| problem.code).collect();
        assert_eq!(found, codes);
    }

    #[test]
    fn the_refusal_names_the_earlier_bills() {
        let open = [owed(1, 8, 100), owed(2, 9, 100), owed(3, 10, 100)];
        let problem = settle(&open, paying(&[line(3, 100, 100)], &[way(Method::Cash, 100)])).unwrap_err();
        assert_eq!(problem.args.get("numbers").map(String::as_str), Some("ZD202608-000001\nZD202609-000002"));
    }

    proptest! {
        /// Whatever is typed: a payment that goes through is covered to the fen and never pays more than is open.
        #[test]
        fn what_goes_through_adds_up(amounts in prop::collection::vec(-10_i64..200, 1..5), cash in -10_i64..500, card in -10_i64..500, given in prop::option::of(0_i64..600)) {
            let open: Vec<_> = (1..=5).map(|id| owed(id, u32::try_from(id).unwrap(), 150)).collect();
            let bills: Vec<_> = amounts.iter().zip(1..).map(|(amount, id)| line(id, *amount, 150)).collect();
            let methods = [way(Method::Cash, cash), way(Method::Pos, card)];
            if let Ok(settled) = settle(&open, Paying { bills: &bills, methods: &methods, takes: &[], tendered: given.map(fen) }) {
                prop_assert_eq!(settled.total.fen(), cash + card);
                prop_assert_eq!(settled.total.fen(), amounts.iter().sum::<i64>());
                prop_assert_eq!(settled.change.fen(), given.map_or(0, |given| given - cash));
                prop_assert!(amounts.iter().all(|amount| (1..=150).contains(amount)));
                prop_assert!(amounts.iter().rev().skip(1).all(|amount| *amount == 150));
            }
        }
    }
}
