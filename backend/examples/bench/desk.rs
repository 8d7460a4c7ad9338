//! The product in this process, and a person who uses it through its router.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use backend::secret::Secrets;
use backend::settings::Settings;
use backend::{App, database, organisation, serve};
use common::api::{Endpoint, Method};
use common::id::{CommunityId, EmployeeId};
use sea_orm::FromQueryResult;
use tower::ServiceExt as _;

use backend::sql::Sql;

use crate::Outcome;

pub(crate) struct Desk {
    pub(crate) app: App,
    router: Router,
    token: String,
}

#[derive(FromQueryResult)]
struct Row {
    id: EmployeeId,
}

#[derive(FromQueryResult)]
struct Found {
    id: CommunityId,
}

impl Desk {
    /// On a database whose schema is current; its first administrator sits at the desk.
    pub(crate) async fn open(url: &str) -> Outcome<Self> {
        let settings = Settings { database: url.to_owned(), ..Settings::default() };
        let db = database::connect(url, settings.connections).await?;
        let app = App::new(db, Secrets::from_secret(b"a secret of the benchmarks, long enough").ok_or("a secret")?, settings);
        let known: Option<Row> = Sql::new("SELECT id FROM employee LIMIT 1").one(app.db()).await.map_err(said)?;
        let work = app.begin_as_system().await.map_err(said)?;
        let employee = match known {
            Some(row) => row.id,
            None => organisation::first_administrator(&work, "bench", "bench", "no password".to_owned()).await.map_err(said)?,
        };
        let token = organisation::session_for(&work, employee).await.map_err(said)?;
        work.commit().await.map_err(said)?;
        Ok(Self { router: serve::router(app.clone()), app, token })
    }

    /// The only community.
    pub(crate) async fn community(&self) -> Outcome<CommunityId> {
        let found: Option<Found> = Sql::new("SELECT id FROM community LIMIT 1").one(self.app.db()).await.map_err(said)?;
        Ok(found.ok_or("no community: build a town first")?.id)
    }

    /// Asks and is answered; the answer as it travels.
    pub(crate) async fn asks<E: Endpoint>(&self, ask: &E) -> Outcome<Vec<u8>> {
        let (method, path, body) = match E::METHOD {
            Method::Get => ("GET", format!("{}?{}", E::PATH, serde_html_form::to_string(ask)?), Body::empty()),
            Method::Post => ("POST", E::PATH.to_owned(), Body::from(serde_json::to_vec(ask)?)),
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)?;
        let response = self.router.clone().oneshot(request).await?;
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await?.to_vec();
        if status != StatusCode::OK {
            return Err(format!("{}: {status} {}", E::PATH, String::from_utf8_lossy(&bytes)).into());
        }
        Ok(bytes)
    }

    /// Asks and reads the answer.
    pub(crate) async fn does<E: Endpoint>(&self, ask: &E) -> Outcome<E::Reply> {
        Ok(serde_json::from_slice(&self.asks(ask).await?)?)
    }
}

/// A failure as text.
pub(crate) fn said(failure: backend::Failure) -> String {
    format!("{failure:?}")
}
