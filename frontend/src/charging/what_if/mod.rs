//! 试算: other prices and rules on the whole community, and who would pay how much more or less. Nothing is stored.

mod lines;
mod rate;
mod result;
mod rules;
mod save;
mod units;

use chrono::Months;
use common::billing::api::{GetTrialInputs, ListRuns};
use common::billing::what_if::Change;
use common::charging::api::{FeeItemView, ListFeeItems, ListPrices, PriceBoard, PriceScope, TariffView};
use common::charging::tariff::{CycleFrom, TariffRules};
use common::id::TariffId;
use common::period::{Day, Month};
use common::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::call;
use crate::billing::trial::{OpenTrial, Tried, TriedRow, TryChanges};
use crate::kit::{Empty, Header, Query, empty_view, icons, load, primary_link, problem_view, progress, with_rail};
use crate::worker::{self, Download, Progress};
use crate::{session, t};

/// Where a trial of these changes is looked at: what was typed elsewhere is taken along.
pub(super) fn address(tariff: TariffId, changes: &[Change]) -> String {
    let mut pairs = vec![("tariff", tariff.to_string())];
    if !changes.is_empty() {
        pairs.push(("changes", serde_json::to_string(changes).unwrap_or_default()));
    }
    format!("/charging/what-if?{}", serde_html_form::to_string(pairs).unwrap_or_default())
}

/// A trial on the page.
#[derive(Clone, Copy)]
struct Desk {
    query: Query,
    tariffs: StoredValue<Vec<(FeeItemView, TariffView)>>,
    /// The place of the tariff that is looked at.
    now: Memo<usize>,
    first: RwSignal<Month>,
    months: RwSignal<u32>,
    changes: RwSignal<Vec<Change>>,
    /// The inputs are in the worker, or why they are not.
    opened: RwSignal<Option<Result<(), Problem>>>,
    tried: RwSignal<Option<Result<Tried, Problem>>>,
    progress: RwSignal<Progress>,
    /// The newest question; the answers to others count no more.
    asked: StoredValue<u64>,
    /// The unit whose bills are explained.
    explained: RwSignal<Option<TriedRow>>,
    explaining: RwSignal<bool>,
}

/// The page.
pub(super) fn page() -> AnyView {
    let community = session::community();
    let query = Query::here();
    let ask = move || async move {
        let items = call(ListFeeItems { community }).await?;
        Ok((items, latest_month().await))
    };
    load(ask, 12, move |(items, latest): (Vec<FeeItemView>, Month)| {
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
        Desk::new(query, tariffs, latest).show()
    })
}

/// The month of the latest run; without one, the last month.
async fn latest_month() -> Month {
    let community = session::community();
    let before = Month::of(session::today()).plus(-1);
    let runs = call(ListRuns { community, page: None, size: Some(1), sort: None }).await;
    runs.ok().and_then(|page| page.rows.first().map(|run| run.inputs.first)).unwrap_or(before)
}

