//! Calls to the server: the request type says where, how and what comes back.
//!
//! ```ignore
//! let page = LocalResource::new(move || call(ListUnits { community, ..Default::default() }));
//! let done = call(VoidBill { bill, reason }).await?;
//! ```

use common::api::{Endpoint, Method};
use common::problem::Problem;
use gloo::net::http::{RequestBuilder, Response};
use leptos::prelude::{Owner, on_cleanup, window};
use serde::Serialize;
use web_sys::{AbortController, AbortSignal};

use crate::session;

/// Sends the request and waits for the reply.
///
/// A `Get` dies with the page or effect that asked; a `Post` is always carried to its end, since the server may have
/// done it. 401 asks to sign in again and goes on afterwards, no answer at all is the problem `offline`.
pub fn call<E: Endpoint>(ask: E) -> impl Future<Output = Result<E::Reply, Problem>> + 'static {
    let (address, body) = match E::METHOD {
        Method::Get => (format!("{}{}", E::PATH, query(&ask)), None),
        Method::Post => (E::PATH.to_owned(), Some(serde_json::to_string(&ask).unwrap_or_default())),
    };
    let signal = matches!(E::METHOD, Method::Get).then(abort_on_cleanup).flatten();
    async move {
        let reply = send(address, body, signal).await?;
        serde_json::from_str(&reply).map_err(|error| Problem::new(500, "kit.reply", error.to_string()))
    }
}

/// The request as a query string with its question mark; empty where there is nothing to say.
pub fn query(ask: &impl Serialize) -> String {
    match serde_html_form::to_string(ask) {
        Ok(text) if !text.is_empty() => format!("?{text}"),
        _ => String::new(),
    }
}

/// The address of a `Get` endpoint with this request: for links that open or download what it replies.
pub fn address<E: Endpoint>(ask: &E) -> String {
    format!("{}{}", E::PATH, query(ask))
}

fn abort_on_cleanup() -> Option<AbortSignal> {
    let _page = Owner::current()?;
    let controller = AbortController::new().ok()?;
    let signal = controller.signal();
    // The handle is not `Send`, the browser has one thread: the cleanup carries it in a wrapper that checks.
    let controller = leptos::__reexports::send_wrapper::SendWrapper::new(controller);
    on_cleanup(move || controller.abort());
    Some(signal)
}

async fn send(address: String, body: Option<String>, signal: Option<AbortSignal>) -> Result<String, Problem> {
    persistently(async || {
        let response = exchange(&address, body.as_deref(), session::language().tag(), signal.as_ref()).await?;
        response.text().await.map_err(|error| lost(&error, signal.as_ref()))
    })
    .await
}

/// Has the whole application know whether the server is there; a session that ended is begun again, and then it is tried
/// once more.
pub async fn persistently<T>(attempt: impl AsyncFn() -> Result<T, Problem>) -> Result<T, Problem> {
    let answer = heard(attempt().await);
    // Nothing was done: whoever is back again need not click again.
    match &answer {
        Err(problem) if problem.code == "unauthorized" && session::me().is_some() && session::back_again().await => {
            heard(attempt().await)
        }
        _ => answer,
    }
}

fn heard<T>(answer: Result<T, Problem>) -> Result<T, Problem> {
    match &answer {
        Err(problem) if problem.code == "aborted" => {}
        Err(problem) if problem.code == "offline" => crate::shell::offline::lost(),
        _ => crate::shell::offline::found(),
    }
    answer
}

/// The reply to a `Get` as it came, also where there is no page and no session: in a worker.
///
/// # Errors
/// Those of [`call`].
pub async fn download(address: &str, language: &str, signal: &AbortSignal) -> Result<Vec<u8>, Problem> {
    exchange(address, None, language, Some(signal)).await?.binary().await.map_err(|error| lost(&error, Some(signal)))
}

/// The file that the server makes of this: for what is too much to stand in an address.
///
/// # Errors
/// Those of [`call`].
pub async fn make_file(address: &str, ask: &impl Serialize) -> Result<Vec<u8>, Problem> {
    let body = serde_json::to_string(ask).unwrap_or_default();
    let language = session::language().tag();
    persistently(async || {
        let response = exchange(address, Some(&body), language, None).await?;
        response.binary().await.map_err(|error| lost(&error, None))
    })
    .await
}

/// The response, where it is none of a problem.
async fn exchange(address: &str, body: Option<&str>, language: &str, signal: Option<&AbortSignal>) -> Result<Response, Problem> {
    let request = RequestBuilder::new(address)
        .method(if body.is_some() { gloo::net::http::Method::POST } else { gloo::net::http::Method::GET })
        .header("accept", "application/json")
        .header("accept-language", language)
        .abort_signal(signal);
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(body),
        None => request.build(),
    };
    let response = request.map_err(|error| lost(&error, signal))?.send().await.map_err(|error| lost(&error, signal))?;
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    let text = response.text().await.map_err(|error| lost(&error, signal))?;
    Err(serde_json::from_str::<Problem>(&text).unwrap_or_else(|_| match status {
        502..=504 => Problem::new(status, "unavailable", "The server is not there"),
        _ => Problem::new(status, "internal", format!("The server answered {status}")),
    }))
}

fn lost(error: &gloo::net::Error, signal: Option<&AbortSignal>) -> Problem {
    let aborted = signal.is_some_and(AbortSignal::aborted);
    Problem::new(0, if aborted { "aborted" } else { "offline" }, error.to_string())
}

/// The path and query of the page that is shown.
pub fn here() -> String {
    let location = window().location();
    format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}
