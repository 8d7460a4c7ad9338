//! x
crate::endpoints! {}
