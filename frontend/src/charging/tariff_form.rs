//! The dialog of a tariff.

use common::billing::what_if::Change;
use common::charging::api::{SaveTariff, TariffView};
use common::charging::minimum::{MinimumKind, MinimumPer};
use common::charging::tariff::{
    Coefficient, Cycle, CycleFrom, DueFrom, FeeItemKind, Mode, ProrationRule, RoundHow, RoundTo, StartsAt, TariffRules, Vacant,
};
use common::estate::kind::UnitKind;
use common::formula::FormulaPlace;
use common::id::{FeeItemId, TariffId};
use common::quantity::Quantity;
use leptos::prelude::*;
use uuid::Uuid;

use super::formula_editor::{FormulaText, formula_editor};
use super::formula_units::formula_units;
use super::what_if;
use crate::kit::{Ending, FieldValue as _, Form, Reload, toast, wide_dialog};
use crate::{session, t};

/// Opens for a new tariff or one that is there.
#[derive(Clone, Copy)]
pub(super) struct TariffForm {
    open: RwSignal<bool>,
    new: RwSignal<bool>,
    /// How many units are charged by it today.
    units: RwSignal<u64>,
    form: Form<SaveTariff>,
    reload: Reload,
}

impl TariffForm {
    pub(super) fn new(reload: Reload) -> Self {
        let form = Form::sending(blank(FeeItemId(Uuid::nil()), FeeItemKind::Property), stored);
        // Metered usage is never prorated; everything else by days, unless the person chooses otherwise.
        let mode = Memo::new(move |_| form.draft.with(|draft| draft.rules.mode));
        Effect::new(move |before: Option<Mode>| {
            let now = mode.get();
            if before.is_some_and(|before| (before == Mode::Usage) != (now == Mode::Usage)) {
                form.draft.update(|draft| {
                    draft.rules.proration = TariffRules::of_mode(now).proration;
                    draft.rules.minimum = TariffRules::of_mode(now).minimum;
                });
            }
            now
        });
        Self { open: RwSignal::new(false), new: RwSignal::new(true), units: RwSignal::new(0), form, reload }
    }

    pub(super) fn open(self, fee_item: FeeItemId, kind: FeeItemKind, tariff: Option<TariffView>) {
        self.new.set(tariff.is_none());
        self.units.set(tariff.as_ref().map_or(0, |tariff| tariff.units));
        self.form.restart(match tariff {
            Some(tariff) => SaveTariff {
                community: session::community(),
                tariff: tariff.id,
                fee_item,
                name: tariff.name,
                rules: tariff.rules,
            },
            None => blank(fee_item, kind),
        });
        self.open.set(true);
    }

    pub(super) fn show(self) -> AnyView {
        let Self { open, new, units, form, reload } = self;
        let title = move || if new.get() { t!("charging-tariff-add") } else { t!("charging-tariff-edit") };
        wide_dialog(open, title, move || {
            let ending = Ending::new(t!("kit-save")).wide().in_dialog().cancel(move || open.set(false));
            let done = move |_| {
                open.set(false);
                reload.now();
                toast(t!("charging-saved"));
            };
            let try_out = move || {
                let there = !new.get();
                let SaveTariff { tariff, rules, .. } = form.ask();
                let address = what_if::address(Some(tariff), &[Change::Rules { tariff, rules }]);
                let units = units.get();
                let applies =
                    (units > 0).then(|| view! { <span class="sentence">{t!("charging-tariff-applies", units = units)}</span> });
                there.then(|| {
                    view! {
                        <div class="flex flex-wrap gap-x-2 text-sm text-ink-2">
                            {applies}
                            {form.taken_along(move || address.clone(), t!("charging-what-if-of-draft"))}
                        </div>
                    }
                })
            };
            let fields = view! { {fields(form)} {try_out} };
            view! { <div class="mt-3">{form.show(ending, fields, done)}</div> }.into_any()
        })
    }
}

