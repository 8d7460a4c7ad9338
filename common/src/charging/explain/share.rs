//! A share of a pool.

use super::{price, usage_unit};
use crate::charging::tariff::FeeItemKind;
use crate::charging::usage::{ShareTrace, SharedBy};
use crate::money::{Money, grouped};
use crate::quantity::Quantity;
use crate::text::Language;

pub(super) fn of_share(language: Language, share: &ShareTrace, amount: Money, kind: FeeItemKind) -> String {
    let id = match share.price {
        _ if share.pool_quantity.is_zero() => "trace-share-of-money",
        Some(_) => "trace-share-priced",
        None => "trace-share",
    };
    let measure = match share.by {
        SharedBy::Area => &say!(language, "kit-square-metre"),
        SharedBy::Usage => usage_unit(kind),
        SharedBy::Household | SharedBy::Head | SharedBy::Formula => "",
    };
    let weight = |weight: Quantity| {
        let said = format!("{} {measure}", grouped(weight.get(), 0));
        said.trim_end().to_owned()
    };
    say!(
        language,
        id,
        pool = share.pool,
        pool_amount = share.pool_fen,
        pool_quantity = format!("{} {}", grouped(share.pool_quantity.get(), 0), usage_unit(kind)).trim_end(),
        price = share.price.map(price).unwrap_or_default(),
        units = share.units,
        by = say!(language, &format!("trace-by-{}", share.by), formula = share.formula),
        weight = weight(share.weight),
        weights = weight(share.weights),
        amount = amount
    )
}

#[cfg(test)]
mod tests {
    use super::super::sentences;
    use super::*;
    use crate::charging::trace::Trace;

    #[test]
    fn a_share_says_what_was_measured_and_at_what_price() {
        let share = ShareTrace {
            pool: "1号配电房总表".into(),
            by: SharedBy::Household,
            formula: String::new(),
            weight: Quantity::ONE,
            weights: "40".parse().unwrap(),
            pool_quantity: "6192".parse().unwrap(),
            pool_fen: Money::from_fen(377_012),
            quantity: "154.8".parse().unwrap(),
            units: 40,
            utility: Some(FeeItemKind::Electricity),
            price: Some("0.60887".parse().unwrap()),
            apportionment: None,
        };
        let said = |share: &ShareTrace| {
            let trace = Trace::share(share.clone(), crate::id::ApportionmentId(uuid::Uuid::nil()));
            sentences(Language::Chinese, &trace, Money::from_fen(9_425), FeeItemKind::Apportioned).concat()
        };
        assert!(said(&share).contains("共 6,192 kWh × 0.60887 元 = 3,770.12 元，"), "{}", said(&share));
        // Older traces know neither.
        let older = ShareTrace { utility: None, price: None, ..share };
        assert!(said(&older).contains("共 6,192、3,770.12 元，"), "{}", said(&older));
    }
}
