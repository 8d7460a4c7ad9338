//! Meters put up, changed, taken out; one by one, or for many units at once.

use std::collections::HashMap;

use common::api::Done;
use common::charging::rate::Counted;
use common::id::{BuildingId, CommunityId, FeeItemId, MeterId, ReadingId, UnitId};
use common::metering::api::{DefineMeter, DefineMeters, Defined, FirstReading, RetireMeter};
use common::metering::{Role, Utility};
use common::period::Month;
use common::problem::{FieldProblem, Problem};
use common::quantity::Quantity;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, FromQueryResult, Set, Value};
use uuid::Uuid;

use super::import::hold;
use super::meter;
use crate::problem::OnTaken as _;
use crate::sql::Sql;
use crate::{Answer, App, Who, Work, bulk, organisation};

pub(super) async fn define_meter(app: App, who: Who, ask: DefineMeter) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let before = meter::Entity::find_by_id((ask.community, ask.meter)).one(work.db()).await?;
    if let Some(before) = &before {
        who.scope.allow(ask.community, before.building_id)?;
    }
    let home = match ask.unit.filter(|_| ask.role == Role::Household) {
        Some(unit) => Some(home(&work, ask.community, unit).await?.ok_or_else(|| Problem::field("unit", "not_found"))?),
        None => None,
    };
    let building = home.as_ref().map_or(ask.building, |home| home.building_id);
    who.scope.allow(ask.community, building)?;
    check(&work, &ask).await?;
    if let Some(home) = &home {
        registers_fit(&work, ask.community, (ask.meter, home.id, ask.fee_item, ask.register)).await?;
    }
    let row = meter::ActiveModel {
        community_id: Set(ask.community),
        id: Set(ask.meter),
        code: Set(ask.code.trim().to_owned()),
        role: Set(ask.role.word().to_owned()),
        utility: Set(ask.utility.word().to_owned()),
        fee_item_id: Set(ask.fee_item),
        unit_id: Set(home.as_ref().map(|home| home.id)),
        building_id: Set(building),
        parent_id: Set(ask.parent),
        multiplier: Set(ask.multiplier),
        digits: Set(i32::try_from(ask.digits).unwrap_or(5)),
        place: Set(ask.place.trim().to_owned()),
        register: Set(ask.register.word().to_owned()),
        sort_key: Set(home.as_ref().map_or_else(|| common_key(ask.role, &ask.code), |home| home.sort_key.clone())),
        active: Set(before.as_ref().is_none_or(|before| before.active)),
        created_at: Set(before.as_ref().map_or(work.at, |before| before.created_at)),
    };
    use meter::Column as C;
    let over = OnConflict::columns([C::CommunityId, C::Id])
        .update_columns([
            C::Code,
            C::Role,
            C::Utility,
            C::FeeItemId,
            C::UnitId,
            C::BuildingId,
            C::ParentId,
            C::Multiplier,
            C::Digits,
            C::Place,
            C::Register,
            C::SortKey,
        ])
        .to_owned();
    meter::Entity::insert(row)
        .on_conflict(over)
        .exec_without_returning(work.db())
        .await
        .on_taken(|| Problem::field("code", "taken"))?;
    if let (None, Some(first)) = (&before, ask.first) {
        not_in_future(&work, ask.community, first).await?;
        insert_first(&work, ask.community, vec![(ask.meter, ask.multiplier, first)]).await?;
    }
    let was = before.map(|before| serde_json::json!({"code": before.code, "role": before.role, "utility": before.utility, "fee_item": before.fee_item_id, "unit": before.unit_id, "parent": before.parent_id, "multiplier": before.multiplier, "digits": before.digits, "place": before.place, "register": before.register}));
    work.record(Some(ask.community), "metering.define_meter", ask.meter.0, was.as_ref(), Some(&ask)).await?;
    work.commit().await?;
    Ok(Done {})
}

/// Meters of no unit stand behind those of units: masters, then public ones.
fn common_key(role: Role, code: &str) -> String {
    format!("~{}{}", if role == Role::Master { 0 } else { 1 }, code.trim())
}

#[derive(FromQueryResult)]
pub(super) struct Home {
    pub(super) id: UnitId,
    pub(super) code: String,
    pub(super) building_id: Option<BuildingId>,
    pub(super) sort_key: String,
}

async fn home(work: &Work, community: CommunityId, unit: UnitId) -> Answer<Option<Home>> {
    let sql = Sql::new("SELECT id, code, building_id, sort_key FROM unit WHERE community_id = ")
        .bind(community)
        .add(" AND id = ")
        .bind(unit);
    sql.one(work.db()).await
}

/// What the fields point to must be there, and a master meter must measure the same thing and hang below no circle.
async fn check(work: &Work, ask: &DefineMeter) -> Answer<()> {
    let mut problems = Vec::new();
    if !has_fee_item(work, ask.community, ask.fee_item).await? {
        problems.push(FieldProblem::new("fee_item", "not_found"));
    }
    if let Some(parent) = ask.parent {
        problems.extend(parent_problem(work, ask.community, ask.meter, parent, ask.utility).await?);
    }
    if problems.is_empty() { Ok(()) } else { Err(Problem::invalid(problems).into()) }
}

