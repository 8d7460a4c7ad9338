//! Bills of the past, paid and unpaid, taken over from a sheet: all or nothing.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use common::billing::api::{BillSource, ImportBills, PastBill, PastNames};
use common::charging::trace::Trace;
use common::id::{BillId, BuildingId, FeeItemId, UnitId};
use common::money::Money;
use common::period::{Day, Month, Period};
use common::problem::{FieldProblem, Problem};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::generate::lock;
use super::inputs::LONGEST_MONTHS;
use super::write::{self, Draft};
use crate::organisation::today;
use crate::sql::Sql;
use crate::{Answer, Buildings, Who, Work};

/// What was taken over. The payments of paid bills are the cashier's to write.
pub struct Past {
    pub bills: u64,
    pub amount: Money,
    pub paid: Vec<PastPaid>,
}

/// A bill of the past on which something was paid: its paid and open amounts are written, the payment is not.
pub struct PastPaid {
    pub bill: BillId,
    pub unit: UnitId,
    pub building: Option<BuildingId>,
    pub fee_item: FeeItemId,
    pub month: Month,
    pub day: Day,
    pub amount: Money,
    /// What is open after it.
    pub left: Money,
    /// Who took the money, as the sheet has it.
    pub cashier: String,
    pub note: String,
}

#[derive(FromQueryResult)]
struct UnitRow {
    id: UnitId,
    code: String,
    label: String,
    building_id: Option<BuildingId>,
}

#[derive(FromQueryResult)]
struct FeeItemRow {
    id: FeeItemId,
    code: String,
    name: String,
}

#[derive(FromQueryResult)]
struct Live {
    unit_id: UnitId,
    fee_item_id: FeeItemId,
    period_from: Day,
    period_to: Day,
}

/// What the sheet's words mean here.
struct Known {
    units: Words<(UnitId, Option<BuildingId>)>,
    fee_items: Words<FeeItemId>,
    live: HashMap<(UnitId, FeeItemId), Vec<(Day, Day)>>,
}

/// Things by their codes, and by their codes and names where spaces and letter case make no difference.
struct Words<T> {
    codes: HashMap<String, T>,
    /// `None` where a word means several.
    alike: HashMap<String, Option<T>>,
}

impl<T: Copy + PartialEq> Words<T> {
    fn of(things: impl IntoIterator<Item = (String, String, T)>) -> Self {
        let (mut codes, mut alike) = (HashMap::new(), HashMap::new());
        for (code, name, thing) in things {
            for word in [key(&code), key(&name)] {
                alike
                    .entry(word)
                    .and_modify(|known| {
                        if *known != Some(thing) {
                            *known = None;
                        }
                    })
                    .or_insert(Some(thing));
            }
            codes.insert(code, thing);
        }
        Self { codes, alike }
    }

