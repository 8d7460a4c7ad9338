//! A community of any size, for load: units go in by the chunk, bills come from the product's own runs.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use common::billing::api::{Generate, GetRun, GetRunInputs, RunState, Seen};
use common::billing::plan::plan;
use common::charging::api::{Assign, Earlier, PriceScope, SaveFeeItem, SaveTariff, SetPrice};
use common::charging::rate::Rate;
use common::charging::tariff::{FeeItemKind, Mode, TariffRules};
use common::estate::{UnitKind, UnitState, name};
use common::id::{BillId, BillingRunId, BuildingId, CommunityId, EmployeeId, FeeItemId, PriceId, TariffId, UnitId};
use common::money::Money;
use common::organisation::api::SaveCommunity;
use common::period::{Day, Month};
use common::residents::Role;
use sea_orm::{EntityTrait as _, FromQueryResult, PaginatorTrait as _, Value};
use uuid::Uuid;

use super::caller::Caller;
use super::people::People;
use super::{Made, PASSWORD, clock};
use crate::cashier::{OpenInFull, pay_in_full};
use crate::organisation::{self, employee};
use crate::sql::Sql;
use crate::{App, Failure, bulk, jobs, sign_in};

/// Units of a building: 25 floors of 8.
const UNITS: u32 = 200;
/// Buildings whose bills one run makes: bounds the memory, whatever the number of units.
const BUILDINGS: usize = 100;

/// Makes a community of so many units with so many months of bills up to the last one, most of them paid; `None` where the
/// database is in use already. `say` hears how fast it is.
pub async fn load(app: &App, units: u32, months: u32, mut say: impl FnMut(&str) + Send) -> Made<Option<()>> {
    if employee::Entity::find().count(app.db()).await? > 0 {
        return Ok(None);
    }
    let today = (app.now() + TimeDelta::hours(8)).date_naive();
    let last = Month::of(today).plus(-1);
    let first = last.plus(1 - i32::try_from(months.max(1))?);
    let founded = first.first_day() - TimeDelta::days(30);
    let at = clock(founded, 9, 0);
    let mut load = Load::begin(app, at, founded).await?;
    let start = Instant::now();
    let buildings = load.estate(units).await?;
    say(&pace("units, owners and occupancies", u64::from(units) * 3, start));
    let start = Instant::now();
    load.charging().await?;
    say(&pace("charges", u64::from(units) * 3, start));
    for back in (0..months).rev() {
        let month = last.plus(-i32::try_from(back)?);
        let start = Instant::now();
        let mut rows = 0;
        for some in buildings.chunks(BUILDINGS) {
            rows += load.bills(month, some.to_vec(), today, back < 3).await?;
        }
        say(&pace(&format!("{month}: bills and payments, with lines and postings"), rows, start));
    }
    Ok(Some(()))
}

fn pace(what: &str, rows: u64, start: Instant) -> String {
    let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
    format!("{what}: {rows} rows in {}.{:01} s, {} rows/s", millis / 1_000, millis % 1_000 / 100, rows * 1_000 / millis)
}

struct Load {
    caller: Caller,
    admin: EmployeeId,
    community: CommunityId,
    fee_items: Vec<FeeItemId>,
    founded: Day,
    at: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct Bill {
    id: BillId,
    unit_id: UnitId,
    building_id: Option<BuildingId>,
    fee_item_id: FeeItemId,
    open_fen: Money,
    number: String,
}

impl Load {
    async fn begin(app: &App, at: DateTime<Utc>, founded: Day) -> Made<Self> {
        let hash = sign_in::hash_password(app, PASSWORD.to_owned()).await.map_err(Failure::into_problem)?;
        let work = app.at(at).begin_as_system().await.map_err(Failure::into_problem)?;
        let admin = organisation::first_administrator(&work, "admin", "系统管理员", hash).await.map_err(Failure::into_problem)?;
        work.commit().await.map_err(Failure::into_problem)?;
        let mut caller = Caller::new(app.clone());
        let community = CommunityId(Uuid::now_v7());
        let save = SaveCommunity { id: community, code: "LOAD".to_owned(), name: "大都会".to_owned(), address: String::new() };
        caller.ask(admin, at, &save).await?;
        Ok(Self { caller, admin, community, fee_items: Vec::new(), founded, at })
    }

