//! An occurrence: its days, what came of it, and what can be done about it.

use common::billing::api::{GenerateOccurrence, OccurrenceState, OccurrenceView, RunView, SkipOccurrence, UnskipOccurrence};
use common::id::{BillingRunId, GenerationRuleId};
use leptos::prelude::*;
use uuid::Uuid;

use super::month::badge_of;
use super::words::period_text;
use crate::kit::{
    Confirm, Deed, Ending, Form, Reload, Term, button, dialog, equation_line, facts, icons, link_button, moment, primary_button,
    primary_link, problem_note, toast,
};
use crate::{session, t};

/// The occurrence that is looked at, and the dialogs about it.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    one: RwSignal<Option<OccurrenceView>>,
    open: RwSignal<bool>,
    skipping: RwSignal<bool>,
    form: Form<SkipOccurrence>,
    deed: Deed,
    reload: Reload,
}

impl Shown {
    pub(super) fn new(reload: Reload) -> Self {
        Self {
            one: RwSignal::new(None),
            open: RwSignal::new(false),
            skipping: RwSignal::new(false),
            form: Form::new(blank(None)),
            deed: Deed::new(),
            reload,
        }
    }

    pub(super) fn open(self, one: OccurrenceView) {
        self.one.set(Some(one));
        self.open.set(true);
    }

    /// What is looked at is as the server has just said.
    pub(super) fn renew(self, all: &[OccurrenceView]) {
        let same =
            |known: &OccurrenceView| all.iter().find(|one| (one.rule, one.at.first) == (known.rule, known.at.first)).cloned();
        let now = self.one.with_untracked(|known| known.as_ref().and_then(same));
        if now.is_some() && self.one.with_untracked(|known| *known != now) {
            self.one.set(now);
        }
    }

    fn done(self, words: String) {
        self.open.set(false);
        self.skipping.set(false);
        self.reload.now();
        toast(words);
    }
}

fn blank(one: Option<&OccurrenceView>) -> SkipOccurrence {
    SkipOccurrence {
        community: session::community(),
        rule: one.map_or(GenerationRuleId(Uuid::nil()), |one| one.rule),
        first: one.map_or_else(|| common::period::Month::of(session::today()), |one| one.at.first),
        reason: String::new(),
    }
}

/// The address of its preview, with its months, fee items and buildings chosen.
pub(super) fn preview_address(inputs: &common::billing::api::GetRunInputs) -> String {
    format!("/billing/generate{}", crate::api::query(inputs))
}

/// The dialogs, closed at first.
pub(super) fn dialogs(shown: Shown) -> AnyView {
    let title = move || {
        shown.one.with(|one| one.as_ref().map(|one| format!("{} · {}", one.rule_name, period_text(one.at)))).unwrap_or_default()
    };
    let body = move || shown.one.get().map_or_else(|| ().into_any(), |one| of(&one, shown));
    let skip_title = move || t!("billing-skip-title", name = title());
    view! {
        {dialog(shown.open, title, move || view! { {body} }.into_any())}
        {dialog(shown.skipping, skip_title, move || skip_form(shown))}
    }
    .into_any()
}

fn of(one: &OccurrenceView, shown: Shown) -> AnyView {
    let due = one.inputs.due_day.map_or_else(|| t!("billing-rule-due-by-tariff"), |day| day.to_string());
    let place = if one.buildings.is_empty() { t!("billing-rule-everywhere") } else { one.buildings.join(&t!("billing-comma")) };
    let mut lines = vec![
        (t!("billing-state"), badge_of(one)),
        (t!("billing-rule-day"), one.at.day.to_string().into_any()),
        (t!("billing-notice-day"), one.at.notice_day.to_string().into_any()),
        (t!("billing-due-day"), due.into_any()),
        (t!("billing-fee-items"), one.fee_items.join(&t!("billing-comma")).into_any()),
        (t!("billing-rule-where"), place.into_any()),
        (t!("billing-rule-start"), t!(&format!("billing-start-{}", one.start.word())).into_any()),
    ];
    if one.state == OccurrenceState::Skipped {
        let who = one.by.clone().unwrap_or_default();
        let when = one.said_at.map(moment).unwrap_or_default();
        lines.push((t!("billing-skip-reason"), one.reason.clone().into_any()));
        lines.push((t!("billing-skip-who"), t!("billing-run-by", by = who, at = when).into_any()));
    }
    view! {
        <div class="mt-3 flex flex-col gap-3">
            {facts(lines)}
            {one.run.as_ref().map(|run| of_run(one, run))}
            {deeds(one, shown)}
        </div>
    }
    .into_any()
}