/// All fields of a tariff.
pub(super) fn fields(form: Form<SaveTariff>) -> AnyView {
    let named = view! {
        {form.field("name", t!("charging-tariff-name"), |ask| &mut ask.name).focus().placeholder(t!("charging-tariff-example")).show()}
        {form.choice("rules.mode", t!("charging-mode"), |ask| &mut ask.rules.mode, words("charging-mode", Mode::ALL, Mode::word))}
        {per_day(form)}
        {usage_of(form)}
    };
    fields_under(form, named.into_any())
}

/// The rules of a tariff that has prices: its mode stays.
pub(super) fn rules_of_mode(form: Form<SaveTariff>) -> AnyView {
    fields_under(form, ().into_any())
}

fn fields_under(form: Form<SaveTariff>, named: AnyView) -> AnyView {
    let metered = Memo::new(move |_| form.draft.with(|draft| draft.rules.is_metered()));
    // What is no longer metered goes by no meter.
    Effect::new(move |_| {
        if !metered.get() && form.draft.with(|draft| draft.rules.usage_of.is_some()) {
            form.draft.update(|draft| draft.rules.usage_of = None);
        }
    });
    let usage = Memo::new(move |_| form.draft.with(|draft| draft.rules.mode == Mode::Usage));
    let formula = Memo::new(move |_| form.draft.with(|draft| draft.rules.mode == Mode::Formula));
    let reduced = Memo::new(move |_| form.draft.with(|draft| draft.rules.vacant == Vacant::Reduced));
    let once = Memo::new(move |_| form.draft.with(|draft| draft.rules.cycle == Cycle::Once));
    let rule = Memo::new(move |_| form.draft.with(|draft| draft.rules.proration.rule));
    let per_day = Memo::new(move |_| form.draft.with(|draft| draft.rules.is_per_day()));
    let adds_months = Memo::new(move |_| form.draft.with(|draft| adds_months(&draft.rules)));
    let by_period = move || !usage.get() && !once.get();
    let cycle_from = move || {
        let choices = words("charging-cycle-from", CycleFrom::ALL, CycleFrom::word);
        by_period().then(|| form.choice("rules.cycle_from", t!("charging-cycle-from"), |ask| &mut ask.rules.cycle_from, choices))
    };
    let counts_cycles = Memo::new(move |_| form.draft.with(|draft| draft.rules.counts_cycles()));
    let cycle_month = move || {
        counts_cycles.get().then(|| {
            let months = super::words::months_of_year();
            form.choice("rules.cycle_month", t!("charging-cycle-month"), |ask| &mut ask.rules.cycle_month, months)
        })
    };
    let proration = move || {
        let mut choices = words("charging-proration", ProrationRule::ALL, ProrationRule::word);
        choices.retain(|(rule, _)| *rule != ProrationRule::PerDay);
        (by_period() && !per_day.get())
            .then(|| form.choice("rules.proration.rule", t!("charging-proration"), |ask| &mut ask.rules.proration.rule, choices))
    };
    let cutoff = move || {
        let help = match rule.get() {
            ProrationRule::WholeMonths => "charging-cutoff-help",
            ProrationRule::HalfMonths => "charging-cutoff-help-halves",
            _ => return None,
        };
        by_period().then(|| {
            // What can't be read goes with its field.
            on_cleanup(move || form.unreadable("rules.proration.cutoff_day", None));
            form.field("rules.proration.cutoff_day", t!("charging-cutoff"), |ask| &mut ask.rules.proration.cutoff_day)
                .help(t!(help))
                .show()
        })
    };
    let starts_at = move || {
        let choices = words("charging-starts-at", StartsAt::ALL, StartsAt::word);
        (!once.get()).then(|| form.choice("rules.starts_at", t!("charging-starts-at"), |ask| &mut ask.rules.starts_at, choices))
    };
    let vacant = move || {
        let mut choices = words("charging-vacant", Vacant::ALL, Vacant::word);
        // No days of what is charged once could be left out; where that was chosen, it stays what it is.
        let chosen = form.draft.with_untracked(|draft| draft.rules.vacant);
        choices.retain(|(vacant, _)| !once.get() || *vacant != Vacant::Skipped || *vacant == chosen);
        form.choice("rules.vacant", t!("charging-vacant"), |ask| &mut ask.rules.vacant, choices)
    };
    let vacant_rate = move || {
        reduced.get().then(|| {
            form.field("rules.vacant_rate", t!("charging-vacant-rate"), |ask| &mut ask.rules.vacant_rate)
                .help(t!("charging-vacant-rate-help"))
                .show()
        })
    };
    let formula = move || formula.get().then(|| formula_field(form));
    view! {
        {pairs(view! {
            {named}
            {formula}
        })}
        {move || part(if once.get() { "charging-part-cycle-once" } else { "charging-part-cycle" })}
        {pairs(view! {
            <div>
                {form.choice("rules.cycle", t!("charging-cycle"), |ask| &mut ask.rules.cycle, words("charging-cycle", Cycle::ALL, Cycle::word))}
                {move || adds_months.get().then(|| view! { <p class="mt-1 text-sm text-ink-2">{t!("charging-cycle-adds-months")}</p> })}
            </div>
            {cycle_from}
            {cycle_month}
            {proration}
            {cutoff}
        })}
        {part("charging-part-due")}
        {pairs(view! {
            {form.choice("rules.due.from", t!("charging-due-from"), |ask| &mut ask.rules.due.from, words("charging-due-from", DueFrom::ALL, DueFrom::word))}
            {form.field("rules.due.days", t!("charging-due-days"), |ask| &mut ask.rules.due.days).unit(t!("charging-days")).show()}
            {form.choice("rules.rounding.to", t!("charging-round-to"), |ask| &mut ask.rules.rounding.to, words("charging-round-to", RoundTo::ALL, RoundTo::word))}
            {form.choice("rules.rounding.how", t!("charging-round-how"), |ask| &mut ask.rules.rounding.how, words("charging-round-how", RoundHow::ALL, RoundHow::word))}
        })}
        {move || part(if once.get() { "charging-part-whom-once" } else { "charging-part-whom" })}
        {pairs(view! {
            {starts_at}
            {vacant}
            {vacant_rate}
            {move || usage.get().then(|| view! { <div class="col-span-full">{minimum(form)}</div> })}
            {move || (!usage.get()).then(|| view! { <div class="col-span-full">{coefficients(form)}</div> })}
        })}
    }
    .into_any()
}