    /// Buildings of 200 homes, an owner in each.
    async fn estate(&mut self, units: u32) -> Made<Vec<BuildingId>> {
        let mut people = People::of("load");
        let mut buildings = Vec::new();
        let numbers: Vec<u32> = (0..units.div_ceil(UNITS)).collect();
        for numbers in numbers.chunks(50) {
            let mut rows: Vec<Vec<Value>> = Vec::new();
            let (mut homes, mut residents, mut occupancies) = (Vec::new(), Vec::new(), Vec::new());
            for number in numbers {
                let (id, called) = (BuildingId(Uuid::now_v7()), format!("{}栋", number + 1));
                rows.push(vec![self.community.into(), id.into(), called.clone().into(), name::sort_key(&called).into()]);
                buildings.push(id);
                for home in 0..UNITS.min(units - number * UNITS) {
                    let (unit, resident) = (Uuid::now_v7(), Uuid::now_v7());
                    homes.push(self.home(id, &called, unit, home));
                    let person = people.person();
                    let phone = person.phone.map(String::from);
                    residents.push(vec![
                        self.community.into(),
                        resident.into(),
                        person.name.into(),
                        phone.into(),
                        self.at.into(),
                    ]);
                    let role = Role::Owner.code();
                    let key = Uuid::now_v7();
                    occupancies.push(vec![
                        self.community.into(),
                        key.into(),
                        unit.into(),
                        resident.into(),
                        role.into(),
                        self.founded.into(),
                    ]);
                }
            }
            self.write(rows, homes, residents, occupancies).await.map_err(Failure::into_problem)?;
        }
        Ok(buildings)
    }

    async fn write(
        &self,
        buildings: Vec<Vec<Value>>,
        homes: Vec<Vec<Value>>,
        residents: Vec<Vec<Value>>,
        occupancies: Vec<Vec<Value>>,
    ) -> crate::Answer<()> {
        let work = self.caller.app().at(self.at).begin_as_system().await?;
        bulk::insert(work.db(), "building", &["community_id", "id", "name", "sort_key"], buildings).await?;
        bulk::insert(work.db(), "unit", &HOME, homes).await?;
        bulk::insert(work.db(), "resident", &["community_id", "id", "name", "phone", "created_at"], residents).await?;
        let columns = ["community_id", "id", "unit_id", "resident_id", "role", "from_day"];
        bulk::insert(work.db(), "occupancy", &columns, occupancies).await?;
        work.commit().await
    }

    fn home(&self, building: BuildingId, called: &str, id: Uuid, home: u32) -> Vec<Value> {
        let floor = i32::try_from(home / 8 + 1).unwrap_or(1);
        let room = format!("{floor}{:02}", home % 8 + 1);
        let code = name::code(Some(called), None, &room);
        let area = 62_0000 + i64::from(home % 8) * 9_3700;
        vec![
            self.community.into(),
            id.into(),
            building.into(),
            floor.into(),
            room.clone().into(),
            name::label(Some(called), None, &room).into(),
            name::search_key(&code).into(),
            name::sort_key(&code).into(),
            code.into(),
            UnitKind::Residence.code().into(),
            UnitState::Occupied.code().into(),
            area.into(),
            self.founded.into(),
            "{}".into(),
            self.at.into(),
        ]
    }

