//! The bills of one unit: the tab of its page.

use common::billing::api::{GetBillTotals, ListBills};
use common::id::UnitId;
use leptos::prelude::*;

use super::list;
use crate::kit::{Empty, Reload, View, icons};
use crate::{session, t};

/// All bills of a unit, the latest first, with their totals.
pub fn unit_bills(unit: UnitId) -> AnyView {
    let base = ListBills { unit: Some(unit), ..ListBills::of(session::community()) };
    list::bills(base, Reload::new())
        .view(View::new(t!("kit-all"), ""))
        .view(View::new(t!("billing-filter-unpaid"), "state=unpaid"))
        .filter(crate::kit::Filter::one(
            "state",
            t!("billing-state"),
            vec![("unpaid".to_owned(), t!("billing-filter-unpaid")), ("void".to_owned(), t!("billing-filter-void"))],
        ))
        .totals::<GetBillTotals>(list::totals)
        .empty(|| Empty::new(icons::RECEIPT_TEXT, t!("billing-unit-none"), t!("billing-unit-none-why")))
        .show()
}
