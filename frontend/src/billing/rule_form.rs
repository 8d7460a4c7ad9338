//! The dialog of a generation rule: what, for whom, when, and right away which days that comes to.

use common::billing::api::{GenerationRuleView, SaveGenerationRule};
use common::billing::schedule::{IssueOn, Occurrence, RuleStart, Schedule};
use common::charging::tariff::Cycle;
use common::id::{BuildingId, FeeItemId, GenerationRuleId};
use common::period::{Day, Month};
use leptos::prelude::*;
use uuid::Uuid;

use super::words::{months_text, period_text};
use crate::charging::{cycle_text, months_of_year};
use crate::kit::{Ending, Form, Reload, cards, toast, wide_dialog};
use crate::{session, t};

/// So many of the times to come are shown.
const SHOWN: usize = 6;

/// What a rule may be for.
#[derive(Clone, Default)]
pub(super) struct Choices {
    pub fee_items: Vec<(FeeItemId, String)>,
    pub buildings: Vec<(BuildingId, String)>,
}

/// Opens for a new rule or one that is there.
#[derive(Clone, Copy)]
pub(super) struct RuleForm {
    open: RwSignal<bool>,
    new: RwSignal<bool>,
    /// The rule that is changed, where it is one, goes on from here.
    over_to: RwSignal<Option<Day>>,
    /// What begins before this day is over for a rule that rested; nothing is, for a new one.
    rested: RwSignal<Option<Day>>,
    choices: StoredValue<Choices>,
    form: Form<SaveGenerationRule>,
    reload: Reload,
}

impl RuleForm {
    pub(super) fn new(reload: Reload) -> Self {
        Self {
            open: RwSignal::new(false),
            new: RwSignal::new(true),
            over_to: RwSignal::new(None),
            rested: RwSignal::new(None),
            choices: StoredValue::new(Choices::default()),
            form: Form::new(blank()),
            reload,
        }
    }

    pub(super) fn offer(self, choices: Choices) {
        self.choices.set_value(choices);
    }

    pub(super) fn open(self, rule: Option<GenerationRuleView>) {
        self.new.set(rule.is_none());
        self.over_to.set(rule.as_ref().filter(|rule| rule.active).map(|rule| rule.over_to));
        self.rested.set(rule.as_ref().filter(|rule| !rule.active).map(|rule| rule.over_to));
        self.form.restart(rule.as_ref().map_or_else(blank, Self::request));
        self.open.set(true);
    }

    /// A rule as the request that would save it as it is.
    pub(super) fn request(rule: &GenerationRuleView) -> SaveGenerationRule {
        SaveGenerationRule {
            community: session::community(),
            rule: rule.id,
            name: rule.name.clone(),
            fee_items: rule.fee_items.clone(),
            buildings: rule.buildings.clone(),
            schedule: rule.schedule.clone(),
            start: rule.start,
            active: rule.active,
        }
    }

    pub(super) fn show(self) -> AnyView {
        let Self { open, new, over_to, rested, choices, form, reload } = self;
        let title = move || if new.get() { t!("billing-rule-add") } else { t!("billing-rule-edit") };
        wide_dialog(open, title, move || {
            let ending = Ending::new(t!("kit-save")).wide().in_dialog().cancel(move || open.set(false));
            let done = move |_| {
                open.set(false);
                reload.now();
                toast(t!("billing-rule-saved"));
            };
            let fields = view! { {choices.with_value(|choices| fields(form, choices))} {ahead(form, over_to, rested)} };
            view! { <div class="mt-3">{form.show(ending, fields, done)}</div> }.into_any()
        })
    }
}

fn fields(form: Form<SaveGenerationRule>, choices: &Choices) -> AnyView {
    let cycles = Cycle::ALL.iter().map(|cycle| (*cycle, cycle_text(*cycle, 1))).collect();
    let on = IssueOn::ALL.iter().map(|on| (*on, t!(&format!("billing-on-{}", on.word().replace('_', "-"))))).collect::<Vec<_>>();
    let starts =
        RuleStart::ALL.iter().map(|start| (*start, t!(&format!("billing-start-{}-long", start.word())))).collect::<Vec<_>>();
    let once = Memo::new(move |_| form.draft.with(|ask| ask.schedule.cycle == Cycle::Once));
    let days = Memo::new(move |_| form.draft.with(|ask| ask.schedule.on.counts_days()));
    let day = move || {
        if once.get() {
            return form.field("schedule.once_day", t!("billing-rule-once-day"), |ask| &mut ask.schedule.once_day).show();
        }
        let unit = if days.get() { t!("charging-days") } else { t!("billing-rule-of-month") };
        let on = form.choice("schedule.on", t!("billing-rule-on"), |ask| &mut ask.schedule.on, on.clone());
        let number = form.field("schedule.number", t!("billing-rule-number"), |ask| &mut ask.schedule.number).unit(unit);
        let number = if days.get() { number } else { number.help(t!("billing-rule-number-help")) };
        view! { {on} {number.show()} }.into_any()
    };
    let cycles_count = Memo::new(move |_| form.draft.with(|ask| ask.schedule.cycle.months() > 1));
    let cycle_month = move || {
        cycles_count.get().then(|| {
            form.choice("schedule.cycle_month", t!("charging-cycle-month"), |ask| &mut ask.schedule.cycle_month, months_of_year())
        })
    };
    view! {
        {form.field("name", t!("billing-rule-name"), |ask| &mut ask.name).focus().placeholder(t!("billing-rule-example")).show()}
        {form.ticks("fee_items", t!("billing-fee-items"), |ask| &mut ask.fee_items, choices.fee_items.clone())}
        {form.ticks("buildings", t!("billing-buildings"), |ask| &mut ask.buildings, choices.buildings.clone())}
        {part("billing-rule-part-when")}
        {pairs(view! {
            {form.choice("schedule.cycle", t!("billing-rule-cycle"), |ask| &mut ask.schedule.cycle, cycles)}
            {cycle_month}
            <div class="grid grid-cols-2 gap-x-4 max-sm:grid-cols-1 max-sm:gap-y-5">
                {form.field("schedule.first", t!("billing-rule-first"), |ask| &mut ask.schedule.first).show()}
                {form.field("schedule.last", t!("billing-rule-last"), |ask| &mut ask.schedule.last).show()}
            </div>
            {day}
        })}
        {part("billing-rule-part-due")}
        {pairs(view! {
            {form
                .field("schedule.notice_days", t!("billing-rule-notice"), |ask| &mut ask.schedule.notice_days)
                .unit(t!("charging-days"))
                .help(t!("billing-rule-notice-help"))
                .show()}
            {form
                .field("schedule.due_days", t!("billing-rule-due-days"), |ask| &mut ask.schedule.due_days)
                .unit(t!("charging-days"))
                .help(t!("billing-rule-due-help"))
                .show()}
        })}
        {form.radios("start", t!("billing-rule-start"), |ask| &mut ask.start, starts)}
    }
    .into_any()
}