/// Whether a bill is for several months of which each costs the price.
fn adds_months(rules: &TariffRules) -> bool {
    let of_month = !matches!(rules.mode, Mode::Usage | Mode::Formula) && !rules.is_per_day();
    of_month && rules.cycle.months() > 1 && rules.proration.rule != ProrationRule::None
}

/// What is sent: what was typed of months and days is kept in the form, for whoever chooses another cycle again.
pub(super) fn stored(ask: SaveTariff) -> SaveTariff {
    SaveTariff { rules: ask.rules.as_once_allows(), ..ask }
}

/// Whose meters say what was used. What is tried goes by the meters that the tariff has.
fn usage_of(form: Form<SaveTariff>) -> AnyView {
    let metered = Memo::new(move |_| form.draft.with(|draft| draft.rules.is_metered()));
    let shown = move || {
        let kind = |kind: FeeItemKind| t!("charging-usage-of-kind", kind = t!(&format!("fee-kind-{}", kind.word())));
        let own = (None, t!("charging-usage-of-own"));
        let choices = [own].into_iter().chain(FeeItemKind::METERED.iter().map(|of| (Some(*of), kind(*of)))).collect();
        metered.get().then(|| {
            let choice = form.choice("rules.usage_of", t!("charging-usage-of"), |ask| &mut ask.rules.usage_of, choices);
            view! { <div>{choice} <p class="mt-1 text-sm text-ink-2">{t!("charging-usage-of-help")}</p></div> }
        })
    };
    shown.into_any()
}

