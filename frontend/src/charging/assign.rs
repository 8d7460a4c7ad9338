//! Assigns a tariff to many units: which units, from when, how many it will be.

use common::charging::api::{Assign, AssignPreview, Earlier, FeeItemView, ListFeeItems, PreviewAssign};
use common::estate::api::GetTree;
use common::estate::kind::UnitKind;
use common::id::{BuildingId, TariffId};
use common::period::Month;
use leptos::prelude::*;

use crate::api::call;
use crate::kit::{Ending, Form, Header, Term, equation_line, go_with_router, load, toast};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let community = session::community();
    let both = move || async move {
        let items = call(ListFeeItems { community }).await?;
        let tree = call(GetTree { community }).await?;
        Ok((items, tree.buildings.into_iter().map(|building| (building.building, building.name)).collect::<Vec<_>>()))
    };
    view! {
        {Header::new(t!("charging-assign")).show()}
        <div class="border-t border-line px-6 py-5 max-sm:px-4">{load(both, 8, |(items, buildings)| form(&items, buildings))}</div>
    }
    .into_any()
}

fn form(items: &[FeeItemView], buildings: Vec<(BuildingId, String)>) -> AnyView {
    let tariffs: Vec<(TariffId, String)> = items
        .iter()
        .filter(|item| item.active)
        .flat_map(|item| {
            item.tariffs
                .iter()
                .filter(|tariff| tariff.active)
                .map(|tariff| (tariff.id, format!("{} · {}", item.name, tariff.name)))
        })
        .collect();
    let Some((first, _)) = tariffs.first().cloned() else {
        return view! { <p class="text-base text-ink-2">{t!("charging-no-tariff-yet")} " " <a class="a" href="/charging/fee-items">{t!("charging-fee-items")}</a></p> }.into_any();
    };
    let go = go_with_router();
    let form = Form::new(Assign {
        community: session::community(),
        tariff: first,
        buildings: Vec::new(),
        kinds: vec![UnitKind::Residence],
        units: Vec::new(),
        // The month that is billed next.
        from: Month::of(session::today()).plus(-1).first_day(),
        to: None,
        earlier: Earlier::Kept,
    });
    let kinds = UnitKind::ALL.iter().map(|kind| (*kind, t!(&kind.text_id()))).collect();
    let earlier = vec![(Earlier::Kept, t!("charging-assign-kept")), (Earlier::Ended, t!("charging-assign-ended"))];
    let fields = view! {
        {form.choice("tariff", t!("charging-tariff"), |ask| &mut ask.tariff, tariffs)}
        {form.ticks("kinds", t!("charging-assign-kinds"), |ask| &mut ask.kinds, kinds)}
        {form.ticks("buildings", t!("charging-assign-buildings"), |ask| &mut ask.buildings, buildings)}
        <div class="grid grid-cols-2 gap-5">
            {form.field("from", t!("charging-from"), |ask| &mut ask.from).show()}
            {form.field("to", t!("charging-to"), |ask| &mut ask.to).help(t!("charging-to-help")).show()}
        </div>
        {form.radios("earlier", t!("charging-assign-earlier"), |ask| &mut ask.earlier, earlier)}
        {preview(form)}
    };
    form.show(Ending::new(t!("charging-assign")).cancel_to("/charging/charges"), fields, move |done| {
        toast(t!("charging-assigned", count = done.charges, left = done.left_out));
        go("/charging/charges");
    })
}

/// How many units it will be, as the filter stands.
fn preview(form: Form<Assign>) -> AnyView {
    let asked = Memo::new(move |_| {
        form.draft.with(|draft| {
            let ask = PreviewAssign {
                community: draft.community,
                tariff: draft.tariff,
                buildings: draft.buildings.clone(),
                kinds: draft.kinds.clone(),
                units: draft.units.clone(),
                from: draft.from,
                to: draft.to,
            };
            (ask, draft.earlier)
        })
    });
    let counts = load(
        move || call(asked.get().0),
        2,
        move |found: AssignPreview| {
            let ended = asked.get_untracked().1 == Earlier::Ended;
            let new = found.found.saturating_sub(found.already + if ended { 0 } else { found.other });
            let mut terms = vec![
                Term::count("", t!("charging-assign-found"), found.found),
                Term::count("−", t!("charging-assign-already"), found.already),
            ];
            if !ended {
                terms.push(Term::count("−", t!("charging-assign-other"), found.other));
            }
            terms.push(Term::count("=", t!("charging-assign-new"), new));
            view! {
                {equation_line(terms)}
                {(ended && found.other > 0).then(|| view! { <p class="mt-2 text-sm text-ink-2">{t!("charging-assign-will-end", count = found.other)}</p> })}
                {(found.no_area > 0).then(|| view! { <p class="mt-2 text-sm text-warning">{t!("charging-assign-no-area", count = found.no_area)}</p> })}
            }
            .into_any()
        },
    );
    view! { <div class="min-h-16 border-t-3 border-double border-control pt-3 text-sm" aria-live="polite">{counts}</div> }
        .into_any()
}
