//! What was put down and not sent yet: kept in this browser by person and place, until the server has it or the person signs out.

use std::collections::BTreeMap;

use gloo::storage::{LocalStorage, Storage};
use serde::Serialize;
use serde::de::DeserializeOwned;

const BEFORE: &str = "anju.unsent.";

/// Where what one person put down in one place is kept.
#[derive(Clone, Debug)]
pub struct Unsent(String);

impl Unsent {
    /// By the person and whatever tells the places apart.
    pub fn of(who: impl std::fmt::Display, place: impl std::fmt::Display) -> Self {
        Self(format!("{BEFORE}{who}.{place}"))
    }

    /// All of it, by its keys; what an older version wrote and this one can't read is left out.
    pub fn all<T: DeserializeOwned>(&self) -> BTreeMap<String, T> {
        let read = |(key, value)| Some((key, serde_json::from_value(value).ok()?));
        self.values().into_iter().filter_map(read).collect()
    }

    /// Keeps one in place of the one before, where the browser lets it.
    pub fn keep<T: Serialize>(&self, key: String, one: &T) {
        let Ok(one) = serde_json::to_value(one) else { return };
        let mut all = self.values();
        all.insert(key, one);
        // Whether it is kept is asked of `has`.
        drop(LocalStorage::set(&self.0, all));
    }

    /// The server has it, or nobody wants it.
    pub fn forget(&self, key: &str) {
        let mut all = self.values();
        if all.remove(key).is_none() {
            return;
        }
        if all.is_empty() {
            LocalStorage::delete(&self.0);
        } else {
            // Smaller than before: there is room for it.
            drop(LocalStorage::set(&self.0, all));
        }
    }

    pub fn has(&self, key: &str) -> bool {
        self.values().contains_key(key)
    }

    pub fn count(&self) -> usize {
        self.values().len()
    }

    fn values(&self) -> BTreeMap<String, serde_json::Value> {
        LocalStorage::get(&self.0).unwrap_or_default()
    }
}

/// Everywhere something of this person is kept.
fn places(who: impl std::fmt::Display) -> Vec<Unsent> {
    let (storage, before) = (LocalStorage::raw(), format!("{BEFORE}{who}."));
    let names = (0..storage.length().unwrap_or(0)).filter_map(|place| storage.key(place).ok()?);
    names.filter(|name| name.starts_with(&before)).map(Unsent).collect()
}

/// How much of this person's was not sent yet.
pub fn count_unsent(who: impl std::fmt::Display) -> usize {
    places(who).iter().map(Unsent::count).sum()
}

/// The person signs out.
pub fn forget_unsent(who: impl std::fmt::Display) {
    for place in places(who) {
        LocalStorage::delete(&place.0);
    }
}
