//! A trial as a workbook: every bill before and after, the sums of buildings and schemes, and what was tried. Planned here by the
//! same function as in the browser, which has no writer of workbooks.

use axum::extract::{Query, Request, State};
use axum::response::Response;
use common::api::Checked as _;
use common::billing::inputs::RunInputs;
use common::billing::plan::SkipReason;
use common::billing::what_if::{Change, Column, Comparison, ExportTrial, Side, Trial, what_if};
use common::charging::api::PriceScope;
use common::charging::explain::rate_text;
use common::id::TariffId;
use common::money::Money;
use common::permission::Permission;
use common::problem::Problem;
use common::text::{Language, text, text_with};
use common::waivers::explain::relief_text;
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::inputs;
use crate::export::{answer, within_sheet};
use crate::workbook::{Book, Col, Kind, Value};
use crate::{Answer, App, Failure, sign_in};

#[derive(Deserialize)]
pub(super) struct InLanguage {
    #[serde(default)]
    language: Language,
}

/// The most bytes of a trial's changes.
const BODY_MOST: usize = 1 << 20;

/// Each holds a community's inputs in memory and a core for a while; further ones wait for their turn.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What was tried and what comes of it.
pub(super) async fn trial(State(app): State<App>, Query(wanted): Query<InLanguage>, request: Request) -> Response {
    let made = book(&app, request, wanted.language).await.map(|bytes| (bytes, wanted.language));
    answer(made, "charging-what-if")
}

/// For whom the inputs are, too: their permission, their part of the community, their schemes.
async fn book(app: &App, request: Request, language: Language) -> Answer<Vec<u8>> {
    let (parts, body) = request.into_parts();
    let who = sign_in::staff(app, &parts.headers, &parts.extensions).await?;
    who.need(Permission::BillingRead)?;
    let body = axum::body::to_bytes(body, BODY_MOST).await.map_err(|_| Problem::new(413, "too_large", "Too many changes"))?;
    let ask: ExportTrial = serde_json::from_slice(&body)
        .map_err(|error| Problem::new(422, "unreadable", "The changes can't be read").with("why", error))?;
    if !who.scope.contains(ask.inputs.community) {
        return Err(Problem::not_found().into());
    }
    let problems = ask.problems();
    if !problems.is_empty() {
        return Err(Problem::invalid(problems).into());
    }
    let turn = AT_ONCE.acquire().await.map_err(Failure::broken)?;
    let inputs = inputs::trial(app.db(), &who, ask.inputs.clone()).await?;
    // A large community takes a while: not on a thread that serves others.
    // The turn goes along: whoever stops waiting for the answer frees it no earlier than the work ends.
    let made = tokio::task::spawn_blocking(move || {
        let made = written(inputs, &ask, language);
        drop(turn);
        made
    });
    made.await.map_err(Failure::broken)?
}

fn written(inputs: RunInputs, ask: &ExportTrial, language: Language) -> Answer<Vec<u8>> {
    let items = (0_u16..).zip(&inputs.fee_items);
    let shown: Vec<u16> = items.filter(|(_, item)| ask.shown.contains(&item.id)).map(|(place, _)| place).collect();
    let mut trial = Trial::new(inputs);
    let (made, after) = what_if(&mut trial, &ask.changes, &shown, |_| {})?;
    let mut book = Book::new();
    bills(&mut book, &trial, &after, language)?;
    buildings(&mut book, &trial, &made, language)?;
    if !made.schemes.is_empty() {
        schemes(&mut book, &trial, &made, language)?;
    }
    changes(&mut book, &trial, &ask.changes, language)?;
    book.finish()
}

/// What is paid more; nothing where it overflows, which no sum that fits the books does.
fn change(before: Money, after: Money) -> Money {
    after.checked_sub(before).unwrap_or_default()
}

