//! The workbook that comes back with remarks at its cells.

use gloo::net::http::Request;

use crate::kit::{save_file, toast_problem};
use crate::{session, t};

/// Sends a file, and saves the file that comes back under the same name.
pub(super) async fn save_reply(address: &str, bytes: Vec<u8>, name: &str) {
    let sent = async {
        let body = js_sys::Uint8Array::from(bytes.as_slice());
        let request = Request::post(address).header("accept-language", session::language().tag()).body(body)?;
        let response = request.send().await?;
        let ok = response.ok();
        let bytes = response.binary().await?;
        Ok::<_, gloo::net::Error>((ok, bytes))
    };
    match sent.await {
        Ok((true, bytes)) => save(&bytes, name),
        Ok((false, bytes)) => {
            let problem = serde_json::from_slice(&bytes)
                .unwrap_or_else(|_| common::problem::Problem::new(500, "internal", "The server failed"));
            toast_problem(&problem);
        }
        Err(error) => toast_problem(&common::problem::Problem::new(0, "offline", error.to_string())),
    }
}

fn save(bytes: &[u8], name: &str) {
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    save_file(&format!("{name}-{}.xlsx", t!("kit-problem")), kind, bytes);
}
