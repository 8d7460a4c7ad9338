//! Compares two plans unit by unit: sums, who pays more, the same, less, and by how much.

use serde::{Deserialize, Serialize};

use super::super::inputs::place;
use super::super::plan::SkipReason;
use super::classes::{Class, classes};
use super::{Column, Side, Trial};
use crate::id::WaiverSchemeId;
use crate::money::Money;
use crate::words;

/// The largest changes that are listed, each way.
pub const TOP: usize = 10;

/// Units and what they pay more, or less, altogether.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub units: u64,
    pub difference_fen: Money,
}

/// A fee item before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemChange {
    pub fee_item: u16,
    pub bills_before: u64,
    pub bills_after: u64,
    pub before_fen: Money,
    pub after_fen: Money,
}

/// A building before and after, by its place; none for what stands in no building.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildingChange {
    pub building: Option<u32>,
    /// Units with a bill, before or after.
    pub units: u64,
    pub more: u64,
    pub less: u64,
    pub before_fen: Money,
    pub after_fen: Money,
    /// What schemes take off, which the sums are without.
    pub waived_before_fen: Money,
    pub waived_after_fen: Money,
}

/// What a scheme takes off, before and after, of the fee items that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemeChange {
    pub scheme: WaiverSchemeId,
    pub bills_before: u64,
    pub bills_after: u64,
    pub before_fen: Money,
    pub after_fen: Money,
}

words! {
    /// Where a bill comes or goes.
    Turn {
        /// Billed with the changes only.
        Newly = "newly",
        /// No longer billed with the changes.
        NoLonger = "no_longer",
    }
}

/// Units that get a bill of a fee item on one side only, and why they get none on the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turned {
    pub fee_item: u16,
    pub turn: Turn,
    pub reason: SkipReason,
    pub units: u64,
}

/// Units that get no bill of a fee item on either side for want of something that somebody should mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    pub fee_item: u16,
    /// With the changes.
    pub reason: SkipReason,
    pub units: u64,
}

/// A unit before and after, over all fee items that were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitChange {
    pub unit: u32,
    pub before_fen: Money,
    pub after_fen: Money,
}

impl UnitChange {
    /// What it pays more.
    pub fn difference(self) -> Money {
        Money::from_fen(self.after_fen.fen().saturating_sub(self.before_fen.fen()))
    }
}

/// What changes for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    pub before_fen: Money,
    pub after_fen: Money,
    pub more: Group,
    pub less: Group,
    /// Units with a bill on either side that pay the same.
    pub same: u64,
    pub fee_items: Vec<ItemChange>,
    pub buildings: Vec<BuildingChange>,
    /// Those that take something off on either side.
    pub schemes: Vec<SchemeChange>,
    pub turned: Vec<Turned>,
    pub left_out: Vec<LeftOut>,
    pub classes: Vec<Class>,
    /// The largest changes, the largest first; told with their names apart.
    #[serde(skip)]
    pub up: Vec<UnitChange>,
    #[serde(skip)]
    pub down: Vec<UnitChange>,
}

/// A sum on its way: wide enough for any number of amounts.
#[derive(Clone, Copy, Default)]
struct Sums {
    before: i128,
    after: i128,
}

impl Sums {
    fn add(&mut self, before: Money, after: Money) {
        self.before += i128::from(before.fen());
        self.after += i128::from(after.fen());
    }
}

pub(super) fn money(sum: i128) -> Money {
    Money::from_fen(i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX }))
}

pub(super) fn compare(trial: &Trial, after: &[Column]) -> Comparison {
    let inputs = trial.inputs();
    let pairs: Vec<(&Column, &Column)> =
        after.iter().filter_map(|column| Some((trial.before(column.fee_item)?, column))).collect();
    let mut items: Vec<(Sums, u64, u64)> = vec![Default::default(); pairs.len()];
    let outside = inputs.buildings.len();
    let mut buildings = vec![(Sums::default(), BuildingChange::blank()); outside + 1];
    let mut turned: Vec<Turned> = Vec::new();
    let mut differences = Vec::with_capacity(place(inputs.units.len()));
    let (mut more, mut less) = ((0, 0_i128), (0, 0_i128));
    let mut made = Comparison::default();
    for unit in 0..inputs.units.len() {
        let (mut sums, mut billed) = (Sums::default(), false);
        for ((before, after), item) in pairs.iter().zip(&mut items) {
            let (Some(before_side), Some(after_side)) = (before.of(unit), after.of(unit)) else { continue };
            billed |= before_side.is_billed() || after_side.is_billed();
            sums.add(before_side.amount(), after_side.amount());
            item.0.add(before_side.amount(), after_side.amount());
            item.1 += u64::from(before_side.is_billed());
            item.2 += u64::from(after_side.is_billed());
            turn(&mut turned, before.fee_item, before_side, after_side);
            leave_out(&mut made.left_out, before.fee_item, before_side, after_side);
        }
        if !billed {
            continue;
        }
        let change = UnitChange { unit, before_fen: money(sums.before), after_fen: money(sums.after) };
        let difference = change.difference().fen();
        differences.push(difference);
        let home = inputs.units.building_of(unit).map_or(outside, place).min(outside);
        if let Some((total, building)) = buildings.get_mut(home) {
            total.add(change.before_fen, change.after_fen);
            building.units += 1;
            building.more += u64::from(difference > 0);
            building.less += u64::from(difference < 0);
        }
        match difference {
            0 => made.same += 1,
            1.. => {
                more = (more.0 + 1, more.1 + i128::from(difference));
                place_among(&mut made.up, change);
            }
            _ => {
                less = (less.0 + 1, less.1 + i128::from(difference));
                place_among(&mut made.down, change);
            }
        }
    }
    made.more = Group { units: more.0, difference_fen: money(more.1) };
    made.less = Group { units: less.0, difference_fen: money(less.1) };
    let whole = items
        .iter()
        .fold(Sums::default(), |sum, (item, ..)| Sums { before: sum.before + item.before, after: sum.after + item.after });
    (made.before_fen, made.after_fen) = (money(whole.before), money(whole.after));
    made.fee_items = pairs
        .iter()
        .zip(items)
        .map(|((column, _), (sums, bills_before, bills_after))| ItemChange {
            fee_item: column.fee_item,
            bills_before,
            bills_after,
            before_fen: money(sums.before),
            after_fen: money(sums.after),
        })
        .collect();
    for (before, after) in &pairs {
        waived(&mut made.schemes, &mut buildings, before, When::Before);
        waived(&mut made.schemes, &mut buildings, after, When::After);
    }
    made.buildings = (0_u32..)
        .zip(buildings)
        .filter(|(_, (_, building))| building.units > 0)
        .map(|(at, (sums, building))| BuildingChange {
            building: (place(at) < outside).then_some(at),
            before_fen: money(sums.before),
            after_fen: money(sums.after),
            ..building
        })
        .collect();
    made.turned = turned;
    made.classes = classes(&differences);
    made
}

