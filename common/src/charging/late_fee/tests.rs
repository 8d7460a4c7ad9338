use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn fen(fen: i64) -> Money {
    Money::from_fen(fen)
}

fn rule(rate: &str, cap: &str, grace_days: u16, counted_from: CountedFrom) -> LateFeeRule {
    let (rate, cap) = (rate.parse().unwrap(), cap.parse().unwrap());
    LateFeeRule { rate, cap, grace_days, counted_from, steps: Vec::new() }
}

fn always(rule: LateFeeRule) -> LateFeeTerm {
    LateFeeTerm { rule, from: day("2000-01-01"), to: None }
}

fn paid(on: &str, amount: i64) -> Settled {
    Settled { day: day(on), amount: fen(amount) }
}

fn of(principal: i64, settled: &[Settled], terms: &[LateFeeTerm], asked: &str) -> LateFee {
    late_fee(Debt { principal: fen(principal), let_off: Money::ZERO, due: day("2026-01-15"), settled }, terms, day(asked))
        .unwrap()
}

/// 1,000 yuan due on 15 January.
#[rstest]
#[case::on_the_due_day("2026-01-15", 0)]
#[case::paid_on_the_first_late_day("2026-01-16", 0)]
#[case::one_day("2026-01-17", 50)]
#[case::nine_days("2026-01-25", 450)]
#[case::to_the_first_of_march("2026-03-01", 2_200)]
fn days_are_counted_from_the_day_after_the_due_day(#[case] asked: &str, #[case] expected: i64) {
    assert_eq!(of(100_000, &[], &[always(LateFeeRule::default())], asked).amount_fen.fen(), expected);
}

#[rstest]
#[case::within(CountedFrom::DueDay, "2026-01-25", 0)]
#[case::the_day_after_it(CountedFrom::DueDay, "2026-01-26", 500)]
#[case::from_its_end_the_day_after(CountedFrom::GraceEnd, "2026-01-26", 0)]
#[case::from_its_end_two_days_after(CountedFrom::GraceEnd, "2026-01-27", 50)]
fn ten_days_of_grace(#[case] from: CountedFrom, #[case] asked: &str, #[case] expected: i64) {
    assert_eq!(of(100_000, &[], &[always(rule("0.0005", "1", 10, from))], asked).amount_fen.fen(), expected);
}

fn stepped(steps: &[(u16, &str)], grace_days: u16, counted_from: CountedFrom) -> LateFeeRule {
    let step = |(after_days, rate): &(u16, &str)| LateStep { after_days: *after_days, rate: rate.parse().unwrap() };
    LateFeeRule { steps: steps.iter().map(step).collect(), ..rule("0.0005", "1", grace_days, counted_from) }
}

/// 1,000 yuan due on 15 January: 0.5 a day for 30 days, 1 a day from the 31st (15 February), 2 a day from the 91st (16 April).
#[rstest]
#[case::within_the_first("2026-02-14", 29 * 50)]
#[case::all_of_the_first("2026-02-15", 30 * 50)]
#[case::one_day_of_the_second("2026-02-16", 30 * 50 + 100)]
#[case::all_of_the_second("2026-04-16", 30 * 50 + 60 * 100)]
#[case::into_the_third("2026-04-18", 30 * 50 + 60 * 100 + 2 * 200)]
fn later_days_have_other_rates(#[case] asked: &str, #[case] expected: i64) {
    let rule = stepped(&[(30, "0.001"), (90, "0.002")], 0, CountedFrom::DueDay);
    assert_eq!(of(100_000, &[], &[always(rule)], asked).amount_fen.fen(), expected);
}

#[test]
fn steps_go_on_through_payments_grace_and_a_rule_that_begins_later() {
    let days = |fee: &LateFee| {
        let told = |piece: &LatePiece| (piece.days(), piece.principal_fen.fen(), piece.rate.scaled());
        fee.pieces.iter().map(told).collect::<Vec<_>>()
    };
    let rule = stepped(&[(5, "0.001")], 0, CountedFrom::DueDay);
    // Paid in part on the fourth day; the second rate from the sixth, 21 January.
    let fee = of(100_000, &[paid("2026-01-19", 40_000)], &[always(rule.clone())], "2026-01-25");
    assert_eq!(days(&fee), [(3, 100_000, 50_000), (2, 60_000, 50_000), (4, 60_000, 100_000)]);
    assert_eq!(fee.amount_fen.fen(), 150 + 60 + 240);
    // A rule that begins on the 19th counts the days before it, and charges them not.
    let later = LateFeeTerm { rule, from: day("2026-01-19"), to: None };
    assert_eq!(days(&of(100_000, &[], &[later], "2026-01-25")), [(2, 100_000, 50_000), (4, 100_000, 100_000)]);
    // From the end of a grace of ten days: the first counted day is 26 January.
    let graced = stepped(&[(5, "0.001")], 10, CountedFrom::GraceEnd);
    assert_eq!(days(&of(100_000, &[], &[always(graced)], "2026-02-03")), [(5, 100_000, 50_000), (3, 100_000, 100_000)]);
    let forgiven = stepped(&[(5, "0.001")], 10, CountedFrom::DueDay);
    assert_eq!(days(&of(100_000, &[], &[always(forgiven)], "2026-01-26")), [(5, 100_000, 50_000), (5, 100_000, 100_000)]);
}

