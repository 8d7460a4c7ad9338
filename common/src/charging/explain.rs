//! The trace of a line in words, the same in the browser, in print and on the command line.

use std::cmp::Ordering;

use rust_decimal::{Decimal, RoundingStrategy};

use super::minimum::{Minimum, MinimumKind};
use super::proration::PARTS_OF_A_MONTH;
use super::rate::{Rate, RatePart, SimpleRate};
use super::tariff::{FeeItemKind, Mode, ProrationRule, TariffRules};
use super::tier::{TierScope, Tiers};
use super::trace::{
    Basis, NamedValue, Trace, TracedComparison, TracedLeast, TracedMinimum, TracedPeople, TracedPiece, TracedPlace, TracedSales,
    TracedShare, TracedTier, TracedTurnover,
};
use super::usage::{MeterMark, MeterRead, ReplacedMeter, ShareTrace, SharedBy};
use crate::formula::Named;
use crate::metering::Utility;
use crate::money::{Money, grouped};
use crate::period::Day;
use crate::quantity::{Price, Quantity};
use crate::text::{Language, text_with};

/// The text with this id, its variables filled in.
macro_rules! say {
    ($language:expr, $id:expr $(, $name:ident = $value:expr)* $(,)?) => {
        text_with($language, $id, &[$((stringify!($name), $value.to_string().as_str())),*])
    };
}

/// What is metered of a fee item of this kind: m³, kWh …
pub fn usage_unit(kind: FeeItemKind) -> &'static str {
    match Utility::of_kind(kind) {
        Some(utility) => utility.measure(),
        None if kind == FeeItemKind::Elevator => Utility::Electricity.measure(),
        None => "",
    }
}

/// A price as people read it: thousands, and at least two decimals.
pub fn price(price: Price) -> String {
    grouped(price.get(), 2)
}

/// The unit of a price: 元/㎡·月.
pub fn rate_unit(language: Language, rules: &TariffRules, kind: FeeItemKind) -> String {
    let per_month = rules.proration.rule != ProrationRule::None && !rules.cycle.is_once();
    if rules.is_per_day() {
        let id = match rules.mode {
            Mode::Area => "charging-unit-area-day",
            Mode::Head => "charging-unit-head-day",
            Mode::Household => "charging-unit-household-day",
            _ => "charging-unit-day",
        };
        return say!(language, id);
    }
    let id = match (rules.mode, per_month) {
        (Mode::Area, true) => "charging-unit-area-month",
        (Mode::Area, false) => "charging-unit-area",
        (Mode::Head, true) => "charging-unit-head-month",
        (Mode::Head, false) => "charging-unit-head",
        (Mode::Value, true) => "charging-unit-value-month",
        (Mode::Value, false) => "charging-unit-value",
        (Mode::Formula, true) => "charging-unit-formula-month",
        (Mode::Formula, false) => "charging-unit-formula",
        (Mode::Household, true) => "charging-unit-household-month",
        (Mode::Household, false) => "charging-unit-household",
        (Mode::Fixed, true) => "charging-unit-month",
        (Mode::Fixed, false) => "charging-unit-fixed",
        (Mode::Usage, _) => return say!(language, "charging-unit-usage", unit = usage_unit(rules.metered_kind(kind))),
    };
    say!(language, id)
}

/// A price in short: `2.80`; tiers with their bounds and for what these are, `每月 ≤18：2.90 / ≤25：3.85 / >25：6.70`; parts are
/// added up, seasons follow each other.
pub fn rate_text(language: Language, rate: &Rate) -> String {
    match rate {
        Rate::Flat(figure) => price(*figure),
        Rate::Tiered(tiers) => tiers_text(language, tiers),
        Rate::Parts(parts) => parts_text(language, parts),
        Rate::Seasons(seasons) => {
            let one = |season: &super::rate::Season| {
                let months = say!(language, "rate-months", from = season.from, to = season.to);
                say!(language, "rate-season", name = season.name, months = months, parts = parts_text(language, &season.parts))
            };
            seasons.iter().map(one).collect::<Vec<_>>().join(&say!(language, "trace-list-semicolon"))
        }
    }
}

