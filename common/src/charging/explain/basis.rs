//! What the price was multiplied with, and where that came from.

use super::meters::of_meter;
use super::share::of_share;
use super::{percent, usage_unit};
use crate::charging::tariff::FeeItemKind;
use crate::charging::trace::{Basis, NamedValue, Trace};
use crate::formula::Named;
use crate::money::{Money, grouped};
use crate::text::Language;

/// What the price was multiplied with, and where that came from.
pub(super) fn of_basis(language: Language, trace: &Trace, amount: Money, kind: FeeItemKind) -> Vec<String> {
    match &trace.basis {
        Basis::Area { area } => vec![say!(language, "trace-area", area = area)],
        Basis::Household => vec![say!(language, "trace-household")],
        Basis::Fixed if kind == FeeItemKind::Rent => Vec::new(),
        Basis::Fixed => vec![say!(language, "trace-fixed")],
        Basis::Head => vec![say!(language, "trace-head")],
        Basis::Value { value } => vec![say!(language, "trace-value", value = grouped(value.get(), 0))],
        Basis::Formula { formula, yuan, values, meters, .. } => {
            let formula = of_formula(language, formula, *yuan, values);
            meters.iter().map(|meter| of_meter(language, meter, kind)).chain([formula]).collect()
        }
        Basis::Turnover { sales_fen, share, fixed_fen } => {
            vec![say!(language, "trace-turnover", sales = sales_fen, share = percent(*share), fixed = fixed_fen, amount = amount)]
        }
        // More is given back of an estimate than was used since: the readings wait.
        Basis::Usage { usage, meters, .. } if meters.is_empty() && usage.is_zero() => vec![say!(language, "trace-usage-waits")],
        Basis::Usage { usage, meters, registers } => {
            let mut said: Vec<String> = meters.iter().map(|meter| of_meter(language, meter, kind)).collect();
            if meters.len() != 1 {
                said.push(say!(language, "trace-usage", usage = usage, unit = usage_unit(kind)));
            }
            for register in registers {
                let name = say!(language, &format!("counted-{}", register.register));
                said.push(say!(language, "trace-register", register = name, usage = register.usage, unit = usage_unit(kind)));
            }
            said
        }
        Basis::Share(share) => vec![of_share(language, share, amount, kind)],
        Basis::Given { note } if note.is_empty() => vec![say!(language, "trace-given")],
        Basis::Given { note } => vec![say!(language, "trace-given-note", note = note)],
    }
}

fn of_formula(language: Language, formula: &str, yuan: bool, values: &[NamedValue]) -> String {
    let names: Vec<String> = values
        .iter()
        .map(|named| {
            let name = match &named.name {
                Named::Variable(variable) => say!(language, &format!("variable-{}", variable.word().replace('_', "-"))),
                Named::Field(field) => field.clone(),
            };
            format!("{name} = {}", named.value)
        })
        .collect();
    let id = match (yuan, names.is_empty()) {
        (true, false) => "trace-formula-yuan",
        (true, true) => "trace-formula-yuan-bare",
        (false, false) => "trace-formula",
        (false, true) => "trace-formula-bare",
    };
    say!(language, id, formula = formula, values = names.join(&say!(language, "trace-list-comma")))
}