/// What a home used of a fee item is counted as a whole or by register, never both: it would count twice.
async fn registers_fit(
    work: &Work,
    community: CommunityId,
    (meter, unit, fee_item, register): (MeterId, UnitId, FeeItemId, Counted),
) -> Answer<()> {
    let other = if register == Counted::Total { " AND register <> ?" } else { " AND register = ?" };
    let others = Sql::new("SELECT COUNT(*) FROM meter WHERE community_id = ")
        .bind(community)
        .push(
            " AND unit_id = ? AND fee_item_id = ? AND id <> ? AND active = ?",
            [unit.into(), fee_item.into(), meter.into(), true.into()],
        )
        .push(other, [Counted::Total.word().into()]);
    if others.number(work.db()).await? == 0 { Ok(()) } else { Err(Problem::field("register", "metering.mixed_registers").into()) }
}

async fn parent_problem(
    work: &Work,
    community: CommunityId,
    child: MeterId,
    parent: MeterId,
    utility: Utility,
) -> Answer<Option<FieldProblem>> {
    let Some(row) = meter::Entity::find_by_id((community, parent)).one(work.db()).await? else {
        return Ok(Some(FieldProblem::new("parent", "not_found")));
    };
    if row.role != Role::Master.word() || row.utility != utility.word() {
        return Ok(Some(FieldProblem::new("parent", "metering.no_master")));
    }
    let mut above = row.parent_id;
    // A master below a master below …: ten levels are more than any estate has.
    for _ in 0..10 {
        match above {
            Some(id) if id == child => return Ok(Some(FieldProblem::new("parent", "metering.own_parent"))),
            Some(id) => above = meter::Entity::find_by_id((community, id)).one(work.db()).await?.and_then(|row| row.parent_id),
            None => return Ok(None),
        }
    }
    Ok(Some(FieldProblem::new("parent", "metering.own_parent")))
}

async fn has_fee_item(work: &Work, community: CommunityId, fee_item: FeeItemId) -> Answer<bool> {
    let sql = Sql::new("SELECT COUNT(*) FROM fee_item WHERE community_id = ").bind(community).add(" AND id = ").bind(fee_item);
    Ok(sql.number(work.db()).await? > 0)
}

async fn not_in_future(work: &Work, community: CommunityId, first: FirstReading) -> Answer<()> {
    let today = organisation::today(work.db(), community, work.at).await?;
    if first.day > today {
        return Err(Problem::invalid(vec![FieldProblem::new("first.day", "metering.in_future").with("today", today)]).into());
    }
    Ok(())
}

/// The baselines of new meters.
pub(super) async fn insert_first(
    work: &Work,
    community: CommunityId,
    meters: Vec<(MeterId, Quantity, FirstReading)>,
) -> Answer<()> {
    let columns = &[
        "community_id",
        "id",
        "meter_id",
        "month",
        "day",
        "value",
        "multiplier",
        "mark",
        "odd",
        "review",
        "note",
        "created_by",
        "created_at",
    ];
    let rows = meters.into_iter().map(|(meter, multiplier, first)| {
        let row: Vec<Value> = vec![
            community.into(),
            ReadingId(Uuid::now_v7()).into(),
            meter.into(),
            Month::of(first.day).number().into(),
            first.day.into(),
            first.value.into(),
            multiplier.into(),
            "".into(),
            "".into(),
            false.into(),
            "".into(),
            work.by.into(),
            work.at.into(),
        ];
        row
    });
    bulk::insert(work.db(), "reading", columns, rows.collect::<Vec<_>>()).await?;
    Ok(())
}

pub(super) const COLUMNS: &[&str] = &[
    "community_id",
    "id",
    "code",
    "role",
    "utility",
    "fee_item_id",
    "unit_id",
    "building_id",
    "parent_id",
    "multiplier",
    "digits",
    "place",
    "register",
    "sort_key",
    "active",
    "created_at",
];

/// A meter as a row of the table.
pub(super) struct Row<'a> {
    pub(super) id: MeterId,
    pub(super) code: String,
    pub(super) role: Role,
    pub(super) utility: Utility,
    pub(super) fee_item: FeeItemId,
    pub(super) home: Option<&'a Home>,
    pub(super) parent: Option<MeterId>,
    pub(super) multiplier: Quantity,
    pub(super) digits: u32,
    pub(super) place: String,
    pub(super) register: Counted,
}

impl Row<'_> {
    pub(super) fn values(self, work: &Work, community: CommunityId) -> Vec<Value> {
        let sort_key = self.home.map_or_else(|| common_key(self.role, &self.code), |home| home.sort_key.clone());
        vec![
            community.into(),
            self.id.into(),
            self.code.into(),
            self.role.word().into(),
            self.utility.word().into(),
            self.fee_item.into(),
            self.home.map(|home| home.id).into(),
            self.home.and_then(|home| home.building_id).into(),
            self.parent.into(),
            self.multiplier.into(),
            i32::try_from(self.digits).unwrap_or(5).into(),
            self.place.into(),
            self.register.word().into(),
            sort_key.into(),
            true.into(),
            work.at.into(),
        ]
    }
}

