//! The waiver schemes that are tried: a new one, another one in the place of one that is there, or none any more.

use common::billing::what_if::Change;
use common::charging::api::{FeeItemView, ListFeeItems};
use common::id::WaiverSchemeId;
use common::period::{Day, Month, Period};
use common::problem::Problem;
use common::waivers::api::{GroupView, ListGroups, ListSchemes, SaveScheme, SchemeState, SchemeView};
use common::waivers::explain::relief_text;
use leptos::prelude::*;

use super::{About, Desk, about_of};
use crate::api::call;
use crate::kit::{Ending, Form, button, icon_sized, icons, load, wide_dialog};
use crate::waivers::{next_rank, scheme_fields, scheme_start, unit_labels};
use crate::{session, t};

/// What there is to choose from.
#[derive(Clone)]
struct Known {
    items: Vec<FeeItemView>,
    groups: Vec<GroupView>,
    schemes: Vec<SchemeView>,
}

async fn known() -> Result<Known, Problem> {
    let community = session::community();
    Ok(Known {
        items: call(ListFeeItems { community }).await?,
        groups: call(ListGroups { community }).await?,
        schemes: call(ListSchemes { community }).await?,
    })
}

/// Whether a scheme is in force on some day of a period.
pub(super) fn in_force(from: Day, to: Option<Day>, period: Period) -> bool {
    from < period.to && to.is_none_or(|to| to > period.from)
}

/// The part of the rail that is about schemes; whoever may not see them is told that bills are in full.
pub(super) fn show(desk: Desk) -> AnyView {
    let waives = Memo::new(move |_| desk.waives());
    let body = move || match waives.get() {
        None => ().into_any(),
        Some(false) => view! { <p class="text-sm text-ink-2">{t!("charging-what-if-in-full")}</p> }.into_any(),
        Some(true) => load(known, 3, move |known: Known| Schemes::new(desk, known).show()),
    };
    view! {
        <section class="mt-5 border-t border-line px-6 pt-4 max-sm:px-4">
            <h3 class="text-base font-semibold">{t!("waivers-schemes")}</h3>
            <div class="mt-1">{body}</div>
        </section>
    }
    .into_any()
}

#[derive(Clone, Copy)]
struct Schemes {
    desk: Desk,
    known: StoredValue<Known>,
    form: Form<SaveScheme>,
    open: RwSignal<bool>,
}

impl Schemes {
    fn new(desk: Desk, known: Known) -> Self {
        let form = Form::new(scheme_start(None, next_rank(&known.schemes)));
        Self { desk, known: StoredValue::new(known), form, open: RwSignal::new(false) }
    }

    fn view_of(self, id: WaiverSchemeId) -> Option<SchemeView> {
        self.known.with_value(|known| known.schemes.iter().find(|scheme| scheme.id == id).cloned())
    }

    fn edit(self, start: SaveScheme) {
        self.form.restart(start);
        self.open.set(true);
    }

    /// Opens for a new one, in force from the first day that is tried.
    fn add(self) {
        let rank = self.known.with_value(|known| next_rank(&known.schemes));
        let start = scheme_start(None, rank);
        self.edit(SaveScheme { from: self.desk.first.get_untracked().first_day(), ..start });
    }

    fn show(self) -> AnyView {
        let desk = self.desk;
        let tried = move || {
            let rows = desk
                .changes
                .with(|changes| changes.iter().filter(|change| change.scheme().is_some()).cloned().collect::<Vec<_>>());
            rows.into_iter().map(|change| self.row(&change)).collect_view()
        };
        let options = self.known.with_value(|known| {
            let name = |scheme: &SchemeView| match scheme.state {
                SchemeState::Active => scheme.name.clone(),
                SchemeState::Stopped => t!("charging-what-if-scheme-was-stopped", name = scheme.name.clone()),
            };
            known.schemes.iter().map(|scheme| (scheme.id, name(scheme))).collect::<Vec<_>>()
        });
        let choose = (!options.is_empty()).then(|| {
            let lines =
                options.into_iter().map(|(id, name)| view! { <option value=id.to_string()>{name}</option> }).collect_view();
            view! {
                <select
                    class="select select-sm w-52 max-sm:w-full"
                    aria-label=t!("charging-what-if-scheme-change")
                    // What was chosen opens in the dialog: the field is for the next one again.
                    prop:value=move || { self.open.track(); "" }
                    on:change=move |event| {
                        let chosen = event_target_value(&event).parse().ok().and_then(|id| self.view_of(id));
                        if let Some(view) = chosen {
                            let tried = desk.changes.with_untracked(|changes| {
                                let of = |change: &Change| match change {
                                    Change::Scheme(save) if save.scheme == view.id => Some((**save).clone()),
                                    _ => None,
                                };
                                changes.iter().find_map(of)
                            });
                            self.edit(tried.unwrap_or_else(|| scheme_start(Some(view.clone()), view.rank)));
                        }
                    }
                >
                    <option value="">{t!("charging-what-if-scheme-change")}</option>
                    {lines}
                </select>
            }
        });
        view! {
            {tried}
            <div class="no-print mt-2 flex flex-wrap gap-2">
                {button(icons::PLUS, t!("charging-what-if-scheme-new"), move || self.add())}
                {choose}
            </div>
            {self.dialog()}
        }
        .into_any()
    }

