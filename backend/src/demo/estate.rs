//! The two communities: towers with shops and a garage, and low-rise homes; who owns, lets and leaves empty what.

use chrono::TimeDelta;
use common::estate::draft::{BuildingDraft, EstateDraft, OccupancyDraft, UnitDraft, VehicleDraft};
use common::estate::{Decoration, Facts, ParkingRight, UnitKind, UnitState};
use common::id::{BuildingId, CommunityId, UnitId};
use common::money::Money;
use common::organisation::api::SaveCommunity;
use common::period::Day;
use common::quantity::Quantity;
use common::residents::Role;
use common::residents::api::ImportEstate;
use sea_orm::FromQueryResult;

use super::caller::Caller;
use super::chance::Chance;
use super::people::People;
use super::staff::Staff;
use super::{Calendar, Estate, Made, Size, clock};
use crate::Failure;
use crate::sql::Sql;

/// A community before it is brought in.
pub(super) struct Plan {
    code: &'static str,
    name: &'static str,
    address: &'static str,
    towers: bool,
    draft: EstateDraft,
}

/// Both communities.
pub(super) fn drafts(calendar: &Calendar, size: Size) -> Vec<Plan> {
    let towers =
        Plan {
            code: "LT", name: "澜庭花园", address: "杭州市余杭区文澜路 188 号", towers: true, draft: towers(calendar, size)
        };
    let low =
        Plan {
            code: "QF", name: "青枫里", address: "杭州市余杭区青枫巷 12 号", towers: false, draft: low_rise(calendar, size)
        };
    vec![towers, low]
}

/// The towers alone, for the samples that are about them.
pub(super) fn of_towers(calendar: &Calendar) -> EstateDraft {
    towers(calendar, Size::Whole)
}

/// A new building with its own parking lot, that an import adds to the towers.
pub(super) fn extension(calendar: &Calendar) -> EstateDraft {
    const ROOMS: &[(i64, &str)] = &[(108_20, "3室2厅1卫"), (95_66, "3室1厅1卫")];
    let mut plot = Plot::new("8栋", calendar, 1);
    plot.people.skip(5_000);
    let building = plot.building("8栋", 1);
    plot.homes(building, 1, 9, ROOMS, true);
    let lot = plot.building("2号停车场", 0);
    plot.parking(lot, -1, 8);
    plot.draft
}

/// Brings a community in as an import does.
pub(super) async fn bring_in(caller: &mut Caller, staff: &Staff, calendar: &Calendar, mut plan: Plan) -> Made<Estate> {
    let at = clock(calendar.founded(), 10, 0);
    let mut chance = Chance::of(plan.code);
    let community: CommunityId = chance.id(at);
    let save =
        SaveCommunity { id: community, code: plan.code.to_owned(), name: plan.name.to_owned(), address: plan.address.to_owned() };
    caller.ask(staff.admin, at, &save).await?;
    let fields = super::fields::define(caller, staff, at, community, (plan.code, &mut plan.draft)).await?;
    let import =
        ImportEstate {
            community, import: chance.id(at), file_name: format!("{}房屋住户.xlsx", plan.name), draft: plan.draft
        };
    caller.ask(staff.manager, at, &import).await?;
    super::fields::tell(caller, staff, at, community, fields).await?;
    let db = caller.app().db();
    let units: Vec<Unit> = Sql::new("SELECT id, code FROM unit WHERE community_id = ")
        .bind(community)
        .all(db)
        .await
        .map_err(Failure::into_problem)?;
    let buildings: Vec<Building> = Sql::new("SELECT id, name FROM building WHERE community_id = ")
        .bind(community)
        .all(db)
        .await
        .map_err(Failure::into_problem)?;
    Ok(Estate {
        community,
        name: plan.name.to_owned(),
        draft: import.draft,
        towers: plan.towers,
        units: units.into_iter().map(|unit| (unit.code, unit.id)).collect(),
        buildings: buildings.into_iter().map(|building| (building.name, building.id)).collect(),
        fee_items: super::charging::FeeItems::new(&mut chance, at),
        masters: Vec::new(),
    })
}

