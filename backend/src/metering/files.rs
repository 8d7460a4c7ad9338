//! Workbooks to fill in: a round's readings with units and last readings in place, and meters to put up.

use axum::extract::{Query, Request, State};
use axum::http::{Extensions, HeaderMap};
use axum::response::Response;
use common::charging::rate::Counted;
use common::id::{CommunityId, EmployeeId, RoundId, RoundPartId};
use common::metering::book::KnownMeter;
use common::metering::{Role, Utility, import, import_meters};
use common::period::{Day, Month};
use common::permission::Permission;
use common::problem::Problem;
use common::sheet::Column;
use common::text::{Language, text, text_with};
use serde::Deserialize;

use super::book;
use super::rounds::{self, Chosen};
use crate::problem::respond;
use crate::workbook::{Book, Col, Kind, Value, download, with_problems};
use crate::{Answer, App, Failure, Who, organisation, sign_in};

/// Which round the template is for.
#[derive(Deserialize)]
pub(super) struct ForRound {
    community: CommunityId,
    month: Month,
    #[serde(default)]
    utility: Option<Utility>,
    /// Only meters that have no reading in the month yet.
    #[serde(default)]
    unread: Option<bool>,
    /// Only meters without a reading of this round of the month.
    #[serde(default)]
    round: Option<RoundId>,
    /// Those of this part of it.
    #[serde(default)]
    part: Option<RoundPartId>,
    /// Those that this person reads in it.
    #[serde(default)]
    reader: Option<EmployeeId>,
    #[serde(default)]
    language: Language,
}

/// In which language the template is.
#[derive(Deserialize)]
pub(super) struct InLanguage {
    #[serde(default)]
    language: Language,
}

/// How the workbook was checked, so that it is checked the same way again.
#[derive(Deserialize)]
pub(super) struct ForRemarks {
    community: CommunityId,
    month: Month,
    /// For rows without a date.
    day: Day,
    #[serde(default)]
    utility: Option<Utility>,
    #[serde(default)]
    language: Language,
}

pub(super) async fn reading_template(
    State(app): State<App>,
    headers: HeaderMap,
    extensions: Extensions,
    Query(ask): Query<ForRound>,
) -> Response {
    answer(readings(&app, &headers, &extensions, ask).await)
}

pub(super) async fn meter_template(
    State(app): State<App>,
    headers: HeaderMap,
    extensions: Extensions,
    Query(ask): Query<InLanguage>,
) -> Response {
    answer(meters(&app, &headers, &extensions, &ask).await)
}

/// The very workbook that was brought, with what is wrong in its cells.
pub(super) async fn remarks(State(app): State<App>, Query(ask): Query<ForRemarks>, request: Request) -> Response {
    answer(remarked(&app, &ask, request).await)
}

fn answer(file: Answer<(String, Vec<u8>)>) -> Response {
    match file {
        Ok((name, bytes)) => download(&name, bytes),
        Err(failure) => respond(failure.into_problem()),
    }
}

async fn admitted(app: &App, headers: &HeaderMap, extensions: &Extensions, needed: Permission) -> Answer<Who> {
    let who = sign_in::staff(app, headers, extensions).await?;
    who.need(needed)?;
    Ok(who)
}

async fn readings(app: &App, headers: &HeaderMap, extensions: &Extensions, ask: ForRound) -> Answer<(String, Vec<u8>)> {
    let who = admitted(app, headers, extensions, Permission::MeteringRead).await?;
    if !who.scope.contains(ask.community) {
        return Err(Problem::not_found().into());
    }
    let today = organisation::today(app.db(), ask.community, app.now()).await?;
    let book = book::of(app.db(), &who, ask.community, ask.month).await?;
    let of_round = match ask.round {
        Some(round) => {
            let chosen = Chosen { part: ask.part, reader: ask.reader, standing: None };
            Some(rounds::left(app.db(), ask.community, round, chosen).await?)
        }
        None => None,
    };
    let wanted: Vec<&KnownMeter> = book
        .meters
        .iter()
        .filter(|meter| of_round.as_ref().is_none_or(|left| left.contains(&meter.id)))
        .filter(|meter| ask.utility.is_none_or(|utility| meter.utility == utility))
        .filter(|meter| ask.unread != Some(true) || meter.read.is_none())
        .collect();
    let mut file = Book::new();
    let mut any = false;
    for utility in Utility::ALL {
        let meters: Vec<&KnownMeter> = wanted.iter().copied().filter(|meter| meter.utility == *utility).collect();
        if !meters.is_empty() {
            any = true;
            let name = text(ask.language, &format!("metering-sheet-{}", utility.word()));
            round_sheet(&mut file, &name, ask.language, &meters, today)?;
        }
    }
    if !any {
        round_sheet(&mut file, &text(ask.language, "metering-readings"), ask.language, &[], today)?;
    }
    let name = text_with(ask.language, "metering-template-file", &[("month", &ask.month.to_string())]);
    Ok((name, file.finish()?))
}

