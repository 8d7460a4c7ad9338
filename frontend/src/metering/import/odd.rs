//! Readings unlike their meters' past, to be confirmed or left to a review.

use common::metering::import::{OddRow, Preview};
use leptos::prelude::*;

use super::state::Wizard;
use crate::kit::{count, icon_sized, icons, mark};
use crate::metering::chart::sparkline;
use crate::metering::{figure, figure_or_dash};
use crate::t;

/// Readings unlike their meters' past.
pub(super) fn odd_section(wizard: Wizard, preview: &Preview) -> AnyView {
    if preview.odd == 0 {
        return ().into_any();
    }
    let total = preview.odd;
    let all: Vec<_> = preview.odd_rows.iter().map(|row| row.at).collect();
    let rows = preview.odd_rows.iter().map(|row| odd_row(wizard, row)).collect_view();
    let more = usize::try_from(total).unwrap_or(0).saturating_sub(preview.odd_rows.len());
    let every = all.clone();
    view! {
        <section class="pt-6" aria-labelledby="odd-rows">
            <div class="flex min-h-8 flex-wrap items-center gap-2 px-6 max-sm:px-4">
                <h2 id="odd-rows" class="text-lg font-semibold">{t!("metering-odd")}</h2>
                <span class="count">{count(total)}</span>
                <span class="label-xs ml-1">{t!("metering-odd-what")}</span>
                <div class="ml-auto flex flex-wrap gap-2">
                    <button type="button" class="btn btn-ghost btn-sm" on:click=move |_| { let all = every.clone(); wizard.mend(move |cures| cures.confirmed = all); }>{t!("metering-all-right", count = total)}</button>
                    <button type="button" class="btn btn-sm" on:click=move |_| wizard.mend(|cures| cures.confirmed.clear())>{t!("metering-all-review", count = total)}</button>
                </div>
            </div>
            <div class="mt-2 overflow-x-auto">
                <table class="table cards-sm" style="--table-edge:1.5rem">
                    <caption class="sr-only">{t!("metering-odd")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!("kit-cell")}</th>
                            <th scope="col">{t!("metering-whereabouts")}</th>
                            <th scope="col">{t!("metering-twelve-months")}</th>
                            <th scope="col" class="num">{t!("metering-average")}</th>
                            <th scope="col" class="num">{t!("metering-this-time")}</th>
                            <th scope="col" class="num">{t!("metering-times")}</th>
                            <th scope="col">{t!("metering-case")}</th>
                            <th scope="col">{t!("metering-what-to-do")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {(more > 0).then(|| view! { <p class="px-6 pt-2 text-sm text-ink-2 max-sm:px-4">{t!("metering-more-odd", count = count(more))}</p> })}
        </section>
    }
    .into_any()
}

fn odd_row(wizard: Wizard, row: &OddRow) -> AnyView {
    let (at, confirmed) = (row.at, row.confirmed);
    let tone = if confirmed { "" } else { "badge-warning" };
    let choice = |on: bool, word: String, deed: Box<dyn Fn()>| {
        let class = if on { "btn btn-xs join-item z-1 border-primary! bg-pick! text-primary!" } else { "btn btn-xs join-item" };
        view! {
            <button type="button" class=class role="radio" aria-checked=on.to_string() on:click=move |_| deed()>
                {on.then(|| icon_sized(icons::CHECK, 12, ""))} {word}
            </button>
        }
    };
    let right = choice(confirmed, t!("metering-right"), Box::new(move || wizard.mend(move |cures| cures.confirmed.push(at))));
    let review = choice(
        !confirmed,
        t!("metering-review"),
        Box::new(move || wizard.mend(move |cures| cures.confirmed.retain(|other| *other != at))),
    );
    view! {
        <tr>
            <td class="whitespace-nowrap text-primary">{row.cell.clone()}</td>
            <td class="whitespace-nowrap">{row.label.clone()}</td>
            <td>{sparkline(&row.past, row.usage)}</td>
            <td class="num text-ink-2">{figure_or_dash(row.average)}</td>
            <td class="num font-semibold">{figure(row.usage)}</td>
            <td class="num">{row.times.map(|times| format!("{times:.1}"))}</td>
            <td class="whitespace-nowrap">{mark(t!(&format!("metering-odd-{}", row.oddity.word())), tone)}</td>
            <td><div class="join" role="radiogroup" aria-label=row.cell.clone()>{right} {review}</div></td>
        </tr>
    }
    .into_any()
}
