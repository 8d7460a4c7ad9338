//! 生成账单: choose, look at the whole community's bills, generate what was seen.

use common::api::PAGE_SIZE_MOST;
use common::billing::api::{Generate, GenerationRuleView, GetRunInputs, ListGenerationRules, UNITS_MOST};
use common::cashier::api::{GetOffsetAhead, OffsetAhead};
use common::charging::api::{FeeItemView, ListFeeItems, TariffView};
use common::estate::api::{GetTree, ListUnits};
use common::id::{BillingRunId, BuildingId, FeeItemId, UnitId};
use common::metering::Utility;
use common::period::Month;
use common::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::errands::{PlanRun, Summary};
use super::raise::find_units;
use super::words::{months_text, places_text};
use super::{offset, preview};
use crate::api::call;
use crate::charging::cycle_text;
use crate::kit::{
    Confirm, Deed, Empty, Foot, Form, Header, Query, Term, empty_view, go_with_router, icon, icons, load, pairs, primary_button,
    primary_link, problem_view, progress, steps,
};
use crate::worker::{self, Download, Progress};
use crate::{session, t};

/// Where the wizard stands.
#[derive(Clone, Copy)]
pub(super) struct Wizard {
    step: RwSignal<usize>,
    form: Form<GetRunInputs>,
    progress: RwSignal<Progress>,
    planned: RwSignal<Option<Result<Summary, Problem>>>,
    /// One id for what was seen: clicking twice is one run.
    run: RwSignal<BillingRunId>,
    /// What prepayments could pay of what is planned by themselves.
    ahead: RwSignal<Option<OffsetAhead>>,
    /// The single units that it is for, with their labels.
    named: RwSignal<Vec<(UnitId, String)>>,
    /// The rule whose occurrence the page came from, where one may see it.
    rule: RwSignal<Option<GenerationRuleView>>,
    /// What is previewed stands in the address: it is there again after a reload, by a link, and on the way back.
    query: Query,
}

/// What the address asks to be previewed.
fn asked_for(query: Query) -> Option<GetRunInputs> {
    let text = serde_html_form::to_string(untrack(|| query.pairs())).ok()?;
    let asked: GetRunInputs = serde_html_form::from_str(&text).ok()?;
    // Fee items and buildings are those of one community.
    (asked.community == session::community() && !asked.fee_items.is_empty()).then_some(asked)
}

/// What the wizard begins with: a unit from its page, the month and the fee items from a pool that was shared out, else last month.
fn begun(query: Query) -> GetRunInputs {
    let one = |name: &str| untrack(|| query.one(name));
    let month = one("month").and_then(|month| month.parse().ok());
    GetRunInputs {
        community: session::community(),
        first: month.unwrap_or_else(|| Month::of(session::today()).plus(-1)),
        months: 1,
        fee_items: untrack(|| query.all("fee_item")).iter().filter_map(|item| item.parse().ok()).collect(),
        buildings: Vec::new(),
        units: one("unit").and_then(|unit| unit.parse().ok()).into_iter().collect(),
        issued_day: session::today(),
        due_day: None,
        rule: None,
    }
}

/// The fee items that are ticked at first: those that go by meters which were just read, as the address says, else all of them but
/// prepayments and deposits that no unit is charged.
fn ticked(query: Query, items: &[FeeItemView]) -> Vec<FeeItemId> {
    let read: Vec<Utility> = untrack(|| query.all("utility")).iter().filter_map(|word| Utility::from_word(word)).collect();
    let goes_by = |item: &FeeItemView| {
        let of = |tariff: &TariffView| tariff.rules.is_metered().then(|| tariff.rules.metered_kind(item.kind));
        item.tariffs.iter().filter_map(of).filter_map(Utility::of_kind).any(|utility| read.contains(&utility))
    };
    let active = || items.iter().filter(|item| item.active);
    let by_meters: Vec<FeeItemId> = active().filter(|item| goes_by(item)).map(|item| item.id).collect();
    let usual = |item: &&FeeItemView| !item.kind.is_held() || item.tariffs.iter().any(|tariff| tariff.units > 0);
    if read.is_empty() { active().filter(usual).map(|item| item.id).collect() } else { by_meters }
}

