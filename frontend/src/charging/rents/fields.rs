//! The fields of a contract's terms: rent-free days, escalation, a share of the sales.

use common::charging::api::SaveRent;
use common::charging::rent::{Compared, EscalateBy, Escalation, FreeSales, Rent};
use common::period::{Day, Period, add_days, add_months};
use common::quantity::{Price, Quantity};
use leptos::prelude::*;
use rust_decimal::Decimal;

use super::super::tariff_form::words;
use super::usual;
use crate::kit::{FieldValue as _, Form, button, icon_sized, icons};
use crate::{session, t};

/// All of them; `unit` is that of the price.
pub(super) fn terms(form: Form<SaveRent>, unit: Signal<String>) -> AnyView {
    view! {
        <div class="flex items-end gap-2">
            {form.field("rent.price", t!("charging-rent-price"), |ask| &mut ask.rent.price).width("w-48").show()}
            <span class="pb-2 text-sm text-ink-2">{move || unit.get()}</span>
        </div>
        {free(form)}
        {escalation(form, unit)}
        {turnover(form)}
    }
    .into_any()
}

/// The last day, which the request names by the day after it.
pub(super) fn last_day(form: Form<SaveRent>) -> AnyView {
    form.custom("to", t!("charging-rent-last"), move |id, changed| {
        let shown = move || form.draft.with(|ask| ask.to.map(|to| through(to).to_string()).unwrap_or_default());
        let typed = move |event: leptos::ev::Event| {
            let day = event_target_value(&event).parse::<Day>().ok();
            form.draft.update(|ask| ask.to = day.and_then(|day| day.succ_opt()));
            changed();
        };
        view! { <input id=id type="date" class="input w-full" prop:value=shown on:change=typed /> }.into_any()
    })
}

fn through(to: Day) -> Day {
    to.pred_opt().unwrap_or(to)
}

/// What is wrong with a field of the terms, as one types.
fn problem(form: Form<SaveRent>, field: String) -> AnyView {
    let text = move || {
        let problems = form.draft.with(|draft| draft.rent.problems("rent"));
        let found = problems.iter().find(|problem| problem.field == field);
        found.map(|problem| common::text::of_field(session::language(), problem))
    };
    view! { <span class="block text-sm text-error" aria-live="polite">{text}</span> }.into_any()
}

fn free(form: Form<SaveRent>) -> AnyView {
    let count = Memo::new(move |_| form.draft.with(|ask| ask.rent.free.len()));
    form.custom("rent.free", t!("charging-rent-free"), move |id, changed| {
        let for_add = changed.clone();
        let add = move || {
            form.draft.update(|ask| {
                let from = ask.rent.free.last().map_or(ask.from, |last| last.to);
                let to = add_months(from, 1).unwrap_or(from);
                ask.rent.free.push(Period { from, to });
            });
            for_add();
        };
        let changed = StoredValue::new(changed);
        let lines = move || {
            (0..count.get())
                .map(|place| free_line(form, place, Callback::new(move |()| changed.with_value(|changed| changed()))))
                .collect_view()
        };
        view! { <div id=id class="space-y-2">{lines} {button(icons::PLUS, t!("charging-rent-free-add"), add)}</div> }.into_any()
    })
}

fn free_line(form: Form<SaveRent>, place: usize, changed: Callback<()>) -> AnyView {
    let get = move |of: fn(&Period) -> Day| {
        move || form.draft.with(|ask| ask.rent.free.get(place).map(|free| of(free).to_string()).unwrap_or_default())
    };
    let set = move |write: fn(&mut Period, Day)| {
        move |event: leptos::ev::Event| {
            let Ok(day) = event_target_value(&event).parse::<Day>() else { return };
            form.draft.update(|ask| {
                if let Some(free) = ask.rent.free.get_mut(place) {
                    write(free, day);
                }
            });
            changed.run(());
        }
    };
    let remove = move |_| {
        form.draft.update(|ask| {
            if place < ask.rent.free.len() {
                ask.rent.free.remove(place);
            }
        });
        changed.run(());
    };
    let no = place + 1;
    view! {
        <div>
            // On a phone the two days stand one below the other, and the way to take them out beside the first.
            <div class="grid grid-cols-[auto_1fr_auto] items-center gap-2 sm:flex">
                <span class="text-sm text-ink-2 sm:hidden">{t!("charging-rent-free-since")}</span>
                <input type="date" class="input input-sm w-full sm:w-40" aria-label=t!("charging-rent-free-from", no = no) prop:value=get(|free| free.from)
                    on:change=set(|free, day| free.from = day) />
                <button type="button" class="btn btn-ghost btn-sm btn-square sm:order-last" aria-label=t!("charging-rent-free-remove") on:click=remove>
                    {icon_sized(icons::X, 14, "")}
                </button>
                <span class="text-sm whitespace-nowrap text-ink-2">{t!("charging-rent-free-through")}</span>
                <input type="date" class="input input-sm w-full sm:w-40" aria-label=t!("charging-rent-free-to", no = no) prop:value=get(|free| through(free.to))
                    on:change=set(|free, day| free.to = add_days(day, 1).unwrap_or(day)) />
            </div>
            {problem(form, format!("rent.free.{place}.to"))}
        </div>
    }
    .into_any()
}

fn of(ask: &mut SaveRent) -> &mut Escalation {
    ask.rent.escalation.get_or_insert_with(usual)
}

