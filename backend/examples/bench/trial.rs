//! Pricing alone, mode by mode, and what-if over a community: natively here, on inputs that the browser is given as files.

use std::path::Path;
use std::time::Instant;

use common::billing::inputs::RunInputs;
use common::billing::plan::Planner;
use common::billing::what_if::{Change, Comparison, Trial, what_if};
use common::charging::api::PriceScope;
use common::charging::proration::number_of;
use common::charging::rate::Rate;
use common::charging::tariff::{Mode, TariffRules};
use common::charging::tier::{Tier, TierScope, Tiers};
use common::id::{PeopleGroupId, WaiverSchemeId};
use common::money::Money;
use common::period::Day;
use common::quantity::{Price, Quantity};
use common::waivers::api::SaveScheme;
use common::waivers::inputs::{RunGroup, RunScheme, RunWho, TrialWaivers};
use common::waivers::scheme::{SchemeRules, WhoKind};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Outcome, micros, percentile};

/// Units of a pricing, and the first of those that are timed: what the worker plans between two looks at its messages.
const UNITS: u32 = 10_000;
const FROM: u32 = 2_000;
const TIMES: usize = 25;

/// A way to charge.
struct Way {
    name: &'static str,
    rules: TariffRules,
    rate: Rate,
}

fn ways() -> Vec<Way> {
    let flat = |scaled| Rate::Flat(Price::from_scaled(scaled));
    let tier = |up_to: Option<i64>, scaled| Tier {
        up_to: up_to.map(|bound| Quantity::from_scaled(bound * 10_000)),
        price: Price::from_scaled(scaled),
        per_person: None,
    };
    let tiers =
        Tiers::new(TierScope::Month, vec![tier(Some(15), 290_000_000), tier(Some(25), 385_000_000), tier(None, 670_000_000)]);
    let formula = "if(面积 > 90, 90 × 单价 + (面积 - 90) × 单价 × 1.2, 面积 × 单价) + 5";
    let of_formula = TariffRules { formula: formula.to_owned(), ..TariffRules::of_mode(Mode::Formula) };
    vec![
        Way { name: "area", rules: TariffRules::of_mode(Mode::Area), rate: flat(280_000_000) },
        Way { name: "fixed", rules: TariffRules::of_mode(Mode::Fixed), rate: flat(3_000_000_000) },
        Way { name: "flat", rules: TariffRules::of_mode(Mode::Usage), rate: flat(290_000_000) },
        Way { name: "tiered", rules: TariffRules::of_mode(Mode::Usage), rate: Rate::Tiered(tiers) },
        Way { name: "formula", rules: of_formula, rate: flat(280_000_000) },
    ]
}

fn id(kind: u128, number: u32) -> String {
    Uuid::from_u128(kind << 64 | u128::from(number)).to_string()
}

/// A community of so many units that is charged in these ways, as the server would send it.
fn inputs(units: u32, ways: &[Way]) -> Outcome<(String, RunInputs)> {
    let since = number_of(Day::from_ymd_opt(2020, 1, 1).ok_or("a day")?);
    let all = || 0..units;
    let numbers = || (0_u16..).zip(ways);
    let column = |value: &dyn Fn(u32) -> Value| all().map(value).collect::<Vec<_>>();
    let charges = || all().flat_map(|unit| numbers().map(move |(tariff, _)| (unit, tariff)));
    let usages = all().flat_map(|unit| {
        let metered = numbers().filter(|(_, way)| way.rules.mode == Mode::Usage);
        metered.map(move |(fee_item, _)| {
            json!({ "unit": unit, "fee_item": fee_item, "usage": format!("{}.{}", 5 + unit % 40, unit % 10), "meters": [] })
        })
    });
    let value = json!({
        "community": id(1, 1), "first": "2026-10", "months": 1, "issued_day": "2026-11-01",
        "fee_items": numbers().map(|(at, way)| json!({ "id": id(2, at.into()), "name": way.name, "kind": "other" })).collect::<Vec<_>>(),
        "tariffs": numbers().map(|(at, way)| json!({
            "id": id(3, at.into()), "fee_item": at, "name": way.name, "rules": way.rules,
            "prices": [{ "at": "community", "from": since, "to": null, "rate": way.rate }],
        })).collect::<Vec<_>>(),
        "buildings": (0..units.div_ceil(500)).map(|at| json!({ "id": id(5, at), "name": format!("{}栋", at + 1) })).collect::<Vec<_>>(),
        "units": {
            "id": column(&|unit| json!(id(4, unit))),
            "label": column(&|unit| json!(format!("{}栋{:03}", unit / 500 + 1, unit % 500))),
            "building": column(&|unit| json!(unit / 500)),
            "entrance": column(&|_| json!(null)),
            "floor": column(&|unit| json!(unit % 25 + 1)),
            "area": column(&|unit| json!(600_000 + (unit * 7) % 900 * 1_000)),
            "handed_over": column(&|_| json!(since)),
            "kind": column(&|_| json!("residence")),
        },
        "charges": {
            "unit": charges().map(|(unit, _)| unit).collect::<Vec<_>>(),
            "tariff": charges().map(|(_, tariff)| tariff).collect::<Vec<_>>(),
            "from": charges().map(|_| since).collect::<Vec<_>>(),
            "to": charges().map(|_| Value::Null).collect::<Vec<_>>(),
        },
        "billed": { "unit": [], "fee_item": [], "from": [], "to": [], "once": [] },
        "held": { "unit": [], "from": [], "to": [] },
        "usages": usages.collect::<Vec<_>>(), "no_usages": [], "shares": [],
        "before": { "unit": [], "fee_item": [], "amount_fen": [] },
    });
    let text = value.to_string();
    let inputs = RunInputs::read(text.as_bytes())?;
    Ok((text, inputs))
}

