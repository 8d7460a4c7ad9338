//! The late fee of a fee item: what is in force in a line, and the dialog in which it is set.

use std::sync::Arc;

use common::charging::api::{EndLateFee, FeeItemView, SetLateFee};
use common::charging::late_fee::{CountedFrom, LateFeeRule, LateFeeTerm, LateStep, STEPS_MOST, explain, percent};
use common::id::FeeItemId;
use common::quantity::Price;
use leptos::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::tariff_form::words;
use crate::kit::{Confirm, Deed, Ending, FieldValue, Form, Reload, button, dialog, icon_sized, icons, toast};
use crate::{session, t};

/// What of late fee is in force today or will be, in a line; nothing where there is none.
pub(super) fn summary(item: &FeeItemView) -> Option<String> {
    let today = session::today();
    let term = item.late_fees.last().filter(|term| term.to.is_none_or(|to| to > term.from))?;
    let rate = explain::steps(session::language(), &term.rule);
    if let Some(to) = term.to.filter(|to| *to <= today) {
        return Some(t!("late-fee-summary-to", rate = rate, day = to));
    }
    if term.from > today {
        return Some(t!("late-fee-summary-from", rate = rate, day = term.from));
    }
    let grace = term.rule.grace_days;
    let line = t!("late-fee-summary", rate = rate, cap = percent(term.rule.cap.get()));
    Some(if grace > 0 { line + &t!("late-fee-summary-grace", days = grace) } else { line })
}

/// Whether a rule counts today or will.
pub(super) fn runs(item: &FeeItemView) -> bool {
    item.late_fees.last().is_some_and(|term| term.to.is_none_or(|to| to > session::today()))
}

/// Ends the rule today, after asking.
pub(super) fn end(fee_item: FeeItemId, name: &str, deed: Deed, reload: Reload) {
    Confirm::new(t!("late-fee-set-title", name = name), t!("late-fee-off-why"), t!("late-fee-off")).danger().ask(move || {
        let ask = EndLateFee { community: session::community(), fee_item, to: session::today() };
        deed.run(ask, move |_| {
            reload.now();
            toast(t!("late-fee-ended"));
        });
    });
}

/// The dialog.
#[derive(Clone, Copy)]
pub(super) struct LateFeeForm {
    open: RwSignal<bool>,
    name: RwSignal<String>,
    form: Form<SetLateFee>,
    reload: Reload,
}

impl LateFeeForm {
    pub(super) fn new(reload: Reload) -> Self {
        let form = Form::new(start(FeeItemId(Uuid::nil()), None));
        Self { open: RwSignal::new(false), name: RwSignal::new(String::new()), form, reload }
    }

    /// Starts with the rule in force, from today on; with the usual one where there is none.
    pub(super) fn open(self, item: &FeeItemView) {
        self.name.set(item.name.clone());
        self.form.restart(start(item.id, item.late_fees.last().map(|term| term.rule.clone())));
        self.open.set(true);
    }