fn parts_text(language: Language, parts: &[RatePart]) -> String {
    let one = |part: &RatePart| match &part.rate {
        SimpleRate::Flat(figure) => format!("{} {}", part.name, price(*figure)),
        SimpleRate::Tiered(tiers) => format!("{} [{}]", part.name, tiers_text(language, tiers)),
    };
    parts.iter().map(one).collect::<Vec<_>>().join(" + ")
}

fn tiers_text(language: Language, tiers: &Tiers) -> String {
    let mut below = None;
    let mut steps = Vec::new();
    for step in &tiers.steps {
        let bound = match (step.up_to, below) {
            (Some(bound), _) => format!("≤{bound}"),
            (None, Some(below)) => format!(">{below}"),
            (None, None) => String::new(),
        };
        below = step.up_to.or(below);
        steps.push(match bound.as_str() {
            "" => price(step.price),
            bound => say!(language, "rate-step", bound = bound, price = price(step.price)),
        });
    }
    let scope = match (tiers.scope, tiers.year_from) {
        (TierScope::Month, _) => say!(language, "rate-each-month"),
        (TierScope::Year, 1) => say!(language, "rate-each-year"),
        (TierScope::Year, month) => say!(language, "rate-each-year-from", month = month),
    };
    let said = format!("{scope} {}", steps.join(" / "));
    let more: Vec<String> = tiers.steps.iter().filter_map(|step| step.per_person).map(|more| format!("+{more}")).collect();
    match tiers.persons.filter(|_| !more.is_empty()) {
        Some(persons) => say!(language, "rate-persons", tiers = said, persons = persons, more = more.join("/")),
        None => said,
    }
}

/// What a line's trace says, sentence by sentence: where every number came from and how they were put together.
pub fn sentences(language: Language, trace: &Trace, amount: Money, kind: FeeItemKind) -> Vec<String> {
    let kind = trace.utility.unwrap_or(kind);
    let total = amount;
    let amount = trace.priced(total);
    let mut said = of_basis(language, trace, amount, kind);
    if let Some(minimum) = &trace.minimum {
        said.extend(of_least_usage(language, trace, minimum, kind));
    }
    if matches!(trace.basis, Basis::Turnover { .. }) {
        return said;
    }
    if let Some(coefficient) = trace.coefficient {
        said.push(say!(language, "trace-coefficient", coefficient = coefficient));
    }
    said.extend(of_prices(language, &trace.pieces, kind));
    said.extend(of_people(language, trace));
    if !matches!(trace.basis, Basis::Formula { timed: true, .. }) {
        said.extend(of_time(language, trace, kind));
    } else if trace.pieces.len() > 1 {
        said.push(say!(language, "trace-formula-shared"));
    }
    said.extend(trace.pieces.iter().filter_map(|piece| of_days(language, trace, piece)));
    if let Some(turnover) = &trace.turnover {
        said.extend(turnover.rows.iter().filter_map(|row| of_sales(language, turnover, row)));
    }
    if let Some(before) = trace.before {
        let id = if before.is_zero() { "trace-before-none" } else { "trace-before" };
        said.push(say!(language, id, before = before, unit = usage_unit(kind)));
    }
    if let Some(months) = trace.tier_months {
        said.push(say!(language, "trace-tier-months", months = months_text(months)));
    }
    said.extend(trace.pieces.iter().filter_map(|piece| of_more_people(language, piece, kind)));
    if trace.pieces.iter().any(|piece| !piece.tiers.is_empty()) {
        said.push(of_tiers(language, trace, amount, kind));
    } else if let Some(sum) = trace.sum() {
        let how =
            say!(language, &format!("trace-round-{}-{}", trace.rounding.to.word(), trace.rounding.how.word().replace('_', "-")));
        said.push(match sum == amount.yuan() {
            true => say!(language, "trace-exact", amount = amount),
            false => say!(language, "trace-rounded", how = how, exact = grouped(sum, 2), amount = amount),
        });
    }
    if let Some(minimum) = &trace.minimum {
        said.extend(of_least_amount(language, minimum, total));
    }
    said
}

