//! From a trial to prices, rules and schemes: the dialog names what is set, from when, and what it comes to; only then is it stored.

use common::approvals::api::DeedOutcome;
use common::billing::what_if::Change;
use common::charging::api::{
    Earlier, EndPrice, FeeItemView, ListPrices, PriceBoard, PriceScope, SaveTariff, SetPrice, TariffView,
};
use common::id::{PriceId, TariffId};
use common::period::Day;
use common::permission::Permission;
use common::problem::Problem;
use common::waivers::api::{ListSchemes, SaveScheme, SchemeState, SchemeView, SwitchScheme};
use common::waivers::explain::relief_text;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::super::prices::{next_month, place_text};
use super::super::words::rate_text;
use super::{Desk, about_of};
use crate::api::call;
use crate::approvals::done_or_waits;
use crate::kit::{FieldValue as _, Term, dialog, equation_line, go_with_router, icons, load, primary_button, toast_problem};
use crate::{session, t};

/// What kinds of changes are stored: each counts from another day.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Kinds {
    /// From the day that is asked for.
    prices: bool,
    /// For every bill that is made from now on.
    rules: bool,
    /// Schemes say themselves from when.
    schemes: bool,
}

impl Kinds {
    fn of(changes: &[Change]) -> Self {
        let any = |is: fn(&Change) -> bool| changes.iter().any(is);
        Self {
            prices: any(|change| matches!(change, Change::Price { .. })),
            rules: any(|change| matches!(change, Change::Rules { .. })),
            schemes: any(|change| change.scheme().is_some()),
        }
    }

    fn verb(self) -> String {
        match (self.prices, self.rules, self.schemes) {
            (true, true, true) => t!("charging-what-if-save-prices-rules-schemes"),
            (true, true, false) => t!("charging-what-if-save-prices-rules"),
            (true, false, true) => t!("charging-what-if-save-prices-schemes"),
            (true, false, false) => t!("charging-what-if-save"),
            (false, true, true) => t!("charging-what-if-save-rules-schemes"),
            (false, true, false) => t!("charging-what-if-save-rules"),
            (false, false, _) => t!("charging-what-if-save-schemes"),
        }
    }

    /// From when what counts, a sentence each.
    fn reasons(self) -> AnyView {
        let said = [
            self.prices.then(|| t!("charging-what-if-save-why-prices")),
            self.rules.then(|| t!("charging-what-if-save-why-rules")),
            self.schemes.then(|| t!("charging-what-if-save-why-schemes")),
            Some(t!("charging-what-if-save-why")),
        ];
        said.into_iter().flatten().map(|said| view! { <p class="mt-1 text-base text-ink-2">{said}</p> }).collect_view().into_any()
    }

    /// Where what was stored is found.
    fn place(self, tariff: Option<TariffId>) -> String {
        match tariff {
            Some(tariff) if self.prices => format!("/charging/prices?tariff={tariff}"),
            Some(_) => "/charging/fee-items".to_owned(),
            None => "/waivers/schemes".to_owned(),
        }
    }
}

/// A change on its way to be stored.
#[derive(Clone)]
struct Line {
    change: Change,
    /// Made once: sent twice, it is one price.
    price: PriceId,
    words: String,
    /// What it is now.
    now: String,
    /// A scheme that is stopped now: saved, it is applied again, as it was tried.
    again: Option<SchemeState>,
}

#[derive(Clone, Copy)]
pub(super) struct Saving {
    desk: Desk,
    open: RwSignal<bool>,
    from: RwSignal<Day>,
    reason: RwSignal<String>,
    busy: RwSignal<bool>,
}

impl Saving {
    pub(super) fn new(desk: Desk) -> Self {
        let from = RwSignal::new(next_month(session::today()));
        Self { desk, open: RwSignal::new(false), from, reason: RwSignal::new(String::new()), busy: RwSignal::new(false) }
    }

    /// Whether there is something to be stored that one may store. Rules and the community's price touch everybody: whoever sees
    /// some buildings only may try them, not save them.
    pub(super) fn offered(self) -> bool {
        let may = |change: &Change| match change {
            Change::Scheme(_) | Change::NoScheme { .. } => session::may_ask::<SaveScheme>(),
            Change::Rules { .. } | Change::Price { scope: PriceScope::Community, .. } => session::may_ask::<SaveTariff>(),
            Change::Price { .. } => session::may(Permission::ChargingWrite),
        };
        let tried = self.desk.tried.with(|tried| matches!(tried, Some(Ok(_))));
        tried && self.desk.changes.with(|changes| !changes.is_empty() && changes.iter().all(may))
    }

    pub(super) fn button(self) -> AnyView {
        let kinds = self.desk.changes.with_untracked(|changes| Kinds::of(changes));
        primary_button(icons::SAVE, kinds.verb(), move || self.open.set(true))
    }

