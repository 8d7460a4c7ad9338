//! Groups and waiver schemes of a file.

use chrono::Datelike as _;
use serde::Deserialize;

use super::Refusal;
use super::format::{Scenario, Yuan, long_ago};
use super::names::{Names, id};
use crate::billing::inputs::RunInputs;
use crate::charging::proration::number_of;
use crate::estate::kind::UnitKind;
use crate::id::{FeeItemId, PeopleGroupId, UnitId, WaiverSchemeId};
use crate::period::Day;
use crate::quantity::{Price, Quantity};
use crate::waivers::inputs::{RunGroup, RunScheme, RunWho};
use crate::waivers::scheme::{ReliefKind, SchemeRules, WhoKind};

/// People who benefit together, by the units that they hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) members: Vec<Member>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Member {
    pub(super) unit: String,
    #[serde(default = "long_ago")]
    pub(super) from: Day,
    pub(super) to: Option<Day>,
}

/// Schemes are applied in the order of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scheme {
    pub(super) name: String,
    /// The fee items; all where it is absent.
    pub(super) fees: Option<Vec<String>>,
    /// Exactly one of these says what it takes off.
    pub(super) percent: Option<Quantity>,
    pub(super) months: Option<Free>,
    pub(super) monthly: Option<Yuan>,
    pub(super) price: Option<Price>,
    /// At most one of these says for whom; everybody where none does.
    pub(super) groups: Option<Vec<String>>,
    pub(super) units: Option<Vec<String>>,
    pub(super) kinds: Option<Vec<UnitKind>>,
    #[serde(default = "long_ago")]
    pub(super) from: Day,
    pub(super) to: Option<Day>,
    #[serde(default)]
    pub(super) months_least: u32,
    pub(super) bill_most: Option<Yuan>,
    pub(super) year_most: Option<Yuan>,
    /// What it took off in the year before this run.
    #[serde(default)]
    pub(super) used: Vec<Used>,
}

/// Of so many months that are paid at once, some are free.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Free {
    pub(super) paid: u32,
    pub(super) free: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Used {
    pub(super) unit: String,
    pub(super) yuan: Yuan,
    /// The run's where it is absent.
    pub(super) year: Option<i32>,
}

/// Puts them into the inputs; a scheme that could not have been saved is refused and left out.
pub(super) fn put(
    scenario: &Scenario,
    names: &Names<'_>,
    inputs: &mut RunInputs,
    refusals: &mut Vec<Refusal>,
) -> Result<(), String> {
    for group in &scenario.groups {
        let mut run = RunGroup { name: group.name.clone(), ..RunGroup::default() };
        for member in &group.members {
            run.unit.push(names.unit(&member.unit, "group.members.unit")?);
            run.from.push(number_of(member.from));
            run.to.push(member.to.map_or(i32::MAX, number_of));
        }
        inputs.waivers.groups.push(run);
    }
    for (place, scheme) in (0_u32..).zip(&scenario.schemes) {
        let run = of_scheme(scenario, names, scheme, place)?;
        let problems = rules_of(&run, scheme).problems("rules");
        if problems.is_empty() {
            inputs.waivers.schemes.push(run);
        }
        refusals.extend(problems.into_iter().map(|problem| Refusal::of_field(&scheme.name, problem)));
    }
    Ok(())
}

