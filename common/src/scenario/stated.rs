//! What a file states against what came out: all of it, in both directions.

use super::format::{Expect, ExpectedBill, Yuan};
use super::names::Names;
use super::{Came, Refusal};
use crate::billing::plan::{PlannedBill, PlannedPortion};
use crate::charging::late_fee::explain::sentences;
use crate::money::Money;
use crate::period::Day;
use crate::text::Language;

/// Every difference, in words.
pub(super) fn differences(expect: &Expect, names: &Names<'_>, came: &Came<'_>) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    bills(expect, names, came, &mut found)?;
    skips(expect, names, came, &mut found)?;
    shares(expect, names, came, &mut found)?;
    refusals(expect, came, &mut found);
    settled(expect, came, &mut found);
    held(expect, names, came, &mut found)?;
    late_fees(expect, came, &mut found);
    Ok(found)
}

fn bills(expect: &Expect, names: &Names<'_>, came: &Came<'_>, found: &mut Vec<String>) -> Result<(), String> {
    let mut stated = Vec::new();
    for bill in &expect.bills {
        let key = (names.unit(&bill.unit, "expect.bill.unit")?, names.only_fee_item(bill.fee.as_deref(), "expect.bill.fee")?);
        if stated.contains(&key) {
            return Err(format!("expect.bill: {} is stated twice", name_of(came, key)));
        }
        stated.push(key);
        let it = came.bills.iter().zip(&came.tiers).find(|((one, _), _)| (one.unit, one.fee_item) == key);
        match it {
            Some(((one, said), tiers)) => of_bill(&name_of(came, key), bill, one, said, tiers, found),
            None => found.push(format!("{}: stated ¥{}, but no bill came out", name_of(came, key), bill.total.0)),
        }
    }
    for (bill, _) in came.bills.iter().filter(|(bill, _)| !stated.contains(&(bill.unit, bill.fee_item))) {
        let name = name_of(came, (bill.unit, bill.fee_item));
        found.push(format!("{name}: a bill of ¥{} came out that is not stated", bill.amount));
    }
    Ok(())
}

fn of_bill(name: &str, stated: &ExpectedBill, bill: &PlannedBill, said: &[String], tiers: &[Money], found: &mut Vec<String>) {
    let mut differ = |what: &str, stated: String, came: String| {
        if stated != came {
            found.push(format!("{name}, {what}\n  - stated    {stated}\n  + came out  {came}"));
        }
    };
    differ("total", stated.total.0.to_string(), bill.amount.to_string());
    differ("waived", list(stated.waived.iter().map(|yuan| yuan.0)), list(bill.waivers.iter().map(|waiver| waiver.amount)));
    if let Some(to_pay) = stated.to_pay {
        differ("to pay", to_pay.0.to_string(), bill.to_pay().to_string());
    }
    if let Some(lines) = &stated.lines {
        differ("lines", list(lines.iter().map(|yuan| yuan.0)), list(bill.lines.iter().map(|line| line.amount())));
    }
    if let Some(stated) = &stated.tiers {
        differ("tiers and parts", list(stated.iter().map(|yuan| yuan.0)), list(tiers.iter().copied()));
    }
    let days = [
        ("first day", stated.from, bill.period.from),
        ("first day after", stated.to, bill.period.to),
        ("due day", stated.due, bill.due_day),
    ];
    for (what, stated, came) in days {
        if let Some(stated) = stated {
            differ(what, stated.to_string(), came.to_string());
        }
    }
    let portion = |from: Day, to: Day, amount: Money, waived: Money| {
        let waived = if waived.is_zero() { String::new() } else { format!(" − {waived}") };
        format!("{from} to {to}: {amount}{waived}")
    };
    let owners = stated.owners.iter().map(|one| portion(one.from, one.to, one.yuan.0, one.waived.0));
    let came = bill.portions.iter().map(PlannedPortion::told);
    let came = came.map(|one| portion(one.from, one.to, one.amount_fen, one.waived_fen));
    differ("owners", owners.collect::<Vec<_>>().join(", "), came.collect::<Vec<_>>().join(", "));
    for piece in stated.says.iter().filter(|piece| !said.iter().any(|sentence| sentence.contains(piece.as_str()))) {
        found.push(format!("{name}, explanation\n  - stated    {piece}\n  + came out  {}", said.join("\n              ")));
    }
}

fn skips(expect: &Expect, names: &Names<'_>, came: &Came<'_>, found: &mut Vec<String>) -> Result<(), String> {
    let mut stated = Vec::new();
    for skip in &expect.skips {
        let key = (names.unit(&skip.unit, "expect.skip.unit")?, names.only_fee_item(skip.fee.as_deref(), "expect.skip.fee")?);
        stated.push(key);
        let reason = came.skips.iter().find(|one| (one.unit, one.fee_item) == key).map(|one| one.reason.word());
        if reason != Some(skip.reason.word()) {
            let (name, reason) = (name_of(came, key), reason.unwrap_or("not skipped"));
            found.push(format!("{name}, skipped\n  - stated    {}\n  + came out  {reason}", skip.reason));
        }
    }
    for skip in came.skips.iter().filter(|skip| !stated.contains(&(skip.unit, skip.fee_item))) {
        found.push(format!("{}: skipped as {}, which is not stated", name_of(came, (skip.unit, skip.fee_item)), skip.reason));
    }
    Ok(())
}

