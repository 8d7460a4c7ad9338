//! The pages of metering: meters, readings and their import, apportionments.

mod apportion;
mod apportionment;
mod chart;
mod define;
mod enter;
pub mod errands;
mod import;
mod import_meters;
mod late;
mod meter;
mod meters;
mod mine;
mod of_unit;
mod photo;
mod readings;
mod rereads;
mod review;
mod rounds;
mod tree;
mod walk;

use common::charging::api::{FeeItemView, ListFeeItems};
use common::charging::rate::Counted;
use common::estate::api::GetTree;
use common::id::{BuildingId, FeeItemId};
use common::metering::api::{ListMeters, ReadingState, UnitName};
use common::metering::apportion::{Method, Taken};
use common::metering::usage::{Mark, NoUsage};
use common::metering::{Oddity, Role, Utility};
use common::period::Month;
use common::permission::Permission;
use common::problem::{FieldProblem, Problem};
use common::quantity::Quantity;
use leptos::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::api::call;
use crate::kit::{State, figure, mark, state_badge};
use crate::shell::{Entry, Group, Place};
use crate::{session, t, text};

pub use of_unit::of_unit;

/// The pages.
pub fn places() -> Vec<Place> {
    vec![
        Place::new("/metering/meters", meters::page).may(Permission::MeteringRead),
        Place::new("/metering/meters/new", define::new_page).may(Permission::MeteringWrite),
        Place::new("/metering/meters/many", define::many_page).may(Permission::MeteringWrite),
        Place::new("/metering/meters/import", import_meters::page).may(Permission::MeteringWrite),
        Place::new("/metering/meters/:meter", meter::page).may(Permission::MeteringRead),
        Place::new("/metering/meters/:meter/edit", define::edit_page).may(Permission::MeteringWrite),
        Place::new("/metering/readings", readings::page).may(Permission::MeteringRead),
        Place::new("/metering/readings/enter", enter::page).may(Permission::MeteringWrite),
        Place::new("/metering/review", review::page).may(Permission::MeteringRead),
        Place::new("/metering/readings/import", import::page).may(Permission::MeteringWrite),
        Place::new("/metering/rounds", rounds::list::page).may(Permission::MeteringRead),
        Place::new("/metering/rounds/new", rounds::form::new_page).may(Permission::MeteringWrite),
        Place::new("/metering/rounds/:round", rounds::round::page).may(Permission::MeteringRead),
        Place::new("/metering/rounds/:round/assign", rounds::form::assign_page).may(Permission::MeteringWrite),
        Place::new("/metering/rounds/:round/left", rounds::sheet::list_page).may(Permission::MeteringRead),
        Place::new("/metering/rounds/:round/sheet", rounds::sheet::page).may(Permission::MeteringRead),
        Place::new("/metering/my-round", mine::page).may(Permission::MeteringWrite).may(Permission::MeteringRead),
        Place::new("/metering/walk", walk::page).may(Permission::MeteringWrite).may(Permission::MeteringRead),
        Place::new("/metering/rereads", rereads::page).may(Permission::MeteringRead),
        Place::new("/metering/tree", tree::page).may(Permission::MeteringRead),
        Place::new("/metering/apportion", apportionment::list_page).may(Permission::MeteringRead),
        Place::new("/metering/apportion/new", apportion::page).may(Permission::MeteringWrite),
        Place::new("/metering/apportion/:apportionment", apportionment::page).may(Permission::MeteringRead),
    ]
}

/// The lines of the navigation.
pub fn entries() -> Vec<Entry> {
    vec![
        Entry::new(Group::Metering, 5, "metering-mine", "/metering/my-round", Permission::MeteringWrite),
        Entry::new(Group::Metering, 10, "metering-meters", "/metering/meters", Permission::MeteringRead),
        Entry::new(Group::Metering, 15, "metering-rounds", "/metering/rounds", Permission::MeteringRead),
        Entry::new(Group::Metering, 20, "metering-readings", "/metering/readings", Permission::MeteringRead),
        Entry::new(Group::Metering, 22, "metering-reviews", "/metering/review", Permission::MeteringRead),
        Entry::new(Group::Metering, 23, "metering-rereads", "/metering/rereads", Permission::MeteringRead),
        Entry::new(Group::Metering, 25, "metering-tree", "/metering/tree", Permission::MeteringRead),
        Entry::new(Group::Metering, 30, "metering-apportion", "/metering/apportion", Permission::MeteringRead),
    ]
}

fn utility_name(utility: Utility) -> String {
    t!(&format!("metering-utility-{}", utility.word()))
}

/// 电表, or 电表 · 峰 for one register of a meter.
fn meter_kind(utility: Utility, register: Counted) -> String {
    match register {
        Counted::Total => utility_name(utility),
        register => format!("{} · {}", utility_name(utility), register_name(register)),
    }
}

