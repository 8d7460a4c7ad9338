//! What the worker does for billing: plans a whole community, keeps the plan, and answers for slices of it; reads sheets of
//! past bills.

use std::cell::RefCell;
use std::collections::HashMap;

use common::billing::api::{Seen, SeenTotal};
use common::billing::inputs::RunInputs;
use common::billing::past::{self, PastSheet};
use common::billing::plan::{ExplainedBill, Plan, PlannedSum, Planner, SkipReason, plan};
use common::cashier::api::{LeftAhead, OffsetAhead};
use common::charging::tariff::FeeItemKind;
use common::id::UnitId;
use common::money::Money;
use common::problem::Problem;
use serde::{Deserialize, Serialize};

use crate::worker::{Download, Downloads, Errand, Tell, Worker};

/// Plans the run of the inputs that the worker downloads.
#[derive(Serialize, Deserialize)]
pub struct PlanRun {
    pub inputs: Download,
}

impl Errand for PlanRun {
    const NAME: &'static str = "billing.plan_run";
    const WORKER: Worker = Worker::Planner;
    type Reply = Summary;
}

impl Downloads for PlanRun {
    fn download(&self) -> &Download {
        &self.inputs
    }
}

/// What a person wants to see before generating.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Summary {
    pub units: u64,
    pub bills: u64,
    pub amount_fen: Money,
    /// What schemes take off it.
    pub waived_fen: Money,
    pub before_bills: u64,
    pub before_fen: Money,
    pub fee_items: Vec<ItemSum>,
    pub buildings: Vec<BuildingSum>,
    pub skips: Vec<SkipSum>,
    pub digest: String,
    pub totals: Vec<SeenTotal>,
}

impl Summary {
    /// What generating carries along.
    pub fn seen(&self) -> Seen {
        Seen { digest: self.digest.clone(), totals: self.totals.clone() }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemSum {
    pub place: u16,
    pub name: String,
    pub bills: u64,
    pub amount_fen: Money,
    pub waived_fen: Money,
    pub before_bills: u64,
    pub before_fen: Money,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BuildingSum {
    /// Nothing for what stands in no building.
    pub name: Option<String>,
    pub bills: u64,
    /// By the place of the fee item.
    pub amounts: Vec<Money>,
    pub amount_fen: Money,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SkipSum {
    pub fee_item: u16,
    pub fee_item_name: String,
    /// Of the fee item; `None` where it is not in the run.
    pub kind: Option<FeeItemKind>,
    pub reason: SkipReason,
    pub units: u64,
}

/// A slice of the planned bills.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedRows {
    pub search: String,
    pub fee_item: Option<u16>,
    pub order: Order,
    pub offset: usize,
    pub size: usize,
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    Unit,
    /// The largest change against before first.
    Change,
    /// The largest amount first.
    Amount,
}

impl Errand for PlannedRows {
    const NAME: &'static str = "billing.planned_rows";
    const WORKER: Worker = Worker::Planner;
    type Reply = Rows<PlannedRow>;
}

/// Rows, and how many there are in all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rows<T> {
    pub rows: Vec<T>,
    pub total: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedRow {
    pub unit: u32,
    pub unit_id: Option<UnitId>,
    pub unit_label: String,
    pub fee_item: u16,
    pub fee_item_name: String,
    pub amount_fen: Money,
    pub waived_fen: Money,
    pub before_fen: Option<Money>,
}

/// A slice of the units that are skipped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SkippedRows {
    pub fee_item: u16,
    pub reason: SkipReason,
    pub offset: usize,
    pub size: usize,
}

impl Errand for SkippedRows {
    const NAME: &'static str = "billing.skipped_rows";
    const WORKER: Worker = Worker::Planner;
    type Reply = Rows<SkippedRow>;
}

/// A unit that is skipped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SkippedRow {
    pub unit: Option<UnitId>,
    pub label: String,
    /// The custom fields that the formula asks for and that are blank in it.
    pub blank: Vec<String>,
}

/// How a planned bill comes about.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExplainPlanned {
    pub unit: u32,
    pub fee_item: u16,
}

impl Errand for ExplainPlanned {
    const NAME: &'static str = "billing.explain_planned";
    const WORKER: Worker = Worker::Planner;
    type Reply = Explained;
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    pub kind: FeeItemKind,
    pub bill: ExplainedBill,
}

/// What prepayments could pay of what is planned, of what they have left; nothing where that is nobody's.
#[derive(Serialize, Deserialize)]
pub struct SetOffPlanned {
    pub left: Vec<LeftAhead>,
}

impl Errand for SetOffPlanned {
    const NAME: &'static str = "billing.set_off_planned";
    const WORKER: Worker = Worker::Planner;
    type Reply = Option<OffsetAhead>;
}

/// Reads a sheet of past bills.
#[derive(Serialize, Deserialize)]
pub struct ReadPast {
    #[serde(with = "crate::worker::bytes")]
    pub file: Vec<u8>,
}

