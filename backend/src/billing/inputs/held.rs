//! The days on which units were held or lived in.

use common::billing::api::GetRunInputs;
use common::billing::inputs::RunSpans;
use common::charging::proration::number_of;
use common::id::UnitId;
use common::period::{Day, Period};
use sea_orm::{FromQueryResult, StreamTrait};

use super::Places;
use super::scope::among;
use crate::Answer;
use crate::sql::Sql;

#[derive(FromQueryResult)]
struct HeldRow {
    unit_id: UnitId,
    from_day: Day,
    to_day: Option<Day>,
}

/// The days on which units were held or lived in, joined where they touch.
pub(super) async fn held<C: StreamTrait>(db: &C, ask: &GetRunInputs, period: Period, places: &Places) -> Answer<RunSpans> {
    let sql = Sql::new("SELECT unit_id, from_day, to_day FROM occupancy").push(
        " WHERE community_id = ? AND from_day < ? AND (to_day IS NULL OR to_day > ?)",
        [ask.community.into(), period.to.into(), period.from.into()],
    );
    let mut spans = RunSpans::default();
    let take = |row: HeldRow| {
        let Some(unit) = places.units.get(&row.unit_id).copied() else { return Ok(()) };
        let (from, to) = (number_of(row.from_day), number_of(row.to_day.unwrap_or(period.to).min(period.to)));
        match (spans.unit.last(), spans.to.last_mut()) {
            (Some(last), Some(end)) if *last == unit && from <= *end => *end = to.max(*end),
            _ => {
                spans.unit.push(unit);
                spans.from.push(from);
                spans.to.push(to);
            }
        }
        Ok(())
    };
    among(sql, "unit_id", ask).add(" ORDER BY unit_id, from_day").each(db, take).await?;
    Ok(spans)
}
