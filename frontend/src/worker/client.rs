//! The page's side: each worker is started with its first errand and kept; one that can't be loaded or breaks down is told of at
//! once, and the next errand starts it anew.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use common::problem::Problem;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, MessageEvent};

use super::protocol::{Answer, Asked, Downloads, Errand, Progress, Said, What, Worker};
use crate::api;

impl Worker {
    /// The loader keeps its name; what it loads is named by its content.
    fn loader(self) -> &'static str {
        match self {
            Self::Planner => "/planner_loader.js",
            Self::Workbooks => "/workbooks_loader.js",
        }
    }
}

type End = Result<String, Problem>;

/// One errand under way.
struct Waiting {
    worker: Worker,
    end: Option<End>,
    waker: Option<Waker>,
    progress: Option<Rc<dyn Fn(Progress)>>,
}

/// A worker, and what is to be sent once it listens.
struct Bridge {
    thread: web_sys::Worker,
    /// `None` once it listens.
    waiting: Option<Vec<String>>,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _broken: Closure<dyn FnMut(Event)>,
}

impl Bridge {
    fn start(worker: Worker) -> Option<Self> {
        let thread = web_sys::Worker::new(worker.loader()).ok()?;
        let heard = Closure::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            // Both sides come from one build: whatever else arrives is nothing of ours.
            match serde_json::from_str(&text) {
                Ok(Said::Ready) => listens(worker),
                Ok(Said::Answer(answer)) => self::heard(answer),
                Err(_) => {}
            }
        });
        let broken = Closure::new(move |event: Event| {
            event.prevent_default();
            gone(worker);
        });
        thread.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        thread.set_onerror(Some(broken.as_ref().unchecked_ref()));
        Some(Self { thread, waiting: Some(Vec::new()), _heard: heard, _broken: broken })
    }

    fn post(&mut self, message: String) {
        match &mut self.waiting {
            Some(waiting) => waiting.push(message),
            None => drop(self.thread.post_message(&JsValue::from_str(&message))),
        }
    }
}

thread_local! {
    static BRIDGES: RefCell<BTreeMap<Worker, Bridge>> = const { RefCell::new(BTreeMap::new()) };
    static WAITING: RefCell<(u64, BTreeMap<u64, Waiting>)> = const { RefCell::new((0, BTreeMap::new())) };
}

/// Has its worker do it, and waits; `progress` hears how far it is.
///
/// # Errors
/// The problem that the capability's function answers with.
pub async fn ask<E: Errand>(errand: E, progress: impl Fn(Progress) + 'static) -> Result<E::Reply, Problem> {
    let errand = serde_json::to_string(&errand).unwrap_or_default();
    answered::<E>(errand, Rc::new(progress)).await
}

/// [`ask`] for what the worker downloads by itself: a server that is away and a session that ended are treated as if the page
/// had asked. A later errand of the same name takes the place of one that still downloads, which ends as `aborted`.
///
/// # Errors
/// Those of the download and of the capability's function.
pub async fn ask_downloading<E: Downloads>(errand: E, progress: impl Fn(Progress) + 'static) -> Result<E::Reply, Problem> {
    let errand = serde_json::to_string(&errand).unwrap_or_default();
    let progress: Rc<dyn Fn(Progress)> = Rc::new(progress);
    api::persistently(async || answered::<E>(errand.clone(), progress.clone()).await).await
}

async fn answered<E: Errand>(errand: String, progress: Rc<dyn Fn(Progress)>) -> Result<E::Reply, Problem> {
    let reply = Ending(send::<E>(errand, progress)).await?;
    serde_json::from_str(&reply).map_err(|error| Problem::new(0, "unreadable", error.to_string()).with("why", error))
}

