//! A late fee in words.

use super::{CountedFrom, LateFee, LateFeeRule, percent};
use crate::money::grouped;
use crate::period::add_days;
use crate::text::{Language, text, text_with};

macro_rules! say {
    ($language:expr, $id:expr $(, $name:ident = $value:expr)* $(,)?) => {
        text_with($language, $id, &[$((stringify!($name), $value.to_string().as_str())),*])
    };
}

/// How it is counted and what it came to, but for the pieces, which a table shows better.
pub fn rules(language: Language, fee: &LateFee) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(term) = &fee.term {
        let grace = term.rule.grace_days;
        let grace_end = add_days(fee.due, u32::from(grace)).unwrap_or(fee.due);
        match term.rule.counted_from {
            _ if grace == 0 => said.push(say!(language, "late-fee-from-due", due = fee.due)),
            CountedFrom::DueDay => {
                // Whoever pays on the last day of the grace pays none.
                let costs = add_days(grace_end, 1).unwrap_or(grace_end);
                said.push(say!(language, "late-fee-grace-from-due", due = fee.due, days = grace, costs = costs));
            }
            CountedFrom::GraceEnd => {
                said.push(say!(language, "late-fee-grace-from-end", due = fee.due, days = grace, end = grace_end));
            }
        }
        if !term.rule.steps.is_empty() {
            said.push(say!(language, "late-fee-steps", steps = steps(language, &term.rule)));
        }
        if grace > 0 && fee.asked > fee.due && fee.asked <= grace_end {
            said.push(say!(language, "late-fee-in-grace", end = grace_end));
        }
        if let Some(to) = term.to.filter(|to| *to < fee.asked) {
            said.push(say!(language, "late-fee-stopped", day = to));
        }
    }
    said
}

/// The rates in their order: `0.05%，第 31 天起 0.1%`.
pub fn steps(language: Language, rule: &LateFeeRule) -> String {
    let later = rule
        .steps
        .iter()
        .map(|step| say!(language, "late-fee-step", day = u32::from(step.after_days) + 1, rate = percent(step.rate.get())));
    [percent(rule.rate.get())].into_iter().chain(later).collect::<Vec<_>>().join(&text(language, "trace-list-comma"))
}

/// The pieces, each as a sentence.
pub fn pieces(language: Language, fee: &LateFee) -> Vec<String> {
    let piece = |piece: &super::LatePiece| {
        say!(
            language,
            "late-fee-piece",
            from = piece.from,
            to = piece.to.pred_opt().unwrap_or(piece.to),
            days = piece.days(),
            principal = piece.principal_fen,
            rate = percent(piece.rate.get()),
            yuan = grouped(piece.yuan(), 2)
        )
    };
    fee.pieces.iter().map(piece).collect()
}

/// What the pieces come to: the sum rounded, or the cap.
pub fn result(language: Language, fee: &LateFee) -> Option<String> {
    if let Some(cap) = &fee.cap {
        return Some(say!(
            language,
            "late-fee-capped",
            share = percent(cap.share.get()),
            without = cap.without_fen,
            amount = fee.amount_fen
        ));
    }
    let exact = fee.pieces.iter().try_fold(rust_decimal::Decimal::ZERO, |sum, piece| sum.checked_add(piece.yuan()))?;
    (!fee.pieces.is_empty()).then(|| {
        if exact == fee.amount_fen.yuan() {
            return say!(language, "late-fee-sum", amount = fee.amount_fen);
        }
        say!(language, "late-fee-rounded", exact = grouped(exact, 2), amount = fee.amount_fen)
    })
}

/// All of it, sentence by sentence.
pub fn sentences(language: Language, fee: &LateFee) -> Vec<String> {
    let mut said = rules(language, fee);
    said.extend(pieces(language, fee));
    said.extend(result(language, fee));
    said
}
