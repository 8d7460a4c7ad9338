//! The workers: workbooks and whole-community calculation, off the main thread and off the first screen.
//!
//! An errand is a request type with a reply type, as an endpoint is. The page asks by [`ask`]; the capability's function
//! that runs it is named in `worker/bin/` only, so that what it needs stays out of the application:
//! ```ignore
//! // frontend/src/metering/errands.rs
//! #[derive(Serialize, Deserialize)]
//! pub struct ReadSheet { pub name: String, #[serde(with = "crate::worker::bytes")] pub file: Vec<u8> }
//! impl Errand for ReadSheet { const NAME: &'static str = "metering.read_sheet"; const WORKER: Worker = Worker::Workbooks; type Reply = SheetSummary; }
//! pub fn read_sheet(errand: ReadSheet, tell: &Tell<'_>) -> Result<SheetSummary, Problem> { tell(0, 100); … }
//! // frontend/src/worker/bin/workbooks.rs
//! errands.serve(metering::errands::read_sheet);
//! // a page
//! let summary = worker::ask(ReadSheet { name, file }, move |progress| shown.set(progress)).await?;
//! ```
//! What takes long and may be overtaken runs in turns ([`Errands::serve_in_turns`], [`turn`]).
//! What is large on the server is downloaded by the worker ([`Downloads`]) and stays in it, in a `thread_local!` of the capability; the page asks for slices of it.

pub mod bytes;
mod client;
mod protocol;
mod serve;

pub use client::{ask, ask_downloading, forget_workers, lives, rest};
pub use protocol::{Download, Downloads, Errand, Progress, Tell, Worker};
pub use serve::{Errands, turn};
