//! What went wrong, as a value: RFC 9457 on the wire, a stable code per refusal, problems by field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Arguments of a message, by name; the UI puts them into the translated text.
pub type Args = BTreeMap<String, String>;

/// A list as an argument of a message: an item a line. A text that says `LIST($name)` joins them as its language does.
pub fn list<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let mut lines = String::new();
    for (place, item) in items.into_iter().enumerate() {
        if place > 0 {
            lines.push('\n');
        }
        lines.push_str(item.as_ref());
    }
    lines
}

/// A refusal or failure. The code is stable and is what the UI translates: `problem-<code with - for .>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// `<capability>.<what>`, e.g. `cashier.already_paid`.
    pub code: String,
    /// English, for whoever reads the API without our texts.
    pub title: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: Args,
    /// What is wrong with which field of the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// The request's id in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(schemars::JsonSchema))]
pub struct FieldProblem {
    /// The field's path in the request: `name`, `tiers.2.price`.
    pub field: String,
    /// A stable code: `required`, `too_long`, `charging.tiers_not_rising` …
    pub code: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: Args,
}

impl Problem {
    pub fn new(status: u16, code: &str, title: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), title: title.into(), args: Args::new(), fields: Vec::new(), request_id: None }
    }

    /// The request can't be read or breaks a rule of its fields.
    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        Self { fields, ..Self::new(422, "invalid", "Some fields need mending") }
    }

    /// One field breaks a rule.
    pub fn field(field: &str, code: &str) -> Self {
        Self::invalid(vec![FieldProblem::new(field, code)])
    }

    /// The world does not allow it now: already paid, already billed, used elsewhere.
    pub fn conflict(code: &str, title: impl Into<String>) -> Self {
        Self::new(409, code, title)
    }

    /// There is no such thing, or it lies outside the caller's scope: the two look alike.
    pub fn not_found() -> Self {
        Self::new(404, "not_found", "There is no such thing in your scope")
    }

    pub fn unauthorized() -> Self {
        Self::new(401, "unauthorized", "Sign in first")
    }

    pub fn forbidden() -> Self {
        Self::new(403, "forbidden", "You are not permitted to do this")
    }

    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }
}

impl FieldProblem {
    pub fn new(field: impl Into<String>, code: &str) -> Self {
        Self { field: field.into(), code: code.to_owned(), args: Args::new() }
    }

    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }
}

/// `required` when the text is blank, `too_long` when it has more than `most` characters.
pub fn text_field(field: &str, text: &str, most: usize) -> Option<FieldProblem> {
    if text.trim().is_empty() {
        return Some(FieldProblem::new(field, "required"));
    }
    (text.chars().count() > most).then(|| FieldProblem::new(field, "too_long").with("most", most))
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.status, self.code, self.title)?;
        for field in &self.fields {
            write!(f, "; {} {}", field.field, field.code)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