    pub(super) fn show(self) -> AnyView {
        let Self { open, name, form, reload } = self;
        let title = move || t!("late-fee-set-title", name = name.get());
        dialog(open, title, move || {
            let counted = move || {
                let choices = words("late-fee-counted", CountedFrom::ALL, CountedFrom::word);
                let grace = form.draft.with(|draft| draft.term.rule.grace_days > 0);
                grace.then(|| {
                    form.radios(
                        "term.rule.counted_from",
                        t!("late-fee-counted-from"),
                        |ask| &mut ask.term.rule.counted_from,
                        choices,
                    )
                })
            };
            let fields = view! {
                <div class="grid grid-cols-2 gap-x-6 gap-y-5 max-sm:grid-cols-1">
                    {hundredths(form, "term.rule.rate", t!("late-fee-rate"), |ask| &mut ask.term.rule.rate)}
                    {hundredths(form, "term.rule.cap", t!("late-fee-cap"), |ask| &mut ask.term.rule.cap)}
                </div>
                <p class="text-sm text-ink-2">{t!("late-fee-rate-help")}</p>
                {steps(form)}
                {form
                    .field("term.rule.grace_days", t!("late-fee-grace"), |ask| &mut ask.term.rule.grace_days)
                    .unit(t!("late-fee-unit-days"))
                    .help(t!("late-fee-grace-help"))
                    .width("w-40")
                    .show()}
                {counted}
                <div class="grid grid-cols-2 gap-x-6 gap-y-5 max-sm:grid-cols-1">
                    {form.field("term.from", t!("late-fee-from"), |ask| &mut ask.term.from).help(t!("late-fee-from-help")).show()}
                    {form.last_day("term.to", t!("late-fee-to"), |ask| &mut ask.term.to).help(t!("late-fee-to-help")).show()}
                </div>
            };
            let backdated = move || {
                let from = form.draft.with_untracked(|ask| ask.term.from);
                (from < session::today()).then(|| {
                    let title = t!("late-fee-backdate-title", day = from);
                    let why = t!("late-fee-backdate-why", name = name.get_untracked(), day = from);
                    Confirm::new(title, why, t!("late-fee-backdate"))
                })
            };
            let ending = Ending::new(t!("kit-save")).in_dialog().ask_first(backdated).cancel(move || open.set(false));
            let done = move |_| {
                open.set(false);
                reload.now();
                toast(t!("late-fee-saved"));
            };
            view! { <div class="mt-3">{form.show(ending, fields, done)}</div> }.into_any()
        })
    }
}

/// The rates that follow the first, each from a day late on.
fn steps(form: Form<SetLateFee>) -> AnyView {
    let count = Memo::new(move |_| form.draft.with(|ask| ask.term.rule.steps.len()));
    form.custom("term.rule.steps", t!("late-fee-steps-label"), move |id, changed| {
        let for_add = changed.clone();
        let add = move || {
            form.draft.update(|ask| {
                let rule = &mut ask.term.rule;
                let last = rule.steps.last().copied().unwrap_or(LateStep { after_days: 0, rate: rule.rate });
                rule.steps.push(LateStep { after_days: last.after_days.saturating_add(30), rate: last.rate });
            });
            for_add();
        };
        let changed = StoredValue::new(changed);
        let line = move |place| step_line(form, place, Callback::new(move |()| changed.with_value(|changed| changed())));
        let lines = move || (0..count.get()).map(line).collect_view();
        let more = move || (count.get() < STEPS_MOST).then(|| button(icons::PLUS, t!("late-fee-step-add"), add.clone()));
        view! {
            <div id=id class="space-y-2">{lines} {more}</div>
            <p class="mt-1 text-sm text-ink-2">{t!("late-fee-steps-help")}</p>
        }
        .into_any()
    })
}

