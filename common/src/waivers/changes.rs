//! What a scheme that is saved changes: whether it takes more off than before, and all of it in words.

use super::api::{SaveScheme, SchemeState};
use super::explain::relief_said;
use super::scheme::{ReliefKind, SchemeRules, WhoKind};
use crate::approvals::api::{ApprovalChange, Said};
use crate::money::Money;

/// A scheme with the names of what its rules speak of.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    pub scheme: &'a SaveScheme,
    pub fee_items: &'a [String],
    pub groups: &'a [String],
    pub units: &'a [String],
}

/// Whether a scheme may take more off as it is to be than as it is. Where that can't be told, it may.
pub fn takes_more(before: &SaveScheme, after: &SaveScheme) -> bool {
    let (old, new) = (&before.rules, &after.rules);
    let longer = after.from < before.from || ends_later(before.to, after.to);
    let more = match (old.relief, new.relief) {
        (ReliefKind::Percent, ReliefKind::Percent) => new.percent > old.percent,
        (ReliefKind::Fixed, ReliefKind::Fixed) => new.monthly_fen > old.monthly_fen,
        (ReliefKind::Price, ReliefKind::Price) => new.price < old.price,
        (ReliefKind::Months, ReliefKind::Months) if new.paid_months == old.paid_months => new.free_months > old.free_months,
        _ => true,
    };
    // Another turn lets it, or others, work on more.
    let turn = after.rank != before.rank;
    let capped = |old: Option<Money>, new: Option<Money>| ends_later(old, new);
    longer
        || more
        || turn
        || adds(&old.fee_items, &new.fee_items)
        || for_more(old, new)
        || new.months_least.max(1) < old.months_least.max(1)
        || capped(old.bill_most_fen, new.bill_most_fen)
        || capped(old.year_most_fen, new.year_most_fen)
}

/// Whether a bound is further out, or gone.
fn ends_later<T: PartialOrd>(old: Option<T>, new: Option<T>) -> bool {
    match (old, new) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(old), Some(new)) => new > old,
    }
}

fn adds<T: PartialEq>(old: &[T], new: &[T]) -> bool {
    new.iter().any(|one| !old.contains(one))
}

fn for_more(old: &SchemeRules, new: &SchemeRules) -> bool {
    match (old.who, new.who) {
        (WhoKind::Everybody, _) => false,
        (WhoKind::Groups, WhoKind::Groups) => adds(&old.groups, &new.groups),
        (WhoKind::Units, WhoKind::Units) => adds(&old.units, &new.units),
        (WhoKind::Kinds, WhoKind::Kinds) => adds(&old.kinds, &new.kinds),
        _ => true,
    }
}

/// What changes, line by line: all of it where there was none before.
pub fn changes(before: Option<Named<'_>>, after: Named<'_>) -> Vec<ApprovalChange> {
    let old = before.map(lines).unwrap_or_default();
    let mut changes = Vec::new();
    for (place, (what, after)) in lines(after).into_iter().enumerate() {
        let before = old.get(place).map(|(_, said)| said.clone()).unwrap_or_default();
        if before != after {
            changes.push(ApprovalChange { what: what.to_owned(), before, after });
        }
    }
    changes
}

/// A scheme that is applied again.
pub fn started(scheme: Named<'_>) -> Vec<ApprovalChange> {
    let state = |state: SchemeState| vec![Said::text(format!("waivers-state-{state}"), &[])];
    let switch = ApprovalChange {
        what: "waivers-state".to_owned(),
        before: state(SchemeState::Stopped),
        after: state(SchemeState::Active),
    };
    std::iter::once(switch).chain(changes(None, scheme)).collect()
}