impl BuildingChange {
    fn blank() -> Self {
        let nothing = Money::ZERO;
        Self {
            building: None,
            units: 0,
            more: 0,
            less: 0,
            before_fen: nothing,
            after_fen: nothing,
            waived_before_fen: nothing,
            waived_after_fen: nothing,
        }
    }
}

/// A side of a comparison.
#[derive(Clone, Copy)]
enum When {
    Before,
    After,
}

/// Adds what schemes take off a fee item to the schemes and to the buildings.
fn waived(schemes: &mut Vec<SchemeChange>, buildings: &mut [(Sums, BuildingChange)], column: &Column, when: When) {
    let outside = buildings.len().saturating_sub(1);
    for one in &column.waived {
        let at = schemes.iter().position(|known| known.scheme == one.scheme).unwrap_or(schemes.len());
        if at == schemes.len() {
            let nothing = Money::ZERO;
            schemes.push(SchemeChange {
                scheme: one.scheme,
                bills_before: 0,
                bills_after: 0,
                before_fen: nothing,
                after_fen: nothing,
            });
        }
        let scheme = schemes.get_mut(at).map(|scheme| match when {
            When::Before => (&mut scheme.bills_before, &mut scheme.before_fen),
            When::After => (&mut scheme.bills_after, &mut scheme.after_fen),
        });
        if let Some((bills, sum)) = scheme {
            *bills += one.bills;
            *sum = plus(*sum, one.amount_fen);
        }
        if let Some((_, building)) = buildings.get_mut(one.building.map_or(outside, place)) {
            let sum = match when {
                When::Before => &mut building.waived_before_fen,
                When::After => &mut building.waived_after_fen,
            };
            *sum = plus(*sum, one.amount_fen);
        }
    }
}

fn plus(one: Money, two: Money) -> Money {
    money(i128::from(one.fen()) + i128::from(two.fen()))
}

/// Counts a bill that comes or goes; there are few kinds of them, however many units.
fn turn(turned: &mut Vec<Turned>, fee_item: u16, before: Side, after: Side) {
    let (turn, reason) = match (before, after) {
        (Side::Skip(reason), Side::Bill(_)) => (Turn::Newly, reason),
        (Side::Bill(_), Side::Skip(reason)) => (Turn::NoLonger, reason),
        _ => return,
    };
    let key = |one: &Turned| (one.fee_item, one.turn, one.reason);
    let at = turned.partition_point(|one| key(one) < (fee_item, turn, reason));
    match turned.get_mut(at).filter(|one| key(one) == (fee_item, turn, reason)) {
        Some(one) => one.units += 1,
        None => turned.insert(at, Turned { fee_item, turn, reason, units: 1 }),
    }
}

fn leave_out(left_out: &mut Vec<LeftOut>, fee_item: u16, before: Side, after: Side) {
    let (Side::Skip(_), Side::Skip(reason)) = (before, after) else { return };
    if !reason.wants_mending() {
        return;
    }
    let key = |one: &LeftOut| (one.fee_item, one.reason);
    let at = left_out.partition_point(|one| key(one) < (fee_item, reason));
    match left_out.get_mut(at).filter(|one| key(one) == (fee_item, reason)) {
        Some(one) => one.units += 1,
        None => left_out.insert(at, LeftOut { fee_item, reason, units: 1 }),
    }
}

/// Keeps the largest changes in order; of equal ones that of the earlier unit stands first.
fn place_among(top: &mut Vec<UnitChange>, change: UnitChange) {
    let size = |one: &UnitChange| one.difference().fen().unsigned_abs();
    if top.len() == TOP && top.last().is_some_and(|last| size(last) >= size(&change)) {
        return;
    }
    let at = top.partition_point(|other| size(other) >= size(&change));
    top.insert(at, change);
    top.truncate(TOP);
}