/// The page.
pub(super) fn page() -> AnyView {
    let community = session::community();
    let query = Query::here();
    let asked = asked_for(query);
    let again = asked.is_some() && untrack(|| query.one("step")).is_none();
    let wizard = Wizard {
        step: RwSignal::new(0),
        query,
        form: Form::new(asked.unwrap_or_else(|| begun(query))),
        progress: RwSignal::new(Progress::default()),
        planned: RwSignal::new(None),
        run: RwSignal::new(BillingRunId(Uuid::now_v7())),
        ahead: RwSignal::new(None),
        named: RwSignal::new(Vec::new()),
        rule: RwSignal::new(None),
    };
    if again {
        start(wizard);
    }
    let titles = vec![t!("billing-step-choose"), t!("billing-step-preview"), t!("billing-step-done")];
    let both = move || async move {
        let items = call(ListFeeItems { community }).await?;
        let tree = call(GetTree { community }).await?;
        name(wizard).await?;
        name_rule(wizard).await;
        Ok((items, tree.buildings.into_iter().map(|building| (building.building, building.name)).collect::<Vec<_>>()))
    };
    let go = go_with_router();
    view! {
        {Header::new(t!("billing-generate")).beside(steps(titles, wizard.step.into())).show()}
        <div class="flex flex-1 flex-col border-t border-line">
            {load(both, 10, move |(items, buildings)| {
                let (items, buildings, go) = (items.clone(), buildings.clone(), go.clone());
                (move || match wizard.step.get() {
                    0 => choose(wizard, &items, buildings.clone()),
                    _ => view! { {billed(wizard, &items, &buildings)} {planned(wizard, go.clone())} }.into_any(),
                })
                    .into_any()
            })}
        </div>
    }
    .into_any()
}

/// Finds the labels of the units that the address names; those that are there no more are left out. A run of none of them is not
/// one of everybody.
async fn name(wizard: Wizard) -> Result<(), Problem> {
    let Some(units) = wizard.form.draft.try_with_untracked(|draft| draft.units.clone()).filter(|units| !units.is_empty()) else {
        return Ok(());
    };
    let ask = ListUnits { units, size: Some(PAGE_SIZE_MOST), ..ListUnits::of(session::community()) };
    let named: Vec<(UnitId, String)> = call(ask).await?.rows.into_iter().map(|row| (row.unit, row.label)).collect();
    if named.is_empty() {
        return Err(Problem::not_found());
    }
    wizard.form.draft.try_update(|draft| draft.units.retain(|unit| named.iter().any(|(known, _)| known == unit)));
    wizard.named.try_set(named);
    Ok(())
}

/// Finds the rule that the address names; a preview does without it where it can't be told.
async fn name_rule(wizard: Wizard) {
    let Some(rule) = wizard.form.draft.try_with_untracked(|draft| draft.rule).flatten() else { return };
    if !session::may_ask::<ListGenerationRules>() {
        return;
    }
    let rules = call(ListGenerationRules { community: session::community() }).await.unwrap_or_default();
    wizard.rule.try_set(rules.into_iter().find(|known| known.id == rule));
}

/// Whether it is still just what the rule says: any other run stands for itself.
fn is_of(rule: &GenerationRuleView, draft: &GetRunInputs) -> bool {
    let months = || {
        let to = rule.schedule.all().take_while(|one| one.first <= draft.first);
        to.last().is_some_and(|one| (one.first, one.months) == (draft.first, draft.months))
    };
    draft.rule == Some(rule.id) && draft.is_all_of(&rule.fee_items, &rule.buildings) && months()
}

