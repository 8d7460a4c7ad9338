//! Runs of every mode, made from a number alone: the browser and the server must come to the same, bit for bit.

use sha2::{Digest as _, Sha256};

use super::{charge, day, october, tariff};
use crate::billing::inputs::RunCharges;
use crate::billing::inputs::{RunField, RunInputs, RunRent, RunSales};
use crate::billing::plan::{Outcome, PlannedLine, PlannedPortion, Planner};
use crate::charging::minimum::{Minimum, MinimumKind, MinimumPer};
use crate::charging::price::{At, PriceRow};
use crate::charging::rate::{Counted, Rate, RatePart, Season, SimpleRate};
use crate::charging::rent::{EscalateBy, Escalation, Rent};
use crate::charging::tariff::{Coefficient, Cycle, CycleFrom, DueFrom, Mode, ProrationRule, RoundHow, RoundTo, StartsAt, Vacant};
use crate::charging::tier::{Tier, TierScope, TierUsage, Tiers};
use crate::charging::usage::RegisterUsage;
use crate::estate::kind::UnitKind;
use crate::id::WaiverSchemeId;
use crate::money::Money;
use crate::quantity::{Price, Quantity};
use crate::waivers::inputs::{RunGroup, RunScheme, RunWho};
use crate::waivers::scheme::Relief;

/// How many runs are made.
const RUNS: u64 = 20_000;

/// Numbers that only depend on the first (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: i64) -> i64 {
        i64::try_from(self.next() % u64::try_from(most).unwrap()).unwrap()
    }

    fn one_in(&mut self, many: i64) -> bool {
        self.below(many) == 0
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[usize::try_from(self.below(i64::try_from(list.len()).unwrap())).unwrap()].clone()
    }

    fn price(&mut self) -> Price {
        let most = self.of(&[1_000, 100_000_000, 1_000_000_000]);
        Price::from_scaled(self.below(most) * self.of(&[1, 1_000]))
    }

    fn quantity(&mut self, most: i64) -> Quantity {
        Quantity::from_scaled(self.below(most * 10_000))
    }

    /// A day of the year that the runs lie in.
    fn day(&mut self) -> i32 {
        day("2027-11-15") + i32::try_from(self.below(400)).unwrap()
    }

    fn tiers(&mut self) -> Tiers {
        let (first, second) = (1 + self.below(200), 1 + self.below(200));
        let quota = self.one_in(4).then(|| "车位".to_owned());
        // A multiple with more decimals than a bound may have.
        let more = if quota.is_some() { self.below(10_000) } else { 0 };
        let per_person = |numbers: &mut Self| numbers.one_in(2).then(|| numbers.quantity(10));
        let mut step = |up_to: Option<i64>| Tier {
            up_to: up_to.map(|bound| Quantity::from_scaled(bound * 10_000 + more)),
            price: self.price(),
            per_person: if up_to.is_some() { per_person(self) } else { None },
        };
        let mut steps = vec![step(Some(first)), step(Some(first + second)), step(None)];
        let persons = (quota.is_none() && self.one_in(2)).then_some(3);
        let persons_most = persons.filter(|_| self.one_in(3)).map(|persons| persons + 1);
        let usage = self.of(TierUsage::ALL);
        if usage == TierUsage::Total {
            // As all tariffs do. Where tiers grow cheaper, more of one register makes the others cheaper as well.
            let mut prices: Vec<Price> = steps.iter().map(|step| step.price).collect();
            prices.sort_unstable();
            steps.iter_mut().zip(prices).for_each(|(step, price)| step.price = price);
        }
        Tiers { year_from: self.of(&[1, 7]), persons, persons_most, quota, usage, ..Tiers::new(self.of(TierScope::ALL), steps) }
    }

    fn parts(&mut self) -> Vec<RatePart> {
        let count = 1 + self.below(3);
        let part = |number: i64| {
            let of = if self.one_in(3) { self.of(Counted::ALL) } else { Counted::Total };
            let rate = if self.one_in(2) { SimpleRate::Tiered(self.tiers()) } else { SimpleRate::Flat(self.price()) };
            RatePart { name: format!("part {number}"), of, rate }
        };
        (0..count).map(part).collect()
    }

    /// Every register by a part, in tiers of all of them or of its own.
    fn registers(&mut self) -> Rate {
        let part = |of: &Counted| {
            let rate = if self.one_in(4) { SimpleRate::Flat(self.price()) } else { SimpleRate::Tiered(self.tiers()) };
            RatePart { name: of.word().to_owned(), of: *of, rate }
        };
        Rate::Parts(Counted::REGISTERS.iter().map(part).collect())
    }

    /// Half of them by whole months.
    fn seasons(&mut self) -> Vec<Season> {
        let ends = if self.one_in(2) { ["5", "10", "11", "4"] } else { ["3-16", "11-14", "11-15", "3-15"] };
        let [from, to, winter, end] = ends.map(|end| end.parse().unwrap());
        let summer = Season { name: "summer".to_owned(), from, to, parts: self.parts() };
        vec![summer, Season { name: "winter".to_owned(), from: winter, to: end, parts: self.parts() }]
    }

    fn rate(&mut self) -> Rate {
        match self.below(7) {
            3 => self.registers(),
            0 => Rate::Tiered(self.tiers()),
            1 => Rate::Parts(self.parts()),
            2 => Rate::Seasons(self.seasons()),
            _ => Rate::Flat(self.price()),
        }
    }
}

