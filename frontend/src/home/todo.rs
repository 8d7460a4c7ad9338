//! What needs doing, each with its reason and the page where it is done.

use common::permission::Permission;
use common::reports::api::{Todo, TodoKind};
use leptos::prelude::*;

use crate::kit::{Icon, count, icon_sized, icons};
use crate::{session, t};

/// The list; nothing to do is said too.
pub(super) fn list(todo: Vec<Todo>) -> AnyView {
    let open: Vec<_> = todo.into_iter().filter(|todo| todo.count > 0).collect();
    if open.is_empty() {
        return view! { <p class="flex items-center gap-2 py-2 text-base text-ink-2">{icon_sized(icons::CIRCLE_CHECK, 16, "text-success")} {t!("home-todo-none")}</p> }
            .into_any();
    }
    let lines = open.iter().map(line).collect_view();
    view! { <ul class="-mx-2 mt-1">{lines}</ul> }.into_any()
}

/// What stands for it, what it is called, and where it is done.
fn about(kind: TodoKind) -> (Icon, &'static str, &'static str) {
    match kind {
        TodoKind::UnitsWithoutBill => (icons::FILE_QUESTION_MARK, "home-todo-units-without-bill", "/billing/generate"),
        TodoKind::ReadingsToCheck => (icons::GAUGE, "home-todo-readings-to-check", "/metering/review"),
        TodoKind::Rereads => (icons::ROTATE_CCW, "home-todo-rereads", "/metering/rereads?state=open"),
        TodoKind::LongArrears => (icons::TIMER, "home-todo-long-arrears", "/reports/arrears"),
        TodoKind::Occurrences => (icons::CALENDAR_DAYS, "home-todo-occurrences", "/billing/calendar"),
        TodoKind::Approvals => (icons::STAMP, "home-todo-approvals", "/approvals"),
        TodoKind::FailedJobs => (icons::TRIANGLE_ALERT, "home-todo-failed-jobs", "/"),
    }
}

fn line(todo: &Todo) -> AnyView {
    let (shape, title, href) = about(todo.kind);
    let kind = match todo.kind {
        TodoKind::UnitsWithoutBill => "skip",
        TodoKind::ReadingsToCheck => "mark",
        TodoKind::Rereads => "reread",
        TodoKind::LongArrears => "age",
        TodoKind::Occurrences => "occurrence",
        TodoKind::Approvals => "approval",
        TodoKind::FailedJobs => "job",
    };
    let reasons: Vec<String> = todo
        .reasons
        .iter()
        .map(|reason| {
            let code = reason.code.replace(['_', '.'], "-");
            let id = match kind {
                "job" => format!("job-{code}"),
                "approval" => format!("approvals-kind-{code}"),
                _ => format!("home-{kind}-{code}"),
            };
            // What the home page has no shorter word for is called as everywhere else.
            let find = |id: &str| common::text::find(crate::session::language(), id, &[]);
            let words = find(&id).or_else(|| find(&format!("{kind}-{code}"))).unwrap_or_else(|| reason.code.clone());
            t!("home-reason", reason = words, count = count(reason.count))
        })
        .collect();
    view! {
        <li>
            <a href=href class="flex min-h-[52px] items-center gap-3 rounded-field px-2 hover:bg-hover">
                {icon_sized(shape, 16, "text-ink-3")}
                <span class="min-w-0 flex-1 leading-5">
                    <span class="block text-sm">{t!(title)}</span>
                    <span class="block truncate text-xs leading-4 text-ink-2">{reasons.join(&t!("kit-comma"))}</span>
                </span>
                <span class="num text-lg font-semibold">{count(todo.count)}</span>
            </a>
        </li>
    }
    .into_any()
}

/// What a community needs before it has figures, in order.
pub(super) fn first_steps() -> AnyView {
    let steps = [
        (Permission::EstateWrite, "home-step-estate", "/estate/import"),
        (Permission::ChargingWrite, "home-step-charging", "/charging/fee-items"),
        (Permission::ChargingWrite, "home-step-prices", "/charging/prices"),
        (Permission::MeteringWrite, "home-step-readings", "/metering/readings/import"),
        (Permission::BillingGenerate, "home-step-bills", "/billing/generate"),
    ];
    let lines = steps
        .into_iter()
        .filter(|(needs, ..)| session::may(*needs))
        .enumerate()
        .map(|(place, (_, title, href))| {
            view! {
                <li class="border-b border-line">
                    <a href=href class="flex min-h-16 items-center gap-4 px-6 py-2 hover:bg-hover max-sm:px-4">
                        <span class="grid size-6 shrink-0 place-items-center rounded-full border border-control text-xs">{place + 1}</span>
                        <span class="min-w-0 flex-1 leading-5">
                            <span class="block text-base font-semibold">{t!(title)}</span>
                            <span class="block text-sm text-ink-2">{t!(&format!("{title}-why"))}</span>
                        </span>
                        {icon_sized(icons::CHEVRON_RIGHT, 16, "text-ink-3")}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="border-t border-line">
            <h2 class="px-6 pt-4 pb-3 text-lg font-semibold max-sm:px-4">{t!("home-steps")}</h2>
            <ol class="max-w-180 border-t border-line">{lines}</ol>
        </div>
    }
    .into_any()
}