    pub(super) fn show(self) -> AnyView {
        let many = move || self.desk.changes.with(Vec::len);
        let kinds = Memo::new(move |_| self.desk.changes.with(|changes| Kinds::of(changes)));
        let go = StoredValue::new(go_with_router());
        let title = move || match kinds.get() {
            Kinds { prices: true, rules: false, schemes: false } => {
                t!("charging-what-if-save-title", count = many(), day = self.from.get())
            }
            _ => t!("charging-what-if-save-all-title", count = many()),
        };
        dialog(self.open, title, move || {
            let changes = self.desk.changes.get_untracked();
            let lines = load(
                move || lines(self.desk, changes.clone()),
                3,
                move |lines: Vec<Line>| self.body(lines, move |address: &str| go.with_value(|go| go(address))),
            );
            view! { {kinds.get_untracked().reasons()} {lines} }.into_any()
        })
    }

    fn body(self, lines: Vec<Line>, go: impl Fn(&str) + Clone + 'static) -> AnyView {
        let rows = lines
            .iter()
            .map(|line| {
                view! {
                    <li class="flex flex-wrap items-baseline gap-x-2 border-b border-line py-1.5">
                        <span class="grow">{line.words.clone()}</span>
                        <span class="num ml-auto min-w-0 break-words whitespace-normal text-ink-2">{line.now.clone()}</span>
                    </li>
                }
            })
            .collect_view();
        let figures = self.desk.tried.with_untracked(|tried| {
            let made = &tried.as_ref()?.as_ref().ok()?.made;
            let change = made.after_fen.fen().saturating_sub(made.before_fen.fen());
            let change = common::money::Money::from_fen(change);
            Some(vec![
                Term::money("", t!("charging-what-if-before"), made.before_fen),
                Term::money(
                    if change.is_negative() { "−" } else { "+" },
                    t!("charging-what-if-changed", more = made.more.units, less = made.less.units),
                    common::money::Money::from_fen(change.fen().abs()),
                ),
                Term::result(t!("charging-what-if-after"), made.after_fen),
            ])
        });
        let dated = lines.iter().any(|line| matches!(line.change, Change::Price { .. }));
        let lines = StoredValue::new(lines);
        let store = move |_| self.store(lines, go.clone());
        view! {
            <ul class="mt-3 text-base">{rows}</ul>
            {figures.map(|figures| view! { <div class="mt-3 border-t-3 border-double border-control pt-3 text-sm">{equation_line(figures)}</div> })}
            <div class="mt-4 grid grid-cols-2 gap-5 max-sm:grid-cols-1" class:hidden=!dated>
                <label class="flex flex-col gap-1 text-sm">
                    {t!("charging-what-if-from")}
                    <input
                        type="date"
                        class="input"
                        prop:value=move || self.from.get().to_string()
                        on:change=move |event| {
                            if let Ok(day) = Day::read(&event_target_value(&event)) {
                                self.from.set(day);
                            }
                        }
                    />
                </label>
                <label class="flex flex-col gap-1 text-sm">
                    {t!("charging-reason")}
                    <input
                        class="input"
                        maxlength="200"
                        placeholder=t!("charging-reason-example")
                        prop:value=move || self.reason.get()
                        on:input=move |event| self.reason.set(event_target_value(&event))
                    />
                </label>
            </div>
            <div class="mt-5 flex justify-end gap-2">
                <button type="button" class="btn dialog-cancel" on:click=move |_| self.open.set(false)>{t!("kit-cancel")}</button>
                <button type="button" class="btn btn-primary dialog-deed" aria-disabled=move || self.busy.get().then_some("true") on:click=store>
                    {t!("charging-what-if-save-now")}
                </button>
            </div>
        }
        .into_any()
    }

    /// One command after the other; what is stored leaves the trial, so that a refusal leaves the rest to be mended.
    fn store(self, left: StoredValue<Vec<Line>>, go: impl Fn(&str) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let (from, reason) = (self.from.get_untracked(), self.reason.get_untracked());
        let lines = left.get_value();
        let changes: Vec<Change> = lines.iter().map(|line| line.change.clone()).collect();
        let (kinds, tariff) = (Kinds::of(&changes), priced_first(&changes));
        // The page may be left before the last is stored.
        let tariffs = self.desk.tariffs.with_value(Clone::clone);
        spawn_local(async move {
            let mut outcome = DeedOutcome::default();
            for line in lines {
                match stored(&tariffs, &line, from, &reason).await {
                    Ok(done) => outcome.waits = outcome.waits.or(done.waits),
                    Err(problem) => {
                        toast_problem(&problem);
                        self.busy.try_set(false);
                        return;
                    }
                }
                // What is stored is not sent again, whatever becomes of the rest.
                left.try_update_value(|left| left.retain(|other| other.price != line.price));
                self.desk.changes.try_update(|changes| changes.retain(|change| about_of(change) != about_of(&line.change)));
            }
            if self.busy.try_set(false).is_none() {
                let said = match kinds {
                    Kinds { prices: true, rules: false, schemes: false } => t!("charging-what-if-saved", day = from),
                    Kinds { prices: true, .. } => t!("charging-what-if-saved-all", day = from),
                    Kinds { rules: true, .. } => t!("charging-saved"),
                    _ => t!("waivers-saved"),
                };
                done_or_waits(outcome, said);
                go(&kinds.place(tariff));
            }
        });
    }
}

