//! The workbook that somebody tried to import, with what is wrong marked in it, to mend and try again.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{Extensions, HeaderMap};
use axum::response::{IntoResponse, Response};
use common::id::CommunityId;
use common::permission::Permission;
use common::problem::Problem;
use common::sheet::CellProblem;
use common::text::{Language, text};
use serde::Deserialize;

use super::import::examine;
use crate::problem::respond;
use crate::workbook::{download, with_problems};
use crate::{Answer, App, Failure, sign_in};

#[derive(Deserialize)]
pub(super) struct Wanted {
    community: CommunityId,
    /// The name of the file, without its ending.
    #[serde(default)]
    name: String,
    #[serde(default)]
    language: Language,
}

pub(super) async fn problems(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    extensions: Extensions,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    match marked(&app, &wanted, &headers, &extensions, bytes).await {
        Ok(bytes) => {
            let ending = text(wanted.language, "residents-problems-file");
            let name: String = wanted.name.trim_end_matches(".xlsx").trim_end_matches(".csv").chars().take(80).collect();
            download(&format!("{name}-{ending}.xlsx"), bytes)
        }
        Err(failure) => respond(failure.into_problem()).into_response(),
    }
}

async fn marked(app: &App, wanted: &Wanted, headers: &HeaderMap, extensions: &Extensions, bytes: Bytes) -> Answer<Vec<u8>> {
    let who = sign_in::staff(app, headers, extensions).await?;
    who.need(Permission::EstateWrite)?;
    if !who.scope.contains(wanted.community) {
        return Err(Problem::not_found().into());
    }
    // Reading and writing workbooks would hold up other requests of this thread.
    let read = tokio::task::spawn_blocking(move || {
        let workbook = common::sheet::read(&bytes)?;
        let reading = common::estate::import::read(&workbook);
        Ok::<_, Problem>((workbook, reading))
    });
    let (workbook, reading) = read.await.map_err(Failure::broken)??;
    let mut problems = reading.problems;
    if problems.is_empty() {
        let examined = examine(app, app.db(), wanted.community, &reading.draft).await?;
        let told = examined.problems.into_iter();
        problems.extend(told.map(|told| CellProblem { at: told.field, code: told.code, args: told.args, value: String::new() }));
    }
    let language = wanted.language;
    tokio::task::spawn_blocking(move || with_problems(&workbook, &problems, language)).await.map_err(Failure::broken)?
}
