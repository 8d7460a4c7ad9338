//! Loss of a master meter, and the sharing out of a pool over units: the shares add up to the pool to the last fen.

use std::fmt::Write as _;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use crate::charging::usage::SharedBy as Method;
use crate::formula::{Exact, Formula, FormulaPlace, FormulaProblem, Named, Variable, in_whole_numbers};
use crate::id::UnitId;
use crate::money::Money;
use crate::problem::{Problem, list};
use crate::quantity::{Price, Quantity, largest_remainder_of};

/// What a master meter measured and where it went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Figures {
    pub master: Quantity,
    pub household: Quantity,
    pub public: Quantity,
    /// `master − household − public`; below zero when the readings can't all be right.
    pub loss: Quantity,
}

crate::words! {
    /// Which part of a master meter's usage is shared out.
    Taken {
        Both = "both",
        Public = "public",
        Loss = "loss",
    }
    /// What to do when the sub-meters counted more than the master meter.
    NegativeLoss {
        Stops = "stops",
        IsZero = "is_zero",
    }
}

impl Taken {
    /// Whether both would share out the same quantity twice.
    pub fn overlaps(self, other: Self) -> bool {
        self == other || self == Self::Both || other == Self::Both
    }
}

/// A unit that may take part in a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sharer {
    pub unit: UnitId,
    /// Settles ties, and names the unit in a refusal.
    pub code: String,
    pub area: Option<Quantity>,
    pub heads: Option<u32>,
    /// The sum of all its meters under the master.
    pub usage: Quantity,
    /// What else a formula may ask of it, custom number fields among them.
    pub values: Vec<(Named, Decimal)>,
}

impl Sharer {
    /// What it weighs by its usage: nothing where more is given back of an estimate than was used.
    fn used(&self) -> Decimal {
        self.usage.get().max(Decimal::ZERO)
    }
}

/// What is shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Pool {
    pub quantity: Quantity,
    #[serde(rename = "amount_fen")]
    pub amount: Money,
}

/// One unit's part of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub unit: UnitId,
    pub weight: Quantity,
    pub quantity: Quantity,
    pub amount: Money,
}

/// Why a pool can't be shared out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoShares {
    /// The sub-meters counted more than the master meter.
    LossNegative(Figures),
    /// There is nothing to share out.
    PoolEmpty,
    /// No unit takes part.
    Nobody,
    /// The units whose weight is not known or below zero.
    WeightMissing { method: Method, units: Vec<String> },
    /// Every weight is zero; the units.
    WeightsZero { method: Method, units: Vec<String> },
    /// The formula can't be read, or not be computed for a unit, and for how many others.
    Formula { problem: FormulaProblem, unit: Option<String>, others: usize },
    /// Larger than can be stored.
    TooLarge,
}

impl NoShares {
    /// The refusal, with everything that its text needs; at most ten units are named, and how many there are.
    pub fn problem(&self) -> Problem {
        let units = |problem: Problem, method: &Method, units: &[String]| {
            problem.with("method", method.word()).with("count", units.len()).with("units", list(units.iter().take(10)))
        };
        match self {
            Self::LossNegative(figures) => {
                Problem::conflict("metering.loss_negative", "The sub-meters counted more than the master meter")
                    .with("master", figures.master)
                    .with("household", figures.household)
                    .with("public", figures.public)
                    .with("loss", figures.loss)
            }
            Self::PoolEmpty => Problem::conflict("metering.pool_empty", "There is nothing to share out"),
            Self::Nobody => Problem::conflict("metering.nobody", "No unit takes part"),
            Self::WeightMissing { method, units: who } => {
                units(Problem::conflict("metering.weight_missing", "Some units have no weight"), method, who)
            }
            Self::WeightsZero { method, units: who } => {
                units(Problem::conflict("metering.weights_zero", "All weights are zero"), method, who)
            }
            Self::Formula { problem, unit, others } => {
                let code = if unit.is_some() { "metering.formula_of_unit" } else { "metering.formula" };
                let refused = Problem::conflict(code, "The formula can't be read or computed");
                let fault = problem.code.strip_prefix("formula.").unwrap_or(&problem.code);
                let mut refused = refused.with("unit", unit.as_deref().unwrap_or_default()).with("fault", fault);
                refused.args.extend(problem.args.clone());
                let more = if *others > 0 { "yes" } else { "no" };
                let refused = refused.with("position", problem.at.from + 1).with("others", others).with("more", more);
                Problem { fields: vec![problem.clone().of_field("formula")], ..refused }
            }
            Self::TooLarge => Problem::conflict("metering.too_large", "The figures are too large"),
        }
    }
}

