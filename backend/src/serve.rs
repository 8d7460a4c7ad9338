//! From an endpoint of the contract to a route: who may call, what they sent, in which community, what comes back.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{Extensions, HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, Router, on};
use common::api::{Anyone, Caller, Endpoint, Method, Staff};
use common::id::CommunityId;
use common::permission::Permission;
use common::problem::{FieldProblem, Problem};

use crate::app::{App, Buildings, Stranger, Who};
use crate::problem::respond;
use crate::{Answer, sign_in};

/// The largest body that a signed-in caller may send: a checked import of 100,000 units fits.
const BODY_MOST: usize = 96 << 20;
/// The largest body of a caller who is not signed in.
const STRANGER_BODY_MOST: usize = 64 << 10;

/// The routes while the capabilities add theirs.
pub struct Routes {
    router: Router<App>,
}

impl Routes {
    pub(crate) fn new() -> Self {
        Self { router: Router::new() }
    }

    pub(crate) fn into_router(self) -> Router<App> {
        self.router
    }

    /// Serves one endpoint. The handler's third parameter chooses it; a handler with another reply does not compile.
    pub fn serve<E, F, Fut>(self, handler: F) -> Self
    where
        E: Endpoint,
        E::Caller: Identify,
        F: Fn(App, <E::Caller as Identify>::Who, E) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Answer<E::Reply>> + Send + 'static,
    {
        self.add::<E, F, Fut, E::Reply>(handler, |_, reply| Json(reply).into_response())
    }

    /// Serves an endpoint that opens or closes the caller's session besides.
    pub(crate) fn serve_with_session<E, F, Fut>(self, handler: F) -> Self
    where
        E: Endpoint,
        E::Caller: Identify,
        F: Fn(App, <E::Caller as Identify>::Who, E) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Answer<(E::Reply, Session)>> + Send + 'static,
    {
        self.add::<E, F, Fut, (E::Reply, Session)>(handler, |app, (reply, session)| {
            ([(header::SET_COOKIE, sign_in::cookie(app, &session))], Json(reply)).into_response()
        })
    }

    fn add<E, F, Fut, R>(self, handler: F, respond_with: fn(&App, R) -> Response) -> Self
    where
        E: Endpoint,
        E::Caller: Identify,
        R: 'static,
        F: Fn(App, <E::Caller as Identify>::Who, E) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Answer<R>> + Send + 'static,
    {
        let handler = Arc::new(handler);
        let boxed: Handler = Arc::new(move |app: App, call: Call| {
            let handler = Arc::clone(&handler);
            Box::pin(async move {
                let id = sign_in::request_id(&call.extensions);
                let outcome = match admit::<E>(&app, call).await {
                    Ok((who, ask)) => handler(app.clone(), who, ask).await,
                    Err(failure) => Err(failure),
                };
                match outcome {
                    Ok(reply) => respond_with(&app, reply),
                    Err(failure) => respond(Problem { request_id: Some(id), ..failure.into_problem() }),
                }
            })
        });
        Self { router: add(self.router, E::METHOD, E::PATH, boxed) }
    }

    /// Serves something outside the contract (files, printable documents): any axum handler; it must check its caller
    /// with [`sign_in::staff`].
    pub fn outside(self, path: &str, route: axum::routing::MethodRouter<App>) -> Self {
        Self { router: self.router.route(path, route) }
    }
}

/// What happens to the caller's session with the reply.
pub(crate) enum Session {
    /// Kept by the browser until it expires.
    Opened(String),
    /// Kept until the browser is closed.
    OpenedUntilClosed(String),
    Closed,
}

