//! Signing in: the one place with a picture. On the first start, the first visitor becomes the administrator here.

use common::organisation::api::{GetStart, SignIn, Start};
use leptos::prelude::*;

use super::first;
use crate::api::call;
use crate::kit::{Ending, Form};
use crate::shell::{languages, mark, themes};
use crate::{session, t};

/// The page.
pub(super) fn page() -> AnyView {
    document().set_title(&format!("{} · {}", t!("organisation-sign-in"), t!("kit-product")));
    let start = LocalResource::new(|| call(GetStart {}));
    let version = move || start.get().and_then(Result::ok).map(|start| t!("organisation-version", version = start.version));
    view! {
        <div class="sign-in">
            <section class="sign-in-picture" aria-hidden="true">
                <div class="flex items-center gap-3 px-12 pt-12">
                    {mark(32)} <span class="text-2xl font-semibold tracking-wider">{t!("kit-product")}</span>
                </div>
                <p class="px-12 pt-8 text-[2rem] leading-[3rem] font-semibold whitespace-pre-line">{t!("organisation-motto")}</p>
                {estate()}
            </section>
            <main class="flex min-h-screen flex-col bg-sheet">
                <div class="flex items-center justify-end gap-1 p-4">
                    <span class="mr-auto flex items-center gap-2 text-primary sm:hidden">
                        {mark(24)} <span class="text-lg font-semibold tracking-wider text-ink">{t!("kit-product")}</span>
                    </span>
                    {languages()}
                    {themes()}
                </div>
                <div class="m-auto w-90 max-w-full px-4 pb-24 sm:px-0">
                    {move || match start.get() {
                        None => ().into_any(),
                        Some(Ok(start)) if start.needs_administrator => first::form(),
                        Some(start) => form(start.ok()),
                    }}
                </div>
                <footer class="flex gap-4 border-t border-line px-6 py-3 text-xs text-ink-2">
                    <span>{version}</span>
                </footer>
            </main>
        </div>
    }
    .into_any()
}

fn form(start: Option<Start>) -> AnyView {
    let form = Form::new(SignIn::default());
    let fields = view! {
        {form.field("account", t!("organisation-account-or-phone"), |ask| &mut ask.account).complete("username").focus().show()}
        {form.field("password", t!("organisation-password"), |ask| &mut ask.password).complete("current-password").secret().show()}
        {form.tick("remember", t!("organisation-remember"), |ask| &mut ask.remember)}
    };
    let demo = start.filter(|start| start.demo).map(|_| {
        view! { <p class="mt-6 rounded-field bg-paper px-4 py-3 text-sm text-ink-2">{t!("organisation-demo-accounts")}</p> }
    });
    view! {
        <h1 class="text-2xl font-semibold">{t!("organisation-sign-in")}</h1>
        <p class="mt-1 mb-8 text-base text-ink-2">{t!("organisation-sign-in-about")}</p>
        {form.show(Ending::new(t!("organisation-sign-in")).full(), fields, session::began)}
        <p class="mt-6 text-sm text-ink-2">{t!("organisation-no-account")}</p>
        {demo}
    }
    .into_any()
}

/// The estate in hairlines, a few windows lit.
fn estate() -> AnyView {
    /// Left, top, columns, rows, and the lit windows as column + row × 100.
    const HOUSES: [(u32, u32, u32, u32, &[u32]); 5] = [
        (24, 334, 5, 12, &[103, 203, 301, 602, 702, 703, 803, 901, 1002, 1100, 1102, 1104]),
        (136, 190, 4, 20, &[103, 200, 300, 903, 1202, 1400]),
        (232, 280, 6, 15, &[2, 104, 701, 802, 900, 1205, 1305, 1403]),
        (360, 118, 4, 24, &[3, 900, 901, 903, 1200, 1203, 1500, 1803, 1902, 2001, 2302]),
        (456, 370, 5, 10, &[503, 602, 701, 900]),
    ];
    let mut shapes = String::from(r#"<line x1="0" x2="600" y1="560.5" y2="560.5" stroke="currentColor" stroke-opacity=".32"/>"#);
    for (left, top, columns, rows, lit) in HOUSES {
        let (width, height) = (columns * 18 + 10, 560 - top);
        shapes += &format!(
            r#"<rect x="{left}.5" y="{top}.5" width="{width}" height="{height}" fill="none" stroke="currentColor" stroke-opacity=".32"/>"#
        );
        for row in 0..rows {
            for column in 0..columns {
                let (x, y) = (left + 10 + column * 18, top + 10 + row * 18);
                let light = if lit.contains(&(row * 100 + column)) {
                    r#"fill="oklch(0.86 0.1 82)" fill-opacity=".95""#
                } else {
                    r#"fill="currentColor" fill-opacity=".14""#
                };
                shapes += &format!(r#"<rect x="{x}" y="{y}" width="8" height="8" {light}/>"#);
            }
        }
    }
    view! { <svg class="absolute bottom-0 left-0" width="600" height="561" viewBox="0 0 600 561" inner_html=shapes></svg> }
        .into_any()
}