#[derive(FromQueryResult)]
struct Unit {
    id: UnitId,
    code: String,
}

#[derive(FromQueryResult)]
struct Building {
    id: BuildingId,
    name: String,
}

/// A draft in the making.
struct Plot {
    draft: EstateDraft,
    people: People,
    chance: Chance,
    /// The first day on which homes were handed over.
    handed_over: Day,
    /// Residents of the draft who own a home here, by place: they buy the parking spaces.
    owners: Vec<u32>,
    calendar: Calendar,
}

impl Plot {
    fn new(name: &str, calendar: &Calendar, years_ago: i64) -> Self {
        Self {
            draft: EstateDraft::default(),
            people: People::of(name),
            chance: Chance::of(name),
            handed_over: calendar.start() - TimeDelta::days(365 * years_ago),
            owners: Vec::new(),
            calendar: calendar.clone(),
        }
    }

    fn building(&mut self, name: &str, entrances: u32) -> u32 {
        let entrances = (1..=entrances).map(|number| format!("{number}单元")).collect();
        self.draft.buildings.push(BuildingDraft { name: name.to_owned(), entrances });
        place_of(self.draft.buildings.len())
    }

    fn unit(&mut self, unit: UnitDraft) -> u32 {
        self.draft.units.push(unit);
        place_of(self.draft.units.len())
    }

    fn resident(&mut self, resident: common::estate::draft::ResidentDraft) -> u32 {
        self.draft.residents.push(resident);
        place_of(self.draft.residents.len())
    }

    fn person(&mut self) -> u32 {
        let person = self.people.person();
        self.resident(person)
    }

    fn holds(&mut self, unit: u32, resident: u32, role: Role, from: Day) {
        let from_day = Some(from);
        self.draft.occupancies.push(OccupancyDraft { unit, resident, role, from_day, to_day: None });
    }

    fn car(&mut self, unit: u32, resident: u32) {
        let Some(plate) = self.people.plate() else { return };
        self.draft.vehicles.push(VehicleDraft {
            at: format!("demo car {}", self.draft.vehicles.len() + 1),
            plate,
            unit: Some(unit),
            resident: Some(resident),
            brand: self
                .chance
                .pick(&["比亚迪", "大众", "丰田", "本田", "特斯拉", "吉利", "理想", "奥迪", "小鹏", "问界"])
                .to_owned(),
            colour: self.chance.pick(&["白色", "黑色", "银色", "灰色", "蓝色", "红色"]).to_owned(),
        });
    }

