//! What the worker does for trials: it keeps the inputs and the plan of what is in force, plans what is tried in turns, so that a
//! newer change takes the place of one that is still planned, and answers for pages of units.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use common::billing::inputs::RunInputs;
use common::billing::plan::{ExplainedBill, SkipReason};
use common::billing::what_if::{Change, Column, Comparison, Planning, Side, Trial, UnitChange};
use common::charging::tariff::FeeItemKind;
use common::id::{FeeItemId, UnitId};
use common::money::Money;
use common::problem::Problem;
use serde::{Deserialize, Serialize};

use super::errands::largest_first;
use crate::worker::{Download, Downloads, Errand, Tell, Worker, turn};

/// Downloads what is tried on, and keeps it.
#[derive(Serialize, Deserialize)]
pub struct OpenTrial {
    pub inputs: Download,
    /// Counted by the page: what comes back from elsewhere must not take the place of newer ones.
    pub number: u64,
}

impl Errand for OpenTrial {
    const NAME: &'static str = "billing.open_trial";
    const WORKER: Worker = Worker::Planner;
    type Reply = Opened;
}

impl Downloads for OpenTrial {
    fn download(&self) -> &Download {
        &self.inputs
    }
}

/// What there is to try on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    pub units: u64,
    /// Whether schemes may be tried; without them, bills are in full.
    pub waives: bool,
    /// By their places.
    pub buildings: Vec<String>,
}

/// Lets go of what was opened with this number and before; what is planned on it ends.
#[derive(Serialize, Deserialize)]
pub struct CloseTrial {
    pub number: u64,
}

impl Errand for CloseTrial {
    const NAME: &'static str = "billing.close_trial";
    const WORKER: Worker = Worker::Planner;
    type Reply = ();
}

/// Tries these changes instead of those before; of what is not touched, these fee items are shown.
#[derive(Serialize, Deserialize)]
pub struct TryChanges {
    pub changes: Vec<Change>,
    pub shown: Vec<FeeItemId>,
}

impl Errand for TryChanges {
    const NAME: &'static str = "billing.try_changes";
    const WORKER: Worker = Worker::Planner;
    type Reply = Tried;
}

/// What would change, with the names of what it speaks of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    pub made: Comparison,
    /// By the places of fee items and buildings.
    pub fee_items: Vec<String>,
    pub buildings: Vec<String>,
    /// As the comparison has them.
    pub schemes: Vec<String>,
    pub up: Vec<TriedRow>,
    pub down: Vec<TriedRow>,
}

/// A unit's sums before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriedRow {
    pub unit: u32,
    pub unit_id: Option<UnitId>,
    pub label: String,
    pub before_fen: Money,
    pub after_fen: Money,
}

/// A page of the units that are billed before or after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriedRows {
    pub search: String,
    pub which: Which,
    /// By its place; the place after the last stands for what is in no building.
    pub building: Option<u32>,
    pub order: TriedOrder,
    pub offset: usize,
    pub size: usize,
}

/// Which units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Which {
    All,
    More,
    Less,
    Same,
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TriedOrder {
    /// As they are numbered.
    Unit,
    /// The largest change first, whichever way.
    Change,
    /// The largest amount first.
    Before,
    After,
}

impl Errand for TriedRows {
    const NAME: &'static str = "billing.tried_rows";
    const WORKER: Worker = Worker::Planner;
    type Reply = TriedPage;
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriedPage {
    pub rows: Vec<TriedRow>,
    pub total: u64,
}

/// How a unit's bills come about, before and after.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExplainTried {
    pub unit: u32,
}

impl Errand for ExplainTried {
    const NAME: &'static str = "billing.explain_tried";
    const WORKER: Worker = Worker::Planner;
    type Reply = Vec<ExplainedItem>;
}

/// One fee item of a unit, before and after: the lines of its bill, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExplainedItem {
    pub name: String,
    pub kind: FeeItemKind,
    pub before: Result<ExplainedBill, SkipReason>,
    pub after: Result<ExplainedBill, SkipReason>,
}

struct Open {
    number: u64,
    trial: Trial,
    after: Vec<Column>,
}

/// Where what is tried on is.
enum Held {
    Nothing,
    Here(Box<Open>),
    /// With a plan that is on its way, under this number.
    Away(u64),
}

/// Units that are planned before it is looked whether the result is still wanted.
const TURN: u32 = 10_000;

thread_local! {
    static HELD: RefCell<Held> = const { RefCell::new(Held::Nothing) };
    /// Counts what was asked, so that a plan on its way sees that it is no longer wanted.
    static NEWEST: Cell<u64> = const { Cell::new(0) };
    /// What was opened up to this number is not wanted any more.
    static CLOSED: Cell<u64> = const { Cell::new(0) };
}

