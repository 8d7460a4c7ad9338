//! Assigns a tariff to many units: which units, from when, how many it will be.

use std::sync::Arc;

use common::billing::api::ListRuns;
use common::charging::api::{ASSIGN_UNITS_MOST, Assign, AssignPreview, Earlier, FeeItemView, ListFeeItems, PreviewAssign};
use common::estate::api::{GetTree, GetUnit, ListUnits};
use common::estate::kind::UnitKind;
use common::id::{BuildingId, TariffId, UnitId};
use common::period::{Day, Month};
use common::problem::Problem;
use leptos::prelude::*;

use crate::api::call;
use crate::kit::{Ending, Form, Header, Pick, Query, Term, count, equation_line, go_with_router, load, toast};
use crate::{session, t};

/// What the form starts from.
#[derive(Clone)]
struct Start {
    items: Vec<FeeItemView>,
    buildings: Vec<(BuildingId, String)>,
    /// The unit that the address names, with its label.
    unit: Option<(UnitId, String)>,
    from: Day,
}

/// The page; `?unit=` names the unit that is chosen first, `?tariff=` the tariff that is chosen now.
pub(super) fn page() -> AnyView {
    let query = Query::here();
    let unit = untrack(|| query.one("unit")).and_then(|unit| unit.parse::<UnitId>().ok());
    view! {
        {Header::new(t!("charging-assign")).show()}
        <div class="border-t border-line px-6 py-5 max-sm:px-4">{load(move || start(unit), 8, move |start| form(start, query))}</div>
    }
    .into_any()
}

async fn start(unit: Option<UnitId>) -> Result<Start, Problem> {
    let community = session::community();
    let items = call(ListFeeItems { community }).await?;
    let tree = call(GetTree { community }).await?;
    let unit = match unit {
        Some(unit) => Some(call(GetUnit { community, unit }).await?),
        None => None,
    };
    Ok(Start {
        items,
        buildings: tree.buildings.into_iter().map(|building| (building.building, building.name)).collect(),
        unit: unit.map(|unit| (unit.unit, unit.label)),
        from: first_unbilled().await.first_day(),
    })
}

/// The month after the last one that recent runs for all buildings billed, next month at the latest; where there is none, or where one
/// may not see runs, the one that the wizard of bills begins with.
async fn first_unbilled() -> Month {
    let this = Month::of(session::today());
    if !session::may_ask::<ListRuns>() {
        return this.plus(-1);
    }
    let ask = ListRuns { community: session::community(), page: None, size: Some(20), sort: None };
    let runs = call(ask).await.map(|page| page.rows).unwrap_or_default();
    let whole = runs.into_iter().filter(|run| run.bills > 0 && run.units.is_empty() && run.inputs.buildings.is_empty());
    let after = whole.map(|run| run.inputs.first.plus(i32::try_from(run.inputs.months).unwrap_or(1))).max();
    after.unwrap_or_else(|| this.plus(-1)).min(this.plus(1))
}

