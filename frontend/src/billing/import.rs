//! Bills of the past from a workbook: choose, check every cell here and every room and fee item on the server, take over.

use common::billing::api::{IMPORT_MOST, ImportBills, ImportStep};
use common::billing::past::PastSheet;
use common::id::ImportId;
use common::problem::Problem;
use common::sheet::CellProblem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::errands::ReadPast;
use crate::api::call;
use crate::kit::{
    ChosenFile, Deed, FilePick, Foot, Header, Kept, Term, cards, count, dash, equation, go_with_router, icon, icons, money,
    problem_view, section, skeleton_lines, steps, text_or_dash, toast,
};
use crate::worker;
use crate::{session, t};

/// A file that was read and checked, here and on the server.
#[derive(Clone)]
struct Checked {
    name: String,
    sheet: PastSheet,
}

/// The page.
pub(super) fn page() -> AnyView {
    let step = RwSignal::new(0_usize);
    let checked = RwSignal::new(None::<Result<Checked, Problem>>);
    let import = RwSignal::new(ImportId(Uuid::now_v7()));
    let choose = move |file: ChosenFile| {
        step.set(1);
        checked.set(None);
        import.set(ImportId(Uuid::now_v7()));
        spawn_local(async move {
            let result = check(file, import.get_untracked()).await;
            checked.try_set(Some(result));
        });
    };
    let titles = vec![t!("billing-step-file"), t!("billing-step-check"), t!("billing-step-done")];
    let go = go_with_router();
    let template = move || {
        let address =
            format!("/api/billing/import/template?community={}&language={}", session::community(), session::language().tag());
        (step.get() == 0).then(|| view! { <a class="btn btn-sm" download href=address rel="external">{icon(icons::FILE_DOWN)}{t!("billing-template")}</a> })
    };
    view! {
        {Header::new(t!("billing-import")).beside(steps(titles, step.into())).actions(template).show()}
        <div class="flex flex-1 flex-col border-t border-line">
            {move || match step.get() {
                0 => {
                    view! {
                        <div class="px-6 py-5 max-sm:px-4">
                            {FilePick::workbook(t!("billing-import-file")).help(t!("billing-import-help")).kept(kept()).show(choose)}
                        </div>
                    }
                        .into_any()
                }
                _ => {
                    let go = go.clone();
                    match checked.get() {
                        None => view! { <div class="px-6 py-5 max-sm:px-4">{skeleton_lines(8)}</div> }.into_any(),
                        Some(Err(problem)) => {
                            view! { <div class="px-6 py-5 max-sm:px-4">{problem_view(&problem, move || step.set(0))}</div> }.into_any()
                        }
                        Some(Ok(checked)) => preview(checked, import.get_untracked(), step, go),
                    }
                }
            }}
        </div>
    }
    .into_any()
}

/// The file that was chosen, until it is brought in.
fn kept() -> Kept {
    Kept::of("past-bills", session::community())
}

/// The cells here in the worker; then on the server, which keeps nothing, what the rows name and whether they are billed. Rows with bad
/// cells are looked up as well, so that everything is told at once.
async fn check(file: ChosenFile, import: ImportId) -> Result<Checked, Problem> {
    let sheet = worker::ask(ReadPast { file: file.bytes }, |_| ()).await?;
    let mut checked = Checked { name: file.name, sheet };
    if checked.sheet.bills.len() + checked.sheet.names.len() > IMPORT_MOST {
        return Ok(checked);
    }
    match call(ask(&checked, import, ImportStep::Check)).await {
        Ok(_) => {}
        Err(problem) if problem.fields.iter().any(|field| field.field.starts_with("bills.")) => {
            checked.sheet.add_found(&problem.fields);
        }
        Err(problem) => return Err(problem),
    }
    Ok(checked)
}

fn ask(checked: &Checked, import: ImportId, step: ImportStep) -> ImportBills {
    ImportBills {
        community: session::community(),
        import,
        step,
        file_name: checked.name.clone(),
        bills: checked.sheet.bills.clone(),
        names: checked.sheet.names.clone(),
    }
}