/// A minimum as it is set: `at least 10 m³ a month`; nothing where there is none.
pub fn minimum_text(language: Language, minimum: Minimum, kind: FeeItemKind) -> Option<String> {
    let least = match minimum.kind {
        MinimumKind::None => return None,
        MinimumKind::Usage => usage_of(minimum.usage, kind),
        MinimumKind::Amount => say!(language, "trace-yuan", amount = minimum.amount_fen),
    };
    Some(say!(language, &format!("charging-minimum-at-least-{}", minimum.per), least = least))
}

fn usage_of(usage: Quantity, kind: FeeItemKind) -> String {
    format!("{usage} {}", usage_unit(kind)).trim_end().to_owned()
}

/// A minimum over its time: `10 m³ a month × 2 months`.
fn least_text(language: Language, minimum: &TracedMinimum, least: &str) -> String {
    let one = say!(language, &format!("trace-minimum-{}", minimum.per), least = least);
    match minimum.months {
        Some(months) => say!(language, "trace-minimum-months", one = one, months = months_text(months)),
        None => one,
    }
}

fn of_least_usage(language: Language, trace: &Trace, minimum: &TracedMinimum, kind: FeeItemKind) -> Vec<String> {
    let (TracedLeast::Usage { usage, counted }, Basis::Usage { usage: used, registers, .. }) = (minimum.least, &trace.basis)
    else {
        return Vec::new();
    };
    let least = least_text(language, minimum, &usage_of(usage, kind));
    let told =
        say!(language, "trace-minimum-usage", used = usage_of(*used, kind), least = least, counted = usage_of(counted, kind));
    let by_register = !registers.is_empty() && trace.pieces.iter().flat_map(|piece| &piece.tiers).any(|tier| tier.of.is_some());
    let filled = by_register.then(|| say!(language, "trace-minimum-register"));
    [told].into_iter().chain(filled).collect()
}

fn of_least_amount(language: Language, minimum: &TracedMinimum, total: Money) -> Option<String> {
    let TracedLeast::Amount { amount_fen, priced_fen } = minimum.least else { return None };
    let least = least_text(language, minimum, &say!(language, "trace-yuan", amount = amount_fen));
    Some(say!(language, "trace-minimum-amount", priced = priced_fen, least = least, amount = total))
}

/// Parts of a month as people read them, to 5 decimals.
fn months_text(months: i64) -> Decimal {
    let months = Decimal::from(months).checked_div(Decimal::from(PARTS_OF_A_MONTH)).unwrap_or_default();
    months.round_dp_with_strategy(5, RoundingStrategy::MidpointAwayFromZero).normalize()
}

