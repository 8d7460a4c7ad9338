//! From tokens to a short program: types are checked and names are resolved here, so that running it can only divide
//! by zero, miss a value or grow too large.

use super::exact::Exact;
use super::lex::{Kind, Sign, Token, tokens};
use super::problem::{FormulaProblem, Place};
use super::variable::{FormulaPlace, Named, Variable, nearest};

/// The most characters of a formula.
pub const FORMULA_LONGEST: usize = 500;
/// The deepest nesting of parentheses, functions and signs.
const DEEPEST: u16 = 40;

/// One step: works on a stack of numbers and truths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Number(Exact),
    /// The place of the name among the formula's names.
    Name(u16),
    Negate,
    Not,
    Add,
    Subtract,
    Multiply,
    Divide,
    Percent,
    Compare(Sign),
    And,
    Or,
    Least,
    Most,
    Round,
    Floor,
    Ceiling,
    /// Takes a truth off the stack and goes to a step where it is false.
    UnlessGoTo(u16),
    GoTo(u16),
}

/// What a part of a formula yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Number,
    Truth,
}

#[derive(Clone, Copy)]
enum Function {
    If,
    Min,
    Max,
    Round,
    Floor,
    Ceil,
}

impl Function {
    fn of_name(name: &str) -> Option<Self> {
        Some(match name.to_lowercase().as_str() {
            "if" | "如果" => Self::If,
            "min" | "最小" | "取小" => Self::Min,
            "max" | "最大" | "取大" => Self::Max,
            "round" | "四舍五入" => Self::Round,
            "floor" | "向下取整" => Self::Floor,
            "ceil" | "ceiling" | "向上取整" => Self::Ceil,
            _ => return None,
        })
    }

    /// The least and the most arguments.
    fn arguments(self) -> (u16, u16) {
        match self {
            Self::If => (3, 3),
            Self::Min | Self::Max => (1, 20),
            Self::Round => (1, 2),
            Self::Floor | Self::Ceil => (1, 1),
        }
    }
}

/// A parsed formula: what it does, step by step, and where each step stands in the text.
pub(super) struct Parsed {
    pub(super) steps: Vec<Step>,
    pub(super) places: Vec<Place>,
    pub(super) names: Vec<Named>,
}