impl Errand for ReadPast {
    const NAME: &'static str = "billing.read_past";
    const WORKER: Worker = Worker::Workbooks;
    type Reply = PastSheet;
}

struct Kept {
    inputs: RunInputs,
    plan: Plan,
    before: HashMap<(u32, u16), Money>,
}

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// Plans a run and keeps the plan.
///
/// # Errors
/// When the inputs can't be read.
pub fn plan_run(_: PlanRun, inputs: Vec<u8>, tell: &Tell<'_>) -> Result<Summary, Problem> {
    let inputs = RunInputs::read(&inputs).map_err(|error| Problem::new(0, "unreadable", error.to_string()).with("why", error))?;
    let total = u64::from(inputs.units.len());
    let plan = plan(&inputs, |done| tell(u64::from(done), total));
    let pairs = inputs.before.unit.iter().copied().zip(inputs.before.fee_item.iter().copied());
    let before = pairs.zip(inputs.before.amount_fen.iter().copied()).collect();
    let kept = Kept { inputs, plan, before };
    let summary = summary(&kept);
    KEPT.set(Some(kept));
    Ok(summary)
}

fn add(sum: &mut Money, amount: Money) {
    *sum = sum.checked_add(amount).unwrap_or(*sum);
}

fn summary(kept: &Kept) -> Summary {
    let Kept { inputs, plan, before } = kept;
    let mut fee_items: Vec<ItemSum> = inputs
        .fee_items
        .iter()
        .zip(0_u16..)
        .map(|(item, place)| ItemSum {
            place,
            name: item.name.clone(),
            bills: 0,
            amount_fen: Money::ZERO,
            waived_fen: Money::ZERO,
            before_bills: 0,
            before_fen: Money::ZERO,
        })
        .collect();
    let blank = |name: Option<String>| BuildingSum {
        name,
        bills: 0,
        amounts: vec![Money::ZERO; inputs.fee_items.len()],
        amount_fen: Money::ZERO,
    };
    let mut buildings: Vec<BuildingSum> = inputs.buildings.iter().map(|building| blank(Some(building.name.clone()))).collect();
    buildings.push(blank(None));
    let outside = buildings.len() - 1;
    let mut sum = Summary { units: inputs.units.len().into(), digest: plan.digest().to_owned(), ..Summary::default() };
    for total in &plan.totals {
        sum.bills += total.bills;
        add(&mut sum.amount_fen, total.amount_fen);
        add(&mut sum.waived_fen, total.waived_fen);
        if let Some(item) = fee_items.get_mut(usize::from(total.fee_item)) {
            item.bills += total.bills;
            add(&mut item.amount_fen, total.amount_fen);
            add(&mut item.waived_fen, total.waived_fen);
        }
        let place = total.building.and_then(|place| usize::try_from(place).ok()).unwrap_or(outside);
        if let Some(building) = buildings.get_mut(place) {
            building.bills += total.bills;
            add(&mut building.amount_fen, total.amount_fen);
            if let Some(amount) = building.amounts.get_mut(usize::from(total.fee_item)) {
                add(amount, total.amount_fen);
            }
        }
        if let Some(fee_item) = inputs.fee_item(total.fee_item) {
            let building =
                total.building.and_then(|place| inputs.buildings.get(usize::try_from(place).ok()?)).map(|building| building.id);
            let (amount_fen, waived_fen) = (total.amount_fen, total.waived_fen);
            sum.totals.push(SeenTotal { fee_item: fee_item.id, building, bills: total.bills, amount_fen, waived_fen });
        }
    }
    for ((_, fee_item), amount) in before {
        sum.before_bills += 1;
        add(&mut sum.before_fen, *amount);
        if let Some(item) = fee_items.get_mut(usize::from(*fee_item)) {
            item.before_bills += 1;
            add(&mut item.before_fen, *amount);
        }
    }
    sum.skips = plan
        .skips
        .iter()
        .map(|skip| SkipSum {
            fee_item: skip.fee_item,
            fee_item_name: name(inputs, skip.fee_item),
            kind: inputs.fee_item(skip.fee_item).map(|item| item.kind),
            reason: skip.reason,
            units: skip.units,
        })
        .collect();
    sum.skips.sort_by_key(|skip| (skip.reason, skip.fee_item));
    buildings.retain(|building| building.bills > 0);
    sum.fee_items = fee_items;
    sum.buildings = buildings;
    sum
}

fn name(inputs: &RunInputs, fee_item: u16) -> String {
    inputs.fee_item(fee_item).map(|item| item.name.clone()).unwrap_or_default()
}

fn with_kept<T>(run: impl FnOnce(&Kept) -> T) -> Result<T, Problem> {
    KEPT.with_borrow(|kept| kept.as_ref().map(run))
        .ok_or_else(|| Problem::new(409, "billing.no_preview", "There is no preview any more"))
}

