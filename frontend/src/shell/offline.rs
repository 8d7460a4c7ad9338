//! Whether the server can be reached.

use leptos::prelude::*;

thread_local! {
    static OFFLINE: ArcRwSignal<bool> = ArcRwSignal::new(false);
}

/// A request found no server.
pub fn lost() {
    OFFLINE.with(|offline| offline.set(true));
}

/// A request was answered.
pub fn found() {
    OFFLINE.with(|offline| {
        if offline.get_untracked() {
            offline.set(false);
        }
    });
}

/// Whether the last request found no server; tracked.
pub fn is_offline() -> bool {
    OFFLINE.with(ArcRwSignal::get)
}

/// The bar that says so, with a way to try again at once.
pub fn bar() -> AnyView {
    let again = |_| {
        leptos::task::spawn_local(async {
            let _answer = crate::api::call(common::organisation::api::GetStart {}).await;
        });
    };
    (move || {
        is_offline().then(|| {
            view! {
                <div role="status" class="no-print flex min-h-10 flex-wrap items-center gap-3 bg-neutral px-6 text-sm text-neutral-content max-sm:px-4">
                    {crate::kit::icon(crate::kit::icons::WIFI_OFF)}
                    <span>{crate::t!("kit-offline")}</span>
                    <button type="button" class="btn btn-xs ml-auto border-neutral-content/40! bg-transparent! text-neutral-content!" on:click=again>
                        {crate::t!("kit-retry-now")}
                    </button>
                </div>
            }
        })
    })
    .into_any()
}
