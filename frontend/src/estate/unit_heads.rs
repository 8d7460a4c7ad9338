//! How many people live in a unit from which day on, on the unit's page.

use common::estate::api::{HeadsSince, SetHeads, UnitView};
use common::permission::Permission;
use leptos::prelude::*;

use crate::kit::{Ending, Form, Reload, button, count, dash, dialog, icons, section, toast};
use crate::{session, t};

/// The section; nothing for units in which nobody lives or works.
pub(super) fn panel(unit: &UnitView, reload: Reload) -> AnyView {
    if !unit.kind.has_rooms() {
        return ().into_any();
    }
    let open = RwSignal::new(false);
    let change = session::may(Permission::EstateWrite).then(|| {
        view! { <div class="ml-auto">{button(icons::PENCIL, t!("estate-heads-change"), move || open.set(true))}</div> }
    });
    // Where the number never changed there is the one that the unit has.
    let one = [HeadsSince { from_day: None, heads: unit.heads }];
    let since = if unit.heads_since.is_empty() { &one[..] } else { &unit.heads_since };
    let lines = since
        .iter()
        .map(|since| {
            let from = since.from_day.map_or_else(|| t!("estate-heads-ever"), |day| t!("kit-range-from", from = day));
            let heads = since.heads.map_or_else(dash, |heads| count(heads).into_any());
            view! {
                <li class="flex min-h-9 items-center gap-6 border-b border-line text-sm">
                    <span class="w-36 text-ink-2">{from}</span>
                    <span class="num font-semibold">{heads}</span>
                </li>
            }
        })
        .collect_view();
    let (id, today, heads) = (unit.unit, unit.today, unit.heads);
    let body = move || {
        let form = Form::new(SetHeads { community: session::community(), unit: id, from_day: today, heads });
        let fields = view! {
            {form.field("heads", t!("estate-heads-new"), |ask| &mut ask.heads).required().width("w-40").focus().show()}
            {form
                .field("from_day", t!("estate-heads-from"), |ask| &mut ask.from_day)
                .width("w-48")
                .help(t!("estate-heads-from-help"))
                .show()}
        };
        let ending = Ending::new(t!("kit-save")).in_dialog().cancel(move || open.set(false));
        let done = move |_| {
            open.set(false);
            reload.now();
            toast(t!("estate-heads-saved"));
        };
        view! { <div class="mt-3">{form.show(ending, fields, done)}</div> }.into_any()
    };
    view! {
        {section(t!("estate-heads-history"), change, view! { <ul class="max-w-120">{lines}</ul> })}
        {dialog(open, || t!("estate-heads-change"), body)}
    }
    .into_any()
}
