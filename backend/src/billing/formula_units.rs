//! What the names of a formula stand for in a few real units, so that a person sees what it comes to as it is typed.

use std::collections::HashMap;

use common::billing::api::{FormulaUnit, ShowFormulaUnits};
use common::charging::trace::NamedValue;
use common::formula::{Named, Variable};
use common::id::{BuildingId, CommunityId, EntranceId, UnitId};
use common::money::Money;
use common::quantity::Quantity;
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::sql::Sql;
use crate::{Answer, App, Who, estate, metering};

#[derive(FromQueryResult)]
struct Line {
    id: UnitId,
    label: String,
    building_id: Option<BuildingId>,
    entrance_id: Option<EntranceId>,
    floor: Option<i32>,
    billed_area: Option<Quantity>,
    inner_area: Option<Quantity>,
    property_value_fen: Option<Money>,
    heads: Option<i32>,
}

/// How many units a place has, and their areas together.
#[derive(Clone, Copy, FromQueryResult)]
struct Whole {
    units: i64,
    area: Quantity,
}

pub(super) async fn show_formula_units(app: App, who: Who, ask: ShowFormulaUnits) -> Answer<Vec<FormulaUnit>> {
    let db = app.db();
    let community = ask.community;
    let buildings = who.scope.buildings(community);
    let mut sql = Sql::new(
        "SELECT u.id, u.label, u.building_id, u.entrance_id, u.floor, u.billed_area, u.inner_area, u.property_value_fen, u.heads \
         FROM unit u WHERE u.community_id = ",
    )
    .bind(community)
    .within("u.building_id", &buildings);
    sql = if ask.units.is_empty() {
        sql.add(" AND (u.kind, u.sort_key) IN (SELECT kind, MIN(sort_key) FROM unit WHERE community_id = ")
            .bind(community)
            .within("building_id", &buildings)
            .add(" GROUP BY kind) ORDER BY CASE WHEN u.kind = 'residence' THEN 0 ELSE 1 END, u.sort_key LIMIT 3")
    } else {
        sql.add(" AND u.id IN ").list(ask.units.iter().copied()).add(" ORDER BY u.sort_key")
    };
    let lines: Vec<Line> = sql.all(db).await?;
    let ids: Vec<UnitId> = lines.iter().map(|line| line.id).collect();
    let used: HashMap<UnitId, Quantity> = metering::latest_usages(db, community, ask.fee_item, &ids).await?.into_iter().collect();
    let all = whole(db, community, "", None::<BuildingId>).await?;
    let fields = estate::number_fields(db, community).await?;
    let mut custom = estate::values(db, community, &fields, ids.iter().map(|unit| unit.0)).await?;
    let mut units = Vec::with_capacity(lines.len());
    for line in lines {
        // At most eight units are looked at: two sums each.
        let building = match line.building_id {
            Some(building) => Some(whole(db, community, " AND building_id = ?", Some(building)).await?),
            None => None,
        };
        let entrance = match line.entrance_id {
            Some(entrance) => Some(whole(db, community, " AND entrance_id = ?", Some(entrance)).await?),
            None => None,
        };
        let usage = used.get(&line.id).map(|used| used.get());
        let own = custom.remove(&line.id.0).unwrap_or_default();
        let mut shown = line.shown(usage, all, building, entrance);
        shown.values.extend(own.into_iter().filter_map(|value| {
            let field = fields.iter().find(|field| field.field == value.field)?;
            Some(NamedValue { name: Named::Field(field.name.clone()), value: value.text.parse().ok()? })
        }));
        units.push(shown);
    }
    Ok(units)
}

async fn whole<C, V>(db: &C, community: CommunityId, of: &str, id: Option<V>) -> Answer<Whole>
where
    C: ConnectionTrait,
    V: Into<sea_orm::Value>,
{
    let sums = Sql::new(
        "SELECT COUNT(*) AS units, CAST(COALESCE(SUM(billed_area), 0) AS bigint) AS area FROM unit WHERE community_id = ",
    )
    .bind(community)
    .some(of, id)
    .one(db)
    .await?;
    Ok(sums.unwrap_or(Whole { units: 0, area: Quantity::ZERO }))
}

impl Line {
    fn shown(self, usage: Option<Decimal>, all: Whole, building: Option<Whole>, entrance: Option<Whole>) -> FormulaUnit {
        let positive = |quantity: Option<Quantity>| quantity.map(Quantity::get).filter(|value| !value.is_zero());
        let known = [
            (Variable::Area, positive(self.billed_area)),
            (Variable::InnerArea, positive(self.inner_area)),
            (Variable::Value, self.property_value_fen.map(|value| value.yuan()).filter(|value| !value.is_zero())),
            (Variable::Floor, self.floor.map(Decimal::from)),
            (Variable::Heads, self.heads.map(Decimal::from)),
            (Variable::Usage, usage),
            (Variable::BuildingArea, building.map(|whole| whole.area.get())),
            (Variable::BuildingUnits, building.map(|whole| Decimal::from(whole.units))),
            (Variable::EntranceArea, entrance.map(|whole| whole.area.get())),
            (Variable::CommunityArea, Some(all.area.get())),
            (Variable::CommunityUnits, Some(Decimal::from(all.units))),
        ];
        let values = known
            .into_iter()
            .filter_map(|(variable, value)| Some(NamedValue { name: Named::Variable(variable), value: value?.normalize() }));
        FormulaUnit { unit: self.id, label: self.label, values: values.collect() }
    }
}
