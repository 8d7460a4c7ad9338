//! Meters that nobody could read are estimated, after it was said for which, and why.

use common::id::ReadingImportId;
use common::metering::api::EstimateReadings;
use common::period::{Day, Month};
use leptos::prelude::*;
use uuid::Uuid;

use crate::kit::{Ending, Form, Query, Reload, button, dialog, icons, toast};
use crate::{session, t};

/// Asks why, then estimates what is unread of the building and utility that the page shows.
pub(super) fn estimate_button(query: Query, month: Memo<Month>, day: RwSignal<Day>, reload: Reload) -> AnyView {
    let open = RwSignal::new(false);
    let title = move || t!("metering-estimate-title", month = month.get());
    let body = move || {
        let ask = EstimateReadings {
            community: session::community(),
            estimate: ReadingImportId(Uuid::now_v7()),
            month: month.get_untracked(),
            day: day.get_untracked(),
            building: untrack(|| query.one("building")).and_then(|id| id.parse().ok()),
            utility: untrack(|| query.one("utility")).and_then(|word| word.parse().ok()),
            reason: String::new(),
        };
        let why =
            if ask.building.is_some() || ask.utility.is_some() { "metering-estimate-why-part" } else { "metering-estimate-why" };
        let form = Form::new(ask);
        let fields = view! {
            <p class="text-base text-ink-2">{t!(why)}</p>
            {form.field("reason", t!("metering-reason"), |ask| &mut ask.reason).focus().placeholder(t!("metering-estimate-reason")).show()}
        };
        let ending = Ending::new(t!("metering-estimate")).cancel(move || open.set(false)).in_dialog();
        let done = move |done: common::metering::api::Estimated| {
            open.set(false);
            toast(t!("metering-estimated-count", made = done.made, left = done.left));
            reload.now();
        };
        view! { <div class="mt-2">{form.show(ending, fields, done)}</div> }.into_any()
    };
    view! {
        {button(icons::CALCULATOR, t!("metering-estimate"), move || open.set(true))}
        {dialog(open, title, body)}
    }
    .into_any()
}
