//! Sheets for the printer: a receipt, a notice. On screen a preview; in print nothing else is on the page.

use leptos::prelude::*;

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
    view! { <div class=class>{content.into_any()}</div> }.into_any()
}
