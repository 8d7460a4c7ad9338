//! 试算: other prices, rules and waiver schemes on the whole community, and who would pay how much more or less. Nothing is stored.

mod lines;
mod rate;
mod readings;
mod result;
mod rules;
mod save;
mod schemes;
mod units;

use std::cell::Cell;

use common::billing::api::{GetTrialInputs, LastRead, ListRuns};
use common::billing::what_if::Change;
use common::charging::api::{FeeItemView, ListFeeItems, ListPrices, PriceBoard, PriceScope, TariffView};
use common::charging::tariff::CycleFrom;
use common::id::{CommunityId, FeeItemId, TariffId, WaiverSchemeId};
use common::period::{Day, Month, Period};
use common::permission::Permission;
use common::problem::Problem;
use common::waivers::api::ListSchemes;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::call;
use crate::billing::trial::{CloseTrial, OpenTrial, Opened, Tried, TriedRow, TryChanges};
use crate::kit::{Empty, Header, Query, empty_view, icons, load, primary_link, print_button, problem_view, progress, with_rail};
use crate::worker::{self, Download, Progress, Worker};
use crate::{session, t};

/// Where a trial of these changes is looked at: what was typed elsewhere is taken along.
pub fn address(tariff: Option<TariffId>, changes: &[Change]) -> String {
    let mut pairs: Vec<_> = tariff.map(|tariff| ("tariff", tariff.to_string())).into_iter().collect();
    if !changes.is_empty() {
        pairs.push(("changes", serde_json::to_string(changes).unwrap_or_default()));
    }
    format!("/charging/what-if?{}", serde_html_form::to_string(pairs).unwrap_or_default())
}

/// Whether one may try anything at all.
pub fn may_try() -> bool {
    session::may(Permission::ChargingRead) && session::may_ask::<GetTrialInputs>()
}

/// How many months before and after this one may be tried.
const MONTHS_AROUND: i32 = 12;

/// How many months may be tried at once.
const LENGTHS: [u32; 5] = [1, 2, 3, 6, 12];

/// The longest text of changes that an address carries: proxies refuse longer ones.
const ADDRESS_MOST: usize = 6_000;

thread_local! {
    /// Counts what was opened in the worker, over all visits of the page.
    static OPENINGS: Cell<u64> = const { Cell::new(0) };
}

/// A trial on the page.
#[derive(Clone, Copy)]
struct Desk {
    query: Query,
    tariffs: StoredValue<Vec<(FeeItemView, TariffView)>>,
    /// The place of the tariff that is looked at.
    now: Memo<usize>,
    /// In which months meters were last read, where that is known.
    read: StoredValue<Option<Vec<LastRead>>>,
    first: RwSignal<Month>,
    months: RwSignal<u32>,
    changes: RwSignal<Vec<Change>>,
    /// The inputs are in the worker, or why they are not.
    opened: RwSignal<Option<Result<Opened, Problem>>>,
    tried: RwSignal<Option<Result<Tried, Problem>>>,
    progress: RwSignal<Progress>,
    /// The newest question; the answers to others count no more.
    question: StoredValue<u64>,
    /// What was opened last.
    number: StoredValue<u64>,
    /// The unit whose bills are explained.
    explained: RwSignal<Option<TriedRow>>,
    explaining: RwSignal<bool>,
    list: units::Shown,
}

/// What a change is about: two of the same can't both be tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    Price(TariffId, PriceScope),
    Rules(TariffId),
    Scheme(WaiverSchemeId),
}

/// The page.
pub(super) fn page() -> AnyView {
    let community = session::community();
    let query = Query::here();
    let changes = untrack(|| query.one("changes")).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let changes = StoredValue::<Vec<Change>>::new(changes);
    let ask = move || async move {
        let items = call(ListFeeItems { community }).await?;
        let read = readings::last(&items).await;
        Ok((items, first_month(&changes.get_value()).await, read))
    };
    load(ask, 12, move |(items, first, read): (Vec<FeeItemView>, Month, Option<Vec<LastRead>>)| {
        let tariffs: Vec<(FeeItemView, TariffView)> = items
            .into_iter()
            .filter(|item| item.active)
            .flat_map(|item| item.tariffs.clone().into_iter().map(move |tariff| (item.clone(), tariff)))
            .filter(|(_, tariff)| tariff.active)
            .collect();
        if tariffs.is_empty() {
            let empty = Empty::new(icons::TAGS, t!("charging-none"), t!("charging-prices-none-why"));
            let first = primary_link(icons::PLUS, t!("charging-fee-items"), "/charging/fee-items");
            return view! {
                {Header::new(t!("charging-what-if")).show()}
                <div class="px-6 py-6 max-sm:px-4">{empty_view(empty.actions(first))}</div>
            }
            .into_any();
        }
        Desk::new(query, tariffs, changes.get_value(), first, read).show()
    })
}

