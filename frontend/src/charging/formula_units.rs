//! What a formula comes to in real units, as it is typed.

use std::collections::HashMap;

use common::billing::api::{FORMULA_UNITS_MOST, FormulaUnit, ShowFormulaUnits};
use common::charging::tariff::FeeItemKind;
use common::estate::api::ListUnits;
use common::formula::{Exact, Formula, Named, Variable};
use common::id::{FeeItemId, UnitId};
use common::quantity::Quantity;
use leptos::prelude::*;
use rust_decimal::Decimal;

use super::formula_editor::{FormulaText, formula_said, variable_name};
use crate::api::call;
use crate::kit::{FieldValue as _, Pick, adding_combobox, figure, icon_sized, icons, problem_note};
use crate::{session, t};

/// Whose value it is and of what; nobody's where it is the same for all units.
type Key = (Option<UnitId>, String);

/// Values that a unit does not have, as the person types them.
type Typed = RwSignal<HashMap<Key, String>>;

/// Whether the name stands for the same in all units: a price, a time, a sum of the whole community.
pub(super) fn is_shared(named: &Named) -> bool {
    matches!(
        named,
        Named::Variable(
            Variable::Price
                | Variable::Months
                | Variable::Days
                | Variable::Pool
                | Variable::TotalArea
                | Variable::TotalUsage
                | Variable::TotalHeads
                | Variable::Units
                | Variable::CommunityArea
                | Variable::CommunityUnits
        )
    )
}

fn key_of(unit: UnitId, named: &Named) -> Key {
    ((!is_shared(named)).then_some(unit), name_of(named))
}

pub(super) fn name_of(named: &Named) -> String {
    match named {
        Named::Variable(variable) => variable_name(*variable).to_owned(),
        Named::Field(field) => field.clone(),
    }
}

/// The value that the unit has.
fn own(unit: &FormulaUnit, named: &Named) -> Option<Decimal> {
    unit.values.iter().find(|value| value.name == *named).map(|value| value.value)
}

/// The name of the formula that the unit has no value for and nobody typed one yet.
fn lacking(formula: &Formula, unit: &FormulaUnit, typed: &HashMap<Key, String>) -> Option<String> {
    let blank = |named: &Named| typed.get(&key_of(unit.unit, named)).is_none_or(|text| text.trim().is_empty());
    formula.names().iter().find(|named| own(unit, named).is_none() && blank(named)).map(name_of)
}

/// The result, or what stands in its way.
fn result(formula: &Formula, unit: &FormulaUnit, typed: &HashMap<Key, String>) -> Result<String, String> {
    let typed = |named: &Named| Decimal::read(typed.get(&key_of(unit.unit, named))?).ok();
    let value = |named: &Named| own(unit, named).or_else(|| typed(named)).map(Exact::of);
    let exact = formula.value(&value).map_err(formula_said)?;
    Ok(exact.shown(Quantity::SCALE).map(|value| figure(value.normalize())).unwrap_or_default())
}

/// A table of some units: what the names of the formula stand for in each, and what comes out.
pub(super) fn formula_units(
    of: FormulaText,
    fee_item: Signal<Option<FeeItemId>>,
    usage_of: Signal<Option<FeeItemKind>>,
) -> AnyView {
    let community = session::community();
    let chosen = RwSignal::new(Vec::<UnitId>::new());
    let typed: Typed = RwSignal::new(HashMap::new());
    let units = LocalResource::new(move || {
        let ask = ShowFormulaUnits { community, fee_item: fee_item.get(), usage_of: usage_of.get(), units: chosen.get() };
        async move { call(ask).await }
    });
    let shown = Memo::new(move |_| of.formula().map(|formula| formula.names().to_vec()));
    let table = move || match units.get() {
        None => ().into_any(),
        Some(Err(problem)) => problem_note(&problem),
        Some(Ok(units)) => match shown.get() {
            Some(names) => of_units(of, &units, &names, typed, chosen),
            None => view! { <p class="text-sm text-ink-2">{t!("charging-formula-units-wait")}</p> }.into_any(),
        },
    };
    let find = move |text: String| async move {
        let ask = ListUnits { search: Some(text), size: Some(8), ..ListUnits::of(community) };
        let rows = call(ask).await?.rows;
        Ok(rows.into_iter().map(|row| Pick::new(row.unit, row.label, row.code)).collect())
    };
    let add = move |unit: UnitId| {
        chosen.update(|chosen| {
            if !chosen.contains(&unit) && chosen.len() < FORMULA_UNITS_MOST {
                chosen.push(unit);
            }
        });
    };
    view! {
        <section class="mt-2 space-y-2">
            <h3 class="text-sm font-semibold text-ink-2">{t!("charging-formula-units")}</h3>
            {table}
            <div class="max-w-80">
                <label class="sr-only" for="formula-unit">{t!("charging-formula-units-add")}</label>
                {adding_combobox("formula-unit".to_owned(), t!("charging-formula-units-add"), find, add)}
            </div>
        </section>
    }
    .into_any()
}