/// What the price was multiplied with, and where that came from.
fn of_basis(language: Language, trace: &Trace, amount: Money, kind: FeeItemKind) -> Vec<String> {
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

/// A piece whose price is for a day, as one multiplies it: 3.50 元/㎡·天 × 120 ㎡ × 31 天.
fn of_days(language: Language, trace: &Trace, piece: &TracedPiece) -> Option<String> {
    let (TracedShare::EachDay(days), Some(one)) = (piece.share, piece.price.filter(|price| !price.is_zero())) else {
        return None;
    };
    let (unit, quantity) = match &trace.basis {
        Basis::Area { area } => ("charging-unit-area-day", format!("{area} ㎡")),
        Basis::Household => ("charging-unit-household-day", say!(language, "trace-one-household")),
        Basis::Head => ("charging-unit-head-day", piece.quantity.unwrap_or_default().to_string()),
        _ => ("charging-unit-day", String::new()),
    };
    let mut factors: Vec<String> = Some(quantity).filter(|quantity| !quantity.is_empty()).into_iter().collect();
    factors.extend(trace.coefficient.map(|coefficient| coefficient.to_string()));
    factors.extend(trace.vacant_rate.filter(|_| piece.vacant).map(|rate| rate.to_string()));
    if factors.is_empty() {
        factors.push("1".to_owned());
    }
    Some(say!(
        language,
        "trace-each-day",
        from = piece.from,
        to = last_day(piece),
        price = price(one),
        unit = say!(language, unit),
        quantity = factors.join(" × "),
        days = days,
        product = grouped(trace.product(piece)?, 2)
    ))
}

/// Sales beside the rent of the same days, and which is charged. A row that is rent-free has been told of.
fn of_sales(language: Language, turnover: &TracedTurnover, row: &TracedComparison) -> Option<String> {
    let to = row.to.pred_opt().unwrap_or(row.to);
    if row.sales.is_empty() {
        let unreported = row.days > 0;
        return unreported.then(|| say!(language, "trace-sales-none", from = row.from, to = to, fixed = yuan(row.fixed)));
    }
    let part = turnover.part(row);
    let id = match part.cmp(&row.fixed) {
        Ordering::Greater => "trace-sales-more",
        Ordering::Equal => "trace-sales-same",
        Ordering::Less => "trace-sales-less",
    };
    Some(say!(
        language,
        id,
        from = row.from,
        to = to,
        sales = sales_text(row),
        share = percent(turnover.share),
        part = yuan(part),
        fixed = yuan(row.fixed)
    ))
}

/// The sales of a comparison as one adds them up: `(62,000.00 × 16 ÷ 31 + 58,000.00)`.
pub fn sales_text(row: &TracedComparison) -> String {
    let one = |sales: &TracedSales| match sales.days == sales.of {
        true => sales.sales_fen.to_string(),
        false => format!("{} × {} ÷ {}", sales.sales_fen, sales.days, sales.of),
    };
    let all: Vec<String> = row.sales.iter().map(one).collect();
    if all.len() > 1 { format!("({})", all.join(" + ")) } else { all.concat() }
}

/// Yuan that need not be whole fen.
pub fn yuan(value: Decimal) -> String {
    grouped(value, 2)
}

/// What vacancy, people and owners did to the pieces.
fn of_people(language: Language, trace: &Trace) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(rate) = trace.vacant_rate {
        for piece in trace.pieces.iter().filter(|piece| piece.vacant) {
            said.push(say!(language, "trace-vacant", from = piece.from, to = last_day(piece), rate = percent(rate)));
        }
    }
    for piece in trace.pieces.iter().filter(|piece| matches!(trace.basis, Basis::Head) && piece.quantity.is_some()) {
        said.push(say!(language, "trace-heads", from = piece.from, heads = piece.quantity.unwrap_or_default()));
    }
    for pair in trace.pieces.windows(2) {
        if let [before, after] = pair
            && before.owner != after.owner
        {
            said.push(say!(language, "trace-owner", day = after.from));
        }
    }
    said
}

/// For how long each piece counts, where that is not one month.
fn of_time(language: Language, trace: &Trace, kind: FeeItemKind) -> Vec<String> {
    let one = |piece: &TracedPiece| match piece.share {
        _ if is_free(piece, kind) => None,
        // A price for a day is told with its days.
        TracedShare::Whole | TracedShare::Months(1) | TracedShare::EachDay(_) => None,
        TracedShare::Months(months) => {
            Some(say!(language, "trace-counts-months", from = piece.from, to = last_day(piece), months = months))
        }
        TracedShare::Periods(periods) => {
            Some(say!(language, "trace-counts-periods", from = piece.from, to = last_day(piece), periods = periods))
        }
        // The days of several months are no part of one.
        TracedShare::Days(days, of) if of > 31 => {
            Some(say!(language, "trace-counts-share", from = piece.from, to = last_day(piece), days = days, of = of))
        }
        TracedShare::Halves(1) => Some(say!(language, "trace-counts-half", from = piece.from, to = last_day(piece))),
        TracedShare::Halves(_) => Some(say!(language, "trace-counts-halves", from = piece.from, to = last_day(piece))),
        TracedShare::Days(days, of) => {
            Some(say!(language, "trace-counts-days", from = piece.from, to = last_day(piece), days = days, of = of))
        }
    };
    trace.pieces.iter().filter_map(one).collect()
}