const FORMULAS: &[&str] = &[
    "面积 × 单价",
    "area / 3 * heads",
    "if(floor > 3, usage * 1.1, max(area, 60))",
    "round(area / 7, 2) + floor(usage) + months",
    "area / (floor - 3)",
    "楼栋面积 / 楼栋户数 + [车位]",
    "ceil(days / 30) * 5 - 1",
];

/// One run, of homes that have all that any mode asks for, or lack it.
pub(crate) fn run(number: u64) -> RunInputs {
    let mut numbers = Numbers(number);
    let mut inputs = october(2);
    inputs.first = format!("2028-{:02}", 1 + numbers.below(10)).parse().unwrap();
    inputs.months = u32::try_from(numbers.of(&[1, 1, 2, 3])).unwrap();
    inputs.issued_day = inputs.period().to;
    inputs.tariffs = (0..3)
        .map(|place| {
            let mut tariff = tariff(place, u16::try_from(place).unwrap(), numbers.of(Mode::ALL), "1");
            let rules = &mut tariff.rules;
            rules.cycle = numbers.of(&[Cycle::Monthly, Cycle::Monthly, Cycle::Monthly, Cycle::Quarterly, Cycle::Once]);
            rules.cycle_from = numbers.of(CycleFrom::ALL);
            rules.proration.rule = numbers.of(ProrationRule::ALL);
            rules.proration.cutoff_day = u8::try_from(1 + numbers.below(31)).unwrap();
            rules.rounding.to = numbers.of(RoundTo::ALL);
            rules.rounding.how = numbers.of(RoundHow::ALL);
            rules.due.from = numbers.of(DueFrom::ALL);
            rules.starts_at = numbers.of(StartsAt::ALL);
            rules.vacant = numbers.of(Vacant::ALL);
            rules.vacant_rate = numbers.quantity(1);
            if numbers.one_in(3) {
                rules.coefficients = vec![Coefficient { kind: UnitKind::Residence, coefficient: numbers.quantity(3) }];
            }
            if numbers.one_in(3) {
                rules.cycle_month = u8::try_from(1 + numbers.below(12)).unwrap();
            }
            if rules.mode == Mode::Usage && numbers.one_in(2) {
                rules.minimum = Minimum {
                    kind: numbers.of(MinimumKind::ALL),
                    usage: numbers.quantity(800),
                    amount_fen: Money::from_fen(numbers.below(200_000)),
                    per: numbers.of(MinimumPer::ALL),
                };
            }
            rules.formula = numbers.of(FORMULAS).to_owned();
            tariff.prices = vec![PriceRow { at: At::Community, from: day("2020-01-01"), to: None, rate: numbers.rate() }];
            for at in [At::Building(0), At::Floor(0, 1), At::Unit(1), At::Community] {
                if numbers.one_in(3) {
                    let from = numbers.day();
                    let to = numbers.one_in(2).then(|| from + 1 + i32::try_from(numbers.below(60)).unwrap());
                    tariff.prices.push(PriceRow { at, from, to, rate: numbers.rate() });
                }
            }
            tariff
        })
        .collect();
    homes(&mut inputs, &mut numbers);
    schemes(&mut inputs, number);
    inputs
}

