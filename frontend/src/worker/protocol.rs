//! What page and worker say to each other: JSON, since decimals are exact in it.

use common::api::Endpoint;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{api, session};

/// The workers, each a program of its own (`worker/bin`), so that a page waits for what it needs only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worker {
    /// Prices whole communities.
    Planner,
    /// Reads and marks workbooks.
    Workbooks,
}

/// Work for a worker; its type says what comes back.
pub trait Errand: Serialize + DeserializeOwned + 'static {
    /// `<capability>.<what>`.
    const NAME: &'static str;
    /// Which one runs it.
    const WORKER: Worker;
    type Reply: Serialize + DeserializeOwned + 'static;
}

/// An errand whose input is the reply to a `Get`: the worker downloads it, the page's thread never sees it.
pub trait Downloads: Errand {
    fn download(&self) -> &Download;
}

/// What to download, and in whose language a refusal is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Download {
    pub address: String,
    pub language: String,
}

impl Download {
    /// What the server replies to this.
    pub fn of<E: Endpoint>(ask: &E) -> Self {
        Self { address: api::address(ask), language: session::language().tag().to_owned() }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub done: u64,
    pub total: u64,
}

/// Tells the page how far it is: done, of total.
pub type Tell<'a> = dyn Fn(u64, u64) + 'a;

/// To the worker.
#[derive(Serialize, Deserialize)]
pub(super) struct Asked {
    pub number: u64,
    pub name: String,
    pub errand: String,
}

/// From the worker: that it listens now, or what there is to say about an errand.
#[derive(Serialize, Deserialize)]
pub(super) enum Said {
    Ready,
    Answer(Answer),
}

/// About an errand.
#[derive(Serialize, Deserialize)]
pub(super) struct Answer {
    pub number: u64,
    pub what: What,
}

/// Either how far it is, or how it ended: the reply or the problem as JSON.
#[derive(Serialize, Deserialize)]
pub(super) enum What {
    Progress(Progress),
    Reply(String),
    Problem(String),
}
