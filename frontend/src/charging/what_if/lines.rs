//! What is tried: which tariff and months, and the places whose price is another, today's beside it.

use common::billing::what_if::Change;
use common::charging::api::{FeeItemView, PriceBoard, PricePlace, PriceScope, PriceView, TariffView};
use common::charging::rate::Rate;
use common::estate::api::{GetUnit, ListUnits, UnitView};
use common::period::{Day, Month};
use common::problem::Problem;
use common::quantity::Price;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::prices::place_text;
use super::super::words::{rate_text, rate_unit};
use super::{About, Desk, LENGTHS, about_of, months_offered, rate, rules};
use crate::api::call;
use crate::kit::{Pick, State, adding_combobox, count, icon_sized, icons, state_badge};
use crate::{session, t, text};

/// The tariff and the months.
pub(super) fn choose(desk: Desk) -> AnyView {
    let groups = desk.tariffs.with_value(|tariffs| {
        tariffs
            .iter()
            .enumerate()
            .map(|(place, (item, tariff))| {
                let name = format!("{} · {}", item.name, tariff.name);
                view! { <option value=tariff.id.to_string() prop:selected=move || desk.now.get() == place>{name}</option> }
            })
            .collect_view()
    });
    let months = months_offered()
        .map(|month| {
            view! { <option value=month.to_string() prop:selected=move || desk.first.get() == month>{month.to_string()}</option> }
        })
        .collect_view();
    let lengths = LENGTHS
        .map(|many| {
            let name = t!("billing-months-count", count = many);
            view! { <option value=many.to_string() prop:selected=move || desk.months.get() == many>{name}</option> }
        })
        .collect_view();
    view! {
        <select
            class="select select-sm w-64 max-sm:w-full"
            aria-label=t!("charging-tariff")
            on:change=move |event| desk.query.put(&[("tariff", Some(&event_target_value(&event)))])
        >
            {groups}
        </select>
        <select
            class="select select-sm w-28"
            aria-label=t!("billing-first-month")
            on:change=move |event| {
                if let Ok(month) = event_target_value(&event).parse() {
                    desk.first.set(month);
                }
            }
        >
            {months}
        </select>
        <select
            class="select select-sm w-28"
            aria-label=t!("billing-how-long")
            on:change=move |event| {
                if let Ok(months) = event_target_value(&event).parse() {
                    desk.months.set(months);
                }
            }
        >
            {lengths}
        </select>
    }
    .into_any()
}

/// The trial's lines.
pub(super) fn show(desk: Desk, item: &FeeItemView, tariff: &TariffView, board: PriceBoard) -> AnyView {
    let (id, unit) = (tariff.id, rate_unit(&tariff.rules, item.kind));
    let board = StoredValue::new(board);
    // The fields keep what is typed: they are drawn anew only where a line comes or goes.
    let scopes = Memo::new(move |_| {
        desk.changes.with(|changes| {
            let of = |change: &Change| match about_of(change) {
                About::Price(tariff, scope) if tariff == id => Some(scope),
                _ => None,
            };
            changes.iter().filter_map(of).collect::<Vec<PriceScope>>()
        })
    });
    let elsewhere =
        move || desk.changes.with(|changes| changes.iter().filter_map(Change::tariff).filter(|tariff| *tariff != id).count());
    let rate_dialog = rate::RateDialog::new(tariff.clone(), item);
    let lines = move || scopes.get().into_iter().map(|scope| line(desk, id, scope, board, rate_dialog)).collect_view();
    let add = move |scope: PriceScope| {
        if scopes.with_untracked(|scopes| scopes.contains(&scope)) {
            return;
        }
        spawn_local(async move {
            // A unit's own place is not on the board.
            let home = home_of(scope).await;
            let Some(on) = desk.first.try_get_untracked().map(Month::first_day) else { return };
            let Some(rate) = board.try_with_value(|board| in_force(board, scope, home.as_ref(), on)) else { return };
            desk.change(About::Price(id, scope), Some(price(desk, id, scope, Some(rate.unwrap_or(Rate::Flat(Price::ZERO))))));
        });
    };
    let find = move |typed: String| find_places(typed, board);
    let more = adding_combobox("what-if-place".to_owned(), t!("charging-what-if-find"), find, add);
    let nothing = move || desk.changes.with(Vec::is_empty);
    let rules_dialog = rules::Rules::new(desk, item.id, tariff.clone());
    view! {
        <section class="px-6 pt-4 max-sm:px-4">
            <div class="flex min-h-8 items-center gap-2">
                <h2 class="text-lg font-semibold">{t!("charging-what-if")}</h2>
                {state_badge(State::Wait, t!("charging-not-saved"))}
                <button
                    type="button"
                    class="btn btn-ghost btn-sm no-print ml-auto"
                    class:hidden=nothing
                    on:click=move |_| {
                        desk.changes.set(Vec::new());
                        desk.keep();
                    }
                >
                    {t!("charging-what-if-clear")}
                </button>
            </div>
            <p class="label-xs">{unit}</p>
            <div class="mt-2">{lines}</div>
            {move || (elsewhere() > 0).then(|| view! { <p class="py-1 text-sm text-ink-2">{t!("charging-what-if-elsewhere", count = elsewhere())}</p> })}
            <div class="no-print">
                <label class="mt-3 block text-sm text-ink-2" for="what-if-place">{t!("charging-what-if-add")}</label>
                <div class="mt-1">{more}</div>
                <div class="mt-3 flex flex-wrap gap-2">{rules_dialog.button()}</div>
            </div>
        </section>
        {rules_dialog.show()}
        {rate_dialog.show()}
    }
    .into_any()
}

