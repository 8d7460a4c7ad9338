//! The form of a scheme.

use common::billing::what_if::Change;
use common::charging::api::{FeeItemView, ListFeeItems};
use common::estate::api::ListUnits;
use common::estate::kind::UnitKind;
use common::id::{PeopleGroupId, UnitId, WaiverSchemeId};
use common::period::Month;
use common::problem::Problem;
use common::waivers::api::{GroupView, ListGroups, ListSchemes, SaveScheme, SchemeView};
use common::waivers::scheme::{ReliefKind, SchemeRules, WhoKind};
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::call;
use crate::approvals::done_or_waits;
use crate::charging::{may_try, trial_address};
use crate::kit::{Ending, Form, Header, Pick, go_with_router, load};
use crate::shell::{not_found, param_id};
use crate::{session, t};

/// A new scheme.
pub(super) fn new() -> AnyView {
    page(None)
}

/// One that is there, for bills to come.
pub(super) fn edit() -> AnyView {
    match param_id::<WaiverSchemeId>("scheme") {
        Some(scheme) => page(Some(scheme)),
        None => not_found(),
    }
}

fn page(scheme: Option<WaiverSchemeId>) -> AnyView {
    let community = session::community();
    let all = move || async move {
        let items = call(ListFeeItems { community }).await?;
        let groups = call(ListGroups { community }).await?;
        let schemes = call(ListSchemes { community }).await?;
        Ok((items, groups, schemes))
    };
    let title = if scheme.is_some() { t!("waivers-scheme-edit") } else { t!("waivers-scheme-add") };
    let body = load(all, 10, move |(items, groups, schemes)| match scheme {
        None => form(&items, groups, None, next_rank(&schemes)),
        Some(id) => match schemes.into_iter().find(|one| one.id == id) {
            Some(view) => form(&items, groups, Some(view), 1),
            None => not_found(),
        },
    });
    view! {
        {Header::new(title).show()}
        <div class="border-t border-line px-6 py-5 max-sm:px-4">{body}</div>
    }
    .into_any()
}

/// Ten after the last, so that others fit in between.
pub fn next_rank(schemes: &[SchemeView]) -> i32 {
    schemes.iter().map(|scheme| scheme.rank).max().map_or(10, |last| (last + 10).min(999))
}

fn form(items: &[FeeItemView], groups: Vec<GroupView>, scheme: Option<SchemeView>, rank: i32) -> AnyView {
    let labels = unit_labels(scheme.as_ref());
    let form = Form::new(scheme_start(scheme, rank));
    let fields = scheme_fields(form, items, groups, labels);
    let go = go_with_router();
    let ending = Ending::new(t!("kit-save")).cancel_to("/waivers/schemes");
    let body = form.show(ending, fields, move |outcome| {
        done_or_waits(outcome, t!("waivers-saved"));
        go("/waivers/schemes");
    });
    let address = move || trial_address(None, &[Change::Scheme(Box::new(form.draft.get()))]);
    let try_it = may_try().then(|| view! { <p class="mt-3 text-sm">{form.taken_along(address, t!("waivers-try-draft"))}</p> });
    view! { {body} {try_it} }.into_any()
}

/// The labels of the units that a scheme names.
pub fn unit_labels(scheme: Option<&SchemeView>) -> Vec<(UnitId, String)> {
    scheme.map(|view| view.rules.units.iter().copied().zip(view.unit_labels.clone()).collect()).unwrap_or_default()
}

/// All fields of a scheme; `labels` are those of the units that it names already.
pub fn scheme_fields(
    form: Form<SaveScheme>,
    items: &[FeeItemView],
    groups: Vec<GroupView>,
    labels: Vec<(UnitId, String)>,
) -> AnyView {
    let fee_items =
        items.iter().filter(|item| item.active && !item.kind.is_held()).map(|item| (item.id, item.name.clone())).collect();
    let reliefs = ReliefKind::ALL.iter().map(|kind| (*kind, t!(&format!("waivers-relief-kind-{kind}")))).collect();
    let whos = WhoKind::ALL.iter().map(|kind| (*kind, t!(&format!("waivers-who-{kind}")))).collect();
    let relief = Memo::new(move |_| form.draft.with(|ask| ask.rules.relief));
    let who = Memo::new(move |_| form.draft.with(|ask| ask.rules.who));
    let units = RwSignal::new(labels);
    let groups: Vec<(PeopleGroupId, String)> = groups.into_iter().map(|group| (group.id, group.name)).collect();
    view! {
        {form.field("name", t!("waivers-name"), |ask| &mut ask.name).focus().placeholder(t!("waivers-name-example")).show()}
        {form.field("reason", t!("waivers-reason"), |ask| &mut ask.reason).help(t!("waivers-reason-help")).show()}
        {form.ticks("rules.fee_items", t!("waivers-fee-items"), |ask| &mut ask.rules.fee_items, fee_items)}
        {form.radios("rules.relief", t!("waivers-relief"), |ask| &mut ask.rules.relief, reliefs)}
        {move || how_much(form, relief.get())}
        {form.radios("rules.who", t!("waivers-who"), |ask| &mut ask.rules.who, whos)}
        {move || for_whom(form, who.get(), groups.clone(), units)}
        <div class="grid grid-cols-2 gap-5 max-sm:grid-cols-1">
            {form.field("from", t!("waivers-from"), |ask| &mut ask.from).show()}
            {form.last_day("to", t!("waivers-to"), |ask| &mut ask.to).help(t!("waivers-to-help")).show()}
            {form.field("rank", t!("waivers-rank"), |ask| &mut ask.rank).help(t!("waivers-rank-help")).show()}
            {form
                .field("rules.months_least", t!("waivers-months-least"), |ask| &mut ask.rules.months_least)
                .unit(t!("waivers-months-unit"))
                .help(t!("waivers-months-least-help"))
                .show()}
            {form
                .field("rules.bill_most_fen", t!("waivers-bill-most"), |ask| &mut ask.rules.bill_most_fen)
                .unit(t!("waivers-yuan"))
                .help(t!("waivers-most-help"))
                .show()}
            {form
                .field("rules.year_most_fen", t!("waivers-year-most"), |ask| &mut ask.rules.year_most_fen)
                .unit(t!("waivers-yuan"))
                .help(t!("waivers-most-help"))
                .show()}
        </div>
    }
    .into_any()
}

