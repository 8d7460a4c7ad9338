//! What all exports have in common: who asks for what, in which language, and the file that goes back.

use std::future::Future;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use common::api::{Endpoint, Paging};
use common::id::CommunityId;
use common::problem::Problem;
use common::text::{Language, text};
use serde::Deserialize;

use crate::problem::respond;
use crate::workbook::{Book, Col, Value, download};
use crate::{Answer, App, Who, organisation, sign_in};

/// The most rows of one file: what a sheet holds, less its header and total.
pub const ROWS_MOST: u64 = 1_000_000;

#[derive(Deserialize)]
struct InLanguage {
    #[serde(default)]
    language: Language,
}

/// An export of what an endpoint lists: its query string, its permission, its scope.
pub struct Export<E> {
    pub who: Who,
    pub ask: E,
    pub language: Language,
}

/// Reads who asks for what; refused as the endpoint itself would refuse it.
pub async fn asked<E: Endpoint>(app: &App, request: Request) -> Answer<Export<E>> {
    let who = sign_in::staff(app, request.headers(), request.extensions()).await?;
    if let Some(permission) = E::NEEDS {
        who.need(permission)?;
    }
    let query = request.uri().query().unwrap_or_default();
    let unreadable =
        |error: serde_html_form::de::Error| Problem::new(422, "unreadable", "The query can't be read").with("why", error);
    let ask: E = serde_html_form::from_str(query).map_err(unreadable)?;
    let InLanguage { language } = serde_html_form::from_str(query).map_err(unreadable)?;
    if ask.community().is_some_and(|community| !who.scope.contains(community)) {
        return Err(Problem::not_found().into());
    }
    let problems = ask.problems();
    if !problems.is_empty() {
        return Err(Problem::invalid(problems).into());
    }
    Ok(Export { who, ask, language })
}

/// A community's clock, by which pages show moments as well.
#[derive(Clone, Copy)]
pub struct Clock(TimeDelta);

impl Clock {
    pub async fn of(app: &App, community: CommunityId) -> Answer<Self> {
        Ok(Self(organisation::offset(app.db(), community).await?))
    }

    /// `18:56`.
    pub fn shows(self, at: DateTime<Utc>) -> String {
        (at + self.0).format("%H:%M").to_string()
    }

    /// `2026-11-23 18:56`.
    pub fn moment(self, at: DateTime<Utc>) -> String {
        (at + self.0).format("%Y-%m-%d %H:%M").to_string()
    }
}

/// The file, named by a text; or the problem.
pub fn answer(made: Answer<(Vec<u8>, Language)>, name: &str) -> Response {
    match made {
        Ok((bytes, language)) => download(&format!("{}.xlsx", text(language, name)), bytes),
        Err(failure) => respond(failure.into_problem()).into_response(),
    }
}

/// Rows read at a time.
const AT_ONCE: u32 = 5_000;

/// A workbook of one sheet with all that a list finds, read page by page and written as it comes.
pub async fn one_sheet<R, Fut>(
    title: &str,
    cols: Vec<Col>,
    language: Language,
    sort: Option<String>,
    page: impl Fn(Paging) -> Fut + Send,
    cells: impl Fn(&R) -> Vec<Value<'_>> + Send,
) -> Answer<(Vec<u8>, Language)>
where
    R: Send,
    Fut: Future<Output = Answer<Vec<R>>> + Send,
{
    let mut book = Book::new();
    let mut sheet = book.sheet(title, cols)?;
    for number in 1.. {
        let rows = page(Paging { page: number, size: AT_ONCE, sort: sort.clone() }).await?;
        for row in &rows {
            sheet.row(cells(row))?;
        }
        if rows.len() < AT_ONCE as usize {
            break;
        }
    }
    sheet.finish(language)?;
    Ok((book.finish()?, language))
}

/// Refuses more rows than a sheet holds, instead of leaving some out in silence.
pub fn within_sheet(rows: u64) -> Result<(), Problem> {
    if rows > ROWS_MOST {
        return Err(Problem::new(422, "too_large", "More rows than a sheet holds").with("most", ROWS_MOST));
    }
    Ok(())
}
