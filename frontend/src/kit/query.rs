//! The page's state in the address: filters, order, page, open tab. Works on reload, by link, and with back and forward.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

/// The query string of the page, read and written by name.
#[derive(Clone, Copy)]
pub struct Query {
    pairs: Memo<Vec<(String, String)>>,
    go: StoredValue<Box<dyn Fn(&str) + Send + Sync>>,
    path: StoredValue<String>,
}

impl Query {
    /// The query of the page that is being drawn. Ask for it once, at the top of a page.
    pub fn here() -> Self {
        let location = use_location();
        let search = location.search;
        let navigate = use_navigate();
        let path = location.pathname.get_untracked();
        let go = move |address: &str| navigate(address, NavigateOptions { replace: true, scroll: false, ..Default::default() });
        Self {
            pairs: Memo::new(move |_| search.with(|search| pairs(search))),
            go: StoredValue::new(Box::new(go)),
            path: StoredValue::new(path),
        }
    }

    /// All of it, tracked.
    pub fn pairs(self) -> Vec<(String, String)> {
        self.pairs.get()
    }

    /// The value of this name, tracked; blank is `None`.
    pub fn one(self, name: &str) -> Option<String> {
        self.pairs
            .with(|pairs| pairs.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.clone()))
    }

    /// All values of this name, tracked.
    pub fn all(self, name: &str) -> Vec<String> {
        self.pairs.with(|pairs| pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect())
    }

    /// Puts these values in place of what these names had; `None` takes the name out. The rest stays.
    pub fn put(self, values: &[(&str, Option<&str>)]) {
        let mut pairs = self.pairs.get_untracked();
        pairs.retain(|(key, _)| values.iter().all(|(name, _)| name != key));
        pairs.extend(values.iter().filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.to_owned()))));
        self.replace(&pairs);
    }

    /// Puts this in place of the whole query.
    pub fn replace(self, pairs: &[(String, String)]) {
        let text = serde_html_form::to_string(pairs).unwrap_or_default();
        let address = self.path.with_value(|path| if text.is_empty() { path.clone() } else { format!("{path}?{text}") });
        self.go.with_value(|go| go(&address));
    }
}

/// The pairs of a query string, with or without its question mark.
pub fn pairs(search: &str) -> Vec<(String, String)> {
    serde_html_form::from_str(search.strip_prefix('?').unwrap_or(search)).unwrap_or_default()
}
