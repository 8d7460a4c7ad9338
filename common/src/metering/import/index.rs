//! The book with its meters found by what a sheet calls them.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::super::Utility;
use super::super::book::{Book, KnownMeter};

/// The book with its meters found by code and by unit.
#[derive(Debug)]
pub struct Index<'a> {
    pub(super) book: &'a Book,
    by_code: HashMap<Cow<'a, str>, usize, Quick>,
    /// The places of the meters of units, in the order of utility and unit; made when a row first lacks its code.
    by_unit: OnceCell<Vec<usize>>,
}

/// Codes come from our own book, so a quick hash will do.
type Quick = BuildHasherDefault<Mixed>;

/// Multiplies and turns, eight bytes at a time.
#[derive(Debug, Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut word = [0; 8];
            for (to, from) in word.iter_mut().zip(part) {
                *to = *from;
            }
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

impl<'a> Index<'a> {
    pub fn new(book: &'a Book) -> Self {
        let by_code = book.meters.iter().map(|meter| plain(&meter.code)).zip(0_usize..).collect();
        Self { book, by_code, by_unit: OnceCell::new() }
    }

    pub(super) fn of_code(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).or_else(|| self.by_code.get(&plain(code))).copied()
    }

    pub(super) fn of_unit(&self, utility: Utility, unit: &str) -> &[usize] {
        let key = |place: &usize| self.meter(*place).map(|meter| (meter.utility, meter.unit_code.as_str()));
        let places = self.by_unit.get_or_init(|| {
            let mut places: Vec<usize> = (0..self.book.meters.len()).collect();
            places.retain(|place| self.meter(*place).is_some_and(|meter| !meter.unit_code.is_empty()));
            places.sort_by_key(key);
            places
        });
        let wanted = Some((utility, unit));
        let from = places.partition_point(|place| key(place) < wanted);
        let to = places.partition_point(|place| key(place) <= wanted);
        places.get(from..to).unwrap_or_default()
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
fn plain(code: &str) -> Cow<'_, str> {
    if code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'-') {
        return Cow::Borrowed(code);
    }
    let letters = crate::sheet::half_width(code);
    Cow::Owned(letters.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_uppercase).collect())
}