fn newest() -> u64 {
    NEWEST.set(NEWEST.get() + 1);
    NEWEST.get()
}

fn nothing() -> Problem {
    Problem::new(409, "billing.no_preview", "Nothing is tried any more")
}

/// Takes it for a plan; none while another has it.
fn take() -> Result<Option<Box<Open>>, Problem> {
    HELD.with_borrow_mut(|held| match std::mem::replace(held, Held::Nothing) {
        Held::Nothing => Err(nothing()),
        Held::Here(open) => {
            *held = Held::Away(open.number);
            Ok(Some(open))
        }
        Held::Away(number) => {
            *held = Held::Away(number);
            Ok(None)
        }
    })
}

fn give_back(open: Box<Open>) {
    HELD.with_borrow_mut(|held| {
        if matches!(held, Held::Away(number) if *number == open.number) {
            *held = Held::Here(open);
        }
    });
}

/// Keeps what is tried on.
///
/// # Errors
/// When the inputs can't be read, or when the page was left meanwhile.
pub fn open_trial(errand: OpenTrial, inputs: Vec<u8>, _: &Tell<'_>) -> Result<Opened, Problem> {
    if errand.number <= CLOSED.get() {
        return Err(unwanted());
    }
    newest();
    let inputs = RunInputs::read(&inputs).map_err(|error| Problem::new(0, "unreadable", error.to_string()).with("why", error))?;
    let opened = Opened { units: inputs.units.len().into(), waives: inputs.waivers.trial.is_some(), buildings: names(&inputs) };
    HELD.set(Held::Here(Box::new(Open { number: errand.number, trial: Trial::new(inputs), after: Vec::new() })));
    Ok(opened)
}

/// Lets go, and is done when nothing of it is left.
///
/// # Errors
/// None.
pub async fn close_trial(errand: CloseTrial, _: Rc<Tell<'static>>) -> Result<(), Problem> {
    let CloseTrial { number } = errand;
    CLOSED.set(CLOSED.get().max(number));
    loop {
        let away = HELD.with_borrow_mut(|held| match held {
            Held::Here(open) if open.number <= number => {
                *held = Held::Nothing;
                false
            }
            Held::Away(away) => *away <= number,
            Held::Nothing | Held::Here(_) => false,
        });
        if !away {
            return Ok(());
        }
        // The plan that is on its way gives up, and gives back what it has.
        newest();
        turn().await;
    }
}

/// Plans what is tried, and compares. A later one makes it end as `aborted`.
///
/// # Errors
/// When nothing is open, when changes collide, or when it is no longer wanted.
pub async fn try_changes(errand: TryChanges, tell: Rc<Tell<'static>>) -> Result<Tried, Problem> {
    let mine = newest();
    // Of many keystrokes that came at once, the last counts.
    turn().await;
    wanted(mine)?;
    // One that is planned gives up at its next turn and gives the inputs back.
    let mut open = loop {
        match take()? {
            Some(open) => break open,
            None => turn().await,
        }
        wanted(mine)?;
    };
    let tried = try_on(&mut open, errand, mine, &*tell).await;
    give_back(open);
    tried
}

async fn try_on(open: &mut Open, errand: TryChanges, mine: u64, tell: &Tell<'static>) -> Result<Tried, Problem> {
    let TryChanges { changes, shown } = errand;
    let Open { trial, after, .. } = open;
    let mut fee_items = trial.touched(&changes);
    let items = (0_u16..).zip(&trial.inputs().fee_items);
    let besides: Vec<u16> =
        items.filter(|(place, item)| shown.contains(&item.id) && !fee_items.contains(place)).map(|(place, _)| place).collect();
    fee_items.extend(besides);
    let unknown = trial.unknown(&fee_items);
    if !unknown.is_empty() {
        trial.apply(&[])?;
        let columns = planned(trial.inputs(), &unknown, mine, tell).await?;
        trial.keep(columns);
    }
    trial.apply(&changes)?;
    *after = planned(trial.inputs(), &fee_items, mine, tell).await?;
    let made = trial.compare(after);
    let inputs = trial.inputs();
    let row = |change: &UnitChange| tried_row(inputs, *change);
    Ok(Tried {
        up: made.up.iter().map(row).collect(),
        down: made.down.iter().map(row).collect(),
        fee_items: inputs.fee_items.iter().map(|item| item.name.clone()).collect(),
        buildings: names(inputs),
        schemes: made
            .schemes
            .iter()
            .map(|one| trial.scheme(one.scheme).map_or_else(String::new, |scheme| scheme.name.clone()))
            .collect(),
        made,
    })
}

fn names(inputs: &RunInputs) -> Vec<String> {
    inputs.buildings.iter().map(|building| building.name.clone()).collect()
}