impl Desk {
    fn new(query: Query, tariffs: Vec<(FeeItemView, TariffView)>, latest: Month) -> Self {
        // Unless one is asked for, that of most units.
        let most = tariffs.iter().map(|(_, tariff)| tariff.units).max();
        let most = tariffs.iter().position(|(_, tariff)| Some(tariff.units) == most).unwrap_or(0);
        let changes = untrack(|| query.one("changes")).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let tariffs = StoredValue::new(tariffs);
        let now = Memo::new(move |_| {
            let chosen = query.one("tariff");
            tariffs.with_value(|tariffs| {
                tariffs.iter().position(|(_, tariff)| Some(tariff.id.to_string()) == chosen).unwrap_or(most)
            })
        });
        let desk = Self {
            query,
            tariffs,
            now,
            first: RwSignal::new(latest),
            months: RwSignal::new(1),
            changes: RwSignal::new(changes),
            opened: RwSignal::new(None),
            tried: RwSignal::new(None),
            progress: RwSignal::new(Progress::default()),
            asked: StoredValue::new(0),
            explained: RwSignal::new(None),
            explaining: RwSignal::new(false),
        };
        // A tariff whose cycle the period does not fit would bill nobody.
        Effect::new(move |_| {
            let Some((_, tariff)) = desk.tariff() else { return };
            let cycle = tariff.rules.cycle;
            let (first, months) = (desk.first.get_untracked(), desk.months.get_untracked());
            if tariff.rules.cycle_from == CycleFrom::Calendar && !cycle.fits(first, months) {
                let back = (first.number() % 100 - 1) % i32::try_from(cycle.months().max(1)).unwrap_or(1);
                desk.first.set(first.plus(-back));
                desk.months.set(cycle.months().max(1));
            }
        });
        Effect::new(move |_| desk.open(desk.first.get(), desk.months.get()));
        Effect::new(move |_| {
            let changes = desk.changes.get();
            let shown = desk.tariff().map(|(item, _)| item.id);
            if matches!(desk.opened.get(), Some(Ok(()))) {
                desk.look(TryChanges { changes: desk.over_the_period(changes), shown: shown.into_iter().collect() });
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

    /// What is tried is in force on all days of the period.
    fn over_the_period(self, changes: Vec<Change>) -> Vec<Change> {
        let first = self.first.get_untracked().first_day();
        let over = |mut change: Change| {
            if let Change::Price { tariff, from, to, .. } = &mut change {
                let rules = self.tariff_of(*tariff).map(|tariff| tariff.rules);
                (*from, *to) = (start(rules.as_ref(), first), None);
            }
            change
        };
        changes.into_iter().map(over).collect()
    }

    /// The worker downloads what is tried on.
    fn open(self, first: Month, months: u32) {
        let community = session::community();
        let mut fee_items: Vec<_> = self.tariffs.with_value(|tariffs| tariffs.iter().map(|(item, _)| item.id).collect());
        fee_items.dedup();
        self.opened.set(None);
        self.tried.set(None);
        // What is planned for the months before is not wanted any more.
        self.asked.update_value(|asked| *asked += 1);
        self.progress.set(Progress::default());
        let inputs = Download::of(&GetTrialInputs::of(community, first, months, fee_items));
        spawn_local(async move {
            let opened = worker::ask_downloading(OpenTrial { inputs }, |_| ()).await;
            let still = self.first.try_get_untracked() == Some(first) && self.months.try_get_untracked() == Some(months);
            if still {
                self.opened.try_set(Some(opened.map(|_| ())));
            }
        });
    }

    /// The worker plans and compares; of several questions the newest is answered.
    fn look(self, ask: TryChanges) {
        self.asked.update_value(|asked| *asked += 1);
        let mine = self.asked.get_value();
        let newest = move || self.asked.try_with_value(|asked| *asked == mine) == Some(true);
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
        self.query.put(&[("changes", text.as_deref())]);
    }

    /// Puts a change in the place of the one about the same, or takes that out.
    fn change(self, about: (TariffId, Option<PriceScope>), change: Option<Change>) {
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
        view! {
            {Header::new(t!("charging-what-if")).beside(lines::choose(self)).show()}
            <div class="flex flex-1 flex-col border-t border-line">{with_rail(move || self.seen(), board)}</div>
            {units::dialog(self)}
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

/// What a change is about: a place's price, or a tariff's rules.
fn about_of(change: &Change) -> (TariffId, Option<PriceScope>) {
    match change {
        Change::Price { tariff, scope, .. } => (*tariff, Some(*scope)),
        Change::Rules { tariff, .. } => (*tariff, None),
    }
}

/// From which day a tried price counts: cycles by anniversary reach back before the period.
fn start(rules: Option<&TariffRules>, first: Day) -> Day {
    let reach = rules.filter(|rules| rules.cycle_from == CycleFrom::Anniversary).map_or(0, |rules| rules.cycle.months());
    first.checked_sub_months(Months::new(reach)).unwrap_or(first)
}