/// The loss of a master meter; `None` when a figure is larger than can be stored.
pub fn figures(master: Quantity, household: Quantity, public: Quantity) -> Option<Figures> {
    let loss = master.get().checked_sub(household.get())?.checked_sub(public.get())?;
    Some(Figures { master, household, public, loss: Quantity::new(loss)? })
}

/// What is shared out of a master meter's usage at a price. A negative loss stops here, unless it is taken as zero.
pub fn pool(figures: &Figures, taken: Taken, price: Price, negative_as_zero: NegativeLoss) -> Result<Pool, NoShares> {
    let loss = match (figures.loss.get() < Decimal::ZERO, negative_as_zero) {
        (true, NegativeLoss::Stops) => return Err(NoShares::LossNegative(*figures)),
        (true, NegativeLoss::IsZero) => Decimal::ZERO,
        (false, _) => figures.loss.get(),
    };
    let quantity = match taken {
        Taken::Public => figures.public.get(),
        Taken::Loss => loss,
        Taken::Both => figures.public.get().checked_add(loss).ok_or(NoShares::TooLarge)?,
    };
    let yuan = quantity.checked_mul(price.get()).ok_or(NoShares::TooLarge)?;
    let yuan = yuan.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    Ok(Pool {
        quantity: Quantity::new(quantity).ok_or(NoShares::TooLarge)?,
        amount: Money::from_yuan(yuan).ok_or(NoShares::TooLarge)?,
    })
}

/// The shares of a pool, in the order of the unit codes: Σ shares is the pool, in fen and at 4 decimals, whatever the
/// order of the units. `formula` is what the weights come from where the method says so.
pub fn shares(pool: Pool, method: Method, formula: Option<&Formula>, sharers: &[Sharer]) -> Result<Vec<Share>, NoShares> {
    if !pool.amount.is_positive() {
        return Err(NoShares::PoolEmpty);
    }
    let mut sharers: Vec<&Sharer> = sharers.iter().collect();
    sharers.sort_by(|a, b| a.code.cmp(&b.code).then(a.unit.cmp(&b.unit)));
    if sharers.is_empty() {
        return Err(NoShares::Nobody);
    }
    let weights: Vec<Option<Exact>> = match method {
        Method::Formula => by_formula(pool, formula, &sharers)?,
        method => sharers.iter().map(|sharer| weight(method, sharer).map(Exact::of)).collect(),
    };
    let nameless: Vec<String> =
        sharers.iter().zip(&weights).filter(|(_, weight)| weight.is_none()).map(|(sharer, _)| sharer.code.clone()).collect();
    if !nameless.is_empty() {
        return Err(NoShares::WeightMissing { method, units: nameless });
    }
    let weights: Vec<Exact> = weights.into_iter().flatten().collect();
    if weights.iter().all(|weight| weight.is_zero()) {
        return Err(NoShares::WeightsZero { method, units: sharers.iter().map(|sharer| sharer.code.clone()).collect() });
    }
    let parts = in_whole_numbers(&weights).ok_or(NoShares::TooLarge)?;
    let amounts = pool.amount.split_by(&parts).ok_or(NoShares::TooLarge)?;
    let quantities = largest_remainder_of(i128::from(pool.quantity.scaled()), &parts).ok_or(NoShares::TooLarge)?;
    sharers
        .into_iter()
        .zip(weights)
        .zip(amounts.into_iter().zip(quantities))
        .map(|((sharer, weight), (amount, quantity))| {
            let quantity = Quantity::from_scaled(i64::try_from(quantity).ok()?);
            let weight = Quantity::new(weight.shown(Quantity::SCALE)?)?;
            Some(Share { unit: sharer.unit, weight, quantity, amount })
        })
        .collect::<Option<Vec<_>>>()
        .ok_or(NoShares::TooLarge)
}

/// The formula of the weights, read; `fields` are the custom number fields that it may speak of.
///
/// # Errors
/// Where it can't be read.
pub fn weights_formula(method: Method, text: &str, fields: &[String]) -> Result<Option<Formula>, NoShares> {
    if method != Method::Formula {
        return Ok(None);
    }
    let read = Formula::read(text, FormulaPlace::Weight, fields);
    read.map(Some).map_err(|problem| NoShares::Formula { problem, unit: None, others: 0 })
}

