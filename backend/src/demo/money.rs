//! Monthly runs, and how people pay: most within a month or two, some late, some in part, some never.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use common::billing::api::{Generate, GetRun, GetRunInputs, RunState, Seen, SeenTotal};
use common::billing::plan::plan;
use common::cashier::Method;
use common::cashier::api::{Collect, VoidPayment};
use common::cashier::oldest_first::{Owed, spread};
use common::cashier::settle::{BillAmount, MethodAmount};
use common::id::{BillId, BillingRunId, CommunityId, FeeItemId, UnitId};
use common::money::Money;
use common::period::{Day, Month};
use common::residents::Role;
use sea_orm::FromQueryResult;

use super::caller::Caller;
use super::chance::{Chance, hash};
use super::staff::Staff;
use super::{Calendar, Estate, Made, clock};
use crate::sql::Sql;
use crate::{Failure, jobs};

/// What is open, by who pays it.
#[derive(Default)]
pub(super) struct Books {
    households: BTreeMap<(CommunityId, String), Household>,
    /// Which household a unit belongs to.
    of_unit: HashMap<UnitId, String>,
}

struct Household {
    /// The unit at whose desk they pay.
    desk: UnitId,
    habit: Habit,
    open: Vec<Owed>,
}

/// How somebody pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    Monthly,
    EverySecondMonth(usize),
    Quarterly(usize),
    /// Two thirds of what is open, every second month.
    InPart(usize),
    /// Everything, but half a year late.
    Late,
    /// Paid at first, then no more.
    Stopped,
    Never,
}

impl Habit {
    fn of(name: &str) -> Self {
        let draw = hash(name);
        let turn = usize::try_from(draw / 100 % 6).unwrap_or(0);
        match draw % 100 {
            0..=31 => Self::Monthly,
            32..=71 => Self::EverySecondMonth(turn % 2),
            72..=82 => Self::Quarterly(turn % 3),
            83..=88 => Self::InPart(turn % 2),
            89..=93 => Self::Late,
            94..=97 => Self::Stopped,
            _ => Self::Never,
        }
    }

    fn pays(self, place: usize, months: usize) -> bool {
        match self {
            Self::Monthly => true,
            Self::EverySecondMonth(turn) | Self::InPart(turn) => place % 2 == turn,
            Self::Quarterly(turn) => place % 3 == turn,
            Self::Late => place % 6 == 5,
            Self::Stopped => place * 2 < months,
            Self::Never => false,
        }
    }
}

/// A payment that somebody is about to make.
struct Visit {
    at: DateTime<Utc>,
    community: CommunityId,
    household: String,
}

#[derive(FromQueryResult)]
struct Bill {
    id: BillId,
    number: String,
    unit_id: UnitId,
    fee_item_id: FeeItemId,
    period_from: Day,
    open_fen: Money,
}

impl Books {
    /// Generates a month's bills as a person does: looks at the preview, confirms, waits.
    pub(super) async fn bill(
        &mut self,
        caller: &mut Caller,
        staff: &Staff,
        calendar: &Calendar,
        estate: &Estate,
        month: Month,
    ) -> Made<()> {
        let issued_day = calendar.day(month.plus(1), 2);
        let at = clock(issued_day, 9, 30).min(calendar.now);
        let mut chance = Chance::of(&format!("{} run {month}", estate.name));
        let ask = GetRunInputs {
            community: estate.community,
            first: month,
            months: 1,
            fee_items: estate.fee_items.all(estate.towers),
            buildings: Vec::new(),
            units: Vec::new(),
            issued_day,
            due_day: None,
            rule: None,
        };
        let inputs = caller.ask(staff.manager, at, &ask).await?;
        let plan = plan(&inputs, |_| {});
        let totals = plan.totals.iter().filter_map(|total| {
            let building = total.building.and_then(|place| inputs.buildings.get(usize::try_from(place).ok()?));
            Some(SeenTotal {
                fee_item: inputs.fee_item(total.fee_item)?.id,
                building: building.map(|building| building.id),
                bills: total.bills,
                amount_fen: total.amount_fen,
                waived_fen: total.waived_fen,
            })
        });
        let run: BillingRunId = chance.id(at);
        let generate = Generate {
            community: estate.community,
            run,
            first: ask.first,
            months: ask.months,
            fee_items: ask.fee_items,
            buildings: ask.buildings,
            units: ask.units,
            issued_day,
            due_day: None,
            rule: None,
            seen: Seen { digest: plan.digest().to_owned(), totals: totals.collect() },
        };
        caller.ask(staff.manager, at, &generate).await?;
        jobs::run_all(&caller.app().at(at)).await.map_err(Failure::into_problem)?;
        let done = caller.ask(staff.manager, at, &GetRun { community: estate.community, run }).await?;
        if done.state != RunState::Done {
            return Err(format!("the run of {month} ended as {:?}: {:?} {:?}", done.state, done.difference, done.problem).into());
        }
        self.enter(caller, estate, run).await
    }