#[test]
fn a_rule_is_told_once_it_counts_a_day() {
    let term = LateFeeTerm { from: day("2026-02-01"), ..always(LateFeeRule::default()) };
    let told = |asked: &str| of(100_000, &[], std::slice::from_ref(&term), asked).term;
    assert_eq!((told("2026-02-01"), told("2026-02-02")), (None, Some(term.clone())));
}

#[test]
fn steps_rise_and_their_rates_are_bounded() {
    let wrong = |steps: &[(u16, &str)]| {
        let problems = stepped(steps, 0, CountedFrom::DueDay).problems("rule").into_iter();
        problems.map(|one| format!("{} {}", one.field, one.code)).collect::<Vec<_>>()
    };
    assert_eq!(wrong(&[(30, "0.001"), (90, "0.002")]), Vec::<String>::new());
    assert_eq!(wrong(&[(0, "0.001")]), ["rule.steps.0.after_days charging.late_fee_steps"]);
    assert_eq!(wrong(&[(30, "0.001"), (30, "0.002")]), ["rule.steps.1.after_days charging.late_fee_steps"]);
    assert_eq!(wrong(&[(1, "0.001"), (2, "0.001"), (3, "0.001"), (3_660, "0.001")]), Vec::<String>::new());
    assert_eq!(wrong(&[(3_661, "0.001")]), ["rule.steps.0.after_days charging.late_fee_steps"]);
    let least = stepped(&[(30, "0.001"), (30, "0.002")], 0, CountedFrom::DueDay).problems("rule")[0].args.get("least").cloned();
    assert_eq!(least.as_deref(), Some("31"));
    assert_eq!(wrong(&[(30, "0.05")]), ["rule.steps.0.rate charging.late_fee_rate"]);
    assert_eq!(wrong(&[(30, "0")]), ["rule.steps.0.rate not_positive"]);
    assert_eq!(wrong(&[(1, "0.001"), (2, "0.001"), (3, "0.001"), (4, "0.001"), (5, "0.001")]), ["rule.steps too_many"]);
}

#[test]
fn the_cap_is_a_share_of_what_was_not_let_off() {
    // 1,000 of which 900 were let off on the due day: 100 at 1 % a day for 200 days would be 200, and is 100.
    let settled = [Settled { day: day("2026-01-15"), amount: fen(90_000) }];
    let rule = LateFeeRule { rate: "0.01".parse().unwrap(), ..LateFeeRule::default() };
    let term = LateFeeTerm { from: day("2026-01-01"), to: None, rule };
    let debt = Debt { principal: fen(100_000), let_off: fen(90_000), due: day("2026-01-15"), settled: &settled };
    assert_eq!(late_fee(debt, &[term], day("2026-08-03")).unwrap().amount_fen, fen(10_000));
}

#[test]
fn a_part_stops_counting_on_its_day() {
    let fee = of(100_000, &[paid("2026-01-20", 40_000)], &[always(LateFeeRule::default())], "2026-01-25");
    let pieces: Vec<_> = fee.pieces.iter().map(|piece| (piece.from, piece.days(), piece.principal_fen.fen())).collect();
    assert_eq!(pieces, [(day("2026-01-16"), 4, 100_000), (day("2026-01-20"), 5, 60_000)]);
    assert_eq!(fee.amount_fen.fen(), 200 + 150);
}

#[test]
fn a_part_paid_within_the_grace_bears_nothing() {
    let terms = [always(rule("0.0005", "1", 10, CountedFrom::DueDay))];
    let fee = of(100_000, &[paid("2026-01-20", 40_000)], &terms, "2026-01-26");
    assert_eq!((fee.amount_fen.fen(), fee.pieces.len()), (300, 1));
}

#[test]
fn a_payment_taken_back_on_its_day_never_was() {
    let settled = [paid("2026-01-20", 40_000), paid("2026-01-20", -40_000)];
    assert_eq!(of(100_000, &settled, &[always(LateFeeRule::default())], "2026-01-25").amount_fen.fen(), 450);
}