/// The weights that a formula gives; `None` for one below zero.
fn by_formula(pool: Pool, formula: Option<&Formula>, sharers: &[&Sharer]) -> Result<Vec<Option<Exact>>, NoShares> {
    let formula = formula.ok_or(NoShares::PoolEmpty)?;
    let total = |of: fn(&Sharer) -> Decimal| {
        let sum = sharers.iter().try_fold(Decimal::ZERO, |sum, sharer| sum.checked_add(of(sharer)));
        sum.ok_or(NoShares::TooLarge)
    };
    let area = |sharer: &Sharer| sharer.area.map(Quantity::get).unwrap_or_default();
    let heads = |sharer: &Sharer| sharer.heads.map(Decimal::from).unwrap_or_default();
    let (areas, usages, people) = (total(area)?, total(Sharer::used)?, total(heads)?);
    let units = Decimal::from(sharers.len());
    let one = |sharer: &&Sharer| {
        let value = |of: &Named| match of {
            Named::Variable(Variable::Area) => sharer.area.map(Quantity::get).filter(|area| !area.is_zero()),
            Named::Variable(Variable::Heads) => sharer.heads.map(Decimal::from),
            Named::Variable(Variable::Usage) => Some(sharer.used()),
            Named::Variable(Variable::Pool) => Some(pool.quantity.get()),
            Named::Variable(Variable::TotalArea) => Some(areas),
            Named::Variable(Variable::TotalUsage) => Some(usages),
            Named::Variable(Variable::TotalHeads) => Some(people),
            Named::Variable(Variable::Units) => Some(units),
            other => sharer.values.iter().find(|(name, _)| name == other).map(|(_, value)| *value),
        };
        formula.value(&|of: &Named| value(of).map(Exact::of)).map_err(|problem| (problem, sharer.code.clone()))
    };
    let all: Vec<_> = sharers.iter().map(one).collect();
    let failed = all.iter().filter(|weight| weight.is_err()).count();
    let weights: Result<Vec<Exact>, _> = all.into_iter().collect();
    let fails = |(problem, unit)| NoShares::Formula { problem, unit: Some(unit), others: failed.saturating_sub(1) };
    Ok(weights.map_err(fails)?.into_iter().map(|weight| (weight >= Exact::ZERO).then_some(weight)).collect())
}

/// `None` when it is not known or below zero.
fn weight(method: Method, sharer: &Sharer) -> Option<Decimal> {
    let weight = match method {
        Method::Area => sharer.area.map(Quantity::get).filter(|area| !area.is_zero())?,
        Method::Household => Decimal::ONE,
        Method::Head => Decimal::from(sharer.heads?),
        Method::Usage => sharer.used(),
        // Its weights come from the formula.
        Method::Formula => return None,
    };
    (weight >= Decimal::ZERO).then_some(weight)
}