/// How the bounds of tiers grew with the people of a home: 216 + 54 × 1 = 270.
fn of_more_people(language: Language, piece: &TracedPiece, kind: FeeItemKind) -> Option<String> {
    let TracedPeople { heads, persons } = piece.people?;
    let more = Decimal::from(heads.saturating_sub(persons.into()));
    let bound = |tier: &TracedTier| {
        let (up_to, step) = (tier.up_to?.get(), tier.per_person?.get());
        let base = up_to.checked_sub(step.checked_mul(more)?)?.normalize();
        let name = say!(language, "charging-tier", no = tier.no);
        Some(say!(
            language,
            "trace-people-bound",
            name = name,
            base = base,
            step = step.normalize(),
            more = more,
            bound = up_to.normalize(),
            unit = usage_unit(kind)
        ))
    };
    let mut bounds: Vec<String> = Vec::new();
    for bound in piece.tiers.iter().filter_map(bound) {
        if !bounds.contains(&bound) {
            bounds.push(bound);
        }
    }
    let bounds = bounds.join(&say!(language, "trace-list-semicolon"));
    (!bounds.is_empty()).then(|| say!(language, "trace-people", heads = heads, persons = persons, more = more, bounds = bounds))
}

/// The tiers and parts that were touched, with what each comes to.
fn of_tiers(language: Language, trace: &Trace, amount: Money, kind: FeeItemKind) -> String {
    let tiers = || trace.pieces.iter().flat_map(|piece| &piece.tiers);
    let step = |tier: &TracedTier| {
        let name = match (tier.part.as_str(), tier.no) {
            ("", no) => say!(language, "charging-tier", no = no),
            (part, 0) => part.to_owned(),
            (part, no) => format!("{part} {}", say!(language, "charging-tier", no = no)),
        };
        let quantity = format!("{} {}", tier.quantity, usage_unit(kind));
        let quantity = quantity.trim_end();
        say!(language, "trace-step", name = name, quantity = quantity, price = price(tier.price), amount = tier.amount_fen)
    };
    let steps: Vec<String> = tiers().map(step).collect();
    let id = if tiers().any(|tier| tier.no > 0) { "trace-tiers" } else { "trace-parts" };
    say!(language, id, steps = steps.join(&say!(language, "trace-list-semicolon")), amount = amount)
}

