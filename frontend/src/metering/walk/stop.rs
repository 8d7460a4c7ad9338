//! A meter on the way: what is typed, what was sent, what waits on the phone until there is a connection again.

use std::collections::BTreeMap;

use common::api::Done;
use common::id::{ReadingId, RereadId, RoundDeedId, RoundId};
use common::metering::Oddity;
use common::metering::api::{EnterReading, EstimateReading, MissMeter, MissReason, ReadingState, RoundRow};
use common::metering::book::{days_between, oddity};
use common::metering::usage::{Mark, NoUsage, Turn, usage};
use common::period::Month;
use common::problem::Problem;
use common::quantity::Quantity;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::call;
use crate::kit::{FieldValue, State, Unsent, focus_id, leave, state_badge, toast_problem};
use crate::metering::rounds::miss_name;
use crate::metering::{Wrong, photo};
use crate::{session, t};

/// What is done at a meter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Task {
    Read(EnterReading),
    Estimate(EstimateReading),
    Miss(MissMeter),
}

impl Task {
    /// Whether the server has it already.
    fn is_done(&self, row: &RoundRow) -> bool {
        let id = match self {
            Self::Read(ask) => ask.reading,
            Self::Estimate(ask) => ask.reading,
            // Sent twice it is once.
            Self::Miss(_) => return false,
        };
        row.reading.as_ref().is_some_and(|reading| reading.id == id)
    }
}

/// How far a meter is.
#[derive(Clone, Debug, Default)]
pub(super) enum Put {
    #[default]
    Open,
    Missed(MissReason),
    Sending(Task),
    /// There was no connection: it stays here and is sent again.
    Waiting(Task),
    Refused(Problem),
    Kept(Kept),
}

/// A reading that the server has.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub id: ReadingId,
    pub value: Quantity,
    pub usage: Option<Quantity>,
    pub state: ReadingState,
    pub estimated: bool,
}

impl Put {
    pub(super) fn badge(&self) -> AnyView {
        match self {
            Self::Open => ().into_any(),
            Self::Missed(reason) => state_badge(State::Late, miss_name(*reason)),
            Self::Sending(_) => state_badge(State::Part, t!("metering-walk-sending")),
            Self::Waiting(_) => state_badge(State::Wait, t!("metering-walk-kept")),
            Self::Refused(_) => state_badge(State::Late, t!("metering-walk-refused")),
            Self::Kept(kept) if kept.estimated => state_badge(State::Done, t!("metering-estimated")),
            Self::Kept(kept) if kept.state == ReadingState::Review => state_badge(State::Wait, t!("metering-state-review")),
            Self::Kept(_) => state_badge(State::Done, t!("metering-entered")),
        }
    }

    /// Whether one need not come back: read, or on its way.
    pub(super) fn is_done(&self) -> bool {
        match self {
            Self::Kept(_) => true,
            Self::Sending(task) | Self::Waiting(task) => !matches!(task, Task::Miss(_)),
            Self::Open | Self::Missed(_) | Self::Refused(_) => false,
        }
    }
}

/// One meter.
#[derive(Clone, Copy)]
pub(super) struct Stop {
    pub row: StoredValue<RoundRow>,
    pub typed: RwSignal<String>,
    pub rolled: RwSignal<bool>,
    pub confirmed: RwSignal<bool>,
    pub put: RwSignal<Put>,
    /// Taken before the reading is kept; goes after it.
    pub photo: RwSignal<Option<web_sys::File>, LocalStorage>,
    id: StoredValue<ReadingId>,
    /// The photo is on its way.
    uploading: StoredValue<bool>,
}