    /// One that is tried.
    fn row(self, change: &Change) -> AnyView {
        let desk = self.desk;
        let (name, words, save) = match change {
            Change::Scheme(save) => {
                (save.name.clone(), relief_text(session::language(), save.rules.what()), Some((**save).clone()))
            }
            Change::NoScheme { scheme } => {
                let name = self.view_of(*scheme).map(|view| view.name).unwrap_or_default();
                (name, t!("charging-what-if-scheme-stopped"), None)
            }
            Change::Price { .. } | Change::Rules { .. } => return ().into_any(),
        };
        let about = about_of(change);
        let of = save.clone().or_else(|| self.view_of(change.scheme()?).map(|view| scheme_start(Some(view), 1)));
        let note = of.map(|save| move || note(desk, &save));
        let title = match save {
            Some(save) => {
                view! { <button type="button" class="a min-w-0 grow text-left" on:click=move |_| self.edit(save.clone())>{name}</button> }
                    .into_any()
            }
            None => view! { <span class="min-w-0 grow">{name}</span> }.into_any(),
        };
        view! {
            <div class="border-b border-line py-2">
                <div class="flex flex-wrap items-center gap-2 text-base">
                    {title}
                    <span class="text-sm text-ink-2">{words}</span>
                    <button
                        type="button"
                        class="btn btn-ghost btn-xs btn-square no-print"
                        aria-label=t!("charging-what-if-remove")
                        on:click=move |_| desk.change(about, None)
                    >
                        {icon_sized(icons::X, 14, "")}
                    </button>
                </div>
                {note}
            </div>
        }
        .into_any()
    }

    fn dialog(self) -> AnyView {
        let Self { desk, known, form, open } = self;
        let id = move || form.draft.with_untracked(|draft| draft.scheme);
        let title = move || match self.view_of(id()) {
            Some(view) => t!("charging-what-if-scheme-of", name = view.name),
            None => t!("charging-what-if-scheme-new"),
        };
        wide_dialog(open, title, move || {
            let view = self.view_of(id());
            let labels = unit_labels(view.as_ref());
            let fields = known.with_value(|known| scheme_fields(form, &known.items, known.groups.clone(), labels));
            let take = move |draft: SaveScheme| {
                desk.change(About::Scheme(draft.scheme), Some(Change::Scheme(Box::new(draft))));
                open.set(false);
            };
            let stop = move || {
                form.restart(form.draft.get_untracked());
                desk.change(About::Scheme(id()), Some(Change::NoScheme { scheme: id() }));
                open.set(false);
            };
            let may_stop = view.is_some_and(|view| view.state == SchemeState::Active);
            let ending = Ending::new(t!("charging-what-if-try")).in_dialog().wide().cancel(move || open.set(false));
            view! {
                {may_stop.then(|| view! { <div class="mt-3">{button(icons::CIRCLE_SLASH, t!("charging-what-if-scheme-stop"), stop)}</div> })}
                <div class="mt-3">{form.show_taking(ending, fields, take)}</div>
            }
            .into_any()
        })
    }
}

/// What keeps a scheme from taking anything off in the months that are tried, and the way out.
fn note(desk: Desk, save: &SaveScheme) -> Option<AnyView> {
    let least = save.rules.reaches_from();
    let (words, go): (String, (Month, u32)) = if !in_force(save.from, save.to, desk.period()) {
        let month = Month::of(save.from);
        (t!("charging-what-if-scheme-later", from = save.from), (month, desk.months.get()))
    } else if least > desk.months.get() {
        (
            t!("charging-what-if-scheme-longer", months = least),
            (desk.first.get(), [2, 3, 6].into_iter().find(|many| *many >= least).unwrap_or(12)),
        )
    } else {
        return None;
    };
    let look = move |_| {
        desk.first.set(go.0);
        desk.months.set(go.1);
    };
    Some(
        view! {
            <p class="text-sm text-ink-2">
                {words}
                " "
                <button type="button" class="a no-print" on:click=look>{t!("charging-what-if-scheme-look", first = go.0, months = go.1)}</button>
            </p>
        }
        .into_any(),
    )
}