fn form(start: Start, query: Query) -> AnyView {
    let Start { items, buildings, unit, from } = start;
    let tariffs: Vec<(TariffId, String)> = items
        .iter()
        .filter(|item| item.active)
        .flat_map(|item| {
            item.tariffs
                .iter()
                .filter(|tariff| tariff.active)
                .map(|tariff| (tariff.id, format!("{} · {}", item.name, tariff.name)))
        })
        .collect();
    let Some((first, _)) = tariffs.first().cloned() else {
        return view! { <p class="text-base text-ink-2">{t!("charging-no-tariff-yet")} " " <a class="a" href="/charging/fee-items">{t!("charging-fee-items")}</a></p> }.into_any();
    };
    let chosen = Chosen { single: RwSignal::new(unit.is_some()), named: RwSignal::new(unit.iter().cloned().collect()) };
    let go = go_with_router();
    let asked = untrack(|| query.one("tariff")).and_then(|tariff| tariff.parse::<TariffId>().ok());
    let asked = asked.filter(|asked| tariffs.iter().any(|(tariff, _)| tariff == asked));
    let form = Form::new(Assign {
        community: session::community(),
        tariff: asked.unwrap_or(first),
        buildings: Vec::new(),
        kinds: if unit.is_some() { Vec::new() } else { vec![UnitKind::Residence] },
        units: unit.iter().map(|(unit, _)| *unit).collect(),
        from,
        to: None,
        earlier: Earlier::Kept,
    });
    let tariff = Memo::new(move |_| form.draft.with(|ask| ask.tariff));
    Effect::new(move |before: Option<TariffId>| {
        let now = tariff.get();
        if before.is_some_and(|before| before != now) {
            query.put(&[("tariff", Some(&now.to_string()))]);
        }
        now
    });
    let back = move |kept: Option<TariffId>| match (&unit, kept) {
        (Some((unit, _)), _) => format!("/estate/units/{unit}"),
        (None, Some(tariff)) => format!("/charging/charges?tariff={tariff}"),
        (None, None) => "/charging/charges".to_owned(),
    };
    let earlier = vec![(Earlier::Kept, t!("charging-assign-kept")), (Earlier::Ended, t!("charging-assign-ended"))];
    let fields = view! {
        {form.choice("tariff", t!("charging-tariff"), |ask| &mut ask.tariff, tariffs)}
        {whom(form, buildings, chosen)}
        <div class="grid grid-cols-2 gap-5">
            {form.field("from", t!("charging-from"), |ask| &mut ask.from).show()}
            {form.last_day("to", t!("charging-to"), |ask| &mut ask.to).help(t!("charging-to-help")).show()}
        </div>
        {form.radios("earlier", t!("charging-assign-earlier"), |ask| &mut ask.earlier, earlier)}
        {preview(form, chosen)}
    };
    form.show(Ending::new(t!("charging-assign")).cancel_to(back(asked)), fields, move |done| {
        toast(t!("charging-assigned", count = done.charges, left = done.left_out));
        go(&back(Some(tariff.get_untracked())));
    })
}

/// Whether single units are chosen, and which with their labels.
#[derive(Clone, Copy)]
struct Chosen {
    single: RwSignal<bool>,
    named: RwSignal<Vec<(UnitId, String)>>,
}

impl Chosen {
    /// Single units are to be chosen and none is yet. Sent like this it would be every unit; tracked.
    fn nobody(self) -> bool {
        self.single.get() && self.named.with(Vec::is_empty)
    }
}

/// Which units: all of some kinds and buildings, or single ones. Only one of the two is sent.
fn whom(form: Form<Assign>, buildings: Vec<(BuildingId, String)>, chosen: Chosen) -> AnyView {
    let Chosen { single, named } = chosen;
    let buildings = StoredValue::new(buildings);
    // What was ticked comes back with it.
    let ticked = StoredValue::new((vec![UnitKind::Residence], Vec::new()));
    let choose = move |now: bool| {
        single.set(now);
        form.draft.update(|ask| {
            if now {
                ticked.set_value((std::mem::take(&mut ask.kinds), std::mem::take(&mut ask.buildings)));
                ask.units = named.with_untracked(|named| named.iter().map(|(unit, _)| *unit).collect());
            } else {
                (ask.kinds, ask.buildings) = ticked.get_value();
                ask.units.clear();
            }
        });
    };
    Effect::new(move |_| form.unreadable("units", chosen.nobody().then_some("charging.assign_no_units")));
    let fields = move || {
        if single.get() {
            return units(form, named);
        }
        let kinds = UnitKind::ALL.iter().map(|kind| (*kind, t!(&kind.text_id()))).collect();
        view! {
            {form.ticks("kinds", t!("charging-assign-kinds"), |ask| &mut ask.kinds, kinds)}
            {form.ticks("buildings", t!("charging-assign-buildings"), |ask| &mut ask.buildings, buildings.get_value())}
        }
        .into_any()
    };
    view! {
        {form.custom_group("whom", t!("charging-assign-whom"), move |id, changed| ways(id, single, choose, changed))}
        {fields}
    }
    .into_any()
}

