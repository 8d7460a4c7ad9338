//! The worker's side: which function runs which errand.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use common::problem::Problem;
use gloo_worker::{HandlerId, Registrable, Worker, WorkerScope};
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use super::protocol::{Answer, Asked, Download, Downloads, Errand, Json, Progress, Tell, What};
use crate::api;

type Run = Rc<dyn Fn(&str, Vec<u8>, &Tell<'_>) -> What>;

/// How an errand is run, and what is downloaded before.
#[derive(Clone)]
struct Served {
    download: Option<fn(&str) -> Result<Download, Problem>>,
    run: Run,
}

thread_local! {
    static ERRANDS: RefCell<BTreeMap<&'static str, Served>> = const { RefCell::new(BTreeMap::new()) };
    static DOWNLOADS: RefCell<BTreeMap<String, AbortController>> = const { RefCell::new(BTreeMap::new()) };
}

/// The errands that the worker runs.
#[derive(Default)]
pub struct Errands(BTreeMap<&'static str, Served>);

impl Errands {
    pub fn new() -> Self {
        Self::default()
    }

    /// This function runs the errand that it takes.
    pub fn serve<E: Errand>(&mut self, run: fn(E, &Tell<'_>) -> Result<E::Reply, Problem>) {
        let run: Run = Rc::new(move |errand, _, tell| what(read(errand).and_then(|errand| run(errand, tell))));
        self.0.insert(E::NAME, Served { download: None, run });
    }

    /// This function runs the errand that it takes, with what was downloaded for it.
    pub fn serve_downloaded<E: Downloads>(&mut self, run: fn(E, Vec<u8>, &Tell<'_>) -> Result<E::Reply, Problem>) {
        let run: Run = Rc::new(move |errand, bytes, tell| what(read(errand).and_then(|errand| run(errand, bytes, tell))));
        let download = |errand: &str| read::<E>(errand).map(|errand| errand.download().clone());
        self.0.insert(E::NAME, Served { download: Some(download), run });
    }

    /// Starts to listen: the last thing that the worker's `main` does.
    pub fn run(self) {
        ERRANDS.set(self.0);
        Runner::registrar().encoding::<Json>().register();
    }
}

fn read<E: Errand>(errand: &str) -> Result<E, Problem> {
    serde_json::from_str(errand).map_err(|error| Problem::new(0, "unreadable", error.to_string()).with("why", error))
}

fn what(end: Result<impl Serialize, Problem>) -> What {
    match end {
        Ok(reply) => What::Reply(serde_json::to_string(&reply).unwrap_or_default()),
        Err(problem) => What::Problem(serde_json::to_string(&problem).unwrap_or_default()),
    }
}

/// The worker as gloo knows it.
pub(super) struct Runner;

impl Worker for Runner {
    type Message = ();
    type Input = Asked;
    type Output = Answer;

    fn create(_: &WorkerScope<Self>) -> Self {
        Self
    }

    fn update(&mut self, _: &WorkerScope<Self>, (): ()) {}

    fn received(&mut self, scope: &WorkerScope<Self>, asked: Asked, page: HandlerId) {
        let Asked { number, name, errand } = asked;
        let scope = scope.clone();
        let respond = move |what| scope.respond(page, Answer { number, what });
        let Some(served) = ERRANDS.with_borrow(|errands| errands.get(name.as_str()).cloned()) else {
            return respond(what(Err::<(), _>(Problem::new(500, "internal", format!("No errand {name}")))));
        };
        let run = move |errand: &str, bytes, respond: &dyn Fn(What)| {
            let tell = |done, total| respond(What::Progress(Progress { done, total }));
            respond((served.run)(errand, bytes, &tell));
        };
        match served.download {
            None => run(&errand, Vec::new(), &respond),
            Some(download) => spawn_local(async move {
                match downloaded(name, download(&errand)).await {
                    Ok(bytes) => run(&errand, bytes, &respond),
                    Err(problem) => respond(what(Err::<(), _>(problem))),
                }
            }),
        }
    }
}

/// Downloads it; what is still being downloaded for an errand of this name is given up.
async fn downloaded(name: String, download: Result<Download, Problem>) -> Result<Vec<u8>, Problem> {
    let Download { address, language } = download?;
    let controller = AbortController::new().map_err(|_| Problem::new(0, "unreadable", "No downloads in this browser"))?;
    let signal = controller.signal();
    if let Some(earlier) = DOWNLOADS.with_borrow_mut(|downloads| downloads.insert(name, controller)) {
        earlier.abort();
    }
    api::download(&address, &language, &signal).await
}
