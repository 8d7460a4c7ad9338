//! Printing receipts and vouchers: the server counts the print, then the sheet goes to the printer.

use common::api::Endpoint;
use common::cashier::api::{PrintReceipt, Receipt};
use common::id::PaymentId;
use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::receipt::sheet;
use crate::api::call;
use crate::kit::{Paper, Query, Reload, print_now, toast_problem};
use crate::{session, t};

const PRINT: &str = "anju.desk.print";
const PAPER: &str = "anju.desk.paper";

/// What receipts are printed on.
const PAPERS: [Paper; 2] = [Paper::A5, Paper::Roll80];

/// As it stands in the address.
fn code(paper: Paper) -> &'static str {
    if paper == Paper::Roll80 { "80" } else { "a5" }
}

/// The paper that the address or the browser's memory names.
pub(super) fn paper_of(code: Option<String>) -> Paper {
    match code.or_else(|| LocalStorage::get::<String>(PAPER).ok()).as_deref() {
        Some("80") => Paper::Roll80,
        _ => Paper::A5,
    }
}

pub(super) fn name(paper: Paper) -> &'static str {
    if paper == Paper::Roll80 { "cashier-paper-80" } else { "cashier-paper-a5" }
}

/// The papers side by side; the one that is pressed is kept in this browser.
pub(super) fn paper_choice(paper: Memo<Paper>, query: Query) -> AnyView {
    let papers = PAPERS
        .into_iter()
        .map(|each| {
            view! {
                <button
                    type="button"
                    class="join-item btn btn-sm"
                    aria-pressed=move || (paper.get() == each).to_string()
                    class:bg-pick=move || paper.get() == each
                    on:click=move |_| {
                        keep(each);
                        query.put(&[("paper", Some(code(each)))]);
                    }
                >
                    {t!(name(each))}
                </button>
            }
        })
        .collect_view();
    view! { <div class="join" role="group" aria-label=t!("cashier-paper")>{papers}</div> }.into_any()
}

/// Has the server count the print, then prints what then stands on the page.
pub(super) fn counted<E: Endpoint + 'static>(print: E, reload: Reload) {
    spawn_local(async move {
        match call(print).await {
            Ok(_) => {
                reload.now();
                gloo::timers::callback::Timeout::new(400, print_now).forget();
            }
            Err(problem) => toast_problem(&problem),
        }
    });
}

pub(super) fn keep(paper: Paper) {
    let _kept = LocalStorage::set(PAPER, code(paper));
}

/// Whether this desk prints a receipt after each payment.
pub(super) fn prints_always() -> bool {
    LocalStorage::get(PRINT).unwrap_or(true)
}

pub(super) fn keep_printing(always: bool) {
    let _kept = LocalStorage::set(PRINT, always);
}

/// The sheet that goes to the printer next; not seen on screen.
#[derive(Clone, Copy)]
pub(super) struct Printer(RwSignal<Option<Receipt>>);

impl Printer {
    pub(super) fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Counts the print and prints on the usual paper.
    pub(super) fn print(self, payment: PaymentId) {
        spawn_local(async move {
            match call(PrintReceipt { community: session::community(), payment }).await {
                Ok(receipt) => {
                    if self.0.try_set(Some(receipt)).is_none() {
                        request_animation_frame(print_now);
                    }
                }
                Err(problem) => toast_problem(&problem),
            }
        });
    }

    /// Where the sheet waits.
    pub(super) fn show(self) -> AnyView {
        let waiting = move || self.0.get().map(|receipt| sheet(&receipt, paper_of(None)));
        view! { <div class="print-only" aria-hidden="true">{waiting}</div> }.into_any()
    }
}