fn homes(inputs: &mut RunInputs, numbers: &mut Numbers) {
    inputs.charges = RunCharges::default();
    inputs.fields = vec![RunField { name: "车位".to_owned(), unit: vec![0], value: vec![numbers.below(100_000)] }];
    inputs.units.value_fen = vec![numbers.below(1_000_000_000), numbers.below(2)];
    for unit in 0..2_u32 {
        let place = usize::try_from(unit).unwrap();
        inputs.units.area[place] = numbers.below(3_000_000);
        inputs.units.floor[place] = numbers.of(&[None, Some(1), Some(3), Some(12)]);
        inputs.units.handed_over[place] = numbers.one_in(2).then(|| numbers.day());
        for tariff in 0..3 {
            let change = numbers.day();
            charge(inputs, unit, tariff, "2020-01-01", None);
            if numbers.one_in(2) {
                *inputs.charges.to.last_mut().unwrap() = Some(change);
            } else if numbers.one_in(3) {
                *inputs.charges.from.last_mut().unwrap() = change;
            }
        }
        let (held, owned) = (&mut inputs.held, &mut inputs.owned);
        for (units, starts, ends) in
            [(&mut held.unit, &mut held.from, &mut held.to), (&mut owned.unit, &mut owned.from, &mut owned.to)]
        {
            let change = numbers.day();
            for (from, to) in
                [(day("2020-01-01"), change), (change + i32::try_from(numbers.below(2)).unwrap(), day("2035-01-01"))]
            {
                units.push(unit);
                starts.push(from);
                ends.push(to);
            }
        }
        if !numbers.one_in(5) {
            let change = numbers.day();
            for (from, to) in [(day("2020-01-01"), change), (change, i32::MAX)] {
                inputs.heads.unit.push(unit);
                inputs.heads.from.push(from);
                inputs.heads.to.push(to);
                inputs.heads.heads.push(u32::try_from(numbers.below(7)).unwrap());
            }
        }
    }
    for usage in &mut inputs.usages {
        usage.fee_item = u16::try_from(numbers.below(3)).unwrap();
        usage.usage = numbers.quantity(1_000);
        usage.before = numbers.quantity(500);
        if numbers.one_in(2) {
            let mut counted = |register: &Counted| RegisterUsage { register: *register, usage: numbers.quantity(300) };
            usage.registers = Counted::REGISTERS.iter().map(&mut counted).collect();
            let sum = usage.registers.iter().map(|register| register.usage.scaled()).sum();
            usage.usage = Quantity::from_scaled(sum);
        }
    }
    if numbers.one_in(3) {
        let escalation = Escalation {
            every_months: u16::try_from(1 + numbers.below(24)).unwrap(),
            by: numbers.of(EscalateBy::ALL),
            step: Price::from_scaled(numbers.below(10_000_000)),
            compounding: numbers.one_in(2),
        };
        let turnover = numbers.one_in(2).then(|| numbers.quantity(1));
        let rent = Rent { escalation: Some(escalation), turnover, ..Rent::of(numbers.price()) };
        inputs.rents.push(RunRent { charge: 0, rent });
        let sales_fen = Money::from_fen(numbers.below(10_000_000));
        inputs.sales.push(RunSales { unit: 0, month: inputs.first, sales_fen });
    }
}

/// Up to three schemes on every other run, for all that a scheme may be for.
fn schemes(inputs: &mut RunInputs, number: u64) {
    let mut numbers = Numbers(number ^ 0x05c4_e3e5);
    let mut group = RunGroup { name: "group".to_owned(), ..RunGroup::default() };
    for unit in 0..2 {
        let (from, change) = (numbers.day(), numbers.day());
        group.unit.push(unit);
        group.from.push(from.min(change));
        group.to.push(from.max(change) + 1);
    }
    inputs.waivers.groups = vec![group];
    let count = if numbers.one_in(2) { 0 } else { 1 + numbers.below(3) };
    for place in 0..count {
        let relief = match numbers.below(4) {
            0 => Relief::Percent { percent: Quantity::from_scaled(1 + numbers.below(1_000_000)) },
            1 => Relief::Months { months: u32::try_from(1 + numbers.below(3)).unwrap(), free: 1 },
            2 => Relief::Fixed { monthly_fen: Money::from_fen(1 + numbers.below(50_000)) },
            _ => Relief::Price { price: numbers.price() },
        };
        let from = numbers.day();
        let most = |numbers: &mut Numbers| numbers.one_in(4).then(|| Money::from_fen(1 + numbers.below(20_000)));
        inputs.waivers.schemes.push(RunScheme {
            id: WaiverSchemeId(uuid::Uuid::from_u128(u128::try_from(place).unwrap())),
            name: format!("scheme {place}"),
            reason: String::new(),
            fee_items: vec![0, u16::try_from(numbers.below(3)).unwrap()],
            relief,
            who: numbers.of(&[RunWho::Everybody, RunWho::Groups(vec![0]), RunWho::Units(vec![1])]),
            from,
            to: numbers.one_in(2).then(|| from + 1 + 60),
            months_least: u32::try_from(numbers.below(3)).unwrap(),
            bill_most_fen: most(&mut numbers),
            year_most_fen: most(&mut numbers),
            used: Vec::new(),
        });
    }
}

