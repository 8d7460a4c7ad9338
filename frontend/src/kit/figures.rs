//! Figures: amounts of money, equations that show their arithmetic, facts in two columns.

use common::money::Money;
use leptos::prelude::*;
use rust_decimal::Decimal;

/// An amount in a table: every digit has its column, no sign of currency, two decimals. A zero that is known is `0.00`.
pub fn money(amount: Money) -> AnyView {
    amount.to_string().into_any()
}

/// An amount that may be missing or nothing: a pale dash then.
pub fn money_or_dash(amount: impl Into<Option<Money>>) -> AnyView {
    match amount.into().filter(|amount| !amount.is_zero()) {
        Some(amount) => money(amount),
        None => dash(),
    }
}

/// A moment on the community's clock: `2026-11-23 18:56`.
pub fn moment(at: chrono::DateTime<chrono::Utc>) -> String {
    crate::session::local(at).format("%Y-%m-%d %H:%M").to_string()
}

/// The time of a moment on the community's clock: `18:56`.
pub fn clock(at: chrono::DateTime<chrono::Utc>) -> String {
    crate::session::local(at).format("%H:%M").to_string()
}

/// What is missing: a pale dash.
pub fn dash() -> AnyView {
    view! { <span class="text-ink-3">"–"</span> }.into_any()
}

/// A text that may be missing: a pale dash then.
pub fn text_or_dash(text: impl Into<Option<String>>) -> AnyView {
    text.into().filter(|text| !text.is_empty()).map_or_else(dash, IntoAny::into_any)
}

/// A large amount: ¥ and decimals at 62 %. `class` sets size, weight and colour.
pub fn big_money(amount: Money, class: &'static str) -> AnyView {
    let text = amount.to_string();
    let (sign, digits) = text.strip_prefix('−').map_or(("", text.as_str()), |digits| ("−", digits));
    let (yuan, fen) = digits.split_once('.').unwrap_or((digits, "00"));
    view! {
        <span class=format!("whitespace-nowrap {class}")>
            {sign}<span class="fen mr-0.5">"¥"</span>{yuan.to_owned()}<span class="fen">{format!(".{fen}")}</span>
        </span>
    }
    .into_any()
}

/// A whole number with thousands separators: `3,482`.
pub fn count(number: impl TryInto<i64>) -> String {
    let number = number.try_into().unwrap_or(i64::MAX);
    let text = Money::from_fen(number.saturating_mul(100)).to_string();
    text.strip_suffix(".00").unwrap_or(&text).to_owned()
}

/// A quantity with thousands separators: `12,931.5`.
pub fn figure(value: impl Into<Decimal>) -> String {
    let text = value.into().normalize().to_string();
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("−", digits));
    let (whole, rest) = digits.split_once('.').map_or((digits, String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let whole = whole.parse::<i64>().map_or_else(|_| whole.to_owned(), count);
    format!("{sign}{whole}{rest}")
}

/// A part of an equation.
#[derive(Clone)]
pub struct Term {
    /// The sign before it: `""`, `"−"`, `"+"`, `"="`, `"×"`.
    pub sign: &'static str,
    pub label: String,
    pub figure: String,
    /// How it looks: `""`, `"text-warning"`, `"font-semibold text-primary"` …
    pub class: &'static str,
    /// An amount, drawn with a small ¥ and small decimals where the equation is large.
    pub amount: Option<Money>,
}

impl Term {
    /// A figure as text.
    pub fn new(sign: &'static str, label: impl Into<String>, figure: impl Into<String>) -> Self {
        Self { sign, label: label.into(), figure: figure.into(), class: "", amount: None }
    }

    /// A count.
    pub fn count(sign: &'static str, label: impl Into<String>, number: impl TryInto<i64>) -> Self {
        Self::new(sign, label, count(number))
    }

    /// An amount of money.
    pub fn money(sign: &'static str, label: impl Into<String>, amount: Money) -> Self {
        Self { class: if amount.is_zero() { "text-ink-3" } else { "" }, ..Self::new(sign, label, amount.to_string()) }
    }

    /// The amount that the equation comes to, after `=`: heavier, with ¥.
    pub fn result(label: impl Into<String>, amount: Money) -> Self {
        Self { class: "font-semibold text-primary", amount: Some(amount), ..Self::new("=", label, format!("¥{amount}")) }
    }

    #[must_use]
    pub fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }
}

