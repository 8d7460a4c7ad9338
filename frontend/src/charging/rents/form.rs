//! The form of a contract: unit, tariff, days and terms, and beside it every rent that they come to.

use common::billing::api::CountBilled;
use common::charging::api::{FeeItemView, ListFeeItems, RentView, SaveRent, ShowRent, TariffView};
use common::charging::contract::{Contract, suits};
use common::charging::rent::Rent;
use common::charging::tariff::FeeItemKind;
use common::estate::api::{GetUnit, ListUnits, UnitView};
use common::id::{ChargeId, TariffId, UnitId};
use common::period::Month;
use common::problem::Problem;
use common::quantity::Price;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::fields::{last_day, terms};
use super::schedule::schedule;
use super::unit_of;
use crate::api::call;
use crate::kit::{
    Empty, Ending, Form, Header, Pick, Query, combobox, empty_view, go_with_router, icon_sized, icons, load, primary_link, toast,
};
use crate::shell::param_id;
use crate::{session, t};

/// A new contract, or a charge that becomes one: `?charge=…&unit=…&tariff=…&from=…`.
pub(in crate::charging) fn new_page() -> AnyView {
    let (community, query) = (session::community(), Query::here());
    let unit = query.one("unit").and_then(|id| id.parse::<UnitId>().ok());
    let both = move || async move {
        let items = call(ListFeeItems { community }).await?;
        let unit = match unit {
            Some(unit) => Some(call(GetUnit { community, unit }).await?),
            None => None,
        };
        Ok((items, unit))
    };
    let made = query.one("charge").and_then(|id| id.parse::<ChargeId>().ok());
    let tariff = query.one("tariff").and_then(|id| id.parse::<TariffId>().ok());
    let from = query.one("from").and_then(|day| day.parse().ok());
    let to = query.one("to").and_then(|day| day.parse().ok());
    let shown = load(both, 10, move |(items, unit): (Vec<FeeItemView>, Option<UnitView>)| {
        let tariffs = tariffs(&items);
        let Some(first) = tariffs.first().map(|(_, tariff)| tariff.id) else {
            let make = primary_link(icons::PLUS, t!("charging-fee-items"), "/charging/fee-items");
            return empty_view(Empty::new(icons::TAGS, t!("charging-none"), t!("charging-none-why")).actions(make));
        };
        let start = SaveRent {
            community,
            charge: made.unwrap_or_else(|| ChargeId(Uuid::now_v7())),
            unit: unit.as_ref().map_or(UnitId(Uuid::nil()), |unit| unit.unit),
            tariff: tariff.unwrap_or(first),
            from: from.unwrap_or_else(|| Month::of(session::today()).plus(1).first_day()),
            to,
            rent: Rent::of(Price::ZERO),
        };
        let fixed = if made.is_some() { Fixed::Charge } else { Fixed::Nothing };
        draw(start, tariffs, unit, fixed)
    });
    view! {
        {Header::new(t!("charging-rent-add")).crumb(t!("charging-rents"), "/charging/rents").show()}
        <div class="border-t border-line px-6 pt-5 pb-8 max-sm:px-4">{shown}</div>
    }
    .into_any()
}

/// Changes a contract's terms.
pub(in crate::charging) fn edit_page() -> AnyView {
    let Some(charge) = param_id::<ChargeId>("charge") else { return crate::shell::not_found() };
    let community = session::community();
    let all = move || async move {
        let view = call(ShowRent { community, charge }).await?;
        let unit = call(GetUnit { community, unit: view.row.unit }).await?;
        Ok((call(ListFeeItems { community }).await?, view, unit))
    };
    load(all, 10, move |(items, view, unit): (Vec<FeeItemView>, RentView, UnitView)| {
        let row = view.row;
        let title = t!("charging-rent-of", unit = row.unit_label);
        let start =
            SaveRent { community, charge, unit: row.unit, tariff: row.tariff, from: row.from, to: row.to, rent: row.rent };
        view! {
            {Header::new(t!("charging-rent-edit")).crumb(t!("charging-rents"), "/charging/rents").crumb(title, format!("/charging/rents/{charge}")).show()}
            <div class="border-t border-line px-6 pt-5 pb-8 max-sm:px-4">{draw(start, tariffs(&items), Some(unit), Fixed::Charge)}</div>
        }
        .into_any()
    })
}

/// The tariffs that a contract may be made on, those of rents first.
fn tariffs(items: &[FeeItemView]) -> Vec<(String, TariffView)> {
    let mut items: Vec<&FeeItemView> = items.iter().filter(|item| item.active).collect();
    items.sort_by_key(|item| item.kind != FeeItemKind::Rent);
    let of = |item: &FeeItemView| {
        let name = item.name.clone();
        let own = item.tariffs.iter().filter(|tariff| tariff.active && suits(&tariff.rules)).cloned();
        own.map(move |tariff| (format!("{name} · {}", tariff.name), tariff)).collect::<Vec<_>>()
    };
    items.into_iter().flat_map(of).collect()
}

/// What may not be changed any more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fixed {
    Nothing,
    /// Unit, tariff and first day are those of a charge.
    Charge,
}