async fn remarked(app: &App, ask: &ForRemarks, request: Request) -> Answer<(String, Vec<u8>)> {
    let (parts, body) = request.into_parts();
    let who = admitted(app, &parts.headers, &parts.extensions, Permission::MeteringWrite).await?;
    if !who.scope.contains(ask.community) {
        return Err(Problem::not_found().into());
    }
    let most = common::sheet::Limits::default().bytes;
    let file = axum::body::to_bytes(body, most)
        .await
        .map_err(|_| Problem::new(413, "too_large", "The file is too large").with("most", format!("{} MB", most >> 20)))?;
    let today = organisation::today(app.db(), ask.community, app.now()).await?;
    let book = book::of(app.db(), &who, ask.community, ask.month).await?;
    let (month, day, utility, language) = (ask.month, ask.day, ask.utility, ask.language);
    // Reading a large workbook takes a while: not on a thread that serves others.
    let bytes = tokio::task::spawn_blocking(move || {
        let workbook = common::sheet::read(&file)?;
        let options = import::Options { month, utility, day, today };
        let done = import::check(&workbook, &import::Index::new(&book), &options, &import::Cures::default());
        with_problems(&workbook, &done.problems, language)
    })
    .await
    .map_err(Failure::broken)??;
    Ok((text_with(ask.language, "metering-remarks-file", &[("month", &ask.month.to_string())]), bytes))
}

/// The header in the user's language: our own Chinese word, or the alias that is Latin.
fn header(columns: &'static [Column], key: &str, language: Language) -> &'static str {
    let aliases = columns.iter().find(|column| column.key == key).map_or(&[][..], |column| column.aliases);
    let latin = aliases.iter().find(|alias| language == Language::English && alias.is_ascii());
    latin.or(aliases.first()).copied().unwrap_or_default()
}

/// A column of the reading import.
pub(super) fn reading_column(key: &'static str, language: Language) -> Col {
    let kind = match key {
        "previous" | "value" => Kind::Quantity,
        "previous_day" | "day" => Kind::Day,
        _ => Kind::Text,
    };
    Col::new(header(import::COLUMNS, key, language), kind)
}

/// The columns of the meter import.
pub(super) fn meter_columns(language: Language) -> Vec<Col> {
    let kind = |key| match key {
        "multiplier" | "value" => Kind::Quantity,
        "digits" => Kind::Whole,
        "day" => Kind::Day,
        _ => Kind::Text,
    };
    let columns = import_meters::COLUMNS.iter();
    columns.map(|column| Col::new(header(import_meters::COLUMNS, column.key, language), kind(column.key))).collect()
}

/// What people call its unit or place, and the register where a meter counts several.
fn label(meter: &KnownMeter, language: Language) -> String {
    match meter.register {
        Counted::Total => meter.label.clone(),
        register => format!("{} {}", meter.label, text(language, &format!("counted-{}", register.word()))),
    }
}

fn round_sheet(book: &mut Book, name: &str, language: Language, meters: &[&KnownMeter], today: Day) -> Answer<()> {
    let column = |key| reading_column(key, language);
    let cols = vec![
        column("code"),
        column("unit").pale(),
        column("previous").pale(),
        column("previous_day").pale(),
        column("value"),
        column("day"),
        column("note"),
    ];
    let mut sheet = book.sheet(name, cols)?;
    for meter in meters {
        sheet.row([
            meter.code.as_str().into(),
            label(meter, language).into(),
            meter.last.map(|last| last.value).into(),
            meter.last.map(|last| last.day).into(),
            Value::Empty,
            today.into(),
        ])?;
    }
    sheet.not_negative(4)?;
    sheet.finish(language)
}

async fn meters(app: &App, headers: &HeaderMap, extensions: &Extensions, ask: &InLanguage) -> Answer<(String, Vec<u8>)> {
    admitted(app, headers, extensions, Permission::MeteringRead).await?;
    let language = ask.language;
    let mut book = Book::new();
    let mut sheet = book.sheet(&text(language, "metering-meters"), meter_columns(language))?;
    let roles = Role::ALL.iter().map(|role| text(language, &format!("metering-role-{}", role.word())));
    sheet.choices(1, &roles.collect::<Vec<_>>())?;
    let utilities = Utility::ALL.iter().map(|utility| text(language, &format!("metering-sheet-{}", utility.word())));
    sheet.choices(2, &utilities.collect::<Vec<_>>())?;
    let registers = Counted::ALL.iter().map(|register| text(language, &format!("counted-{}", register.word())));
    sheet.choices(7, &registers.collect::<Vec<_>>())?;
    sheet.finish(language)?;
    Ok((text(language, "metering-meters-file"), book.finish()?))
}