/// Everything that comes of a run, in words.
fn outcomes(inputs: &RunInputs) -> String {
    use std::fmt::Write as _;
    let planner = Planner::new(inputs);
    let mut said = String::new();
    planner.plan(0..inputs.units.len(), |outcome| match outcome {
        Outcome::Skip(skip) => write!(said, "{skip:?}").unwrap(),
        Outcome::Bill(bill) => {
            write!(said, "{} {} {} {} {}", bill.unit, bill.fee_item, bill.period, bill.due_day, bill.amount.fen()).unwrap();
            for line in &bill.lines {
                let trace = serde_json::to_string(&planner.trace(line)).unwrap();
                write!(said, " {} {trace}", line.amount().fen()).unwrap();
            }
            for waiver in &bill.waivers {
                let trace = serde_json::to_string(&waiver.trace).unwrap();
                write!(said, " {} {} {trace}", waiver.scheme, waiver.amount.fen()).unwrap();
            }
            assert!(bill.waivers.iter().all(|waiver| waiver.amount.is_positive()) && !bill.to_pay().is_negative());
            for portion in &bill.portions {
                let told = serde_json::to_string(&portion.told()).unwrap();
                write!(said, " {told}").unwrap();
                assert!(!portion.waived.is_negative() && portion.waived <= portion.amount, "{told}");
            }
            if !bill.portions.is_empty() {
                let sum = |of: fn(&PlannedPortion) -> Money| Money::sum(bill.portions.iter().map(of)).unwrap();
                assert_eq!((sum(|one| one.amount), sum(|one| one.waived)), (bill.amount, bill.waived()));
            }
        }
    });
    said
}

/// Natively it is written down, in wasm32 compared: tools/test.mjs hands it over. Whatever changes a rule changes both.
#[test]
fn all_that_comes_out_is_the_same_natively_and_in_wasm32() {
    let (mut hash, mut bills, mut by_quota, mut by_all) = (Sha256::new(), 0_u64, 0_u64, 0_u64);
    for number in 0..RUNS {
        let said = outcomes(&run(number));
        bills += u64::from(said.contains("\"basis\""));
        by_quota += u64::from(said.contains("\"quota\""));
        by_all += u64::from(said.contains("\"of_all\""));
        hash.update(said);
    }
    assert!(bills > RUNS / 2, "only {bills} of {RUNS} runs made a bill");
    assert!(
        by_quota > RUNS / 50 && by_all > RUNS / 200,
        "only {by_quota} runs had a quota and {by_all} registers in tiers of all"
    );
    let digest = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    #[cfg(not(target_arch = "wasm32"))]
    {
        // Whoever builds into another folder has none here.
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../target");
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(format!("{folder}/generated.digest"), &digest).unwrap();
    }
    #[cfg(target_arch = "wasm32")]
    if let Some(native) = option_env!("ANJU_GENERATED_DIGEST") {
        assert_eq!(digest, native.trim(), "wasm32 against native; run the native unit tests first");
    }
}

