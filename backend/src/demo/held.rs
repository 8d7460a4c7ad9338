//! Deposits of homes that are being decorated, most of which went back after the inspection, and owners who paid ahead.

use chrono::{DateTime, TimeDelta, Utc};
use common::billing::api::RaiseBill;
use common::cashier::Method;
use common::cashier::api::{Collect, GiveBack, RefundLine};
use common::cashier::settle::{BillAmount, MethodAmount, TakeHeld};
use common::charging::api::{Earlier, PriceScope, SaveFeeItem, SaveTariff, SetPrice};
use common::charging::rate::Rate;
use common::charging::tariff::{Cycle, FeeItemKind, Mode, Offsetting, TariffRules};
use common::estate::kind::{UnitKind, UnitState};
use common::id::{BillId, FeeItemId, UnitId};
use common::money::Money;
use common::period::Month;

use super::caller::Caller;
use super::chance::Chance;
use super::staff::Staff;
use super::{Calendar, Estate, Made, clock};

/// Under which fee items money is held.
#[derive(Clone, Copy)]
pub(super) struct Held {
    deposit: FeeItemId,
    ahead: FeeItemId,
    for_water: FeeItemId,
    /// What a builder broke, and the deposit pays.
    damage: FeeItemId,
}

/// A deposit of 2,000 yuan.
const DEPOSIT: Money = Money::from_fen(2_000_00);
/// What owners pay ahead for all fees, and for water alone.
const AHEAD: Money = Money::from_fen(1_200_00);
const FOR_WATER: Money = Money::from_fen(300_00);

/// The fee items, and what a deposit is where it is charged by a run.
pub(super) async fn set_up(caller: &mut Caller, staff: &Staff, calendar: &Calendar, estate: &Estate) -> Made<Held> {
    let at = clock(calendar.founded(), 15, 0);
    let mut chance = Chance::of(&format!("{} held", estate.name));
    let community = estate.community;
    let held = Held { deposit: chance.id(at), ahead: chance.id(at), for_water: chance.id(at), damage: chance.id(at) };
    let item = |fee_item, code, name, kind| SaveFeeItem::of(community, fee_item, code, name, kind);
    let for_all = SaveFeeItem {
        offsetting: Some(Offsetting::AtGeneration),
        ..item(held.ahead, "YCK", "预存款", FeeItemKind::Prepayment)
    };
    let for_water = SaveFeeItem {
        pays_for: Some(estate.fee_items.water),
        ..item(held.for_water, "SFYC", "水费预存", FeeItemKind::Prepayment)
    };
    let deposit = item(held.deposit, "ZXYJ", "装修押金", FeeItemKind::Deposit);
    let damage = item(held.damage, "PCK", "修复赔偿", FeeItemKind::OneOff);
    for ask in [for_all, for_water, deposit, damage] {
        caller.ask(staff.manager, at, &ask).await?;
    }
    let tariff = chance.id(at);
    let rules = TariffRules { cycle: Cycle::Once, ..TariffRules::of_mode(Mode::Household) };
    let save = SaveTariff { community, tariff, fee_item: held.deposit, name: "住宅装修押金".to_owned(), rules };
    caller.ask(staff.manager, at, &save).await?;
    let price = SetPrice {
        community,
        tariff,
        price: chance.id(at),
        scope: PriceScope::Community,
        rate: Rate::Flat("2000".parse()?),
        from: calendar.start(),
        to: None,
        earlier: Earlier::Ended,
        reason: "装修管理服务协议".to_owned(),
    };
    caller.ask(staff.manager, at, &price).await?;
    Ok(held)
}

/// What comes in and goes back in the month after the one at this place.
pub(super) async fn month(
    caller: &mut Caller,
    staff: &Staff,
    calendar: &Calendar,
    (estate, held): (&Estate, Held),
    place: usize,
) -> Made<()> {
    let Some(month) = calendar.months.get(place).copied() else { return Ok(()) };
    let homes = homes(estate);
    // Every second month somebody begins to decorate; whoever began half a year before has been inspected.
    if place.is_multiple_of(2) {
        if let Some((unit, _)) = homes.get(place * 3) {
            take(caller, staff, calendar, estate, *unit, held.deposit, DEPOSIT, month).await?;
        }
        if let Some(((unit, owner), began)) = place.checked_sub(4).and_then(|before| Some((homes.get(before * 3)?, before))) {
            let began = calendar.months.get(began).copied().unwrap_or(month);
            back(
                caller,
                staff,
                calendar,
                (estate, held),
                (*unit, owner),
                (bill(estate, *unit, held.deposit, began), place),
                month,
            )
            .await?;
        }
    }
    // Some pay a few months ahead, a few for water alone.
    let item = if place % 3 == 2 { (held.for_water, FOR_WATER) } else { (held.ahead, AHEAD) };
    if let Some((unit, _)) = homes.get(place * 3 + 1) {
        take(caller, staff, calendar, estate, *unit, item.0, item.1, month).await?;
    }
    Ok(())
}