fn register_name(register: Counted) -> String {
    t!(&format!("counted-{}", register.word()))
}

fn role_name(role: Role) -> String {
    t!(&format!("metering-role-{}", role.word()))
}

fn method_name(method: Method) -> String {
    t!(&format!("metering-method-{}", method.word()))
}

fn taken_name(taken: Taken) -> String {
    t!(&format!("metering-taken-{}", taken.word()))
}

fn utilities() -> Vec<(String, String)> {
    Utility::ALL.iter().map(|utility| (utility.word().to_owned(), utility_name(*utility))).collect()
}

fn roles() -> Vec<(String, String)> {
    Role::ALL.iter().map(|role| (role.word().to_owned(), role_name(*role))).collect()
}

/// What people call the place of a meter.
fn whereabouts(unit: Option<&UnitName>, place: &str) -> String {
    unit.map_or_else(|| place.to_owned(), |unit| unit.label.clone())
}

/// To one decimal, half up.
fn tenths(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero)
}

/// A quantity, or a pale dash.
fn figure_or_dash(value: Option<Quantity>) -> AnyView {
    match value {
        Some(value) => figure(value).into_any(),
        None => view! { <span class="text-ink-3">"–"</span> }.into_any(),
    }
}

fn reading_state(state: ReadingState, odd: Option<Oddity>) -> AnyView {
    let word = t!(&format!("metering-state-{}", state.word()));
    match state {
        ReadingState::Open => view! { {state_badge(State::Open, word)} {odd.map(odd_mark)} }.into_any(),
        ReadingState::Review => view! { {state_badge(State::Wait, word)} {odd.map(odd_mark)} }.into_any(),
        ReadingState::Billed => state_badge(State::Done, word),
    }
}

/// 估读: nobody read the meter.
fn estimated_mark(estimated: bool) -> Option<AnyView> {
    estimated.then(|| view! { <span class="ml-1">{mark(t!("metering-estimated"), "")}</span> }.into_any())
}

/// 突增, 归零 …
fn odd_mark(odd: Oddity) -> AnyView {
    view! { <span class="ml-1">{mark(t!(&format!("metering-odd-{}", odd.word())), "badge-warning")}</span> }.into_any()
}

fn mark_name(what: Option<Mark>) -> Option<String> {
    what.map(|what| match what {
        Mark::RolledOver => t!("metering-mark-rolled"),
        Mark::Replaced { .. } => t!("metering-mark-replaced"),
    })
}

/// The buildings as choices.
async fn buildings() -> Result<Vec<(BuildingId, String)>, Problem> {
    let tree = call(GetTree { community: session::community() }).await?;
    Ok(tree.buildings.into_iter().map(|building| (building.building, building.name)).collect())
}

async fn building_choices() -> Result<Vec<(String, String)>, Problem> {
    Ok(buildings().await?.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}

/// The fee items that may be charged.
async fn active_fee_items() -> Result<Vec<FeeItemView>, Problem> {
    let items = call(ListFeeItems { community: session::community() }).await?;
    Ok(items.into_iter().filter(|item| item.active).collect())
}

/// The same as choices.
async fn fee_items() -> Result<Vec<(FeeItemId, String)>, Problem> {
    let earned = active_fee_items().await?.into_iter().filter(|item| !item.kind.is_held());
    Ok(earned.map(|item| (item.id, item.name)).collect())
}

/// Where the bills of a month are generated, for those who may: the fee items that go by meters of these utilities are ticked.
fn bills_of(month: Month, utilities: impl IntoIterator<Item = Utility>) -> Option<String> {
    let of: String = utilities.into_iter().map(|utility| format!("&utility={}", utility.word())).collect();
    session::may(Permission::BillingGenerate).then(|| format!("/billing/generate?month={month}{of}"))
}

/// A request for meters without any filter.
fn list_meters() -> ListMeters {
    ListMeters {
        community: session::community(),
        search: None,
        role: None,
        utility: None,
        building: None,
        unit: None,
        parent: None,
        active: None,
        page: None,
        size: None,
        sort: None,
    }
}

/// Why a typed figure can't be read, in words.
pub(crate) fn unreadable(code: &'static str) -> String {
    text::of_field(&FieldProblem::new("value", code))
}

/// Why a typed figure yields no usage.
#[derive(Clone, Debug, PartialEq)]
struct Wrong {
    said: String,
    /// Whether it lies below the previous figure, or was said to: a register that went through zero, or another meter, explains it.
    below: bool,
}

impl Wrong {
    fn unreadable(code: &'static str) -> Self {
        Self { said: unreadable(code), below: false }
    }

    fn of(no: NoUsage) -> Self {
        let below = matches!(no, NoUsage::Backward { .. } | NoUsage::NotRolledOver { .. });
        Self { said: text::of_field(&no.problem("value")), below }
    }
}
