//! Printing a receipt without leaving the page: its own page in a hidden frame prints itself.

use common::id::PaymentId;
use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;

const PRINT: &str = "anju.desk.print";
const PAPER: &str = "anju.desk.paper";

/// What receipts are printed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paper {
    A5,
    Roll80,
}

impl Paper {
    pub(super) const ALL: [Self; 2] = [Self::A5, Self::Roll80];

    /// As it stands in the address.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::A5 => "a5",
            Self::Roll80 => "80",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|paper| paper.code() == code)
    }

    pub(super) fn text_id(self) -> &'static str {
        match self {
            Self::A5 => "cashier-paper-a5",
            Self::Roll80 => "cashier-paper-80",
        }
    }

    /// What this browser printed on last.
    pub(super) fn usual() -> Self {
        LocalStorage::get::<String>(PAPER).ok().and_then(|code| Self::from_code(&code)).unwrap_or(Self::A5)
    }

    pub(super) fn keep(self) {
        let _kept = LocalStorage::set(PAPER, self.code());
    }
}

/// Whether this desk prints a receipt after each payment.
pub(super) fn prints_always() -> bool {
    LocalStorage::get(PRINT).unwrap_or(true)
}

pub(super) fn keep_printing(always: bool) {
    let _kept = LocalStorage::set(PRINT, always);
}

/// Prints a receipt on the usual paper.
pub(super) fn print(payment: PaymentId) {
    let address = format!("/cashier/receipt/{payment}?paper={}&print=1", Paper::usual().code());
    let Some(body) = document().body() else { return };
    if let Some(old) = document().get_element_by_id("print-frame") {
        old.remove();
    }
    let Ok(frame) = document().create_element("iframe") else { return };
    for (name, value) in
        [("id", "print-frame"), ("class", "print-frame"), ("aria-hidden", "true"), ("tabindex", "-1"), ("src", address.as_str())]
    {
        let _set = frame.set_attribute(name, value);
    }
    let _added = body.append_child(&frame);
}
