//! The book with its meters found by what a sheet calls them.

use std::collections::HashMap;

use super::super::Utility;
use super::super::book::{Book, KnownMeter};

/// The book with its meters found by code and by unit.
#[derive(Debug)]
pub struct Index<'a> {
    pub(super) book: &'a Book,
    pub(super) by_code: HashMap<String, usize>,
    pub(super) by_unit: HashMap<(Utility, &'a str), Vec<usize>>,
}

impl<'a> Index<'a> {
    pub fn new(book: &'a Book) -> Self {
        let mut by_code = HashMap::with_capacity(book.meters.len());
        let mut by_unit: HashMap<(Utility, &'a str), Vec<usize>> = HashMap::with_capacity(book.meters.len());
        for (place, meter) in book.meters.iter().enumerate() {
            by_code.insert(plain(&meter.code), place);
            if !meter.unit_code.is_empty() {
                by_unit.entry((meter.utility, meter.unit_code.as_str())).or_default().push(place);
            }
        }
        Self { book, by_code, by_unit }
    }

    pub(super) fn meter(&self, place: usize) -> Option<&'a KnownMeter> {
        self.book.meters.get(place)
    }

    /// The code with the fewest letters to change, at most three.
    pub(super) fn nearest(&self, code: &str) -> Option<&'a str> {
        let wanted: Vec<char> = plain(code).chars().collect();
        let mut best: Option<(usize, &'a str)> = None;
        for meter in &self.book.meters {
            let most = best.map_or(3, |(distance, _)| distance.saturating_sub(1));
            if let Some(distance) = distance(&wanted, &plain(&meter.code), most) {
                best = Some((distance, &meter.code));
                if distance == 0 {
                    break;
                }
            }
        }
        best.map(|(_, code)| code)
    }
}

/// Letters to insert, delete or change between two codes; `None` when there are more than `most`.
fn distance(wanted: &[char], code: &str, most: usize) -> Option<usize> {
    let code: Vec<char> = code.chars().collect();
    if wanted.len().abs_diff(code.len()) > most {
        return None;
    }
    let mut row: Vec<usize> = (0..=code.len()).collect();
    for (line, letter) in wanted.iter().enumerate() {
        let mut corner = line;
        let mut left = line + 1;
        let mut least = left;
        for (cell, other) in row.iter_mut().skip(1).zip(&code) {
            let here = if letter == other { corner } else { 1 + corner.min(left).min(*cell) };
            corner = *cell;
            *cell = here;
            left = here;
            least = least.min(here);
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
        if least > most {
            return None;
        }
    }
    row.last().copied().filter(|distance| *distance <= most)
}

/// A code without what does not matter: spaces, letter case and letter width.
pub(super) fn plain(code: &str) -> String {
    if code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'-') {
        return code.to_owned();
    }
    crate::sheet::half_width(code).chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_uppercase).collect()
}
