//! What the desk remembers while a household stands before it.

use std::collections::BTreeMap;

use common::cashier::api::{Collect, Desk, DeskMethod, OpenBill, OpenDesk, Receipt};
use common::cashier::till::Till;
use common::cashier::{HeldKind, Method};
use common::id::{BillId, PaymentId, UnitId};
use common::money::Money;
use common::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::taking::Taking;
use super::waive::LettingGo;
use crate::api::call;
use crate::kit::{FieldValue, Query, focus_id, toast_problem};
use crate::session;
use crate::waivers::Waiving;

/// The desk: one household, one draft of a payment, the last receipt.
#[derive(Clone, Copy)]
pub(super) struct Counter {
    pub desk: RwSignal<Option<Desk>>,
    pub till: RwSignal<Till>,
    pub methods: RwSignal<Vec<DeskMethod>>,
    /// What stands in the fields of the ways to pay, as typed.
    pub texts: RwSignal<BTreeMap<Method, String>>,
    pub references: RwSignal<BTreeMap<Method, String>>,
    pub tendered: RwSignal<String>,
    /// The bill under the keyboard.
    pub row: RwSignal<usize>,
    /// The bill whose amount is being changed.
    pub editing: RwSignal<Option<BillId>>,
    pub receipt: RwSignal<Option<Receipt>>,
    pub problem: RwSignal<Option<Problem>>,
    pub busy: RwSignal<bool>,
    /// What is being taken to be held, before it is in the till.
    pub taking: Taking,
    /// The dialog in which late fee is let go.
    pub letting_go: LettingGo,
    /// Counts what was taken, for whoever shows sums.
    pub taken: RwSignal<u32>,
    /// The latest payment taken here, which F9 prints again when nobody stands before the desk any more.
    last: RwSignal<Option<PaymentId>>,
    /// One id per intent: it stays until the payment is known to be taken.
    payment: RwSignal<PaymentId>,
    query: Query,
    /// The dialog in which part of a bill is waived.
    pub waiving: Waiving,
}

fn new_id() -> PaymentId {
    PaymentId(Uuid::now_v7())
}

impl Counter {
    pub(super) fn new() -> Self {
        let counter = Self {
            desk: RwSignal::new(None),
            till: RwSignal::new(Till::default()),
            methods: RwSignal::new(Vec::new()),
            texts: RwSignal::new(BTreeMap::new()),
            references: RwSignal::new(BTreeMap::new()),
            tendered: RwSignal::new(String::new()),
            row: RwSignal::new(0),
            editing: RwSignal::new(None),
            receipt: RwSignal::new(None),
            problem: RwSignal::new(None),
            busy: RwSignal::new(false),
            taking: Taking::new(),
            letting_go: LettingGo::new(),
            taken: RwSignal::new(0),
            last: RwSignal::new(None),
            payment: RwSignal::new(new_id()),
            query: Query::here(),
            waiving: Waiving::new(),
        };
        counter.bring_down();
        counter
    }

    /// The household that the address names, tracked.
    pub(super) fn asked(self) -> Option<UnitId> {
        self.query.one("unit")?.parse().ok()
    }

    /// A household comes to the desk.
    pub(super) fn open(self, unit: UnitId) {
        self.receipt.set(None);
        self.query.put(&[("unit", Some(unit.to_string().as_str()))]);
        self.load(unit, true);
    }

    /// Asks the server for the household; `fresh` starts a new draft with all that is due of this unit ticked.
    pub(super) fn load(self, unit: UnitId, fresh: bool) {
        let community = session::community();
        spawn_local(async move {
            match call(OpenDesk { community, unit }).await {
                Ok(desk) => self.show(desk, fresh),
                Err(problem) if problem.code == "aborted" => {}
                Err(problem) => {
                    self.desk.try_set(None);
                    toast_problem(&problem);
                }
            }
        });
    }

    fn show(self, desk: Desk, fresh: bool) {
        let due = |bill: &&OpenBill| fresh && bill.unit == desk.unit.unit && bill.days_late(desk.today) >= 0;
        let ticked: Vec<BillId> = desk.bills.iter().filter(due).map(|bill| bill.bill).collect();
        let first = desk.bills.iter().position(|bill| !ticked.contains(&bill.bill)).unwrap_or(0);
        let open = desk.bills.iter().map(OpenBill::owed).collect();
        self.till.try_set(Till::new(open, ticked));
        self.row.try_set(if fresh { 0 } else { first });
        self.clear_ways();
        self.editing.try_set(None);
        self.problem.try_set(None);
        self.payment.try_set(new_id());
        if self.desk.try_set(Some(desk)).is_none() {
            request_animation_frame(|| {
                focus_id("bills");
                // The list may be longer than the screen: who it is stays in view.
                window().scroll_to_with_x_and_y(0.0, 0.0);
            });
        }
    }

