//! The tiers, parts and seasons of a price, entered as they are published.

mod parts;
mod seasons;
mod terms;
mod tiers;
mod unfilled;

use std::collections::BTreeMap;

use common::charging::api::SetPrice;
use common::charging::rate::{Counted, Rate, RatePart, Season, SimpleRate};
use common::charging::season_end::SeasonEnd;
use common::charging::tier::{Tier, TierScope, TierUsage, Tiers};
use common::estate::field::CustomField;
use common::id::FieldId;
use common::quantity::{Price, Quantity};
use leptos::prelude::*;

use self::unfilled::typed;
pub(super) use self::unfilled::{unfilled, unfilled_fields};
use super::offer::Offer;
use crate::estate::fields;
use crate::kit::{FieldValue as _, Form, icon_sized, icons};
use crate::{session, t};

/// Where in a price something stands.
#[derive(Clone, Copy)]
enum At {
    Whole,
    Part(usize),
    Season(usize, usize),
}

impl At {
    fn part(self, rate: &mut Rate) -> Option<&mut RatePart> {
        match (self, rate) {
            (Self::Part(part), Rate::Parts(parts)) => parts.get_mut(part),
            (Self::Season(season, part), Rate::Seasons(seasons)) => seasons.get_mut(season)?.parts.get_mut(part),
            _ => None,
        }
    }

    fn tiers(self, rate: &mut Rate) -> Option<&mut Tiers> {
        match (self, rate) {
            (Self::Whole, Rate::Tiered(tiers)) => Some(tiers),
            (at, rate) => match &mut at.part(rate)?.rate {
                SimpleRate::Tiered(tiers) => Some(tiers),
                SimpleRate::Flat(_) => None,
            },
        }
    }

    fn field(self) -> String {
        match self {
            Self::Whole => "rate".to_owned(),
            Self::Part(part) => format!("rate.parts.{part}"),
            Self::Season(season, part) => format!("rate.seasons.{season}.parts.{part}"),
        }
    }

    fn tiers_field(self) -> String {
        match self {
            Self::Whole => "rate.tiered".to_owned(),
            at => format!("{}.rate.tiered", at.field()),
        }
    }
}

/// Two tiers to begin with; what the last one costs is still to be typed.
pub(super) fn first_tiers(price: Price) -> Tiers {
    let open = Tier { up_to: None, price: unfilled(), per_person: None };
    let first = Tier { up_to: Some(Quantity::from_scaled(150_000)), price, per_person: None };
    Tiers::new(TierScope::Month, vec![first, open])
}

/// One part to begin with, called as the fee item is: as the only one, its name stands on bills.
pub(super) fn first_parts(fee_item: &str, rate: SimpleRate) -> Vec<RatePart> {
    vec![RatePart { name: fee_item.chars().take(20).collect(), of: Counted::Total, rate }]
}

/// Two halves of the year, with the same parts, to begin with.
pub(super) fn first_seasons(parts: &[RatePart]) -> Vec<Season> {
    let season = |no: usize, from, to| {
        let (from, to) = (SeasonEnd::month(from), SeasonEnd::month(to));
        Season { name: t!("charging-season-name", no = no), from, to, parts: parts.to_vec() }
    };
    vec![season(1, 5, 10), season(2, 11, 4)]
}

/// What decides which fields tiers have besides their steps.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Terms {
    scope: TierScope,
    by_quota: bool,
    /// For tiers of a part.
    of: Counted,
    usage: TierUsage,
}

/// What has rows of its own; the fields are made anew when it changes.
fn shape(rate: &Rate) -> Vec<Vec<(usize, Option<Terms>)>> {
    let tiers = |tiers: &Tiers, of: Counted| {
        let terms = Terms { scope: tiers.scope, by_quota: tiers.quota.is_some(), of, usage: tiers.usage };
        (tiers.steps.len(), Some(terms))
    };
    let parts = |parts: &[RatePart]| {
        let one = |part: &RatePart| match &part.rate {
            SimpleRate::Flat(_) => (0, None),
            SimpleRate::Tiered(steps) => tiers(steps, part.of),
        };
        parts.iter().map(one).collect::<Vec<_>>()
    };
    match rate {
        Rate::Flat(_) => Vec::new(),
        Rate::Tiered(steps) => vec![vec![tiers(steps, Counted::Total)]],
        Rate::Parts(of) => vec![parts(of)],
        Rate::Seasons(seasons) => seasons.iter().map(|season| parts(&season.parts)).collect(),
    }
}

