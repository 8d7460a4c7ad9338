//! Fee items with their tariffs and prices, and who is charged by what.

use chrono::{DateTime, TimeDelta, Utc};
use common::charging::api::{
    ASSIGN_UNITS_MOST, Assign, Earlier, EnterSales, PriceScope, SaveFeeItem, SaveRent, SaveTariff, SetLateFee, SetPrice,
    UnitSales,
};
use common::charging::late_fee::{LateFeeRule, LateFeeTerm};
use common::charging::rate::Rate;
use common::charging::rent::{EscalateBy, Escalation, Rent};
use common::charging::tariff::{FeeItemKind, Mode, StartsAt, TariffRules};
use common::charging::tier::{Tier, TierScope, Tiers};
use common::estate::{ParkingRight, UnitKind, UnitState};
use common::id::{BuildingId, FeeItemId, TariffId, UnitId};
use common::period::{Day, Month};
use common::quantity::Price;

use super::caller::Caller;
use super::chance::Chance;
use super::staff::Staff;
use super::{Calendar, Estate, Made, clock};

/// The fee items of a community.
pub(super) struct FeeItems {
    pub(super) property: FeeItemId,
    pub(super) elevator: FeeItemId,
    pub(super) water: FeeItemId,
    pub(super) electricity: FeeItemId,
    pub(super) refuse: FeeItemId,
    pub(super) parking: FeeItemId,
    pub(super) rent: FeeItemId,
    pub(super) shared: FeeItemId,
}

impl FeeItems {
    pub(super) fn new(chance: &mut Chance, at: DateTime<Utc>) -> Self {
        Self {
            property: chance.id(at),
            elevator: chance.id(at),
            water: chance.id(at),
            electricity: chance.id(at),
            refuse: chance.id(at),
            parking: chance.id(at),
            rent: chance.id(at),
            shared: chance.id(at),
        }
    }

    pub(super) fn all(&self, towers: bool) -> Vec<FeeItemId> {
        let mut all = vec![self.property, self.water, self.electricity, self.refuse, self.parking, self.rent];
        if towers {
            all.extend([self.elevator, self.shared]);
        }
        all
    }
}

/// How many shops have a contract that says more than its rent.
const CONTRACTS: usize = 2;

/// What the shop with a share of the sales reported, always less than would cost more than its rent; the last month is missing.
pub(super) async fn report(caller: &mut Caller, staff: &Staff, calendar: &Calendar, estate: &Estate) -> Made<()> {
    let draft = &estate.draft;
    let shop = draft
        .units
        .iter()
        .find(|unit| unit.state == UnitState::Let && unit.kind == UnitKind::Shop && unit.facts.rent_fen.is_some());
    let shop = shop.and_then(|unit| Some((unit.facts.rent_fen?, estate.unit(&draft.code(unit))?)));
    let Some((rent, unit)) = shop.filter(|_| estate.towers) else { return Ok(()) };
    for (month, times) in calendar.months.iter().rev().skip(1).zip([13, 11, 15, 14, 12].into_iter().cycle()) {
        let sales_fen = Some(common::money::Money::from_fen(rent.fen() * times));
        let ask = EnterSales { community: estate.community, month: *month, rows: vec![UnitSales { unit, sales_fen }] };
        caller.ask(staff.manager, clock(calendar.day(month.plus(1), 6), 10, 20), &ask).await?;
    }
    Ok(())
}

/// Everything that decides amounts, before the first month.
pub(super) async fn set_up(caller: &mut Caller, staff: &Staff, calendar: &Calendar, estate: &Estate) -> Made<()> {
    let mut desk = Desk { chance: Chance::of(&format!("{} charging", estate.name)), caller, staff, calendar, estate };
    let items = &estate.fee_items;
    desk.fee_item(items.property, "WYF", "物业费", FeeItemKind::Property).await?;
    desk.fee_item(items.water, "SF", "水费", FeeItemKind::Water).await?;
    desk.fee_item(items.electricity, "DF", "电费", FeeItemKind::Electricity).await?;
    desk.fee_item(items.refuse, "LJF", "生活垃圾费", FeeItemKind::Refuse).await?;
    desk.fee_item(items.parking, "CWF", "车位管理费", FeeItemKind::Parking).await?;
    desk.fee_item(items.rent, "ZJ", "商铺租金", FeeItemKind::Rent).await?;
    if estate.towers {
        desk.fee_item(items.elevator, "DTF", "电梯费", FeeItemKind::Elevator).await?;
        desk.fee_item(items.shared, "GTF", "公摊电费", FeeItemKind::Apportioned).await?;
        desk.towers().await?;
    } else {
        desk.low_rise().await?;
    }
    desk.everywhere().await
}

