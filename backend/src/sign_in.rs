//! Who is calling: sessions by cookie or bearer token, and the brake on guessing passwords.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, header};
use chrono::{DateTime, TimeDelta, Utc};
use common::id::EmployeeId;
use common::problem::Problem;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, Set};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tower_http::request_id::RequestId;

use crate::app::{App, Scope, Stranger, Who};
use crate::organisation::{data_scope, session};
use crate::serve::Session;
use crate::sql::Sql;
use crate::{Answer, Failure, secret};

/// The session cookie's name.
pub const COOKIE: &str = "anju_session";
/// A session ends after this long without a request …
const IDLE: TimeDelta = TimeDelta::hours(12);
/// … and after this long in any case.
const LONGEST: TimeDelta = TimeDelta::days(7);
/// Being seen is written down at most this often.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);

/// What the database knows of a session whose employee may sign in.
#[derive(FromQueryResult)]
struct Caller {
    seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    employee: EmployeeId,
    name: String,
    all_communities: bool,
    permissions: String,
}

/// The employee behind a request, or 401.
pub async fn staff(app: &App, headers: &HeaderMap, extensions: &Extensions) -> Answer<Who> {
    let token = token(headers).ok_or_else(Problem::unauthorized)?;
    let hash = token_hash(token);
    let caller: Caller = Sql::new(
        "SELECT s.seen_at, s.expires_at, e.id AS employee, e.name, e.all_communities, d.permissions FROM session s \
         JOIN employee e ON e.id = s.employee_id AND e.active AND (e.may_desk OR e.may_phone) \
         JOIN department d ON d.id = e.department_id WHERE s.token_hash = ",
    )
    .bind(hash.clone())
    .one(app.db())
    .await?
    .ok_or_else(Problem::unauthorized)?;
    let now = app.now();
    if now >= caller.expires_at || now >= caller.seen_at + IDLE {
        return Err(Problem::unauthorized().into());
    }
    let scope = if caller.all_communities { Scope::everything() } else { data_scope::of(app.db(), caller.employee).await? };
    if now >= caller.seen_at + SEEN_EVERY {
        // Not worth failing a request for: the database may be read-only or busy.
        let seen = session::ActiveModel { token_hash: Set(hash.clone()), seen_at: Set(now), ..Default::default() };
        if let Err(error) = seen.update(app.db()).await {
            tracing::warn!(%error, "a session could not be marked as seen");
        }
    }
    Ok(Who {
        employee: caller.employee,
        name: caller.name,
        permissions: serde_json::from_str(&caller.permissions)?,
        scope,
        session: hash,
        request_id: request_id(extensions),
    })
}

/// A caller who has not signed in.
pub fn stranger(app: &App, headers: &HeaderMap, extensions: &Extensions) -> Stranger {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    Stranger {
        address: address(app, headers, extensions),
        agent: agent.chars().take(200).collect(),
        request_id: request_id(extensions),
    }
}

pub(crate) fn request_id(extensions: &Extensions) -> String {
    extensions.get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or_default().to_owned()
}

/// The client's address: the right-most hop that is not a trusted proxy. The left of X-Forwarded-For is the client's to write.
fn address(app: &App, headers: &HeaderMap, extensions: &Extensions) -> String {
    let Some(ConnectInfo(peer)) = extensions.get::<ConnectInfo<SocketAddr>>() else { return "unknown".to_owned() };
    let trusted = |address: &IpAddr| app.settings().trusted_proxies.contains(address);
    let mut address = peer.ip();
    let forwarded = headers.get("x-forwarded-for").and_then(|hops| hops.to_str().ok()).unwrap_or_default();
    for hop in forwarded.rsplit(',').filter_map(|hop| hop.trim().parse::<IpAddr>().ok()) {
        if !trusted(&address) {
            break;
        }
        address = hop;
    }
    address.to_string()
}

/// The token that a request carries.
pub(crate) fn token(headers: &HeaderMap) -> Option<&str> {
    let bearer =
        headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
    bearer.or_else(|| {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
    })
}

/// What the database knows of a token.
pub(crate) fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Opens a session and returns its token.
pub(crate) async fn open_session(work: &crate::Work, employee: EmployeeId, stranger: &Stranger) -> Answer<String> {
    let token = secret::random_token()?;
    let row = session::ActiveModel {
        token_hash: Set(token_hash(&token)),
        employee_id: Set(employee),
        created_at: Set(work.at),
        seen_at: Set(work.at),
        expires_at: Set(work.at + LONGEST),
        address: Set(stranger.address.clone()),
        agent: Set(stranger.agent.clone()),
    };
    session::Entity::insert(row).exec_without_returning(work.db()).await?;
    session::Entity::delete_many().filter(session::Column::ExpiresAt.lt(work.at)).exec(work.db()).await?;
    Ok(token)
}

