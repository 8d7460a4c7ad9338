//! What receipts and vouchers have in common: their page, and their head, table and foot on A5 and on a roll of 80 mm.

use chrono::{DateTime, Utc};
use common::api::Endpoint;
use common::money::Money;
use common::period::Day;
use leptos::prelude::*;

use super::print;
use crate::kit::{Paper, Reload, icon, icons, moment, money, print_sheet};
use crate::t;

/// What stands on a paper of any kind.
pub(super) struct Frame {
    pub title: String,
    pub community: String,
    pub number: String,
    pub day: Day,
    pub at: DateTime<Utc>,
    /// What is stamped beside the number.
    pub marks: Vec<String>,
    pub unit: String,
    /// Who paid or was paid: the word and the name.
    pub person: (String, String),
    /// Who took or gave the money: the word and the name.
    pub by: (String, String),
    pub total: Money,
    /// The total in capitals (大写).
    pub capitals: String,
}

/// A column of the table on A5 by its title. On a phone the lines are cards, whose figures bear their titles.
pub(super) enum Column {
    Word(String),
    /// What stays on one line: a number, some days.
    Code(String),
    /// Stands at the right.
    Figure(String),
}

impl Column {
    fn head(&self) -> AnyView {
        match self {
            Self::Word(title) | Self::Code(title) => view! { <th scope="col">{title.clone()}</th> }.into_any(),
            Self::Figure(title) => view! { <th scope="col" class="num">{title.clone()}</th> }.into_any(),
        }
    }

    fn cell(&self, content: AnyView) -> AnyView {
        match self {
            Self::Word(_) => view! { <td>{content}</td> }.into_any(),
            Self::Code(_) => view! { <td class="whitespace-nowrap">{content}</td> }.into_any(),
            Self::Figure(title) => view! { <td class="num" data-label=title.clone()>{content}</td> }.into_any(),
        }
    }
}

/// What only an A5 sheet of this kind has.
pub(super) struct Body {
    /// How it was paid: the word and the ways.
    pub way: (String, String),
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<AnyView>>,
    /// Sentences under the table.
    pub notes: Vec<String>,
    /// Where it is sealed and signed.
    pub seals: [String; 2],
}

/// That it was printed before.
pub(super) fn reprinted(prints: i32) -> Option<String> {
    let again = prints.checked_sub(1).filter(|again| *again > 0)?;
    Some(t!("cashier-reprinted", count = again))
}

/// Counts the print and prints.
pub(super) fn print_button<E: Endpoint + Clone + 'static>(print: E, prints: i32, reload: Reload) -> AnyView {
    let word = if prints > 0 { t!("cashier-reprint") } else { t!("cashier-print") };
    view! {
        <button type="button" class="btn btn-sm btn-primary" on:click=move |_| print::counted(print.clone(), reload)>
            {icon(icons::PRINTER)}
            {word}
        </button>
    }
    .into_any()
}

/// The head of the page and the paper under it.
pub(super) fn on_page(header: AnyView, paper: Memo<Paper>, sheet: impl Fn(Paper) -> AnyView + Send + 'static) -> AnyView {
    view! {
        <div class="no-print">{header}</div>
        <div class="overflow-x-auto px-6 pb-8 pt-2 max-sm:px-4 print:pt-0">{move || sheet(paper.get())}</div>
    }
    .into_any()
}

/// Half a sheet of A4, lying.
pub(super) fn a5(frame: Frame, body: Body) -> AnyView {
    let line = |(word, value): (String, String)| t!("cashier-line", word = word, value = value);
    let row = |cells: Vec<AnyView>| {
        let cells = body.columns.iter().zip(cells).map(|(column, content)| column.cell(content)).collect_view();
        view! { <tr>{cells}</tr> }
    };
    let rows = body.rows.into_iter().map(row).collect_view();
    let span = body.columns.len().saturating_sub(2);
    let fact = |(word, value): (String, String)| view! { <div><dt>{word}</dt><dd>{value}</dd></div> };
    let [seal, sign] = body.seals;
    print_sheet(
        Paper::A5,
        view! {
            <article class="receipt receipt-a5" data-theme="anju" aria-label=frame.title.clone()>
                <header class="receipt-head">
                    <div class="text-sm">{frame.day.to_string()}</div>
                    <div class="text-center">
                        <p class="text-base">{frame.community}</p>
                        <h2 class="text-2xl font-semibold tracking-widest">{frame.title.clone()}</h2>
                    </div>
                    <div class="text-right text-sm">{marks(frame.marks)} <div class="whitespace-nowrap">{t!("cashier-paper-number")} " " {frame.number}</div></div>
                </header>
                <dl class="receipt-who">
                    {fact((t!("cashier-unit"), frame.unit))}
                    {fact(frame.person)}
                    {fact(body.way)}
                </dl>
                <table class="receipt-table">
                    <thead><tr>{body.columns.iter().map(Column::head).collect_view()}</tr></thead>
                    <tbody>{rows}</tbody>
                    <tfoot>
                        <tr>
                            <td colspan=span>{t!("cashier-capitals")} <b class="ml-3">{frame.capitals}</b></td>
                            <td class="num font-semibold" colspan="2">"¥" {money(frame.total)}</td>
                        </tr>
                    </tfoot>
                </table>
                {body.notes.into_iter().map(|note| view! { <p class="mt-2 text-sm">{note}</p> }).collect_view()}
                <footer class="receipt-foot">
                    <span>{line(frame.by)}</span>
                    <span>{seal}</span>
                    <span>{sign}</span>
                    <span>{moment(frame.at)}</span>
                </footer>
            </article>
        },
    )
}

/// A slip from a roll of 80 mm: its lines, what follows the total, and its end.
pub(super) fn roll(frame: Frame, lines: AnyView, after: AnyView, end: AnyView) -> AnyView {
    let (person, name) = frame.person;
    let (role, by) = frame.by;
    print_sheet(
        Paper::Roll80,
        view! {
            <article class="receipt receipt-80" data-theme="anju" aria-label=frame.title.clone()>
                <h2>{frame.community}<br />{frame.title.clone()}</h2>
                <div class="text-center">{marks(frame.marks)}</div>
                {pair(t!("cashier-paper-number"), frame.number)}
                {pair(t!("cashier-at"), moment(frame.at))}
                {pair(t!("cashier-unit"), frame.unit)}
                {pair(person, name)}
                <hr />
                <ul>{lines}</ul>
                <hr />
                <div class="receipt-pair receipt-total"><span>{t!("kit-total")}</span><b>"¥" {money(frame.total)}</b></div>
                <p>{frame.capitals}</p>
                {after}
                <hr />
                {pair(role, by)}
                {end}
            </article>
        },
    )
}

/// A word and its value at the two edges of a slip.
pub(super) fn pair(word: String, value: String) -> AnyView {
    view! { <div class="receipt-pair"><span>{word}</span><span>{value}</span></div> }.into_any()
}

/// What a line of a slip is for and its amount.
pub(super) fn amount(name: String, amount: Money) -> AnyView {
    view! { <div class="receipt-pair"><span>{name}</span><b>{money(amount)}</b></div> }.into_any()
}

fn marks(marks: Vec<String>) -> AnyView {
    marks.into_iter().map(|mark| view! { <span class="receipt-mark">{mark}</span> }).collect_view().into_any()
}