/// Who calls and what they ask for, if they may: 401 and 403 before the body is read, 404 outside the scope, 403 where all
/// buildings of a community are concerned and the caller sees but some.
async fn admit<E>(app: &App, call: Call) -> Answer<(<E::Caller as Identify>::Who, E)>
where
    E: Endpoint,
    E::Caller: Identify,
{
    let who = <E::Caller as Identify>::identify(app, &call, E::NEEDS).await?;
    let ask: E = call.read(E::METHOD).await?;
    if let Some(community) = ask.community() {
        <E::Caller as Identify>::sees(&who, community, E::WHOLE)?;
    }
    let problems = ask.problems();
    if !problems.is_empty() {
        return Err(Problem::invalid(problems).into());
    }
    Ok((who, ask))
}

type Handler = Arc<dyn Fn(App, Call) -> Pin<Box<dyn Future<Output = Response> + Send>> + Send + Sync>;

/// One concrete instance for all endpoints, so that axum's generics are compiled once.
fn add(router: Router<App>, method: Method, path: &str, handler: Handler) -> Router<App> {
    let filter = match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
    };
    let route = on(filter, move |State(app): State<App>, request: Request| {
        let handler = Arc::clone(&handler);
        async move { handler(app, Call::of(request)).await }
    });
    router.route(path, route)
}

/// A request, taken apart; its body is read only when the caller is known.
pub struct Call {
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) extensions: Extensions,
    body: std::sync::Mutex<Option<axum::body::Body>>,
    known: std::sync::atomic::AtomicBool,
}

impl Call {
    pub(crate) fn of(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        Self {
            uri: parts.uri,
            headers: parts.headers,
            extensions: parts.extensions,
            body: std::sync::Mutex::new(Some(body)),
            known: std::sync::atomic::AtomicBool::new(false),
        }
    }

    /// Allows the body to be as long as a signed-in caller's may be.
    fn vouch(&self) {
        self.known.store(true, std::sync::atomic::Ordering::Relaxed);
    }

    async fn read<E: Endpoint>(&self, method: Method) -> Result<E, Problem> {
        match method {
            Method::Get => {
                let query = self.uri.query().unwrap_or_default();
                let reader = serde_html_form::Deserializer::new(form_pairs(query));
                serde_path_to_error::deserialize(reader).map_err(|error| {
                    let path = error.path().to_string();
                    unreadable(&path, &error.into_inner().to_string())
                })
            }
            Method::Post => {
                let body = self.bytes().await?;
                let reader = &mut serde_json::Deserializer::from_slice(&body);
                serde_path_to_error::deserialize(reader).map_err(|error| {
                    let path = error.path().to_string();
                    unreadable(&path, &error.into_inner().to_string())
                })
            }
        }
    }

    async fn bytes(&self) -> Result<Bytes, Problem> {
        let most = if self.known.load(std::sync::atomic::Ordering::Relaxed) { BODY_MOST } else { STRANGER_BODY_MOST };
        let body = self.body.lock().ok().and_then(|mut body| body.take()).unwrap_or_default();
        axum::body::to_bytes(body, most)
            .await
            .map_err(|_| Problem::new(413, "too_large", "The request is too large").with("most", format!("{} MB", most >> 20)))
    }
}