    fn clear_ways(self) {
        self.texts.try_set(BTreeMap::new());
        self.references.try_set(BTreeMap::new());
        self.tendered.try_set(String::new());
        self.taking.close();
        self.taking.payer.try_set(String::new());
    }

    /// Who pays what is taken to be held, where somebody typed it.
    fn payer(self) -> String {
        let taken = self.till.with_untracked(|till| !till.takes().is_empty());
        if taken { self.taking.payer.get_untracked().trim().to_owned() } else { String::new() }
    }

    /// The next one, please.
    pub(super) fn next(self) {
        self.desk.set(None);
        self.till.set(Till::default());
        self.clear_ways();
        self.receipt.set(None);
        self.problem.set(None);
        self.query.put(&[("unit", None)]);
        request_animation_frame(|| focus_id("find"));
    }

    /// The ways to pay that the desk offers; tracked.
    pub(super) fn offered(self) -> Vec<DeskMethod> {
        self.methods.with(|methods| methods.iter().filter(|each| each.offered).cloned().collect())
    }

    /// The ways in the order of the digit keys: what the desk offers, then held money that can pay; tracked.
    pub(super) fn places(self) -> Vec<Method> {
        let held = HeldKind::ALL.iter().copied().filter(|kind| self.can_pay(*kind)).map(HeldKind::method);
        self.offered().into_iter().map(|each| each.method).chain(held).collect()
    }

    /// A digit key: the way takes what is missing, or what another took that nobody typed. Its field gets the focus with all of it
    /// marked, so that what is typed next is another amount.
    pub(super) fn choose(self, place: usize) {
        let Some(way) = untrack(move || self.places()).get(place).copied() else { return };
        match way.held() {
            Some(kind) if self.till.with_untracked(|till| till.amount(way).is_zero()) => self.set_off(kind),
            Some(_) => {}
            None => {
                self.till.update(|till| till.choose(way));
                // Fields of ways that bring in nothing typed any more say nothing.
                let till = self.till.get_untracked();
                let empty = |other: &Method| other.held().is_some() && till.amount(*other).is_zero();
                self.texts.update(|texts| texts.retain(|other, _| till.rest() != Some(*other) && !empty(other)));
            }
        }
        request_animation_frame(move || {
            focus_id(&field_id(way));
            select_all(&field_id(way));
        });
    }

    /// This way takes the rest; held money as much of it as it can.
    pub(super) fn fill(self, way: Method) {
        if let Some(kind) = way.held() {
            return self.set_off(kind);
        }
        self.till.update(|till| till.take_rest(way));
        self.texts.update(|texts| drop(texts.remove(&way)));
    }

    /// Held money of this way pays so much, which nobody typed.
    pub(super) fn fill_amount(self, way: Method, amount: Money) {
        self.till.update(|till| till.fill(way, amount));
        self.texts.update(|texts| drop(texts.insert(way, shown(amount))));
    }

    /// So much comes in this way, and its field says so.
    pub(super) fn set_amount(self, way: Method, amount: Money) {
        self.till.update(|till| till.set(way, amount));
        self.texts.update(|texts| drop(texts.insert(way, shown(amount))));
    }

    /// Held money of this way pays less than it was to, and its field says so.
    pub(super) fn lower_amount(self, way: Method, amount: Money) {
        self.till.update(|till| till.lower(way, amount));
        self.texts.update(|texts| drop(texts.insert(way, shown(amount))));
    }

    /// Something was typed into the field of a way to pay.
    pub(super) fn type_amount(self, way: Method, text: String) {
        let amount = if text.trim().is_empty() { Some(Money::ZERO) } else { Money::read(&text).ok() };
        if let Some(amount) = amount {
            self.till.update(|till| till.set(way, amount));
        }
        self.texts.update(|texts| drop(texts.insert(way, text)));
    }

    /// What the field of a way to pay shows; tracked.
    pub(super) fn amount_text(self, way: Method) -> String {
        let rest = self.till.with(|till| till.rest() == Some(way));
        if rest {
            return shown(self.till.with(|till| till.amount(way)));
        }
        self.texts.with(|texts| texts.get(&way).cloned().unwrap_or_default())
    }