fn escalation(form: Form<SaveRent>, unit: Signal<String>) -> AnyView {
    let by = Memo::new(move |_| form.draft.with(|ask| ask.rent.escalation.map(|escalation| escalation.by)));
    let choose = move |to: Option<EscalateBy>| {
        form.draft.update(|ask| match to {
            None => ask.rent.escalation = None,
            Some(by) => {
                let step = if by == EscalateBy::Rate { usual().step } else { Price::ZERO };
                let before = ask.rent.escalation.unwrap_or_else(usual);
                ask.rent.escalation = Some(if before.by == by { before } else { Escalation { by, step, ..before } });
            }
        });
    };
    let kinds = [
        (None, t!("charging-rent-escalation-none")),
        (Some(EscalateBy::Rate), t!("charging-rent-escalation-rate")),
        (Some(EscalateBy::Amount), t!("charging-rent-escalation-amount")),
    ];
    let radios = kinds
        .into_iter()
        .map(|(kind, word)| {
            view! {
                <label class="flex min-h-8 items-center gap-2 text-base">
                    <input type="radio" class="radio radio-xs" name="escalation" prop:checked=move || by.get() == kind on:change=move |_| choose(kind) />
                    {word}
                </label>
            }
        })
        .collect_view();
    let body = move || {
        let by = by.get()?;
        let step = match by {
            EscalateBy::Rate => percent_field(
                form,
                ("rent.escalation.step", t!("charging-rent-step-rate")),
                |rent| rent.escalation.map(|escalation| escalation.step.get()),
                |ask, share| match Price::new(share) {
                    Some(step) => {
                        of(ask).step = step;
                        true
                    }
                    None => false,
                },
            ),
            EscalateBy::Amount => form
                .field("rent.escalation.step", t!("charging-rent-step-amount"), |ask| &mut of(ask).step)
                .unit(unit.get_untracked())
                .show(),
        };
        Some(view! {
            <div class="grid grid-cols-2 gap-5 max-sm:gap-3">
                {form.field("rent.escalation.every_months", t!("charging-rent-every"), |ask| &mut of(ask).every_months).unit(t!("charging-rent-every-months")).show()}
                {step}
            </div>
            {(by == EscalateBy::Rate).then(|| form.tick("rent.escalation.compounding", t!("charging-rent-compounding"), |ask| &mut of(ask).compounding))}
        })
    };
    view! {
        <fieldset>
            <legend class="text-base font-semibold">{t!("charging-rent-escalation")}</legend>
            <div class="mt-1 flex flex-wrap gap-x-5">{radios}</div>
        </fieldset>
        {body}
    }
    .into_any()
}

fn turnover(form: Form<SaveRent>) -> AnyView {
    let on = Memo::new(move |_| form.draft.with(|ask| ask.rent.turnover.is_some()));
    let turn = move |event: leptos::ev::Event| {
        let share = event_target_checked(&event).then(|| Quantity::from_scaled(600));
        form.draft.update(|ask| ask.rent.turnover = share);
    };
    let share = move || {
        on.get().then(|| {
            percent_field(
                form,
                ("rent.turnover", t!("charging-rent-share")),
                |rent| rent.turnover.map(Quantity::get),
                |ask, share| {
                    let share = Quantity::new(share);
                    ask.rent.turnover = share.or(ask.rent.turnover);
                    share.is_some()
                },
            )
        })
    };
    let how = move || {
        on.get().then(|| {
            let compared = words("charging-rent-compared", Compared::ALL, Compared::word);
            let free = words("charging-rent-free-sales", FreeSales::ALL, FreeSales::word);
            view! {
                {form.radios("rent.compared", t!("charging-rent-compared"), |ask| &mut ask.rent.compared, compared)}
                {form.radios("rent.free_sales", t!("charging-rent-free-sales"), |ask| &mut ask.rent.free_sales, free)}
            }
        })
    };
    view! {
        <label class="flex min-h-8 items-center gap-2 text-base font-semibold">
            <input type="checkbox" class="checkbox checkbox-xs" prop:checked=move || on.get() on:change=turn />
            {t!("charging-rent-with-turnover")}
        </label>
        {share}
        {how}
    }
    .into_any()
}

/// A share, typed in per cent.
fn percent_field(
    form: Form<SaveRent>,
    (field, label): (&'static str, String),
    get: fn(&Rent) -> Option<Decimal>,
    set: fn(&mut SaveRent, Decimal) -> bool,
) -> AnyView {
    on_cleanup(move || form.unreadable(field, None));
    form.custom(field, label, move |id, changed| {
        let start = form.draft.with_untracked(|ask| get(&ask.rent)).unwrap_or_default();
        let typed = move |event: leptos::ev::Event| {
            let share = Decimal::read(&event_target_value(&event)).map(|share| share / Decimal::ONE_HUNDRED);
            let code = match share {
                Err(code) => Some(code),
                Ok(share) => {
                    let mut read = false;
                    form.draft.update(|ask| read = set(ask, share));
                    (!read).then_some("kit.four_decimals")
                }
            };
            form.unreadable(field, code);
            changed();
        };
        view! {
            <label class="input w-full max-w-48">
                <input id=id class="num" inputmode="decimal" autocomplete="off" value=(start * Decimal::ONE_HUNDRED).normalize().to_string() on:input=typed />
                "%"
            </label>
            {problem(form, field.to_owned())}
        }
        .into_any()
    })
}
