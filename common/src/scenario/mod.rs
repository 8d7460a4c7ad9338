//! Scenarios: a text that states all that goes into a run, in the trade's terms, and what must come out.
//!
//! The amounts come from the functions of the product itself; here is only the way in and the comparison.

mod account;
mod format;
mod held;
mod inputs;
mod metering;
mod names;
mod payment;
mod stated;
mod waivers;

use std::fmt::Write as _;

use crate::billing::inputs::RunInputs;
use crate::billing::plan::{ExplainedBill, Outcome, PlannedBill, Planner, Skip};
use crate::billing::portion;
use crate::charging::explain::sentences;
use crate::charging::late_fee;
use crate::money::Money;
use crate::problem::{Args, FieldProblem, Problem};
use crate::text::{Language, text, text_with};
use crate::waivers::explain;
use format::Scenario;
use names::Names;
use payment::{Paid, Till};

/// What a scenario came to.
#[derive(Debug)]
pub struct Told {
    pub title: String,
    /// Bills with their explanation, the skipped with their reason, refusals and settlements.
    pub said: String,
    /// Where something else came out than the file states; none when it holds.
    pub differences: Vec<String>,
}

/// What would have been refused when it was typed in, by the code that its text has.
#[derive(Clone, Debug)]
struct Refusal {
    of: String,
    code: String,
    args: Args,
}

impl Refusal {
    fn new(of: &str, code: &str) -> Self {
        Self { of: of.to_owned(), code: code.to_owned(), args: Args::new() }
    }

    fn of_field(of: &str, problem: FieldProblem) -> Self {
        Self { of: of.to_owned(), code: problem.code, args: problem.args }
    }

    /// As one thing, whatever it says of fields.
    fn whole(of: &str, problem: Problem) -> Self {
        Self { of: of.to_owned(), code: problem.code, args: problem.args }
    }

    /// What is wrong with each field, or the one thing that is in the way.
    fn of_problem(of: &str, problem: Problem) -> Vec<Self> {
        if problem.fields.is_empty() {
            return vec![Self::whole(of, problem)];
        }
        problem.fields.into_iter().map(|field| Self::of_field(of, field)).collect()
    }

    /// Whether a file that states one states the other.
    fn same(&self, other: &Self) -> bool {
        (&self.of, &self.code) == (&other.of, &other.code)
    }
}

/// All that came out of a run.
struct Came<'a> {
    inputs: &'a RunInputs,
    bills: Vec<(PlannedBill, Vec<String>)>,
    /// The amounts of each bill's tiers and parts.
    tiers: Vec<Vec<Money>>,
    skips: Vec<Skip>,
    refusals: Vec<Refusal>,
    paid: Paid,
}

/// Runs a scenario.
///
/// # Errors
/// The file itself is wrong: which key, and why.
pub fn run(file: &str, language: Language) -> Result<Told, String> {
    let scenario: Scenario = toml::from_str(file).map_err(|error| error.to_string())?;
    let names = Names::of(&scenario)?;
    let mut refusals = Vec::new();
    let inputs = inputs::of(&scenario, &names, &mut refusals)?;
    let till = Till::of(&scenario, &names, &mut refusals)?;
    let mut came =
        Came { inputs: &inputs, bills: Vec::new(), tiers: Vec::new(), skips: Vec::new(), paid: Paid::default(), refusals };
    // A tariff that could not have been saved bills nobody.
    if !came.refusals.iter().any(|refusal| scenario.tariffs.iter().any(|tariff| tariff.name == refusal.of)) {
        came.plan(&scenario)?;
    }
    let bills: Vec<&PlannedBill> = came.bills.iter().map(|(bill, _)| bill).collect();
    came.paid = till.all(&bills, inputs.issued_day, &mut came.refusals)?;
    let said = came.tell(language);
    let differences = stated::differences(&scenario.expect, &names, &came)?;
    Ok(Told { title: scenario.title, said, differences })
}