/// The least that is charged for a usage.
fn minimum(form: Form<SaveTariff>) -> AnyView {
    let kind = Memo::new(move |_| form.draft.with(|draft| draft.rules.minimum.kind));
    let choice = |kind: MinimumKind| match kind {
        MinimumKind::None => t!("charging-minimum-none"),
        kind => t!(&format!("charging-minimum-kind-{kind}")),
    };
    let kinds = MinimumKind::ALL.iter().map(|kind| (*kind, choice(*kind))).collect();
    let figure = move || match kind.get() {
        MinimumKind::None => None,
        MinimumKind::Usage => Some(
            form.field("rules.minimum.usage", t!("charging-minimum-kind-usage"), |ask| &mut ask.rules.minimum.usage)
                .help(t!("charging-minimum-help"))
                .show(),
        ),
        MinimumKind::Amount => Some(
            form.field("rules.minimum.amount_fen", t!("charging-minimum-kind-amount"), |ask| &mut ask.rules.minimum.amount_fen)
                .unit(t!("charging-unit-fixed"))
                .help(t!("charging-minimum-help"))
                .show(),
        ),
    };
    let per = move || {
        let choices = words("charging-minimum-per", MinimumPer::ALL, MinimumPer::word);
        (kind.get() != MinimumKind::None)
            .then(|| form.choice("rules.minimum.per", t!("charging-minimum-per"), |ask| &mut ask.rules.minimum.per, choices))
    };
    view! {
        <div class="flex flex-col gap-5">
            {form.radios("rules.minimum.kind", t!("charging-minimum"), |ask| &mut ask.rules.minimum.kind, kinds)}
            {pairs(view! { {figure} {per} })}
        </div>
    }
    .into_any()
}

/// Whether the price is for a month or a day, of the modes that may choose. There it stands in for the proration rule.
fn per_day(form: Form<SaveTariff>) -> AnyView {
    let may = Memo::new(move |_| form.draft.with(|draft| draft.rules.may_be_per_day()));
    let once = Memo::new(move |_| form.draft.with(|draft| draft.rules.cycle.is_once()));
    let on = Memo::new(move |_| form.draft.with(|draft| draft.rules.is_per_day()));
    // What may not be priced by the day is no more so when the mode is another.
    Effect::new(move |_| {
        if !may.get() && on.get() && !once.get() {
            form.draft.update(|draft| draft.rules.proration = TariffRules::of_mode(draft.rules.mode).proration);
        }
    });
    let shown = move || {
        may.get().then(|| {
            form.custom("rules.per", t!("charging-per"), move |id, changed| {
                let choices = [(false, t!("charging-per-month")), (true, t!("charging-per-day"))];
                let radios = choices.map(|(day, word)| {
                    let changed = changed.clone();
                    let choose = move |_| {
                        let rule = if day { ProrationRule::PerDay } else { ProrationRule::Days };
                        form.draft.update(|draft| draft.rules.proration.rule = rule);
                        changed();
                    };
                    view! {
                        <label class="flex min-h-8 items-center gap-2 text-base">
                            <input type="radio" class="radio radio-xs" name="per" prop:checked=move || on.get() == day on:change=choose />
                            {word}
                        </label>
                    }
                });
                view! {
                    <div id=id class="flex flex-wrap gap-x-5">{radios.into_iter().collect_view()}</div>
                    <p class="mt-1 text-sm text-ink-2">{t!("charging-per-help")}</p>
                }
                .into_any()
            })
        })
    };
    shown.into_any()
}

/// Fields two by two, so that what belongs together stands side by side.
fn pairs(fields: impl IntoAny) -> AnyView {
    view! { <div class="grid grid-cols-2 gap-x-6 gap-y-5 max-sm:grid-cols-1">{fields.into_any()}</div> }.into_any()
}