/// Fields two by two, so that what belongs together stands side by side.
fn pairs(fields: impl IntoAny) -> AnyView {
    view! { <div class="grid grid-cols-2 gap-x-6 gap-y-5 max-sm:grid-cols-1">{fields.into_any()}</div> }.into_any()
}

/// The title of a part of the form.
fn part(title: &'static str) -> AnyView {
    view! { <h3 class="border-t border-line pt-4 text-base font-semibold text-ink-2">{t!(title)}</h3> }.into_any()
}

/// The next times that the rule comes to as it stands in the form, by the rule that the server schedules with.
fn ahead(form: Form<SaveGenerationRule>, over_to: RwSignal<Option<Day>>, rested: RwSignal<Option<Day>>) -> AnyView {
    let next = Memo::new(move |_| {
        let today = session::today();
        form.draft.with(|ask| {
            let sound = ask.schedule.problems("schedule").is_empty();
            sound.then(|| ask.schedule.ahead(over_to.get(), today).take(SHOWN).collect::<Vec<_>>())
        })
    });
    let body = move || match next.get() {
        None => view! { <p class="text-sm text-ink-2">{t!("billing-rule-ahead-wrong")}</p> }.into_any(),
        Some(next) if next.is_empty() => view! { <p class="text-sm text-ink-2">{t!("billing-rule-ahead-none")}</p> }.into_any(),
        Some(next) => times(&next),
    };
    let past = Memo::new(move |_| {
        let begins = over_to.with(Option::is_none) && next.with(Option::is_some);
        begins.then(|| form.draft.with(|ask| left_out(&ask.schedule, rested.get(), session::today()))).flatten()
    });
    let past = move || {
        let words = match (past.get()?, next.with(|next| next.as_ref().and_then(|next| next.first().copied()))) {
            (past, Some(next)) => t!("billing-rule-past", past = past, next = next.first),
            (past, None) => t!("billing-rule-past-all", past = past),
        };
        Some(view! { <p class="mt-1 text-sm text-ink-2">{words}</p> })
    };
    view! {
        <section class="border-t border-line pt-4" aria-live="polite" aria-labelledby="rule-ahead">
            <h3 id="rule-ahead" class="text-base font-semibold text-ink-2">{t!("billing-rule-ahead")}</h3>
            {past}
            <div class="mt-1">{body}</div>
        </section>
    }
    .into_any()
}

/// The months that a rule which begins today leaves out, as their day has gone by; of one that rested, those that were not over.
fn left_out(schedule: &Schedule, rested: Option<Day>, today: Day) -> Option<String> {
    let past = schedule.all().take_while(|one| one.day < today);
    let past: Vec<Occurrence> = past.filter(|one| rested.is_none_or(|day| one.first.first_day() >= day)).collect();
    past.first().map(|first| months_text(first.first, past.iter().map(|one| one.months).sum()))
}

fn times(next: &[Occurrence]) -> AnyView {
    let today = session::today();
    let rows = next
        .iter()
        .map(|one| {
            let due = one.due_day.map_or_else(|| t!("billing-rule-due-by-tariff"), |day| day.to_string());
            let late = (one.day <= today).then(|| t!("billing-rule-at-once"));
            view! {
                <tr>
                    <td class="font-semibold">{period_text(*one)}</td>
                    <td>{one.day.to_string()} {late.map(|late| view! { <span class="label-xs ml-1 text-warning">{late}</span> })}</td>
                    <td>{one.notice_day.to_string()}</td>
                    <td>{due}</td>
                </tr>
            }
        })
        .collect_view();
    cards(view! {
        <table class="table">
            <caption class="sr-only">{t!("billing-rule-ahead")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t!("billing-period")}</th>
                    <th scope="col">{t!("billing-rule-day")}</th>
                    <th scope="col">{t!("billing-notice-day")}</th>
                    <th scope="col">{t!("billing-due-day")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    })
}

fn blank() -> SaveGenerationRule {
    SaveGenerationRule {
        community: session::community(),
        rule: GenerationRuleId(Uuid::now_v7()),
        name: String::new(),
        fee_items: Vec::new(),
        buildings: Vec::new(),
        schedule: Schedule { due_days: Some(15), ..Schedule::monthly(Month::of(session::today())) },
        start: RuleStart::Automatic,
        active: true,
    }
}
