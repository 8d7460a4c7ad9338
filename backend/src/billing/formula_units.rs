//! What the names of a formula stand for in a few real units, so that a person sees what it comes to as it is typed.

use std::collections::HashMap;
use std::slice;

use common::billing::api::{FormulaUnit, ShowFormulaUnits};
use common::charging::trace::NamedValue;
use common::formula::{Named, Variable};
use common::id::{BuildingId, EntranceId, UnitId};
use common::metering::Utility;
use common::money::Money;
use common::quantity::Quantity;
use rust_decimal::Decimal;
use sea_orm::FromQueryResult;

use crate::metering::Metered;
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
    let utility = ask.usage_of.and_then(Utility::of_kind);
    let whose = match (utility, &ask.fee_item) {
        (Some(utility), Some(fee_item)) => Some(Metered::Of(utility, *fee_item)),
        (_, fee_item) => fee_item.as_ref().map(|fee_item| Metered::Own(slice::from_ref(fee_item))),
    };
    let used: HashMap<UnitId, Quantity> = metering::latest_usages(db, community, whose, &ids).await?.into_iter().collect();
    let around = estate::Around::of(db, community).await?;
    let fields = estate::number_fields(db, community).await?;
    let mut custom = estate::values(db, community, &fields, ids.iter().map(|unit| unit.0)).await?;
    let units = lines.into_iter().map(|line| {
        let custom = custom.remove(&line.id.0).unwrap_or_default().into_iter().filter_map(|value| {
            let field = fields.iter().find(|field| field.field == value.field)?;
            Some(NamedValue { name: Named::Field(field.name.clone()), value: value.text.parse().ok()? })
        });
        let usage = used.get(&line.id).copied();
        let values = line.values(usage, &around).into_iter().chain(custom).collect();
        FormulaUnit { unit: line.id, label: line.label, values }
    });
    Ok(units.collect())
}

impl Line {
    fn values(&self, usage: Option<Quantity>, around: &estate::Around) -> Vec<NamedValue> {
        let own = estate::Own {
            building: self.building_id,
            entrance: self.entrance_id,
            inner_area: self.inner_area,
            value: self.property_value_fen,
            floor: self.floor,
        };
        let counted = [
            (Variable::Area, self.billed_area.map(Quantity::get).filter(|area| !area.is_zero())),
            (Variable::Heads, self.heads.map(Decimal::from)),
            (Variable::Usage, usage.map(Quantity::get)),
        ];
        let counted = counted.into_iter().filter_map(|(variable, value)| Some((variable, value?)));
        let named =
            |(variable, value): (Variable, Decimal)| NamedValue { name: Named::Variable(variable), value: value.normalize() };
        counted.chain(around.values(&own)).map(named).collect()
    }
}
