//! Wizards, for imports and runs: choose, check, preview, done. The preview is the truth, and one can go back.

use leptos::prelude::*;

use super::icon::{icon, icon_sized};
use super::icons;
use crate::t;

/// The steps beside the title: `Header::new(..).beside(steps(vec![t!(..), ..], step.into()))`; counted from 0.
pub fn steps(titles: Vec<String>, now: Signal<usize>) -> AnyView {
    let last = titles.len().saturating_sub(1);
    let items = titles
        .into_iter()
        .enumerate()
        .map(|(place, title)| {
            let mark = move || {
                if place < now.get() {
                    view! { <span class="grid size-6 place-items-center rounded-full bg-pick text-xs text-primary">{icon_sized(icons::CHECK, 14, "")}</span> }.into_any()
                } else if place == now.get() {
                    view! { <span class="grid size-6 place-items-center rounded-full bg-primary text-xs font-semibold text-primary-content">{place + 1}</span> }.into_any()
                } else {
                    view! { <span class="grid size-6 place-items-center rounded-full border border-control text-xs">{place + 1}</span> }.into_any()
                }
            };
            let current = move || (place == now.get()).then_some("step");
            let class = move || match place.cmp(&now.get()) {
                std::cmp::Ordering::Equal => "font-semibold",
                std::cmp::Ordering::Less => "max-sm:hidden",
                std::cmp::Ordering::Greater => "text-ink-2 max-sm:hidden",
            };
            view! {
                <li class="flex items-center gap-2 text-sm" aria-current=current>
                    {mark}
                    <span class=class>{title}</span>
                </li>
                {(place < last).then(|| view! { <li aria-hidden="true" class="h-px w-12 bg-rule max-lg:w-4"></li> })}
            }
        })
        .collect_view();
    view! { <ol class="ml-6 flex items-center gap-3 max-sm:ml-0 max-sm:gap-2">{items}</ol> }.into_any()
}

/// The foot of a wizard, always in view: back, what is kept, why one can't go on, and the deed.
pub struct Foot {
    back: Option<Box<dyn Fn()>>,
    kept: AnyView,
    why_not: AnyView,
    deeds: AnyView,
}

impl Default for Foot {
    fn default() -> Self {
        Self::new()
    }
}

impl Foot {
    pub fn new() -> Self {
        Self { back: None, kept: ().into_any(), why_not: ().into_any(), deeds: ().into_any() }
    }

    #[must_use]
    pub fn back(mut self, back: impl Fn() + 'static) -> Self {
        self.back = Some(Box::new(back));
        self
    }

    /// A caption beside it: what is saved already.
    #[must_use]
    pub fn kept(mut self, kept: impl IntoAny) -> Self {
        self.kept = kept.into_any();
        self
    }

    /// Why one can't go on, in red: a `move ||` that is empty when one can.
    #[must_use]
    pub fn why_not(mut self, why: impl Fn() -> Option<String> + Send + 'static) -> Self {
        self.why_not = (move || {
            why().map(|why| view! { <span class="flex items-center gap-1.5 text-sm text-error">{icon_sized(icons::CIRCLE_ALERT, 16, "")} {why}</span> })
        })
        .into_any();
        self
    }

    /// The buttons at the right, the primary one last.
    #[must_use]
    pub fn deeds(mut self, deeds: impl IntoAny) -> Self {
        self.deeds = deeds.into_any();
        self
    }

    pub fn show(self) -> AnyView {
        let Self { back, kept, why_not, deeds } = self;
        view! {
            <div class="no-print sticky bottom-0 z-10 mt-auto flex min-h-16 flex-wrap items-center gap-3 border-t border-line bg-sheet px-6 py-3 max-sm:bottom-[calc(3.5rem+env(safe-area-inset-bottom))] max-sm:px-4">
                {back.map(|back| view! { <button type="button" class="btn btn-sm" on:click=move |_| back()>{icon(icons::ARROW_LEFT)}{t!("kit-step-before")}</button> })}
                <span class="label-xs">{kept}</span>
                <div class="ml-auto flex flex-wrap items-center gap-3">{why_not} {deeds}</div>
            </div>
        }
        .into_any()
    }
}
