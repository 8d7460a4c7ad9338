//! What else may become of a meter: it could not be read, or is estimated; each with its reason.

use common::metering::api::MissReason;
use leptos::prelude::*;

use super::stop::Walk;
use crate::kit::dialog;
use crate::metering::rounds::miss_name;
use crate::t;

/// The two dialogs.
pub(super) fn dialogs(walk: Walk) -> AnyView {
    view! {
        {dialog(walk.missing, || t!("metering-miss-title"), move || miss(walk))}
        {dialog(walk.estimating, || t!("metering-estimate-one"), move || estimate(walk))}
    }
    .into_any()
}

fn miss(walk: Walk) -> AnyView {
    let (reason, note) = (RwSignal::new(None::<MissReason>), RwSignal::new(String::new()));
    let stop = walk.stop(walk.at.get_untracked());
    let photo = stop.is_some_and(|stop| stop.photo.with_untracked(Option::is_some));
    let choices = MissReason::ALL
        .iter()
        .map(|one| {
            let one = *one;
            view! {
                <label class="flex min-h-11 cursor-pointer items-center gap-3 border-b border-line text-base">
                    <input type="radio" name="miss-reason" class="radio radio-sm" prop:checked=move || reason.get() == Some(one) on:change=move |_| reason.set(Some(one)) />
                    {miss_name(one)}
                </label>
            }
        })
        .collect_view();
    let ready = move || match reason.get() {
        None => false,
        Some(MissReason::Other) => note.with(|note| !note.trim().is_empty()),
        Some(_) => true,
    };
    let send = move |_| {
        let (Some(reason), true) = (reason.get_untracked(), untrack(ready)) else { return };
        walk.missing.set(false);
        walk.miss(walk.at.get_untracked(), reason, note.get_untracked());
    };
    view! {
        <p class="mt-1 text-base text-ink-2">{t!("metering-miss-why")}</p>
        <fieldset class="mt-2 border-t border-line"><legend class="sr-only">{t!("metering-reason")}</legend>{choices}</fieldset>
        {note_field(note, t!("metering-note"))}
        {photo.then(|| view! { <p class="mt-2 text-sm text-warning">{t!("metering-miss-photo")}</p> })}
        {deeds(walk.missing, t!("metering-miss"), ready, send)}
    }
    .into_any()
}

fn estimate(walk: Walk) -> AnyView {
    let reason = RwSignal::new(String::new());
    let ready = move || reason.with(|reason| !reason.trim().is_empty());
    let send = move |_| {
        if untrack(ready) {
            walk.estimating.set(false);
            walk.estimate(walk.at.get_untracked(), reason.get_untracked());
        }
    };
    view! {
        <p class="mt-1 text-base text-ink-2">{t!("metering-estimate-one-why")}</p>
        {note_field(reason, t!("metering-reason"))}
        {deeds(walk.estimating, t!("metering-estimated"), ready, send)}
    }
    .into_any()
}

fn note_field(text: RwSignal<String>, label: String) -> AnyView {
    view! {
        <label class="mt-3 block text-base">
            <span class="font-semibold">{label}</span>
            <input class="input mt-1 w-full" maxlength="200" autocomplete="off" prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event)) />
        </label>
    }
    .into_any()
}

fn deeds(
    open: RwSignal<bool>,
    verb: String,
    ready: impl Fn() -> bool + Copy + Send + Sync + 'static,
    send: impl Fn(leptos::ev::MouseEvent) + 'static,
) -> AnyView {
    view! {
        <div class="mt-5 flex justify-end gap-2">
            <button type="button" class="btn dialog-cancel" on:click=move |_| open.set(false)>{t!("kit-cancel")}</button>
            <button type="button" class="btn btn-primary" aria-disabled=move || (!ready()).to_string() on:click=send>{verb}</button>
        </div>
    }
    .into_any()
}