fn of_run(one: &OccurrenceView, run: &RunView) -> AnyView {
    match one.state {
        OccurrenceState::Done => {
            let terms = vec![
                Term::count("", t!("billing-bills"), run.bills),
                Term { sign: "", ..Term::result(t!("billing-amount"), run.amount_fen) },
                Term::count("", t!("billing-to-mend"), run.lacking()),
            ];
            view! { <div class="text-sm">{equation_line(terms)}</div> }.into_any()
        }
        OccurrenceState::Failed => {
            let next = one.next_try.map(|at| t!("billing-occurrence-next-try", tries = one.tries, at = moment(at)));
            view! {
                <div class="flex flex-col gap-2">
                    {run.problem.as_ref().map(problem_note)}
                    <p class="text-sm text-ink-2">{next}</p>
                </div>
            }
            .into_any()
        }
        _ => ().into_any(),
    }
}

fn deeds(one: &OccurrenceView, shown: Shown) -> AnyView {
    let may = session::may_ask::<GenerateOccurrence>();
    let record = one
        .run
        .as_ref()
        .map(|run| link_button(icons::HISTORY, t!("billing-occurrence-run"), format!("/billing/runs/{}", run.id)));
    let open = may && one.state.is_open();
    let preview = open.then(|| primary_link(icons::CALCULATOR, t!("billing-preview"), preview_address(&one.inputs)));
    let (for_now, for_skip, for_unskip) = (one.clone(), one.clone(), one.clone());
    let now = open.then(|| button(icons::FILE_PLUS, t!("billing-generate-now"), move || generate_now(&for_now, shown)));
    let skip = open.then(|| {
        button(icons::CIRCLE_SLASH, t!("billing-skip"), move || {
            shown.form.restart(blank(Some(&for_skip)));
            shown.open.set(false);
            shown.skipping.set(true);
        })
    });
    let unskip = (may && one.state == OccurrenceState::Skipped).then(|| {
        primary_button(icons::UNDO_2, t!("billing-unskip"), move || {
            let ask = UnskipOccurrence { community: session::community(), rule: for_unskip.rule, first: for_unskip.at.first };
            shown.deed.run(ask, move |_| shown.done(t!("billing-unskipped")));
        })
    });
    let why = open.then(|| view! { <p class="text-sm text-ink-2">{t!("billing-occurrence-preview-why")}</p> });
    view! {
        {why}
        <div class="mt-2 flex flex-wrap justify-end gap-2">{record} {skip} {now} {unskip} {preview}</div>
    }
    .into_any()
}

/// Without a preview, after a question that says so.
fn generate_now(one: &OccurrenceView, shown: Shown) {
    let ask = GenerateOccurrence {
        community: session::community(),
        rule: one.rule,
        first: one.at.first,
        run: BillingRunId(Uuid::now_v7()),
    };
    let title = t!("billing-generate-now-title", name = one.rule_name, period = period_text(one.at));
    Confirm::new(title, t!("billing-generate-now-why"), t!("billing-generate-now"))
        .ask(move || shown.deed.run(ask, move |_: RunView| shown.done(t!("billing-generate-now-begun"))));
}

fn skip_form(shown: Shown) -> AnyView {
    let form = shown.form;
    let ending = Ending::new(t!("billing-skip")).in_dialog().cancel(move || shown.skipping.set(false));
    let fields = form.field("reason", t!("billing-skip-reason"), |ask| &mut ask.reason).focus().lines(2).show();
    view! {
        <p class="mt-1 text-base text-ink-2">{t!("billing-skip-why")}</p>
        <div class="mt-3">{form.show(ending, fields, move |_| shown.done(t!("billing-skipped-now")))}</div>
    }
    .into_any()
}