/// Every unit × fee item that is billed on either side.
fn bills(book: &mut Book, trial: &Trial, after: &[Column], language: Language) -> Answer<()> {
    let say = |id: &str| text(language, id);
    let inputs = trial.inputs();
    let pairs: Vec<(&Column, &Column)> =
        after.iter().filter_map(|column| Some((trial.before(column.fee_item)?, column))).collect();
    let billed = |unit: u32| {
        let sides = pairs.iter().filter_map(move |(before, after)| Some((after.fee_item, before.of(unit)?, after.of(unit)?)));
        sides.filter(|(_, before, after)| before.is_billed() || after.is_billed())
    };
    let rows: usize = (0..inputs.units.len()).map(|unit| billed(unit).count()).sum();
    within_sheet(u64::try_from(rows).unwrap_or(u64::MAX))?;
    let cols = vec![
        Col::new(say("billing-unit"), Kind::Text),
        Col::new(say("estate-column-building"), Kind::Text),
        Col::new(say("billing-fee-item"), Kind::Text),
        Col::summed(say("charging-what-if-before"), Kind::Money),
        Col::summed(say("charging-what-if-after"), Kind::Money),
        Col::summed(say("billing-change"), Kind::Money),
        Col::new(say("charging-what-if-note"), Kind::Text),
    ];
    let mut sheet = book.sheet(&say("charging-what-if-every"), cols)?;
    for unit in 0..inputs.units.len() {
        for (fee_item, before, after) in billed(unit) {
            let amount = |side: Side| side.is_billed().then_some(side.amount());
            sheet.row([
                inputs.units.label_of(unit).into(),
                building_name(inputs, inputs.units.building_of(unit)).into(),
                inputs.fee_item(fee_item).map(|item| item.name.as_str()).into(),
                amount(before).into(),
                amount(after).into(),
                change(before.amount(), after.amount()).into(),
                note(before, after, language).into(),
            ])?;
        }
    }
    sheet.finish(language)
}

fn building_name(inputs: &RunInputs, place: Option<u32>) -> Option<&str> {
    inputs.buildings.get(usize::try_from(place?).ok()?).map(|building| building.name.as_str())
}

/// Why there is a bill on one side only.
fn note(before: Side, after: Side, language: Language) -> Option<String> {
    let why = |reason: SkipReason| text(language, &format!("skip-{}", reason.word().replace('_', "-")));
    match (before, after) {
        (Side::Skip(reason), Side::Bill(_)) => {
            Some(text_with(language, "charging-what-if-note-newly", &[("reason", &why(reason))]))
        }
        (Side::Bill(_), Side::Skip(reason)) => Some(text_with(language, "charging-what-if-no-bill", &[("reason", &why(reason))])),
        _ => None,
    }
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn buildings(book: &mut Book, trial: &Trial, made: &Comparison, language: Language) -> Answer<()> {
    let say = |id: &str| text(language, id);
    let waives = !made.schemes.is_empty();
    let mut cols = vec![
        Col::new(say("estate-column-building"), Kind::Text),
        Col::summed(say("charging-units"), Kind::Whole),
        Col::summed(say("charging-what-if-more"), Kind::Whole),
        Col::summed(say("charging-what-if-less"), Kind::Whole),
        Col::summed(say("charging-what-if-before"), Kind::Money),
        Col::summed(say("charging-what-if-after"), Kind::Money),
        Col::summed(say("billing-change"), Kind::Money),
    ];
    if waives {
        cols.push(Col::summed(say("charging-what-if-waived-before"), Kind::Money));
        cols.push(Col::summed(say("charging-what-if-waived-after"), Kind::Money));
    }
    let mut sheet = book.sheet(&say("billing-by-building"), cols)?;
    for building in &made.buildings {
        let name = building_name(trial.inputs(), building.building).map_or_else(|| say("billing-outside"), ToOwned::to_owned);
        let mut row: Vec<Value<'_>> = vec![
            name.into(),
            whole(building.units).into(),
            whole(building.more).into(),
            whole(building.less).into(),
            building.before_fen.into(),
            building.after_fen.into(),
            change(building.before_fen, building.after_fen).into(),
        ];
        if waives {
            row.extend([building.waived_before_fen.into(), building.waived_after_fen.into()]);
        }
        sheet.row(row)?;
    }
    sheet.finish(language)
}