fn of_scheme(scenario: &Scenario, names: &Names<'_>, scheme: &Scheme, place: u32) -> Result<RunScheme, String> {
    let key = format!("scheme {:?}", scheme.name);
    let fee_items = match &scheme.fees {
        Some(fees) => fees.iter().map(|fee| names.fee_item(fee, &key)).collect::<Result<_, _>>()?,
        None => (0_u16..).zip(&names.fee_items).map(|(fee_item, _)| fee_item).collect(),
    };
    let group = |name: &String| {
        let found = (0_u16..).zip(&scenario.groups).find(|(_, group)| group.name == *name);
        found.map(|(place, _)| place).ok_or_else(|| format!("{key}: there is no group {name:?}"))
    };
    let who = match (&scheme.groups, &scheme.units, &scheme.kinds) {
        (None, None, None) => RunWho::Everybody,
        (Some(groups), None, None) => RunWho::Groups(groups.iter().map(group).collect::<Result<_, _>>()?),
        (None, Some(units), None) => {
            let mut units = units.iter().map(|unit| names.unit(unit, &key)).collect::<Result<Vec<u32>, _>>()?;
            units.sort_unstable();
            RunWho::Units(units)
        }
        (None, None, Some(kinds)) => RunWho::Kinds(kinds.clone()),
        _ => return Err(format!("{key}: it is for groups, for units or for kinds of units")),
    };
    let year = scenario.run.period.first.first_day().year();
    let used = scheme.used.iter().map(|used| Ok((names.unit(&used.unit, &key)?, used.year.unwrap_or(year), used.yuan.0)));
    let mut used = used.collect::<Result<Vec<_>, String>>()?;
    used.sort_unstable();
    Ok(RunScheme {
        id: WaiverSchemeId(id(9, place)),
        name: scheme.name.clone(),
        reason: scheme.name.clone(),
        fee_items,
        relief: relief_of(scheme).ok_or_else(|| format!("{key}: it has exactly one of percent, months, monthly, price"))?,
        who,
        from: number_of(scheme.from),
        to: scheme.to.map(number_of),
        months_least: scheme.months_least,
        bill_most_fen: scheme.bill_most.map(|yuan| yuan.0),
        year_most_fen: scheme.year_most.map(|yuan| yuan.0),
        used,
    })
}

fn relief_of(scheme: &Scheme) -> Option<crate::waivers::scheme::Relief> {
    use crate::waivers::scheme::Relief;
    match (scheme.percent, scheme.months, scheme.monthly, scheme.price) {
        (Some(percent), None, None, None) => Some(Relief::Percent { percent }),
        (None, Some(Free { paid, free }), None, None) => Some(Relief::Months { months: paid, free }),
        (None, None, Some(monthly), None) => Some(Relief::Fixed { monthly_fen: monthly.0 }),
        (None, None, None, Some(price)) => Some(Relief::Price { price }),
        _ => None,
    }
}

/// The rules as the form would send them.
fn rules_of(run: &RunScheme, scheme: &Scheme) -> SchemeRules {
    let mut rules = SchemeRules::blank();
    rules.fee_items = run.fee_items.iter().map(|place| FeeItemId(id(2, (*place).into()))).collect();
    rules.relief = match (scheme.percent, scheme.months, scheme.monthly) {
        (Some(_), ..) => ReliefKind::Percent,
        (None, Some(_), _) => ReliefKind::Months,
        (None, None, Some(_)) => ReliefKind::Fixed,
        (None, None, None) => ReliefKind::Price,
    };
    if let Some(Free { paid, free }) = scheme.months {
        (rules.paid_months, rules.free_months) = (paid, free);
    }
    rules.percent = scheme.percent.unwrap_or(rules.percent);
    rules.monthly_fen = scheme.monthly.map_or(rules.monthly_fen, |yuan| yuan.0);
    rules.price = scheme.price.unwrap_or(rules.price);
    (rules.who, rules.groups, rules.units, rules.kinds) = match &run.who {
        RunWho::Everybody => (WhoKind::Everybody, Vec::new(), Vec::new(), Vec::new()),
        RunWho::Groups(places) => {
            let groups = places.iter().map(|place| PeopleGroupId(id(10, (*place).into()))).collect();
            (WhoKind::Groups, groups, Vec::new(), Vec::new())
        }
        RunWho::Units(places) => {
            let units = places.iter().map(|place| UnitId(id(4, *place))).collect();
            (WhoKind::Units, Vec::new(), units, Vec::new())
        }
        RunWho::Kinds(kinds) => (WhoKind::Kinds, Vec::new(), Vec::new(), kinds.clone()),
    };
    (rules.months_least, rules.bill_most_fen, rules.year_most_fen) = (run.months_least, run.bill_most_fen, run.year_most_fen);
    rules
}