/// Figures that add up, as a large equation: 应收 − 减免 − 实收 = 未收. Under a page's header, between hairlines.
pub fn equation(terms: Vec<Term>) -> AnyView {
    let terms = terms
        .into_iter()
        .map(|term| {
            let figure = match term.amount {
                Some(amount) => big_money(amount, ""),
                None => term.figure.into_any(),
            };
            view! {
                {(!term.sign.is_empty())
                    .then(|| view! { <span class="pb-1 text-xl text-ink-3 max-sm:pb-0 max-sm:text-base" aria-hidden="true">{term.sign}</span> })}
                <div>
                    <dt class="label-xs whitespace-nowrap">{term.label}</dt>
                    <dd class=format!("mt-1 whitespace-nowrap text-2xl max-sm:text-lg {}", term.class)>{figure}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="flex flex-wrap items-end gap-x-5 gap-y-2 max-sm:gap-x-3">{terms}</dl> }.into_any()
}

/// Totals in one line under a double rule: the foot of a list.
pub fn equation_line(terms: Vec<Term>) -> AnyView {
    let terms = terms
        .into_iter()
        .map(|term| {
            let strong = term.sign == "=";
            view! {
                {(!term.sign.is_empty()).then(|| view! { <span class="text-ink-3" aria-hidden="true">{term.sign}</span> })}
                <div class="flex gap-1.5 whitespace-nowrap">
                    <dt class="text-ink-2">{term.label}</dt>
                    <dd class=if strong { "font-semibold" } else { "" }>{term.figure}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="flex flex-wrap items-center gap-x-3 gap-y-1">{terms}</dl> }.into_any()
}

/// A strip of main figures, each over its caption: the top of a dashboard or report.
pub fn figure_strip(figures: Vec<Figure>) -> AnyView {
    let figures = figures
        .into_iter()
        .map(|figure| {
            let inner = view! {
                <div class="label-xs">{figure.label}</div>
                <div class="mt-1 h-8 whitespace-nowrap text-2xl font-semibold">{figure.figure}</div>
                <div class="label-xs mt-1 flex min-h-4 flex-wrap items-center gap-x-2">{figure.note}</div>
            };
            match figure.href {
                Some(href) => view! { <a href=href class="block px-6 py-3 hover:bg-hover max-sm:px-4">{inner}</a> }.into_any(),
                None => view! { <div class="px-6 py-3 max-sm:px-4">{inner}</div> }.into_any(),
            }
        })
        .collect_view();
    view! { <section class="figure-strip border-y border-line">{figures}</section> }.into_any()
}

/// One main figure: what it is, the figure, and where it stands.
pub struct Figure {
    pub label: String,
    pub figure: AnyView,
    pub note: AnyView,
    /// Where a click leads.
    pub href: Option<String>,
}

impl Figure {
    pub fn new(label: impl Into<String>, figure: AnyView) -> Self {
        Self { label: label.into(), figure, note: ().into_any(), href: None }
    }

    #[must_use]
    pub fn note(mut self, note: impl IntoAny) -> Self {
        self.note = note.into_any();
        self
    }

    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// Facts of a thing, label left and value right, ruled with hairlines: `facts(vec![(t!("…"), view)])`.
pub fn facts(facts: Vec<(String, AnyView)>) -> AnyView {
    let rows = facts
        .into_iter()
        .map(|(label, value)| {
            view! {
                <div class="flex min-h-8 items-center border-b border-line py-1 text-sm max-sm:min-h-11">
                    <dt class="w-28 shrink-0 text-ink-2">{label}</dt>
                    <dd class="min-w-0 flex-1 break-words">{value}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl>{rows}</dl> }.into_any()
}

/// Facts in two columns on wide screens.
pub fn facts_wide(list: Vec<(String, AnyView)>) -> AnyView {
    view! { <div class="facts-wide">{facts(list)}</div> }.into_any()
}
