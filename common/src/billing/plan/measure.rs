//! What a unit's price is multiplied with, by the tariff's mode.

use std::collections::HashMap;

use super::super::inputs::{RunInputs, RunTariff, RunUsage, RunWholePlace, place};
use super::SkipReason;
use crate::charging::line::{Amount, Measure, TimeCounts};
use crate::charging::price::PriceBook;
use crate::charging::proration::{Piece, Pieces};
use crate::charging::rate::{Counted, Rate};
use crate::charging::tariff::Mode;
use crate::charging::trace::NamedValue;
use crate::formula::{Exact, Formula, FormulaProblem, Named, Variable};
use crate::quantity::Quantity;

/// Sums over all units of a place, × 10⁴, and how many they are.
#[derive(Clone, Copy, Debug, Default)]
struct Whole {
    area: i128,
    units: i64,
}

/// What formulas may ask for that is the same for many units; made once per run.
pub(super) struct Wholes {
    community: Whole,
    buildings: HashMap<u32, Whole>,
    entrances: HashMap<u32, Whole>,
    /// The values of each custom field, by unit.
    fields: Vec<HashMap<u32, i64>>,
}

impl Wholes {
    pub(super) fn new(inputs: &RunInputs) -> Self {
        let units = &inputs.units;
        let mut wholes = Self {
            community: Whole::default(),
            buildings: HashMap::new(),
            entrances: HashMap::new(),
            fields: inputs
                .fields
                .iter()
                .map(|field| field.unit.iter().copied().zip(field.value.iter().copied()).collect())
                .collect(),
        };
        for (at, area) in units.area.iter().enumerate() {
            let add = |whole: &mut Whole| {
                whole.area += i128::from(*area);
                whole.units += 1;
            };
            add(&mut wholes.community);
            if let Some(Some(building)) = units.building.get(at) {
                add(wholes.buildings.entry(*building).or_default());
            }
            if let Some(Some(entrance)) = units.entrance.get(at) {
                add(wholes.entrances.entry(*entrance).or_default());
            }
        }
        // A run for some buildings or units shares out over the same wholes as a run for all.
        if let Some(whole) = &inputs.whole {
            wholes.community = Whole { area: i128::from(whole.area), units: whole.units };
            let of = |one: &RunWholePlace| (one.place, Whole { area: i128::from(one.area), units: one.units });
            wholes.buildings.extend(whole.buildings.iter().map(of));
            wholes.entrances.extend(whole.entrances.iter().map(of));
        }
        wholes
    }

    /// What stands in a custom field of a unit, × 10⁴.
    fn field(&self, inputs: &RunInputs, unit: u32, name: &str) -> Option<i64> {
        let field = inputs.fields.iter().position(|field| field.name == name)?;
        self.fields.get(field)?.get(&unit).copied()
    }

    /// The unit's own quotas that its prices' tiers may be multiples of; one that is blank is missing.
    fn quotas(&self, inputs: &RunInputs, home: &Home<'_>) -> Vec<(String, i64)> {
        let of = |name: &String| Some((name.clone(), self.field(inputs, home.unit, name)?));
        home.book.quotas().iter().filter_map(of).collect()
    }

