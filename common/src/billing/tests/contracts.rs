//! What a contract foresees is what runs bill, one after the other.

use super::*;
use crate::charging::contract::Contract;
use crate::charging::rent::{EscalateBy, Escalation, Rent};
use crate::charging::tariff::{CycleFrom, DueFrom};
use crate::period::{Month, Period};

fn shop(mode: Mode, from: &str, to: Option<&str>) -> Contract {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let escalation = Escalation { every_months: 12, by: EscalateBy::Rate, step: "0.0333".parse().unwrap(), compounding: true };
    let free = Period { from: day(from), to: day(from) + chrono::TimeDelta::days(47) };
    Contract {
        rules: TariffRules::of_mode(mode),
        rent: Rent { free: vec![free], escalation: Some(escalation), ..Rent::of("85.5".parse().unwrap()) },
        from: day(from),
        to: to.map(day),
        kind: UnitKind::Shop,
        area: Some("73.37".parse().unwrap()),
        handed_over: Some(day("2023-05-31")),
    }
}

/// The inputs of a run for the contract alone.
fn run(contract: &Contract, first: Month, months: u32) -> RunInputs {
    let mut inputs = october(1);
    let of = tariff(0, 0, contract.rules.mode, "1");
    inputs.tariffs = vec![RunTariff { rules: contract.rules.clone(), prices: Vec::new(), ..of }];
    inputs.units.area = vec![contract.area.unwrap().scaled()];
    inputs.units.kind = vec![contract.kind];
    inputs.units.handed_over = vec![contract.handed_over.map(number_of)];
    inputs.charges = RunCharges::default();
    charge(&mut inputs, 0, 0, &contract.from.to_string(), contract.to.map(|to| to.to_string()).as_deref());
    inputs.rents = vec![RunRent { charge: 0, rent: contract.rent.clone() }];
    (inputs.first, inputs.months) = (first, months);
    inputs
}

/// All bills that runs of the cycle's length make, from the contract's beginning on, with the days of each.
fn billed(contract: &Contract, runs: i32) -> Vec<(Period, Money)> {
    let months = if contract.rules.cycle_from == CycleFrom::Calendar { contract.rules.cycle.months() } else { 1 };
    let first = Month::of(contract.from);
    let first = first.plus(-((first.number() % 100 - 1) % i32::try_from(months).unwrap()));
    let mut bills = Vec::new();
    // Cycles from an anniversary may have begun before the contract.
    for count in -12..runs {
        let inputs = run(contract, first.plus(count * i32::try_from(months).unwrap()), months);
        if let Ok(bill) = Planner::new(&inputs).plan_one(0, 0) {
            bills.push((bill.period, bill.amount));
        }
    }
    bills
}

#[test]
fn what_a_contract_foresees_is_what_runs_bill() {
    for mode in [Mode::Area, Mode::Household, Mode::Fixed] {
        for cycle in [Cycle::Monthly, Cycle::Quarterly, Cycle::HalfYearly, Cycle::Yearly] {
            for (from, due) in [
                (CycleFrom::Calendar, DueFrom::InArrears),
                (CycleFrom::Anniversary, DueFrom::InAdvance),
                (CycleFrom::Anniversary, DueFrom::InArrears),
            ] {
                for rule in ProrationRule::ALL.iter().copied() {
                    let mut contract = shop(mode, "2024-03-16", Some("2027-02-10"));
                    (contract.rules.cycle, contract.rules.cycle_from, contract.rules.due.from) = (cycle, from, due);
                    contract.rules.proration.rule = rule;
                    let runs = billed(&contract, 60);
                    let foreseen: Vec<_> =
                        contract.bills(contract.to.unwrap()).into_iter().filter(|bill| !bill.amount.is_zero()).collect();
                    let amounts = |bills: &[(Period, Money)]| bills.iter().map(|(_, amount)| *amount).collect::<Vec<_>>();
                    let own: Vec<Money> = foreseen.iter().map(|bill| bill.amount).collect();
                    assert_eq!(own, amounts(&runs), "{mode:?} {cycle:?} {from:?} {due:?} {rule:?}");
                    // What a run bills holds the days of the contract.
                    assert!(
                        foreseen.iter().zip(&runs).all(|(bill, (period, _))| period.overlap(bill.period) == Some(bill.period))
                    );
                }
            }
        }
    }
}

#[test]
fn a_contract_is_foreseen_month_by_month() {
    let mut contract = shop(Mode::Fixed, "2026-01-16", Some("2027-03-11"));
    contract.rent.price = "3100".parse().unwrap();
    contract.rent.free = vec![Period { from: "2026-01-16".parse().unwrap(), to: "2026-03-01".parse().unwrap() }];
    let said: Vec<String> = contract
        .bills(contract.to.unwrap())
        .iter()
        .map(|bill| format!("{} {} {}", bill.period, bill.amount, bill.part))
        .collect();
    // Two rent-free months; on 16 January 2027 the rent grows by 3.33 %: 15/31 of 3,100 and 16/31 of 3,203.23; 10 of 31 days.
    assert_eq!(said.first().map(String::as_str), Some("2026-01-16 – 2026-01-31 0.00 true"));
    assert_eq!(said.get(1).map(String::as_str), Some("2026-02-01 – 2026-02-28 0.00 false"));
    assert_eq!(said.get(2).map(String::as_str), Some("2026-03-01 – 2026-03-31 3,100.00 false"));
    assert_eq!(said.get(12).map(String::as_str), Some("2027-01-01 – 2027-01-31 3,153.28 false"));
    assert_eq!(said.get(14).map(String::as_str), Some("2027-03-01 – 2027-03-10 1,033.30 true"));
    assert_eq!(said.len(), 15);
    let open = Contract { to: None, ..contract.clone() };
    assert_eq!(open.bills("2028-01-16".parse().unwrap()).len(), 25);
    contract.area = None;
    contract.rules.mode = Mode::Area;
    assert!(contract.bills(contract.to.unwrap()).is_empty());
}
