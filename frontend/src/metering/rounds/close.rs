//! A round is closed after it was said what is missing, and reopened.

use common::id::RoundDeedId;
use common::metering::api::{CloseRound, ReopenRound, Rest, RoundView};
use leptos::prelude::*;
use uuid::Uuid;

use crate::kit::{Deed, Ending, Form, Reload, button, count, dialog, icons, toast};
use crate::{session, t};

/// The dialog that closes: figures of what is missing, and what becomes of it.
pub(super) fn close_dialog(open: RwSignal<bool>, round: &RoundView, reload: Reload) -> AnyView {
    let round = StoredValue::new(round.clone());
    let title = move || round.with_value(|round| t!("metering-round-close-title", month = round.month));
    let body = move || round.with_value(|round| form(round, open, reload));
    dialog(open, title, body)
}

fn form(round: &RoundView, open: RwSignal<bool>, reload: Reload) -> AnyView {
    let (tally, left) = (round.tally, round.tally.left());
    let form = Form::new(CloseRound {
        community: session::community(),
        deed: RoundDeedId(Uuid::now_v7()),
        round: round.id,
        left,
        rest: Rest::Leave,
        day: session::today(),
    });
    let figures = [
        (t!("metering-standing-unread"), tally.unread, "unread"),
        (t!("metering-standing-missed"), tally.missed, "missed"),
        (t!("metering-standing-review"), tally.review, "review"),
    ];
    let id = round.id;
    let figures = figures
        .into_iter()
        .map(|(word, many, standing)| {
            view! {
                <div>
                    <dt class="label-xs">{word}</dt>
                    <dd class="text-2xl font-semibold">
                        <a class="hover:underline" href=format!("/metering/rounds/{id}/left?standing={standing}")>{count(many)}</a>
                    </dd>
                </div>
            }
        })
        .collect_view();
    let rests =
        vec![(Rest::Leave, t!("metering-rest-leave")), (Rest::Estimate, t!("metering-rest-estimate", count = count(left)))];
    let estimates = move || form.draft.with(|ask| ask.rest == Rest::Estimate);
    let rest = (left > 0).then(|| {
        view! {
            {form.radios("rest", t!("metering-rest"), |ask| &mut ask.rest, rests)}
            {move || estimates().then(|| view! {
                <p class="text-sm text-ink-2">{t!("metering-rest-estimate-why")}</p>
                {form.field("day", t!("metering-rest-day"), |ask| &mut ask.day).width("w-48").show()}
            })}
        }
    });
    let fields = view! {
        <dl class="mt-1 flex gap-8">{figures}</dl>
        <p class="text-base text-ink-2">{if left == 0 { t!("metering-round-close-all") } else { t!("metering-round-close-why") }}</p>
        {rest}
    };
    form.show(Ending::new(t!("metering-round-close")).cancel(move || open.set(false)).in_dialog(), fields, move |done| {
        open.set(false);
        toast(t!("metering-round-closed-with", estimated = done.estimated, left = done.left));
        reload.now();
    })
}

/// Goes on with it.
pub(super) fn reopen_button(round: &RoundView, reload: Reload) -> AnyView {
    let (deed, round) = (Deed::new(), round.id);
    button(icons::LOCK_OPEN, t!("metering-round-reopen"), move || {
        deed.run(ReopenRound { community: session::community(), round }, move |_| {
            toast(t!("metering-round-reopened"));
            reload.now();
        });
    })
}