    async fn enter(&mut self, caller: &Caller, estate: &Estate, run: BillingRunId) -> Made<()> {
        self.meet(estate);
        let bills: Vec<Bill> = Sql::new("SELECT id, number, unit_id, fee_item_id, period_from, open_fen FROM bill")
            .push(" WHERE community_id = ? AND source_id = ? ORDER BY number", [estate.community.into(), run.into()])
            .all(caller.app().db())
            .await
            .map_err(Failure::into_problem)?;
        for bill in bills {
            let Some(name) = self.of_unit.get(&bill.unit_id) else { continue };
            if let Some(household) = self.households.get_mut(&(estate.community, name.clone())) {
                household.open.push(Owed {
                    bill: bill.id,
                    number: bill.number,
                    unit: bill.unit_id,
                    fee_item: bill.fee_item_id,
                    from: bill.period_from,
                    open_fen: bill.open_fen,
                    late_fee_fen: Money::ZERO,
                });
            }
        }
        self.set_off(caller, estate).await
    }

    /// What prepayments have paid by themselves, of old bills too, is open no more.
    async fn set_off(&mut self, caller: &Caller, estate: &Estate) -> Made<()> {
        let paid: Vec<Bill> = Sql::new("SELECT id, number, unit_id, fee_item_id, period_from, open_fen FROM bill b WHERE community_id = ")
            .bind(estate.community)
            .add(" AND EXISTS (SELECT 1 FROM held h WHERE h.community_id = b.community_id AND h.unit_id = b.unit_id AND h.offset_fen > 0)")
            .all(caller.app().db())
            .await
            .map_err(Failure::into_problem)?;
        let open: HashMap<BillId, Money> = paid.into_iter().map(|bill| (bill.id, bill.open_fen)).collect();
        for household in self.households.values_mut() {
            for owed in &mut household.open {
                owed.open_fen = open.get(&owed.bill).copied().unwrap_or(owed.open_fen);
            }
            household.open.retain(|owed| owed.open_fen.is_positive());
        }
        Ok(())
    }

    /// Who pays for which units: a tenant for a let shop, the owner for all else.
    fn meet(&mut self, estate: &Estate) {
        if self.households.keys().any(|(community, _)| *community == estate.community) {
            return;
        }
        let draft = &estate.draft;
        for (unit, place) in draft.units.iter().zip(0_u32..) {
            let Some(id) = estate.unit(&draft.code(unit)) else { continue };
            let holders = || draft.occupancies.iter().filter(|held| held.unit == place && held.to_day.is_none());
            let tenant = holders().find(|held| held.role == Role::Tenant);
            let Some(payer) = tenant.or_else(|| holders().find(|held| held.role == Role::Owner)) else { continue };
            let name = format!("{} {}", estate.name, payer.resident);
            self.of_unit.insert(id, name.clone());
            self.households.entry((estate.community, name.clone())).or_insert_with(|| Household {
                desk: id,
                habit: Habit::of(&name),
                open: Vec::new(),
            });
        }
    }

    /// Everybody who pays after the run of the month at this place and before the next one, or before today.
    pub(super) async fn collect(&mut self, caller: &mut Caller, staff: &Staff, calendar: &Calendar, place: usize) -> Made<()> {
        let Some(month) = calendar.months.get(place).copied() else { return Ok(()) };
        let mut visits = Vec::new();
        for ((community, name), household) in &self.households {
            if !household.habit.pays(place, calendar.months.len()) || household.open.is_empty() {
                continue;
            }
            let draw = hash(&format!("{name} {month}"));
            let day = month.plus(1).first_day() + TimeDelta::days(2 + i64::try_from(draw % 25).unwrap_or(0));
            if day >= calendar.today {
                continue;
            }
            let minute = i64::try_from(draw / 25 % 480).unwrap_or(0);
            visits.push(Visit { at: clock(day, 8, 40 + minute), community: *community, household: name.clone() });
        }
        visits.sort_by(|a, b| (a.at, &a.household).cmp(&(b.at, &b.household)));
        for visit in visits {
            self.visit(caller, staff, calendar, &visit).await?;
        }

        Ok(())
    }

