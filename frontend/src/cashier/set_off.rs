//! Held money at the till: what prepayments and deposits can pay of what is ticked. They are offered, never presumed.

use std::collections::{BTreeMap, BTreeSet};

use common::cashier::HeldKind;
use common::cashier::api::{Desk, OpenBill};
use common::cashier::held::{self, Due, Holding};
use common::cashier::settle::Laid;
use common::cashier::till::Till;
use common::id::{BillId, UnitId};
use common::money::Money;
use leptos::prelude::*;

use super::state::{Counter, field_id};
use super::till::{amount_field, unreadable};
use super::{method_icon, method_name};
use crate::kit::{focus_id, icon_sized};
use crate::t;

impl Counter {
    /// Whether what is held of a kind can pay any of what is ticked; tracked.
    pub(super) fn can_pay(self, kind: HeldKind) -> bool {
        self.of_desk(|desk, till| held::most(&holdings(desk, till), &dues(desk, till), kind)).is_positive()
    }

    /// The most that what is held of a kind can pay of what is ticked; tracked.
    fn available(self, kind: HeldKind) -> Money {
        self.of_desk(|desk, till| available(desk, till, kind))
    }

    /// Nothing without a household or where nothing is held.
    fn of_desk(self, amount: impl Fn(&Desk, &Till) -> Money) -> Money {
        self.desk.with(|desk| match desk.as_ref().filter(|desk| !desk.held.is_empty()) {
            Some(desk) => self.till.with(|till| amount(desk, till)),
            None => Money::ZERO,
        })
    }

    /// Held money pays what the typed ways leave, as far as it can.
    pub(super) fn set_off(self, kind: HeldKind) {
        let way = kind.method();
        let wanted = self.till.with_untracked(|till| {
            let rest = till.rest().map_or(0, |rest| till.amount(rest).fen());
            till.missing().fen().saturating_add(rest).saturating_add(till.amount(way).fen())
        });
        let most = untrack(move || self.available(kind));
        self.fill_amount(way, Money::from_fen(wanted.max(0)).min(most));
    }

    /// The most that a kind can pay of which more is typed; tracked.
    pub(super) fn set_off_too_much(self) -> Option<Money> {
        HeldKind::ALL.iter().find_map(|kind| self.too_much(*kind))
    }

    fn too_much(self, kind: HeldKind) -> Option<Money> {
        let most = self.available(kind);
        (self.till.with(|till| till.amount(kind.method())) > most).then_some(most)
    }

    /// From now on, when less is ticked than held money was to pay, it pays that much less.
    pub(super) fn bring_down(self) {
        for kind in HeldKind::ALL.iter().copied() {
            let most = Memo::new(move |_| self.available(kind));
            let lower = move |most: &Money, _: Option<&Money>, _: Option<()>| {
                if self.till.with_untracked(|till| till.amount(kind.method())) > *most {
                    self.lower_amount(kind.method(), *most);
                }
            };
            Effect::watch(move || most.get(), lower, false);
        }
    }
}

/// What is held of the unit that stands here and of those whose bills are ticked: a payment touches no other.
fn holdings(desk: &Desk, till: &Till) -> Vec<Holding> {
    let ticked = desk.bills.iter().filter(|bill| till.paid(bill.bill).is_some()).map(|bill| bill.unit);
    let units: BTreeSet<UnitId> = ticked.chain([desk.unit.unit]).collect();
    desk.held.iter().filter(|held| units.contains(&held.unit)).map(|held| held.holding).collect()
}

/// What is ticked, in paying order.
fn dues(desk: &Desk, till: &Till) -> Vec<Due> {
    let bills: BTreeMap<BillId, &OpenBill> = desk.bills.iter().map(|bill| (bill.bill, bill)).collect();
    till.bills().iter().filter_map(|line| Some(bills.get(&line.bill)?.due(line, desk.order))).collect()
}

/// Prepayments pay first, deposits what these leave.
fn available(desk: &Desk, till: &Till, kind: HeldKind) -> Money {
    let (holdings, dues) = (holdings(desk, till), dues(desk, till));
    if kind == HeldKind::Prepaid {
        return held::most(&holdings, &dues, kind);
    }
    let prepaid = till.amount(HeldKind::Prepaid.method());
    let uses = held::offset(&holdings, &dues, HeldKind::Prepaid, Some(prepaid));
    let laid: Vec<Laid> = dues.iter().map(|due| due.laid).collect();
    let left: Vec<Due> = dues.iter().zip(held::less(&laid, &uses)).map(|(due, laid)| Due { laid, ..*due }).collect();
    held::most(&holdings, &left, kind)
}

/// The ways to pay with held money, beneath those that bring money in.
pub(super) fn rows(counter: Counter) -> AnyView {
    HeldKind::ALL
        .iter()
        .map(|kind| {
            let kind = *kind;
            let offered = Memo::new(move |_| counter.can_pay(kind));
            move || offered.get().then(|| row(counter, kind))
        })
        .collect_view()
        .into_any()
}

fn row(counter: Counter, kind: HeldKind) -> AnyView {
    let way = kind.method();
    let used = move || counter.till.with(|till| till.amount(way).is_positive());
    let place = move || counter.places().iter().position(|each| *each == way).filter(|place| *place < 9);
    let too_much = Memo::new(move |_| counter.too_much(kind));
    let wrong = move || unreadable(counter, way) || too_much.get().is_some();
    view! {
        <div class="border-b border-line">
            <div class="flex min-h-12 items-center gap-3">
                {move || place().map(|place| view! { <kbd class="kbd max-sm:hidden">{place + 1}</kbd> })}
                <button
                    type="button"
                    tabindex="-1"
                    class="flex min-h-11 min-w-0 flex-wrap items-center gap-x-3 text-left"
                    title=t!("cashier-takes-held")
                    on:click=move |_| {
                        counter.fill(way);
                        focus_id(&field_id(way));
                    }
                >
                    {icon_sized(method_icon(way), 18, "")}
                    <span class="text-base whitespace-nowrap" class:font-semibold=used>{method_name(way, None)}</span>
                    <span class="text-sm whitespace-nowrap text-ink-2">{move || t!("cashier-available", amount = counter.available(kind))}</span>
                </button>
                {amount_field(counter, way, method_name(way, None), wrong)}
            </div>
            {move || too_much.get().map(|most| view! { <p role="alert" class="pb-2 text-right text-sm text-error">{t!("cashier-set-off-most", amount = most)}</p> })}
        </div>
    }
    .into_any()
}