/// The month that is looked at first: that of the latest run, or the last one; unless a scheme that is tried is not in force in it.
async fn first_month(changes: &[Change]) -> Month {
    let community = session::community();
    let this = Month::of(session::today());
    let runs = call(ListRuns { community, page: None, size: Some(1), sort: None }).await;
    let latest = runs.ok().and_then(|page| page.rows.first().map(|run| run.inputs.first)).unwrap_or(this.plus(-1));
    // What is stopped does not say itself from when it was.
    let stops = changes.iter().any(|change| matches!(change, Change::NoScheme { .. }));
    let known = if stops { call(ListSchemes { community }).await.unwrap_or_default() } else { Vec::new() };
    let days = |change: &Change| match change {
        Change::Scheme(save) => Some((save.from, save.to)),
        _ => known.iter().find(|view| Some(view.id) == change.scheme()).map(|view| (view.from, view.to)),
    };
    let elsewhere = |(from, to): &(Day, Option<Day>)| !schemes::in_force(*from, *to, latest.period());
    let there = changes.iter().filter_map(days).find(elsewhere).map(|(from, _)| Month::of(from));
    there.filter(|month| (this.plus(-MONTHS_AROUND)..=this.plus(MONTHS_AROUND)).contains(month)).unwrap_or(latest)
}

impl Desk {
    fn new(
        query: Query,
        tariffs: Vec<(FeeItemView, TariffView)>,
        changes: Vec<Change>,
        first: Month,
        read: Option<Vec<LastRead>>,
    ) -> Self {
        // Unless one is asked for, that of most units.
        let most = most_units(&tariffs, &changes);
        // The months that were chosen stand in the address, as what is tried does.
        let asked = |name| untrack(|| query.one(name));
        let offered = |month: &Month| months_offered().any(|one| one == *month);
        let asked_first = asked("first").and_then(|month| month.parse().ok()).filter(offered);
        let months = asked("months").and_then(|months| months.parse().ok()).filter(|many| LENGTHS.contains(many)).unwrap_or(1);
        let tariffs = StoredValue::new(tariffs);
        let now = Memo::new(move |_| {
            let chosen = query.one("tariff");
            tariffs.with_value(|tariffs| {
                tariffs.iter().position(|(_, tariff)| Some(tariff.id.to_string()) == chosen).unwrap_or(most)
            })
        });
        let by_schemes = changes.iter().any(|change| change.scheme().is_some());
        // What goes by meters is tried on a month that was read, unless a scheme says when.
        let last = untrack(|| now.get());
        let last = tariffs.with_value(|tariffs| {
            let (item, tariff) = tariffs.get(last)?;
            readings::up_to(readings::of(read.as_ref()?, item, tariff)?, months, &tariff.rules)
        });
        let last = last.filter(|_| !by_schemes && asked_first.is_none());
        let (first, months) = last.unwrap_or((asked_first.unwrap_or(first), months));
        let desk = Self {
            query,
            tariffs,
            now,
            read: StoredValue::new(read),
            first: RwSignal::new(first),
            months: RwSignal::new(months),
            changes: RwSignal::new(changes),
            opened: RwSignal::new(None),
            tried: RwSignal::new(None),
            progress: RwSignal::new(Progress::default()),
            question: StoredValue::new(0),
            number: StoredValue::new(0),
            explained: RwSignal::new(None),
            explaining: RwSignal::new(false),
            list: units::Shown::new(),
        };
        on_cleanup(move || desk.number.try_get_value().into_iter().for_each(let_go));
        // A tariff whose cycle the period does not fit would bill nobody.
        Effect::new(move |_| {
            let Some((_, tariff)) = desk.tariff() else { return };
            let rules = tariff.rules;
            let (first, months) = (desk.first.get_untracked(), desk.months.get_untracked());
            if rules.cycle_from == CycleFrom::Calendar && !rules.fits(first, months) {
                desk.first.set(rules.cycle.begin(first, rules.cycle_month));
                desk.months.set(rules.cycle.months().max(1));
            }
        });
        Effect::new(move |before: Option<(Month, u32)>| {
            let (first, months) = (desk.first.get(), desk.months.get());
            if before.is_some() {
                desk.query.put(&[("first", Some(&first.to_string())), ("months", Some(&months.to_string()))]);
            }
            desk.open(first, months);
            (first, months)
        });
        Effect::new(move |_| {
            let (changes, shown) = desk.asked();
            if matches!(desk.opened.get(), Some(Ok(_))) {
                desk.look(TryChanges { changes, shown });
            }
        });
        desk
    }