    /// Property fee by area, refuse per household, lift at a fixed amount, for everybody.
    async fn charging(&mut self) -> Made<()> {
        let (community, admin, at, from) = (self.community, self.admin, self.at, self.founded);
        for (code, called, kind, mode, price) in [
            ("WYF", "物业费", FeeItemKind::Property, Mode::Area, "2.6"),
            ("LJF", "生活垃圾费", FeeItemKind::Refuse, Mode::Household, "10"),
            ("DTF", "电梯费", FeeItemKind::Elevator, Mode::Fixed, "35"),
        ] {
            let (fee_item, tariff) = (FeeItemId(Uuid::now_v7()), TariffId(Uuid::now_v7()));
            self.fee_items.push(fee_item);
            let (code, called) = (code.to_owned(), called.to_owned());
            self.caller.ask(admin, at, &SaveFeeItem::of(community, fee_item, &code, &called, kind)).await?;
            let rules = TariffRules::of_mode(mode);
            self.caller.ask(admin, at, &SaveTariff { community, tariff, fee_item, name: called, rules }).await?;
            let set = SetPrice {
                community,
                tariff,
                price: PriceId(Uuid::now_v7()),
                scope: PriceScope::Community,
                rate: Rate::Flat(price.parse()?),
                from,
                to: None,
                earlier: Earlier::Kept,
                reason: String::new(),
            };
            self.caller.ask(admin, at, &set).await?;
            let (buildings, kinds, units) = (Vec::new(), Vec::new(), Vec::new());
            let assign = Assign { community, tariff, buildings, kinds, units, from, to: None, earlier: Earlier::Kept };
            self.caller.ask(admin, at, &assign).await?;
        }
        Ok(())
    }

    /// A month's bills of some buildings, and their payments: all of them, or in the last months fifteen of sixteen.
    async fn bills(&mut self, month: Month, buildings: Vec<BuildingId>, today: Day, lately: bool) -> Made<u64> {
        let issued_day = month.plus(1).first_day().min(today);
        let at = clock(issued_day, 0, 30);
        let ask = GetRunInputs {
            community: self.community,
            first: month,
            months: 1,
            fee_items: self.fee_items.clone(),
            buildings,
            units: Vec::new(),
            issued_day,
            due_day: None,
            rule: None,
        };
        let inputs = self.caller.ask(self.admin, at, &ask).await?;
        let seen = Seen { digest: plan(&inputs, |_| {}).digest().to_owned(), totals: Vec::new() };
        drop(inputs);
        let run = BillingRunId(Uuid::now_v7());
        let generate = Generate {
            community: self.community,
            run,
            first: month,
            months: 1,
            fee_items: ask.fee_items,
            buildings: ask.buildings,
            units: ask.units,
            issued_day,
            due_day: None,
            rule: None,
            seen,
        };
        self.caller.ask(self.admin, at, &generate).await?;
        let app = self.caller.app().at(at);
        jobs::run_all(&app).await.map_err(Failure::into_problem)?;
        let done = self.caller.ask(self.admin, at, &GetRun { community: self.community, run }).await?;
        if done.state != RunState::Done {
            return Err(format!("the run of {month} ended as {:?}", done.state).into());
        }
        Ok(done.bills * 3 + self.pay(&app, run, month, issued_day, lately).await.map_err(Failure::into_problem)?)
    }

    async fn pay(&self, app: &App, run: BillingRunId, month: Month, day: Day, lately: bool) -> crate::Answer<u64> {
        let work = app.begin_as_system().await?;
        let bills: Vec<Bill> = Sql::new("SELECT id, unit_id, building_id, fee_item_id, open_fen, number FROM bill")
            .push(" WHERE community_id = ? AND source_id = ? ORDER BY number", [self.community.into(), run.into()])
            .all(work.db())
            .await?;
        let mut open: Vec<OpenInFull> = Vec::with_capacity(bills.len());
        for bills in bills.chunk_by(|a, b| a.unit_id == b.unit_id) {
            let late = bills.first().is_some_and(|bill| super::chance::hash(&bill.number).is_multiple_of(16));
            if lately && late {
                continue;
            }
            open.extend(bills.iter().map(|bill| OpenInFull {
                bill: bill.id,
                unit: bill.unit_id,
                building: bill.building_id,
                fee_item: bill.fee_item_id,
                month,
                open: bill.open_fen,
            }));
        }
        let payments = pay_in_full(&work, self.community, day, "系统管理员", &open).await?;
        work.commit().await?;
        Ok(payments * 2 + u64::try_from(open.len()).unwrap_or(0) * 2)
    }
}

const HOME: [&str; 15] = [
    "community_id",
    "id",
    "building_id",
    "floor",
    "room",
    "label",
    "search_key",
    "sort_key",
    "code",
    "kind",
    "state",
    "billed_area",
    "handed_over",
    "facts",
    "created_at",
];
