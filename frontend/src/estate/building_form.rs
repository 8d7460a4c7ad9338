//! The form of a building with its entrances, in a dialog.

use common::estate::api::{BuildingNode, SaveBuilding, SaveEntrance};
use common::id::{BuildingId, EntranceId};
use leptos::prelude::*;
use uuid::Uuid;

use crate::kit::{Ending, Form, Reload, icon, icons, toast};
use crate::{session, t};

/// A new building, or this one.
pub(super) fn form(node: Option<BuildingNode>, open: RwSignal<bool>, reload: Reload) -> AnyView {
    let start = match node {
        Some(node) => SaveBuilding {
            community: session::community(),
            building: node.building,
            name: node.name,
            entrances: node.entrances.into_iter().map(|row| SaveEntrance { entrance: row.entrance, name: row.name }).collect(),
        },
        None => SaveBuilding {
            community: session::community(),
            building: BuildingId(Uuid::now_v7()),
            name: String::new(),
            entrances: Vec::new(),
        },
    };
    let form = Form::new(start);
    let fields = view! {
        {form.field("name", t!("estate-building-name"), |ask| &mut ask.name).help(t!("estate-note-building-name")).focus().show()}
        {form.custom("entrances", t!("estate-entrances"), move |id, changed| entrances(form, id, changed))}
    };
    let ending = Ending::new(t!("kit-save")).in_dialog().cancel(move || open.set(false));
    form.show(ending, fields, move |_| {
        open.set(false);
        toast(t!("estate-building-saved"));
        reload.now();
    })
}

fn entrances(form: Form<SaveBuilding>, id: String, changed: std::sync::Arc<dyn Fn() + Send + Sync>) -> AnyView {
    let changed = StoredValue::new(changed);
    let tell = move || changed.with_value(|changed| changed());
    let keys = Memo::new(move |_| form.draft.with(|ask| ask.entrances.iter().map(|row| row.entrance).collect::<Vec<_>>()));
    let line = move |place: usize, key: EntranceId| {
        let name = form.draft.with_untracked(|ask| ask.entrances.get(place).map(|row| row.name.clone())).unwrap_or_default();
        view! {
            <div class="flex items-center gap-2">
                <input
                    class="input"
                    aria-label=t!("estate-entrance-name", number = place + 1)
                    prop:value=name
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        form.draft.update(|ask| {
                            if let Some(row) = ask.entrances.iter_mut().find(|row| row.entrance == key) {
                                row.name = text;
                            }
                        });
                        tell();
                    }
                />
                <button
                    type="button"
                    class="btn btn-ghost btn-square"
                    aria-label=t!("estate-remove")
                    title=t!("estate-remove")
                    on:click=move |_| {
                        form.draft.update(|ask| ask.entrances.retain(|row| row.entrance != key));
                        tell();
                    }
                >
                    {icon(icons::X)}
                </button>
            </div>
        }
    };
    let add = move |_| {
        form.draft.update(|ask| {
            let name = t!("estate-entrance-suggested", number = ask.entrances.len() + 1);
            ask.entrances.push(SaveEntrance { entrance: EntranceId(Uuid::now_v7()), name });
        });
        tell();
    };
    view! {
        <div id=id class="flex flex-col gap-2">
            {move || keys.get().into_iter().enumerate().map(|(place, key)| line(place, key)).collect_view()}
            <div>
                <button type="button" class="btn btn-sm" on:click=add>{icon(icons::PLUS)} {t!("estate-entrance-add")}</button>
            </div>
        </div>
    }
    .into_any()
}