/// After how many days, which rate, and the way to take the line out.
fn step_line(form: Form<SetLateFee>, place: usize, changed: Callback<()>) -> AnyView {
    let now = form.draft.with_untracked(|ask| ask.term.rule.steps.get(place).copied());
    let days = now.map(|step| step.after_days.to_string()).unwrap_or_default();
    let rate = now.and_then(|step| step.rate.get().checked_mul(Decimal::ONE_HUNDRED)).unwrap_or_default().normalize();
    let read_days = |text: &str| text.trim().parse::<u16>().map_err(|_| "not_a_number");
    let read_rate = |text: &str| {
        let typed = Decimal::read(text)?.checked_div(Decimal::ONE_HUNDRED).ok_or("not_a_number")?;
        Price::new(typed).ok_or("kit.eight_decimals")
    };
    let (no, of_days, of_rate) = (place + 1, field(place, "after_days"), field(place, "rate"));
    let remove = move |_| {
        // The lines after it are drawn anew, one place before, with what they last said.
        for place in place..form.draft.with_untracked(|ask| ask.term.rule.steps.len()) {
            form.unreadable(&field(place, "after_days"), None);
            form.unreadable(&field(place, "rate"), None);
        }
        form.draft.update(|ask| {
            if place < ask.term.rule.steps.len() {
                ask.term.rule.steps.remove(place);
            }
        });
        changed.run(());
    };
    view! {
        <div class="flex items-end gap-2">
            <div class="grid grow grid-cols-2 gap-x-4">
                {form.custom(&of_days, t!("late-fee-step-after", no = no), move |id, changed| {
                    let typed = move |text: String| take(form, place, "after_days", read_days(&text), |step, days| step.after_days = days);
                    input(id, days, t!("late-fee-unit-days"), typed, changed)
                })}
                {form.custom(&of_rate, t!("late-fee-step-rate", no = no), move |id, changed| {
                    let typed = move |text: String| take(form, place, "rate", read_rate(&text), |step, rate| step.rate = rate);
                    input(id, rate.to_string(), "%".to_owned(), typed, changed)
                })}
            </div>
            <button type="button" class="btn btn-ghost btn-square" aria-label=t!("late-fee-step-remove", no = no) on:click=remove>
                {icon_sized(icons::X, 14, "")}
            </button>
        </div>
    }
    .into_any()
}

/// Puts what was typed into a step, or says that it can't be read.
fn take<V>(form: Form<SetLateFee>, place: usize, name: &str, read: Result<V, &'static str>, put: fn(&mut LateStep, V)) {
    let field = field(place, name);
    match read {
        Ok(value) => {
            form.unreadable(&field, None);
            form.draft.update(|ask| {
                if let Some(step) = ask.term.rule.steps.get_mut(place) {
                    put(step, value);
                }
            });
        }
        Err(code) => form.unreadable(&field, Some(code)),
    }
}

fn input(
    id: String,
    now: String,
    unit: String,
    typed: impl Fn(String) + 'static,
    changed: Arc<dyn Fn() + Send + Sync>,
) -> AnyView {
    let change = move |event| {
        typed(event_target_value(&event));
        changed();
    };
    view! {
        <label class="input">
            <input id=id class="num" inputmode="decimal" autocomplete="off" value=now on:input=change />
            <span class="text-ink-2">{unit}</span>
        </label>
    }
    .into_any()
}

fn field(place: usize, name: &str) -> String {
    format!("term.rule.steps.{place}.{name}")
}

/// A share that is typed as a percentage: people say 0.05 %, the rule holds 0.0005.
fn hundredths<V>(form: Form<SetLateFee>, field: &'static str, label: String, at: fn(&mut SetLateFee) -> &mut V) -> AnyView
where
    V: FieldValue + Copy + Into<Decimal> + TryFrom<Decimal>,
{
    form.custom(field, label, move |id, changed| {
        let now = form.draft.try_update_untracked(|draft| *at(draft)).map(Into::<Decimal>::into).unwrap_or_default();
        let now = now.checked_mul(Decimal::ONE_HUNDRED).unwrap_or_default().normalize();
        let change = move |text: String| {
            let share = Decimal::read(&text)
                .and_then(|typed| typed.checked_div(Decimal::ONE_HUNDRED).ok_or("not_a_number"))
                .and_then(|share| V::try_from(share).map_err(|_| "kit.eight_decimals"));
            match share {
                Ok(share) => {
                    form.unreadable(field, None);
                    form.draft.update(|draft| *at(draft) = share);
                }
                Err(code) => form.unreadable(field, Some(code)),
            }
        };
        input(id, now.to_string(), "%".to_owned(), change, changed)
    })
}

fn start(fee_item: FeeItemId, rule: Option<LateFeeRule>) -> SetLateFee {
    let term = LateFeeTerm { rule: rule.unwrap_or_default(), from: session::today(), to: None };
    SetLateFee { community: session::community(), fee_item, term }
}