/// The tariff whose price is changed first; else that whose rules are.
fn priced_first(changes: &[Change]) -> Option<TariffId> {
    let priced = changes.iter().filter(|change| matches!(change, Change::Price { .. }));
    priced.chain(changes).find_map(Change::tariff)
}

/// The changes in words, with what is in force now.
async fn lines(desk: Desk, changes: Vec<Change>) -> Result<Vec<Line>, Problem> {
    let community = session::community();
    let mut boards: Vec<(TariffId, PriceBoard)> = Vec::new();
    let mut lines = Vec::new();
    let schemes = match changes.iter().any(|change| change.scheme().is_some()) {
        true => call(ListSchemes { community }).await?,
        false => Vec::new(),
    };
    for change in changes {
        let Some(tariff) = change.tariff() else {
            let found = schemes.iter().find(|scheme| Some(scheme.id) == change.scheme());
            let (words, now) = scheme_words(&change, found);
            let again = found.filter(|found| found.state == SchemeState::Stopped).map(|_| SchemeState::Active);
            lines.push(Line { change, price: PriceId(Uuid::now_v7()), words, now, again });
            continue;
        };
        if !boards.iter().any(|(known, _)| *known == tariff) {
            boards.push((tariff, call(ListPrices { community, tariff }).await?));
        }
        let name = desk.tariff_of(tariff).map(|tariff| tariff.name).unwrap_or_default();
        let (mut words, mut now) = (t!("charging-what-if-rules-of", name = name.clone()), String::new());
        if let (Change::Price { scope, rate, .. }, Some((_, board))) =
            (&change, boards.iter().find(|(known, _)| *known == tariff))
        {
            let to = rate.as_ref().map_or_else(|| t!("charging-what-if-withdrawn"), rate_text);
            words = format!("{name} · {}", place_text(board, *scope));
            let own =
                board.prices.iter().filter(|price| price.scope == *scope && price.to.is_none()).max_by_key(|price| price.from);
            now = own.map_or_else(|| to.clone(), |own| format!("{} → {to}", rate_text(&own.rate)));
        }
        lines.push(Line { change, price: PriceId(Uuid::now_v7()), words, now, again: None });
    }
    Ok(lines)
}

/// A scheme in words: what it is called, and what becomes of it.
fn scheme_words(change: &Change, found: Option<&SchemeView>) -> (String, String) {
    let language = session::language();
    match change {
        Change::Scheme(save) => {
            let to = relief_text(language, save.rules.what());
            let now = match found {
                Some(found) => format!("{} → {to}", relief_text(language, found.rules.what())),
                None => t!("charging-what-if-scheme-from", relief = to, from = save.from),
            };
            (save.name.clone(), now)
        }
        _ => (found.map(|found| found.name.clone()).unwrap_or_default(), t!("charging-what-if-scheme-stopped")),
    }
}

async fn stored(tariffs: &[(FeeItemView, TariffView)], line: &Line, from: Day, reason: &str) -> Result<DeedOutcome, Problem> {
    let community = session::community();
    match &line.change {
        Change::Price { tariff, scope, rate: Some(rate), .. } => {
            let ask = SetPrice {
                community,
                tariff: *tariff,
                price: line.price,
                scope: *scope,
                rate: rate.clone(),
                from,
                to: None,
                earlier: Earlier::Ended,
                reason: reason.to_owned(),
            };
            call(ask).await.map(|_| DeedOutcome::default())
        }
        Change::Price { tariff, scope, rate: None, .. } => {
            let board = call(ListPrices { community, tariff: *tariff }).await?;
            let over = |to: Option<Day>| to.is_none_or(|to| to > from);
            for price in board.prices.iter().filter(|price| price.scope == *scope && over(price.to)) {
                call(EndPrice { community, price: price.id, to: from.max(price.from), resumes: false }).await?;
            }
            Ok(DeedOutcome::default())
        }
        Change::Rules { tariff, rules } => {
            let Some((item, now)) = tariffs.iter().find(|(_, one)| one.id == *tariff) else {
                return Err(Problem::not_found());
            };
            let ask = SaveTariff { community, tariff: *tariff, fee_item: item.id, name: now.name.clone(), rules: rules.clone() };
            call(ask).await.map(|_| DeedOutcome::default())
        }
        Change::Scheme(save) => {
            let (community, scheme) = (save.community, save.scheme);
            let saved = call((**save).clone()).await?;
            match line.again {
                Some(state) => call(SwitchScheme { community, scheme, state }).await,
                None => Ok(saved),
            }
        }
        Change::NoScheme { scheme } => call(SwitchScheme { community, scheme: *scheme, state: SchemeState::Stopped }).await,
    }
}
