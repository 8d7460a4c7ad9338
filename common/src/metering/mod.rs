//! Metering (抄表与公摊): register values become usages, master meters show a loss, pools become shares.

pub mod api;
pub mod apportion;
pub mod book;
#[cfg(feature = "sheet")]
pub mod import;
pub mod import_meters;
pub mod usage;

use serde::{Deserialize, Serialize};

/// What a meter stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// One unit's use (户表).
    Household,
    /// Use of all, such as lifts and lighting (公表).
    Public,
    /// Everything that flows into a building or community (总表).
    Master,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Household, Self::Public, Self::Master];

    /// The word in the database, the API and the texts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::Public => "public",
            Self::Master => "master",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// As people write it in a workbook.
    pub fn from_text(text: &str) -> Option<Self> {
        match text.trim() {
            "户表" | "分表" | "household" => Some(Self::Household),
            "公表" | "公摊表" | "公共表" | "public" => Some(Self::Public),
            "总表" | "master" => Some(Self::Master),
            _ => None,
        }
    }
}

/// What flows through a meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Utility {
    Water,
    Electricity,
    Gas,
    Heat,
}

impl Utility {
    pub const ALL: [Self; 4] = [Self::Water, Self::Electricity, Self::Gas, Self::Heat];

    /// The word in the database, the API and the texts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Water => "water",
            Self::Electricity => "electricity",
            Self::Gas => "gas",
            Self::Heat => "heat",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|utility| utility.word() == word)
    }

    /// As the name of a sheet or a cell says it: 水表, 电, 燃气 …
    pub fn from_text(text: &str) -> Option<Self> {
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if says(&["电", "Electric", "electric", "EL"]) {
            Some(Self::Electricity)
        } else if says(&["热", "暖", "Heat", "heat"]) {
            Some(Self::Heat)
        } else if says(&["水", "Water", "water", "CW"]) {
            Some(Self::Water)
        } else if says(&["气", "Gas", "gas"]) {
            Some(Self::Gas)
        } else {
            None
        }
    }

    /// The unit of measure, the same in every language.
    pub fn measure(self) -> &'static str {
        match self {
            Self::Water | Self::Gas => "m³",
            Self::Electricity | Self::Heat => "kWh",
        }
    }
}

/// How a usage differs from the meter's own past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Oddity {
    /// At least three times the usual.
    Spike,
    /// Nothing, although it was in use last month.
    Zero,
    /// At most a quarter of the usual.
    Drop,
    /// The sheet's previous value is not the one on record.
    PreviousDiffers,
}

impl Oddity {
    pub const ALL: [Self; 4] = [Self::Spike, Self::Zero, Self::Drop, Self::PreviousDiffers];

    /// The word in the database, the API and the texts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Spike => "spike",
            Self::Zero => "zero",
            Self::Drop => "drop",
            Self::PreviousDiffers => "previous_differs",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|oddity| oddity.word() == word)
    }
}
