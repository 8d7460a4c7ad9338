//! How many requests wait for the caller, as a figure in the navigation.

use common::approvals::api::CountApprovals;
use common::permission::Permission;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::call;
use crate::{session, t};

/// The page whose line in the navigation bears the figure.
pub(super) const REQUESTS: &str = "/approvals";

thread_local! {
    static LOOK: ArcRwSignal<u32> = ArcRwSignal::new(0);
}

/// Something was decided: the figure is asked for anew.
pub fn look_again() {
    LOOK.with(|look| look.update(|look| *look = look.wrapping_add(1)));
}

/// How many wait, looked up whenever another page is opened and after something was decided; none for who decides nothing.
pub(super) fn waiting(path: Memo<String>) -> RwSignal<u64> {
    let (count, look) = (RwSignal::new(0), LOOK.with(Clone::clone));
    // Of which community the figure is, so that it never stands beside another's name.
    let of = StoredValue::new(None);
    Effect::new(move || {
        path.track();
        look.track();
        let here = session::current_community().map(|community| community.id);
        if of.get_value() != here {
            of.set_value(here);
            count.set(0);
        }
        let Some(community) = here else { return };
        if !untrack(|| session::may_ask::<CountApprovals>() && session::may(Permission::ApprovalsDecide)) {
            return;
        }
        spawn_local(async move {
            // Without a connection the last figure stays.
            if let Ok(counts) = call(CountApprovals { community }).await
                && of.try_get_value() == Some(Some(community))
            {
                count.try_set(counts.for_me);
            }
        });
    });
    count
}

/// The figure beside a word; nothing where nothing waits.
pub(super) fn figure(count: RwSignal<u64>, class: &'static str) -> AnyView {
    let shown = move || {
        let count = count.get();
        (count > 0).then(|| {
            view! {
                <span class=format!("badge badge-sm badge-warning num {class}")>
                    <span class="sr-only">{t!("approvals-for-me")} " "</span>
                    {crate::kit::count(count)}
                </span>
            }
        })
    };
    shown.into_any()
}