    /// Homes of a building: the same rooms on every floor of every entrance. Areas in hundredths of a m².
    fn homes(&mut self, building: u32, entrances: u32, floors: i32, areas: &[(i64, &str)], lift: bool) {
        for entrance in 0..entrances {
            for floor in 1..=floors {
                for (number, (area, layout)) in (1_i32..).zip(areas) {
                    self.home(building, entrance, floor, format!("{}", floor * 100 + number), *area, layout, lift);
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "each of them differs from home to home")]
    fn home(&mut self, building: u32, entrance: u32, floor: i32, room: String, area: i64, layout: &str, lift: bool) {
        let draw = self.chance.below(100);
        let state = match draw {
            0..=78 => UnitState::Occupied,
            79..=86 => UnitState::Let,
            87..=92 => UnitState::Vacant,
            93..=95 => UnitState::Decorating,
            _ => UnitState::Unsold,
        };
        // Some are handed over only while the demonstration runs, in the middle of a month.
        let late = state == UnitState::Decorating && self.chance.percent(60);
        let handed_over = if late {
            self.calendar.start() + TimeDelta::days(self.chance.between(20, 250))
        } else {
            self.handed_over + TimeDelta::days(self.chance.between(0, 120))
        };
        let handed_over = handed_over.min(self.calendar.today - TimeDelta::days(40));
        let heads = match state {
            UnitState::Occupied | UnitState::Let => i32::try_from(self.chance.between(1, 5)).unwrap_or(1),
            _ => 0,
        };
        let decoration = if self.chance.percent(70) { Decoration::Finished } else { Decoration::Simple };
        let unit = self.unit(UnitDraft {
            entrance: Some(entrance),
            floor: Some(floor),
            billed_area: Some(hundredths(area)),
            inner_area: Some(hundredths(area * 79 / 100)),
            heads: Some(heads),
            layout: Some(layout.to_owned()),
            decoration: Some(decoration),
            handed_over: (state != UnitState::Unsold).then_some(handed_over),
            property_value_fen: Some(Money::from_fen(area * 280_00)),
            facts: Facts { lift: Some(lift), ..Facts::default() },
            ..self.blank(Some(building), room, UnitKind::Residence, state)
        });
        if state == UnitState::Unsold {
            return;
        }
        let owner = self.person();
        self.owners.push(owner);
        self.holds(unit, owner, Role::Owner, handed_over);
        if state == UnitState::Let {
            let tenant = self.person();
            let since = self.calendar.start() - TimeDelta::days(self.chance.between(5, 400));
            self.holds(unit, tenant, Role::Tenant, since.max(handed_over));
        } else if heads > 1 {
            let family = self.person();
            self.holds(unit, family, Role::Family, handed_over);
        }
    }

    fn blank(&self, building: Option<u32>, room: String, kind: UnitKind, state: UnitState) -> UnitDraft {
        UnitDraft {
            at: format!("demo {}", self.draft.units.len() + 1),
            building,
            entrance: None,
            floor: None,
            room,
            kind,
            state,
            billed_area: None,
            inner_area: None,
            heads: None,
            layout: None,
            decoration: None,
            handed_over: None,
            property_value_fen: None,
            facts: Facts::default(),
            custom: Vec::new(),
        }
    }

    /// Shops or offices of one owner, most of them let at a rent for a term.
    fn business(&mut self, building: u32, kind: UnitKind, floor: i32, count: i32, owner: u32, trades: &[(&str, &str)]) {
        for number in 1..=count {
            let area = self.chance.between(38_00, 126_00);
            let let_out = self.chance.percent(80);
            let from = self.calendar.start() - TimeDelta::days(self.chance.between(30, 500));
            let rent = (area * self.chance.between(70, 130) / 100_00) * 100_00;
            let (trade, name) = self.chance.pick(trades);
            let facts = if let_out {
                Facts {
                    business: Some(trade.to_owned()),
                    rent_fen: Some(Money::from_fen(rent)),
                    lease_from: Some(from),
                    lease_to: Some(from + TimeDelta::days(365 * 3 - 1)),
                    ..Facts::default()
                }
            } else {
                Facts::default()
            };
            let state = if let_out { UnitState::Let } else { UnitState::Vacant };
            let unit = self.unit(UnitDraft {
                floor: Some(floor),
                billed_area: Some(hundredths(area)),
                inner_area: Some(hundredths(area * 88 / 100)),
                heads: Some(0),
                handed_over: Some(self.handed_over),
                facts,
                ..self.blank(Some(building), format!("{}", floor * 100 + number), kind, state)
            });
            self.holds(unit, owner, Role::Owner, self.handed_over);
            if let_out {
                let tenant = self.people.company(&format!("{}{name}", self.chance.pick(SHOP_NAMES)));
                let tenant = self.resident(tenant);
                self.holds(unit, tenant, Role::Tenant, from);
            }
        }
    }

    /// Parking spaces; most of them belong to owners of homes, some are let, some are free.
    fn parking(&mut self, building: u32, floor: i32, count: u32) {
        for number in 1..=count {
            let draw = self.chance.below(100);
            let right = match draw {
                0..=64 => ParkingRight::Owned,
                65..=84 => ParkingRight::Let,
                85..=94 => ParkingRight::Public,
                _ => ParkingRight::Shelter,
            };
            let state = match right {
                ParkingRight::Owned => UnitState::Occupied,
                ParkingRight::Let => UnitState::Let,
                _ => UnitState::Vacant,
            };
            let place = if floor < 0 { "地下" } else { "地上" };
            let unit = self.unit(UnitDraft {
                floor: Some(floor),
                billed_area: Some(hundredths(13_25)),
                handed_over: matches!(right, ParkingRight::Owned | ParkingRight::Let).then_some(self.handed_over),
                facts: Facts { place: Some(place.to_owned()), right: Some(right), ..Facts::default() },
                ..self.blank(Some(building), format!("C{number:04}"), UnitKind::Parking, state)
            });
            if matches!(right, ParkingRight::Owned | ParkingRight::Let) && !self.owners.is_empty() {
                let owners = std::mem::take(&mut self.owners);
                let owner = self.chance.pick(&owners);
                self.owners = owners;
                let role = if right == ParkingRight::Owned { Role::Owner } else { Role::Tenant };
                self.holds(unit, owner, role, self.handed_over);
                self.car(unit, owner);
            }
        }
    }
}

const SHOP_NAMES: &[&str] = &["老街", "阿福", "小满", "和顺", "鲜丰", "一品", "蓝湾", "云上", "青禾", "百家", "初见", "南山"];
const TRADES: &[(&str, &str)] = &[
    ("餐饮", "面馆"),
    ("餐饮", "小吃店"),
    ("零售", "便利店"),
    ("生鲜", "果蔬店"),
    ("药品零售", "大药房"),
    ("美发", "美发沙龙"),
    ("教育培训", "琴行"),
    ("宠物", "宠物生活馆"),
    ("洗衣", "洗衣店"),
    ("房产中介", "房产"),
];
const OFFICES: &[(&str, &str)] =
    &[("软件开发", "科技有限公司"), ("设计", "设计工作室"), ("会计服务", "财务咨询有限公司"), ("广告", "文化传媒有限公司")];

fn towers(calendar: &Calendar, size: Size) -> EstateDraft {
    const SLAB: &[(i64, &str)] = &[(118_64, "3室2厅2卫"), (89_37, "2室2厅1卫")];
    const TOWER: &[(i64, &str)] = &[(126_05, "3室2厅2卫"), (97_80, "3室1厅1卫"), (97_80, "3室1厅1卫"), (142_36, "4室2厅2卫")];
    let mut plot = Plot::new("澜庭花园", calendar, 3);
    if size == Size::Small {
        let first = plot.building("1栋", 1);
        plot.homes(first, 1, 4, SLAB, true);
    } else {
        for (name, entrances, floors, rooms) in
            [("1栋", 2, 11, SLAB), ("2栋", 2, 11, SLAB), ("3栋", 2, 18, SLAB), ("5栋", 1, 18, TOWER), ("6栋", 2, 9, SLAB)]
        {
            let building = plot.building(name, entrances);
            plot.homes(building, entrances, floors, rooms, true);
        }
        plot.two_homes(calendar);
        for number in 1..=16 {
            plot.basement(0, number);
        }
    }
    let company = plot.people.company("杭州澜庭商业管理有限公司");
    let company = plot.resident(company);
    let small = size == Size::Small;
    let street = plot.building("商业街", 0);
    plot.business(street, UnitKind::Shop, 1, if small { 3 } else { 14 }, company, TRADES);
    if !small {
        plot.business(street, UnitKind::Shop, 2, 8, company, TRADES);
        let offices = plot.building("澜庭商务楼", 0);
        plot.business(offices, UnitKind::Office, 3, 6, company, OFFICES);
        plot.business(offices, UnitKind::Dormitory, 4, 4, company, &[("员工宿舍", "酒店管理有限公司")]);
    }
    for (room, place) in [("LED-1", "南门入口 LED 屏"), ("DZ-1", "东门道闸"), ("DT-1", "1栋电梯轿厢"), ("DT-2", "3栋电梯轿厢")]
    {
        plot.ad_space(room, place, company);
    }
    let garage = plot.building("1号停车场", 0);
    plot.parking(garage, -1, if small { 4 } else { 96 });
    plot.draft
}

fn low_rise(calendar: &Calendar, size: Size) -> EstateDraft {
    const ROOMS: &[(i64, &str)] = &[(76_42, "2室1厅1卫"), (64_18, "2室1厅1卫")];
    let mut plot = Plot::new("青枫里", calendar, 18);
    let small = size == Size::Small;
    for number in 1..=if small { 1 } else { 6 } {
        let building = plot.building(&format!("{number}栋"), if small { 1 } else { 2 });
        plot.homes(building, if small { 1 } else { 2 }, if small { 2 } else { 6 }, ROOMS, false);
    }
    let owner = plot.person();
    let street = plot.building("沿街商铺", 0);
    plot.business(street, UnitKind::Shop, 1, if small { 1 } else { 8 }, owner, TRADES);
    let yard = plot.building("1号停车场", 0);
    plot.parking(yard, 1, if small { 2 } else { 32 });
    plot.draft
}

impl Plot {
    /// One owner of two homes, with a parking space and a car besides: 3-2-1501 and 1-1-201.
    fn two_homes(&mut self, calendar: &Calendar) {
        let place = |plot: &Self, code: &str| {
            plot.draft.units.iter().position(|unit| plot.draft.code(unit) == code).map(|place| place_of(place + 1))
        };
        let (Some(first), Some(second)) = (place(self, "3-2-1501"), place(self, "1-1-201")) else { return };
        let owner = self.resident(common::estate::draft::ResidentDraft {
            at: "demo two homes".to_owned(),
            name: "陈志远".to_owned(),
            gender: Some(common::residents::Gender::Male),
            phone: "13812346027".parse().ok(),
            id_number: None,
        });
        self.draft.occupancies.retain(|occupancy| occupancy.unit != first && occupancy.unit != second);
        for (unit, state, heads) in [(first, UnitState::Occupied, 3), (second, UnitState::Vacant, 0)] {
            if let Some(unit) = usize::try_from(unit).ok().and_then(|place| self.draft.units.get_mut(place)) {
                unit.state = state;
                unit.heads = Some(heads);
                unit.handed_over = Some(self.handed_over);
            }
        }
        self.holds(first, owner, Role::Owner, self.handed_over);
        // The second home was bought in the middle of the last month that is billed.
        let before = self.person();
        let sold = calendar.months.last().map_or(calendar.start(), |month| month.first_day() + TimeDelta::days(10));
        self.draft.occupancies.push(OccupancyDraft {
            unit: second,
            resident: before,
            role: Role::Owner,
            from_day: Some(self.handed_over),
            to_day: Some(sold),
        });
        self.holds(second, owner, Role::Owner, sold);
        self.car(first, owner);
        self.owners.push(owner);
    }

    fn basement(&mut self, building: u32, number: u32) {
        let owners = std::mem::take(&mut self.owners);
        let owner = self.chance.pick(&owners);
        self.owners = owners;
        let area = self.chance.between(4_20, 9_60);
        let unit = self.unit(UnitDraft {
            entrance: Some(0),
            floor: Some(-1),
            billed_area: Some(hundredths(area)),
            handed_over: Some(self.handed_over),
            ..self.blank(Some(building), format!("B{number:02}"), UnitKind::Basement, UnitState::Occupied)
        });
        self.holds(unit, owner, Role::Owner, self.handed_over);
    }

    fn ad_space(&mut self, room: &str, at: &str, owner: u32) {
        let from = self.calendar.start() - TimeDelta::days(100);
        let rent = Money::from_fen(self.chance.between(6, 30) * 100_00);
        let facts = Facts {
            place: Some(at.to_owned()),
            rent_fen: Some(rent),
            lease_from: Some(from),
            lease_to: Some(from + TimeDelta::days(729)),
            ..Facts::default()
        };
        let unit = self.unit(UnitDraft { facts, ..self.blank(None, room.to_owned(), UnitKind::AdSpace, UnitState::Let) });
        self.holds(unit, owner, Role::Owner, self.handed_over);
        let advertiser = self.people.company(&format!("杭州{}广告有限公司", self.chance.pick(SHOP_NAMES)));
        let advertiser = self.resident(advertiser);
        self.holds(unit, advertiser, Role::Tenant, from);
    }
}

/// The place of the last of `length`.
fn place_of(length: usize) -> u32 {
    u32::try_from(length.saturating_sub(1)).unwrap_or(u32::MAX)
}

fn hundredths(value: i64) -> Quantity {
    Quantity::from_scaled(value * 100)
}