fn schemes(book: &mut Book, trial: &Trial, made: &Comparison, language: Language) -> Answer<()> {
    let say = |id: &str| text(language, id);
    let cols = vec![
        Col::new(say("waivers-scheme"), Kind::Text),
        Col::new(say("charging-what-if-bills-before"), Kind::Whole),
        Col::new(say("charging-what-if-bills-after"), Kind::Whole),
        Col::summed(say("charging-what-if-waived-before"), Kind::Money),
        Col::summed(say("charging-what-if-waived-after"), Kind::Money),
        Col::summed(say("billing-change"), Kind::Money),
    ];
    let mut sheet = book.sheet(&say("waivers-scheme"), cols)?;
    for scheme in &made.schemes {
        sheet.row([
            trial.scheme(scheme.scheme).map(|scheme| scheme.name.as_str()).into(),
            whole(scheme.bills_before).into(),
            whole(scheme.bills_after).into(),
            scheme.before_fen.into(),
            scheme.after_fen.into(),
            change(scheme.before_fen, scheme.after_fen).into(),
        ])?;
    }
    sheet.finish(language)
}

/// What was tried, so that the figures are understood next year as well.
fn changes(book: &mut Book, trial: &Trial, changes: &[Change], language: Language) -> Answer<()> {
    let say = |id: &str| text(language, id);
    let inputs = trial.inputs();
    let tariff = |id: TariffId| inputs.tariffs.iter().find(|tariff| tariff.id == id).map(|tariff| tariff.name.clone());
    let cols = ["charging-what-if-what", "charging-scope", "charging-what-if-after"].map(|id| Col::new(say(id), Kind::Text));
    let mut sheet = book.sheet(&say("charging-what-if-changes"), cols.into())?;
    let period = inputs.period();
    let days =
        text_with(language, "kit-range-from-to", &[("from", &period.from.to_string()), ("to", &period.last_day().to_string())]);
    sheet.row([say("charging-what-if-of-period").into(), Value::Empty, days.into()])?;
    for change in changes {
        let (what, place, to) = match change {
            Change::Price { tariff: id, scope, rate, .. } => {
                let to = rate.as_ref().map_or_else(|| say("charging-what-if-withdrawn"), |rate| rate_text(language, rate));
                (tariff(*id), Some(place_text(inputs, *scope, language)), to)
            }
            Change::Rules { tariff: id, rules } => {
                let formula = rules.formula.trim();
                let mode = say(&format!("charging-mode-{}", rules.mode.word()));
                (tariff(*id), None, if formula.is_empty() { mode } else { format!("{mode}: {formula}") })
            }
            Change::Scheme(save) => (Some(save.name.clone()), None, relief_text(language, save.rules.what())),
            Change::NoScheme { scheme } => {
                (trial.scheme(*scheme).map(|scheme| scheme.name.clone()), None, say("charging-what-if-scheme-stopped"))
            }
        };
        sheet.row([what.into(), place.into(), to.into()])?;
    }
    sheet.finish(language)
}

fn place_text(inputs: &RunInputs, scope: PriceScope, language: Language) -> String {
    let building = |id| inputs.buildings.iter().find(|building| building.id == id).map(|building| building.name.clone());
    let named = match scope {
        PriceScope::Building { building: id } => building(id),
        PriceScope::Floor { building: id, floor } => {
            let floor = text_with(language, "charging-floor", &[("floor", &floor.to_string())]);
            building(id).map(|name| format!("{name} {floor}"))
        }
        PriceScope::Unit { unit } => {
            (0_u32..).zip(&inputs.units.id).find(|(_, id)| **id == unit).map(|(place, _)| inputs.units.label_of(place).to_owned())
        }
        PriceScope::Community | PriceScope::Entrance { .. } => None,
    };
    named.unwrap_or_else(|| text(language, &format!("charging-scope-{}", scope.kind().word())))
}
