//! What nobody is to be billed for any more, for those who ask what a run still lacks.

use common::period::Month;

use crate::sql::Sql;

/// Adds: what the unit of a row under this name used up to the end of these months is over for its fee item. Some reading of that
/// month or a later one is billed for it or came to nothing, and nothing that its meter used in these months is open: a month that
/// was not read is billed with the next, and one that was read too late likewise.
pub fn is_over(sql: Sql, of: &str, (first, last): (Month, Month)) -> Sql {
    sql.add(" EXISTS (SELECT 1 FROM meter m JOIN reading q ON q.community_id = m.community_id AND q.meter_id = m.id")
        .add(&format!(" WHERE m.community_id = {of}.community_id AND m.unit_id = {of}.unit_id"))
        .push(" AND q.month >= ? AND ", [last.number().into()])
        .add(&done(of, "q"))
        .add(" AND NOT EXISTS (SELECT 1 FROM reading o WHERE o.community_id = m.community_id AND o.meter_id = m.id")
        .push(" AND o.month >= ? AND o.month <= ? AND o.usage <> 0 AND NOT ", [first.number().into(), last.number().into()])
        .add(&done(of, "o"))
        .add("))")
}

/// Whether a reading of meter `m` is billed for the row's fee item, or came to nothing in a run and was not corrected since.
fn done(of: &str, reading: &str) -> String {
    let charged =
        format!("SELECT 1 FROM reading_charged c WHERE c.community_id = {reading}.community_id AND c.reading_id = {reading}.id");
    format!(
        "(EXISTS ({charged} AND c.fee_item_id = {of}.fee_item_id) \
         OR (m.fee_item_id = {of}.fee_item_id AND {reading}.bill_id IS NOT NULL AND NOT EXISTS ({charged} AND c.bill_id = {reading}.bill_id)) \
         OR EXISTS (SELECT 1 FROM reading_settled t WHERE t.community_id = {reading}.community_id AND t.reading_id = {reading}.id \
         AND t.fee_item_id = {of}.fee_item_id AND t.usage = {reading}.usage))"
    )
}