    /// The one thing that is meant, or why it can't be told.
    fn find(&self, word: &str) -> Result<T, Unclear> {
        match (self.codes.get(word.trim()), self.alike.get(&key(word))) {
            (Some(thing), _) | (None, Some(Some(thing))) => Ok(*thing),
            (None, Some(None)) => Err(Unclear::Several),
            (None, None) => Err(Unclear::Unknown),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unclear {
    Unknown,
    Several,
}

/// What an import would take over, told without any lock. Every row that can't be taken over is named.
pub async fn look_over<C: ConnectionTrait>(db: &C, at: DateTime<Utc>, who: &Who, ask: &ImportBills) -> Answer<Past> {
    let known = known(db, who, ask).await?;
    let found = sound(&known, ask, today(db, ask.community, at).await?)?;
    Ok(drafted(found, BTreeMap::new())?.0)
}

/// Writes the bills of an import. Every row that can't be taken over is named, and then nothing is.
pub async fn take_over(work: &Work, who: &Who, ask: &ImportBills) -> Answer<Past> {
    lock(work, ask.community).await?;
    let known = known(work.db(), who, ask).await?;
    let found = sound(&known, ask, today(work.db(), ask.community, work.at).await?)?;
    let (past, drafts) = drafted(found, numbers(work, ask).await?)?;
    write::bills(work, ask.community, BillSource::Import, ask.import.0, &drafts).await?;
    Ok(past)
}

/// The bills as they are written, with what that comes to, numbered from the next number of each month.
fn drafted(found: Vec<Found<'_>>, mut next: BTreeMap<Month, i64>) -> Answer<(Past, Vec<Draft>)> {
    let mut past = Past { bills: 0, amount: Money::ZERO, paid: Vec::new() };
    let mut drafts = Vec::with_capacity(found.len());
    for (bill, (unit, building), fee_item, period) in found {
        let month = Month::of(period.from);
        let number = next.entry(month).or_insert(1);
        let id = BillId(Uuid::now_v7());
        past.bills += 1;
        past.amount = past.amount.checked_add(bill.amount_fen).ok_or_else(|| Problem::field("bills", "billing.too_large"))?;
        if bill.paid_fen.is_positive() {
            let day = bill.paid_day.unwrap_or(period.from);
            past.paid.push(PastPaid {
                bill: id,
                unit,
                building,
                fee_item,
                month,
                day,
                amount: bill.paid_fen,
                left: bill.amount_fen.checked_sub(bill.paid_fen).unwrap_or_default(),
                cashier: bill.cashier.clone(),
                note: bill.note.clone(),
            });
        }
        drafts.push(Draft {
            id,
            number: write::number(month, *number),
            unit,
            building,
            fee_item,
            tariff: None,
            period,
            issued_day: period.from,
            due_day: bill.due_day.unwrap_or_else(|| period.last_day()),
            amount: bill.amount_fen,
            paid: bill.paid_fen,
            note: bill.note.clone(),
            lines: vec![(bill.amount_fen, Trace::given(bill.note.clone()))],
            once: Vec::new(),
            waivers: Vec::new(),
            portions: None,
        });
        *number += 1;
    }
    Ok((past, drafts))
}

async fn known<C: ConnectionTrait>(db: &C, who: &Who, ask: &ImportBills) -> Answer<Known> {
    let community = ask.community;
    let scope: Buildings = who.scope.buildings(community);
    let units: Vec<UnitRow> = Sql::new("SELECT id, code, label, building_id FROM unit")
        .push(" WHERE community_id = ?", [community.into()])
        .within("building_id", &scope)
        .all(db)
        .await?;
    let fee_items: Vec<FeeItemRow> =
        Sql::new("SELECT id, code, name FROM fee_item").push(" WHERE community_id = ?", [community.into()]).all(db).await?;
    let live = live(db, ask).await?;
    let units = Words::of(units.into_iter().map(|unit| (unit.code, unit.label, (unit.id, unit.building_id))));
    let fee_items = Words::of(fee_items.into_iter().map(|item| (item.code, item.name, item.id)));
    Ok(Known { units, fee_items, live })
}

/// The periods that are billed already and that a row might touch; none where no row was sound.
async fn live<C: ConnectionTrait>(db: &C, ask: &ImportBills) -> Answer<HashMap<(UnitId, FeeItemId), Vec<(Day, Day)>>> {
    let mut live: HashMap<(UnitId, FeeItemId), Vec<(Day, Day)>> = HashMap::new();
    let first = ask.bills.iter().map(|bill| Month::of(bill.period_from)).min();
    let last = ask.bills.iter().map(|bill| Month::of(bill.period_to)).max();
    let (Some(first), Some(last)) = (first, last) else { return Ok(live) };
    let months = [first.plus(-LONGEST_MONTHS).number().into(), last.number().into()];
    let rows: Vec<Live> = Sql::new("SELECT unit_id, fee_item_id, period_from, period_to FROM bill WHERE community_id = ")
        .bind(ask.community)
        .add(" AND state <> 'void' AND source <> 'raised'")
        .push(" AND month >= ? AND month <= ?", months)
        .all(db)
        .await?;
    for row in rows {
        live.entry((row.unit_id, row.fee_item_id)).or_default().push((row.period_from, row.period_to));
    }
    Ok(live)
}

/// Spaces and case make no difference between two names.
fn key(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Why a room or fee item of a row can't be told, at its cell.
fn unclear(row: u32, field: &str, value: &str, why: Option<Unclear>) -> Option<FieldProblem> {
    let code = match (field, why?) {
        ("unit", Unclear::Unknown) => "billing.unit_unknown",
        ("unit", Unclear::Several) => "billing.unit_several",
        (_, Unclear::Unknown) => "billing.fee_item_unknown",
        (_, Unclear::Several) => "billing.fee_item_several",
    };
    Some(FieldProblem::new(format!("bills.{row}.{field}"), code).with("value", value))
}

type Found<'a> = (&'a PastBill, (UnitId, Option<BuildingId>), FeeItemId, Period);

/// The rows, where all of them can be taken over.
fn sound<'a>(known: &Known, ask: &'a ImportBills, today: Day) -> Answer<Vec<Found<'a>>> {
    let (found, problems) = resolve(known, ask, today);
    if problems.is_empty() {
        return Ok(found);
    }
    let problem = Problem::new(422, "billing.import_problems", "Some rows can't be taken over");
    Err(Problem { fields: problems, ..problem }.into())
}

fn resolve<'a>(known: &Known, ask: &'a ImportBills, today: Day) -> (Vec<Found<'a>>, Vec<FieldProblem>) {
    let (mut found, mut problems) = (Vec::with_capacity(ask.bills.len()), Vec::new());
    let mut seen: HashMap<(UnitId, FeeItemId), Vec<(Day, Day)>> = HashMap::new();
    for PastNames { row, unit, fee_item } in &ask.names {
        let blank = |word: &str| word.trim().is_empty();
        problems.extend(unclear(*row, "unit", unit, known.units.find(unit).err().filter(|_| !blank(unit))));
        problems.extend(unclear(*row, "fee_item", fee_item, known.fee_items.find(fee_item).err().filter(|_| !blank(fee_item))));
    }
    for bill in &ask.bills {
        let unit = known.units.find(&bill.unit);
        let fee_item = known.fee_items.find(&bill.fee_item);
        problems.extend(unclear(bill.row, "unit", &bill.unit, unit.err()));
        problems.extend(unclear(bill.row, "fee_item", &bill.fee_item, fee_item.err()));
        let mut problem = |bill: &PastBill, field: &str, code: &str| {
            let value = match field {
                "period_from" => bill.period_from.to_string(),
                "period_to" => bill.period_to.pred_opt().unwrap_or(bill.period_to).to_string(),
                "amount_fen" => bill.amount_fen.to_string(),
                "paid_fen" => bill.paid_fen.to_string(),
                _ => bill.paid_day.map(|day| day.to_string()).unwrap_or_default(),
            };
            problems.push(FieldProblem::new(format!("bills.{}.{field}", bill.row), code).with("value", value));
        };
        let period = Period::new(bill.period_from, bill.period_to);
        let short = period.filter(|period| Month::of(period.from).plus(LONGEST_MONTHS) > Month::of(period.last_day()));
        if short.is_none() {
            problem(bill, "period_to", if period.is_none() { "period_empty" } else { "billing.period_long" });
        }
        if !bill.amount_fen.is_positive() {
            problem(bill, "amount_fen", "not_positive");
        }
        if bill.paid_fen.is_negative() || bill.paid_fen > bill.amount_fen {
            problem(bill, "paid_fen", "billing.paid_more");
        }
        if bill.paid_fen.is_positive() && bill.paid_day.is_none_or(|day| day > today) {
            problem(bill, "paid_day", "billing.paid_day");
        }
        let (Ok(unit), Ok(fee_item), Some(period)) = (unit, fee_item, short) else { continue };
        let touches = |others: Option<&Vec<(Day, Day)>>| {
            others.is_some_and(|others| others.iter().any(|(from, to)| *from < period.to && period.from < *to))
        };
        if touches(known.live.get(&(unit.0, fee_item))) {
            problem(bill, "period_from", "billing.billed_already");
        } else if touches(seen.get(&(unit.0, fee_item))) {
            problem(bill, "period_from", "billing.twice_in_sheet");
        }
        seen.entry((unit.0, fee_item)).or_default().push((period.from, period.to));
        found.push((bill, unit, fee_item, period));
    }
    (found, problems)
}

/// The first number of each month that the import has bills of, taken from the earliest month to the latest.
async fn numbers(work: &Work, ask: &ImportBills) -> Answer<BTreeMap<Month, i64>> {
    let mut counts: BTreeMap<Month, usize> = BTreeMap::new();
    for bill in &ask.bills {
        *counts.entry(Month::of(bill.period_from)).or_default() += 1;
    }
    let mut next = BTreeMap::new();
    for (month, count) in counts {
        next.insert(month, write::take_numbers(work, ask.community, month, count).await?);
    }
    Ok(next)
}