/// Parses a text that may speak of the variables of `place` and of `fields`.
pub(super) fn parse(text: &str, place: FormulaPlace, fields: &[String]) -> Result<Parsed, FormulaProblem> {
    let length = text.chars().count();
    if length > FORMULA_LONGEST {
        return Err(FormulaProblem::new("formula.too_long", Place::new(FORMULA_LONGEST, length)).with("most", FORMULA_LONGEST));
    }
    let tokens = tokens(text)?;
    let end = Token { kind: Kind::End, at: Place::new(length, length) };
    let parsed = Parsed { steps: Vec::new(), places: Vec::new(), names: Vec::new() };
    let mut parser = Parser { tokens: &tokens, next: 0, end, place, fields, depth: 0, parsed };
    if parser.peek().kind == Kind::End {
        return Err(FormulaProblem::new("formula.empty", Place::new(0, length)));
    }
    let (kind, at) = parser.either()?;
    match &parser.peek().kind {
        Kind::End => {}
        Kind::Sign(Sign::Close) => return Err(FormulaProblem::new("formula.closed_too_often", parser.peek().at)),
        Kind::Sign(sign) => return Err(FormulaProblem::new("formula.unexpected", parser.peek().at).with("text", sign.text())),
        _ => return Err(FormulaProblem::new("formula.missing_sign", parser.peek().at)),
    }
    match kind {
        Type::Number => Ok(parser.parsed),
        Type::Truth => Err(FormulaProblem::new("formula.not_a_number", at)),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    next: usize,
    end: Token,
    place: FormulaPlace,
    fields: &'a [String],
    depth: u16,
    parsed: Parsed,
}

type Part = Result<(Type, Place), FormulaProblem>;

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.tokens.get(self.next).unwrap_or(&self.end)
    }

    /// Takes the next token if it is this sign.
    fn take(&mut self, sign: Sign) -> Option<Place> {
        let token = self.peek();
        let at = token.at;
        (token.kind == Kind::Sign(sign)).then(|| {
            self.next += 1;
            at
        })
    }

    fn emit(&mut self, step: Step, at: Place) -> usize {
        self.parsed.steps.push(step);
        self.parsed.places.push(at);
        self.parsed.steps.len() - 1
    }

    /// `a or b`
    fn either(&mut self) -> Part {
        self.deeper(|parser| parser.joined(Sign::Or, Step::Or, |parser| parser.joined(Sign::And, Step::And, Self::negated)))
    }

    fn joined(&mut self, sign: Sign, step: Step, part: impl Fn(&mut Self) -> Part) -> Part {
        let (mut kind, mut at) = part(self)?;
        while self.take(sign).is_some() {
            want(Type::Truth, (kind, at))?;
            let right = part(self)?;
            want(Type::Truth, right)?;
            at = at.until(right.1);
            kind = Type::Truth;
            self.emit(step, at);
        }
        Ok((kind, at))
    }

    /// `not a < b`: said of the whole comparison, as one reads it.
    fn negated(&mut self) -> Part {
        let Some(at) = self.take(Sign::Not) else { return self.comparison() };
        let part = self.deeper(Self::negated)?;
        want(Type::Truth, part)?;
        let at = at.until(part.1);
        self.emit(Step::Not, at);
        Ok((Type::Truth, at))
    }

    /// `a < b`; a chain like `a < b < c` is refused by its types.
    fn comparison(&mut self) -> Part {
        let left = self.sum()?;
        let Kind::Sign(sign @ (Sign::Less | Sign::LessOrEqual | Sign::More | Sign::MoreOrEqual | Sign::Equal | Sign::Unequal)) =
            self.peek().kind
        else {
            return Ok(left);
        };
        self.next += 1;
        want(Type::Number, left)?;
        let right = self.sum()?;
        want(Type::Number, right)?;
        let at = left.1.until(right.1);
        self.emit(Step::Compare(sign), at);
        Ok((Type::Truth, at))
    }

    fn sum(&mut self) -> Part {
        self.chain(&[(Sign::Plus, Step::Add), (Sign::Minus, Step::Subtract)], |parser| {
            parser.chain(&[(Sign::Times, Step::Multiply), (Sign::Over, Step::Divide)], Self::signed)
        })
    }

    fn chain(&mut self, signs: &[(Sign, Step)], part: impl Fn(&mut Self) -> Part) -> Part {
        let mut left = part(self)?;
        while let Some((sign, step)) = signs.iter().find(|(sign, _)| self.peek().kind == Kind::Sign(*sign)) {
            self.take(*sign);
            want(Type::Number, left)?;
            let right = part(self)?;
            want(Type::Number, right)?;
            left.1 = left.1.until(right.1);
            self.emit(*step, if *step == Step::Divide { right.1 } else { left.1 });
        }
        Ok(left)
    }

    fn signed(&mut self) -> Part {
        if let Some(at) = self.take(Sign::Minus) {
            let part = self.deeper(Self::signed)?;
            want(Type::Number, part)?;
            self.emit(Step::Negate, at.until(part.1));
            return Ok((Type::Number, at.until(part.1)));
        }
        if self.take(Sign::Plus).is_some() {
            return self.deeper(Self::signed);
        }
        let mut part = self.single()?;
        while let Some(percent) = self.take(Sign::Percent) {
            want(Type::Number, part)?;
            part.1 = part.1.until(percent);
            self.emit(Step::Percent, part.1);
        }
        Ok(part)
    }

    fn single(&mut self) -> Part {
        let Token { kind, at } = self.peek().clone();
        self.next += 1;
        match kind {
            Kind::Number(value) => {
                self.emit(Step::Number(Exact::of(value)), at);
                Ok((Type::Number, at))
            }
            Kind::Name(name) => match Function::of_name(&name).filter(|_| self.peek().kind == Kind::Sign(Sign::Open)) {
                Some(function) => self.call(function, &name, at),
                None => self.named(&name, at),
            },
            Kind::Sign(Sign::Open) => {
                let (kind, _) = self.either()?;
                let close = self.close(at)?;
                Ok((kind, at.until(close)))
            }
            Kind::Sign(sign) => Err(FormulaProblem::new("formula.unexpected", at).with("text", sign.text())),
            Kind::End => Err(FormulaProblem::new("formula.unfinished", at)),
        }
    }

    fn close(&mut self, opened: Place) -> Result<Place, FormulaProblem> {
        self.take(Sign::Close).ok_or_else(|| match &self.peek().kind {
            Kind::End => FormulaProblem::new("formula.not_closed", opened),
            Kind::Sign(sign) => FormulaProblem::new("formula.unexpected", self.peek().at).with("text", sign.text()),
            _ => FormulaProblem::new("formula.missing_sign", self.peek().at),
        })
    }

    fn named(&mut self, name: &str, at: Place) -> Part {
        let field = self.fields.iter().find(|field| field.as_str() == name);
        let named = match field {
            Some(field) => Named::Field(field.clone()),
            None => match Variable::of_name(name) {
                Some(variable) if variable.is_of(self.place) => Named::Variable(variable),
                Some(variable) => {
                    return Err(FormulaProblem::new("formula.not_here", at).with("name", name).with("variable", variable));
                }
                None => return Err(self.unknown(name, at)),
            },
        };
        let known = self.parsed.names.iter().position(|known| *known == named);
        let place = known.unwrap_or_else(|| {
            self.parsed.names.push(named);
            self.parsed.names.len() - 1
        });
        self.emit(Step::Name(u16::try_from(place).unwrap_or(u16::MAX)), at);
        Ok((Type::Number, at))
    }

    fn unknown(&self, name: &str, at: Place) -> FormulaProblem {
        if Function::of_name(name).is_some() {
            return FormulaProblem::new("formula.function_without_arguments", at).with("name", name);
        }
        match nearest(name, self.place, self.fields) {
            Some(nearest) => FormulaProblem::new("formula.unknown_like", at).with("name", name).with("nearest", nearest),
            None => FormulaProblem::new("formula.unknown", at).with("name", name),
        }
    }

    fn call(&mut self, function: Function, name: &str, at: Place) -> Part {
        let opened = self.take(Sign::Open).unwrap_or(at);
        if matches!(function, Function::If) {
            return self.choice(name, at, opened);
        }
        let mut count = 0_u16;
        loop {
            if count == 0 && self.peek().kind == Kind::Sign(Sign::Close) {
                break;
            }
            let part = self.either()?;
            want(Type::Number, part)?;
            count += 1;
            match function {
                Function::Min if count > 1 => drop(self.emit(Step::Least, part.1)),
                Function::Max if count > 1 => drop(self.emit(Step::Most, part.1)),
                _ => {}
            }
            if self.take(Sign::Comma).is_none() {
                break;
            }
        }
        let at = at.until(self.close(opened)?);
        let (least, most) = function.arguments();
        if count < least || count > most {
            let problem = FormulaProblem::new("formula.arguments", at).with("name", name).with("count", count);
            return Err(problem.with("least", least).with("most", most));
        }
        match function {
            Function::Round => {
                if count == 1 {
                    self.emit(Step::Number(Exact::ZERO), at);
                }
                self.emit(Step::Round, at);
            }
            Function::Floor => drop(self.emit(Step::Floor, at)),
            Function::Ceil => drop(self.emit(Step::Ceiling, at)),
            Function::If | Function::Min | Function::Max => {}
        }
        Ok((Type::Number, at))
    }

    /// `if(condition, then, otherwise)`: only the side that is taken is computed.
    fn choice(&mut self, name: &str, at: Place, opened: Place) -> Part {
        let condition = self.either()?;
        want(Type::Truth, condition)?;
        let unless = self.emit(Step::UnlessGoTo(0), condition.1);
        self.comma(name, at, 1)?;
        let then = self.either()?;
        want(Type::Number, then)?;
        let over = self.emit(Step::GoTo(0), then.1);
        self.land(unless, Step::UnlessGoTo);
        self.comma(name, at, 2)?;
        let otherwise = self.either()?;
        want(Type::Number, otherwise)?;
        self.land(over, Step::GoTo);
        if self.peek().kind == Kind::Sign(Sign::Comma) {
            return Err(arguments_of_if(name, at.until(self.peek().at), 4));
        }
        Ok((Type::Number, at.until(self.close(opened)?)))
    }

    fn comma(&mut self, name: &str, at: Place, so_far: u16) -> Result<(), FormulaProblem> {
        if self.take(Sign::Comma).is_some() {
            return Ok(());
        }
        Err(arguments_of_if(name, at.until(self.peek().at), so_far))
    }

    /// Lets a jump lead to the step that comes next.
    fn land(&mut self, jump: usize, step: impl Fn(u16) -> Step) {
        let to = u16::try_from(self.parsed.steps.len()).unwrap_or(u16::MAX);
        if let Some(slot) = self.parsed.steps.get_mut(jump) {
            *slot = step(to);
        }
    }

    fn deeper(&mut self, part: impl FnOnce(&mut Self) -> Part) -> Part {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(FormulaProblem::new("formula.too_deep", self.peek().at).with("most", DEEPEST));
        }
        let parsed = part(self);
        self.depth -= 1;
        parsed
    }
}

fn arguments_of_if(name: &str, at: Place, count: u16) -> FormulaProblem {
    FormulaProblem::new("formula.arguments", at).with("name", name).with("count", count).with("least", 3).with("most", 3)
}

fn want(wanted: Type, (kind, at): (Type, Place)) -> Result<(), FormulaProblem> {
    match (wanted, kind) {
        (Type::Number, Type::Truth) => Err(FormulaProblem::new("formula.not_a_number", at)),
        (Type::Truth, Type::Number) => Err(FormulaProblem::new("formula.not_a_condition", at)),
        _ => Ok(()),
    }
}
