//! A table that is not a list: its rows are cards on a phone too, each value under its column's title.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Draws the table; the titles come from its own head, so that none is written twice.
///
/// A cell under a title that only screen readers hear holds the row's actions; a card has them at its end.
pub fn cards(table: impl IntoAny) -> AnyView {
    let frame = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(table) = frame.get().and_then(|frame| frame.first_element_child()) {
            label(&table);
        }
    });
    view! { <div class="cards" node_ref=frame>{table.into_any()}</div> }.into_any()
}

fn label(table: &web_sys::Element) {
    let heads = elements(table, ":scope > thead th");
    let titles: Vec<Option<String>> = heads
        .iter()
        .map(|head| {
            let unseen = head.query_selector(".sr-only").ok().flatten().is_some();
            (!unseen).then(|| head.text_content().unwrap_or_default())
        })
        .collect();
    for row in elements(table, ":scope > tbody > tr, :scope > tfoot > tr") {
        let mut place = 0;
        for cell in elements(&row, ":scope > *") {
            match titles.get(place) {
                Some(Some(title)) => drop(cell.set_attribute("data-label", title)),
                Some(None) => drop(cell.class_list().add_1("card-deeds")),
                None => {}
            }
            place += cell.get_attribute("colspan").and_then(|columns| columns.parse().ok()).unwrap_or(1);
        }
    }
}

fn elements(within: &web_sys::Element, selector: &str) -> Vec<web_sys::Element> {
    let Ok(found) = within.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|place| found.get(place)?.dyn_into().ok()).collect()
}