/// The two ways of choosing units.
fn ways(
    id: String,
    single: RwSignal<bool>,
    choose: impl Fn(bool) + Copy + 'static,
    changed: Arc<dyn Fn() + Send + Sync>,
) -> AnyView {
    let choices = [(false, t!("charging-assign-by-places")), (true, t!("charging-assign-by-units"))];
    let radios = choices.map(|(way, word)| {
        let changed = changed.clone();
        let chosen = move |_| {
            choose(way);
            changed();
        };
        // A summary of what is wrong leads to the first.
        let own = (!way).then(|| id.clone());
        view! {
            <label class="flex min-h-8 cursor-pointer items-center gap-2 text-base">
                <input type="radio" class="radio radio-xs" id=own name="whom" prop:checked=move || single.get() == way on:change=chosen />
                {word}
            </label>
        }
    });
    view! { <div class="flex flex-wrap gap-x-5">{radios.into_iter().collect_view()}</div> }.into_any()
}

/// Single units, each found by its room or owner, and how many there are.
fn units(form: Form<Assign>, named: RwSignal<Vec<(UnitId, String)>>) -> AnyView {
    let many = move || {
        let many = named.with(Vec::len);
        let class = if many > ASSIGN_UNITS_MOST { "mt-1 text-sm text-error" } else { "mt-1 text-sm text-ink-2" };
        let words = move || t!("charging-assign-chosen", count = count(many), most = ASSIGN_UNITS_MOST);
        (many > 0).then(|| view! { <p class=class>{words()}</p> })
    };
    view! {
        <div>
            {form.picks("units", t!("charging-assign-units"), |ask| &mut ask.units, named, t!("charging-unit-search"), find_units)}
            <div aria-live="polite">{many}</div>
        </div>
    }
    .into_any()
}

async fn find_units(text: String) -> Result<Vec<Pick<UnitId>>, Problem> {
    let search = Some(text).filter(|text| !text.is_empty());
    let page = call(ListUnits { search, size: Some(12), ..ListUnits::of(session::community()) }).await?;
    Ok(page.rows.into_iter().map(|row| Pick::new(row.unit, row.label, row.owner.unwrap_or_default())).collect())
}

/// How many units it will be, as the filter stands.
fn preview(form: Form<Assign>, chosen: Chosen) -> AnyView {
    let asked = Memo::new(move |_| {
        form.draft.with(|draft| {
            let ask = PreviewAssign {
                community: draft.community,
                tariff: draft.tariff,
                buildings: draft.buildings.clone(),
                kinds: draft.kinds.clone(),
                units: draft.units.clone(),
                from: draft.from,
                to: draft.to,
            };
            (ask, draft.earlier)
        })
    });
    let seen = move |found: AssignPreview| {
        let ended = asked.get_untracked().1 == Earlier::Ended;
        let new = found.found.saturating_sub(found.already + if ended { 0 } else { found.other });
        let mut terms = vec![
            Term::count("", t!("charging-assign-found"), found.found),
            Term::count("−", t!("charging-assign-already"), found.already),
        ];
        if !ended {
            terms.push(Term::count("−", t!("charging-assign-other"), found.other));
        }
        terms.push(Term::count("=", t!("charging-assign-new"), new));
        view! {
            {equation_line(terms)}
            {(ended && found.other > 0).then(|| view! { <p class="mt-2 text-sm text-ink-2">{t!("charging-assign-will-end", count = found.other)}</p> })}
            {(found.no_area > 0).then(|| view! { <p class="mt-2 text-sm text-warning">{t!("charging-assign-no-area", count = found.no_area)}</p> })}
        }
        .into_any()
    };
    let nobody = Memo::new(move |_| chosen.nobody());
    let beyond = Memo::new(move |_| form.draft.with(|draft| draft.units.len() > ASSIGN_UNITS_MOST));
    let counts = move || match (nobody.get(), beyond.get()) {
        (true, _) => view! { <p class="text-ink-2">{t!("charging-assign-nobody")}</p> }.into_any(),
        (_, true) => {
            view! { <p class="text-error">{t!("problem-charging-assign_units_most", most = ASSIGN_UNITS_MOST)}</p> }.into_any()
        }
        _ => load(move || call(asked.get().0), 2, seen),
    };
    view! { <div class="min-h-16 border-t-3 border-double border-control pt-3 text-sm" aria-live="polite">{counts}</div> }
        .into_any()
}
