//! The things of a file by their names, and what is said where a name is not known.

use uuid::Uuid;

use super::format::{Scenario, Tariff};
use crate::charging::tariff::FeeItemKind;

/// What a file calls its things, in the order in which the run knows them.
pub(super) struct Names<'a> {
    pub(super) units: Vec<&'a str>,
    pub(super) fee_items: Vec<(&'a str, FeeItemKind)>,
    pub(super) tariffs: Vec<&'a str>,
    pub(super) buildings: Vec<&'a str>,
    pub(super) entrances: Vec<&'a str>,
}

impl<'a> Names<'a> {
    pub(super) fn of(scenario: &'a Scenario) -> Result<Self, String> {
        let mut names = Self {
            units: scenario.units.iter().map(|unit| unit.name.as_str()).collect(),
            fee_items: Vec::new(),
            tariffs: scenario.tariffs.iter().map(|tariff| tariff.name.as_str()).collect(),
            buildings: Vec::new(),
            entrances: Vec::new(),
        };
        for (what, list) in [("unit", &names.units), ("tariff", &names.tariffs)] {
            if let Some(twice) = list.iter().enumerate().find(|(at, name)| list.iter().take(*at).any(|other| other == *name)) {
                return Err(format!("two {what}s are called {:?}", twice.1));
            }
        }
        for unit in &scenario.units {
            add(&mut names.buildings, unit.building.as_deref());
            add(&mut names.entrances, unit.entrance.as_deref());
        }
        let pools = scenario.pools.iter().map(|pool| (pool.fee.as_str(), FeeItemKind::Apportioned));
        for (fee, kind) in scenario.tariffs.iter().map(|tariff| (tariff.fee_item(), tariff.kind)).chain(pools) {
            if !names.fee_items.iter().any(|(name, _)| *name == fee) {
                names.fee_items.push((fee, kind));
            }
        }
        let mut asked = scenario.run.fee_items.iter().flatten();
        if let Some(unknown) = asked.find(|name| !names.fee_items.iter().any(|(fee, _)| fee == name)) {
            return Err(format!("run.fee_items: there is no fee item {unknown:?}"));
        }
        Ok(names)
    }

    pub(super) fn unit(&self, name: &str, key: &str) -> Result<u32, String> {
        find(&self.units, name, key)
    }

    pub(super) fn tariff(&self, name: &str, key: &str) -> Result<u16, String> {
        short(find(&self.tariffs, name, key)?)
    }

    pub(super) fn fee_item(&self, name: &str, key: &str) -> Result<u16, String> {
        let fees: Vec<&str> = self.fee_items.iter().map(|(name, _)| *name).collect();
        short(find(&fees, name, key)?)
    }

    pub(super) fn called(&self, fee_item: u16) -> &'a str {
        self.fee_items.get(usize::from(fee_item)).map_or("", |(name, _)| *name)
    }

    pub(super) fn kind(&self, fee_item: u16) -> FeeItemKind {
        self.fee_items.get(usize::from(fee_item)).map_or(FeeItemKind::Other, |(_, kind)| *kind)
    }

    /// The fee item that is named, or the only one.
    pub(super) fn only_fee_item(&self, name: Option<&str>, key: &str) -> Result<u16, String> {
        match (name, self.fee_items.as_slice()) {
            (Some(name), _) => self.fee_item(name, key),
            (None, [_]) => Ok(0),
            (None, _) => Err(format!("{key}: say which, there is more than one fee item")),
        }
    }

    pub(super) fn building(&self, name: &str, key: &str) -> Result<u32, String> {
        find(&self.buildings, name, key)
    }

    pub(super) fn entrance(&self, name: &str, key: &str) -> Result<u32, String> {
        find(&self.entrances, name, key)
    }
}

impl Tariff {
    pub(super) fn fee_item(&self) -> &str {
        self.fee.as_deref().unwrap_or(&self.name)
    }
}

/// An id that is the same in every run of a file.
pub(super) fn id(kind: u128, number: u32) -> Uuid {
    Uuid::from_u128(kind << 64 | u128::from(number))
}

fn add<'a>(list: &mut Vec<&'a str>, name: Option<&'a str>) {
    if let Some(name) = name.filter(|name| !list.contains(name)) {
        list.push(name);
    }
}

fn find(list: &[&str], name: &str, key: &str) -> Result<u32, String> {
    let found = (0_u32..).zip(list).find(|(_, one)| **one == name).map(|(place, _)| place);
    found.ok_or_else(|| format!("{key}: there is no {name:?}; there are {}", list.join(", ")))
}

fn short(place: u32) -> Result<u16, String> {
    u16::try_from(place).map_err(|_| "too many".to_owned())
}