impl Stop {
    /// With what was put down here and not sent yet.
    fn new(row: RoundRow, unsent: Option<Task>) -> Self {
        let put = match (&row.reading, &row.missed) {
            (Some(reading), _) => Put::Kept(Kept {
                id: reading.id,
                value: reading.value,
                usage: reading.usage,
                state: reading.state,
                estimated: reading.estimated,
            }),
            (None, Some(missed)) => Put::Missed(missed.reason),
            (None, None) => Put::Open,
        };
        let put = unsent.map_or(put, Put::Waiting);
        Self {
            row: StoredValue::new(row),
            typed: RwSignal::new(String::new()),
            rolled: RwSignal::new(false),
            confirmed: RwSignal::new(false),
            put: RwSignal::new(put),
            photo: RwSignal::new_local(None),
            id: StoredValue::new(ReadingId(Uuid::now_v7())),
            uploading: StoredValue::new(false),
        }
    }

    /// What the typed figure comes to, or why it can't be; `None` while there is none. Tracked.
    pub(super) fn outcome(self) -> Option<Result<Option<Quantity>, Wrong>> {
        let typed = self.typed.get();
        if typed.trim().is_empty() {
            return None;
        }
        let mark = self.rolled.get().then_some(Mark::RolledOver);
        Some(Quantity::read(&typed).map_err(Wrong::unreadable).and_then(|present| {
            let turn = |row: &RoundRow| Turn {
                previous: row.previous,
                present,
                multiplier: row.multiplier,
                digits: row.digits,
                mark,
                least: row.least,
            };
            self.row.with_value(|row| usage(&turn(row))).map_err(wrong)
        }))
    }

    /// How it differs from the meter's past. Tracked.
    pub(super) fn odd(self) -> Option<Oddity> {
        let Some(Ok(Some(used))) = self.outcome() else { return None };
        self.row.with_value(|row| {
            let days = row.previous_day.map(|before| days_between(before, session::today()));
            row.average.and_then(|usual| oddity(used, &[Some(usual); 3], days))
        })
    }
}

/// A replaced meter is put down at the desk: on the way, a figure below the last one is a roll-over or a mistake.
fn wrong(no: NoUsage) -> Wrong {
    match no {
        NoUsage::Backward { previous } => Wrong { said: t!("metering-walk-backward", previous = previous), below: true },
        no => Wrong::of(no),
    }
}

/// All meters on the way.
#[derive(Clone, Copy)]
pub(super) struct Walk {
    pub stops: StoredValue<Vec<Stop>>,
    pub at: RwSignal<usize>,
    pub month: Month,
    pub round: Option<RoundId>,
    pub reread: Option<RereadId>,
    /// Which dialog is open.
    pub missing: RwSignal<bool>,
    pub estimating: RwSignal<bool>,
    guard: leave::Guard,
    unsent: StoredValue<Unsent>,
}

impl Walk {
    /// Begins at the first meter without a reading; what could not be sent last time waits at its meter.
    pub(super) fn new(
        rows: Vec<RoundRow>,
        month: Month,
        round: Option<RoundId>,
        reread: Option<RereadId>,
        guard: leave::Guard,
    ) -> Self {
        let unsent = unsent_of(round.map(|round| round.0).or(reread.map(|task| task.0)));
        let mut tasks: BTreeMap<String, Task> = unsent.all();
        let stop = |row: RoundRow| {
            let key = row.meter.to_string();
            let task = tasks.remove(&key).filter(|task| {
                let done = task.is_done(&row);
                if done {
                    unsent.forget(&key);
                }
                !done
            });
            Stop::new(row, task)
        };
        let stops: Vec<Stop> = rows.into_iter().map(stop).collect();
        send_strays(&unsent, tasks);
        let open = |stop: &Stop| !stop.put.with_untracked(Put::is_done);
        let first = stops.iter().position(open).unwrap_or(0);
        Self {
            stops: StoredValue::new(stops),
            at: RwSignal::new(first),
            month,
            round,
            reread,
            missing: RwSignal::new(false),
            estimating: RwSignal::new(false),
            guard,
            unsent: StoredValue::new(unsent),
        }
    }

