//! A waiver's trace in words, the same in the browser, in print and on the command line.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::scheme::Relief;
use super::trace::{SchemeTrace, TracedCap, WaiverTrace};
use crate::approvals::api::Said;
use crate::charging::explain::price;
use crate::money::{Money, grouped};
use crate::text::{Language, text, text_with};

/// The text with this id, its variables filled in.
macro_rules! say {
    ($language:expr, $id:expr $(, $name:ident = $value:expr)* $(,)?) => {
        text_with($language, $id, &[$((stringify!($name), $value.to_string().as_str())),*])
    };
}

/// What a scheme takes off, in a few words: 减免 50%.
pub fn relief_text(language: Language, relief: Relief) -> String {
    relief_said(relief).read(language)
}

/// What a scheme takes off, for whatever language it is read in.
pub(super) fn relief_said(relief: Relief) -> Said {
    match relief {
        Relief::Percent { percent } => Said::text("waivers-relief-percent", &[("percent", percent.to_string())]),
        Relief::Months { months, free } => {
            Said::text("waivers-relief-months", &[("months", months.to_string()), ("free", free.to_string())])
        }
        Relief::Fixed { monthly_fen } => Said::text("waivers-relief-fixed", &[("amount", monthly_fen.to_string())]),
        Relief::Price { price: one } => Said::text("waivers-relief-price", &[("price", price(one))]),
    }
}

/// What a waiver's trace says, sentence by sentence: for whom, for which days, of what, how much.
pub fn sentences(language: Language, trace: &WaiverTrace, amount: Money) -> Vec<String> {
    match trace {
        WaiverTrace::Scheme(scheme) => of_scheme(language, scheme, amount),
        WaiverTrace::Once { open_fen, percent: Some(percent) } => {
            vec![say!(language, "waivers-trace-once-percent", open = open_fen, percent = percent, amount = amount)]
        }
        WaiverTrace::Once { open_fen, percent: None } => {
            vec![say!(language, "waivers-trace-once", open = open_fen, amount = amount)]
        }
    }
}

fn of_scheme(language: Language, trace: &SchemeTrace, amount: Money) -> Vec<String> {
    let mut said = Vec::new();
    if !trace.groups.is_empty() {
        said.push(say!(language, "waivers-trace-groups", groups = trace.groups.join(&text(language, "waivers-comma"))));
    }
    if let Some(months) = trace.months_least {
        said.push(say!(language, "waivers-trace-months-least", months = months));
    }
    if trace.later {
        said.push(say!(language, "waivers-trace-left", left = trace.before_fen));
    }
    for days in &trace.days {
        let to = days.to.pred_opt().unwrap_or(days.to);
        said.push(say!(language, "waivers-trace-days", from = days.from, to = to));
    }
    let base = trace.base.unwrap_or_else(|| trace.before_fen.yuan());
    let base = shown(base);
    said.push(match trace.relief {
        Relief::Percent { percent } => {
            say!(language, "waivers-trace-percent", base = base, percent = percent, amount = amount)
        }
        Relief::Months { months, free } => {
            let paid = trace.months.unwrap_or_default();
            say!(
                language,
                "waivers-trace-months",
                months = months,
                free = free,
                paid = paid.normalize(),
                let_off = trace.relief.free_months(paid.to_u32().unwrap_or_default()),
                base = base,
                amount = amount
            )
        }
        Relief::Fixed { monthly_fen } => say!(
            language,
            "waivers-trace-fixed",
            monthly = monthly_fen,
            months = trace.months.unwrap_or_default().normalize(),
            base = base,
            amount = amount
        ),
        Relief::Price { price: one } => say!(
            language,
            "waivers-trace-price",
            price = price(one),
            base = base,
            other = shown(trace.at_price.unwrap_or_default()),
            amount = amount
        ),
    });
    said.extend(trace.rounded.map(|to| say!(language, &format!("waivers-trace-rounded-{}", to.word()))));
    said.extend(trace.cap.map(|cap| match cap {
        TracedCap::Bill(most) => say!(language, "waivers-trace-cap-bill", most = most),
        TracedCap::Year(most, used) => say!(language, "waivers-trace-cap-year", most = most, used = used),
        TracedCap::Left => say!(language, "waivers-trace-cap-left"),
    }));
    said
}

/// Yuan with two decimals at least.
fn shown(yuan: Decimal) -> String {
    grouped(yuan, 2)
}