/// Rent bears late fee since the third month back, with a few days of grace. It is agreed on last, so that whoever paid before
/// paid none, and what is still open of rent shows it.
pub(super) async fn late_fees(caller: &mut Caller, staff: &Staff, calendar: &Calendar, estate: &Estate) -> Made<()> {
    let rule = LateFeeRule { cap: "0.2".parse()?, grace_days: 5, ..LateFeeRule::default() };
    let from = Month::of(calendar.today).plus(-3).first_day();
    let term = LateFeeTerm { rule, from, to: None };
    let ask = SetLateFee { community: estate.community, fee_item: estate.fee_items.rent, term };
    caller.ask(staff.manager, calendar.now, &ask).await?;
    Ok(())
}

pub(super) struct Desk<'a> {
    pub(super) chance: Chance,
    caller: &'a mut Caller,
    staff: &'a Staff,
    pub(super) calendar: &'a Calendar,
    pub(super) estate: &'a Estate,
}

impl Desk<'_> {
    pub(super) fn at(&self) -> DateTime<Utc> {
        clock(self.calendar.founded(), 14, 0)
    }

    pub(super) async fn fee_item(&mut self, fee_item: FeeItemId, code: &str, name: &str, kind: FeeItemKind) -> Made<()> {
        let ask = SaveFeeItem::of(self.estate.community, fee_item, code, name, kind);
        self.caller.ask(self.staff.manager, self.at(), &ask).await?;
        Ok(())
    }

    pub(super) async fn tariff(&mut self, fee_item: FeeItemId, name: &str, rules: TariffRules) -> Made<TariffId> {
        let at = self.at();
        let tariff = self.chance.id(at);
        let ask = SaveTariff { community: self.estate.community, tariff, fee_item, name: name.to_owned(), rules };
        self.caller.ask(self.staff.manager, at, &ask).await?;
        Ok(tariff)
    }

    pub(super) async fn price(&mut self, tariff: TariffId, scope: PriceScope, rate: Rate, from: Day, reason: &str) -> Made<()> {
        let at = self.at();
        let ask = SetPrice {
            community: self.estate.community,
            tariff,
            price: self.chance.id(at),
            scope,
            rate,
            from,
            to: None,
            earlier: Earlier::Ended,
            reason: reason.to_owned(),
        };
        self.caller.ask(self.staff.manager, at, &ask).await?;
        Ok(())
    }

    async fn community_price(&mut self, tariff: TariffId, price: &str) -> Made<()> {
        self.price(tariff, PriceScope::Community, flat(price)?, self.calendar.start(), "").await
    }

    async fn assign(&mut self, tariff: TariffId, kinds: &[UnitKind], units: Vec<UnitId>) -> Made<()> {
        self.assign_in(tariff, Vec::new(), kinds, units).await
    }

    async fn assign_in(
        &mut self,
        tariff: TariffId,
        buildings: Vec<BuildingId>,
        kinds: &[UnitKind],
        units: Vec<UnitId>,
    ) -> Made<()> {
        let mut ask = Assign {
            community: self.estate.community,
            tariff,
            buildings,
            kinds: kinds.to_vec(),
            units: Vec::new(),
            from: self.calendar.start(),
            to: None,
            earlier: Earlier::Kept,
        };
        if units.is_empty() {
            self.caller.ask(self.staff.manager, self.at(), &ask).await?;
        }
        for some in units.chunks(ASSIGN_UNITS_MOST) {
            ask.units = some.to_vec();
            self.caller.ask(self.staff.manager, self.at(), &ask).await?;
        }
        Ok(())
    }

    /// A tariff at one price for all units of some kinds.
    async fn simple(
        &mut self,
        fee_item: FeeItemId,
        name: &str,
        rules: TariffRules,
        price: &str,
        kinds: &[UnitKind],
    ) -> Made<TariffId> {
        let tariff = self.tariff(fee_item, name, rules).await?;
        self.community_price(tariff, price).await?;
        self.assign(tariff, kinds, Vec::new()).await?;
        Ok(tariff)
    }

    async fn towers(&mut self) -> Made<()> {
        let items = &self.estate.fee_items;
        let homes = self.tariff(items.property, "高层住宅", from_hand_over(Mode::Area)).await?;
        self.community_price(homes, "2.6").await?;
        // Dearer from the middle of a month on: that month's bills have two pieces.
        let months = &self.calendar.months;
        let changed = months.get(months.len() / 2).copied().unwrap_or_else(|| Month::of(self.calendar.today));
        let from = changed.first_day() + TimeDelta::days(15);
        self.price(homes, PriceScope::Community, flat("2.75")?, from, "业主大会通过的调价方案").await?;
        if let Ok(building) = self.estate.building("3栋") {
            self.price(homes, PriceScope::Building { building }, flat("2.85")?, self.calendar.start(), "3栋为一梯一户").await?;
        }
        if let Ok(building) = self.estate.building("5栋") {
            let top = PriceScope::Floor { building, floor: 18 };
            self.price(homes, top, flat("3.1")?, self.calendar.start(), "顶层含露台").await?;
        }
        self.assign(homes, &[UnitKind::Residence], Vec::new()).await?;
        self.simple(
            items.property,
            "商铺及办公",
            from_hand_over(Mode::Area),
            "6.5",
            &[UnitKind::Shop, UnitKind::Office, UnitKind::Dormitory],
        )
        .await?;
        if self.has(UnitKind::Basement) {
            self.simple(items.property, "地下室", from_hand_over(Mode::Area), "1.2", &[UnitKind::Basement]).await?;
        }
        let lift = self.tariff(items.elevator, "按户", from_hand_over(Mode::Household)).await?;
        self.community_price(lift, "35").await?;
        for name in ["1栋", "2栋", "3栋", "5栋", "6栋"] {
            if let Ok(building) = self.estate.building(name) {
                let ground = PriceScope::Floor { building, floor: 1 };
                self.price(lift, ground, flat("12")?, self.calendar.start(), "一层减收").await?;
            }
        }
        self.assign(lift, &[UnitKind::Residence], Vec::new()).await?;
        self.simple(
            items.electricity,
            "代收电费",
            TariffRules::of_mode(Mode::Usage),
            "0.60886875",
            &[UnitKind::Residence, UnitKind::Shop, UnitKind::Office, UnitKind::Dormitory],
        )
        .await?;
        Ok(())
    }

    async fn low_rise(&mut self) -> Made<()> {
        let items = &self.estate.fee_items;
        self.simple(items.property, "多层住宅", from_hand_over(Mode::Area), "1.15", &[UnitKind::Residence]).await?;
        self.simple(items.property, "沿街商铺", from_hand_over(Mode::Area), "3.2", &[UnitKind::Shop]).await?;
        self.simple(items.electricity, "商铺代收电费", TariffRules::of_mode(Mode::Usage), "0.8125", &[UnitKind::Shop]).await?;
        Ok(())
    }

    /// What both communities charge.
    async fn everywhere(&mut self) -> Made<()> {
        let items = &self.estate.fee_items;
        let water = self.tariff(items.water, "居民阶梯水价", TariffRules::of_mode(Mode::Usage)).await?;
        let step = |up_to: Option<&str>, price: &str| -> Made<Tier> {
            Ok(Tier { up_to: up_to.map(str::parse).transpose()?, price: price.parse()?, per_person: None })
        };
        let steps = vec![step(Some("18"), "2.9")?, step(Some("25"), "3.85")?, step(None, "6.7")?];
        let tiers = Rate::Tiered(Tiers::new(TierScope::Month, steps));
        self.price(water, PriceScope::Community, tiers, self.calendar.start(), "").await?;
        self.assign(water, &[UnitKind::Residence, UnitKind::Dormitory], Vec::new()).await?;
        let business = [UnitKind::Shop, UnitKind::Office];
        self.simple(items.water, "非居民水价", TariffRules::of_mode(Mode::Usage), "4.85", &business).await?;
        let refuse = if self.estate.towers { "10" } else { "6" };
        self.simple(items.refuse, "居民", from_hand_over(Mode::Household), refuse, &[UnitKind::Residence]).await?;
        self.simple(items.refuse, "商户", from_hand_over(Mode::Household), "60", &business).await?;
        let (owned, let_out) = (self.parking(ParkingRight::Owned), self.parking(ParkingRight::Let));
        let (price, rent) = if self.estate.towers { ("80", "380") } else { ("50", "150") };
        self.fixed(items.parking, "产权车位", price, owned).await?;
        self.fixed(items.parking, "租赁车位", rent, let_out).await?;
        self.rents().await?;
        if self.estate.towers { super::city::tariffs(self).await } else { Ok(()) }
    }

    async fn fixed(&mut self, fee_item: FeeItemId, name: &str, price: &str, units: Vec<UnitId>) -> Made<()> {
        if units.is_empty() {
            return Ok(());
        }
        let tariff = self.tariff(fee_item, name, TariffRules::of_mode(Mode::Fixed)).await?;
        self.community_price(tariff, price).await?;
        self.assign(tariff, &[], units).await
    }

    /// Each let shop has its own rent; two have contracts that say more, and come to the same in the months that are billed.
    async fn rents(&mut self) -> Made<()> {
        let tariff = self.tariff(self.estate.fee_items.rent, "合同租金", TariffRules::of_mode(Mode::Fixed)).await?;
        let draft = &self.estate.draft;
        let (mut units, mut contracts) = (Vec::new(), 0);
        for unit in draft.units.iter().filter(|unit| unit.state == UnitState::Let && unit.kind != UnitKind::Parking) {
            let (Some(rent), Some(id)) = (unit.facts.rent_fen, self.estate.unit(&draft.code(unit))) else { continue };
            if contracts < CONTRACTS && self.estate.towers && unit.kind == UnitKind::Shop {
                self.contract(tariff, id, Price::try_from(rent.yuan())?, contracts).await?;
                contracts += 1;
                continue;
            }
            let rate = Rate::Flat(Price::try_from(rent.yuan())?);
            self.price(tariff, PriceScope::Unit { unit: id }, rate, self.calendar.start(), "租赁合同").await?;
            units.push(id);
        }
        if units.is_empty() { Ok(()) } else { self.assign(tariff, &[], units).await }
    }

    /// A contract that has not grown yet: one with a share of the sales, one that ends soon.
    async fn contract(&mut self, tariff: TariffId, unit: UnitId, price: Price, no: usize) -> Made<()> {
        let at = self.at();
        let (from, today) = (self.calendar.start(), self.calendar.today);
        let first = no == 0;
        let escalation = Escalation {
            every_months: 24,
            by: if first { EscalateBy::Rate } else { EscalateBy::Amount },
            step: if first { "0.05" } else { "300" }.parse()?,
            compounding: first,
        };
        let turnover = if first { Some("0.06".parse()?) } else { None };
        let ask = SaveRent {
            community: self.estate.community,
            charge: self.chance.id(at),
            unit,
            tariff,
            from,
            to: (!first).then_some(Month::of(today).plus(3).first_day()),
            rent: Rent { escalation: Some(escalation), turnover, ..Rent::of(price) },
        };
        self.caller.ask(self.staff.manager, at, &ask).await?;
        Ok(())
    }

    fn parking(&self, right: ParkingRight) -> Vec<UnitId> {
        let draft = &self.estate.draft;
        let spaces = draft.units.iter().filter(|unit| unit.facts.right == Some(right));
        spaces.filter_map(|unit| self.estate.unit(&draft.code(unit))).collect()
    }

    fn has(&self, kind: UnitKind) -> bool {
        self.estate.draft.units.iter().any(|unit| unit.kind == kind)
    }
}

fn flat(price: &str) -> Made<Rate> {
    Ok(Rate::Flat(price.parse()?))
}

/// Charged from the day on which the unit was handed over.
fn from_hand_over(mode: Mode) -> TariffRules {
    TariffRules { starts_at: StartsAt::HandOver, ..TariffRules::of_mode(mode) }
}