/// What is being billed, in a line above its preview.
fn billed(wizard: Wizard, items: &[FeeItemView], buildings: &[(BuildingId, String)]) -> AnyView {
    let draft = wizard.form.draft.get_untracked();
    let names = |item: &&FeeItemView| draft.fee_items.contains(&item.id);
    let names: Vec<String> = items.iter().filter(names).map(|item| item.name.clone()).collect();
    // A few are said by their names.
    let all = names.len() > 3 && items.iter().filter(|item| item.active).all(|item| draft.fee_items.contains(&item.id));
    let buildings: Vec<String> =
        buildings.iter().filter(|(building, _)| draft.buildings.contains(building)).map(|(_, name)| name.clone()).collect();
    let units: Vec<String> = wizard.named.with_untracked(|named| {
        named.iter().filter(|(unit, _)| draft.units.contains(unit)).map(|(_, label)| label.clone()).collect()
    });
    let rule = wizard.rule.with_untracked(|rule| rule.as_ref().filter(|rule| is_of(rule, &draft)).map(|rule| rule.name.clone()));
    let mut facts = vec![
        (t!("billing-period"), months_text(draft.first, draft.months)),
        (t!("billing-fee-items"), if all { t!("billing-fee-items-all") } else { names.join(&t!("billing-comma")) }),
        (t!("billing-run-where"), places_text(&buildings, &units)),
        (t!("billing-issued-day"), draft.issued_day.to_string()),
        (t!("billing-due-day"), draft.due_day.map_or_else(|| t!("billing-rule-due-by-tariff"), |day| day.to_string())),
    ];
    facts.extend(rule.map(|rule| (t!("billing-rule"), rule)));
    let line = |(label, value): (String, String)| {
        view! {
            <div class="flex gap-1.5">
                <dt class="shrink-0 text-ink-2">{label}</dt>
                <dd class="min-w-0 break-words">{value}</dd>
            </div>
        }
    };
    let lines = facts.into_iter().map(line).collect_view();
    view! { <dl class="flex flex-wrap gap-x-4 gap-y-1 px-6 pt-3 text-sm max-sm:px-4">{lines}</dl> }.into_any()
}

fn choose(wizard: Wizard, items: &[FeeItemView], buildings: Vec<(BuildingId, String)>) -> AnyView {
    let form = wizard.form;
    let active: Vec<_> = items.iter().filter(|item| item.active).map(|item| (item.id, item.name.clone())).collect();
    if active.is_empty() {
        let first = primary_link(icons::PLUS, t!("charging-fee-items"), "/charging/fee-items");
        return view! { <div class="px-6 py-6 max-sm:px-4">{empty_view(Empty::new(icons::TAGS, t!("charging-none"), t!("charging-none-why")).actions(first))}</div> }.into_any();
    }
    if form.draft.with_untracked(|draft| draft.fee_items.is_empty()) {
        form.draft.update(|draft| draft.fee_items = ticked(wizard.query, items));
    }
    let months = [1, 2, 3, 6, 12].into_iter().map(|months| (months, t!("billing-months-count", count = months))).collect();
    let why_not = move || form.draft.with(why_not);
    let next = move || {
        if form.draft.with_untracked(self::why_not).is_none() {
            start(wizard);
        }
    };
    // Single units stand for themselves: no buildings are chosen beside them.
    let single = Memo::new(move |_| form.draft.with(|draft| !draft.units.is_empty()));
    Effect::new(move |_| {
        if single.get() && form.draft.with_untracked(|draft| !draft.buildings.is_empty()) {
            form.draft.update(|draft| draft.buildings.clear());
        }
    });
    let by_building = move || {
        (!single.get()).then(|| form.ticks("buildings", t!("billing-buildings"), |ask| &mut ask.buildings, buildings.clone()))
    };
    let all = all_or_none(form, active.iter().map(|(item, _)| *item).collect());
    let (label, find) = (t!("billing-single-units"), t!("billing-single-units-find"));
    view! {
        <div class="flex max-w-160 flex-col gap-5 px-6 py-5 max-sm:px-4">
            <div class="grid grid-cols-2 gap-5 max-sm:grid-cols-1">
                {form.field("first", t!("billing-first-month"), |ask| &mut ask.first).focus().show()}
                {form.choice("months", t!("billing-how-long"), |ask| &mut ask.months, months)}
            </div>
            {cycles(form, items)}
            <div>{form.ticks("fee_items", t!("billing-fee-items"), |ask| &mut ask.fee_items, active)} {all}</div>
            {by_building}
            {form.picks("units", label, |ask| &mut ask.units, wizard.named, find, find_units)}
            <div class="grid grid-cols-2 gap-5 max-sm:grid-cols-1">
                {form.field("issued_day", t!("billing-issued-day"), |ask| &mut ask.issued_day).help(t!("billing-issued-help")).show()}
                {form.field("due_day", t!("billing-due-day"), |ask| &mut ask.due_day).help(t!("billing-due-help")).show()}
            </div>
        </div>
        {Foot::new()
            .why_not(why_not)
            .deeds(primary_button(icons::CALCULATOR, t!("billing-preview"), next))
            .show()}
    }
    .into_any()
}

