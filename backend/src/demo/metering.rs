//! Meters, their monthly readings with a few oddities, and what is shared out.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use common::charging::rate::Counted;
use common::estate::draft::EstateDraft;
use common::estate::{UnitKind, UnitState};
use common::id::MeterId;
use common::metering::api::{
    Apportion, DefineMeter, DefineMeters, FirstReading, ImportReadings, OpenBook, Over, ShowInputs, ShowLoss, Source,
};
use common::metering::apportion::{Method, NegativeLoss, Taken, pool, seen, shares};
use common::metering::book::{Book, KnownMeter, NewReading, days_between, oddity};
use common::metering::usage::Mark;
use common::metering::{Role, Utility};
use common::period::{Day, Month};
use common::quantity::{Price, Quantity};

use super::caller::Caller;
use super::chance::{Chance, hash};
use super::staff::Staff;
use super::{Calendar, Estate, Made, clock};

/// A master meter and the meters below it, by code.
#[derive(Clone)]
pub(super) struct Master {
    id: MeterId,
    code: &'static str,
    utility: Utility,
    multiplier: i64,
}

fn masters(chance: &mut Chance, at: DateTime<Utc>) -> [Master; 2] {
    [
        Master { id: chance.id(at), code: "ZB-S-01", utility: Utility::Water, multiplier: 1 },
        Master { id: chance.id(at), code: "ZB-D-01", utility: Utility::Electricity, multiplier: 40 },
    ]
}

/// What a common meter showed when it was put up.
fn begun(code: &str) -> Quantity {
    whole(i64::try_from(hash(code) % 4_000).unwrap_or(0))
}