/// A price that is tried; on which days it is in force is settled when it is planned or saved.
fn price(desk: Desk, tariff: common::id::TariffId, scope: PriceScope, rate: Option<Rate>) -> Change {
    Change::Price { tariff, scope, from: desk.first.get_untracked().first_day(), to: None, rate }
}

fn line(
    desk: Desk,
    tariff: common::id::TariffId,
    scope: PriceScope,
    board: StoredValue<PriceBoard>,
    dialog: rate::RateDialog,
) -> AnyView {
    let about = About::Price(tariff, scope);
    let start = desk.changes.with_untracked(|changes| {
        let of = |change: &Change| match change {
            Change::Price { rate, .. } if about_of(change) == about => Some(rate.clone()),
            _ => None,
        };
        changes.iter().find_map(of).flatten()
    });
    let home = LocalResource::new(move || home_of(scope));
    let today = move || {
        let home = home.get()?;
        let on = desk.first.get().first_day();
        board.with_value(|board| in_force(board, scope, home.as_ref(), on))
    };
    let own = board.with_value(|board| own_price(board, scope, desk.first.get_untracked().first_day()).is_some());
    let withdrawn = RwSignal::new(start.is_none());
    let last = StoredValue::new(start.unwrap_or(Rate::Flat(Price::ZERO)));
    let wrong = RwSignal::new(None::<String>);
    let try_rate = move |rate: Rate| {
        let problems = rate.problems("rate");
        wrong.set(problems.first().map(text::of_field));
        if problems.is_empty() {
            last.set_value(rate.clone());
            desk.change(about, Some(price(desk, tariff, scope, Some(rate))));
        }
    };
    let name = name_of(scope, board);
    let named = name.clone();
    // Tiers, parts and seasons come and go in a dialog; then the fields are drawn anew.
    let drawn = RwSignal::new(0_u32);
    let title = StoredValue::new(name.clone());
    let edit = move |_| {
        dialog.open(title.get_value(), scope, last.get_value(), move |rate| {
            try_rate(rate);
            drawn.update(|drawn| *drawn += 1);
        });
    };
    let editor = move || {
        drawn.track();
        if withdrawn.get() {
            view! { <span class="text-sm">{t!("charging-what-if-withdrawn")}</span> }.into_any()
        } else {
            rate::fields(&named, &last.get_value(), try_rate)
        }
    };
    let withdraw = own.then(|| {
        view! {
            <label class="flex items-center gap-2 text-sm text-ink-2">
                <input
                    type="checkbox"
                    class="checkbox checkbox-xs"
                    prop:checked=move || withdrawn.get()
                    on:change=move |event| {
                        let gone = event_target_checked(&event);
                        withdrawn.set(gone);
                        let rate = (!gone).then(|| last.get_value());
                        desk.change(about, Some(price(desk, tariff, scope, rate)));
                    }
                />
                {t!("charging-what-if-withdraw")}
            </label>
        }
    });
    let unknown = board.with_value(|board| board.places.iter().all(|place| place.scope != scope));
    let shown = match scope {
        PriceScope::Unit { .. } if unknown => (move || home.get().flatten().map(|unit| unit.label)).into_any(),
        _ => name.into_any(),
    };
    view! {
        <div class="border-b border-line py-2">
            <div class="flex flex-wrap items-center gap-2">
                <span class="min-w-0 grow text-base">{shown}</span>
                <span class="num text-sm text-ink-2">{move || today().as_ref().map(rate_text)}</span>
                <span class="text-ink-3" aria-hidden="true">"→"</span>
                {editor}
                <button type="button" class="btn btn-ghost btn-xs btn-square no-print" aria-label=t!("charging-what-if-remove") on:click=move |_| desk.change(about, None)>
                    {icon_sized(icons::X, 14, "")}
                </button>
            </div>
            <div class="no-print flex flex-wrap items-center gap-x-4">
                {withdraw}
                {dialog.more().map(|more| view! {
                    <button type="button" class="btn btn-ghost btn-xs" class:hidden=move || withdrawn.get() on:click=edit>
                        {icon_sized(icons::SLIDERS_HORIZONTAL, 14, "")}
                        {more}
                    </button>
                })}
            </div>
            <p class="text-sm text-error" aria-live="polite">{move || wrong.get()}</p>
        </div>
    }
    .into_any()
}

