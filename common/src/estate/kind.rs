//! Kinds of units, their states, and the facts that only some kinds have.

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::period::Day;
use crate::problem::FieldProblem;

/// An enum with stable codes, the words by which workbooks name its values, and text ids `<prefix>-<code>`.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident, $prefix:literal { $($(#[$value_doc:meta])* $value:ident = $code:literal $($word:literal)*;)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "server", derive(schemars::JsonSchema, sea_orm::DeriveValueType))]
        #[cfg_attr(feature = "server", sea_orm(value_type = "String"))]
        pub enum $name {
            $($(#[$value_doc])* #[serde(rename = $code)] $value,)*
        }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$value),*];

            /// What the database and the API call it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$value => $code),* }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }

            /// By a word of a workbook, in any of the ways that people and other systems write it.
            pub fn from_word(word: &str) -> Option<Self> {
                match word.trim() {
                    $($code $(| $word)* => Some(Self::$value),)*
                    _ => None,
                }
            }

            /// The Fluent id of its name.
            pub fn text_id(self) -> String {
                format!(concat!($prefix, "-{}"), self.code().replace('_', "-"))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::estate::kind::UnknownCode;
            fn from_str(code: &str) -> Result<Self, Self::Err> {
                Self::from_code(code).ok_or_else(|| $crate::estate::kind::UnknownCode(code.to_owned()))
            }
        }
    )*};
}
pub(crate) use words;

/// A code that is none of those that a word may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCode(pub String);

impl std::fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} is not a known code", self.0)
    }
}

impl std::error::Error for UnknownCode {}

words! {
    /// What a unit is.
    UnitKind, "unit-kind" {
        Residence = "residence" "住宅" "房屋" "110" "Residence";
        Shop = "shop" "商铺" "店铺" "门面" "商业" "Shop";
        Office = "office" "办公" "办公室" "写字楼" "120" "Office";
        Dormitory = "dormitory" "宿舍" "公寓" "119" "Dormitory";
        AdSpace = "ad_space" "广告位" "Ad space";
        Basement = "basement" "地下室" "储藏室" "储物间" "Basement";
        Parking = "parking" "车位" "停车位" "Parking space";
    }
    /// How far it is sold, handed over and lived in.
    UnitState, "unit-state" {
        Unsold = "unsold" "未销售" "未售" "2002" "Unsold";
        Sold = "sold" "已出售" "已售" "已销售" "2007" "Sold";
        HandedOver = "handed_over" "已交房" "2003" "2005" "已装修" "Handed over";
        Decorating = "decorating" "装修中" "2009" "Being decorated";
        Vacant = "vacant" "空置" "空闲" "未入住" "2004" "2008" "Vacant";
        Occupied = "occupied" "已入住" "入住" "自住" "2001" "Occupied";
        Let = "let" "已出租" "出租" "2006" "Let";
    }
    /// What its rooms are like.
    Decoration, "decoration" {
        Bare = "bare" "毛坯" "Bare";
        Simple = "simple" "简装" "Simple";
        Finished = "finished" "精装" "已装修" "Finished";
    }
    /// By what right a parking space is used.
    ParkingRight, "parking-right" {
        Owned = "owned" "产权" "出售" "已售" "S" "Owned";
        Let = "let" "出租" "租用" "H" "Let";
        Public = "public" "公共" "临停" "Public";
        Shelter = "shelter" "人防" "Civil defence";
    }
}

impl UnitKind {
    /// Which facts this kind has; forms and templates show these.
    pub fn facts(self) -> &'static [Fact] {
        match self {
            Self::Residence | Self::Dormitory => &[Fact::Lift],
            Self::Shop | Self::Office => &[Fact::Business, Fact::Rent, Fact::LeaseFrom, Fact::LeaseTo],
            Self::AdSpace => &[Fact::Place, Fact::Rent, Fact::LeaseFrom, Fact::LeaseTo],
            Self::Basement => &[Fact::Place],
            Self::Parking => &[Fact::Place, Fact::Right, Fact::Rent, Fact::LeaseFrom, Fact::LeaseTo],
        }
    }

    /// Whether people live there: a head count of none says that it stands empty.
    pub fn is_lived_in(self) -> bool {
        matches!(self, Self::Residence | Self::Dormitory)
    }

    /// Whether people live or work there: layout, decoration and head count make sense.
    pub fn has_rooms(self) -> bool {
        matches!(self, Self::Residence | Self::Dormitory | Self::Shop | Self::Office)
    }
}

/// Whether a unit stands empty (空置), whoever holds it: where people live, their number says so if it is known; else its state does.
pub fn stands_empty(kind: UnitKind, state: Option<UnitState>, heads: Option<u32>) -> bool {
    match heads.filter(|_| kind.is_lived_in()) {
        Some(heads) => heads == 0,
        None => matches!(state, Some(UnitState::Vacant | UnitState::Unsold)),
    }
}

/// The name of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    Lift,
    Business,
    Rent,
    LeaseFrom,
    LeaseTo,
    Place,
    Right,
}

/// Facts that only some kinds have; what a kind does not have stays empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Facts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lift: Option<bool>,
    /// What is sold or done there (经营范围).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business: Option<String>,
    /// Monthly rent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rent_fen: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease_from: Option<Day>,
    /// The last day that is let, as contracts say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease_to: Option<Day>,
    /// Where it is: the wall of an ad space, above or below ground of a parking space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<ParkingRight>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

impl Facts {
    /// What breaks a rule, by field.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let too_long = |field: &str, text: &Option<String>, most: usize| {
            let long = text.as_ref().is_some_and(|text| text.chars().count() > most);
            long.then(|| FieldProblem::new(format!("facts.{field}"), "too_long").with("most", most))
        };
        let mut problems: Vec<FieldProblem> = [
            too_long("business", &self.business, 100),
            too_long("place", &self.place, 100),
            too_long("remark", &self.remark, 500),
        ]
        .into_iter()
        .flatten()
        .collect();
        if self.rent_fen.is_some_and(Money::is_negative) {
            problems.push(FieldProblem::new("facts.rent_fen", "negative"));
        }
        if let (Some(from), Some(to)) = (self.lease_from, self.lease_to)
            && to < from
        {
            problems.push(FieldProblem::new("facts.lease_to", "period_empty"));
        }
        problems
    }
}