impl Came<'_> {
    fn plan(&mut self, scenario: &Scenario) -> Result<(), String> {
        let planner = Planner::new(self.inputs);
        let asked = |name: &str| scenario.run.fee_items.as_ref().is_none_or(|asked| asked.iter().any(|one| one == name));
        let fee_items = (0_u16..).zip(&self.inputs.fee_items).filter(|(_, item)| asked(&item.name)).map(|(place, _)| place);
        let fee_items: Vec<u16> = fee_items.collect();
        let mut outcomes = Vec::new();
        planner.plan_of(0..self.inputs.units.len(), &fee_items, |outcome| outcomes.push(outcome));
        for outcome in outcomes {
            match outcome {
                Outcome::Skip(skip) => self.skips.push(skip),
                Outcome::Bill(bill) => {
                    let kind = self.inputs.fee_item(bill.fee_item).ok_or("a bill without a fee item")?.kind;
                    let traces: Vec<_> = bill.lines.iter().map(|line| (planner.trace(line), line.amount())).collect();
                    let said = Language::ALL.iter().flat_map(|language| {
                        traces.iter().flat_map(|(trace, amount)| sentences(*language, trace, *amount, kind))
                    });
                    let ExplainedBill { waivers: waived, portions, .. } = planner.explain(&bill);
                    let owners = Language::ALL.iter().flat_map(|language| portion::sentences(*language, &portions));
                    let waived = Language::ALL.iter().flat_map(|language| {
                        waived.iter().flat_map(|one| explain::sentences(*language, &one.trace, one.amount_fen))
                    });
                    let said: Vec<String> = said.chain(waived).chain(owners).collect();
                    let tiers = traces.iter().flat_map(|(trace, _)| &trace.pieces).flat_map(|piece| &piece.tiers);
                    self.tiers.push(tiers.map(|tier| tier.amount_fen).collect());
                    self.bills.push((bill, said));
                }
            }
        }
        Ok(())
    }

    fn tell(&self, language: Language) -> String {
        let planner = Planner::new(self.inputs);
        let mut said = String::new();
        // Writing to a String can't fail.
        for (bill, _) in &self.bills {
            let _ = writeln!(said, "{}", bill_text(self.inputs, &planner, bill, language));
        }
        for skip in &self.skips {
            let _ = writeln!(said, "{}", skip_text(self.inputs, *skip, language));
        }
        for refusal in &self.refusals {
            let why = crate::text::of_code(language, &refusal.code, &refusal.args);
            let _ = writeln!(said, "{}  ✗ {}  {why}\n", refusal.of, refusal.code);
        }
        for one in &self.paid.settled {
            let held = self.spent_text(Some(&one.payment), language);
            let _ = writeln!(said, "{}  ¥{}  ↩ ¥{}\n{held}", one.payment, one.total, one.change);
        }
        let by_itself = self.spent_text(None, language);
        if !by_itself.is_empty() {
            let _ = writeln!(said, "{}\n{by_itself}", text(language, "cashier-automatic"));
        }
        for one in &self.paid.held {
            let _ = writeln!(said, "{}  {} ¥{}\n", one.name, text(language, "cashier-held-left"), one.holding.left_fen);
        }
        for one in &self.paid.asked {
            let _ = writeln!(said, "{}  {}  ¥{}", one.number, one.on, one.due);
            for sentence in late_fee::explain::sentences(language, &one.fee) {
                let _ = writeln!(said, "    {sentence}");
            }
        }
        said
    }

    /// What held money pays of a payment, or by itself.
    fn spent_text(&self, payment: Option<&str>, language: Language) -> String {
        let mut said = String::new();
        for one in self.paid.spent.iter().filter(|one| one.payment.as_deref() == payment) {
            let late = one.laid.late.to_string();
            let late = text_with(language, "cashier-late-fee-in", &[("amount", &late)]);
            let late = if one.laid.late.is_zero() { String::new() } else { format!("  {late}") };
            let _ = writeln!(said, "    {} → {}  ¥{}{late}", one.held, one.bill, one.amount());
        }
        said
    }
}

/// A bill with its explanation.
pub fn bill_text(inputs: &RunInputs, planner: &Planner<'_>, bill: &PlannedBill, language: Language) -> String {
    let fee_item = inputs.fee_item(bill.fee_item);
    let name = fee_item.map_or("", |item| item.name.as_str());
    let lines = bill.lines.iter().flat_map(|line| {
        let trace = planner.trace(line);
        fee_item.map(|item| sentences(language, &trace, line.amount(), item.kind)).unwrap_or_default()
    });
    let lines: String = lines.map(|sentence| format!("    {sentence}\n")).collect();
    let ExplainedBill { waivers, portions, .. } = planner.explain(bill);
    let waived: String = waivers
        .iter()
        .map(|one| {
            let said = explain::sentences(language, &one.trace, one.amount_fen);
            let said: String = said.iter().map(|sentence| format!("    {sentence}\n")).collect();
            format!("  − {}  ¥{}\n{said}", one.name, one.amount_fen)
        })
        .collect();
    let to_pay = (!waivers.is_empty()).then(|| {
        let amount = bill.to_pay().to_string();
        format!("  = {}\n", text_with(language, "waivers-to-pay", &[("amount", &amount)]))
    });
    let owners = portion::sentences(language, &portions);
    let owners: String = owners.iter().map(|sentence| format!("    {sentence}\n")).collect();
    let label = inputs.units.label_of(bill.unit);
    format!("{label}  {name}  {}  ¥{}\n{lines}{waived}{}{owners}", bill.period, bill.amount, to_pay.unwrap_or_default())
}

/// A unit that gets no bill, and why.
pub fn skip_text(inputs: &RunInputs, skip: Skip, language: Language) -> String {
    let name = inputs.fee_item(skip.fee_item).map_or("", |item| item.name.as_str());
    let reason = text(language, &format!("skip-{}", skip.reason.word().replace('_', "-")));
    format!("{}  {name}  – {reason}\n", inputs.units.label_of(skip.unit))
}
