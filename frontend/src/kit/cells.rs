//! What is wrong with a workbook, cell by cell.

use common::problem::{FieldProblem, Problem};
use common::sheet::CellProblem;
use leptos::prelude::*;

use super::{cards, problem_note};
use crate::{t, text};

/// How many are drawn; the page says how many there are.
const DRAWN: usize = 200;

/// The cells, what stands in them and what is wrong; nothing where nothing is.
pub fn cell_problems(problems: &[CellProblem]) -> AnyView {
    if problems.is_empty() {
        return ().into_any();
    }
    let row = |problem: &CellProblem| {
        let said = text::of_field(&FieldProblem { field: String::new(), code: problem.code.clone(), args: problem.args.clone() });
        view! { <tr><td class="text-primary whitespace-nowrap">{problem.at.clone()}</td><td>{problem.value.clone()}</td><td>{said}</td></tr> }
    };
    let rows = problems.iter().take(DRAWN).map(row).collect_view();
    cards(view! {
        <table class="table" style="--table-edge:1.5rem">
            <thead><tr><th scope="col">{t!("kit-cell")}</th><th scope="col">{t!("kit-in-sheet")}</th><th scope="col">{t!("kit-problem")}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    })
}

/// The server's refusal of an import, with the cells that it names.
pub fn refused_cells(problem: &Problem) -> AnyView {
    let rows =
        problem.fields.iter().map(|field| view! { <li>{field.field.clone()} " " {text::of_field(field)}</li> }).collect_view();
    view! { <div>{problem_note(problem)} <ul class="mt-2 list-inside list-disc text-sm">{rows}</ul></div> }.into_any()
}