/// A scheme in lines, each with the id of the text that names it.
fn lines(of: Named<'_>) -> Vec<(&'static str, Vec<Said>)> {
    let (save, rules) = (of.scheme, &of.scheme.rules);
    let named = |names: &[String]| names.iter().map(Said::name).collect::<Vec<_>>();
    let who = match rules.who {
        WhoKind::Everybody => vec![Said::text("waivers-who-everybody", &[])],
        WhoKind::Groups => named(of.groups),
        WhoKind::Units => named(of.units),
        WhoKind::Kinds => rules.kinds.iter().map(|kind| Said::text(kind.text_id(), &[])).collect(),
    };
    let most = |most: Option<Money>, id: &str| most.map(|most| Said::text(id, &[("most", most.to_string())]));
    let ahead = (rules.months_least > 1).then(|| Said::text("waivers-ahead", &[("months", rules.months_least.to_string())]));
    vec![
        ("waivers-name", vec![Said::name(&save.name)]),
        ("waivers-reason", vec![Said::name(&save.reason)]),
        ("waivers-relief", vec![relief_said(rules.what())]),
        ("waivers-fee-items", named(of.fee_items)),
        ("waivers-who", who),
        ("waivers-from", vec![Said::name(save.from)]),
        ("waivers-to", save.to.and_then(|to| to.pred_opt()).map(Said::name).into_iter().collect()),
        ("waivers-rank", vec![Said::name(save.rank)]),
        ("waivers-months-least", ahead.into_iter().collect()),
        ("waivers-bill-most", most(rules.bill_most_fen, "waivers-cap-bill").into_iter().collect()),
        ("waivers-year-most", most(rules.year_most_fen, "waivers-cap-year").into_iter().collect()),
    ]
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::estate::kind::UnitKind;
    use crate::id::{CommunityId, FeeItemId, PeopleGroupId, UnitId, WaiverSchemeId};
    use crate::quantity::{Price, Quantity};

    fn scheme() -> SaveScheme {
        SaveScheme {
            community: CommunityId(Uuid::nil()),
            scheme: WaiverSchemeId(Uuid::nil()),
            name: "空置优惠".to_owned(),
            reason: "空置满半年".to_owned(),
            rank: 10,
            from: "2026-01-01".parse().unwrap(),
            to: "2027-01-01".parse().ok(),
            rules: SchemeRules {
                fee_items: vec![FeeItemId(Uuid::from_u128(1))],
                who: WhoKind::Units,
                units: vec![UnitId(Uuid::from_u128(1)), UnitId(Uuid::from_u128(2))],
                months_least: 6,
                bill_most_fen: Some(Money::from_fen(10_000)),
                ..SchemeRules::blank()
            },
        }
    }

    fn more(change: impl FnOnce(&mut SaveScheme)) -> bool {
        let mut after = scheme();
        change(&mut after);
        takes_more(&scheme(), &after)
    }

    #[test]
    fn whatever_may_take_more_off_is_told_from_what_takes_less() {
        assert!(!more(|_| {}));
        assert!(!more(|save| save.name = "空置减半".to_owned()));
        assert!(!more(|save| save.to = "2026-12-01".parse().ok()));
        assert!(!more(|save| save.rules.units.truncate(1)));
        assert!(!more(|save| save.rules.percent = Quantity::from_scaled(400_000)));
        assert!(!more(|save| save.rules.year_most_fen = Some(Money::from_fen(1))));
        assert!(!more(|save| save.rules.months_least = 12));

        assert!(more(|save| save.rules.percent = Quantity::from_scaled(500_001)));
        assert!(more(|save| save.rules.relief = ReliefKind::Fixed));
        assert!(more(|save| save.to = None));
        assert!(more(|save| save.from = "2025-12-31".parse().unwrap()));
        assert!(more(|save| save.rules.fee_items.push(FeeItemId(Uuid::from_u128(2)))));
        assert!(more(|save| save.rules.units = vec![UnitId(Uuid::from_u128(3))]));
        assert!(more(|save| save.rules.who = WhoKind::Everybody));
        assert!(more(|save| save.rules.months_least = 1));
        assert!(more(|save| save.rules.bill_most_fen = Some(Money::from_fen(10_001))));
        assert!(more(|save| save.rules.bill_most_fen = None));
        assert!(more(|save| save.rank = 20));
    }

    #[test]
    fn more_a_month_or_a_lower_price_takes_more() {
        let of = |relief, monthly: i64, price: i64| {
            let mut scheme = scheme();
            let (monthly_fen, price) = (Money::from_fen(monthly), Price::from_scaled(price));
            scheme.rules = SchemeRules { relief, monthly_fen, price, ..scheme.rules };
            scheme
        };
        let fixed = |monthly| takes_more(&of(ReliefKind::Fixed, 2_000, 0), &of(ReliefKind::Fixed, monthly, 0));
        assert_eq!((fixed(1_999), fixed(2_000), fixed(2_001)), (false, false, true));
        let price = |price| takes_more(&of(ReliefKind::Price, 0, 200), &of(ReliefKind::Price, 0, price));
        assert_eq!((price(199), price(200), price(201)), (true, false, false));
    }

    #[test]
    fn others_whom_a_scheme_names_take_more_and_fewer_do_not() {
        let group = |number| PeopleGroupId(Uuid::from_u128(number));
        let of = |who, groups: &[u128], kinds: &[UnitKind]| {
            let mut scheme = scheme();
            let groups = groups.iter().copied().map(group).collect();
            scheme.rules = SchemeRules { who, groups, kinds: kinds.to_vec(), ..scheme.rules };
            scheme
        };
        let groups =
            |before: &[u128], after: &[u128]| takes_more(&of(WhoKind::Groups, before, &[]), &of(WhoKind::Groups, after, &[]));
        assert_eq!((groups(&[1, 2], &[2]), groups(&[1, 2], &[2, 3])), (false, true));
        let kinds = |before: &[UnitKind], after: &[UnitKind]| {
            takes_more(&of(WhoKind::Kinds, &[], before), &of(WhoKind::Kinds, &[], after))
        };
        let (home, shop) = (UnitKind::Residence, UnitKind::Shop);
        assert_eq!((kinds(&[home, shop], &[shop]), kinds(&[home], &[shop])), (false, true));
        // Fewer than everybody never take more; others than before may.
        assert!(!takes_more(&of(WhoKind::Everybody, &[], &[]), &of(WhoKind::Groups, &[1], &[])));
        assert!(takes_more(&of(WhoKind::Groups, &[1], &[]), &of(WhoKind::Kinds, &[], &[home])));
    }

    #[test]
    fn more_free_months_or_others_take_more() {
        let free = |paid_months, free_months| {
            let mut scheme = scheme();
            scheme.rules = SchemeRules { relief: ReliefKind::Months, paid_months, free_months, ..scheme.rules };
            scheme
        };
        let more = |paid, months| takes_more(&free(12, 2), &free(paid, months));
        assert_eq!((more(12, 2), more(12, 1), more(12, 3), more(6, 1)), (false, false, true, true));
    }

    #[test]
    fn only_what_changes_is_told_and_all_of_what_is_new() {
        let (before, mut after) = (scheme(), scheme());
        after.rules.percent = Quantity::from_scaled(800_000);
        after.rules.bill_most_fen = None;
        let named = |scheme| Named { scheme, fee_items: &[], groups: &[], units: &[] };
        let told = changes(Some(named(&before)), named(&after));
        let whats: Vec<_> = told.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(whats, ["waivers-relief", "waivers-bill-most"]);
        let read = |said: &[Said]| said.iter().map(|one| one.read(crate::text::Language::Chinese)).collect::<Vec<_>>();
        assert_eq!((read(&told[0].before), read(&told[0].after)), (vec!["减免 50%".to_owned()], vec!["减免 80%".to_owned()]));
        assert!(told[1].after.is_empty() && told[1].before.len() == 1);
        // For bills of any length is for those of a month and more: no change, and nothing to tell.
        let [none, one, two] =
            [0, 1, 2].map(|months_least| SaveScheme { rules: SchemeRules { months_least, ..before.rules.clone() }, ..scheme() });
        assert_eq!(changes(Some(named(&none)), named(&one)), []);
        assert_eq!(changes(Some(named(&one)), named(&two)).len(), 1);
        let told = changes(None, named(&after));
        assert!(told.iter().all(|one| one.before.is_empty()));
        assert_eq!(started(named(&after)).len(), told.len() + 1);
    }
}