/// The fields of a price that is more than one figure.
pub(super) fn rate_editor(form: Form<SetPrice>, unit: String, offer: Offer) -> AnyView {
    let shape = Memo::new(move |_| form.draft.with(|draft| shape(&draft.rate)));
    form.custom("rate", t!("charging-tiers"), move |id, changed| {
        let editor = Editor {
            form,
            number_fields: fields::of_formulas(),
            blanks: RwSignal::default(),
            changed: Callback::new(move |()| changed()),
            unit: StoredValue::new(unit.clone()),
            offer,
            unread: StoredValue::default(),
            next: StoredValue::new(0),
        };
        let body = move || {
            // Read, not only tracked: a memo that nobody read hears of nothing.
            let _drawn = shape.get();
            editor.unread.update_value(BTreeMap::clear);
            form.unreadable("rate", None);
            editor.body()
        };
        on_cleanup(move || form.unreadable("rate", None));
        view! { <div id=id class="space-y-3">{body}</div> }.into_any()
    })
}

/// What stands about a field: its own id, what is said where it can't be read, and the id of what describes it.
struct About {
    id: Option<String>,
    code: &'static str,
    described_by: Option<&'static str>,
}

impl Default for About {
    fn default() -> Self {
        Self { id: None, code: "not_a_number", described_by: None }
    }
}

#[derive(Clone, Copy)]
struct Editor {
    form: Form<SetPrice>,
    changed: Callback<()>,
    unit: StoredValue<String>,
    offer: Offer,
    /// The custom number fields that a quota may stand in.
    number_fields: Signal<Vec<CustomField>>,
    /// In how many units each of them that was asked about is blank; `None` while that is not known.
    blanks: RwSignal<BTreeMap<FieldId, Option<u64>>>,
    /// The numbers of the fields that can't be read now, and what to say of them.
    unread: StoredValue<BTreeMap<usize, &'static str>>,
    next: StoredValue<usize>,
}

impl Editor {
    fn change(self, change: impl FnOnce(&mut Rate)) {
        self.form.draft.update(|draft| change(&mut draft.rate));
        self.changed.run(());
    }

    fn body(self) -> AnyView {
        let rate = self.form.draft.with_untracked(|draft| draft.rate.clone());
        match rate {
            Rate::Flat(_) => ().into_any(),
            Rate::Tiered(tiers) => self.tiers(At::Whole, &tiers),
            Rate::Parts(parts) => self.parts(None, &parts),
            Rate::Seasons(seasons) => self.seasons(&seasons),
        }
    }

    /// What is wrong with a field, as one types.
    fn problem(self, field: String) -> AnyView {
        let text = move || {
            let (unfilled, problems) = self.form.draft.with(|draft| (unfilled_fields(&draft.rate), draft.rate.problems("rate")));
            // What is still to be typed is no mistake until one tries to save it.
            if unfilled.contains(&field) {
                return self.form.problem_of(&field);
            }
            problems
                .iter()
                .find(|problem| problem.field == field)
                .map(|problem| common::text::of_field(session::language(), problem))
        };
        view! { <span class="block text-sm text-error" aria-live="polite">{text}</span> }.into_any()
    }

    /// A field of one figure or name; `write` says whether it could be read.
    fn input(
        self,
        label: String,
        value: String,
        class: &'static str,
        write: impl Fn(&mut Rate, &str) -> bool + 'static,
    ) -> AnyView {
        self.input_told(label, value, class, About::default(), write)
    }

    /// A field of a price, empty while that is still to be typed; `field` is its path in the request.
    fn price_input(
        self,
        field: &str,
        label: String,
        price: Price,
        class: &'static str,
        write: impl Fn(&mut Rate, Price) -> bool + 'static,
    ) -> AnyView {
        let about = About { id: Some(self.form.named(field, &label)), ..About::default() };
        self.input_told(label, typed(price), class, about, move |rate, text| {
            let read = if text.trim().is_empty() { Some(unfilled()) } else { Price::read(text).ok() };
            read.is_some_and(|price| write(rate, price))
        })
    }

    /// The same, with the problem to tell where it could not be read, and the id of what describes it.
    fn input_told(
        self,
        label: String,
        value: String,
        class: &'static str,
        about: About,
        write: impl Fn(&mut Rate, &str) -> bool + 'static,
    ) -> AnyView {
        let About { id, code, described_by } = about;
        let unread = RwSignal::new(false);
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        let typed = move |text: String| {
            self.change(|rate| unread.set(!write(rate, &text)));
            self.unread.update_value(|all| match unread.get_untracked() {
                true => drop(all.insert(number, code)),
                false => drop(all.remove(&number)),
            });
            self.form.unreadable("rate", self.unread.with_value(|all| all.values().next().copied()));
        };
        view! {
            <input
                id=id
                class=class
                class:input-error=move || unread.get()
                aria-label=label
                aria-invalid=move || unread.get().to_string()
                aria-describedby=described_by
                value=value
                on:input=move |event| typed(event_target_value(&event))
            />
        }
        .into_any()
    }

    fn remove(self, label: String, remove: impl Fn(&mut Rate) + 'static) -> AnyView {
        view! {
            <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=label on:click=move |_| self.change(&remove)>
                {icon_sized(icons::X, 14, "")}
            </button>
        }
        .into_any()
    }
}
