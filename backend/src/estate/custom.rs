//! The values of custom fields: read for pages and lists, written with their unit or resident, filtered by, counted with.

use std::collections::HashMap;

use common::estate::UnitKind;
use common::estate::draft::EstateDraft;
use common::estate::field::{CustomField, CustomValue, FieldFilter, FieldOf, Held, Wanted};
use common::id::{CommunityId, FieldId, UnitId};
use common::problem::{FieldProblem, Problem};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

use super::field;
use crate::sql::Sql;
use crate::{Answer, Work, bulk};

/// Values by the unit or resident that has them.
pub(super) type Values = HashMap<Uuid, Vec<CustomValue>>;

/// The values of these fields, of these units or residents, in the order of the fields.
pub async fn values<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    fields: &[CustomField],
    subjects: impl Iterator<Item = Uuid>,
) -> Answer<Values> {
    #[derive(FromQueryResult)]
    struct Row {
        subject_id: Uuid,
        field_id: FieldId,
        text: String,
    }
    let mut values = Values::new();
    if fields.is_empty() {
        return Ok(values);
    }
    let rows: Vec<Row> = Sql::new("SELECT subject_id, field_id, text FROM custom_value WHERE community_id = ")
        .bind(community)
        .add(" AND subject_id IN ")
        .list(subjects)
        .add(" AND field_id IN ")
        .list(fields.iter().map(|field| field.field))
        .all(db)
        .await?;
    for row in rows {
        values.entry(row.subject_id).or_default().push(CustomValue { field: row.field_id, text: row.text });
    }
    let place = |value: &CustomValue| fields.iter().position(|field| field.field == value.field);
    values.values_mut().for_each(|values| values.sort_by_key(place));
    Ok(values)
}

/// The values that a page of one unit or resident shows.
pub async fn values_of<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    of: FieldOf,
    subject: Uuid,
) -> Answer<Vec<CustomValue>> {
    let fields = field::fields(db, community, of).await?;
    Ok(values(db, community, &fields, std::iter::once(subject)).await?.remove(&subject).unwrap_or_default())
}

/// Sets the values that a request names and takes the blank ones away.
pub async fn write(work: &Work, community: CommunityId, of: FieldOf, subject: Uuid, custom: &[CustomValue]) -> Answer<()> {
    if custom.is_empty() {
        return Ok(());
    }
    let fields = field::fields(work.db(), community, of).await?;
    let mut problems = Vec::new();
    let mut rows = Vec::new();
    for value in custom {
        let at = format!("custom.{}", value.field);
        let read = fields.iter().find(|field| field.field == value.field).map(|field| (field, field.read(&value.text)));
        match read {
            Some((_, Ok(Some(held)))) => rows.push(row(community, subject, value.field, &held)),
            Some((_, Ok(None))) => {}
            Some((field, Err(_))) => problems.extend(field.problem(at, &value.text)),
            None => problems.push(FieldProblem::new(at, "not_found")),
        }
    }
    if !problems.is_empty() {
        return Err(Problem::invalid(problems).into());
    }
    Sql::new("DELETE FROM custom_value WHERE community_id = ")
        .bind(community)
        .add(" AND subject_id = ")
        .bind(subject)
        .add(" AND field_id IN ")
        .list(custom.iter().map(|value| value.field))
        .run(work.db())
        .await?;
    bulk::insert(work.db(), "custom_value", COLUMNS, rows).await?;
    Ok(())
}

/// Takes all values away with their unit or resident.
pub async fn forget(work: &Work, community: CommunityId, subject: Uuid) -> Answer<()> {
    Sql::new("DELETE FROM custom_value")
        .push(" WHERE community_id = ? AND subject_id = ?", [community.into(), subject.into()])
        .run(work.db())
        .await?;
    Ok(())
}

const COLUMNS: &[&str] = &["community_id", "subject_id", "field_id", "text", "number"];

fn row(community: CommunityId, subject: Uuid, field: FieldId, held: &Held) -> Vec<Value> {
    vec![community.into(), subject.into(), field.into(), held.text().into(), held.number().into()]
}

