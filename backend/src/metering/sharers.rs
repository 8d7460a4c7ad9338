//! The units that may share a pool, and what they weigh.

use std::collections::HashMap;

use common::charging::trace::NamedValue;
use common::estate::{UnitKind, UnitState, stands_empty};
use common::formula::Named;
use common::id::{BuildingId, CommunityId, EntranceId, FieldId, MeterId, UnitId};
use common::metering::Role;
use common::metering::api::{SharerRow, UnitName};
use common::metering::apportion::Method;
use common::money::Money;
use common::period::Month;
use common::quantity::Quantity;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::sql::Sql;
use crate::{Answer, Failure, Who, estate};

/// All units that the caller sees, with what they weigh.
pub(super) async fn units<C: ConnectionTrait>(
    db: &C,
    who: &Who,
    (community, month, master): (CommunityId, Month, Option<MeterId>),
    method: Option<Method>,
) -> Answer<Vec<SharerRow>> {
    #[derive(FromQueryResult)]
    struct Line {
        id: UnitId,
        code: String,
        label: String,
        building_id: Option<BuildingId>,
        kind: String,
        state: String,
        billed_area: Option<Quantity>,
        inner_area: Option<Quantity>,
        property_value_fen: Option<Money>,
        floor: Option<i32>,
        entrance_id: Option<EntranceId>,
        heads: Option<i32>,
        used: Option<Quantity>,
        meters: Option<i64>,
    }
    // People are those of the month's first day; where nobody wrote them down, whoever holds the home at its end.
    let mut sql = Sql::new(
        "SELECT u.id, u.code, u.label, u.building_id, u.kind, u.state, u.billed_area, u.inner_area, u.property_value_fen, u.floor, u.entrance_id, \
         COALESCE((SELECT n.heads FROM unit_heads n WHERE n.community_id = u.community_id AND n.unit_id = u.id AND n.from_day <= ",
    )
    .bind(month.first_day())
    .add(
        " ORDER BY n.from_day DESC LIMIT 1), CASE WHEN NOT EXISTS (SELECT 1 FROM unit_heads n WHERE n.community_id = u.community_id \
         AND n.unit_id = u.id) THEN u.heads END, (SELECT CAST(NULLIF(COUNT(*), 0) AS integer) \
         FROM occupancy h WHERE h.community_id = u.community_id AND h.unit_id = u.id AND h.from_day < ",
    ).bind(month.period().to).add(" AND (h.to_day IS NULL OR h.to_day >= ").bind(month.period().to).add(
        "))) AS heads, x.used, x.meters FROM unit u LEFT JOIN (SELECT m.unit_id, COUNT(DISTINCT m.id) AS meters, CAST(SUM(r.usage) AS bigint) AS used FROM meter m \
         LEFT JOIN reading r ON r.community_id = m.community_id AND r.meter_id = m.id AND r.month = ",
    ).bind(month.number()).add(" WHERE m.community_id = ").bind(community).add(" AND m.unit_id IS NOT NULL AND m.parent_id ");
    sql = match master {
        // A home below a master meter of the next level takes part in the pool of the level above as well.
        Some(master) => sql
            .add("IN (WITH RECURSIVE level (id) AS (SELECT id FROM meter WHERE community_id = ")
            .bind(community)
            .add(" AND id = ")
            .bind(master)
            .add(" UNION SELECT n.id FROM meter n JOIN level l ON n.parent_id = l.id WHERE n.community_id = ")
            .bind(community)
            .add(" AND n.role = ")
            .bind(Role::Master.word())
            .add(") SELECT id FROM level)"),
        // An amount that is typed in has no meters.
        None => sql.add("<> m.parent_id"),
    };
    sql = sql
        .add(" GROUP BY m.unit_id) x ON x.unit_id = u.id WHERE u.community_id = ")
        .bind(community)
        .within("u.building_id", &who.scope.buildings(community))
        .add(" ORDER BY u.sort_key, u.id");
    let lines: Vec<Line> = sql.all(db).await?;
    // Only a formula asks for more than area, people and use.
    let mut asked = match method {
        Some(Method::Formula) => Some((estate::Around::of(db, community).await?, numbers(db, community).await?)),
        _ => None,
    };
    lines
        .into_iter()
        .map(|line| {
            let own = estate::Own {
                building: line.building_id,
                entrance: line.entrance_id,
                inner_area: line.inner_area,
                value: line.property_value_fen,
                floor: line.floor,
            };
            let values = asked.as_mut().map_or_else(Vec::new, |(around, numbers)| {
                let named = |(variable, value)| NamedValue { name: Named::Variable(variable), value };
                let custom = numbers.remove(&line.id).unwrap_or_default();
                around.values(&own).into_iter().map(named).chain(custom).collect()
            });
            let kind = UnitKind::from_code(&line.kind).ok_or_else(|| Failure::broken(format!("no unit kind {:?}", line.kind)))?;
            let heads = line.heads.and_then(|heads| u32::try_from(heads).ok());
            let vacant = stands_empty(kind, UnitState::from_code(&line.state), heads);
            Ok(SharerRow {
                unit: UnitName { id: line.id, code: line.code, label: line.label },
                building: line.building_id,
                kind,
                vacant,
                area: line.billed_area,
                heads: heads.or(vacant.then_some(0)),
                usage: line.used.unwrap_or_default(),
                metered: line.meters.is_some(),
                values,
            })
        })
        .collect()
}

/// The custom number fields of the units.
async fn numbers<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<HashMap<UnitId, Vec<NamedValue>>> {
    let fields = estate::number_fields(db, community).await?;
    let names: HashMap<FieldId, &str> = fields.iter().map(|field| (field.field, field.name.as_str())).collect();
    let mut numbers: HashMap<UnitId, Vec<NamedValue>> = HashMap::new();
    for number in estate::numbers(db, community, &fields).await? {
        let Some(name) = names.get(&number.field_id) else { continue };
        let value = Quantity::from_scaled(number.number).get();
        numbers.entry(number.subject_id).or_default().push(NamedValue { name: Named::Field((*name).to_owned()), value });
    }
    Ok(numbers)
}
