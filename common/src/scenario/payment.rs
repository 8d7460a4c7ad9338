//! Payments of a file, decided on by the till's own rule.

use super::Refusal;
use super::format::{Payment, Scenario};
use super::names::{Names, id};
use crate::cashier::oldest_first::Owed;
use crate::cashier::settle::{BillAmount, MethodAmount, settle};
use crate::id::{BillId, FeeItemId, UnitId};
use crate::money::Money;

/// A payment that may be taken.
pub(super) struct Settled {
    pub(super) payment: String,
    pub(super) total: Money,
    pub(super) change: Money,
}

/// Every payment by itself, on what the file says is open.
pub(super) fn all(scenario: &Scenario, names: &Names<'_>, refusals: &mut Vec<Refusal>) -> Result<Vec<Settled>, String> {
    let mut open = Vec::new();
    for (place, one) in (0_u32..).zip(&scenario.open) {
        open.push(Owed {
            bill: BillId(id(8, place)),
            number: one.number.clone(),
            unit: UnitId(id(4, names.unit(&one.unit, "open.unit")?)),
            fee_item: FeeItemId(id(2, names.fee_item(&one.fee, "open.fee")?.into())),
            from: one.from,
            open_fen: one.yuan.0,
            late_fee_fen: Money::ZERO,
        });
    }
    let mut settled = Vec::new();
    for payment in &scenario.payments {
        let bills = bills_of(payment, &open)?;
        let methods = payment.methods.iter().map(|way| MethodAmount {
            method: way.method,
            amount_fen: way.yuan.0,
            reference: String::new(),
        });
        let methods: Vec<MethodAmount> = methods.collect();
        match settle(&open, &bills, &methods, payment.tendered.map(|yuan| yuan.0)) {
            Ok(one) => settled.push(Settled { payment: payment.name.clone(), total: one.total, change: one.change }),
            Err(problem) if problem.fields.is_empty() => refusals.push(Refusal::new(&payment.name, &problem.code)),
            Err(problem) => {
                refusals.extend(problem.fields.into_iter().map(|field| Refusal::of_field(&payment.name, field)));
            }
        }
    }
    Ok(settled)
}

fn bills_of(payment: &Payment, open: &[Owed]) -> Result<Vec<BillAmount>, String> {
    let of = |number: &str| open.iter().find(|owed| owed.number == number);
    let bills = payment.bills.iter().map(|paid| {
        let owed =
            of(&paid.number).ok_or_else(|| format!("payment {:?}: there is no open bill {:?}", payment.name, paid.number))?;
        let open_fen = paid.seen.map_or(owed.open_fen, |seen| seen.0);
        Ok(BillAmount { bill: owed.bill, amount_fen: paid.yuan.0, open_fen, late_fee_fen: owed.late_fee_fen })
    });
    bills.collect()
}
