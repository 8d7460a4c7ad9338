//! The kit: what all pages are made of. It knows nothing of the business.
//!
//! Texts are `t!("id", name = value)`: plain strings, since a page is drawn anew when the language or the community
//! changes. A page is a function `fn() -> AnyView`, listed in its capability's `places()`; its line of the navigation in
//! `entries()`. Whoever is asked: `session::{community, may, today}`. Calls: `api::call(Ask { .. }).await`.
//!
//! A list page is its columns and filters:
//! ```ignore
//! pub fn page() -> AnyView {
//!     let reload = Reload::new();
//!     let voiding = Deed::new();
//!     let list = List::new("bills", ListBills { community: session::community(), ..Default::default() }, |row: &BillRow| row.id.to_string())
//!         .reload(reload)
//!         .search(t!("billing-search"))                                  // fills the field `search`
//!         .filter(Filter::months("from_month", "to_month", t!("billing-months")))
//!         .filter(Filter::many("state", t!("billing-state"), vec![("open".into(), t!("billing-state-open"))]))
//!         .filter(Filter::later("building", t!("estate-building"), || async move {
//!             Ok(call(ListBuildings { community: session::community() }).await?.into_iter().map(|b| (b.id.to_string(), b.name)).collect())
//!         }))
//!         .view(View::new(t!("kit-all"), ""))                           // tabs that set filters
//!         .view(View::new(t!("billing-unpaid"), "state=open&state=part"))
//!         .column(Column::new("billing-number", |row: &BillRow| row.number.clone()).link(|row| format!("/billing/bills/{}", row.id)).sort("number"))
//!         .column(Column::new("billing-amount", |row: &BillRow| money(row.amount_fen)).num().sort("amount"))
//!         .column(Column::new("billing-open", |row: &BillRow| money(row.open_fen)).num().strong())
//!         .totals::<SumBills>(|sum| vec![Term::money("", t!("billing-amount"), sum.amount_fen), Term::result(t!("billing-open"), sum.open_fen)])
//!         .export("/api/billing/bills.xlsx")
//!         .bulk(move |picked: Picked<BillRow>| {
//!             let bills: Vec<_> = picked.rows().iter().map(|row| row.id).collect();
//!             danger_button(icons::CIRCLE_SLASH, t!("billing-void"), move || {
//!                 let bills = bills.clone();
//!                 Confirm::new(t!("billing-void-title", count = bills.len()), t!("billing-void-why"), t!("billing-void")).danger().ask(move || {
//!                     voiding.run(VoidBills { bills }, move |_| { picked.clear(); reload.now(); toast(t!("billing-voided")); });
//!                 });
//!             })
//!         })
//!         .empty(|| Empty::new(icons::RECEIPT_TEXT, t!("billing-none"), t!("billing-none-why"))
//!             .actions(primary_link(icons::PLUS, t!("billing-generate"), "/billing/generate")));
//!     view! {
//!         {Header::new(t!("billing-bills")).actions(primary_link(icons::PLUS, t!("billing-generate"), "/billing/generate")).show()}
//!         {list.show()}
//!     }.into_any()
//! }
//! ```
//!
//! A form page is its fields; the request is the draft, its `Checked` rules show while typing, the server's field
//! problems find their field by name:
//! ```ignore
//! pub fn page() -> AnyView {
//!     let go = go_with_router();
//!     let form = Form::new(SaveFeeItem { community: session::community(), id: Uuid::now_v7().into(), name: String::new(), price: Price::ZERO, from_day: session::today() });
//!     let fields = view! {
//!         {form.field("name", t!("charging-name"), |ask| &mut ask.name).focus().show()}
//!         {form.choice("kind", t!("charging-kind"), |ask| &mut ask.kind, vec![(Kind::Area, t!("charging-kind-area"))])}
//!         {form.field("price", t!("charging-price"), |ask| &mut ask.price).unit(t!("charging-unit-area")).help(t!("charging-price-help")).show()}
//!         {form.field("from_day", t!("charging-from"), |ask| &mut ask.from_day).width("w-48").show()}
//!     };
//!     view! {
//!         {Header::new(t!("charging-fee-item-new")).show()}
//!         <div class="px-6 pb-8 max-sm:px-4">
//!             {form.show(Ending::new(t!("kit-save")).cancel_to("/charging/fee-items"), fields, move |_| { toast(t!("charging-saved")); go("/charging/fee-items"); })}
//!         </div>
//!     }.into_any()
//! }
//! ```
//!
//! A page that shows what it fetches: `load(move || call(GetBill { community, bill }), 8, |bill| view! { … })`.
//! Events such as `Deed::run`'s may outlive the page: use `try_set`, never `expect`, in what happens later.