/// The place's own price on a day.
fn own_price(board: &PriceBoard, scope: PriceScope, on: Day) -> Option<&Rate> {
    let in_force = |price: &&PriceView| price.scope == scope && price.from <= on && price.to.is_none_or(|to| to > on);
    board.prices.iter().filter(in_force).max_by_key(|price| price.from).map(|price| &price.rate)
}

/// The price of a place on a day: its own, or of the narrowest place around it.
fn in_force(board: &PriceBoard, scope: PriceScope, home: Option<&UnitView>, on: Day) -> Option<Rate> {
    let on_board = || board.places.iter().find(|place| place.scope == scope).and_then(|place| place.building);
    let building = match scope {
        PriceScope::Floor { building, .. } => Some(building),
        _ => home.and_then(|home| home.building).or_else(on_board),
    };
    let floor = home.and_then(|home| Some((home.building?, i16::try_from(home.floor?).ok()?)));
    let around = [
        floor.map(|(building, floor)| PriceScope::Floor { building, floor }),
        home.and_then(|home| home.entrance).map(|entrance| PriceScope::Entrance { entrance }),
        building.map(|building| PriceScope::Building { building }),
        Some(PriceScope::Community),
    ];
    let narrowest = || around.into_iter().flatten().find_map(|scope| own_price(board, scope, on));
    own_price(board, scope, on).or_else(narrowest).cloned()
}

fn name_of(scope: PriceScope, board: StoredValue<PriceBoard>) -> String {
    board.with_value(|board| place_text(board, scope))
}

/// The unit that a price is for, with where it stands: the board knows only units with a price of their own.
async fn home_of(scope: PriceScope) -> Option<UnitView> {
    let PriceScope::Unit { unit } = scope else { return None };
    call(GetUnit { community: session::community(), unit }).await.ok()
}

/// Places of the board whose name has what was typed, and units that are found by it.
async fn find_places(typed: String, board: StoredValue<PriceBoard>) -> Result<Vec<Pick<PriceScope>>, Problem> {
    let wanted = typed.trim().to_lowercase();
    let kind = |scope: PriceScope| t!(&format!("charging-scope-{}", scope.kind().word()));
    let mut found: Vec<Pick<PriceScope>> = board.with_value(|board| {
        let places = board.places.iter().map(|place| (place, place_text(board, place.scope)));
        let places = places.filter(|(_, name)| wanted.is_empty() || name.to_lowercase().contains(&wanted));
        let note =
            |place: &PricePlace| format!("{} · {}", kind(place.scope), t!("billing-units-count", count = count(place.units)));
        places.take(12).map(|(place, name)| Pick::new(place.scope, name, note(place))).collect()
    });
    if !wanted.is_empty() {
        let ask = ListUnits {
            community: session::community(),
            search: Some(typed),
            building: None,
            entrance: None,
            kind: None,
            state: None,
            custom: Vec::new(),
            units: Vec::new(),
            page: None,
            size: Some(8),
            sort: None,
        };
        for row in call(ask).await?.rows {
            let scope = PriceScope::Unit { unit: row.unit };
            if found.iter().all(|pick| pick.value != scope) {
                found.push(Pick::new(scope, row.label, kind(scope)));
            }
        }
    }
    Ok(found)
}
