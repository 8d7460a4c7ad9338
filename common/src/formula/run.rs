//! Runs the steps of a formula.

use super::exact::{Exact, Towards};
use super::lex::Sign;
use super::parse::Step;
use super::problem::{FormulaProblem, Place};
use super::variable::{Named, Values};

/// The most decimals that `round` leaves.
const DECIMALS_MOST: i128 = 8;

pub(super) fn run(steps: &[Step], places: &[Place], names: &[Named], values: &impl Values) -> Result<Exact, FormulaProblem> {
    let mut stack = Stack(Vec::with_capacity(8));
    let mut next = 0_usize;
    while let Some(step) = steps.get(next) {
        let at = places.get(next).copied().unwrap_or(Place { from: 0, to: 0 });
        next += 1;
        match *step {
            Step::GoTo(to) => next = usize::from(to),
            Step::UnlessGoTo(to) => {
                if !stack.truth() {
                    next = usize::from(to);
                }
            }
            Step::Name(place) => {
                let name = names.get(usize::from(place));
                let value = name.and_then(|name| values.value(name)).ok_or_else(|| missing(name, at))?;
                stack.push(value);
            }
            step => {
                let value = compute(step, &mut stack, at)?;
                stack.push(value.ok_or_else(|| FormulaProblem::new("formula.too_large", at))?);
            }
        }
    }
    Ok(stack.pop())
}

fn compute(step: Step, stack: &mut Stack, at: Place) -> Result<Option<Exact>, FormulaProblem> {
    Ok(match step {
        Step::Number(value) => Some(value),
        Step::Negate => stack.pop().negated(),
        Step::Percent => stack.pop().over(Exact::whole(100)),
        Step::Floor => stack.pop().rounded(0, Towards::Floor),
        Step::Ceiling => stack.pop().rounded(0, Towards::Ceiling),
        Step::Not => Some(truth(!stack.truth())),
        binary => {
            let (right, left) = (stack.pop(), stack.pop());
            match binary {
                Step::Add => left.plus(right),
                Step::Subtract => left.minus(right),
                Step::Multiply => left.times(right),
                Step::Divide if right.is_zero() => return Err(FormulaProblem::new("formula.divided_by_zero", at)),
                Step::Divide => left.over(right),
                Step::Least => Some(left.min(right)),
                Step::Most => Some(left.max(right)),
                Step::And => Some(truth(!left.is_zero() && !right.is_zero())),
                Step::Or => Some(truth(!left.is_zero() || !right.is_zero())),
                Step::Compare(sign) => Some(truth(match sign {
                    Sign::Less => left < right,
                    Sign::LessOrEqual => left <= right,
                    Sign::More => left > right,
                    Sign::MoreOrEqual => left >= right,
                    Sign::Unequal => left != right,
                    _ => left == right,
                })),
                _ => left.rounded(decimals(right, at)?, Towards::Nearest),
            }
        }
    })
}

/// How many decimals `round` is to leave: a whole number from 0 to 8.
fn decimals(value: Exact, at: Place) -> Result<u32, FormulaProblem> {
    let value = value.reduced();
    let whole = (value.denominator() == 1 && (0..=DECIMALS_MOST).contains(&value.numerator())).then_some(value.numerator());
    whole
        .and_then(|whole| u32::try_from(whole).ok())
        .ok_or_else(|| FormulaProblem::new("formula.decimals", at).with("most", DECIMALS_MOST))
}

fn truth(value: bool) -> Exact {
    if value { Exact::ONE } else { Exact::ZERO }
}

fn missing(name: Option<&Named>, at: Place) -> FormulaProblem {
    match name {
        Some(Named::Variable(variable)) => FormulaProblem::new("formula.no_value", at).with("variable", variable),
        Some(Named::Field(field)) => FormulaProblem::new("formula.no_field_value", at).with("field", field),
        None => FormulaProblem::new("formula.unknown", at),
    }
}

/// Types were checked when the formula was read, so the stack never runs empty.
struct Stack(Vec<Exact>);

impl Stack {
    fn push(&mut self, value: Exact) {
        self.0.push(value);
    }

    fn pop(&mut self) -> Exact {
        self.0.pop().unwrap_or(Exact::ZERO)
    }

    fn truth(&mut self) -> bool {
        !self.pop().is_zero()
    }
}