/// A minimum never makes a line cheaper, and what it lifts is told with the tiers and parts that the usage itself filled.
#[test]
fn a_minimum_only_lifts() {
    let mut lifted = 0;
    for number in 0..4_000 {
        let inputs = run(number);
        let mut bare = inputs.clone();
        bare.tariffs.iter_mut().for_each(|tariff| tariff.rules.minimum = Minimum::default());
        let (planner, without) = (Planner::new(&inputs), Planner::new(&bare));
        for unit in 0..2 {
            for fee_item in 0..3 {
                let (Ok(bill), Ok(before)) = (planner.plan_one(unit, fee_item), without.plan_one(unit, fee_item)) else {
                    continue;
                };
                assert!(bill.amount >= before.amount, "run {number}: {} below {}", bill.amount, before.amount);
                for line in &bill.lines {
                    let PlannedLine::Priced(priced) = line else { continue };
                    lifted += usize::from(planner.trace(line).minimum.is_some());
                    let parts = &priced.line.parts;
                    let sum = Money::sum(parts.iter().map(|part| part.amount)).unwrap();
                    // What one figure costs of a line has no part.
                    let all = priced.line.raised_from.unwrap_or(priced.line.amount);
                    assert!(parts.is_empty() || sum <= all, "run {number}");
                }
            }
        }
    }
    assert!(lifted > 30, "only {lifted} lines were lifted");
}

/// What one run comes to does not depend on the order of its prices, spans and charges.
#[test]
fn the_order_of_inputs_does_not_matter() {
    for number in 0..2_000 {
        let inputs = run(number);
        let mut turned = inputs.clone();
        for tariff in &mut turned.tariffs {
            tariff.prices.reverse();
        }
        turned.usages.reverse();
        turned.sales.reverse();
        let amounts = |inputs: &RunInputs| {
            let planner = Planner::new(inputs);
            let mut amounts = Vec::new();
            planner.plan(0..2, |outcome| match outcome {
                Outcome::Bill(bill) => amounts.push(Ok(bill.amount)),
                Outcome::Skip(skip) => amounts.push(Err(skip.reason)),
            });
            amounts
        };
        // Two prices of one scope that begin on one day are refused when they are saved.
        let twice =
            |row: &PriceRow, rows: &[PriceRow]| rows.iter().filter(|one| (one.at, one.from) == (row.at, row.from)).count() > 1;
        if inputs.tariffs.iter().all(|tariff| tariff.prices.iter().all(|row| !twice(row, &tariff.prices))) {
            assert_eq!(amounts(&inputs), amounts(&turned), "run {number}");
        }
    }
}

/// A quarter and its three months differ by no more than half a fen for each line that is rounded.
#[test]
fn the_months_of_a_quarter_add_up_to_it() {
    for number in 0..2_000 {
        let mut inputs = run(number);
        let mut numbers = Numbers(number ^ 0xa11);
        inputs.first = format!("2028-{:02}", numbers.of(&[1, 4, 7])).parse().unwrap();
        inputs.months = 3;
        inputs.rents.clear();
        inputs.tariffs.truncate(1);
        let tariff = &mut inputs.tariffs[0];
        tariff.rules.mode = numbers.of(&[Mode::Area, Mode::Household, Mode::Head, Mode::Fixed, Mode::Value]);
        (tariff.rules.cycle, tariff.rules.cycle_from) = (Cycle::Monthly, CycleFrom::Calendar);
        tariff.rules.proration.rule = ProrationRule::Days;
        tariff.rules.rounding = crate::charging::tariff::Rounding::default();
        tariff.prices.iter_mut().for_each(|row| row.rate = Rate::Flat(numbers.price()));
        let keep: Vec<usize> = (0..inputs.charges.tariff.len()).filter(|at| inputs.charges.tariff[*at] == 0).collect();
        let charges = inputs.charges.clone();
        inputs.charges = RunCharges::default();
        for at in keep {
            inputs.charges.unit.push(charges.unit[at]);
            inputs.charges.tariff.push(0);
            inputs.charges.from.push(charges.from[at]);
            inputs.charges.to.push(charges.to[at]);
        }
        let Ok(whole) = Planner::new(&inputs).plan_one(0, 0) else { continue };
        let first = inputs.first;
        let months = (0..3).filter_map(|month| {
            let mut one = inputs.clone();
            (one.first, one.months) = (first.plus(month), 1);
            Planner::new(&one).plan_one(0, 0).ok().map(|bill| bill.amount.fen())
        });
        let sum: i64 = months.sum();
        assert!((sum - whole.amount.fen()).abs() <= 2, "run {number}: {sum} against {}", whole.amount);
    }
}