fn last_day(piece: &TracedPiece) -> Day {
    piece.to.pred_opt().unwrap_or(piece.to)
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

/// A share as people read it: `70%`.
pub fn percent(share: Quantity) -> String {
    format!("{}%", (share.get() * Decimal::ONE_HUNDRED).normalize())
}

/// Days of a rent without a price are rent-free.
fn is_free(piece: &TracedPiece, kind: FeeItemKind) -> bool {
    kind == FeeItemKind::Rent && piece.price == Some(Price::ZERO)
}

/// Where the prices came from and why there is more than one.
fn of_prices(language: Language, pieces: &[TracedPiece], kind: FeeItemKind) -> Vec<String> {
    let (free, priced): (Vec<&TracedPiece>, Vec<&TracedPiece>) = pieces.iter().partition(|piece| is_free(piece, kind));
    let mut said: Vec<String> =
        free.into_iter().map(|piece| say!(language, "trace-free", from = piece.from, to = last_day(piece))).collect();
    let mut before: Option<&TracedPiece> = None;
    for piece in priced {
        match before {
            None => said.push(of_price(language, piece, kind)),
            Some(before) => said.extend(of_change(language, before, piece, kind)),
        }
        before = Some(piece);
    }
    said
}

/// For whom a price was set, by name where that is known.
fn of_scope(language: Language, piece: &TracedPiece) -> String {
    let scope = say!(language, &format!("trace-scope-{}", piece.scope.word()));
    match &piece.place {
        None => scope,
        Some(TracedPlace { name, floor: None }) => say!(language, "trace-scope-of", scope = scope, name = name),
        Some(TracedPlace { name, floor: Some(floor) }) => {
            say!(language, "trace-scope-of-floor", scope = scope, name = name, floor = floor)
        }
    }
}

fn of_price(language: Language, piece: &TracedPiece, kind: FeeItemKind) -> String {
    let scope = of_scope(language, piece);
    let told = match piece.price {
        Some(one) if kind == FeeItemKind::Rent => say!(language, "trace-rent", price = price(one), since = piece.since),
        Some(one) => say!(language, "trace-price", price = price(one), since = piece.since, scope = scope),
        None if piece.tiers.iter().all(|tier| tier.no == 0) => {
            say!(language, "trace-price-parts", since = piece.since, scope = scope)
        }
        None => say!(language, "trace-price-tiered", since = piece.since, scope = scope),
    };
    match &piece.season {
        Some(season) => format!("{told}{}", say!(language, "trace-season", season = season)),
        None => told,
    }
}

fn of_change(language: Language, before: &TracedPiece, after: &TracedPiece, kind: FeeItemKind) -> Option<String> {
    let scope = of_scope(language, after);
    match (before.price, after.price) {
        (Some(old), Some(new)) => (old != new).then(|| {
            let id = if kind == FeeItemKind::Rent { "trace-rent-change" } else { "trace-price-change" };
            say!(language, id, day = after.from, old = price(old), new = price(new), scope = scope)
        }),
        _ => {
            let same = before.since == after.since && before.scope == after.scope && before.season == after.season;
            (!same).then(|| format!("{}{}", say!(language, "trace-from-day", day = after.from), of_price(language, after, kind)))
        }
    }
}

fn of_meter(language: Language, meter: &MeterRead, kind: FeeItemKind) -> String {
    if let Some(ReplacedMeter { old_final, old_multiplier, new_initial }) = meter.replaced {
        return say!(
            language,
            "trace-meter-exchanged",
            meter = meter.meter,
            previous = meter.previous,
            previous_day = meter.previous_day,
            old_final = old_final,
            old_multiplier = old_multiplier,
            new_initial = new_initial,
            present = meter.present,
            present_day = meter.present_day,
            multiplier = meter.multiplier,
            usage = meter.usage,
            unit = usage_unit(kind)
        );
    }
    let id = match meter.mark {
        None if meter.usage < Quantity::ZERO => "trace-meter-back",
        None => "trace-meter",
        Some(MeterMark::RolledOver) => "trace-meter-rolled",
        Some(MeterMark::Replaced) => "trace-meter-replaced",
        Some(MeterMark::Estimated) => "trace-meter-estimated",
    };
    say!(
        language,
        id,
        meter = meter.meter,
        present = meter.present,
        present_day = meter.present_day,
        previous = meter.previous,
        previous_day = meter.previous_day,
        multiplier = meter.multiplier,
        usage = meter.usage,
        unit = usage_unit(kind)
    )
}

fn of_share(language: Language, share: &ShareTrace, amount: Money, kind: FeeItemKind) -> String {
    let id = match share.price {
        _ if share.pool_quantity.is_zero() => "trace-share-of-money",
        Some(_) => "trace-share-priced",
        None => "trace-share",
    };
    let measure = match share.by {
        SharedBy::Area => "㎡",
        SharedBy::Usage => usage_unit(kind),
        SharedBy::Household | SharedBy::Head | SharedBy::Formula => "",
    };
    let weight = |weight: Quantity| {
        let said = format!("{} {measure}", grouped(weight.get(), 0));
        said.trim_end().to_owned()
    };
    say!(
        language,
        id,
        pool = share.pool,
        pool_amount = share.pool_fen,
        pool_quantity = format!("{} {}", grouped(share.pool_quantity.get(), 0), usage_unit(kind)).trim_end(),
        price = share.price.map(price).unwrap_or_default(),
        units = share.units,
        by = say!(language, &format!("trace-by-{}", share.by), formula = share.formula),
        weight = weight(share.weight),
        weights = weight(share.weights),
        amount = amount
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charging::rate::{Counted, Season};
    use crate::charging::tier::Tier;

    fn tiers(scope: TierScope, steps: &[(&str, &str)], persons: Option<(u16, &str)>) -> Tiers {
        let step = |(up_to, price): &(&str, &str)| Tier {
            up_to: up_to.parse().ok(),
            price: price.parse().unwrap(),
            per_person: persons.filter(|_| !up_to.is_empty()).map(|(_, more)| more.parse().unwrap()),
        };
        Tiers { scope, steps: steps.iter().map(step).collect(), year_from: 1, persons: persons.map(|(persons, _)| persons) }
    }

    #[test]
    fn a_price_is_told_in_short() {
        let steps = [("180", "2.9"), ("260", "3.85"), ("", "6.7")];
        let said = |rate: &Rate| (rate_text(Language::Chinese, rate), rate_text(Language::English, rate));
        let both = |chinese: &str, english: &str| (chinese.to_owned(), english.to_owned());
        assert_eq!(said(&Rate::Flat("2.8".parse().unwrap())), both("2.80", "2.80"));
        let monthly = Rate::Tiered(tiers(TierScope::Month, &steps, None));
        assert_eq!(
            said(&monthly),
            both("每月 ≤180：2.90 / ≤260：3.85 / >260：6.70", "Monthly ≤180: 2.90 / ≤260: 3.85 / >260: 6.70")
        );
        let mut yearly = tiers(TierScope::Year, &steps, Some((4, "45")));
        yearly.year_from = 7;
        assert_eq!(said(&Rate::Tiered(yearly)).0, "每年（7 月起） ≤180：2.90 / ≤260：3.85 / >260：6.70（超过 4 人每人 +45/+45）");
        let parts = vec![
            RatePart { name: "水费".into(), of: Counted::Total, rate: SimpleRate::Flat("2.1".parse().unwrap()) },
            RatePart { name: "污水".into(), of: Counted::Total, rate: SimpleRate::Flat("1".parse().unwrap()) },
        ];
        assert_eq!(said(&Rate::Parts(parts.clone())).0, "水费 2.10 + 污水 1.00");
        let season = |name: &str, from, to| Season { name: name.into(), from, to, parts: parts.clone() };
        let seasons = Rate::Seasons(vec![season("夏", 5, 10), season("冬", 11, 4)]);
        assert_eq!(said(&seasons).0, "夏（5–10 月）：水费 2.10 + 污水 1.00；冬（11–4 月）：水费 2.10 + 污水 1.00");
    }

    #[test]
    fn a_share_says_what_was_measured_and_at_what_price() {
        let share = ShareTrace {
            pool: "1号配电房总表".into(),
            by: SharedBy::Household,
            formula: String::new(),
            weight: Quantity::ONE,
            weights: "40".parse().unwrap(),
            pool_quantity: "6192".parse().unwrap(),
            pool_fen: Money::from_fen(377_012),
            quantity: "154.8".parse().unwrap(),
            units: 40,
            utility: Some(FeeItemKind::Electricity),
            price: Some("0.60887".parse().unwrap()),
            apportionment: None,
        };
        let said = |share: &ShareTrace| {
            let trace = Trace::share(share.clone(), crate::id::ApportionmentId(uuid::Uuid::nil()));
            sentences(Language::Chinese, &trace, Money::from_fen(9_425), FeeItemKind::Apportioned).concat()
        };
        assert!(said(&share).contains("共 6,192 kWh × 0.60887 元 = 3,770.12 元，"), "{}", said(&share));
        // Older traces know neither.
        let older = ShareTrace { utility: None, price: None, ..share };
        assert!(said(&older).contains("共 6,192、3,770.12 元，"), "{}", said(&older));
    }
}
