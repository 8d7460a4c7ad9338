//! 审批流程: which deeds need whose approval, from which amount on.

use common::approvals::api::{Deciders, FlowView, ListDeciders, ListFlows, SaveFlow};
use leptos::prelude::*;

use super::flow_form::FlowForm;
use super::words::{gone_badge, kind_text};
use crate::api::call;
use crate::kit::{Header, Reload, button, count, icons, load};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    let (reload, community) = (Reload::new(), session::community());
    let (form, may) = (FlowForm::new(reload), session::may_ask::<SaveFlow>());
    let all = move || {
        reload.track();
        async move {
            let flows = call(ListFlows { community }).await?;
            let deciders = if may { call(ListDeciders { community }).await? } else { Deciders::default() };
            Ok((flows, deciders))
        }
    };
    let body = load(all, 8, move |(flows, deciders): (Vec<FlowView>, Deciders)| {
        let nobody = may && deciders.departments.is_empty();
        form.offer(deciders);
        let flows = flows.into_iter().map(|flow| section(flow, form)).collect_view();
        let nobody = nobody
            .then(|| view! { <p class="px-6 py-3 text-base text-warning max-sm:px-4">{t!("approvals-flow-no-deciders")}</p> });
        view! { {nobody} {flows} }.into_any()
    });
    view! {
        {Header::new(t!("approvals-flows")).show()}
        <p class="max-w-160 px-6 pb-4 text-base text-ink-2 max-sm:px-4">{t!("approvals-flows-text")}</p>
        <div class="border-t border-line pb-8">{body}</div>
        {form.show()}
    }
    .into_any()
}

fn section(flow: FlowView, form: FlowForm) -> AnyView {
    let levels = flow
        .levels
        .iter()
        .zip(flow.who.iter().zip(&flow.gone))
        .zip(1_u32..)
        .map(|((level, (who, gone)), number)| {
            let from = match level.from_fen.is_zero() {
                true if !flow.kind.has_amount() => t!("approvals-flow-every"),
                true => t!("approvals-flow-always"),
                false => t!("approvals-flow-from", amount = level.from_fen),
            };
            let who = match who.is_empty() {
                true => view! { <span class="text-error">{t!("approvals-flow-nobody")}</span> }.into_any(),
                false => who.join(&t!("kit-comma")).into_any(),
            };
            view! {
                <li class="flex flex-wrap items-baseline gap-x-4 py-1">
                    <span class="label-xs w-16">{t!("approvals-flow-level", level = number)}</span>
                    <span class="num w-32">{from}</span>
                    <span class="min-w-0">{who}</span>
                    {gone.iter().map(gone_badge).collect_view()}
                </li>
            }
        })
        .collect_view();
    let levels = match flow.levels.is_empty() {
        true => view! { <p class="text-base text-ink-2">{t!("approvals-flow-none")}</p> }.into_any(),
        false => view! { <ol class="text-base">{levels}</ol> }.into_any(),
    };
    let waiting = (flow.waiting > 0).then(|| {
        let href = format!("/approvals?whose=all&state=waiting&kind={}", flow.kind);
        view! { <a class="a text-sm" href=href>{t!("approvals-flow-waiting", count = count(flow.waiting))}</a> }
    });
    let kind = flow.kind;
    let (title, label) = (kind_text(kind), kind_text(kind));
    let change = session::may_ask::<SaveFlow>().then(|| {
        let word = t!("approvals-flow-change");
        view! { <span class="ml-auto">{button(icons::PENCIL, word, move || form.open(kind, flow.levels.clone(), flow.gone.concat()))}</span> }
    });
    view! {
        <section class="max-w-180 border-b border-line px-6 py-4 max-sm:px-4" aria-label=label>
            <div class="flex min-h-8 flex-wrap items-center gap-3">
                <h2 class="text-lg font-semibold">{title}</h2>
                {waiting}
                {change}
            </div>
            <div class="mt-1">{levels}</div>
        </section>
    }
    .into_any()
}