fn of_units(of: FormulaText, units: &[FormulaUnit], names: &[Named], typed: Typed, chosen: RwSignal<Vec<UnitId>>) -> AnyView {
    let heads = names.iter().map(|name| view! { <th scope="col" class="num">{name_of(name)}</th> }).collect_view();
    let row = |unit: &FormulaUnit| {
        let id = unit.unit;
        let cells = names.iter().map(|name| cell(unit, name, typed)).collect_view();
        let of_unit = unit.clone();
        let outcome = move || {
            let formula = of.formula()?;
            if let Some(name) = typed.with(|typed| lacking(&formula, &of_unit, typed)) {
                let words = t!("charging-formula-type", name = name);
                return Some(
                    view! { <span class="inline-block max-w-48 whitespace-normal text-ink-2">{words}</span> }.into_any(),
                );
            }
            Some(match typed.with(|typed| result(&formula, &of_unit, typed)) {
                Ok(value) => view! { <span class="font-semibold">{value}</span> }.into_any(),
                Err(why) => view! { <span class="inline-block max-w-48 whitespace-normal text-error">{why}</span> }.into_any(),
            })
        };
        let remove = chosen.with_untracked(|chosen| chosen.contains(&id)).then(|| {
            view! {
                <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=t!("charging-formula-units-remove", unit = unit.label.clone())
                    on:click=move |_| chosen.update(|chosen| chosen.retain(|one| *one != id))>
                    {icon_sized(icons::X, 14, "")}
                </button>
            }
        });
        view! {
            <tr>
                <th scope="row" class="font-normal whitespace-nowrap">{unit.label.clone()} {remove}</th>
                {cells}
                <td class="num sticky right-0 bg-base-100">{outcome}</td>
            </tr>
        }
    };
    let rows = units.iter().map(row).collect_view();
    view! {
        <div class="overflow-x-auto" tabindex="0" role="group" aria-label=t!("charging-formula-units")>
            <table class="table table-sm">
                <thead>
                    <tr>
                        <th scope="col">{t!("billing-unit")}</th>
                        {heads}
                        <th scope="col" class="num sticky right-0 bg-base-100">{t!("charging-formula-result")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// What the name stands for in the unit; a field to type it where the unit has no such value.
fn cell(unit: &FormulaUnit, named: &Named, typed: Typed) -> AnyView {
    if let Some(value) = own(unit, named) {
        return view! { <td class="num">{figure(value)}</td> }.into_any();
    }
    let name = name_of(named);
    let label = t!("charging-formula-value-of", name = name, unit = unit.label.clone());
    let key = key_of(unit.unit, named);
    let shown = key.clone();
    let now = move || typed.with(|typed| typed.get(&shown).cloned()).unwrap_or_default();
    let change = move |event| {
        let text = event_target_value(&event);
        typed.update(|typed| drop(typed.insert(key.clone(), text)));
    };
    view! { <td class="num"><input class="input input-sm num w-20" inputmode="decimal" placeholder=t!("charging-formula-typed") aria-label=label prop:value=now on:input=change /></td> }.into_any()
}
