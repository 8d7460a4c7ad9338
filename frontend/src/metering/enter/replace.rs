//! The meter was exchanged: what the old one showed at last, what the new one began with, and what it shows now.

use common::id::ReadingId;
use common::metering::api::EnterReading;
use common::metering::usage::Mark;
use common::period::Month;
use common::quantity::Quantity;
use leptos::prelude::*;
use uuid::Uuid;

use super::sheet::Sheet;
use crate::kit::{Ending, FieldValue, Form, dialog, toast};
use crate::{session, t};

/// The meter was exchanged: what the old one showed at last, what the new one began with, and what it shows now.
pub(super) fn replace_dialog(sheet: Sheet, month: Memo<Month>) -> AnyView {
    let what = sheet.replacing;
    let open = RwSignal::new(false);
    Effect::new(move || {
        if what.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            what.set(None);
        }
    });
    let title =
        move || what.with(|row| row.as_ref().map_or_else(String::new, |(row, _)| t!("metering-replace-title", meter = row.code)));
    let body = move || {
        let Some((row, typed)) = what.get_untracked() else { return ().into_any() };
        let mark = Mark::Replaced {
            old_final: row.previous.unwrap_or_default(),
            old_multiplier: row.multiplier,
            new_initial: Quantity::ZERO,
        };
        let form = Form::new(EnterReading {
            community: session::community(),
            reading: ReadingId(Uuid::now_v7()),
            meter: row.meter,
            month: month.get_untracked(),
            day: sheet.day.get_untracked(),
            // What was typed is what the new meter shows.
            value: typed.unwrap_or_default(),
            mark: Some(mark),
            multiplier: Some(row.multiplier),
            confirmed: false,
            note: String::new(),
            round: None,
            reread: None,
        });
        let measure = row.utility.measure();
        let fields = view! {
            {register(form, "mark.old_final", t!("metering-old-final"), measure, row.previous.unwrap_or_default(), put_final)}
            {register(form, "mark.new_initial", t!("metering-new-initial"), measure, Quantity::ZERO, put_initial)}
            {form.field("value", t!("metering-present"), |ask| &mut ask.value).unit(measure).show()}
            {form.field("multiplier", t!("metering-new-multiplier"), |ask| &mut ask.multiplier).show()}
            {form.field("day", t!("metering-day"), |ask| &mut ask.day).show()}
            {form.field("note", t!("metering-note"), |ask| &mut ask.note).show()}
        };
        form.show(Ending::new(t!("metering-replace")).cancel(move || open.set(false)).in_dialog(), fields, move |_| {
            open.set(false);
            toast(t!("metering-replaced"));
            sheet.saved(month.get_untracked(), row.meter);
            sheet.reload.now();
        })
    };
    dialog(open, title, body)
}

/// A register value of the replacement; the draft follows while it is a number.
fn register(
    form: Form<EnterReading>,
    field: &str,
    label: String,
    measure: &'static str,
    start: Quantity,
    put: fn(&mut Mark, Quantity),
) -> AnyView {
    let typed = RwSignal::new(start.show());
    form.custom(field, label, move |id, changed| {
        view! {
            <label class="input mt-1">
                <input id=id class="text-right" inputmode="decimal" autocomplete="off" prop:value=move || typed.get()
                    on:input=move |event| {
                        typed.set(event_target_value(&event));
                        if let Ok(value) = Quantity::read(&typed.get_untracked()) {
                            form.draft.update(|ask| if let Some(mark) = &mut ask.mark { put(mark, value); });
                        }
                        changed();
                    } />
                <span class="label-xs">{measure}</span>
            </label>
        }
        .into_any()
    })
}

fn put_final(mark: &mut Mark, value: Quantity) {
    if let Mark::Replaced { old_final, .. } = mark {
        *old_final = value;
    }
}

fn put_initial(mark: &mut Mark, value: Quantity) {
    if let Mark::Replaced { new_initial, .. } = mark {
        *new_initial = value;
    }
}
