//! Workbooks to fill in: a round's readings with units and last readings in place, and meters to put up.

use axum::extract::{Query, Request, State};
use axum::http::{Extensions, HeaderMap};
use axum::response::Response;
use common::id::CommunityId;
use common::metering::book::KnownMeter;
use common::metering::{Utility, import, import_meters};
use common::period::{Day, Month};
use common::permission::Permission;
use common::problem::Problem;
use common::quantity::Quantity;
use common::sheet::Column;
use common::text::{Language, text, text_with};
use rust_xlsxwriter::{DataValidation, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde::Deserialize;

use super::book;
use crate::problem::respond;
use crate::workbook::{download, with_problems};
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
    let wanted: Vec<&KnownMeter> = book
        .meters
        .iter()
        .filter(|meter| ask.utility.is_none_or(|utility| meter.utility == utility))
        .filter(|meter| ask.unread != Some(true) || meter.read.is_none())
        .collect();
    let mut file = Workbook::new();
    let mut any = false;
    for utility in Utility::ALL {
        let meters: Vec<&KnownMeter> = wanted.iter().copied().filter(|meter| meter.utility == *utility).collect();
        if !meters.is_empty() {
            any = true;
            let sheet = file.add_worksheet();
            sheet.set_name(text(ask.language, &format!("metering-sheet-{}", utility.word()))).map_err(broken)?;
            round_sheet(sheet, ask.language, &meters, today).map_err(broken)?;
        }
    }
    if !any {
        round_sheet(file.add_worksheet(), ask.language, &[], today).map_err(broken)?;
    }
    let name = text_with(ask.language, "metering-template-file", &[("month", &ask.month.to_string())]);
    Ok((name, file.save_to_buffer().map_err(broken)?))
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

fn broken(error: XlsxError) -> Failure {
    Failure::broken(error)
}

/// The header in the user's language: our own Chinese word, or the alias that is Latin.
fn headers(columns: &'static [Column], keys: &[&str], language: Language) -> Vec<&'static str> {
    keys.iter()
        .filter_map(|key| columns.iter().find(|column| column.key == *key))
        .filter_map(|column| match language {
            Language::Chinese => column.aliases.first(),
            Language::English => column.aliases.iter().find(|alias| alias.is_ascii()).or(column.aliases.first()),
        })
        .copied()
        .collect()
}

fn head(sheet: &mut Worksheet, headers: &[&str], widths: &[u16]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_background_color(0x00F2_F0EB);
    for (column, header) in (0_u16..).zip(headers) {
        sheet.write_with_format(0, column, *header, &bold)?;
    }
    for (column, width) in (0_u16..).zip(widths) {
        sheet.set_column_width(column, *width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn round_sheet(sheet: &mut Worksheet, language: Language, meters: &[&KnownMeter], today: Day) -> Result<(), XlsxError> {
    head(
        sheet,
        &headers(import::COLUMNS, &["code", "unit", "previous", "previous_day", "value", "day", "note"], language),
        &[18, 20, 12, 13, 12, 13, 24],
    )?;
    let grey = Format::new().set_font_color(0x0077_7777);
    let grey_day = Format::new().set_font_color(0x0077_7777).set_num_format("yyyy-mm-dd");
    let day = Format::new().set_num_format("yyyy-mm-dd");
    for (row, meter) in (1_u32..).zip(meters) {
        sheet.write(row, 0, meter.code.as_str())?;
        sheet.write_with_format(row, 1, meter.label.as_str(), &grey)?;
        if let Some(last) = meter.last {
            sheet.write_with_format(row, 2, number(last.value), &grey)?;
            sheet.write_with_format(row, 3, excel_day(last.day)?, &grey_day)?;
        }
        sheet.write_blank(row, 4, &Format::new())?;
        sheet.write_with_format(row, 5, excel_day(today)?, &day)?;
    }
    let last = u32::try_from(meters.len()).unwrap_or(0).max(1);
    let positive = DataValidation::new().allow_decimal_number(rust_xlsxwriter::DataValidationRule::GreaterThanOrEqualTo(0.0));
    sheet.add_data_validation(1, 4, last, 4, &positive)?;
    Ok(())
}

fn excel_day(day: Day) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::parse_from_str(&day.to_string())
}

/// A workbook knows only binary numbers; a register value has too few digits to be harmed.
fn number(value: Quantity) -> f64 {
    value.to_string().parse().unwrap_or_default()
}

async fn meters(app: &App, headers_in: &HeaderMap, extensions: &Extensions, ask: &InLanguage) -> Answer<(String, Vec<u8>)> {
    admitted(app, headers_in, extensions, Permission::MeteringRead).await?;
    let mut file = Workbook::new();
    meter_sheet(file.add_worksheet(), ask.language).map_err(broken)?;
    Ok((text(ask.language, "metering-meters-file"), file.save_to_buffer().map_err(broken)?))
}

fn meter_sheet(sheet: &mut Worksheet, language: Language) -> Result<(), XlsxError> {
    sheet.set_name(text(language, "metering-meters"))?;
    let keys = ["code", "role", "utility", "unit", "place", "parent", "fee_item", "multiplier", "digits", "value", "day"];
    head(sheet, &headers(import_meters::COLUMNS, &keys, language), &[18, 10, 10, 16, 20, 18, 14, 8, 8, 12, 13])?;
    let roles = common::metering::Role::ALL
        .iter()
        .map(|role| text(language, &format!("metering-role-{}", role.word())))
        .collect::<Vec<_>>();
    let utilities =
        Utility::ALL.iter().map(|utility| text(language, &format!("metering-sheet-{}", utility.word()))).collect::<Vec<_>>();
    sheet.add_data_validation(1, 1, 9_999, 1, &DataValidation::new().allow_list_strings(&roles)?)?;
    sheet.add_data_validation(1, 2, 9_999, 2, &DataValidation::new().allow_list_strings(&utilities)?)?;
    Ok(())
}