/// What the form starts with: a scheme as it is, or a new one.
pub fn scheme_start(scheme: Option<SchemeView>, rank: i32) -> SaveScheme {
    let community = session::community();
    match scheme {
        Some(view) => SaveScheme {
            community,
            scheme: view.id,
            name: view.name,
            reason: view.reason,
            rank: view.rank,
            from: view.from,
            to: view.to,
            rules: view.rules,
        },
        None => SaveScheme {
            community,
            scheme: WaiverSchemeId(Uuid::now_v7()),
            name: String::new(),
            reason: String::new(),
            rank,
            // The month that is billed next.
            from: Month::of(session::today()).first_day(),
            to: None,
            rules: SchemeRules::blank(),
        },
    }
}

/// The figure that the kind of relief asks for.
fn how_much(form: Form<SaveScheme>, relief: ReliefKind) -> AnyView {
    match relief {
        ReliefKind::Percent => form
            .field("rules.percent", t!("waivers-percent"), |ask| &mut ask.rules.percent)
            .unit("%")
            .help(t!("waivers-percent-help"))
            .width("w-48")
            .show(),
        ReliefKind::Months => view! {
            <div class="grid grid-cols-2 gap-5 max-sm:grid-cols-1">
                {form
                    .field("rules.paid_months", t!("waivers-paid-months"), |ask| &mut ask.rules.paid_months)
                    .unit(t!("waivers-months-unit"))
                    .show()}
                {form
                    .field("rules.free_months", t!("waivers-free-months"), |ask| &mut ask.rules.free_months)
                    .unit(t!("waivers-months-unit"))
                    .help(t!("waivers-free-months-help"))
                    .show()}
            </div>
        }
        .into_any(),
        ReliefKind::Fixed => form
            .field("rules.monthly_fen", t!("waivers-monthly"), |ask| &mut ask.rules.monthly_fen)
            .unit(t!("waivers-yuan"))
            .width("w-48")
            .show(),
        ReliefKind::Price => form
            .field("rules.price", t!("waivers-price"), |ask| &mut ask.rules.price)
            .unit(t!("waivers-yuan"))
            .help(t!("waivers-price-help"))
            .width("w-48")
            .show(),
    }
}

type Named = RwSignal<Vec<(UnitId, String)>>;

/// Which groups, units or kinds.
fn for_whom(form: Form<SaveScheme>, who: WhoKind, groups: Vec<(PeopleGroupId, String)>, units: Named) -> AnyView {
    match who {
        WhoKind::Everybody => ().into_any(),
        WhoKind::Groups if groups.is_empty() => {
            view! { <p class="text-sm text-ink-2">{t!("waivers-groups-go")} " " <a class="a" href="/waivers/groups">{t!("waivers-groups")}</a></p> }
                .into_any()
        }
        WhoKind::Groups => form.ticks("rules.groups", t!("waivers-groups"), |ask| &mut ask.rules.groups, groups),
        WhoKind::Kinds => {
            let kinds = UnitKind::ALL.iter().map(|kind| (*kind, t!(&kind.text_id()))).collect();
            form.ticks("rules.kinds", t!("waivers-who-kinds"), |ask| &mut ask.rules.kinds, kinds)
        }
        WhoKind::Units => {
            let (label, find) = (t!("waivers-who-units"), t!("waivers-unit-find"));
            form.picks("rules.units", label, |ask| &mut ask.rules.units, units, find, find_units)
        }
    }
}

/// Units by room or by who lives there.
async fn find_units(text: String) -> Result<Vec<Pick<UnitId>>, Problem> {
    let search = Some(text).filter(|text| !text.is_empty());
    let page = call(ListUnits { search, size: Some(12), ..ListUnits::of(session::community()) }).await?;
    Ok(page.rows.into_iter().map(|row| Pick::new(row.unit, row.label, row.owner.unwrap_or_default())).collect())
}
