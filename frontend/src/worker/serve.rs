//! The worker's side: which function runs which errand.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;

use common::problem::Problem;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, DedicatedWorkerGlobalScope, MessageEvent};

use super::protocol::{Answer, Asked, Download, Downloads, Errand, Progress, Said, Tell, What};
use crate::api;

type Run = Rc<dyn Fn(&str, Vec<u8>, &Tell<'_>) -> What>;
type RunInTurns = Rc<dyn Fn(&str, Rc<Tell<'static>>) -> Pin<Box<dyn Future<Output = What>>>>;

/// How an errand is run: in one go, on what is downloaded before, or in turns.
#[derive(Clone)]
enum Served {
    AtOnce(Run),
    Downloaded(fn(&str) -> Result<Download, Problem>, Run),
    InTurns(RunInTurns),
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
        self.0.insert(E::NAME, Served::AtOnce(run));
    }

    /// This function runs the errand that it takes, with what was downloaded for it.
    pub fn serve_downloaded<E: Downloads>(&mut self, run: fn(E, Vec<u8>, &Tell<'_>) -> Result<E::Reply, Problem>) {
        let run: Run = Rc::new(move |errand, bytes, tell| what(read(errand).and_then(|errand| run(errand, bytes, tell))));
        let download = |errand: &str| read::<E>(errand).map(|errand| errand.download().clone());
        self.0.insert(E::NAME, Served::Downloaded(download, run));
    }

    /// This function runs the errand that it takes in turns: between them, others that came meanwhile are run.
    pub fn serve_in_turns<E: Errand, F: Future<Output = Result<E::Reply, Problem>> + 'static>(
        &mut self,
        run: fn(E, Rc<Tell<'static>>) -> F,
    ) {
        let run: RunInTurns = Rc::new(move |errand, tell| {
            let errand = read::<E>(errand).map(|errand| run(errand, tell));
            Box::pin(async move {
                match errand {
                    Ok(ends) => what(ends.await),
                    Err(problem) => what(Err::<(), _>(problem)),
                }
            })
        });
        self.0.insert(E::NAME, Served::InTurns(run));
    }

    /// Starts to listen: the last thing that the worker's `main` does.
    pub fn run(self) {
        ERRANDS.set(self.0);
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let listen = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
            if let Ok(asked) = serde_json::from_slice(event.data().as_string().unwrap_or_default().as_bytes()) {
                received(asked);
            }
        });
        scope.set_onmessage(Some(listen.as_ref().unchecked_ref()));
        // It listens as long as there is a worker.
        listen.forget();
        say(&Said::Ready);
    }
}

fn read<E: Errand>(errand: &str) -> Result<E, Problem> {
    // From bytes, as downloads are read: what reads both is there once.
    serde_json::from_slice(errand.as_bytes()).map_err(|error| Problem::new(0, "unreadable", error.to_string()).with("why", error))
}

fn what(end: Result<impl Serialize, Problem>) -> What {
    match end {
        Ok(reply) => What::Reply(serde_json::to_string(&reply).unwrap_or_default()),
        Err(problem) => What::Problem(serde_json::to_string(&problem).unwrap_or_default()),
    }
}

/// Tells the page.
fn say(said: &Said) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let text = serde_json::to_string(said).unwrap_or_default();
    // A page that is gone hears nothing.
    drop(scope.post_message(&JsValue::from_str(&text)));
}

fn received(Asked { number, name, errand }: Asked) {
    let respond = move |what| say(&Said::Answer(Answer { number, what }));
    let Some(served) = ERRANDS.with_borrow(|errands| errands.get(name.as_str()).cloned()) else {
        return respond(what(Err::<(), _>(Problem::new(500, "internal", format!("No errand {name}")))));
    };
    match served {
        Served::AtOnce(run) => respond(run(&errand, Vec::new(), &|done, total| respond(progress(done, total)))),
        Served::Downloaded(download, run) => spawn_local(async move {
            match downloaded(name, download(&errand)).await {
                Ok(bytes) => respond(run(&errand, bytes, &|done, total| respond(progress(done, total)))),
                Err(problem) => respond(what(Err::<(), _>(problem))),
            }
        }),
        Served::InTurns(run) => spawn_local(async move {
            respond(run(&errand, Rc::new(move |done, total| respond(progress(done, total)))).await);
        }),
    }
}

fn progress(done: u64, total: u64) -> What {
    What::Progress(Progress { done, total })
}

/// Lets what came meanwhile be heard; then it goes on.
pub async fn turn() {
    let mut later = |done: js_sys::Function, _| {
        gloo::timers::callback::Timeout::new(0, move || drop(done.call0(&JsValue::NULL))).forget();
    };
    drop(wasm_bindgen_futures::JsFuture::from(js_sys::Promise::new(&mut later)).await);
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