pub(super) async fn define_meters(app: App, who: Who, ask: DefineMeters) -> Answer<Defined> {
    let work = app.begin(&who).await?;
    if let Some(building) = ask.building {
        who.scope.allow(ask.community, Some(building))?;
    }
    hold(&work, ask.community).await?;
    if !has_fee_item(&work, ask.community, ask.fee_item).await? {
        return Err(Problem::field("fee_item", "not_found").into());
    }
    if let Some(parent) = ask.parent
        && let Some(problem) = parent_problem(&work, ask.community, MeterId(Uuid::nil()), parent, ask.utility).await?
    {
        return Err(Problem::invalid(vec![problem]).into());
    }
    if let Some(first) = ask.first {
        not_in_future(&work, ask.community, first).await?;
    }
    let choose = |what: &str| {
        Sql::new(what)
            .add(" FROM unit u WHERE u.community_id = ")
            .bind(ask.community)
            .within("u.building_id", &who.scope.buildings(ask.community))
            .some(" AND u.building_id = ?", ask.building)
            .add(" AND u.kind IN ")
            .list(ask.kinds.iter().map(|kind| kind.code()))
    };
    let units = choose("SELECT COUNT(*)");
    let sql = choose("SELECT u.id, u.code, u.building_id, u.sort_key")
        .add(" AND NOT EXISTS (SELECT 1 FROM meter m WHERE m.community_id = u.community_id AND m.unit_id = u.id AND m.utility = ")
        .bind(ask.utility.word())
        .add(" AND m.active = ")
        .bind(true)
        .add(")");
    let units = units.number(work.db()).await?;
    let homes: Vec<Home> = sql.all(work.db()).await?;
    let prefix = ask.prefix.trim();
    let registers = if ask.registers.is_empty() { &[Counted::Total] } else { ask.registers.as_slice() };
    let each = homes.iter().flat_map(|home| registers.iter().map(move |register| (home, *register)));
    let rows: Vec<Row<'_>> = each
        .map(|(home, register)| Row {
            id: MeterId(Uuid::now_v7()),
            code: match register {
                Counted::Total => format!("{prefix}-{}", home.code),
                register => format!("{prefix}-{}-{}", home.code, register.number()),
            },
            role: Role::Household,
            utility: ask.utility,
            fee_item: ask.fee_item,
            home: Some(home),
            parent: ask.parent,
            multiplier: ask.multiplier,
            digits: ask.digits,
            place: String::new(),
            register,
        })
        .collect();
    let taken = codes(&work, ask.community).await?;
    if let Some(row) = rows.iter().find(|row| taken.contains_key(&row.code)) {
        return Err(Problem::invalid(vec![FieldProblem::new("prefix", "metering.code_taken").with("code", &row.code)]).into());
    }
    let ids: Vec<MeterId> = rows.iter().map(|row| row.id).collect();
    let rows: Vec<Vec<Value>> = rows.into_iter().map(|row| row.values(&work, ask.community)).collect();
    let made = bulk::insert(work.db(), "meter", COLUMNS, rows).await?;
    if let Some(first) = ask.first {
        insert_first(&work, ask.community, ids.into_iter().map(|id| (id, ask.multiplier, first)).collect()).await?;
    }
    let fitted = u64::try_from(homes.len()).unwrap_or(0);
    let done = Defined { made, kept: units.saturating_sub(fitted) };
    work.record(Some(ask.community), "metering.define_meters", ask.community.0, None::<&()>, Some(&(&ask, &done))).await?;
    work.commit().await?;
    Ok(done)
}

/// Every meter of the community by its code, with its role and utility.
pub(super) async fn codes(work: &Work, community: CommunityId) -> Answer<HashMap<String, (MeterId, String, String)>> {
    #[derive(FromQueryResult)]
    struct Code {
        id: MeterId,
        code: String,
        role: String,
        utility: String,
    }
    let sql = Sql::new("SELECT id, code, role, utility FROM meter WHERE community_id = ").bind(community);
    let rows: Vec<Code> = sql.all(work.db()).await?;
    Ok(rows.into_iter().map(|row| (row.code, (row.id, row.role, row.utility))).collect())
}

pub(super) async fn retire_meter(app: App, who: Who, ask: RetireMeter) -> Answer<Done> {
    let work = app.begin(&who).await?;
    let before = meter::held(&work, &who, ask.community, ask.meter).await?;
    if let Some(unit) = before.unit_id.filter(|_| ask.active) {
        let register = meter::register(&before.register)?;
        registers_fit(&work, ask.community, (ask.meter, unit, before.fee_item_id, register)).await?;
    }
    meter::Entity::update(meter::ActiveModel {
        community_id: Set(ask.community),
        id: Set(ask.meter),
        active: Set(ask.active),
        ..Default::default()
    })
    .exec(work.db())
    .await?;
    work.record(Some(ask.community), "metering.retire_meter", ask.meter.0, Some(&before.active), Some(&ask.active)).await?;
    work.commit().await?;
    Ok(Done {})
}