mod badge;
mod blank;
mod cards;
mod cells;
mod chart;
mod combobox;
mod deed;
mod dialog;
mod figures;
mod file;
mod filter;
mod form;
mod icon;
pub mod icons;
mod kept;
pub mod leave;
mod list;
mod menu;
mod month;
mod page;
mod pager;
mod progress;
pub mod query;
mod search;
mod sheet;
mod tabs;
mod toast;
mod unsent;
mod value;
mod views;
mod wizard;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;

pub use badge::{State, mark, state_badge};
pub use blank::{Empty, empty_view, load, problem_note, problem_view, skeleton_lines};
pub use cards::cards;
pub use cells::{cell_problems, refused_cells};
pub use chart::{Age, Chart, Series, Tone, age_bar, amount_bars, pieces, sparkline};
pub use combobox::{Pick, adding_combobox, combobox};
pub use deed::Deed;
pub use dialog::{Confirm, confirm_host, dialog, leaving_dialog, wide_dialog};
pub use figures::{
    Figure, Term, big_money, clock, count, dash, equation, equation_line, facts, facts_wide, figure, figure_strip, moment, money,
    money_or_dash, text_or_dash,
};
pub use file::{ChosenFile, FilePick, save_file, save_from};
pub use filter::{Choice, Filter, linked_chip};
pub use form::{Ending, Field, Form};
pub use icon::{Icon, icon, icon_sized};
pub use kept::{Kept, forget_files};
pub use list::{Column, List, Picked, Reload};
pub use menu::{Close, Look, menu, menu_deed, menu_link};
pub use month::{month_of, month_picker, past_month_of};
pub use page::{
    Header, button, danger_button, link_button, primary_button, primary_link, print_button, section, with_rail, with_rail_below,
};
pub use progress::progress;
pub use query::{Query, pairs};
pub use search::search_field;
pub use sheet::{Paper, print_now, print_sheet};
pub use tabs::{Tab, tabs};
pub use toast::{toast, toast_host, toast_problem, toast_with};
pub use unsent::{Unsent, count_unsent, forget_unsent};
pub use value::FieldValue;
pub use views::View;
pub use wizard::{Foot, steps};

/// Goes to another page of the application: ask for it while the page is drawn, use it in what happens later.
pub fn go_with_router() -> impl Fn(&str) + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    move |address: &str| navigate(address, NavigateOptions::default())
}

/// The element with this id gets the focus.
pub fn focus_id(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _focused = element.focus();
    }
}

/// The next or previous element that matches gets the focus, within `root`.
pub(crate) fn step_focus(root: &web_sys::Element, selector: &str, forward: bool) {
    let Ok(found) = root.query_selector_all(selector) else { return };
    let active = document().active_element();
    let nodes: Vec<web_sys::HtmlElement> = (0..found.length()).filter_map(|place| found.get(place)?.dyn_into().ok()).collect();
    let now =
        nodes.iter().position(|node| active.as_ref().is_some_and(|active| active == node.unchecked_ref::<web_sys::Element>()));
    let next = match now {
        None => 0,
        Some(now) if forward => (now + 1) % nodes.len().max(1),
        Some(now) => (now + nodes.len() - 1) % nodes.len().max(1),
    };
    if let Some(node) = nodes.get(next) {
        let _focused = node.focus();
    }
}

/// The arrow keys of a group of buttons that are radios: they choose the next or the one before.
pub fn radio_keys(event: &web_sys::KeyboardEvent) {
    let forward = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => true,
        "ArrowLeft" | "ArrowUp" => false,
        _ => return,
    };
    let Some(group) = current_target(event) else { return };
    event.prevent_default();
    step_focus(&group, "[role=radio]", forward);
    let chosen = document().active_element().and_then(|active| active.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(chosen) = chosen.filter(|chosen| group.contains(Some(chosen))) {
        chosen.click();
    }
}

/// The element whose handler runs.
fn current_target(event: &web_sys::Event) -> Option<web_sys::Element> {
    event.current_target().and_then(|target| target.dyn_into().ok())
}