    /// The tariff that is looked at, with its fee item; tracked.
    fn tariff(self) -> Option<(FeeItemView, TariffView)> {
        let now = self.now.get();
        self.tariffs.with_value(|tariffs| tariffs.get(now).cloned())
    }

    fn tariff_of(self, id: TariffId) -> Option<TariffView> {
        self.tariffs.with_value(|tariffs| tariffs.iter().find(|(_, tariff)| tariff.id == id).map(|(_, tariff)| tariff.clone()))
    }

    /// What is tried, over the whole period, and which fee item is shown besides; tracked.
    fn asked(self) -> (Vec<Change>, Vec<FeeItemId>) {
        let shown = self.tariff().map(|(item, _)| item.id);
        (self.over_the_period(self.changes.get()), shown.into_iter().collect())
    }

    /// A price that is tried is in force on all days of the period; a scheme says by itself when.
    fn over_the_period(self, changes: Vec<Change>) -> Vec<Change> {
        let first = self.first.get_untracked().first_day();
        let over = |change: Change| {
            let tariff = change.tariff().and_then(|tariff| self.tariff_of(tariff));
            change.over(tariff.as_ref().map(|tariff| &tariff.rules), first)
        };
        changes.into_iter().map(over).collect()
    }

    /// The worker downloads what is tried on.
    fn open(self, first: Month, months: u32) {
        let community = session::community();
        self.opened.set(None);
        self.tried.set(None);
        // What is planned for the months before is not wanted any more.
        self.question.update_value(|question| *question += 1);
        self.progress.set(Progress::default());
        self.list.offset.set(0);
        let number = OPENINGS.get() + 1;
        OPENINGS.set(number);
        self.number.set_value(number);
        let inputs = Download::of(&self.inputs(community, first, months));
        spawn_local(async move {
            let opened = worker::ask_downloading(OpenTrial { inputs, number }, |_| ()).await;
            let still = self.first.try_get_untracked() == Some(first) && self.months.try_get_untracked() == Some(months);
            if still {
                self.opened.try_set(Some(opened));
            } else if self.first.try_get_untracked().is_none() {
                // The page was left while it was downloaded.
                worker::rest(Worker::Planner);
            }
        });
    }

    /// What is tried on: every fee item of these months.
    fn inputs(self, community: CommunityId, first: Month, months: u32) -> GetTrialInputs {
        let mut fee_items: Vec<_> = self.tariffs.with_value(|tariffs| tariffs.iter().map(|(item, _)| item.id).collect());
        fee_items.dedup();
        GetTrialInputs::of(community, first, months, fee_items)
    }

    /// The days that are tried.
    fn period(self) -> Period {
        let (first, months) = (self.first.get(), self.months.get());
        let last = first.plus(i32::try_from(months.max(1)).unwrap_or(1) - 1);
        Period { from: first.first_day(), to: last.period().to }
    }

    /// Whether schemes may be tried; nothing while that is not known yet.
    fn waives(self) -> Option<bool> {
        self.opened.with(|opened| opened.as_ref()?.as_ref().ok().map(|opened| opened.waives))
    }

    /// The worker plans and compares; of several questions the newest is answered.
    fn look(self, ask: TryChanges) {
        self.question.update_value(|question| *question += 1);
        let mine = self.question.get_value();
        let newest = move || self.question.try_with_value(|question| *question == mine) == Some(true);
        spawn_local(async move {
            let told = move |progress| {
                if newest() {
                    self.progress.try_set(progress);
                }
            };
            let tried = worker::ask(ask, told).await;
            if newest() {
                self.tried.try_set(Some(tried));
            }
        });
    }