#[test]
fn the_cap_is_a_share_of_the_principal() {
    let fee = of(100_000, &[], &[always(rule("0.003", "0.05", 0, CountedFrom::DueDay))], "2026-12-31");
    assert_eq!(fee.amount_fen.fen(), 5_000);
    assert_eq!(fee.cap.map(|cap| cap.without_fen.fen()), Some(349 * 300));
    let exactly = of(100_000, &[], &[always(rule("0.001", "0.009", 0, CountedFrom::DueDay))], "2026-01-25");
    assert_eq!((exactly.amount_fen.fen(), exactly.cap), (900, None));
}

#[test]
fn rules_follow_each_other_and_stop() {
    let first = LateFeeTerm { rule: rule("0.001", "1", 0, CountedFrom::DueDay), from: day("2026-01-01"), to: None };
    let second =
        LateFeeTerm { rule: rule("0.0005", "1", 0, CountedFrom::DueDay), from: day("2026-01-21"), to: Some(day("2026-01-26")) };
    // 16–20 at 0.1 %, 21–25 at 0.05 %.
    let fee = of(100_000, &[], &[first, second.clone()], "2026-06-01");
    assert_eq!(fee.amount_fen.fen(), 500 + 250);
    assert_eq!(fee.term, Some(second));
}

#[test]
fn a_lowered_cap_takes_nothing_back() {
    let high = LateFeeTerm { rule: rule("0.001", "1", 0, CountedFrom::DueDay), from: day("2026-01-01"), to: None };
    let low = LateFeeTerm { rule: rule("0.001", "0.001", 0, CountedFrom::DueDay), from: day("2026-01-21"), to: None };
    assert_eq!(of(100_000, &[], &[high, low], "2026-06-01").amount_fen.fen(), 500);
}

#[test]
fn half_a_fen_goes_up_once_at_the_end() {
    // 1 yuan at 0.5 % … is no rate that may be saved; 10 yuan at 0.05 % is half a fen a day.
    let terms = [always(LateFeeRule::default())];
    assert_eq!(of(1_000, &[], &terms, "2026-01-17").amount_fen.fen(), 1);
    assert_eq!(of(1_000, &[], &terms, "2026-01-18").amount_fen.fen(), 1);
    assert_eq!(of(1_000, &[], &terms, "2026-01-19").amount_fen.fen(), 2);
}

#[rstest]
#[case::usual(LateFeeRule::default(), &[])]
#[case::the_most(rule("0.003", "1", 366, CountedFrom::DueDay), &[])]
#[case::the_least(rule("0.00000001", "0.0001", 0, CountedFrom::DueDay), &[])]
#[case::nothing(rule("0", "1", 0, CountedFrom::DueDay), &["not_positive"])]
#[case::above(rule("0.00300001", "1", 0, CountedFrom::DueDay), &["charging.late_fee_rate"])]
#[case::more_than_owed(rule("0.0005", "1.0001", 0, CountedFrom::DueDay), &["charging.late_fee_cap"])]
#[case::no_cap(rule("0.0005", "0", 0, CountedFrom::DueDay), &["charging.late_fee_cap"])]
#[case::grace(rule("0.0005", "1", 367, CountedFrom::DueDay), &["charging.late_fee_grace"])]
fn what_may_be_saved(#[case] rule: LateFeeRule, #[case] codes: &[&str]) {
    assert_eq!(rule.problems("rule").iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>(), codes);
}

#[test]
fn what_is_left_of_a_late_fee() {
    assert_eq!(still_due(fen(500), fen(200), fen(200)), fen(300));
    assert_eq!(still_due(fen(500), fen(600), fen(200)), fen(400));
    assert_eq!(still_due(fen(100), fen(200), fen(200)), fen(0));
}

/// Day by day, as a person would with a calendar.
fn by_hand(principal: i64, due: Day, settled: &[Settled], term: &LateFeeTerm, asked: Day) -> i128 {
    let grace_end = due + chrono::Duration::days(i64::from(term.rule.grace_days));
    let first = if term.rule.counted_from == CountedFrom::DueDay { due } else { grace_end };
    let mut sum = 0;
    let mut on = first.succ_opt().unwrap();
    let mut counted = 0;
    while on < asked && asked > grace_end {
        if on >= term.from && term.to.is_none_or(|to| on < to) {
            let seen = on.max(grace_end);
            let open = principal - settled.iter().filter(|part| part.day <= seen).map(|part| part.amount.fen()).sum::<i64>();
            let mut rate = term.rule.rate;
            for step in &term.rule.steps {
                if counted >= step.after_days {
                    rate = step.rate;
                }
            }
            sum += i128::from(open) * i128::from(rate.scaled());
        }
        counted += 1;
        on = on.succ_opt().unwrap();
    }
    sum
}