    /// What a variable stands for, of a unit on the days of a piece.
    pub(super) fn value(
        &self,
        inputs: &RunInputs,
        home: &Home<'_>,
        (pieces, piece): (&Pieces, &Piece),
        of: &Named,
    ) -> Option<Exact> {
        let terms = piece.terms;
        let units = &inputs.units;
        let at = place(home.unit);
        let quantity = |scaled: i64| Some(Exact::scaled(scaled, Quantity::SCALE));
        let variable = match of {
            Named::Field(name) => return quantity(self.field(inputs, home.unit, name)?),
            Named::Variable(variable) => variable,
        };
        let area = |whole: Option<&Whole>| Exact::new(whole?.area, 10_000);
        let building = units.building_of(home.unit).and_then(|building| self.buildings.get(&building));
        match variable {
            Variable::Area => quantity(*units.area.get(at)?).filter(|area| !area.is_zero()),
            Variable::InnerArea => quantity(*units.inner_area.get(at)?).filter(|area| !area.is_zero()),
            Variable::Value => Some(Exact::scaled(*units.value_fen.get(at)?, 2)).filter(|value| !value.is_zero()),
            Variable::Floor => Some(Exact::whole(i64::from((*units.floor.get(at)?)?))),
            Variable::Heads => home.knows_heads.then(|| Exact::whole(i64::from(terms.heads))),
            Variable::Coefficient => quantity(home.coefficient),
            // Of a meter that gives back more than was used, nothing counts.
            Variable::Usage => Some(home.usage.map_or(Exact::ZERO, |usage| Exact::of(usage.usage.get()))),
            Variable::Price => match &home.book.get(terms.price)?.rate {
                Rate::Flat(price) => Some(Exact::of(price.get())),
                _ => None,
            },
            // Of all that is charged: a piece is its share of what that comes to.
            Variable::Months => pieces.months_in_all(),
            Variable::Days => Some(Exact::whole(pieces.days_in_all())),
            Variable::BuildingArea => area(building),
            Variable::BuildingUnits => Some(Exact::whole(building?.units)),
            Variable::EntranceArea => {
                let entrance = units.entrance.get(at).copied().flatten()?;
                area(self.entrances.get(&entrance))
            }
            Variable::CommunityArea => area(Some(&self.community)),
            Variable::CommunityUnits => Some(Exact::whole(self.community.units)),
            Variable::Pool | Variable::TotalArea | Variable::TotalUsage | Variable::TotalHeads | Variable::Units => None,
        }
    }
}

/// A unit under a tariff, in a period.
pub(super) struct Home<'a> {
    pub(super) unit: u32,
    pub(super) book: &'a PriceBook,
    pub(super) usage: Option<&'a RunUsage>,
    pub(super) knows_heads: bool,
    pub(super) coefficient: i64,
}

/// The quantities of a unit's pieces; borrowed by its [`Measure`].
pub(super) struct Quantities {
    same: i64,
    by_head: bool,
    yuan: bool,
    each: Vec<Exact>,
    coefficient: i64,
    vacant_rate: i64,
    before: i64,
    registers: Vec<(Counted, i64)>,
    quotas: Vec<(String, i64)>,
    least: Option<Exact>,
    time: TimeCounts,
}

impl Quantities {
    /// Finds them; the reason says what the unit lacks.
    pub(super) fn find(
        inputs: &RunInputs,
        wholes: &Wholes,
        home: &Home<'_>,
        tariff: &RunTariff,
        formula: Option<&Formula>,
        pieces: &Pieces,
    ) -> Result<Self, SkipReason> {
        let rules = &tariff.rules;
        let mut found = Self {
            same: Quantity::ONE.scaled(),
            by_head: false,
            yuan: false,
            each: Vec::new(),
            coefficient: home.coefficient,
            vacant_rate: rules.vacant_rate.scaled(),
            before: home.usage.map_or(0, |usage| usage.before.scaled()),
            registers: home.usage.map_or_else(Vec::new, |usage| {
                usage.registers.iter().map(|register| (register.register, register.usage.scaled())).collect()
            }),
            quotas: wholes.quotas(inputs, home),
            least: None,
            time: TimeCounts::ByShare,
        };
        let at = place(home.unit);
        let above_zero = |list: &[i64], reason| list.get(at).copied().filter(|value| *value > 0).ok_or(reason);
        match rules.mode {
            Mode::Area => found.same = above_zero(&inputs.units.area, SkipReason::NoArea)?,
            // Fen to yuan × 10⁴.
            Mode::Value => {
                let fen = above_zero(&inputs.units.value_fen, SkipReason::NoValue)?;
                found.same = fen.checked_mul(100).ok_or(SkipReason::TooLarge)?;
            }
            Mode::Household | Mode::Fixed => {}
            Mode::Head if home.knows_heads => found.by_head = true,
            Mode::Head => return Err(SkipReason::NoHeads),
            Mode::Usage => {
                found.same = home.usage.map_or(0, |usage| usage.usage.scaled());
                if home.usage.is_none() {
                    found.registers = Counted::REGISTERS.iter().map(|register| (*register, 0)).collect();
                }
                found.least = rules.minimum.usage_over(pieces);
            }
            Mode::Formula => {
                let formula = formula.ok_or(SkipReason::Formula)?;
                found.yuan = formula.speaks_of(Variable::Price);
                // A coefficient that the formula speaks of is not applied a second time.
                if formula.speaks_of(Variable::Coefficient) {
                    found.coefficient = Quantity::ONE.scaled();
                }
                if counts_time(formula) {
                    found.time = TimeCounts::InQuantity;
                }
                let value = |piece| formula.value(&|of: &Named| wholes.value(inputs, home, (pieces, piece), of));
                let values = pieces.list.iter().map(value);
                found.each = values.collect::<Result<_, FormulaProblem>>().map_err(|_| SkipReason::Formula)?;
                if found.time == TimeCounts::InQuantity && pieces.list.len() > 1 {
                    share_by_time(&mut found.each, formula, pieces).ok_or(SkipReason::TooLarge)?;
                }
            }
        }
        Ok(found)
    }

