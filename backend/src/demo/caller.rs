//! Calls the product as a browser would: through its routes, signed in, at an instant.

use std::collections::HashMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use chrono::{DateTime, TimeDelta, Utc};
use common::api::{Endpoint, Method};
use common::id::EmployeeId;
use common::problem::Problem;
use tower::ServiceExt as _;

use super::Made;
use crate::{App, Failure, organisation, serve};

/// Asks as employees; their sessions are opened when they are needed.
pub(super) struct Caller {
    app: App,
    sessions: HashMap<EmployeeId, (String, DateTime<Utc>)>,
    router: Option<(DateTime<Utc>, Router)>,
}

impl Caller {
    pub(super) fn new(app: App) -> Self {
        Self { app, sessions: HashMap::new(), router: None }
    }

    pub(super) fn app(&self) -> &App {
        &self.app
    }

    /// What the product answers; a refusal is an error that says which request it was.
    pub(super) async fn ask<E: Endpoint>(&mut self, who: EmployeeId, at: DateTime<Utc>, ask: &E) -> Made<E::Reply> {
        let token = self.token(who, at).await?;
        let request = match E::METHOD {
            Method::Get => Request::get(format!("{}?{}", E::PATH, serde_html_form::to_string(ask)?)),
            Method::Post => Request::post(E::PATH).header(header::CONTENT_TYPE, "application/json"),
        };
        let body = match E::METHOD {
            Method::Get => Body::empty(),
            Method::Post => Body::from(serde_json::to_vec(ask)?),
        };
        let request = request.header(header::AUTHORIZATION, format!("Bearer {token}")).body(body)?;
        let response = self.router(at).oneshot(request).await?;
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await?;
        if !status.is_success() {
            let problem: Problem = serde_json::from_slice(&body)?;
            return Err(format!("{}: {problem} {:?}", E::PATH, problem.args).into());
        }
        Ok(serde_json::from_slice(&body)?)
    }

    fn router(&mut self, at: DateTime<Utc>) -> Router {
        match &self.router {
            Some((known, router)) if *known == at => router.clone(),
            _ => {
                let router = serve::router(self.app.at(at));
                self.router = Some((at, router.clone()));
                router
            }
        }
    }

    async fn token(&mut self, who: EmployeeId, at: DateTime<Utc>) -> Made<String> {
        if let Some((token, opened)) = self.sessions.get(&who)
            && at >= *opened
            && at - *opened < TimeDelta::hours(11)
        {
            return Ok(token.clone());
        }

        let work = self.app.at(at).begin_as_system().await.map_err(Failure::into_problem)?;
        let token = organisation::session_for(&work, who).await.map_err(Failure::into_problem)?;
        work.commit().await.map_err(Failure::into_problem)?;
        self.sessions.insert(who, (token.clone(), at));
        Ok(token)
    }
}