/// The values of a draft that are none of their fields', by cell.
pub(super) fn draft_problems(fields: &[CustomField], draft: &EstateDraft) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    for unit in &draft.units {
        for value in &unit.custom {
            match fields.iter().find(|field| field.field == value.field) {
                Some(field) if field.is_of(unit.kind) => problems.extend(field.problem(&unit.at, &value.text)),
                Some(field) => problems.push(FieldProblem::new(&unit.at, "estate.field_not_of_kind").with("field", &field.name)),
                None => problems.push(FieldProblem::new(&unit.at, "not_found")),
            }
        }
    }
    problems
}

/// Writes the values of a draft that has no problems.
pub(super) async fn bring_in(
    work: &Work,
    community: CommunityId,
    fields: &[CustomField],
    draft: &EstateDraft,
    units: &[UnitId],
) -> Answer<()> {
    let mut rows = Vec::new();
    for (unit, id) in draft.units.iter().zip(units) {
        for value in &unit.custom {
            let field = fields.iter().find(|field| field.field == value.field);
            if let Some(Ok(Some(held))) = field.map(|field| field.read(&value.text)) {
                rows.push(row(community, id.0, value.field, &held));
            }
        }
    }
    bulk::insert(work.db(), "custom_value", COLUMNS, rows).await?;
    Ok(())
}

/// The filters of a list as conditions on the column of its ids; each reads a range of one index.
pub async fn filter<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    of: FieldOf,
    column: &str,
    filters: &[FieldFilter],
) -> Answer<Sql> {
    let mut sql = Sql::default();
    if filters.is_empty() {
        return Ok(sql);
    }
    let fields = field::fields(db, community, of).await?;
    for filter in filters {
        let field = fields.iter().find(|field| field.field == filter.field);
        let field = field.ok_or_else(|| Problem::field("custom", "not_found"))?;
        let wanted = field.wanted(&filter.what).map_err(|code| Problem::field("custom", code))?;
        let inner = Sql::new("SELECT v.subject_id FROM custom_value v WHERE v.community_id = ")
            .bind(community)
            .add(" AND v.field_id = ")
            .bind(filter.field);
        let lacks = wanted == Wanted::Nothing;
        let inner = match wanted {
            Wanted::Nothing => inner,
            Wanted::Starts(text) => inner.starts(" AND v.text", &text),
            Wanted::Is(text) => inner.add(" AND v.text = ").bind(text),
            Wanted::Numbers { from, to } => inner.some(" AND v.number >= ?", from).some(" AND v.number <= ?", to),
            Wanted::Days { from, to } => {
                let day = |day: common::period::Day| day.to_string();
                inner.some(" AND v.text >= ?", from.map(day)).some(" AND v.text <= ?", to.map(day))
            }
        };
        let within = if lacks { "NOT IN" } else { "IN" };
        sql = sql.add(&format!(" AND {column} {within} (")).join(inner).add(")");
        if lacks && !field.unit_kinds.is_empty() {
            sql = sql.join(of_kinds(community, column, &field.unit_kinds));
        }
    }
    Ok(sql)
}

/// Adds: units of these kinds; others can't have the field, so that they do not lack it.
fn of_kinds(community: CommunityId, column: &str, kinds: &[UnitKind]) -> Sql {
    Sql::new(&format!(" AND {column} IN (SELECT id FROM unit WHERE community_id = "))
        .bind(community)
        .add(" AND kind IN ")
        .list(kinds.iter().map(|kind| kind.code()))
        .add(")")
}

/// A number of a unit.
#[derive(FromQueryResult)]
pub struct FieldNumber {
    pub field_id: FieldId,
    pub subject_id: UnitId,
    /// × 10⁴.
    pub number: i64,
}

/// The numbers of these fields, of all units.
pub async fn numbers<C: ConnectionTrait>(db: &C, community: CommunityId, fields: &[CustomField]) -> Answer<Vec<FieldNumber>> {
    if fields.is_empty() {
        return Ok(Vec::new());
    }
    Sql::new("SELECT field_id, subject_id, number FROM custom_value WHERE community_id = ")
        .bind(community)
        .add(" AND number IS NOT NULL AND field_id IN ")
        .list(fields.iter().map(|field| field.field))
        .all(db)
        .await
}