/// The lines of each mode that one core prices in a second.
pub(crate) fn pricing(folder: &Path) -> Outcome<String> {
    let mut measured = Vec::new();
    for way in ways() {
        let (name, ways) = (way.name, [way]);
        let (text, inputs) = inputs(UNITS, &ways)?;
        std::fs::write(folder.join(format!("{name}.json")), text)?;
        let planner = Planner::new(&inputs);
        let mut times = Vec::new();
        let mut lines = 0;
        for _ in 0..TIMES {
            lines = 0;
            let start = Instant::now();
            planner.plan_of(FROM..UNITS, &[0], |outcome| {
                lines += u64::from(matches!(std::hint::black_box(outcome), common::billing::plan::Outcome::Bill(_)));
            });
            times.push(micros(start));
        }
        measured
            .push(json!({ "mode": name, "lines": lines, "micros": percentile(&mut times, 50), "changes": dearer(&inputs, 1) }));
    }
    Ok(json!({ "modes": measured }).to_string())
}

/// Every price a little dearer, in so many steps.
fn dearer(inputs: &RunInputs, step: i64) -> Vec<Change> {
    let up = |price: Price| Price::from_scaled(price.scaled() + step * 1_000_000);
    let dearer = |rate: &Rate| match rate.clone() {
        Rate::Flat(price) => Rate::Flat(up(price)),
        Rate::Tiered(mut tiers) => {
            tiers.steps.iter_mut().for_each(|tier| tier.price = up(tier.price));
            Rate::Tiered(tiers)
        }
        other => other,
    };
    let of = |tariff: &common::billing::inputs::RunTariff| Change::Price {
        tariff: tariff.id,
        scope: PriceScope::Community,
        from: inputs.first.first_day(),
        to: None,
        rate: tariff.prices.first().map(|row| dearer(&row.rate)),
    };
    inputs.tariffs.iter().map(of).collect()
}

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum What {
    Prices,
    Schemes,
}

/// A scheme for one home in ten that is in force, and another that is tried beside it for everybody, in so many steps: half off up
/// to a most of each bill and of the year, so that every fee item and every bill before counts.
fn schemes(inputs: &mut RunInputs) -> Vec<Vec<Change>> {
    let group = PeopleGroupId(Uuid::from_u128(6 << 64));
    let unit: Vec<u32> = (0..inputs.units.len()).step_by(10).collect();
    let (from, to) = (vec![i32::MIN; unit.len()], vec![i32::MAX; unit.len()]);
    inputs.waivers.groups = vec![RunGroup { name: "低保户".to_owned(), unit, from, to }];
    let save = |number: u128, rules: SchemeRules| SaveScheme {
        community: inputs.community,
        scheme: WaiverSchemeId(Uuid::from_u128(7 << 64 | number)),
        name: format!("方案{number}"),
        reason: "试算".to_owned(),
        rank: i32::try_from(number).unwrap_or(1),
        from: inputs.first.first_day(),
        to: None,
        rules: SchemeRules { fee_items: inputs.fee_items.iter().map(|item| item.id).collect(), ..rules },
    };
    let of_group = SchemeRules { who: WhoKind::Groups, groups: vec![group], ..SchemeRules::blank() };
    let known = save(1, of_group);
    let step = |most: i64| SchemeRules {
        who: WhoKind::Everybody,
        bill_most_fen: Some(Money::from_fen(5_000 + most)),
        year_most_fen: Some(Money::from_fen(10_000)),
        ..SchemeRules::blank()
    };
    let steps = (1..=10).map(|number| vec![Change::Scheme(Box::new(save(2, step(number))))]).collect();
    inputs.waivers.schemes = vec![RunScheme {
        id: known.scheme,
        name: known.name.clone(),
        reason: known.reason.clone(),
        fee_items: (0_u16..).zip(&inputs.fee_items).map(|(place, _)| place).collect(),
        relief: known.rules.what(),
        who: RunWho::Groups(vec![0]),
        from: number_of(known.from),
        to: None,
        months_least: 0,
        bill_most_fen: None,
        year_most_fen: None,
        used: Vec::new(),
    }];
    inputs.waivers.trial = Some(TrialWaivers { ranks: vec![known.rank], groups: vec![group], used: Vec::new() });
    steps
}

/// Another change on a community whose plan as in force is known: three fee items, by area, tiers and formula.
pub(crate) fn trial(units: u32, what: What, file: &Path) -> Outcome<String> {
    let ways: Vec<Way> = ways().into_iter().filter(|way| ["area", "tiered", "formula"].contains(&way.name)).collect();
    let (_, mut inputs) = inputs(units, &ways)?;
    let steps: Vec<Vec<Change>> = match what {
        What::Prices => (1..=10).map(|step| dearer(&inputs, step)).collect(),
        What::Schemes => schemes(&mut inputs),
    };
    let text = serde_json::to_string(&inputs)?;
    std::fs::write(file, &text)?;
    let mut trial = Trial::new(inputs);
    let mut times = Vec::new();
    let mut made = Comparison::default();
    for (step, changes) in steps.iter().enumerate() {
        let start = Instant::now();
        made = what_if(&mut trial, changes, &[], |_| {}).map_err(|problem| problem.code)?.0;
        // The first plans what is in force, too.
        if step > 0 {
            times.push(micros(start));
        }
    }
    let (sum, what) = (made.after_fen.fen(), format!("{what:?}").to_lowercase());
    let micros = percentile(&mut times, 50);
    Ok(json!({ "units": units, "what": what, "bytes": text.len(), "micros": micros, "after_fen": sum, "changes": steps })
        .to_string())
}