/// Which units have a meter of their own, and how its code begins.
fn metered(towers: bool) -> [(Utility, &'static str, Vec<UnitKind>); 2] {
    let business = vec![UnitKind::Shop, UnitKind::Office];
    let everybody = vec![UnitKind::Residence, UnitKind::Dormitory, UnitKind::Shop, UnitKind::Office];
    let electric = if towers { everybody.clone() } else { business };
    [(Utility::Water, "SB", everybody), (Utility::Electricity, "DB", electric)]
}

const PUBLIC: &[(&str, Utility, &str, i64)] = &[
    ("GB-D-01", Utility::Electricity, "1栋电梯及楼道照明", 620),
    ("GB-D-02", Utility::Electricity, "3栋电梯及楼道照明", 840),
    ("GB-D-03", Utility::Electricity, "地下车库照明与风机", 1_350),
    ("GB-D-04", Utility::Electricity, "水泵房", 980),
    ("GB-S-01", Utility::Water, "景观与绿化用水", 160),
];

pub(super) async fn set_up(caller: &mut Caller, staff: &Staff, calendar: &Calendar, estate: &mut Estate) -> Made<()> {
    let at = clock(calendar.founded(), 16, 0);
    let mut chance = Chance::of(&format!("{} meters", estate.name));
    let first = calendar.start() - TimeDelta::days(5);
    let masters = masters(&mut chance, at);
    if estate.towers {
        estate.masters = masters.to_vec();
    }
    let common = |id: MeterId, code: &str, role: Role, utility: Utility, place: &str| DefineMeter {
        community: estate.community,
        meter: id,
        code: code.to_owned(),
        role,
        utility,
        place: place.to_owned(),
        unit: None,
        building: None,
        parent: None,
        fee_item: if utility == Utility::Water { estate.fee_items.water } else { estate.fee_items.electricity },
        register: Counted::Total,
        multiplier: Quantity::ONE,
        digits: 7,
        first: Some(FirstReading { value: begun(code), day: first }),
    };
    // Everything is put up before the first reading, so that all baselines are of one day.
    let at = clock(first, 15, 0);
    for master in &estate.masters {
        let place = if master.utility == Utility::Water { "园区进水总表" } else { "1号配电房总表" };
        let ask = common(master.id, master.code, Role::Master, master.utility, place);
        caller.ask(staff.manager, at, &DefineMeter { multiplier: whole(master.multiplier), ..ask }).await?;
    }
    if estate.towers {
        for (code, utility, place, _) in PUBLIC {
            let parent = estate.masters.iter().find(|master| master.utility == *utility).map(|master| master.id);
            let ask = common(chance.id(at), code, Role::Public, *utility, place);
            caller.ask(staff.manager, at, &DefineMeter { parent, ..ask }).await?;
        }
    }
    for (utility, prefix, kinds) in metered(estate.towers) {
        let fee_item = if utility == Utility::Water { estate.fee_items.water } else { estate.fee_items.electricity };
        let ask = DefineMeters {
            community: estate.community,
            utility,
            fee_item,
            parent: estate.masters.iter().find(|master| master.utility == utility).map(|master| master.id),
            prefix: prefix.to_owned(),
            registers: Vec::new(),
            multiplier: Quantity::ONE,
            digits: 5,
            first: None,
            building: None,
            kinds,
        };
        caller.ask(staff.manager, at, &ask).await?;
    }
    Ok(())
}

/// The readings of the month at this place, and what is shared out of them in the last months.
pub(super) async fn read(caller: &mut Caller, staff: &Staff, calendar: &Calendar, estate: &Estate, place: usize) -> Made<()> {
    let Some(month) = calendar.months.get(place).copied() else { return Ok(()) };
    let day = calendar.day(month, 26);
    let at = clock(day, 16, 30).min(calendar.now);
    let book = caller.ask(staff.reader, at, &OpenBook { community: estate.community, month }).await?;
    let round = Round::new(&estate.draft, calendar, place, month, day);
    let rows = round.rows(&book.meters);
    let mut chance = Chance::of(&format!("{} {month}", estate.name));
    let import = ImportReadings {
        community: estate.community,
        import: chance.id(at),
        file_name: format!("{}{month}抄表.xlsx", estate.name),
        month,
        rows,
    };
    caller.ask(staff.reader, at, &import).await?;
    if place + 3 >= calendar.months.len() {
        apportion(caller, staff, calendar, estate, month, &mut chance).await?;
    }
    Ok(())
}

/// One month's walk along the meters.
struct Round {
    place: usize,
    last: bool,
    month: Month,
    day: Day,
    first: Day,
    /// Codes of units in which nobody lives or works.
    empty: HashSet<String>,
}

impl Round {
    fn new(draft: &EstateDraft, calendar: &Calendar, place: usize, month: Month, day: Day) -> Self {
        let lived_in = |state| matches!(state, UnitState::Occupied | UnitState::Let);
        let empty = draft.units.iter().filter(|unit| !lived_in(unit.state)).map(|unit| draft.code(unit)).collect();
        let last = place + 1 == calendar.months.len();
        Self { place, last, month, day, first: calendar.start() - TimeDelta::days(5), empty }
    }

    fn rows(&self, meters: &[KnownMeter]) -> Vec<NewReading> {
        let mut used: HashMap<Utility, i64> = HashMap::new();
        let mut rows = Vec::new();
        for meter in meters.iter().filter(|meter| meter.role != Role::Master) {
            // In the last month a few doors stayed shut.
            if self.last && meter.role == Role::Household && hash(&meter.code) % 149 == 7 {
                continue;
            }
            let usage = self.usage(meter);
            *used.entry(meter.utility).or_default() += usage;
            rows.push(self.row(meter, usage));
        }
        for meter in meters.iter().filter(|meter| meter.role == Role::Master) {
            let below = used.get(&meter.utility).copied().unwrap_or(0);
            let loss = 2 + hash(&format!("{} {}", meter.code, self.month)) % 3;
            let through = below + below * i64::try_from(loss).unwrap_or(3) / 100;
            rows.push(self.row(meter, through / (meter.multiplier.scaled() / 10_000).max(1) + 1));
        }
        rows
    }

    /// What went through a meter in the month, in whole units of its register.
    fn usage(&self, meter: &KnownMeter) -> i64 {
        let own = i64::try_from(hash(&meter.code) % 1_000).unwrap_or(0);
        let jitter = i64::try_from(hash(&format!("{} {}", meter.code, self.month)) % 31).unwrap_or(0) - 15;
        let summer = matches!(self.month.number() % 100, 6..=9);
        if meter.role == Role::Public {
            let base = PUBLIC.iter().find(|(code, ..)| *code == meter.code).map_or(300, |(.., base)| *base);
            return base + base * jitter / 100;
        }
        if self.empty.contains(&meter.unit_code) {
            return 0;
        }
        let base = match meter.utility {
            Utility::Water => 6 + own % 19,
            _ => 90 + own % 260,
        };
        let base = if summer { base * 13 / 10 } else { base };
        let usual = base + base * jitter / 100;
        match self.odd(meter) {
            Some(times) => usual * times,
            None => usual,
        }
    }

    /// A burst pipe here, a forgotten heater there; more of them in the last month, for somebody to look at.
    fn odd(&self, meter: &KnownMeter) -> Option<i64> {
        let one_in = if self.last { 90 } else { 311 };
        (self.place > 2 && hash(&format!("odd {} {}", meter.code, self.month)) % one_in == 5).then_some(5)
    }

    fn row(&self, meter: &KnownMeter, usage: i64) -> NewReading {
        let digits = u32::min(meter.digits, 9);
        let size = 10_i64.pow(digits);
        // Meters start anywhere; some near their end, so that they pass it.
        let begun = i64::try_from(hash(&format!("start {}", meter.code)) % 9_000).unwrap_or(0);
        let begun = if hash(&meter.code) % 97 == 3 { size - 60 } else { begun };
        let first = meter.last.is_none().then(|| FirstReading { value: whole(begun), day: self.first });
        let known = meter.last.or(first).map_or(Quantity::ZERO, |last| last.value);
        let before = known.scaled() / 10_000;
        let mut value = before + usage;
        let mut mark = None;
        if value >= size {
            value -= size;
            mark = Some(Mark::RolledOver);
        } else if self.place == 2 && meter.role == Role::Household && hash(&meter.code) % 173 == 11 {
            // Exchanged: the old one ended a little later, the new one began at zero.
            let new_initial = Quantity::ZERO;
            mark = Some(Mark::Replaced { old_final: whole(before + usage / 2), old_multiplier: meter.multiplier, new_initial });
            value = usage - usage / 2;
        }
        let days = meter.last.or(first).map(|last| days_between(last.day, self.day));
        let odd = oddity(whole(usage), &meter.past, days).is_some();
        // Of the last month's odd readings some still wait for a second look.
        let waits = self.last && !hash(&meter.code).is_multiple_of(3);
        NewReading {
            meter: meter.id,
            day: self.day,
            value: whole(value),
            mark,
            previous: meter.last.map(|last| last.value),
            first,
            confirmed: odd && !waits,
            previous_differs: false,
            note: if odd && !waits { "已复核".to_owned() } else { String::new() },
        }
    }
}

async fn apportion(
    caller: &mut Caller,
    staff: &Staff,
    calendar: &Calendar,
    estate: &Estate,
    month: Month,
    chance: &mut Chance,
) -> Made<()> {
    let Some(master) = estate.masters.iter().find(|master| master.utility == Utility::Electricity) else { return Ok(()) };
    let at = clock(calendar.day(month, 28), 10, 0).min(calendar.now);
    let ask = ShowInputs { community: estate.community, month, meter: Some(master.id), method: None };
    let inputs = caller.ask(staff.manager, at, &ask).await?;
    let price: Price = "0.60886875".parse()?;
    let over = Over { buildings: Vec::new(), kinds: vec![UnitKind::Residence], metered: true, vacant: true };
    let Some(figures) = inputs.figures else { return Ok(()) };
    let pool = pool(&figures, Taken::Both, price, NegativeLoss::Stops).map_err(|no| no.problem())?;
    let sharers: Vec<_> = inputs.units.iter().filter(|unit| over.includes(unit)).map(|unit| unit.sharer()).collect();
    let shares = shares(pool, Method::Area, None, &sharers).map_err(|no| no.problem())?;
    let losses = caller.ask(staff.manager, at, &ShowLoss { community: estate.community, month }).await?;
    let loss = losses.iter().find(|loss| loss.meter == master.id);
    let ask = Apportion {
        community: estate.community,
        apportionment: chance.id(at),
        month,
        source: Source::Meter { meter: master.id, taken: Taken::Both, price, negative: NegativeLoss::Stops },
        fee_item: estate.fee_items.shared,
        method: Method::Area,
        formula: String::new(),
        over,
        unread: loss.map_or(0, |loss| loss.unread),
        review: loss.map_or(0, |loss| loss.review),
        seen: seen(Some(&figures), pool, &shares),
    };
    caller.ask(staff.manager, at, &ask).await?;
    Ok(())
}

fn whole(value: i64) -> Quantity {
    Quantity::from_scaled(value * 10_000)
}

/// The book of the month after the last one that was read in the towers, as the product knows it then.
pub(super) fn next_book(draft: &EstateDraft, calendar: &Calendar) -> Book {
    let mut meters = Vec::new();
    let at = clock(calendar.founded(), 16, 0);
    let mut chance = Chance::of("samples");
    let first = calendar.start() - TimeDelta::days(5);
    let mut common = |code: &str, role: Role, utility: Utility, label: &str, multiplier: i64| KnownMeter {
        id: chance.id(at),
        code: code.to_owned(),
        role,
        utility,
        unit_code: String::new(),
        label: label.to_owned(),
        register: Counted::Total,
        multiplier: whole(multiplier),
        digits: 7,
        last: Some(FirstReading { value: begun(code), day: first }),
        least: None,
        read: None,
        past: Vec::new(),
    };
    for (utility, prefix, kinds) in metered(true) {
        for unit in draft.units.iter().filter(|unit| kinds.contains(&unit.kind)) {
            let code = draft.code(unit);
            let meter = common(&format!("{prefix}-{code}"), Role::Household, utility, &draft.label(unit), 1);
            meters.push(KnownMeter { unit_code: code, digits: 5, last: None, ..meter });
        }
    }
    for master in masters(&mut Chance::of("masters"), at) {
        meters.push(common(master.code, Role::Master, master.utility, master.code, master.multiplier));
    }
    for (code, utility, place, _) in PUBLIC {
        meters.push(common(code, Role::Public, *utility, place, 1));
    }
    for (place, month) in calendar.months.iter().enumerate() {
        let round = Round::new(draft, calendar, place, *month, calendar.day(*month, 26));
        let rows: HashMap<MeterId, NewReading> = round.rows(&meters).into_iter().map(|row| (row.meter, row)).collect();
        for meter in &mut meters {
            if let Some(row) = rows.get(&meter.id) {
                meter.last = Some(FirstReading { value: row.value, day: row.day });
            }
        }
    }
    Book { month: Month::of(calendar.today), meters }
}

/// What the meters of that book show, with the day on which they are read.
pub(super) fn next_round(draft: &EstateDraft, calendar: &Calendar, book: &Book) -> Vec<NewReading> {
    Round::new(draft, calendar, calendar.months.len(), book.month, calendar.today).rows(&book.meters)
}