/// Ticks every fee item, or none.
fn all_or_none(form: Form<GetRunInputs>, items: Vec<FeeItemId>) -> AnyView {
    let tick = |word: String, items: Vec<FeeItemId>| {
        let tick = move |_| form.draft.update(|ask| ask.fee_items.clone_from(&items));
        view! { <button type="button" class="btn btn-ghost btn-xs" on:click=tick>{word}</button> }
    };
    view! { <div class="mt-1 flex gap-2">{tick(t!("billing-tick-all"), items)} {tick(t!("billing-tick-none"), Vec::new())}</div> }
        .into_any()
}

/// What stands in the way of a preview.
fn why_not(draft: &GetRunInputs) -> Option<String> {
    if draft.fee_items.is_empty() {
        return Some(t!("billing-choose-fee-item"));
    }
    (draft.units.len() > UNITS_MOST).then(|| t!("problem-billing-units_most", most = UNITS_MOST))
}

/// Tariffs of the chosen fee items that the period does not suit, each with the cycle that the period begins in.
fn cycles(form: Form<GetRunInputs>, items: &[FeeItemView]) -> AnyView {
    let counted = |tariff: &&TariffView| tariff.active && tariff.units > 0 && tariff.rules.counts_cycles();
    let tariffs: Vec<(FeeItemId, TariffView)> =
        items.iter().flat_map(|item| item.tariffs.iter().filter(counted).map(|tariff| (item.id, tariff.clone()))).collect();
    let unsuited = Memo::new(move |_| {
        form.draft.with(|ask| {
            let bills =
                |item: &FeeItemId, tariff: &TariffView| ask.fee_items.contains(item) && !tariff.rules.fits(ask.first, ask.months);
            tariffs.iter().filter(|(item, tariff)| bills(item, tariff)).map(|(_, tariff)| tariff.clone()).collect::<Vec<_>>()
        })
    });
    let line = move |tariff: TariffView| {
        let (rules, first) = (tariff.rules, form.draft.with(|ask| ask.first));
        let (begin, months) = (rules.cycle.begin(first, rules.cycle_month), rules.cycle.months());
        let take = move |_| {
            form.draft.update(|ask| {
                ask.first = begin;
                ask.months = months;
            });
        };
        let cycle = cycle_text(rules.cycle, rules.cycle_month);
        view! {
            <li>
                {t!("billing-cycle-unsuited", tariff = tariff.name, cycle = cycle)} " "
                <button type="button" class="a" on:click=take>{t!("billing-cycle-take", period = months_text(begin, months))}</button>
            </li>
        }
    };
    let shown = move || {
        let lines = unsuited.get().into_iter().map(line).collect_view();
        view! { <ul class="flex flex-col gap-1 text-sm text-ink-2 empty:hidden" aria-live="polite">{lines}</ul> }
    };
    shown.into_any()
}

/// The worker downloads and plans. It can be left; what was asked before then counts no more.
fn start(wizard: Wizard) {
    let run = BillingRunId(Uuid::now_v7());
    wizard.step.set(1);
    wizard.planned.set(None);
    wizard.progress.set(Progress::default());
    wizard.run.set(run);
    let asked = move || wizard.run.try_get_untracked() == Some(run);
    let inputs = wizard.form.draft.with_untracked(Download::of);
    wizard.query.replace(&pairs_of(wizard));
    let left = wizard.form.draft.with_untracked(|draft| GetOffsetAhead::from(draft));
    spawn_local(async move {
        let progress = move |progress| {
            if asked() {
                wizard.progress.set(progress);
            }
        };
        let planned = worker::ask_downloading(PlanRun { inputs }, progress).await;
        let ahead = if planned.is_ok() && asked() { offset::ahead(left).await } else { None };
        if asked() {
            wizard.ahead.set(ahead);
            wizard.planned.set(Some(planned));
        }
    });
}

