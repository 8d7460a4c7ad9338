//! Who reads what: the places of a round, each with its reader, a building whole or by its entrances.

use common::id::{BuildingId, EmployeeId, EntranceId, RoundPartId};
use common::metering::Utility;
use common::metering::api::{NewPart, Reader, RoundChoices, RoundPart};
use leptos::prelude::*;
use uuid::Uuid;

use crate::kit::{cards, count};
use crate::t;

/// A building, or what belongs to none, as the plan has it.
#[derive(Clone, Copy)]
struct Place {
    building: Option<BuildingId>,
    name: StoredValue<String>,
    meters: StoredValue<Vec<(Utility, u64)>>,
    chosen: RwSignal<bool>,
    own: Line,
    /// Whether its entrances have readers of their own.
    divided: RwSignal<bool>,
    entrances: StoredValue<Vec<(EntranceId, String, Line)>>,
}

/// A part with its reader.
#[derive(Clone, Copy)]
struct Line {
    id: RoundPartId,
    reader: RwSignal<Option<EmployeeId>>,
    /// Who has it in the round, by name: may have left by now.
    before: StoredValue<Option<(EmployeeId, String)>>,
}

impl Line {
    fn new() -> Self {
        Self { id: RoundPartId(Uuid::now_v7()), reader: RwSignal::new(None), before: StoredValue::default() }
    }

    /// As a round has it.
    fn of(part: &RoundPart) -> Self {
        let before = part.reader.map(|id| (id, part.reader_name.clone().unwrap_or_default()));
        Self { id: part.id, reader: RwSignal::new(part.reader), before: StoredValue::new(before) }
    }
}

/// The plan of a round as it is typed.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    places: StoredValue<Vec<Place>>,
    readers: StoredValue<Vec<Reader>>,
}

impl Plan {
    /// Every place with meters, all of them chosen; or as a round has it.
    pub(super) fn new(choices: RoundChoices, before: &[RoundPart]) -> Self {
        let mut places: Vec<Place> = Vec::new();
        for found in choices.places {
            if places.last().is_none_or(|last| last.building != found.building) {
                let name = if found.building.is_some() { found.building_name } else { t!("metering-no-building") };
                places.push(Place {
                    building: found.building,
                    name: StoredValue::new(name),
                    meters: StoredValue::default(),
                    chosen: RwSignal::new(before.is_empty()),
                    own: Line::new(),
                    divided: RwSignal::new(false),
                    entrances: StoredValue::default(),
                });
            }
            let Some(place) = places.last() else { continue };
            place.meters.update_value(|meters| meters.push((found.utility, found.meters)));
            if let Some(entrance) = found.entrance {
                place.entrances.update_value(|entrances| {
                    if entrances.iter().all(|(known, ..)| *known != entrance) {
                        entrances.push((entrance, found.entrance_name.clone(), Line::new()));
                    }
                });
            }
        }
        for place in &mut places {
            place.take_over(before);
        }
        Self { places: StoredValue::new(places), readers: StoredValue::new(choices.readers) }
    }

    /// The parts that it comes to.
    pub(super) fn parts(self, utilities: &[Utility]) -> Vec<NewPart> {
        let places =
            self.places.with_value(|places| places.iter().filter(|place| place.has(utilities)).copied().collect::<Vec<_>>());
        places.into_iter().filter(|place| place.chosen.get()).flat_map(Place::parts).collect()
    }

