//! The page's side: one worker, started with the first errand and kept.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use common::problem::Problem;
use gloo_worker::{Spawnable, WorkerBridge};

use super::protocol::{Answer, Asked, Downloads, Errand, Json, Progress, What};
use super::serve::Runner;
use crate::api;

/// The loader keeps its name; what it loads is named by its content.
const LOADER: &str = "/worker_loader.js";

type End = Result<String, Problem>;

/// One errand under way.
#[derive(Default)]
struct Waiting {
    end: Option<End>,
    waker: Option<Waker>,
    progress: Option<Rc<dyn Fn(Progress)>>,
}

thread_local! {
    static BRIDGE: RefCell<Option<WorkerBridge<Runner>>> = const { RefCell::new(None) };
    static WAITING: RefCell<(u64, BTreeMap<u64, Waiting>)> = const { RefCell::new((0, BTreeMap::new())) };
}

/// Has the worker do it, and waits; `progress` hears how far it is.
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
    let reply = Ending(send(E::NAME, errand, progress)).await?;
    serde_json::from_str(&reply).map_err(|error| Problem::new(0, "unreadable", error.to_string()).with("why", error))
}

fn send(name: &str, errand: String, progress: Rc<dyn Fn(Progress)>) -> u64 {
    let number = WAITING.with_borrow_mut(|(last, waiting)| {
        *last += 1;
        waiting.insert(*last, Waiting { progress: Some(progress), ..Waiting::default() });
        *last
    });
    BRIDGE.with_borrow_mut(|bridge| {
        let bridge = bridge.get_or_insert_with(|| {
            Runner::spawner().callback(heard).as_module(false).with_loader(true).encoding::<Json>().spawn(LOADER)
        });
        bridge.send(Asked { number, name: name.to_owned(), errand });
    });
    number
}

fn heard(answer: Answer) {
    let end = match answer.what {
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
    let waker = WAITING.with_borrow_mut(|(_, waiting)| {
        let waiting = waiting.get_mut(&answer.number)?;
        waiting.end = Some(end);
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