/// Homes that somebody owns and lives in, with the owner's name.
fn homes(estate: &Estate) -> Vec<(UnitId, String)> {
    let draft = &estate.draft;
    let homes =
        draft.units.iter().zip(0_u32..).filter(|(unit, _)| unit.kind == UnitKind::Residence && unit.state == UnitState::Occupied);
    homes
        .filter_map(|(unit, place)| {
            let holder = draft.occupancies.iter().find(|held| held.unit == place && held.to_day.is_none())?;
            let owner = draft.residents.get(usize::try_from(holder.resident).ok()?)?;
            Some((estate.unit(&draft.code(unit))?, owner.name.clone()))
        })
        .collect()
}

/// The bill of a holding: whoever gives it back finds it by what it is about.
fn bill(estate: &Estate, unit: UnitId, fee_item: FeeItemId, month: Month) -> BillId {
    Chance::of(&format!("{} {unit} {fee_item} {month}", estate.name)).id(clock(month.plus(1).first_day(), 15, 0))
}

#[expect(clippy::too_many_arguments, reason = "a deed of the demonstration: who, when, where, what")]
async fn take(
    caller: &mut Caller,
    staff: &Staff,
    calendar: &Calendar,
    estate: &Estate,
    unit: UnitId,
    fee_item: FeeItemId,
    amount: Money,
    month: Month,
) -> Made<()> {
    let at = clock(calendar.day(month.plus(1), 12), 15, 20).min(calendar.now - TimeDelta::hours(9));
    let mut chance = Chance::of(&format!("{} {unit} {fee_item} {month} payment", estate.name));
    let ask = Collect {
        community: estate.community,
        payment: chance.id(at),
        unit,
        bills: Vec::new(),
        takes: vec![TakeHeld { bill: bill(estate, unit, fee_item, month), fee_item, amount_fen: amount }],
        payer: String::new(),
        methods: vec![MethodAmount { method: Method::Wechat, amount_fen: amount, reference: String::new() }],
        tendered_fen: None,
        note: String::new(),
    };
    caller.ask(staff.cashier, at, &ask).await?;
    Ok(())
}

/// What the lift's panelling cost.
const DAMAGE: Money = Money::from_fen(400_00);

/// The deposit pays for what was broken, before the rest goes back.
async fn set_off(
    caller: &mut Caller,
    staff: &Staff,
    (estate, held): (&Estate, Held),
    unit: UnitId,
    at: DateTime<Utc>,
) -> Made<()> {
    let mut chance = Chance::of(&format!("{} {unit} damage {at}", estate.name));
    let day = (at + TimeDelta::hours(8)).date_naive();
    let bill = chance.id(at);
    let raise = RaiseBill {
        community: estate.community,
        bill,
        unit,
        fee_item: held.damage,
        amount_fen: DAMAGE,
        period_from: day,
        period_to: day + TimeDelta::days(1),
        due_day: day,
        note: "装修划伤电梯轿厢".to_owned(),
    };
    caller.ask(staff.cashier, at, &raise).await?;
    let pay = Collect {
        community: estate.community,
        payment: chance.id(at),
        unit,
        bills: vec![BillAmount::whole(bill, DAMAGE)],
        takes: Vec::new(),
        payer: String::new(),
        methods: vec![MethodAmount { method: Method::Deposit, amount_fen: DAMAGE, reference: String::new() }],
        tendered_fen: None,
        note: String::new(),
    };
    caller.ask(staff.cashier, at, &pay).await?;
    Ok(())
}

/// All of it, or less what was broken.
async fn back(
    caller: &mut Caller,
    staff: &Staff,
    calendar: &Calendar,
    (estate, held): (&Estate, Held),
    (unit, owner): (UnitId, &str),
    (bill, place): (BillId, usize),
    month: Month,
) -> Made<()> {
    let at = clock(calendar.day(month.plus(1), 13), 10, 5).min(calendar.now - TimeDelta::hours(8));
    let whole = place % 3 != 0;
    let (amount, reason) = if whole {
        (DEPOSIT, "装修验收合格，全额退还")
    } else {
        set_off(caller, staff, (estate, held), unit, at - TimeDelta::minutes(6)).await?;
        (Money::from_fen(DEPOSIT.fen() - DAMAGE.fen()), "装修验收，抵扣电梯轿厢修复费后退还")
    };
    let ask = GiveBack {
        community: estate.community,
        refund: Chance::of(&format!("{} {bill} back", estate.name)).id(at),
        unit,
        lines: vec![RefundLine { bill, amount_fen: amount, left_fen: amount }],
        method: Method::Transfer,
        reference: format!("HZ{}{place:02}", month.number()),
        payee: owner.to_owned(),
        reason: reason.to_owned(),
    };
    caller.ask(staff.cashier, at, &ask).await?;
    Ok(())
}
