//! Identifiers: a UUID (version 7) with the kind of thing it names in its type.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "server", derive(schemars::JsonSchema, sea_orm::DeriveValueType))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        #[cfg(feature = "server")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

ids! {
    /// An estate under management (项目).
    CommunityId
    DepartmentId
    EmployeeId
    JobId
    AuditId
    BuildingId
    /// A staircase of a building (单元).
    EntranceId
    /// Whatever can be owned, let or charged (资源).
    UnitId
    ResidentId
    OccupancyId
    VehicleId
    /// A custom field (自定义字段).
    FieldId
    /// One estate or resident import.
    ImportId
    FeeItemId
    TariffId
    PriceId
    /// A tariff assigned to a unit.
    ChargeId
    /// One import of sales.
    SalesImportId
    /// One copy of tariffs to another community.
    CopyId
    MeterId
    ReadingId
    ReadingImportId
    /// A reading round (抄表任务): who reads which meters of a month.
    RoundId
    /// A building or entrance of a round, with who reads it.
    RoundPartId
    /// One deed in a round that makes no other thing.
    RoundDeedId
    /// A meter that is to be read again.
    RereadId
    ApportionmentId
    /// People who benefit together (人群).
    PeopleGroupId
    /// A resident in a group, from a day to a day.
    GroupMemberId
    WaiverSchemeId
    /// A deed that waits, or waited, for approval.
    ApprovalId
    /// One amount that a bill was let off.
    WaiverId
    BillingRunId
    GenerationRuleId
    BillId
    PaymentId
    RefundId
    /// Late fee let go at the desk.
    LateFeeWaiverId
    PostingId
}
