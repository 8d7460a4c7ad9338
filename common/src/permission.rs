//! What an employee may be permitted; a department holds a set of these.

use serde::{Deserialize, Serialize};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $code:literal)*) => {
        /// One permission; its code is what the database, the API and the texts call it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
        pub enum Permission {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl Permission {
            /// All of them, in the order of the navigation.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable code, e.g. `billing.read`.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }
        }
    };
}

permissions! {
    OrganisationRead = "organisation.read"
    OrganisationWrite = "organisation.write"
    EstateRead = "estate.read"
    EstateWrite = "estate.write"
    ResidentsRead = "residents.read"
    ResidentsWrite = "residents.write"
    /// See a phone or ID number unmasked; each look is recorded.
    ResidentsReveal = "residents.reveal"
    ChargingRead = "charging.read"
    ChargingWrite = "charging.write"
    MeteringRead = "metering.read"
    MeteringWrite = "metering.write"
    WaiversRead = "waivers.read"
    /// Set up groups of people and waiver schemes.
    WaiversWrite = "waivers.write"
    BillingRead = "billing.read"
    BillingGenerate = "billing.generate"
    /// Void bills on which nothing was paid.
    BillingVoid = "billing.void"
    /// Write a one-off bill by hand.
    BillingRaise = "billing.raise"
    /// Waive part of an open bill, once, and take that back.
    BillingWaive = "billing.waive"
    /// Bring in bills of the past.
    BillingImport = "billing.import"
    CashierRead = "cashier.read"
    CashierCollect = "cashier.collect"
    /// Take back a payment of the same day.
    CashierVoid = "cashier.void"
    /// Give prepayments and deposits back.
    CashierRefund = "cashier.refund"
    /// Let go of late fee, with a reason.
    CashierWaive = "cashier.waive"
    /// See requests for approval and the flows.
    ApprovalsRead = "approvals.read"
    /// Agree to requests and refuse them, where a flow names one.
    ApprovalsDecide = "approvals.decide"
    /// Say which deeds need whose approval.
    ApprovalsWrite = "approvals.write"
    ReportsRead = "reports.read"
}