/// The title of a part of the form.
fn part(title: &'static str) -> AnyView {
    view! { <h3 class="border-t border-line pt-4 text-base font-semibold text-ink-2">{t!(title)}</h3> }.into_any()
}

/// The formula, and what it comes to in real units as one types.
fn formula_field(form: Form<SaveTariff>) -> AnyView {
    let fee_item = Memo::new(move |_| Some(form.draft.with(|draft| draft.fee_item)));
    let usage_of = Memo::new(move |_| form.draft.with(|draft| draft.rules.usage_of));
    let field = form.custom("rules.formula", t!("charging-formula"), move |id, changed| {
        let change = Callback::new(move |text: String| {
            form.draft.update(|draft| draft.rules.formula = text);
            changed();
        });
        let text = Signal::derive(move || form.draft.with(|draft| draft.rules.formula.clone()));
        let fields = crate::estate::fields::formula_names();
        let of = FormulaText { place: FormulaPlace::Tariff, fields, text, change };
        view! {
            {formula_editor(id, of)}
            <p class="mt-1 text-sm text-ink-2">{t!("charging-formula-help")} <span class="sentence">{t!("charging-formula-keys")}</span></p>
            {formula_units(of, fee_item.into(), usage_of.into())}
        }
        .into_any()
    });
    view! { <div class="col-span-full">{field}</div> }.into_any()
}

/// A coefficient for each kind of unit; a kind without one counts once.
fn coefficients(form: Form<SaveTariff>) -> AnyView {
    form.custom("rules.coefficients", t!("charging-coefficients"), move |id, changed| {
        let fields = UnitKind::ALL.iter().map(|kind| {
            let (kind, changed) = (*kind, changed.clone());
            let now = form
                .draft
                .with_untracked(|draft| draft.rules.coefficients.iter().find(|one| one.kind == kind).map(|one| one.coefficient));
            let change = move |text: String| {
                let coefficient = if text.trim().is_empty() { None } else { Quantity::read(&text).ok() };
                if coefficient.is_none() && !text.trim().is_empty() {
                    return;
                }
                form.draft.update(|draft| {
                    draft.rules.coefficients.retain(|one| one.kind != kind);
                    draft.rules.coefficients.extend(coefficient.map(|coefficient| Coefficient { kind, coefficient }));
                });
                changed();
            };
            let name = t!(&format!("unit-kind-{}", kind.code().replace('_', "-")));
            view! {
                <label class="flex items-center gap-2 text-sm">
                    <span class="grow">{name}</span>
                    <input
                        class="input input-sm num w-16"
                        inputmode="decimal"
                        placeholder="1"
                        value=now.map(|now| now.to_string()).unwrap_or_default()
                        on:input=move |event| change(event_target_value(&event))
                    />
                </label>
            }
        });
        view! {
            <div id=id class="grid grid-cols-4 gap-x-6 gap-y-2 max-sm:grid-cols-2">{fields.collect_view()}</div>
            <p class="mt-1 text-sm text-ink-2">{t!("charging-coefficients-help")}</p>
        }
        .into_any()
    })
}

/// The choices of an enum of words, with texts by `<prefix>-<word>`.
pub(super) fn words<V: Copy>(prefix: &str, all: &[V], word: fn(V) -> &'static str) -> Vec<(V, String)> {
    all.iter().map(|value| (*value, t!(&format!("{prefix}-{}", word(*value).replace('_', "-"))))).collect()
}

fn blank(fee_item: FeeItemId, kind: FeeItemKind) -> SaveTariff {
    let mode = match kind {
        FeeItemKind::Water | FeeItemKind::Electricity | FeeItemKind::Gas => Mode::Usage,
        FeeItemKind::Property | FeeItemKind::Heating => Mode::Area,
        FeeItemKind::Refuse => Mode::Household,
        _ => Mode::Fixed,
    };
    SaveTariff {
        community: session::community(),
        tariff: TariffId(Uuid::now_v7()),
        fee_item,
        name: String::new(),
        rules: TariffRules::of_mode(mode),
    }
}
