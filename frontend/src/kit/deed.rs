//! A command outside a form: a button that calls the server once, says so while it runs, and what came of it.

use common::api::Endpoint;
use common::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::toast_problem;
use crate::api::call;

/// A command under way.
#[derive(Clone, Copy)]
pub struct Deed {
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
}

impl Default for Deed {
    fn default() -> Self {
        Self::new()
    }
}

impl Deed {
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), problem: RwSignal::new(None) }
    }

    /// Whether it runs; tracked.
    pub fn busy(self) -> bool {
        self.busy.get()
    }

    /// What went wrong the last time; tracked.
    pub fn problem(self) -> Option<Problem> {
        self.problem.get()
    }

    /// What has to be asked before a question can be put to the person: it counts as under way, so that nothing is asked twice, and
    /// `then` gets the answer while the page is still there.
    pub fn first<T: 'static>(self, asked: impl Future<Output = T> + 'static, then: impl FnOnce(T) + 'static) {
        if self.busy.try_get_untracked() != Some(false) {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = asked.await;
            if self.busy.try_set(false).is_none() {
                then(answer);
            }
        });
    }

    /// Calls the server, once at a time; `done` gets the reply while the page is still there. A problem is kept and told
    /// as a toast.
    pub fn run<E: Endpoint>(self, ask: E, done: impl FnOnce(E::Reply) + 'static) {
        self.run_or(ask, done, toast_problem);
    }

    /// The same with an answer of one's own to a problem.
    pub fn run_or<E: Endpoint>(self, ask: E, done: impl FnOnce(E::Reply) + 'static, failed: impl FnOnce(&Problem) + 'static) {
        // A question may be answered after its page was left.
        if self.busy.try_get_untracked() != Some(false) {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let result = call(ask).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match result {
                Ok(reply) => done(reply),
                Err(problem) => {
                    failed(&problem);
                    self.problem.try_set(Some(problem));
                }
            }
        });
    }
}