    pub(super) fn stop(self, place: usize) -> Option<Stop> {
        self.stops.with_value(|stops| stops.get(place).copied())
    }

    fn count(self, which: fn(&Put) -> bool) -> usize {
        self.stops.with_value(|stops| stops.iter().filter(|stop| stop.put.with(which)).count())
    }

    /// Tracked.
    pub(super) fn done(self) -> usize {
        self.count(Put::is_done)
    }

    /// Tracked.
    pub(super) fn waiting(self) -> usize {
        self.count(|put| matches!(put, Put::Waiting(_)))
    }

    pub(super) fn go(self, place: usize) {
        self.at.set(place);
        // Drawn first, then found.
        request_animation_frame(|| focus_id("walk-value"));
    }

    /// The next meter after this one that is not read; the one after it where all are.
    pub(super) fn next(self, place: usize) {
        let many = self.stops.with_value(Vec::len);
        let open = |place: &usize| self.stop(*place).is_some_and(|stop| !stop.put.with_untracked(Put::is_done));
        let to =
            (place + 1..many).find(open).or_else(|| (0..place).find(open)).unwrap_or((place + 1).min(many.saturating_sub(1)));
        self.go(to);
    }

    /// Sends the figure that was typed, and goes on; nothing where it can't be read.
    pub(super) fn save(self, place: usize) {
        let Some(stop) = self.stop(place) else { return };
        let Ok(value) = Quantity::read(&stop.typed.get_untracked()) else { return };
        if !matches!(untrack(|| stop.outcome()), Some(Ok(_))) {
            return;
        }
        let ask = EnterReading {
            community: session::community(),
            reading: stop.id.get_value(),
            meter: stop.row.with_value(|row| row.meter),
            month: self.month,
            day: session::today(),
            value,
            mark: stop.rolled.get_untracked().then_some(Mark::RolledOver),
            multiplier: None,
            confirmed: stop.confirmed.get_untracked(),
            note: String::new(),
            round: self.round,
            reread: self.reread,
        };
        self.send(stop, Task::Read(ask));
        self.next(place);
    }

    pub(super) fn estimate(self, place: usize, reason: String) {
        let Some(stop) = self.stop(place) else { return };
        let ask = EstimateReading {
            community: session::community(),
            reading: stop.id.get_value(),
            meter: stop.row.with_value(|row| row.meter),
            month: self.month,
            day: session::today(),
            reason,
            round: self.round,
        };
        self.send(stop, Task::Estimate(ask));
        self.next(place);
    }

    pub(super) fn miss(self, place: usize, reason: MissReason, note: String) {
        let (Some(stop), Some(round)) = (self.stop(place), self.round) else { return };
        let meter = stop.row.with_value(|row| row.meter);
        let deed = RoundDeedId(Uuid::now_v7());
        // It goes with a reading, and there is none.
        stop.photo.set(None);
        self.send(stop, Task::Miss(MissMeter { community: session::community(), deed, round, meter, reason, note }));
        self.next(place);
    }

    /// Sends what could not be sent.
    pub(super) fn try_again(self) {
        let Some(stops) = self.stops.try_get_value() else { return };
        for stop in stops {
            match stop.put.try_get_untracked() {
                Some(Put::Waiting(task)) => self.send(stop, task),
                Some(Put::Kept(kept)) => self.send_photo(stop, kept.id),
                _ => {}
            }
        }
    }

