//! The ways to pay: which the desk offers, in the order of the digit keys, and the company's own.

use common::cashier::Method;
use common::cashier::api::{DeskMethod, ListMethods, SaveMethods};
use leptos::prelude::*;

use super::{method_icon, method_name, order};
use crate::api::call;
use crate::kit::{Deed, Header, button, icon_sized, icons, load, problem_note, toast};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let community = session::community();
    view! {
        {Header::new(t!("cashier-methods")).show()}
        <p class="max-w-160 px-6 text-base text-ink-2 max-sm:px-4">{t!("cashier-methods-text")}</p>
        {load(move || call(ListMethods { community }), 6, editor)}
        {order::choice()}
    }
    .into_any()
}

fn editor(methods: Vec<DeskMethod>) -> AnyView {
    let rows = RwSignal::new(methods);
    let deed = Deed::new();
    let may = session::may_ask::<SaveMethods>();
    let save = move || {
        let ask = SaveMethods { community: session::community(), methods: rows.get_untracked() };
        deed.run_or(
            ask,
            move |saved| {
                rows.set(saved);
                toast(t!("cashier-methods-saved"));
            },
            |_| {},
        );
    };
    let add = move || {
        rows.update(|rows| {
            let used: Vec<u8> =
                rows.iter().filter_map(|row| if let Method::Own(number) = row.method { Some(number) } else { None }).collect();
            if let Some(number) = (1..=u8::MAX).find(|number| !used.contains(number)) {
                rows.push(DeskMethod { method: Method::Own(number), name: String::new(), offered: true });
            }
        });
    };
    let lines = move || rows.with(|list| list.iter().enumerate().map(|(place, row)| line(rows, place, row, may)).collect_view());
    view! {
        <ul class="mx-6 mt-4 max-w-160 border-t border-line max-sm:mx-4">{lines}</ul>
        {move || deed.problem().map(|problem| view! { <div class="mx-6 mt-3 max-w-160 max-sm:mx-4">{problem_note(&problem)}</div> })}
        {may
            .then(|| {
                view! {
                    <div class="mx-6 flex max-w-160 gap-2 py-4 max-sm:mx-4">
                        {button(icons::PLUS, t!("cashier-method-add"), add)}
                        <button type="button" class="btn btn-sm btn-primary ml-auto" aria-disabled=move || deed.busy().to_string() on:click=move |_| save()>
                            {t!("kit-save")}
                        </button>
                    </div>
                }
            })}
    }
    .into_any()
}

fn line(rows: RwSignal<Vec<DeskMethod>>, place: usize, row: &DeskMethod, may: bool) -> AnyView {
    let method = row.method;
    let known = method_name(method, None);
    let change = move |deed: &dyn Fn(&mut DeskMethod)| {
        rows.update_untracked(|rows| {
            if let Some(row) = rows.get_mut(place) {
                deed(row);
            }
        });
    };
    let move_by = move |up: bool| {
        rows.update(|rows| {
            let other = if up { place.checked_sub(1) } else { Some(place + 1) };
            if let Some(other) = other.filter(|other| *other < rows.len()) {
                rows.swap(place, other);
            }
        });
    };
    let arrow = move |up: bool, word: String| {
        let shape = if up { icons::CHEVRON_UP } else { icons::CHEVRON_DOWN };
        view! {
            <button type="button" class="btn btn-ghost btn-sm btn-square" disabled=!may aria-label=word.clone() title=word on:click=move |_| move_by(up)>
                {icon_sized(shape, 16, "")}
            </button>
        }
    };
    view! {
        <li class="flex min-h-12 items-center gap-3 border-b border-line max-sm:flex-wrap max-sm:gap-y-1 max-sm:py-2">
            <kbd class="kbd w-6 justify-center">{place + 1}</kbd>
            {icon_sized(method_icon(method), 18, "")}
            <span class="w-24 text-base max-sm:w-auto max-sm:flex-1">{known.clone()}</span>
            <input
                class="input input-sm min-w-0 flex-1 max-sm:order-last max-sm:basis-full"
                maxlength="20"
                disabled=!may
                aria-label=t!("cashier-method-name")
                placeholder=if matches!(method, Method::Own(_)) { t!("cashier-method-name") } else { known }
                value=row.name.clone()
                on:input=move |event| change(&|row| row.name = event_target_value(&event))
            />
            <label class="flex min-h-11 items-center gap-2 text-sm">
                <input
                    type="checkbox"
                    class="checkbox checkbox-xs"
                    disabled=!may
                    prop:checked=row.offered
                    on:change=move |event| change(&|row| row.offered = event_target_checked(&event))
                />
                {t!("cashier-method-offered")}
            </label>
            {arrow(true, t!("cashier-move-up"))} {arrow(false, t!("cashier-move-down"))}
        </li>
    }
    .into_any()
}