fn unwanted() -> Problem {
    Problem::new(0, "aborted", "A newer change is tried")
}

fn wanted(mine: u64) -> Result<(), Problem> {
    if NEWEST.get() == mine { Ok(()) } else { Err(unwanted()) }
}

/// Plans in turns: messages that came meanwhile are heard between them.
async fn planned(inputs: &RunInputs, fee_items: &[u16], mine: u64, tell: &Tell<'static>) -> Result<Vec<Column>, Problem> {
    let mut planning = Planning::new(inputs, fee_items);
    let total = u64::from(inputs.units.len());
    while let Some(done) = planning.go_on() {
        tell(u64::from(done), total);
        // A turn costs some milliseconds, which a small community need not wait for.
        if u64::from(done) < total && done.is_multiple_of(TURN) {
            turn().await;
            wanted(mine)?;
        }
    }
    Ok(planning.columns())
}

fn tried_row(inputs: &RunInputs, change: UnitChange) -> TriedRow {
    TriedRow {
        unit: change.unit,
        unit_id: inputs.units.id_of(change.unit),
        label: inputs.units.label_of(change.unit).to_owned(),
        before_fen: change.before_fen,
        after_fen: change.after_fen,
    }
}

/// What is tried, while nothing is being planned.
fn at_rest<T>(run: impl FnOnce(&mut Open) -> T) -> Result<T, Problem> {
    HELD.with_borrow_mut(|held| match held {
        Held::Nothing => Err(nothing()),
        Held::Away(_) => Err(unwanted()),
        Held::Here(open) => Ok(run(open)),
    })
}

/// A page of units.
///
/// # Errors
/// When nothing is open.
pub fn tried_rows(errand: TriedRows, _: &Tell<'_>) -> Result<TriedPage, Problem> {
    at_rest(|Open { trial, after, .. }| {
        let inputs = trial.inputs();
        let wanted = errand.search.trim().to_lowercase();
        let found_name = |unit: u32| wanted.is_empty() || inputs.units.label_of(unit).to_lowercase().contains(&wanted);
        let of_which = |change: &UnitChange| match errand.which {
            Which::All => true,
            Which::More => change.difference().is_positive(),
            Which::Less => change.difference().is_negative(),
            Which::Same => change.difference().is_zero(),
        };
        let outside = u32::try_from(inputs.buildings.len()).unwrap_or(u32::MAX);
        let there = |unit: u32| {
            errand.building.is_none_or(|building| inputs.units.building_of(unit).unwrap_or(outside).min(outside) == building)
        };
        let units = (0..inputs.units.len()).filter(|unit| there(*unit) && found_name(*unit));
        let mut found: Vec<UnitChange> = units.filter_map(|unit| sums(trial, after, unit)).filter(of_which).collect();
        let size: fn(&UnitChange) -> Money = match errand.order {
            TriedOrder::Unit | TriedOrder::Change => |change| change.difference(),
            TriedOrder::Before => |change| change.before_fen,
            TriedOrder::After => |change| change.after_fen,
        };
        if errand.order != TriedOrder::Unit {
            largest_first(&mut found, |change| size(change).fen().unsigned_abs());
        }
        let rows = found.iter().skip(errand.offset).take(errand.size).map(|change| tried_row(inputs, *change));
        TriedPage { rows: rows.collect(), total: u64::try_from(found.len()).unwrap_or(u64::MAX) }
    })
}

/// The sums of a unit that has a bill on either side.
fn sums(trial: &Trial, after: &[Column], unit: u32) -> Option<UnitChange> {
    let pairs = || after.iter().filter_map(|column| Some((trial.before(column.fee_item)?.of(unit)?, column.of(unit)?)));
    pairs().any(|(before, after)| before.is_billed() || after.is_billed()).then(|| UnitChange {
        unit,
        before_fen: Money::sum(pairs().map(|(before, _)| before).map(Side::amount)).unwrap_or_default(),
        after_fen: Money::sum(pairs().map(|(_, after)| after).map(Side::amount)).unwrap_or_default(),
    })
}

/// Both bills of a unit, of each fee item that is compared.
///
/// # Errors
/// When nothing is open.
pub fn explain_tried(errand: ExplainTried, _: &Tell<'_>) -> Result<Vec<ExplainedItem>, Problem> {
    at_rest(|Open { trial, after, .. }| {
        let items = after.iter().map(|column| column.fee_item);
        items
            .filter_map(|place| {
                let (before, after) = trial.explain(errand.unit, place);
                let item = trial.inputs().fee_item(place)?;
                // Neither billed before nor after: nothing to tell.
                (before.is_ok() || after.is_ok()).then(|| ExplainedItem {
                    name: item.name.clone(),
                    kind: item.kind,
                    before,
                    after,
                })
            })
            .collect()
    })
}
