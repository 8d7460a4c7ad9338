//! What a formula may ask of a unit besides its area, its people and its use: its own facts, and how large what stands around it is.

use std::collections::HashMap;

use common::formula::Variable;
use common::id::{BuildingId, CommunityId, EntranceId};
use common::money::Money;
use common::quantity::Quantity;
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::Answer;
use crate::sql::Sql;

/// A unit's own facts.
#[derive(Clone, Copy, Debug)]
pub struct Own {
    pub building: Option<BuildingId>,
    pub entrance: Option<EntranceId>,
    pub inner_area: Option<Quantity>,
    pub value: Option<Money>,
    pub floor: Option<i32>,
}

/// How many units a place has, and their billed areas together.
#[derive(Clone, Copy, Debug, Default)]
struct Whole {
    units: i64,
    area: Decimal,
}

impl Whole {
    fn add(&mut self, row: &Row) {
        self.units += row.units;
        self.area += row.area.get();
    }
}

#[derive(FromQueryResult)]
struct Row {
    building_id: Option<BuildingId>,
    entrance_id: Option<EntranceId>,
    units: i64,
    area: Quantity,
}

/// The places of a community, whole: whoever sees a part of it shares out over the same sums.
#[derive(Debug, Default)]
pub struct Around {
    community: Whole,
    buildings: HashMap<BuildingId, Whole>,
    entrances: HashMap<EntranceId, Whole>,
}

impl Around {
    /// Reads them in one query.
    pub async fn of<C: ConnectionTrait>(db: &C, community: CommunityId) -> Answer<Self> {
        let rows: Vec<Row> = Sql::new(
            "SELECT building_id, entrance_id, COUNT(*) AS units, CAST(COALESCE(SUM(billed_area), 0) AS bigint) AS area FROM unit",
        )
        .push(" WHERE community_id = ? GROUP BY building_id, entrance_id", [community.into()])
        .all(db)
        .await?;
        let mut around = Self::default();
        for row in rows {
            around.community.add(&row);
            if let Some(building) = row.building_id {
                around.buildings.entry(building).or_default().add(&row);
            }
            if let Some(entrance) = row.entrance_id {
                around.entrances.entry(entrance).or_default().add(&row);
            }
        }
        Ok(around)
    }

    /// What the unit has a value for.
    pub fn values(&self, own: &Own) -> Vec<(Variable, Decimal)> {
        let building = own.building.and_then(|building| self.buildings.get(&building));
        let entrance = own.entrance.and_then(|entrance| self.entrances.get(&entrance));
        let known = [
            (Variable::InnerArea, own.inner_area.map(Quantity::get).filter(|area| !area.is_zero())),
            (Variable::Value, own.value.map(Money::yuan).filter(|value| !value.is_zero())),
            (Variable::Floor, own.floor.map(Decimal::from)),
            (Variable::BuildingArea, building.map(|whole| whole.area)),
            (Variable::BuildingUnits, building.map(|whole| Decimal::from(whole.units))),
            (Variable::EntranceArea, entrance.map(|whole| whole.area)),
            (Variable::CommunityArea, Some(self.community.area)),
            (Variable::CommunityUnits, Some(Decimal::from(self.community.units))),
        ];
        known.into_iter().filter_map(|(variable, value)| Some((variable, value?))).collect()
    }
}