    /// The table, with one reader for all above it.
    pub(super) fn show(
        self,
        id: String,
        utilities: Signal<Vec<Utility>>,
        changed: impl Fn() + Clone + Send + Sync + 'static,
    ) -> AnyView {
        let (for_all, for_rows) = (changed.clone(), changed);
        let give = move |event| {
            let reader = event_target_value(&event).parse::<EmployeeId>().ok();
            let sees = |place: &Place| {
                self.readers.with_value(|readers| {
                    reader.is_none_or(|id| readers.iter().any(|reader| reader.id == id && reader.sees(place.building)))
                })
            };
            self.places.with_value(|places| {
                for place in places.iter().filter(|place| sees(place)) {
                    place.own.reader.set(reader);
                    place.entrances.with_value(|entrances| entrances.iter().for_each(|(.., line)| line.reader.set(reader)));
                }
            });
            for_all();
        };
        let all = self.readers.with_value(|readers| {
            readers
                .iter()
                .map(|reader| view! { <option value=reader.id.to_string()>{reader.name.clone()}</option> })
                .collect_view()
        });
        let rows = self
            .places
            .with_value(|places| places.iter().map(|place| self.row(*place, utilities, for_rows.clone())).collect_view());
        view! {
            <label class="mb-2 flex flex-wrap items-center gap-2 text-sm">
                <span class="text-ink-2">{t!("metering-round-all-to")}</span>
                <select id=id class="select select-sm w-48" on:change=give>
                    <option value="">{t!("metering-round-nobody")}</option>
                    {all}
                </select>
            </label>
            {cards(view! {
                <table class="table">
                    <caption class="sr-only">{t!("metering-round-parts")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!("metering-building")}</th>
                            <th scope="col" class="num">{t!("metering-count-meters")}</th>
                            <th scope="col">{t!("metering-by")}</th>
                            <th scope="col">{t!("metering-round-by-entrance")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>})}
        }
        .into_any()
    }

    fn row(self, place: Place, utilities: Signal<Vec<Utility>>, changed: impl Fn() + Clone + Send + Sync + 'static) -> AnyView {
        let name = place.name.get_value();
        let (for_tick, for_divide, for_entrances) = (changed.clone(), changed.clone(), changed.clone());
        let own = self.choice(place, place.own, name.clone(), changed);
        let many = place.entrances.with_value(Vec::len) > 0;
        let entrances = move || {
            (place.divided.get() && place.chosen.get()).then(|| {
                place.entrances.with_value(|entrances| {
                    entrances
                        .iter()
                        .map(|(_, entrance, line)| {
                            let label = format!("{} {entrance}", place.name.get_value());
                            view! {
                                <div class="mt-2 flex flex-wrap items-center gap-2 text-sm">
                                    <span class="w-16 text-ink-2">{entrance.clone()}</span>
                                    {self.choice(place, *line, label, for_entrances.clone())}
                                </div>
                            }
                        })
                        .collect_view()
                })
            })
        };
        let divided_label = t!("metering-round-divide", building = name);
        view! {
            <tr class:hidden=move || !utilities.with(|utilities| place.has(utilities))>
                <th scope="row" class="font-normal whitespace-nowrap">
                    <label class="flex min-h-8 cursor-pointer items-center gap-2">
                        <input type="checkbox" class="checkbox checkbox-xs" prop:checked=move || place.chosen.get()
                            on:change=move |event| { place.chosen.set(event_target_checked(&event)); for_tick(); } />
                        {name}
                    </label>
                </th>
                <td class="num">{move || utilities.with(|utilities| count(place.count(utilities)))}</td>
                <td>
                    {own}
                    {entrances}
                </td>
                <td>
                    {many.then(|| view! {
                        <label class="inline-flex min-h-8 cursor-pointer items-center gap-2">
                            <input type="checkbox" class="checkbox checkbox-xs" aria-label=divided_label prop:checked=move || place.divided.get()
                                on:change=move |event| { place.divided.set(event_target_checked(&event)); for_divide(); } />
                        </label>
                    })}
                </td>
            </tr>
        }
        .into_any()
    }

    /// Those who see the place, to choose one.
    fn choice(self, place: Place, line: Line, label: String, changed: impl Fn() + 'static) -> AnyView {
        let options = self.readers.with_value(|readers| {
            let option = |reader: &Reader| {
                let id = reader.id;
                view! { <option value=id.to_string() prop:selected=move || line.reader.get() == Some(id)>{reader.name.clone()}</option> }
            };
            readers.iter().filter(|reader| reader.sees(place.building)).map(option).collect_view()
        });
        // Whoever has it and may read there no more keeps it until somebody else is chosen.
        let gone = line.before.get_value().filter(|(id, _)| {
            self.readers.with_value(|readers| !readers.iter().any(|reader| reader.id == *id && reader.sees(place.building)))
        });
        let warns = gone.as_ref().map(|(id, _)| *id);
        let gone = gone.map(|(id, name)| {
            let name = t!("metering-round-reader-gone", name = name);
            view! { <option value=id.to_string() prop:selected=move || line.reader.get() == Some(id)>{name}</option> }
        });
        view! {
            <select class="select select-sm w-40" class:select-warning=move || warns.is_some() && line.reader.get() == warns aria-label=t!("metering-round-reader-of", place = label) disabled=move || !place.chosen.get()
                on:change=move |event| { line.reader.set(event_target_value(&event).parse().ok()); changed(); }>
                <option value="" prop:selected=move || line.reader.get().is_none()>{t!("metering-round-nobody")}</option>
                {gone}
                {options}
            </select>
        }
        .into_any()
    }
}

impl Place {
    fn has(&self, utilities: &[Utility]) -> bool {
        self.count(utilities) > 0
    }

    fn count(&self, utilities: &[Utility]) -> u64 {
        self.meters
            .with_value(|meters| meters.iter().filter(|(utility, _)| utilities.contains(utility)).map(|(_, many)| many).sum())
    }

    /// What a round has of it already keeps its ids and readers.
    fn take_over(&mut self, before: &[RoundPart]) {
        for part in before.iter().filter(|part| part.building == self.building) {
            self.chosen.set(true);
            match part.entrance {
                None => self.own = Line::of(part),
                Some(entrance) => {
                    self.divided.set(true);
                    self.entrances.update_value(|entrances| {
                        for (_, _, line) in entrances.iter_mut().filter(|(known, ..)| *known == entrance) {
                            *line = Line::of(part);
                        }
                    });
                }
            }
        }
    }

    fn parts(self) -> Vec<NewPart> {
        let part = |entrance, line: Line| NewPart { id: line.id, building: self.building, entrance, reader: line.reader.get() };
        let mut parts = vec![part(None, self.own)];
        if self.divided.get() {
            self.entrances.with_value(|entrances| parts.extend(entrances.iter().map(|(id, _, line)| part(Some(*id), *line))));
        }
        parts
    }
}
