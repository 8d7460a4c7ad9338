//! Choosing a file: a place to drop it, and a button for the keyboard.

use leptos::ev::DragEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::icon::{icon, icon_sized};
use super::kept::Kept;
use super::{count, icons};
use crate::t;

/// A file that was chosen, read into memory.
#[derive(Clone, Debug)]
pub struct ChosenFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What may be chosen.
pub struct FilePick {
    title: String,
    help: String,
    accept: &'static str,
    most: u64,
    kept: Option<Kept>,
}

impl FilePick {
    /// Workbooks: .xlsx, .xls, .csv, up to 20 MB.
    pub fn workbook(title: impl Into<String>) -> Self {
        Self { title: title.into(), help: String::new(), accept: ".xlsx,.xls,.csv", most: 20 << 20, kept: None }
    }

    /// A sentence under the title: what must be in it, where the template is.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// A file that is chosen is kept until it is forgotten; one that is kept can be gone on with.
    #[must_use]
    pub fn kept(mut self, kept: Kept) -> Self {
        self.kept = Some(kept);
        self
    }

    /// Draws it; `chosen` gets the file once it is read.
    pub fn show(self, chosen: impl Fn(ChosenFile) + 'static) -> AnyView {
        let Self { title, help, accept, most, kept } = self;
        let over = RwSignal::new(false);
        let busy = RwSignal::new(false);
        let wrong = RwSignal::new(None::<String>);
        let input = NodeRef::<html::Input>::new();
        let chosen = StoredValue::new_local(std::rc::Rc::new(chosen));
        let kept = StoredValue::new_local(kept);
        let take = move |files: Option<web_sys::FileList>| {
            let Some(file) = files.and_then(|files| files.get(0)) else { return };
            let (name, size) = (file.name(), file.size() as u64);
            let ending = name.rsplit('.').next().unwrap_or("").to_lowercase();
            if !accept.split(',').any(|known| known.trim_start_matches('.') == ending) {
                return wrong.set(Some(t!("kit-file-kind", kinds = accept.replace(',', " "))));
            }
            if size > most {
                return wrong.set(Some(t!("kit-file-large", most = most >> 20)));
            }
            wrong.set(None);
            busy.set(true);
            let buffer = wasm_bindgen_futures::JsFuture::from(file.array_buffer());
            spawn_local(async move {
                let read = buffer.await;
                if busy.try_set(false).is_some() {
                    return;
                }
                match read {
                    Ok(buffer) => {
                        let chosen = chosen.try_get_value();
                        if let Some(chosen) = chosen {
                            let file = ChosenFile { name, bytes: js_sys::Uint8Array::new(&buffer).to_vec() };
                            kept.with_value(|kept| kept.as_ref().map(|kept| kept.keep(&file)));
                            chosen(file);
                        }
                    }
                    Err(_) => wrong.set(Some(t!("kit-file-unread"))),
                }
            });
        };
        let drop = move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            take(event.data_transfer().and_then(|data| data.files()));
        };
        let waiting = RwSignal::new(kept.with_value(|kept| kept.as_ref().and_then(Kept::name)));
        let go_on = move |_| {
            if let Some(file) = kept.with_value(|kept| kept.as_ref().and_then(Kept::file)) {
                chosen.with_value(|chosen| chosen(file));
            }
        };
        let drop_it = move |_| {
            kept.with_value(|kept| kept.as_ref().map(Kept::forget));
            waiting.set(None);
        };
        let rest = move || {
            waiting.get().map(|name| {
                view! {
                    <div role="status" class="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 bg-pick px-4 py-3">
                        <p class="flex items-center gap-2 text-base">{icon(icons::FILE_SPREADSHEET)} {t!("kit-file-kept", name = name)}</p>
                        <div class="ml-auto flex gap-2 max-sm:ml-0">
                            <button type="button" class="btn btn-sm btn-ghost" on:click=drop_it>{t!("kit-file-drop-kept")}</button>
                            <button type="button" class="btn btn-sm" on:click=go_on>{t!("kit-file-go-on")}</button>
                        </div>
                    </div>
                }
            })
        };
        view! {
            {rest}
            <div
                class="grid place-items-center rounded-field border border-dashed border-rule px-4 py-10 text-center"
                class:bg-pick=move || over.get()
                on:dragover=move |event: DragEvent| {
                    event.prevent_default();
                    over.set(true);
                }
                on:dragleave=move |_| over.set(false)
                on:drop=drop
            >
                <span class="grid size-12 place-items-center rounded-box bg-pick text-primary">{icon_sized(icons::FILE_SPREADSHEET, 24, "")}</span>
                <h2 class="mt-4 text-lg font-semibold">{title.clone()}</h2>
                {(!help.is_empty()).then(|| view! { <p class="mt-1 max-w-120 text-base text-ink-2">{help}</p> })}
                <input
                    type="file"
                    node_ref=input
                    class="sr-only"
                    tabindex="-1"
                    accept=accept
                    aria-label=title
                    on:change=move |event| {
                        let target = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
                        take(target.as_ref().and_then(web_sys::HtmlInputElement::files));
                        if let Some(target) = target {
                            target.set_value("");
                        }
                    }
                />
                <button
                    type="button"
                    class="btn btn-primary mt-5"
                    aria-disabled=move || busy.get().then_some("true")
                    on:click=move |_| {
                        if let Some(input) = input.get_untracked() {
                            input.click();
                        }
                    }
                >
                    {icon(icons::UPLOAD)}
                    {move || if busy.get() { t!("kit-file-reading") } else { t!("kit-file-choose") }}
                </button>
                <p class="label-xs mt-2 max-sm:hidden">{t!("kit-file-drop", most = count(most >> 20))}</p>
                {move || {
                    wrong
                        .get()
                        .map(|wrong| view! { <p role="alert" class="mt-3 flex items-center gap-1.5 text-sm text-error">{icon_sized(icons::CIRCLE_ALERT, 14, "")} {wrong}</p> })
                }}
            </div>
        }
        .into_any()
    }
}

/// Offers a file that was made in the browser for saving.
pub fn save_file(name: &str, kind: &str, bytes: &[u8]) {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let url = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options)
        .and_then(|blob| web_sys::Url::create_object_url_with_blob(&blob));
    if let Ok(url) = url {
        save_from(name, url);
    }
}

/// The same for a file that has an address already, such as one that the worker made; the address is given up.
pub fn save_from(name: &str, url: String) {
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&url);
        link.set_download(name);
        link.click();
        // The browser has taken hold of it by then.
        gloo::timers::callback::Timeout::new(10_000, move || {
            let _gone = web_sys::Url::revoke_object_url(&url);
        })
        .forget();
    }
}
