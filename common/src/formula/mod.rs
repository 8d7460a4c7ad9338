//! The company's own rules: a small typed language over exact numbers.
//!
//! `if(用量 > 100, 100 + (用量 - 100) × 1.2, 用量)`: numbers, the variables of [`Variable`] in English or Chinese, custom number
//! fields of the unit by their names (`[附加费]` where a name has spaces or signs), `+ - × ÷`, `%`, comparison, `not`, `and`, `or`, which
//! bind less and less (`not 人数 > 3 and 楼层 > 6` is `(not (人数 > 3)) and (楼层 > 6)`), `if min max round floor ceil`. No loops, no
//! assignment; length and depth are bounded. Everything is computed in fractions, so that no quotient in the middle is rounded.

mod complete;
mod exact;
mod lex;
mod parse;
mod problem;
mod run;
#[cfg(test)]
mod tests;
mod variable;

pub use complete::{Names, Suggestion, suggest, word_before};
pub(crate) use exact::gcd;
pub use exact::{Exact, Towards, in_whole_numbers};
pub use parse::FORMULA_LONGEST;
pub use problem::{FormulaProblem, Place};
pub use variable::{FormulaPlace, Named, Values, Variable};

/// A formula that has been checked and can be run.
#[derive(Clone, Debug)]
pub struct Formula {
    text: String,
    steps: Vec<parse::Step>,
    places: Vec<Place>,
    names: Vec<Named>,
}

impl Formula {
    /// Reads a formula. `fields` are the names of the custom number fields that it may speak of.
    pub fn read(text: &str, place: FormulaPlace, fields: &[String]) -> Result<Self, FormulaProblem> {
        let parsed = parse::parse(text, place, fields)?;
        Ok(Self { text: text.to_owned(), steps: parsed.steps, places: parsed.places, names: parsed.names })
    }

    /// The variables that a text speaks of, whether or not it can be computed.
    pub fn names_in(text: &str) -> Vec<Variable> {
        let tokens = lex::tokens(text).unwrap_or_default();
        let names = tokens.into_iter().filter_map(|token| match token.kind {
            lex::Kind::Name(name) => Variable::of_name(&name),
            _ => None,
        });
        names.collect()
    }

    /// As it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it speaks of, each once, in the order in which they come.
    pub fn names(&self) -> &[Named] {
        &self.names
    }

    /// Whether it speaks of a variable.
    pub fn speaks_of(&self, variable: Variable) -> bool {
        self.names.contains(&Named::Variable(variable))
    }

    /// Computes it. The problem says where: a value that is missing, a division by zero, a number that grew too large.
    pub fn value(&self, values: &impl Values) -> Result<Exact, FormulaProblem> {
        run::run(&self.steps, &self.places, &self.names, values)
    }
}
