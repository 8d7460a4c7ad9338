//! Meters from a workbook: what its rows name is found, and all of them are put up or none.

use std::collections::HashMap;

use common::charging::rate::Counted;
use common::id::{CommunityId, FeeItemId, MeterId};
use common::metering::api::{Defined, ImportMeters};
use common::metering::import_meters::NewMeter;
use common::metering::{Role, Utility};
use common::problem::{FieldProblem, Problem};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use super::define::{COLUMNS, Home, Row, codes, insert_first};
use super::import::{hold, remember};
use crate::sql::Sql;
use crate::{Answer, App, Made, Who, Work, bulk, organisation};

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