/// The `Set-Cookie` value that hands a token to the browser, or takes it back.
pub(crate) fn cookie(app: &App, session: &Session) -> String {
    let secure = if app.settings().secure_cookies { "; Secure" } else { "" };
    let (token, age) = match session {
        Session::Opened(token) => (token.as_str(), format!("; Max-Age={}", LONGEST.num_seconds())),
        Session::OpenedUntilClosed(token) => (token.as_str(), String::new()),
        Session::Closed => ("", "; Max-Age=0".to_owned()),
    };
    format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")
}

/// Slows down guessing, and keeps Argon2 from taking all processors.
pub(crate) struct Throttle {
    /// One person's tries: this account from this address.
    tries: DefaultKeyedRateLimiter<String>,
    /// Many accounts from one address, and one account from many addresses: wide enough for an office behind one address.
    sides: DefaultKeyedRateLimiter<String>,
    admitted: AtomicUsize,
    hashing: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

/// After so many tries, those that no longer count are forgotten.
const FORGET_EVERY: usize = 1_000;
/// So many passwords may wait to be hashed.
const WAITING_MOST: usize = 50;

impl Default for Throttle {
    fn default() -> Self {
        let per_minute = |tries: u32| {
            let tries = NonZeroU32::MIN.saturating_add(tries.saturating_sub(1));
            Quota::per_minute(tries).allow_burst(tries)
        };
        Self {
            tries: RateLimiter::keyed(per_minute(10)),
            sides: RateLimiter::keyed(per_minute(60)),
            admitted: AtomicUsize::new(0),
            hashing: Arc::new(Semaphore::new(2)),
            waiting: Arc::new(Semaphore::new(WAITING_MOST)),
        }
    }
}

impl Throttle {
    /// One try for this account from this address; 429 when there were too many: ten at once, then one in six seconds; sixty
    /// and one a second for the account from anywhere and for the address with any account.
    pub(crate) fn admit(&self, account: &str, address: &str) -> Result<(), Problem> {
        if self.admitted.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.tries.retain_recent();
            self.sides.retain_recent();
        }
        self.tries
            .check_key(&format!("{account}\n{address}"))
            .and_then(|()| self.sides.check_key(&format!("{account}\n")))
            .and_then(|()| self.sides.check_key(&format!("\n{address}")))
            .map_err(|until| too_many(until.wait_time_from(DefaultClock::default().now()).as_secs() + 1))
    }
}

fn too_many(seconds: u64) -> Problem {
    Problem::new(429, "too_many_requests", "Too many tries").with("seconds", seconds)
}

/// Hashes a password with Argon2id, off the async threads.
pub async fn hash_password(app: &App, password: String) -> Answer<String> {
    hashing(app, move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()))
        .await?
        .map_err(Failure::broken)
}

/// Whether a password is the one of this hash. A missing hash takes as long, so that accounts can't be told apart.
pub(crate) async fn verify_password(app: &App, password: String, hash: Option<String>) -> Answer<bool> {
    hashing(app, move || {
        let Some(hash) = hash else {
            let _ = Argon2::default().hash_password(password.as_bytes());
            return false;
        };
        PasswordHash::new(&hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}

async fn hashing<T: Send + 'static>(app: &App, work: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
    // The queue has an end: whoever comes after it is told so, and holds no memory meanwhile.
    let place = Arc::clone(&app.throttle().waiting).try_acquire_owned().map_err(|_| too_many(5))?;
    let permit = Arc::clone(&app.throttle().hashing).acquire_owned().await.map_err(Failure::broken)?;
    let outcome = tokio::task::spawn_blocking(work).await.map_err(Failure::broken)?;
    drop((permit, place));
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_accounts_from_one_address_and_one_account_from_many_are_slowed_down_too() {
        let tried = |name: fn(u32) -> (String, String)| {
            let throttle = Throttle::default();
            (0..100).filter(|try_| throttle.admit(&name(*try_).0, &name(*try_).1).is_ok()).count()
        };
        assert_eq!(tried(|_| ("admin".to_owned(), "10.0.0.1".to_owned())), 10);
        assert_eq!(tried(|try_| (format!("clerk{try_}"), "10.0.0.1".to_owned())), 60);
        assert_eq!(tried(|try_| ("admin".to_owned(), format!("10.0.0.{try_}"))), 60);
    }
}
