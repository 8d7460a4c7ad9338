//! From text to tokens. What a Chinese keyboard types is understood: full-width characters, `×`, `÷`, `≥`, `，`.

use rust_decimal::Decimal;

use super::problem::{FormulaProblem, Place};

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Number(Decimal),
    /// A variable or a function, as it was typed.
    Name(String),
    Sign(Sign),
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
    Times,
    Over,
    Percent,
    Open,
    Close,
    Comma,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    Equal,
    Unequal,
    And,
    Or,
    Not,
}

impl Sign {
    /// As it is written.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "×",
            Self::Over => "÷",
            Self::Percent => "%",
            Self::Open => "(",
            Self::Close => ")",
            Self::Comma => ",",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::More => ">",
            Self::MoreOrEqual => ">=",
            Self::Equal => "=",
            Self::Unequal => "<>",
            Self::And => "and",
            Self::Or => "or",
            Self::Not => "not",
        }
    }
}

/// The most decimals of a number in a formula.
const DECIMALS_MOST: u32 = 12;
/// The most characters of a number in a formula.
const DIGITS_MOST: usize = 20;

/// The tokens of a text, an end at last.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FormulaProblem> {
    let characters: Vec<char> = text.chars().map(half_width).collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(character) = characters.get(at).copied() {
        let (kind, to) = match character {
            _ if character.is_whitespace() => {
                at += 1;
                continue;
            }
            '0'..='9' | '.' => number(&characters, at)?,
            '[' => bracketed(&characters, at)?,
            _ if begins_name(character) => name(&characters, at),
            _ => sign(&characters, at)
                .ok_or_else(|| FormulaProblem::new("formula.character", Place::new(at, at + 1)).with("character", character))?,
        };
        tokens.push(Token { kind, at: Place::new(at, to) });
        at = to;
    }
    tokens.push(Token { kind: Kind::End, at: Place::new(characters.len(), characters.len()) });
    Ok(tokens)
}

/// Full-width forms lie 0xFEE0 above ASCII; the ideographic space, brackets and signs have their own places.
fn half_width(character: char) -> char {
    match character {
        '\u{3000}' | '\u{a0}' => ' ',
        '！'..='～' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        '、' => ',',
        '−' | '–' | '—' => '-',
        '×' | '✕' | '∗' | '·' => '*',
        '÷' | '∕' => '/',
        '。' => '.',
        other => other,
    }
}

fn begins_name(character: char) -> bool {
    character.is_alphabetic() || character == '_' || character == '㎡'
}

fn number(characters: &[char], from: usize) -> Result<(Kind, usize), FormulaProblem> {
    let rest = characters.get(from..).unwrap_or(&[]);
    let length = rest.iter().take_while(|character| character.is_ascii_digit() || **character == '.').count();
    let text: String = rest.iter().take(length).collect();
    let to = from + length;
    let refused = || FormulaProblem::new("formula.number", Place::new(from, to)).with("text", &text);
    if length > DIGITS_MOST {
        return Err(refused());
    }
    let padded = if text.starts_with('.') { format!("0{text}") } else { text.clone() };
    let value: Decimal = padded.trim_end_matches('.').parse().map_err(|_| refused())?;
    if value.scale() > DECIMALS_MOST || text.ends_with('.') {
        return Err(refused());
    }
    Ok((Kind::Number(value), to))
}

/// `[附加费 2]`: a name with spaces or signs in it.
fn bracketed(characters: &[char], from: usize) -> Result<(Kind, usize), FormulaProblem> {
    let inner = characters.get(from + 1..).unwrap_or(&[]);
    let length = inner.iter().position(|character| *character == ']');
    let Some(length) = length.filter(|length| *length > 0) else {
        return Err(FormulaProblem::new("formula.bracket", Place::new(from, characters.len())));
    };
    let name: String = inner.iter().take(length).collect();
    Ok((Kind::Name(name.trim().to_owned()), from + length + 2))
}

fn name(characters: &[char], from: usize) -> (Kind, usize) {
    let rest = characters.get(from..).unwrap_or(&[]);
    let length = rest.iter().take_while(|character| begins_name(**character) || character.is_ascii_digit()).count();
    let text: String = rest.iter().take(length).collect();
    let kind = match text.to_lowercase().as_str() {
        "and" | "且" | "并且" => Kind::Sign(Sign::And),
        "or" | "或" | "或者" => Kind::Sign(Sign::Or),
        "not" | "非" => Kind::Sign(Sign::Not),
        _ => Kind::Name(text),
    };
    (kind, from + length)
}

fn sign(characters: &[char], from: usize) -> Option<(Kind, usize)> {
    let next = characters.get(from + 1).copied();
    let (sign, length) = match (*characters.get(from)?, next) {
        ('<', Some('=')) | ('≤' | '≦', _) => (Sign::LessOrEqual, 2),
        ('>', Some('=')) | ('≥' | '≧', _) => (Sign::MoreOrEqual, 2),
        ('<', Some('>')) | ('!', Some('=')) | ('≠', _) => (Sign::Unequal, 2),
        ('=', Some('=')) => (Sign::Equal, 2),
        ('&', Some('&')) => (Sign::And, 2),
        ('|', Some('|')) => (Sign::Or, 2),
        ('<', _) => (Sign::Less, 1),
        ('>', _) => (Sign::More, 1),
        ('=', _) => (Sign::Equal, 1),
        ('!', _) => (Sign::Not, 1),
        ('+', _) => (Sign::Plus, 1),
        ('-', _) => (Sign::Minus, 1),
        ('*', _) => (Sign::Times, 1),
        ('/', _) => (Sign::Over, 1),
        ('%', _) => (Sign::Percent, 1),
        ('(', _) => (Sign::Open, 1),
        (')', _) => (Sign::Close, 1),
        (',', _) => (Sign::Comma, 1),
        _ => return None,
    };
    let length = if matches!(characters.get(from), Some('≤' | '≦' | '≥' | '≧' | '≠')) { 1 } else { length };
    Some((Kind::Sign(sign), from + length))
}
