//! Metering (抄表与公摊): register values become usages, master meters show a loss, pools become shares.

pub mod api;
pub mod apportion;
pub mod book;
#[cfg(feature = "sheet")]
pub mod import;
pub mod import_meters;
pub mod tree;
pub mod usage;

use crate::charging::tariff::FeeItemKind;

crate::words! {
    /// What a meter stands for.
    #[cfg_attr(feature = "server", schemars(rename = "MeterRole"))]
    Role {
        /// One unit's use (户表).
        Household = "household",
        /// Use of all, such as lifts and lighting (公表).
        Public = "public",
        /// Everything that flows into a building or community (总表).
        Master = "master",
    }
    /// What flows through a meter.
    Utility {
        Water = "water",
        Electricity = "electricity",
        Gas = "gas",
        Heat = "heat",
    }
    /// How a usage differs from the meter's own past.
    Oddity {
        /// At least three times the usual.
        Spike = "spike",
        /// Nothing, although it was in use last month.
        Zero = "zero",
        /// At most a quarter of the usual.
        Drop = "drop",
        /// The sheet's previous value is not the one on record.
        PreviousDiffers = "previous_differs",
    }
}

impl Role {
    /// As people write it in a workbook.
    pub fn from_text(text: &str) -> Option<Self> {
        match text.trim() {
            "户表" | "分表" | "household" | "Household" => Some(Self::Household),
            "公表" | "公摊表" | "公共表" | "public" | "Public" => Some(Self::Public),
            "总表" | "master" | "Master" => Some(Self::Master),
            _ => None,
        }
    }
}

impl Utility {
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

impl Utility {
    /// What flows where a fee item of this kind is metered.
    pub fn of_kind(kind: FeeItemKind) -> Option<Self> {
        match kind {
            FeeItemKind::Water => Some(Self::Water),
            FeeItemKind::Electricity => Some(Self::Electricity),
            FeeItemKind::Gas => Some(Self::Gas),
            FeeItemKind::Heating => Some(Self::Heat),
            _ => None,
        }
    }

    /// The kind of a fee item that goes by it.
    pub fn kind(self) -> FeeItemKind {
        match self {
            Self::Water => FeeItemKind::Water,
            Self::Electricity => FeeItemKind::Electricity,
            Self::Gas => FeeItemKind::Gas,
            Self::Heat => FeeItemKind::Heating,
        }
    }
}
