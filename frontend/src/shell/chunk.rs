//! The pages of a capability come as a chunk of WebAssembly, which is loaded when someone first goes there.
//!
//! With the feature `split` (the release build) the functions that [`chunks!`](crate::chunks) makes are split points: whatever
//! only they reach is taken out of the application into a file of its own. Without it they are ordinary functions.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;
pub use leptos::wasm_split::SplitLoaderError;

use super::places::Place;
use crate::kit::{icon_sized, icons, skeleton_lines};
use crate::t;

type Pages = Result<Vec<Place>, SplitLoaderError>;

/// A capability's pages, and the addresses that they are under.
pub struct Chunk {
    pub name: &'static str,
    pub paths: &'static [&'static str],
    pub load: fn() -> Pin<Box<dyn Future<Output = Pages>>>,
}

/// After this, a first page is usually there with all that it asked for.
const AHEAD_AFTER_MS: u32 = 3_000;

/// How far a chunk is.
#[derive(Clone)]
enum Stage {
    Absent,
    Loading,
    Failed,
    Here(Vec<Place>),
}

thread_local! {
    static CHUNKS: RefCell<BTreeMap<&'static str, (&'static Chunk, ArcRwSignal<Stage>)>> = const { RefCell::new(BTreeMap::new()) };
}

/// `estate at "/estate";` makes a chunk of what `estate::places()` reaches; all of them are the constant `CHUNKS`.
#[macro_export]
macro_rules! chunks {
    ($($name:ident at $($path:literal),+;)*) => {
        mod chunk {
            use $crate::shell::chunk::SplitLoaderError;
            use $crate::shell::Place;

            $(
                #[cfg(feature = "split")]
                #[leptos::wasm_split::wasm_split($name, wasm_split_path = leptos::wasm_split, fallible)]
                pub(super) fn $name() -> Result<Vec<Place>, SplitLoaderError> {
                    Ok($crate::$name::places())
                }

                #[cfg(not(feature = "split"))]
                pub(super) async fn $name() -> Result<Vec<Place>, SplitLoaderError> {
                    Ok($crate::$name::places())
                }
            )*
        }

        const CHUNKS: &[$crate::shell::chunk::Chunk] = &[$($crate::shell::chunk::Chunk {
            name: stringify!($name),
            paths: &[$($path),+],
            load: || Box::pin(chunk::$name()),
        }),*];
    };
}

/// Makes them known.
pub(crate) fn know(chunks: &'static [Chunk]) {
    CHUNKS.with_borrow_mut(|known| {
        known.extend(chunks.iter().map(|chunk| (chunk.name, (chunk, ArcRwSignal::new(Stage::Absent)))));
    });
}

/// The pages that stand under the path, or what stands there until they are loaded; `None` where there are none. Tracked.
pub(super) fn pages(path: &str) -> Option<Result<Vec<Place>, AnyView>> {
    let (chunk, stage) = of(path)?;
    match stage.get() {
        Stage::Here(places) => Some(Ok(places)),
        Stage::Failed => Some(Err(failed(chunk, stage))),
        Stage::Loading => Some(Err(waiting())),
        Stage::Absent => {
            // Not while the page is drawn: what is drawn reads the signal.
            request_animation_frame(move || load(chunk, stage));
            Some(Err(waiting()))
        }
    }
}

/// Asks for the chunk of the path, before its page is drawn.
pub(crate) fn fetch(path: &str) {
    if let Some((chunk, stage)) = of(path) {
        load(chunk, stage);
    }
}

/// Some seconds after the first page, fetches the chunks of these paths one after the other: going there then takes no time, and works
/// even when a newer version has taken this one's place on the server.
pub(super) fn fetch_ahead(paths: Vec<&'static str>) {
    gloo::timers::callback::Timeout::new(AHEAD_AFTER_MS, move || {
        spawn_local(async move {
            for path in paths {
                if let Some((chunk, stage)) = of(path)
                    && matches!(stage.get_untracked(), Stage::Absent)
                {
                    arrived(chunk, stage).await;
                }
            }
        });
    })
    .forget();
}

fn of(path: &str) -> Option<(&'static Chunk, ArcRwSignal<Stage>)> {
    let under = |start: &&str| path == *start || path.strip_prefix(*start).is_some_and(|rest| rest.starts_with('/'));
    CHUNKS.with_borrow(|known| known.values().find(|(chunk, _)| chunk.paths.iter().any(under)).cloned())
}

fn load(chunk: &'static Chunk, stage: ArcRwSignal<Stage>) {
    if matches!(stage.get_untracked(), Stage::Loading | Stage::Here(_)) {
        return;
    }
    spawn_local(arrived(chunk, stage));
}

async fn arrived(chunk: &'static Chunk, stage: ArcRwSignal<Stage>) {
    stage.set(Stage::Loading);
    stage.set((chunk.load)().await.map_or(Stage::Failed, Stage::Here));
}

fn waiting() -> AnyView {
    view! { <div class="p-6 max-sm:p-4" role="status" aria-label=t!("kit-loading")>{skeleton_lines(8)}</div> }.into_any()
}

/// The network is gone, or a newer version has taken this one's place on the server.
fn failed(chunk: &'static Chunk, stage: ArcRwSignal<Stage>) -> AnyView {
    document().set_title(&t!("kit-chunk-failed"));
    view! {
        <div class="p-6 max-sm:p-4">
            <div role="alert" class="problem max-w-160 rounded-field border border-line p-4">
                <h1 class="flex items-center gap-2 text-base font-semibold" tabindex="-1">
                    {icon_sized(icons::WIFI_OFF, 16, "text-error")} {t!("kit-chunk-failed")}
                </h1>
                <p class="mt-1 text-base text-ink-2">{t!("kit-chunk-failed-why")}</p>
                <div class="mt-3 flex flex-wrap gap-2">
                    <button type="button" class="btn btn-sm" on:click=move |_| load(chunk, stage.clone())>{t!("kit-retry")}</button>
                    <a class="btn btn-sm btn-primary" href=crate::api::here() rel="external">{t!("kit-reload")}</a>
                </div>
            </div>
        </div>
    }
    .into_any()
}
