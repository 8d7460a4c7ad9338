//! The workbook that somebody tried to import, with what is wrong marked in it, to mend and try again.

use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse, Response};
use common::estate::field::FieldOf;
use common::id::CommunityId;
use common::permission::Permission;
use common::problem::Problem;
use common::sheet::CellProblem;
use common::text::{Language, text};
use serde::Deserialize;

use super::import::examine;
use crate::problem::respond;
use crate::workbook::{download, with_problems};
use crate::{Answer, App, Failure, estate, sign_in};

#[derive(Deserialize)]
pub(super) struct Wanted {
    community: CommunityId,
    /// The name of the file, without its ending.
    #[serde(default)]
    name: String,
    #[serde(default)]
    language: Language,
}

pub(super) async fn problems(State(app): State<App>, Query(wanted): Query<Wanted>, request: Request) -> Response {
    match marked(&app, &wanted, request).await {
        Ok(bytes) => {
            let ending = text(wanted.language, "residents-problems-file");
            let name: String = wanted.name.trim_end_matches(".xlsx").trim_end_matches(".csv").chars().take(80).collect();
            download(&format!("{name}-{ending}.xlsx"), bytes)
        }
        Err(failure) => respond(failure.into_problem()).into_response(),
    }
}

async fn marked(app: &App, wanted: &Wanted, request: Request) -> Answer<Vec<u8>> {
    let who = sign_in::staff(app, request.headers(), request.extensions()).await?;
    who.need(Permission::EstateWrite)?;
    who.scope.allow(wanted.community, None)?;
    // Only now is the file read: strangers send nothing.
    let most = common::sheet::Limits::default().bytes;
    let bytes = axum::body::to_bytes(request.into_body(), most)
        .await
        .map_err(|_| Problem::new(413, "too_large", "The file is too large").with("most", format!("{} MB", most >> 20)))?;
    let fields = estate::fields(app.db(), wanted.community, FieldOf::Unit).await?;
    // Reading and writing workbooks would hold up other requests of this thread.
    let read = tokio::task::spawn_blocking(move || {
        let workbook = common::sheet::read(&bytes)?;
        let reading = common::estate::import::read_with(&workbook, &fields);
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
