//! 补漏: who got no bill in a run though there should be one, where each is mended, and the same run once more for the gaps.

use common::billing::api::{GetRunInputs, RunSkips, RunView};
use common::billing::plan::SkipReason;
use common::permission::Permission;
use leptos::prelude::*;

use super::occurrence::preview_address;
use super::preview::{skip_text, why_text};
use crate::charging::formula_fields;
use crate::kit::{cards, count, icon_sized, icons, primary_link, section};
use crate::{session, t};

/// The section of a run's page; nothing where nothing wants mending.
pub(super) fn gaps(run: &RunView) -> AnyView {
    let wanting: Vec<&RunSkips> = run.skips.iter().filter(|skip| skip.reason.wants_mending()).collect();
    if wanting.is_empty() {
        return ().into_any();
    }
    let (then, now) = (wanting.iter().map(|skip| skip.units).sum::<u64>(), run.lacking());
    if now == 0 {
        let title = icon_sized(icons::CIRCLE_CHECK, 16, "text-success");
        let body = view! { <p class="text-sm text-ink-2">{t!("billing-gaps-filled", count = count(then))}</p> };
        return section(t!("billing-gaps"), title, body);
    }
    let rows = wanting.into_iter().map(|skip| row(run, skip)).collect_view();
    let again = again(run).filter(|_| session::may(Permission::BillingGenerate)).map(|again| {
        view! { <div class="ml-auto">{primary_link(icons::CALCULATOR, t!("billing-fill-gaps"), preview_address(&again))}</div> }
    });
    let title = view! {
        {icon_sized(icons::TRIANGLE_ALERT, 16, "text-warning")}
        <span class="label-xs">{t!("billing-gaps-count", count = count(now), then = count(then))}</span>
        {again}
    };
    let body = view! {
        <p class="pb-2 text-sm text-ink-2">{t!("billing-gaps-why")}</p>
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("billing-gaps")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("billing-reason")}</th>
                        <th scope="col">{t!("billing-fee-item")}</th>
                        <th scope="col" class="num">{t!("billing-gaps-then")}</th>
                        <th scope="col" class="num">{t!("billing-gaps-now")}</th>
                        <th scope="col">{t!("billing-mend-where")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
    };
    section(t!("billing-gaps"), title, body)
}

/// The same once more: bills of today, due as their tariffs say, and no longer an occurrence's. Of single units those that are still
/// there; where none is, there is nothing to fill.
fn again(run: &RunView) -> Option<GetRunInputs> {
    let units: Vec<_> = run.units.iter().map(|unit| unit.unit).collect();
    let gone = units.is_empty() && !run.inputs.units.is_empty();
    let again = GetRunInputs { issued_day: session::today(), due_day: None, rule: None, units, ..run.inputs.clone() };
    (!gone).then_some(again)
}

fn row(run: &RunView, skip: &RunSkips) -> AnyView {
    let (words, address) = mended_at(skip.reason);
    let units = format!("/billing/runs/{}?reason={}", run.id, skip.reason.word());
    let still = |all: &Vec<RunSkips>| {
        all.iter().find(|one| (one.fee_item, one.reason) == (skip.fee_item, skip.reason)).map(|one| one.units)
    };
    let open = run.open.as_ref().map_or(skip.units, |all| still(all).unwrap_or(0));
    let why = why_text(skip.reason, skip.kind);
    let asked =
        matches!(skip.reason, SkipReason::Formula | SkipReason::NoQuota).then(|| formula_fields(skip.fee_item_name.clone()));
    view! {
        <tr>
            <td>
                <span class="block">{skip_text(skip.reason, skip.kind)}</span>
                <span class="block text-xs whitespace-normal text-ink-2">{why} {asked}</span>
            </td>
            <td>{skip.fee_item_name.clone()}</td>
            <td class="num"><a class="a" href=units>{t!("billing-units-count", count = count(skip.units))}</a></td>
            <td class="num font-semibold">{count(open)}</td>
            <td>{(open > 0).then(|| view! { <a class="a" href=address>{t!(words)}</a> })}</td>
        </tr>
    }
    .into_any()
}

/// Where what stood in the way is put right.
fn mended_at(reason: SkipReason) -> (&'static str, &'static str) {
    match reason {
        SkipReason::NoPrice => ("billing-mend-price", "/charging/prices"),
        SkipReason::NoReading | SkipReason::NoRegisters => ("billing-mend-reading", "/metering/readings/enter"),
        SkipReason::NoBaseline => ("billing-mend-meter", "/metering/meters"),
        SkipReason::InReview => ("billing-mend-review", "/metering/readings"),
        SkipReason::Formula | SkipReason::Negative | SkipReason::TooLarge => ("billing-mend-tariff", "/charging/fee-items"),
        SkipReason::NoCharge => ("billing-mend-charge", "/charging/charges"),
        SkipReason::PartlyBilled => ("billing-mend-bills", "/billing/bills"),
        _ => ("billing-mend-unit", "/estate/units"),
    }
}

/// Where it is mended for one unit.
pub(super) fn of_unit(unit: common::id::UnitId, reason: SkipReason) -> String {
    match reason {
        SkipReason::NoReading | SkipReason::NoRegisters | SkipReason::NoBaseline | SkipReason::InReview => {
            format!("/estate/units/{unit}?tab=meters")
        }
        _ => format!("/estate/units/{unit}"),
    }
}
