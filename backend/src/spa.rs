//! The browser's files, embedded: compressed at build time, hashed names cached for ever, the application for every path
//! that is not the API's.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../dist"]
struct Files;

/// Serves a file, or the application itself for a path without one, so that every page works on reload.
pub(crate) async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let path = match path {
        "api/docs" | "api/docs/" => "docs/index.html",
        other => other,
    };
    if let Some(response) = file(path, &headers) {
        return response;
    }
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if is_file {
        return StatusCode::NOT_FOUND.into_response();
    }
    file("index.html", &headers).unwrap_or_else(|| {
        (StatusCode::SERVICE_UNAVAILABLE, "The browser application is not part of this build. Build it with: make build\n")
            .into_response()
    })
}

fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let plain = Files::get(path)?;
    let encoded = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(name, _)| accepted.split(',').any(|part| part.trim().split(';').next() == Some(name)))
        .find_map(|(name, suffix)| Some((name, Files::get(&format!("{path}{suffix}"))?)));
    let etag = etag(&plain);
    let known =
        headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|known| known.contains(&etag));
    let cache = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (encoding, file) = encoded.map_or((None, plain), |(name, file)| (Some(name), file));
        let mut response = Response::new(Body::from(file.data.into_owned()));
        if let Some(encoding) = encoding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answer.insert(header::ETAG, etag);
    }
    Some(response)
}

fn etag(file: &EmbeddedFile) -> String {
    let hash: String = file.metadata.sha256_hash().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hash}\"")
}

/// Whether the name carries a hash of at least 8 hex digits: `frontend-1a2b3c4d5e6f7a8b_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    path.split(['-', '.', '_', '/']).any(|part| part.len() >= 8 && part.chars().all(|letter| letter.is_ascii_hexdigit()))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert!(super::is_hashed("frontend-1a2b3c4d5e6f7a8b_bg.wasm"));
        assert!(!super::is_hashed("index.html"));
        assert!(!super::is_hashed("planner_loader.js"));
    }
}
