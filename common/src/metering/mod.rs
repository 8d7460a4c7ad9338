//! Metering (抄表与公摊): register values become usages, master meters show a loss, pools become shares.

pub mod api;
pub mod apportion;
pub mod usage;