fn draw(start: SaveRent, tariffs: Vec<(String, TariffView)>, unit: Option<UnitView>, fixed: Fixed) -> AnyView {
    let form = Form::new(start.clone());
    let home = RwSignal::new(unit);
    let known = StoredValue::new(tariffs);
    let rules = Memo::new(move |_| {
        let wanted = form.draft.with(|ask| ask.tariff);
        known.with_value(|known| known.iter().find(|(_, tariff)| tariff.id == wanted).map(|(_, tariff)| tariff.rules.clone()))
    });
    let price_unit = Signal::derive(move || rules.with(|rules| rules.as_ref().map(unit_of).unwrap_or_default()));
    let contract = Memo::new(move |_| {
        let (rules, unit) = (rules.get()?, home.get()?);
        form.draft.with(|ask| {
            (ask.unit == unit.unit).then(|| Contract {
                rules,
                rent: ask.rent.clone(),
                from: ask.from,
                to: ask.to,
                kind: unit.kind,
                area: unit.billed_area,
                handed_over: unit.handed_over,
            })
        })
    });
    let foreseen = move || schedule(contract.get().filter(|contract| contract.rent.problems("rent").is_empty()));
    let whom = if fixed == Fixed::Charge { what_stands(&start, home, known) } else { choices(form, home, known) };
    let fields = view! {
        {whom}
        {last_day(form)}
        {terms(form, price_unit)}
        {billed(form)}
    };
    let (go, back) = (go_with_router(), format!("/charging/rents/{}", start.charge));
    let cancel = if fixed == Fixed::Charge { back.clone() } else { "/charging/rents".to_owned() };
    let ending = Ending::new(t!("kit-save")).cancel_to(cancel).wide();
    view! {
        <div class="grid gap-x-10 gap-y-6 xl:grid-cols-[26rem_1fr]">
            <div class="min-w-0">
                {form.show(ending, fields, move |_| {
                    toast(t!("charging-rent-saved"));
                    go(&back);
                })}
            </div>
            <section class="min-w-0" aria-live="polite">
                <h2 class="text-lg font-semibold">{t!("charging-rent-schedule")}</h2>
                {foreseen}
            </section>
        </div>
    }
    .into_any()
}

/// Unit, tariff and first day of a charge, to be read.
fn what_stands(start: &SaveRent, home: RwSignal<Option<UnitView>>, known: StoredValue<Vec<(String, TariffView)>>) -> AnyView {
    let label = home.with_untracked(|home| home.as_ref().map(|home| home.label.clone()).unwrap_or_default());
    let tariff =
        known.with_value(|known| known.iter().find(|(_, tariff)| tariff.id == start.tariff).map(|(name, _)| name.clone()));
    view! {
        <p class="text-base">
            <a class="a" href=format!("/estate/units/{}", start.unit)>{label}</a>
            <span class="ml-3 text-ink-2">{tariff} " " {t!("kit-range-from", from = start.from)}</span>
        </p>
    }
    .into_any()
}

fn choices(form: Form<SaveRent>, home: RwSignal<Option<UnitView>>, known: StoredValue<Vec<(String, TariffView)>>) -> AnyView {
    let label = home.with_untracked(|home| home.as_ref().map(|home| home.label.clone()).unwrap_or_default());
    let tariffs = known.with_value(|known| known.iter().map(|(name, tariff)| (tariff.id, name.clone())).collect());
    let pick = move |picked: Option<UnitId>| {
        let unit = picked.unwrap_or(UnitId(Uuid::nil()));
        form.draft.update(|ask| ask.unit = unit);
        home.set(None);
        spawn_local(async move {
            if picked.is_some()
                && let Ok(view) = call(GetUnit { community: session::community(), unit }).await
                && form.draft.try_with_untracked(|ask| ask.unit) == Some(unit)
            {
                home.try_set(Some(view));
            }
        });
    };
    view! {
        {form.custom("unit", t!("charging-rent-unit"), move |id, changed| {
            combobox(id, label, t!("charging-unit-search"), find_units, move |picked| {
                pick(picked);
                changed();
            })
        })}
        {form.choice("tariff", t!("charging-tariff"), |ask| &mut ask.tariff, tariffs)}
        {form.field("from", t!("charging-rent-begins"), |ask| &mut ask.from).show()}
    }
    .into_any()
}

/// Units by room or by who lives there.
async fn find_units(text: String) -> Result<Vec<Pick<UnitId>>, Problem> {
    let search = Some(text).filter(|text| !text.is_empty());
    let page = call(ListUnits { search, size: Some(12), ..ListUnits::of(session::community()) }).await?;
    Ok(page.rows.into_iter().map(|row| Pick::new(row.unit, row.label, row.owner.unwrap_or_default())).collect())
}

/// What is billed already stays as it is, and how much that is.
fn billed(form: Form<SaveRent>) -> AnyView {
    let of = Memo::new(move |_| form.draft.with(|ask| (ask.unit, ask.tariff, ask.from)));
    let found = LocalResource::new(move || {
        let (unit, tariff, from) = of.get();
        async move {
            let ask = CountBilled {
                community: session::community(),
                tariff,
                building: None,
                entrance: None,
                floor: None,
                unit: Some(unit),
                from,
                to: None,
            };
            if unit.0.is_nil() { None } else { call(ask).await.ok() }
        }
    });
    let said = move || {
        let found = found.get().flatten().filter(|found| found.bills > 0)?;
        let last = found.to.and_then(|to| to.pred_opt())?;
        Some(view! {
            <p class="flex items-start gap-1.5 text-sm text-ink-2">
                {icon_sized(icons::INFO, 14, "mt-[3px]")}
                {t!("charging-rent-billed", day = last, bills = found.bills)}
            </p>
        })
    };
    view! { <div aria-live="polite">{said}</div> }.into_any()
}