/// A slice of the planned bills.
///
/// # Errors
/// When nothing was planned.
pub fn planned_rows(errand: PlannedRows, _: &Tell<'_>) -> Result<Rows<PlannedRow>, Problem> {
    with_kept(|kept| {
        let wanted = errand.search.trim().to_lowercase();
        let mut found: Vec<&PlannedSum> = kept
            .plan
            .bills
            .iter()
            .filter(|bill| errand.fee_item.is_none_or(|fee_item| bill.fee_item == fee_item))
            .filter(|bill| wanted.is_empty() || kept.inputs.units.label_of(bill.unit).to_lowercase().contains(&wanted))
            .collect();
        let before = |bill: &PlannedSum| kept.before.get(&(bill.unit, bill.fee_item)).copied();
        let change = |bill: &PlannedSum| (bill.amount_fen.fen() - before(bill).unwrap_or_default().fen()).unsigned_abs();
        match errand.order {
            Order::Unit => {}
            Order::Change => largest_first(&mut found, |bill| change(bill)),
            Order::Amount => largest_first(&mut found, |bill| bill.amount_fen.fen().unsigned_abs()),
        }
        let rows = found.iter().skip(errand.offset).take(errand.size).map(|bill| PlannedRow {
            unit: bill.unit,
            unit_id: kept.inputs.units.id_of(bill.unit),
            unit_label: kept.inputs.units.label_of(bill.unit).to_owned(),
            fee_item: bill.fee_item,
            fee_item_name: name(&kept.inputs, bill.fee_item),
            amount_fen: bill.amount_fen,
            waived_fen: bill.waived_fen,
            before_fen: before(bill),
        });
        Rows { rows: rows.collect(), total: u64::try_from(found.len()).unwrap_or(u64::MAX) }
    })
}

/// A slice of the units that are skipped for one reason.
///
/// # Errors
/// When nothing was planned.
pub fn skipped_rows(errand: SkippedRows, _: &Tell<'_>) -> Result<Rows<SkippedRow>, Problem> {
    with_kept(|kept| {
        let units = &kept.inputs.units;
        let blank = |unit: u32| match errand.reason {
            SkipReason::Formula | SkipReason::NoQuota => {
                kept.inputs.blank_fields(unit, errand.fee_item).into_iter().map(ToOwned::to_owned).collect()
            }
            _ => Vec::new(),
        };
        let found = || kept.plan.skipped.iter().filter(|skip| skip.fee_item == errand.fee_item && skip.reason == errand.reason);
        let rows = found().skip(errand.offset).take(errand.size).map(|skip| SkippedRow {
            unit: units.id_of(skip.unit),
            label: units.label_of(skip.unit).to_owned(),
            blank: blank(skip.unit),
        });
        Rows { rows: rows.collect(), total: u64::try_from(found().count()).unwrap_or(u64::MAX) }
    })
}

/// The lines of a planned bill.
///
/// # Errors
/// When nothing was planned, or this is no bill.
pub fn explain_planned(errand: ExplainPlanned, _: &Tell<'_>) -> Result<Explained, Problem> {
    with_kept(|kept| {
        let planner = Planner::new(&kept.inputs);
        let bill = planner.plan_one(errand.unit, errand.fee_item).map_err(|_| Problem::not_found())?;
        let kind = kept.inputs.fee_item(errand.fee_item).map_or(FeeItemKind::Other, |item| item.kind);
        Ok(Explained { kind, bill: planner.explain(&bill) })
    })?
}

/// What prepayments could pay of the planned bills: of those with something to pay, and of none for money to be held.
///
/// # Errors
/// When nothing was planned.
pub fn set_off_planned(errand: SetOffPlanned, _: &Tell<'_>) -> Result<Option<OffsetAhead>, Problem> {
    with_kept(|Kept { inputs, plan, .. }| {
        let billed = plan.bills.iter().filter(|bill| bill.amount_fen > bill.waived_fen).filter_map(|bill| {
            let item = inputs.fee_item(bill.fee_item).filter(|item| !item.kind.is_held())?;
            Some((inputs.units.id_of(bill.unit)?, item.id))
        });
        OffsetAhead::of(&errand.left, billed)
    })
}

/// Reads a sheet of past bills.
///
/// # Errors
/// When it is no workbook of bills.
pub fn read_past(errand: ReadPast, _: &Tell<'_>) -> Result<PastSheet, Problem> {
    past::read(&common::sheet::read(&errand.file)?)
}

/// Puts the largest first; of equal ones the earlier. All orders go through one sort, which the worker needs only once.
pub(super) fn largest_first<T: Copy>(rows: &mut Vec<T>, size: impl Fn(&T) -> u64) {
    let sizes: Vec<u64> = rows.iter().map(size).collect();
    *rows = order(&sizes).into_iter().filter_map(|place| rows.get(place).copied()).collect();
}

fn order(sizes: &[u64]) -> Vec<usize> {
    let mut keys: Vec<(std::cmp::Reverse<u64>, usize)> =
        sizes.iter().enumerate().map(|(place, size)| (std::cmp::Reverse(*size), place)).collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, place)| place).collect()
}