/// Shares are bills' lines as well, so that only those that a file names are looked at.
fn shares(expect: &Expect, names: &Names<'_>, came: &Came<'_>, found: &mut Vec<String>) -> Result<(), String> {
    for stated in &expect.shares {
        let unit = names.unit(&stated.unit, "expect.share.unit")?;
        let share = came.inputs.shares.iter().find(|share| share.unit == unit && share.trace.pool == stated.pool);
        let quantity = |share: &crate::billing::inputs::RunShare| stated.quantity.map(|_| share.trace.quantity);
        let is = share.map(|share| (Yuan(share.amount_fen), quantity(share)));
        if is != Some((stated.yuan, stated.quantity)) {
            let is = is.map_or("no share".to_owned(), |(yuan, quantity)| with_quantity(yuan, quantity));
            let wanted = with_quantity(stated.yuan, stated.quantity);
            found.push(format!("{} of {}\n  - stated    {wanted}\n  + came out  {is}", stated.unit, stated.pool));
        }
    }
    Ok(())
}

fn refusals(expect: &Expect, came: &Came<'_>, found: &mut Vec<String>) {
    let stated: Vec<Refusal> = expect.refusals.iter().map(|one| Refusal::new(&one.of, &one.code)).collect();
    for one in stated.iter().filter(|one| !came.refusals.iter().any(|other| other.same(one))) {
        found.push(format!("{}: {} is stated, but nothing refused it so", one.of, one.code));
    }
    for one in came.refusals.iter().filter(|one| !stated.iter().any(|other| other.same(one))) {
        found.push(format!("{}: refused with {}, which is not stated", one.of, one.code));
    }
}

fn settled(expect: &Expect, came: &Came<'_>, found: &mut Vec<String>) {
    for stated in &expect.settled {
        let one = came.paid.settled.iter().find(|one| one.payment == stated.payment);
        let is = one
            .map(|one| (Yuan(one.total), stated.change.map(|_| Yuan(one.change)), stated.late_fee.map(|_| Yuan(one.late_fee))));
        if is != Some((stated.total, stated.change, stated.late_fee)) {
            let is = one.map_or("refused".to_owned(), |one| {
                format!("¥{}, change ¥{}, late fee ¥{}", one.total, one.change, one.late_fee)
            });
            let change = stated.change.map_or(String::new(), |change| format!(", change ¥{}", change.0));
            found.push(format!("{}\n  - stated    ¥{}{change}\n  + came out  {is}", stated.payment, stated.total.0));
        }
    }
    for one in came.paid.settled.iter().filter(|one| !expect.settled.iter().any(|stated| stated.payment == one.payment)) {
        found.push(format!("{}: it was taken, which is not stated", one.payment));
    }
}

/// What is left of all that was held, and what it paid.
fn held(expect: &Expect, names: &Names<'_>, came: &Came<'_>, found: &mut Vec<String>) -> Result<(), String> {
    let used = |payment: Option<&str>, bill: &str, late: Money, principal: Money| {
        let late = if late.is_zero() { String::new() } else { format!("late fee {late} + ") };
        format!("{} {bill}: {late}{principal}", payment.unwrap_or("after the run,"))
    };
    for stated in &expect.held {
        let Some(one) = came.paid.held.iter().find(|one| one.name == stated.name) else {
            found.push(format!("{}: nothing is held under this name", stated.name));
            continue;
        };
        let mut differ = |what: &str, stated: String, came: String| {
            if stated != came {
                found.push(format!("{}, {what}\n  - stated    {stated}\n  + came out  {came}", one.name));
            }
        };
        differ("left", stated.left.0.to_string(), one.holding.left_fen.to_string());
        let mut pays = Vec::new();
        for one in &stated.pays {
            let bill = match &one.number {
                Some(number) => number,
                None => names.called(names.only_fee_item(one.fee.as_deref(), "expect.held.pays.fee")?),
            };
            pays.push(used(one.payment.as_deref(), bill, one.late_fee.0, one.principal.0));
        }
        let paid = came.paid.spent.iter().filter(|spent| spent.held == one.name);
        let paid = paid.map(|one| used(one.payment.as_deref(), &one.bill, one.laid.late, one.laid.principal));
        differ("pays", pays.join("\n              "), paid.collect::<Vec<_>>().join("\n              "));
    }
    for one in came.paid.held.iter().filter(|one| !expect.held.iter().any(|stated| stated.name == one.name)) {
        found.push(format!("{}: ¥{} is left of it, which is not stated", one.name, one.holding.left_fen));
    }
    Ok(())
}

/// In the order in which they are stated.
fn late_fees(expect: &Expect, came: &Came<'_>, found: &mut Vec<String>) {
    for (stated, one) in expect.late_fees.iter().zip(&came.paid.asked) {
        if one.due != stated.yuan.0 {
            found.push(format!("{} on {}\n  - stated    ¥{}\n  + came out  ¥{}", one.number, one.on, stated.yuan.0, one.due));
        }
        let said: Vec<String> = Language::ALL.iter().flat_map(|language| sentences(*language, &one.fee)).collect();
        for piece in stated.says.iter().filter(|piece| !said.iter().any(|sentence| sentence.contains(piece.as_str()))) {
            let said = said.join("\n              ");
            found.push(format!("{} on {}, explanation\n  - stated    {piece}\n  + came out  {said}", one.number, one.on));
        }
    }
}

fn with_quantity(yuan: Yuan, quantity: Option<crate::quantity::Quantity>) -> String {
    let quantity = quantity.map_or(String::new(), |quantity| format!(" for {quantity}"));
    format!("¥{}{quantity}", yuan.0)
}

fn list(amounts: impl Iterator<Item = Money>) -> String {
    amounts.map(|amount| amount.to_string()).collect::<Vec<_>>().join(" + ")
}

fn name_of(came: &Came<'_>, (unit, fee_item): (u32, u16)) -> String {
    let fee = came.inputs.fee_item(fee_item).map_or("", |item| item.name.as_str());
    format!("{} {fee}", came.inputs.units.label_of(unit))
}