    pub(super) fn measure(&self) -> Measure<'_> {
        let amount = match (self.each.is_empty(), self.by_head, self.yuan) {
            (false, _, true) => Amount::Yuan(&self.each),
            (false, ..) => Amount::Each(&self.each),
            (true, true, _) => Amount::Heads,
            _ => Amount::Same(self.same),
        };
        Measure {
            amount,
            coefficient: self.coefficient,
            vacant_rate: self.vacant_rate,
            before: self.before,
            registers: &self.registers,
            quotas: &self.quotas,
            least: self.least,
            time: self.time,
        }
    }

    /// For the bill's line: × 10⁴, of the first piece where pieces differ.
    pub(super) fn shown(&self, pieces: &Pieces) -> i64 {
        if self.by_head {
            return pieces.list.first().map_or(0, |piece| i64::from(piece.terms.heads) * Quantity::ONE.scaled());
        }
        match self.each.first() {
            Some(first) => first.shown(Quantity::SCALE).and_then(Quantity::new).map_or(0, Quantity::scaled),
            None => {
                let lifted = self.measure().lifted().and_then(|least| least.shown(Quantity::SCALE)).and_then(Quantity::new);
                lifted.map_or(self.same, Quantity::scaled)
            }
        }
    }
}

/// Whether a formula counts the time itself: what it comes to is for the piece then, not for a month.
pub(super) fn counts_time(formula: &Formula) -> bool {
    formula.speaks_of(Variable::Months) || formula.speaks_of(Variable::Days)
}

/// What a formula that counts the time comes to on each piece: it was computed for the time of all of them, with the piece's own
/// price and people, and the piece has its share of that, by days where it names the days alone, else by months.
fn share_by_time(each: &mut [Exact], formula: &Formula, pieces: &Pieces) -> Option<()> {
    let by_days = !formula.speaks_of(Variable::Months);
    let time = |piece: &Piece| if by_days { pieces.days_of(piece) } else { piece.weight };
    let all: i64 = pieces.list.iter().map(time).sum();
    for (value, piece) in each.iter_mut().zip(&pieces.list) {
        let share = Exact::new(time(piece).into(), all.max(1).into())?.reduced();
        *value = value.times(share)?.reduced();
    }
    Some(())
}

/// What the names of a formula stood for on a piece.
pub(super) fn named_values(formula: &Formula, value: impl Fn(&Named) -> Option<Exact>) -> Vec<NamedValue> {
    let values = formula.names().iter().filter_map(|name| Some(NamedValue { name: name.clone(), value: value(name)?.shown(8)? }));
    values.collect()
}