fn send<E: Errand>(errand: String, progress: Rc<dyn Fn(Progress)>) -> u64 {
    let worker = E::WORKER;
    let number = WAITING.with_borrow_mut(|(last, waiting)| {
        *last += 1;
        waiting.insert(*last, Waiting { worker, end: None, waker: None, progress: Some(progress) });
        *last
    });
    let message = serde_json::to_string(&Asked { number, name: E::NAME.to_owned(), errand }).unwrap_or_default();
    let sent = BRIDGES.with_borrow_mut(|bridges| {
        if !bridges.contains_key(&worker) {
            bridges.extend(Bridge::start(worker).map(|bridge| (worker, bridge)));
        }
        bridges.get_mut(&worker).map(|bridge| bridge.post(message)).is_some()
    });
    if !sent {
        gone(worker);
    }
    number
}

/// It listens: what waited for that is sent.
fn listens(worker: Worker) {
    BRIDGES.with_borrow_mut(|bridges| {
        let Some(bridge) = bridges.get_mut(&worker) else { return };
        for message in bridge.waiting.take().unwrap_or_default() {
            bridge.post(message);
        }
    });
}

/// Nothing that one person looked at stays in the workers for the next.
pub fn forget_workers() {
    let started: Vec<Worker> = BRIDGES.with_borrow(|bridges| bridges.keys().copied().collect());
    started.into_iter().for_each(gone);
}

/// Whether it was started, and holds what somebody may want to let go of.
pub fn lives(worker: Worker) -> bool {
    BRIDGES.with_borrow(|bridges| bridges.contains_key(&worker))
}

/// Ends a worker that nobody asks anything of: what a large community took there goes back to the browser, which never takes memory
/// from one that lives. The next errand starts another.
pub fn rest(worker: Worker) {
    let idle = WAITING.with_borrow(|(_, waiting)| waiting.values().all(|one| one.worker != worker));
    if idle && lives(worker) {
        gone(worker);
    }
}

/// It could not be loaded, or broke down: every errand that it had ends with that, and the next one starts it anew.
fn gone(worker: Worker) {
    let bridge = BRIDGES.with_borrow_mut(|bridges| bridges.remove(&worker));
    if let Some(bridge) = &bridge {
        bridge.thread.terminate();
    }
    // This may run inside one of its own closures, which must not be dropped before they return.
    spawn_local(async move { drop(bridge) });
    let its = |(number, one): (&u64, &Waiting)| (one.worker == worker).then_some(*number);
    let numbers: Vec<u64> = WAITING.with_borrow(|(_, waiting)| waiting.iter().filter_map(its).collect());
    for number in numbers {
        end(number, Err(Problem::new(0, "worker_gone", "The calculation could not be started, or broke down")));
    }
}

fn heard(answer: Answer) {
    let outcome = match answer.what {
        What::Progress(progress) => {
            let listener = WAITING.with_borrow(|(_, waiting)| waiting.get(&answer.number)?.progress.clone());
            if let Some(listener) = listener {
                listener(progress);
            }
            return;
        }
        What::Reply(reply) => Ok(reply),
        What::Problem(problem) => {
            Err(serde_json::from_str(&problem).unwrap_or_else(|_| Problem::new(500, "internal", "The worker could not say why")))
        }
    };
    end(answer.number, outcome);
}

fn end(number: u64, outcome: End) {
    let waker = WAITING.with_borrow_mut(|(_, waiting)| {
        let waiting = waiting.get_mut(&number)?;
        waiting.end = Some(outcome);
        waiting.waker.take()
    });
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// Waits for the end of the errand with this number.
struct Ending(u64);

impl Future for Ending {
    type Output = End;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<End> {
        WAITING.with_borrow_mut(|(_, waiting)| match waiting.get_mut(&self.0) {
            None => Poll::Ready(Err(Problem::new(0, "aborted", "Nobody waits for this any more"))),
            Some(one) => match one.end.take() {
                Some(end) => Poll::Ready(end),
                None => {
                    one.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            },
        })
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        WAITING.with_borrow_mut(|(_, waiting)| waiting.remove(&self.0));
    }
}
