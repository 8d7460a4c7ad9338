//! The texts of the pages: Fluent messages of `common`, in the language of the session.
//!
//! A text is a plain `String`, read once: when the language changes, the whole page is drawn anew.

use common::problem::{FieldProblem, Problem};

use crate::session;

/// The text with this id, its variables filled in: `t!("billing-bills")`, `t!("kit-page-of", from = 1, to = 50)`.
#[macro_export]
macro_rules! t {
    ($id:expr) => { $crate::text::text($id) };
    ($id:expr, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::text::text_with($id, &[$((stringify!($name), ::std::string::ToString::to_string(&$value).as_str())),+])
    };
}

/// The text with this id.
pub fn text(id: &str) -> String {
    common::text::text(session::language(), id)
}

/// The text with this id, its variables filled in.
pub fn text_with(id: &str, args: &[(&str, &str)]) -> String {
    common::text::text_with(session::language(), id, args)
}

/// What a problem says: what happened, why, and what to do next. A code without a text shows the server's English title.
pub fn of_problem(problem: &Problem) -> String {
    let text = common::text::of_problem(session::language(), problem);
    if text.starts_with("problem-") && !problem.title.is_empty() { problem.title.clone() } else { text }
}

/// What a field's problem says.
pub fn of_field(problem: &FieldProblem) -> String {
    common::text::of_field(session::language(), problem)
}