    fn send(self, stop: Stop, task: Task) {
        let key = stop.row.with_value(|row| row.meter.to_string());
        let unsent = self.unsent.get_value();
        unsent.keep(key.clone(), &task);
        if !unsent.has(&key) || stop.photo.with_untracked(Option::is_some) {
            self.guard.dirty();
        }
        stop.put.set(Put::Sending(task.clone()));
        spawn_local(async move {
            let put = match carry_out(&task).await {
                Ok(put) => {
                    unsent.forget(&key);
                    put
                }
                Err(problem) if is_away(&problem) => Put::Waiting(task),
                Err(problem) => {
                    unsent.forget(&key);
                    self.guard.dirty();
                    // One that was put down before the page was opened stands in the field again.
                    if let Task::Read(ask) = &task
                        && stop.typed.try_with_untracked(String::is_empty) == Some(true)
                    {
                        stop.typed.try_set(ask.value.to_string());
                    }
                    // The figure may be mended and sent again, as another request.
                    stop.id.try_set_value(ReadingId(Uuid::now_v7()));
                    toast_problem(&problem);
                    Put::Refused(problem)
                }
            };
            let kept = if let Put::Kept(kept) = &put { Some(kept.id) } else { None };
            if stop.put.try_set(put).is_some() {
                return;
            }
            if let Some(reading) = kept {
                self.send_photo(stop, reading);
            }
            self.rest();
        });
    }

    /// Nothing is lost any more when one leaves: what was refused is here alone.
    fn rest(self) {
        let Some(unsent) = self.unsent.try_get_value() else { return };
        let kept = |stop: &Stop| stop.row.with_value(|row| unsent.has(&row.meter.to_string()));
        let under_way = |stop: &Stop| {
            stop.put.with_untracked(|put| matches!(put, Put::Sending(_) | Put::Waiting(_) | Put::Refused(_))) && !kept(stop)
                || stop.photo.with_untracked(Option::is_some)
        };
        if self.stops.try_with_value(|stops| !stops.iter().any(under_way)) == Some(true) {
            self.guard.clean();
        }
    }

    /// The photo follows its reading; without a connection it stays and is tried again.
    pub(super) fn send_photo(self, stop: Stop, reading: ReadingId) {
        let Some(Some(file)) = stop.photo.try_get_untracked() else { return };
        // A slow one is not sent again beside itself.
        if stop.uploading.try_get_value() != Some(false) {
            return;
        }
        stop.uploading.set_value(true);
        spawn_local(async move {
            let done = photo::keep(reading, file).await;
            stop.uploading.try_set_value(false);
            match done {
                Err(problem) if is_away(&problem) => {}
                Err(problem) => {
                    toast_problem(&problem);
                    stop.photo.try_set(None);
                }
                Ok(()) => drop(stop.photo.try_set(None)),
            }
            self.rest();
        });
    }
}

/// What was put down at meters that are somebody else's way by now goes as well; what the server does not take stays counted.
fn send_strays(unsent: &Unsent, tasks: BTreeMap<String, Task>) {
    for (key, task) in tasks {
        let unsent = unsent.clone();
        spawn_local(async move {
            match carry_out(&task).await {
                Ok(_) => unsent.forget(&key),
                Err(problem) if is_away(&problem) => {}
                Err(problem) => toast_problem(&problem),
            }
        });
    }
}

/// Where what the caller put down on a way is kept until the server has it.
pub(in crate::metering) fn unsent_of(way: Option<Uuid>) -> Unsent {
    let who = session::me().map(|me| me.id.to_string()).unwrap_or_default();
    Unsent::of(who, way.map_or_else(|| "metering".to_owned(), |way| way.to_string()))
}

/// No connection, nobody signed in, or a server that can't at the moment: nothing was said about the reading, and it is tried again.
fn is_away(problem: &Problem) -> bool {
    matches!(problem.status, 0 | 401 | 408 | 429 | 500..)
}

async fn carry_out(task: &Task) -> Result<Put, Problem> {
    let reading = match task {
        Task::Read(ask) => call(ask.clone()).await?,
        Task::Estimate(ask) => call(ask.clone()).await?,
        Task::Miss(ask) => {
            let Done {} = call(ask.clone()).await?;
            return Ok(Put::Missed(ask.reason));
        }
    };
    Ok(Put::Kept(Kept {
        id: reading.id,
        value: reading.value,
        usage: reading.usage,
        state: reading.state,
        estimated: reading.estimated,
    }))
}