    /// The cash amount; tracked.
    pub(super) fn cash(self) -> Money {
        self.till.with(|till| till.amount(Method::Cash))
    }

    /// Cash handed over, where it was typed; tracked. `Err` when it can't be read.
    pub(super) fn tendered(self) -> Result<Option<Money>, &'static str> {
        let text = self.tendered.get();
        if text.trim().is_empty() || !self.cash().is_positive() { Ok(None) } else { Money::read(&text).map(Some) }
    }

    /// What goes back; `None` while too little was handed over.
    pub(super) fn change(self) -> Option<Money> {
        match self.tendered() {
            Ok(None) => Some(Money::ZERO),
            Ok(Some(tendered)) => tendered.checked_sub(self.cash()).filter(|change| !change.is_negative()),
            Err(_) => None,
        }
    }

    /// Why it can't be collected yet, as a text id and an amount; `None` when it can. Tracked.
    pub(super) fn hindrance(self) -> Option<(&'static str, Money)> {
        let (empty, missing, passed) = self.till.with(|till| (till.is_empty(), till.missing(), till.passed_over().len()));
        if empty {
            let owes = self.desk.with(|desk| desk.as_ref().is_some_and(|desk| !desk.bills.is_empty()));
            return Some((if owes { "cashier-tick-first" } else { "cashier-take-first" }, Money::ZERO));
        }
        if passed > 0 {
            return Some(("cashier-earlier-first", Money::ZERO));
        }
        if let Some(most) = self.set_off_too_much() {
            return Some(("cashier-set-off-most", most));
        }
        if missing.is_positive() {
            return Some(("cashier-still-missing", missing));
        }
        if missing.is_negative() {
            return Some(("cashier-too-much", Money::from_fen(missing.fen().saturating_abs())));
        }
        self.change().is_none().then_some(("cashier-cash-short", Money::ZERO))
    }

    /// Collects. The same id goes out again after a lost connection, so that nothing is taken twice.
    pub(super) fn collect(self, done: impl FnOnce(&Receipt) + 'static) {
        let Some(desk) = self.desk.get_untracked() else { return };
        if self.busy.get_untracked() || self.hindrance().is_some() {
            return;
        }
        let ask = Collect {
            community: session::community(),
            payment: self.payment.get_untracked(),
            unit: desk.unit.unit,
            bills: self.till.with_untracked(Till::bills),
            takes: self.till.with_untracked(Till::takes),
            payer: self.payer(),
            methods: self.references.with_untracked(|references| self.till.with_untracked(|till| till.methods(references))),
            tendered_fen: self.tendered().ok().flatten(),
            note: String::new(),
        };
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let result = call(ask).await;
            self.busy.try_set(false);
            match result {
                Ok(receipt) => {
                    done(&receipt);
                    self.last.try_set(Some(receipt.payment));
                    self.receipt.try_set(Some(receipt));
                    self.taken.try_update(|taken| *taken += 1);
                    self.load(desk.unit.unit, false);
                }
                Err(problem) => {
                    self.problem.try_set(Some(problem));
                }
            }
        });
    }

    /// Asks again how things stand, and keeps what is ticked out of it: after somebody else was faster.
    pub(super) fn reload(self) {
        if let Some(desk) = self.desk.get_untracked() {
            self.load(desk.unit.unit, true);
        }
    }

    /// The payment that a reprint is about: the one just taken, else this household's latest, else the latest taken here.
    pub(super) fn last_payment(self) -> Option<PaymentId> {
        let just = self.receipt.with_untracked(|receipt| receipt.as_ref().map(|receipt| receipt.payment));
        just.or_else(|| self.desk.with_untracked(|desk| desk.as_ref()?.history.first().map(|row| row.payment)))
            .or_else(|| self.last.get_untracked())
    }
}

/// An amount as it stands in a field; nothing is blank.
fn shown(amount: Money) -> String {
    if amount.is_zero() { String::new() } else { amount.yuan().to_string() }
}

/// The id of a way's field.
pub(super) fn field_id(way: Method) -> String {
    format!("way-{way}")
}

/// Selects what stands in a field, so that typing replaces it.
pub(super) fn select_all(id: &str) {
    use wasm_bindgen::JsCast;
    if let Some(input) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlInputElement>().ok())
    {
        input.select();
    }
}
