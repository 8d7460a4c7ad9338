//! Sheets for the printer: a receipt, a notice. On screen a preview; in print nothing else is on the page.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    A4,
    /// Half of it, lying: receipts.
    A5,
    /// The roll of a receipt printer.
    Roll80,
}

/// The sheet with its content.
pub fn print_sheet(paper: Paper, content: impl IntoAny) -> AnyView {
    let class = match paper {
        Paper::A4 => "print-sheet print-a4",
        Paper::A5 => "print-sheet print-a5",
        Paper::Roll80 => "print-sheet print-roll80",
    };
    if paper == Paper::Roll80 {
        // Also where the browser's own menu prints.
        let printing = window_event_listener_untyped("beforeprint", |_| {
            let _fitted = fit_roll();
        });
        on_cleanup(move || printing.remove());
    }
    view! { <div class=class>{content.into_any()}</div> }.into_any()
}

/// Prints what stands on the page; a roll is as long as its slip.
pub fn print_now() {
    let _printed = window().print();
}

/// Pages of a roll have a length of their own: without it every slip would feed as much paper as the longest.
fn fit_roll() -> Option<()> {
    let slip = document().query_selector(".print-roll80").ok()??.dyn_into::<web_sys::HtmlElement>().ok()?;
    // 96 pixels are an inch of 25.4 mm; one more for what the division drops.
    let length = slip.offset_height() * 254 / 960 + 1;
    let rule = match document().get_element_by_id("roll-length") {
        Some(rule) => rule,
        None => {
            let rule = document().create_element("style").ok()?;
            rule.set_id("roll-length");
            document().head()?.append_child(&rule).ok()?;
            rule
        }
    };
    rule.set_text_content(Some(&format!("@page roll80 {{ size: 80mm {length}mm; margin: 0; }}")));
    Some(())
}