/// What a person saw before confirming: the figures, the pool and every share, as a digest that the command carries.
pub fn seen(figures: Option<&Figures>, pool: Pool, shares: &[Share]) -> String {
    let mut hash = Sha256::new();
    if let Some(figures) = figures {
        for figure in [figures.master, figures.household, figures.public, figures.loss] {
            hash.update(figure.scaled().to_be_bytes());
        }
    }
    hash.update(pool.quantity.scaled().to_be_bytes());
    hash.update(pool.amount.fen().to_be_bytes());
    for share in shares {
        hash.update(share.unit.0.as_bytes());
        hash.update(share.weight.scaled().to_be_bytes());
        hash.update(share.quantity.scaled().to_be_bytes());
        hash.update(share.amount.fen().to_be_bytes());
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    fn home(number: u128, area: &str, usage: &str) -> Sharer {
        Sharer {
            unit: UnitId(Uuid::from_u128(number)),
            code: format!("1-1-{number:04}"),
            area: (!area.is_empty()).then(|| quantity(area)),
            heads: Some(3),
            usage: quantity(usage),
            values: Vec::new(),
        }
    }

    #[test]
    fn what_the_sub_meters_do_not_explain_is_loss() {
        let figures = figures(quantity("14520"), quantity("12931"), quantity("900")).unwrap();
        assert_eq!(figures.loss, quantity("689"));
        let price: Price = "3.35".parse().unwrap();
        let both = pool(&figures, Taken::Both, price, NegativeLoss::Stops).unwrap();
        assert_eq!((both.quantity, both.amount), (quantity("1589"), Money::from_fen(532_315)));
        assert_eq!(pool(&figures, Taken::Public, price, NegativeLoss::Stops).unwrap().quantity, quantity("900"));
        assert_eq!(pool(&figures, Taken::Loss, price, NegativeLoss::Stops).unwrap().quantity, quantity("689"));
    }

    #[test]
    fn a_negative_loss_stops_with_its_figures_unless_taken_as_zero() {
        let figures = figures(quantity("100"), quantity("95"), quantity("10")).unwrap();
        let stopped = pool(&figures, Taken::Both, Price::ONE, NegativeLoss::Stops).unwrap_err();
        assert_eq!(stopped, NoShares::LossNegative(figures));
        assert_eq!(stopped.problem().args.get("loss").map(String::as_str), Some("-5"));
        assert_eq!(pool(&figures, Taken::Both, Price::ONE, NegativeLoss::IsZero).unwrap().quantity, quantity("10"));
    }

    #[test]
    fn two_pools_may_not_share_the_same_out_twice() {
        use Taken::{Both, Loss, Public};
        for (one, other, overlaps) in [
            (Public, Public, true),
            (Public, Loss, false),
            (Loss, Public, false),
            (Loss, Loss, true),
            (Both, Public, true),
            (Both, Loss, true),
            (Public, Both, true),
            (Loss, Both, true),
            (Both, Both, true),
        ] {
            assert_eq!(one.overlaps(other), overlaps, "{one} and {other}");
        }
    }

    #[test]
    fn what_was_seen_changes_with_every_figure_and_share() {
        let pool = Pool { quantity: quantity("100"), amount: Money::from_fen(6_000) };
        let figures = figures(quantity("190"), quantity("90"), quantity("60")).unwrap();
        let shares = shares(pool, Method::Usage, None, &[home(1, "", "1"), home(2, "", "3")]).unwrap();
        let mut digests = vec![
            seen(Some(&figures), pool, &shares),
            seen(None, pool, &shares),
            seen(Some(&Figures { loss: quantity("41"), ..figures }), pool, &shares),
            seen(Some(&figures), Pool { amount: Money::from_fen(6_001), ..pool }, &shares),
            seen(Some(&figures), Pool { quantity: quantity("101"), ..pool }, &shares),
            seen(Some(&figures), pool, &shares[..1]),
        ];
        assert_eq!(seen(Some(&figures), pool, &shares), digests[0]);
        digests.sort_unstable();
        digests.dedup();
        assert_eq!(digests.len(), 6);
        assert!(digests.iter().all(|digest| digest.len() == 64));
    }

    #[test]
    fn twelve_hundred_homes_share_a_pool_to_the_last_fen() {
        let homes: Vec<Sharer> = (0..1200).map(|number| home(number, "", "0")).collect();
        let pool = Pool { quantity: quantity("1589.0001"), amount: Money::from_fen(532_315) };
        let shares = shares(pool, Method::Household, None, &homes).unwrap();
        assert_eq!(Money::sum(shares.iter().map(|share| share.amount)), Some(pool.amount));
        assert_eq!(shares.iter().map(|share| share.quantity.scaled()).sum::<i64>(), pool.quantity.scaled());
    }

    #[test]
    fn a_missing_area_names_its_units() {
        let homes = [home(2, "", "0"), home(1, "89.5", "0"), home(3, "0", "0")];
        let pool = Pool { quantity: Quantity::ONE, amount: Money::from_fen(1) };
        let units = vec!["1-1-0002".to_owned(), "1-1-0003".to_owned()];
        assert_eq!(shares(pool, Method::Area, None, &homes), Err(NoShares::WeightMissing { method: Method::Area, units }));
        let all = vec!["1-1-0001".to_owned(), "1-1-0002".to_owned(), "1-1-0003".to_owned()];
        assert_eq!(shares(pool, Method::Usage, None, &homes), Err(NoShares::WeightsZero { method: Method::Usage, units: all }));
        assert_eq!(shares(pool, Method::Usage, None, &[]), Err(NoShares::Nobody));
    }

    #[test]
    fn a_formula_weighs_the_units() {
        // (area × 2 for the ground floor) of 100 + 2 × 50: half and half.
        let ground = (Named::Variable(Variable::Floor), Decimal::ONE);
        let upper = (Named::Variable(Variable::Floor), Decimal::from(7));
        let homes =
            [Sharer { values: vec![upper], ..home(1, "100", "0") }, Sharer { values: vec![ground], ..home(2, "50", "0") }];
        let pool = Pool { quantity: quantity("10"), amount: Money::from_fen(1_001) };
        let formula = weights_formula(Method::Formula, "if(楼层 = 1, 面积 × 2, 面积)", &[]).unwrap();
        let shares_of = |formula: Option<&Formula>, homes: &[Sharer]| shares(pool, Method::Formula, formula, homes);
        let made = shares_of(formula.as_ref(), &homes).unwrap();
        assert_eq!(made.iter().map(|share| share.amount.fen()).collect::<Vec<_>>(), [501, 500]);
        // A unit without the value is named with the place in the formula.
        let without = shares_of(formula.as_ref(), &[home(3, "80", "0"), home(4, "80", "0")]).unwrap_err();
        let NoShares::Formula { problem, unit, others } = &without else { panic!() };
        assert_eq!((problem.code.as_str(), unit.as_deref(), *others), ("formula.no_value", Some("1-1-0003"), 1));
        // In `if(楼层 = 1, …` the floor is the fourth character.
        assert_eq!(without.problem().args.get("position").map(String::as_str), Some("4"));
        let said = crate::text::of_problem(crate::text::Language::Chinese, &without.problem());
        assert_eq!(said, "公式在 1-1-0003 算不出来：缺「楼层」，另有 1 户也算不出来。请补录档案，或改公式。");
        let alone = shares_of(formula.as_ref(), &[home(3, "80", "0")]).unwrap_err();
        assert_eq!(alone.problem().args.get("more").map(String::as_str), Some("no"));
        // Below zero is no weight, and what belongs to tariffs can't stand here.
        let negative = weights_formula(Method::Formula, "面积 - 90", &[]).unwrap();
        let refused = shares_of(negative.as_ref(), &homes).unwrap_err();
        assert_eq!(refused.problem().code, "metering.weight_missing");
        assert!(weights_formula(Method::Formula, "面积 × 单价", &[]).is_err());
        // Shares of totals: the pool by the share of all people.
        let people = weights_formula(Method::Formula, "公摊总量 × 人数 / 总人数", &[]).unwrap();
        assert_eq!(
            shares_of(people.as_ref(), &homes).unwrap().iter().map(|share| share.weight).collect::<Vec<_>>(),
            [quantity("5"); 2]
        );
    }

    #[test]
    fn a_tie_goes_to_the_earlier_unit_code() {
        let homes = [home(2, "", "1"), home(1, "", "1")];
        let pool = Pool { quantity: Quantity::ONE, amount: Money::from_fen(3) };
        let shares = shares(pool, Method::Usage, None, &homes).unwrap();
        assert_eq!(shares.iter().map(|share| share.amount.fen()).collect::<Vec<_>>(), [2, 1]);
    }

    #[cfg(not(target_arch = "wasm32"))]
    mod properties {
        use proptest::prelude::*;

        use super::*;

        proptest! {
            #[test]
            fn shares_add_up_and_their_order_does_not_matter(
                fen in 1_i64..10_000_000_000, scaled in 0_i64..10_000_000_000_000,
                weights in prop::collection::vec(0_i64..100_000_000, 1..60), turn in 0_usize..60,
            ) {
                prop_assume!(weights.iter().any(|weight| *weight > 0));
                let pool = Pool { quantity: Quantity::from_scaled(scaled), amount: Money::from_fen(fen) };
                let mut homes: Vec<Sharer> = weights.iter().enumerate().map(|(number, weight)| Sharer {
                    usage: Quantity::from_scaled(*weight),
                    ..home(u128::try_from(number).unwrap(), "", "0")
                }).collect();
                let first = shares(pool, Method::Usage, None, &homes).unwrap();
                prop_assert_eq!(Money::sum(first.iter().map(|share| share.amount)), Some(pool.amount));
                prop_assert_eq!(first.iter().map(|share| share.quantity.scaled()).sum::<i64>(), pool.quantity.scaled());
                for (share, home) in first.iter().zip(&homes) {
                    if home.usage.is_zero() {
                        prop_assert!(share.amount.is_zero());
                    }
                }
                let middle = turn % homes.len();
                homes.rotate_left(middle);
                let again = shares(pool, Method::Usage, None, &homes).unwrap();
                prop_assert_eq!(seen(None, pool, &first), seen(None, pool, &again));
            }
        }
    }
}
