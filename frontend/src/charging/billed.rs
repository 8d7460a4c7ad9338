//! What is billed already and will not change: told before a price is set or ended.

use common::billing::api::{BilledCount, CountBilled};
use common::charging::api::{PriceScope, SetPrice};
use common::id::TariffId;
use common::period::Day;
use leptos::prelude::*;

use crate::api::call;
use crate::kit::{Form, count, icon_sized, icons};
use crate::{session, t};

/// The bills of a tariff in a place, from a day on.
pub(super) fn billed_from(tariff: TariffId, scope: PriceScope, from: Day, to: Option<Day>) -> CountBilled {
    let ask = CountBilled {
        community: session::community(),
        tariff,
        building: None,
        entrance: None,
        floor: None,
        unit: None,
        from,
        to,
    };
    match scope {
        PriceScope::Community => ask,
        PriceScope::Building { building } => CountBilled { building: Some(building), ..ask },
        PriceScope::Entrance { entrance } => CountBilled { entrance: Some(entrance), ..ask },
        PriceScope::Floor { building, floor } => CountBilled { building: Some(building), floor: Some(floor), ..ask },
        PriceScope::Unit { unit } => CountBilled { unit: Some(unit), ..ask },
    }
}

/// How many there are, in words.
pub(super) fn billed_text(from: Day, found: BilledCount) -> String {
    match found.bills {
        0 => t!("charging-price-billed-none", day = from),
        bills => t!("charging-price-billed", day = from, bills = count(bills), units = count(found.units)),
    }
}

/// The same under the fields of a price, as they are typed.
pub(super) fn billed_note(form: Form<SetPrice>) -> AnyView {
    let asked = Memo::new(move |_| form.draft.with(|ask| (ask.tariff, ask.scope, ask.from, ask.to)));
    let found = LocalResource::new(move || {
        let (tariff, scope, from, to) = asked.get();
        async move { call(billed_from(tariff, scope, from, to)).await.ok().map(|found| (from, found)) }
    });
    let said = move || {
        let (from, found) = found.get().flatten()?;
        let class = if found.bills > 0 { "text-warning" } else { "text-ink-2" };
        Some(view! {
            <p class=format!("flex items-start gap-1.5 text-sm {class}")>{icon_sized(icons::INFO, 14, "mt-[3px]")} {billed_text(from, found)}</p>
        })
    };
    view! { <div class="min-h-5" aria-live="polite">{said}</div> }.into_any()
}
