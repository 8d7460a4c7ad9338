//! The frame of a page: breadcrumbs, title, states, actions, and what stands under them.

use leptos::prelude::*;

use super::icon::{Icon, icon};
use super::icons;
use crate::{shell, t};

/// A page's header. The breadcrumbs come from the navigation; the title also names the browser's tab.
pub struct Header {
    title: String,
    beside: AnyView,
    actions: AnyView,
    crumbs: Vec<(String, Option<String>)>,
}

impl Header {
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), beside: ().into_any(), actions: ().into_any(), crumbs: Vec::new() }
    }

    /// What stands right beside the title: state badges, the steps of a wizard, a caption.
    #[must_use]
    pub fn beside(mut self, beside: impl IntoAny) -> Self {
        self.beside = beside.into_any();
        self
    }

    /// The page's actions at the right, the one primary button last.
    #[must_use]
    pub fn actions(mut self, actions: impl IntoAny) -> Self {
        self.actions = actions.into_any();
        self
    }

    /// One more step between what the navigation says and this page.
    #[must_use]
    pub fn crumb(mut self, title: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push((title.into(), Some(href.into())));
        self
    }

    /// Draws it.
    pub fn show(self) -> AnyView {
        let Self { title, beside, actions, crumbs } = self;
        document().set_title(&format!("{title} · {}", t!("kit-product")));
        let (mut trail, at_entry) = shell::trail();
        trail.extend(crumbs);
        if !at_entry {
            trail.push((title.clone(), None));
        }
        // A page may name the line of the navigation once more.
        trail.dedup_by(|later, earlier| later.0 == earlier.0);
        let last = trail.len().saturating_sub(1);
        let crumbs = trail
            .into_iter()
            .enumerate()
            .map(|(place, (title, href))| {
                let step = match href.filter(|_| place < last) {
                    Some(href) => view! { <a class="hover:text-ink" href=href>{title}</a> }.into_any(),
                    None if place == last => view! { <span aria-current="page" class="truncate">{title}</span> }.into_any(),
                    None => view! { <span>{title}</span> }.into_any(),
                };
                view! {
                    {(place > 0).then(|| view! { <span class="text-ink-3" aria-hidden="true">"/"</span> })}
                    {step}
                }
            })
            .collect_view();
        shell::headed();
        view! {
            <header class="page-header px-6 pt-4 pb-3 max-sm:px-4">
                {(last > 0)
                    .then(|| {
                        view! {
                            <nav aria-label=t!("kit-crumbs") class="label-xs no-print mb-1 flex h-4 items-center gap-1.5 overflow-hidden whitespace-nowrap">
                                {crumbs}
                            </nav>
                        }
                    })}
                <div class="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
                    <h1 id="page-title" class="text-xl font-semibold" tabindex="-1">{title}</h1>
                    {beside}
                    <div class="no-print ml-auto flex flex-wrap items-center gap-2">{actions}</div>
                </div>
            </header>
        }
        .into_any()
    }
}

/// A section with a heading, as they follow each other on a sheet.
pub fn section(title: impl Into<String>, beside: impl IntoAny, body: impl IntoAny) -> AnyView {
    view! {
        <section class="px-6 pt-4 pb-4 max-sm:px-4">
            <div class="flex min-h-8 flex-wrap items-center gap-2">
                <h2 class="text-lg font-semibold">{title.into()}</h2>
                {beside.into_any()}
            </div>
            <div class="mt-1">{body.into_any()}</div>
        </section>
    }
    .into_any()
}

/// A main column and a rail of 376 px beside it; below 1280 px the rail comes first, in two columns.
pub fn with_rail(main: impl IntoAny, rail: impl IntoAny) -> AnyView {
    railed("with-rail flex-1", main.into_any(), rail.into_any())
}

/// The same, but on a phone the rail stands below: where what is in the middle is what one came for.
pub fn with_rail_below(main: impl IntoAny, rail: impl IntoAny) -> AnyView {
    railed("with-rail with-rail-below flex-1", main.into_any(), rail.into_any())
}

fn railed(class: &'static str, main: AnyView, rail: AnyView) -> AnyView {
    view! {
        <div class=class>
            <div class="min-w-0 pb-8">{main}</div>
            <aside class="pb-8">{rail}</aside>
        </div>
    }
    .into_any()
}

/// A link that looks like a button: `link_button(icons::UPLOAD, t!("…"), "/estate/import")`.
pub fn link_button(shape: Icon, word: impl Into<String>, href: impl Into<String>) -> AnyView {
    view! { <a class="btn btn-sm" href=href.into()>{icon(shape)}{word.into()}</a> }.into_any()
}

/// The one primary link of a page.
pub fn primary_link(shape: Icon, word: impl Into<String>, href: impl Into<String>) -> AnyView {
    view! { <a class="btn btn-sm btn-primary" href=href.into()>{icon(shape)}{word.into()}</a> }.into_any()
}

/// A secondary button.
pub fn button(shape: Icon, word: impl Into<String>, deed: impl Fn() + 'static) -> AnyView {
    view! { <button type="button" class="btn btn-sm" on:click=move |_| deed()>{icon(shape)}{word.into()}</button> }.into_any()
}

/// The one primary button of a page.
pub fn primary_button(shape: Icon, word: impl Into<String>, deed: impl Fn() + 'static) -> AnyView {
    view! { <button type="button" class="btn btn-sm btn-primary" on:click=move |_| deed()>{icon(shape)}{word.into()}</button> }
        .into_any()
}

/// A button whose deed destroys: red text; the dialog it opens has it filled.
pub fn danger_button(shape: Icon, word: impl Into<String>, deed: impl Fn() + 'static) -> AnyView {
    view! { <button type="button" class="btn btn-sm text-error" on:click=move |_| deed()>{icon(shape)}{word.into()}</button> }
        .into_any()
}

/// A button that prints the page; the shell drops out.
pub fn print_button() -> AnyView {
    button(icons::PRINTER, t!("kit-print"), || {
        let _printed = window().print();
    })
}
