//! Master meters and what hangs below them, level by level: what flowed in at each, what is accounted for, what is lost.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::Role;
use super::usage::sum;
use crate::id::MeterId;
use crate::quantity::Quantity;

/// A master or public meter, before it has its place in the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Hung {
    pub meter: MeterId,
    pub code: String,
    pub place: String,
    pub role: Role,
    pub parent: Option<MeterId>,
    pub active: bool,
}

/// What the household meters right below a master counted in a month, by its place among the months.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counted {
    pub meter: MeterId,
    pub month: usize,
    /// Of the meter itself, or of the household meters right below it.
    pub usage: Quantity,
}

/// A meter of the tree with its months.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct TreeNode {
    pub meter: MeterId,
    pub code: String,
    pub place: String,
    pub role: Role,
    pub active: bool,
    /// How far below the top: 0 for a meter that nothing measures besides.
    pub depth: u32,
    /// Household meters right below it.
    pub households: u64,
    pub months: Vec<NodeMonth>,
}

/// A node's month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct NodeMonth {
    /// What it counted itself; `None` where it was not read.
    pub own: Option<Quantity>,
    /// What the household meters right below it counted.
    pub households: Quantity,
    /// What the public and master meters right below it counted.
    pub below: Quantity,
    /// `own − households − below`, of a master meter that was read.
    pub loss: Option<Quantity>,
}

/// The meters in the order of the tree, each master followed by what hangs below it. `own` are the usages of the meters
/// themselves, `households` those of the household meters right below them, with how many these are. `None` where a sum is larger
/// than can be stored.
///
/// A meter whose parent is not among them stands at the top; of a circle, which no form lets in, the first does.
pub fn tree(
    meters: &[Hung],
    own: &[Counted],
    households: &[Counted],
    counts: &HashMap<MeterId, u64>,
    months: usize,
) -> Option<Vec<TreeNode>> {
    let by = |counted: &[Counted]| {
        let mut of: HashMap<(MeterId, usize), Quantity> = HashMap::new();
        for one in counted {
            let known = of.get(&(one.meter, one.month)).copied().unwrap_or_default();
            of.insert((one.meter, one.month), sum([known, one.usage])?);
        }
        Some(of)
    };
    let (own, households) = (by(own)?, by(households)?);
    let known: HashMap<MeterId, usize> = meters.iter().map(|meter| meter.meter).zip(0..).collect();
    let mut children: HashMap<Option<MeterId>, Vec<&Hung>> = HashMap::new();
    for meter in meters {
        let parent = meter.parent.filter(|parent| known.contains_key(parent) && *parent != meter.meter);
        children.entry(parent).or_default().push(meter);
    }
    let mut nodes = Vec::with_capacity(meters.len());
    let mut waiting: Vec<(&Hung, u32)> = children.get(&None).into_iter().flatten().rev().map(|top| (*top, 0)).collect();
    let mut placed: HashSet<MeterId> = HashSet::with_capacity(meters.len());
    let mut rest = meters.iter();
    // Whoever is reached from no top hangs in a circle: it is shown at the top all the same.
    while let Some((meter, depth)) =
        waiting.pop().or_else(|| rest.find(|meter| !placed.contains(&meter.meter)).map(|meter| (meter, 0)))
    {
        if !placed.insert(meter.meter) {
            continue;
        }
        let below: &[&Hung] = children.get(&Some(meter.meter)).map_or(&[], Vec::as_slice);
        waiting.extend(below.iter().rev().map(|child| (*child, depth + 1)));
        let month = |month: usize| {
            let of = |meter: MeterId| own.get(&(meter, month)).copied();
            let homes = households.get(&(meter.meter, month)).copied().unwrap_or_default();
            let below = sum(below.iter().filter_map(|child| of(child.meter)))?;
            let loss = match of(meter.meter).filter(|_| meter.role == Role::Master) {
                Some(own) => {
                    let loss = own.get().checked_sub(homes.get())?.checked_sub(below.get())?;
                    Some(Quantity::new(loss)?)
                }
                None => None,
            };
            Some(NodeMonth { own: of(meter.meter), households: homes, below, loss })
        };
        nodes.push(TreeNode {
            meter: meter.meter,
            code: meter.code.clone(),
            place: meter.place.clone(),
            role: meter.role,
            active: meter.active,
            depth,
            households: counts.get(&meter.meter).copied().unwrap_or(0),
            months: (0..months).map(month).collect::<Option<_>>()?,
        });
    }
    Some(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> MeterId {
        MeterId(uuid::Uuid::from_u128(number))
    }

    fn hung(number: u128, role: Role, parent: Option<u128>) -> Hung {
        Hung { meter: id(number), code: number.to_string(), place: String::new(), role, parent: parent.map(id), active: true }
    }

    fn counted(number: u128, usage: i64) -> Counted {
        Counted { meter: id(number), month: 0, usage: Quantity::from_scaled(usage * 10_000) }
    }

    /// A community's master (1,000) over two buildings' masters (600 and 370) and a public meter (10); the first building's
    /// homes took 540 and its lift 40, the second's homes 375.
    #[test]
    fn every_level_has_its_own_loss() {
        let meters = [
            hung(1, Role::Master, None),
            hung(2, Role::Master, Some(1)),
            hung(3, Role::Master, Some(1)),
            hung(4, Role::Public, Some(1)),
            hung(5, Role::Public, Some(2)),
            hung(6, Role::Master, Some(99)),
        ];
        let own = [counted(1, 1000), counted(2, 600), counted(3, 370), counted(4, 10), counted(5, 40)];
        let homes = [counted(2, 540), counted(3, 200), counted(3, 175)];
        let counts = HashMap::from([(id(2), 12), (id(3), 9)]);
        let nodes = tree(&meters, &own, &homes, &counts, 1).unwrap();
        let seen: Vec<_> = nodes
            .iter()
            .map(|node| (node.code.as_str(), node.depth, node.households, node.months[0].loss.map(|loss| loss.get().to_string())))
            .collect();
        let loss = |text: &str| Some(text.to_owned());
        assert_eq!(
            seen,
            [
                ("1", 0, 0, loss("20")),
                ("2", 1, 12, loss("20")),
                ("5", 2, 0, None),
                ("3", 1, 9, loss("-5")),
                ("4", 1, 0, None),
                ("6", 0, 0, None),
            ]
        );
    }

    #[test]
    fn nobody_is_lost_in_a_circle() {
        let meters = [hung(1, Role::Master, Some(2)), hung(2, Role::Master, Some(1)), hung(3, Role::Public, Some(2))];
        let nodes = tree(&meters, &[], &[], &HashMap::new(), 0).unwrap();
        assert_eq!(nodes.iter().map(|node| (node.code.as_str(), node.depth)).collect::<Vec<_>>(), [("1", 0), ("2", 1), ("3", 2)]);
    }

    #[test]
    fn a_master_that_was_not_read_has_no_loss() {
        let nodes = tree(&[hung(1, Role::Master, None)], &[], &[counted(1, 5)], &HashMap::new(), 1).unwrap();
        assert_eq!(nodes[0].months[0], NodeMonth { households: Quantity::from_scaled(50_000), ..NodeMonth::default() });
    }
}
