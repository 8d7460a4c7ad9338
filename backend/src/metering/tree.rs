//! The tree of master and sub meters with the loss of each level, month by month.

use std::collections::HashMap;

use common::id::MeterId;
use common::metering::Role;
use common::metering::api::{MeterTree, ShowTree};
use common::metering::tree::{Counted, Hung, tree};
use common::period::Month;
use common::quantity::Quantity;
use sea_orm::FromQueryResult;

use super::meter;
use super::reading::months_before;
use crate::sql::Sql;
use crate::{Answer, App, Failure, Who};

#[derive(FromQueryResult)]
struct Line {
    id: MeterId,
    code: String,
    place: String,
    role: String,
    parent_id: Option<MeterId>,
    active: bool,
}

#[derive(FromQueryResult)]
struct Used {
    meter_id: MeterId,
    month: i32,
    used: Quantity,
}

#[derive(FromQueryResult)]
struct Homes {
    parent_id: Option<MeterId>,
    meters: i64,
}

pub(super) async fn show_tree(app: App, who: Who, ask: ShowTree) -> Answer<MeterTree> {
    let months: Vec<Month> = months_before(ask.month).into_iter().chain([ask.month]).collect();
    let from = months.first().map_or(0, |month| month.number());
    let buildings = who.scope.buildings(ask.community);
    let common = || [Role::Master.word(), Role::Public.word()];
    // A meter that is taken out still belongs to the months in which it counted.
    let lines: Vec<Line> = Sql::new("SELECT m.id, m.code, m.place, m.role, m.parent_id, m.active FROM meter m WHERE m.community_id = ")
        .bind(ask.community)
        .add(" AND m.utility = ")
        .bind(ask.utility.word())
        .add(" AND m.role IN ")
        .list(common())
        .within("m.building_id", &buildings)
        .push(
            " AND (m.active = ? OR EXISTS (SELECT 1 FROM reading r WHERE r.community_id = ? AND r.meter_id = m.id AND r.month BETWEEN ? AND ?))",
            [true.into(), ask.community.into(), from.into(), ask.month.number().into()],
        )
        .add(" ORDER BY m.sort_key, m.code")
        .all(app.db())
        .await?;
    let used = |what: &str, roles: &[&str]| {
        Sql::new(&format!("SELECT m.{what} AS meter_id, r.month, CAST(SUM(r.usage) AS bigint) AS used FROM meter m"))
            .push(
                " JOIN reading r ON r.community_id = m.community_id AND r.meter_id = m.id WHERE m.community_id = ? AND m.utility = ?",
                [ask.community.into(), ask.utility.word().into()],
            )
            .add(" AND m.role IN ")
            .list(roles.iter().copied())
            .push(" AND r.month BETWEEN ? AND ? AND r.usage IS NOT NULL", [from.into(), ask.month.number().into()])
            .push(&format!(" AND m.{what} IS NOT NULL GROUP BY m.{what}, r.month"), [])
    };
    let own: Vec<Used> = used("id", &common()).all(app.db()).await?;
    let homes: Vec<Used> = used("parent_id", &[Role::Household.word()]).all(app.db()).await?;
    let counts: Vec<Homes> = Sql::new("SELECT m.parent_id, COUNT(*) AS meters FROM meter m WHERE m.community_id = ")
        .bind(ask.community)
        .push(
            " AND m.utility = ? AND m.role = ? AND m.active = ?",
            [ask.utility.word().into(), Role::Household.word().into(), true.into()],
        )
        .within("m.building_id", &buildings)
        .add(" GROUP BY m.parent_id")
        .all(app.db())
        .await?;
    let meters = lines
        .into_iter()
        .map(|line| {
            Ok(Hung {
                meter: line.id,
                code: line.code,
                place: line.place,
                role: meter::role(&line.role)?,
                parent: line.parent_id,
                active: line.active,
            })
        })
        .collect::<Answer<Vec<_>>>()?;
    let place = |month: i32| months.iter().position(|one| one.number() == month);
    let counted = |used: Vec<Used>| -> Vec<Counted> {
        let one = |used: Used| Some(Counted { meter: used.meter_id, month: place(used.month)?, usage: used.used });
        used.into_iter().filter_map(one).collect()
    };
    let count = |of: &Homes| u64::try_from(of.meters).unwrap_or(0);
    let loose = counts.iter().filter(|of| of.parent_id.is_none()).map(count).sum();
    let counts: HashMap<MeterId, u64> = counts.iter().filter_map(|of| Some((of.parent_id?, count(of)))).collect();
    let nodes = tree(&meters, &counted(own), &counted(homes), &counts, months.len())
        .ok_or_else(|| Failure::broken("a sum of usages is too large"))?;
    Ok(MeterTree { months, nodes, loose })
}
