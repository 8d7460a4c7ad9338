//! A photo of what a meter showed: taken with the phone, made small in the browser, kept with the reading.

use common::id::{ReadingId, RereadId};
use common::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::kit::{icon, icons, toast, toast_problem};
use crate::{session, t};

/// The longer side of a photo that is kept, in pixels: enough to read the figures.
const LONGEST: u32 = 1280;

fn address(reading: ReadingId) -> String {
    format!("/api/metering/readings/photo?community={}&reading={reading}", session::community())
}

/// The photo, small; large in a tab of its own.
pub(super) fn photo(reading: ReadingId) -> AnyView {
    shown(address(reading))
}

/// The photo of what was refused.
pub(super) fn refused_photo(reread: RereadId) -> AnyView {
    shown(format!("/api/metering/rereads/photo?community={}&reread={reread}", session::community()))
}

fn shown(small: String) -> AnyView {
    let large = small.clone();
    view! {
        <a class="mt-2 block" href=large target="_blank" rel="external noopener">
            <img class="h-24 rounded-field border border-line object-cover" src=small alt=t!("metering-photo") loading="lazy" />
        </a>
    }
    .into_any()
}

/// A button that takes a photo, or chooses one, and keeps it.
pub(super) fn take_photo(reading: ReadingId, label: String) -> AnyView {
    let (busy, kept) = (RwSignal::new(false), RwSignal::new(false));
    let chosen = move |event| {
        let input = event_target::<web_sys::HtmlInputElement>(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        busy.set(true);
        spawn_local(async move {
            let done = keep(reading, file).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match done {
                Ok(()) => {
                    kept.set(true);
                    toast(t!("metering-photo-kept"));
                }
                Err(problem) => toast_problem(&problem),
            }
        });
    };
    view! {
        <label class="btn btn-ghost btn-xs btn-square relative" title=t!("metering-photo-take")>
            <span class=move || if kept.get() { "text-primary" } else { "" }>{icon(icons::CAMERA)}</span>
            <input type="file" accept="image/*" capture="environment" class="absolute inset-0 cursor-pointer opacity-0" aria-label=label
                prop:disabled=move || busy.get() on:change=chosen />
        </label>
    }
    .into_any()
}

/// Keeps a photo with its reading, in place of the one before.
pub(super) async fn keep(reading: ReadingId, file: web_sys::File) -> Result<(), Problem> {
    let unreadable = |_: JsValue| Problem::new(422, "metering.not_a_photo", "The photo can't be read");
    let small = smaller(&file).await.map_err(unreadable)?;
    let away = |_| Problem::new(0, "offline", "The server can't be reached");
    let sent = gloo::net::http::Request::post(&address(reading)).body(small).map_err(away)?.send().await.map_err(away)?;
    if sent.ok() {
        Ok(())
    } else {
        Err(sent.json().await.unwrap_or_else(|_| Problem::new(sent.status(), "internal", "Not kept")))
    }
}

/// The photo as a JPEG of at most so many pixels.
async fn smaller(file: &web_sys::File) -> Result<JsValue, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let bitmap: web_sys::ImageBitmap = JsFuture::from(window.create_image_bitmap_with_blob(file)?).await?.dyn_into()?;
    let (width, height) = (bitmap.width().max(1), bitmap.height().max(1));
    let longer = width.max(height);
    let scaled = |side: u32| if longer > LONGEST { (side * LONGEST / longer).max(1) } else { side };
    let canvas = web_sys::OffscreenCanvas::new(scaled(width), scaled(height))?;
    let context: web_sys::OffscreenCanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into()?;
    context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, scaled(width).into(), scaled(height).into())?;
    let options = web_sys::ImageEncodeOptions::new();
    options.set_type("image/jpeg");
    JsFuture::from(canvas.convert_to_blob_with_options(&options)?).await
}
