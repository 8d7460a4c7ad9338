//! Meters put up, changed, taken out; one by one, for many units at once, or from a workbook.

use std::collections::HashMap;

use common::api::Done;
use common::charging::rate::Counted;
use common::id::{BuildingId, CommunityId, FeeItemId, MeterId, ReadingId, UnitId};
use common::metering::api::{DefineMeter, DefineMeters, Defined, FirstReading, ImportMeters, RetireMeter};
use common::metering::import_meters::NewMeter;
use common::metering::{Role, Utility};
use common::period::Month;
use common::problem::{FieldProblem, Problem};
use common::quantity::Quantity;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, FromQueryResult, Set, Value};
use uuid::Uuid;

use super::import::{hold, remember};
use super::meter;
use crate::problem::OnTaken as _;
use crate::sql::Sql;
use crate::{Answer, App, Made, Who, Work, bulk, organisation};

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
struct Home {
    id: UnitId,
    code: String,
    building_id: Option<BuildingId>,
    sort_key: String,
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
async fn insert_first(work: &Work, community: CommunityId, meters: Vec<(MeterId, Quantity, FirstReading)>) -> Answer<()> {
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

const COLUMNS: &[&str] = &[
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
struct Row<'a> {
    id: MeterId,
    code: String,
    role: Role,
    utility: Utility,
    fee_item: FeeItemId,
    home: Option<&'a Home>,
    parent: Option<MeterId>,
    multiplier: Quantity,
    digits: u32,
    place: String,
    register: Counted,
}

impl Row<'_> {
    fn values(self, work: &Work, community: CommunityId) -> Vec<Value> {
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
async fn codes(work: &Work, community: CommunityId) -> Answer<HashMap<String, (MeterId, String, String)>> {
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

pub(super) async fn import_meters(app: App, who: Who, ask: ImportMeters) -> Answer<Defined> {
    let work = app.begin(&who).await?;
    if let Made::Before(done) = work.make(ask.community, ask.import.0, &ask).await? {
        return Ok(done);
    }
    hold(&work, ask.community).await?;
    let named = Named::of(&work, &who, ask.community).await?;
    let today = organisation::today(work.db(), ask.community, work.at).await?;
    let mut new: HashMap<&str, (MeterId, Role, Utility)> = HashMap::with_capacity(ask.rows.len());
    let mut problems = Vec::new();
    for row in &ask.rows {
        let code = row.code.trim();
        if named.meters.contains_key(code) {
            problems.push(FieldProblem::new(&row.at, "metering.code_taken").with("code", code));
        } else if new.insert(code, (MeterId(Uuid::now_v7()), row.role, row.utility)).is_some() {
            problems.push(FieldProblem::new(&row.at, "metering.twice"));
        }
        if row.first.is_some_and(|first| first.day > today) {
            problems.push(FieldProblem::new(&row.at, "metering.in_future").with("today", today));
        }
    }
    let mut rows = Vec::with_capacity(ask.rows.len());
    let mut firsts = Vec::new();
    for row in &ask.rows {
        match named.row(row, &new) {
            Ok(made) => {
                firsts.extend(row.first.map(|first| (made.id, made.multiplier, first)));
                rows.push(made);
            }
            Err(wrong) => problems.extend(wrong),
        }
    }
    problems.extend(circles(&ask.rows));
    if !problems.is_empty() {
        let count = problems.len();
        problems.truncate(200);
        let refused = Problem::conflict("metering.rows_refused", "Some rows can't be stored").with("count", count);
        return Err(Problem { fields: problems, ..refused }.into());
    }
    let rows: Vec<Vec<Value>> = rows.into_iter().map(|row| row.values(&work, ask.community)).collect();
    let made = bulk::insert(work.db(), "meter", COLUMNS, rows).await?;
    refuse_mixed(&work, ask.community, &ask.rows).await?;
    insert_first(&work, ask.community, firsts).await?;
    let done = Defined { made, kept: 0 };
    remember(&work, ask.community, ask.import, &ask.file_name, 0, &done).await?;
    work.record(Some(ask.community), "metering.import_meters", ask.import.0, None::<&()>, Some(&done)).await?;
    work.commit().await?;
    Ok(done)
}

/// Masters of a workbook that hang below themselves, however many levels down.
fn circles(rows: &[NewMeter]) -> Vec<FieldProblem> {
    let parents: HashMap<&str, &str> =
        rows.iter().filter_map(|row| Some((row.code.trim(), row.parent.as_deref()?.trim()))).collect();
    let in_circle = |row: &&NewMeter| {
        let start = row.code.trim();
        let mut above = parents.get(start);
        for _ in 0..parents.len() {
            match above {
                Some(code) if *code == start => return true,
                Some(code) => above = parents.get(code),
                None => return false,
            }
        }
        false
    };
    let masters = rows.iter().filter(|row| row.role == Role::Master);
    masters.filter(in_circle).map(|row| FieldProblem::new(&row.at, "metering.own_parent")).collect()
}

/// No home of a workbook may be counted as a whole and by register at once; looked at when its meters are there.
async fn refuse_mixed(work: &Work, community: CommunityId, rows: &[NewMeter]) -> Answer<()> {
    #[derive(FromQueryResult)]
    struct Mixed {
        code: String,
    }
    let mixed: Vec<Mixed> =
        Sql::new("SELECT u.code FROM meter m JOIN unit u ON u.community_id = m.community_id AND u.id = m.unit_id")
            .push(" WHERE m.community_id = ? AND m.active = ? GROUP BY u.code, m.fee_item_id", [community.into(), true.into()])
            .push(" HAVING MIN(CASE WHEN m.register = ? THEN 0 ELSE 1 END) = 0", [Counted::Total.word().into()])
            .push(" AND MAX(CASE WHEN m.register = ? THEN 0 ELSE 1 END) = 1", [Counted::Total.word().into()])
            .all(work.db())
            .await?;
    let row_of = |code: &str| rows.iter().find(|row| row.unit.as_deref().is_some_and(|unit| unit.trim() == code));
    let Some((row, code)) = mixed.iter().find_map(|mixed| Some((row_of(&mixed.code)?, &mixed.code))) else { return Ok(()) };
    let problem = FieldProblem::new(&row.at, "metering.mixed_registers").with("unit", code);
    let refused = Problem::conflict("metering.rows_refused", "Some rows can't be stored").with("count", 1);
    Err(Problem { fields: vec![problem], ..refused }.into())
}

/// What a workbook's rows name: units by code, fee items by name or code, meters by code.
struct Named {
    homes: HashMap<String, Home>,
    fee_items: HashMap<String, FeeItemId>,
    meters: HashMap<String, (MeterId, String, String)>,
    everywhere: bool,
}

impl Named {
    async fn of(work: &Work, who: &Who, community: CommunityId) -> Answer<Self> {
        #[derive(FromQueryResult)]
        struct FeeItem {
            id: FeeItemId,
            code: String,
            name: String,
        }
        let sql = Sql::new("SELECT u.id, u.code, u.building_id, u.sort_key FROM unit u WHERE u.community_id = ")
            .bind(community)
            .within("u.building_id", &who.scope.buildings(community));
        let homes: Vec<Home> = sql.all(work.db()).await?;
        let sql = Sql::new("SELECT id, code, name FROM fee_item WHERE community_id = ").bind(community);
        let fee_items: Vec<FeeItem> = sql.all(work.db()).await?;
        Ok(Self {
            homes: homes.into_iter().map(|home| (home.code.clone(), home)).collect(),
            fee_items: fee_items.into_iter().flat_map(|item| [(item.code, item.id), (item.name, item.id)]).collect(),
            meters: codes(work, community).await?,
            everywhere: who.scope.buildings(community) == crate::Buildings::All,
        })
    }

    fn row<'a>(&'a self, row: &NewMeter, new: &HashMap<&str, (MeterId, Role, Utility)>) -> Result<Row<'a>, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let mut wrong = |code: &str, value: &str| problems.push(FieldProblem::new(&row.at, code).with("value", value));
        let home = row.unit.as_deref().and_then(|unit| self.homes.get(unit.trim()));
        if home.is_none() && (row.unit.is_some() || row.role == Role::Household || !self.everywhere) {
            wrong("metering.no_such_unit", row.unit.as_deref().unwrap_or_default());
        }
        let fee_item = self.fee_items.get(row.fee_item.trim()).copied();
        if fee_item.is_none() {
            wrong("metering.no_such_fee_item", &row.fee_item);
        }
        let parent = row.parent.as_deref().map(str::trim).map(|code| {
            let known = self.meters.get(code).map(|(id, role, utility)| (*id, role.as_str(), utility.as_str()));
            let known = known.or_else(|| new.get(code).map(|(id, role, utility)| (*id, role.word(), utility.word())));
            known.filter(|(_, role, utility)| {
                *role == Role::Master.word() && *utility == row.utility.word() && code != row.code.trim()
            })
        });
        if let Some(None) = parent {
            wrong("metering.no_such_master", row.parent.as_deref().unwrap_or_default());
        }
        let (Some(fee_item), Some((id, ..)), true) = (fee_item, new.get(row.code.trim()), problems.is_empty()) else {
            return Err(problems);
        };
        Ok(Row {
            id: *id,
            code: row.code.trim().to_owned(),
            role: row.role,
            utility: row.utility,
            fee_item,
            home,
            parent: parent.flatten().map(|(id, ..)| id),
            multiplier: row.multiplier,
            digits: row.digits,
            place: row.place.trim().to_owned(),
            register: row.register,
        })
    }
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