    /// Today's shift at the desk, with one payment that was taken back.
    pub(super) async fn today(
        &mut self,
        caller: &mut Caller,
        staff: &Staff,
        calendar: &Calendar,
        estates: &[Estate],
    ) -> Made<()> {
        let end = calendar.now.min(clock(calendar.today, 11, 40));
        let start = clock(calendar.today, 0, 1).max(end - TimeDelta::minutes(190));
        for estate in estates {
            let waiting: Vec<String> = self
                .households
                .iter()
                .filter(|((community, _), household)| *community == estate.community && !household.open.is_empty())
                .filter(|(_, household)| matches!(household.habit, Habit::Monthly | Habit::EverySecondMonth(_) | Habit::Late))
                .map(|((_, name), _)| name.clone())
                .take(if estate.towers { 11 } else { 4 })
                .collect();
            let step = (end - start) / i32::try_from(waiting.len() + 1).unwrap_or(1);
            let mut at = start;
            for (place, household) in waiting.into_iter().enumerate() {
                at += step;
                let visit = Visit { at, community: estate.community, household };
                let payment = self.visit(caller, staff, calendar, &visit).await?;
                if let Some(payment) = payment.filter(|_| estate.towers && place == 3) {
                    let reason = "付款方式选错，重新收取".to_owned();
                    let void = VoidPayment { community: estate.community, payment, reason };
                    caller.ask(staff.cashier, at + TimeDelta::seconds(50), &void).await?;
                }
            }
        }
        Ok(())
    }

    async fn visit(
        &mut self,
        caller: &mut Caller,
        staff: &Staff,
        calendar: &Calendar,
        visit: &Visit,
    ) -> Made<Option<common::id::PaymentId>> {
        let Some(household) = self.households.get_mut(&(visit.community, visit.household.clone())) else { return Ok(None) };
        let mut chance = Chance::of(&format!("{} {}", visit.household, visit.at));
        let owed = Money::sum(household.open.iter().map(|owed| owed.open_fen)).unwrap_or_default();
        let amount = match household.habit {
            // A round sum of about two thirds.
            Habit::InPart(_) => Money::from_fen((owed.fen() * 2 / 3 / 50_00).max(1) * 50_00).min(owed),
            _ => owed,
        };
        let (chosen, _) = spread(&household.open, amount);
        let mut bills = Vec::new();
        for owed in &mut household.open {
            let Some(paid) = chosen.get(&owed.bill) else { continue };
            bills.push(BillAmount { bill: owed.bill, amount_fen: *paid, open_fen: owed.open_fen, late_fee_fen: Money::ZERO });
            owed.open_fen = Money::from_fen(owed.open_fen.fen() - paid.fen());
        }
        household.open.retain(|owed| owed.open_fen.is_positive());
        if bills.is_empty() {
            return Ok(None);
        }
        let methods = methods(&mut chance, amount);
        let cash = methods.iter().find(|line| line.method == Method::Cash).map(|line| line.amount_fen.fen());
        let payment = chance.id(visit.at);
        let ask = Collect {
            community: visit.community,
            payment,
            unit: household.desk,
            bills,
            // Notes of a hundred, and change.
            tendered_fen: cash.map(|cash| Money::from_fen((cash + 99_99) / 100_00 * 100_00)),
            takes: Vec::new(),
            payer: String::new(),
            methods,
            note: String::new(),
        };
        caller.ask(staff.cashier, visit.at.min(calendar.now), &ask).await?;
        Ok(Some(payment))
    }
}

/// In which ways somebody pays; large sums now and then in two.
fn methods(chance: &mut Chance, amount: Money) -> Vec<MethodAmount> {
    let usual = [Method::Wechat, Method::Wechat, Method::Wechat, Method::Wechat, Method::Alipay, Method::Alipay, Method::Cash];
    let place = usize::try_from(chance.below(10)).unwrap_or(0);
    let method = usual.get(place).copied().unwrap_or(if place == 7 { Method::Pos } else { Method::Transfer });
    let line = |method: Method, fen: i64, reference: String| MethodAmount { method, amount_fen: Money::from_fen(fen), reference };
    let reference = match method {
        Method::Transfer | Method::Pos => format!("{:012}", chance.below(1_000_000_000_000)),
        _ => String::new(),
    };
    let fen = amount.fen();
    if fen > 800_00 && method != Method::Cash && chance.percent(12) {
        let cash = fen / 3 / 100_00 * 100_00;
        return vec![line(method, fen - cash, reference), line(Method::Cash, cash, String::new())];
    }
    vec![line(method, fen, reference)]
}