prop_compose! {
    fn cases()(
        principal in 1_i64..10_000_000,
        shares in prop::collection::vec((0_i64..400, 1_i64..30), 0..5),
        rate in 1_i64..300_000,
        grace in 0_u16..40,
        from_end in any::<bool>(),
        late in 0_i64..500,
        from in -50_i64..200,
        to in prop::option::of(0_i64..400),
        steps in prop::collection::vec((1_u16..60, 1_i64..300_000), 0..4),
    ) -> (i64, Vec<Settled>, LateFeeTerm, Day) {
        let due = day("2026-01-15");
        let at = |days: i64| due + chrono::Duration::days(days);
        let settled = shares.iter().map(|(on, percent)| Settled { day: at(*on - 20), amount: fen(principal * percent / 200) }).collect();
        let mut after_days = 0;
        let step = |(more, rate): &(u16, i64)| {
            after_days += more;
            LateStep { after_days, rate: Price::from_scaled(*rate) }
        };
        let steps = steps.iter().map(step).collect();
        let rule = LateFeeRule {
            rate: Price::from_scaled(rate),
            cap: Quantity::ONE,
            grace_days: grace,
            counted_from: if from_end { CountedFrom::GraceEnd } else { CountedFrom::DueDay },
            steps,
        };
        let term = LateFeeTerm { rule, from: at(from), to: to.map(|to| at(from + to + 1)) };
        (principal, settled, term, at(late))
    }
}

proptest! {
    #[test]
    fn pieces_are_the_days_one_by_one((principal, settled, term, asked) in cases()) {
        let debt = Debt { principal: fen(principal), let_off: Money::ZERO, due: day("2026-01-15"), settled: &settled };
        let fee = late_fee(debt, std::slice::from_ref(&term), asked).unwrap();
        let exact = by_hand(principal, debt.due, &settled, &term, asked);
        let rounded = (exact * 2 + PARTS) / (PARTS * 2);
        prop_assert_eq!(i128::from(fee.amount_fen.fen()), rounded.min(i128::from(principal)));
        prop_assert_eq!(fee.pieces.iter().map(|piece| piece.parts().unwrap()).sum::<i128>(), exact);
    }

    #[test]
    fn the_order_in_which_payments_are_told_does_not_matter((principal, settled, term, asked) in cases()) {
        let due = day("2026-01-15");
        let backwards: Vec<_> = settled.iter().rev().copied().collect();
        let fee = |settled: &[Settled]| late_fee(Debt { principal: fen(principal), let_off: Money::ZERO, due, settled }, std::slice::from_ref(&term), asked);
        prop_assert_eq!(fee(&settled), fee(&backwards));
    }

    #[test]
    fn it_never_falls_and_never_exceeds_the_cap((principal, settled, mut term, asked) in cases(), cap in 1_i64..=10_000) {
        term.rule.cap = Quantity::from_scaled(cap);
        let debt = Debt { principal: fen(principal), let_off: Money::ZERO, due: day("2026-01-15"), settled: &settled };
        let fee = |asked| late_fee(debt, std::slice::from_ref(&term), asked).unwrap().amount_fen.fen();
        prop_assert!(fee(asked) <= fee(asked.succ_opt().unwrap()));
        let most = (i128::from(principal) * i128::from(cap) * 2 + 10_000) / 20_000;
        prop_assert!(i128::from(fee(asked)) <= most);
    }

    /// A rule that ends and begins again on the same day is one rule.
    #[test]
    fn days_may_be_split_anywhere((principal, settled, term, asked) in cases(), cut in 0_i64..400) {
        let debt = Debt { principal: fen(principal), let_off: Money::ZERO, due: day("2026-01-15"), settled: &settled };
        let cut = term.from + chrono::Duration::days(cut);
        let parts = [term.clone(), LateFeeTerm { from: cut, ..term.clone() }];
        let whole = late_fee(debt, std::slice::from_ref(&term), asked).unwrap();
        let split = late_fee(debt, &parts, asked).unwrap();
        prop_assert_eq!((whole.amount_fen, whole.pieces), (split.amount_fen, split.pieces));
    }

    /// Whoever pays earlier owes no more, and a debt is the sum of its parts.
    #[test]
    fn parts_of_a_debt_add_up((principal, settled, term, asked) in cases(), part in 1_i64..5_000_000) {
        let due = day("2026-01-15");
        let exact = |principal: i64, settled: &[Settled]| by_hand(principal, due, settled, &term, asked);
        prop_assert_eq!(exact(principal + part, &settled), exact(principal, &settled) + exact(part, &[]));
    }
}
