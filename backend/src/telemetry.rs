//! Logs with request ids, `/healthz`, `/readyz` and `/metrics`; nothing personal in any of them.

use std::sync::OnceLock;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use common::problem::Problem;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tower_http::request_id::RequestId;
use tracing::Instrument;

use crate::problem::respond;
use crate::settings::{LogFormat, Settings};
use crate::{App, database};

/// What a server logs.
pub const SERVING: &str = "info,sqlx=warn,sea_orm_migration=warn";
/// What a command logs that says itself how far it is.
pub const QUIET: &str = "warn";

/// Starts logging to standard error; `RUST_LOG` narrows or widens it.
pub fn start(settings: &Settings, usual: &str) {
    let filter =
        tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(usual));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match settings.log_format {
        LogFormat::Json => builder.json().try_init(),
        LogFormat::Text => builder.with_target(false).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging had been started already");
    }
}

fn prometheus() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        // A second recorder of one process (tests) is kept apart instead of failing.
        let _ = metrics::set_global_recorder(recorder);
        handle
    })
}

pub(crate) fn routes() -> Router<App> {
    prometheus();
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(|| async { prometheus().render() }))
}

/// Ready when the database answers and its schema is the one of this program.
async fn ready(State(app): State<App>) -> Response {
    match database::is_current(app.db()).await {
        Ok(true) => "ready".into_response(),
        Ok(false) => (StatusCode::SERVICE_UNAVAILABLE, "the schema is not current: run anju migrate").into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response(),
    }
}

/// One span and one line for each request: method, route (never the query, which may hold a name or phone), status, time;
/// puts the request id into problems.
pub(crate) async fn watch(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("other", |path| path.as_str()).to_owned();
    let method = request.method().clone();
    let id =
        request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or_default().to_owned();
    let span = tracing::info_span!("request", id, %method, route);
    let started = std::time::Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let took = started.elapsed();
    let status = response.status().as_u16();
    metrics::histogram!("http_request_seconds", "route" => route.clone(), "status" => status.to_string()).record(took);
    span.in_scope(|| tracing::info!(status, milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX), "answered"));
    response
}

/// What the client gets when a handler panics.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    respond(Problem::new(500, "internal", "The server failed; nothing was saved"))
}