fn preview(
    checked: Checked,
    import: ImportId,
    step: RwSignal<usize>,
    go: impl Fn(&str) + Clone + Send + Sync + 'static,
) -> AnyView {
    let deed = Deed::new();
    let wrong = checked.sheet.problem_count;
    let faulty = checked.sheet.faulty;
    let bills = u64::try_from(checked.sheet.bills.len()).unwrap_or(0);
    let open = checked.sheet.amount_fen.checked_sub(checked.sheet.paid_fen).unwrap_or_default();
    let terms = vec![
        Term::count("", t!("billing-bills"), bills),
        Term::money("", t!("billing-amount"), checked.sheet.amount_fen),
        Term::money("−", t!("billing-paid"), checked.sheet.paid_fen),
        Term::result(t!("billing-open"), open),
    ];
    let body = if wrong > 0 { problem_table(&checked.sheet.problems, wrong) } else { first_bills(&checked.sheet) };
    let for_deed = checked.clone();
    let take = move || {
        if wrong == 0 {
            let go = go.clone();
            deed.run(ask(&for_deed, import, ImportStep::TakeOver), move |done| {
                kept().forget();
                toast(t!("billing-imported", bills = done.bills, paid = done.payments));
                go(&format!("/billing/bills?source={import}"));
            });
        }
    };
    let button = view! {
        <button type="button" class="btn btn-sm btn-primary" aria-disabled=move || (wrong > 0 || deed.busy()).then_some("true") on:click=move |_| take()>
            {icon(icons::FILE_INPUT)}
            {t!("billing-take-over", count = count(bills))}
        </button>
    };
    view! {
        <section class="border-b border-line px-6 py-4 max-sm:px-4">
            <p class="label-xs mb-2">{if checked.sheet.sheet.is_empty() { checked.name.clone() } else { format!("{} · {}", checked.name, checked.sheet.sheet) }}</p>
            {equation(terms)}
            {(faulty > 0).then(|| view! { <p class="mt-1 text-sm text-ink-2">{t!("billing-import-faulty", count = count(faulty))}</p> })}
        </section>
        {body}
        {Foot::new()
            .back(move || step.set(0))
            .kept(t!("billing-nothing-saved"))
            .why_not(move || (wrong > 0).then(|| t!("billing-mend", count = count(wrong))))
            .deeds(button)
            .show()}
    }
    .into_any()
}

fn problem_table(problems: &[CellProblem], all: u64) -> AnyView {
    let rows = problems
        .iter()
        .take(500)
        .map(|problem| {
            view! {
                <tr>
                    <td class="whitespace-nowrap">{problem.at.clone()}</td>
                    <td>{text_or_dash(problem.value.clone())}</td>
                    <td>{common::text::of_code(session::language(), &problem.code, &problem.args)}</td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("billing-problems")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("billing-cell")}</th>
                        <th scope="col">{t!("billing-cell-value")}</th>
                        <th scope="col">{t!("billing-cell-problem")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
    };
    section(t!("billing-problems-count", count = count(all)), (), table)
}

fn first_bills(sheet: &PastSheet) -> AnyView {
    let rows = sheet
        .bills
        .iter()
        .take(100)
        .map(|bill| {
            view! {
                <tr>
                    <td class="num">{bill.row}</td>
                    <td>{bill.unit.clone()}</td>
                    <td>{bill.fee_item.clone()}</td>
                    <td class="whitespace-nowrap">{t!("kit-range-from-to", from = bill.period_from, to = bill.period_to.pred_opt().unwrap_or(bill.period_to))}</td>
                    <td class="num">{money(bill.amount_fen)}</td>
                    <td class="num">{money(bill.paid_fen)}</td>
                    <td>{bill.paid_day.map_or_else(dash, |day| day.to_string().into_any())}</td>
                    <td>{text_or_dash(bill.note.clone())}</td>
                </tr>
            }
        })
        .collect_view();
    let table = view! {
        <div class="max-sm:-mx-4">{cards(view! {
            <table class="table">
                <caption class="sr-only">{t!("billing-bills")}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="num">{t!("billing-row")}</th>
                        <th scope="col">{t!("billing-unit")}</th>
                        <th scope="col">{t!("billing-fee-item")}</th>
                        <th scope="col">{t!("billing-period")}</th>
                        <th scope="col" class="num">{t!("billing-amount")}</th>
                        <th scope="col" class="num">{t!("billing-paid")}</th>
                        <th scope="col">{t!("billing-paid-day")}</th>
                        <th scope="col">{t!("billing-note")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>})}</div>
    };
    let bills = sheet.bills.len();
    let title = if bills > 100 { t!("billing-first-rows", count = 100) } else { t!("billing-all-rows", count = count(bills)) };
    section(title, (), table)
}
