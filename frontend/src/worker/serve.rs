//! The worker's side: which function runs which errand.

use std::cell::RefCell;
use std::collections::BTreeMap;

use common::problem::Problem;
use gloo_worker::{HandlerId, Registrable, Worker, WorkerScope};

use super::protocol::{Answer, Asked, Errand, Json, Progress, Tell, What};

type Run = Box<dyn Fn(&str, &Tell<'_>) -> What>;

thread_local! {
    static ERRANDS: RefCell<BTreeMap<&'static str, Run>> = const { RefCell::new(BTreeMap::new()) };
}

/// The errands that the worker runs.
#[derive(Default)]
pub struct Errands(BTreeMap<&'static str, Run>);

impl Errands {
    pub fn new() -> Self {
        Self::default()
    }

    /// This function runs the errand that it takes.
    pub fn serve<E: Errand>(&mut self, run: fn(E, &Tell<'_>) -> Result<E::Reply, Problem>) {
        self.0.insert(
            E::NAME,
            Box::new(move |errand, tell| {
                let errand = serde_json::from_str::<E>(errand)
                    .map_err(|error| Problem::new(0, "unreadable", error.to_string()).with("why", error));
                match errand.and_then(|errand| run(errand, tell)) {
                    Ok(reply) => What::Reply(serde_json::to_string(&reply).unwrap_or_default()),
                    Err(problem) => What::Problem(serde_json::to_string(&problem).unwrap_or_default()),
                }
            }),
        );
    }

    /// Starts to listen: the last thing that the worker's `main` does.
    pub fn run(self) {
        ERRANDS.set(self.0);
        Runner::registrar().encoding::<Json>().register();
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
        let tell = |done, total| scope.respond(page, Answer { number, what: What::Progress(Progress { done, total }) });
        let what = ERRANDS.with_borrow(|errands| match errands.get(name.as_str()) {
            Some(run) => run(&errand, &tell),
            None => What::Problem(
                serde_json::to_string(&Problem::new(500, "internal", format!("No errand {name}"))).unwrap_or_default(),
            ),
        });
        scope.respond(page, Answer { number, what });
    }
}