/// Back to what is to be billed; a reload stays there.
fn back(wizard: Wizard) {
    let mut pairs = pairs_of(wizard);
    pairs.push(("step".to_owned(), "choose".to_owned()));
    wizard.query.replace(&pairs);
    wizard.step.set(0);
}

/// What is to be billed, for the address.
fn pairs_of(wizard: Wizard) -> Vec<(String, String)> {
    pairs(&wizard.form.draft.with_untracked(|draft| serde_html_form::to_string(draft).unwrap_or_default()))
}

fn planned(wizard: Wizard, go: impl Fn(&str) + Clone + Send + Sync + 'static) -> AnyView {
    let back = move || back(wizard);
    let body = move || {
        match wizard.planned.get() {
        None => {
            let done = Signal::derive(move || {
                let Progress { done, total } = wizard.progress.get();
                (done, total)
            });
            view! { <div class="max-w-160 px-6 py-8 max-sm:px-4">{progress(t!("billing-planning"), done)}</div> {Foot::new().back(back).show()} }.into_any()
        }
        Some(Err(problem)) => {
            view! { <div class="px-6 py-6 max-sm:px-4">{problem_view(&problem, move || start(wizard))}</div> {Foot::new().back(back).show()} }.into_any()
        }
        Some(Ok(summary)) => seen(wizard, summary, go.clone()),
    }
    };
    body.into_any()
}

fn seen(wizard: Wizard, summary: Summary, go: impl Fn(&str) + Clone + Send + Sync + 'static) -> AnyView {
    let deed = Deed::new();
    let (bills, amount) = (summary.bills, summary.amount_fen);
    let for_deed = summary.clone();
    let generate = move || {
        if bills == 0 {
            return;
        }
        let (seen, go) = (for_deed.seen(), go.clone());
        let draft = wizard.form.draft.get_untracked();
        let ask = Generate {
            community: draft.community,
            run: wizard.run.get_untracked(),
            first: draft.first,
            months: draft.months,
            fee_items: draft.fee_items,
            buildings: draft.buildings,
            units: draft.units,
            issued_day: draft.issued_day,
            due_day: draft.due_day,
            rule: draft.rule,
            seen,
        };
        let figures = for_deed
            .fee_items
            .iter()
            .filter(|item| item.bills > 0)
            .enumerate()
            .map(|(place, item)| Term::money(if place == 0 { "" } else { "+" }, item.name.clone(), item.amount_fen));
        let mut figures: Vec<Term> = figures.chain([Term::result(t!("kit-total"), amount)]).collect();
        // As the preview has said it.
        if !for_deed.waived_fen.is_zero() {
            figures.push(Term::money("−", t!("billing-waived"), for_deed.waived_fen));
            figures.push(Term::result(t!("billing-to-pay"), preview::less(amount, for_deed.waived_fen)));
        }
        Confirm::new(
            t!("billing-generate-title", count = crate::kit::count(bills), amount = amount),
            wizard.ahead.get_untracked().map_or_else(
                || t!("billing-generate-why"),
                |ahead| t!("billing-generate-why-offset", units = crate::kit::count(ahead.units), amount = ahead.left_fen),
            ),
            t!("billing-generate"),
        )
        .figures(figures)
        .ask(move || {
            deed.run(ask, move |run| go(&format!("/billing/runs/{}", run.id)));
        });
    };
    let button = view! {
        <button type="button" class="btn btn-sm btn-primary" aria-disabled=move || (bills == 0 || deed.busy()).then_some("true") on:click=move |_| generate()>
            {icon(icons::FILE_PLUS)}
            {t!("billing-generate-count", count = crate::kit::count(bills))}
        </button>
    };
    view! {
        {wizard.ahead.get_untracked().map(offset::ahead_line)}
        {preview::show(summary)}
        {Foot::new()
            .back(move || back(wizard))
            .kept(t!("billing-nothing-saved"))
            .why_not(move || (bills == 0).then(|| t!("billing-nothing-to-generate")))
            .deeds(button)
            .show()}
    }
    .into_any()
}
