//! The newest month with usages, by utility.

use std::collections::BTreeSet;

use common::id::CommunityId;
use common::metering::Utility;
use common::period::Month;
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::meter;
use crate::sql::Sql;
use crate::{Answer, Buildings, Failure};

/// In which month units' meters of some utilities were last read with a usage; each is looked for from the end.
pub async fn last_read<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    buildings: &Buildings,
    utilities: &BTreeSet<Utility>,
) -> Answer<Vec<(Utility, Month)>> {
    #[derive(FromQueryResult)]
    struct Row {
        utility: String,
        month: i32,
    }
    let newest = |utility: &Utility| {
        Sql::new("SELECT * FROM (SELECT m.utility, r.month FROM reading r")
            .add(" JOIN meter m ON m.community_id = r.community_id AND m.id = r.meter_id")
            .push(" WHERE r.community_id = ? AND m.utility = ?", [community.into(), utility.word().into()])
            .within("m.building_id", buildings)
            .add(" AND m.unit_id IS NOT NULL AND r.usage IS NOT NULL ORDER BY r.month DESC LIMIT 1) AS newest")
    };
    let Some(sql) = utilities.iter().map(newest).reduce(|all, one| all.add(" UNION ALL ").join(one)) else {
        return Ok(Vec::new());
    };
    let rows: Vec<Row> = sql.all(db).await?;
    let read = |row: Row| {
        let month = Month::from_number(row.month).ok_or_else(|| Failure::broken(format!("month {}", row.month)))?;
        Ok((meter::utility(&row.utility)?, month))
    };
    rows.into_iter().map(read).collect()
}
