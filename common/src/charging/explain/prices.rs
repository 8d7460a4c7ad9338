//! Where the prices came from and why there is more than one.

use super::price;
use super::time::last_day;
use crate::charging::tariff::FeeItemKind;
use crate::charging::trace::{TracedPiece, TracedPlace};
use crate::quantity::Price;
use crate::text::Language;

/// Where the prices came from and why there is more than one.
pub(super) fn of_prices(language: Language, pieces: &[TracedPiece], kind: FeeItemKind) -> Vec<String> {
    let (free, priced): (Vec<&TracedPiece>, Vec<&TracedPiece>) = pieces.iter().partition(|piece| is_free(piece, kind));
    let mut said: Vec<String> =
        free.into_iter().map(|piece| say!(language, "trace-free", from = piece.from, to = last_day(piece))).collect();
    let mut before: Option<&TracedPiece> = None;
    for piece in priced {
        match before {
            None => said.push(of_price(language, piece, kind)),
            Some(before) => said.extend(of_change(language, before, piece, kind)),
        }
        before = Some(piece);
    }
    said
}

/// Days of a rent without a price are rent-free.
pub(super) fn is_free(piece: &TracedPiece, kind: FeeItemKind) -> bool {
    kind == FeeItemKind::Rent && piece.price == Some(Price::ZERO)
}

fn of_price(language: Language, piece: &TracedPiece, kind: FeeItemKind) -> String {
    let scope = of_scope(language, piece);
    let told = match piece.price {
        Some(one) if kind == FeeItemKind::Rent => say!(language, "trace-rent", price = price(one), since = piece.since),
        Some(one) => say!(language, "trace-price", price = price(one), since = piece.since, scope = scope),
        None if piece.tiers.iter().all(|tier| tier.no == 0) => {
            say!(language, "trace-price-parts", since = piece.since, scope = scope)
        }
        None => say!(language, "trace-price-tiered", since = piece.since, scope = scope),
    };
    match &piece.season {
        Some(season) => format!("{told}{}", say!(language, "trace-season", season = season)),
        None => told,
    }
}

fn of_change(language: Language, before: &TracedPiece, after: &TracedPiece, kind: FeeItemKind) -> Option<String> {
    let scope = of_scope(language, after);
    match (before.price, after.price) {
        (Some(old), Some(new)) => (old != new).then(|| {
            let id = if kind == FeeItemKind::Rent { "trace-rent-change" } else { "trace-price-change" };
            say!(language, id, day = after.from, old = price(old), new = price(new), scope = scope)
        }),
        _ => {
            let same = before.since == after.since && before.scope == after.scope && before.season == after.season;
            (!same).then(|| format!("{}{}", say!(language, "trace-from-day", day = after.from), of_price(language, after, kind)))
        }
    }
}

/// For whom a price was set, by name where that is known.
fn of_scope(language: Language, piece: &TracedPiece) -> String {
    let scope = say!(language, &format!("trace-scope-{}", piece.scope.word()));
    match &piece.place {
        None => scope,
        Some(TracedPlace { name, floor: None }) => say!(language, "trace-scope-of", scope = scope, name = name),
        Some(TracedPlace { name, floor: Some(floor) }) => {
            say!(language, "trace-scope-of-floor", scope = scope, name = name, floor = floor)
        }
    }
}