    /// Keeps the changes in the address, so that they are there after a reload and by a link.
    fn keep(self) {
        let text = self.changes.with_untracked(|changes| {
            if changes.is_empty() { None } else { Some(serde_json::to_string(changes).unwrap_or_default()) }
        });
        let text = text.filter(|text| text.len() <= ADDRESS_MOST);
        self.query.put(&[("changes", text.as_deref())]);
    }

    /// Puts a change in the place of the one about the same, or takes that out.
    fn change(self, about: About, change: Option<Change>) {
        self.changes.update(|changes| match (changes.iter().position(|one| about_of(one) == about), change) {
            (Some(place), Some(change)) => changes.splice(place..=place, [change]).for_each(drop),
            (Some(place), None) => drop(changes.remove(place)),
            (None, change) => changes.extend(change),
        });
        self.keep();
    }

    fn show(self) -> AnyView {
        let board = move || {
            let community = session::community();
            let Some((item, tariff)) = self.tariff() else { return ().into_any() };
            let id = tariff.id;
            let ask = move || call(ListPrices { community, tariff: id });
            load(ask, 6, move |board: PriceBoard| lines::show(self, &item, &tariff, board))
        };
        let saving = save::Saving::new(self);
        let rail = view! {
            {board}
            {schemes::show(self)}
            {move || saving.offered().then(|| view! { <div class="no-print mt-5 border-t border-line px-6 pt-4 max-sm:px-4">{saving.button()}</div> })}
            {result::in_view(self)}
        };
        let actions = view! { {units::export(self)} {print_button()} }.into_any();
        view! {
            {Header::new(t!("charging-what-if")).beside(lines::choose(self)).actions(actions).show()}
            <div class="flex flex-1 flex-col border-t border-line">{with_rail(move || view! { {readings::note(self)} {self.seen()} }.into_any(), rail)}</div>
            {units::dialog(self)}
            {saving.show()}
        }
        .into_any()
    }

    fn seen(self) -> AnyView {
        let again = move || self.open(self.first.get_untracked(), self.months.get_untracked());
        let inset = |body: AnyView| view! { <div class="px-6 py-6 max-sm:px-4">{body}</div> }.into_any();
        if let Some(Err(problem)) = self.opened.get() {
            return inset(problem_view(&problem, again));
        }
        match self.tried.get() {
            None => {
                let done = Signal::derive(move || {
                    let Progress { done, total } = self.progress.get();
                    (done, total)
                });
                inset(view! { <div class="max-w-160">{progress(t!("charging-trying"), done)}</div> }.into_any())
            }
            Some(Err(problem)) => inset(problem_view(&problem, again)),
            Some(Ok(tried)) => result::show(self, tried),
        }
    }
}

/// The months that a trial may begin with, the latest first.
fn months_offered() -> impl Iterator<Item = Month> {
    let this = Month::of(session::today());
    (-MONTHS_AROUND..=MONTHS_AROUND).rev().map(move |after| this.plus(after))
}

fn about_of(change: &Change) -> About {
    match change {
        Change::Price { tariff, scope, .. } => About::Price(*tariff, *scope),
        Change::Rules { tariff, .. } => About::Rules(*tariff),
        Change::Scheme(save) => About::Scheme(save.scheme),
        Change::NoScheme { scheme } => About::Scheme(*scheme),
    }
}

/// The page is left: what the worker holds of a whole community goes with it.
fn let_go(number: u64) {
    if !worker::lives(Worker::Planner) {
        return;
    }
    spawn_local(async move {
        let _closed = worker::ask(CloseTrial { number }, |_| ()).await;
        worker::rest(Worker::Planner);
    });
}

/// The tariff of most units; of the fee items of schemes that are tried, where any is.
fn most_units(tariffs: &[(FeeItemView, TariffView)], changes: &[Change]) -> usize {
    let waived = |item: &FeeItemView| {
        changes.iter().any(|change| matches!(change, Change::Scheme(save) if save.rules.fee_items.contains(&item.id)))
    };
    let places = tariffs.iter().enumerate().rev();
    places.max_by_key(|(_, (item, tariff))| (waived(item), tariff.units)).map_or(0, |(place, _)| place)
}