fn form_pairs(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

/// A body or query that does not read as the request: the field where it failed, and the code when our own types refused.
fn unreadable(path: &str, why: &str) -> Problem {
    let code = why.split(" at line ").next().unwrap_or(why);
    let ours = code.starts_with("not_a_") || code.starts_with("not_an_");
    if path != "." && path != "?" {
        let field = if ours { FieldProblem::new(path, code) } else { FieldProblem::new(path, "unreadable").with("why", why) };
        return Problem::invalid(vec![field]);
    }
    Problem::new(422, "unreadable", "The request can't be read").with("why", why)
}

/// How a caller proves who they are; ties the contract's caller types to what the handler receives.
pub trait Identify: Caller {
    type Who: Send;
    fn identify(app: &App, call: &Call, needs: Option<Permission>) -> impl Future<Output = Answer<Self::Who>> + Send;
    /// Refuses what lies outside the caller's scope; `whole` wants all buildings of the community.
    fn sees(who: &Self::Who, community: CommunityId, whole: bool) -> Result<(), Problem>;
}

impl Identify for Staff {
    type Who = Who;

    async fn identify(app: &App, call: &Call, needs: Option<Permission>) -> Answer<Who> {
        let who = sign_in::staff(app, &call.headers, &call.extensions).await?;
        if let Some(needed) = needs {
            who.need(needed)?;
        }
        call.vouch();
        Ok(who)
    }

    fn sees(who: &Who, community: CommunityId, whole: bool) -> Result<(), Problem> {
        match who.scope.buildings(community) {
            _ if !who.scope.contains(community) => Err(Problem::not_found()),
            Buildings::Only(_) if whole => Err(Problem::forbidden()),
            _ => Ok(()),
        }
    }
}

impl Identify for Anyone {
    type Who = Stranger;

    async fn identify(app: &App, call: &Call, _: Option<Permission>) -> Answer<Stranger> {
        Ok(sign_in::stranger(app, &call.headers, &call.extensions))
    }

    fn sees(_: &Stranger, _: CommunityId, _: bool) -> Result<(), Problem> {
        Err(Problem::not_found())
    }
}

/// The whole application as a router: the contract, what lies outside it, the browser's files, and the frame around.
pub fn router(app: App) -> Router {
    let mut routes = Routes::new();
    for capability in [
        crate::organisation::routes,
        crate::estate::routes,
        crate::approvals::routes,
        crate::residents::routes,
        crate::charging::routes,
        crate::metering::routes,
        crate::waivers::routes,
        crate::billing::routes,
        crate::cashier::routes,
        crate::reports::routes,
    ] {
        routes = capability(routes);
    }
    let router = routes
        .into_router()
        .merge(crate::openapi::routes())
        .route("/api/{*rest}", axum::routing::any(|| async { respond(Problem::not_found()) }))
        .merge(crate::telemetry::routes())
        .fallback(crate::spa::serve)
        .with_state(app);
    frame(router)
}

/// Request ids, logs, limits, CSRF protection, compression and the security headers, around every route.
fn frame(router: Router) -> Router {
    use tower_http::ServiceBuilderExt as _;
    let header = |name: &'static str, value: &'static str| {
        tower_http::set_header::SetResponseHeaderLayer::if_not_present(
            header::HeaderName::from_static(name),
            header::HeaderValue::from_static(value),
        )
    };
    let layers = tower::ServiceBuilder::new()
        .set_x_request_id(tower_http::request_id::MakeRequestUuid)
        .sensitive_request_headers([header::COOKIE, header::AUTHORIZATION].into())
        .layer(axum::middleware::from_fn(crate::telemetry::watch))
        .propagate_x_request_id()
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(crate::telemetry::panicked))
        .layer(axum::middleware::from_fn(in_time))
        .layer(header("content-security-policy", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"))
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("x-frame-options", "DENY"))
        .layer(header("referrer-policy", "same-origin"))
        .layer(header("permissions-policy", "geolocation=(), microphone=()"))
        .layer(tower_http::csrf::CsrfLayer::new())
        .layer(tower_http::compression::CompressionLayer::new())
        // A body that stops coming holds its connection for a minute and no longer.
        .layer(tower_http::timeout::RequestBodyTimeoutLayer::new(Duration::from_secs(60)));
    router.layer(layers)
}

/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// Workbooks, imports and the inputs of a run may be of a whole community.
const LONG_PATIENCE: Duration = Duration::from_secs(600);

/// Gives up a request that takes too long: its transaction is rolled back, and the caller is told so.
async fn in_time(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let long = path.ends_with(".xlsx") || path.contains("import") || path.ends_with("-inputs");
    match tokio::time::timeout(if long { LONG_PATIENCE } else { PATIENCE }, next.run(request)).await {
        Ok(response) => response,
        Err(_) => respond(Problem::new(
            503,
            "took_too_long",
            "The request took too long; what it asked for may have been done all the same",
        )),
    }
}
