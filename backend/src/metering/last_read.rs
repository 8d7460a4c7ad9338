//! The newest month with usages, by utility.

use std::collections::BTreeSet;

use common::id::CommunityId;
use common::metering::Utility;
use common::period::Month;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::meter;
use crate::sql::Sql;
use crate::{Answer, Buildings, Failure};

/// In which month units' meters of some utilities were last read with a usage: from the meters, each of whose readings are looked for from
/// the end, so that a utility that nobody reads asks for its meters alone.
pub async fn last_read<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    buildings: &Buildings,
    utilities: &BTreeSet<Utility>,
) -> Answer<Vec<(Utility, Month)>> {
    #[derive(FromQueryResult)]
    struct Row {
        utility: String,
        month: Option<i32>,
    }
    let newest = |utility: &Utility| {
        let of_meter = "(SELECT r.month FROM reading r WHERE r.community_id = m.community_id AND r.meter_id = m.id \
             AND r.usage IS NOT NULL ORDER BY r.day DESC LIMIT 1)";
        Sql::new(&format!("SELECT m.utility, MAX({of_meter}) AS month FROM meter m"))
            .push(" WHERE m.community_id = ? AND m.utility = ?", [community.into(), utility.word().into()])
            .within("m.building_id", buildings)
            .add(" AND m.unit_id IS NOT NULL GROUP BY m.utility")
    };
    let Some(sql) = utilities.iter().map(newest).reduce(|all, one| all.add(" UNION ALL ").join(one)) else {
        return Ok(Vec::new());
    };
    let rows: Vec<Row> = sql.all(db).await?;
    let read = |row: Row| {
        let month = row.month?;
        let known = Month::from_number(month).ok_or_else(|| Failure::broken(format!("month {month}")));
        Some(known.and_then(|month| Ok((meter::utility(&row.utility)?, month))))
    };
    rows.into_iter().filter_map(read).collect()
}
