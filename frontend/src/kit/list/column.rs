//! A column of a list: its title, how a row fills it, what may be done with it.

use std::sync::Arc;

use leptos::prelude::*;

use crate::t;

pub(super) type Cell<T> = Arc<dyn Fn(&T) -> AnyView + Send + Sync>;
pub(super) type Link<T> = Arc<dyn Fn(&T) -> String + Send + Sync>;

/// A column: its title, how a row fills it, whether one may sort by it.
pub struct Column<T> {
    pub(super) cell: Cell<T>,
    pub(super) link: Option<Link<T>>,
    pub(super) head: Head,
}

/// What a column's head and the cards on a phone must know.
#[derive(Clone)]
pub(super) struct Head {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) sort: Option<&'static str>,
    pub(super) num: bool,
    pub(super) strong: bool,
    pub(super) spare: bool,
    pub(super) phone: bool,
    pub(super) wide: bool,
}

impl Head {
    fn new(id: String, title: String) -> Self {
        Self { id, title, sort: None, num: false, strong: false, spare: false, phone: true, wide: false }
    }
}

impl<T> Column<T> {
    /// A column whose title is the text `id`; the id also remembers whether the user hid it.
    pub fn new<V: IntoAny>(id: &'static str, cell: impl Fn(&T) -> V + Send + Sync + 'static) -> Self {
        Self { cell: Arc::new(move |row| cell(row).into_any()), link: None, head: Head::new(id.to_owned(), t!(id)) }
    }

    /// A column that somebody else named; the id remembers whether the user hid it.
    pub fn named<V: IntoAny>(
        id: impl Into<String>,
        title: impl Into<String>,
        cell: impl Fn(&T) -> V + Send + Sync + 'static,
    ) -> Self {
        Self { cell: Arc::new(move |row| cell(row).into_any()), link: None, head: Head::new(id.into(), title.into()) }
    }

    /// The cell is a link, which Enter on the row follows too: for the first column.
    #[must_use]
    pub fn link(mut self, link: impl Fn(&T) -> String + Send + Sync + 'static) -> Self {
        self.link = Some(Arc::new(link));
        self
    }

    /// One may sort by it; `key` is the server's name for the order.
    #[must_use]
    pub fn sort(mut self, key: &'static str) -> Self {
        self.head.sort = Some(key);
        self
    }

    /// Figures: right-aligned, every digit in its column.
    #[must_use]
    pub fn num(mut self) -> Self {
        self.head.num = true;
        self
    }

    /// The one bold column: what is still open.
    #[must_use]
    pub fn strong(mut self) -> Self {
        self.head.strong = true;
        self
    }

    /// Hidden until the user chooses it.
    #[must_use]
    pub fn spare(mut self) -> Self {
        self.head.spare = true;
        self
    }

    /// Left out of the cards on a phone.
    #[must_use]
    pub fn not_on_phone(mut self) -> Self {
        self.head.phone = false;
        self
    }

    /// Long text: it wraps and takes the room that is left.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.head.wide = true;
        self
    }
}
